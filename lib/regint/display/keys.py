"""Explanations of the marks, above the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from regint.display import letters, palette, rows


@dataclass(frozen=True)
class Key:
    """One entry of a key: a mark (point, line, stroke, pale, bar, silence or fill) and what it means."""

    mark: str
    text: str
    series: int = 0
    colour: str | None = None


def explain(ax: Axes, entries: Sequence[Key]) -> None:
    """Explain marks above the axes, one entry a line."""
    if not entries:
        return
    # A leading underscore would make matplotlib leave the entry out.
    texts = ["\n".join(letters.wrapped(entry.text, palette.NARROW - 32)) for entry in entries]
    legend = ax.legend(
        [_handle(entry) for entry in entries],
        [f"\u200b{text}" if text.startswith("_") else text for text in texts],
        loc="lower left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        fontsize=palette.BASE_SIZE,
        borderaxespad=0.7,
        borderpad=0,
        handlelength=1.6,
        handletextpad=0.6,
        labelspacing=0.35,
        alignment="left",
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    lines = sum(1 + text.count("\n") for text in texts)
    rows.stretch(ax, rows.height_of(ax) + palette.LINE_HEIGHT * lines + 10)


def _handle(entry: Key) -> Any:
    colour = entry.colour or palette.accent(entry.series)
    if entry.mark == "point":
        return Line2D(
            [],
            [],
            color=colour,
            marker=palette.marker(entry.series),
            linestyle="none",
            markersize=7,
        )
    if entry.mark == "line":
        return Line2D([], [], color=palette.INK, linewidth=1.3)
    if entry.mark == "stroke":
        dashes: Any = palette.DASHES[entry.series % len(palette.DASHES)]
        return Line2D([], [], color=colour, linewidth=1.8, linestyle=dashes)
    if entry.mark == "dash":
        return Line2D([], [], color=palette.INK, linewidth=1.2, linestyle=(0, (4, 2)))
    if entry.mark == "pale":
        return patches.Patch(facecolor=colour, alpha=palette.PALE, linewidth=0)
    if entry.mark == "silence":
        return patches.Patch(facecolor="none", edgecolor=palette.GREY, hatch="////", linewidth=0.8)
    return patches.Patch(facecolor=colour, linewidth=0)
