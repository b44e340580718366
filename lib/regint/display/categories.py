"""Names above their marks: how a categorical axis, as seaborn draws it, is finished for page and phone."""

from __future__ import annotations

import weakref
from functools import partial
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from textfiles.text import clean

from regint.display import style

_GAP: Final = 0.5  # lines between a row's marks and the next name
_MARK: Final = 1.1  # lines for each mark of a row
_EDGE: Final = 0.45  # half the width of a category that its marks may fill
_OTHER: Final = 38.0  # points for the numbers and the title below the axes
_BOLD: Final = 1.15  # width of bold letters, of plain ones
_GROUP: Final = "names above"
_names: weakref.WeakKeyDictionary[Axes, list[str]] = weakref.WeakKeyDictionary()
_heights: weakref.WeakKeyDictionary[Axes, float] = weakref.WeakKeyDictionary()


def wrap_titles(ax: Axes, width: float) -> None:
    """Break the title of an axes, in bold at its left, and that of its scale into lines that fit a width."""
    if title := ax.get_title(loc="left"):
        ax.set_title("\n".join(style.wrapped(title, (width - 12) / _BOLD)), loc="left")
    if label := ax.get_xlabel():
        ax.set_xlabel("\n".join(style.wrapped(label, width - 12)))


def names_above(ax: Axes, width: float) -> None:
    """
    Move the names of a categorical vertical axis above its marks, wrapped to a width in points.

    A row gets the height that its name and marks need; where the axis is not categorical nothing is done, and
    done twice it changes nothing.
    """
    formatter = ax.yaxis.get_major_formatter()
    if ax not in _names:
        if not isinstance(formatter, StrCategoryFormatter):
            return
        places = np.arange(len(ax.get_yticks()))
        _names[ax] = [clean(name) for name in formatter.format_ticks(list(places))]  # type: ignore[no-untyped-call, unused-ignore]
        ax.set_ylabel("")
    names = [style.wrapped(name, width - 12) for name in _names[ax]]
    for artist in [artist for artist in (*ax.texts, *ax.collections) if artist.get_gid() == _GROUP]:
        artist.remove()
    key = _key_above(ax, width)

    # From the number of a category to lines from the top, bent so that each name has the lines it needs.
    marks = _MARK * min(max(1, key), 3)
    bottom, categories, lines = 0.0, [-1.0], [0.0]
    for place, name in enumerate(names):
        top = bottom + len(name)
        bottom = top + marks + _GAP
        categories += [place - _EDGE, place + _EDGE]
        lines += [top, top + marks]
    categories.append(len(names) - 0.5)
    lines.append(bottom)
    there, back = partial(np.interp, xp=categories, fp=lines), partial(np.interp, xp=lines, fp=categories)
    ax.set_yscale("function", functions=(there, back))
    ax.set_yticks([])
    ax.set_ylim(len(names) - 0.5, -1.0)
    for place, name in enumerate(names):
        first = lines[2 * place + 1] - len(name) + 0.5
        for number, text in enumerate(name):
            _write(ax, text, float(back(first + number)))

    ax.spines[["left", "bottom"]].set_visible(False)
    _rule(ax, len(names))
    numbers = ax.get_xticklabels()
    if len(numbers) > 1:  # the first and the last stay within the ends of the scale
        numbers[0].set_horizontalalignment("left")
        numbers[-1].set_horizontalalignment("right")
    more = ax.get_title(loc="left").count("\n") + ax.get_xlabel().count("\n")
    _stretch(ax, (bottom + more) * style.LINE_HEIGHT + _OTHER + key * (style.LINE_HEIGHT + 2))


def _write(ax: Axes, text: str, place: float) -> None:
    """Write a text from the left edge of the axes."""
    ax.annotate(
        text,
        (0, place),
        xycoords=("axes fraction", "data"),
        va="center",
        ha="left",
        parse_math=False,
        annotation_clip=False,
        gid=_GROUP,
    ).set_in_layout(False)


def _rule(ax: Axes, categories: int) -> None:
    """Draw upright lines at the ticks, behind the marks of each category but not through its name."""
    low, high = sorted(ax.get_xlim())
    ends = [place + side for place in range(categories) for side in (-_EDGE, _EDGE)]
    points = [(x, y) for x in ax.get_xticks() if low <= x <= high for y in ends]
    if points:
        path = Path(points, [Path.MOVETO, Path.LINETO] * (len(points) // 2))
        look: dict[str, Any] = {"edgecolor": style.INK, "alpha": style.GRID, "linewidth": 0.8, "zorder": 0.5}
        lines = PathCollection([path], facecolor="none", gid=_GROUP, **look)
        ax.add_collection(lines, autolim=False)


def _stretch(ax: Axes, points: float) -> None:
    """Give an axes the height it needs, in points, and its figure the sum over a column of axes."""
    figure, grid = ax.get_figure(root=True), ax.get_gridspec()
    _heights[ax] = points
    if figure is None or grid is None:
        return
    needs = [
        _heights.get(other, figure.get_figheight() * 72 / grid.nrows) for other in figure.axes[: grid.nrows]
    ]
    grid.set_height_ratios(needs)
    figure.set_figheight((sum(needs) + 14 * (len(needs) - 1) + 6) / 72)


def _key_above(ax: Axes, width: float) -> int:
    """Put the key of the colours above the axes, an entry a line; return how many lines it takes."""
    legend = ax.get_legend()
    if legend is None:
        return 0
    texts = ["\n".join(style.wrapped(text.get_text(), width - 32)) for text in legend.get_texts()]
    look: dict[str, Any] = {
        "loc": "lower left",
        "bbox_to_anchor": (0, 1),
        "borderpad": 0,
        "handlelength": 1.4,
    }
    ax.legend(
        [entry for entry in legend.legend_handles if entry is not None],
        texts,
        alignment="left",
        frameon=False,
        **look,
    )
    return sum(1 + text.count("\n") for text in texts)
