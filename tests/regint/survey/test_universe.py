"""The admissible data sets of a question: the truth is always among them."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.claims import try_claim
from regint.survey.feasible_set import universe
from regint.survey.table import Survey, read_survey

ASTANA = read_survey("data/survey/astana_2025")
NAMES = ["a", "b", "c"]


def published(counts: list[int], base: int, total: str, decimals: int, hidden: list[bool]) -> Survey:
    """Publish true counts as a report would: rounded, some options without a figure."""
    figures = [f"{float(round(Fraction(100 * k, base), decimals)):.{decimals}f}" for k in counts]
    question = ASTANA.questions.loc[["prospects"]].rename(index={"prospects": "q"})
    question = question.assign(total=total, printed_base=base, asked=base + 5, answered=base)
    printed = ["" if hide else figure for figure, hide in zip(figures, hidden, strict=True)]
    responses = ASTANA.responses.iloc[:3].assign(
        question="q", response=NAMES, printed=printed, statement="", score=[1.0, 2.0, 3.0], count=pd.NA
    )
    return replace(ASTANA, questions=question, responses=responses)


@st.composite
def publications(draw: st.DrawFn) -> tuple[Survey, list[int], int]:
    counts = draw(st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any))
    total = draw(st.sampled_from(["closed", "open", "multiple"]))
    silent = 0 if total == "closed" else draw(st.integers(0, 9))
    base = (max(counts) if total == "multiple" else sum(counts)) + silent
    hidden = draw(st.lists(st.booleans(), min_size=3, max_size=3))
    return published(counts, base, total, draw(st.integers(0, 1)), hidden), counts, base


@given(publications())
def test_the_true_counts_are_admissible(publication: tuple[Survey, list[int], int]) -> None:
    survey, counts, base = publication
    found = universe(survey, "q", base, base)
    assert found is not None
    assert all(r.least <= k <= r.most for r, k in zip(found.box, counts, strict=True))


@given(
    publications(), st.sampled_from(["count(q, a) > count(q, b)", "rank(q, c) == 1", "share(q, b) >= 1/3"])
)
def test_no_verdict_contradicts_the_truth(publication: tuple[Survey, list[int], int], claim: str) -> None:
    survey, (a, b, c), base = publication
    truth = {
        "count(q, a) > count(q, b)": a > b,
        "rank(q, c) == 1": c >= max(a, b),
        "share(q, b) >= 1/3": 3 * b >= base,
    }
    assert try_claim(survey, claim).verdict != ("impossible" if truth[claim] else "certain")


def test_a_smaller_denominator_cuts_what_is_unprinted() -> None:
    found = universe(ASTANA, "competing_blocs", 50, 30)
    assert found is not None and found.box[3].most == 30
    assert universe(ASTANA, "competing_blocs", 50, 20) is None, "25 named the first bloc"


def test_a_closed_question_needs_its_whole_base() -> None:
    assert universe(ASTANA, "summit_formats", 30, 29) is None
    assert universe(ASTANA, "summit_formats", 30, 50) is not None


def test_known_counts_replace_figures() -> None:
    known = {"contribute": 13, "divert": 7, "restrain": 7, "neutral": 3}
    found = universe(ASTANA, "external_platforms", 30, 30, counts=known)
    assert found is not None and [r.least for r in found.box] == [13, 7, 7, 3]
    assert universe(ASTANA, "external_platforms", 30, 30, counts={**known, "neutral": 4}) is None


@pytest.mark.parametrize("rounding", ["floor", "ceiling"])
def test_the_rounding_rule_matters(rounding: str) -> None:
    assert universe(ASTANA, "summit_formats", 30, 30, rounding="even") is not None
    assert (universe(ASTANA, "summit_formats", 30, 30, rounding=rounding) is None) == (rounding == "ceiling")
