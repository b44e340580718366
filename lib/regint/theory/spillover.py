"""Claimed links between sectors as a directed graph: the structure of an argument, not causation.

A text that reasons in the neofunctionalist way says that cooperation in one field leads to cooperation
in another. Collected from the text, these sentences are arrows. The graph says which field the author's
reasoning starts from, what it reaches and whether anything leads back; it says nothing about whether the
world behaves so.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pandas as pd

from regint.theory.tables import read_table

CONFIDENCE = ("low", "medium", "high")
EFFECTS = ("promotes", "hampers")


def read_claims(path: str | Path | None = None) -> pd.DataFrame:
    """Read coded claims of a text, one row per claim.

    Parameters
    ----------
    path : str or Path, optional
        CSV with the columns of ``data/theory/paper_claims.csv``, the shipped one by default. ``from_sector``
        and ``to_sector`` hold sectors separated by semicolons, paired in order; both are empty if the claim
        links none.

    Returns
    -------
    pandas.DataFrame
        The rows of the file.

    Raises
    ------
    regint.theory.tables.TheoryError
        With every problem of the table.

    Examples
    --------
    >>> len(read_claims())
    49
    """
    return read_table("paper_claims", path)


def sector_scheme(grouping: str = "fine", path: str | Path | None = None) -> pd.DataFrame:
    """Names of the sectors, as claims use them or put together into fewer.

    Parameters
    ----------
    grouping : {"fine", "merged"}
        Whether to keep the sectors apart or to use the coarser groups.
    path : str or Path, optional
        CSV with the columns of ``data/theory/sectors.csv``, the shipped one by default.

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
    table = read_table("sectors", path)
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
    generic: Sequence[str] = ("any", "all"),
) -> pd.DataFrame:
    """Arrows between sectors that a set of claims asserts.

    Parameters
    ----------
    claims : pandas.DataFrame
        As `read_claims` returns it.
    minimum : {"low", "medium", "high"}
        Least confidence that the text really asserts the link in this direction.
    merge : dict, optional
        Coarser name of each sector. Links inside one coarse sector disappear.
    effects : sequence of str
        Kinds of link to keep: ``promotes``, ``hampers`` or both.
    generic : sequence of str
        Names that stand for no particular sector; links from or to them are left out.

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
        if not {source, target} & set(generic)
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
        As `read_claims` returns it.
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
