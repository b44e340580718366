"""The fonts a page carries with it: of two text faces and a maths face what the page prints of them."""

from __future__ import annotations

import io
from base64 import b64encode
from functools import cache
from pathlib import Path

from nbarticle.timings import timed

# Western letters, and the signs an article prints beside them; tools/cut_fonts.py makes the files.
TEXT = frozenset([*range(0x20, 0x7F), 0xA0, *range(0xC0, 0x100), *map(ord, "§±·ıŒœ–—‘’“”…−")])


@cache
@timed("of pages and site: fonts")
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
