"""Figures a reader sees: one house style, an alternative text and the data behind every picture."""

from __future__ import annotations

from typing import Any, Final

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from regint.display import formats as fmt
from regint.display import palette, svg
from regint.display.markup import escape_html, plain, slug
from regint.display.ranges import (
    draw_identified_sets,
    draw_intervals,
    draw_pvalue_bounds,
    draw_rank_intervals,
)
from regint.display.shares import draw_ordered_bars, draw_ranked_dots, draw_stacked_shares

__all__ = [
    "FigureError",
    "Picture",
    "canvas",
    "draw_identified_sets",
    "draw_intervals",
    "draw_ordered_bars",
    "draw_pvalue_bounds",
    "draw_rank_intervals",
    "draw_ranked_dots",
    "draw_stacked_shares",
    "show",
]

MIME: Final = "application/vnd.regint.figure+json"


class FigureError(ValueError):
    """A figure that cannot be shown as asked."""


class Picture:
    """A figure ready to be shown; a notebook displays it, the exporter rebuilds it from its JSON form."""

    def __init__(self, payload: dict[str, Any]) -> None:
        self.payload = payload

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        text = f"[{self.payload['caption']}] {self.payload['alt']}"
        return {"text/plain": text, "text/html": self.as_html(), MIME: self.payload}

    def as_html(self) -> str:
        """Return the drawing with its caption as one HTML figure."""
        payload = self.payload
        return (
            f'<figure id="{slug(payload["label"])}" class="regint-figure" style="margin:1em 0;max-width:640px">'
            f"{payload['svg']}<figcaption>{escape_html(payload['caption'])}</figcaption></figure>"
        )


def canvas(
    rows: int = 1, columns: int = 1, *, height: float | None = None, **options: Any
) -> tuple[Figure, Any]:
    """Return an empty figure in the house style and its axes.

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
    with mpl.rc_context(_style()):
        figure = Figure((palette.WIDE / 72, (height or 240.0 * rows) / 72), layout="constrained")
        return figure, figure.subplots(rows, columns, **options)


def show(
    drawing: Figure | Axes,
    *,
    caption: str,
    label: str,
    alt: str,
    data: pd.DataFrame,
    description: str | None = None,
) -> Picture:
    """Show a figure with its caption, alternative text and data.

    Parameters
    ----------
    drawing : Figure or Axes
        What was drawn; an axes stands for its whole figure.
    caption : str
        The finding and its base.
    label : str
        Anchor for cross references, ``fig-...``.
    alt : str
        One or two sentences for those who cannot see the picture.
    data : pandas.DataFrame
        The numbers in the picture, for the download.
    description : str, optional
        A longer description, made from the data.

    Returns
    -------
    Picture
        Shown by a notebook; `payload` is the form the exporter reads.

    Raises
    ------
    FigureError
        When the label is malformed or caption or alternative text are missing.

    Examples
    --------
    >>> figure, ax = canvas()
    >>> lines = ax.plot([1, 2], [1, 4])
    >>> frame = pd.DataFrame({"x": [1, 2], "y": [1, 4]})
    >>> picture = show(ax, caption="A rise", label="fig-rise", alt="A line from 1 to 4.", data=frame)
    >>> picture.payload["data"]
    {'columns': ['x', 'y'], 'rows': [[1, 1], [2, 4]]}
    """
    _check(caption, label, alt)
    figure = _figure_of(drawing)
    payload = {
        "label": label,
        "caption": plain(caption),
        "alt": plain(alt),
        "description": plain(description) if description else None,
        "svg": _rendered(figure, label, alt, palette.WIDE),
        "data": _table_of(data),
    }
    return Picture(payload)


def _style() -> dict[str, Any]:
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
        "axes.prop_cycle": mpl.cycler(color=palette.ACCENTS),
        "text.parse_math": False,
        "axes.unicode_minus": True,
    }
    return {**sns.axes_style("white"), **house}


def _check(caption: str, label: str, alt: str) -> None:
    if not label.startswith("fig-") or slug(label) != label:
        raise FigureError(
            f"A figure label looks like 'fig-shares' (small letters, digits, hyphens), not {label!r}."
        )
    if not plain(caption):
        raise FigureError(f"Figure {label} needs a caption that states the finding and its base.")
    if len(plain(alt)) < 10:
        raise FigureError(f"Figure {label} needs an alternative text that says what the picture shows.")


def _figure_of(drawing: Figure | Axes) -> Figure:
    if isinstance(drawing, Axes):
        drawing = drawing.get_figure(root=True)  # type: ignore[assignment]
    if not isinstance(drawing, Figure):
        raise FigureError(f"figures.show takes a matplotlib figure or axes, not {type(drawing).__name__}.")
    return drawing


def _rendered(figure: Figure, label: str, alt: str, width: float) -> str:
    figure.set_figwidth(width / 72)
    with mpl.rc_context(_style()):
        for text in figure.findobj(Text):
            text.set_parse_math(False)
        return svg.render(figure, label, plain(alt))


def _table_of(data: pd.DataFrame) -> dict[str, Any]:
    rows = [[fmt.raw(value) for value in row] for row in data.itertuples(index=False, name=None)]
    return {"columns": [str(name) for name in data.columns], "rows": rows}
