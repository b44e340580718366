"""Ordinal measures against published values, hand counts and their invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation import ordinal

MEASURES = (ordinal.agreement, ordinal.consensus, ordinal.leik_dispersion)
scales = st.lists(st.integers(0, 60), min_size=2, max_size=8).filter(any)

# The worked example of the R package agrmt 1.42.12 in its documentation of `agreement`,
# `consensus` and `Leik` (printed to three decimals only), all three beside each other under
# https://search.r-project.org/CRAN/refmans/agrmt/html/
AGRMT = (30, 40, 210, 130, 530, 50, 10)


def test_published_example():
    assert ordinal.agreement(AGRMT) == pytest.approx(0.6113333, abs=5e-8)
    assert ordinal.consensus(AGRMT) == pytest.approx(0.725688, abs=5e-7)
    assert ordinal.leik_dispersion(AGRMT) == pytest.approx(0.286667, abs=5e-7)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((15, 0, 0, 0, 15), (-1, 0, 1)),
        ((0, 0, 30, 0, 0), (1, 1, 0)),
        ((6, 6, 6, 6, 6), (0, 0.433985, 0.6)),
        ((1, 0), (1, 1, 0)),
        ((5, 5), (0, 0, 1)),
    ],
)
def test_landmarks(counts, expected):
    assert [measure(counts) for measure in MEASURES] == pytest.approx(expected, abs=5e-7)


@given(scales, st.integers(1, 5))
def test_direction_and_size_of_the_panel_do_not_matter(counts, factor):
    for measure in MEASURES:
        value = measure(counts)
        assert measure(counts[::-1]) == pytest.approx(value, abs=1e-9)
        assert measure([factor * count for count in counts]) == pytest.approx(value, abs=1e-9)


@given(scales)
def test_ranges(counts):
    assert -1 - 1e-9 <= ordinal.agreement(counts) <= 1 + 1e-9
    for measure in MEASURES[1:]:
        assert -1e-9 <= measure(counts) <= 1 + 1e-9


@given(scales)
def test_median_against_the_sorted_answers(counts):
    answers = sorted(np.repeat(np.arange(1, len(counts) + 1), counts))
    size = len(answers)
    assert ordinal.median_categories(counts) == (answers[(size - 1) // 2], answers[size // 2])


@given(scales)
def test_agreement_by_peeling_layers(counts):
    """Van der Eijk's procedure as he words it: take off one layer after the other."""
    left, total, value = list(counts), sum(counts), 0.0
    while any(left):
        height = min(count for count in left if count)
        layer = [height if count else 0 for count in left]
        left = [count - taken for count, taken in zip(left, layer, strict=True)]
        value += ordinal.agreement(layer) * sum(layer) / total
    assert ordinal.agreement(counts) == pytest.approx(value, abs=1e-9)


def test_many_rows_at_once():
    table = np.array([[0, 1, 5, 16, 8], [15, 0, 0, 0, 15]])
    rows = (
        ordinal.agreement_rows,
        ordinal.consensus_rows,
        ordinal.leik_rows,
    )
    for measure, many in zip(MEASURES, rows, strict=True):
        assert many(table) == pytest.approx([measure(row) for row in table])


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
    for measure in MEASURES:
        with pytest.raises(ValueError, match=message):
            measure(counts)


@pytest.mark.parametrize("boxes", [0, 6, -1])
def test_unusable_boxes(boxes):
    with pytest.raises(ValueError, match="boxes"):
        ordinal.top_box([0, 1, 5, 16, 8], boxes=boxes)


def test_a_scale_of_many_categories_is_quick():
    assert ordinal.agreement([1] * 30) == 0
