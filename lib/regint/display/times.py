"""Pictures of events and spells in time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from regint.display import marks, prose, rows, style
from regint.display.keys import Key, explain
from regint.display.markup import plain


def draw_timeline(frame: pd.DataFrame, *, ax: Axes | None = None, until: float | None = None) -> Axes:
    """Draw events as points and spells as bars on a scale of years.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `start`; optional `end` (missing for an event), `ongoing` (bool: the bar runs to
        the end of the scale) and `group` (its colour and shape). Times are years or dates.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    until : float, optional
        End of the scale, a year; by default the last one in the frame.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Union", "Summit"], "start": [1994, 2018], "end": [2006, None]})
    >>> [text.get_text() for text in draw_timeline(frame).texts]
    ['1994–2006', 'Union', '2018', 'Summit']
    """
    rows.require(frame, "label", "start")
    ax = style.axes_for(ax)
    starts = [_year(v) for v in frame["start"]]
    stops = [_year(v) for v in frame["end"]] if "end" in frame else [None] * len(frame)
    ongoing = (
        frame["ongoing"].fillna(False).astype(bool).tolist() if "ongoing" in frame else [False] * len(frame)
    )
    last = until or max((v for v in [*starts, *stops] if v is not None), default=1.0)
    groups = list(dict.fromkeys(frame["group"])) if "group" in frame else []
    heads = [_spell(a, b, o) for a, b, o in zip(starts, stops, ongoing, strict=True)]
    places = rows.lay_out(ax, frame["label"].tolist(), values=heads, height=0.75)
    for at, (mark,) in enumerate(places):
        series = groups.index(frame["group"].iloc[at]) if groups else 0
        _draw_spell(ax, starts[at], last if ongoing[at] else stops[at], mark, series)
    first = min((v for v in starts if v is not None), default=0.0)
    ax.set_xlim(math.floor(first) - 0.3, max(last, first + 1) + 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    rows.rule(ax, places)
    spells = {group: "point" for group in groups}
    for at, group in enumerate(frame["group"] if groups else []):
        if ongoing[at] or stops[at] is not None:
            spells[group] = "bar"
    explain(ax, [Key(kind, str(group), series) for series, (group, kind) in enumerate(spells.items())])
    return ax


def describe_events(frame: pd.DataFrame, *, what: str, kind: str = "Timeline") -> dict[str, str]:
    """Describe a timeline: how many entries, the first and the last; then every one.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `start`; optional `end`.
    what : str
        What the entries are.
    kind : str
        Kind of picture.

    Returns
    -------
    dict
        `alt` and `description`.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Union", "Summit"], "start": [1994, 2018]})
    >>> describe_events(frame, what="Regional bodies")["alt"]
    'Timeline. Regional bodies: 2 entries, from Union (1994) to Summit (2018).'
    """
    rows.require(frame, "label", "start")
    items = [f"{plain(r['label'])} ({_period(r)})" for r in frame.to_dict("records")]
    alt = f"{plain(kind)}. {plain(what)}: {prose.plural(len(items), 'entry', 'entries')}"
    alt += f", from {items[0]} to {items[-1]}" if len(items) > 1 else ""
    return {"alt": f"{alt}.", "description": " ".join(f"{item}." for item in items)}


def _period(row: dict[Any, Any]) -> str:
    ends = [row["start"], row.get("end")]
    start, end = (None if end is None or pd.isna(end) else _moment(end) for end in ends)
    if start is None:
        return "date unknown"
    return start if end is None else f"{start} to {end}"


def _moment(value: Any) -> str:
    """Write a year without decimals, and a date as it is."""
    return str(int(value)) if isinstance(value, int | float | np.integer | np.floating) else plain(value)


def _year(moment: Any) -> float | None:
    """Return a time as a decimal year."""
    if moment is None or pd.isna(moment) or moment == "":
        return None
    if isinstance(moment, int | float | np.integer | np.floating):
        return float(moment)
    if isinstance(moment, str) and moment.isdigit():
        return float(moment)
    date = pd.Timestamp(moment)
    return float(date.year + (date.day_of_year - 1) / (366 if date.is_leap_year else 365))


def _spell(start: float | None, end: float | None, ongoing: bool) -> str:
    if start is None:
        return prose.MISSING
    first = str(int(start))
    if ongoing:
        return f"{first}–"
    return first if end is None or int(end) == int(start) else f"{first}–{int(end)}"


def _draw_spell(ax: Axes, start: float | None, end: float | None, mark: marks.Mark, series: int) -> None:
    if start is None:
        return
    if end is None:
        marks.point(ax, start, mark, series)
    else:
        marks.bar(ax, start, max(end, start + 0.15), mark, series)
