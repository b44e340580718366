"""Outputs of code cells that know nothing of us: made safe, accessible and free of debris."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Any

from bs4 import BeautifulSoup, Tag

from regint.publish.pages.displays import FIGURE, TABLE
from regint.publish.pages.document import Document
from regint.publish.pages.markdown import to_html
from regint.publish.pages.pictures import NO_ALT, picture

PRIORITY = (
    FIGURE,
    TABLE,
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "text/latex",
    "image/png",
    "image/jpeg",
    "text/plain",
)
# Elements that run, load, or ask for something; a printed page has no use for them.
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")
ACTIVE = (
    "script",
    "style",
    "link",
    "meta",
    "base",
    "iframe",
    "object",
    "embed",
    "form",
    "template",
    "noscript",
)
RAW = re.compile(r"<[a-zA-Z!/]")
ADDRESS = re.compile(r"\s*(?:https?:|mailto:|#|data:image/|[^:]*$)", re.IGNORECASE)


def plain_text(text: str) -> str:
    r"""Take the colours of a terminal out of a text.

    Examples
    --------
    >>> plain_text("\x1b[31mred\x1b[0m")
    'red'
    """
    return ANSI.sub("", text)


def stream(text: str, name: str) -> str:
    """Show what a cell printed; what went to the error stream is marked as such."""
    text = plain_text(text).rstrip("\n")
    if not text:
        return ""
    if name == "stderr":
        return f'<div class="stderr" role="note"><p class="stream-name">Message</p>{_text(text)}</div>'
    return _text(text)


def error(traceback: list[str], name: str, value: str) -> str:
    """Show an exception with its traceback folded."""
    lines = escape(plain_text("\n".join(traceback)).strip("\n"), quote=False)
    sentence = escape(f"{name}: {value}" if value else name, quote=False)
    return (
        f'<div class="error" role="note"><p class="stream-name">Error</p><p><code>{sentence}</code></p>'
        f"<details><summary>Traceback</summary>"
        f'<pre class="text scrolls" data-name="Traceback">{lines}</pre></details></div>'
    )


def choose(data: Mapping[str, Any]) -> str:
    """Choose the richest form of an output that can be shown; ``""`` when there is none."""
    return next((kind for kind in PRIORITY if kind in data), "")


def foreign(kind: str, content: Any, metadata: Mapping[str, Any], document: Document) -> str:
    """Show one output of a kind that is not ours."""
    text = content if isinstance(content, str) else "".join(content)
    if document.strict:
        _registered(kind, text, document)
    alt = str(metadata.get("alt") or metadata.get(kind, {}).get("alt") or "")
    if kind in ("image/png", "image/jpeg"):
        return f'<div class="picture">{picture(f"data:{kind};base64,{_joined(text)}", alt, document)}</div>'
    if kind == "image/svg+xml":
        return f'<div class="picture">{picture(_svg_address(text), alt, document)}</div>'
    if kind == "text/html":
        return cleaned(text, document)
    if kind == "text/markdown":
        return f'<div class="markdown">{to_html(text, document)}</div>'
    if kind == "text/latex":
        return to_html(text, document) if text.lstrip().startswith("$") else _text(text)
    return _text(plain_text(text))


def _registered(kind: str, text: str, document: Document) -> None:
    """Let no picture and no table onto a page of ours that has no number, caption and description."""
    if kind.startswith("image/") or (kind == "text/html" and re.search(r"<(?:img|svg)\b", text)):
        raise document.error(
            "This cell shows a picture past figures.show, so it has no caption and no description."
        )
    if kind == "text/html" and re.search(r"<table\b", text):
        raise document.error("This cell shows a table past tables.show, so it has no caption and no number.")


def cleaned(markup: str, document: Document, *, written: bool = False) -> str:
    """Take from foreign HTML what runs or loads, and mend its tables, pictures and identifiers.

    HTML `written` in a Markdown cell keeps its identifiers: links of the same author lead to them.

    Examples
    --------
    >>> cleaned('<b onclick="x()">k</b><script>x()</script>', Document())
    '<b>k</b>'
    """
    soup = BeautifulSoup(markup, "html.parser")
    for element in soup(ACTIVE):
        element.decompose()
    for table in soup("table"):
        repair_table(table)
    for element in soup.find_all(True):
        _clean(element, document)
        if "id" in element.attrs and not written:
            element["id"] = document.anchor(str(element["id"]))
    return str(soup)


def _clean(element: Tag, document: Document) -> None:
    for name in list(element.attrs):
        value = str(element.attrs[name])
        address = name.lower() in ("href", "src", "xlink:href", "action", "formaction", "srcset", "data")
        if name.lower().startswith("on") or (address and not ADDRESS.match(value)):
            del element[name]
    if "style" in element.attrs:
        name = document.style_class(str(element["style"]))
        del element["style"]
        if name:
            _add_class(element, name)
    if element.name == "img":
        element["alt"] = element.get("alt") or NO_ALT
        if not str(element.get("src", "")).startswith("data:image/"):
            element.name = "span"
            element.string = str(element["alt"])
            element.attrs = {"class": "missing"}


def _add_class(element: Tag, name: str) -> None:
    element["class"] = " ".join([*map(str, element.get_attribute_list("class")), name]).replace("None ", "")


def repair_table(table: Tag) -> None:
    """Give a table scoped headers, no empty ones, no presentational attributes, and its own scroll box.

    pandas prints a second header row when the index has a name, empty corner cells and ``border="1"``.
    """
    for name in ("border", "cellpadding", "cellspacing", "width"):
        table.attrs.pop(name, None)
    for row in table("tr"):
        row.attrs.pop("style", None)
        for cell in row("th"):
            _repair_header(cell)
    _join_header_rows(table)
    for cell in table("td"):
        if re.fullmatch(r"[-−+]?[\d,.\s]*\d\s*%?|NaN|nan|<NA>", cell.get_text().strip()):
            _add_class(cell, "right")
    if table.parent is not None and "scrolls" not in table.parent.get_attribute_list("class"):
        table.wrap(_box())


def _repair_header(cell: Tag) -> None:
    if not cell.get_text().strip():
        cell.name = "td"
        cell.attrs.pop("scope", None)
        return
    in_head = cell.find_parent("thead") is not None
    spans = str(cell.get("colspan") or "1") != "1", str(cell.get("rowspan") or "1") != "1"
    kind = ("colgroup" if spans[0] else "col") if in_head else ("rowgroup" if spans[1] else "row")
    cell["scope"] = kind


def _join_header_rows(table: Tag) -> None:
    """Move the name of a pandas index from its own row into the corner of the row above."""
    head = table.find("thead")
    rows = head("tr") if isinstance(head, Tag) else []
    if len(rows) < 2:
        return
    above, last = rows[-2](["td", "th"]), rows[-1](["td", "th"])
    named = [place for place, cell in enumerate(last) if cell.get_text().strip()]
    if not named or len(above) != len(last) or any(above[place].get_text().strip() for place in named):
        return
    for place in named:
        above[place].replace_with(last[place].extract())
    rows[-1].decompose()


def _box() -> Tag:
    return Tag(name="div", attrs={"class": "scrolls table", "data-name": "Table"})


def _text(text: str) -> str:
    return f'<pre class="text scrolls" data-name="Printed output">{escape(text, quote=False)}</pre>'


def _joined(text: str) -> str:
    return "".join(text.split())


def _svg_address(text: str) -> str:
    """Carry a drawing of unknown make as an image: nothing in it can run there, no style leaves it."""
    return f"data:image/svg+xml;base64,{b64encode(text.encode()).decode()}"
