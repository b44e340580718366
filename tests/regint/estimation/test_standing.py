"""Ranks under silence, against every way in which the silent could have chosen."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation.ranks import rank_bounds


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
