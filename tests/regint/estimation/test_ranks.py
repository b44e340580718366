"""Bounds and probabilities of ranks against listings, R and simulation."""

import csv
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.estimation.ranks import (
    order_probability,
    rank_bounds,
    rank_probabilities,
)


def every_rank(counts: list[int], silent: int, exclusive: bool) -> list[tuple[int, int]]:
    """Best and worst rank of each option over all choices of the silent, one by one."""
    options = range(len(counts))
    choices = [set(c) for size in range(len(counts) + 1) for c in combinations(options, size)]
    if exclusive:
        choices = [choice for choice in choices if len(choice) <= 1]
    found: list[set[int]] = [set() for _ in counts]
    for panel in product(choices, repeat=silent):
        totals = [count + sum(option in choice for choice in panel) for option, count in enumerate(counts)]
        for option in options:
            found[option].add(1 + sum(total > totals[option] for total in totals))
    return [(min(ranks), max(ranks)) for ranks in found]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=3), st.integers(0, 3), st.booleans())
def test_bounds_are_the_ends_over_every_panel(counts: list[int], silent: int, exclusive: bool) -> None:
    table = rank_bounds({str(i): count for i, count in enumerate(counts)}, silent, exclusive=exclusive)
    assert list(zip(table["best"], table["worst"], strict=True)) == every_rank(counts, silent, exclusive)


def test_without_silence_a_rank_is_what_it_is() -> None:
    table = rank_bounds({"a": 3, "b": 3, "c": 1}, 0)
    assert table[["rank", "best", "worst"]].values.tolist() == [[1, 1, 1], [1, 1, 1], [3, 3, 3]]


def test_no_options_and_bad_numbers() -> None:
    assert rank_bounds({}, 5).empty
    with pytest.raises(ValueError):
        rank_bounds({"a": 1}, -1)
    with pytest.raises(ValueError):
        rank_bounds({"a": -1}, 1)


REFERENCE = Path(__file__).parents[2] / "reference" / "posterior.csv"


def test_against_r():
    with REFERENCE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    for row in rows:
        counts = [int(count) for count in row["counts"].split()]
        base = int(row["base"]) if row["total"] == "multiple" else None
        assert order_probability(counts, base, row["total"]) == pytest.approx(float(row["order"]), abs=1e-5)
        first = rank_probabilities(counts, base, row["total"]).iloc[0, 0]
        assert first == pytest.approx(float(row["first"]), abs=1e-5)


def test_against_simulation():
    counts = [3, 9, 1, 0, 7]
    draws = np.random.default_rng(3).dirichlet(np.array(counts) + 0.5, 200_000)
    ranks = (-draws).argsort(axis=1).argsort(axis=1)
    table = rank_probabilities(counts)
    for option in range(5):
        for rank in range(5):
            assert table.iloc[option, rank] == pytest.approx((ranks[:, option] == rank).mean(), abs=0.005)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.sampled_from(["closed", "multiple"]))
def test_ranks_are_a_doubly_stochastic_table(counts, total):
    table = rank_probabilities(counts, 40, total)
    assert table.sum(axis=0).to_numpy() == pytest.approx(1, abs=2e-3)
    assert table.sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-9)
    assert (table.to_numpy() > -1e-12).all()


def test_equal_counts_rank_alike():
    assert rank_probabilities([5, 5, 5, 5]).to_numpy() == pytest.approx(0.25, abs=1e-4)
    assert order_probability([5, 5, 5]) == pytest.approx(1 / 6, abs=1e-5)
    assert order_probability([8, 8]) == pytest.approx(0.5, abs=1e-5)
    assert rank_probabilities([30, 0], 30, "multiple").iloc[0, 0] > 0.999999


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rank_probabilities([3]), ValueError, "At least 2 categories"),
        (lambda: rank_probabilities([3, 4], prior=0), ValueError, "prior weight must be positive"),
        (lambda: rank_probabilities([3, 4], total="multiple"), ValueError, "needs its base"),
        (lambda: rank_probabilities([3, 40], 30, "multiple"), ValueError, "exceeds its base"),
        (lambda: rank_probabilities([3, 4], total="open"), ValueError, "choose one of closed, multiple"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()
