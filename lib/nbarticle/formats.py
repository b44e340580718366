"""A page as a Word or LaTeX file, by Pandoc, for journals that take no HTML: what is read, without code.

Numbers of figures and tables, citations and references are those of the page. Pandoc comes with the optional
packages ``publish``.
"""

from __future__ import annotations

import re
import tempfile
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from bleach.html5lib_shim import HTMLParser
from textfiles.files import write
from textfiles.problems import Problem

from nbarticle.article import ArticleExporter
from nbarticle.document import Page
from nbarticle.settings import Settings

# What a printed text has no use for.
LEFT_OUT = frozenset({"anchor", "cell-code", "description", "downloads", "noteback", "solution"})
# Lines over and under a term, as Temml writes them and as Pandoc reads them.
LINES = {"top": ("mover", "\u00af"), "bottom": ("munder", "_")}


FORMATS = {"docx": ".docx", "latex": ".tex"}


def converted(page: Page, to: str, settings: Settings) -> tuple[bytes, dict[str, bytes]]:
    """Write a page as ``docx`` or ``latex``; a LaTeX file comes with its pictures."""
    try:
        import pypandoc
    except ImportError:
        raise Problem(
            f"Writing {to} needs Pandoc: install the optional packages with 'pip install pypandoc_binary'."
        ) from None
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / f"{page.name}{FORMATS[to]}"
        media = Path(place) / f"{page.name}_files"
        said = {"title": page.title, "lang": settings.language}
        options = [f"--metadata={name}:{value}" for name, value in said.items()]
        options += [f"--metadata=author:{name}" for name in settings.authors]
        pypandoc.convert_text(
            _readable(page, media if to == "latex" else None),
            to,
            format="html",
            extra_args=["--standalone", "--sandbox", *options],
            outputfile=str(target),
        )
        files = {f"{media.name}/{path.name}": path.read_bytes() for path in sorted(media.glob("*"))}
        return target.read_bytes(), files


def write_formats(site: Path, wanted: Sequence[str]) -> Path:
    """Write all pages of a site in other formats into a folder beside it, and return that folder."""
    edition = "full" if site.name == "site" else site.name
    settings, folder = Settings.read(Path.cwd()), site.with_name("formats")
    for kept in sorted((site.parent / ".nbarticle" / "pages" / edition).glob("*.json")):
        page = Page.from_json(kept.read_text(encoding="utf-8"))
        for to in wanted:
            content, files = converted(page, to, settings)
            for name, part in {f"{page.name}{FORMATS[to]}": content, **files}.items():
                write(folder / name, part)
    return folder


def _readable(page: Page, media: Path | None) -> str:
    """Take from a page what is to be read; with `media`, for LaTeX, pictures become files there.

    LaTeX numbers figures and tables itself, so their captions lose their numbers.
    """
    article = HTMLParser(namespaceHTMLElements=False).parse(page.html).find(".//article")
    for element in article.iter():
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "comment"
    drawn = {figure.label: figure.content.get("png") for figure in page.figures}
    for figure in article.iter("figure"):
        picture = next((part for part in figure.iter("div") if part.get("class") == "picture"), None)
        if picture is not None and drawn.get(figure.get("id") or ""):
            picture.clear()
            SubElement(picture, "img", src=f"data:image/png;base64,{drawn[figure.get('id') or '']}")
    for parent in list(article.iter()):
        for child in list(parent):
            classes = set((child.get("class") or "").split())
            numbered = media and "number" in classes and parent.tag in ("figcaption", "caption")
            back = (child.get("aria-label") or "").startswith("Back to")
            if back or child.tag in ("comment", "summary") or classes & LEFT_OUT or numbered:
                _remove(parent, child)
            elif child.tag == "caption" and media and "unseen" in classes:
                child.text = re.sub(r"^Table \d+ ", "", child.text or "")
            elif child.tag == "a" and not re.match("#|https?:|mailto:", child.get("href") or ""):
                child.tag = "span"  # what lies beside the page does not lie beside its copy
            elif "callout-kind" in classes and child.tail is None and len(parent) > 1:
                child.tail = ": "
            elif child.get("linethickness") in ("0", "0px"):
                child.set("linethickness", "0em")  # the only way Pandoc reads a binomial
            elif child.tag == "menclose" and child.get("notation") in LINES:
                child.tag, sign = LINES[child.get("notation") or ""]
                child.attrib.clear()
                child[:] = [_row(child)]
                SubElement(child, "mo", stretchy="true").text = sign
    for number, image in enumerate(article.iter("img") if media else (), start=1):
        found = re.fullmatch(r"data:image/(\w+)[\w+]*;base64,(.*)", image.get("src") or "", re.DOTALL)
        if found and media:
            media.mkdir(exist_ok=True)
            (media / f"{number}.{found[1]}").write_bytes(b64decode(found[2]))
            image.set("src", f"{media.name}/{number}.{found[1]}")
    return str(tostring(article, encoding="unicode", method="html"))


def _row(parent: Any) -> Any:
    row = Element("mrow")
    row.extend(list(parent))
    return row


def _remove(parent: Any, child: Any) -> None:
    """Remove an element, but not the text behind it."""
    place = list(parent).index(child)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)


class _FormatExporter(ArticleExporter):
    """An exporter that goes on from the page."""

    form = ""

    def from_notebook_node(
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        _, resources = super().from_notebook_node(nb, resources, **kw)
        content, files = converted(resources["nbarticle_page"], self.form, self._document.settings)
        resources["output_extension"] = FORMATS[self.form]
        resources["outputs"] = {**(resources.get("outputs") or {}), **files}
        return content, resources


class DocxExporter(_FormatExporter):
    """nbconvert exporter ``article-docx``: the page as a Word file."""

    export_from_notebook = "Article (Word)"
    form = "docx"


class LatexExporter(_FormatExporter):
    """nbconvert exporter ``article-latex``: the page as a LaTeX file, its pictures beside it."""

    export_from_notebook = "Article (LaTeX)"
    form = "latex"
