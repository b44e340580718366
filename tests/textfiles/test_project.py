"""Where data lie, from wherever a reader stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.project import exists, locate, project_folder


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
