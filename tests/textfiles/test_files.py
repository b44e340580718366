"""Files found from wherever a reader stands, and written whole or not at all."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.files import digest, exists, locate, project_folder, replacing, write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "Ж project"
    (root / "data" / "deep").mkdir(parents=True)
    (root / "data" / "datapackage.json").write_text("{}")
    (root / "notebooks").mkdir()
    monkeypatch.chdir(root / "notebooks")
    return root


def test_the_project_is_found_from_below(project: Path, tmp_path: Path) -> None:
    assert project_folder() == project == project_folder(project / "data" / "deep")
    (project / "data" / "datapackage.json").unlink()
    assert project_folder() is None
    (project / "pyproject.toml").write_text("[tool.ruff]\n")
    assert project_folder() is None
    (project / "pyproject.toml").write_text('[tool.nbarticle]\ntitle = "T"\n')
    assert project_folder() == project
    assert project_folder(tmp_path) is None


def test_outside_any_project_the_installed_one_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (locate("lib") / "textfiles").is_dir()
    monkeypatch.setattr("textfiles.__file__", str(tmp_path / "site-packages" / "textfiles" / "__init__.py"))
    assert locate("lib") == tmp_path / "lib"


def test_nearest_first_then_the_project(project: Path) -> None:
    assert locate("data/deep") == project / "data" / "deep"
    assert locate("data/nowhere") == project / "data" / "nowhere"
    (project / "notebooks" / "data" / "deep").mkdir(parents=True)
    assert locate("data/deep") == project / "notebooks" / "data" / "deep"
    assert locate(project) == project


@given(st.text(max_size=300))
def test_any_text_can_be_asked_for(text: str) -> None:
    assert exists(Path(text)) in (True, False)
    assert isinstance(locate(text), Path)


def test_text_and_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "new" / "a.txt", "é\r\n")
    write(tmp_path / "b.bin", b"\x00\xff")
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"\xc3\xa9\r\n"
    assert (tmp_path / "b.bin").read_bytes() == b"\x00\xff"


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_the_old_file_stays_when_writing_fails(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "a.txt"
    write(target, "old")
    with pytest.raises(type(error)), replacing(target) as draft:
        draft.write_text("half")
        raise error
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_that_does_not_read_back_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt", "old")
    monkeypatch.setattr(Path, "read_bytes", lambda self: b"")
    with pytest.raises(OSError, match=r"^a\.txt was not written"):
        write(tmp_path / "a.txt", "new")
    monkeypatch.undo()
    assert (tmp_path / "a.txt").read_text() == "old"


def test_what_a_kill_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".a.txt.part").write_text("half")
    write(tmp_path / "a.txt", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_umask_decides_who_may_read(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write(tmp_path / "a.txt", "private")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o600


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert digest(tmp_path / "a") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
