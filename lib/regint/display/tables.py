"""Tables a reader sees: caption, scoped headers, aligned numbers, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from regint.display import formats as fmt
from regint.display.headings import PRINTED, heading
from regint.display.markup import escape_html, plain, slug

MIME: Final = "application/vnd.regint.table+json"


class TableError(ValueError):
    """A table that cannot be shown as asked."""


class Table:
    """A table ready to be shown; a notebook displays it, the exporter rebuilds it from its JSON form."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            "text/plain": self.as_text(),
            "text/html": self.as_html(),
            MIME: self.payload,
        }

    def as_text(self) -> str:
        """Return the table for a terminal."""
        columns, rows = self.payload["columns"], self.payload["rows"]
        grid = [[column["header"] for column in columns], *rows]
        widths = [max(len(row[i]) for row in grid) for i in range(len(columns))]
        lines = [
            "  ".join(_pad(cell, w, c["align"]) for cell, w, c in zip(row, widths, columns, strict=True))
            for row in grid
        ]
        return "\n".join([self.payload["caption"], *(line.rstrip() for line in lines)])

    def as_html(self) -> str:
        """Return one HTML table with its caption."""
        payload = self.payload
        head = "".join(_header(column) for column in payload["columns"])
        body = "".join(f"<tr>{_row(row, payload['columns'])}</tr>" for row in payload["rows"])
        caption = f"<caption>{escape_html(payload['caption'])}</caption>"
        note = f"<p>{escape_html(payload['note'])}</p>" if payload["note"] else ""
        table = (
            f'<table id="{payload["label"]}" class="regint-table">{caption}'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
        )
        summary = f"<summary>{escape_html(payload['caption'])}</summary>"
        return f"<details>{summary}{table}</details>" if payload["folded"] else table


def show(
    frame: pd.DataFrame,
    *,
    caption: str,
    label: str,
    headers: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    note: str | None = None,
    group: str | Sequence[str] = (),
    folded: bool = False,
) -> Table:
    """Show the columns of a frame as a captioned table.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per row of the table; its index is not shown. An interval column holds (lower, upper) pairs.
    caption : str
        What the table holds, with its base.
    label : str
        Anchor for cross references, ``tbl-...``.
    headers : mapping, optional
        Header by column; when given, only these columns are shown, in this order. Otherwise every column,
        under the collection's heading for it (`headings.HEADINGS`) or its name with a capital.
    formats : mapping, optional
        How to print a column, one of `formats.FORMATS`; otherwise as the collection prints numbers of that
        name (`headings.PRINTED`), or by the column's type.
    note : str, optional
        A line under the table.
    group : str or sequence of str
        Columns that a page writes once above the rows that share their values, instead of beside each;
        the downloads keep them as columns.
    folded : bool
        Whether a page shows the caption only, until the reader unfolds it; for long tables of record. Print
        shows it whole.

    Returns
    -------
    Table
        Shown by a notebook; `payload` is the form the exporter reads.

    Raises
    ------
    TableError
        For a label, column or format that does not exist, or a missing caption.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Energy"], "share": [0.26]})
    >>> print(show(frame, caption="Shares of 50", label="tbl-shares", formats={"share": "share"}).as_text())
    Shares of 50
    Response  Share
    Energy      26%
    """
    headers = dict(headers) if headers is not None else {str(name): heading(name) for name in frame.columns}
    formats = dict(formats or {})
    _check(frame, caption, label, headers, formats)
    group = [group] if isinstance(group, str) else list(group)
    for name in group:
        if name not in headers:
            raise TableError(f"Table {label} cannot be grouped by {name!r}, which is not among its columns.")
    columns = [_column(frame[name], header, formats.get(name)) for name, header in headers.items()]
    cells = [[fmt.render(value, column["format"]) for value in frame[column["name"]]] for column in columns]
    values = [[fmt.raw(value, column["format"]) for value in frame[column["name"]]] for column in columns]
    payload = {
        "label": label,
        "caption": plain(caption),
        "columns": columns,
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "values": [list(row) for row in zip(*values, strict=True)],
        "note": plain(note) if note else None,
        "group": [list(headers).index(name) for name in group],
        "folded": folded,
    }
    return Table(payload)


def paired(
    frame: pd.DataFrame, name: str = "interval", lower: str = "lower", upper: str = "upper"
) -> pd.DataFrame:
    """Return a frame with a column of (lower, upper) pairs, the form in which a table shows intervals.

    Examples
    --------
    >>> paired(pd.DataFrame({"lower": [0.1], "upper": [0.2]}))["interval"].tolist()
    [(0.1, 0.2)]
    """
    return frame.assign(**{name: list(zip(frame[lower], frame[upper], strict=True))})


def neutralise(text: object) -> str:
    """Return text that a spreadsheet will not run as a formula.

    Text that begins with ``= + - @``, a tab or a carriage return gets a leading apostrophe. Numbers are not
    text: do not pass them through here.

    Examples
    --------
    >>> neutralise("=1+1"), neutralise("Energy")
    ("'=1+1", 'Energy')
    """
    string = str(text)
    risky = string.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    return f"'{string}" if risky or string.startswith(("\t", "\r", "\n")) else string


def _check(
    frame: pd.DataFrame,
    caption: str,
    label: str,
    headers: dict[str, str],
    formats: dict[str, str],
) -> None:
    if not label.startswith("tbl-") or slug(label) != label:
        raise TableError(
            f"A table label looks like 'tbl-shares' (small letters, digits, hyphens), not {label!r}."
        )
    if not plain(caption):
        raise TableError(f"Table {label} needs a caption that names its content and base.")
    absent = [name for name in (*headers, *formats) if name not in frame.columns]
    if absent:
        raise TableError(
            f"Table {label} has no column {absent[0]!r}; it has: {', '.join(map(str, frame.columns))}."
        )
    for name, kind in formats.items():
        if kind not in fmt.FORMATS:
            raise TableError(
                f"Column {name!r}: no format {kind!r}; choose from {', '.join(sorted(fmt.FORMATS))}."
            )


def _column(series: pd.Series[Any], header: str, kind: str | None) -> dict[str, Any]:
    kind = kind or _usual_format(series)
    align = "left" if kind in fmt.LEFT else "right"
    return {
        "name": str(series.name),
        "header": plain(header),
        "align": align,
        "format": kind,
    }


def _usual_format(series: pd.Series[Any]) -> str:
    """Return the format of a column left to us; a name promises nothing about text."""
    named = PRINTED.get(str(series.name)) if pd.api.types.is_numeric_dtype(series) else None
    return named or fmt.infer(series)


def _pad(cell: str, width: int, align: str) -> str:
    return cell.ljust(width) if align == "left" else cell.rjust(width)


def _header(column: dict[str, Any]) -> str:
    return f'<th scope="col" style="text-align:{column["align"]}">{escape_html(column["header"])}</th>'


def _row(row: list[str], columns: list[dict[str, Any]]) -> str:
    cells = []
    for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
        text = (
            escape_html(cell)
            if cell != fmt.MISSING
            else f'<span role="img" aria-label="no value">{fmt.MISSING}</span>'
        )
        tag = 'th scope="row"' if place == 0 and column["align"] == "left" else "td"
        cells.append(f'<{tag} style="text-align:{column["align"]}">{text}</{tag[:2]}>')
    return "".join(cells)
