"""Charts of rows: bars, dots, intervals, identified sets, ranks, timelines."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from regint.display import prose, row_layout, style
from regint.display.prose import plain
from regint.display.row_layout import Key, explain


def draw_ordered_bars(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    limit: float | None = None,
    interval: str = "interval",
) -> Axes:
    """Draw one bar per category of a scale, in the order of the frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `share` (0-1); optional `lower` and `upper` (an interval), `count` and `base`
        (written behind the name), `statement` (a quantity in words, written where no share is known), and
        the column `by`. A missing share leaves a hatched place.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    by : str, optional
        Column that tells several shares of a category apart, for instance the base.
    limit : float, optional
        End of the scale; by default the next fifth above the largest value.
    interval : str
        Name of the interval in the key.

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
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["low", "high"], "share": [0.2, 0.8]})
    >>> [float(bar.get_width()) for bar in draw_ordered_bars(frame, ax=ax).patches]
    [0.2, 0.8]
    """
    return _draw_shares(frame, ax, by, limit, interval, solid=True)


def draw_ranked_dots(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    limit: float | None = None,
    ranked: bool = True,
    interval: str = "interval",
) -> Axes:
    """Draw one dot per option, the largest share on top; several bases under one another."""
    row_layout.require(frame, "label", "share", *([by] if by else []))
    if ranked and len(frame):
        group = frame if by is None else frame[frame[by] == frame[by].iloc[0]]
        order = group.sort_values("share", ascending=False, kind="stable")["label"]
        rank = {label: place for place, label in enumerate(dict.fromkeys(order))}
        frame = frame.sort_values(
            "label",
            key=lambda c: c.map(lambda v: rank.get(v, len(rank))),
            kind="stable",
        )
    return _draw_shares(frame, ax, by, limit, interval, solid=False)


def draw_stacked_shares(frame: pd.DataFrame, *, ax: Axes | None = None, middle: str | None = None) -> Axes:
    """Draw one bar of adjoining shares per group, each share labelled in place.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `group`, `label` (in the order of the scale) and `share` (0-1). Shares of a group that add up
        to less than one leave a hatched rest.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    middle : str, optional
        The category in the middle of the scale; bars are then aligned at its centre.

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
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"group": "of 30", "label": ["no", "yes"], "share": [0.2, 0.8]})
    >>> len(draw_stacked_shares(frame, ax=ax).patches)
    2
    """
    row_layout.require(frame, "group", "label", "share")
    ax = style.axes_for(ax)
    labels = list(dict.fromkeys(frame["label"]))
    colours = dict(
        zip(
            labels,
            style.scale(len(labels), diverging=middle is not None),
            strict=True,
        )
    )
    groups = list(dict.fromkeys(frame["group"]))
    places = row_layout.lay_out(ax, groups, height=1.6)
    stacks = [_known_shares(frame[frame["group"] == group]) for group in groups]
    starts = [_start(shares, labels, middle) for shares in stacks]
    span = max(starts, default=0.0) + 1 - min(starts, default=0.0)
    for shares, start, spots in zip(stacks, starts, places, strict=True):
        _stack(ax, shares, start, spots[0], colours, (style.NARROW - 6) / span)
    row_layout.stack_axis(ax, min(starts, default=0.0), max(starts, default=0.0) + 1)
    row_layout.rule(ax, places, at=[0.0] if min(starts, default=0.0) < 0 else None)
    explain(ax, [Key("fill", str(label), colour=colours[label]) for label in labels])
    return ax


def _draw_shares(
    frame: pd.DataFrame, ax: Axes | None, by: str | None, limit: float | None, interval: str, *, solid: bool
) -> Axes:
    ax = style.axes_for(ax)
    row_layout.require(frame, "label", "share", *([by] if by else []))
    groups: list[Any] = [None] if by is None else list(dict.fromkeys(frame[by]))
    labels = list(dict.fromkeys(frame["label"])) if by else list(frame["label"])
    cells = row_layout.arrange(frame, by, groups, labels)
    heads = [_head(row) for row in cells]
    names = [plain(label) + _tail(row) for label, row in zip(labels, cells, strict=True)]
    places = row_layout.lay_out(
        ax, names, values=heads, marks=[len(groups) if _known(row) else 1 for row in cells]
    )
    end = row_layout.share_axis(ax, _highest(frame), limit)
    for row, spots in zip(cells, places, strict=True):
        for series, (cell, mark) in enumerate(zip(row, spots, strict=False)):
            _draw_share(ax, cell, mark, series, end, solid)
    row_layout.rule(ax, places)
    explain(ax, _entries(frame, groups if by else [], interval, solid))
    return ax


def _head(row: list[Any]) -> str:
    return " · ".join(row_layout.share_text(cell) for cell in row) if _known(row) else prose.MISSING


def _known(row: list[Any]) -> bool:
    return any(row_layout.value(cell, "share") is not None for cell in row)


def _tail(row: list[Any]) -> str:
    """Add count and base where there is one of each, or what else there is to say about the share."""
    words = row_layout.value(row[0], "statement")
    if words and not _known(row):
        return f" (in words: {plain(words)})"
    plain_share = row_layout.value(row[0], "plain_share") if len(row) == 1 else None
    if plain_share is not None:
        return f" (plain {prose.share(plain_share)})"
    if len(row) != 1 or row_layout.value(row[0], "count") is None or row_layout.value(row[0], "base") is None:
        return ""
    return f" ({prose.count(row[0]['count'])} of {prose.count(row[0]['base'])})"


def _highest(frame: pd.DataFrame) -> float:
    columns = [name for name in ("share", "upper") if name in frame.columns]
    highest = frame[columns].astype("Float64").max().max()
    return 1.0 if pd.isna(highest) else float(highest)


def _draw_share(ax: Axes, cell: Any, mark: row_layout.Mark, series: int, end: float, solid: bool) -> None:
    share = row_layout.value(cell, "share")
    if share is None:
        row_layout.silence(ax, 0, end, mark)
        return
    if solid:
        row_layout.bar(ax, 0, share, mark, series)
    row_layout.line(ax, row_layout.value(cell, "lower"), row_layout.value(cell, "upper"), mark)
    if not solid:
        row_layout.point(ax, share, mark, series)


def _entries(frame: pd.DataFrame, groups: list[Any], interval: str, solid: bool) -> list[Key]:
    """Compose the key: the groups, the interval where there is one, and silence where there is any."""
    entries = [Key("bar" if solid else "point", str(group), series) for series, group in enumerate(groups)]
    if {"lower", "upper"} <= set(frame.columns) and (frame["lower"].notna() & frame["upper"].notna()).any():
        entries.append(Key("line", interval))
    if frame["share"].isna().any():
        entries.append(Key("silence", "share unknown"))
    return entries


def _known_shares(group: pd.DataFrame) -> dict[Any, float]:
    pairs = zip(group["label"], group["share"], strict=True)
    return {label: float(share) for label, share in pairs if not pd.isna(share)}


def _start(shares: dict[Any, float], labels: list[Any], middle: str | None) -> float:
    """Find where a bar begins: at zero, or so that its middle category lies about zero."""
    if middle is None:
        return 0.0
    before = labels[: labels.index(middle)] if middle in labels else []
    return -sum(shares.get(label, 0.0) for label in before) - shares.get(middle, 0.0) / 2


def _stack(
    ax: Axes,
    shares: dict[Any, float],
    start: float,
    mark: row_layout.Mark,
    colours: dict[Any, str],
    whole: float,
) -> None:
    """Draw the shares of one group side by side; on a phone all of them are `whole` points wide."""
    left = start
    for label, share in shares.items():
        colour, text = colours[label], str(prose.share(share))
        bar = patches.Rectangle((left, mark.top), share, mark.height, facecolor=colour, linewidth=0)
        ax.add_patch(bar)
        if style.width(text) + 3 <= share * whole:
            place: dict[str, Any] = {"ha": "center", "va": "center", "color": style.text_on(colour)}
            ax.text(left + share / 2, mark.middle, text, parse_math=False, **place)
        left += share
    if start + 1 - left > 0.005:
        row_layout.silence(ax, left, start + 1, mark)


def draw_identified_sets(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    scale: str = "share",
    limits: tuple[float, float] | None = None,
    meaning: str = "possible",
    point: str = "as printed",
) -> Axes:
    """Draw what the published figures leave possible for each row, and the figure as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `lower`, `upper` (the ends of the identified set); optional `share` (as printed) and
        the column `by`. A row without ends is drawn as silence.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    by : str, optional
        Column that tells several sets of a row apart, for instance the base.
    scale : str
        ``"share"`` for shares, 0-1, written as percentages; ``"number"`` for any other statistic.
    limits : (float, float), optional
        Ends of the scale; by default 0 and the next fifth, or the ends of the data.
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
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Energy"], "share": [0.52], "lower": [0.52], "upper": [0.92]})
    >>> [text.get_text() for text in draw_identified_sets(frame, ax=ax).texts]
    ['52–92%', 'Energy']
    """
    row_layout.require(frame, "label", "lower", "upper", *([by] if by else []))
    return _draw_ranges(frame, ax, by, scale, limits, row_layout.pale, "pale", meaning, point=point)


def draw_intervals(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    by: str | None = None,
    scale: str = "share",
    limits: tuple[float, float] | None = None,
    places: int = 2,
    meaning: str = "interval",
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
    places : int
        Decimals of numbers.
    meaning : str
        What the key calls the lines.

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
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Wilson"], "share": [0.52], "lower": [0.385], "upper": [0.652]})
    >>> len(draw_intervals(frame, ax=ax).lines)
    4
    """
    row_layout.require(frame, "label", "lower", "upper", *([by] if by else []))
    return _draw_ranges(frame, ax, by, scale, limits, _thin, "line", meaning, places)


def _thin(ax: Axes, lower: float, upper: float, mark: row_layout.Mark, series: int) -> None:
    row_layout.line(ax, lower, upper, mark)


def _draw_ranges(
    frame: pd.DataFrame,
    ax: Axes | None,
    by: str | None,
    scale: str,
    limits: Any,
    draw: Any,
    kind: str,
    meaning: str,
    places: int = 2,
    point: str = "as printed",
) -> Axes:
    ax = style.axes_for(ax)
    groups: list[Any] = [None] if by is None else list(dict.fromkeys(frame[by]))
    labels = list(dict.fromkeys(frame["label"])) if by else frame["label"].tolist()
    cells = row_layout.arrange(frame, by, groups, labels)
    write = prose.share if scale == "share" else partial(prose.decimal, places=places)
    heads = [
        "  ".join(
            row_layout.span(row_layout.value(c, "lower"), row_layout.value(c, "upper"), write) for c in row
        )
        for row in cells
    ]
    numbers = [
        len(groups) if any(row_layout.value(c, "lower") is not None for c in row) else 1 for row in cells
    ]
    spots_of = row_layout.lay_out(ax, labels, values=heads if by is None else None, marks=numbers)
    ends = _scale(ax, frame, scale, limits)
    for row, spots in zip(cells, spots_of, strict=True):
        for series, (cell, mark) in enumerate(zip(row, spots, strict=False)):
            lower, upper, printed = (row_layout.value(cell, name) for name in ("lower", "upper", "share"))
            if lower is None or upper is None:
                row_layout.silence(ax, *ends, mark)
            else:
                draw(ax, lower, upper, mark, series)
            if printed is not None:
                row_layout.point(ax, printed, mark, series)
    row_layout.rule(ax, spots_of)
    _explain(ax, frame, groups if by else [], kind, meaning, point)
    return ax


def _scale(
    ax: Axes, frame: pd.DataFrame, scale: str, limits: tuple[float, float] | None
) -> tuple[float, float]:
    if scale == "share":
        highest = frame["upper"].astype("Float64").max()
        end = limits[1] if limits else None
        return 0.0, row_layout.share_axis(ax, 1.0 if pd.isna(highest) else float(highest), end)
    columns = [frame[name] for name in ("lower", "upper", "share") if name in frame]
    values = pd.concat(columns).astype("Float64").dropna()
    lowest, highest = limits or ((float(values.min()), float(values.max())) if len(values) else (0.0, 1.0))
    space = 0.0 if limits else 0.04 * ((highest - lowest) or 1.0)
    ax.set_xlim(lowest - space, highest + space)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    return lowest - space, highest + space


def _explain(ax: Axes, frame: pd.DataFrame, groups: list[Any], kind: str, meaning: str, point: str) -> None:
    printed = "share" in frame and frame["share"].notna().any()
    mark = "point" if kind == "line" and printed else kind
    entries = [Key(mark, str(group), series) for series, group in enumerate(groups)]
    if not groups:
        entries = [Key(kind, meaning)]
    elif kind == "line":
        entries.append(Key("line", meaning))
    if printed and kind == "pale":
        entries.append(Key("point", point))
    if frame["lower"].isna().any():
        entries.append(Key("silence", "unknown"))
    explain(ax, entries)


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
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Energy", "Mines"], "best": [1, 1], "worst": [1, 2], "rank": [1, 2]})
    >>> [text.get_text() for text in draw_rank_intervals(frame, ax=ax).texts]
    ['1', 'Energy', '1–2', 'Mines']
    """
    row_layout.require(frame, "label", "best", "worst")
    ax = style.axes_for(ax)
    heads = [row_layout.span(*pair, prose.count) for pair in zip(frame["best"], frame["worst"], strict=True)]
    places = row_layout.lay_out(ax, frame["label"].tolist(), values=heads)
    last = int(frame["worst"].max()) if len(frame) else 1
    for row, (mark,) in zip(frame.itertuples(index=False), places, strict=True):
        row_layout.pale(ax, row.best - 0.35, row.worst + 0.35, mark)
        if not pd.isna(getattr(row, "rank", None)):
            row_layout.point(ax, row.rank, mark)
    ax.set_xlim(0.5, last + 0.5)
    ax.set_xticks(range(1, last + 1, 1 if last <= 12 else 5))
    row_layout.rule(ax, places)
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
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"label": ["Roads or rail"], "p_lower": [0.002], "p_upper": [0.3]})
    >>> draw_pvalue_bounds(frame, ax=ax).get_xscale()
    'log'
    """
    row_layout.require(frame, "label", "p_lower", "p_upper")
    ax = style.axes_for(ax)
    verdicts = frame["verdict"] if "verdict" in frame else [None] * len(frame)
    names = [
        f"{label} – {v}" if isinstance(v, str) else label
        for label, v in zip(frame["label"], verdicts, strict=True)
    ]
    places = row_layout.lay_out(ax, names)
    ax.set_xscale("log")
    ax.minorticks_off()
    ax.set_xlim(_LEAST, 1)
    ticks = [0.0001, 0.001, 0.01, 0.1, 1]
    ax.set_xticks(ticks, ["≤0.0001", "", "0.01", "0.1", "1"])
    row_layout.inward(ax)
    for row, (mark,) in zip(frame.itertuples(index=False), places, strict=True):
        if not (pd.isna(row.p_lower) or pd.isna(row.p_upper)):
            row_layout.pale(ax, max(row.p_lower, _LEAST), max(row.p_upper, _LEAST), mark)
    row_layout.rule(ax, places)
    row_layout.rule(ax, places, at=[alpha], linewidth=1.3, linestyle=(0, (4, 2)), alpha=1.0, zorder=4)
    entries = [
        Key("pale", "possible p-values"),
        Key("dash", f"level {alpha:g}"),
    ]
    explain(ax, entries)
    return ax


def draw_timeline(frame: pd.DataFrame, *, ax: Axes | None = None, until: float | None = None) -> Axes:
    """Draw events as points and spells as bars on a scale of years.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `start`; optional `end` (missing for an event), `ongoing` (bool: the bar runs to
        the end of the scale) and `group` (its colour and shape). Times are years or dates.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    until : float, optional
        End of the scale, a year; by default the last one in the frame.

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
    >>> frame = pd.DataFrame({"label": ["Union", "Summit"], "start": [1994, 2018], "end": [2006, None]})
    >>> [text.get_text() for text in draw_timeline(frame).texts]
    ['1994–2006', 'Union', '2018', 'Summit']
    """
    row_layout.require(frame, "label", "start")
    ax = style.axes_for(ax)
    starts = [_year(v) for v in frame["start"]]
    stops = [_year(v) for v in frame["end"]] if "end" in frame else [None] * len(frame)
    ongoing = (
        frame["ongoing"].fillna(False).astype(bool).tolist() if "ongoing" in frame else [False] * len(frame)
    )
    last = until or max((v for v in [*starts, *stops] if v is not None), default=1.0)
    groups = list(dict.fromkeys(frame["group"])) if "group" in frame else []
    heads = [_spell(a, b, o) for a, b, o in zip(starts, stops, ongoing, strict=True)]
    places = row_layout.lay_out(ax, frame["label"].tolist(), values=heads, height=0.75)
    for at, (mark,) in enumerate(places):
        series = groups.index(frame["group"].iloc[at]) if groups else 0
        _draw_spell(ax, starts[at], last if ongoing[at] else stops[at], mark, series)
    first = min((v for v in starts if v is not None), default=0.0)
    ax.set_xlim(math.floor(first) - 0.3, max(last, first + 1) + 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    row_layout.rule(ax, places)
    spells = {group: "point" for group in groups}
    for at, group in enumerate(frame["group"] if groups else []):
        if ongoing[at] or stops[at] is not None:
            spells[group] = "bar"
    explain(ax, [Key(kind, str(group), series) for series, (group, kind) in enumerate(spells.items())])
    return ax


def describe_events(frame: pd.DataFrame, *, what: str, kind: str = "Timeline") -> dict[str, str]:
    """Describe a timeline: how many entries, the first and the last; then every one.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` and `start`; optional `end`.
    what : str
        What the entries are.
    kind : str
        Kind of picture.

    Returns
    -------
    dict
        `alt` and `description`.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Union", "Summit"], "start": [1994, 2018]})
    >>> describe_events(frame, what="Regional bodies")["alt"]
    'Timeline. Regional bodies: 2 entries, from Union (1994) to Summit (2018).'
    """
    row_layout.require(frame, "label", "start")
    items = [f"{plain(r['label'])} ({_period(r)})" for r in frame.to_dict("records")]
    alt = f"{plain(kind)}. {plain(what)}: {prose.plural(len(items), 'entry', 'entries')}"
    alt += f", from {items[0]} to {items[-1]}" if len(items) > 1 else ""
    return {"alt": f"{alt}.", "description": " ".join(f"{item}." for item in items)}


def _period(row: dict[Any, Any]) -> str:
    ends = [row["start"], row.get("end")]
    start, end = (None if end is None or pd.isna(end) else _moment(end) for end in ends)
    if start is None:
        return "date unknown"
    return start if end is None else f"{start} to {end}"


def _moment(value: Any) -> str:
    """Write a year without decimals, and a date as it is."""
    return str(int(value)) if isinstance(value, int | float | np.integer | np.floating) else plain(value)


def _year(moment: Any) -> float | None:
    """Return a time as a decimal year."""
    if moment is None or pd.isna(moment) or moment == "":
        return None
    if isinstance(moment, int | float | np.integer | np.floating):
        return float(moment)
    if isinstance(moment, str) and moment.isdigit():
        return float(moment)
    date = pd.Timestamp(moment)
    return float(date.year + (date.day_of_year - 1) / (366 if date.is_leap_year else 365))


def _spell(start: float | None, end: float | None, ongoing: bool) -> str:
    if start is None:
        return prose.MISSING
    first = str(int(start))
    if ongoing:
        return f"{first}–"
    return first if end is None or int(end) == int(start) else f"{first}–{int(end)}"


def _draw_spell(ax: Axes, start: float | None, end: float | None, mark: row_layout.Mark, series: int) -> None:
    if start is None:
        return
    if end is None:
        row_layout.point(ax, start, mark, series)
    else:
        row_layout.bar(ax, start, max(end, start + 0.15), mark, series)
