"""Figures a reader sees: one house style, an alternative text and the data behind every picture."""

from __future__ import annotations

from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from regint.display import formats as fmt
from regint.display import palette, style, svg
from regint.display.alt import (
    describe_grid,
    describe_ranges,
    describe_series,
    describe_shares,
    state_shares,
)
from regint.display.coverage import draw_coverage
from regint.display.distributions import draw_distribution
from regint.display.graphs import describe_network, draw_network
from regint.display.grids import draw_base_scan, draw_heatmap
from regint.display.markup import escape_html, plain, slug
from regint.display.ranges import draw_identified_sets, draw_intervals
from regint.display.ranks import draw_pvalue_bounds, draw_rank_intervals
from regint.display.series import draw_lines, draw_slope
from regint.display.shares import draw_ordered_bars, draw_ranked_dots, draw_stacked_shares
from regint.display.style import canvas
from regint.display.times import describe_events, draw_timeline

__all__ = [
    "FigureError",
    "Picture",
    "anchor",
    "canvas",
    "describe_events",
    "describe_grid",
    "describe_network",
    "describe_ranges",
    "describe_series",
    "describe_shares",
    "draw_base_scan",
    "draw_coverage",
    "draw_distribution",
    "draw_heatmap",
    "draw_identified_sets",
    "draw_intervals",
    "draw_lines",
    "draw_network",
    "draw_ordered_bars",
    "draw_pvalue_bounds",
    "draw_rank_intervals",
    "draw_ranked_dots",
    "draw_slope",
    "draw_stacked_shares",
    "draw_timeline",
    "show",
    "state_shares",
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
            f'<figure id="{payload["label"]}" class="regint-figure" style="margin:1em 0;max-width:640px">'
            f"{payload['svg']}<figcaption>{escape_html(payload['caption'])}</figcaption></figure>"
        )


def anchor(name: str) -> str:
    """Return a figure's label made from any name, such as a question id.

    Examples
    --------
    >>> anchor("scenario_2035")
    'fig-scenario-2035'
    """
    return f"fig-{slug(name)}"


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
    payload = {
        "label": label,
        "caption": plain(caption),
        "alt": plain(alt),
        "description": plain(description) if description else None,
        **_renderings(_figure_of(drawing), label, plain(alt)),
        "data": _table_of(data),
    }
    return Picture(payload)


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


def _renderings(figure: Figure, label: str, alt: str) -> dict[str, str]:
    """Draw a figure for a phone and for a page, and for download; PNG and PDF in base64."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    with mpl.rc_context(style.rules()):
        figure.set_figwidth(palette.NARROW / 72)
        narrow = svg.render(figure, f"{label}-narrow", alt)
        figure.set_figwidth(palette.WIDE / 72)
        wide = svg.render(figure, label, alt)
        # The layout has been found; the other formats take it over.
        figure.set_layout_engine("none")
        return {
            "svg": wide,
            "svg_narrow": narrow,
            "png": svg.encode(figure, "png"),
            "pdf": svg.encode(figure, "pdf"),
        }


def _table_of(data: pd.DataFrame) -> dict[str, Any]:
    rows = [[fmt.raw(value) for value in row] for row in data.itertuples(index=False, name=None)]
    return {"columns": [str(name) for name in data.columns], "rows": rows}
