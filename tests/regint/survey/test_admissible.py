"""Ranges of counts: equal to listing every vector."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.percentages.counts import count_vectors
from regint.survey.count_ranges import Range, question_ranges, response_range, tightened


def rows(*figures: str, statement: str = "") -> pd.DataFrame:
    return pd.DataFrame({"printed": list(figures), "statement": statement, "count": pd.NA})


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=4).filter(any),
    st.integers(0, 3),
    st.sampled_from(["closed", "open", "multiple"]),
)
def test_ranges_are_the_projection_of_all_vectors(counts: list[int], silent: int, total: str) -> None:
    base = sum(counts) + (silent if total != "closed" else 0)
    figures = [str(round(100 * k / base)) for k in counts]
    found = question_ranges(rows(*figures), base, total)
    vectors = list(count_vectors(figures, base, total=total))
    if not vectors:
        assert found is None
        return
    assert found == [Range(min(column), max(column)) for column in zip(*vectors, strict=True)]


def test_an_impossible_vector_has_no_ranges() -> None:
    assert question_ranges(rows("43.5", "23.5", "23", "10"), 30, "closed") is None
    assert question_ranges(rows("90", "90"), 30, "open") is None
    assert question_ranges(rows("90", "90"), 30, "multiple") == [Range(27, 27), Range(27, 27)]


def test_words() -> None:
    assert response_range(rows("", statement="none").iloc[0], 30) == Range(0, 0)
    assert response_range(rows("", statement="all").iloc[0], 30) == Range(30, 30)
    assert response_range(rows("", statement="half").iloc[0], 1000) == Range(495, 505)
    assert response_range(rows("", statement="nearly every").iloc[0], 30) == Range(0, 30)
    assert response_range(rows("40", statement="equal share").iloc[0], 30) == Range(12, 12)


def test_a_count_beyond_the_base_is_impossible() -> None:
    row = pd.Series({"printed": "", "statement": "", "count": 31})
    assert response_range(row, 30) is None
    assert response_range(row, 31) == Range(31, 31)


@pytest.mark.parametrize("bounds", [(0, 4), (31, 40)])
def test_no_room(bounds: tuple[int, int]) -> None:
    assert tightened([Range(2, 10), Range(3, 20)], bounds) is None


def test_one_option_that_is_everybody() -> None:
    assert question_ranges(rows("100"), 1, "closed") == [Range(1, 1)]
    assert question_ranges(rows("0", "100"), 7, "closed") == [Range(0, 0), Range(7, 7)]
