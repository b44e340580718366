"""The look of a figure: colours, fonts, the widths of letters."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.rcsetup import cycler
from textfiles.text import clean

INK: Final = "#1b1d23"
ON_LIGHT: Final = "#101114"

BLUE: Final = "#1a6fb0"
AMBER: Final = "#cf6f00"
GREY: Final = "#7a828c"
ACCENTS: Final = (BLUE, AMBER, "#0d8a78", "#9a5fc0", "#cb3f4a", GREY)  # with teal, purple and red

# From one end of a scale to the other, pale enough for near-black numbers at 7:1 (WCAG AAA).
_OPPOSITES: Final = ("#df9138", "#f0c58f", "#dde1e7", "#a9cbe8", "#6fa8d6")

GRID: Final = 0.16
_FONT: Final = "DejaVu Sans"

BASE_SIZE: Final = 10.0
_SMALL_SIZE: Final = 9.5
LINE_HEIGHT: Final = 13.8

WIDE: Final = 480.0
NARROW: Final = 258.0


# What matplotlib is told, by `new_axes` and again when a figure is drawn for page and phone.
RULES: Final[Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": [_FONT],
    "font.size": BASE_SIZE,
    "axes.titlesize": BASE_SIZE,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": BASE_SIZE,
    "xtick.labelsize": _SMALL_SIZE,
    "ytick.labelsize": _SMALL_SIZE,
    "legend.fontsize": _SMALL_SIZE,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "axes.grid": False,
    "grid.color": INK,
    "grid.alpha": GRID,
    "grid.linewidth": 0.8,
    "axes.linewidth": 0.8,
    "xtick.bottom": False,
    "ytick.left": False,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "axes.axisbelow": True,
    "lines.linewidth": 1.8,
    "lines.markersize": 6.0,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
    "hatch.linewidth": 0.9,
    "axes.prop_cycle": cycler(color=ACCENTS),
    "text.parse_math": False,
    "text.hinting": "none",  # letters as wide in a PNG as they were measured
    "axes.unicode_minus": True,
}


def scale(steps: int) -> list[str]:
    """Return colours for the steps of an ordered scale, amber over grey to blue; `ON_LIGHT` reads on all.

    Examples
    --------
    >>> scale(2)
    ['#df9138', '#6fa8d6']
    """
    colours = []
    for step in range(steps):
        place = step / max(steps - 1, 1) * (len(_OPPOSITES) - 1)
        low = min(int(place), len(_OPPOSITES) - 2)
        ends = [[int(_OPPOSITES[at][i : i + 2], 16) for i in (1, 3, 5)] for at in (low, low + 1)]
        mixed = [round(one + (other - one) * (place - low)) for one, other in zip(*ends, strict=True)]
        colours.append("#" + "".join(f"{part:02x}" for part in mixed))
    return colours


_PER_EM: Final = 65536.0  # matplotlib's advances are 16.16 fixed-point numbers


def width(text: str) -> float:
    """Return the width of a text in points, set in DejaVu Sans; unknown signs count one em.

    Examples
    --------
    >>> width("ii") < width("mm")
    True
    """
    return sum(_advance(sign) for sign in text) * BASE_SIZE


def wrapped(label: object, space: float) -> list[str]:
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
    mpl.rcParams.update({"figure.figsize": (WIDE / 72, 240 / 72), "figure.constrained_layout.use": True})
    mpl.rcParams.update(
        {"figure.constrained_layout.w_pad": 3 / 72, "figure.constrained_layout.h_pad": 7 / 72}
    )


def new_axes() -> Axes:
    """Return the axes of a new figure in the house style."""
    mpl.rcParams.update(RULES)
    layout = ConstrainedLayoutEngine(w_pad=3 / 72, h_pad=3 / 72)
    return Figure((WIDE / 72, 240 / 72), layout=layout).subplots()
