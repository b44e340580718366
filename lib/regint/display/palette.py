"""Colours and sizes of every figure, chosen once.

The page is either light or dark, so a colour has to work on both. Ink (text, axes) becomes ``currentColor``
in the SVG and follows the page. The accents are mid-tones with a contrast of at least 3:1 against white *and*
against a near-black page; blue and amber stay apart for all common forms of colour-blindness, and every pair
that has to be told apart also differs in shape, so that a photocopy keeps the meaning.
"""

from __future__ import annotations

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
DASHES: Final = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (3, 1)), (0, (8, 3)))

PALE: Final = 0.26
GRID: Final = 0.16
FONT: Final = "DejaVu Sans"

BASE_SIZE: Final = 9.0
SMALL_SIZE: Final = 9.0
LINE_HEIGHT: Final = 12.5

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
