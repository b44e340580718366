"""Claims on trial: the verdicts on the report, and on surveys that are not ours."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.percentages.counts import count_vectors
from regint.survey.claims import (
    base_that_flips,
    claims_on_trial,
    forced_counts,
    in_words,
    try_at_bases,
    try_claim,
    with_claims,
)
from regint.survey.table import Survey, read_survey
from textfiles.problems import Problem

FOLDERS = Path(__file__).parent / "folders"


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


@pytest.fixture(scope="module")
def flips(astana: Survey) -> pd.DataFrame:
    return base_that_flips(astana).set_index("claim")


@pytest.fixture(scope="module")
def goals() -> Survey:
    return read_survey(FOLDERS / "us_goals_for_russia")


@pytest.mark.parametrize(
    ("claim", "printed", "answered"),
    [
        ("blocs_more_than_half", "impossible", "certain"),
        ("infrastructure_majority", "impossible", "certain"),
        ("prospects_optimists", "impossible", "certain"),
        ("prospects_sum", "certain", "impossible"),
        ("size_more_than_50", "impossible", "impossible"),
        ("role_none", "certain", "certain"),
        ("tools_nearly_every", "possible", "possible"),
        ("steps_leading", "certain", "certain"),
        ("platforms_only", "no data set", "no data set"),
        ("role_most_suitable", "untestable", "untestable"),
    ],
)
def test_verdicts_on_the_report(flips: pd.DataFrame, claim: str, printed: str, answered: str) -> None:
    row = flips.loc[claim]
    assert (row["printed"], row["answered"]) == (printed, answered)
    assert row["flips"] == ({printed, row["asked"], answered} >= {"certain", "impossible"})


def test_every_claim_of_the_report_gets_a_verdict(astana: Survey) -> None:
    trial = claims_on_trial(astana)
    assert 25 <= len(trial) <= 50
    assert set(trial["verdict"]) <= {"certain", "possible", "impossible", "untestable", "no data set"}
    possible = trial[trial["verdict"] == "possible"]
    assert (possible["witness"] != "").all() and (possible["counterexample"] != "").all()


def test_a_witness_satisfies_its_claim_and_prints_the_figures(astana: Survey) -> None:
    predicate = "rank(humanitarian_tools, diploma_recognition) == 2"
    verdict = try_claim(astana, predicate)
    for data, expected in ((verdict.witness, "certain"), (verdict.counterexample, "impossible")):
        assert data is not None
        assert try_claim(astana, predicate, counts=data).verdict == expected
        assert data["humanitarian_tools"]["diploma_recognition"] == 20


def test_words_in_a_closed_question_are_checked_by_its_figures(astana: Survey) -> None:
    rows = astana.responses
    unread = rows.assign(statement=rows["statement"].where(rows["question"] != "scenario_2035", ""))
    blind = replace(astana, responses=unread)
    assert try_claim(blind, "share(scenario_2035, pragmatic_economics) == 1/2").verdict == "certain"


def test_forced_rounding_gives_the_odd_question_its_counts(astana: Survey) -> None:
    counts = forced_counts(astana)
    assert counts == {"external_platforms": {"contribute": 13, "divert": 7, "restrain": 7, "neutral": 3}}
    assert (
        try_claim(astana, "share(external_platforms, divert, restrain) < 1/2", counts=counts).verdict
        == "certain"
    )


def test_published_votes_are_among_the_admissible_data_sets(goals: Survey) -> None:
    """The site prints votes beside percentages: 33, 30, 24 and 21 of 108."""
    votes = (33, 30, 24, 21)
    assert votes in set(count_vectors(["31", "28", "22", "19"], 108))
    terms = [
        f"count(goals, {name}) == {k}" for name, k in zip(goals.responses["response"], votes, strict=True)
    ]
    verdict = try_claim(goals, " and ".join(terms))
    assert verdict.verdict == "possible"
    assert verdict.witness is not None and tuple(verdict.witness["goals"].values()) == votes
    assert try_claim(goals, "largest(goals) == partnership").verdict == "certain"


def test_a_survey_without_a_base_is_tried_at_every_base() -> None:
    ballot = read_survey(FOLDERS / "great_decisions_2017")
    assert set(claims_on_trial(ballot)["verdict"]) == {"no base"}
    table = try_at_bases(ballot, "share(hours, one_or_two) > 1/2", range(1, 401))
    assert len(table) > 0 and set(table["verdict"]) == {"certain"}
    joint = try_at_bases(ballot, "share(hours, one_or_two) > share(changed, have)", range(1, 1001))
    assert set(joint["base"]) <= set(try_at_bases(ballot, "base(hours) > 0", range(1, 1001))["base"])
    assert set(joint["verdict"]) == {"certain"}


def test_a_survey_without_claims_gets_one_per_question(goals: Survey) -> None:
    assert with_claims(goals).claims["predicate"].to_list() == ["largest(goals) == partnership"]
    assert claims_on_trial(goals).empty and base_that_flips(goals).empty


def test_unreported_remarks_outnumber_the_leading_category(astana: Survey) -> None:
    strict = "count(steps_to_action, institutional_mechanisms) > unprinted(steps_to_action)"
    assert try_claim(astana, strict).verdict == "impossible"


def test_larger_denominators_leave_no_room_for_nobody(astana: Survey) -> None:
    # Thirty answered: nobody beyond them can have named a bloc that was printed without a figure.
    verdict = try_claim(astana, "count(competing_blocs, sco) <= 30", base="answered")
    assert verdict.verdict == "certain"
    assert try_claim(astana, "count(competing_blocs, sco) <= 30").verdict == "possible"


@pytest.mark.parametrize(
    ("predicate", "sentence"),
    [
        ("share(nothing, a) > 1", "There is no question 'nothing'"),
        ("share(prospects, 6) > 1/2", "no response or score '6'"),
        ("share(prospects, 5..4) > 1/2", "stands before"),
        ("share(competing_blocs, eaeu, csto) > 1/2", "one person may be in more than one"),
        ("unprinted(competing_blocs) > 1", "nothing follows about the rest"),
        ("mean(infrastructure) > 1", "has no scores"),
        ("largest(prospects) == eaeu", "no response or score 'eaeu'"),
    ],
)
def test_names_are_looked_up(astana: Survey, predicate: str, sentence: str) -> None:
    with pytest.raises(match=sentence):
        try_claim(astana, predicate)


def test_a_base_that_does_not_exist(astana: Survey) -> None:
    with pytest.raises(match="choose one of printed, asked, answered"):
        try_claim(astana, "base(prospects) > 1", base="forms")


def test_in_words_keeps_to_what_decides(astana: Survey) -> None:
    assert (
        in_words(astana, try_claim(astana, "base(prospects) > 50"), "counterexample")
        == "the base alone decides"
    )
    assert in_words(astana, try_claim(astana, "base(prospects) > 50")) == ""


WORDS = st.sampled_from(
    """
    share( count( rank( mean( largest( base( prospects goals scenario_2035 score_4 4 5 .. , ) == > <= + and or
    not 1/2 48% ( no
    """.split()
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_fuzzed_claims_end_in_a_verdict_or_in_our_error(text: str) -> None:
    survey = read_cached()
    try:
        verdict = try_claim(survey, text).verdict
    except Problem:
        return
    assert verdict in ("certain", "possible", "impossible", "untestable", "no data set")


def read_cached(cache: list[Survey] = []) -> Survey:  # noqa: B006
    if not cache:
        cache.append(read_survey("data/survey/astana_2025"))
    return cache[0]
