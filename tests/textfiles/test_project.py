"""Where data lie: from wherever a reader stands, and under no name that tells of a machine."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.project import (
    OUTSIDE,
    exists,
    folder_name,
    folder_place,
    folders_outside,
    locate,
    named_outside,
    outside,
    project_folder,
)


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


def test_a_named_folder_outside_comes_before_all_and_is_forgotten_afterwards(project: Path) -> None:
    theirs = project.parent / "theirs"
    (project / "theirs").mkdir()
    with outside({"theirs": theirs}):
        assert locate("theirs") == theirs
        assert locate("theirs/questions.csv") == theirs / "questions.csv"
        assert locate("theirs2") == project / "theirs2"
        with outside({}):
            assert named_outside() == {}
        assert named_outside() == {"theirs": str(theirs)}
    assert OUTSIDE not in os.environ
    assert locate("theirs") == project / "theirs"


@given(st.text(max_size=300))
def test_any_text_can_be_asked_for(text: str) -> None:
    assert exists(Path(text)) in (True, False)
    assert isinstance(locate(text), Path)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path.resolve() / "ada" / "project"
    (root / "data" / "mine").mkdir(parents=True)
    (root.parent / "their survey").mkdir()
    (root.parent / "data").mkdir()
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("data/mine", "data/mine"),
        ("data/mine/", "data/mine"),
        ("../project/data/mine", "data/mine"),
        ("../their survey", "their survey"),
        ("../data", "outside/data"),  # `data` is taken by the project's own
        ("nowhere", "nowhere"),
        ("", ""),
    ],
)
def test_a_folder_is_called_by_its_place_in_the_project_or_by_its_own_name(
    root: Path, folder: str, name: str
) -> None:
    assert folder_name(folder, root) == name
    assert folder_name(str(Path(folder).absolute()) if folder else "", root) in (name, str(root / name))


def test_folders_are_found_from_below_the_project_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "data")
    assert folder_place("mine", root) == folder_place("data/mine", root) == root / "data" / "mine"
    assert folder_place("data/nowhere", root) is None


def test_a_link_in_the_project_keeps_its_name(root: Path) -> None:
    (root / "linked").symlink_to(root.parent / "their survey")
    assert folder_name("linked", root) == "linked"
    assert folders_outside(["linked"], root) == {}


def test_only_what_lies_outside_gets_a_name_of_its_own(root: Path) -> None:
    folders = ["", "data/mine", "nowhere", os.fspath(root.parent / "their survey")]
    assert folders_outside(folders, root) == {"their survey": root.parent / "their survey"}
