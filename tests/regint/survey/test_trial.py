"""Claims on trial: every verdict there is, each with the data that show it."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.claims import VERDICTS, try_claim
from regint.survey.table import Survey, read_survey


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


def survey_of(figures: list[str], base: object = 10, total: str = "closed", statements: str = "") -> Survey:
    """A survey with one question, its options a, b, c ..."""
    names = [chr(97 + i) for i in range(len(figures))]
    questions = pd.DataFrame(
        {"label": "Q", "kind": "single", "total": total, "printed_base": pd.array([base], dtype="Int64"),
         "asked": pd.array([20], dtype="Int64"), "answered": pd.array([base], dtype="Int64")},
        index=pd.Index(["q"], name="question"),
    )  # fmt: skip
    responses = pd.DataFrame(
        {"question": "q", "response": names, "label": names, "score": float("nan"), "printed": figures,
         "statement": statements, "substantive": True, "count": pd.array([pd.NA] * len(names), dtype="Int64")}
    )  # fmt: skip
    return Survey(None, {}, questions, responses, pd.DataFrame())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("predicate", "figures", "base", "verdict"),
    [
        ("count(q, a) == 6", ["60", "40"], 10, "certain"),
        ("count(q, a) == 5", ["60", "40"], 10, "impossible"),
        ("count(q, a) == 121", ["60", "40"], 200, "possible"),
        ("largest(q) == a", ["60", ""], 10, "certain"),
        ("largest(q) == b", ["30", "", "30"], 10, "possible"),
        ("count(q, a) == 6", ["61", "39"], 10, "no data set"),
        ("count(q, a) == 6", ["60", "40"], pd.NA, "no base"),
        ("", ["60", "40"], 10, "untestable"),
        ("  ", ["60", "40"], 10, "untestable"),
        ("largest(q) == a or largest(q) == b", ["50", "50"], 10, "impossible"),  # a tie has no leader
    ],
)
def test_every_verdict(predicate: str, figures: list[str], base: object, verdict: str) -> None:
    survey = survey_of(figures, base, total="open" if "" in figures else "closed")
    result = try_claim(survey, predicate)
    assert result.verdict == verdict and verdict in VERDICTS
    assert (result.witness is not None) == (verdict in ("certain", "possible"))
    assert (result.counterexample is not None) == (verdict in ("impossible", "possible"))


def test_the_base_in_mind_changes_the_share_and_never_the_count() -> None:
    survey = survey_of(["60", "40"])
    assert try_claim(survey, "share(q, a) > 1/2").verdict == "certain"
    assert try_claim(survey, "share(q, a) > 1/2", base="asked").verdict == "impossible"
    assert try_claim(survey, "count(q, a) == 6", base="asked").verdict == "certain"


def test_counts_known_from_elsewhere_take_the_place_of_figures() -> None:
    survey = survey_of(["61", "39"])
    assert try_claim(survey, "count(q, a) == 6", counts={"q": {"a": 6, "b": 4}}).verdict == "certain"


def test_nobody_chose_it_is_an_exact_count() -> None:
    survey = survey_of(["", "100"], total="closed")
    survey = replace(survey, responses=survey.responses.assign(statement=["none", ""]))
    assert try_claim(survey, "count(q, a) == 0 and count(q, b) == 10").verdict == "certain"


@pytest.mark.parametrize(
    ("predicate", "base", "sentence"),
    [
        ("count(q, z) > 1", "printed", "z"),
        ("count(p, a) > 1", "printed", "p"),
        ("count(q, a) >", "printed", "."),
        ("count(q, a) > 1", "everyone", "The base 'everyone' does not exist"),
    ],
)
def test_what_cannot_be_read_is_said(predicate: str, base: str, sentence: str) -> None:
    with pytest.raises(match=sentence):
        try_claim(survey_of(["60", "40"]), predicate, base)


def test_named_are_the_responses_a_claim_writes_and_deciding_those_it_turns_on(astana: Survey) -> None:
    result = try_claim(astana, "share(prospects, 3..5) > 1/2")
    assert result.named == {("prospects", "score_3"), ("prospects", "score_5")}
    assert ("prospects", "score_4") in result.deciding


@given(st.integers(1, 40), st.data())
def test_a_witness_is_a_data_set_that_prints_the_figures(base: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, base))
    figures = [f"{100 * n / base:.0f}" for n in (first, base - first)]
    survey = survey_of(figures, base)
    threshold = data.draw(st.integers(0, base))
    result = try_claim(survey, f"count(q, a) >= {threshold}")
    if result.verdict == "no data set":
        return  # Python rounds half to even, and such figures may add up to 99 or 101
    for witness in filter(None, (result.witness, result.counterexample)):
        counts = witness["q"]
        assert counts["a"] + counts["b"] == base
        assert all(abs(100 * counts[n] / base - float(f)) <= 0.5 for n, f in zip("ab", figures, strict=True))
    if result.witness:
        assert result.witness["q"]["a"] >= threshold
    if result.counterexample:
        assert result.counterexample["q"]["a"] < threshold
