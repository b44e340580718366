"""Figures and tables of our own making: numbered, captioned, described, offered for download."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

from regint.publish.pages.document import Document
from regint.publish.pages.page import Display
from regint.publish.pages.pictures import EMPTY_ALT
from regint.publish.pages.typography import breakable

FIGURE = "application/vnd.regint.figure+json"
TABLE = "application/vnd.regint.table+json"
FIGURE_FILES = {"svg": "SVG", "png": "PNG", "pdf": "PDF", "csv": "Data (CSV)"}
TABLE_FILES = {"csv": "CSV", "xlsx": "Excel", "tex": "LaTeX"}
MISSING = "\u2013"
# A longer table behind a figure is for the download, not for reading.
ROWS_SHOWN = 40
LONG_WORD = re.compile(r"[^\s/_]+[/_]\S{16}|://")


def figure(content: dict[str, Any], document: Document) -> str:
    """Show a figure from its private JSON form.

    Raises
    ------
    BuildError
        Without a caption or an alternative text, or with a label already taken.
    """
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
    """Make a table; the first column names the row when it holds text.

    Right-aligned columns are named once, in the class of the table (``r2``: the second), not in every cell,
    and rows and cells go without the end tags that HTML lets one leave out: tables are the bulk of a page.
    The columns `group` become a line of its own above the rows that share their values.
    """
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
