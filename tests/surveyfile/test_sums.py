"""Sums of weights are exact: the same in any order, and equal to sums of fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.count import measure, unit_of, weighted_records

WEIGHTS = st.lists(st.just(0.0) | st.floats(1e-6, 1e6), min_size=1, max_size=50)


@given(WEIGHTS, st.randoms(use_true_random=False))
def test_order_changes_no_digit(weights: list[float], random: object) -> None:
    shuffled = list(weights)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    sums = []
    for order in (weights, shuffled):
        records = weighted_records(np.array(order))
        everyone = np.ones(len(order), dtype=bool)
        sums.append((records.weights.within(everyone), records.squares.within(everyone), records.unit))
    assert sums[0] == sums[1]


@given(WEIGHTS)
def test_sums_are_those_of_fractions(weights: list[float]) -> None:
    records = weighted_records(np.array(weights))
    everyone = np.ones(len(weights), dtype=bool)
    exact = sum(Fraction(weight) for weight in weights)
    squares = sum(Fraction(weight) ** 2 for weight in weights)
    assert float(records.weights.within(everyone) / records.unit.scale) == pytest.approx(
        float(exact), rel=1e-14
    )
    assert float(records.squares.within(everyone) / records.unit.square) == pytest.approx(
        float(squares), rel=1e-12
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 6))
def test_short_decimals_are_exact(numbers: list[int], decimals: int) -> None:
    tens = 10**decimals
    weights = np.array([number % (60 * tens) / tens for number in numbers])
    unit = unit_of(weights)
    exact = [Fraction(number % (60 * tens), tens) for number in numbers]
    assert [Fraction(int(n)) / unit.scale for n in unit.whole(weights)] == exact


@given(st.lists(st.integers(0, 2**70), min_size=1, max_size=40))
def test_measures_of_any_size(numbers: list[int]) -> None:
    slots = np.arange(len(numbers), dtype=np.intp) % 3
    expected = [sum(n for i, n in enumerate(numbers) if i % 3 == slot) for slot in range(3)]
    assert measure(numbers).by_slot(slots, 3) == expected
    assert measure(numbers).within(slots == 0) == expected[0]
