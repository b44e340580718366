"""Notebook 09: memberships, the trade claim, pairs of states and the ledger."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from regint.theory.nestedness import nestedness_null
from regint.theory.tables import date_bounds, read_table

Ran = Callable[..., dict[str, Any]]
NAME = "09_region_in_context"
FIVE = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]


@pytest.fixture(scope="module")
def page(ran: Ran) -> dict[str, Any]:
    return ran(NAME, draws=199)


class TestTables:
    @pytest.mark.parametrize(
        "name",
        "paper_claims sectors agreements searches spillover_strategies strategy_codings bodies memberships "
        "events trade_statements trade_pairs turnover macro ppp tourism eu_package exchange_rates "
        "forecasts".split(),
    )
    def test_every_row_says_where_it_comes_from_and_how_sure_it_is(self, name: str) -> None:
        table = read_table(name)
        assert table["source"].ne("").all() and table["locator"].ne("").all()
        assert table["status"].isin(["verified", "conflicting", "unverified"]).all()

    def test_events_are_precise_rivals_are_there_and_codes_lie_between_low_and_high(self) -> None:
        events = read_table("events")
        lengths = {"day": 10, "month": 7, "year": 4}
        assert (events["date"].str.len() == events["precision"].map(lengths)).all()
        assert set(events.loc[events["rival_of"].ne(""), "rival_of"]) <= set(events["event"])
        assert events["binding"].between(events["binding_low"], events["binding_high"]).all()
        assert {n for text in events["sectors"] for n in text.split(";")} <= set(
            read_table("sectors")["sector"]
        )
        named = {name for text in read_table("strategy_codings")["events"] for name in text.split(";")}
        assert named <= set(events["event"])

    def test_settled_forecasts_are_dated_within_the_record_and_open_ones_are_not(self) -> None:
        table = read_table("forecasts")
        settled = table["outcome"].isin(["true", "false"])
        assert settled.equals(table["resolved_on"].ne(""))
        assert table.loc[settled, "resolved_on"].between("2025-06-16", "2026-02-28").all()
        assert table["probability"].dropna().sum() == pytest.approx(1, abs=1e-4)

    def test_the_income_series_is_complete(self) -> None:
        macro = read_table("macro")
        assert len(macro) == 75 and macro["gdp_musd"].notna().sum() == 70
        assert len(read_table("ppp")) == 165 and set(read_table("ppp")["state"]) == set(FIVE)


class TestMemberships:
    def test_an_end_known_by_year_is_over_at_the_end_of_that_year(self, page: dict[str, Any]) -> None:
        """Uzbekistan did not prolong the security treaty in 1999; the figure once counted it through 1999.
        Another program gave 0.7124 and 0.8492 on the bodies then listed."""
        seen = [
            page["members"](pd.Timestamp(f"{year}-12-31"), "kind").loc["UZB"]
            for year in (1995, 1999, 2010, 2020)
        ]
        assert [row.get("csto") == "M" for row in seen] == [True, False, True, False]
        spells, added = page["spells"], ["traceca", "eurasec"]
        page["spells"] = spells[~spells["body"].isin(added)]
        try:
            rows = page["members"](pd.Timestamp("1999-12-31"), "kind").isin(["M", "S"]).astype(int)
            found = [page["mean_overlap"](rows, part) for part in (FIVE, ["KAZ", "KGZ", "TJK", "UZB"])]
        finally:
            page["spells"] = spells
        assert found == pytest.approx([0.7124, 0.8492], abs=5e-5)

    def test_no_body_with_rules_in_force_holds_all_five_and_turkmenistan_is_in_none(
        self, page: dict[str, Any]
    ) -> None:
        ruling = page["belongs"][page["ruling"]]
        assert not ruling.all().any() and ruling.loc["TKM"].sum() == 0
        assert {"traceca", "consultative"} <= set(page["everyone"])

    def test_kyrgyzstan_is_in_the_ashgabat_agreement_since_2024(self, page: dict[str, Any]) -> None:
        assert page["belongs"].loc[FIVE, "ashgabat"].tolist() == [1, 1, 0, 1, 1]

    def test_overlap_equals_vegan(self, page: dict[str, Any], project: Path) -> None:
        rows = pd.DataFrame([[1, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0]])  # its matrix "worked"
        wanted = pd.read_csv(project / "tests/reference/nestedness.csv").set_index(["matrix", "statistic"])
        for other in (1, 2):
            expected = wanted.loc[("worked", f"jaccard_1_{other + 1}"), "value"]
            assert page["jaccard"](rows.loc[0], rows.loc[other]) == pytest.approx(expected, abs=1e-9)

    def test_nestedness_equals_vegan_on_the_bodies_then_listed(self, page: dict[str, Any]) -> None:
        """vegan: 70.4, quasiswap 74.97 and 0.987; without the Lapis Lazuli agreement 0.51."""
        before = page["belongs"].drop(columns=["traceca"], errors="ignore").copy()
        before.loc["KGZ", "ashgabat"] = 0
        whole = nestedness_null(before, draws=999)
        assert whole["observed"] == pytest.approx(70.4, abs=0.05)
        assert whole["expected"] == pytest.approx(74.97, abs=0.4) and whole["p_at_least"] > 0.97
        rest = nestedness_null(before.drop(columns="lapis_lazuli"), draws=999)["p_at_least"]
        assert rest == pytest.approx(0.51, abs=0.07)


class TestTrade:
    def test_the_audit_by_hand(self, page: dict[str, Any]) -> None:
        assert page["limits"] == pytest.approx({"strict": 11 / 3.5, "loose": 4.4})
        assert page["found"].to_dict() == {"by": 2, "to": 1, "neither": 4}
        assert page["audit"].set_index("value_bn").loc[12.2, "holds"] == "neither"

    def test_eight_pairs_of_2023_counted_once_agree_with_the_official_total(
        self, page: dict[str, Any]
    ) -> None:
        assert len(page["pairs"]) == 8
        assert page["once"] == pytest.approx(9.431772, abs=1e-9)
        assert page["pairs"].loc["KAZ-UZB", "musd"] / page["pairs"]["musd"].sum() == pytest.approx(
            0.4646, abs=1e-4
        )
        assert page["pairs"].loc["TJK-UZB", "gap"] == pytest.approx(1 - 500 / 756.8)

    def test_the_table_of_2020_adds_up_and_that_of_2019_does_not(self, page: dict[str, Any]) -> None:
        totals = page["totals"].round(1)
        assert totals.loc[2020].tolist() == [145.5, 145.5, 142.5]
        assert totals.loc[2019, ["sum of the parts", "table total"]].tolist() == [163.2, 168.2]

    def test_the_package_adds_up_without_the_ten_billion(self, page: dict[str, Any]) -> None:
        assert page["inside"].to_dict() == pytest.approx({True: 12.0, False: 10.0})


def test_the_record_was_closed_in_february_2026(page: dict[str, Any]) -> None:
    assert page["end"] == date_bounds("2026-02-13")[1]
    assert page["outcome"].to_dict() == {"true": 3, "false": 0, "open": 14, "not_on_record": 1}
