"""How answers divide: against hand counts and the statistics they rest on."""

from pathlib import Path

import pandas as pd
import pytest
from regint.statistics.intervals import proportion_interval
from regint.survey.distributions import (
    base_in_words,
    frequency_distribution,
    main_block,
    ordinal_summary,
    side_by_side,
    textbook_scales,
)
from regint.survey.published import Survey, read_survey


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
    assert main_block(both)["of"].unique().tolist() == ["30 who answered"]
    assert not both.duplicated(["response", "of"]).any()


def test_a_reported_base_is_shown_alone() -> None:
    both = side_by_side(small(base_status="reported"))
    assert both["of"].unique().tolist() == ["6 who answered"]


def test_a_base_without_any_share_is_left_out(astana: Survey) -> None:
    both = side_by_side(astana, "asked", question="steps_to_action")
    assert both["of"].unique().tolist() == ["53 remarks"] and not both["chosen"].any()
    assert len(main_block(both)) == len(both)


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


def test_summary_of_a_hand_counted_scale() -> None:
    row = ordinal_summary(small()).iloc[0]
    assert (row["answers"], row["median"], row["mode"], row["boxes"]) == (6, "B / C", "C", 1)
    assert row["top"] == 0.5 and row["mean"] == pytest.approx(14 / 6)


def test_summary_without_counts_is_empty_but_there() -> None:
    row = ordinal_summary(small(counts=[1, None, 3], total="open")).iloc[0]
    assert pd.isna(row["answers"]) and pd.isna(row["agreement"])


def test_nobody_answered() -> None:
    survey = small(counts=[0, 0, 0], printed_base=0, answered=0)
    assert pd.isna(ordinal_summary(survey).iloc[0]["answers"])
    assert frequency_distribution(survey)["lower"].isna().all()


def test_silence_is_no_category_of_the_scale() -> None:
    survey = small()
    survey.responses.loc[2, "substantive"] = False
    row = ordinal_summary(survey).iloc[0]
    assert (row["answers"], row["categories"]) == (3, 2)


def test_summary_of_a_survey_without_scales(astana: Survey) -> None:
    assert ordinal_summary(astana, "drivers").empty


def test_textbook_scales_are_complete() -> None:
    scales = textbook_scales()
    assert (scales.groupby("group")["share"].sum() - 1).abs().max() < 1e-12
    assert len(scales) == 25


def test_weighted_shares_are_used_on_those_who_answered() -> None:
    survey = small()
    survey.questions["effective_base"] = 5.0
    for name, values in {
        "weighted_count": [2.0, 2.0, 2.0], "weighted_share": [0.4, 0.3, 0.3], "weighted_error": [0.1] * 3,
        "weighted_lower": [0.2, 0.1, 0.1], "weighted_upper": [0.6, 0.5, 0.5],
    }.items():  # fmt: skip
        survey.responses[name] = values
    answered = frequency_distribution(survey, "answered")
    assert answered["share"].tolist() == [0.4, 0.3, 0.3]
    assert answered["method"].unique().tolist() == ["design-based"]
    assert answered["of"].str.endswith("who answered, weighted").all()
    assert answered["plain_share"].tolist() == pytest.approx(answered["count"] / answered["base"])
    asked = frequency_distribution(survey, "asked")
    assert asked["share"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert asked[["plain_share", "effective_base"]].isna().all(axis=None)
    assert not asked["of"].str.contains("weighted").any()
