import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.table import read_survey, tidy_table
from regint.theory.coding import (
    ENUMERATED,
    MEASURES,
    Options,
    coded_options,
    codings,
    join_coding,
    read_option_coding,
    support_bounds,
    support_draws,
    support_summary,
)
from textfiles.problems import Problem

JOINED = join_coding(tidy_table(read_survey("data/survey/astana_2025")), read_option_coding())
ASTANA = coded_options(JOINED)


def options(
    first: list[int], second: list[int], persons: list[float], question: list[int] | None = None
) -> Options:
    n = len(first)
    return Options(
        theories=("A", "B", "C"),
        question=np.array(question or [0] * n),
        persons=np.array(persons, dtype=float),
        share=np.array(persons, dtype=float) / 50,
        first=np.array(first),
        second=np.array(second),
        first_sign=np.ones(n),
        second_sign=np.ones(n),
    )


any_options = st.integers(1, 6).flatmap(
    lambda n: st.builds(
        options,
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
        st.lists(st.integers(1, 50), min_size=n, max_size=n),
        st.lists(st.integers(0, 2), min_size=n, max_size=n),
    )
)


def test_by_hand() -> None:
    """Answers 6, 3, 1; the second option may speak for B or for C."""
    three = options([0, 1, 1], [0, 2, 1], [6, 3, 1])
    drawn = support_draws(three, codings(three))
    assert drawn.to_numpy().tolist() == pytest.approx(np.array([[0.6, 0.4, 0.0], [0.6, 0.1, 0.3]]))
    summary = support_summary(drawn).set_index("theory")
    assert summary.loc["A", "first"] == 1 and summary.loc["B", "ranks"] == (2, 3)


@given(any_options)
def test_shares_sum_to_one_under_every_coding(given_options: Options) -> None:
    taken = codings(given_options)
    assert len(taken) == 2 ** len(given_options.contested)
    for measure in ("choices", "questions"):
        assert support_draws(given_options, taken, measure=measure).sum(axis=1).to_numpy() == pytest.approx(1)


@given(any_options)
def test_the_mean_over_all_codings_is_the_mean_of_both_readings(given_options: Options) -> None:
    drawn = support_draws(given_options, codings(given_options))
    share = given_options.persons / given_options.persons.sum()
    for position, theory in enumerate(given_options.theories):
        half = (given_options.first == position) / 2 + (given_options.second == position) / 2
        assert drawn[theory].mean() == pytest.approx((share * half).sum())


@given(any_options)
def test_the_base_cancels_from_shares_of_answers(given_options: Options) -> None:
    taken = codings(given_options)
    scaled = Options(**{**vars(given_options), "persons": given_options.persons * 3})
    for measure in ("choices", "questions"):
        one, two = (support_draws(o, taken, measure=measure) for o in (given_options, scaled))
        pd.testing.assert_frame_equal(one, two)


def test_questions_weigh_alike() -> None:
    two = options([0, 1, 2], [0, 1, 2], [90, 10, 1], [0, 0, 1])
    drawn = support_draws(two, codings(two), measure="questions")
    assert drawn.iloc[0].to_list() == pytest.approx([0.45, 0.05, 0.5])


def test_endorsement_averages_over_options_and_is_missing_without_any() -> None:
    three = options([0, 0, 1], [0, 0, 1], [50, 25, 5])
    drawn = support_draws(three, codings(three), measure="endorsement")
    assert drawn.iloc[0, :2].to_list() == pytest.approx([0.75, 0.1])
    assert np.isnan(drawn["C"].iloc[0])


def test_signs_turn_support_into_opposition() -> None:
    against = Options(**{**vars(options([0, 1], [0, 1], [6, 4])), "first_sign": np.array([-1.0, 0.0])})
    drawn = support_draws(against, codings(against), signed=True)
    assert drawn.iloc[0].to_list() == pytest.approx([-0.6, 0.0, 0.0])


def test_many_contested_options_are_sampled_with_both_pure_codings() -> None:
    n = ENUMERATED + 1
    many = options([0] * n, [1] * n, [1] * n)
    taken = codings(many, draws=200)
    assert len(taken) == 200 and not taken[0].any() and taken[-1].all()
    np.testing.assert_array_equal(taken, codings(many, draws=200))


def test_sampled_support_agrees_with_the_exact_mean() -> None:
    drawn = support_draws(ASTANA, codings(ASTANA, draws=20_000))
    share = ASTANA.persons / ASTANA.persons.sum()
    for position, theory in enumerate(ASTANA.theories):
        half = (ASTANA.first == position) / 2 + (ASTANA.second == position) / 2
        assert drawn[theory].mean() == pytest.approx((share * half).sum(), abs=0.002)


def test_options_without_a_figure_are_left_out_and_odd_figures_kept() -> None:
    """Four blocks and three tools are named without a figure; 43.5% of 30 fixes no count and weighs 13.05."""
    assert not np.isnan(ASTANA.persons).any()
    assert np.isclose(ASTANA.persons, 13.05).sum() == 1
    assert len(ASTANA.persons) == int((JOINED["primary"] != "none").sum()) - 7


def test_nothing_coded_is_refused() -> None:
    with pytest.raises(Problem, match="coded and counted"):
        coded_options(JOINED[JOINED["question"] == "prospects"])


def test_no_theory_wins_everywhere() -> None:
    summary = support_summary(support_draws(ASTANA, codings(ASTANA)))
    assert summary["first"].max() < 1
    assert all(best <= worst for best, worst in summary["ranks"])


@given(any_options)
def test_bounds_are_attained_and_never_passed(given_options: Options) -> None:
    for measure in ("choices", "questions"):
        drawn = support_draws(given_options, codings(given_options), measure=measure)
        bounds = support_bounds(given_options, measure=measure).set_index("theory")
        assert drawn.min().to_numpy() == pytest.approx(bounds["least"].to_numpy())
        assert drawn.max().to_numpy() == pytest.approx(bounds["most"].to_numpy())


@pytest.mark.parametrize("measure", MEASURES)
def test_one_option_alone(measure: str) -> None:
    alone = options([0], [0], [50])
    assert support_draws(alone, codings(alone), measure=measure)["A"].to_list() == [1.0]


def test_nobody_answered_one_question() -> None:
    silent = options([0, 1], [0, 1], [0, 10], [0, 1])
    assert support_draws(silent, codings(silent), measure="questions").iloc[0].to_list() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    "call",
    [
        lambda: support_draws(ASTANA, codings(ASTANA), measure="votes"),
        lambda: support_summary(pd.DataFrame({"A": [1.0]}), 1.0),
        lambda: support_bounds(ASTANA, measure="endorsement"),
    ],
)
def test_senseless_settings_are_refused(call: object) -> None:
    with pytest.raises(Problem):
        call()
