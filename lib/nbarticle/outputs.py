"""Outputs of cells: figures, tables, and what other notebooks print."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from bs4 import BeautifulSoup, Tag

from nbarticle.document import Display, Document
from nbarticle.markdown import EMPTY_ALT, NO_ALT, picture, to_html
from nbarticle.typography import breakable

FIGURE = "application/vnd.nbarticle.figure+json"
TABLE = "application/vnd.nbarticle.table+json"
FIGURE_FILES = {"svg": "SVG", "png": "PNG", "pdf": "PDF", "csv": "Data (CSV)"}
TABLE_FILES = {"csv": "CSV", "xlsx": "Excel", "tex": "LaTeX"}
MISSING = "\u2013"
# A longer table behind a figure is for the download, not for reading.
ROWS_SHOWN = 40
LONG_WORD = re.compile(r"[^\s/_]+[/_]\S{16}|://")


def figure(content: dict[str, Any], document: Document) -> str:
    """Show a figure from its private JSON form."""
    label = _checked(content, document)
    if EMPTY_ALT.search(str(content.get("alt", ""))):
        raise document.error(f"Figure {label} has no alternative text; say in a sentence what it shows.")
    display = _registered(content, document, label)
    document.figures.append(display)
    files = _downloads("figures", FIGURE_FILES, display, document, f"Figure {display.number}")
    narrow = f'<div class="drawing-narrow">{content["svg_narrow"]}</div>' if content.get("svg_narrow") else ""
    drawing = f'{narrow}<div class="drawing-wide">{content["svg"]}</div>'
    return (
        f'<div class="figure-block"><figure id="{label}"><div class="picture">{drawing}</div>'
        f"<figcaption>{_name('Figure', display)}{escape(display.caption, quote=False)}</figcaption>"
        f"</figure>{_description(content, display)}{files}</div>"
    )


def table(content: dict[str, Any], document: Document) -> str:
    """Show a table from its private JSON form: scoped headers, aligned cells, its own scroll box."""
    label = _checked(content, document)
    display = _registered(content, document, label)
    document.tables.append(display)
    files = _downloads("tables", TABLE_FILES, display, document, f"Table {display.number}")
    note = content.get("note")
    below = f'<p class="table-note">{escape(note, quote=False)}</p>' if note else ""
    text = escape(display.caption, quote=False)
    caption = f"<caption>{_name('Table', display)}{text}</caption>"
    if content.get("folded"):
        caption = f'<caption class="unseen">Table {display.number} {text}</caption>'
    cells = grid(content["columns"], content["rows"], caption, content.get("group") or ())
    box = f'<div class="scrolls table" data-name="Table {display.number}">{cells}</div>{below}'
    if content.get("folded"):
        name = f'<span class="number">Table\u00a0{display.number}</span> {text}'
        box = f'<details class="whole"><summary>{name} ({len(content["rows"])} rows)</summary>{box}</details>'
    return f'<div class="table-block" id="{label}">{box}{files}</div>'


def grid(
    columns: list[dict[str, Any]], rows: list[list[Any]], caption: str, group: Sequence[int] = ()
) -> str:
    """Make a table; the first column names the row when it holds text."""
    columns = [column for place, column in enumerate(columns) if place not in group]
    sides = " ".join(f"r{place}" for place, column in enumerate(columns, 1) if column.get("align") == "right")
    head = "".join(
        f'<th scope="col">{escape(column["header"], quote=False)}' if column["header"].strip() else "<td>"
        for column in columns
    )
    # A column of its own names nothing.
    named = len(columns) > 1 and columns[0].get("align") != "right"
    bodies = "".join(
        f"<tbody>{_group_name(name, len(columns))}"
        + "".join(
            "<tr>" + "".join(_cell(cell, named and not place) for place, cell in enumerate(row))
            for row in part
        )
        for name, part in _grouped(rows, group)
    )
    return (
        f"<table{f' class={chr(34)}{sides}{chr(34)}' if sides else ''}>{caption}"
        f"<thead><tr>{head}</thead>{bodies or '<tbody>'}</table>"
    )


def _grouped(rows: list[list[Any]], places: Sequence[int]) -> list[tuple[Any, list[list[Any]]]]:
    """Gather neighbouring rows that share the cells at `places`, which are taken out of them."""
    if not places:
        return [(None, rows)]
    return [
        (
            ", ".join(cell for cell in name if cell != MISSING),
            [[cell for place, cell in enumerate(row) if place not in places] for row in part],
        )
        for name, part in groupby(rows, key=lambda row: [str(row[place]) for place in places])
    ]


def _group_name(name: Any, width: int) -> str:
    if name is None:
        return ""
    return f'<tr class="group"><th scope="rowgroup" colspan="{width}">{escape(str(name), quote=False)}'


def _cell(cell: Any, header: bool) -> str:
    text = escape(str(cell), quote=False)
    if text.strip() in ("", MISSING):
        return f'<td><span aria-hidden="true">{MISSING}</span><span class="unseen">no value</span>'
    date = ' class="date"' if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text) else ""
    if LONG_WORD.search(text):  # an address breaks at its signs, or it would push columns out of sight
        text = breakable(text)
    return f'<th scope="row"{date}>{text}' if header else f"<td{date}>{text}"


def _checked(content: dict[str, Any], document: Document) -> str:
    label = str(content.get("label", ""))
    if not re.fullmatch(r"(?:fig|tbl)-[\w-]+", label):
        raise document.error(f'The label "{label}" must be fig-name or tbl-name.')
    if not str(content.get("caption", "")).strip():
        raise document.error(f"{label} has no caption; state what it shows and its base.")
    return label


def _registered(content: dict[str, Any], document: Document, label: str) -> Display:
    number = document.register(label)
    return Display(label, number, document.cell, " ".join(str(content["caption"]).split()), content)


def _name(kind: str, display: Display) -> str:
    return f'<a class="number" href="#{display.label}">{kind}\u00a0{display.number}</a> '


def _description(content: dict[str, Any], display: Display) -> str:
    """Longer description and the numbers behind the picture, folded."""
    data = content.get("data") or {}
    text = f"<p>{escape(content['description'], quote=False)}</p>" if content.get("description") else ""
    names, given = [str(name) for name in data.get("columns", [])], data.get("rows", [])
    if not text and not given:
        return ""
    alike = _alike(given)
    if alike:
        text += f"<p>The same in every row: {_stated(names, given[0], alike)}.</p>"
    if len(given) > ROWS_SHOWN:
        text += f"<p>The first {ROWS_SHOWN} of {len(given)} rows; the download has them all.</p>"
    kept = [place for place in range(len(names)) if place not in alike]
    columns = [
        {"header": names[place], "align": "right" if _numeric(given, place) else "left"} for place in kept
    ]
    rows = [[_brief(row[place]) for place in kept] for row in given[:ROWS_SHOWN]]
    name = f"Data of figure {display.number}"
    cells = grid(columns, rows, f'<caption class="unseen">{name}</caption>')
    box = f'<div class="scrolls table" data-name="{name}">{cells}</div>' if rows else ""
    return (
        '<details class="description"><summary>Description and data<span class="unseen"> of figure '
        f"{display.number}</span></summary>{text}{box}</details>"
    )


def _alike(rows: list[list[Any]]) -> list[int]:
    """Columns that say the same in every row: a sentence says it once, and leaves room for the others."""
    if len(rows) < 3:
        return []
    return [place for place, value in enumerate(rows[0]) if all(row[place] == value for row in rows)]


def _stated(names: list[str], row: list[Any], places: list[int]) -> str:
    said = [f"{names[place]} {_brief(row[place]) or 'without a value'}" for place in places]
    return escape(", ".join(said), quote=False)


def _numeric(rows: list[list[Any]], place: int) -> bool:
    values = [row[place] for row in rows if row[place] is not None]
    return bool(values) and all(isinstance(value, int | float) for value in values)


def _brief(value: Any) -> str:
    """Write a value as briefly as one reads it; the download has all its digits."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return " to ".join(_brief(part) for part in value) if isinstance(value, list | tuple) else str(value)


def _downloads(folder: str, files: dict[str, str], display: Display, document: Document, name: str) -> str:
    """Link the files the site writes for a display; a page on its own has none."""
    if not document.site:
        return ""
    offered = [kind for kind in files if kind not in ("png", "pdf") or display.content.get(kind)]
    links = []
    for kind in offered:
        address = f"{folder}/{document.notebook}-{display.label}.{kind}"
        links.append(
            f'<a href="{address}" download>{files[kind]}<span class="unseen"> of {name.lower()}</span></a>'
        )
    return f'<p class="downloads">Download {" ".join(links)}</p>'


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
    """Take the colours of a terminal out of a text."""
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
        _outputs_registered(kind, text, document)
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


def _outputs_registered(kind: str, text: str, document: Document) -> None:
    """Let no picture and no table onto a page of ours that has no number, caption and description."""
    if kind.startswith("image/") or (kind == "text/html" and re.search(r"<(?:img|svg)\b", text)):
        raise document.error(
            "This cell shows a picture past figures.show, so it has no caption and no description."
        )
    if kind == "text/html" and re.search(r"<table\b", text):
        raise document.error("This cell shows a table past tables.show, so it has no caption and no number.")


def cleaned(markup: str, document: Document, *, written: bool = False) -> str:
    """Take from foreign HTML what runs or loads, and mend its tables, pictures and identifiers."""
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
    """Give a table scoped headers, no empty ones, no presentational attributes, and its own scroll box."""
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
