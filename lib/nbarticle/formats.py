"""A page as a Word or LaTeX file, by Pandoc, for journals that take no HTML: what is read, without code.

Numbers of figures and tables, citations and references are those of the page. Pandoc comes with the optional
packages ``publish``.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from textwrap import wrap
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
# Links that lead somewhere from a printed text.
LINK = re.compile("#|https?:|mailto:")
# Characters of a line of a table or of printed output, which is set as it is.
LINE = 100
LONG_WORD, BREAK = re.compile(r"[^\s\u200b]{12,}"), re.compile(r"[_/.,=]")
KEPT: Any = {"replace_whitespace": False, "drop_whitespace": False, "break_on_hyphens": False}
# What Pandoc writes where LaTeX has better: the number of an equation, and of a figure or table.
NUMBER = re.compile(rb"\\qquad\\text\{\((\w+)\)\}")
REFERENCE = re.compile(rb"\\hyperref\[((?:fig|tbl)-[\w-]+)\]\{(Figure|Table)[~\s]+\d+\}")
TABLE_STYLE = re.compile(rb'(w:styleId="Table" .*?)(?=<w:tblPr>)', re.DOTALL)
BRACKETS = ("|", "(", ")")
# Signs that LaTeX's own fonts have for formulas only, and the sizes of tables.
PREAMBLE = Path(__file__).with_name("templates") / "preamble.tex"
FORMATS = {"docx": ".docx", "latex": ".tex"}


def converted(page: Page, to: str, settings: Settings) -> tuple[bytes, dict[str, bytes]]:
    """Write a page as ``docx`` or ``latex``; a LaTeX file comes with its pictures."""
    try:
        import pypandoc
        import resvg_py  # noqa: F401 (before anything is written)
    except ImportError:
        raise Problem(
            f"Writing {to} needs Pandoc: install the optional packages with "
            "'pip install pypandoc_binary resvg-py'."
        ) from None
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / f"{page.name}{FORMATS[to]}"
        media = Path(place) / f"{page.name}_files"
        said = {"title": page.title, "lang": settings.language}
        options = [f"--metadata={name}:{value}" for name, value in said.items()]
        options += [f"--metadata=author:{name}" for name in settings.authors]
        if to == "latex":
            options += ["--variable=geometry:margin=2.5cm", f"--include-in-header={PREAMBLE}"]
        pypandoc.convert_text(
            _readable(page, media if to == "latex" else None),
            to,
            format="html",
            extra_args=["--standalone", "--sandbox", *options],
            outputfile=str(target),
        )
        files = {f"{media.name}/{path.name}": path.read_bytes() for path in sorted(media.glob("*"))}
        content = target.read_bytes()
        if to == "docx":
            return _finished(content), {}
        content = content.replace(rb"{\def\LTcaptype{none}", rb"{\uncounted\def\LTcaptype{none}")
        return REFERENCE.sub(rb"\2~\\ref{\1}", NUMBER.sub(rb"\\tag{\1}", content)), files


def _finished(word: bytes) -> bytes:
    """Set the tables of a Word file in nine points, and drop a second copy of every picture, in its name."""
    smaller = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word)) as old, zipfile.ZipFile(smaller, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/styles.xml":
                content = TABLE_STYLE.sub(rb'\1<w:rPr><w:sz w:val="18"/></w:rPr>', content)
            elif part.filename == "word/document.xml":
                content = re.sub(rb'descr="data:[^"]*"', b'descr=""', content)
            new.writestr(part, content)
    return smaller.getvalue()


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
    """Take from a page what is to be read; with `media`, for LaTeX, pictures become files there."""
    article = HTMLParser(namespaceHTMLElements=False).parse(page.html).find(".//article")
    for element in article.iter():
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "comment"
    drawn = {figure.label: figure.content for figure in page.figures}
    for figure in article.iter("figure"):
        picture = next((part for part in figure.iter("div") if part.get("class") == "picture"), None)
        files = drawn.get(figure.get("id") or "", {})
        kind = next((kind for kind in (["pdf"] if media else []) + ["png", "svg"] if files.get(kind)), "")
        if picture is not None and kind:
            picture.clear()
            # In Word's text a wider picture is cut off.
            said = {"alt": files["alt"]} | ({} if media else {"width": "5.3in"})
            code = b64encode(files[kind].encode()).decode() if kind == "svg" else files[kind]
            SubElement(picture, "img", said, src=f"data:image/{kind};base64,{code}")
    for parent in list(article.iter()):
        for child in list(parent):
            _prepare(parent, child, for_latex=media is not None)
    for table in article.iter("table"):
        _fit(table, always=not media)
    for number, image in enumerate(list(article.iter("img")), start=1):
        found = re.fullmatch(r"data:image/(\w+)[\w+]*;base64,(.*)", image.get("src") or "", re.DOTALL)
        if found:
            _carry(image, found[1], b64decode(found[2]), media and media / str(number))
    return str(tostring(article, encoding="unicode", method="html"))


def _prepare(parent: Any, child: Any, *, for_latex: bool) -> None:
    """Turn one element into what Pandoc understands; LaTeX numbers figures and tables itself."""
    classes = set((child.get("class") or "").split())
    numbered = for_latex and "number" in classes and parent.tag in ("figcaption", "caption")
    back = (child.get("aria-label") or "").startswith("Back to")
    left_out = classes & LEFT_OUT or (child.tag == "span" and "unseen" in classes)
    whole = child.tag == "summary" and parent.get("class") == "whole"
    if back or child.tag == "comment" or left_out or numbered or whole:
        _remove(parent, child)
    elif child.tag == "caption" and for_latex and "unseen" in classes:
        child.text = re.sub(r"^Table \d+ ", "", child.text or "")
    elif child.tag == "a" and ("number" in classes or not LINK.match(child.get("href") or "")):
        child.tag = "span"  # what lies beside the page does not lie beside its copy
    elif child.tag in ("summary", "details") or "callout" in classes:
        child.tag = "p" if child.tag == "summary" else "blockquote"
        if child.tag == "p":
            _emphasise(child, "strong", "".join(child.itertext()))
    elif "callout-title" in classes:
        _emphasise(child, "strong", ": ".join("".join(part.itertext()) for part in child))
    elif child.tag == "tr" and "group" in classes:
        _emphasise(child[0], "em", "".join(child.itertext()))
    elif "table-block" in classes and child.find(".//table") is not None:
        child.find(".//table").set("id", child.attrib.pop("id"))
    elif child.tag == "table" and for_latex and not (child.get("id") or "").startswith("tbl-"):
        # LaTeX would count it; on the page it has no number.
        for caption in child.findall("caption"):
            child.remove(caption)
            caption.tag = "p"
            parent.insert(list(parent).index(child), caption)
    elif {"equation", "numbered"} <= classes:
        formula, number = child.find(".//math"), child.find("./a").text
        child[:] = [Element("span", id=child.attrib.pop("id")), formula]
        formula[:] = [_row(formula)]
        if for_latex:
            SubElement(formula[0], "mspace", width="2em")
        SubElement(formula[0], "mtext").text = number if for_latex else f"\u2003{number}"
    elif child.tag == "mtable":
        _align(child, for_latex)
    elif child.tag == "svg":
        drawing = Element("svg", child.attrib)
        drawing[:] = child[:]
        child.tag, child[:] = "img", []
        child.set("src", f"data:image/svg+xml;base64,{b64encode(tostring(drawing)).decode()}")
    elif child.tag == "pre" and for_latex:
        lines = "".join(child.itertext()).splitlines()
        child[:] = []
        child.text = "\n".join(part for line in lines for part in wrap(line, LINE, **KEPT) or [""])
    elif not for_latex and (child.tag in ("mi", "mo") and child.text in BRACKETS) and not child.get("fence"):
        # LibreOffice takes a line for "or" and asks for the partner of every bracket.
        signs = [part.text for part in parent]
        if child.text == "|" or signs.count("(") != signs.count(")"):
            child.tag = "mtext"
    elif child.get("linethickness") in ("0", "0px"):
        child.set("linethickness", "0em")  # the only way Pandoc reads a binomial
    elif child.tag == "menclose" and child.get("notation") in LINES:
        child.tag, sign = LINES[child.get("notation") or ""]
        child.attrib.clear()
        child[:] = [_row(child)]
        SubElement(child, "mo", stretchy="true").text = sign


def _align(table: Any, for_latex: bool) -> None:
    """Align the columns of a formula as on the page.

    LibreOffice sets every column at its middle, so the signs at which lines are aligned get a column of their
    own there; and it takes no sign for one that has nothing before or behind it.
    """
    rows = list(table)
    if all(len(row) > 1 and not "".join(row[0].itertext()) for row in rows):
        for row in rows:
            row.remove(row[0])
    for cell in table.iter("mtd"):
        if side := re.search(r"tml-(left|right)", cell.get("class") or ""):
            cell.set("columnalign", side[1])
    if for_latex:
        return
    signs = [
        _ends(row[1])[0] if len(row) > 1 and row[1].get("columnalign") == "left" else None for row in rows
    ]
    if all(sign is not None and sign.tag == "mo" for sign in signs):
        for row, sign in zip(rows, signs, strict=True):
            _remove(next(part for part in row[1].iter() if sign in list(part)), sign)
            row.insert(1, Element("mtd"))
            row[1].append(sign)
    for cell in table.iter("mtd"):
        if not "".join(cell.itertext()):  # an empty one it leaves out
            cell[:] = [Element("mtext")]
            cell[0].text = "\u2060"
        for sign in _ends(cell):
            if sign.tag == "mo":
                sign.tag = "mtext"


def _ends(cell: Any) -> list[Any]:
    parts = [part for part in cell.iter() if part.tag not in ("mtd", "mrow", "mstyle", "mpadded")]
    return [parts[0], parts[-1]] if parts else [None]


def _emphasise(element: Any, how: str, text: str) -> None:
    element[:], element.text = [], ""
    SubElement(element, how).text = text


def _fit(table: Any, always: bool) -> None:
    """Align the columns of a table as on the page, and give them widths where a line has no room for all."""
    rows = [list(row) for row in table.iter("tr")]
    count = max((len(row) for row in rows), default=0)
    sides = {int(name[1:]) for name in (table.get("class") or "").split() if re.fullmatch(r"r\d+", name)}
    longest, words = [1] * count, [1] * count
    for row in rows:
        broad = any(int(cell.get("colspan") or 1) > 1 for cell in row)
        # What a cell above reaches down to stands at the left.
        for place, cell in enumerate(row, start=count - len(row)):
            if all(part.tag == "wbr" for part in cell):
                cell[:], cell.text = [], "".join(cell.itertext())
            if len(cell) == 0 and LINK.match(cell.text or ""):
                SubElement(cell, "a", href=cell.text).text, cell.text = cell.text, ""
            elif len(cell) == 0:
                # TeX divides no word that nothing stands before.
                cell.text = LONG_WORD.sub(
                    lambda found: "\u200b" + BREAK.sub("\\g<0>\u200b", found[0]), cell.text or ""
                )
            text = "".join(cell.itertext())
            if broad:
                continue
            longest[place] = max(longest[place], len(text))
            words[place] = max(words[place], *map(len, re.split(r"[\s/\u200b-]+", text)))
            if place + 1 in sides:
                cell.set("style", "text-align: right")
    tight = sum(longest) + 2 * count > LINE
    if not tight and not always:
        return
    needs: list[float] = [most + 4 for most in longest]
    if tight:
        # A column holds its longest word, or as much of it as a crowded table has room for.
        most = LINE // count - 4 if sum(words) + 4 * count > LINE else LINE
        for cell in (cell for row in rows for cell in row if len(cell) == 0):
            cell.text = re.sub(rf"\w{{{max(most, 3)}}}", "\\g<0>\u200b", cell.text or "")
        least, more = [min(word, max(most, 3)) + 4 for word in words], [sqrt(length) for length in longest]
        spare = max(LINE - sum(least), 0) / sum(more)
        needs = [word + spare * share for word, share in zip(least, more, strict=True)]
    columns = Element("colgroup")
    for need in needs:
        SubElement(columns, "col", style=f"width: {100 * need / max(sum(needs), LINE):.1f}%")
    caption = table.find("caption")
    table.insert(0 if caption is None else 1, columns)


def _carry(image: Any, kind: str, content: bytes, target: Path | None) -> None:
    """Carry a picture in a kind that is read everywhere; `target`, for LaTeX, is its file, without ending."""
    if kind == "svg":
        from matplotlib import get_data_path
        from resvg_py import svg_to_bytes

        fonts = [str(Path(get_data_path(), "fonts", "ttf"))]
        drawn = svg_to_bytes(content.decode(), zoom=3, background="#ffffff", font_dirs=fonts)
        kind, content = "png", bytes(drawn)
    elif kind not in ("pdf", "png", "jpeg"):
        from PIL import Image

        converted = io.BytesIO()
        Image.open(io.BytesIO(content)).save(converted, "png")
        kind, content = "png", converted.getvalue()
    image.set("src", f"data:image/{kind};base64,{b64encode(content).decode()}")
    if target:
        target.parent.mkdir(exist_ok=True)
        target = target.with_suffix(f".{kind}")
        target.write_bytes(content)
        image.set("src", f"{target.parent.name}/{target.name}")


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
