"""No small count can be read, or worked out by subtraction, from what stays visible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.imports.masking import cells_to_mask, small_cells

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=9)


@given(COUNTS, st.integers(2, 12))
def test_hidden_counts_of_a_closed_question_cannot_be_worked_out(counts: list[int], below: int) -> None:
    hidden = cells_to_mask(counts, sum(counts), below, exclusive=True)
    assert set(small_cells(counts, below)) <= set(hidden)
    if small_cells(counts, below) and len(counts) > 1:
        assert len(hidden) >= 2
        assert sum(counts[p] for p in hidden) >= below or len(hidden) == len(counts)


@given(COUNTS, st.integers(2, 12), st.integers(0, 40))
def test_choose_several_hides_small_counts_and_small_rests(counts: list[int], below: int, more: int) -> None:
    answered = max(counts) + more
    hidden = cells_to_mask(counts, answered, below, exclusive=False)
    for position, count in enumerate(counts):
        small = 0 < count < below or 0 < answered - count < below
        assert (position in hidden) == small


@given(COUNTS)
def test_nothing_is_hidden_unless_asked(counts: list[int]) -> None:
    assert cells_to_mask(counts, sum(counts), 0, exclusive=True) == []


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0, 10, 20], []),
        ([4, 10, 20], [0, 1]),
        ([1, 1, 30], [0, 1, 2]),
        ([2], [0]),
        ([0, 2, 50], [1, 2]),
        ([2, 2, 2], [0, 1, 2]),
    ],
)
def test_worked_cases(counts: list[int], expected: list[int]) -> None:
    assert cells_to_mask(counts, sum(counts), 5, exclusive=True) == expected
