"""A finished figure: drawn for page and phone, with caption, alternative text and data."""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from regint.display import descriptions, prose, row_layout, style, tables
from regint.display import tables as fmt
from regint.display.charts import (
    describe_network,
    draw_base_scan,
    draw_coverage,
    draw_distribution,
    draw_heatmap,
    draw_lines,
    draw_network,
    draw_slope,
)
from regint.display.descriptions import (
    describe_grid,
    describe_ranges,
    describe_series,
    describe_shares,
    state_shares,
)
from regint.display.prose import escape_html, plain, slug
from regint.display.row_charts import (
    describe_events,
    draw_identified_sets,
    draw_intervals,
    draw_ordered_bars,
    draw_pvalue_bounds,
    draw_rank_intervals,
    draw_ranked_dots,
    draw_stacked_shares,
    draw_timeline,
)
from regint.display.style import canvas

_SVG: Final = "http://www.w3.org/2000/svg"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_COORDINATES: Final = frozenset(
    {
        "d",
        "x",
        "y",
        "width",
        "height",
        "transform",
        "points",
        "stroke-width",
        "stroke-dasharray",
        "font-size",
    }
)
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_BLACK: Final = frozenset({"#000000", style.INK, "black"})
# matplotlib's own fonts are certain on a build machine, the reader's are not: any sans-serif may step in.
_FAMILY: Final = "'DejaVu Sans', Verdana, system-ui, sans-serif"

ElementTree.register_namespace("", _SVG)


def render(figure: Figure, label: str, title: str) -> str:
    """Draw a figure as SVG text."""
    root = ElementTree.fromstring(_draw(figure))
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in list(root.iter()):
        if element.tag.endswith(("}metadata", "}style")):
            parents[element].remove(element)
    _rename(root, label)
    for element in root.iter():
        _restyle(element)
    _flatten(root)
    _frame(root, title)
    return ElementTree.tostring(root, encoding="unicode")


def encode(figure: Figure, kind: str) -> str:
    """Draw a figure as PNG (1280 pixels for a full width, on white) or PDF, in base64."""
    stream = io.BytesIO()
    # Journals refuse matplotlib's own Type 3 letters; as TrueType they cost a tenth of a second a figure.
    with rc_context({"pdf.fonttype": 42}), _quiet_about_glyphs():
        if kind == "png":
            figure.savefig(stream, format=kind, dpi=192, facecolor="white", metadata={"Software": None})
        else:
            figure.savefig(stream, format=kind, transparent=True, metadata={"CreationDate": None})
    return b64encode(stream.getvalue()).decode()


def _draw(figure: Figure) -> str:
    stream = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "regint"}), _quiet_about_glyphs():
        figure.savefig(stream, format="svg", metadata={"Date": None}, transparent=True)
    return stream.getvalue()


@contextmanager
def _quiet_about_glyphs() -> Iterator[None]:
    """Let signs pass that DejaVu Sans lacks: in an SVG text stays text, and the browser finds a typeface."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="(?s)Glyph .* missing from font")
        yield


def _rename(root: ElementTree.Element, label: str) -> None:
    """Keep only the identifiers something refers to, and make them the figure's own."""
    used = set(_REFERENCE.findall(" ".join(value for e in root.iter() for value in e.attrib.values())))
    used |= {e.attrib[_HREF].removeprefix("#") for e in root.iter() if _HREF in e.attrib}
    names = {name: f"{label}-{place}" for place, name in enumerate(_in_order(root, used), 1)}
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in names:
            element.set("id", names[identifier])
        if _HREF in element.attrib:
            element.set("href", f"#{names[element.attrib.pop(_HREF).removeprefix('#')]}")
        for name, value in element.attrib.items():
            element.set(name, _REFERENCE.sub(lambda match: f"url(#{names[match[1]]})", value))


def _in_order(root: ElementTree.Element, used: set[str]) -> list[str]:
    return list(dict.fromkeys(e.attrib["id"] for e in root.iter() if e.attrib.get("id") in used))


def _restyle(element: ElementTree.Element) -> None:
    """Turn inline styles into attributes, ink into the page's colour, and coordinates into two decimals."""
    for part in element.attrib.pop("style", "").split(";"):
        name, _, value = part.partition(":")
        if value and name.strip() != "font-family":
            element.set(name.strip(), value.strip())
    for name in ("fill", "stroke"):
        if element.attrib.get(name, "").lower() in _BLACK:
            element.set(name, "currentColor")
    if element.attrib.get("text-anchor") == "start":
        del element.attrib["text-anchor"]
    for name in _COORDINATES & element.attrib.keys():
        element.set(name, _NUMBER.sub(_short, " ".join(element.attrib[name].split())))


def _short(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _flatten(element: ElementTree.Element) -> None:
    """Drop groups that say nothing."""
    children: list[ElementTree.Element] = []
    for child in list(element):
        _flatten(child)
        bare = child.tag == f"{{{_SVG}}}g" and not child.attrib
        children.extend(list(child) if bare else [child])
        child.tail = None
    element[:] = children
    if not (element.text or "").strip():
        element.text = None


def _frame(root: ElementTree.Element, title: str) -> None:
    width, height = (float(root.attrib.pop(name).removesuffix("pt")) for name in ("width", "height"))
    view = _NUMBER.sub(_short, root.attrib.pop("viewBox"))
    root.attrib.clear()
    root.attrib.update(_attributes(width, height, view, title))


def _attributes(width: float, height: float, view: str, title: str) -> dict[str, Any]:
    return {
        "viewBox": view,
        "width": f"{width * 4 / 3:.0f}",
        "height": f"{height * 4 / 3:.0f}",
        "role": "img",
        "aria-label": title,
        "fill": "currentColor",
        "font-family": _FAMILY,
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
    }


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

MIME: Final = "application/vnd.nbarticle.figure+json"


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
    """Return a figure's label made from any name, such as a question id."""
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
        figure.set_figwidth(style.NARROW / 72)
        narrow = render(figure, f"{label}-narrow", alt)
        figure.set_figwidth(style.WIDE / 72)
        wide = render(figure, label, alt)
        # The layout has been found; the other formats take it over.
        figure.set_layout_engine("none")
        return {
            "svg": wide,
            "svg_narrow": narrow,
            "png": encode(figure, "png"),
            "pdf": encode(figure, "pdf"),
        }


def _table_of(data: pd.DataFrame) -> dict[str, Any]:
    rows = [[fmt.raw(value) for value in row] for row in data.itertuples(index=False, name=None)]
    return {"columns": [str(name) for name in data.columns], "rows": rows}


_DATA: Final = (
    "label", "printed", "statement", "of", "count", "base", "share", "lower", "upper", "method",
    "plain_share", "effective_base",
)  # fmt: skip
_HEADERS: Final = {
    "question_label": "Question",
    "label": "Response",
    "count": "Count",
    "of": "Of",
    "share": "Share",
    "interval": "Interval",
}
_WEIGHTED: Final = {"plain_share": "Plain share", "effective_base": "Effective base"}
_EXPLAINED: Final = (
    "Counts and plain shares take every answer once, weighted shares as often as its weight says. "
    "Effective base, after Kish: the equally weighted respondents who would tell as much."
)
_FORMATS: Final = {
    "count": "count",
    "share": "share1",
    "interval": "interval",
    "plain_share": "share1",
    "effective_base": "effective_base",
}


def picture(answers: pd.DataFrame, main: pd.DataFrame, *, label: str, interval: str = "interval") -> Picture:
    """Show the answers to one question: bars in order for a scale, ranked dots for anything else.

    Parameters
    ----------
    answers : pandas.DataFrame
        Rows of one question, on one base or several: `question_label`, `scale`, `label`, `share`, `of`;
        optional `lower`, `upper`, `count`, `base`, `statement`.
    main : pandas.DataFrame
        The rows on the base that the caption speaks of.
    label : str
        Anchor, ``fig-...``.
    interval : str
        Name of the interval in the key.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.2, 0.8]})
    >>> frame = frame.assign(question_label="Directions", scale="unordered", of="50 asked")
    >>> picture(frame, frame, label="fig-directions").payload["caption"]
    'Directions: “Road” leads with 80%. Base: 50 asked.'
    """
    row_layout.require(answers, "question_label", "scale", "label", "share", "of")
    what, ordered = str(answers["question_label"].iloc[0]), bool((answers["scale"] == "ordered").all())
    draw = draw_ordered_bars if ordered else draw_ranked_dots
    return show(
        draw(answers, by="of", interval=interval),
        caption=descriptions.state_shares(main, what=what, of=str(main["of"].iloc[0])),
        label=label,
        data=answers[[name for name in _DATA if name in answers]],
        **descriptions.describe_shares(
            answers, what=what, by="of", kind="Bar chart" if ordered else "Dot chart"
        ),
    )


def pictures(answers: pd.DataFrame, *, interval: str = "interval") -> Iterator[Picture]:
    """Show the answers to several questions, one picture each.

    Parameters
    ----------
    answers : pandas.DataFrame
        As for `picture`, with `question` and `chosen`: whether a row stands on the base that the captions
        are to speak of. Where none of a question does, they speak of its first base.
    interval : str
        Name of the interval in the key.

    Yields
    ------
    regint.display.figures.Picture
        In the order of the questions, labelled by them.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.2, 0.8], "question": ["rail", "road"]})
    >>> frame = frame.assign(question_label="Q", scale="unordered", of="50 asked", chosen=True)
    >>> [picture.payload["label"] for picture in pictures(frame)]
    ['fig-rail', 'fig-road']
    """
    row_layout.require(answers, "question", "chosen", "of")
    for name, part in answers.groupby("question", sort=False):
        main = part[part["chosen"]] if part["chosen"].any() else part[part["of"] == part["of"].iloc[0]]
        yield picture(part, main, label=anchor(str(name)), interval=interval)


def table(answers: pd.DataFrame, *, caption: str, label: str, note: str | None = None) -> tables.Table:
    """Show the answers to questions as a table: response, count, base, share and interval.

    Parameters
    ----------
    answers : pandas.DataFrame
        `question_label`, `label`, `count`, `of`, `share`, `lower`, `upper`; for weighted answers also
        `plain_share` and `effective_base`.
    caption, label, note : str
        As for `regint.display.tables.show`.

    Returns
    -------
    regint.display.tables.Table
        One row per row of the frame.

    Raises
    ------
    regint.display.row_layout.FrameError
        When a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail"], "count": [10], "of": "50 asked"})
    >>> frame = frame.assign(question_label="Directions", share=0.2, lower=0.11, upper=0.33)
    >>> table(frame, caption="Shares", label="tbl-shares").payload["rows"]
    [['Directions', 'Rail', '10', '50 asked', '20.0%', '11–33%']]
    """
    row_layout.require(answers, "question_label", "label", "count", "of", "share", "lower", "upper")
    ends = list(zip(answers["lower"], answers["upper"], strict=True))
    shown = answers.assign(interval=pd.Series(ends, index=answers.index, dtype=object))
    headers, group = _HEADERS, ["question_label", "of"]
    if "plain_share" in answers and answers["plain_share"].notna().any():
        mixed = (answers["share"].notna() & answers["plain_share"].isna()).any()
        headers = _HEADERS | {"share": "Share" if mixed else "Weighted share"} | _WEIGHTED
        headers["interval"] = headers.pop("interval")
        group.append("effective_base")
        if not mixed:  # then the heading says it for all
            shown["of"] = shown["of"].str.removesuffix(", weighted")
        note = f"{note or ''} {_EXPLAINED}".strip()
    formats = {name: _FORMATS[name] for name in headers if name in _FORMATS}
    return tables.show(
        shown,
        caption=caption,
        label=label,
        headers=headers,
        formats=formats,
        note=note,
        group=group,
    )


def _listed(items: list[str]) -> str:
    """Join names as a caption holds them: `prose.listing` escapes them for Markdown."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def coverage(frame: pd.DataFrame, *, promised: float, people: int, label: str) -> Picture:
    """Show how often intervals cover the true share.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `x` (true share), `y` (probability of covering it), `series` (the method).
    promised : float
        The coverage that was asked for.
    people : int
        The base.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": [0.1, 0.5], "y": [0.9, 0.96], "series": "Wilson"})
    >>> coverage(frame, promised=0.95, people=50, label="fig-coverage").payload["caption"][:53]
    'None of the intervals always reaches the promised 95%'
    """
    least = frame.groupby("series", sort=False)["y"].min()
    kept = [f"“{name}”" for name in least.index[least >= promised - 1e-9]]
    most = frame.groupby("series", sort=False)["y"].max()
    ends = [f"{name} {prose.interval(least[name], most[name], 1)}" for name in least.index]
    words = describe_series(frame, what="Coverage by true share", places=3)
    words["alt"] = f"One panel per interval. Coverage for {people} people: {_listed(ends)}."
    return show(
        draw_coverage(frame, promised=promised),
        caption=f"{_keepers(kept)} the promised {prose.level(promised)} (dashed) for {people} people; "
        "shaded: where an interval falls short.",
        label=label,
        data=frame,
        **words,
    )


def _keepers(kept: list[str]) -> str:
    return f"Only {_listed(kept)} always reaches" if kept else "None of the intervals always reaches"


def intervals(shares: pd.DataFrame, weighted: pd.DataFrame, *, what: str, model: str, label: str) -> Picture:
    """Show the shares of the options on several bases, and weighted ones beside them, with their intervals.

    Parameters
    ----------
    shares : pandas.DataFrame
        Columns `label`, `group` (the base in words), `share`, `lower`, `upper`.
    weighted : pandas.DataFrame
        Columns `label`, `answered`, `share`, `weighted_share`, `lower`, `upper`; empty without weights.
    what : str
        The question.
    model : str
        Which intervals they are.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": "Rail", "group": ["of 50", "of 30"], "share": [0.2, 0.9]})
    >>> frame = frame.assign(lower=[0.1, 0.8], upper=[0.3, 1.0])
    >>> picture = intervals(frame, pd.DataFrame(), what="Directions", model="Wilson, 95%", label="fig-i")
    >>> picture.payload["caption"]
    'Directions: for 1 of 1 option the intervals of 50 and of 30 do not meet (Wilson, 95%).'
    """
    groups = list(dict.fromkeys(shares["group"]))
    ends = shares.groupby("label", sort=False).agg(start=("lower", "max"), end=("upper", "min"))
    number = f"{(ends['start'] > ends['end']).sum()} of {prose.plural(len(ends), 'option')}"
    finding = f"for {number} the intervals {_listed(groups)} do not meet"
    frame = shares
    if len(weighted):
        group = f"weighted, of {prose.count(weighted['answered'].iloc[0])}"
        frame = pd.concat([shares, weighted.assign(group=group, share=weighted["weighted_share"])])
        model = f"{model}; weighted: by the sampling design"
    if len(groups) == 1:
        finding = _most_moved(weighted) if len(weighted) else f"shares {groups[0]} people"
    return show(
        draw_intervals(frame, by="group"),
        caption=f"{what}: {finding} ({model}).",
        label=label,
        data=frame[["label", "group", "share", "lower", "upper"]],
        **describe_ranges(frame, what=f"{what}, intervals on each base", by="group"),
    )


def _most_moved(weighted: pd.DataFrame) -> str:
    """Say which share the weights move most."""
    row = weighted.loc[(weighted["weighted_share"] - weighted["share"]).abs().idxmax()]
    ends = f"from {prose.share(row['share'], 1)} to {prose.share(row['weighted_share'], 1)}"
    return f"weights move “{row['label']}” most, {ends} of {prose.count(row['answered'])} who answered"


def silence(
    frame: pd.DataFrame,
    *,
    what: str,
    asked: int,
    silent: int,
    label: str,
    counted: bool = False,
) -> Picture:
    """Show which shares of all who were asked the silent leave possible.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `share` (as printed, or counted), `lower`, `upper`.
    what : str
        The question.
    asked, silent : int
        How many were asked, and how many of them gave no answer.
    label : str
        Anchor, ``fig-...``.
    counted : bool
        Whether the shares were counted among the answers instead of printed.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "share": [0.6, 0.2], "lower": [0.6, 0.2]})
    >>> frame = frame.assign(upper=[1.0, 0.6])
    >>> silence(frame, what="Directions", asked=50, silent=20, label="fig-s").payload["caption"]
    'Directions: with 20 of 50 asked silent, 1 of 2 options surely has a majority of all asked, 1 more may.'
    """
    sure = int((frame["lower"] > 0.5).sum())
    maybe = int(((frame["lower"] <= 0.5) & (frame["upper"] > 0.5)).sum())
    finding = f"{sure} of {prose.plural(len(frame), 'option')} surely {'have' if sure > 1 else 'has'}"
    return show(
        draw_identified_sets(frame, point="of the answers given" if counted else "as printed"),
        caption=f"{what}: with {silent} of {asked} asked silent, {finding} a majority of all asked, "
        f"{maybe} more may.",
        label=label,
        data=frame[["label", "share", "lower", "upper"]],
        **describe_ranges(frame, what=f"{what}, possible shares of all {asked} asked"),
    )


def agreement(path: pd.DataFrame, *, what: str, answers: int, label: str) -> Picture:
    """Show how the bounds of agreement widen with every silent person.

    Parameters
    ----------
    path : pandas.DataFrame
        Columns `x` (silent people), `y` (agreement of those who answered), `lower`, `upper`.
    what : str
        The question.
    answers : int
        How many answered.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> path = pd.DataFrame({"x": [0, 1], "y": [0.6, 0.6], "lower": [0.6, 0.5], "upper": [0.6, 0.7]})
    >>> agreement(path, what="Prospects", answers=30, label="fig-a").payload["caption"]
    'Prospects: agreement is 0.60 among 30 answers, and 0.50 to 0.70 with the silent counted in, 1 of them.'
    """
    frame = path.assign(series="of those who answered")
    last = path.iloc[-1]
    ax = draw_lines(frame)
    ax.set_xlabel("silent people")
    ends = f"{prose.decimal(last['lower'])} to {prose.decimal(last['upper'])}"
    return show(
        ax,
        caption=f"{what}: agreement is {prose.decimal(last['y'])} among {answers} answers, and {ends} "
        f"with the silent counted in, {prose.count(last['x'])} of them.",
        label=label,
        data=path,
        **describe_series(
            frame, what=f"{what}, agreement by number of silent people; its bounds are in the data", places=2
        ),
    )


def comparisons(pairs: pd.DataFrame, *, what: str, alpha: float, label: str) -> Picture:
    """Show the p-values that the totals leave possible for one option against each other one.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Columns `first` (one option), `second`, `y` (its votes), `group` (the base in words), `p_lower`,
        `p_upper`, `verdict`.
    what : str
        The question.
    alpha : float
        Level of the test.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text and data.

    Examples
    --------
    >>> row = {"first": "Rail", "second": "Road", "y": 2, "group": "of 30", "p_lower": 0.001, "p_upper": 0.01}
    >>> frame = pd.DataFrame([{**row, "verdict": "always"}])
    >>> comparisons(frame, what="Directions", alpha=0.05, label="fig-c").payload["caption"]
    'Directions: “Rail” is significantly ahead of 1 of 1 others (of 30 people) whatever the overlap.'
    """
    row_layout.require(pairs, "first", "second", "y", "group", "p_lower", "p_upper", "verdict")
    frame = pairs.sort_values("y", ascending=False, kind="stable")
    frame = frame.assign(label=frame["second"] + " (" + frame["group"] + ")")
    ahead = [
        f"of {(verdicts == 'always').sum()} of {len(verdicts)} others ({name} people)"
        for name, verdicts in frame.groupby("group", sort=False)["verdict"]
    ]
    finding = f"“{frame['first'].iloc[0]}” is significantly ahead {_listed(ahead)} whatever the overlap"
    return show(
        draw_pvalue_bounds(frame, alpha=alpha),
        caption=f"{what}: {finding}.",
        label=label,
        data=frame[["label", "p_lower", "p_upper", "verdict"]],
        alt=f"Bars of possible p-values, logarithmic scale, with a line at {alpha:.2g}. {what}: {finding}.",
    )


def ranks(frame: pd.DataFrame, *, what: str, silent: int, label: str) -> Picture:
    """Show the ranks that the silent leave possible.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns `label`, `rank`, `best`, `worst`.
    what : str
        The question.
    silent : int
        How many gave no answer.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text and data.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Rail", "Road"], "rank": [1, 2], "best": [1, 1], "worst": [2, 2]})
    >>> ranks(frame, what="Directions", silent=20, label="fig-r").payload["caption"]
    'Directions: 2 of 2 options could come first if the 20 silent spoke.'
    """
    first = int((frame["best"] == 1).sum())
    finding = f"{first} of {prose.plural(len(frame), 'option')} could come first if the {silent} silent spoke"
    return show(
        draw_rank_intervals(frame, point="rank by the answers given"),
        caption=f"{what}: {finding}.",
        label=label,
        data=frame,
        alt=f"One bar per option over the ranks it could have. {what}: {finding}.",
    )


def rank_probabilities(table: pd.DataFrame, *, what: str, model: str, label: str) -> Picture:
    """Show the probability of every rank for every option.

    Parameters
    ----------
    table : pandas.DataFrame
        One row per option (its index), one column per rank.
    what : str
        The question.
    model : str
        Base and prior.
    label : str
        Anchor, ``fig-...``.

    Returns
    -------
    regint.display.figures.Picture
        With caption, alternative text, description and data.

    Examples
    --------
    >>> table = pd.DataFrame([[0.9, 0.1], [0.1, 0.9]], index=["Rail", "Road"], columns=[1, 2])
    >>> rank_probabilities(table, what="Directions", model="of 50", label="fig-p").payload["caption"]
    'Directions: “Rail” is first with probability 90% (of 50). A dot: below half a per cent.'
    """
    cells = table.rename_axis("row").reset_index().melt(id_vars="row", var_name="column", value_name="value")
    texts = ["·" if value < 0.005 else str(prose.share(value)) for value in cells["value"]]
    first = table.iloc[:, 0]
    return show(
        draw_heatmap(cells.assign(text=texts), scale="share"),
        caption=f"{what}: “{first.idxmax()}” is first with probability {prose.share(first.max())} ({model}). "
        "A dot: below half a per cent.",
        label=label,
        data=cells,
        **describe_grid(cells, what=f"{what}, probability of each rank by option", places=2),
    )
