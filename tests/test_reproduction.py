"""The same bytes anywhere: the study built again as if on another machine, by another user."""

import os
import runpy
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


def test_builds_are_compared_file_by_file(tmp_path: Path) -> None:
    for out, text in (("a", "1\nshare 0.25\n"), ("b", "1\nshare 0.26\n")):
        (tmp_path / out / "site").mkdir(parents=True)
        (tmp_path / out / "site" / "same.txt").write_text("same")
        (tmp_path / out / "site" / "t.csv").write_text(text)
        (tmp_path / out / "site" / "p.png").write_bytes(b"\xff" + out.encode())
        (tmp_path / out / "site" / f"{out}.txt").write_text("")
    compare = runpy.run_path(str(PROJECT / "tools" / "verify.py"))["compare"]
    total, differing = compare(tmp_path / "a", tmp_path / "b")
    assert total == 5
    assert differing == [
        "site/a.txt: only in the published site",
        "site/b.txt: only in the rebuilt site",
        "site/p.png: 2 bytes, rebuilt 2",
        "site/t.csv: line 2, …'share 0.25', rebuilt …'share 0.26'",
    ]


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
