"""From a matplotlib figure to an SVG a page can hold.

The drawing carries no date and no random name and inherits the page's text colour. It needs no style
sheet, so a strict content-security policy leaves it alone. Its identifiers begin with the figure's label, so
that two figures on a page never share one.
"""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.figure import Figure

from regint.display import palette

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
_BLACK: Final = frozenset({"#000000", palette.INK, "black"})
# matplotlib's own fonts are certain on a build machine, the reader's are not: any sans-serif may step in.
_FAMILY: Final = "'DejaVu Sans', Verdana, system-ui, sans-serif"

ElementTree.register_namespace("", _SVG)


def render(figure: Figure, label: str, title: str) -> str:
    """Draw a figure as SVG text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, at the size it is to have.
    label : str
        Beginning of every identifier in the drawing.
    title : str
        Alternative text, the drawing's accessible name.

    Returns
    -------
    str
        One ``<svg>`` element without XML declaration.

    Examples
    --------
    >>> 'viewBox="0 0 72 72" width="96" height="96" role="img"' in render(Figure((1, 1)), "fig-a", "Nothing")
    True
    """
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
    """Draw a figure as PNG (1280 pixels for a full width, on white) or PDF, in base64.

    Examples
    --------
    >>> encode(Figure((1, 1)), "pdf")[:6]
    'JVBERi'
    """
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
