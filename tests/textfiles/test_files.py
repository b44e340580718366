"""Files written whole or not at all."""

import os
from pathlib import Path

import pytest
from textfiles.files import replacing, write


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
