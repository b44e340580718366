"""Alternative texts and longer descriptions, composed from the data behind a picture.

Each function returns the keyword arguments `alt` and `description` of `figures.show`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from regint.display import prose, row_layout
from regint.display.prose import plain

_MOST_POINTS = 30  # of a series read out one by one


def describe_shares(
    frame: pd.DataFrame, *, what: str, by: str | None = None, kind: str = "Chart"
) -> dict[str, str]:
    """Describe a picture of shares: how many, the largest, the smallest; then every one.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `share`; optional `lower`, `upper` and the column `by`.
    what : str
        What the shares are of, with the base: ``"Directions of integration, share of 50 experts"``.
    by : str, optional
        Column that tells groups apart.
    kind : str
        Kind of picture, the first words of the text.

    Returns
    -------
    dict
        `alt` and `description`.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Energy", "Mines", "Banks"], "share": [0.4, 0.1, None]})
    >>> text = describe_shares(frame, what="Directions, share of 50", kind="Dot chart")
    >>> text["alt"]
    'Dot chart. Directions, share of 50: 3 rows, from Energy, 40%, to Mines, 10%; 1 unknown.'
    >>> text["description"]
    'Energy: 40%. Mines: 10%. Banks: unknown.'
    """
    row_layout.require(frame, "label", "share", *([by] if by else []))
    first = frame if by is None or frame.empty else frame[frame[by] == frame[by].iloc[0]]
    known = first[first["share"].notna()].sort_values("share", ascending=False, kind="stable")
    alt = f"{plain(kind)}. {plain(what)}: {prose.plural(len(first), 'row')}"
    if len(known):
        ends = [_at(known.iloc[0]), _at(known.iloc[-1])][: len(known)]
        start = f"; {plain(first[by].iloc[0])}: " if by else ", "
        alt += start + (f"from {ends[0]}, to {ends[1]}" if len(ends) > 1 else f"only {ends[0]}")
    silent = len(first) - len(known)
    alt += f"; {silent} unknown." if silent else "."
    items = [f"{_name(row, by)}: {_share(row)}." for row in frame.to_dict("records")]
    return {"alt": alt, "description": " ".join(items)}


def state_shares(frame: pd.DataFrame, *, what: str, of: str) -> str:
    """State the finding of a picture of shares in a caption: what leads, as far as is known, and the base."""
    row_layout.require(frame, "label", "share")
    known = frame[frame["share"].notna()]
    if known.empty:
        return f"{plain(what)}: no share is known. Base: {plain(of)}."
    leading = known[known["share"] > known["share"].max() - 1e-9]
    first, highest = (
        [f"“{plain(label)}”" for label in leading["label"]],
        row_layout.share_text(leading.iloc[0]),
    )
    names = " and ".join([", ".join(first[:-1]), first[-1]]) if len(first) > 1 else first[0]
    if len(known) == 1:
        finding = f"the only share known is {highest}, for {names}"
    elif len(known) < len(frame):
        finding = f"of the shares known, {highest} for {names} is the largest"
    else:
        finding = f"{names} {'leads' if len(first) == 1 else 'lead'} with {highest}"
    return f"{plain(what)}: {finding}. Base: {plain(of)}."


def describe_ranges(
    frame: pd.DataFrame,
    *,
    what: str,
    by: str | None = None,
    scale: str = "share",
    kind: str = "Range chart",
) -> dict[str, str]:
    """Describe a picture of ranges: the widest and the narrowest; then every one.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper`; optional `share` (as printed) and the column `by`.
    what : str
        What the ranges are of, with the base.
    by : str, optional
        Column that tells groups apart.
    scale : str
        ``"share"`` or ``"number"``.
    kind : str
        Kind of picture.

    Returns
    -------
    dict
        `alt` and `description`.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["A", "B"], "lower": [-0.2, 0.3], "upper": [0.8, 0.9]})
    >>> describe_ranges(frame, what="Agreement of 50", scale="number")["alt"]
    'Range chart. Agreement of 50: 2 rows; widest is A, −0.20 to 0.80, narrowest B, 0.30 to 0.90.'
    """
    row_layout.require(frame, "label", "lower", "upper", *([by] if by else []))
    write = prose.share if scale == "share" else prose.decimal
    spans = [(row, f"{write(row['lower'])} to {write(row['upper'])}") for row in frame.to_dict("records")]
    known = [(row, span) for row, span in spans if pd.notna(row["lower"]) and pd.notna(row["upper"])]
    alt = f"{plain(kind)}. {plain(what)}: {prose.plural(len(frame), 'row')}"
    if known:
        order = sorted(known, key=lambda item: item[0]["upper"] - item[0]["lower"])
        (narrow, least), (wide, most) = order[0], order[-1]
        alt += f"; widest is {_name(wide, by)}, {most}, narrowest {_name(narrow, by)}, {least}"
    items = [f"{_name(row, by)}: {span if (row, span) in known else 'unknown'}." for row, span in spans]
    return {"alt": f"{alt}.", "description": " ".join(items)}


def describe_series(
    frame: pd.DataFrame, *, what: str, places: int = 1, kind: str = "Line chart"
) -> dict[str, str]:
    """Describe a picture of lines: each series with its first and last value; then every point, if few.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `x`, `y`, `series`.
    what : str
        What the lines show, with the unit.
    places : int
        Decimal places of the values.
    kind : str
        Kind of picture.

    Returns
    -------
    dict
        `alt` and `description`.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [2000, 2020], "y": [1.0, 4.0], "series": "Trade"})
    >>> describe_series(frame, what="Billions of dollars")["alt"]
    'Line chart. Billions of dollars, 2000 to 2020: Trade from 1.0 to 4.0.'
    >>> long = pd.DataFrame({"x": range(50), "y": [abs(x - 30) for x in range(50)], "series": "Gap"})
    >>> describe_series(long, what="Distance", places=0)["description"]
    'Gap, 50 points from 30 to 19: lowest 0 at 30, highest 30 at 0.'
    """
    row_layout.require(frame, "x", "y", "series")
    known = frame[frame["y"].notna()]
    ends = [
        f"{plain(name)} from {_first_last(part, places)}"
        for name, part in known.groupby("series", sort=False)
    ]
    span = f", {known['x'].min()} to {known['x'].max()}" if len(known) else ""
    alt = f"{plain(kind)}. {plain(what)}{span}: {'; '.join(ends) or 'no values'}."
    points = [
        _course(name, part, places) if len(part) > _MOST_POINTS else _points(part, places)
        for name, part in known.groupby("series", sort=False)
    ]
    return {"alt": alt, "description": " ".join(points)}


def describe_grid(frame: pd.DataFrame, *, what: str, places: int = 0, kind: str = "Grid") -> dict[str, str]:
    """Describe a picture of cells: its size and highest cell; then every one.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `row`, `column`, and `value` or `low` and `high`.
    what : str
        What the cells hold.
    places : int
        Decimal places of the values.
    kind : str
        Kind of picture.

    Returns
    -------
    dict
        `alt` and `description`.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": ["Customs"], "column": ["EAEU"], "low": [1], "high": [2]})
    >>> describe_grid(frame, what="Stage reached")["alt"]
    'Grid. Stage reached: 1 row by 1 column; highest is Customs, EAEU.'
    """
    top = "value" if "value" in frame else "high"
    row_layout.require(frame, "row", "column", top)
    high, wide = (
        prose.plural(frame["row"].nunique(), "row"),
        prose.plural(frame["column"].nunique(), "column"),
    )
    alt = f"{plain(kind)}. {plain(what)}: {high} by {wide}"
    if frame[top].notna().any():
        best = frame.loc[frame[top].astype(float).idxmax()]
        alt += f"; highest is {plain(best['row'])}, {plain(best['column'])}"
    cells = [
        f"{plain(r['row'])}, {plain(r['column'])}: {_cell(r, places)}." for r in frame.to_dict("records")
    ]
    return {"alt": f"{alt}.", "description": " ".join(cells)}


def _points(part: pd.DataFrame, places: int) -> str:
    """Every point of a series."""
    return " ".join(
        f"{plain(r['series'])}, {r['x']}: {prose.decimal(r['y'], places)}." for r in part.to_dict("records")
    )


def _course(name: object, part: pd.DataFrame, places: int) -> str:
    """Sum up a series whose points nobody would listen to one by one: its ends and extremes."""
    values = part["y"].to_numpy(dtype=float)
    low, high = part.iloc[values.argmin()], part.iloc[values.argmax()]
    return (
        f"{plain(name)}, {len(part)} points from {_first_last(part, places)}: "
        f"lowest {prose.decimal(low['y'], places)} at {low['x']}, "
        f"highest {prose.decimal(high['y'], places)} at {high['x']}."
    )


def _name(row: Any, by: str | None) -> str:
    return plain(row["label"]) if by is None else f"{plain(row['label'])}, {plain(row[by])}"


def _at(row: Any) -> str:
    return f"{plain(row['label'])}, {row_layout.share_text(row)}"


def _share(row: dict[Any, Any]) -> str:
    if pd.isna(row["share"]):
        return "unknown"
    if pd.isna(row.get("lower")) or pd.isna(row.get("upper")):
        return row_layout.share_text(row)
    return f"{row_layout.share_text(row)}, interval {prose.interval(row['lower'], row['upper'])}"


def _first_last(part: pd.DataFrame, places: int) -> str:
    return f"{prose.decimal(part['y'].iloc[0], places)} to {prose.decimal(part['y'].iloc[-1], places)}"


def _cell(row: dict[Any, Any], places: int) -> str:
    ends = [row["value"]] if "value" in row else [row["low"], row["high"]]
    if any(pd.isna(end) for end in ends):
        return "not known"
    return " to ".join(dict.fromkeys(str(prose.decimal(end, places)) for end in ends))
