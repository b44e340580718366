"""Uncertainty and claims on a weighted survey: weights are shown where they are stated, and nowhere else."""

import html
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from regint.survey.folder import write_survey_folder
from surveyfile.importing import import_respondents
from surveyfile.record import Settings

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "data" / "examples"
TABLE = "application/vnd.nbarticle.table+json"
FIGURE = "application/vnd.nbarticle.figure+json"
NONE = "No weights are stated for this survey"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def weighted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weighted") / "panel"
    book = EXAMPLES / "awkward_panel_codebook.csv"
    imported = import_respondents(EXAMPLES / "awkward_panel.csv", Settings(weight="Gewicht"), book)
    write_survey_folder(folder, imported.files)
    return folder


def outputs(name: str, survey: Path, folder: Path, **values: Any) -> list[dict[str, Any]]:
    """Run a notebook on a survey and return the data of its outputs."""
    target = folder / f"{name}.ipynb"
    papermill.execute_notebook(
        PROJECT / "notebooks" / f"{name}.ipynb",
        target,
        parameters={"survey": str(survey), **values},
        cwd=PROJECT,
        progress_bar=False,
    )
    cells = nbformat.read(target, as_version=4).cells
    return [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]


def display(found: list[dict[str, Any]], kind: str, label: str) -> dict[str, Any]:
    return next(data[kind] for data in found if kind in data and data[kind]["label"] == label)


def texts(found: list[dict[str, Any]]) -> str:
    return html.unescape("\n".join(str(data.get("text/markdown", "")) for data in found))


def test_uncertainty_shows_weighted_shares_at_the_coverage_asked_for(
    weighted_folder: Path, tmp_path: Path
) -> None:
    found = outputs("04_uncertainty", weighted_folder, tmp_path, confidence=0.9)
    table = display(found, TABLE, "tbl-weights")
    assert "coverage 90%" in table["caption"] and "worth 112.2" in table["caption"]
    assert "weight Gewicht" in table["caption"] and "Taylor" in table["note"]
    assert [row[:3] for row in table["rows"]][0] == ["Sharing of water", "55.4%", "57.5%"]
    data = display(found, FIGURE, "fig-intervals")["data"]["rows"]
    assert ["weighted, of 130", 0.574572] in [[row[1], round(row[2], 6)] for row in data]
    assert "The weights move *Sharing of water* most" in texts(found)
    assert NONE not in texts(found)


def test_claims_are_judged_on_counts_and_on_weighted_shares(weighted_folder: Path, tmp_path: Path) -> None:
    found = outputs("05_claims_on_trial", weighted_folder, tmp_path)
    rows = {row[0]: row[1:] for row in display(found, TABLE, "tbl-weighted")["rows"]}
    assert rows["Prospects of closer ties: the largest figure leads"] == ["certain", "fails"]
    assert rows["Where respondents live: the largest figure leads"] == ["certain", "holds"]
    assert "Turned by the weights: “Prospects of closer ties: the largest figure leads”." in texts(found)


@pytest.mark.parametrize("name", ["04_uncertainty", "05_claims_on_trial"])
def test_a_survey_without_weights_says_so_once(name: str, tmp_path: Path) -> None:
    survey = PROJECT / "tests" / "regint" / "survey" / "folders" / "great_decisions_2017"
    found = outputs(name, survey, tmp_path)
    assert texts(found).count(NONE) == 1
    shown = [data[TABLE]["label"] for data in found if TABLE in data]
    assert not {"tbl-weights", "tbl-weighted"} & set(shown)
    assert "weighted" not in texts(found).replace(NONE, "")
