import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from regint.theory.region import (
    incidence,
    jaccard,
    membership_on,
    nestedness,
    nestedness_null,
    overlap_by_year,
    read_memberships,
)
from regint.theory.tables import read_table
from textfiles.problems import Problem

WORKED = np.array([[1, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [1, 1, 0, 0, 0], [1, 1, 0, 0, 0]])
RAGGED = np.array([[1, 1, 1, 1, 1, 1], [1, 0, 1, 0, 1, 0], [0, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 1]])
MATRICES = {"worked": WORKED, "ragged": RAGGED}
zero_one = arrays(np.int64, st.tuples(st.integers(2, 5), st.integers(2, 6)), elements=st.integers(0, 1))


@pytest.fixture(scope="module")
def today() -> pd.DataFrame:
    return membership_on(read_memberships(), "2025-11-16")


class TestShippedTable:
    def test_five_states_in_fifteen_bodies(self, today: pd.DataFrame) -> None:
        assert today.shape == (5, 15)

    def test_kazakhstan_and_kyrgyzstan_differ_only_in_the_ashgabat_agreement(
        self, today: pd.DataFrame
    ) -> None:
        assert today.columns[today.loc["KAZ"] != today.loc["KGZ"]].tolist() == ["ashgabat"]

    def test_turkmenistan_is_a_full_member_of_six(self, today: pd.DataFrame) -> None:
        members = today.columns[today.loc["TKM"] == "M"]
        assert set(members) == {"eco", "carec", "speca", "ashgabat", "lapis_lazuli", "consultative"}

    def test_no_body_with_rules_in_force_holds_all_five_and_turkmenistan_is_in_none(
        self, today: pd.DataFrame
    ) -> None:
        bodies = read_table("bodies").set_index("body")["binding"]
        ruling = incidence(today)[bodies.index[bodies.eq(3)]]
        assert not ruling.all().any() and ruling.loc["TKM"].sum() == 0

    def test_one_corridor_decides_whether_memberships_look_nested(self, today: pd.DataFrame) -> None:
        matrix = incidence(today)
        matrix = matrix.loc[:, matrix.any()]
        whole, without = (
            nestedness_null(table, draws=199)["p_at_least"].iloc[-1]
            for table in (matrix, matrix.drop(columns="lapis_lazuli"))
        )
        assert whole > 0.95 and 0.2 < without < 0.8

    def test_uzbekistan_in_and_out_of_the_collective_security_treaty(self) -> None:
        spells = read_memberships()
        seen = [
            membership_on(spells, f"{year}-06-30").loc["UZB", "csto"]
            for year in (1991, 1995, 2003, 2010, 2020)
        ]
        assert seen == ["none", "M", "left", "M", "left"]

    def test_turkmenistan_stepped_down_in_the_cis(self) -> None:
        spells = read_memberships()
        assert [membership_on(spells, day).loc["TKM", "cis"] for day in ("2000-01-01", "2010-01-01")] == [
            "M",
            "A",
        ]

    def test_impossible_dates_are_refused(self, tmp_path) -> None:
        wrong = read_memberships()
        wrong.loc[0, "from"] = "2025-13-01"
        wrong.to_csv(tmp_path / "m.csv", index=False)
        with pytest.raises(Problem, match="2025-13-01"):
            read_memberships(tmp_path / "m.csv")


@pytest.mark.parametrize("name", MATRICES)
def test_nestedness_and_jaccard_equal_vegan(name: str, project) -> None:
    reference = pd.read_csv(project / "tests/reference/nestedness.csv").query("matrix == @name")
    expected = reference.set_index("statistic")["value"]
    found, overlap = nestedness(MATRICES[name]), jaccard(pd.DataFrame(MATRICES[name]))
    assert [found.columns, found.rows, found.total] == pytest.approx(expected[:3].tolist(), abs=1e-9)
    assert [overlap.iloc[0, 1], overlap.iloc[0, 2]] == pytest.approx(expected[3:].tolist(), abs=1e-9)


def test_the_published_worked_example() -> None:
    """Almeida-Neto et al. (2008), fig. 2, as retold at
    https://nadiah.org/2021/07/16/nodf-nestedness-worked-example: rows 53.3, columns 63.3, matrix 58.3, which
    the R package vegan gives too (tests/reference/nestedness.csv)."""
    found = nestedness(WORKED)
    assert [round(found.rows, 1), round(found.columns, 1), round(found.total, 1)] == [53.3, 63.3, 58.3]


def test_a_triangle_is_perfectly_nested_and_equal_rows_are_not() -> None:
    assert nestedness(np.triu(np.ones((4, 4), dtype=int))).total == pytest.approx(100)
    assert nestedness(np.ones((3, 3), dtype=int)).total == 0
    assert np.isnan(nestedness(np.ones((1, 1), dtype=int)).total)


@given(zero_one, st.randoms(use_true_random=False))
def test_nestedness_ignores_the_order_of_rows_and_columns(cells: np.ndarray, random) -> None:
    rows, columns = list(range(cells.shape[0])), list(range(cells.shape[1]))
    random.shuffle(rows), random.shuffle(columns)
    assert nestedness(cells[rows][:, columns]).total == pytest.approx(nestedness(cells).total)
    assert 0 <= nestedness(cells).total <= 100 + 1e-9


@given(zero_one)
def test_jaccard_is_symmetric_between_zero_and_one(cells: np.ndarray) -> None:
    overlap = jaccard(pd.DataFrame(cells)).to_numpy()
    assert np.array_equal(overlap, overlap.T, equal_nan=True)
    known = overlap[~np.isnan(overlap)]
    assert ((known >= 0) & (known <= 1)).all()
    assert np.isnan(np.diag(overlap)[cells.sum(axis=1) == 0]).all()


def test_weights_count_only_the_bodies_named() -> None:
    matrix = pd.DataFrame([[1, 1, 0], [1, 0, 1]], index=["a", "b"], columns=["x", "y", "z"])
    assert jaccard(matrix, {"x": 3, "y": 1}).loc["a", "b"] == pytest.approx(3 / 4)


def test_overlap_by_year_is_the_mean_over_pairs() -> None:
    spells = pd.DataFrame(
        {
            "state": ["a", "b", "c", "a"],
            "body": ["x", "x", "y", "y"],
            "membership": "M",
            "from": "2000",
            "to": "",
        }
    )
    found = overlap_by_year(spells, [1999, 2000])
    # After 2000: a in x and y, b in x, c in y; overlaps 1/2, 1/2 and 0. Before: nobody anywhere.
    assert np.isnan(found["overlap"][0]) and found["overlap"][1] == pytest.approx(1 / 3)


def test_null_matrices_keep_both_margins() -> None:
    from regint.theory.region import _same_margins

    for drawn in _same_margins(RAGGED, 25, seed=4):
        assert (drawn.sum(axis=0) == RAGGED.sum(axis=0)).all() and (
            drawn.sum(axis=1) == RAGGED.sum(axis=1)
        ).all()


def test_null_of_a_forced_matrix_is_the_matrix_itself() -> None:
    table = nestedness_null(pd.DataFrame(np.triu(np.ones((4, 4), dtype=int))), draws=20)
    assert table["p_at_least"].eq(1).all() and table["expected"].tolist() == pytest.approx(
        table["observed"].tolist()
    )


def test_incidence_counts_what_is_asked() -> None:
    table = pd.DataFrame([["M", "O", "S", "left"]])
    assert incidence(table).iloc[0].tolist() == [1, 0, 1, 0]
    assert incidence(table, ["M", "A", "O"]).iloc[0].tolist() == [1, 1, 0, 0]
