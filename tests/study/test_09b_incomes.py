"""Notebook 09b: dispersion and inequality of incomes, by unit, weight and state."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

Ran = Callable[..., dict[str, Any]]
NAME = "09b_incomes"
FIVE = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]


@pytest.fixture(scope="module")
def page(ran: Ran) -> dict[str, Any]:
    return ran(NAME)


class TestIncomes:
    def test_every_year_equals_base_r(self, page: dict[str, Any], project: Path) -> None:
        reference = pd.read_csv(project / "tests/reference/convergence.csv").set_index("year")
        found, names = page["yearly"], {"SD of log": "sd_log", "CV": "cv", "high/low": "ratio"}
        for ours, theirs in (names | {"Theil, people": "theil"}).items():
            assert found[ours].tolist() == pytest.approx(reference[theirs].tolist(), rel=1e-8), ours
        assert page["between"].tolist() == pytest.approx(reference["between"].tolist(), rel=1e-8)

    def test_both_weights_equal_another_program(self, page: dict[str, Any]) -> None:
        found = page["yearly"].loc[[2010, 2023], ["Theil", "Theil, people", "SD, people"]]
        expected = [[0.392, 0.358, 0.875], [0.342, 0.339, 0.846]]
        assert found.to_numpy() == pytest.approx(np.array(expected), abs=5e-4)

    def test_theil_has_no_unit_and_is_zero_for_equal_incomes(self, page: dict[str, Any]) -> None:
        people = pd.Series([1.0, 2.0, 7.0])
        assert page["theil"](pd.Series([3.0, 3.0, 3.0]), people) == pytest.approx(0, abs=1e-12)
        income = pd.Series([3.0, 5.0, 8.0])
        assert page["theil"](income * 1000, people) == pytest.approx(page["theil"](income, people))

    def test_the_sign_of_the_change_turns_without_two_states(self, page: dict[str, Any]) -> None:
        assert page["turned"] == ["Kazakhstan", "Kyrgyzstan"]
        lines = page["lines"]
        moved = lines.iloc[-1] - lines.iloc[0]
        assert [moved["none"], moved[FIVE].max(), moved[FIVE].min()] == pytest.approx(
            [-0.036, 0.040, -0.086], abs=5e-4
        )

    def test_the_five_converge_at_purchasing_power_and_the_four_do_not(self, page: dict[str, Any]) -> None:
        """Standard deviations and ratios as another reading of the same series gave them."""
        expected = {1990: (0.4739, 3.70), 2000: (0.6686, 7.83), 2010: (0.7336, 8.79), 2016: (0.7271, 7.83)}
        expected |= {2018: (0.7219, 7.50), 2022: (0.6811, 6.31)}
        income = page["parity"].groupby("year")["income"]
        ratio = income.max() / income.min()
        for year, (sigma, spread) in expected.items():
            assert page["spread"][year] == pytest.approx(sigma, abs=5e-5)
            assert ratio[year] == pytest.approx(spread, abs=5e-3)
        assert page["moved"][page["moved"] > 0].index.tolist() == ["Kazakhstan"]

    def test_other_years_may_say_the_opposite(self, ran: Ran) -> None:
        page = ran(NAME, first=1990, last=2010)
        assert not page["closer"] and page["spread"][2010] > page["spread"][1990]
