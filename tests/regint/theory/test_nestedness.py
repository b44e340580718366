"""Nestedness against outside values, and random tables that keep the totals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from regint.theory.nestedness import _same_margins, nestedness, nestedness_null

WORKED = np.array([[1, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [1, 1, 0, 0, 0], [1, 1, 0, 0, 0]])


RAGGED = np.array([[1, 1, 1, 1, 1, 1], [1, 0, 1, 0, 1, 0], [0, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 1]])


MATRICES = {"worked": WORKED, "ragged": RAGGED}


zero_one = arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(2, 6)), elements=st.integers(0, 1))


def test_the_published_worked_example() -> None:
    """Almeida-Neto et al. (2008), fig. 2, as retold at
    https://nadiah.org/2021/07/16/nodf-nestedness-worked-example, and by the R package vegan."""
    assert round(nestedness(WORKED), 1) == 58.3


def test_a_triangle_is_perfectly_nested_and_equal_rows_are_not() -> None:
    assert nestedness(np.triu(np.ones((4, 4), dtype=int))) == pytest.approx(100)
    assert nestedness(np.ones((3, 3), dtype=int)) == 0
    assert np.isnan(nestedness(np.ones((1, 1), dtype=int)))


@given(zero_one, st.randoms(use_true_random=False))
def test_nestedness_ignores_the_order_of_rows_and_columns(cells: np.ndarray, random) -> None:
    rows, columns = list(range(cells.shape[0])), list(range(cells.shape[1]))
    random.shuffle(rows), random.shuffle(columns)
    assert nestedness(cells[rows][:, columns]) == pytest.approx(nestedness(cells))
    assert 0 <= nestedness(cells) <= 100 + 1e-9


def test_null_matrices_keep_both_margins() -> None:
    for drawn in _same_margins(RAGGED, 25, seed=4):
        assert (drawn.sum(axis=0) == RAGGED.sum(axis=0)).all() and (
            drawn.sum(axis=1) == RAGGED.sum(axis=1)
        ).all()


def test_null_of_a_forced_matrix_is_the_matrix_itself() -> None:
    found = nestedness_null(pd.DataFrame(np.triu(np.ones((4, 4), dtype=int))), draws=20)
    assert found["p_at_least"] == 1 and found["expected"] == pytest.approx(found["observed"])


@pytest.mark.parametrize("name", MATRICES)
def test_nestedness_equals_vegan(name: str, project) -> None:
    reference = pd.read_csv(project / "tests/reference/nestedness.csv").query("matrix == @name")
    expected = reference.set_index("statistic")["value"]
    assert nestedness(MATRICES[name]) == pytest.approx(expected.iloc[2], abs=1e-9)
