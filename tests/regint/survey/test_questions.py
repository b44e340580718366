"""Single questions: their options, scales and summaries."""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.estimation.ordinal import agreement
from regint.survey.questions import (
    ScaleInSilence,
    agreement_by_silence,
    close_up,
    closed_question,
    compare_options,
    lead_outcomes,
    ordinal_summary,
    scale_in_silence,
    shares_of_all_asked,
    shares_on_bases,
    summaries,
    textbook_scales,
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


def scale(*counts: int, missing: int = 0) -> ScaleInSilence:
    return ScaleInSilence("Q", list(counts), missing, True, [float(i) for i in range(1, len(counts) + 1)])


def completions(counts: list[int], missing: int) -> list[list[int]]:
    ways = itertools.product(range(missing + 1), repeat=len(counts))
    return [[a + b for a, b in zip(counts, way, strict=True)] for way in ways if sum(way) == missing]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=4), st.integers(0, 3))
def test_agreement_is_bounded_as_brute_force_bounds_it(counts: list[int], missing: int) -> None:
    given_scale = scale(*counts, missing=missing)
    if not sum(counts) + missing:
        return
    everything = completions(counts, missing)
    assert len(everything) == given_scale.completions
    values = [agreement(way) for way in everything]
    row = summaries(given_scale).set_index("summary").loc["agreement"]
    assert (row["lower"], row["upper"]) == pytest.approx((min(values), max(values)))
    path = agreement_by_silence(given_scale, steps=50)
    assert path["x"].tolist() == list(range(missing + 1))
    assert path.iloc[-1, 1:].tolist() == pytest.approx([min(values), max(values)])


def test_without_silence_the_bounds_are_the_value() -> None:
    table = summaries(scale(1, 0, 4, 2, 0))
    assert table["lower"].tolist() == table["upper"].tolist() == table["value"].tolist()
    assert table.set_index("summary").loc["mean", "value"] == pytest.approx(3.0)


def test_everyone_silent_leaves_every_value_of_the_scale_open() -> None:
    table = summaries(scale(0, 0, 0, missing=4)).set_index("summary")
    assert table["value"].isna().all()
    assert table.loc["mean", ["lower", "upper"]].tolist() == [1, 3]
    assert table.loc["agreement", ["lower", "upper"]].tolist() == [-1, 1]


def test_nobody_at_all_has_no_summary() -> None:
    assert summaries(scale(0, 0, 0))[["value", "lower", "upper"]].isna().all(axis=None)
    assert agreement_by_silence(scale(0, 0))["lower"].isna().all()


def test_a_single_category_is_no_scale() -> None:
    assert summaries(scale(3, missing=2))[["value", "lower", "upper"]].isna().all(axis=None)


def test_the_top_of_a_short_scale_is_not_asked_for() -> None:
    assert "top_box" not in summaries(scale(1, 2, 3))["summary"].tolist()
    assert "top_box" in summaries(scale(1, 2, 3, 4))["summary"].tolist()


def test_the_ordered_question_with_most_silence_is_taken(astana: Survey) -> None:
    found = scale_in_silence(astana)
    assert (found.label, found.ordered) == (astana.questions.loc["prospects", "label"], True)
    assert found.reached == 50 and found.answers + found.missing == found.reached
    assert scale_in_silence(astana, "stability").label == astana.questions.loc["stability", "label"]


def refused_by_all(survey: Survey, question: str) -> Survey:
    rows = survey.responses["question"] == question
    nobody = survey.responses.assign(
        printed=survey.responses["printed"].mask(rows, "0"),
        statement=survey.responses["statement"].mask(rows, ""),
        count=survey.responses["count"].mask(rows, 0),
    )
    return replace(survey, responses=nobody)


def test_a_question_that_everyone_refused_is_not_taken(astana: Survey) -> None:
    found = scale_in_silence(refused_by_all(astana, "prospects"), fallback="drivers")
    assert found.label != astana.questions.loc["prospects", "label"] and found.answers > 0
    named = scale_in_silence(refused_by_all(astana, "prospects"), "prospects")
    assert named.answers == 0 and named.missing == 50
    assert math.isnan(summaries(named).iloc[0]["value"])


def test_without_an_ordered_question_the_fallback_is_taken_and_marked(astana: Survey) -> None:
    unordered = replace(astana, questions=astana.questions.assign(scale="unordered"))
    found = scale_in_silence(unordered, fallback="scenario_2035")
    assert (found.ordered, found.label) == (False, astana.questions.loc["scenario_2035", "label"])
    assert found.scores == [1.0, 2.0, 3.0, 4.0][: len(found.counts)]


def test_the_frames_hold_numbers_only() -> None:
    assert all(pd.api.types.is_numeric_dtype(t) for t in agreement_by_silence(scale(1, 2, missing=3)).dtypes)


def small(counts: tuple[int | None, ...] | list[int | None] = (1, 2, 3), base: int = 6) -> Survey:
    """One ordered question with three answers and scores 1 to 3."""
    names = ["a", "b", "c"]
    responses = pd.DataFrame({"question": "q", "response": names, "label": [n.upper() for n in names]})
    responses = responses.assign(score=[1.0, 2.0, 3.0], printed="", statement="", source="s", locator="l")
    responses = responses.assign(substantive=True, count=pd.array(list(counts), dtype="Int64"))
    design = {"question": "q", "kind": "single", "label": "Q", "scale": "ordered", "total": "open"}
    design |= {"printed_base": base, "asked": base, "answered": base, "base_status": "inferred"}
    questions = pd.DataFrame([design]).set_index("question")
    questions = questions.assign(weighted=False).astype(
        {"printed_base": "Int64", "asked": "Int64", "answered": "Int64"}
    )
    return Survey(Path(), {}, questions, responses, pd.DataFrame())


def test_summary_of_a_hand_counted_scale() -> None:
    row = ordinal_summary(small()).iloc[0]
    assert (row["answers"], row["median"], row["mode"], row["boxes"]) == (6, "B / C", "C", 1)
    assert row["top"] == 0.5 and row["mean"] == pytest.approx(14 / 6)


def test_summary_without_counts_is_empty_but_there() -> None:
    row = ordinal_summary(small([1, None, 3])).iloc[0]
    assert pd.isna(row["answers"]) and pd.isna(row["agreement"])


def test_silence_is_no_category_of_the_scale() -> None:
    survey = small()
    survey.responses.loc[2, "substantive"] = False
    row = ordinal_summary(survey).iloc[0]
    assert (row["answers"], row["categories"]) == (3, 2)


def test_summary_of_a_survey_without_scales() -> None:
    assert ordinal_summary(read_survey("data/survey/astana_2025"), "drivers").empty


def test_textbook_scales_are_complete() -> None:
    scales = textbook_scales()
    assert (scales.groupby("group")["share"].sum() - 1).abs().max() < 1e-12
    assert len(scales) == 25


def test_nobody_answered() -> None:
    assert pd.isna(ordinal_summary(small([0, 0, 0], base=0)).iloc[0]["answers"])
