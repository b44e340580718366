"""Notebook 07b: the record of agreements and the order of dates."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

Ran = Callable[..., dict[str, Any]]
NAME, FEW = "07b_agreements", 499


@pytest.fixture(scope="module")
def page(ran: Ran) -> dict[str, Any]:
    return ran(NAME, draws=FEW)


@pytest.fixture(scope="module")
def reference(project: Path) -> pd.DataFrame:
    return pd.read_csv(project / "tests/reference/agreements.csv", dtype={"of": str})


class TestRecord:
    @pytest.mark.parametrize("scope", ["own", "any"])
    def test_counts_and_precedence_equal_plain_python(
        self, ran: Ran, reference: pd.DataFrame, scope: str
    ) -> None:
        page, wanted = ran(NAME, draws=FEW, scope=scope), reference.query("scope == @scope")
        assert len(page["signed"]) == wanted.query("statistic == 'agreements'")["value"].item()
        counts = wanted.query("statistic == 'count'").set_index("of")["value"]
        found = page["grid"].set_index(["row", "column"])["value"]
        assert {f"{pair} {sector}": number for (pair, sector), number in found.items()} == {
            name: counts.get(name, 0) for name in (f"{pair} {sector}" for pair, sector in found.index)
        }
        order = wanted.query("statistic == 'precedence'").set_index("of")["value"]
        tested = page["tested"].set_index(page["tested"]["source"] + " " + page["tested"]["target"])
        assert tested["precedence"].to_dict() == pytest.approx(order.to_dict(), abs=1e-9)
        assert page["mean"] == pytest.approx(wanted.query("statistic == 'mean_precedence'")["value"].item())

    def test_every_receiver_of_transport_but_common_rules_has_an_agreement(
        self, page: dict[str, Any]
    ) -> None:
        """The page once said that customs, tariffs, logistics and digital tracking had none."""
        assert page["missing"] == ["regulation and standards"]
        first = page["first"].set_index("sector")["signed"]
        assert first[["transport", "customs", "tariffs", "logistics", "digital"]].tolist() == [
            "1992-04-23",
            "1996-01-16",
            "1996-12-25",
            "1997-02-27",
            "2019-11",
        ]

    def test_advance_information_joins_six_of_ten_pairs(self, page: dict[str, Any]) -> None:
        assert page["advance"]["parties"].nunique() == 6

    def test_with_the_commonwealth_rail_and_customs_begin_a_month_apart(self, ran: Ran) -> None:
        first = ran(NAME, draws=FEW, scope="any")["first"].set_index("sector")["signed"]
        assert (first["transport"], first["customs"]) == ("1992-02-14", "1992-03-13")


class TestOrder:
    def test_no_order_is_claimed_that_disappears_with_the_news(self, page: dict[str, Any]) -> None:
        choices = page["choices"].set_index(["scope", "evidence"])["p"]
        assert choices["own", "any"] < 0.06 < 0.15 < choices["own", "text"]

    def test_a_deal_of_the_dates_has_no_precedence_on_average(self, page: dict[str, Any]) -> None:
        signed = page["signed"].reset_index(drop=True)
        rng = np.random.default_rng(3)
        means = []
        for _ in range(60):
            dealt = signed.assign(signed=rng.permutation(signed["signed"]))
            means.append(page["claimed_order"](dealt, 1)[0]["precedence"].mean())
        assert np.mean(means) == pytest.approx(0.5, abs=0.02)

    def test_dates_that_cannot_be_ordered_count_half(self, page: dict[str, Any]) -> None:
        found = page["earlier"](pd.DataFrame({"signed": ["1998", "1998-05", "1999"]}))
        assert found.tolist() == [[0.5, 0.5, 1.0], [0.5, 0.5, 1.0], [0.0, 0.0, 0.5]]
