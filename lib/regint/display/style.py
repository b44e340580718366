"""The look of a figure: colours, fonts, the widths of letters, and names of categories above their marks."""

from __future__ import annotations

import weakref
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryFormatter
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from textfiles.text import clean

# What matplotlib is told, by `new_axes` and again when a figure is drawn for page and phone.
RULES: Final[Any] = mpl.rc_params_from_file(
    Path(__file__).with_name("house.mplstyle"), use_default_template=False
)
INK: Final[str] = RULES["text.color"]
ON_LIGHT: Final = "#101114"
ACCENTS: Final[tuple[str, ...]] = tuple(RULES["axes.prop_cycle"].by_key()["color"])
BLUE, AMBER, *_, GREY = ACCENTS

# From one end of a scale to the other, pale enough for near-black numbers at 7:1 (WCAG AAA).
_OPPOSITES: Final = ("#df9138", "#f0c58f", "#dde1e7", "#a9cbe8", "#6fa8d6")

GRID: Final[float] = RULES["grid.alpha"]
BASE_SIZE: Final[float] = RULES["font.size"]
_FONT: Final[str] = RULES["font.sans-serif"][0]
LINE_HEIGHT: Final = 13.8

WIDE: Final = 480.0
NARROW: Final = 258.0


def scale(steps: int) -> list[str]:
    """Return colours for the steps of an ordered scale, amber over grey to blue; `ON_LIGHT` reads on all.

    Examples
    --------
    >>> scale(2)
    ['#df9138', '#6fa8d6']
    """
    stops = to_rgba_array(_OPPOSITES)
    places = np.linspace(0, len(stops) - 1, steps)
    mixed = [np.interp(places, range(len(stops)), part) for part in stops.T]
    return [to_hex(colour) for colour in zip(*mixed, strict=True)]


_PER_EM: Final = 65536.0  # matplotlib's advances are 16.16 fixed-point numbers


def width(text: str) -> float:
    """Return the width of a text in points, set in DejaVu Sans; unknown signs count one em.

    Examples
    --------
    >>> width("ii") < width("mm")
    True
    """
    return sum(_advance(sign) for sign in text) * BASE_SIZE


def _wrapped(label: object, space: float) -> list[str]:
    """Break a label into lines of at most `space` points; a longer word is cut."""
    lines: list[str] = []
    for word in clean(label).split():
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and width(candidate) <= space:
            lines[-1] = candidate
        else:
            lines.extend(_pieces(word, max(space, 2 * BASE_SIZE)))
    return lines or ["(no label)"]


def _pieces(word: str, space: float) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and width(pieces[-1] + sign) > space:
            pieces.append("")
        pieces[-1] += sign
    return pieces


@cache
def _font() -> Any:
    return get_font(findfont(FontProperties(family=_FONT, weight="normal")))


@cache
def _advance(sign: str) -> float:
    font = _font()
    font.set_size(1000, 72)  # each time: matplotlib shares the font object and sets its own sizes
    if not font.get_char_index(ord(sign)):
        return 1.0
    return float(font.load_char(ord(sign)).linearHoriAdvance) / _PER_EM / 1000


# The part of DejaVu Sans that most figures need, from tools/cut_fonts.py: each PDF cuts its own letters from
# it in a quarter of the time.
FONTS: Final = Path(__file__).with_name("fonts")
SMALL_FACE: Final = "DejaVu Sans Small"
for _file in FONTS.glob("*.ttf"):
    fontManager.addfont(_file)


def use_small_face(figure: Figure) -> None:
    """Set the upright texts of a figure in the small face; a sign it lacks comes from the whole one."""
    for text in figure.findobj(Text):
        if text.get_fontfamily()[0] in ("sans-serif", _FONT) and text.get_fontstyle() == "normal":
            text.set_fontfamily([SMALL_FACE, _FONT])


def use() -> None:
    """
    Give every figure that matplotlib and seaborn draw from now on the house's look and width.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> use()
    >>> _, ax = plt.subplots()
    >>> round(ax.get_figure().get_figwidth() * 72)
    480
    """
    mpl.use("agg")  # a figure is shown by figures.show alone, not once more when its cell ends
    mpl.rcParams.update(RULES)


def new_axes() -> Axes:
    """Return the axes of a new figure in the house style, with less room above and below."""
    mpl.rcParams.update(RULES)
    return Figure(layout=ConstrainedLayoutEngine(h_pad=3 / 72)).subplots()


# How a categorical axis, as seaborn draws it, is finished for page and phone.

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
        ax.set_title("\n".join(_wrapped(title, (width - 12) / _BOLD)), loc="left")
    if label := ax.get_xlabel():
        ax.set_xlabel("\n".join(_wrapped(label, width - 12)))


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
    names = [_wrapped(name, width - 12) for name in _names[ax]]
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
    ax.set_title(ax.get_title(loc="left"), loc="left", y=1)  # or its place is looked for at every drawing
    left = ax.get_yaxis_transform()  # from the left edge of the axes
    for place, name in enumerate(names):
        first = lines[2 * place + 1] - len(name) + 0.5
        for number, text in enumerate(name):
            line = ax.text(0, back(first + number), text, transform=left, va="center", gid=_GROUP)
            line.set_in_layout(False)

    ax.spines[["left", "bottom"]].set_visible(False)
    _rule(ax, len(names))
    numbers = ax.get_xticklabels()
    # The first and the last stay within the ends of the scale; which they are depends on the width.
    for tick in numbers:
        tick.set_horizontalalignment("center")
    if len(numbers) > 1:
        numbers[0].set_horizontalalignment("left")
        numbers[-1].set_horizontalalignment("right")
    more = ax.get_title(loc="left").count("\n") + ax.get_xlabel().count("\n")
    _stretch(ax, (bottom + more) * LINE_HEIGHT + _OTHER + key * (LINE_HEIGHT + 2))


def _rule(ax: Axes, categories: int) -> None:
    """Draw upright lines at the ticks, behind the marks of each category but not through its name."""
    low, high = sorted(ax.get_xlim())
    ends = [place + side for place in range(categories) for side in (-_EDGE, _EDGE)]
    points = [(x, y) for x in ax.get_xticks() if low <= x <= high for y in ends]
    if points:
        path = Outline(points, [Outline.MOVETO, Outline.LINETO] * (len(points) // 2))
        look: dict[str, Any] = {"edgecolor": INK, "alpha": GRID, "linewidth": 0.8, "zorder": 0.5}
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
    texts = ["\n".join(_wrapped(text.get_text(), width - 32)) for text in legend.get_texts()]
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
