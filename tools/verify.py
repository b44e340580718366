"""Build the committed state again, from a clone and as if on other machines, and compare it with build/.

`make verify` calls this after `make`. All builds run in a fresh clone below build/verify, with a copy of this
environment, so that only what is committed counts.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from nbarticle.manifest import verify

PROJECT = Path(__file__).resolve().parent.parent

# What differs in each build: of the user who calls, and of what every kernel is told.
BUILDS = {
    "from a clone": ({}, {}),
    "by another user, in another time zone and locale": (
        {"HOME": "home", "USER": "else", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
        {},
    ),
    "with another font of the same name installed": ({}, {"XDG_DATA_HOME": "fonts"}),
    "without vector units in numpy": ({}, {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL"}),
    "with the OpenBLAS of an older processor": ({}, {"OPENBLAS_CORETYPE": "Prescott"}),
}
BUILD = """
import json, os, pathlib, sys
from nbarticle import execute
from nbarticle.plan import Request
execute.FIXED.update(json.loads(sys.argv[2]))
from nbarticle.run import build
if hasattr(os, "sched_setaffinity") and int(sys.argv[3]):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
report = build(Request(out=pathlib.Path(sys.argv[1]), jobs=int(sys.argv[3])))
sys.exit("; ".join(report.failed.values()) or None)
"""


def rebuild(
    clone: Path, out: Path, python: str, theirs: dict[str, str], told: dict[str, str], jobs: int = 0
) -> None:
    """Build the notebooks of a clone into `out`, as another user and on another processor."""
    subprocess.run(
        [python, "-c", BUILD, str(out), json.dumps(told), str(jobs)],
        cwd=clone,
        env=os.environ | theirs,
        check=True,
    )


def clone_with_environment(place: Path) -> tuple[Path, str]:
    """Clone the checkout; return the clone, and a Python that imports the clone's packages."""
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(place)], check=True)
    environment = Path(sys.prefix)
    if environment.parent != PROJECT:
        sys.exit(
            "make: verify needs the environment .venv: leave conda with 'conda deactivate', then run it."
        )
    # Hard links: nothing is copied, and the path that leads Python to lib is relative.
    shutil.copytree(environment, place / environment.name, symlinks=True, copy_function=os.link)
    return place, str(place / environment.name / Path(sys.executable).relative_to(environment))


def compare(published: Path, rebuilt: Path) -> tuple[int, list[str]]:
    """Compare two builds byte by byte: how many files there are, and of each that differs, by what."""

    def files(out: Path) -> dict[str, bytes]:
        found = [
            path
            for kind in ("site", "executed")
            for path in sorted((out / kind).rglob("*"))
            if path.is_file()
        ]
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}

    before, after = files(published), files(rebuilt)
    names = sorted(before.keys() | after.keys())
    return len(names), [
        f"{name}: {difference(before.get(name), after.get(name))}"
        for name in names
        if before.get(name) != after.get(name)
    ]


def difference(before: bytes | None, after: bytes | None) -> str:
    """Say by what two files differ."""
    if before is None or after is None:
        return "only in the rebuilt site" if before is None else "only in the published site"
    try:
        pair = [content.decode().splitlines() for content in (before, after)]
    except UnicodeDecodeError:
        return f"{len(before)} bytes, rebuilt {len(after)}"
    lines = zip(*pair, strict=False)
    number, one, other = next(
        ((n, a, b) for n, (a, b) in enumerate(lines, start=1) if a != b), (min(map(len, pair)) + 1, "", "")
    )
    start = max(0, next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0) - 20)
    return f"line {number}, …{one[start : start + 60]!r}, rebuilt …{other[start : start + 60]!r}"


def install_font(place: Path) -> None:
    """Put a font with serifs, named as the one of the figures, where a user's fonts are looked for."""
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    font = TTFont(Path(get_data_path(), "fonts", "ttf", "DejaVuSerif.ttf"))
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = "DejaVu Sans"
    (place / "fonts").mkdir(parents=True, exist_ok=True)
    font.save(place / "fonts" / "DejaVuSans.ttf")


def main() -> int:
    """Compare all builds; return the exit code."""
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    if changed.stdout.strip():
        sys.exit("make: verify builds what is committed; commit or stash your changes, then run it again.")
    holds, wrong = verify(PROJECT / "build" / "site")
    print(*holds, *(f"wrong: {sentence}" for sentence in wrong), sep="\n")
    place = PROJECT / "build" / "verify"
    (place / "home").mkdir(parents=True, exist_ok=True)
    install_font(place / "fonts")
    clone, python = clone_with_environment(place / "a clone, ж")
    for number, (words, (theirs, told)) in enumerate(BUILDS.items(), start=1):
        print(f"Building {words} ...", flush=True)
        if "HOME" in theirs:
            theirs = theirs | {"HOME": str(place / "home")}
        told = {
            name: str(place / value) if name == "XDG_DATA_HOME" else value for name, value in told.items()
        }
        out = clone / "build" / str(number)
        rebuild(clone, out, python, theirs, told, jobs=1 if theirs else 0)
        total, differing = compare(PROJECT / "build", out)
        print(f"Built {words}: {total - len(differing)} of {total} files are identical.")
        print(*differing, sep="\n", end="\n" if differing else "")
        wrong += differing
    shutil.rmtree(place)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
