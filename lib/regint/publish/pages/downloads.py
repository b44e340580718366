"""The files behind a page: figures as SVG, PNG, PDF and CSV, tables as CSV, LaTeX and Excel workbook.

All are the same, byte for byte, for the same content: no clock, no user, no name of a machine.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Any

from regint.publish.pages.page import Display, Page

# The earliest time a zip archive can carry.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_XLSX_DATE = b"1980-01-01T00:00:00Z"
_TEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{",
    "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\u2013": "--", "\u2212": r"$-$",
    "\u202f": r"\,", "\u00a0": "~", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def downloads(page: Page) -> dict[str, bytes]:
    """Make the files of all figures and tables of a page: relative path -> bytes."""
    files: dict[str, bytes] = {}
    for display in page.figures:
        for kind, make in FIGURE_MAKERS.items():
            if kind not in ("png", "pdf") or display.content.get(kind):
                files[f"figures/{page.name}-{display.label}.{kind}"] = make(display)
    for display in page.tables:
        for kind, make in TABLE_MAKERS.items():
            files[f"tables/{page.name}-{display.label}.{kind}"] = make(display)
    return files


def harmless(value: Any) -> Any:
    """Keep text that a spreadsheet would run as a formula from being one; numbers stay numbers.

    Examples
    --------
    >>> harmless("=1+1"), harmless(-1.5), harmless("Energy")
    ("'=1+1", -1.5, 'Energy')
    """
    if isinstance(value, str) and re.match(r"[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]", value):
        return f"'{value}"
    return value


def flattened(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Give the two ends of an interval a column each, and a list of anything else one text.

    Examples
    --------
    >>> flattened(["share", "interval"], [[0.5, [0.4, 0.6]], [None, None]])
    (['share', 'interval_lower', 'interval_upper'], [[0.5, 0.4, 0.6], [None, None, None]])
    """
    pairs = [_all_pairs([row[place] for row in rows]) for place in range(len(names))]
    heads = [
        f"{name}{end}"
        for name, pair in zip(names, pairs, strict=True)
        for end in (("_lower", "_upper") if pair else ("",))
    ]
    flat = []
    for row in rows:
        cells: list[Any] = []
        for value, pair in zip(row, pairs, strict=True):
            joined = "; ".join(map(str, value)) if isinstance(value, list) else value
            cells.extend((value or [None, None]) if pair else [joined])
        flat.append(cells)
    return heads, flat


def _all_pairs(values: list[Any]) -> bool:
    given = [value for value in values if value is not None]
    return bool(given) and all(isinstance(value, list) and len(value) == 2 for value in given)


def _csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    heads, flat = flattened(names, rows)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(name) for name in heads])
    writer.writerows([["" if value is None else harmless(value) for value in row] for row in flat])
    return stream.getvalue().encode()


def _figure_svg(display: Display) -> bytes:
    drawing = display.content["svg"].replace("<svg ", '<svg color="#1b1d23" ', 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'.encode()


def _figure_csv(display: Display) -> bytes:
    data = display.content.get("data") or {"columns": [], "rows": []}
    return _csv(data["columns"], data["rows"])


def _figure_copy(kind: str) -> Callable[[Display], bytes]:
    return lambda display: b64decode(display.content[kind])


def _values(display: Display) -> tuple[list[str], list[list[Any]]]:
    """Names and unrounded values of a table; printed cells where the values are not kept."""
    columns = display.content["columns"]
    return [column["name"] for column in columns], display.content.get("values") or display.content["rows"]


def _table_csv(display: Display) -> bytes:
    return _csv(*_values(display))


def _table_tex(display: Display) -> bytes:
    """Table for a manuscript, as printed on the page; needs the package booktabs."""
    content = display.content
    sides = "".join("r" if column["align"] == "right" else "l" for column in content["columns"])
    head = " & ".join(_tex(column["header"]) for column in content["columns"])
    body = "".join(f"{' & '.join(_tex(cell) for cell in row)} \\\\\n" for row in content["rows"])
    note = f"\n\\par\\footnotesize {_tex(content['note'])}" if content.get("note") else ""
    return (
        f"\\begin{{table}}\n\\centering\n\\caption{{{_tex(display.caption)}}}\n\\label{{{display.label}}}\n"
        f"\\begin{{tabular}}{{{sides}}}\n\\toprule\n{head} \\\\\n\\midrule\n{body}\\bottomrule\n"
        f"\\end{{tabular}}{note}\n\\end{{table}}\n"
    ).encode()


def _tex(text: Any) -> str:
    return "".join(_TEX.get(sign, sign) for sign in str(text))


def _table_xlsx(display: Display) -> bytes:
    """Workbook with the values on the first sheet and what they are on the second."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "Table"
    names, rows = flattened(*_values(display))
    for row in [names, *rows]:
        sheet.append([None] * len(names))
        for cell, value in zip(sheet[sheet.max_row], row, strict=True):
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    about = book.create_sheet("About")
    for line in (display.caption, display.content.get("note") or ""):
        about.append([harmless(line)])
    stream = io.BytesIO()
    book.save(stream)
    return _same_bytes(stream.getvalue())


def _same_bytes(archive: bytes) -> bytes:
    """Take the clock out of a workbook."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _XLSX_DATE, content)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, content)
    return stream.getvalue()


FIGURE_MAKERS: dict[str, Callable[[Display], bytes]] = {
    "svg": _figure_svg,
    "png": _figure_copy("png"),
    "pdf": _figure_copy("pdf"),
    "csv": _figure_csv,
}
TABLE_MAKERS: dict[str, Callable[[Display], bytes]] = {
    "csv": _table_csv,
    "tex": _table_tex,
    "xlsx": _table_xlsx,
}
