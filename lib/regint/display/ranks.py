"""Pictures of what a comparison can come to: ranks and p-values."""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from regint.display import marks, prose, rows, style
from regint.display.keys import Key, explain

_LEAST: Final = 1e-4


def draw_rank_intervals(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    meaning: str = "possible ranks",
    point: str = "rank as printed",
) -> Axes:
    """Draw the ranks each option can have, and its rank as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `best`, `worst` (ranks, 1 is first); optional `rank` (as printed).
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    meaning : str
        What the key calls the bars.
    point : str
        What the key calls the points.

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
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Energy", "Mines"], "best": [1, 1], "worst": [1, 2], "rank": [1, 2]})
    >>> [text.get_text() for text in draw_rank_intervals(frame, ax=ax).texts]
    ['1', 'Energy', '1–2', 'Mines']
    """
    rows.require(frame, "label", "best", "worst")
    ax = style.axes_for(ax)
    heads = [rows.span(*pair, prose.count) for pair in zip(frame["best"], frame["worst"], strict=True)]
    places = rows.lay_out(ax, frame["label"].tolist(), values=heads)
    last = int(frame["worst"].max()) if len(frame) else 1
    for row, (mark,) in zip(frame.itertuples(index=False), places, strict=True):
        marks.pale(ax, row.best - 0.35, row.worst + 0.35, mark)
        if not pd.isna(getattr(row, "rank", None)):
            marks.point(ax, row.rank, mark)
    ax.set_xlim(0.5, last + 0.5)
    ax.set_xticks(range(1, last + 1, 1 if last <= 12 else 5))
    rows.rule(ax, places)
    entries = [Key("pale", meaning)]
    explain(
        ax,
        [*entries, Key("point", point)] if "rank" in frame else entries,
    )
    return ax


def draw_pvalue_bounds(frame: pd.DataFrame, *, ax: Axes | None = None, alpha: float = 0.05) -> Axes:
    """Draw the p-values each comparison can have, on a logarithmic scale, against a level.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `p_lower`, `p_upper` (0-1); optional `verdict`, written behind the name.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    alpha : float
        The level marked by a line.

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
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Roads or rail"], "p_lower": [0.002], "p_upper": [0.3]})
    >>> draw_pvalue_bounds(frame, ax=ax).get_xscale()
    'log'
    """
    rows.require(frame, "label", "p_lower", "p_upper")
    ax = style.axes_for(ax)
    verdicts = frame["verdict"] if "verdict" in frame else [None] * len(frame)
    names = [
        f"{label} – {v}" if isinstance(v, str) else label
        for label, v in zip(frame["label"], verdicts, strict=True)
    ]
    places = rows.lay_out(ax, names)
    ax.set_xscale("log")
    ax.minorticks_off()
    ax.set_xlim(_LEAST, 1)
    ticks = [0.0001, 0.001, 0.01, 0.1, 1]
    ax.set_xticks(ticks, ["≤0.0001", "", "0.01", "0.1", "1"])
    rows.inward(ax)
    for row, (mark,) in zip(frame.itertuples(index=False), places, strict=True):
        if not (pd.isna(row.p_lower) or pd.isna(row.p_upper)):
            marks.pale(ax, max(row.p_lower, _LEAST), max(row.p_upper, _LEAST), mark)
    rows.rule(ax, places)
    rows.rule(ax, places, at=[alpha], linewidth=1.3, linestyle=(0, (4, 2)), alpha=1.0, zorder=4)
    entries = [
        Key("pale", "possible p-values"),
        Key("dash", f"level {alpha:g}"),
    ]
    explain(ax, entries)
    return ax
