"""How answers divide: against hand counts and the statistics they rest on."""

from pathlib import Path

import pandas as pd
import pytest
from regint.estimation.intervals import proportion_interval
from regint.survey.shares import (
    base_in_words,
    frequency_distribution,
    overview,
    side_by_side,
    weights_at_work,
)
from regint.survey.table import Survey, read_survey


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


def small(**changes: object) -> Survey:
    """A survey of one question with three answers, changed as asked."""
    design = {
        "question": "q", "kind": "single", "label": "Q", "scale": "ordered", "total": "closed",
        "printed_base": 6, "asked": 10, "answered": 6, "base_status": "inferred",
    } | {key: value for key, value in changes.items() if key != "counts"}  # fmt: skip
    counts = changes.get("counts", [1, 2, 3])
    responses = pd.DataFrame(
        {
            "question": "q",
            "response": ["a", "b", "c"],
            "label": ["A", "B", "C"],
            "score": [1.0, 2.0, 3.0],
            "printed": "",
            "statement": "",
            "substantive": [True, True, True],
            "count": pd.array(counts, dtype="Int64"),
            "source": "s",
            "locator": "l",
        }
    )
    questions = pd.DataFrame([design]).set_index("question")
    questions = questions.astype({"printed_base": "Int64", "asked": "Int64", "answered": "Int64"})
    return Survey(Path(), {}, questions, responses, pd.DataFrame())


def test_shares_and_intervals_of_a_hand_counted_question() -> None:
    table = frequency_distribution(small(), "asked")
    assert table["share"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert table["of"].unique().tolist() == ["10 asked"]
    wanted = [proportion_interval(count, 10) for count in (1, 2, 3)]
    assert list(zip(table["lower"], table["upper"], strict=True)) == [pytest.approx(pair) for pair in wanted]


def test_confidence_widens_the_interval() -> None:
    narrow, wide = (frequency_distribution(small(), confidence=level) for level in (0.5, 0.99))
    assert (wide["upper"] - wide["lower"] > narrow["upper"] - narrow["lower"]).all()


def test_no_interval_without_a_share(astana: Survey) -> None:
    table = frequency_distribution(astana)
    without = table[table["share"].isna()]
    assert len(without) and without["lower"].isna().all() and (without["method"] == "").all()


def test_no_interval_where_no_count_gives_the_figure(astana: Survey) -> None:
    table = frequency_distribution(astana, question="external_platforms")
    assert table["share"].notna().all() and table["lower"].isna().all()


def test_interval_over_all_counts_that_print_as_the_figure() -> None:
    survey = small(counts=[None, None, None], printed_base=1000, asked=1000, answered=1000, total="multiple")
    survey.responses["printed"] = ["10", "20", "30"]
    row = frequency_distribution(survey).iloc[0]
    assert row["lower"] == pytest.approx(proportion_interval(95, 1000)[0])
    assert row["upper"] == pytest.approx(proportion_interval(105, 1000)[1])


def test_a_doubtful_base_is_shown_on_both(astana: Survey) -> None:
    both = side_by_side(astana, question="scenario_2035")
    assert both["of"].drop_duplicates().tolist() == ["50 asked", "30 who answered"]
    assert both.loc[both["chosen"], "of"].unique().tolist() == ["30 who answered"]
    assert not both.duplicated(["response", "of"]).any()


def test_a_reported_base_is_shown_alone() -> None:
    both = side_by_side(small(base_status="reported"))
    assert both["of"].unique().tolist() == ["6 who answered"]


def test_a_base_without_any_share_is_left_out(astana: Survey) -> None:
    both = side_by_side(astana, "asked", question="steps_to_action")
    assert both["of"].unique().tolist() == ["53 remarks"] and not both["chosen"].any()


@pytest.mark.parametrize("base", ["printed", "asked", "answered"])
def test_every_question_of_the_survey_has_a_block(astana: Survey, base: str) -> None:
    assert set(side_by_side(astana, base)["question"]) == set(astana.questions.index)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "6 who answered"),
        ({"printed_base": 10}, "10 asked"),
        ({"printed_base": 8}, "8 (base as printed)"),
        ({"printed_base": None}, "an unknown base"),
        ({"answered": None, "printed_base": 10}, "10 asked"),
        ({"kind": "open_coded"}, "6 remarks"),
    ],
)
def test_bases_in_words(changes: dict[str, object], words: str) -> None:
    assert base_in_words(small(**changes).questions.loc["q"]) == words


def test_nobody_answered() -> None:
    survey = small(counts=[0, 0, 0], printed_base=0, answered=0)
    assert frequency_distribution(survey)["lower"].isna().all()


def weighted(**changes: object) -> Survey:
    survey = small(**changes)
    survey.questions["effective_base"] = 5.0
    for name, values in {
        "weighted_count": [2.0, 2.0, 2.0], "weighted_share": [0.4, 0.3, 0.3], "weighted_error": [0.1] * 3,
        "weighted_lower": [0.2, 0.1, 0.1], "weighted_upper": [0.6, 0.5, 0.5],
    }.items():  # fmt: skip
        survey.responses[name] = values
    return survey


def test_weighted_shares_are_used_on_those_who_answered() -> None:
    answered = frequency_distribution(weighted(), "answered")
    assert answered["share"].tolist() == [0.4, 0.3, 0.3]
    assert answered["lower"].tolist() == pytest.approx([0.2, 0.1, 0.1])
    assert answered["method"].unique().tolist() == ["design-based"]
    assert answered["of"].str.endswith("who answered, weighted").all()
    assert answered["plain_share"].tolist() == pytest.approx(answered["count"] / answered["base"])
    asked = frequency_distribution(weighted(), "asked")
    assert asked["share"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert asked[["plain_share", "effective_base"]].isna().all(axis=None)
    assert not asked["of"].str.contains("weighted").any()


def test_weighted_intervals_follow_the_coverage_asked_for() -> None:
    usual, narrow = (frequency_distribution(weighted(), "answered", level) for level in (0.95, 0.5))
    assert (narrow["upper"] - narrow["lower"] < usual["upper"] - usual["lower"]).all()


def test_a_design_without_a_weight_changes_intervals_and_nothing_else() -> None:
    survey = weighted()
    del survey.questions["effective_base"]
    table = frequency_distribution(survey, "answered")
    assert "plain_share" not in table and not table["of"].str.contains("weighted").any()
    assert (table["method"] == "design-based").all()
    assert weights_at_work(table).empty


def test_weights_at_work_names_the_share_they_change_most() -> None:
    row = weights_at_work(frequency_distribution(weighted(), "answered")).iloc[0]
    assert (row["answered"], row["effective_base"], row["moved_most"]) == (6, 5.0, "A")
    assert (row["plain_share"], row["weighted_share"]) == pytest.approx((1 / 6, 0.4))
    assert weights_at_work(frequency_distribution(weighted(), "asked")).empty


def test_overview_speaks_in_words(astana: Survey) -> None:
    table = overview(astana)
    assert len(table) == len(astana.questions)
    assert set(table["kind"]) == {"rating", "single choice", "choose several", "open"}
