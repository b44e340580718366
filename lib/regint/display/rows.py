"""The frame most pictures share: one row per thing, its value and name above, its mark below.

Names above the marks leave the full width to the scale, so the same drawing reads on a page and on a phone.
The marks mean the same in every figure: a point is a figure as it was printed, a thin line its interval, a
broad pale bar everything the published figures leave possible, a hatched hollow bar a figure nobody printed.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from regint.display import letters, palette, prose
from regint.display.markup import plain

_MARGIN: Final = 8.0
_MARK: Final = 0.95
_GAP: Final = 0.5
_heights: weakref.WeakKeyDictionary[Axes, float] = weakref.WeakKeyDictionary()


class FrameError(ValueError):
    """A frame that lacks what a drawing needs."""


@dataclass(frozen=True)
class Mark:
    """Where one mark goes: `top` and `middle` in lines from the top of the axes, `height` in lines."""

    top: float
    height: float

    @property
    def middle(self) -> float:
        """The line through the centre of the mark."""
        return self.top + self.height / 2


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
        raise FrameError(
            f"The drawing needs a column {absent[0]!r}; the frame has: {there}."
        )


def lay_out(
    ax: Axes,
    labels: Sequence[object],
    *,
    values: Sequence[str] | None = None,
    marks: int = 1,
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
    marks : int
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
    heads = (
        [plain(value) for value in values]
        if values is not None
        else ["" for _ in labels]
    )
    indent = max(
        (letters.width(head, bold=True) + 6 for head in heads if head), default=0.0
    )
    space = palette.NARROW - _MARGIN - indent
    places: list[list[Mark]] = []
    line = start
    for label, head in zip(labels, heads, strict=True):
        write(ax, head, line + 0.5, weight="bold")
        for text in letters.wrapped(label, space):
            write(ax, text, line + 0.5, indent)
            line += 1.0
        places.append(
            [Mark(line + place * (height + 0.12), height) for place in range(marks)]
        )
        line = places[-1][-1].top + height + _GAP
    if not places:
        write(ax, "Nothing to show", line + 0.5)
        line += 1.0
    ax.set_ylim(line - _GAP / 2, 0)
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(axis="x", pad=2)
    ax.grid(axis="x")
    stretch(ax, line * palette.LINE_HEIGHT + 20)
    return places


def write(ax: Axes, text: str, line: float, indent: float = 0.0, **style: Any) -> None:
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
        _heights.get(other, figure.get_figheight() * 72 / grid.nrows)
        for other in figure.axes[: grid.nrows]
    ]
    grid.set_height_ratios(needs)
    figure.set_figheight((sum(needs) + 14 * (len(needs) - 1) + 6) / 72)


def arrange(
    frame: pd.DataFrame, by: str | None, groups: Sequence[Any], labels: Sequence[Any]
) -> list[list[Any]]:
    """Arrange the rows of a frame by label, then group; None where a label lacks a group."""
    if by is None:
        return [[row] for row in frame.itertuples(index=False)]
    found = {
        (label, group): row
        for label, group, row in zip(
            frame["label"], frame[by], frame.itertuples(index=False), strict=True
        )
    }
    return [[found.get((label, group)) for group in groups] for label in labels]


def value(cell: Any, name: str) -> Any:
    """Return a field of a row, None where it is absent or missing."""
    found = getattr(cell, name, None) if cell is not None else None
    return None if found is None or pd.isna(found) else found


def inward(ax: Axes) -> None:
    """Keep the first and the last number of the horizontal scale within its ends."""
    labels = ax.get_xticklabels()
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")


def share_axis(ax: Axes, highest: float, limit: float | None = None) -> float:
    """Set a horizontal scale of shares from 0 to the next fifth above `highest`; return its end."""
    if limit is None:
        limit = next(
            (step for step in (0.2, 0.4, 0.6, 0.8) if highest <= step + 1e-9), 1.0
        )
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
    if start < 0:
        ax.axvline(0, color=palette.INK, linewidth=0.8)
    inward(ax)


def point(ax: Axes, where: float, mark: Mark, series: int = 0, **style: Any) -> None:
    """Draw a figure as printed: a filled point."""
    options = {
        "color": palette.accent(series),
        "markersize": 7.0,
        "clip_on": False,
        "zorder": 4,
        **style,
    }
    ax.plot([where], [mark.middle], palette.marker(series), **options)


def line(ax: Axes, lower: float, upper: float, mark: Mark) -> None:
    """Draw an interval: a thin line with small ends."""
    if pd.isna(lower) or pd.isna(upper):
        return
    ax.plot(
        [lower, upper],
        [mark.middle] * 2,
        color=palette.INK,
        linewidth=1.3,
        zorder=3,
        clip_on=False,
    )
    for end in (lower, upper):
        ends = [mark.middle - 0.16, mark.middle + 0.16]
        ax.plot(
            [end, end], ends, color=palette.INK, linewidth=1.3, zorder=3, clip_on=False
        )


def pale(ax: Axes, lower: float, upper: float, mark: Mark, series: int = 0) -> None:
    """Draw everything that is possible: a broad pale bar, closed by firm ends."""
    colour = palette.accent(series)
    ax.add_patch(
        patches.Rectangle(
            (lower, mark.top),
            upper - lower,
            mark.height,
            color=colour,
            alpha=palette.PALE,
            linewidth=0,
        )
    )
    for end in (lower, upper):
        ends = [mark.top, mark.top + mark.height]
        ax.plot(
            [end, end],
            ends,
            color=colour,
            linewidth=1.6,
            solid_capstyle="butt",
            clip_on=False,
        )


def bar(ax: Axes, start: float, end: float, mark: Mark, series: int = 0) -> None:
    """Draw an amount: a solid bar."""
    colour = palette.accent(series)
    ax.add_patch(
        patches.Rectangle(
            (start, mark.top), end - start, mark.height, color=colour, linewidth=0
        )
    )


def silence(ax: Axes, start: float, end: float, mark: Mark) -> None:
    """Draw what was not printed: a hatched, hollow bar."""
    ax.add_patch(
        patches.Rectangle(
            (start, mark.top),
            end - start,
            mark.height,
            facecolor="none",
            edgecolor=palette.GREY,
            hatch="////",
            linewidth=0.8,
        )
    )


@dataclass(frozen=True)
class Key:
    """One entry of a key: a mark (point, line, pale, bar, silence or fill) and what it means."""

    mark: str
    text: str
    series: int = 0
    colour: str | None = None


def key(ax: Axes, entries: Sequence[Key], *, columns: int = 1) -> None:
    """Explain marks above the axes, one entry a line unless `columns` says otherwise."""
    if not entries:
        return
    # A leading underscore would make matplotlib leave the entry out.
    texts = [
        "\n".join(letters.wrapped(entry.text, palette.NARROW - _MARGIN - 24))
        for entry in entries
    ]
    legend = ax.legend(
        [_handle(entry) for entry in entries],
        [f"\u200b{text}" if text.startswith("_") else text for text in texts],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=columns,
        frameon=False,
        fontsize=palette.BASE_SIZE,
        borderaxespad=0.3,
        borderpad=0,
        handlelength=1.6,
        handletextpad=0.6,
        labelspacing=0.35,
        columnspacing=1.2,
        alignment="left",
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    lines = sum(1 + text.count("\n") for text in texts[::columns])
    stretch(ax, _heights.get(ax, 240.0) + palette.LINE_HEIGHT * lines + 6)


def _handle(entry: Key) -> Any:
    colour = entry.colour or palette.accent(entry.series)
    if entry.mark == "point":
        return Line2D(
            [],
            [],
            color=colour,
            marker=palette.marker(entry.series),
            linestyle="none",
            markersize=7,
        )
    if entry.mark == "line":
        return Line2D([], [], color=palette.INK, linewidth=1.3)
    if entry.mark == "dash":
        return Line2D([], [], color=palette.INK, linewidth=1.2, linestyle=(0, (4, 2)))
    if entry.mark == "pale":
        return patches.Patch(facecolor=colour, alpha=palette.PALE)
    if entry.mark == "silence":
        return patches.Patch(
            facecolor="none", edgecolor=palette.GREY, hatch="////", linewidth=0.8
        )
    return patches.Patch(facecolor=colour)
