"""Ordered scales: hand-counted centre, nothing computed where a count is missing."""

from pathlib import Path

import pandas as pd
import pytest
from regint.survey.questions import ordinal_summary, textbook_scales
from regint.survey.table import Survey, read_survey


def small(counts: tuple[int | None, ...] | list[int | None] = (1, 2, 3), base: int = 6) -> Survey:
    """One ordered question with three answers and scores 1 to 3."""
    names = ["a", "b", "c"]
    responses = pd.DataFrame({"question": "q", "response": names, "label": [n.upper() for n in names]})
    responses = responses.assign(score=[1.0, 2.0, 3.0], printed="", statement="", source="s", locator="l")
    responses = responses.assign(substantive=True, count=pd.array(list(counts), dtype="Int64"))
    design = {"question": "q", "kind": "single", "label": "Q", "scale": "ordered", "total": "open"}
    design |= {"printed_base": base, "asked": base, "answered": base, "base_status": "inferred"}
    questions = pd.DataFrame([design]).set_index("question")
    questions = questions.astype({"printed_base": "Int64", "asked": "Int64", "answered": "Int64"})
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
