"""The fonts a page carries with it, and which signs each of them can show."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path


def _points(*parts: int | str | range) -> frozenset[int]:
    points: set[int] = set()
    for part in parts:
        points |= (
            {part} if isinstance(part, int) else set(map(ord, part)) if isinstance(part, str) else set(part)
        )
    return frozenset(points)


TEXT = _points(range(0x20, 0x7F), "\u00a0§±·×ÄÅÉÖÜßáäåæçèéëíïñóôöøúüığşšćčž–—‘’“”…−≤≥→↩")
# Browsers print <mi>x</mi> from the mathematical italics (h from U+210E), so those are what must be there.
BASIC = _points(
    range(0x61, 0x7B), range(0x30, 0x3A), " ()[]{}|+=<>,.;:/!%-'\u00a0±×−≤≥≠∑√…ˆ¯∣", range(0x1D44E, 0x1D468),
    0x210E, "𝑁𝑃𝑆𝑋𝑌𝐿𝐾𝐴𝛼𝛽𝜆𝜇𝜋𝜎𝜃", 0x302, 0x304, 0x2061, 0x2062,
)  # fmt: skip
CORE = BASIC | _points(
    range(0x20, 0x7F), range(0x1D44E, 0x1D468), range(0x1D434, 0x1D44E), 0x210E, range(0x1D6FC, 0x1D715),
    "ΔΓΘΛΞΠΣΦΨΩ\u00a0±×·÷¬…⋯−∑∏√∞∈∉∣∥≤≥≠≈≡∼∝→⇒⇔∪∩⊆⊂∅⌊⌋⌈⌉⟨⟩ˆ˜¯‾⏞⏟",
    0x302, 0x303, 0x304, 0x2061, 0x2062, 0x2063, 0x1D7D9,
)  # fmt: skip
MATH = CORE | _points(
    range(0x391, 0x3F6), range(0x1D400, 0x1D434), range(0x1D6A8, 0x1D6FC), "–‖€ℂℓℝℕℙℤℚ←↑↓↔↦∀∂∃∆∇∋∓∖∗∘∧∨∫∬",
    "≅≪≫≲⊃⊇⊕⊗⊥⊤⋅⋮⋱⩽⩾′″˙¨𝒜ℬ𝒟ℒ𝒩𝒫𝒮𝒳𝔼", 0x307, 0x308, 0x20D7, range(0x1D7CE, 0x1D7D8),
)  # fmt: skip


@cache
def address(name: str) -> str:
    """Font file as a ``data:`` address."""
    content = Path(__file__).with_name(f"{name}.woff2").read_bytes()
    return f"data:font/woff2;base64,{b64encode(content).decode()}"


def math_font(signs: str) -> str:
    """Name the smallest maths font that shows all of `signs`; ``""`` when there is nothing to show.

    Examples
    --------
    >>> math_font(""), math_font("𝑘=𝑛"), math_font("𝑘∈Φ"), math_font("ℝ")
    ('', 'math-basic', 'math-core', 'math')
    """
    points = {ord(sign) for sign in signs if not sign.isspace()}
    if not points:
        return ""
    return "math-basic" if points <= BASIC else "math-core" if points <= CORE else "math"
