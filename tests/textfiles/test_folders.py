"""What a survey folder is called: pages and rerun commands tell nothing of the machine."""

import os
from pathlib import Path

import pytest
from textfiles.project import folder_name, folder_place, folders_outside


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
