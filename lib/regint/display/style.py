"""The look of a figure: colours, fonts, the widths of letters."""

from __future__ import annotations

from collections.abc import Sequence
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
ON_DARK: Final = "#ffffff"
ON_LIGHT: Final = "#101114"

BLUE: Final = "#1a6fb0"
AMBER: Final = "#cf6f00"
TEAL: Final = "#0d8a78"
PURPLE: Final = "#9a5fc0"
RED: Final = "#cb3f4a"
GREY: Final = "#7a828c"
ACCENTS: Final = (BLUE, AMBER, TEAL, PURPLE, RED, GREY)

# From little to much: readable on a photocopy, and pale enough for near-black numbers at 7:1 (WCAG AAA).
_SEQUENCE: Final = ("#d7e6f4", "#a9cbe8", "#6fa8d6")
_OPPOSITES: Final = ("#df9138", "#f0c58f", "#dde1e7", "#a9cbe8", "#6fa8d6")

GRID: Final = 0.16
FONT: Final = "DejaVu Sans"

BASE_SIZE: Final = 10.0
SMALL_SIZE: Final = 9.5
LINE_HEIGHT: Final = 13.8

WIDE: Final = 480.0
NARROW: Final = 258.0


# What matplotlib is told, by `new_axes` and again when a figure is drawn for page and phone.
RULES: Final[Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": [FONT],
    "font.size": BASE_SIZE,
    "axes.titlesize": BASE_SIZE,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": BASE_SIZE,
    "xtick.labelsize": SMALL_SIZE,
    "ytick.labelsize": SMALL_SIZE,
    "legend.fontsize": SMALL_SIZE,
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
    "axes.unicode_minus": True,
}


def scale(steps: int, *, diverging: bool = False) -> list[str]:
    """Return colours for the steps of an ordered scale, pale to dark or amber over grey to blue.

    Examples
    --------
    >>> scale(2)
    ['#d7e6f4', '#6fa8d6']
    >>> len(scale(7, diverging=True))
    7
    """
    stops = _OPPOSITES if diverging else _SEQUENCE
    return [blend(stops, place / max(steps - 1, 1)) for place in range(steps)]


def blend(stops: Sequence[str], position: float) -> str:
    """Return the colour at a position, 0-1, between equally spaced stops."""
    place = position * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    rest = place - low
    pairs = [(int(stops[low][i : i + 2], 16), int(stops[low + 1][i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (other - one) * rest):02x}" for one, other in pairs)


def luminance(colour: str) -> float:
    """Relative luminance of a ``#rrggbb`` colour, 0-1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1-21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Return near-black or white, whichever reads better on `colour`."""
    return max((ON_LIGHT, ON_DARK), key=lambda text: contrast(text, colour))


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
    return get_font(findfont(FontProperties(family=FONT, weight="normal")))


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
