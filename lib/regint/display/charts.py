"""Charts of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import offset_copy
from textfiles.text import clean

from regint.display import prose, row_layout, style

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
