import pandas as pd
import pytest
from regint.theory.region import (
    STATES,
    binding_timeline,
    brier_score,
    compatible_strategies,
    read_events,
    read_forecasts,
    read_strategies,
)
from regint.theory.tables import check_table, read_table
from textfiles.problems import Problem

TABLES = [
    *(
        "paper_claims",
        "sectors",
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


@pytest.mark.parametrize("name", [*TABLES, "example_flows"])
def test_shipped_tables_have_no_problem(name: str) -> None:
    assert check_table(name) == []


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(name: str) -> None:
    table = read_table(name)
    assert table["source"].ne("").all() and table["locator"].ne("").all()
    assert table["status"].isin(["verified", "conflicting", "unverified"]).all()


def changed(tmp_path, name: str, row: int, **cells: object) -> object:
    table = read_table(name).astype(object)
    for column, value in cells.items():
        table.loc[row, column] = value
    table.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path / f"{name}.csv"


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

    def test_a_code_outside_its_range_is_refused(self, tmp_path) -> None:
        path = changed(tmp_path, "events", 0, binding=3, binding_high=2)
        with pytest.raises(Problem, match="outside its low and high"):
            read_events(path)

    def test_all_problems_come_at_once(self, tmp_path) -> None:
        path = changed(tmp_path, "events", 0, arena="global", binding="4", source="Z99", status="certain")
        with pytest.raises(Problem) as error:
            read_events(path)
        assert all(word in str(error.value) for word in ("global", "'4'", "Z99", "certain"))


class TestTimeline:
    def test_hand_counted(self) -> None:
        days = pd.to_datetime(["2000-01-01", "2000-05-01", "2002-01-01", "2002-01-01"])
        events = pd.DataFrame(
            {
                "arena": ["regional", "regional", "regional", "wider"],
                "direction": [1, -1, 1, 1],
                "binding": [2, 1, 3, 3],
                "binding_low": [1, 1, 2, 3],
                "binding_high": [3, 2, 3, 3],
                "members": [5, 1, 3, 5],
                "rival_of": ["", "", "", ""],
                "first_day": days,
            }
        )
        found = binding_timeline(events, start=2000, end=2002)
        assert found["events"].tolist() == [2, 0, 1]
        assert found["running"].tolist() == pytest.approx([1.8, 1.8, 3.6])
        assert found["running_low"].tolist() == pytest.approx([0.6, 0.6, 1.8])
        assert found["running_high"].tolist() == pytest.approx([2.8, 2.8, 4.6])
        assert binding_timeline(events, by_members=False, start=2000, end=2002)["running"].tolist() == [
            1,
            1,
            4,
        ]

    def test_bounds_hold_and_rivals_are_left_out(self, events: pd.DataFrame) -> None:
        found = binding_timeline(events)
        assert (found["running_low"] <= found["running"]).all() and (
            found["running"] <= found["running_high"]
        ).all()
        doubled = pd.concat([events, events.assign(rival_of="space_1994")])
        assert binding_timeline(doubled).equals(found)

    def test_nothing_to_count(self, events: pd.DataFrame) -> None:
        assert binding_timeline(events.iloc[:0])["running"].eq(0).all()


class TestStrategies:
    def test_seven_strategies_with_different_directions(self) -> None:
        table = read_strategies()
        assert len(table) == 7 and not table.duplicated(["d_scope", "d_level"]).any()

    def test_each_period_allows_its_own_strategy(self) -> None:
        table = compatible_strategies()
        assert all(row.label in row.possible for row in table.itertuples())
        assert (table["number"] >= 1).all()

    def test_a_strategy_against_its_codes_is_refused(self, tmp_path) -> None:
        path = changed(tmp_path, "strategy_codings", 1, strategy="spill_back")
        with pytest.raises(Problem, match="T2: spill_back contradicts"):
            compatible_strategies(path)

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

    def test_an_open_statement_with_a_date_and_an_impossible_probability(self, tmp_path) -> None:
        row = int(read_forecasts().index[read_forecasts()["outcome"].eq("open")][0])
        path = changed(tmp_path, "forecasts", row, resolved_on="2025-12-01", probability="1.5")
        with pytest.raises(Problem) as error:
            read_forecasts(path)
        assert "open one none" in str(error.value) and "from 0 to 1" in str(error.value)


def test_brier_score() -> None:
    assert brier_score([1.0, 0.0], [True, False]) == 0
    assert brier_score([0.5] * 4, [True, False, True, False]) == pytest.approx(0.25)
    assert pd.isna(brier_score([], []))
    with pytest.raises(ValueError, match="one of each"):
        brier_score([0.5], [])


def test_states_are_the_five() -> None:
    assert set(read_table("macro")["state"]) == set(STATES)
