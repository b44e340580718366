import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from regint.theory.balassa import achieved, by_popularity, chance_fit, compare_orders, inversions, scale_fit
from textfiles.problems import Problem

# Made by tests/reference/scalogram.R in base R.
with (Path(__file__).parents[2] / "reference" / "scalogram.csv").open(encoding="utf-8", newline="") as file:
    REFERENCE = list(csv.DictReader(file))

binary = arrays.arrays(bool, st.tuples(st.integers(1, 8), st.integers(1, 6)))


def matrix_of(text: str) -> pd.DataFrame:
    return pd.DataFrame([[cell == "1" for cell in row] for row in text.split("|")])


@pytest.mark.parametrize("case", REFERENCE, ids=lambda c: c["case"])
def test_coefficients_equal_the_reference(case: dict[str, str]) -> None:
    fit = scale_fit(matrix_of(case["matrix"]))
    assert fit.errors == int(float(case["errors"]))
    assert fit.reproducibility == pytest.approx(float(case["cr"]), abs=1e-12)
    assert fit.marginal == pytest.approx(float(case["mmr"]), abs=1e-12)
    assert fit.scalability == pytest.approx(float(case["cs"]), abs=1e-12)


def test_a_staircase_fits_perfectly() -> None:
    stairs = pd.DataFrame(np.tri(7, 6, k=-1, dtype=bool))
    fit = scale_fit(stairs)
    assert (fit.errors, fit.reproducibility, fit.scalability) == (0, 1.0, 1.0)
    assert inversions(stairs.astype(float)).sum() == 0


@pytest.mark.parametrize("value", [True, False])
def test_unanimous_criteria_have_no_scalability(value: bool) -> None:
    fit = scale_fit(pd.DataFrame(np.full((4, 3), value)))
    assert fit.reproducibility == 1 and fit.marginal == 1 and np.isnan(fit.scalability)


def test_one_grouping_that_skips_the_first_rung() -> None:
    fit = scale_fit(pd.DataFrame([[False, True]]))
    assert (fit.groups, fit.criteria, fit.errors, fit.reproducibility) == (1, 2, 2, 0.0)


@given(binary)
def test_coefficients_stay_in_range(cells: np.ndarray) -> None:
    fit = scale_fit(pd.DataFrame(cells))
    assert 0 <= fit.reproducibility <= 1 and 0.5 <= fit.marginal <= 1
    assert fit.errors % 2 == 0
    assert np.isnan(fit.scalability) or fit.scalability <= 1


@given(binary, st.randoms(use_true_random=False))
def test_the_order_of_groupings_does_not_matter(cells: np.ndarray, random: object) -> None:
    order = list(range(len(cells)))
    random.shuffle(order)
    assert scale_fit(pd.DataFrame(cells)).errors == scale_fit(pd.DataFrame(cells[order])).errors


@given(binary)
def test_popularity_orders_criteria_by_falling_number(cells: np.ndarray) -> None:
    frame = pd.DataFrame(cells)
    ordered = by_popularity(frame)
    assert sorted(ordered.columns) == sorted(frame.columns)
    assert ordered.sum().is_monotonic_decreasing


def test_inversions_count_pairs_and_ignore_ties() -> None:
    matrix = pd.DataFrame([[0, 0.5, 1], [1, 1, 1], [1, 0.5, 0]], index=["up", "level", "down"])
    assert inversions(matrix).to_dict() == {"up": 3, "level": 0, "down": 0}


def test_thresholds() -> None:
    matrix = pd.DataFrame([[1.0, 0.5, 0.0]])
    assert achieved(matrix).to_numpy().tolist() == [[True, False, False]]
    assert achieved(matrix, 0.5).to_numpy().tolist() == [[True, True, False]]
    with pytest.raises(Problem, match="threshold"):
        achieved(matrix, 0.75)


def test_chance_keeps_the_marginals_and_repeats() -> None:
    ladder = pd.DataFrame(np.tri(8, 6, dtype=bool))
    one, two = (chance_fit(ladder, draws=300, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one["p_value"].iloc[0] < 0.02 and one["expected"].iloc[0] < 1
    settled = chance_fit(pd.DataFrame(np.ones((3, 3), dtype=bool)), draws=50)
    assert settled[["expected", "p_value"]].to_numpy().tolist() == [[1.0, 1.0]]


def test_empty_and_senseless_inputs_are_refused() -> None:
    with pytest.raises(Problem, match="at least one grouping"):
        scale_fit(pd.DataFrame())
    with pytest.raises(Problem, match="draws"):
        chance_fit(pd.DataFrame([[True]]), draws=0)


def test_orders_are_compared_with_the_same_criteria() -> None:
    met = pd.DataFrame([[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 1, 1]], columns=list("abcd"), dtype=bool)
    fits = compare_orders(met, draws=50).set_index("order")
    assert fits.loc["By popularity", "errors"] == 0
    assert fits.loc["Textbook order", "errors"] > 0
    assert fits["marginal"].to_list() == pytest.approx([5 / 6, 5 / 6])
    assert (fits[["groups", "criteria"]].to_numpy() == [3, 4]).all()
