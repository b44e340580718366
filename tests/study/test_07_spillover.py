"""Notebook 07: the tables of claims and agreements, the graph of claims and the strategies."""

from collections import Counter
from collections.abc import Callable
from itertools import combinations, permutations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from regint.theory.tables import read_table
from textfiles.problems import Problem

Ran = Callable[..., dict[str, Any]]
NAME, FEW = "07_spillover", 499


@pytest.fixture(scope="module")
def page(ran: Ran) -> dict[str, Any]:
    return ran(NAME, draws=FEW)


class TestTables:
    def test_the_paper_has_forty_nine_claims_on_four_pages(self) -> None:
        claims = read_table("paper_claims")
        assert claims["id"].tolist() == [f"P{number:02d}" for number in range(1, 50)]
        assert set(claims["page"]) == {97, 98, 99, 100}

    def test_a_table_with_an_unknown_theory_and_a_wrong_effect_is_refused_with_both(self, tmp_path) -> None:
        broken = read_table("paper_claims").astype(str)
        broken.loc[2, ["theory", "effect"]] = ["NFF", "helps"]
        broken.to_csv(tmp_path / "claims.csv", index=False)
        with pytest.raises(Problem) as error:
            read_table("paper_claims", tmp_path / "claims.csv")
        assert "NFF" in str(error.value) and "helps" in str(error.value)

    def test_senders_and_receivers_are_paired_and_every_sector_has_a_name(self) -> None:
        claims, known = read_table("paper_claims"), set(read_table("sectors")["sector"])
        assert (claims["from_sector"].str.count(";") == claims["to_sector"].str.count(";")).all()
        texts = [*claims["from_sector"], *claims["to_sector"], *read_table("agreements")["sectors"]]
        assert {name for text in texts for name in text.split(";") if name} <= known

    def test_merging_gives_fewer_groups(self) -> None:
        sectors = read_table("sectors")
        assert sectors["merged"].nunique() < len(sectors)

    def test_agreements_stand_in_order_and_what_was_not_seen_is_marked(self) -> None:
        table = read_table("agreements")
        dated = table.loc[table["signed"].ne(""), "signed"]
        assert dated.is_monotonic_increasing and not table.duplicated(["parties", "title", "signed"]).any()
        guessed = table["note"].str.contains("not on the page|probable only")
        assert (table.loc[guessed, "status"] == "unverified").all() and guessed.sum() > 10
        assert set(table.loc[table["kind"].eq("absence"), "parties"]) == {"KGZ;TKM"}

    def test_each_of_the_ten_pairs_was_looked_for(self) -> None:
        five = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
        assert set(read_table("searches")["parties"]) == {";".join(pair) for pair in combinations(five, 2)}


class TestGraph:
    def test_most_sectors_and_links_have_nothing_to_do_with_transport(self, page: dict[str, Any]) -> None:
        """The page once called this graph a star."""
        assert (len(page["graph"]), len(page["links"]), page["hub"]) == (17, 18, "transport")
        assert page["at"].to_dict() == {"sends": 7, "receives": 0, "reach": 12}
        assert (page["apart"], page["rest"]) == (9, 11)

    def test_its_loops_are_two_pairs_without_transport(self, page: dict[str, Any]) -> None:
        assert sorted(map(sorted, page["loops"])) == [["economy", "security"], ["energy", "water"]]

    def test_the_nulls_equal_those_of_another_program(self, page: dict[str, Any]) -> None:
        """0.468 and 0.089 by exact uniform sampling in a program written for the purpose; a busiest sector of
        seven links was drawn in fewer than one graph of a thousand."""
        assert page["far"] == pytest.approx(0.468, abs=0.07)
        assert page["around"] == pytest.approx(0.089, abs=0.04)
        assert page["busy"] < 0.01

    @pytest.mark.parametrize("edges", [[(0, 1), (1, 2), (2, 0)], [(0, 1), (0, 2), (1, 3), (2, 3), (3, 0)]])
    def test_shuffled_receivers_draw_every_graph_with_the_degrees_equally_often(self, edges: list) -> None:
        """The rule of the page on graphs small enough to list: shuffle and throw away."""
        source, target = np.array(edges).T
        degrees = sorted(Counter(source).items()), sorted(Counter(target).items())
        nodes = sorted(nx.DiGraph(edges))
        every = {
            frozenset(chosen)
            for chosen in combinations(permutations(nodes, 2), len(edges))
            if (sorted(Counter(a for a, _ in chosen).items()), sorted(Counter(b for _, b in chosen).items()))
            == degrees
        }
        rng, drawn = np.random.default_rng(1), Counter()
        while drawn.total() < 1500:
            shuffled = rng.permutation(target)
            links = set(zip(source.tolist(), shuffled.tolist(), strict=True))
            if (shuffled != source).all() and len(links) == len(edges):
                drawn[frozenset(links)] += 1
        assert set(drawn) == every and max(drawn.values()) < 2 * min(drawn.values())


class TestStrategies:
    def test_each_period_allows_its_own_strategy(self, page: dict[str, Any]) -> None:
        periods = page["periods"].set_index("period")
        named = read_table("spillover_strategies").set_index("strategy")["label"]
        for period, strategy in periods["strategy"].items():
            assert page["coded_as"][period].startswith(named[strategy])
            assert page["coded_as"][period] in page["possible"][period]

    def test_only_the_end_of_2005_and_the_first_meetings_allow_one_reading(
        self, page: dict[str, Any]
    ) -> None:
        assert page["alone"].index.tolist() == ["T5", "T7"] and page["over"] == 4
