"""Notebook 06b: the draws of weights and coders, and the test of the order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

Ran = Callable[..., dict[str, Any]]
NAME = "06b_ladder"
# Which criteria the groupings met by codes once entered by hand, on which another program ran the test.
BY_HAND = {
    "EU": "11111111111101",
    "EAEU": "11000100100000",
    "CISFTA": "10000000000000",
    "ASEAN": "11000000000000",
    "EFTA": "11100011100000",
    "GCC": "11010000000000",
    "MERCOSUR": "10000000000000",
    "ECOWAS": "10000000000000",
    "CA5": "00000000000000",
}


@pytest.fixture(scope="module")
def page(ran: Ran) -> dict[str, Any]:
    return ran(NAME)


@pytest.fixture(scope="module")
def reference(project: Path) -> pd.DataFrame:
    return pd.read_csv(project / "tests/reference/ladder.csv", dtype=str)


def p_of_all_orders(met: np.ndarray) -> float:
    """Share of all orders of the criteria that fit at least as well, counted set by set of those placed."""
    totals, k = met.sum(axis=1), met.shape[1]
    fit = sum(row[:total].sum() for row, total in zip(met, totals, strict=True))
    ways = {0: np.eye(1, met.sum() + 1)[0]}  # for each set placed: its orders, by cells on the staircase
    for place in range(k):
        longer: dict[int, np.ndarray] = {}
        for placed, orders in ways.items():
            for criterion in range(k):
                if not placed >> criterion & 1:
                    gain = (met[:, criterion] & (totals > place)).sum()
                    known = longer.setdefault(placed | 1 << criterion, np.zeros(len(orders)))
                    known[gain:] += orders[: len(orders) - gain]
        ways = longer
    (orders,) = ways.values()
    return orders[fit:].sum() / orders.sum()


class TestDraws:
    def test_the_codes_are_those_of_notebook_06(self, page: dict[str, Any], ran: Ran) -> None:
        assert page["matrix"].equals(ran("06_balassa_stages")["matrix"])

    def test_the_middle_has_no_order_and_the_ends_hold(self, page: dict[str, Any]) -> None:
        ends = page["ends"].set_index("label")
        assert ends.loc["EU", ["best", "worst"]].tolist() == [1, 1]
        assert ends.loc["Central Asia", "best"] >= 7 and ends.loc["ECOWAS", "worst"] >= 6

    def test_one_strictness_moves_all_codes_of_a_draw_together(self, page: dict[str, Any]) -> None:
        """Drawn cell by cell the errors cancel; drawn once they do not, and totals spread further."""
        rng = np.random.default_rng(5)
        low, high = (page["coded"].query("group == 'ECOWAS'")[end].to_numpy() for end in ("low", "high"))
        together = [(low + t * (high - low)).mean() for t in rng.uniform(size=2000)]
        apart = [(low + rng.uniform(size=len(low)) * (high - low)).mean() for _ in range(2000)]
        assert np.std(together) > 2.5 * np.std(apart)
        assert np.corrcoef(page["points"][:, page["chosen"].index("ECOWAS")], page["strictness"])[0, 1] > 0.5

    def test_cells_drawn_apart_move_the_second_further(self, page: dict[str, Any]) -> None:
        """By a loop over other draws: places 2 to 5 for the EAEU, where one strictness leaves 2 to 3."""
        rng = np.random.default_rng(17)
        kept = page["coded"].query("block != ''")
        parts = {
            group: [(block["low"].to_numpy(), block["high"].to_numpy()) for _, block in part.groupby("block")]
            for group, part in kept.groupby("group")
        }
        places = []
        for _ in range(1500):
            weights = rng.dirichlet(np.ones(4))
            means = {
                group: [rng.uniform(low, high).mean() for low, high in blocks]
                for group, blocks in parts.items()
            }
            points = {group: float(weights @ mean) for group, mean in means.items()}
            places.append(1 + sum(other > points["EAEU"] for other in points.values()))
        found = np.quantile(places, [0.025, 0.975], method="nearest").tolist()
        assert found == page["loose"]["EAEU"].to_list() == [2, 5]
        assert page["ends"].set_index("label").loc["EAEU", ["best", "worst"]].to_list() == [2, 3]

    def test_sentences_follow_the_parameters(self, ran: Ran) -> None:
        """The page once said "in nearly all draws" where it was four of five."""
        page = ran(NAME, scope="any", half=0.2)
        last = (page["ranks"]["Central Asia"] >= 7).mean()
        assert 0.78 < last < 0.84 and f"among the last three in {last:.0%}" in page["settled"].text


class TestOrder:
    @pytest.mark.parametrize("scope", ["own", "any"])
    def test_the_fit_equals_plain_python(self, ran: Ran, reference: pd.DataFrame, scope: str) -> None:
        page = ran(NAME, scope=scope)
        rows = reference.query("scope == @scope and statistic in ['cr', 'mmr', 'cs', 'any_order']")
        wanted = rows.set_index(["of", "statistic"])["value"].astype(float)
        assert page["observed"] == pytest.approx(wanted["all", "cr"], abs=1e-9)
        assert page["popular"] == pytest.approx(wanted["all", "mmr"], abs=1e-9)
        assert page["scalability"] == pytest.approx(wanted["all", "cs"], abs=1e-9)
        for place, name in enumerate(["all", "without EU"]):
            assert page["fits"]["cr"][place] == pytest.approx(wanted[name, "cr"], abs=1e-9)
            assert page["fits"]["order"][place] == pytest.approx(wanted[name, "any_order"], abs=0.003)

    def test_reproducibility_equals_that_of_r(self, page: dict[str, Any], project: Path) -> None:
        for case in pd.read_csv(project / "tests/reference/scalogram.csv").itertuples():
            rows = case.matrix.split("|") if isinstance(case.matrix, str) else [str(case.matrix)]
            met = np.array([[sign == "1" for sign in row] for row in rows])
            assert page["reproducibility"](met) == pytest.approx(case.cr, abs=1e-12), case.case

    def test_the_order_holds_with_and_without_the_highest(self, page: dict[str, Any]) -> None:
        """The page once reported only a test of levels, whose p dies without the European Union."""
        fits = page["fits"]
        assert (fits["p_order"] < 0.03).all()
        assert fits["p_level"][0] < 0.002 and fits["p_level"][1] > 0.3

    @pytest.mark.parametrize(
        ("left", "cr", "mean", "p"), [(None, 0.889, 0.776, 0.010), ("EU", 0.893, 0.764, 0.010)]
    )
    def test_on_the_codes_entered_by_hand_the_test_equals_another_program(
        self, page: dict[str, Any], left: str | None, cr: float, mean: float, p: float
    ) -> None:
        met = np.array([[sign == "1" for sign in row] for group, row in BY_HAND.items() if group != left])
        order, _ = page["shuffles"](met)
        assert page["reproducibility"](met) == pytest.approx(cr, abs=5e-4)
        assert order.mean() == pytest.approx(mean, abs=0.004)
        assert page["chance_of"](order, page["reproducibility"](met)) == pytest.approx(p, abs=0.006)

    def test_the_p_of_the_order_is_that_of_all_orders(self, page: dict[str, Any]) -> None:
        """Too few shuffles once put the corrected p above one in twenty; of all orders it is below."""
        met, top = page["met"], page["chosen"].index(page["top"])
        exact = [p_of_all_orders(met), p_of_all_orders(np.delete(met, top, axis=0))]
        assert exact == pytest.approx([0.01629, 0.01482], abs=1e-5)
        assert page["fits"]["p_order"].to_list() == pytest.approx(exact, abs=4 * page["error"])
        assert page["all_four"] <= 0.05 and 3 * min(exact) <= 0.05 and 2 * max(exact) <= 0.05

    def test_a_random_order_is_not_found_to_be_special(self, page: dict[str, Any]) -> None:
        rng = np.random.default_rng(8)
        found = []
        for _ in range(20):
            met = page["met"][:, rng.permutation(page["met"].shape[1])]
            found.append(page["chance_of"](page["shuffles"](met)[0], page["reproducibility"](met)))
        assert np.mean(np.array(found) < 0.2) < 0.5

    def test_the_order_holds_by_the_second_reading(self, page: dict[str, Any]) -> None:
        assert page["fit_second"] == pytest.approx(0.857, abs=5e-4) and page["chance_second"] < 0.03
