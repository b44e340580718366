"""The region in context: events, memberships, trade and incomes."""

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from regint.theory import region
from regint.theory.region import (
    STATES,
    belongs,
    bilateral_intensity,
    concentration,
    dispersion,
    jaccard,
    leave_one_out,
    membership_on,
    nestedness,
    nestedness_null,
    overlap_by_year,
    read_events,
    read_flows,
    read_forecasts,
    read_macro,
    read_memberships,
    regional_indicators,
    shares,
    theil,
    theil_parts,
)
from regint.theory.tables import read_table
from textfiles.problems import Problem

TABLES = [
    *(
        "paper_claims",
        "sectors",
        "agreements",
        "searches",
        "spillover_strategies",
        "strategy_codings",
        "bodies",
        "memberships",
        "events",
    ),
    *(
        "trade_statements",
        "turnover",
        "macro",
        "exchange_rates",
        "indicator_definitions",
        "arcii",
        "forecasts",
    ),
]


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return read_events()


def test_the_shipped_matrix_of_flows_has_no_problem() -> None:
    assert len(read_table("example_flows")) == 4


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(name: str) -> None:
    table = read_table(name)
    assert table["source"].ne("").all() and table["locator"].ne("").all()
    assert table["status"].isin(["verified", "conflicting", "unverified"]).all()


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Callable[..., None]:
    """Let the readers find a table with some cells changed."""

    def put(name: str, row: int, **cells: object) -> None:
        table = read_table(name).astype(object)
        for column, value in cells.items():
            table.loc[row, column] = value
        path = tmp_path / f"{name}.csv"
        table.to_csv(path, index=False)
        monkeypatch.setattr(
            region, "read_table", lambda asked: read_table(asked, path if asked == name else None)
        )

    return put


class TestEvents:
    def test_in_order_and_precise(self, events: pd.DataFrame) -> None:
        assert events["first_day"].is_monotonic_increasing
        lengths = {"day": 10, "month": 7, "year": 4}
        assert (events["date"].str.len() == events["precision"].map(lengths)).all()

    def test_rival_dates_name_an_event_that_is_there(self, events: pd.DataFrame) -> None:
        rivals = events.loc[events["rival_of"].ne(""), "rival_of"]
        assert len(rivals) and set(rivals) <= set(events["event"])

    def test_sectors_are_known(self, events: pd.DataFrame) -> None:
        known = set(read_table("sectors")["sector"])
        assert {name for text in events["sectors"] for name in text.split(";")} <= known

    def test_a_code_outside_its_range_is_refused(self, change) -> None:
        change("events", 0, binding=3, binding_high=2)
        with pytest.raises(Problem, match="outside its low and high"):
            read_events()

    def test_all_problems_come_at_once(self, change) -> None:
        change("events", 0, arena="global", binding="4", source="Z99", status="certain")
        with pytest.raises(Problem) as error:
            read_events()
        assert all(word in str(error.value) for word in ("global", "'4'", "Z99", "certain"))


class TestStrategies:
    def test_seven_strategies_with_different_directions(self) -> None:
        table = read_table("spillover_strategies")
        assert len(table) == 7 and not table.duplicated(["d_scope", "d_level"]).any()

    def test_codings_rest_on_events_of_the_record(self, events: pd.DataFrame) -> None:
        named = {name for text in read_table("strategy_codings")["events"] for name in text.split(";")}
        assert named <= set(events["event"])


class TestForecasts:
    def test_settled_ones_are_dated_within_the_record(self) -> None:
        settled = read_forecasts().query("outcome in ['true', 'false']")
        assert settled["resolved_on"].between("2025-06-16", "2025-12-31").all()

    def test_the_scenarios_carry_the_shares_of_the_panel(self) -> None:
        table = read_forecasts().set_index("forecast")["probability"].dropna()
        assert table.sum() == pytest.approx(1, abs=1e-4) and len(table) == 4

    def test_an_open_statement_with_a_date_and_an_impossible_probability(self, change) -> None:
        row = int(read_forecasts().index[read_forecasts()["outcome"].eq("open")][0])
        change("forecasts", row, resolved_on="2025-12-01", probability="1.5")
        with pytest.raises(Problem) as error:
            read_forecasts()
        assert "open one none" in str(error.value) and "from 0 to 1" in str(error.value)


def test_states_are_the_five() -> None:
    assert set(read_table("macro")["state"]) == set(STATES)


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
        ruling = belongs(today)[bodies.index[bodies.eq(3)]]
        assert not ruling.all().any() and ruling.loc["TKM"].sum() == 0

    def test_one_corridor_decides_whether_memberships_look_nested(self, today: pd.DataFrame) -> None:
        matrix = belongs(today)
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

    def test_impossible_dates_are_refused(self, change) -> None:
        change("memberships", 0, **{"from": "1995-02-30"})
        with pytest.raises(Problem, match="1995-02-30"):
            read_memberships()


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


def test_members_and_signatories_belong() -> None:
    table = pd.DataFrame([["M", "O", "S", "left"]])
    assert belongs(table).iloc[0].tolist() == [1, 0, 1, 0]


EXACT = 1e-9
worlds = arrays(np.float64, (5, 5), elements=st.floats(0.5, 1e6))


@pytest.fixture(scope="module")
def flows() -> pd.DataFrame:
    return read_flows("data/context/example_flows.csv")


class TestWorkedExamples:
    """Counted by hand: T_RR = 200, T_R = 500, T_W = 2000, T_RO = 300, T_O = 1500."""

    def test_regional_indicators(self, flows: pd.DataFrame) -> None:
        found = regional_indicators(flows, ["A", "B", "C"])
        expected = {
            "ITS": 0.4,
            "ITS_exports": 0.4,
            "ITS_once": 0.2,
            "ITI": 1.6,
            "HI": 2.0,
            "HE": 0.75,
            "STI": 5 / 11,
        }
        assert found.to_dict() == pytest.approx(expected, abs=EXACT)

    def test_bilateral_intensity_and_its_variant(self, flows: pd.DataFrame) -> None:
        assert bilateral_intensity(flows, "A", "B") == pytest.approx(3.75, abs=EXACT)
        assert bilateral_intensity(flows, "A", "B", without_own_imports=True) == pytest.approx(
            3.4125, abs=EXACT
        )

    def test_concentration(self) -> None:
        assert concentration([0.5, 0.3, 0.2]) == pytest.approx(0.38, abs=EXACT)

    def test_the_definitions_table_states_the_same_values(self, flows: pd.DataFrame) -> None:
        table = read_table("indicator_definitions").set_index("indicator")["example_value"]
        values = {name: [float(part) for part in text.split(";")] for name, text in table.items()}
        found = regional_indicators(flows, ["A", "B", "C"])
        for name in ("ITS", "ITI", "HI", "HE", "STI"):
            assert values[name] == pytest.approx([found[name]], abs=EXACT)
        own, world = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.4, 0.4])
        advantage = own / world
        assert values["RCA"] == pytest.approx(advantage.tolist(), abs=EXACT)
        assert values["RSCA"] == pytest.approx(((advantage - 1) / (advantage + 1)).tolist(), abs=EXACT)
        assert values["HHI_N"] == pytest.approx([(0.38 - 1 / 3) / (1 - 1 / 3)], abs=EXACT)
        assert values["TCI"] == pytest.approx([100 * (1 - np.abs(own - own[::-1]).sum() / 2)], abs=EXACT)
        assert [values["TII"], values["HHI"]] == [[3.75], [0.38]]


class TestInvariants:
    @given(worlds, st.floats(0.01, 100))
    def test_scaling_all_flows_changes_nothing(self, cells: np.ndarray, factor: float) -> None:
        world = pd.DataFrame(cells, index=list("ABCDR"), columns=list("ABCDR"))
        first, second = (regional_indicators(f, ["A", "B"]) for f in (world, world * factor))
        assert first.to_numpy() == pytest.approx(second.to_numpy(), rel=1e-9)

    @given(worlds)
    def test_order_and_names_do_not_matter(self, cells: np.ndarray) -> None:
        world = pd.DataFrame(cells, index=list("ABCDR"), columns=list("ABCDR"))
        turned = world.iloc[::-1, ::-1].rename(index=str.lower, columns=str.lower)
        assert regional_indicators(world, ["A", "B"]).to_numpy() == pytest.approx(
            regional_indicators(turned, ["b", "a"]).to_numpy(), rel=1e-9
        )

    @given(worlds)
    def test_introversion_is_neutral_exactly_where_intensities_are(self, cells: np.ndarray) -> None:
        found = regional_indicators(
            pd.DataFrame(cells, index=list("ABCDR"), columns=list("ABCDR")), ["A", "B"]
        )
        assert -1 <= found["STI"] <= 1
        assert np.sign(round(found["STI"], 9)) == np.sign(round(found["HI"] - found["HE"], 9))

    def test_a_world_without_geography_is_neutral(self) -> None:
        size = np.array([1.0, 2.0, 3.0, 4.0])
        world = pd.DataFrame(np.outer(size, size), index=list("ABCR"), columns=list("ABCR"))
        found = regional_indicators(world, ["A", "B"])
        assert found[["ITI", "HI", "HE"]].tolist() == pytest.approx([1, 1, 1]) and found[
            "STI"
        ] == pytest.approx(0)

    @given(st.lists(st.floats(0.01, 100), min_size=1, max_size=8))
    def test_concentration_lies_between_equal_shares_and_one(self, values: list[float]) -> None:
        assert 1 / len(values) - 1e-9 <= concentration(values) <= 1 + 1e-9

    def test_equal_shares(self) -> None:
        assert concentration([2] * 5) == pytest.approx(0.2)


class TestEdges:
    def test_a_region_that_trades_with_nobody(self) -> None:
        world = pd.DataFrame([[0, 0, 0], [0, 0, 0], [0, 0, 5.0]], index=list("ABR"), columns=list("ABR"))
        assert regional_indicators(world, ["A", "B"])[["ITS", "STI"]].isna().all()

    @pytest.mark.parametrize("values", [[], [0, 0], [1, -1], [1, np.nan], [1, np.inf]])
    def test_shares_of_nothing_are_refused(self, values: list[float]) -> None:
        with pytest.raises(ValueError, match="at least one value"):
            shares(values)

    @pytest.mark.parametrize(
        ("region", "words"), [(["A", "X"], "No row for X"), ([], "the region"), (list("ABCR"), "rest")]
    )
    def test_wrong_regions(self, flows: pd.DataFrame, region: list[str], words: str) -> None:
        with pytest.raises(ValueError, match=words):
            regional_indicators(flows, region)


class TestReadFlows:
    def read(self, tmp_path, text: str) -> pd.DataFrame:
        (tmp_path / "flows.csv").write_text(text, encoding="utf-8")
        return read_flows(tmp_path / "flows.csv")

    def test_importers_may_come_in_any_order(self, tmp_path) -> None:
        found = self.read(tmp_path, "from,B,A\nA,2,0\nB,0,1\n")
        assert found.loc["A", "B"] == 2 and list(found.columns) == ["A", "B"]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("from,A,B\nA,0,1\n", "same names"),
            ("from,A,A\nA,0,1\nA,1,0\n", "same names"),
            ("from,A,B\nA,0,\nB,-1,0\n", "2 problems"),
            ("from,A,B\nA,0,a lot\nB,1,0\n", "a lot"),
            ("from,A,B\nA,0,inf\nB,1,0\n", "inf"),
        ],
    )
    def test_broken_matrices_say_what_is_wrong(self, tmp_path, text: str, words: str) -> None:
        with pytest.raises(Problem, match=words):
            self.read(tmp_path, text)

    def test_no_file_and_empty_file(self, tmp_path) -> None:
        with pytest.raises(Problem):
            read_flows(tmp_path / "none.csv")
        with pytest.raises(Problem, match="cannot be read"):
            self.read(tmp_path, "")


def test_printed_totals_of_turnover_do_not_equal_their_parts() -> None:
    sums = (
        read_table("turnover")
        .groupby("year")
        .agg(parts=("turnover_bn", "sum"), printed=("printed_total_bn", "first"))
    )
    assert sums["parts"].round(1).to_dict() == {2019: 163.2, 2020: 145.5}
    assert sums["printed"].to_dict() == {2019: 168.2, 2020: 142.5}


def test_the_dimensions_of_the_asian_index_add_up_to_it() -> None:
    """Contributions are printed to four decimals, so six of them can miss the printed total by 2e-4."""
    table = (
        read_table("arcii")
        .groupby("year")
        .agg(parts=("contribution", "sum"), index=("printed_overall", "first"))
    )
    assert (table["parts"] - table["index"]).abs().max() < 2e-4
    assert table["parts"].round(4).to_dict() == {2006: 0.5259, 2017: 0.5173, 2018: 0.535}


def test_every_pair_of_members_has_an_intensity(flows: pd.DataFrame) -> None:
    for exporter, importer in itertools.permutations("ABC", 2):
        assert bilateral_intensity(flows, exporter, importer) > 0


GROUPS = {"KGZ": "upstream", "TJK": "upstream", "KAZ": "downstream", "TKM": "downstream", "UZB": "downstream"}
positive = st.lists(st.floats(0.1, 1e4), min_size=2, max_size=6)


@pytest.fixture(scope="module")
def macro() -> pd.DataFrame:
    return read_macro()


# Year: sum of GDP in USD bn, Kazakhstan's share, HHI of GDP and of population, CV and SD of log income per
# head, highest over lowest, Theil. Computed independently from the World Bank series of March 2026.
ANCHORS = {
    2010: (230.83, 0.6414, 0.4684, 0.2959, 0.9306, 0.9355, 11.93, 0.3579),
    2016: (273.39, 0.5021, 0.3702, 0.2918, 0.7346, 0.8814, 9.48, 0.2080),
    2018: (289.01, 0.6205, 0.4400, 0.2906, 0.8754, 0.9389, 11.35, 0.3765),
    2023: (438.25, 0.5965, 0.4193, 0.2903, 0.8423, 0.8998, 11.08, 0.3394),
}


@pytest.mark.parametrize("year", ANCHORS)
def test_anchors(year: int, macro: pd.DataFrame) -> None:
    row = dispersion(macro).set_index("year").loc[year].drop("largest").astype(float)
    assert row.tolist() == pytest.approx(ANCHORS[year], abs=1e-4, rel=5e-4)


def test_every_year_equals_base_r(macro: pd.DataFrame, project) -> None:
    reference = pd.read_csv(project / "tests/reference/convergence.csv")
    found = dispersion(macro).merge(theil_parts(macro, GROUPS), on="year")
    for name in reference.columns:
        assert found[name].tolist() == pytest.approx(reference[name].tolist(), rel=1e-8), name


def test_the_series_is_complete_and_population_goes_one_year_further(macro: pd.DataFrame) -> None:
    assert len(macro) == 75 and macro["gdp_musd"].notna().sum() == 70
    assert dispersion(macro)["year"].tolist() == list(range(2010, 2024))
    latest = macro.query("year == 2023").set_index("state")["gdp_per_head"]
    expected = {"KAZ": 12858.8, "KGZ": 1970.2, "TJK": 1160.8, "TKM": 8132.0, "UZB": 2549.3}
    assert latest.to_dict() == pytest.approx(expected, abs=0.1)


@given(positive, st.floats(0.5, 10))
def test_theil_is_zero_for_equal_income_per_head(people: list[float], income: float) -> None:
    assert theil(np.array(people) * income, np.array(people)) == pytest.approx(0, abs=1e-12)


@given(positive)
def test_theil_is_never_negative_and_has_no_unit(incomes: list[float]) -> None:
    people = np.arange(1, len(incomes) + 1)
    value = theil(np.array(incomes), people)
    assert value >= 0 and theil(np.array(incomes) * 1000, people) == pytest.approx(value)


def test_parts_of_theil_add_up(macro: pd.DataFrame) -> None:
    parts = theil_parts(macro, GROUPS)
    assert parts["total"].tolist() == pytest.approx(dispersion(macro)["theil"].tolist())
    alone = theil_parts(macro, {state: state for state in GROUPS})
    assert alone["within"].abs().max() < 1e-12
    with pytest.raises(ValueError, match="No group is given for KAZ"):
        theil_parts(macro, {})


def test_leave_one_out_drops_exactly_one(macro: pd.DataFrame) -> None:
    table = leave_one_out(macro, "gdp_bn").set_index(["without", "year"])["value"]
    gdp = macro.set_index(["state", "year"])["gdp_musd"] / 1000
    assert table["none", 2023] - table["UZB", 2023] == pytest.approx(gdp["UZB", 2023])
    with pytest.raises(ValueError, match="choose one of"):
        leave_one_out(macro, "gini")


def test_the_sign_of_sigma_convergence_depends_on_who_is_left_out(macro: pd.DataFrame) -> None:
    table = leave_one_out(macro, "sd_log").pivot_table(index="year", columns="without", values="value")
    change = table.loc[2023] - table.loc[2010]
    assert change["none"] < 0 and set(change.index[change > 0]) == {"KAZ", "KGZ"}


@pytest.mark.parametrize("wrong", ["0", "-5", "much"])
def test_wrong_figures_are_refused(change, wrong: str) -> None:
    change("macro", 3, gdp_musd=wrong)
    with pytest.raises(Problem):
        read_macro()
