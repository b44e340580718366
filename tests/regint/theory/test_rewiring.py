from collections import Counter
from itertools import combinations, permutations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.theory.spillover import hub_null, rewired_graphs

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
