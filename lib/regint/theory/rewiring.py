"""What a graph of the same size would look like by chance: two null models for directed graphs.

``keep="degrees"`` keeps every node's number of links out and in and shuffles who is linked with whom. A
degree cannot change under it, so it can only say whether *reach*, *betweenness* and *loops* exceed what the
degrees alone produce. ``keep="links"`` keeps only the numbers of nodes and links; under it degrees vary
too.
"""

import math
from collections.abc import Callable, Iterator

import networkx as nx
import numpy as np
import pandas as pd

KEEP = ("degrees", "links")
SWAPS_PER_LINK = 30


def rewired_graphs(graph: nx.DiGraph, *, keep: str, draws: int, seed: int) -> Iterator[nx.DiGraph]:
    """Draw random directed graphs without loops on one node or double links.

    Parameters
    ----------
    graph : networkx.DiGraph
        Graph to imitate.
    keep : {"degrees", "links"}
        What to hold fixed.
    draws : int
        Number of graphs.
    seed : int
        Seed of the random numbers.

    Yields
    ------
    networkx.DiGraph
        With the same nodes and number of links.

    Raises
    ------
    ValueError
        For an unknown `keep` or fewer than one draw.

    Notes
    -----
    With fixed degrees the draws come from a Markov chain of two moves: exchanging the targets of two links,
    and turning round a triangle. Both are needed to reach every directed graph with given degrees, and
    moves that are not possible count as steps, so that the chain settles at the uniform distribution.

    References
    ----------
    Rao, Jana and Bandyopadhyay (1996), A Markov chain Monte Carlo method for generating random
    (0,1)-matrices with given marginals, Sankhya A 58, 225-242.

    Examples
    --------
    >>> path = nx.DiGraph([("a", "b"), ("b", "c"), ("d", "e")])
    >>> drawn = next(rewired_graphs(path, keep="degrees", draws=1, seed=1))
    >>> dict(drawn.out_degree()) == dict(path.out_degree())
    True
    """
    if keep not in KEEP:
        raise ValueError(f"'{keep}' cannot be kept; choose one of {', '.join(KEEP)}.")
    if draws < 1:
        raise ValueError(f"{draws} draws give no distribution; ask for at least 1.")
    random = np.random.default_rng(seed)
    nodes = list(graph)
    position = {node: i for i, node in enumerate(nodes)}
    links = [(position[a], position[b]) for a, b in graph.edges]
    steps = SWAPS_PER_LINK * max(len(links), 1)
    for _ in range(draws):
        links = (
            _shuffled(links, steps, random)
            if keep == "degrees"
            else _any_links(len(nodes), len(links), random)
        )
        drawn: nx.DiGraph = nx.DiGraph()
        drawn.add_nodes_from(nodes)
        drawn.add_edges_from((nodes[a], nodes[b]) for a, b in links)
        yield drawn


def _any_links(nodes: int, links: int, random: np.random.Generator) -> list[tuple[int, int]]:
    chosen = random.choice(nodes * (nodes - 1), size=links, replace=False)
    # Cells of the adjacency matrix without its diagonal, counted row by row.
    pairs = ((int(c) // (nodes - 1), int(c) % (nodes - 1)) for c in chosen)
    return [(a, b + (b >= a)) for a, b in pairs]


def _shuffled(links: list[tuple[int, int]], steps: int, random: np.random.Generator) -> list[tuple[int, int]]:
    links, present = list(links), set(links)
    if len(links) < 2:
        return links
    picks = random.integers(len(links), size=(steps, 3))
    triangles = random.random(steps) < 0.5
    for (i, j, k), triangle in zip(picks.tolist(), triangles.tolist(), strict=True):
        old = [links[i], links[j], links[k]] if triangle else [links[i], links[j]]
        new = _turned(old) if triangle else [(old[0][0], old[1][1]), (old[1][0], old[0][1])]
        if new and not any(a == b or (a, b) in present for a, b in new):
            present.difference_update(old)
            present.update(new)
            for place, link in zip((i, j, k), new, strict=False):
                links[place] = link
    return links


def _turned(old: list[tuple[int, int]]) -> list[tuple[int, int]]:
    (a, b), (c, d), (e, f) = old
    return [(b, a), (d, c), (f, e)] if b == c and d == e and f == a and len({a, b, d}) == 3 else []


def _loop_share(graph: nx.DiGraph) -> float:
    on_loop = sum(len(part) for part in nx.strongly_connected_components(graph) if len(part) > 1)
    return on_loop / max(len(graph), 1)


MEANINGS = {
    "links_out": "Links out",
    "reach": "Reach",
    "betweenness": "Betweenness",
    "most_links_out": "Links out, busiest sector",
    "largest_reach": "Reach, furthest-reaching sector",
    "share_on_loops": "Share of sectors on a loop",
}


def hub_statistics(sector: str) -> dict[str, Callable[[nx.DiGraph], float]]:
    """Statistics of one named sector and of the graph around it, each a function of a graph.

    Returns
    -------
    dict
        ``links_out`` and ``reach`` of the sector, ``betweenness`` of the sector, ``most_links_out`` and
        ``largest_reach`` over all sectors (the fair comparison when the sector was picked because it stands
        out) and ``share_on_loops`` (sectors from which a path leads back to themselves).
    """
    return {
        "links_out": lambda graph: float(graph.out_degree(sector)),
        "reach": lambda graph: float(len(nx.descendants(graph, sector))),
        "betweenness": lambda graph: float(nx.betweenness_centrality(graph)[sector]),
        "most_links_out": lambda graph: float(max(degree for _, degree in graph.out_degree())),
        "largest_reach": lambda graph: float(max(len(nx.descendants(graph, node)) for node in graph)),
        "share_on_loops": _loop_share,
    }


def hub_null(
    graph: nx.DiGraph, sector: str, *, keep: str, draws: int = 999, seed: int = 2025
) -> pd.DataFrame:
    """Hold a sector's standing against random graphs of the same size.

    Parameters
    ----------
    graph : networkx.DiGraph
        Graph of claimed links.
    sector : str
        Sector that is said to be the hub.
    keep : {"degrees", "links"}
        Null model, see `rewired_graphs`.
    draws : int
        Number of random graphs.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per statistic of `hub_statistics`: ``statistic``, ``label``, ``observed``, ``expected`` (mean
        of the draws), ``span`` (pair: middle 95 per cent of the draws), ``p_at_least`` and ``p_at_most``
        (share of draws, the observed graph counted in) and ``can_vary`` (false where every draw
        has the observed value, as a degree has when degrees are kept: then the shares say nothing).

    Raises
    ------
    ValueError
        If the sector is not in the graph.
    """
    if sector not in graph:
        raise ValueError(
            f"'{sector}' has no link in this graph; sectors with links: {', '.join(sorted(graph))}."
        )
    statistics = hub_statistics(sector)
    drawn = [
        [measure(other) for measure in statistics.values()]
        for other in rewired_graphs(graph, keep=keep, draws=draws, seed=seed)
    ]
    rows = [
        _against(name, measure(graph), np.array(column))
        for (name, measure), column in zip(statistics.items(), zip(*drawn, strict=True), strict=True)
    ]
    return pd.DataFrame(rows)


def _against(name: str, observed: float, draws: np.ndarray) -> dict[str, object]:
    low, high = np.quantile(draws, [0.025, 0.975])
    # A hair of tolerance: betweenness is a sum of fractions.
    at_least = (1 + np.count_nonzero(draws >= observed - 1e-12)) / (1 + len(draws))
    at_most = (1 + np.count_nonzero(draws <= observed + 1e-12)) / (1 + len(draws))
    mean = math.fsum(draws) / len(draws)
    return {
        "statistic": name,
        "label": MEANINGS[name],
        "observed": observed,
        "expected": mean,
        "span": (float(low), float(high)),
        "p_at_least": at_least,
        "p_at_most": at_most,
        "can_vary": bool(np.ptp(np.append(draws, observed)) > 1e-12),
    }
