"""Pictures of ranges: what printed figures leave possible, intervals, ranks and p-values."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes

from regint.display import palette, prose, rows, style

_LEAST: Final = 1e-4


def draw_identified_sets(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    scale: str = "share",
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Draw what the published figures leave possible for each row, and the figure as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper` (the ends of the identified set); optional `share` (as printed) and the
        column `by`. A row without ends is drawn as silence.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    by : str, optional
        Column that tells several sets of a row apart, for instance the base.
    scale : str
        ``"share"`` for shares, 0-1, written as percentages; ``"number"`` for any other statistic.
    limits : (float, float), optional
        Ends of the scale; by default 0 and the next fifth, or the ends of the data.

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
    >>> frame = pd.DataFrame({"label": ["Energy"], "share": [0.52], "lower": [0.52], "upper": [0.92]})
    >>> [text.get_text() for text in draw_identified_sets(frame, ax=ax).texts]
    ['52–92%', 'Energy']
    """
    rows.require(frame, "label", "lower", "upper", *([by] if by else []))
    return _draw_ranges(frame, ax, by, scale, limits, rows.pale, "pale", "possible")


def draw_intervals(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    scale: str = "share",
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Draw intervals as thin lines with the estimate on them, to compare methods or groups.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper`; optional `share` (the estimate) and the column `by`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    by : str, optional
        Column that tells several intervals of a row apart, for instance the method.
    scale, limits
        As for `draw_identified_sets`.

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
    >>> frame = pd.DataFrame({"label": ["Wilson"], "share": [0.52], "lower": [0.385], "upper": [0.652]})
    >>> len(draw_intervals(frame, ax=ax).lines)
    4
    """
    rows.require(frame, "label", "lower", "upper", *([by] if by else []))
    return _draw_ranges(frame, ax, by, scale, limits, _thin, "line", "interval")


def draw_rank_intervals(frame: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the ranks each option can have, and its rank as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `best`, `worst` (ranks, 1 is first); optional `rank` (as printed).
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.

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
    heads = [
        _ends(*pair, _whole) for pair in zip(frame["best"], frame["worst"], strict=True)
    ]
    places = rows.lay_out(ax, frame["label"].tolist(), values=heads)
    last = int(frame["worst"].max()) if len(frame) else 1
    for row, (mark,) in zip(frame.itertuples(index=False), places, strict=True):
        rows.pale(ax, row.best - 0.35, row.worst + 0.35, mark)
        if not pd.isna(getattr(row, "rank", None)):
            rows.point(ax, row.rank, mark)
    ax.set_xlim(0.5, last + 0.5)
    ax.set_xticks(range(1, last + 1, 1 if last <= 12 else 5))
    entries = [rows.Key("pale", "possible ranks")]
    rows.key(
        ax,
        [*entries, rows.Key("point", "rank as printed")]
        if "rank" in frame
        else entries,
    )
    return ax


def draw_pvalue_bounds(
    frame: pd.DataFrame, *, ax: Axes | None = None, alpha: float = 0.05
) -> Axes:
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
    ax.set_xticks(ticks, ["≤0.0001", "0.001", "0.01", "0.1", "1"])
    rows.inward(ax)
    for row, (mark,) in zip(frame.itertuples(index=False), places, strict=True):
        if not (pd.isna(row.p_lower) or pd.isna(row.p_upper)):
            rows.pale(ax, max(row.p_lower, _LEAST), max(row.p_upper, _LEAST), mark)
    ax.axvline(alpha, color=palette.INK, linewidth=1.2, linestyle=(0, (4, 2)))
    entries = [
        rows.Key("pale", "possible p-values"),
        rows.Key("dash", f"level {alpha:g}"),
    ]
    rows.key(ax, entries)
    return ax


def _thin(ax: Axes, lower: float, upper: float, mark: rows.Mark, series: int) -> None:
    rows.line(ax, lower, upper, mark)


def _draw_ranges(
    frame: pd.DataFrame,
    ax: Axes | None,
    by: str | None,
    scale: str,
    limits: Any,
    draw: Any,
    kind: str,
    meaning: str,
) -> Axes:
    ax = style.axes_for(ax)
    groups: list[Any] = [None] if by is None else list(dict.fromkeys(frame[by]))
    labels = list(dict.fromkeys(frame["label"])) if by else frame["label"].tolist()
    cells = rows.arrange(frame, by, groups, labels)
    write = prose.share if scale == "share" else prose.decimal
    heads = [
        "  ".join(
            _ends(rows.value(c, "lower"), rows.value(c, "upper"), write) for c in row
        )
        for row in cells
    ]
    single = by is None
    places = rows.lay_out(
        ax, labels, values=heads if single else None, marks=len(groups)
    )
    ends = _scale(ax, frame, scale, limits)
    for row, marks in zip(cells, places, strict=True):
        for series, (cell, mark) in enumerate(zip(row, marks, strict=True)):
            lower, upper, printed = (
                rows.value(cell, name) for name in ("lower", "upper", "share")
            )
            if lower is None or upper is None:
                rows.silence(ax, *ends, mark)
            else:
                draw(ax, lower, upper, mark, series)
            if printed is not None:
                rows.point(ax, printed, mark, series)
    _explain(ax, frame, groups if by else [], kind, meaning)
    return ax


def _scale(
    ax: Axes, frame: pd.DataFrame, scale: str, limits: tuple[float, float] | None
) -> tuple[float, float]:
    if scale == "share":
        highest = frame["upper"].astype("Float64").max()
        return 0.0, rows.share_axis(
            ax,
            1.0 if pd.isna(highest) else float(highest),
            limits[1] if limits else None,
        )
    columns = [name for name in ("lower", "upper", "share") if name in frame]
    values = frame[columns].astype("Float64").stack().dropna()
    lowest, highest = limits or (
        (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    )
    space = 0.0 if limits else 0.04 * ((highest - lowest) or 1.0)
    ax.set_xlim(lowest - space, highest + space)
    return lowest - space, highest + space


def _ends(lower: Any, upper: Any, write: Any) -> str:
    if lower is None or upper is None or pd.isna(lower) or pd.isna(upper):
        return prose.MISSING
    first, last = str(write(lower)), str(write(upper))
    if first == last:
        return first
    return (
        f"{first.removesuffix('%')}–{last}"
        if not (first + last).count("−")
        else f"{first} to {last}"
    )


def _whole(number: float) -> str:
    return (
        str(int(number))
        if math.isclose(number, int(number))
        else str(prose.decimal(number, 1))
    )


def _explain(
    ax: Axes, frame: pd.DataFrame, groups: list[Any], kind: str, meaning: str
) -> None:
    printed = "share" in frame and frame["share"].notna().any()
    mark = "point" if kind == "line" and printed else kind
    entries = [
        rows.Key(mark, str(group), series) for series, group in enumerate(groups)
    ]
    if not groups:
        entries = [rows.Key(kind, meaning)]
    elif kind == "line":
        entries.append(rows.Key("line", meaning))
    if printed and kind == "pale":
        entries.append(rows.Key("point", "as printed"))
    if frame["lower"].isna().any():
        entries.append(rows.Key("silence", "figure not printed"))
    rows.key(ax, entries)
