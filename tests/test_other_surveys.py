"""Notebooks on other surveys: weights are shown where they are stated, and nowhere else."""

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from surveyfile.importing import import_respondents
from surveyfile.record import Settings

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "data" / "examples"
UNWEIGHTED = PROJECT / "tests" / "regint" / "survey" / "folders" / "great_decisions_2017"
COUNTED = ["01_published_figures", "02_hidden_bases", "03_response_distributions"]
JUDGED = ["04_uncertainty", "05_claims_on_trial"]
TABLE = "application/vnd.nbarticle.table+json"
FIGURE = "application/vnd.nbarticle.figure+json"
NONE = "No weights are stated for this survey"
ANSWERS = ["yes", "yes", "no", "no", "unsure", "yes", "no", "yes"]
WEIGHTS = [1.0, 2.0, 0.5, 0.5, 3.0, 1.0, 1.5, 0.5]
SHARE_OF_YES = (1.0 + 2.0 + 1.0 + 0.5) / 10
EFFECTIVE_BASE = 10**2 / (1 + 4 + 0.25 + 0.25 + 9 + 1 + 2.25 + 0.25)

Output = dict[str, Any]


def counted(folder: Path, weight: str) -> dict[str, str]:
    """Import eight respondents."""
    data = folder / "answers.csv"
    rows = [f"{place},{a},{w}" for place, (a, w) in enumerate(zip(ANSWERS, WEIGHTS, strict=True))]
    data.write_text("\n".join(["id,opinion,w", *rows]) + "\n", encoding="utf-8")
    return import_respondents(data, Settings(weight=weight)).files


def outputs(built: Path, name: str) -> list[Output]:
    """The data of every output of an executed notebook."""
    cells = nbformat.read(built / "executed" / f"{name}.ipynb", as_version=4).cells
    return [output["data"] for cell in cells for output in cell.get("outputs", ()) if "data" in output]


def display(found: list[Output], kind: str, label: str) -> dict[str, Any]:
    (one,) = [data[kind] for data in found if kind in data and data[kind]["label"] == label]
    return one


def texts(found: list[Output]) -> str:
    return html.unescape("\n".join(data.get("text/markdown", "") for data in found))


@pytest.fixture
def weighted(built_on: Callable[..., Path], tmp_path: Path) -> Path:
    return built_on("weighted", counted(tmp_path, "w"), *COUNTED)


@pytest.fixture
def plain(built_on: Callable[..., Path], tmp_path: Path) -> Path:
    return built_on("plain", counted(tmp_path, ""), *COUNTED)


@pytest.fixture
def panel(built_on: Callable[..., Path]) -> Path:
    book = EXAMPLES / "awkward_panel_codebook.csv"
    imported = import_respondents(EXAMPLES / "awkward_panel.csv", Settings(weight="Gewicht"), book)
    return built_on("panel", imported.files, *JUDGED)


def test_weighted_shares_stand_beside_plain_ones(weighted: Path, plain: Path) -> None:
    for name, label in zip(COUNTED, ["tbl-question", "tbl-known", "tbl-lists"], strict=True):
        shown = display(outputs(weighted, name), TABLE, label)
        headers = [column["header"] for column in shown["columns"]]
        row = dict(zip(headers, next(r for r in shown["values"] if "yes" in r), strict=True))
        assert row["Weighted share"] == pytest.approx(SHARE_OF_YES), name
        assert (row["Count"], row["Plain share"]) == (4, 0.5), name
        assert row["Effective base"] == pytest.approx(EFFECTIVE_BASE), name
        shown = display(outputs(plain, name), TABLE, label)
        headers = [column["header"] for column in shown["columns"]]
        assert "Share" in headers, name
        assert not {"Weighted share", "Plain share", "Effective base"} & set(headers), name


def test_weights_are_summed_up_where_stated(weighted: Path, plain: Path) -> None:
    name = "03_response_distributions"
    assert len(display(outputs(weighted, name), TABLE, "tbl-weights")["rows"]) == 1
    said = [data.get("text/markdown", "") for data in outputs(plain, name)]
    assert [text for text in said if "weight" in text.lower()] == [f"{NONE}, so every answer counts once."]


def test_known_counts_are_said_to_be_known(weighted: Path, plain: Path) -> None:
    for built in (weighted, plain):
        said = texts(outputs(built, "02_hidden_bases"))
        assert "answers to this survey were counted" in said and "collapse to one number" in said


def test_uncertainty_shows_weighted_shares_beside_plain_ones(panel: Path) -> None:
    found = outputs(panel, "04_uncertainty")
    table = display(found, TABLE, "tbl-weights")
    assert "coverage 95%" in table["caption"] and "worth 112.2" in table["caption"]
    assert "weight Gewicht" in table["caption"] and "Taylor" in table["note"]
    assert table["rows"][0][:3] == ["Sharing of water", "55.4%", "57.5%"]
    data = display(found, FIGURE, "fig-intervals")["data"]["rows"]
    assert ["weighted, of 130", 0.574572] in [[row[1], round(row[2], 6)] for row in data]
    assert "The weights move *Sharing of water* most" in texts(found)
    assert NONE not in texts(found)


@pytest.mark.slow
def test_uncertainty_is_shown_at_the_coverage_asked_for(built_on: Callable[..., Path], panel: Path) -> None:
    arguments = ("04_uncertainty", "-p", "confidence", "0.9")
    found = outputs(built_on("panel_90", panel / "survey", *arguments), "04_uncertainty")
    assert "coverage 90%" in display(found, TABLE, "tbl-weights")["caption"]


def test_claims_are_judged_on_counts_and_on_weighted_shares(panel: Path) -> None:
    found = outputs(panel, "05_claims_on_trial")
    rows = {row[0]: row[1:] for row in display(found, TABLE, "tbl-weighted")["rows"]}
    assert rows["Prospects of closer ties: the largest figure leads"] == ["certain", "fails"]
    assert rows["Where respondents live: the largest figure leads"] == ["certain", "holds"]
    assert "Turned by the weights: “Prospects of closer ties: the largest figure leads”." in texts(found)


def test_a_survey_without_weights_says_so_once(built_on: Callable[..., Path]) -> None:
    built = built_on("unweighted", UNWEIGHTED, *JUDGED)
    for name in JUDGED:
        found = outputs(built, name)
        assert texts(found).count(NONE) == 1, name
        shown = {data[TABLE]["label"] for data in found if TABLE in data}
        assert not {"tbl-weights", "tbl-weighted"} & shown, name
        assert "weighted" not in texts(found).replace(NONE, ""), name
