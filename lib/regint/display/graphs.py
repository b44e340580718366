"""A directed graph as arcs beside a list: every name stays readable, on a phone as well."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.path import Path

from regint.display import letters, palette, prose, rows, style
from regint.display.keys import Key, explain
from regint.display.markup import plain

_NAMES: Final = 118.0
_STEP: Final = 1.55


def draw_network(edges: pd.DataFrame, *, ax: Axes | None = None, nodes: pd.DataFrame | None = None) -> Axes:
    """Draw a directed graph: nodes in a list, each link an arc with its arrowhead at the target.

    The arrowhead gives the direction of a link. Colour and dashes give its kind, where the links have kinds;
    links up the list keep closer to it, so that a pair of links in both directions stays two arcs.

    Parameters
    ----------
    edges : pandas.DataFrame
        Columns `source` and `target`; optional `weight` (0-1, the width of the arc) and `kind` (of the link).
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    nodes : pandas.DataFrame, optional
        Column `label` in the order of the list; optional `size` (0-1). By default as they first appear.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    regint.display.rows.FrameError
        When a column is missing or an edge names an unknown node.

    Examples
    --------
    >>> edges = pd.DataFrame({"source": ["coal", "steel"], "target": ["steel", "ports"]})
    >>> len(draw_network(edges).patches)
    2
    """
    rows.require(edges, "source", "target")
    ax = style.axes_for(ax)
    names = _names(edges, nodes)
    sizes = nodes["size"].tolist() if nodes is not None and "size" in nodes else [0.4] * len(names)
    at = _write_names(ax, names)
    for name, size in zip(names, sizes, strict=True):
        ax.plot(
            [0],
            [at[name]],
            "o",
            color=palette.INK,
            markersize=4 + 6 * size,
            clip_on=False,
            zorder=4,
        )
    weights = edges["weight"].tolist() if "weight" in edges else [0.4] * len(edges)
    kinds = list(dict.fromkeys(edges["kind"])) if "kind" in edges else []
    series = [kinds.index(kind) for kind in edges["kind"]] if kinds else [0] * len(edges)
    for source, target, weight, place in zip(edges["source"], edges["target"], weights, series, strict=True):
        _draw_arc(ax, at[source], at[target], weight, len(names) * _STEP, place)
    explain(ax, [Key("stroke", plain(kind), place) for place, kind in enumerate(kinds)])
    return ax


def describe_network(edges: pd.DataFrame, *, what: str, kind: str = "Network") -> dict[str, str]:
    """Describe a directed graph: its size and the node with most links out; then every link.

    Parameters
    ----------
    edges : pandas.DataFrame
        Columns `source` and `target`.
    what : str
        What a link means.
    kind : str
        Kind of picture.

    Returns
    -------
    dict
        `alt` and `description`.

    Examples
    --------
    >>> edges = pd.DataFrame({"source": ["coal", "coal"], "target": ["steel", "ports"]})
    >>> describe_network(edges, what="Spillovers")["alt"]
    'Network. Spillovers: 3 nodes, 2 links; most links lead from coal.'
    """
    rows.require(edges, "source", "target")
    nodes = pd.unique(pd.concat([edges["source"], edges["target"]]))
    size = f"{prose.plural(len(nodes), 'node')}, {prose.plural(len(edges), 'link')}"
    alt = f"{plain(kind)}. {plain(what)}: {size}"
    if len(edges):
        alt += f"; most links lead from {plain(edges['source'].value_counts().idxmax())}"
    links = [f"{plain(a)} to {plain(b)}." for a, b in zip(edges["source"], edges["target"], strict=True)]
    return {"alt": f"{alt}.", "description": " ".join(links)}


def _names(edges: pd.DataFrame, nodes: pd.DataFrame | None) -> list[Any]:
    mentioned = list(dict.fromkeys(pd.concat([edges["source"], edges["target"]]))) if len(edges) else []
    if nodes is None:
        return mentioned
    rows.require(nodes, "label")
    names = list(dict.fromkeys(nodes["label"]))
    unknown = [name for name in mentioned if name not in names]
    if unknown:
        raise rows.FrameError(f"An edge names {plain(unknown[0])!r}, which is not among the nodes.")
    return names


def _write_names(ax: Axes, names: list[Any]) -> dict[Any, float]:
    """Write the nodes under one another, left of zero; return the height of each."""
    at, line = {}, 0.0
    for name in names:
        pieces = letters.wrapped(name, _NAMES)
        middle = line + max(_STEP, len(pieces) + 0.3) / 2
        for place, piece in enumerate(pieces):
            _write_name(ax, piece, middle + place - (len(pieces) - 1) / 2)
        at[name] = middle
        line += max(_STEP, len(pieces) + 0.3)
    ax.set_ylim(max(line, 1.0), 0)
    ax.set_xlim(-0.02, 1)
    ax.set_axis_off()
    rows.stretch(ax, max(line, 1.0) * palette.LINE_HEIGHT + 6)
    return at


def _write_name(ax: Axes, text: str, line: float) -> None:
    ax.annotate(
        text,
        (0, line),
        xytext=(-9, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        annotation_clip=False,
        parse_math=False,
    )


def _draw_arc(ax: Axes, source: float, target: float, weight: float, height: float, series: int) -> None:
    reach = 0.98 * (0.12 + 0.88 * abs(target - source) / max(height - _STEP, 1.0))
    reach *= 1.0 if target >= source else 0.6
    curve = [
        (0.02, source),
        (reach * 1.28, source),
        (reach * 1.28, target),
        (0.025, target),
    ]
    ax.add_patch(
        patches.FancyArrowPatch(
            path=Path(curve, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]),
            arrowstyle="-|>,head_length=4,head_width=2",
            color=palette.accent(series),
            linestyle=palette.DASHES[series % len(palette.DASHES)],
            linewidth=0.8 + 2.2 * weight,
            alpha=0.85,
            shrinkA=0,
            shrinkB=0,
            fill=True,
        )
    )
