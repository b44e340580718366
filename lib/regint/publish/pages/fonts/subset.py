"""Make the font files of this folder from the npm packages they come from.

Run once, by hand, when a sign is missing or a font has a new release::

    npm pack @fontsource/stix-two-math @fontsource-variable/source-serif-4
    python -m regint.publish.pages.fonts.subset FOLDER_WITH_THE_UNPACKED_PACKAGES

Versions used: stix-two-math 5.3.0, source-serif-4 5.3.1, both under the SIL Open Font License 1.1 (see the
licence files beside this one; the reserved names are not used for the subsets).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from regint.publish.pages.fonts import MATH, MORE, TEXT

HERE = Path(__file__).parent
MATH_FEATURES = ["ssty", "dtls", "flac", "mark", "mkmk", "ccmp"]
# Kerning doubles a small face; only the upright one, which sets titles, is worth it.
TEXT_FEATURES = ["kern"]


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
    font.flavor = "woff2" if target.suffix == ".woff2" else None
    font.save(target)


def main(folder: Path) -> None:
    """Write all files; those from which every page cuts its own part stay uncompressed."""
    math = next(folder.glob("**/stix-two-math-latin-400-normal.woff2"))
    upright = next(folder.glob("**/source-serif-4-latin-wght-normal.woff2"))
    italic = next(folder.glob("**/source-serif-4-latin-wght-italic.woff2"))
    cut(math, HERE / "math.ttf", MATH, MATH_FEATURES)
    cut(upright, HERE / "text.woff2", TEXT, TEXT_FEATURES, {"wght": (400, 650)})
    cut(upright, HERE / "text-more.ttf", MORE, TEXT_FEATURES, {"wght": (400, 650)})
    cut(italic, HERE / "text-italic.ttf", TEXT | MORE, [], {"wght": 400})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
