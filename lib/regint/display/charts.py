"""Charts of lines and grids."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import offset_copy
from textfiles.text import clean

from regint.display import prose, row_layout, style
from regint.display.row_layout import value

_NAME: Final = 90.0  # points for the name of a line


def draw_lines(frame: pd.DataFrame, *, height: float = 230.0, unit: str = "", share: bool = False) -> Axes:
    """Draw one line per series, named at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `x`, `y` and `series`; optional `lower` and `upper`, drawn as a pale band. Gaps stay gaps.
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

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [2020, 2021], "y": [1.0, 2.0], "series": "Trade"})
    >>> draw_lines(frame).lines[0].get_ydata().tolist()
    [1.0, 2.0]
    """
    row_layout.require(frame, "x", "y", "series")
    ax = style.new_axes()
    names = list(dict.fromkeys(frame["series"]))
    for place, name in enumerate(names):
        part = frame[frame["series"] == name]
        colour, dashes = style.accent(place), style.dash(place)
        ax.plot(part["x"], part["y"].astype(float), color=colour, linestyle=dashes, linewidth=1.9)
        if {"lower", "upper"} <= set(part.columns):
            ends = (part[end].astype(float) for end in ("lower", "upper"))
            ax.fill_between(part["x"], *ends, color=colour, alpha=style.PALE, linewidth=0)
    pieces = [style.wrapped(name, _NAME)[:3] for name in names]
    lines = max((len(piece) for piece in pieces), default=1)
    height = max(height, len(names) * lines * style.LINE_HEIGHT + 60)
    row_layout.stretch(ax, height)
    _bare_axes(ax, share)
    ax.tick_params(axis="both", pad=3)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.margins(x=0.01)
    if unit:
        ax.set_title(clean(unit), loc="left", weight="normal")
    _name_ends(ax, frame, names, pieces, lines * style.LINE_HEIGHT / (height - 40))
    return ax


def draw_slope(frame: pd.DataFrame, *, ends: tuple[str, str] = ("before", "after")) -> Axes:
    """Draw each row as a line from one share to another, named at its right end with its last share.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `before`, `after` (shares, 0-1).
    ends : (str, str)
        Names of the two sides.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Energy"], "before": [0.4], "after": [0.67]})
    >>> [tick.get_text() for tick in draw_slope(frame, ends=("of 50", "of 30")).get_xticklabels()]
    ['of 50', 'of 30']
    """
    row_layout.require(frame, "label", "before", "after")
    names = [f"{clean(n)}: {prose.share(y)}" for n, y in zip(frame["label"], frame["after"], strict=True)]
    sides = [pd.DataFrame({"x": x, "y": frame[c], "series": names}) for x, c in ((0, "before"), (1, "after"))]
    ax = draw_lines(pd.concat(sides), share=True)
    for place, row in enumerate(frame.itertuples(index=False)):
        look: dict[str, Any] = {"color": style.accent(place), "linestyle": "none", "clip_on": False}
        ax.plot([0, 1], [row.before, row.after], style.marker(place), **look)
    ax.set_xticks([0, 1], [clean(end) for end in ends])
    ax.set_xlim(-0.1, 1.0)
    return ax


def _bare_axes(ax: Axes, share: bool) -> None:
    """Leave of an axes its floor and lines across; write its heights as shares if they are."""
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    if share:
        ax.yaxis.set_major_formatter(lambda y, _: str(prose.share(y)))


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
    for (end, place), y in zip(ends, at, strict=True):
        leader: dict[str, Any] = {"arrowstyle": "-", "color": style.accent(place), "relpos": (0, 0.5)}
        ax.annotate(
            "\n".join(pieces[place]),
            (last[names[place]]["x"].iloc[-1], end),
            xytext=(right, y),
            textcoords=beside,
            va="center",
            arrowprops={**leader, "shrinkA": 0, "shrinkB": 3},
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


_CELL: Final = 1.55  # height of a cell in lines


def draw_heatmap(
    frame: pd.DataFrame,
    *,
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

    Examples
    --------
    >>> frame = pd.DataFrame({"row": ["Common market"], "column": ["EAEU"], "low": [1], "high": [2]})
    >>> [text.get_text() for text in draw_heatmap(frame).texts]
    ['EAEU', 'Common market', '1', '2']
    """
    fields = ["value"] if "value" in frame else ["low", "high"]
    row_layout.require(frame, "row", "column", *fields)
    ax = style.new_axes()
    names, columns = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["column"]))
    head = _column_names(ax, columns)
    spots = row_layout.lay_out(ax, names, height=_CELL, start=head)
    where = {name: mark for name, (mark,) in zip(names, spots, strict=True)}
    low, high = limits
    for cell in frame.to_dict("records"):
        mark, left = where[cell["row"]], columns.index(cell["column"]) + 0.02
        ends = list(dict.fromkeys(value(cell, name) for name in fields))
        if None in ends:
            row_layout.silence(ax, left, left + 0.96, mark)
            continue
        width = 0.96 / len(ends)
        for part, end in enumerate(ends):
            colour = style.shade((end - low) / (high - low) if high > low else 0.0)
            start = left + part * width
            row_layout.block(ax, start, start + width, mark, facecolor=colour)
            number = prose.share(end, places) if scale == "share" else prose.decimal(end, places)
            text = value(cell, "text")
            row_layout.inscribe(ax, start + width / 2, mark, clean(text) if text else number, colour)
    ax.set_xlim(0, max(len(columns), 1))
    ax.set_xticks([])
    return ax


def _column_names(ax: Axes, columns: Sequence[Any]) -> float:
    """Write the names over the columns, turned where they do not fit on a phone; return the lines used."""
    space = (style.NARROW - 10) / max(len(columns), 1) - 4
    words = [style.wrapped(name, space) for name in columns]
    fits = all(style.width(w) <= space for name in columns for w in str(name).split())
    lines = max((len(w) for w in words), default=0)
    if fits and lines <= 3:
        tall, turned = float(lines), False
    else:
        words = [style.wrapped(name, 110.0)[:2] for name in columns]
        tall = max(min(style.width(str(name)), 110.0) for name in columns) / style.LINE_HEIGHT + 0.7
        turned = True
    look: dict[str, Any] = {"rotation": 90, "va": "bottom"} if turned else {"va": "baseline"}
    look |= {"ha": "center", "linespacing": 1.1, "parse_math": False}
    for place, pieces in enumerate(words):
        ax.text(place + 0.5, tall, "\n".join(pieces), **look).set_in_layout(False)
    return tall + 0.3


_PANEL: Final = 96.0  # height of a panel in points


def draw_coverage(frame: pd.DataFrame, *, promised: float) -> Axes:
    """Draw the actual coverage of each method over the true shares, one panel a method, shortfalls shaded."""
    row_layout.require(frame, "x", "y", "series")
    names = list(dict.fromkeys(frame["series"]))
    _, panels = style.canvas(max(len(names), 1), squeeze=False, sharex=True)
    lowest = min(0.95, math.floor(20 * min([promised, *frame["y"]]) + 1e-9) / 20)
    percent = round(100 * (1 - lowest))
    steps = next(steps for steps in (4, 3, 2, 5, 1) if percent % steps == 0)  # of whole per cents
    for name, ax in zip(names, panels[:, 0], strict=False):
        part = frame[frame["series"] == name].sort_values("x", kind="stable")
        ends = [prose.share(end, 1) for end in (part["y"].min(), part["y"].max())]
        title = style.wrapped(f"{clean(name)}: from {ends[0]} to {ends[1]}", style.NARROW - 8)
        ax.set_title("\n".join(title), loc="left")
        x, y = part["x"].to_numpy(float), part["y"].to_numpy(float)
        ax.plot(x, y, color=style.BLUE, linewidth=1.2)
        short = {"where": y < promised, "interpolate": True}
        ax.fill_between(x, y, promised, color=style.AMBER, alpha=0.5, linewidth=0, **short)
        ax.axhline(promised, color=style.INK, linewidth=1.1, linestyle=(0, (4, 2)))
        _bare_axes(ax, share=True)
        ax.set_ylim(lowest, 1.0)
        ax.set_yticks(np.linspace(lowest, 1.0, steps + 1))
        below = 24 if name == names[-1] else 0  # for the scale
        row_layout.stretch(ax, _PANEL + (len(title) - 1) * style.LINE_HEIGHT + below)
    last = panels[-1, 0]
    last.set_xlim(0, 1)
    row_layout.share_ticks(last, [0, 0.25, 0.5, 0.75, 1])
    last.set_xlabel("true share")
    first: Axes = panels[0, 0]
    return first
