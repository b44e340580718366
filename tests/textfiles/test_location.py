"""Where data lie: from wherever a reader stands, and under no name that tells of a machine."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.problems import SurveyError
from textfiles.project import OUTSIDE, exists, locate, named_outside, outside, project_folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "Ж project"
    (root / "data" / "deep").mkdir(parents=True)
    (root / "data" / "datapackage.json").write_text("{}")
    (root / "notebooks").mkdir()
    monkeypatch.chdir(root / "notebooks")
    return root


def test_the_project_is_found_from_below(project: Path) -> None:
    assert project_folder() == project


def test_outside_any_project_the_installed_one_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (project_folder() / "lib" / "regint").is_dir()
    monkeypatch.setattr("textfiles.__file__", str(tmp_path / "site-packages" / "textfiles" / "__init__.py"))
    with pytest.raises(SurveyError, match="run this inside the checkout"):
        project_folder()
    assert locate("x.csv") == tmp_path / "x.csv"


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
