"""Pictures of how often a statistic takes each value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from regint.display import palette, prose, rows, style
from regint.display.keys import Key, explain
from regint.display.marks import Mark

_STICKS: Final = 60
_BINS: Final = 40


def draw_distribution(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    points: Mapping[str, float] | None = None,
    limits: tuple[float, float] | None = None,
    scale: str = "number",
    meaning: str = "",
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
    scale : str
        ``"share"`` writes the values 0-1 below the axis as percentages.
    meaning : str
        What the key calls the marked values; no key without it.

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
    for group, (mark,) in zip(groups, places, strict=False):
        part = frame[frame["group"] == group] if named else frame
        _draw_ridge(ax, part, mark, (low, high))
        if points and group in points:
            foot = mark.top + mark.height
            ax.plot([points[group]] * 2, [mark.top, foot], color=palette.INK, linewidth=1.4)
            ax.plot(
                [points[group]],
                [mark.top + 0.3],
                "v",
                color=palette.INK,
                markersize=6,
                clip_on=False,
            )
    ax.set_xlim(low, high)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    if scale == "share":
        ax.xaxis.set_major_formatter(lambda value, _: str(prose.share(value)))
    rows.rule(ax, places)
    explain(ax, [Key("point", meaning, palette.MARKERS.index("v"), palette.INK)] if meaning else [])
    return ax


def _draw_ridge(ax: Axes, part: pd.DataFrame, mark: Mark, limits: tuple[float, float]) -> None:
    values = part["value"].astype(float).to_numpy()
    weights = part["weight"].astype(float).to_numpy() if "weight" in part else np.ones(len(values))
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
        color=palette.BLUE,
        linewidth=0,
    )
    ax.plot([low, high], [foot, foot], color=palette.GREY, linewidth=0.8)


def _ends(values: pd.Series[Any]) -> tuple[float, float]:
    if values.empty:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    space = 0.03 * (high - low) or 0.5
    return low - space, high + space
