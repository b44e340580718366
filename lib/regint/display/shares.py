"""Pictures of shares: bars for a scale, dots for options, stacks for several groups."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes

from regint.display import letters, marks, palette, prose, rows, style
from regint.display.keys import Key, explain
from regint.display.markup import plain


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
    regint.display.rows.FrameError
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
    """Draw one dot per option, the largest share on top; several bases under one another.

    Parameters
    ----------
    frame : pandas.DataFrame
        As for `draw_ordered_bars`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    by : str, optional
        Column that tells several shares of an option apart, for instance the base.
    limit : float, optional
        End of the scale; by default the next fifth above the largest value.
    ranked : bool
        Sort by share (of the first group); otherwise keep the order of the frame.
    interval : str
        Name of the interval in the key.

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
    >>> frame = pd.DataFrame({"label": ["rail", "road"], "share": [0.2, 0.8]})
    >>> [text.get_text() for text in draw_ranked_dots(frame, ax=ax).texts]
    ['80%', 'road', '20%', 'rail']
    """
    rows.require(frame, "label", "share", *([by] if by else []))
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
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> from regint.display import figures
    >>> figure, ax = figures.canvas()
    >>> frame = pd.DataFrame({"group": "of 30", "label": ["no", "yes"], "share": [0.2, 0.8]})
    >>> len(draw_stacked_shares(frame, ax=ax).patches)
    2
    """
    rows.require(frame, "group", "label", "share")
    ax = style.axes_for(ax)
    labels = list(dict.fromkeys(frame["label"]))
    colours = dict(
        zip(
            labels,
            palette.scale(len(labels), diverging=middle is not None),
            strict=True,
        )
    )
    groups = list(dict.fromkeys(frame["group"]))
    places = rows.lay_out(ax, groups, height=1.6)
    stacks = [_known_shares(frame[frame["group"] == group]) for group in groups]
    starts = [_start(shares, labels, middle) for shares in stacks]
    span = max(starts, default=0.0) + 1 - min(starts, default=0.0)
    for shares, start, spots in zip(stacks, starts, places, strict=True):
        _stack(ax, shares, start, spots[0], colours, (palette.NARROW - 6) / span)
    rows.stack_axis(ax, min(starts, default=0.0), max(starts, default=0.0) + 1)
    rows.rule(ax, places, at=[0.0] if min(starts, default=0.0) < 0 else None)
    explain(ax, [Key("fill", str(label), colour=colours[label]) for label in labels])
    return ax


def _draw_shares(
    frame: pd.DataFrame, ax: Axes | None, by: str | None, limit: float | None, interval: str, *, solid: bool
) -> Axes:
    ax = style.axes_for(ax)
    rows.require(frame, "label", "share", *([by] if by else []))
    groups: list[Any] = [None] if by is None else list(dict.fromkeys(frame[by]))
    labels = list(dict.fromkeys(frame["label"])) if by else list(frame["label"])
    cells = rows.arrange(frame, by, groups, labels)
    heads = [_head(row) for row in cells]
    names = [plain(label) + _tail(row) for label, row in zip(labels, cells, strict=True)]
    places = rows.lay_out(ax, names, values=heads, marks=[len(groups) if _known(row) else 1 for row in cells])
    end = rows.share_axis(ax, _highest(frame), limit)
    for row, spots in zip(cells, places, strict=True):
        for series, (cell, mark) in enumerate(zip(row, spots, strict=False)):
            _draw_share(ax, cell, mark, series, end, solid)
    rows.rule(ax, places)
    explain(ax, _entries(frame, groups if by else [], interval, solid))
    return ax


def _head(row: list[Any]) -> str:
    return " · ".join(rows.share_text(cell) for cell in row) if _known(row) else prose.MISSING


def _known(row: list[Any]) -> bool:
    return any(rows.value(cell, "share") is not None for cell in row)


def _tail(row: list[Any]) -> str:
    """Add count and base where there is one of each, or what else there is to say about the share.

    Without a known share that is the quantity in words; beside a weighted share, which its count would not
    give, it is the plain share.
    """
    words = rows.value(row[0], "statement")
    if words and not _known(row):
        return f" (in words: {plain(words)})"
    plain_share = rows.value(row[0], "plain_share") if len(row) == 1 else None
    if plain_share is not None:
        return f" (plain {prose.share(plain_share)})"
    if len(row) != 1 or rows.value(row[0], "count") is None or rows.value(row[0], "base") is None:
        return ""
    return f" ({prose.count(row[0]['count'])} of {prose.count(row[0]['base'])})"


def _highest(frame: pd.DataFrame) -> float:
    columns = [name for name in ("share", "upper") if name in frame.columns]
    highest = frame[columns].astype("Float64").max().max()
    return 1.0 if pd.isna(highest) else float(highest)


def _draw_share(ax: Axes, cell: Any, mark: marks.Mark, series: int, end: float, solid: bool) -> None:
    share = rows.value(cell, "share")
    if share is None:
        marks.silence(ax, 0, end, mark)
        return
    if solid:
        marks.bar(ax, 0, share, mark, series)
    marks.line(ax, rows.value(cell, "lower"), rows.value(cell, "upper"), mark)
    if not solid:
        marks.point(ax, share, mark, series)


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
    ax: Axes, shares: dict[Any, float], start: float, mark: marks.Mark, colours: dict[Any, str], whole: float
) -> None:
    """Draw the shares of one group side by side; on a phone all of them are `whole` points wide.

    A share is labelled where the label has room: half beside its bar it would stand on another colour.
    """
    left = start
    for label, share in shares.items():
        colour, text = colours[label], str(prose.share(share))
        bar = patches.Rectangle((left, mark.top), share, mark.height, facecolor=colour, linewidth=0)
        ax.add_patch(bar)
        if letters.width(text) + 3 <= share * whole:
            place: dict[str, Any] = {"ha": "center", "va": "center", "color": palette.text_on(colour)}
            ax.text(left + share / 2, mark.middle, text, parse_math=False, **place)
        left += share
    if start + 1 - left > 0.005:
        marks.silence(ax, left, start + 1, mark)
