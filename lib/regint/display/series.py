"""Pictures of series: lines over years and slopes between two points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import offset_copy

from regint.display import letters, palette, prose, rows, style
from regint.display.markup import plain

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
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [2020, 2021], "y": [1.0, 2.0], "series": "Trade"})
    >>> draw_lines(frame).lines[0].get_ydata().tolist()
    [1.0, 2.0]
    """
    rows.require(frame, "x", "y", "series")
    ax = style.axes_for(ax)
    names = list(dict.fromkeys(frame["series"]))
    for place, name in enumerate(names):
        part = frame[frame["series"] == name]
        colour, dash = (
            palette.accent(place),
            palette.DASHES[place % len(palette.DASHES)],
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
            ax.fill_between(part["x"], *ends, color=colour, alpha=palette.PALE, linewidth=0)
    pieces = [letters.wrapped(name, _NAME)[:3] for name in names]
    lines = max((len(piece) for piece in pieces), default=1)
    height = max(height, len(names) * lines * palette.LINE_HEIGHT + 60)
    rows.stretch(ax, height)
    _plain_axes(ax, share)
    if unit:
        ax.set_title(plain(unit), loc="left", weight="normal")
    _name_ends(ax, frame, names, pieces, lines * palette.LINE_HEIGHT / (height - 40))
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
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Energy"], "before": [0.4], "after": [0.67]})
    >>> [tick.get_text() for tick in draw_slope(frame, ends=("of 50", "of 30")).get_xticklabels()]
    ['of 50', 'of 30']
    """
    rows.require(frame, "label", "before", "after")
    write = prose.share if share else prose.decimal
    names = [f"{plain(n)}: {write(y)}" for n, y in zip(frame["label"], frame["after"], strict=True)]
    sides = [pd.DataFrame({"x": x, "y": frame[c], "series": names}) for x, c in ((0, "before"), (1, "after"))]
    ax = draw_lines(pd.concat(sides), ax=ax, height=height, share=share)
    for place, row in enumerate(frame.itertuples(index=False)):
        ax.plot(
            [0, 1],
            [row.before, row.after],
            palette.marker(place),
            color=palette.accent(place),
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
                "color": palette.accent(place),
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
