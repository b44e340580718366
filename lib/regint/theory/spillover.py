"""Spillover between sectors: the graph of claims, its null models, and the order claimed."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd

from regint.theory.tables import date_bounds, read_table

CONFIDENCE = ("low", "medium", "high")
EFFECTS = ("promotes", "hampers")
GENERIC = {"any", "all"}  # names of no particular sector; links from or to them are left out


def sector_scheme(grouping: str = "fine") -> pd.DataFrame:
    """Names of the sectors, as claims use them or put together into fewer.

    Parameters
    ----------
    grouping : {"fine", "merged"}
        Whether to keep the sectors apart or to use the coarser groups.

    Returns
    -------
    pandas.DataFrame
        One row per sector: ``sector``, ``group`` (code in this scheme), ``label`` (its name).

    Raises
    ------
    ValueError
        For an unknown grouping.

    Examples
    --------
    >>> sector_scheme("merged").query("sector == 'customs'")["label"].item()
    'Customs, tariffs, border procedures'
    """
    columns = {"fine": ["sector", "label"], "merged": ["merged", "merged_label"]}
    if grouping not in columns:
        raise ValueError(f"'{grouping}' is no grouping of sectors; choose one of {', '.join(columns)}.")
    table = read_table("sectors")
    group, label = (table[name] for name in columns[grouping])
    return pd.DataFrame({"sector": table["sector"], "group": group, "label": label})


def sector_names(links: pd.DataFrame, scheme: pd.DataFrame) -> dict[str, str]:
    """Names of the sectors that some links mention; a sector without a name keeps its code.

    Parameters
    ----------
    links : pandas.DataFrame
        As `claimed_links` returns it.
    scheme : pandas.DataFrame
        As `sector_scheme` returns it.

    Returns
    -------
    dict
        Name by code, in the order of the links.

    Examples
    --------
    >>> links = pd.DataFrame({"from_sector": ["customs"], "to_sector": ["smoke"]})
    >>> sector_names(links, sector_scheme())
    {'customs': 'Customs', 'smoke': 'smoke'}
    """
    known = dict(zip(scheme["group"], scheme["label"], strict=True))
    mentioned = pd.unique(links[["from_sector", "to_sector"]].to_numpy().ravel())
    return {sector: known.get(sector, sector) for sector in mentioned}


def claimed_links(
    claims: pd.DataFrame,
    *,
    minimum: str = "low",
    merge: dict[str, str] | None = None,
    effects: Sequence[str] = EFFECTS,
) -> pd.DataFrame:
    """Arrows between sectors that a set of claims asserts.

    Parameters
    ----------
    claims : pandas.DataFrame
        Rows of the table ``paper_claims``. ``from_sector`` and ``to_sector`` hold sectors separated by
        semicolons, paired in order; both are empty if the claim links none.
    minimum : {"low", "medium", "high"}
        Least confidence that the text really asserts the link in this direction.
    merge : dict, optional
        Coarser name of each sector. Links inside one coarse sector disappear.
    effects : sequence of str
        Kinds of link to keep: ``promotes``, ``hampers`` or both.

    Returns
    -------
    pandas.DataFrame
        Columns ``from_sector``, ``to_sector``, ``claims`` (ids, comma-separated), ``count`` (number of
        claims), ``effect`` (``promotes``, ``hampers`` or ``both``).

    Raises
    ------
    ValueError
        If `minimum` is no level of confidence or the two lists of a claim differ in length.
    """
    if minimum not in CONFIDENCE:
        raise ValueError(f"'{minimum}' is no level of confidence; choose one of {', '.join(CONFIDENCE)}.")
    names = merge or {}
    wanted = CONFIDENCE[CONFIDENCE.index(minimum) :]
    arrows = [
        (names.get(source, source), names.get(target, target), claim.id, claim.effect)
        for claim in claims.itertuples()
        if claim.link_confidence in wanted and claim.effect in effects
        for source, target in _pairs(claim.id, claim.from_sector, claim.to_sector)
        if not {source, target} & GENERIC
    ]
    table = pd.DataFrame(arrows, columns=["from_sector", "to_sector", "claim", "effect"])
    table = table[table["from_sector"] != table["to_sector"]].drop_duplicates()
    grouped = table.groupby(["from_sector", "to_sector"], sort=False)
    return grouped.agg(
        claims=("claim", ", ".join),
        count=("claim", "size"),
        effect=("effect", lambda values: values.iloc[0] if (values == values.iloc[0]).all() else "both"),
    ).reset_index()


def _pairs(claim: str, sources: str, targets: str) -> list[tuple[str, str]]:
    left, right = sources.split(";"), targets.split(";")
    if len(left) != len(right):
        raise ValueError(
            f"Claim {claim} names {len(left)} senders and {len(right)} receivers; pair them one to one."
        )
    return [(a.strip(), b.strip()) for a, b in zip(left, right, strict=True) if a.strip() and b.strip()]


def link_graph(links: pd.DataFrame) -> nx.DiGraph:
    """Directed graph of a table of links, with the table's other columns on the edges.

    Examples
    --------
    >>> links = pd.DataFrame({"from_sector": ["a", "b"], "to_sector": ["b", "c"]})
    >>> sorted(link_graph(links).edges)
    [('a', 'b'), ('b', 'c')]
    """
    graph: nx.DiGraph = nx.DiGraph()
    for link in links.to_dict("records"):
        graph.add_edge(link["from_sector"], link["to_sector"], **{str(name): link[name] for name in link})
    return graph


def sector_positions(graph: nx.DiGraph) -> pd.DataFrame:
    """Where each sector stands in the argument.

    Parameters
    ----------
    graph : networkx.DiGraph
        As `link_graph` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per sector: ``sector``, ``sends`` (links out), ``receives`` (links in), ``reach`` (sectors
        that can be reached along arrows), ``betweenness`` (share of shortest paths between other sectors
        that pass through; Freeman 1977, doi:10.2307/3033543) and ``returns`` (whether a path leads back).

    Examples
    --------
    >>> star = nx.DiGraph([("hub", "x"), ("hub", "y"), ("x", "z")])
    >>> sector_positions(star).set_index("sector").loc["hub", ["sends", "receives", "reach"]].tolist()
    [2, 0, 3]
    """
    between = nx.betweenness_centrality(graph)
    table = pd.DataFrame(
        {
            "sector": list(graph),
            "sends": [graph.out_degree(node) for node in graph],
            "receives": [graph.in_degree(node) for node in graph],
            "reach": [len(nx.descendants(graph, node)) for node in graph],
            "betweenness": [between[node] for node in graph],
            "returns": [node in _on_a_cycle(graph) for node in graph],
        }
    )
    return table.sort_values(["sends", "reach", "sector"], ascending=[False, False, True], ignore_index=True)


def _on_a_cycle(graph: nx.DiGraph) -> set[str]:
    return {node for part in nx.strongly_connected_components(graph) if len(part) > 1 for node in part}


def feedback(graph: nx.DiGraph) -> pd.DataFrame:
    """List the closed loops of the argument, where cooperation is said to come back to its beginning.

    Neofunctionalism's expansive logic needs loops; arrows that only lead away from one sector make a star.

    Returns
    -------
    pandas.DataFrame
        One row per elementary cycle: ``cycle`` (sectors joined by arrows), ``length`` and ``effect``
        (``promotes`` if every link does, ``hampers`` if every link does, else ``mixed``).
    """
    rows = []
    for cycle in nx.simple_cycles(graph):
        start = cycle.index(min(cycle))
        nodes = cycle[start:] + cycle[: start + 1]
        effects = {graph.edges[edge].get("effect", "promotes") for edge in pairwise(nodes)}
        rows.append((" → ".join(nodes), len(cycle), effects.pop() if len(effects) == 1 else "mixed"))
    return pd.DataFrame(rows, columns=["cycle", "length", "effect"]).sort_values(
        ["length", "cycle"], ignore_index=True
    )


def without_each_claim(claims: pd.DataFrame, sector: str, **options: object) -> pd.DataFrame:
    """Drop one claim at a time and look at the same sector again.

    Parameters
    ----------
    claims : pandas.DataFrame
        Rows of the table ``paper_claims``. ``from_sector`` and ``to_sector`` hold sectors separated by
        semicolons, paired in order; both are empty if the claim links none.
    sector : str
        Sector to follow.
    **options
        Passed to `claimed_links`.

    Returns
    -------
    pandas.DataFrame
        One row per claim that carries a link: ``dropped``, ``sends``, ``reach``, ``busiest`` (sector or
        sectors with most links out then).
    """
    carrying = claims.loc[claims["from_sector"].ne(""), "id"]
    rows = []
    for claim in carrying:
        graph = link_graph(claimed_links(claims[claims["id"].ne(claim)], **options))  # type: ignore[arg-type]
        degrees = dict(graph.out_degree())
        most = max(degrees.values(), default=0)
        reach = len(nx.descendants(graph, sector)) if sector in graph else 0
        busiest = ", ".join(sorted(node for node, links in degrees.items() if links == most))
        rows.append((claim, degrees.get(sector, 0), reach, busiest))
    return pd.DataFrame(rows, columns=["dropped", "sends", "reach", "busiest"])


KEEP = ("degrees", "links")
SWAPS_PER_LINK = 30


def rewired_graphs(graph: nx.DiGraph, *, keep: str, draws: int, seed: int) -> Iterator[nx.DiGraph]:
    """Draw random directed graphs without loops on one node or double links."""
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
    """Statistics of one named sector and of the graph around it, each a function of a graph."""
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


def claimed_order(
    links: pd.DataFrame, events: pd.DataFrame, *, merge: dict[str, str] | None = None
) -> pd.DataFrame:
    """Compare each claimed link with the order of dated events in its two sectors.

    If cooperation in one sector brings cooperation in another, dated agreements of the first should tend to
    come before those of the second. For a link with events on both sides, ``precedence`` is the share of
    pairs (one event of each) in which the sender's comes first, pairs that the dates cannot order counting
    half: the statistic of Mann and Whitney (1947, doi:10.1214/aoms/1177730491) divided by the number of
    pairs.

    Parameters
    ----------
    links : pandas.DataFrame
        As `claimed_links` returns it.
    events : pandas.DataFrame
        With ``event``, ``date`` and ``sectors`` (semicolon-separated).
    merge : dict, optional
        Coarser name of each sector, as in `claimed_links`.

    Returns
    -------
    pandas.DataFrame
        One row per link: ``from_sector``, ``to_sector``, ``from_events``, ``to_events`` (numbers),
        ``from_first``, ``to_first`` (earliest dates, empty if none), ``precedence`` (0-1, NaN if one side
        has no event). An event that belongs to both sectors is compared with every other one, never with
        itself.
    """
    names = merge or {}
    by_sector: dict[str, list[tuple[str, str]]] = {}
    for event in events.itertuples():
        for sector in {names.get(name.strip(), name.strip()) for name in event.sectors.split(";")}:
            by_sector.setdefault(sector, []).append((event.date, event.event))
    rows = []
    for link in links.itertuples():
        left, right = (sorted(by_sector.get(name, [])) for name in (link.from_sector, link.to_sector))
        first = [side[0][0] if side else "" for side in (left, right)]
        rows.append(
            (link.from_sector, link.to_sector, len(left), len(right), *first, _precedence(left, right))
        )
    names_of_columns = [
        "from_sector",
        "to_sector",
        "from_events",
        "to_events",
        "from_first",
        "to_first",
        "precedence",
    ]
    return pd.DataFrame(rows, columns=names_of_columns)


def _precedence(left: list[tuple[str, str]], right: list[tuple[str, str]]) -> float:
    pairs = [(a[0], b[0]) for a in left for b in right if a[1] != b[1]]
    if not pairs:
        return float("nan")
    return sum(_comes_first(a, b) for a, b in pairs) / len(pairs)


def _comes_first(a: str, b: str) -> float:
    (a_from, a_to), (b_from, b_to) = date_bounds(a), date_bounds(b)
    if a_to < b_from:
        return 1.0
    return 0.0 if b_to < a_from else 0.5
