"""Spillover: the graph of claims, its null models and the order claimed."""

from collections import Counter
from itertools import combinations, permutations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.theory.region import read_events
from regint.theory.spillover import (
    claimed_links,
    claimed_order,
    feedback,
    hub_null,
    link_graph,
    rewired_graphs,
    sector_positions,
    sector_scheme,
    without_each_claim,
)
from regint.theory.tables import read_table
from textfiles.problems import Problem


def claim(
    name: str, source: str, target: str, effect: str = "promotes", confidence: str = "high"
) -> dict[str, str]:
    return {
        "id": name,
        "from_sector": source,
        "to_sector": target,
        "effect": effect,
        "link_confidence": confidence,
    }


@pytest.fixture
def claims() -> pd.DataFrame:
    silent = {"id": "P9", "from_sector": "", "to_sector": "", "effect": "", "link_confidence": ""}
    return pd.DataFrame(
        [
            claim("P1", "roads;roads", "rules;trade"),
            claim("P2", "roads", "rules", confidence="low"),
            claim("P3", "peace", "trade", effect="hampers", confidence="medium"),
            claim("P4", "trade", "peace"),
            claim("P5", "roads", "any"),
            silent,
        ]
    )


class TestReadClaims:
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


class TestClaimedLinks:
    def test_links_are_merged_and_keep_their_claims(self, claims: pd.DataFrame) -> None:
        links = claimed_links(claims).set_index(["from_sector", "to_sector"])
        assert links.loc[("roads", "rules"), "claims"] == "P1, P2"
        assert links.loc[("roads", "rules"), "count"] == 2
        assert ("roads", "any") not in links.index

    def test_confidence_effects_and_merging_narrow_the_graph(self, claims: pd.DataFrame) -> None:
        assert claimed_links(claims, minimum="high").loc[0, "claims"] == "P1"
        assert "peace" not in set(claimed_links(claims, effects=["promotes"])["from_sector"])
        merged = claimed_links(claims, merge={"peace": "trade"})
        assert not ((merged["from_sector"] == "trade") & (merged["to_sector"] == "trade")).any()

    def test_one_link_claimed_both_ways_of_effect_is_both(self) -> None:
        both = pd.DataFrame([claim("P1", "a", "b"), claim("P2", "a", "b", effect="hampers")])
        assert claimed_links(both)["effect"].tolist() == ["both"]

    def test_no_link_at_all_is_an_empty_table(self, claims: pd.DataFrame) -> None:
        none = claimed_links(claims[claims["id"].eq("P9")])
        assert none.empty and list(none) == ["from_sector", "to_sector", "claims", "count", "effect"]

    def test_unpaired_lists_and_unknown_levels_are_refused(self, claims: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="2 senders and 1 receivers"):
            claimed_links(pd.DataFrame([claim("P1", "a;b", "c")]))
        with pytest.raises(ValueError, match="choose one of low, medium, high"):
            claimed_links(claims, minimum="certain")

    def test_hostile_names_stay_text(self) -> None:
        odd = claimed_links(pd.DataFrame([claim("P1", "<script>", "=1+1")]))
        assert list(link_graph(odd).edges) == [("<script>", "=1+1")]


class TestSectorScheme:
    def test_every_sector_of_the_paper_has_a_name(self) -> None:
        claims = read_table("paper_claims")
        named = {
            name
            for text in [*claims["from_sector"], *claims["to_sector"]]
            for name in text.split(";")
            if name
        }
        assert named <= set(sector_scheme()["sector"])

    def test_merging_gives_fewer_groups(self) -> None:
        assert sector_scheme("merged")["group"].nunique() < sector_scheme("fine")["group"].nunique()

    def test_an_unknown_grouping_is_refused(self) -> None:
        with pytest.raises(ValueError, match="choose one of fine, merged"):
            sector_scheme("coarse")


class TestSectorPositions:
    def test_hand_counted(self, claims: pd.DataFrame) -> None:
        table = sector_positions(link_graph(claimed_links(claims))).set_index("sector")
        assert table.loc["roads", ["sends", "receives", "reach"]].tolist() == [2, 0, 3]
        assert table["returns"].to_dict() == {"roads": False, "trade": True, "peace": True, "rules": False}
        # Of the 3 x 2 ordered pairs of others, only roads -> peace passes through trade.
        assert table.loc["trade", "betweenness"] == pytest.approx(1 / 6)

    def test_an_empty_graph_has_no_rows(self) -> None:
        assert sector_positions(nx.DiGraph()).empty


class TestFeedback:
    def test_loops_and_their_effect(self, claims: pd.DataFrame) -> None:
        loops = feedback(link_graph(claimed_links(claims)))
        assert loops.to_dict("list") == {
            "cycle": ["peace → trade → peace"],
            "length": [2],
            "effect": ["mixed"],
        }

    def test_a_star_has_none(self) -> None:
        assert feedback(nx.DiGraph([("a", "b"), ("a", "c")])).empty


class TestThePaper:
    """What the notebook says of the paper's graph."""

    def test_transport_sends_most_and_receives_nothing(self) -> None:
        first = sector_positions(link_graph(claimed_links(read_table("paper_claims")))).iloc[0]
        assert (first["sector"], first["sends"], first["receives"], first["betweenness"]) == (
            "transport",
            7,
            0,
            0.0,
        )

    def test_its_loops_are_pairs_only(self) -> None:
        assert set(feedback(link_graph(claimed_links(read_table("paper_claims"))))["length"]) == {2}

    def test_without_barriers_transport_reaches_its_neighbours_only(self) -> None:
        graph = link_graph(claimed_links(read_table("paper_claims"), effects=["promotes"]))
        assert set(nx.descendants(graph, "transport")) == set(graph.successors("transport"))


def test_dropping_a_claim_can_cut_the_reach(claims: pd.DataFrame) -> None:
    table = without_each_claim(claims, "roads").set_index("dropped")
    assert list(table.index) == ["P1", "P2", "P3", "P4", "P5"]
    assert table.loc["P4", "reach"] == 2 and table.loc["P2", "reach"] == 3
    assert table.loc["P1", ["sends", "busiest"]].tolist() == [1, "peace, roads, trade"]


EDGES = list(permutations(range(5), 2))


def degrees(graph: nx.DiGraph) -> tuple[dict, dict]:
    return dict(graph.out_degree()), dict(graph.in_degree())


@given(st.sets(st.sampled_from(EDGES), min_size=1, max_size=12), st.integers(0, 10**6))
def test_degrees_are_kept_and_the_graph_stays_simple(edges: set, seed: int) -> None:
    graph = nx.DiGraph(sorted(edges))
    for drawn in rewired_graphs(graph, keep="degrees", draws=2, seed=seed):
        assert degrees(drawn) == degrees(graph)
        assert nx.number_of_selfloops(drawn) == 0 and drawn.number_of_edges() == len(edges)


@given(st.sets(st.sampled_from(EDGES), min_size=1, max_size=12), st.integers(0, 10**6))
def test_links_keep_their_number(edges: set, seed: int) -> None:
    graph = nx.DiGraph(sorted(edges))
    for drawn in rewired_graphs(graph, keep="links", draws=2, seed=seed):
        assert set(drawn) == set(graph) and drawn.number_of_edges() == len(edges)
        assert nx.number_of_selfloops(drawn) == 0


@pytest.mark.parametrize(
    "edges",
    [[(0, 1), (1, 2), (2, 0)], [(0, 1), (1, 2), (2, 0), (0, 3)], [(0, 1), (0, 2), (1, 3), (2, 3), (3, 0)]],
)
def test_every_graph_with_the_degrees_is_drawn_about_equally_often(edges: list) -> None:
    """Brute force: the draws must cover all graphs with these degrees, a turned-round triangle included."""
    graph = nx.DiGraph(edges)
    nodes = sorted(graph)
    every = {
        frozenset(chosen)
        for chosen in combinations(permutations(nodes, 2), len(edges))
        if degrees(nx.DiGraph(list(chosen))) == degrees(graph)
        or sorted(map(tuple, degrees_of(chosen, nodes))) == sorted(map(tuple, degrees_of(edges, nodes)))
    }
    drawn = Counter(frozenset(one.edges) for one in rewired_graphs(graph, keep="degrees", draws=1500, seed=1))
    assert set(drawn) == every
    assert max(drawn.values()) < 2 * min(drawn.values())


def degrees_of(edges: object, nodes: list) -> list[tuple[int, int, int]]:
    edges = list(edges)
    return [(n, sum(a == n for a, _ in edges), sum(b == n for _, b in edges)) for n in nodes]


def test_the_same_seed_draws_the_same_graphs() -> None:
    graph = nx.gnm_random_graph(6, 12, seed=3, directed=True)
    first, second = (
        [sorted(g.edges) for g in rewired_graphs(graph, keep="degrees", draws=3, seed=7)] for _ in "ab"
    )
    assert first == second


@pytest.mark.parametrize(
    ("keep", "draws", "words"), [("weights", 5, "choose one of"), ("links", 0, "at least 1")]
)
def test_wrong_requests(keep: str, draws: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        next(rewired_graphs(nx.DiGraph([(0, 1)]), keep=keep, draws=draws, seed=1))


class TestHubNull:
    star = nx.DiGraph([("hub", name) for name in "abcdef"])

    def test_degrees_cannot_vary_when_they_are_kept(self) -> None:
        table = hub_null(self.star, "hub", keep="degrees", draws=20).set_index("statistic")
        assert not table.loc["links_out", "can_vary"] and table.loc["links_out", "p_at_least"] == 1.0
        assert table.loc["links_out", "observed"] == 6.0
        assert table.loc["links_out", "span"] == (6.0, 6.0)
        assert table.loc["links_out", "label"] == "Links out"

    def test_a_star_stands_out_when_only_the_number_of_links_is_kept(self) -> None:
        table = hub_null(self.star, "hub", keep="links", draws=199).set_index("statistic")
        assert table["can_vary"].all()
        assert table.loc["most_links_out", "p_at_least"] == pytest.approx(1 / 200)
        assert table.loc["share_on_loops", "observed"] == 0.0

    def test_an_unknown_sector_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(ValueError, match="sectors with links: a, b"):
            hub_null(self.star, "rail", keep="links", draws=5)


class TestClaimedOrder:
    links = pd.DataFrame({"from_sector": ["a", "a", "b"], "to_sector": ["b", "c", "a"]})
    events = pd.DataFrame(
        {
            "event": ["e1", "e2", "e3", "e4"],
            "date": ["2000", "2001-05-01", "2001", "2003-01"],
            "sectors": ["a", "b", "a; b", "b"],
        }
    )

    def test_share_of_ordered_pairs(self) -> None:
        table = claimed_order(self.links, self.events)
        # a: e1 (2000), e3 (2001); b: e2 (May 2001), e3 (2001), e4 (2003).
        # e1 precedes all three; e3 ties with e2 and precedes e4; e3 is not compared with itself.
        assert table.loc[0, "precedence"] == pytest.approx((3 + 0.5 + 1) / 5)
        assert table.loc[2, "precedence"] == pytest.approx(1 - 4.5 / 5)
        assert table.loc[0, ["from_events", "to_events", "from_first", "to_first"]].tolist() == [
            2,
            3,
            "2000",
            "2001",
        ]

    def test_no_event_on_one_side_gives_no_number(self) -> None:
        table = claimed_order(self.links, self.events)
        assert pd.isna(table.loc[1, "precedence"]) and table.loc[1, "to_first"] == ""

    def test_merged_names(self) -> None:
        table = claimed_order(self.links.iloc[:1], self.events.assign(sectors="x"), merge={"x": "a"})
        assert table.loc[0, "from_events"] == 4


class TestTheRecord:
    def test_five_of_seven_receivers_have_no_agreement_among_the_five(self) -> None:
        events = read_events().query(
            "arena == 'regional' and direction == 1 and binding >= 2 and rival_of == ''"
        )
        table = claimed_order(claimed_links(read_table("paper_claims")), events).query(
            "from_sector == 'transport'"
        )
        assert len(table) == 7 and table["to_events"].eq(0).sum() == 5
