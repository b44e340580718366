"""Charts of rows: shares, ranges and bases under their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from textfiles.text import clean

from regint.display import prose, row_layout, style
from regint.display.row_layout import Key, Mark, explain, value


def draw_ordered_bars(
    frame: pd.DataFrame, *, by: str | None = None, limit: float | None = None, interval: str = "interval"
) -> Axes:
    """Draw one bar per category of a scale, in the order of the frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `share` (0-1); optional `lower` and `upper` (an interval), `count` and `base`
        (written behind the name), `statement` (a quantity in words, written where no share is known), and
        the column `by`. A missing share leaves a hatched place.
    by : str, optional
        Column that tells several shares of a category apart, for instance the base.
    limit : float, optional
        End of the scale; by default the next fifth above the largest value.
    interval : str
        Name of the interval in the key.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["low", "high"], "share": [0.2, 0.8]})
    >>> [float(bar.get_width()) for bar in draw_ordered_bars(frame).patches]
    [0.2, 0.8]
    """
    row_layout.require(frame, "label", "share", *([by] if by else []))
    return _draw_shares(frame, by, limit, interval, solid=True)


def draw_ranked_dots(frame: pd.DataFrame, *, by: str | None = None, interval: str = "interval") -> Axes:
    """Draw one dot per option, the largest share on top; several bases under one another."""
    row_layout.require(frame, "label", "share", *([by] if by else []))
    if len(frame):
        first = frame if by is None else frame[frame[by] == frame[by].iloc[0]]
        order = first.sort_values("share", ascending=False, kind="stable")["label"].drop_duplicates()
        rank = {label: place for place, label in enumerate(order)}
        places = frame["label"].map(lambda label: rank.get(label, len(rank)))
        frame = frame.iloc[places.argsort(kind="stable")]
    return _draw_shares(frame, by, None, interval, solid=False)


def _draw_shares(
    frame: pd.DataFrame, by: str | None, limit: float | None, interval: str, *, solid: bool
) -> Axes:
    ax = style.new_axes()
    groups, labels, cells = row_layout.arrange(frame, by)
    known = [any(value(cell, "share") is not None for cell in row) for row in cells]
    heads = [
        " · ".join(row_layout.share_text(cell) for cell in row) if there else prose.MISSING
        for row, there in zip(cells, known, strict=True)
    ]
    names = [clean(label) + _tail(row, there) for label, row, there in zip(labels, cells, known, strict=True)]
    marks = [len(row) if there else 1 for row, there in zip(cells, known, strict=True)]
    places = row_layout.lay_out(ax, names, values=heads, marks=marks)
    end = row_layout.share_axis(ax, frame[[name for name in ("share", "upper") if name in frame]], limit)
    for row, spots in zip(cells, places, strict=True):
        for series, (cell, mark) in enumerate(zip(row, spots, strict=False)):
            share = value(cell, "share")
            if share is None:
                row_layout.silence(ax, 0, end, mark)
                continue
            if solid:
                row_layout.bar(ax, 0, share, mark, series)
            row_layout.line(ax, value(cell, "lower"), value(cell, "upper"), mark)
            if not solid:
                row_layout.point(ax, share, mark, series)
    row_layout.rule(ax, places)
    entries = [Key("bar" if solid else "point", str(group), series) for series, group in enumerate(groups)]
    if {"lower", "upper"} <= set(frame.columns) and (frame["lower"].notna() & frame["upper"].notna()).any():
        entries.append(Key("line", interval))
    if frame["share"].isna().any():
        entries.append(Key("silence", "share unknown"))
    explain(ax, entries)
    return ax


def _tail(row: list[Any], known: bool) -> str:
    """Add count and base where there is one of each, or what else there is to say about the share."""
    words = value(row[0], "statement")
    if words and not known:
        return f" (in words: {clean(words)})"
    if len(row) != 1:
        return ""
    plain_share, count, base = (value(row[0], name) for name in ("plain_share", "count", "base"))
    if plain_share is not None:
        return f" (plain {prose.share(plain_share)})"
    return "" if count is None or base is None else f" ({prose.count(count)} of {prose.count(base)})"


def draw_identified_sets(
    frame: pd.DataFrame, *, meaning: str = "possible", point: str = "as printed"
) -> Axes:
    """Draw which shares the published figures leave possible for each row, and the share as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper` (the ends of the identified set, 0-1); optional `share` (as
        printed). A row without ends is drawn as silence.
    meaning : str
        What the key calls the bars.
    point : str
        What the key calls the points.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Energy"], "share": [0.52], "lower": [0.52], "upper": [0.92]})
    >>> [text.get_text() for text in draw_identified_sets(frame).texts]
    ['52–92%', 'Energy']
    """
    return _draw_ranges(frame, row_layout.pale, Key("pale", meaning), Key("point", point))


def draw_intervals(
    frame: pd.DataFrame,
    *,
    by: str | None = None,
    scale: str = "share",
    limits: tuple[float, float] | None = None,
    places: int = 2,
    meaning: str = "interval",
) -> Axes:
    """Draw intervals as thin lines with the estimate on them, to compare methods or groups.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper`; optional `share` (the estimate) and the column `by`.
    by : str, optional
        Column that tells several intervals of a row apart, for instance the method.
    scale : str
        ``"share"`` for shares, 0-1, written as percentages; ``"number"`` for any other statistic.
    limits : (float, float), optional
        Ends of the scale; by default 0 and the next fifth, or the ends of the data.
    places : int
        Decimals of numbers.
    meaning : str
        What the key calls the lines.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Wilson"], "share": [0.52], "lower": [0.385], "upper": [0.652]})
    >>> len(draw_intervals(frame).lines)
    4
    """
    return _draw_ranges(frame, _thin, Key("line", meaning), None, by, scale, limits, places)


def _thin(ax: Axes, lower: float, upper: float, mark: Mark, series: int) -> None:
    row_layout.line(ax, lower, upper, mark)


def _draw_ranges(
    frame: pd.DataFrame,
    draw: Callable[[Axes, float, float, Mark, int], None],
    key: Key,
    point: Key | None,
    by: str | None = None,
    scale: str = "share",
    limits: tuple[float, float] | None = None,
    decimals: int = 2,
) -> Axes:
    row_layout.require(frame, "label", "lower", "upper", *([by] if by else []))
    ax = style.new_axes()
    groups, labels, cells = row_layout.arrange(frame, by)
    write = prose.share if scale == "share" else partial(prose.decimal, places=decimals)
    heads = None if by else [prose.span(row["lower"], row["upper"], write) for (row,) in cells]
    marks = [len(row) if any(value(cell, "lower") is not None for cell in row) else 1 for row in cells]
    places = row_layout.lay_out(ax, labels, values=heads, marks=marks)
    if scale == "share":
        ends = 0.0, row_layout.share_axis(ax, frame[["upper"]], limits[1] if limits else None)
    else:
        ends = _number_axis(ax, frame, limits)
    for row, spots in zip(cells, places, strict=True):
        for series, (cell, mark) in enumerate(zip(row, spots, strict=False)):
            lower, upper, printed = (value(cell, name) for name in ("lower", "upper", "share"))
            if lower is None or upper is None:
                row_layout.silence(ax, *ends, mark)
            else:
                draw(ax, lower, upper, mark, series)
            if printed is not None:
                row_layout.point(ax, printed, mark, series)
    row_layout.rule(ax, places)
    estimates = "share" in frame and frame["share"].notna().any()
    kind = "point" if estimates else "line"
    entries = [*(Key(kind, str(group), series) for series, group in enumerate(groups)), key]
    entries += [point] if point and estimates else []
    explain(ax, [*entries, Key("silence", "unknown")] if frame["lower"].isna().any() else entries)
    return ax


def _number_axis(ax: Axes, frame: pd.DataFrame, limits: tuple[float, float] | None) -> tuple[float, float]:
    if limits is None:
        columns = [frame[name] for name in ("lower", "upper", "share") if name in frame]
        values = pd.concat(columns).astype("Float64").dropna()
        lowest, highest = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        space = 0.04 * ((highest - lowest) or 1.0)
        limits = lowest - space, highest + space
    ax.set_xlim(*limits)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    return limits


def draw_base_scan(
    frame: pd.DataFrame, *, mark: Sequence[int] = (), last: int | None = None, meaning: str = ""
) -> Axes:
    """Draw which bases can have produced each question's printed figures.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` (of the question), `base` and `admissible` (bool), one row per question and base.
    mark : sequence of int
        Bases marked by a dashed line through all questions.
    last : int, optional
        Largest base on the scale; by default the largest in the frame.
    meaning : str
        What the key calls the dashed lines.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": "Drivers", "base": [29, 30, 31], "admissible": [False, True, False]})
    >>> len(draw_base_scan(frame).patches)
    1
    """
    row_layout.require(frame, "label", "base", "admissible")
    ax = style.new_axes()
    labels = list(dict.fromkeys(frame["label"]))
    possible = frame[frame["admissible"].astype(bool)]
    bases = {label: sorted(possible.loc[possible["label"] == label, "base"]) for label in labels}
    end = last or (int(frame["base"].max()) if len(frame) else 1)
    marked = sorted(base for base in mark if base <= end)
    heads = [str(min(found, default=prose.MISSING)) for found in bases.values()]
    places = row_layout.lay_out(ax, labels, values=heads, start=min(len(marked), 2) + 0.2)
    for found, (place,) in zip(bases.values(), places, strict=True):
        foot = place.top + place.height
        ax.plot([0.5, end + 0.5], [foot, foot], color=style.GREY, linewidth=0.6)
        for first, final in _runs(found):
            row_layout.block(ax, first - 0.5, final + 0.5, place, facecolor=style.BLUE)
    for at, base in enumerate(marked):  # neighbours at different heights
        ax.text(base, 0.4 + at % 2, str(base), ha="center", va="center", weight="bold", parse_math=False)
    ax.set_xlim(0.5, end + 0.5)
    row_layout.rule(ax, places, at=marked, linewidth=1.0, linestyle=(0, (3, 2)), alpha=1.0, zorder=3)
    ax.set_xlabel("base")
    entries = [Key("bar", "this base can give the printed figures (smallest one in bold)")]
    explain(ax, [*entries, Key("dash", meaning)] if marked and meaning else entries)
    return ax


def _runs(bases: list[int]) -> list[tuple[int, int]]:
    """Join neighbouring bases: first and last of each run."""
    runs: list[tuple[int, int]] = []
    for base in bases:
        first = runs.pop()[0] if runs and runs[-1][1] == base - 1 else base
        runs.append((first, base))
    return runs
