"""Pictures of ranges: what printed figures leave possible, and intervals."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from regint.display import marks, prose, rows, style
from regint.display.keys import Key, explain


def draw_identified_sets(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    scale: str = "share",
    limits: tuple[float, float] | None = None,
    meaning: str = "possible",
    point: str = "as printed",
) -> Axes:
    """Draw what the published figures leave possible for each row, and the figure as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper` (the ends of the identified set); optional `share` (as printed) and
        the column `by`. A row without ends is drawn as silence.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    by : str, optional
        Column that tells several sets of a row apart, for instance the base.
    scale : str
        ``"share"`` for shares, 0-1, written as percentages; ``"number"`` for any other statistic.
    limits : (float, float), optional
        Ends of the scale; by default 0 and the next fifth, or the ends of the data.
    meaning : str
        What the key calls the bars.
    point : str
        What the key calls the points.

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
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Energy"], "share": [0.52], "lower": [0.52], "upper": [0.92]})
    >>> [text.get_text() for text in draw_identified_sets(frame, ax=ax).texts]
    ['52–92%', 'Energy']
    """
    rows.require(frame, "label", "lower", "upper", *([by] if by else []))
    return _draw_ranges(frame, ax, by, scale, limits, marks.pale, "pale", meaning, point=point)


def draw_intervals(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
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
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    by : str, optional
        Column that tells several intervals of a row apart, for instance the method.
    scale, limits
        As for `draw_identified_sets`.
    places : int
        Decimals of numbers.
    meaning : str
        What the key calls the lines.

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
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Wilson"], "share": [0.52], "lower": [0.385], "upper": [0.652]})
    >>> len(draw_intervals(frame, ax=ax).lines)
    4
    """
    rows.require(frame, "label", "lower", "upper", *([by] if by else []))
    return _draw_ranges(frame, ax, by, scale, limits, _thin, "line", meaning, places)


def _thin(ax: Axes, lower: float, upper: float, mark: marks.Mark, series: int) -> None:
    marks.line(ax, lower, upper, mark)


def _draw_ranges(
    frame: pd.DataFrame,
    ax: Axes | None,
    by: str | None,
    scale: str,
    limits: Any,
    draw: Any,
    kind: str,
    meaning: str,
    places: int = 2,
    point: str = "as printed",
) -> Axes:
    ax = style.axes_for(ax)
    groups: list[Any] = [None] if by is None else list(dict.fromkeys(frame[by]))
    labels = list(dict.fromkeys(frame["label"])) if by else frame["label"].tolist()
    cells = rows.arrange(frame, by, groups, labels)
    write = prose.share if scale == "share" else partial(prose.decimal, places=places)
    heads = [
        "  ".join(rows.span(rows.value(c, "lower"), rows.value(c, "upper"), write) for c in row)
        for row in cells
    ]
    numbers = [len(groups) if any(rows.value(c, "lower") is not None for c in row) else 1 for row in cells]
    spots_of = rows.lay_out(ax, labels, values=heads if by is None else None, marks=numbers)
    ends = _scale(ax, frame, scale, limits)
    for row, spots in zip(cells, spots_of, strict=True):
        for series, (cell, mark) in enumerate(zip(row, spots, strict=False)):
            lower, upper, printed = (rows.value(cell, name) for name in ("lower", "upper", "share"))
            if lower is None or upper is None:
                marks.silence(ax, *ends, mark)
            else:
                draw(ax, lower, upper, mark, series)
            if printed is not None:
                marks.point(ax, printed, mark, series)
    rows.rule(ax, spots_of)
    _explain(ax, frame, groups if by else [], kind, meaning, point)
    return ax


def _scale(
    ax: Axes, frame: pd.DataFrame, scale: str, limits: tuple[float, float] | None
) -> tuple[float, float]:
    if scale == "share":
        highest = frame["upper"].astype("Float64").max()
        end = limits[1] if limits else None
        return 0.0, rows.share_axis(ax, 1.0 if pd.isna(highest) else float(highest), end)
    columns = [frame[name] for name in ("lower", "upper", "share") if name in frame]
    values = pd.concat(columns).astype("Float64").dropna()
    lowest, highest = limits or ((float(values.min()), float(values.max())) if len(values) else (0.0, 1.0))
    space = 0.0 if limits else 0.04 * ((highest - lowest) or 1.0)
    ax.set_xlim(lowest - space, highest + space)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    return lowest - space, highest + space


def _explain(ax: Axes, frame: pd.DataFrame, groups: list[Any], kind: str, meaning: str, point: str) -> None:
    printed = "share" in frame and frame["share"].notna().any()
    mark = "point" if kind == "line" and printed else kind
    entries = [Key(mark, str(group), series) for series, group in enumerate(groups)]
    if not groups:
        entries = [Key(kind, meaning)]
    elif kind == "line":
        entries.append(Key("line", meaning))
    if printed and kind == "pale":
        entries.append(Key("point", point))
    if frame["lower"].isna().any():
        entries.append(Key("silence", "unknown"))
    explain(ax, entries)
