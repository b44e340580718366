"""Outputs of cells: figures, tables, and what other notebooks print."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from html import escape, unescape
from itertools import groupby
from typing import Any

from bleach.html5lib_shim import HTMLParser
from nbconvert.filters.ansi import ansi2html

from nbarticle.document import Display, Document
from nbarticle.layout import boxes
from nbarticle.markdown import shown_markdown, with_formulas
from nbarticle.markup import EMPTY_ALT, carried, clean
from nbarticle.typography import curly

FIGURE = "application/vnd.nbarticle.figure+json"
TABLE = "application/vnd.nbarticle.table+json"
# Source of the cell that the student edition has in place of this one.
CELL = "application/vnd.nbarticle.cell+json"
MISSING = "\u2013"
# A longer table behind a figure is for the download, not for reading.
ROWS_SHOWN = 40
# The forms of an output that can be shown, the richest first.
PRIORITY = (
    FIGURE, TABLE, "text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg",
    "image/gif", "image/webp", "image/bmp", "text/plain", "application/json",
)  # fmt: skip
# The name of an object says nothing of what it would show.
BARE_NAME = re.compile(r"\s*(?:<[^<>]*>|[\w.]+\(.*\))\s*(?:If you see this message.*)?", re.DOTALL)
# Lines that say what is not shown, beside which something must be left to read or see.
NOT_SHOWN = re.compile(r'<span class="missing">.*?</span>', re.DOTALL)
# What a script sets up: MathJax and the like, and the notebook's own interface, as nb_black does.
SETTINGS = re.compile(
    r"MathJax|\brequire(?:js)?\.config\b|^\s*define\(|console\.log"
    r"|\b(?:Jupyter|IPython)\.(?:notebook|events)\b|\bnotebook_app\b"
)
# Charts that a script of theirs draws, and what its author or a reader can do to see a picture.
CHARTS = {
    "vega": "with the package vl-convert-python, from version 2, beside this program it would be drawn",
    "plotly": "run with plotly.io.renderers.default = 'png' the notebook would hold a picture of it",
}
VEGA = re.compile(r"application/vnd\.vega(?:lite)?\.v\d+(?:\.\d+)?\+json")
# Where a script may begin to tell what a chart is of.
GIVEN = re.compile(r"[(=]\s*(?=\{\s*\")")
# A formula that only its kind says to be one.
LATEX = re.compile(r"\s*\\(?:begin\{(?!tabular|table|figure)|left\b)")


def show(output: Any, document: Document) -> str:
    """Show an output in the richest form a page can hold; what has none leaves a line that says so."""
    if output.output_type == "stream":
        return _stream(output.text, output.name)
    if output.output_type == "error":
        return _error(output)
    data = {kind: content for kind, content in (output.get("data") or {}).items() if str(content).strip()}
    left = ""
    for kind, content in ((kind, data[kind]) for kind in PRIORITY if kind in data):
        if kind == FIGURE:
            return figure(content, document)
        if kind == TABLE:
            return table(content, document)
        if kind == "text/plain" and len(data) > 1 and BARE_NAME.fullmatch(content):
            continue
        if kind == "text/markdown":
            document.computed.append((document.cell, " ".join(str(data.get("text/plain", content)).split())))
        markup = _foreign(kind, content, output.get("metadata") or {}, document)
        shown = NOT_SHOWN.sub("", markup)
        if re.search(r"<(?:img|svg|math|hr)\b", shown) or re.sub(r"<[^>]*>", "", shown).strip():
            return markup
        left = left or markup
    if 'class="missing"' in left or not data or _only_sets_up(data):
        return left
    if drawn := _drawn(data):
        return _foreign("image/svg+xml", drawn, {}, document)
    said = " ".join([*data, str(data.get("text/html", ""))]).lower()
    repair = next((f": {repair}" for name, repair in CHARTS.items() if name in said), "")
    lost = f"An interactive output of cell {document.cell} is not shown{repair}."
    return f'<p><span class="missing">{lost}</span></p>'


def _drawn(data: dict[str, Any]) -> str:
    """Draw a chart of Vega or Vega-Lite, as Altair makes them; nothing for what is none, or cannot be drawn.

    From version 2 on vl-convert gives the chart's own script no file, no network, and bounds; before, it had
    all that its user has.
    """
    try:
        import vl_convert

        vl_convert.configure(
            base_url=False, allowed_base_urls=[], max_v8_execution_time_secs=10, max_v8_heap_size_mb=512
        )
    except (ImportError, AttributeError):
        return ""
    given = next((content for kind, content in data.items() if VEGA.fullmatch(kind)), None)
    markup = str(data.get("text/html", "")) if given is None else ""
    for start in GIVEN.finditer(markup) if "vega" in markup else ():
        with suppress(ValueError):
            given, _ = json.JSONDecoder().raw_decode(markup, start.end())
            break
    if not isinstance(given, dict):
        return ""
    lite = "vega-lite" in str(given.get("$schema"))
    try:
        drawn = str(vl_convert.vegalite_to_svg(given) if lite else vl_convert.vega_to_svg(given))
    except Exception:  # of whatever kind: a mistake in it, a forbidden address, a bound
        return ""
    return drawn if "role-mark" in drawn else ""


def _only_sets_up(data: dict[str, Any]) -> bool:
    """Whether an output holds styles and settings only: Jupyter shows nothing of it either."""
    markup = data.get("text/html") or f"<script>{data.get('application/javascript', '')}</script>"
    root = HTMLParser(namespaceHTMLElements=False).parseFragment(markup)
    parts = [part for part in root.iter() if isinstance(part.tag, str) and part is not root]
    return bool(parts) and all(
        part.tag in ("style", "link", "meta")
        or (part.tag == "script" and "src" not in part.attrib and SETTINGS.search(part.text or ""))
        for part in parts
    )


def figure(content: dict[str, Any], document: Document) -> str:
    """Show a figure from its private JSON form, with the numbers behind it folded below."""
    display = _registered(content, document)
    if EMPTY_ALT.search(str(content.get("alt", ""))):
        raise document.error(
            f"Figure {display.label} has no alternative text; say in a sentence what it shows."
        )
    document.figures.append(display)
    return str(boxes.figure(display, document, display.offered, _behind(content)))


def table(content: dict[str, Any], document: Document) -> str:
    """Show a table from its private JSON form: scoped headers, aligned cells, its own scroll box."""
    display = _registered(content, document)
    document.tables.append(display)
    given = _grid(content["columns"], content["rows"], content.get("group") or ())
    return str(boxes.table(display, document, display.offered, given))


def settings_table(given: dict[str, str], defaults: dict[str, str]) -> str:
    """Tell what was set from outside before the notebook ran."""
    columns = [{"header": name} for name in ("Name", "Default", "Value")]
    rows = [[name, defaults.get(name, ""), value] for name, value in given.items()]
    return str(boxes.settings(_grid(columns, rows)))


def _registered(content: dict[str, Any], document: Document) -> Display:
    """Give a figure or table its number; it must have a label and a caption."""
    label, caption = str(content.get("label", "")), " ".join(str(content.get("caption", "")).split())
    if not re.fullmatch(r"(?:fig|tbl)-[\w-]+", label):
        raise document.error(f'The label "{label}" must be fig-name or tbl-name.')
    if not caption:
        raise document.error(f"{label} has no caption; state what it shows and its base.")
    caption = unescape(curly(escape(caption, quote=False), document.settings.language))
    return Display(label, document.register(label), document.cell, caption, content)


def _grid(
    columns: list[dict[str, Any]], rows: Sequence[Sequence[Any]], group: Sequence[int] = ()
) -> dict[str, Any]:
    """Lay out a table: neighbouring rows that share their cells at `group` are named by these once, above."""
    places = [place for place in range(len(columns)) if place not in group]
    bodies = []
    for shared, part in groupby(rows, key=lambda row: [str(row[place]) for place in group]):
        name = re.sub(r"(?<=[?!:]),", "", ", ".join(cell for cell in shared if cell != MISSING))
        bodies.append((name if group else None, [[str(row[place]) for place in places] for row in part]))
    return {"columns": [columns[place] for place in places], "bodies": bodies}


def _behind(content: dict[str, Any]) -> dict[str, Any]:
    """Lay out the numbers behind a figure; what every row says is said once, which leaves room for others."""
    data = content.get("data") or {}
    names, rows = [str(name) for name in data.get("columns", [])], data.get("rows", [])
    columns = list(zip(*rows, strict=True))
    alike = [
        place
        for place, values in enumerate(columns)
        if len(rows) > 2 and values.count(values[0]) == len(rows)
    ]
    kept = [place for place in range(len(columns)) if place not in alike]
    heads = [{"header": names[n], "align": "right" if _numeric(columns[n]) else "left"} for n in kept]
    return {
        "alike": [f"{names[place]} {_brief(rows[0][place]) or 'without a value'}" for place in alike],
        "rows": len(rows),
        "shown": ROWS_SHOWN,
        "grid": _grid(heads, [[_brief(row[place]) for place in kept] for row in rows[:ROWS_SHOWN]]),
    }


def _numeric(values: Sequence[Any]) -> bool:
    given = [value for value in values if value is not None]
    return bool(given) and all(isinstance(value, int | float) for value in given)


def _brief(value: Any) -> str:
    """Write a value as briefly as one reads it; the download has all its digits."""
    if isinstance(value, list | tuple):
        return " to ".join(map(_brief, value))
    return f"{value:.4g}" if isinstance(value, float) else "" if value is None else str(value)


ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")


def _stream(text: str, name: str) -> str:
    """Show what a cell printed; what went to the error stream is marked as such."""
    shown = _text(text.rstrip("\n")) if ANSI.sub("", text).rstrip("\n") else ""
    if shown and name == "stderr":
        return f'<div class="stderr" role="note"><p class="stream-name">Message</p>{shown}</div>'
    return shown


def _error(output: Any) -> str:
    """Show an exception with its traceback folded."""
    lines = _coloured("\n".join(output.traceback).strip("\n"))
    named = output.evalue.startswith(output.ename)  # as Julia does
    sentence = output.evalue if named else f"{output.ename}: {output.evalue}".removesuffix(": ")
    return str(boxes.error(sentence, lines))


def _text(text: str) -> str:
    return f'<pre class="text scrolls" data-name="Printed output">{_coloured(text)}</pre>'


def _coloured(text: str) -> str:
    """Show a text in the colours its program asked the terminal for; its other wishes go."""
    if "\x1b[" not in text:
        return escape(ANSI.sub("", text), quote=False)
    return str(ansi2html(text))  # type: ignore[no-untyped-call]


def _foreign(kind: str, content: Any, metadata: dict[str, Any], document: Document) -> str:
    """Show an output of a kind that is not ours; an unnumbered picture or table is none for a strict page."""
    if document.strict:
        if kind.startswith("image/") or (kind == "text/html" and re.search(r"<(?:img|svg)\b", content)):
            raise document.error(
                "This cell shows a picture past figures.show, so it has no caption and no description."
            )
        if kind == "text/html" and re.search(r"<table\b", content):
            raise document.error(
                "This cell shows a table past tables.show, so it has no caption and no number."
            )
    if kind == "application/json":
        return _text(json.dumps(content, ensure_ascii=False, indent=1))
    if kind == "text/html":
        shown = with_formulas(clean(content, document, "output"), document)
        return f'<div class="scrolls" data-name="Output">{shown}</div>' if shown.strip() else ""
    if kind == "image/svg+xml" and re.search(r"<a\b", content):
        return f'<div class="picture">{clean(content, document, "output")}</div>'
    if kind.startswith("image/"):
        # A drawing of unknown make is carried as an image: nothing in it can run there, no style leaves it.
        own: Any = metadata.get(kind)
        given = metadata | own if isinstance(own, dict) else metadata
        said = {"src": carried(kind, content)} | {
            name: given.get(name) for name in ("alt", "width", "height")
        }
        attributes = "".join(f' {name}="{escape(str(value))}"' for name, value in said.items() if value)
        picture = clean(f"<img{attributes}>", document, "output") if said["src"] else ""
        return f'<div class="picture">{picture}</div>'
    if kind == "text/markdown":
        return f'<div class="markdown">{shown_markdown(content, document)}</div>'
    if kind == "text/latex" and LATEX.match(content):
        return shown_markdown(f"$$\n{content.strip()}\n$$", document)
    if kind == "text/latex" and re.search(r"\$|\\[(\[]", content):
        dollars = re.sub(r"\\[\[\]]", "$$", re.sub(r"\\[()]", "$", content))
        return shown_markdown(dollars, document)
    return _text(content)
