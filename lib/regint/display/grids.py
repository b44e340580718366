"""Pictures of grids: values by row and column, and the bases each question admits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from matplotlib import patches
from matplotlib.axes import Axes

from regint.display import letters, marks, palette, prose, rows, style
from regint.display.keys import Key, explain
from regint.display.markup import plain

_CELL: Final = 1.55
_FIELDS: Final = ("value", "low", "high")


def draw_heatmap(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
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
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
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

    Raises
    ------
    regint.display.rows.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": ["Common market"], "column": ["EAEU"], "low": [1], "high": [2]})
    >>> [text.get_text() for text in draw_heatmap(frame).texts]
    ['EAEU', 'Common market', '1', '2']
    """
    rows.require(frame, "row", "column", *(["value"] if "value" in frame else ["low", "high"]))
    ax = style.axes_for(ax)
    names, columns = (
        list(dict.fromkeys(frame["row"])),
        list(dict.fromkeys(frame["column"])),
    )
    head = _column_names(ax, columns)
    places_of = rows.lay_out(ax, names, height=_CELL, start=head)
    where = {name: mark for name, (mark,) in zip(names, places_of, strict=True)}
    for cell in frame.to_dict("records"):
        ends = [rows.value(cell, name) for name in (("value",) if "value" in frame else ("low", "high"))]
        _draw_cell(
            ax,
            columns.index(cell["column"]),
            where[cell["row"]],
            ends,
            limits,
            (scale, places),
            rows.value(cell, "text"),
        )
    ax.set_xlim(0, max(len(columns), 1))
    ax.set_xticks([])
    return ax


def draw_base_scan(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    mark: Sequence[int] = (),
    last: int | None = None,
    meaning: str = "",
) -> Axes:
    """Draw which bases can have produced each question's printed figures.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label` (of the question), `base` and `admissible` (bool), one row per question and base.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.
    mark : sequence of int
        Bases marked by a dashed line through all questions.
    last : int, optional
        Largest base on the scale; by default the largest in the frame.
    meaning : str
        What the key calls the dashed lines.

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
    >>> frame = pd.DataFrame({"label": "Drivers", "base": [29, 30, 31], "admissible": [False, True, False]})
    >>> len(draw_base_scan(frame).patches)
    1
    """
    rows.require(frame, "label", "base", "admissible")
    ax = style.axes_for(ax)
    labels = list(dict.fromkeys(frame["label"]))
    possible = frame[frame["admissible"].astype(bool)]
    end = last or (int(frame["base"].max()) if len(frame) else 1)
    mark = [base for base in mark if base <= end]
    firsts = {label: possible.loc[possible["label"] == label, "base"].tolist() for label in labels}
    heads = [str(min(firsts[label], default=prose.MISSING)) for label in labels]
    places = rows.lay_out(ax, labels, values=heads, start=min(len(mark), 2) + 0.2)
    for label, (place,) in zip(labels, places, strict=True):
        ax.plot(
            [0.5, end + 0.5],
            [place.top + place.height] * 2,
            color=palette.GREY,
            linewidth=0.6,
        )
        for first, final in _runs(firsts[label]):
            _draw_run(ax, first, final, place)
    _name_marks(ax, mark)
    ax.set_xlim(0.5, end + 0.5)
    rows.rule(ax, places, at=mark, linewidth=1.0, linestyle=(0, (3, 2)), alpha=1.0, zorder=3)
    ax.set_xlabel("base")
    entries = [Key("bar", "this base can give the printed figures (smallest one in bold)")]
    explain(ax, [*entries, Key("dash", meaning)] if mark and meaning else entries)
    return ax


def _name_marks(ax: Axes, bases: Sequence[int]) -> None:
    """Write each marked base above its line, neighbours at different heights."""
    for at, base in enumerate(sorted(bases)):
        ax.text(base, 0.4 + at % 2, str(base), ha="center", va="center", weight="bold", parse_math=False)


def _runs(bases: Sequence[int]) -> list[tuple[int, int]]:
    """Join neighbouring bases: first and last of each run."""
    runs: list[tuple[int, int]] = []
    for base in sorted(bases):
        first = runs.pop()[0] if runs and runs[-1][1] == base - 1 else base
        runs.append((first, base))
    return runs


def _draw_run(ax: Axes, first: int, last: int, place: marks.Mark) -> None:
    width = last - first + 1
    ax.add_patch(
        patches.Rectangle(
            (first - 0.5, place.top),
            width,
            place.height,
            facecolor=palette.BLUE,
            linewidth=0,
        )
    )


def _column_names(ax: Axes, columns: Sequence[Any]) -> float:
    """Write the names over the columns, turned where they do not fit on a phone; return the lines used."""
    space = (palette.NARROW - 10) / max(len(columns), 1) - 4
    words = [letters.wrapped(name, space) for name in columns]
    fits = all(letters.width(w) <= space for name in columns for w in str(name).split())
    lines = max((len(w) for w in words), default=0)
    if fits and lines <= 3:
        for place, pieces in enumerate(words):
            _column_name(ax, place, "\n".join(pieces), lines, rotation=0, va="baseline")
        return lines + 0.3
    tall = max(min(letters.width(str(name)), 110.0) for name in columns) / palette.LINE_HEIGHT + 0.7
    for place, name in enumerate(columns):
        _column_name(
            ax,
            place,
            "\n".join(letters.wrapped(name, 110.0)[:2]),
            tall,
            rotation=90,
            va="bottom",
        )
    return tall + 0.3


def _column_name(ax: Axes, place: int, text: str, line: float, **style: Any) -> None:
    written = ax.text(place + 0.5, line, text, ha="center", parse_math=False, linespacing=1.1, **style)
    written.set_in_layout(False)


def _draw_cell(
    ax: Axes,
    column: int,
    mark: marks.Mark,
    ends: list[Any],
    limits: tuple[float, float],
    print_as: tuple[str, int],
    written: str | None,
) -> None:
    if any(end is None for end in ends):
        marks.silence(ax, column + 0.02, column + 0.98, mark)
        return
    ends = ends[:1] if len(set(ends)) == 1 else ends
    width = 0.96 / len(ends)
    for part, end in enumerate(ends):
        low, high = limits
        colour = palette.shade((end - low) / (high - low) if high > low else 0.0)
        left = column + 0.02 + part * width
        ax.add_patch(patches.Rectangle((left, mark.top), width, mark.height, facecolor=colour, linewidth=0))
        text = prose.share(end, print_as[1]) if print_as[0] == "share" else prose.decimal(end, print_as[1])
        place = left + width / 2
        ax.text(
            place,
            mark.middle,
            plain(written) if written else str(text),
            ha="center",
            va="center",
            color=palette.text_on(colour),
            parse_math=False,
        )
