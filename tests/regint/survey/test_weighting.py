"""Weighted shares of a survey folder: R's survey package at other coverages, and folders without weights."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from regint.survey.folder import write_survey_folder
from regint.survey.shares import stated_design, weighted_shares
from regint.survey.table import Survey, read_survey
from surveyfile.importing import import_respondents
from surveyfile.record import Settings

REFERENCE = Path(__file__).parents[2] / "reference"
LEVELS = pd.read_csv(REFERENCE / "design_sample_levels.csv", comment="#", dtype={"answer": str})
DESIGNS = {
    "weighted": Settings(weight="w"),
    "stratified": Settings(weight="w", strata="stratum"),
    "both": Settings(weight="w", strata="stratum", cluster="cluster"),
}


def survey_of(file: Path, folder: Path, settings: Settings) -> Survey:
    write_survey_folder(folder, import_respondents(file, settings).files)
    return read_survey(folder)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.99])
def test_intervals_at_another_coverage_equal_r(name: str, confidence: float, tmp_path: Path) -> None:
    survey = survey_of(REFERENCE / "design_sample.csv", tmp_path / "s", DESIGNS[name])
    own = weighted_shares(survey, "answer", confidence)
    expected = LEVELS[(LEVELS["design"] == name) & (LEVELS["confidence"] == confidence)]
    assert own["label"].tolist() == expected["answer"].tolist()
    np.testing.assert_allclose(own[["lower", "upper"]], expected[["lower", "upper"]], atol=2e-7)


def test_the_coverage_of_the_import_is_taken_as_it_stands(tmp_path: Path) -> None:
    settings = replace(DESIGNS["both"], confidence=0.9)
    survey = survey_of(REFERENCE / "design_sample.csv", tmp_path / "s", settings)
    own = weighted_shares(survey, confidence=0.9)
    assert own["lower"].tolist() == survey.responses["weighted_lower"].tolist()
    np.testing.assert_allclose(
        weighted_shares(survey)["upper"],
        weighted_shares(survey_of(REFERENCE / "design_sample.csv", tmp_path / "t", DESIGNS["both"]))["upper"],
        atol=1e-7,
    )


def test_shares_of_all_or_nobody_have_no_interval(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,w\nyes,2\nyes,1\nyes,1\n", encoding="utf-8")
    own = weighted_shares(survey_of(tmp_path / "a.csv", tmp_path / "s", Settings(weight="w")), confidence=0.9)
    assert own["weighted_share"].tolist() == [1.0]
    assert own[["lower", "upper"]].isna().all(axis=None)


def test_the_plain_share_and_the_bases_stand_beside_the_weighted_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,w\nyes,2\nno,1\n,1\nyes,1\nno,1\n", encoding="utf-8")
    own = weighted_shares(survey_of(tmp_path / "a.csv", tmp_path / "s", Settings(weight="w")))
    assert own["label"].tolist() == ["no", "yes"]
    assert own["share"].tolist() == [0.5, 0.5]
    assert own["weighted_share"].tolist() == [0.4, 0.6]
    assert own["answered"].tolist() == [4, 4]
    assert own["effective_base"].tolist() == pytest.approx([25 / 7] * 2)


def test_strata_without_weights_have_no_effective_base(tmp_path: Path) -> None:
    survey = survey_of(REFERENCE / "design_sample.csv", tmp_path / "s", Settings(strata="stratum"))
    own = weighted_shares(survey)
    assert own["effective_base"].isna().all() and own["lower"].notna().all()
    assert stated_design(survey) == "strata stratum"


def test_a_survey_without_weights_has_none() -> None:
    survey = read_survey("data/survey/astana_2025")
    assert weighted_shares(survey).empty and stated_design(survey) == ""


def test_a_hidden_response_has_no_weighted_share(tmp_path: Path) -> None:
    rows = "".join(f"{answer},1\n" for answer in ["yes"] * 20 + ["no"] * 9 + ["other"] * 2)
    (tmp_path / "a.csv").write_text(f"q,w\n{rows}", encoding="utf-8")
    survey = survey_of(tmp_path / "a.csv", tmp_path / "s", Settings(weight="w", mask_small=5))
    shown = survey.responses.loc[survey.responses["count"].notna(), "label"]
    assert "other" not in set(shown) and weighted_shares(survey)["label"].tolist() == shown.tolist()


@pytest.mark.parametrize("stated", [{"confidence": "high"}, {"confidence": 7}, ["w"], None, {"weight": 3}])
def test_nonsense_in_the_metadata_does_no_harm(stated: object, tmp_path: Path) -> None:
    survey = survey_of(REFERENCE / "design_sample.csv", tmp_path / "s", DESIGNS["weighted"])
    broken = replace(survey, metadata=json.loads(json.dumps({**survey.metadata, "weight": stated})))
    own = weighted_shares(broken, confidence=0.9)
    assert (own["lower"] < own["weighted_share"]).all()
    assert isinstance(stated_design(broken), str)
