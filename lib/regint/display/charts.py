"""Charts beside rows: grids, lines, networks, distributions, coverage."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import offset_copy

from regint.display import prose, row_layout, style
from regint.display.prose import plain
from regint.display.row_layout import Key, Mark, explain

_CELL: Final = 1.55
_FIELDS: Final = ("value", "low", "high")


def draw_heatmap(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    limits: tuple[float, float] = (0.0, 1.0),
    scale: str = "number",
    places: int = 0,
) -> Axes:
    """Draw values by row and column as shaded cells with the numbers in them.

    A cell with a low and a high value that differ is cut in two: low on the left, high on the right.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `row` and `column`, and either `value` or `low` and `high`. A missing value is hatched.
        Optional `text` to write in a cell instead of its number.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    limits : (float, float)
        The values with the palest and the darkest shade.
    scale : str
        ``"share"`` writes values 0-1 as percentages, ``"number"`` with `places` decimals.
    places : int
        Decimal places.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": ["Common market"], "column": ["EAEU"], "low": [1], "high": [2]})
    >>> [text.get_text() for text in draw_heatmap(frame).texts]
    ['EAEU', 'Common market', '1', '2']
    """
    row_layout.require(frame, "row", "column", *(["value"] if "value" in frame else ["low", "high"]))
    ax = style.axes_for(ax)
    names, columns = (
        list(dict.fromkeys(frame["row"])),
        list(dict.fromkeys(frame["column"])),
    )
    head = _column_names(ax, columns)
    places_of = row_layout.lay_out(ax, names, height=_CELL, start=head)
    where = {name: mark for name, (mark,) in zip(names, places_of, strict=True)}
    for cell in frame.to_dict("records"):
        ends = [
            row_layout.value(cell, name) for name in (("value",) if "value" in frame else ("low", "high"))
        ]
        _draw_cell(
            ax,
            columns.index(cell["column"]),
            where[cell["row"]],
            ends,
            limits,
            (scale, places),
            row_layout.value(cell, "text"),
        )
    ax.set_xlim(0, max(len(columns), 1))
    ax.set_xticks([])
    return ax


def draw_base_scan(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    mark: Sequence[int] = (),
    last: int | None = None,
    meaning: str = "",
) -> Axes:
    """Draw which bases can have produced each question's printed figures.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` (of the question), `base` and `admissible` (bool), one row per question and base.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    mark : sequence of int
        Bases marked by a dashed line through all questions.
    last : int, optional
        Largest base on the scale; by default the largest in the frame.
    meaning : str
        What the key calls the dashed lines.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": "Drivers", "base": [29, 30, 31], "admissible": [False, True, False]})
    >>> len(draw_base_scan(frame).patches)
    1
    """
    row_layout.require(frame, "label", "base", "admissible")
    ax = style.axes_for(ax)
    labels = list(dict.fromkeys(frame["label"]))
    possible = frame[frame["admissible"].astype(bool)]
    end = last or (int(frame["base"].max()) if len(frame) else 1)
    mark = [base for base in mark if base <= end]
    firsts = {label: possible.loc[possible["label"] == label, "base"].tolist() for label in labels}
    heads = [str(min(firsts[label], default=prose.MISSING)) for label in labels]
    places = row_layout.lay_out(ax, labels, values=heads, start=min(len(mark), 2) + 0.2)
    for label, (place,) in zip(labels, places, strict=True):
        ax.plot(
            [0.5, end + 0.5],
            [place.top + place.height] * 2,
            color=style.GREY,
            linewidth=0.6,
        )
        for first, final in _runs(firsts[label]):
            _draw_run(ax, first, final, place)
    _name_marks(ax, mark)
    ax.set_xlim(0.5, end + 0.5)
    row_layout.rule(ax, places, at=mark, linewidth=1.0, linestyle=(0, (3, 2)), alpha=1.0, zorder=3)
    ax.set_xlabel("base")
    entries = [Key("bar", "this base can give the printed figures (smallest one in bold)")]
    explain(ax, [*entries, Key("dash", meaning)] if mark and meaning else entries)
    return ax


def _name_marks(ax: Axes, bases: Sequence[int]) -> None:
    """Write each marked base above its line, neighbours at different heights."""
    for at, base in enumerate(sorted(bases)):
        ax.text(base, 0.4 + at % 2, str(base), ha="center", va="center", weight="bold", parse_math=False)


def _runs(bases: Sequence[int]) -> list[tuple[int, int]]:
    """Join neighbouring bases: first and last of each run."""
    runs: list[tuple[int, int]] = []
    for base in sorted(bases):
        first = runs.pop()[0] if runs and runs[-1][1] == base - 1 else base
        runs.append((first, base))
    return runs


def _draw_run(ax: Axes, first: int, last: int, place: row_layout.Mark) -> None:
    width = last - first + 1
    ax.add_patch(
        patches.Rectangle(
            (first - 0.5, place.top),
            width,
            place.height,
            facecolor=style.BLUE,
            linewidth=0,
        )
    )


def _column_names(ax: Axes, columns: Sequence[Any]) -> float:
    """Write the names over the columns, turned where they do not fit on a phone; return the lines used."""
    space = (style.NARROW - 10) / max(len(columns), 1) - 4
    words = [style.wrapped(name, space) for name in columns]
    fits = all(style.width(w) <= space for name in columns for w in str(name).split())
    lines = max((len(w) for w in words), default=0)
    if fits and lines <= 3:
        for place, pieces in enumerate(words):
            _column_name(ax, place, "\n".join(pieces), lines, rotation=0, va="baseline")
        return lines + 0.3
    tall = max(min(style.width(str(name)), 110.0) for name in columns) / style.LINE_HEIGHT + 0.7
    for place, name in enumerate(columns):
        _column_name(
            ax,
            place,
            "\n".join(style.wrapped(name, 110.0)[:2]),
            tall,
            rotation=90,
            va="bottom",
        )
    return tall + 0.3


def _column_name(ax: Axes, place: int, text: str, line: float, **style: Any) -> None:
    written = ax.text(place + 0.5, line, text, ha="center", parse_math=False, linespacing=1.1, **style)
    written.set_in_layout(False)


def _draw_cell(
    ax: Axes,
    column: int,
    mark: row_layout.Mark,
    ends: list[Any],
    limits: tuple[float, float],
    print_as: tuple[str, int],
    written: str | None,
) -> None:
    if any(end is None for end in ends):
        row_layout.silence(ax, column + 0.02, column + 0.98, mark)
        return
    ends = ends[:1] if len(set(ends)) == 1 else ends
    width = 0.96 / len(ends)
    for part, end in enumerate(ends):
        low, high = limits
        colour = style.shade((end - low) / (high - low) if high > low else 0.0)
        left = column + 0.02 + part * width
        ax.add_patch(patches.Rectangle((left, mark.top), width, mark.height, facecolor=colour, linewidth=0))
        text = prose.share(end, print_as[1]) if print_as[0] == "share" else prose.decimal(end, print_as[1])
        place = left + width / 2
        ax.text(
            place,
            mark.middle,
            plain(written) if written else str(text),
            ha="center",
            va="center",
            color=style.text_on(colour),
            parse_math=False,
        )


_NAME: Final = 90.0


def draw_lines(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    height: float = 230.0,
    unit: str = "",
    share: bool = False,
) -> Axes:
    """Draw one line per series, named at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `x`, `y` and `series`; optional `lower` and `upper`, drawn as a pale band. Gaps stay gaps.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    height : float
        Height in points.
    unit : str
        Unit of `y`, written above the scale.
    share : bool
        Write `y` as percentages.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [2020, 2021], "y": [1.0, 2.0], "series": "Trade"})
    >>> draw_lines(frame).lines[0].get_ydata().tolist()
    [1.0, 2.0]
    """
    row_layout.require(frame, "x", "y", "series")
    ax = style.axes_for(ax)
    names = list(dict.fromkeys(frame["series"]))
    for place, name in enumerate(names):
        part = frame[frame["series"] == name]
        colour, dash = (
            style.accent(place),
            style.DASHES[place % len(style.DASHES)],
        )
        ax.plot(
            part["x"],
            part["y"].astype(float),
            color=colour,
            linestyle=dash,
            linewidth=1.9,
        )
        if {"lower", "upper"} <= set(part.columns):
            ends = (part[end].astype(float) for end in ("lower", "upper"))
            ax.fill_between(part["x"], *ends, color=colour, alpha=style.PALE, linewidth=0)
    pieces = [style.wrapped(name, _NAME)[:3] for name in names]
    lines = max((len(piece) for piece in pieces), default=1)
    height = max(height, len(names) * lines * style.LINE_HEIGHT + 60)
    row_layout.stretch(ax, height)
    _plain_axes(ax, share)
    if unit:
        ax.set_title(plain(unit), loc="left", weight="normal")
    _name_ends(ax, frame, names, pieces, lines * style.LINE_HEIGHT / (height - 40))
    return ax


def draw_slope(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    ends: tuple[str, str] = ("before", "after"),
    share: bool = True,
    height: float = 230.0,
) -> Axes:
    """Draw each row as a line from one value to another, named at its right end with its last value.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `before`, `after`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    ends : (str, str)
        Names of the two sides.
    share : bool
        Write the values as percentages.
    height : float
        Height in points.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Energy"], "before": [0.4], "after": [0.67]})
    >>> [tick.get_text() for tick in draw_slope(frame, ends=("of 50", "of 30")).get_xticklabels()]
    ['of 50', 'of 30']
    """
    row_layout.require(frame, "label", "before", "after")
    write = prose.share if share else prose.decimal
    names = [f"{plain(n)}: {write(y)}" for n, y in zip(frame["label"], frame["after"], strict=True)]
    sides = [pd.DataFrame({"x": x, "y": frame[c], "series": names}) for x, c in ((0, "before"), (1, "after"))]
    ax = draw_lines(pd.concat(sides), ax=ax, height=height, share=share)
    for place, row in enumerate(frame.itertuples(index=False)):
        ax.plot(
            [0, 1],
            [row.before, row.after],
            style.marker(place),
            color=style.accent(place),
            linestyle="none",
            clip_on=False,
        )
    ax.set_xticks([0, 1], [plain(end) for end in ends])
    ax.set_xlim(-0.1, 1.0)
    return ax


def _plain_axes(ax: Axes, share: bool) -> None:
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="both", pad=3)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    if share:
        ax.yaxis.set_major_formatter(lambda y, _: str(prose.share(y)))
    ax.margins(x=0.01)


def _name_ends(
    ax: Axes, frame: pd.DataFrame, names: Sequence[Any], pieces: list[list[str]], space: float
) -> None:
    """Write each series' name beside its last value, `space` (a part of the height) apart at least."""
    last = {name: frame[(frame["series"] == name) & frame["y"].notna()] for name in names}
    ends = sorted((float(part["y"].iloc[-1]), place) for place, part in enumerate(last.values()) if len(part))
    if not ends:
        return
    low, high = ax.get_ylim()
    at = _spread([y for y, _ in ends], (high - low) * space, low, high)
    right = max(part["x"].iloc[-1] for part in last.values() if len(part))
    beside = offset_copy(ax.transData, ax.get_figure(root=True), x=18, units="points")
    for (value, place), y in zip(ends, at, strict=True):
        ax.annotate(
            "\n".join(pieces[place]),
            (last[names[place]]["x"].iloc[-1], value),
            xytext=(right, y),
            textcoords=beside,
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "color": style.accent(place),
                "relpos": (0, 0.5),
                "shrinkA": 0,
                "shrinkB": 3,
            },
            annotation_clip=False,
            parse_math=False,
        )


def _spread(wanted: list[float], step: float, low: float, high: float) -> list[float]:
    """Move sorted heights apart by at least `step`, within the scale where there is room."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + step) if placed else max(y, low))
    over = placed[-1] - high if placed else 0.0
    for at in range(len(placed) - 1, -1, -1):
        if over <= 0:
            break
        ceiling = high if at == len(placed) - 1 else placed[at + 1] - step
        placed[at] = min(placed[at], ceiling)
    return placed


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
    regint.display.row_layout.FrameError
        When a column is missing or an edge names an unknown node.

    Examples
    --------
    >>> edges = pd.DataFrame({"source": ["coal", "steel"], "target": ["steel", "ports"]})
    >>> len(draw_network(edges).patches)
    2
    """
    row_layout.require(edges, "source", "target")
    ax = style.axes_for(ax)
    names = _names(edges, nodes)
    sizes = nodes["size"].tolist() if nodes is not None and "size" in nodes else [0.4] * len(names)
    at = _write_names(ax, names)
    for name, size in zip(names, sizes, strict=True):
        ax.plot(
            [0],
            [at[name]],
            "o",
            color=style.INK,
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
    row_layout.require(edges, "source", "target")
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
    row_layout.require(nodes, "label")
    names = list(dict.fromkeys(nodes["label"]))
    unknown = [name for name in mentioned if name not in names]
    if unknown:
        raise row_layout.FrameError(f"An edge names {plain(unknown[0])!r}, which is not among the nodes.")
    return names


def _write_names(ax: Axes, names: list[Any]) -> dict[Any, float]:
    """Write the nodes under one another, left of zero; return the height of each."""
    at, line = {}, 0.0
    for name in names:
        pieces = style.wrapped(name, _NAMES)
        middle = line + max(_STEP, len(pieces) + 0.3) / 2
        for place, piece in enumerate(pieces):
            _write_name(ax, piece, middle + place - (len(pieces) - 1) / 2)
        at[name] = middle
        line += max(_STEP, len(pieces) + 0.3)
    ax.set_ylim(max(line, 1.0), 0)
    ax.set_xlim(-0.02, 1)
    ax.set_axis_off()
    row_layout.stretch(ax, max(line, 1.0) * style.LINE_HEIGHT + 6)
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
            color=style.accent(series),
            linestyle=style.DASHES[series % len(style.DASHES)],
            linewidth=0.8 + 2.2 * weight,
            alpha=0.85,
            shrinkA=0,
            shrinkB=0,
            fill=True,
        )
    )


_STICKS: Final = 60
_BINS: Final = 40


def draw_distribution(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    points: Mapping[str, float] | None = None,
    limits: tuple[float, float] | None = None,
    scale: str = "number",
    meaning: str = "",
) -> Axes:
    """Draw how often each value of a statistic occurs, one ridge per group.

    Few distinct values are drawn as sticks, many in bins of equal width. Heights compare within a group.

    Parameters
    ----------
    frame : pandas.DataFrame
        Column `value`; optional `weight` (how often) and `group`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    points : mapping of str to float, optional
        A value to mark in each group, for instance the one published.
    limits : (float, float), optional
        Ends of the scale; by default those of the data.
    scale : str
        ``"share"`` writes the values 0-1 below the axis as percentages.
    meaning : str
        What the key calls the marked values; no key without it.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"value": [0.2, 0.4, 0.4], "group": "Consensus"})
    >>> [round(float(bar.get_height()), 2) for bar in draw_distribution(frame).patches]
    [-1.1, -2.2]
    """
    row_layout.require(frame, "value")
    ax = style.axes_for(ax)
    frame = frame[frame["value"].notna()]
    groups = list(dict.fromkeys(frame["group"])) if "group" in frame else [""]
    named = "group" in frame
    places = row_layout.lay_out(ax, groups if named else [" "], height=2.2)
    low, high = limits or _ends(frame["value"])
    for group, (mark,) in zip(groups, places, strict=False):
        part = frame[frame["group"] == group] if named else frame
        _draw_ridge(ax, part, mark, (low, high))
        if points and group in points:
            foot = mark.top + mark.height
            ax.plot([points[group]] * 2, [mark.top, foot], color=style.INK, linewidth=1.4)
            ax.plot(
                [points[group]],
                [mark.top + 0.3],
                "v",
                color=style.INK,
                markersize=6,
                clip_on=False,
            )
    ax.set_xlim(low, high)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    if scale == "share":
        ax.xaxis.set_major_formatter(lambda value, _: str(prose.share(value)))
    row_layout.rule(ax, places)
    explain(ax, [Key("point", meaning, style.MARKERS.index("v"), style.INK)] if meaning else [])
    return ax


def _draw_ridge(ax: Axes, part: pd.DataFrame, mark: Mark, limits: tuple[float, float]) -> None:
    values = part["value"].astype(float).to_numpy()
    weights = part["weight"].astype(float).to_numpy() if "weight" in part else np.ones(len(values))
    distinct, place = np.unique(values, return_inverse=True)
    low, high = limits
    if len(distinct) <= _STICKS:
        heights, width = (
            np.bincount(place, weights, minlength=len(distinct)),
            (high - low) / 150,
        )
        lefts = distinct - width / 2
    else:
        heights, edges = np.histogram(values, bins=_BINS, range=limits, weights=weights)
        width, lefts = (high - low) / _BINS, edges[:-1]
    foot = mark.top + mark.height
    full = heights.max() if len(heights) and heights.max() > 0 else 1.0
    ax.bar(
        lefts,
        -mark.height * heights / full,
        width,
        bottom=foot,
        align="edge",
        color=style.BLUE,
        linewidth=0,
    )
    ax.plot([low, high], [foot, foot], color=style.GREY, linewidth=0.8)


def _ends(values: pd.Series[Any]) -> tuple[float, float]:
    if values.empty:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    space = 0.03 * (high - low) or 0.5
    return low - space, high + space


_PANEL: Final = 96.0


def draw_coverage(frame: pd.DataFrame, *, promised: float) -> Axes:
    """Draw the actual coverage of each method over the true shares, one panel a method, shortfalls shaded."""
    row_layout.require(frame, "x", "y", "series")
    names = list(dict.fromkeys(frame["series"]))
    figure, panels = style.canvas(max(len(names), 1), squeeze=False, sharex=True)
    lowest = min(0.95, math.floor(20 * min([promised, *frame["y"]]) + 1e-9) / 20)
    for name, ax in zip(names, panels[:, 0], strict=False):
        part = frame[frame["series"] == name].sort_values("x")
        ends = [prose.share(end, 1) for end in (part["y"].min(), part["y"].max())]
        ax.set_title(f"{plain(name)}: from {ends[0]} to {ends[1]}", loc="left")
        _draw_panel(ax, part["x"].to_numpy(float), part["y"].to_numpy(float), promised)
        ax.set_ylim(lowest, 1.0)
        ax.set_yticks(np.linspace(lowest, 1.0, _steps(lowest) + 1))
        row_layout.stretch(ax, _PANEL)
    last = panels[-1, 0]
    last.set_xlim(0, 1)
    last.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    row_layout.inward(last)
    last.set_xlabel("true share")
    row_layout.stretch(last, _PANEL + 24)
    first: Axes = panels[0, 0]
    return first


def _steps(lowest: float) -> int:
    """Cut the scale into a few steps of whole per cents."""
    percent = round(100 * (1 - lowest))
    return next(steps for steps in (4, 3, 2, 5, 1) if percent % steps == 0)


def _draw_panel(ax: Axes, x: np.ndarray, y: np.ndarray, promised: float) -> None:
    ax.plot(x, y, color=style.BLUE, linewidth=1.2)
    ax.fill_between(
        x, y, promised, where=y < promised, color=style.AMBER, alpha=0.5, linewidth=0, interpolate=True
    )
    ax.axhline(promised, color=style.INK, linewidth=1.1, linestyle=(0, (4, 2)))
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.yaxis.set_major_formatter(lambda value, _: str(prose.share(value)))
