"""Pictures of series: lines over years, slopes between two points, events in time, distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from regint.display import letters, palette, prose, rows, style
from regint.display.markup import plain

_STICKS: Final = 60
_BINS: Final = 40


def draw_lines(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    height: float = 230.0,
    unit: str = "",
    share: bool = False,
) -> Axes:
    """Draw one line per series, named at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `x`, `y` and `series`; optional `lower` and `upper`, drawn as a pale band. Gaps stay gaps.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    height : float
        Height in points.
    unit : str
        Unit of `y`, written above the scale.
    share : bool
        Write `y` as percentages.

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
    >>> frame = pd.DataFrame({"x": [2020, 2021], "y": [1.0, 2.0], "series": "Trade"})
    >>> draw_lines(frame).lines[0].get_ydata().tolist()
    [1.0, 2.0]
    """
    rows.require(frame, "x", "y", "series")
    ax = style.axes_for(ax)
    names = list(dict.fromkeys(frame["series"]))
    for place, name in enumerate(names):
        part = frame[frame["series"] == name]
        colour, dash = (
            palette.accent(place),
            palette.DASHES[place % len(palette.DASHES)],
        )
        ax.plot(
            part["x"],
            part["y"].astype(float),
            color=colour,
            linestyle=dash,
            linewidth=1.9,
        )
        if {"lower", "upper"} <= set(part.columns):
            ends = (part[end].astype(float) for end in ("lower", "upper"))
            ax.fill_between(
                part["x"], *ends, color=colour, alpha=palette.PALE, linewidth=0
            )
    rows.stretch(ax, height)
    _plain_axes(ax, share)
    if unit:
        ax.set_title(plain(unit), loc="left", weight="normal")
    _name_ends(ax, frame, names, height)
    return ax


def draw_slope(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    ends: tuple[str, str] = ("before", "after"),
    share: bool = True,
    height: float = 230.0,
) -> Axes:
    """Draw each row as a line from one value to another, named at its right end.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `before`, `after`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    ends : (str, str)
        Names of the two sides.
    share : bool
        Write the values as percentages.
    height : float
        Height in points.

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
    >>> frame = pd.DataFrame({"label": ["Energy"], "before": [0.4], "after": [0.67]})
    >>> [tick.get_text() for tick in draw_slope(frame, ends=("of 50", "of 30")).get_xticklabels()]
    ['of 50', 'of 30']
    """
    rows.require(frame, "label", "before", "after")
    sides = [
        pd.DataFrame({"x": x, "y": frame[c], "series": frame["label"]})
        for x, c in ((0, "before"), (1, "after"))
    ]
    ax = draw_lines(pd.concat(sides), ax=ax, height=height, share=share)
    for place, row in enumerate(frame.itertuples(index=False)):
        ax.plot(
            [0, 1],
            [row.before, row.after],
            palette.marker(place),
            color=palette.accent(place),
            linestyle="none",
        )
    ax.set_xticks([0, 1], [plain(end) for end in ends])
    ax.set_xlim(-0.08, 1.02)
    return ax


def draw_timeline(
    frame: pd.DataFrame, *, ax: Axes | None = None, until: float | None = None
) -> Axes:
    """Draw events as points and spells as bars on a scale of years.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `start`; optional `end` (missing for an event), `ongoing` (bool: the bar runs to the end
        of the scale) and `group` (its colour and shape). Times are years or dates.
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
        frame["ongoing"].fillna(False).astype(bool).tolist()
        if "ongoing" in frame
        else [False] * len(frame)
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
    ax.xaxis.get_major_locator().set_params(integer=True, nbins=4)  # type: ignore[call-arg]
    rows.key(
        ax, [rows.Key("bar", str(group), series) for series, group in enumerate(groups)]
    )
    return ax


def draw_distribution(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    points: Mapping[str, float] | None = None,
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Draw how often each value of a statistic occurs, one ridge per group.

    Few distinct values are drawn as sticks, many in bins of equal width. Heights compare within a group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Column `value`; optional `weight` (how often) and `group`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    points : mapping of str to float, optional
        A value to mark in each group, for instance the one published.
    limits : (float, float), optional
        Ends of the scale; by default those of the data.

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
    >>> frame = pd.DataFrame({"value": [0.2, 0.4, 0.4], "group": "Consensus"})
    >>> [round(float(bar.get_height()), 2) for bar in draw_distribution(frame).patches]
    [-1.1, -2.2]
    """
    rows.require(frame, "value")
    ax = style.axes_for(ax)
    frame = frame[frame["value"].notna()]
    groups = list(dict.fromkeys(frame["group"])) if "group" in frame else [""]
    named = "group" in frame
    places = rows.lay_out(ax, groups if named else [" "], height=2.2)
    low, high = limits or _ends(frame["value"])
    for at, (group, (mark,)) in enumerate(zip(groups, places, strict=False)):
        part = frame[frame["group"] == group] if named else frame
        _draw_ridge(ax, part, mark, (low, high), at if named else 0)
        if points and group in points:
            foot = mark.top + mark.height
            ax.plot(
                [points[group]] * 2, [mark.top, foot], color=palette.INK, linewidth=1.4
            )
            ax.plot(
                [points[group]],
                [mark.top],
                "v",
                color=palette.INK,
                markersize=6,
                clip_on=False,
            )
    ax.set_xlim(low, high)
    return ax


def _draw_ridge(
    ax: Axes,
    part: pd.DataFrame,
    mark: rows.Mark,
    limits: tuple[float, float],
    series: int,
) -> None:
    values = part["value"].astype(float).to_numpy()
    weights = (
        part["weight"].astype(float).to_numpy()
        if "weight" in part
        else np.ones(len(values))
    )
    distinct, place = np.unique(values, return_inverse=True)
    low, high = limits
    if len(distinct) <= _STICKS:
        heights, width = (
            np.bincount(place, weights, minlength=len(distinct)),
            (high - low) / 150,
        )
        lefts = distinct - width / 2
    else:
        heights, edges = np.histogram(values, bins=_BINS, range=limits, weights=weights)
        width, lefts = (high - low) / _BINS, edges[:-1]
    foot = mark.top + mark.height
    full = heights.max() if len(heights) and heights.max() > 0 else 1.0
    ax.bar(
        lefts,
        -mark.height * heights / full,
        width,
        bottom=foot,
        align="edge",
        color=palette.accent(series),
        linewidth=0,
    )
    ax.plot([low, high], [foot, foot], color=palette.GREY, linewidth=0.8)


def _ends(values: pd.Series[Any]) -> tuple[float, float]:
    if values.empty:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    space = 0.03 * (high - low) or 0.5
    return low - space, high + space


def _year(moment: Any) -> float | None:
    """Return a time as a decimal year."""
    if moment is None or pd.isna(moment) or moment == "":
        return None
    if isinstance(moment, int | float | np.integer | np.floating):
        return float(moment)
    if isinstance(moment, str) and moment.isdigit():
        return float(moment)
    date = pd.Timestamp(moment)
    return date.year + (date.day_of_year - 1) / (366 if date.is_leap_year else 365)


def _spell(start: float | None, end: float | None, ongoing: bool) -> str:
    if start is None:
        return prose.MISSING
    first = str(int(start))
    if ongoing:
        return f"{first}–"
    return first if end is None or int(end) == int(start) else f"{first}–{int(end)}"


def _draw_spell(
    ax: Axes, start: float | None, end: float | None, mark: rows.Mark, series: int
) -> None:
    if start is None:
        return
    if end is None:
        rows.point(ax, start, mark, series)
    else:
        rows.bar(ax, start, max(end, start + 0.15), mark, series)


def _plain_axes(ax: Axes, share: bool) -> None:
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="both", pad=3)
    ax.xaxis.get_major_locator().set_params(integer=True, nbins=4)  # type: ignore[call-arg]
    if share:
        ax.yaxis.set_major_formatter(lambda y, _: str(prose.share(y)))
    ax.margins(x=0.01)


def _name_ends(
    ax: Axes, frame: pd.DataFrame, names: Sequence[Any], height: float
) -> None:
    """Write each series' name beside its last value, moved apart where they would touch."""
    last = {
        name: frame[(frame["series"] == name) & frame["y"].notna()] for name in names
    }
    ends = sorted(
        (float(part["y"].iloc[-1]), place)
        for place, part in enumerate(last.values())
        if len(part)
    )
    if not ends:
        return
    low, high = ax.get_ylim()
    step = (high - low) * palette.LINE_HEIGHT / max(height - 40, 60)
    at = _spread([y for y, _ in ends], step, low, high)
    right = max(part["x"].iloc[-1] for part in last.values() if len(part))
    for (_, place), y in zip(ends, at, strict=True):
        text = letters.wrapped(names[place], 90)[0] + (
            "…" if len(letters.wrapped(names[place], 90)) > 1 else ""
        )
        ax.annotate(
            text, (right, y), xytext=(6, 0), textcoords="offset points", va="center", color=palette.accent(place),
            weight="bold", annotation_clip=False, parse_math=False,
        )  # fmt: skip


def _spread(wanted: list[float], step: float, low: float, high: float) -> list[float]:
    """Move sorted heights apart by at least `step`, within the scale where there is room."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + step) if placed else max(y, low))
    over = placed[-1] - high if placed else 0.0
    for at in range(len(placed) - 1, -1, -1):
        if over <= 0:
            break
        ceiling = high if at == len(placed) - 1 else placed[at + 1] - step
        placed[at] = min(placed[at], ceiling)
    return placed
