"""Tables as a reader sees them: headings, formats, and the page's own markup."""

from __future__ import annotations

import html
import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from textfiles.problems import Problem
from textfiles.text import clean

from regint.display import prose

_COLUMNS: Final = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
HEADINGS: Final[Mapping[str, str]] = _COLUMNS["headings"]
PRINTED: Final[Mapping[str, str]] = _COLUMNS["formats"]


def heading(column: object) -> str:
    """Return the heading of a column: the collection's word for it, else its name with a capital."""
    name = str(column)
    return HEADINGS.get(name, f"{name[:1].upper()}{name[1:].replace('_', ' ')}")


def _plain_number(value: float) -> str:
    """Print a whole number without decimals and any other with two: for columns that mix them."""
    return prose.count(value) if float(value).is_integer() else prose.decimal(value)


def _range(write: Callable[[float], str], joiner: str = " to ") -> Callable[[Any], str]:
    return lambda ends: prose.span(ends[0], ends[1], write, joiner)


FORMATS: Final[dict[str, Callable[[Any], str]]] = {
    **prose.NUMBERS,
    "text": clean,
    "figure": clean,
    "yesno": lambda value: "yes" if value else "no",
    "year": lambda value: str(int(value)),
    "number": _plain_number,
    "probability": prose.probability,
    "effective_base": lambda value: f"effective base {prose.decimal(value, 1)}",
    "interval": _range(prose.share, "–"),
    "range": _range(prose.count, "–"),
    "interval_decimal1": _range(prose.NUMBERS["decimal1"]),
    "interval_decimal2": _range(prose.decimal),
}


def absent(value: Any) -> bool:
    """Whether there is no value: None, NaN, NA, empty text, or a pair with such an end.

    Examples
    --------
    >>> absent(None), absent(float("nan")), absent((0.1, None)), absent(0)
    (True, True, True, False)
    """
    if isinstance(value, tuple | list):
        return not value or any(absent(end) for end in value)
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return value == "" if isinstance(value, str) else isinstance(value, float) and math.isnan(value)


def render(value: Any, kind: str) -> str:
    """Print one value by its format."""
    return prose.MISSING if absent(value) else str(FORMATS[kind](value))


def raw(value: Any) -> Any:
    """Return a value as JSON holds it: text, number, pair or null, unrounded."""
    if absent(value):
        return None
    if isinstance(value, tuple | list):
        return [raw(end) for end in value]
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, bool | int | float) else clean(value)


MIME: Final = "application/vnd.nbarticle.table+json"


class Table:
    """A table ready to be shown; a notebook displays it, the exporter rebuilds it from its JSON form."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": self.as_text(), "text/html": self.as_html(), MIME: self.payload}

    def as_text(self) -> str:
        """Return the table for a terminal."""
        columns, rows = self.payload["columns"], self.payload["rows"]
        grid = [[column["header"] for column in columns], *rows]
        widths = [max(len(row[i]) for row in grid) for i in range(len(columns))]
        signs = ["<" if column["align"] == "left" else ">" for column in columns]
        lines = [
            "  ".join(f"{cell:{sign}{w}}" for cell, sign, w in zip(row, signs, widths, strict=True))
            for row in grid
        ]
        return "\n".join([self.payload["caption"], *(line.rstrip() for line in lines)])

    def as_html(self) -> str:
        """Return the table as pandas writes it, for JupyterLab; the page is made from the payload."""
        payload = self.payload
        frame = pd.DataFrame(payload["rows"], columns=[column["header"] for column in payload["columns"]])
        with pd.option_context("display.max_colwidth", None):
            cells: str = frame.to_html(index=False, border=0)
        texts = [f"<p>{html.escape(text)}</p>" for text in (payload["caption"], payload["note"] or "")]
        return cells.join(texts)


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
        under the collection's heading for it (`HEADINGS`) or its name with a capital.
    formats : mapping, optional
        How to print a column, one of `FORMATS`; otherwise as the collection prints numbers of that
        name (`PRINTED`), or by the column's type.
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
    textfiles.problems.Problem
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
    check_label(label, "table", caption, "names its content and base")
    group = [group] if isinstance(group, str) else list(group)
    _check(frame, label, headers, formats, group)
    columns = [_column(frame[name], header, formats.get(name)) for name, header in headers.items()]
    cells = [[render(value, column["format"]) for value in frame[column["name"]]] for column in columns]
    values = [[raw(value) for value in frame[column["name"]]] for column in columns]
    payload = {
        "label": label,
        "caption": clean(caption),
        "columns": columns,
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "values": [list(row) for row in zip(*values, strict=True)],
        "note": clean(note) if note else None,
        "group": [list(headers).index(name) for name in group],
        "folded": folded,
    }
    return Table(payload)


def check_label(label: str, kind: str, caption: str, content: str) -> None:
    """Refuse a malformed label of a table or figure, and one without a caption that says `content`."""
    start = {"table": "tbl", "figure": "fig"}[kind]
    if not label.startswith(f"{start}-") or prose.slug(label) != label:
        raise Problem(
            f"A {kind} label looks like '{start}-shares' (small letters, digits, hyphens), not {label!r}."
        )
    if not clean(caption):
        raise Problem(f"{kind.capitalize()} {label} needs a caption that {content}.")


def _check(
    frame: pd.DataFrame,
    label: str,
    headers: Mapping[str, str],
    formats: Mapping[str, str],
    group: Sequence[str],
) -> None:
    lacking = [name for name in (*headers, *formats) if name not in frame.columns]
    if lacking:
        raise Problem(
            f"Table {label} has no column {lacking[0]!r}; it has: {', '.join(map(str, frame.columns))}."
        )
    for name, kind in formats.items():
        if kind not in FORMATS:
            raise Problem(f"Column {name!r}: no format {kind!r}; choose from {', '.join(sorted(FORMATS))}.")
    for name in group:
        if name not in headers:
            raise Problem(f"Table {label} cannot be grouped by {name!r}, which is not among its columns.")


def _column(series: pd.Series[Any], header: str, kind: str | None) -> dict[str, Any]:
    kind = kind or _usual_format(series)
    align = "left" if kind in {"text", "yesno"} else "right"
    return {"name": str(series.name), "header": clean(header), "align": align, "format": kind}


def _usual_format(series: pd.Series[Any]) -> str:
    """Choose a format by a column's name, which promises nothing about text, else by its type."""
    kinds = pd.api.types
    if kinds.is_bool_dtype(series):
        return "yesno"
    if not kinds.is_numeric_dtype(series):
        return "text"
    return PRINTED.get(str(series.name), "count" if kinds.is_integer_dtype(series) else "decimal2")
