"""Colours and sizes of every figure, chosen once.

The page is either light or dark, so a colour has to work on both. Ink (text, axes) becomes ``currentColor``
in the SVG and follows the page. The accents are mid-tones with a contrast of at least 3:1 against white *and*
against a near-black page; blue and amber stay apart for all common forms of colour-blindness, and every pair
that has to be told apart also differs in shape, so that a photocopy keeps the meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

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
MARKERS: Final = ("o", "D", "s", "^", "v", "P")
DASHES: Final = (
    "-",
    (0, (5, 2)),
    (0, (1.5, 1.5)),
    (0, (6, 2, 1.5, 2)),
    (0, (3, 1)),
    (0, (8, 3)),
)

# From little to much: readable on a photocopy, and pale enough for near-black numbers at 7:1 (WCAG AAA).
_SEQUENCE: Final = ("#d7e6f4", "#a9cbe8", "#6fa8d6")
_OPPOSITES: Final = ("#df9138", "#f0c58f", "#dde1e7", "#a9cbe8", "#6fa8d6")

PALE: Final = 0.26
GRID: Final = 0.16
FONT: Final = "DejaVu Sans"

BASE_SIZE: Final = 10.0
SMALL_SIZE: Final = 9.5
LINE_HEIGHT: Final = 13.8

WIDE: Final = 480.0
NARROW: Final = 258.0


def accent(index: int) -> str:
    """Colour number `index`, starting again after the last.

    Examples
    --------
    >>> accent(0) == accent(len(ACCENTS)) == BLUE
    True
    """
    return ACCENTS[index % len(ACCENTS)]


def marker(index: int) -> str:
    """Marker number `index`: shape tells series apart where colour cannot.

    Examples
    --------
    >>> marker(0), marker(1)
    ('o', 'D')
    """
    return MARKERS[index % len(MARKERS)]


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


def shade(value: float) -> str:
    """Return the colour of a value between 0 (pale) and 1 (dark).

    Examples
    --------
    >>> shade(0.0), shade(1.0)
    ('#d7e6f4', '#6fa8d6')
    """
    return blend(_SEQUENCE, min(max(value, 0.0), 1.0))


def blend(stops: Sequence[str], position: float) -> str:
    """Return the colour at a position, 0-1, between equally spaced stops.

    Examples
    --------
    >>> blend(("#000000", "#ffffff"), 0.5)
    '#808080'
    """
    place = position * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    rest = place - low
    pairs = [(int(stops[low][i : i + 2], 16), int(stops[low + 1][i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (other - one) * rest):02x}" for one, other in pairs)


def luminance(colour: str) -> float:
    """Relative luminance of a ``#rrggbb`` colour, 0-1 (WCAG 2.2).

    Examples
    --------
    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1-21 (WCAG 2.2).

    Examples
    --------
    >>> contrast("#ffffff", "#000000")
    21.0
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Return near-black or white, whichever reads better on `colour`.

    Examples
    --------
    >>> text_on("#ffffff") == ON_LIGHT
    True
    """
    return max((ON_LIGHT, ON_DARK), key=lambda text: contrast(text, colour))
