"""Notebook 06: codes by one rule, the score, the climb, and the second reading."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from regint.theory.tables import read_table

Ran = Callable[..., dict[str, Any]]
NAME, PROJECT = "06_balassa_stages", Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def page(ran: Ran) -> dict[str, Any]:
    return ran(NAME)


@pytest.fixture(scope="module")
def reference(project: Path) -> pd.DataFrame:
    return pd.read_csv(project / "tests/reference/ladder.csv", dtype=str)


class TestRule:
    @pytest.mark.parametrize("scope", ["own", "any"])
    def test_codes_and_scores_equal_plain_python(self, ran: Ran, reference: pd.DataFrame, scope: str) -> None:
        page, wanted = ran(NAME, scope=scope), reference.query("scope == @scope")
        texts = wanted.query("statistic == 'codes'").set_index("of")["value"]
        for group, text in texts.items():
            codes = [{"0": 0.0, "1/2": 0.5, "1": 1.0}[part] for part in text.split()]
            assert page["matrix"].loc[group].tolist() == codes, group
        scores = wanted.query("statistic == 'score'").set_index("of")["value"].astype(float)
        assert page["scores"]["code"].to_dict() == pytest.approx(scores.to_dict(), abs=1e-9)

    def test_a_half_point_is_the_same_share_for_everybody(self) -> None:
        """Once a money of five of twelve earned half and a tariff of two of five nothing."""
        coding = read_table("balassa_coding").set_index(["group", "criterion"])
        assert coding.loc[("ECOWAS", "C13"), "coverage"] == 0
        assert coding.loc[("EFTA", "C02"), "depth"] == coding.loc[("GCC", "C04"), "depth"] == 0.5
        assert "code" not in coding

    def test_strict_and_generous_entries_enclose_the_code(self, page: dict[str, Any]) -> None:
        coded = page["coded"]
        assert (coded["low"] <= coded["own"]).all() and (coded["own"] <= coded["high"]).all()
        shipped = read_table("balassa_coding")
        assert (shipped["low"] <= shipped["high"]).all() and (shipped["high"] <= shipped["high_any"]).all()

    def test_every_cell_names_its_instrument_and_labour_no_border_checks(self) -> None:
        coding = read_table("balassa_coding")
        assert coding["instrument"].ne("").all()
        workers = coding.query("group == 'EU' and criterion == 'C09'").iloc[0]
        assert "Schengen" not in workers["evidence"] and "45" in workers["instrument"]

    def test_a_coding_that_leaves_a_criterion_out_is_refused(self, ran: Ran, tmp_path: Path) -> None:
        head, _, *rest = (PROJECT / "data/theory/balassa_coding.csv").read_text("utf-8").splitlines()
        (tmp_path / "coding.csv").write_text("\n".join([head, *rest]), encoding="utf-8")
        with pytest.raises(ValueError, match="leaves out 1 cells"):
            ran(NAME, coding=str(tmp_path / "coding.csv"))


class TestReadings:
    def test_central_asia_is_last_by_any_and_with_another_by_own_instruments(
        self, page: dict[str, Any], ran: Ran
    ) -> None:
        assert page["scores"].index[-2:].tolist() == ["CISFTA", "CA5"]
        assert page["places"]["own"][["CA5", "CISFTA"]].tolist() == [8, 8]
        assert ran(NAME, scope="any")["scores"].index[-1] == "CA5"
        assert page["mine"][["low", "own", "any"]].tolist() == pytest.approx([25 / 6, 25 / 3, 50 / 3])

    def test_only_one_grouping_climbs_and_the_gulf_union_does_not(self, page: dict[str, Any]) -> None:
        climbed = page["climbed"]["code"]
        assert climbed["EU"] == "EUN" and climbed[["EFTA", "GCC"]].tolist() == ["PTA", "PTA"]
        assert climbed["CA5"] == "none" and page["stuck"] == 8

    @pytest.mark.parametrize(("scope", "half", "places"), [("own", 0.25, (8, 9)), ("any", 0.05, (8, 6))])
    def test_sentences_follow_the_parameters(
        self, ran: Ran, scope: str, half: float, places: tuple[int, int]
    ) -> None:
        page = ran(NAME, scope=scope, half=half)
        text = " ".join(sentence.text for sentence in page["found"])
        assert page["places"].loc["CA5", ["own", "any"]].tolist() == list(places)
        assert f"place {places[0]} of 9 by own instruments and place {places[1]} by any" in text
        assert f"holds on {sum(4 <= place <= 6 for place in page['places'].loc['CA5'])} of the 4" in text


class TestSecondReading:
    def test_agreement_equals_plain_fractions(self, page: dict[str, Any]) -> None:
        """Linear weights: one less the mean distance of the pairs over the mean distance of all pairings."""
        both, table = page["both"], page["agreement"].set_index("what")
        for what, name in {"Depth": "depth", "Code": "code"}.items():
            one = [Fraction(value) for value in both[name]]
            two = [Fraction(value) for value in both[f"{name}_second"]]
            n = len(one)
            seen = sum(abs(a - b) for a, b in zip(one, two, strict=True)) / n
            chance = sum(abs(a - b) for a in one for b in two) / n**2
            assert table.loc[what, "kappa"] == pytest.approx(float(1 - seen / chance), abs=1e-9)
            assert table.loc[what, "same"] == sum(a == b for a, b in zip(one, two, strict=True))
            assert table.loc[what, "n"] == n == 126

    def test_only_the_eurasian_union_changes_its_stage_and_central_asia_completes_none(
        self, page: dict[str, Any]
    ) -> None:
        swap = page["swap"]
        assert swap.index[swap["climb"] != swap["climb_second"]].tolist() == ["EAEU"]
        assert swap.loc["CA5", "climb_second"] == "none" and swap["second"].idxmax() == "EU"
        apart = page["both"].query("group in ['CA5', 'CISFTA'] and code != code_second")
        assert apart["group"].tolist() == ["CISFTA"]
        assert swap.loc["CA5", "second"] == pytest.approx(25 / 3) and swap["second"].idxmin() == "CA5"
