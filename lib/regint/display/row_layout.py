"""Rows with names above their marks: the layout of every figure of shares."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.path import Path
from textfiles.problems import Problem
from textfiles.text import clean

from regint.display import prose, style


@dataclass(frozen=True)
class Mark:
    """Where one mark goes: `top` and `middle` in lines from the top of the axes, `height` in lines."""

    top: float
    height: float

    @property
    def middle(self) -> float:
        """The line through the centre of the mark."""
        return self.top + self.height / 2


def point(ax: Axes, where: float, mark: Mark, series: int = 0) -> None:
    """Draw a figure as printed: a filled point."""
    look: dict[str, Any] = {"color": style.accent(series), "markersize": 7.0, "clip_on": False, "zorder": 4}
    ax.plot([where], [mark.middle], style.marker(series), **look)


def line(ax: Axes, lower: float, upper: float, mark: Mark) -> None:
    """Draw an interval: a thin line with small ends."""
    if pd.isna(lower) or pd.isna(upper):
        return
    look: dict[str, Any] = {"color": style.INK, "linewidth": 1.3, "zorder": 3, "clip_on": False}
    ax.plot([lower, upper], [mark.middle] * 2, **look)
    for end in (lower, upper):
        ax.plot([end, end], [mark.middle - 0.16, mark.middle + 0.16], **look)


def block(ax: Axes, start: float, end: float, mark: Mark, **look: Any) -> None:
    """Draw a rectangle from `start` to `end`, without an edge unless told otherwise."""
    look = {"linewidth": 0} | look
    ax.add_patch(patches.Rectangle((start, mark.top), end - start, mark.height, **look))


def pale(ax: Axes, lower: float, upper: float, mark: Mark, series: int = 0) -> None:
    """Draw everything that is possible: a broad pale bar, closed by firm ends."""
    colour = style.accent(series)
    block(ax, lower, upper, mark, color=colour, alpha=style.PALE)
    firm: dict[str, Any] = {"linewidth": 1.6, "solid_capstyle": "butt", "clip_on": False}
    for end in (lower, upper):
        ax.plot([end, end], [mark.top, mark.top + mark.height], color=colour, **firm)


def bar(ax: Axes, start: float, end: float, mark: Mark, series: int = 0) -> None:
    """Draw an amount: a solid bar."""
    block(ax, start, end, mark, color=style.accent(series))


_HATCHED: Final[dict[str, Any]] = {
    "facecolor": "none",
    "edgecolor": style.GREY,
    "hatch": "////",
    "linewidth": 0.8,
}


def silence(ax: Axes, start: float, end: float, mark: Mark) -> None:
    """Draw what was not printed: a hatched, hollow bar."""
    block(ax, start, end, mark, **_HATCHED)


_MARGIN: Final = 8.0
_MARK: Final = 0.95
_GAP: Final = 0.5
_heights: weakref.WeakKeyDictionary[Axes, float] = weakref.WeakKeyDictionary()


def require(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse a frame that lacks a column."""
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        there = ", ".join(map(str, frame.columns)) or "none"
        raise Problem(f"The drawing needs a column {absent[0]!r}; the frame has: {there}.")


def lay_out(
    ax: Axes,
    labels: Sequence[object],
    *,
    values: Sequence[str] | None = None,
    marks: int | Sequence[int] = 1,
    height: float = _MARK,
    start: float = 0.0,
) -> list[list[Mark]]:
    """Write the names of the rows and return the places of their marks."""
    heads = [clean(value) for value in values] if values is not None else ["" for _ in labels]
    indent = max((style.width(head, bold=True) + 6 for head in heads if head), default=0.0)
    space = style.NARROW - _MARGIN - indent
    places: list[list[Mark]] = []
    line = start
    numbers = [marks] * len(heads) if isinstance(marks, int) else marks
    for label, head, number in zip(labels, heads, numbers, strict=True):
        write(ax, head, line + 0.5, weight="bold")
        for text in style.wrapped(label, space):
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
    stretch(ax, line * style.LINE_HEIGHT + 20)
    return places


def rule(
    ax: Axes, places: Sequence[Sequence[Mark]], at: Sequence[float] | None = None, **options: Any
) -> None:
    """Draw upright lines behind the marks of each row, but not through the names; by default at the ticks."""
    low, high = sorted(ax.get_xlim())
    where = [x for x in (ax.get_xticks() if at is None else at) if low <= x <= high]
    ends = [(row[0].top - 0.08, row[-1].top + row[-1].height + 0.08) for row in places]
    points = [(x, y) for x in where for pair in ends for y in pair]
    if points:
        look: dict[str, Any] = {"edgecolor": style.INK, "alpha": style.GRID, "linewidth": 0.8, "zorder": 0.5}
        path = Path(points, [Path.MOVETO, Path.LINETO] * (len(points) // 2))
        ax.add_collection(PathCollection([path], facecolor="none", **(look | options)), autolim=False)


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
            **options,
        ).set_in_layout(False)


def stretch(ax: Axes, points: float) -> None:
    """Give an axes the height it needs, in points, and its figure the sum over a column of axes."""
    figure = ax.get_figure(root=True)
    grid = ax.get_gridspec()
    _heights[ax] = points
    if figure is None or grid is None:
        return
    needs = [
        _heights.get(other, figure.get_figheight() * 72 / grid.nrows) for other in figure.axes[: grid.nrows]
    ]
    grid.set_height_ratios(needs)
    figure.set_figheight((sum(needs) + 14 * (len(needs) - 1) + 6) / 72)


def arrange(frame: pd.DataFrame, by: str | None) -> tuple[list[Any], list[Any], list[list[Any]]]:
    """Arrange a frame as groups, labels, and for each label its row of each group, None where it has none."""
    rows = frame.to_dict("records")
    if by is None:
        return [], frame["label"].tolist(), [[row] for row in rows]
    groups, labels = list(dict.fromkeys(frame[by])), list(dict.fromkeys(frame["label"]))
    found = {(row["label"], row[by]): row for row in rows}
    return groups, labels, [[found.get((label, group)) for group in groups] for label in labels]


def value(cell: Any, name: str) -> Any:
    """Return a field of a row, None where it is absent or missing."""
    found = cell.get(name) if cell is not None else None
    return None if found is None or pd.isna(found) else found


def share_text(cell: Any) -> str:
    """Write the share of a row: to the whole percentage, or as printed where no count stands behind it."""
    printed = value(cell, "printed")
    bare = printed and "count" in cell and value(cell, "count") is None
    return str(prose.share(value(cell, "share"), len(str(printed).partition(".")[2]) if bare else 0))


def inward(ax: Axes) -> None:
    """Keep the first and the last number of the horizontal scale within its ends."""
    labels = ax.get_xticklabels()
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")


def share_axis(ax: Axes, shares: pd.DataFrame, limit: float | None = None) -> float:
    """Set a horizontal scale from 0 to the next fifth above the largest of the shares; return its end."""
    if limit is None:
        highest = shares.astype("Float64").max().max()
        steps = () if pd.isna(highest) else (0.2, 0.4, 0.6, 0.8)
        limit = next((step for step in steps if highest <= step + 1e-9), 1.0)
    ax.set_xlim(0, limit)
    share_ticks(ax, [limit * part / 4 for part in range(5)])
    return limit


def share_ticks(ax: Axes, ticks: Sequence[float]) -> None:
    """Write shares below the horizontal scale."""
    ax.set_xticks(ticks, [str(prose.share(tick)) for tick in ticks])
    inward(ax)


@dataclass(frozen=True)
class Key:
    """One entry of a key: a mark (point, line, stroke, dash, pale, silence or bar) and what it means."""

    mark: str
    text: str
    series: int = 0
    colour: str | None = None


def explain(ax: Axes, entries: Sequence[Key]) -> None:
    """Explain marks above the axes, one entry a line."""
    if not entries:
        return
    # A leading underscore would make matplotlib leave the entry out.
    texts = ["\n".join(style.wrapped(entry.text, style.NARROW - 32)) for entry in entries]
    legend = ax.legend(
        [_handle(entry) for entry in entries],
        [f"\u200b{text}" if text.startswith("_") else text for text in texts],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        fontsize=style.BASE_SIZE,
        borderaxespad=0.7,
        borderpad=0,
        handlelength=1.6,
        handletextpad=0.6,
        labelspacing=0.35,
        alignment="left",
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    lines = sum(1 + text.count("\n") for text in texts)
    stretch(ax, _heights[ax] + style.LINE_HEIGHT * lines + 10)


def _handle(entry: Key) -> Any:
    colour = entry.colour or style.accent(entry.series)
    if entry.mark == "point":
        marker = style.marker(entry.series)
        return Line2D([], [], color=colour, marker=marker, linestyle="none", markersize=7)
    if entry.mark == "line":
        return Line2D([], [], color=style.INK, linewidth=1.3)
    if entry.mark == "stroke":
        return Line2D([], [], color=colour, linewidth=1.8, linestyle=style.dash(entry.series))
    if entry.mark == "dash":
        return Line2D([], [], color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)))
    if entry.mark == "pale":
        return patches.Patch(facecolor=colour, alpha=style.PALE, linewidth=0)
    if entry.mark == "silence":
        return patches.Patch(**_HATCHED)
    return patches.Patch(facecolor=colour, linewidth=0)
