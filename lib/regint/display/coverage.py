"""Pictures of coverage: how well intervals keep what they promise."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from regint.display import palette, prose, rows, style
from regint.display.markup import plain

_PANEL: Final = 96.0


def draw_coverage(frame: pd.DataFrame, *, promised: float) -> Axes:
    """Draw the actual coverage of each method over the true shares, one panel a method, shortfalls shaded.

    The dashed line is the promise; a caption has to say so, since the panels leave no room for a key.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `x` (true share, 0-1), `y` (probability of covering it) and `series` (the method).
    promised : float
        The coverage that was asked for, marked by a dashed line.

    Returns
    -------
    matplotlib.axes.Axes
        The first panel of a new figure.

    Raises
    ------
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [0.1, 0.5], "y": [0.9, 0.96], "series": "Wilson"})
    >>> draw_coverage(frame, promised=0.95).get_title(loc="left")
    'Wilson: from 90.0% to 96.0%'
    """
    rows.require(frame, "x", "y", "series")
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
        rows.stretch(ax, _PANEL)
    last = panels[-1, 0]
    last.set_xlim(0, 1)
    last.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    rows.inward(last)
    last.set_xlabel("true share")
    rows.stretch(last, _PANEL + 24)
    first: Axes = panels[0, 0]
    return first


def _steps(lowest: float) -> int:
    """Cut the scale into a few steps of whole per cents."""
    percent = round(100 * (1 - lowest))
    return next(steps for steps in (4, 3, 2, 5, 1) if percent % steps == 0)


def _draw_panel(ax: Axes, x: np.ndarray, y: np.ndarray, promised: float) -> None:
    ax.plot(x, y, color=palette.BLUE, linewidth=1.2)
    ax.fill_between(
        x, y, promised, where=y < promised, color=palette.AMBER, alpha=0.5, linewidth=0, interpolate=True
    )
    ax.axhline(promised, color=palette.INK, linewidth=1.1, linestyle=(0, (4, 2)))
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.yaxis.set_major_formatter(lambda value, _: str(prose.share(value)))
