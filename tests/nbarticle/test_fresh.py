"""What makes a result stale: contents and names, never clocks, and nothing that lies outside."""

import os
import sys
from pathlib import Path

import pytest
from nbarticle import cache
from nbarticle.cache import Record, Snapshot, State
from textfiles.project import outside


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "data" / "survey" / "mine").mkdir(parents=True)
    (root / "data" / "a.csv").write_text("a\n")
    (root / "data" / "panel.SAV").write_text("binary")
    (root / "data" / "survey" / "mine" / "questions.csv").write_text("q\n")
    (root / "data" / ".hidden").write_text("")
    return root


def test_a_file_is_its_content_and_a_folder_its_listing(root: Path) -> None:
    file, folder = root / "data" / "a.csv", root / "data"
    before = cache.digest_of(file), cache.digest_of(folder)
    os.utime(file, (0, 0))
    assert (cache.digest_of(file), cache.digest_of(folder)) == before
    file.write_text("b\n")
    assert cache.digest_of(file) != before[0] and cache.digest_of(folder) == before[1]
    (folder / "__pycache__").mkdir()
    assert cache.digest_of(folder) == before[1]
    (folder / "new.csv").write_text("")
    assert cache.digest_of(folder) != before[1]
    assert cache.digest_of(root / "nowhere") == "missing"


def test_many_files_together_are_their_names_and_contents(root: Path) -> None:
    files = cache.files_below(root / "data")
    assert [path.name for path in files] == ["a.csv", "panel.SAV", "questions.csv"]
    whole = cache.digest_together(files, root)
    assert whole == cache.digest_together(reversed(files), root)
    files[0].rename(files[0].with_name("b.csv"))
    assert whole != cache.digest_together(cache.files_below(root / "data"), root)


def test_declared_are_the_survey_folder_and_what_only_compiled_code_reads(root: Path) -> None:
    assert cache.declared_inputs(root, None) == ["data/panel.SAV"]
    assert cache.declared_inputs(root, "data/survey/mine/") == [
        "data/survey/mine/", "data/panel.SAV", "data/survey/mine/questions.csv",
    ]  # fmt: skip


def test_a_survey_outside_goes_by_its_name(root: Path) -> None:
    theirs = root.parent / "ada" / "theirs"
    theirs.mkdir(parents=True)
    (theirs / "questions.csv").write_text("q\n")
    with outside({"theirs": theirs}):
        names = cache.declared_inputs(root, "theirs")
        assert names == ["theirs/", "data/panel.SAV", "theirs/questions.csv"]
        first = Snapshot(root).now(names)
        assert "missing" not in first.values()
        theirs.rename(root.parent / "elsewhere")
    with outside({"theirs": root.parent / "elsewhere"}):
        assert Snapshot(root).now(names) == first
        (root.parent / "elsewhere" / "questions.csv").write_text("r\n")
        assert Snapshot(root).now(names) != first


def test_noted_are_reads_in_the_project_and_nothing_else(root: Path) -> None:
    lines = [
        root / "data" / "a.csv", f"{root / 'data'}/", root, root / "build" / "x.csv", root / ".git" / "HEAD",
        root / "helpers" / "__pycache__" / "mine.cpython-311.pyc", "/etc/passwd", Path(sys.prefix) / "x.py",
        root / "data" / "a.csv",
    ]  # fmt: skip
    notes = root / "notes"
    notes.write_text("".join(f"{line}\n" for line in lines))
    assert cache.noted_inputs(root, notes) == ["data/a.csv", "data/", "helpers/mine.py"]
    assert cache.noted_inputs(root, root / "nowhere") == []


def test_a_snapshot_keeps_to_what_it_saw_first(root: Path) -> None:
    snapshot = Snapshot(root)
    before = snapshot.now(["data/a.csv", "nowhere"])
    assert before["nowhere"] == "missing"
    (root / "data" / "a.csv").write_text("changed\n")
    assert snapshot.now(["data/a.csv", "nowhere"]) == before
    assert snapshot.data["data/a.csv"] == before["data/a.csv"]


def test_the_recipe_changes_with_notebook_and_parameters_but_not_with_their_order(root: Path) -> None:
    one = cache.recipe(root, b"{}", {"a": 1, "b": "x"})
    assert one == cache.recipe(root, b"{}", {"b": "x", "a": 1})
    assert one != cache.recipe(root, b"{} ", {"a": 1, "b": "x"})
    assert one != cache.recipe(root, b"{}", {"a": True, "b": "x"})


def test_what_is_remembered_comes_back_and_damage_means_that_nothing_is_known(tmp_path: Path) -> None:
    state = State(
        {"01": Record("r", {"a": "b"}, "e", {"full": "k"}, {"full": "p"}, "Été", 1.5)}, {"full": "s"}
    )
    path = tmp_path / "state.json"
    path.write_bytes(state.to_json())
    assert State.read(path) == state
    for damage in (b"", b"[]", b"{}", b'{"notebooks": {"01": {"colour": 1}}}', state.to_json()[:-9], b"\xff"):
        path.write_bytes(damage)
        assert State.read(path) == State()
    assert State.read(tmp_path / "nowhere") == State()
