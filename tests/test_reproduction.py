"""The same bytes anywhere: the study built again as if on another machine, by another user."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

# What kernels are told beside what they are always told, here in place of another processor: one without
# vector units, for which numpy and OpenBLAS have other routines.
OTHER_PROCESSOR = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL",
    "OPENBLAS_CORETYPE": "Prescott",
}
BUILD = """
import os, pathlib, sys
from nbarticle import environment
from nbarticle.plan import Request
environment.FIXED.update(pair.split("=", 1) for pair in sys.argv[2:])
from nbarticle.run import build
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
report = build(Request(out=pathlib.Path(sys.argv[1]), jobs=1))
sys.exit("; ".join(report.failed.values()) or None)
"""


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for kind in ("site", "executed")
        for path in (folder / kind).rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_another_processor_user_zone_and_locale_give_the_same_bytes(study: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUILD, str(tmp_path / "ж a"), *map("=".join, OTHER_PROCESSOR.items())]
    (tmp_path / "home").mkdir()
    theirs = {"HOME": str(tmp_path / "home"), "USER": "else", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    run = subprocess.run(
        command, cwd=PROJECT, env=os.environ | theirs, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    there, here = files(tmp_path / "ж a"), files(study)
    assert len(here) > 300 and there.keys() == here.keys()
    assert [name for name in here if here[name] != there[name]] == []


def test_the_other_processor_is_felt() -> None:
    # Without this the comparison above could pass because numpy ignored what it was told.
    show = "import numpy._core._multiarray_umath as m; print(m.__cpu_features__.get('X86_V3', False))"
    told = subprocess.run(
        [sys.executable, "-c", show],
        env=os.environ | OTHER_PROCESSOR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"
