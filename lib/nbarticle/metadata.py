"""What search engines, catalogues and reference managers read of a page, and how to cite it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from textfiles.text import escape_tex

from nbarticle.document import Display


@dataclass(frozen=True)
class Work:
    """What is known of a page as a publication."""

    title: str
    name: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    collection: str = ""
    version: str = ""
    commit: str = ""
    date: str = ""
    licence: str = ""
    address: str = ""
    doi: str = ""
    language: str = "en"
    keywords: tuple[str, ...] = field(default=())

    @property
    def year(self) -> str:
        """Year of publication."""
        return self.date[:4]

    @property
    def url(self) -> str:
        """Address of the page where the collection has one."""
        return f"{self.address.rstrip('/')}/{self.name}.html" if self.address else ""


@lru_cache(maxsize=4)
def _citation_file(path: Path, content: str) -> dict[str, Any]:
    loaded = yaml.safe_load(content)
    return loaded if isinstance(loaded, dict) else {}


def citation_file(path: Path) -> dict[str, Any]:
    """Read authors, licence, keywords and addresses from ``CITATION.cff``; ``{}`` when it is not there."""
    return _citation_file(path, path.read_text(encoding="utf-8")) if path.is_file() else {}


def authors(record: dict[str, Any]) -> tuple[str, ...]:
    """Names of the authors of a citation file, family name first."""
    names = []
    for author in record.get("authors", []):
        family, given = author.get("family-names", ""), author.get("given-names", "")
        names.append(", ".join(part for part in (family, given) if part) or str(author.get("name", "")))
    return tuple(name for name in names if name)


def meta(work: Work) -> list[tuple[str, str]]:
    """Highwire and Dublin Core names and contents, in order; nothing unknown is printed."""
    slashed = work.date.replace("-", "/")
    pairs = [
        ("citation_title", work.title),
        *(("citation_author", name) for name in work.authors),
        ("citation_publication_date", slashed),
        ("citation_inbook_title", work.collection),
        ("citation_language", work.language),
        ("citation_doi", work.doi),
        ("citation_public_url", work.url),
        ("citation_keywords", "; ".join(work.keywords)),
        ("DC.title", work.title),
        *(("DC.creator", name) for name in work.authors),
        ("DC.date", work.date),
        ("DC.language", work.language),
        ("DC.rights", work.licence),
        ("DC.type", "Text"),
        ("DC.format", "text/html"),
        ("DC.isPartOf", work.collection),
        ("DC.identifier", work.url or work.doi),
    ]
    return [(name, content) for name, content in pairs if content]


def open_graph(work: Work) -> list[tuple[str, str]]:
    """Open Graph properties."""
    pairs = [
        ("og:type", "article"),
        ("og:title", work.title),
        ("og:description", work.abstract[:200]),
        ("og:site_name", work.collection),
        ("og:url", work.url),
        ("og:locale", "en_GB"),
        ("article:published_time", work.date),
        *(("article:author", name) for name in work.authors),
    ]
    return [(name, content) for name, content in pairs if content]


def json_ld(work: Work, displays: Sequence[Display], inputs: Sequence[dict[str, str]], site: bool) -> str:
    """Describe the page as ``ScholarlyArticle`` and its data as ``Dataset``, as JSON-LD safe within HTML."""
    article = _known(
        {
            "@type": "ScholarlyArticle",
            "@id": "#article",
            "headline": work.title,
            "abstract": work.abstract[:200],
            "author": [{"@type": _agent(name), "name": name} for name in work.authors],
            "datePublished": work.date,
            "inLanguage": work.language,
            "isPartOf": {"@type": "Collection", "name": work.collection} if work.collection else "",
            "license": work.licence,
            "version": work.version,
            "url": work.url,
            "identifier": work.doi,
            "keywords": list(work.keywords),
        }
    )
    sets = [_dataset(work, display) for display in displays if site]
    sets += [{"@type": "Dataset", "name": row["path"]} for row in inputs]
    graph = {"@context": "https://schema.org", "@graph": [article, *sets]}
    return json.dumps(graph, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _agent(name: str) -> str:
    return "Person" if "," in name else "Organization"


def _known(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in ("", [], None)}


def _dataset(work: Work, display: Display) -> dict[str, Any]:
    folder = "figures" if display.label.startswith("fig-") else "tables"
    address = f"{folder}/{work.name}-{display.label}.csv"
    return _known(
        {
            "@type": "Dataset",
            "name": display.caption if len(display.caption) <= 90 else f"{display.caption[:88]} …",
            "url": address,
        }
    )


def sentence(work: Work) -> str:
    """One sentence to cite the page with."""
    names = "; ".join(work.authors) or work.collection
    year = f" ({work.year})" if work.year else ""
    version = f", version {work.version}" if work.version else ""
    where = f" In {work.collection}{version}." if work.collection else ""
    address = f" {work.url or (f'https://doi.org/{work.doi}' if work.doi else '')}".rstrip()
    stop = "" if work.title.endswith(("?", "!", ".")) else "."
    return f"{names}{year}. {work.title}{stop}{where}{address}"


def bibtex(work: Work) -> str:
    """BibTeX entry of the page."""
    names = " and ".join(name if "," in name else f"{{{escape_tex(name)}}}" for name in work.authors)
    fields = {
        "author": names,
        "title": escape_tex(work.title),
        "booktitle": escape_tex(work.collection),
        "year": work.year,
        "edition": f"version {work.version}" if work.version else "",
        "note": f"commit {work.commit[:12]}" if work.commit else "",
        "doi": work.doi,
        "url": work.url,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@incollection{{regint_{re.sub(r'[^A-Za-z0-9_]', '_', work.name)},\n{lines}\n}}"


def ris(work: Work) -> str:
    """RIS record of the page, line ends as the format wants them once saved (``ER`` closes it)."""
    rows = [
        ("TY", "CHAP"),
        *(("AU", name) for name in work.authors),
        ("TI", work.title),
        ("T2", work.collection),
        ("PY", work.year),
        ("DA", work.date.replace("-", "/")),
        ("ET", work.version),
        *(("KW", word) for word in work.keywords),
        ("DO", work.doi),
        ("UR", work.url),
        ("LA", work.language),
    ]
    return "\n".join([f"{tag}  - {value}" for tag, value in rows if value] + ["ER  -"])
