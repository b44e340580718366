"""The last step of a page: references kept, checks made, everything set into the page template."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from regint.publish.pages import layout, metadata
from regint.publish.pages.document import Document, plain
from regint.publish.pages.markdown import reference_list
from regint.publish.pages.mathml import signs
from regint.publish.pages.metadata import Work
from regint.publish.pages.page import Page
from regint.survey.location import locate

CELL = "\ue002{}\ue003"
_MARK = re.compile("\ue002(\\d+)\ue003")
_HEADING = re.compile(r'<h([2-6]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_UNSEARCHED = re.compile(r"<(pre|svg|math|details)\b.*?</\1>", re.DOTALL)


def assemble(body: str, document: Document, record: dict[str, Any]) -> Page:
    """Make the page from its cells.

    Parameters
    ----------
    body
        HTML of all cells, promises and cell marks still in it.
    document
        What the cells have registered.
    record
        ``resources["regint"]``, ``{}`` for a notebook that is not ours.

    Raises
    ------
    BuildError
        In a page of ours, for an ``id`` given twice or a link within the page that leads nowhere.
    """
    references, anchor = "", ""
    if document.bibliography.cited and not document.reference_list:
        anchor = document.anchor("references")
        references = document.keep(reference_list(document))
    body = document.keep(body)
    work = _work(body, document, record)
    html = _page(body, references, anchor, document, record, work)
    anchors, links = _check(html, document)
    bare = _MARK.sub("", body)
    sections = _sections(bare)
    return Page(
        name=document.notebook,
        title=work.title,
        summary=work.abstract,
        html=_MARK.sub("", html),
        edition=str(record.get("edition") or "full"),
        figures=tuple(document.figures),
        tables=tuple(document.tables),
        findings=_findings(bare),
        sections=tuple((anchor, title, _text(text)) for anchor, title, text in sections),
        anchors=tuple(sorted(anchors)),
        links=tuple(links),
    )


def _work(body: str, document: Document, record: dict[str, Any]) -> Work:
    """Collect what is known of the page as a publication."""
    project = layout.project(record)
    cited = metadata.citation_file(locate("CITATION.cff")) if document.site else {}
    first = re.search(r"<p>(.*?)</p>", body, re.DOTALL)
    return Work(
        title=plain(document.keep(document.title)) or document.notebook,
        name=document.notebook,
        abstract=plain(_MARK.sub("", first[1])) if first else "",
        authors=metadata.authors(cited),
        collection=project["title"] if document.site else "",
        version=project["version"],
        commit=project["commit"],
        date=project["date"],
        licence=str(cited.get("license") or ""),
        address=str(cited.get("url") or ""),
        doi=str(cited.get("doi") or ""),
        keywords=() if _other_survey(record) else tuple(str(word) for word in cited.get("keywords", [])),
    )


def _other_survey(record: dict[str, Any]) -> bool:
    """Whether the page speaks of a survey that the collection's own keywords do not describe."""
    return any(row["name"] == "survey" and row.get("changed") for row in record.get("parameters") or [])


def _page(
    body: str, references: str, anchor: str, document: Document, record: dict[str, Any], work: Work
) -> str:
    """Fill the article template."""
    project = layout.project(record)
    title = document.keep(document.title) or plain(document.notebook)
    values = dict(
        kind="article",
        site=document.site,
        folds='class="cell-code"' in body,
        glossary=bool(document.glossary.terms),
        project=project,
        page_title=f"{work.title} – {project['title']}" if document.site else work.title,
        short_title=work.title,
        description=work.abstract[:300],
        headings=_contents(document, references, anchor),
        title=title,
        name=document.notebook,
        edition=record.get("edition") or "full",
        body=body,
        references=references,
        references_anchor=anchor,
        record=record,
        changed=any(row.get("changed") for row in record.get("parameters") or []),
        **_place(document, record),
        **_catalogue(document, record, work),
    )
    # What the page says decides which signs its fonts carry, so it is filled twice.
    bare = layout.render("article.html.j2", css="", **values)
    css = layout.stylesheet(work.title, bare, signs(body + title), document.styles)
    return layout.render("article.html.j2", css=css, **values)


def _place(document: Document, record: dict[str, Any]) -> dict[str, Any]:
    """Find the page in its collection, with the pages before and after."""
    pages = record.get("collection") or []
    place = next((n for n, page in enumerate(pages) if page["name"] == document.notebook), None)
    if place is None:
        return {"place": "", "before": None, "after": None}
    return {
        "place": f"Notebook {place + 1} of {len(pages)}",
        "before": pages[place - 1] if place else None,
        "after": pages[place + 1] if place + 1 < len(pages) else None,
    }


def _catalogue(document: Document, record: dict[str, Any], work: Work) -> dict[str, Any]:
    """Write what catalogues and reference managers read; only a page of a site can be cited."""
    displays = [*document.figures, *document.tables]
    return {
        "meta": metadata.meta(work),
        "properties": metadata.open_graph(work),
        "json_ld": metadata.json_ld(work, displays, record.get("inputs") or [], document.site),
        "citation": metadata.sentence(work) if document.site else "",
        "bibtex": metadata.bibtex(work) if document.site else "",
        "ris": metadata.ris(work) if document.site else "",
    }


def _contents(document: Document, references: str, anchor: str) -> list[dict[str, Any]]:
    """Entries of the table of contents; links and notes within a heading stay behind."""
    entries = [
        {
            "level": heading.level,
            "anchor": heading.anchor,
            "markup": re.sub(r"<sup>.*?</sup>|</?a\b[^>]*>", "", document.keep(heading.markup)),
        }
        for heading in document.headings
    ]
    return [*entries, {"level": 2, "anchor": anchor, "markup": "References"}] if references else entries


class _Reader(HTMLParser):
    """Collect identifiers and addresses, each with the cell they come from."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cell = 0
        self.anchors: list[tuple[int, str]] = []
        self.links: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ``id`` and ``href``; drawings' own references count as links as well."""
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.append((self.cell, value))
            elif name == "href" and value:
                self.links.append((self.cell, value))

    def handle_data(self, data: str) -> None:
        """Follow the cell marks."""
        for match in _MARK.finditer(data):
            self.cell = int(match[1])


def _check(html: str, document: Document) -> tuple[set[str], list[tuple[int, str]]]:
    """Make sure that identifiers are unique and links within the page arrive; return both."""
    reader = _Reader()
    reader.feed(html)
    counts: Counter[str] = Counter()
    for cell, anchor in reader.anchors:
        counts[anchor] += 1
        if counts[anchor] > 1 and document.strict:
            raise document.error(f'The id "{anchor}" is given twice on this page.', cell)
    for cell, address in reader.links:
        if address.startswith("#") and address[1:] not in counts and document.strict:
            raise document.error(f"The link to {address} leads nowhere on this page.", cell)
    outward = [(cell, link) for cell, link in reader.links if not re.match(r"#|[a-z][a-z0-9+.-]*:|//", link)]
    return set(counts), list(dict.fromkeys(outward))


def _sections(body: str) -> list[tuple[str, str, str]]:
    """Cut the text at its headings: anchor, heading, HTML below; the title's text has the anchor ``main``."""
    pieces = _HEADING.split(body)
    sections = [("main", "", pieces[0])]
    for start in range(1, len(pieces), 4):
        anchor, heading, below = pieces[start + 1 : start + 4]
        sections.append((anchor, plain(re.sub(r'<a class="anchor".*?</a>', "", heading)), below))
    return sections


def _text(markup: str) -> str:
    """Words of a section, without code, drawings and folded data."""
    return plain(
        re.sub(r"</(?:p|li|div|figcaption|caption)>|<t[dhr]\b[^>]*>", " ", _UNSEARCHED.sub(" ", markup))
    )


def _findings(body: str) -> tuple[str, ...]:
    """Bullets (else paragraphs) of the section "What we found"."""
    for _, title, text in _sections(body):
        if title.lower().rstrip(":") == "what we found":
            text = _UNSEARCHED.sub(" ", text)
            bullets = re.findall(r"<li>(.*?)</li>", text, re.DOTALL) or re.findall(
                r"<p>(.*?)</p>", text, re.DOTALL
            )
            return tuple(plain(bullet) for bullet in bullets)
    return ()
