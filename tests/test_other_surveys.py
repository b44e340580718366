"""Notebooks on a survey that was counted: weights are shown where they are stated, and nowhere else."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from regint.survey.folder import write_survey_folder
from surveyfile.importing import import_respondents
from surveyfile.record import Settings

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ["01_published_figures", "02_hidden_bases", "03_response_distributions"]
TABLE = "application/vnd.nbarticle.table+json"
ANSWERS = ["yes", "yes", "no", "no", "unsure", "yes", "no", "yes"]
WEIGHTS = [1.0, 2.0, 0.5, 0.5, 3.0, 1.0, 1.5, 0.5]
SHARE_OF_YES = (1.0 + 2.0 + 1.0 + 0.5) / 10
EFFECTIVE_BASE = 10**2 / (1 + 4 + 0.25 + 0.25 + 9 + 1 + 2.25 + 0.25)

pytestmark = pytest.mark.slow


def outputs(folder: Path, weight: str) -> dict[str, list[dict[str, Any]]]:
    """Import eight respondents, build the notebooks on them, give the outputs by notebook."""
    data = folder / "answers.csv"
    rows = [f"{place},{a},{w}" for place, (a, w) in enumerate(zip(ANSWERS, WEIGHTS, strict=True))]
    data.write_text("\n".join(["id,opinion,w", *rows]) + "\n", encoding="utf-8")
    write_survey_folder(folder / "survey", import_respondents(data, Settings(weight=weight)).files)
    command = [str(Path(sys.executable).with_name("regint")), "build", *NOTEBOOKS]
    command += ["--survey", str(folder / "survey"), "--out", str(folder / "out")]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    cells = {
        name: nbformat.read(folder / "out" / "executed" / f"{name}.ipynb", as_version=4).cells
        for name in NOTEBOOKS
    }
    return {name: [o["data"] for c in own for o in c.get("outputs", ())] for name, own in cells.items()}


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    return outputs(tmp_path_factory.mktemp("weighted"), "w")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    return outputs(tmp_path_factory.mktemp("plain"), "")


def table(data: list[dict[str, Any]], label: str) -> dict[str, Any]:
    (found,) = [one[TABLE] for one in data if TABLE in one and one[TABLE]["label"] == label]
    return found


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("01_published_figures", "tbl-question"),
        ("02_hidden_bases", "tbl-known"),
        ("03_response_distributions", "tbl-lists"),
    ],
)
def test_weighted_shares_stand_beside_plain_ones(weighted: Any, plain: Any, name: str, label: str) -> None:
    shown = table(weighted[name], label)
    headers = [column["header"] for column in shown["columns"]]
    row = dict(zip(headers, next(r for r in shown["values"] if "yes" in r), strict=True))
    assert row["Weighted share"] == pytest.approx(SHARE_OF_YES)
    assert (row["Count"], row["Plain share"]) == (4, 0.5)
    assert row["Effective base"] == pytest.approx(EFFECTIVE_BASE)
    headers = [column["header"] for column in table(plain[name], label)["columns"]]
    assert "Share" in headers and not {"Weighted share", "Plain share", "Effective base"} & set(headers)


def test_weights_are_summed_up_where_stated(weighted: Any, plain: Any) -> None:
    assert len(table(weighted["03_response_distributions"], "tbl-weights")["rows"]) == 1
    said = [one.get("text/markdown", "") for one in plain["03_response_distributions"]]
    assert [text for text in said if "weight" in text.lower()] == [
        "No weights are stated for this survey, so every answer counts once."
    ]


def test_known_counts_are_said_to_be_known(weighted: Any, plain: Any) -> None:
    for data in (weighted["02_hidden_bases"], plain["02_hidden_bases"]):
        said = "\n".join(one.get("text/markdown", "") for one in data)
        assert "answers to this survey were counted" in said and "collapse to one number" in said
