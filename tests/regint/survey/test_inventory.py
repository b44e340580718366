"""Taking stock: nothing printed is overlooked, nothing unprinted is hidden."""

from pathlib import Path

import pytest
from regint.survey.folder import write_survey_folder
from regint.survey.shares import disclosure_scorecard, figure_map, inventory
from regint.survey.table import Survey, read_survey
from surveyfile.importing import import_respondents
from surveyfile.printed_table import new_folder

FOLDERS = Path(__file__).parent / "folders"


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


def test_inventory_accounts_for_every_response(astana: Survey) -> None:
    stock = inventory(astana).set_index("question")
    assert (stock["options"] == stock[["figures", "words", "counted", "unprinted"]].sum(axis="columns")).all()
    assert not stock["counted"].any()
    assert stock["options"].sum() == len(astana.responses)
    assert stock.loc["competing_blocs", ["figures", "unprinted"]].to_list() == [3, 4]
    assert stock.loc[["prospects", "stability", "infrastructure"], "printed_sum"].to_list() == [0.6] * 3
    assert stock.loc["steps_to_action", "printed_sum"] == pytest.approx(0.68)
    assert stock.loc["economic_directions", ["printed_sum"]].isna().all()
    assert stock.loc["prospects", "unquantified"] == 0
    assert stock.loc["scenario_2035", "unquantified"] == 1


def test_map_holds_every_figure_once(astana: Survey) -> None:
    places = figure_map(astana)
    assert sum(len(text.split("; ")) for text in places["printed"]) == len(astana.responses)
    assert places["locator"].str.len().gt(0).all()
    assert places["printed"].str.contains("no figure").sum() == 2


def test_scorecard_lists_the_eleven_items(astana: Survey) -> None:
    card = disclosure_scorecard(astana)
    assert len(card) == 11 and card["item"].is_unique
    assert card["score"].isin([0, 0.5, 1]).all()


def test_what_nobody_looked_up_is_not_held_against_a_report(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine")
    survey = read_survey(tmp_path / "mine")
    assert disclosure_scorecard(survey).empty
    survey.metadata["disclosure"][3]["status"] = "missing"
    assert disclosure_scorecard(survey)["score"].tolist() == [0]


def test_other_surveys() -> None:
    ballot = read_survey(FOLDERS / "great_decisions_2017")
    assert set(inventory(ballot)["base_status"]) == {"unknown"}
    poll = read_survey(FOLDERS / "us_goals_for_russia")
    assert disclosure_scorecard(poll).empty
    assert len(figure_map(poll)) == 1


def test_counts_in_the_open_are_no_printed_figures(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("id,q\n1,yes\n2,no\n3,yes\n", encoding="utf-8")
    write_survey_folder(tmp_path / "s", import_respondents(tmp_path / "answers.csv").files)
    (row,) = inventory(read_survey(tmp_path / "s")).to_dict("records")
    assert (row["options"], row["figures"], row["counted"], row["unprinted"]) == (2, 0, 2, 0)
    assert row["printed_sum"] is None
