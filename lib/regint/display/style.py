"""The house style of every figure: sizes, typeface, spare axes."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import seaborn as sns
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from regint.display import palette


def canvas(
    rows: int = 1, columns: int = 1, *, height: float | None = None, **options: Any
) -> tuple[Figure, Any]:
    """Return an empty figure in the house style and its axes.

    The style also becomes matplotlib's default, so that seaborn and matplotlib draw in it on this canvas.

    Parameters
    ----------
    rows, columns : int
        Grid of axes.
    height : float, optional
        Height in points (1/72 inch); by default 240 points a row, or as the drawing needs.
    **options
        Passed on to `matplotlib.figure.Figure.subplots`.

    Returns
    -------
    figure : matplotlib.figure.Figure
        480 points wide, not known to pyplot (nothing to close).
    axes : matplotlib.axes.Axes or numpy.ndarray
        One axes, or an array of them.

    Examples
    --------
    >>> figure, ax = canvas()
    >>> float(figure.get_figwidth() * 72)
    480.0
    """
    mpl.rcParams.update(rules())
    figure = Figure(
        (palette.WIDE / 72, (height or 240.0 * rows) / 72),
        layout=ConstrainedLayoutEngine(w_pad=3 / 72, h_pad=3 / 72),
    )
    return figure, figure.subplots(rows, columns, **options)


def axes_for(ax: Axes | None) -> Axes:
    """Return the axes given, or those of a new figure in the house style."""
    if ax is not None:
        return ax
    new: Axes = canvas()[1]
    return new


def rules() -> Any:
    """Return matplotlib's settings for the house style, on top of seaborn's white one."""
    ink = palette.INK
    house = {
        "font.family": "sans-serif",
        "font.sans-serif": [palette.FONT],
        "font.size": palette.BASE_SIZE,
        "axes.titlesize": palette.BASE_SIZE,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": palette.BASE_SIZE,
        "xtick.labelsize": palette.SMALL_SIZE,
        "ytick.labelsize": palette.SMALL_SIZE,
        "legend.fontsize": palette.SMALL_SIZE,
        "legend.frameon": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": ink,
        "axes.labelcolor": ink,
        "text.color": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "axes.facecolor": "none",
        "figure.facecolor": "none",
        "axes.grid": False,
        "grid.color": ink,
        "grid.alpha": palette.GRID,
        "grid.linewidth": 0.8,
        "axes.linewidth": 0.8,
        "xtick.major.size": 0.0,
        "ytick.major.size": 0.0,
        "axes.axisbelow": True,
        "lines.linewidth": 1.8,
        "lines.markersize": 6.0,
        "hatch.linewidth": 0.9,
        "axes.prop_cycle": cycler(color=palette.ACCENTS),
        "text.parse_math": False,
        "axes.unicode_minus": True,
    }
    return {**sns.axes_style("white"), **house}
