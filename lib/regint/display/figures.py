"""A finished figure: drawn for page and phone, with caption, alternative text and data."""

from __future__ import annotations

import html
import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final

import matplotlib.backends.backend_pdf  # noqa: F401 (with the warm process: PDF brings a library of fonts)
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from textfiles.problems import Problem
from textfiles.text import clean

from regint.display import prose, style, tables

MIME: Final = "application/vnd.nbarticle.figure+json"


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
            f"{payload['svg']}<figcaption>{html.escape(payload['caption'])}</figcaption></figure>"
        )


def show(
    drawing: Figure | Axes,
    *,
    caption: str,
    label: str,
    alt: str,
    data: pd.DataFrame,
    description: str | None = None,
    downloads: bool = True,
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
    downloads : bool
        Whether to draw it as PNG and PDF too, which takes as long again: a page of hundreds goes without.

    Returns
    -------
    Picture
        Shown by a notebook; `payload` is the form the exporter reads.

    Raises
    ------
    textfiles.problems.Problem
        When the label is malformed or caption or alternative text are missing.

    Examples
    --------
    >>> ax = style.new_axes()
    >>> lines = ax.plot([1, 2], [1, 4])
    >>> frame = pd.DataFrame({"x": [1, 2], "y": [1, 4]})
    >>> picture = show(ax, caption="A rise", label="fig-rise", alt="A line from 1 to 4.", data=frame)
    >>> picture.payload["data"]
    {'columns': ['x', 'y'], 'rows': [[1, 1], [2, 4]]}
    """
    tables.check_label(label, "figure", caption, "states the finding and its base")
    if len(clean(alt)) < 10:
        raise Problem(f"Figure {label} needs an alternative text that says what the picture shows.")
    figure = drawing.get_figure(root=True) if isinstance(drawing, Axes) else drawing
    if not isinstance(figure, Figure):
        raise Problem(f"figures.show takes a matplotlib figure or axes, not {type(drawing).__name__}.")
    rows = [[tables.raw(value) for value in row] for row in data.itertuples(index=False, name=None)]
    payload = {
        "label": label,
        "caption": clean(caption),
        "alt": clean(alt),
        "description": clean(description) if description else None,
        **_renderings(figure, label, clean(alt), downloads),
        "data": {"columns": [str(name) for name in data.columns], "rows": rows},
    }
    return Picture(payload)


def _renderings(figure: Figure, label: str, alt: str, downloads: bool) -> dict[str, str]:
    """Draw a figure for a phone and for a page, and for download as PNG and PDF, in base64."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    layout, drawn = figure.get_layout_engine(), {}
    with rc_context({**style.RULES, "figure.constrained_layout.use": False}), warnings.catch_warnings():
        figure.set_layout_engine(None)  # or each file would be drawn twice, once to find the layout
        # Signs that DejaVu Sans lacks: in an SVG text stays text, and the browser finds a typeface.
        warnings.filterwarnings("ignore", message="(?s)Glyph .* missing from font")
        for kind, width in (("svg_narrow", style.NARROW), ("svg", style.WIDE)):
            figure.set_figwidth(width / 72)
            for ax in figure.axes:
                style.wrap_titles(ax, width)
                style.names_above(ax, width)
            if layout and figure.axes:
                FigureCanvasSVG(figure)  # its letters are measured
                layout.execute(figure)
            drawn[kind] = _as_svg(figure, label + kind.removeprefix("svg").replace("_", "-"), alt)
        if downloads:
            # PNG of 1280 pixels for a full width, on white.
            quick: dict[str, Any] = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}
            drawn["png"] = _as_bytes(figure, "png", dpi=192, facecolor="white", **quick)
            style.use_small_face(figure)
            drawn["pdf"] = _as_bytes(figure, "pdf", transparent=True, metadata={"CreationDate": None})
    plt.close(figure)  # a kernel would show it a second time
    return drawn


_MOST_POINTS: Final = 30  # of a series read out one by one


def describe(
    frame: pd.DataFrame,
    form: str,
    *,
    what: str,
    kind: str | None = None,
    by: str | None = None,
    scale: str = "share",
    places: int | None = None,
) -> dict[str, str]:
    """Describe a picture in words, from the data behind it: in brief, then every number.

    Parameters
    ----------
    frame : pandas.DataFrame
        By the form of the picture:
        ``"shares"``, columns `label` and `share` (0-1), optional `lower` and `upper`;
        ``"ranges"``, `label`, `lower`, `upper`;
        ``"series"``, `x`, `y`, `series`;
        ``"grid"``, `row`, `column`, and `value` or `low` and `high`;
        ``"events"``, `label`, `start`, optional `end`.
    form : str
        One of these words.
    what : str
        What the numbers are of, with unit and base: ``"Directions of integration, share of 50 experts"``.
    kind : str, optional
        Kind of picture, the first words of the text, where the usual ones do not fit.
    by : str, optional
        Column that tells groups of shares or ranges apart.
    scale : str
        ``"share"`` for ranges of shares, ``"number"`` for others.
    places : int, optional
        Decimal places of a series (1) or a grid (0).

    Returns
    -------
    dict
        `alt` and `description`, for `show`.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["Energy", "Mines", "Banks"], "share": [0.4, 0.1, None]})
    >>> text = describe(frame, "shares", what="Directions, share of 50", kind="Dot chart")
    >>> text["alt"]
    'Dot chart. Directions, share of 50: 3 rows, from Energy, 40%, to Mines, 10%; 1 unknown.'
    >>> text["description"]
    'Energy: 40%. Mines: 10%. Banks: unknown.'
    """
    forms: dict[str, tuple[str, Callable[[], tuple[str, list[str]]]]] = {
        "shares": ("Chart", lambda: _shares(frame, by)),
        "ranges": ("Range chart", lambda: _ranges(frame, by, scale)),
        "series": ("Line chart", lambda: _series(frame, 1 if places is None else places)),
        "grid": ("Grid", lambda: _grid(frame, places or 0)),
        "events": ("Timeline", lambda: _events(frame)),
    }
    if form not in forms:
        raise ValueError(f"A picture has the form shares, ranges, series, grid or events, not {form!r}.")
    usual, told = forms[form]
    finding, items = told()
    return {"alt": f"{clean(kind or usual)}. {clean(what)}{finding}.", "description": " ".join(items)}


def _require(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse a frame that lacks a column."""
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        there = ", ".join(map(str, frame.columns)) or "none"
        raise Problem(f"The description needs a column {absent[0]!r}; the frame has: {there}.")


def _share(row: Any) -> str:
    """Write the share of a row: to the whole percentage, or as printed where no count stands behind it."""
    printed = row.get("printed")
    bare = "count" in row and pd.isna(row["count"]) and isinstance(printed, str)
    return str(prose.share(row["share"], len(printed.partition(".")[2]) if bare else 0))


def _shares(frame: pd.DataFrame, by: str | None) -> tuple[str, list[str]]:
    """Tell how many the first group has, the largest, the smallest; then every one."""
    _require(frame, "label", "share", *([by] if by else []))
    first = frame if by is None or frame.empty else frame[frame[by] == frame[by].iloc[0]]
    known = first[first["share"].notna()].sort_values("share", ascending=False, kind="stable")
    finding = f": {prose.plural(len(first), 'row')}"
    if len(known):
        ends = [f"{clean(row['label'])}, {_share(row)}" for _, row in known.iloc[[0, -1]].iterrows()]
        finding += f"; {clean(first[by].iloc[0])}: " if by else ", "
        finding += f"from {ends[0]}, to {ends[1]}" if len(known) > 1 else f"only {ends[0]}"
    if len(known) < len(first):
        finding += f"; {len(first) - len(known)} unknown"
    items = []
    for row in frame.to_dict("records"):
        text = (row.get("statement") or "unknown") if pd.isna(row["share"]) else _share(row)
        if pd.notna(row["share"]) and pd.notna(row.get("lower")) and pd.notna(row.get("upper")):
            text += f", interval {prose.span(row['lower'], row['upper'], prose.share, ' to ')}"
        items.append(f"{_name(row, by)}: {text}.")
    return finding, items


def _ranges(frame: pd.DataFrame, by: str | None, scale: str) -> tuple[str, list[str]]:
    """Tell the widest and the narrowest; then every one."""
    _require(frame, "label", "lower", "upper", *([by] if by else []))
    write = prose.share if scale == "share" else prose.decimal
    rows = frame.to_dict("records")
    known = [row for row in rows if pd.notna(row["lower"]) and pd.notna(row["upper"])]
    told = {id(row): f"{write(row['lower'])} to {write(row['upper'])}" for row in known}
    finding = f": {prose.plural(len(frame), 'row')}"
    if known:
        order = sorted(known, key=lambda row: row["upper"] - row["lower"])
        wide, narrow = (f"{_name(row, by)}, {told[id(row)]}" for row in (order[-1], order[0]))
        finding += f"; widest is {wide}, narrowest {narrow}"
    return finding, [f"{_name(row, by)}: {told.get(id(row), 'unknown')}." for row in rows]


def _name(row: Any, by: str | None) -> str:
    return clean(row["label"]) if by is None else f"{clean(row['label'])}, {clean(row[by])}"


def _series(frame: pd.DataFrame, places: int) -> tuple[str, list[str]]:
    """Tell the first and the last value of each series; then every point, of long ones the extremes."""
    _require(frame, "x", "y", "series")
    known = frame[frame["y"].notna()]
    courses, items = [], []
    for name, part in known.groupby("series", sort=False):
        values = [prose.decimal(y, places) for y in part["y"]]
        course = f"{values[0]} to {values[-1]}"
        courses.append(f"{clean(name)} from {course}")
        if len(part) > _MOST_POINTS:
            heights = part["y"].to_numpy(dtype=float)
            low, high = (
                f"{values[at]} at {part['x'].iloc[at]}" for at in (heights.argmin(), heights.argmax())
            )
            items.append(f"{clean(name)}, {len(part)} points from {course}: lowest {low}, highest {high}.")
        else:
            items += [f"{clean(name)}, {x}: {y}." for x, y in zip(part["x"], values, strict=True)]
    span = f", {known['x'].min()} to {known['x'].max()}" if len(known) else ""
    return f"{span}: {'; '.join(courses) or 'no values'}", items


def _grid(frame: pd.DataFrame, places: int) -> tuple[str, list[str]]:
    """Tell the size and the highest cell; then every one."""
    ends = ["value"] if "value" in frame else ["low", "high"]
    _require(frame, "row", "column", ends[-1])
    high, wide = frame["row"].nunique(), frame["column"].nunique()
    finding = f": {prose.plural(high, 'row')} by {prose.plural(wide, 'column')}"
    if frame[ends[-1]].notna().any():
        best = frame.loc[frame[ends[-1]].astype(float).idxmax()]
        finding += f"; highest is {clean(best['row'])}, {clean(best['column'])}"
    items = []
    for cell in frame.to_dict("records"):
        numbers = dict.fromkeys(prose.decimal(cell[end], places) for end in ends)
        text = "not known" if prose.MISSING in numbers else " to ".join(numbers)
        items.append(f"{clean(cell['row'])}, {clean(cell['column'])}: {text}.")
    return finding, items


def _events(frame: pd.DataFrame) -> tuple[str, list[str]]:
    """Tell how many entries, the first and the last; then every one."""
    _require(frame, "label", "start")
    items = [f"{clean(row['label'])} ({_period(row)})" for row in frame.to_dict("records")]
    finding = f": {prose.plural(len(items), 'entry', 'entries')}"
    finding += f", from {items[0]} to {items[-1]}" if len(items) > 1 else ""
    return finding, [f"{item}." for item in items]


def _period(row: dict[Any, Any]) -> str:
    """Write the ends of an event: a year without decimals, a date as it is."""
    ends = [row["start"], row.get("end")]
    told = [
        str(int(end)) if isinstance(end, int | float | np.number) else clean(end)
        for end in ends
        if pd.notna(end)
    ]
    return " to ".join(told) if pd.notna(row["start"]) else "date unknown"


_SVG: Final = "http://www.w3.org/2000/svg"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_NUMBER: Final = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_COORDINATES: Final = frozenset(
    "d x y width height transform points stroke-width stroke-dasharray font-size".split()
)
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_BLACK: Final = frozenset({"#000000", style.INK, "black"})
# matplotlib's own fonts are certain on a build machine, the reader's are not: any sans-serif may step in.
_FAMILY: Final = "'DejaVu Sans', Verdana, system-ui, sans-serif"

ElementTree.register_namespace("", _SVG)


def _as_svg(figure: Figure, label: str, title: str) -> str:
    """Draw a figure as SVG text: in the page's colour, with identifiers and coordinates that repeat."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", transparent=True)
    root = ElementTree.fromstring(stream.getvalue())
    _rename(root, label)
    for element in root.iter():
        _restyle(element)
    _flatten(root)
    _frame(root, title)
    return ElementTree.tostring(root, encoding="unicode")


def _as_bytes(figure: Figure, kind: str, **options: Any) -> str:
    stream = io.BytesIO()
    figure.savefig(stream, format=kind, **options)
    return b64encode(stream.getvalue()).decode()


def _rename(root: ElementTree.Element, label: str) -> None:
    """Keep only the identifiers something refers to, and make them the figure's own."""
    used = set(_REFERENCE.findall(" ".join(value for e in root.iter() for value in e.attrib.values())))
    used |= {e.attrib[_HREF].removeprefix("#") for e in root.iter() if _HREF in e.attrib}
    there = dict.fromkeys(e.attrib["id"] for e in root.iter() if e.attrib.get("id") in used)
    # No label holds a point, so no figure can be named as a part of another.
    names = {name: f"{label}.{place}" for place, name in enumerate(there, 1)}
    for element in root.iter():
        identifier = element.attrib.pop("id", None)
        if identifier in names:
            element.set("id", names[identifier])
        if _HREF in element.attrib:
            element.set("href", f"#{names[element.attrib.pop(_HREF).removeprefix('#')]}")
        for name, value in element.attrib.items():
            element.set(name, _REFERENCE.sub(lambda match: f"url(#{names[match[1]]})", value))


def _restyle(element: ElementTree.Element) -> None:
    """Turn inline styles into attributes, ink into the page's colour, and coordinates into two decimals."""
    for part in element.attrib.pop("style", "").split(";"):
        name, _, value = part.partition(":")
        if value and name.strip() != "font-family":
            element.set(name.strip(), value.strip())
    for name in ("fill", "stroke"):
        if element.attrib.get(name, "").lower() in _BLACK:
            element.set(name, "currentColor")
    element.text = element.text and prose.isolated(element.text)
    if element.attrib.get("text-anchor") == "start":
        del element.attrib["text-anchor"]
    for name in _COORDINATES & element.attrib.keys():
        element.set(name, _NUMBER.sub(_short, " ".join(element.attrib[name].split())))


def _short(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _flatten(element: ElementTree.Element) -> None:
    """Drop groups that say nothing, and what belongs to a whole file."""
    children: list[ElementTree.Element] = []
    for child in element:
        if child.tag.endswith(("}metadata", "}style")):
            continue
        _flatten(child)
        bare = child.tag == f"{{{_SVG}}}g" and not child.attrib
        children.extend(list(child) if bare else [child])
        child.tail = None
    element[:] = children
    if not (element.text or "").strip():
        element.text = None


def _frame(root: ElementTree.Element, title: str) -> None:
    """Give the drawing its size in pixels, its name for screen readers, and the page's colour."""
    width, height = (float(root.attrib[name].removesuffix("pt")) for name in ("width", "height"))
    view = _NUMBER.sub(_short, root.attrib["viewBox"])
    root.attrib.clear()
    root.attrib.update(
        {
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
    )
