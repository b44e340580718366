"""Bounds under nonresponse against listings, hand counts and their invariants."""

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation import ordinal
from regint.estimation.nonresponse import FUNCTIONALS, functional_bounds

PROSPECTS = (0, 1, 5, 16, 8)


def lower_median(counts):
    return ordinal.median_categories(counts)[0]


def upper_median(counts):
    return ordinal.median_categories(counts)[1]


def polarization(counts):
    return (1 - ordinal.agreement(counts)) / 2


def mean(counts):
    return sum(place * count for place, count in enumerate(counts, 1)) / sum(counts)


VALUES = {
    "mean": (mean, mean),
    "median": (lower_median, upper_median),
    "top_box": (ordinal.top_box, ordinal.top_box),
    "agreement": (ordinal.agreement, ordinal.agreement),
    "polarization": (polarization, polarization),
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


def listed(counts, missing):
    """Every completion as a row, by stars and bars."""
    bars = combinations(range(missing + len(counts) - 1), len(counts) - 1)
    edges = [(-1, *chosen, missing + len(counts) - 1) for chosen in bars]
    return np.array(counts) + np.diff(edges, axis=1) - 1


@pytest.mark.parametrize(("counts", "missing"), [(PROSPECTS, 20), ((3, 0, 7, 2, 0, 4), 25)])
def test_bounds_equal_a_listing_of_every_completion(counts, missing):
    rows = listed(counts, missing)
    assert len(rows) == comb(missing + len(counts) - 1, missing) == len(np.unique(rows, axis=0))
    assert (rows.sum(axis=1) == sum(counts) + missing).all() and (rows >= counts).all()
    measures = {
        "agreement": ordinal.agreement_rows,
        "consensus": ordinal.consensus_rows,
        "leik_dispersion": ordinal.leik_rows,
    }
    for name, measure in measures.items():
        expected = (measure(rows).min(), measure(rows).max())
        assert functional_bounds(counts, missing, name) == pytest.approx(expected, abs=1e-9), name


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
    ("call", "error", "message"),
    [
        (lambda: functional_bounds([0, 0], 0, "mean"), ValueError, "nothing to bound"),
        (lambda: functional_bounds([1], 3, "agreement"), ValueError, "At least 2 categories"),
        (lambda: functional_bounds(PROSPECTS, -1, "mean"), ValueError, "at least 0"),
        (
            lambda: functional_bounds(PROSPECTS, 2, "mode"),
            ValueError,
            "choose one of mean",
        ),
        (
            lambda: functional_bounds(PROSPECTS, 2, "mean", scores=[1, 2]),
            ValueError,
            "5 counts need as many scores",
        ),
        (lambda: functional_bounds(PROSPECTS, 2, "top_box", boxes=6), ValueError, "6 boxes"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()
