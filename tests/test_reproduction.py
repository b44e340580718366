"""The same bytes anywhere: the study built again as if on another machine, by another user."""

import importlib.util
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SPECIFICATION = importlib.util.spec_from_file_location("verify", PROJECT / "tools" / "verify.py")
verify = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(verify)

# What `make verify` changes in one build after another, all at once: user, zone, locale, fonts, processor.
THEIRS, TOLD = {}, {}
for theirs, told in verify.BUILDS.values():
    THEIRS |= theirs
    TOLD |= told


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
def test_another_processor_user_zone_locale_and_font_give_the_same_bytes(study: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    verify.install_font(tmp_path / "fonts")
    theirs = THEIRS | {"HOME": str(tmp_path / "home")}
    told = TOLD | {"XDG_DATA_HOME": str(tmp_path / "fonts")}
    verify.rebuild(PROJECT, tmp_path / "ж a", sys.executable, theirs, told, jobs=1)
    there, here = files(tmp_path / "ж a"), files(study)
    assert len(here) > 300 and there.keys() == here.keys()
    assert [name for name in here if here[name] != there[name]] == []


def test_the_other_processor_is_felt() -> None:
    # Without this the comparison above could pass because numpy ignored what it was told.
    show = "import numpy._core._multiarray_umath as m; print(m.__cpu_features__.get('X86_V3', False))"
    told = subprocess.run(
        [sys.executable, "-c", show],
        env=os.environ | TOLD,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"


def test_the_other_font_is_felt(tmp_path: Path) -> None:
    verify.install_font(tmp_path / "fonts")
    show = "from matplotlib import font_manager as m; print([f.fname for f in m.fontManager.ttflist])"
    told = {"XDG_DATA_HOME": str(tmp_path / "fonts"), "MPLCONFIGDIR": str(tmp_path / "settings")}
    seen = subprocess.run(
        [sys.executable, "-c", show], env=os.environ | told, capture_output=True, text=True, check=True
    )
    assert str(tmp_path / "fonts" / "fonts" / "DejaVuSans.ttf") in seen.stdout
