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


def _catalogued(work: Work) -> list[tuple[str, str, str, str, str]]:
    """List what is known, each with its name in Highwire Press tags, Dublin Core, Open Graph and RIS."""
    own, slashed = work.settings, work.date.replace("-", "/")
    people = []
    for person in own.people:
        people.append((person["name"], "citation_author", "DC.creator", "article:author", "AU"))
        people.append((person.get("@id", ""), "citation_author_orcid", "", "", ""))
    rows = [
        ("article", "", "", "og:type", ""),
        ("Text", "", "DC.type", "", ""),
        ("text/html", "", "DC.format", "", ""),
        *people,
        (work.title, "citation_title", "DC.title", "og:title", "TI"),
        (own.title, "citation_inbook_title", "DC.isPartOf", "og:site_name", "T2"),
        (work.abstract[:200], "", "", "og:description", ""),
        (work.date[:4], "", "", "", "PY"),
        (slashed, "citation_publication_date", "", "", "DA"),
        (work.date, "", "DC.date", "article:published_time", ""),
        (work.version, "", "", "", "ET"),
        (own.licence, "", "DC.rights", "", ""),
        ("; ".join(own.keywords), "citation_keywords", "", "", ""),
        *((word, "", "", "", "KW") for word in own.keywords),
        (own.doi, "citation_doi", "" if work.url else "DC.identifier", "", "DO"),
        (work.url, "citation_public_url", "DC.identifier", "og:url", "UR"),
        (own.language, "citation_language", "DC.language", "", "LA"),
    ]
    return [row for row in rows if row[0]]


def meta(work: Work) -> list[tuple[str, str, str]]:
    """List attribute, name and content of the tags for catalogues."""
    tags = []
    for content, highwire, dublin_core, open_graph, _ in _catalogued(work):
        named = [("name", highwire), ("name", dublin_core), ("property", open_graph)]
        tags += [(attribute, name, content) for attribute, name in named if name]
    return tags


def json_ld(work: Work, displays: Sequence[Display], inputs: Sequence[dict[str, str]]) -> str:
    """Describe the page as ``ScholarlyArticle`` and its data as ``Dataset``, as JSON-LD safe within HTML."""
    own = work.settings
    article = {
        "@type": "ScholarlyArticle",
        "@id": "#article",
        "headline": work.title,
        "abstract": work.abstract[:200],
        "author": own.people,
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


def binder(work: Work) -> str:
    """Address at which Binder opens the notebook of the page, for a project on GitHub."""
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", work.settings.repository)
    where = f"lab/tree/notebooks/{work.name}.ipynb"
    return f"https://mybinder.org/v2/gh/{found[1]}/{work.commit or 'HEAD'}?urlpath={where}" if found else ""


def citation(work: Work) -> str:
    """Say in a sentence how to cite the page."""
    own = work.settings
    year = f" ({work.date[:4]})" if work.date else ""
    version = f", version {work.version}" if work.version else ""
    where = f" In {own.title}{version}." if own.title else ""
    address = f" {work.url or (f'https://doi.org/{own.doi}' if own.doi else '')}".rstrip()
    stop = "" if work.title.endswith(("?", "!", ".")) else "."
    return f"{'; '.join(own.authors)}{year}. {work.title}{stop}{where}{address}"


def bibtex(work: Work) -> str:
    """Write the page as an entry of BibTeX."""
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


def ris(work: Work) -> str:
    """Write the page as a record of RIS, which ``ER`` closes."""
    rows = [f"{tag}  - {content}" for content, *_, tag in _catalogued(work) if tag]
    return "\n".join(["TY  - CHAP", *rows, "ER  -"])
