"""Citations within the text: bracketed, or with the author as part of the sentence."""

from __future__ import annotations

import re
from html import escape

from regint.publish.pages.citations import Cite, parse_cites
from regint.publish.pages.document import Document

LABELS = re.compile(r"(?:fig|tbl|eq)-")


def citation(text: str, document: Document) -> str:
    """Set what stands in brackets: ``@a; @b, p. 3``; anything else is given back as it was."""
    cites = parse_cites(text)
    if cites is None or (not document.strict and not all(_known(cite.key, document) for cite in cites)):
        return f"[{escape(text, quote=False)}]"
    if all(LABELS.match(cite.key) for cite in cites):
        return "; ".join(document.reference(cite.key) for cite in cites)
    links = [_link(cite, document, " ") for cite in cites]
    return f'<span class="citation">({"; ".join(links)})</span>'


def named_citation(key: str, document: Document) -> str:
    """Set ``@key`` in the flow of a sentence: Balassa (1961)."""
    if not document.strict and not document.bibliography.knows(key):
        return f"@{escape(key)}"
    return f'<span class="citation">{_link(Cite(key), document, " (", ")")}</span>'


def _known(key: str, document: Document) -> bool:
    return bool(LABELS.match(key)) or document.bibliography.knows(key)


def _link(cite: Cite, document: Document, between: str, end: str = "") -> str:
    """Link one work to its entry in the list; names and year are settled when all citations are known."""
    if not document.bibliography.knows(cite.key):
        raise document.error(
            f"The citation @{cite.key} is not in the bibliography; mend the key or add the work to "
            "data/references.bib."
        )
    key, count = cite.key.lower(), document.bibliography.cite(cite.key)

    def text() -> str:
        names, year = document.bibliography.names_and_year(key)
        return year if cite.bare else f"{names}{between}{year}{end}"

    before = f"{escape(cite.prefix, quote=False)} " if cite.prefix else ""
    after = f", {escape(cite.locator, quote=False)}" if cite.locator else ""
    return f'{before}<a id="cite-{key}-{count}" href="#ref-{key}">{document.promise(text)}</a>{after}'
