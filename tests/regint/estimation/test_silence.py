"""Bounds under silence: sharp, that is equal to a listing of every completion."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation import (
    completions,
    functional_bounds,
    ordinal,
    printed_functional_bounds,
    worst_case_share,
)
from regint.estimation.nonresponse import FUNCTIONALS
from regint.percentages.checks import CountError, OptionError

PROSPECTS = (0, 1, 5, 16, 8)


def lower_median(counts):
    return ordinal.median_categories(counts)[0]


def upper_median(counts):
    return ordinal.median_categories(counts)[1]


VALUES = {
    "mean": (ordinal.mean_score, ordinal.mean_score),
    "median": (lower_median, upper_median),
    "top_box": (ordinal.top_box, ordinal.top_box),
    "agreement": (ordinal.agreement, ordinal.agreement),
    "polarization": (ordinal.polarization, ordinal.polarization),
    "consensus": (ordinal.consensus, ordinal.consensus),
    "leik_dispersion": (ordinal.leik_dispersion, ordinal.leik_dispersion),
}


def all_completions(counts, missing):
    for added in product(range(missing + 1), repeat=len(counts)):
        if sum(added) == missing:
            yield [count + more for count, more in zip(counts, added, strict=True)]


def test_every_functional_has_a_brute_force():
    assert set(VALUES) == set(FUNCTIONALS)


@pytest.mark.parametrize("functional", FUNCTIONALS)
@given(counts=st.lists(st.integers(0, 9), min_size=2, max_size=5), missing=st.integers(0, 6))
def test_bounds_are_sharp(functional, counts, missing):
    if not any(counts) and not missing:
        return
    low, high = VALUES[functional]
    every = list(all_completions(counts, missing))
    expected = (min(map(low, every)), max(map(high, every)))
    assert functional_bounds(counts, missing, functional) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("functional", "expected"),
    [
        ("agreement", (-0.23, 0.79)),
        ("polarization", (0.105, 0.615)),
        ("consensus", (0.2933, 0.8672)),
        ("leik_dispersion", (0.15, 0.73)),
        ("mean", (2.82, 4.42)),
        ("top_box", (0.48, 0.88)),
        ("median", (3, 5)),
    ],
)
def test_the_prospects_item(functional, expected):
    assert functional_bounds(PROSPECTS, 20, functional) == pytest.approx(expected, abs=5e-5)


def test_the_prospects_item_by_listing():
    rows = np.concatenate(list(completions(PROSPECTS, 20)))
    assert len(rows) == 10_626 == comb(24, 4) == len(np.unique(rows, axis=0))
    assert (rows.sum(axis=1) == 50).all() and (rows >= PROSPECTS).all()
    for name, many in [("agreement", ordinal.agreement_rows), ("consensus", ordinal.consensus_rows)]:
        listed = functional_bounds(PROSPECTS, 20, many)
        assert functional_bounds(PROSPECTS, 20, name) == pytest.approx(listed, abs=1e-12)
        assert listed == (many(rows).min(), many(rows).max())


@pytest.mark.parametrize("functional", ["agreement", "consensus", "leik_dispersion"])
def test_structure_equals_listing_on_a_longer_scale(functional):
    rows = {"agreement": "agreement_rows", "consensus": "consensus_rows", "leik_dispersion": "leik_rows"}[
        functional
    ]
    counts = (3, 0, 7, 2, 0, 4)
    listed = functional_bounds(counts, 25, getattr(ordinal, rows))
    assert functional_bounds(counts, 25, functional) == pytest.approx(listed, abs=1e-9)


@pytest.mark.parametrize("functional", FUNCTIONALS)
def test_a_thousand_silent_are_no_obstacle(functional):
    low, high = functional_bounds((100, 50, 0, 200, 30), 1000, functional)
    assert low < high


@pytest.mark.parametrize("functional", FUNCTIONALS)
def test_nobody_missing_leaves_a_point(functional):
    low, high = functional_bounds(PROSPECTS, 0, functional)
    assert low == pytest.approx(high) == pytest.approx(VALUES[functional][0](PROSPECTS))


def test_everyone_silent():
    assert functional_bounds([0, 0, 0, 0, 0], 2, "agreement") == (-1, 1)
    assert functional_bounds([0, 0, 0, 0, 0], 3, "mean") == (1, 5)


@given(st.lists(st.integers(0, 9), min_size=3, max_size=5), st.integers(1, 8), st.sampled_from(FUNCTIONALS))
def test_one_more_answer_never_widens(counts, missing, functional):
    """Whoever speaks up can only rule completions out."""
    low, high = functional_bounds(counts, missing, functional)
    narrower = functional_bounds([counts[0] + 1, *counts[1:]], missing - 1, functional)
    assert low - 1e-9 <= narrower[0] and narrower[1] <= high + 1e-9


@pytest.mark.parametrize(
    ("count", "expected"),
    [(16, (0.32, 0.72)), (8, (0.16, 0.56)), (1, (0.02, 0.42)), (28, (0.56, 0.96)), (24, (0.48, 0.88))],
)
def test_worst_case_shares(count, expected):
    assert worst_case_share(count, 30, 50) == pytest.approx(expected)
    assert expected[1] - expected[0] == pytest.approx(0.4)


def test_worst_case_at_the_edges():
    assert worst_case_share(0, 0, 1) == (0, 1) and worst_case_share(30, 30, 30) == (1, 1)


def test_over_roundings_and_bases():
    figures = ["0", "2", "10", "32", "16"]
    at_fifty = printed_functional_bounds(figures, [50], "agreement")
    assert at_fifty == pytest.approx((-0.23, 0.79))
    wider = printed_functional_bounds(figures, range(45, 101), "agreement")
    assert wider[0] <= at_fifty[0] and at_fifty[1] <= wider[1]
    assert printed_functional_bounds(["43.5", "23.5"], [30], "mean") is None
    assert printed_functional_bounds(["40", "60"], [5], "top_box", boxes=1) == (0.6, 0.6)


def test_a_category_of_its_own():
    assert [block.tolist() for block in completions([4], 3)] == [[[7]]]
    assert [block.tolist() for block in completions([4, 1], 0)] == [[[4, 1]]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: worst_case_share(31, 30, 50), CountError, "must not fall"),
        (lambda: worst_case_share(3, 60, 50), CountError, "must not fall"),
        (lambda: worst_case_share(0, 0, 0), CountError, "at least 1"),
        (lambda: functional_bounds([0, 0], 0, "mean"), CountError, "nothing to bound"),
        (lambda: functional_bounds([1], 3, "agreement"), CountError, "At least 2 categories"),
        (lambda: functional_bounds(PROSPECTS, -1, "mean"), CountError, "at least 0"),
        (
            lambda: functional_bounds(PROSPECTS, 2, "mode"),
            OptionError,
            "Did you mean 'mean'|choose one of mean",
        ),
        (
            lambda: functional_bounds(PROSPECTS, 2, "mean", scores=[1, 2]),
            CountError,
            "5 counts need as many scores",
        ),
        (lambda: functional_bounds(PROSPECTS, 2, "top_box", boxes=6), CountError, "6 boxes"),
        (lambda: functional_bounds(PROSPECTS, 500, ordinal.leik_rows), CountError, "too many to list"),
        (lambda: printed_functional_bounds(["10"] * 5, [5000], "mean"), CountError, "More than 10,000"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()
