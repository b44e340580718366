"""An ordered question and its silence: bounds that some completion reaches and none passes."""

import itertools
import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.estimation.ordinal import agreement
from regint.survey.questions import ScaleInSilence, agreement_by_silence, scale_in_silence, summaries
from regint.survey.table import Survey, read_survey


def scale(*counts: int, missing: int = 0) -> ScaleInSilence:
    return ScaleInSilence("Q", list(counts), missing, True, [float(i) for i in range(1, len(counts) + 1)])


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


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
