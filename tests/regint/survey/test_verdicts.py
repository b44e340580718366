"""Verdicts summed up: every claim is counted once under every base, and weights can turn a verdict."""

from pathlib import Path

import pandas as pd
import pytest
from regint.survey.claims import (
    MEANINGS,
    base_that_flips,
    beside_weighted,
    by_base,
    claims_on_trial,
    tally,
    turned_by_base,
    with_claims,
)
from regint.survey.folder import write_survey_folder
from regint.survey.table import Survey, read_survey
from surveyfile.importing import import_respondents
from surveyfile.record import Settings


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


@pytest.fixture(scope="module")
def flips(astana: Survey) -> pd.DataFrame:
    return base_that_flips(astana)


def test_every_claim_is_counted_once(astana: Survey, flips: pd.DataFrame) -> None:
    trial = claims_on_trial(astana, "printed")
    table = tally(trial)
    assert table["claims"].sum() == len(trial)
    assert table["verdict"].tolist() == ["certain", "possible", "impossible", "no data set", "untestable"]
    assert set(table["meaning"]) <= set(MEANINGS.values())
    assert by_base(flips).groupby("row")["value"].sum().unique().tolist() == [len(flips)]


def test_claims_turned_by_the_base_stand_together(flips: pd.DataFrame) -> None:
    table = turned_by_base(flips)
    assert len(table) == flips["flips"].sum()
    blocks = (table["verdicts"] != table["verdicts"].shift()).sum()
    assert blocks == table["verdicts"].nunique()
    assert table.loc[0, "verdicts"] == (
        "The printed base and all asked: impossible; those who answered: certain"
    )
    assert turned_by_base(flips.assign(flips=False)).empty


def test_weights_turn_a_leader(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,w\nyes,1\nyes,1\nyes,1\nno,3\nno,3\n", encoding="utf-8")
    write_survey_folder(tmp_path / "s", import_respondents(tmp_path / "a.csv", Settings(weight="w")).files)
    survey = with_claims(read_survey(tmp_path / "s"))
    table = beside_weighted(survey, claims_on_trial(survey, "answered"))
    row = table.iloc[0]
    assert (len(table), row["verdict"], row["weighted"]) == (1, "certain", "fails")
    assert table["differs"].all()


def test_without_weights_there_is_nothing_beside(astana: Survey) -> None:
    table = beside_weighted(astana, claims_on_trial(astana, "printed"))
    assert table.empty and {"weighted", "differs"} <= set(table.columns)
