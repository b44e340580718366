"""Make the font files of lib/nbarticle/fonts, and from matplotlib's those of lib/regint/display/fonts.

Run once, by hand, when a sign is missing or a font has a new release::

    npm pack @fontsource/stix-two-math @fontsource-variable/source-serif-4
    python tools/cut_fonts.py FOLDER_WITH_THE_UNPACKED_PACKAGES

Versions used: stix-two-math 5.3.0, source-serif-4 5.3.1, both under the SIL Open Font License 1.1 (the
reserved names are not used for the subsets); DejaVu Sans 2.37 of matplotlib 3.11.2. The licences lie beside
the files.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer
from matplotlib import get_data_path
from nbarticle import layout
from regint.display import style

HERE = layout.FONTS
# Browsers print <mi>x</mi> from the mathematical italics (h from U+210E), so those are what must be there.
MATH = [
    *range(0x20, 0x7F), *range(0x391, 0x3F6), *range(0x1D400, 0x1D468), 0x210E, *range(0x1D6A8, 0x1D71C),
    *range(0x1D7CE, 0x1D7E2), *range(0x302, 0x305), 0x307, 0x308, 0x20D7, *range(0x2061, 0x2064),
    *map(ord, "\u00a0±×·÷¬–…‖⋯−∑∏√∞∈∉∋∀∂∃∅∆∇∓∖∗∘∝∣∥∧∨∩∪∫∬∼≈≅≠≡≤≥≪≫≲⊂⊃⊆⊇⊕⊗⊥⊤⋅⋮⋱⩽⩾←↑→↓↔↦⇒⇔⌈⌉⌊⌋⟨⟩⏞⏟"),
    *map(ord, "€ℂℓℝℕℙℤℚ′″ˆ˜˙¨¯‾𝒜ℬ𝒟ℒ𝒩𝒫𝒮𝒳𝔼\ufe00"),
]  # fmt: skip
MATH_FEATURES = ["ssty", "dtls", "flac", "mark", "mkmk", "ccmp"]
# Only the upright face, which sets titles, is worth its kerning.
TEXT_FEATURES = ["kern"]
# Western, Greek and Cyrillic letters, and the signs a figure has beside them.
FIGURES = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x391, 0x3CA), *range(0x400, 0x460), *range(0x490, 0x4FA),
    *range(0x2070, 0x208F), *range(0x25A0, 0x25D0), *map(ord, "–—‘’“”„…•‰′″\u2009\u202f€→←↑↓−×≈≤≥✓✗"),
]  # fmt: skip
# Half the grid of the originals: a twentieth of a pixel in a title on a fine screen, a tenth of the bytes.
UNITS_PER_EM = 500


def cut(
    source: Path,
    target: Path,
    signs: Iterable[int],
    features: list[str],
    axes: dict[str, object] | None = None,
) -> None:
    """Write the part of a font that shows `signs`."""
    font = TTFont(source, recalcTimestamp=False)
    if axes:
        font = instancer.instantiateVariableFont(font, axes)
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [0]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(signs))
    cutter.subset(font)
    _keep_kerning_still(font)
    scale_upem(font, UNITS_PER_EM)
    font.flavor = None
    font.save(target)


def _keep_kerning_still(font: TTFont) -> None:
    """Kern bold letters as the regular ones: how kerning varies with weight takes as much as the kerning."""
    lookups = font["GPOS"].table.LookupList.Lookup if font["GPOS"].table.LookupList else []
    tables = [table for lookup in lookups for table in lookup.SubTable if hasattr(table, "ValueFormat1")]
    for table in tables:
        for group in getattr(table, "PairSet", None) or table.Class1Record:
            for pair in getattr(group, "PairValueRecord", None) or group.Class2Record:
                if hasattr(pair.Value1, "XAdvDevice"):
                    del pair.Value1.XAdvDevice
        table.ValueFormat1 = 4  # XAdvance alone


def cut_for_figures(name: str) -> None:
    """Write the part of a matplotlib font that shows `FIGURES`, whole but for them: it must look the same."""
    # With the bounds of all signs: some readers place letters by them.
    source = Path(get_data_path(), "fonts", "ttf", name)
    font = TTFont(source, recalcTimestamp=False, recalcBBoxes=False)
    options = subset.Options(glyph_names=True, recommended_glyphs=True, name_IDs=[0, 1, 2, 4, 6])
    options.drop_tables += ["FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=FIGURES)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = str(record).replace("DejaVu Sans", style.SMALL_FACE)
    font.save(style.FONTS / name)


def main(folder: Path) -> None:
    """Write all files, uncompressed, because every page cuts its own part from them."""
    math = next(folder.glob("**/stix-two-math-latin-400-normal.woff2"))
    upright = next(folder.glob("**/source-serif-4-latin-wght-normal.woff2"))
    italic = next(folder.glob("**/source-serif-4-latin-wght-italic.woff2"))
    cut(math, HERE / "math.ttf", MATH, MATH_FEATURES)
    cut(upright, HERE / "text.ttf", layout.TEXT, TEXT_FEATURES, {"wght": (400, 650)})
    cut(italic, HERE / "text-italic.ttf", layout.TEXT, [], {"wght": 400})
    cut_for_figures("DejaVuSans.ttf")
    cut_for_figures("DejaVuSans-Bold.ttf")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
