"""Agreement against published values, hand counts, listings and its invariants."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation.agreement import agreement, agreement_bounds

PROSPECTS = (0, 1, 5, 16, 8)
scales = st.lists(st.integers(0, 60), min_size=2, max_size=8).filter(any)


def test_published_example():
    """The R package agrmt 1.42.12: https://search.r-project.org/CRAN/refmans/agrmt/html/ (agreement)."""
    assert agreement((30, 40, 210, 130, 530, 50, 10)) == pytest.approx(0.6113333, abs=5e-8)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((15, 0, 0, 0, 15), -1), ((0, 0, 30, 0, 0), 1), ((6, 6, 6, 6, 6), 0), ((1, 0), 1), ((5, 5), 0)],
)
def test_landmarks(counts, expected):
    assert agreement(counts) == expected


@given(scales, st.integers(1, 5))
def test_direction_and_size_of_the_panel_do_not_matter(counts, factor):
    value = agreement(counts)
    assert -1 - 1e-9 <= value <= 1 + 1e-9
    assert agreement(counts[::-1]) == pytest.approx(value, abs=1e-9)
    assert agreement([factor * count for count in counts]) == pytest.approx(value, abs=1e-9)


@given(scales)
def test_agreement_by_peeling_layers(counts):
    """Van der Eijk's procedure as he words it: take off one layer after the other."""
    left, total, value = list(counts), sum(counts), 0.0
    while any(left):
        height = min(count for count in left if count)
        layer = [height if count else 0 for count in left]
        left = [count - taken for count, taken in zip(left, layer, strict=True)]
        value += agreement(layer) * sum(layer) / total
    assert agreement(counts) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([0, 0, 0], "Nobody answered"),
        ([5], "At least 2 categories"),
        ([], "At least 2 categories"),
        ([1, -1], "at least 0, not -1"),
        ([1.0, 2], "whole number, not 1.0"),
        ([True, 2], "whole number, not True"),
        (["3", 2], "whole number, not '3'"),
        ([float("nan"), 2], "whole number, not nan"),
    ],
)
def test_unusable_counts(counts, message):
    with pytest.raises(ValueError, match=message):
        agreement(counts)


def test_a_scale_of_many_categories_is_quick():
    assert agreement([1] * 30) == 0


def listed(counts, missing):
    """Every completion as a row, by stars and bars."""
    bars = combinations(range(missing + len(counts) - 1), len(counts) - 1)
    edges = [(-1, *chosen, missing + len(counts) - 1) for chosen in bars]
    return np.array(counts) + np.diff(edges, axis=1) - 1


@given(counts=st.lists(st.integers(0, 9), min_size=2, max_size=5), missing=st.integers(0, 6))
def test_bounds_are_sharp(counts, missing):
    if any(counts) or missing:
        every = [agreement(row) for row in listed(counts, missing).tolist()]
        assert agreement_bounds(counts, missing) == pytest.approx((min(every), max(every)), abs=1e-9)


@pytest.mark.parametrize(("counts", "missing"), [(PROSPECTS, 20), ((3, 0, 7, 2, 0, 4), 14)])
def test_bounds_equal_a_listing_of_every_completion(counts, missing):
    rows = listed(counts, missing)
    assert len(rows) == comb(missing + len(counts) - 1, missing) == len(np.unique(rows, axis=0))
    assert (rows.sum(axis=1) == sum(counts) + missing).all() and (rows >= counts).all()
    every = [agreement(row) for row in rows.tolist()]
    assert agreement_bounds(counts, missing) == pytest.approx((min(every), max(every)), abs=1e-9)


def test_the_prospects_item():
    assert agreement_bounds(PROSPECTS, 20) == pytest.approx((-0.23, 0.79), abs=5e-5)


def test_a_thousand_silent_are_no_obstacle():
    low, high = agreement_bounds((100, 50, 0, 200, 30), 1000)
    assert low < high


def test_nobody_missing_leaves_a_point():
    assert agreement_bounds(PROSPECTS, 0) == pytest.approx([agreement(PROSPECTS)] * 2)


def test_everyone_silent():
    assert agreement_bounds([0, 0, 0, 0, 0], 2) == (-1, 1)


@given(st.lists(st.integers(0, 9), min_size=3, max_size=5), st.integers(1, 8))
def test_one_more_answer_never_widens(counts, missing):
    """Whoever speaks up can only rule completions out."""
    low, high = agreement_bounds(counts, missing)
    narrower = agreement_bounds([counts[0] + 1, *counts[1:]], missing - 1)
    assert low - 1e-9 <= narrower[0] and narrower[1] <= high + 1e-9


@pytest.mark.parametrize(
    ("counts", "missing", "message"),
    [([0, 0], 0, "nothing to bound"), ([1], 3, "At least 2 categories"), (PROSPECTS, -1, "at least 0")],
)
def test_refusals(counts, missing, message):
    with pytest.raises(ValueError, match=message):
        agreement_bounds(counts, missing)
