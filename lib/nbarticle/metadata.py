"""What search engines, catalogues and reference managers read of a page, and how to cite it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textfiles.text import escape_tex

from nbarticle.document import Display
from nbarticle.settings import Settings


@dataclass(frozen=True)
class Work:
    """What is known of a page as a publication; the collection's part of it are the settings."""

    title: str
    name: str
    abstract: str
    settings: Settings
    version: str = ""
    commit: str = ""
    date: str = ""

    @property
    def url(self) -> str:
        """Address of the page where the collection has one."""
        address = self.settings.address.rstrip("/")
        return f"{address}/{self.name}.html" if address else ""


def meta(work: Work) -> list[tuple[str, str, str]]:
    """List attribute, name, content of the Highwire, Dublin Core and Open Graph tags that say something."""
    own = work.settings
    highwire = [
        ("citation_title", work.title),
        *(("citation_author", name) for name in own.authors),
        ("citation_publication_date", work.date.replace("-", "/")),
        ("citation_inbook_title", own.title),
        ("citation_language", own.language),
        ("citation_doi", own.doi),
        ("citation_public_url", work.url),
        ("citation_keywords", "; ".join(own.keywords)),
    ]
    dublin_core = [
        ("DC.title", work.title),
        *(("DC.creator", name) for name in own.authors),
        ("DC.date", work.date),
        ("DC.language", own.language),
        ("DC.rights", own.licence),
        ("DC.type", "Text"),
        ("DC.format", "text/html"),
        ("DC.isPartOf", own.title),
        ("DC.identifier", work.url or own.doi),
    ]
    open_graph = [
        ("og:type", "article"),
        ("og:title", work.title),
        ("og:description", work.abstract[:200]),
        ("og:site_name", own.title),
        ("og:url", work.url),
        ("article:published_time", work.date),
        *(("article:author", name) for name in own.authors),
    ]
    named = [("name", name, content) for name, content in (*highwire, *dublin_core) if content]
    return [*named, *(("property", name, content) for name, content in open_graph if content)]


def json_ld(work: Work, displays: Sequence[Display], inputs: Sequence[dict[str, str]]) -> str:
    """Describe the page as ``ScholarlyArticle`` and its data as ``Dataset``, as JSON-LD safe within HTML."""
    own = work.settings
    article = {
        "@type": "ScholarlyArticle",
        "@id": "#article",
        "headline": work.title,
        "abstract": work.abstract[:200],
        "author": [
            {"@type": "Person" if "," in name else "Organization", "name": name} for name in own.authors
        ],
        "datePublished": work.date,
        "inLanguage": own.language,
        "isPartOf": {"@type": "Collection", "name": own.title} if own.title else "",
        "license": own.licence,
        "version": work.version,
        "url": work.url,
        "identifier": own.doi,
        "keywords": list(own.keywords),
    }
    sets: list[dict[str, Any]] = []
    for display in displays:
        name = display.caption if len(display.caption) <= 90 else f"{display.caption[:88]} …"
        sets.append({"@type": "Dataset", "name": name, "url": display.file(work.name, "csv")})
    sets += [{"@type": "Dataset", "name": row["path"]} for row in inputs]
    known = [
        {name: value for name, value in item.items() if value not in ("", [])} for item in (article, *sets)
    ]
    graph = {"@context": "https://schema.org", "@graph": known}
    return json.dumps(graph, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def citations(work: Work) -> dict[str, str]:
    """Say how to cite the page: a sentence, BibTeX and RIS; nothing for a work that names no author."""
    return {
        kind: make(work) if work.settings.authors else ""
        for kind, make in (("citation", _sentence), ("bibtex", _bibtex), ("ris", _ris))
    }


def _sentence(work: Work) -> str:
    own = work.settings
    year = f" ({work.date[:4]})" if work.date else ""
    version = f", version {work.version}" if work.version else ""
    where = f" In {own.title}{version}." if own.title else ""
    address = f" {work.url or (f'https://doi.org/{own.doi}' if own.doi else '')}".rstrip()
    stop = "" if work.title.endswith(("?", "!", ".")) else "."
    return f"{'; '.join(own.authors)}{year}. {work.title}{stop}{where}{address}"


def _bibtex(work: Work) -> str:
    own = work.settings
    fields = {
        "author": " and ".join(name if "," in name else f"{{{escape_tex(name)}}}" for name in own.authors),
        "title": escape_tex(work.title),
        "booktitle": escape_tex(own.title),
        "year": work.date[:4],
        "edition": f"version {work.version}" if work.version else "",
        "note": f"commit {work.commit[:12]}" if work.commit else "",
        "doi": own.doi,
        "url": work.url,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9_]+", "_", f"{own.short_title}_{work.name}".strip("_"))
    return f"@incollection{{{key},\n{lines}\n}}"


def _ris(work: Work) -> str:
    """Line ends as the format wants them once saved (``ER`` closes the record)."""
    own = work.settings
    rows = [
        ("TY", "CHAP"),
        *(("AU", name) for name in own.authors),
        ("TI", work.title),
        ("T2", own.title),
        ("PY", work.date[:4]),
        ("DA", work.date.replace("-", "/")),
        ("ET", work.version),
        *(("KW", word) for word in own.keywords),
        ("DO", own.doi),
        ("UR", work.url),
        ("LA", own.language),
    ]
    return "\n".join([f"{tag}  - {value}" for tag, value in rows if value] + ["ER  -"])
