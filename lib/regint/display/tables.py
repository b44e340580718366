"""Tables as a reader sees them: headings, formats, and the page's own markup."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from regint.display import prose
from regint.display.prose import escape_html, plain, slug

HEADINGS: Final[Mapping[str, str]] = {
    "question_label": "Question",
    "label": "Response",
    "locator": "Place",
    "note": "Remark",
    "base_status": "Base is",
    "weighted_share": "Weighted",
    "paraphrase": "Claim",
    "predicate": "As a statement",
    "witness": "It holds for",
    "counterexample": "It fails for",
    "seen": "Source",
    "rationale": "Why",
    "low": "From",
    "high": "To",
    "lower": "From",
    "upper": "To",
    "p_value": "p",
    "sends": "Links out",
    "receives": "Links in",
    "link": "Claimed link",
    "from_first": "First, sender",
    "to_first": "First, receiver",
    "value_bn": "Value, USD bn",
    "gdp_bn": "GDP, USD bn",
    "hhi_gdp": "HHI of GDP",
    "cv": "CV",
    "ends": "Ends that count",
    "behind": "All figures",
    "parity": "Parity alone",
    "possible": "Bases possible",
    "accounted_most": "Accounted for",
    "unreported_least": "Unreported",
    "counted": "Base counted",
}

PRINTED: Final[Mapping[str, str]] = {
    "year": "year",
    "share": "share1",
    "weighted_share": "share1",
    "plain_share": "share1",
    "effective_base": "decimal1",
    "p_value": "probability",
    "p_at_least": "decimal3",
    "value_bn": "decimal1",
    "gdp_bn": "decimal1",
    "hhi_gdp": "decimal3",
    "theil": "decimal3",
    "sd_log": "decimal3",
    "behind": "decimal1",
    "parity": "decimal1",
    "posterior": "probability",
    "coincidence_rate": "share1",
}


def heading(column: object) -> str:
    """Return the heading of a column: the collection's word for it, else its name with a capital."""
    name = str(column)
    return HEADINGS.get(name, f"{name[:1].upper()}{name[1:].replace('_', ' ')}")


MISSING: Final = prose.MISSING
LEFT: Final = frozenset({"text", "yesno"})


def _pair(render: Callable[[float], str], joiner: str = "–") -> Callable[[Any], str]:
    """Print (lower, upper) with the unit once per end, or once when both ends are the same."""

    def render_pair(value: Any) -> str:
        lower, upper = (render(end) for end in value)
        return lower if lower == upper else f"{lower}{joiner}{upper}"

    return render_pair


def _percent_pair(places: int) -> Callable[[Any], str]:
    def render_pair(value: Any) -> str:
        lower, upper = (prose.share(end, places) for end in value)
        return str(lower) if lower == upper else f"{lower.rstrip('%')}–{upper}"

    return render_pair


def _plain_number(value: float) -> str:
    """Print a whole number without decimals and any other with two: for columns that mix them."""
    whole = float(value).is_integer()
    return str(prose.count(value) if whole else prose.decimal(value, 2))


def _probability(value: float) -> str:
    return "< 0.001" if value < 0.001 else str(prose.decimal(value, 3))


FORMATS: Final[dict[str, Callable[[Any], str]]] = {
    "text": lambda value: plain(value),
    "yesno": lambda value: "yes" if value else "no",
    "count": lambda value: prose.count(value),
    "year": lambda value: str(int(value)),
    "share": lambda value: prose.share(value),
    "share1": lambda value: prose.share(value, 1),
    "decimal1": lambda value: prose.decimal(value, 1),
    "decimal2": lambda value: prose.decimal(value, 2),
    "decimal3": lambda value: prose.decimal(value, 3),
    "number": _plain_number,
    "probability": _probability,
    "effective_base": lambda value: f"effective base {prose.decimal(value, 1)}",
    "interval": _percent_pair(0),
    "interval1": _percent_pair(1),
    "range": _pair(lambda end: prose.count(end)),
    "interval_probability": _pair(_probability, " to "),
    "interval_number": _pair(_plain_number, " to "),
    "interval_decimal0": _pair(lambda end: prose.decimal(end, 0), " to "),
    "interval_decimal1": _pair(lambda end: prose.decimal(end, 1), " to "),
    "interval_decimal2": _pair(lambda end: prose.decimal(end, 2), " to "),
    "interval_decimal3": _pair(lambda end: prose.decimal(end, 3), " to "),
}


def infer(series: pd.Series[Any]) -> str:
    """Choose a format by the type of a column."""
    if pd.api.types.is_bool_dtype(series):
        return "yesno"
    if pd.api.types.is_integer_dtype(series):
        return "count"
    if pd.api.types.is_float_dtype(series):
        return "decimal2"
    return "text"


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
    return MISSING if absent(value) else str(FORMATS[kind](value))


def raw(value: Any, kind: str = "text") -> Any:
    """Return a value as JSON holds it: text, number, pair or null, unrounded."""
    if absent(value):
        return None
    if isinstance(value, tuple | list):
        return [raw(end, kind) for end in value]
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, bool | int | float) else plain(value)


MIME: Final = "application/vnd.nbarticle.table+json"


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
        """Return the table as pandas writes it, for JupyterLab; the page is made from the payload."""
        payload = self.payload
        frame = pd.DataFrame(payload["rows"], columns=[column["header"] for column in payload["columns"]])
        with pd.option_context("display.max_colwidth", None):
            cells: str = frame.to_html(index=False, border=0)
        texts = [f"<p>{escape_html(text)}</p>" for text in (payload["caption"], payload["note"] or "")]
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
    cells = [[render(value, column["format"]) for value in frame[column["name"]]] for column in columns]
    values = [[raw(value, column["format"]) for value in frame[column["name"]]] for column in columns]
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
        if kind not in FORMATS:
            raise TableError(
                f"Column {name!r}: no format {kind!r}; choose from {', '.join(sorted(FORMATS))}."
            )


def _column(series: pd.Series[Any], header: str, kind: str | None) -> dict[str, Any]:
    kind = kind or _usual_format(series)
    align = "left" if kind in LEFT else "right"
    return {
        "name": str(series.name),
        "header": plain(header),
        "align": align,
        "format": kind,
    }


def _usual_format(series: pd.Series[Any]) -> str:
    """Return the format of a column left to us; a name promises nothing about text."""
    named = PRINTED.get(str(series.name)) if pd.api.types.is_numeric_dtype(series) else None
    return named or infer(series)


def _pad(cell: str, width: int, align: str) -> str:
    return cell.ljust(width) if align == "left" else cell.rjust(width)


_NO_WEIGHTS = "No weights are stated for this survey, so every answer counts once."
_METHOD = (
    "Intervals by Taylor linearisation, Student's t on the logit scale, as in R's survey package; they hold "
    "for a random sample of this design. A dash: everyone or nobody, so no error."
)


def weights(shares: pd.DataFrame, *, design: str, confidence: float, label: str) -> Table | prose.Sentence:
    """Show weighted shares beside plain ones, or say that there are no weights.

    Parameters
    ----------
    shares : pandas.DataFrame
        Rows of one question: `question_label`, `label`, `count`, `answered`, `effective_base`, `share`,
        `weighted_share`, `lower`, `upper`; empty without weights.
    design : str
        The weight, strata and clusters stated.
    confidence : float
        Coverage of the intervals, 0-1.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table or Sentence
        With the base, Kish's effective base and the method.

    Examples
    --------
    >>> print(weights(pd.DataFrame(), design="", confidence=0.95, label="tbl-weights"))
    No weights are stated for this survey, so every answer counts once.
    """
    if shares.empty:
        return prose.say(_NO_WEIGHTS)
    first = shares.iloc[0]
    base = f"{prose.count(first['answered'])} who answered"
    if pd.notna(first["effective_base"]):
        base += (
            f", worth {prose.decimal(first['effective_base'], 1)} with equal weights (Kish's effective base)"
        )
    return show(
        paired(shares),
        caption=f"Weighted shares and intervals, coverage {prose.level(confidence)}, of {base}: "
        f"{first['question_label']} ({design or 'design not named'})",
        label=label,
        headers={"label": "Option", "share": "Plain", "weighted_share": "Weighted", "interval": "Interval"},
        formats={"share": "share1", "weighted_share": "share1", "interval": "interval"},
        note=_METHOD,
    )


def together(
    intervals: pd.DataFrame | None, counts: Mapping[str, int] | None, *, what: str | None, label: str
) -> Table | prose.Sentence:
    """Show intervals that hold together, or say that no question allows them.

    Parameters
    ----------
    intervals : pandas.DataFrame or None
        Columns `count`, `share`, `lower`, `upper`, `reason` (why the conditions fail, else empty).
    counts : mapping or None
        The options, in the same order.
    what : str or None
        The question.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table or Sentence
        With a note on the conditions.

    Examples
    --------
    >>> print(together(None, None, what=None, label="tbl-goodman"))
    No closed question here has known counts for all its options.
    """
    if intervals is None or counts is None:
        return prose.say("No closed question here has known counts for all its options.")
    reason = intervals["reason"].iloc[0]
    kept = "The conditions of the method are met."
    answers = prose.count(sum(counts.values()))
    return show(
        paired(intervals.assign(option=[f"{name} ({count})" for name, count in counts.items()])),
        caption=f"Intervals that hold together (Goodman), of {answers} answers: {what}",
        label=label,
        headers={"option": "Option (count)", "share": "Share", "interval": "Interval"},
        formats={"share": "share1", "interval": "interval1"},
        note=f"The conditions of the method are not met ({reason}): read the ends as rough."
        if reason
        else kept,
    )


def summaries(spans: pd.DataFrame, *, what: str, answers: int, asked: int, label: str) -> Table:
    """Show summaries of an ordered question among the answers given, and their bounds for everyone asked.

    Parameters
    ----------
    spans : pandas.DataFrame
        Columns `label`, `least`, `most` (ends of the scale), `value`, `lower`, `upper`.
    what : str
        The question.
    answers, asked : int
        How many answered on the scale, and how many were asked.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table
        One row per summary.

    Examples
    --------
    >>> spans = pd.DataFrame([["Mean", 1, 5, 4.03, 2.82, 4.42]])
    >>> spans.columns = ["label", "least", "most", "value", "lower", "upper"]
    >>> summaries(spans, what="Prospects", answers=30, asked=50, label="tbl-s").payload["rows"]
    [['Mean, 1 to 5', '4.03', '2.82 to 4.42']]
    """
    ends = zip(spans["label"], spans["least"], spans["most"], strict=True)
    labels = [
        f"{label}, {prose.decimal(least, 0)} to {prose.decimal(most, 0)}" for label, least, most in ends
    ]
    return show(
        paired(spans.assign(label=labels), "bounds"),
        caption=f"Summaries of {answers} answers, and their sharp bounds for all {asked} asked: {what}",
        label=label,
        headers={"label": "Summary, and its scale", "value": "Answers", "bounds": "All asked"},
        formats={"value": "decimal2", "bounds": "interval_decimal2"},
    )


def undecided(pairs: pd.DataFrame, *, what: str, people: str, label: str) -> Table | prose.Sentence:
    """Show the pairs that only the overlap decides, and from which overlap on they differ significantly.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Columns `first`, `second`, `least_overlap`, `most_overlap`, `flip_overlap`.
    what : str
        The question.
    people : str
        The base in words.
    label : str
        Anchor, ``tbl-...``.

    Returns
    -------
    Table or Sentence
        One row per pair.

    Examples
    --------
    >>> print(undecided(pd.DataFrame(), what="Directions", people="of 50", label="tbl-u"))
    No pair is undecidable on the base of 50.
    """
    if pairs.empty:
        return prose.say("No pair is undecidable on the base {people}.", people=people)
    names = [f"{row.first} over {row.second}" for row in pairs.itertuples()]
    return show(
        paired(pairs.assign(pair=names), "overlap", "least_overlap", "most_overlap"),
        caption=f"Pairs that the overlap decides, {people} people: how many may have chosen both, and from "
        f"how many on the difference is significant. {what}",
        label=label,
        headers={"pair": "Named more often", "overlap": "Possible", "flip_overlap": "Decisive"},
        formats={"overlap": "range"},
    )
