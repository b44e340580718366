"""The fonts a page carries with it: of two text faces and a maths face what the page prints of them."""

from __future__ import annotations

import io
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


# Western letters, and the signs an article prints beside them.
TEXT = _points(range(0x20, 0x7F), 0xA0, range(0xC0, 0x100), "§±·ıŒœ–—‘’“”…−")
# Browsers print <mi>x</mi> from the mathematical italics (h from U+210E), so those are what must be there.
MATH = _points(
    range(0x20, 0x7F), range(0x391, 0x3F6), range(0x1D400, 0x1D468), 0x210E, range(0x1D6A8, 0x1D71C),
    range(0x1D7CE, 0x1D7E2), range(0x302, 0x305), 0x307, 0x308, 0x20D7, range(0x2061, 0x2064),
    "\u00a0±×·÷¬–…‖⋯−∑∏√∞∈∉∋∀∂∃∅∆∇∓∖∗∘∝∣∥∧∨∩∪∫∬∼≈≅≠≡≤≥≪≫≲⊂⊃⊆⊇⊕⊗⊥⊤⋅⋮⋱⩽⩾←↑→↓↔↦⇒⇔⌈⌉⌊⌋⟨⟩⏞⏟",
    "€ℂℓℝℕℙℤℚ′″ˆ˜˙¨¯‾𝒜ℬ𝒟ℒ𝒩𝒫𝒮𝒳𝔼\ufe00",
)  # fmt: skip


@cache
def cut_face(name: str, signs: str) -> str:
    """Cut a font down to what one page shows of it; a ``data:`` address."""
    if not signs:
        return ""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    # Forms for indices triple the letters; only a prime looks wrong without its own.
    options.layout_features = ["kern", "dtls", "flac", "mark", "ccmp", *(["ssty"] if "′" in signs else [])]
    options.name_IDs = []
    options.drop_tables += ["STAT", "BASE", "GDEF", "gasp"] if name != "math" else []
    cutter = subset.Subsetter(options)
    cutter.populate(text=signs + ("0123456789()=" if name == "math" else ""))
    stream = io.BytesIO()
    with TTFont(Path(__file__).with_name(f"{name}.ttf"), recalcTimestamp=False, lazy=True) as font:
        cutter.subset(font)
        font.flavor = "woff2"
        font.save(stream)
    return f"data:font/woff2;base64,{b64encode(stream.getvalue()).decode()}"
