"""The frame most pictures share: one row per thing, its value and name above, its mark below.

Names above the marks leave the full width to the scale, so the same drawing reads on a page and on a phone.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from regint.display import letters, palette, prose
from regint.display.marks import Mark
from regint.display.markup import plain

_MARGIN: Final = 8.0
_MARK: Final = 0.95
_GAP: Final = 0.5
_heights: weakref.WeakKeyDictionary[Axes, float] = weakref.WeakKeyDictionary()


class FrameError(ValueError):
    """A frame that lacks what a drawing needs."""


def require(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse a frame that lacks a column.

    Raises
    ------
    FrameError
        Naming the first absent column and the ones there are.

    Examples
    --------
    >>> require(pd.DataFrame({"label": ["a"]}), "label")
    """
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        there = ", ".join(map(str, frame.columns)) or "none"
        raise FrameError(f"The drawing needs a column {absent[0]!r}; the frame has: {there}.")


def lay_out(
    ax: Axes,
    labels: Sequence[object],
    *,
    values: Sequence[str] | None = None,
    marks: int | Sequence[int] = 1,
    height: float = _MARK,
    start: float = 0.0,
) -> list[list[Mark]]:
    """Write the names of the rows and return the places of their marks.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its vertical scale becomes lines of text, counted from the top; its figure gets the height needed.
    labels : sequence
        One name a row; long ones wrap.
    values : sequence of str, optional
        What stands before each name in bold.
    marks : int or sequence of int
        Marks under one another in each row.
    height : float
        Height of a mark, in lines.
    start : float
        Lines left free at the top.

    Returns
    -------
    list of list of Mark
        The places of the marks, by row.
    """
    heads = [plain(value) for value in values] if values is not None else ["" for _ in labels]
    indent = max((letters.width(head, bold=True) + 6 for head in heads if head), default=0.0)
    space = palette.NARROW - _MARGIN - indent
    places: list[list[Mark]] = []
    line = start
    numbers = [marks] * len(heads) if isinstance(marks, int) else marks
    for label, head, number in zip(labels, heads, numbers, strict=True):
        write(ax, head, line + 0.5, weight="bold")
        for text in letters.wrapped(label, space):
            write(ax, text, line + 0.5, indent)
            line += 1.0
        places.append([Mark(line + place * (height + 0.12), height) for place in range(number)])
        line = places[-1][-1].top + height + _GAP
    if not places:
        write(ax, "Nothing to show", line + 0.5)
        line += 2.0
    ax.set_ylim(line - _GAP / 2, 0)
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(axis="x", pad=2)
    stretch(ax, line * palette.LINE_HEIGHT + 20)
    return places


def rule(ax: Axes, places: Sequence[Sequence[Mark]], at: Sequence[float] | None = None, **options: Any) -> None:
    """Draw upright lines behind the marks of each row, but not through the names.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its horizontal scale must be set.
    places : sequence of sequence of Mark
        The places `lay_out` returned.
    at : sequence of float, optional
        Where; by default at the ticks of the scale.
    **options
        Line style; by default that of a grid.
    """
    low, high = sorted(ax.get_xlim())
    where = [x for x in (ax.get_xticks() if at is None else at) if low <= x <= high]
    ends = [(row[0].top - 0.08, row[-1].top + row[-1].height + 0.08) for row in places]
    points = [(x, y) for x in where for pair in ends for y in pair]
    if points:
        drawn: dict[str, Any] = {
            "edgecolor": palette.INK,
            "alpha": palette.GRID,
            "linewidth": 0.8,
            "zorder": 0.5,
        } | options
        path = Path(points, [Path.MOVETO, Path.LINETO] * (len(points) // 2))
        ax.add_collection(PathCollection([path], facecolor="none", **drawn), autolim=False)


def write(ax: Axes, text: str, line: float, indent: float = 0.0, **options: Any) -> None:
    """Write a text at a line of the axes, `indent` points from its left edge."""
    if text:
        ax.annotate(
            text,
            (0, line),
            xycoords=("axes fraction", "data"),
            xytext=(indent, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            parse_math=False,
            annotation_clip=False,
            **style,
        ).set_in_layout(False)


def stretch(ax: Axes, points: float) -> None:
    """Give an axes the height it needs, in points, and its figure the sum over a column of axes."""
    figure = ax.get_figure(root=True)
    grid = ax.get_gridspec()
    _heights[ax] = points
    if figure is None or grid is None or grid.ncols != 1:
        return
    needs = [
        _heights.get(other, figure.get_figheight() * 72 / grid.nrows) for other in figure.axes[: grid.nrows]
    ]
    grid.set_height_ratios(needs)
    figure.set_figheight((sum(needs) + 14 * (len(needs) - 1) + 6) / 72)


def arrange(
    frame: pd.DataFrame, by: str | None, groups: Sequence[Any], labels: Sequence[Any]
) -> list[list[Any]]:
    """Arrange the rows of a frame by label, then group; None where a label lacks a group."""
    if by is None:
        return [[row] for row in frame.to_dict("records")]
    found = {(row["label"], row[by]): row for row in frame.to_dict("records")}
    return [[found.get((label, group)) for group in groups] for label in labels]


def value(cell: Any, name: str) -> Any:
    """Return a field of a row, None where it is absent or missing."""
    found = cell.get(name) if cell is not None else None
    return None if found is None or pd.isna(found) else found


def share_text(cell: Any) -> str:
    """Write the share of a row: to the whole percentage, or as printed where no count stands behind it.

    Examples
    --------
    >>> share_text({"share": 13 / 30, "count": 13, "printed": "43.3"})
    '43%'
    >>> share_text({"share": 0.435, "count": None, "printed": "43.5"})
    '43.5%'
    """
    printed = value(cell, "printed")
    bare = printed and "count" in cell and value(cell, "count") is None
    return str(prose.share(value(cell, "share"), len(str(printed).partition(".")[2]) if bare else 0))


def inward(ax: Axes) -> None:
    """Keep the first and the last number of the horizontal scale within its ends."""
    labels = ax.get_xticklabels()
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")


def height_of(ax: Axes) -> float:
    """Return the height an axes was given by `stretch`, in points."""
    return _heights.get(ax, 240.0)


def share_axis(ax: Axes, highest: float, limit: float | None = None) -> float:
    """Set a horizontal scale of shares from 0 to the next fifth above `highest`; return its end."""
    if limit is None:
        limit = next((step for step in (0.2, 0.4, 0.6, 0.8) if highest <= step + 1e-9), 1.0)
    ticks = [limit * part / 4 for part in range(5)]
    ax.set_xlim(0, limit)
    ax.set_xticks(ticks, [str(prose.share(tick)) for tick in ticks])
    inward(ax)
    return limit


def stack_axis(ax: Axes, start: float, end: float) -> None:
    """Set a scale for stacked bars; where they lie on both sides of zero, only zero is marked."""
    ax.set_xlim(start, end)
    ticks = [] if start < 0 else [0.0, 0.25, 0.5, 0.75, 1.0]
    ax.set_xticks(ticks, [str(prose.share(tick)) for tick in ticks])
    inward(ax)


def span(lower: Any, upper: Any, write: Callable[[float], str]) -> str:
    """Write a range, each end by `write`; the percent sign once, one value where both ends print the same.

    Examples
    --------
    >>> span(0.385, 0.652, prose.share), span(2, 2, prose.count), span(-0.2, 0.8, prose.decimal)
    ('39–65%', '2', '−0.20 to 0.80')
    """
    if pd.isna(lower) or pd.isna(upper):
        return prose.MISSING
    first, last = str(write(lower)), str(write(upper))
    if first == last:
        return first
    return f"{first} to {last}" if "−" in first + last else f"{first.removesuffix('%')}–{last}"
