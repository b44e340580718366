"""How wide a text is, so that names wrap before they run out of the picture."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from matplotlib.font_manager import FontProperties, findfont, get_font

from regint.display import palette
from regint.display.markup import plain

_PER_EM: Final = 65536.0


def width(text: str, *, size: float = palette.BASE_SIZE, bold: bool = False) -> float:
    """Return the width of a text in points, set in DejaVu Sans; unknown signs count one em.

    Examples
    --------
    >>> width("ii") < width("mm") < width("mm", bold=True)
    True
    """
    return sum(_advance(sign, bold) for sign in text) * size


def wrapped(label: object, space: float) -> list[str]:
    """Break a label into lines of at most `space` points; a longer word is cut.

    Examples
    --------
    >>> wrapped("roads, railways and ports", 68)
    ['roads,', 'railways and', 'ports']
    >>> wrapped("", 70)
    ['(no label)']
    """
    lines: list[str] = []
    for word in plain(label).split():
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and width(candidate) <= space:
            lines[-1] = candidate
        else:
            lines.extend(_pieces(word, max(space, 2 * palette.BASE_SIZE)))
    return lines or ["(no label)"]


def _pieces(word: str, space: float) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and width(pieces[-1] + sign) > space:
            pieces.append("")
        pieces[-1] += sign
    return pieces


@cache
def _font(bold: bool) -> Any:
    return get_font(findfont(FontProperties(family=palette.FONT, weight="bold" if bold else "normal")))


@cache
def _advance(sign: str, bold: bool) -> float:
    font = _font(bold)
    font.set_size(1000, 72)  # each time: matplotlib shares the font object and sets its own sizes
    if not font.get_char_index(ord(sign)):
        return 1.0
    return float(font.load_char(ord(sign)).linearHoriAdvance) / _PER_EM / 1000
