"""One question under study: which one, on which bases, with what silence."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from regint.survey.questions import (
    ScaleInSilence,
    agreement_by_silence,
    close_up,
    closed_question,
    compare_options,
    lead_outcomes,
    scale_in_silence,
    shares_of_all_asked,
    shares_on_bases,
    summaries,
    working_counts,
)
from regint.survey.table import Survey, read_survey

FOLDERS = Path(__file__).parent / "folders"


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


@pytest.fixture(scope="module", params=["great_decisions_2017", "us_goals_for_russia"])
def other(request: pytest.FixtureRequest) -> Survey:
    return read_survey(FOLDERS / request.param)


def test_the_largest_choose_several_question_is_taken(astana: Survey) -> None:
    study = close_up(astana)
    assert (study.question, study.exclusive, study.base) == ("economic_directions", False, 50)
    assert (study.asked, study.answered, study.silent, study.silence_recorded) == (50, 30, 20, True)
    assert list(study.counts.values()) == [26, 24, 16, 11, 10, 9, 7, 6, 1]
    assert study.options["exact"].all()


@pytest.mark.parametrize(("base", "number"), [("printed", 50), ("asked", 50), ("answered", 30)])
def test_the_base_is_the_one_asked_for(astana: Survey, base: str, number: int) -> None:
    assert close_up(astana, base=base).base == number


def test_a_closed_question_excludes(astana: Survey) -> None:
    study = close_up(astana, "scenario_2035")
    assert study.exclusive and study.bases == {"of 30": 30} and study.silent == 20


def test_a_survey_without_recorded_bases_gets_the_smallest_that_fits(other: Survey) -> None:
    study = close_up(other)
    assert study.base >= 1 and len(study.options) > 1 and study.silent >= 0
    assert (working_counts(other)["count"] <= working_counts(other)["base"]).all()
    shares = shares_on_bases(study)
    assert (shares["lower"] <= shares["share"]).all() and (shares["share"] <= shares["upper"]).all()


def test_intervals_span_every_count_a_figure_allows(astana: Survey) -> None:
    study = close_up(astana)
    one = study.options.head(1).assign(printed="5", base=1000, count=50, exact=False)
    wide = shares_on_bases(replace(study, options=one, bases={"of 1000": 1000}))
    narrow = shares_on_bases(replace(study, options=one.assign(exact=True), bases={"of 1000": 1000}))
    assert wide.loc[0, "lower"] < narrow.loc[0, "lower"] < narrow.loc[0, "upper"] < wide.loc[0, "upper"]


def test_a_base_below_the_greatest_count_is_left_out(astana: Survey) -> None:
    few = replace(astana, questions=astana.questions.assign(answered=20))
    study = close_up(few)
    assert study.bases == {"of 50": 50} and study.answered == 20
    assert set(compare_options(study)["group"]) == {"of 50"}


@pytest.mark.parametrize(
    ("base", "level", "outcomes"),
    [("of 50", 0.05, {True, False}), ("of 30", 0.05, {True}), ("of 30", 0.001, {False})],
)
def test_a_lead_is_significant_or_hangs_on_the_overlap(
    astana: Survey, base: str, level: float, outcomes: set[bool]
) -> None:
    study = close_up(astana)
    first, _, third = list(study.counts)[:3]
    assert lead_outcomes(study, first, third, base, "exact", level) == outcomes


def test_shares_of_all_asked_hold_the_share_of_those_who_answered(astana: Survey) -> None:
    table = shares_of_all_asked(close_up(astana))
    assert table["answered"].between(table["lower"], table["upper"]).all()
    assert (table["upper"] - table["lower"]).round(9).eq(0.4).all()


def test_the_closed_question_has_known_counts(astana: Survey) -> None:
    study = closed_question(astana)
    assert study is not None and study.counts["Integration on pragmatic economics"] == 15
    open_only = replace(astana, questions=astana.questions.assign(total="open"))
    assert closed_question(open_only) is None


def test_the_ordered_question_with_most_silence(astana: Survey) -> None:
    scale = scale_in_silence(astana)
    assert (scale.counts, scale.missing, scale.ordered) == ([0, 1, 5, 16, 8], 20, True)
    assert scale_in_silence(astana, "scenario_2035").ordered is False
    unordered = replace(astana, questions=astana.questions.assign(scale="unordered"))
    assert scale_in_silence(unordered, fallback="scenario_2035").label == "Most likely scenario to 2035"


def test_agreement_widens_from_a_point(astana: Survey) -> None:
    path = agreement_by_silence(scale_in_silence(astana))
    assert path["x"].tolist() == list(range(21))
    assert path.loc[0, "lower"] == path.loc[0, "upper"]
    assert path.loc[20, "lower"] == pytest.approx(-0.23, abs=0.005)
    assert isinstance(path, pd.DataFrame)


def test_summaries_of_a_scale_with_scores_of_its_own() -> None:
    scale = ScaleInSilence("", [1, 0, 3], 1, True, [0.0, 5.0, 10.0])
    table = summaries(scale).set_index("summary")
    assert "top_box" not in table.index
    assert table.loc["mean", ["least", "most", "value"]].tolist() == [0.0, 10.0, 7.5]
    assert table.loc["mean", ["lower", "upper"]].tolist() == [6.0, 8.0]
    assert table["value"].between(table["least"], table["most"]).all()
    assert scale.completions == 3 and scale.answers == 4


def test_without_silence_a_summary_is_one_number(astana: Survey) -> None:
    known = ScaleInSilence("", [0, 1, 5, 16, 8], 0, True, [1, 2, 3, 4, 5])
    table = summaries(known)
    assert (table["lower"] == table["upper"]).all() and known.completions == 1
    assert agreement_by_silence(known)["x"].tolist() == [0]
