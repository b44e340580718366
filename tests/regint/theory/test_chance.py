import numpy as np
import pandas as pd
import pytest
from regint.survey.table import read_survey, tidy_table
from regint.theory.coding import Options, coded_options, join_coding, permutation_null, read_option_coding
from textfiles.problems import Problem


def options(codes: list[int], persons: list[float], question: list[int] | None = None) -> Options:
    n, readings = len(codes), np.array(codes)
    return Options(
        theories=("A", "B", "C"),
        question=np.array(question or [0] * n),
        persons=np.array(persons, dtype=float),
        share=np.array(persons, dtype=float) / 50,
        first=readings,
        second=readings,
        first_sign=np.ones(n),
        second_sign=np.ones(n),
    )


def test_null_moves_answers_within_questions_only() -> None:
    still = options([0, 1], [7, 3], [0, 1])
    null = permutation_null(still, draws=50).set_index("theory")
    assert null.loc["A", "expected"] == pytest.approx(0.7)
    assert null.loc["A", ["p_more", "p_less"]].to_list() == [1.0, 1.0]


def test_null_of_two_options_by_hand() -> None:
    """Nine answers against one: a random deal gives A nine or one with equal chance."""
    two = options([0, 1], [9, 1])
    null = permutation_null(two, draws=4000).set_index("theory")
    assert null.loc["A", "expected"] == pytest.approx(0.5, abs=0.03)
    assert null.loc["A", "p_more"] == pytest.approx(0.5, abs=0.03)
    assert null.loc["C", "options"] == 0


def test_null_repeats_with_the_seed_and_covers_the_survey() -> None:
    astana = coded_options(
        join_coding(tidy_table(read_survey("data/survey/astana_2025")), read_option_coding())
    )
    one, two = (permutation_null(astana, draws=200, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one["observed"].sum() == pytest.approx(1) and one["expected"].sum() == pytest.approx(1)
    assert one["p_more"].between(0, 1).all() and one["options"].sum() == len(astana.persons)


def test_no_draws_are_refused() -> None:
    with pytest.raises(Problem, match="draws"):
        permutation_null(options([0], [1]), draws=0)
