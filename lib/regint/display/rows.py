"""Drawings with one row per response: its name above, its mark below.

Names above the marks leave the full width to the scale, so the same drawing reads on a page and on a phone.
The marks mean the same in every figure: a point is the share as it was printed, a thin line its interval, a
broad pale bar everything the published figures leave possible, a hollow dashed bar a figure that was not printed.
"""

from __future__ import annotations

import textwrap
from typing import Any, Final

import matplotlib.patches as patches
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from regint.display import palette, prose
from regint.display.markup import plain

_WRAP: Final = 46
_MARK: Final = 1.05
_GAP: Final = 0.45


class RowsError(ValueError):
    """A frame that lacks a column the drawing needs."""


def draw_ordered_bars(frame: pd.DataFrame, *, ax: Axes, colour: str = palette.BLUE) -> Axes:
    """Draw one bar per category of a scale, in the order of the frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `share` (0-1); optional `lower` and `upper` (an interval), `count` and `base`
        (printed beside the share). A missing share leaves an empty, dashed place.
    ax : matplotlib.axes.Axes
        Where to draw.
    colour : str
        Fill of the bars.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    RowsError
        When a column is missing.

    Examples
    --------
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["low", "high"], "share": [0.2, 0.8]})
    >>> [float(bar.get_width()) for bar in draw_ordered_bars(frame, ax=ax).patches]
    [0.2, 0.8]
    """
    places = _prepare(frame, ax, ("label", "share"))
    for place, row in zip(places, frame.itertuples(), strict=True):
        if pd.isna(row.share):
            _silence(ax, place)
            continue
        ax.add_patch(
            patches.Rectangle((0, place), row.share, _MARK, facecolor=colour, linewidth=0, alpha=0.75)
        )
        _interval(ax, row, place + _MARK / 2)
    _values(frame, ax, places)
    return ax


def draw_ranked_dots(frame: pd.DataFrame, *, ax: Axes, by: str | None = None) -> Axes:
    """Draw one dot per option on a common scale, the largest share on top; groups side by side.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `share` (0-1); optional `lower`, `upper`, `count`, `base`, and the column `by`.
    ax : matplotlib.axes.Axes
        Where to draw.
    by : str, optional
        Column that tells groups apart (for instance the base); each has its own colour and shape.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    RowsError
        When a column is missing.

    Examples
    --------
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["low", "high"], "share": [0.2, 0.8]})
    >>> ax = draw_ranked_dots(frame, ax=ax)
    """
    ordered = frame.sort_values("share", ascending=False, kind="stable", na_position="last")
    places = _prepare(ordered, ax, ("label", "share"))
    for place, row in zip(places, ordered.itertuples(), strict=True):
        if pd.isna(row.share):
            _silence(ax, place)
            continue
        _interval(ax, row, place + _MARK / 2)
        ax.plot(row.share, place + _MARK / 2, "o", color=palette.BLUE, markersize=7)
    _values(ordered, ax, places)
    return ax


def draw_identified_sets(frame: pd.DataFrame, *, ax: Axes) -> Axes:
    """Draw what the printed figures leave possible for each option, and the share as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper` (0-1, the ends of the identified set); optional `share` (as printed).
    ax : matplotlib.axes.Axes
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    RowsError
        When a column is missing.

    Examples
    --------
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Energy"], "share": [0.52], "lower": [0.52], "upper": [0.92]})
    >>> ax = draw_identified_sets(frame, ax=ax)
    """
    places = _prepare(frame, ax, ("label", "lower", "upper"))
    for place, row in zip(places, frame.itertuples(), strict=True):
        if pd.isna(row.lower) or pd.isna(row.upper):
            _silence(ax, place)
            continue
        width = row.upper - row.lower
        ax.add_patch(
            patches.Rectangle(
                (row.lower, place), width, _MARK, color=palette.BLUE, alpha=palette.PALE, linewidth=0
            )
        )
        if not pd.isna(getattr(row, "share", np.nan)):
            ax.plot(row.share, place + _MARK / 2, "o", color=palette.BLUE, markersize=7)
    return ax


def _prepare(frame: pd.DataFrame, ax: Axes, needed: tuple[str, ...]) -> list[float]:
    """Write the names, set the scales, and return where each mark begins (in lines from the top)."""
    absent = [name for name in needed if name not in frame.columns]
    if absent:
        raise RowsError(
            f"The drawing needs a column {absent[0]!r}; the frame has: {', '.join(map(str, frame.columns))}."
        )
    places, line = [], 0.0
    for label in frame["label"]:
        lines = textwrap.wrap(plain(label), _WRAP) or [" "]
        for text in lines:
            ax.text(0, line + 0.5, text, va="center", ha="left", parse_math=False)
            line += 1.0
        places.append(line)
        line += _MARK + _GAP
    ax.set_xlim(0, 1)
    ax.set_ylim(max(line, 1.0), 0)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks(np.linspace(0, 1, 5), [str(prose.share(t)) for t in np.linspace(0, 1, 5)])
    ax.grid(axis="x")
    figure = ax.get_figure(root=True)
    if figure is not None and len(figure.axes) == 1:
        figure.set_figheight((line * palette.LINE_HEIGHT + 30) / 72)
    return places


def _interval(ax: Axes, row: Any, height: float) -> None:
    lower, upper = getattr(row, "lower", np.nan), getattr(row, "upper", np.nan)
    if not (pd.isna(lower) or pd.isna(upper)):
        ax.plot([lower, upper], [height, height], color=palette.INK, linewidth=1.2, solid_capstyle="butt")


def _silence(ax: Axes, place: float) -> None:
    ax.add_patch(
        patches.Rectangle(
            (0, place), 1, _MARK, fill=False, linestyle=(0, (2, 2)), edgecolor=palette.GREY, linewidth=0.8
        )
    )


def _values(frame: pd.DataFrame, ax: Axes, places: list[float]) -> None:
    for place, row in zip(places, frame.itertuples(), strict=True):
        text = "not printed" if pd.isna(row.share) else str(prose.share(row.share))
        if not pd.isna(getattr(row, "count", pd.NA)) and not pd.isna(getattr(row, "base", pd.NA)):
            text = f"{text} ({row.count} of {row.base})"
        ax.text(1, place - 0.5, text, va="center", ha="right", parse_math=False)
