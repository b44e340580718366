import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from regint.theory.region import (
    bilateral_intensity,
    comparative_advantage,
    complementarity,
    concentration,
    growth_readings,
    read_flows,
    regional_indicators,
    shares,
)
from regint.theory.tables import read_table
from textfiles.problems import Problem

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

    def test_comparative_advantage(self) -> None:
        found = comparative_advantage([50, 30, 20], [200, 400, 400])
        assert found["RCA"].tolist() == pytest.approx([2.5, 0.75, 0.5], abs=EXACT)
        assert found["RSCA"].tolist() == pytest.approx([3 / 7, -1 / 7, -1 / 3], abs=EXACT)

    def test_concentration_and_complementarity(self) -> None:
        assert concentration([0.5, 0.3, 0.2]) == pytest.approx(0.38, abs=EXACT)
        assert concentration([0.5, 0.3, 0.2], normalised=True) == pytest.approx(0.07, abs=EXACT)
        assert complementarity([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]) == pytest.approx(70, abs=EXACT)

    def test_the_definitions_table_states_the_same_values(self, flows: pd.DataFrame) -> None:
        table = read_table("indicator_definitions").set_index("indicator")["example_value"]
        values = {name: [float(part) for part in text.split(";")] for name, text in table.items()}
        found = regional_indicators(flows, ["A", "B", "C"])
        for name in ("ITS", "ITI", "HI", "HE", "STI"):
            assert values[name] == pytest.approx([found[name]], abs=EXACT)
        advantage = comparative_advantage([50, 30, 20], [200, 400, 400])
        assert values["RCA"] == pytest.approx(advantage["RCA"].tolist(), abs=EXACT)
        assert values["RSCA"] == pytest.approx(advantage["RSCA"].tolist(), abs=EXACT)
        assert [values["TII"], values["HHI"], values["HHI_N"], values["TCI"]] == [
            [3.75],
            [0.38],
            [0.07],
            [70],
        ]


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
        assert concentration([2] * 5, normalised=True) == pytest.approx(0)
        assert np.isnan(concentration([7], normalised=True))


class TestEdges:
    def test_a_region_that_trades_with_nobody(self) -> None:
        world = pd.DataFrame([[0, 0, 0], [0, 0, 0], [0, 0, 5.0]], index=list("ABR"), columns=list("ABR"))
        assert regional_indicators(world, ["A", "B"])[["ITS", "STI"]].isna().all()

    def test_a_product_that_nobody_exports(self) -> None:
        assert np.isnan(comparative_advantage([1, 0], [5, 0])["RCA"].iloc[1])

    @pytest.mark.parametrize("values", [[], [0, 0], [1, -1], [1, np.nan], [1, np.inf]])
    def test_shares_of_nothing_are_refused(self, values: list[float]) -> None:
        with pytest.raises(ValueError, match="at least one value"):
            shares(values)

    def test_different_product_lists_are_refused(self) -> None:
        with pytest.raises(ValueError, match="3 products and imports 2"):
            complementarity([1, 1, 1], [1, 1])

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


class TestTradeClaim:
    def test_the_two_readings_of_the_claim(self) -> None:
        """A rise BY 250 per cent to 11 needs a base of at most 3.14, one TO 250 per cent at most 4.40."""
        found = growth_readings(pd.DataFrame({"value_bn": [2.4, 2.5, 11 / 3.5, 4.3, 4.4, 6.0]}), 11, 2.5)
        assert found["reading"].tolist() == ["by", "by", "by", "to", "to", "neither"]

    def test_published_multiples(self) -> None:
        found = growth_readings(pd.DataFrame({"value_bn": [2.4, 2.5, 4.3]}), 11, 2.5)
        assert found["multiple"].round(2).tolist() == [4.58, 4.4, 2.56]
        assert found["increase"].round(3).tolist() == [3.583, 3.4, 1.558]


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
