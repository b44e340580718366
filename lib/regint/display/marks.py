"""The marks of every figure, each with one meaning.

A point is a figure as it was printed, a thin line its interval, a broad pale bar everything the published
figures leave possible, a solid bar an amount, and a hatched hollow bar a figure nobody printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes

from regint.display import palette


@dataclass(frozen=True)
class Mark:
    """Where one mark goes: `top` and `middle` in lines from the top of the axes, `height` in lines."""

    top: float
    height: float

    @property
    def middle(self) -> float:
        """The line through the centre of the mark."""
        return self.top + self.height / 2


def point(ax: Axes, where: float, mark: Mark, series: int = 0, **options: Any) -> None:
    """Draw a figure as printed: a filled point."""
    drawn = {
        "color": palette.accent(series),
        "markersize": 7.0,
        "clip_on": False,
        "zorder": 4,
        **options,
    }
    ax.plot([where], [mark.middle], palette.marker(series), **drawn)


def line(ax: Axes, lower: float, upper: float, mark: Mark) -> None:
    """Draw an interval: a thin line with small ends."""
    if pd.isna(lower) or pd.isna(upper):
        return
    ax.plot(
        [lower, upper],
        [mark.middle] * 2,
        color=palette.INK,
        linewidth=1.3,
        zorder=3,
        clip_on=False,
    )
    for end in (lower, upper):
        ends = [mark.middle - 0.16, mark.middle + 0.16]
        ax.plot([end, end], ends, color=palette.INK, linewidth=1.3, zorder=3, clip_on=False)


def pale(ax: Axes, lower: float, upper: float, mark: Mark, series: int = 0) -> None:
    """Draw everything that is possible: a broad pale bar, closed by firm ends."""
    colour = palette.accent(series)
    ax.add_patch(
        patches.Rectangle(
            (lower, mark.top),
            upper - lower,
            mark.height,
            color=colour,
            alpha=palette.PALE,
            linewidth=0,
        )
    )
    for end in (lower, upper):
        ends = [mark.top, mark.top + mark.height]
        ax.plot(
            [end, end],
            ends,
            color=colour,
            linewidth=1.6,
            solid_capstyle="butt",
            clip_on=False,
        )


def bar(ax: Axes, start: float, end: float, mark: Mark, series: int = 0) -> None:
    """Draw an amount: a solid bar."""
    colour = palette.accent(series)
    ax.add_patch(patches.Rectangle((start, mark.top), end - start, mark.height, color=colour, linewidth=0))


def silence(ax: Axes, start: float, end: float, mark: Mark) -> None:
    """Draw what was not printed: a hatched, hollow bar."""
    ax.add_patch(
        patches.Rectangle(
            (start, mark.top),
            end - start,
            mark.height,
            facecolor="none",
            edgecolor=palette.GREY,
            hatch="////",
            linewidth=0.8,
        )
    )
