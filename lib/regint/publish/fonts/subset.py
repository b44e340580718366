"""Make the font files of this folder from the npm packages they come from.

Run once, by hand, when a sign is missing or a font has a new release::

    npm pack @fontsource/stix-two-math @fontsource-variable/source-serif-4
    python -m regint.publish.fonts.subset FOLDER_WITH_THE_UNPACKED_PACKAGES

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

from regint.publish.fonts import BASIC, CORE, MATH, TEXT

HERE = Path(__file__).parent
# Only the large file carries the variants for indices (ssty), for its primes.
MATH_FEATURES = ["ssty", "dtls", "flac", "mark", "mkmk", "ccmp"]
CORE_FEATURES = ["dtls", "flac", "mark", "ccmp"]
TEXT_FEATURES = ["kern", "lnum", "tnum"]


def cut(
    source: Path,
    target: Path,
    signs: Iterable[int],
    features: list[str],
    axes: dict[str, object] | None = None,
) -> None:
    """Write the part of a font that shows `signs`, as woff2."""
    font = TTFont(source, recalcTimestamp=False)
    if axes:
        font = instancer.instantiateVariableFont(font, axes)
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [0, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=list(signs))
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def main(folder: Path) -> None:
    """Write all five files."""
    math = next(folder.glob("**/stix-two-math-latin-400-normal.woff2"))
    upright = next(folder.glob("**/source-serif-4-latin-wght-normal.woff2"))
    italic = next(folder.glob("**/source-serif-4-latin-wght-italic.woff2"))
    cut(math, HERE / "math.woff2", MATH, MATH_FEATURES)
    cut(math, HERE / "math-basic.woff2", BASIC, CORE_FEATURES)
    cut(math, HERE / "math-core.woff2", CORE, CORE_FEATURES)
    cut(upright, HERE / "text.woff2", TEXT, TEXT_FEATURES, {"wght": (400, 650)})
    cut(italic, HERE / "text-italic.woff2", TEXT, TEXT_FEATURES, {"wght": 400})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
