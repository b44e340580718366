"""The nbconvert exporter `article`: a notebook to one page that asks nobody for anything."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.python import PythonExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from textfiles.problems import Problem
from traitlets import default
from traitlets.config import Application

from nbarticle import layout, outputs
from nbarticle.citations import Bibliography, Glossary
from nbarticle.document import NONCE, Document, Page, plain
from nbarticle.markdown import outline, shown_markdown, to_html
from nbarticle.markup import clean
from nbarticle.settings import Settings
from nbarticle.typography import highlight

SOLUTION = "solution"
# A solution that shows, as its output, the cell that stands in its place in the student edition.
CHECK = "check"
INJECTED = "injected-parameters"
FRONT_MATTER = re.compile(r"---[ \t]*\n([\s\S]*?)\n---\s*$")
# Raw text of other kinds is meant for other formats.
RAW_SHOWN = {"", "text/html", "text/markdown"}


def _shown_cells(nb: NotebookNode, edition: str) -> NotebookNode:
    """Return a copy with the cells a page shows, numbered; code that shows nothing joins that below."""
    kept: list[Any] = []
    number = 0
    for cell in nb.cells:
        tags = _tags(cell)
        # What papermill adds is no cell of the notebook's own, which keep their numbers.
        number += INJECTED not in tags
        raw = cell.cell_type == "raw" and _raw_kind(cell) not in RAW_SHOWN
        if raw or "remove-cell" in tags or (SOLUTION in tags and edition == "student"):
            continue
        copy = _copied(cell)
        copy.metadata["number"] = number
        if copy.cell_type == "code":
            if "remove-output" in tags:
                copy.outputs = []
            if tags & {"remove-input", CHECK}:
                copy.source = ""
        above = kept[-1] if kept else None
        if above and above.cell_type == "code" and above.source.strip() and not above.outputs:
            if copy.cell_type == "code" and _tags(above) == tags and INJECTED not in tags:
                copy.source = f"{kept.pop().source}\n\n{copy.source}"
        kept.append(copy)
    return NotebookNode({**nb, "cells": kept})  # type: ignore[no-untyped-call, unused-ignore]


def _copied(cell: NotebookNode) -> NotebookNode:
    """Copy a cell whose outputs nobody changes."""
    return NotebookNode({**cell, "metadata": deepcopy(cell.metadata)})  # type: ignore[no-untyped-call, unused-ignore]


def _tags(cell: Any) -> set[str]:
    """Tags of a cell in one spelling, with what Jupyter's own interface says of hiding."""
    given = cell.metadata
    jupyter = given.get("jupyter") or {}
    tags = {str(tag).replace("_", "-") for tag in given.get("tags") or []}
    if jupyter.get("source_hidden") or given.get("hide_input"):
        tags.add("hide-input")
    if jupyter.get("outputs_hidden") or given.get("collapsed") is True:
        tags.add("hide-output")
    return tags | ({"hide-input", "hide-output"} if "hide-cell" in tags else set())


def _raw_kind(cell: Any) -> str:
    return str(cell.metadata.get("raw_mimetype") or cell.metadata.get("format") or "")


def _assigned(source: str) -> dict[str, str]:
    """Names and values, as written, of a cell of parameters; nothing for another language than Python."""
    try:
        lines = ast.parse(source).body
    except (SyntaxError, ValueError):
        return {}
    said = {}
    for line in lines:
        match line:
            case ast.Assign([ast.Name(name), *_], value) | ast.AnnAssign(
                ast.Name(name), _, ast.expr() as value
            ):
                said[name] = ast.get_source_segment(source, value) or ""
    return said


def working_notebook(nb: NotebookNode, edition: str = "full") -> NotebookNode:
    """Return the notebook to work in, made from the executed one: without outputs, and as its edition has it.

    In the student edition solutions are left out, and their check cells know no answer.
    """
    cells = []
    for executed in nb.cells:
        cell = _copied(executed)
        tags = _tags(cell)
        if edition == "student" and SOLUTION in tags:
            bundles = (output.get("data", {}) for output in cell.get("outputs", ()))
            stands_in = next((data[outputs.CELL] for data in bundles if outputs.CELL in data), None)
            if CHECK not in tags or stands_in is None:
                continue
            cell.source, cell.metadata = stands_in["source"], {}
        cell.metadata.pop("number", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
    return NotebookNode({**nb, "cells": cells})  # type: ignore[no-untyped-call, unused-ignore]


@cache
def _as_program() -> PythonExporter:
    """Return the exporter of code, which takes longer to set up than to use."""
    return PythonExporter(default_preprocessors=[])  # type: ignore[no-untyped-call, unused-ignore]


def notebook_files(name: str, executed: Path, edition: str = "full") -> dict[str, bytes]:
    """Make what a page offers of its notebook: to work in, as code, and, with all answers, as it was run."""
    text = executed.read_text(encoding="utf-8")
    notebook = working_notebook(nbformat.reads(text, as_version=4), edition)  # type: ignore[no-untyped-call]
    code, _ = _as_program().from_notebook_node(notebook)  # type: ignore[no-untyped-call, unused-ignore]
    texts = {".ipynb": nbformat.writes(notebook) + "\n", ".py": code}  # type: ignore[no-untyped-call]
    texts |= {"-executed.ipynb": text} if edition == "full" else {}
    return {f"notebooks/{name}{ending}": text.encode() for ending, text in texts.items()}


def bound(title: str, notebooks: Iterable[NotebookNode]) -> NotebookNode:
    """Bind executed notebooks into one under a title, in Markdown; below it their own titles sink."""
    cells = [nbformat.v4.new_markdown_cell(f"# {title}")]  # type: ignore[no-untyped-call, unused-ignore]
    cells += [cell for notebook in notebooks for cell in deepcopy(notebook.cells)]
    for place, cell in enumerate(cells):
        cell.id = f"cell-{place}"
    return nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call, no-any-return, unused-ignore]


CELL = f"\ue002{NONCE}-{{}}\ue003"
_MARK = re.compile(f"\ue002{NONCE}-(\\d+)\ue003")
# The mark of a cell, or what makes a place or leads to one, within a tag.
_PLACE = re.compile(rf'{_MARK.pattern}|\s(id|href)="([^"]+)"(?=[^<>]*>)')
# A formula in a line and the marks that belong to it, between which browsers would break the line.
_IN_LINE = re.compile(
    r'[(\[“‘]*<math(?![^>]*\bdisplay="block")[^>]*>(?:(?!</math>).)*</math>[.,;:!?)\]’”]*', re.DOTALL
)
_HEADING = re.compile(r'<h([2-6]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_UNSEARCHED = re.compile(r"<(pre|svg|math|details)\b.*?</\1>", re.DOTALL)


def _kept_together(found: re.Match[str]) -> str:
    """Keep a formula with its marks; one that is too long for a phone scrolls."""
    if len(re.sub(r"<[^>]*>", "", found[0])) > 40:
        return f'<span class="scrolls" data-name="Formula">{found[0]}</span>'
    alone = found[0].startswith("<") and found[0].endswith(">")
    return found[0] if alone else f'<span class="kept">{found[0]}</span>'


def _settled(markup: str, document: Document) -> str:
    """Put in what is only known at the end of a page, and let nothing out that is not listed."""
    return clean(document.keep(markup), document, "page")


def _assemble(body: str, document: Document, record: dict[str, Any], metadata: dict[str, Any]) -> Page:
    """Make the page from its cells."""
    if document.bibliography.cited and not document.reference_list:
        body += to_html("## References", document)
    body = _IN_LINE.sub(_kept_together, _settled(body, document))
    bare = _MARK.sub("", body)
    first = re.search(r"<p>(.*?)</p>", bare, re.DOTALL)
    heading = _settled(document.title, document) or escape(document.named or document.notebook, quote=False)
    sections = _sections(bare)
    page = Page(
        name=document.notebook,
        title=plain(heading),
        abstract=plain(first[1]) if first else "",
        heading=heading,
        body=body,
        # Links and notes within a heading stay behind.
        contents=tuple(
            (level, anchor, re.sub(r"<sup>.*?</sup>|</?a\b[^>]*>", "", _settled(markup, document)))
            for level, anchor, markup in document.headings
        ),
        css="".join(f".{name}{{{declarations}}}" for declarations, name in document.styles.items()),
        read=tuple(sorted(map(_named, document.read))),
        metadata=metadata,
        figures=tuple(document.figures),
        tables=tuple(document.tables),
        computed=tuple(document.computed),
        findings=_findings(sections),
        sections=tuple((anchor, title, _text(text)) for anchor, title, text in sections),
    )
    page = layout.framed(page, document.settings, record)
    anchors, links = _check(page, document)
    html = _MARK.sub("", page.html)
    return replace(page, html=html, body=bare, anchors=tuple(sorted(anchors)), links=tuple(links))


def _named(path: Path) -> str:
    """Name a file as seen from here, so that a project that moves as a whole knows it again."""
    path, here = path.absolute(), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _check(page: Page, document: Document) -> tuple[set[str], list[tuple[int, str]]]:
    """Make sure that identifiers are unique and links arrive within the page; return both."""
    cell, anchors = 0, set[str]()
    links: list[tuple[int, str]] = []
    for mark, name, written in _PLACE.findall(page.html):
        cell, value = int(mark or cell), unescape(written)
        if name == "id":
            if document.strict and value in anchors:
                raise document.error(f'The id "{value}" is given twice on this page.', cell)
            anchors.add(value)
    # The frame may change without the rest; its own links arrive.
    cell = 0
    for mark, name, written in _PLACE.findall(page.heading + page.body):
        cell, value = int(mark or cell), unescape(written)
        if name == "href":
            links.append((cell, value))
            if document.strict and value.startswith("#") and value[1:] not in anchors:
                raise document.error(f"The link to {value} leads nowhere on this page.", cell)
    outward = [(cell, link) for cell, link in links if not re.match(r"#|[a-z][a-z0-9+.-]*:|//", link)]
    return anchors, list(dict.fromkeys(outward))


def _sections(body: str) -> list[tuple[str, str, str]]:
    """Cut the text at its headings: anchor, heading, HTML below; the title's text has the anchor ``main``."""
    pieces = _HEADING.split(f'<h2 id="main"></h2>{body}')
    headings = (plain(re.sub(r'<a class="anchor".*?</a>', "", heading)) for heading in pieces[3::4])
    return list(zip(pieces[2::4], headings, pieces[4::4], strict=True))


def _text(markup: str) -> str:
    """Words of a section, without code, drawings and folded data."""
    return plain(
        re.sub(r"</(?:p|li|div|figcaption|caption)>|<t[dhr]\b[^>]*>", " ", _UNSEARCHED.sub(" ", markup))
    )


def _findings(sections: list[tuple[str, str, str]]) -> tuple[str, ...]:
    """Bullets (else paragraphs) of the section "What we found", or "Results"."""
    for _, title, text in sections:
        if title.lower().rstrip(":") in {"what we found", "results"}:
            text = _UNSEARCHED.sub(" ", text)
            found = [re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("li", "p")]
            return tuple(plain(bullet) for bullet in found[0] or found[1])
    return ()


class ArticleExporter(HTMLExporter):  # type: ignore[misc, unused-ignore]
    """nbconvert exporter ``article``: one self-contained page without outside requests."""

    export_from_notebook = "Article page"

    @default("template_name")
    def _no_template(self) -> str:
        """Say that the cells are written here: the base of all templates brings nothing of its own."""
        return "base"

    def from_file(  # type: ignore[override]
        self, file_stream: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook file, also on behalf of ``jupyter nbconvert``, which would print a traceback."""
        notebook = None
        try:
            notebook = nbformat.read(file_stream, as_version=4)  # type: ignore[no-untyped-call, unused-ignore]
            return self.from_notebook_node(notebook, resources, **kw)
        except Exception as error:
            from nbconvert.nbconvertapp import NbConvertApp  # imports every exporter, this one too

            if not isinstance(error, Problem):
                # Many odd notebooks convert well, so their form is only looked at when one did not.
                if notebook is not None and nbformat.validator.isvalid(notebook):  # type: ignore[no-untyped-call, unused-ignore]
                    raise
                name = Path(str(getattr(file_stream, "name", "the file"))).name
                error = Problem(f"{name} is not a notebook, or is damaged: open and save it in JupyterLab.")
            # A server that exports must go on; nbconvert's own command may end.
            if isinstance(getattr(Application, "_instance", None), NbConvertApp):
                sys.exit(f"nbconvert: {error}")
            raise error from None

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert an executed notebook.

        ``resources["nbarticle"]`` is the runner's record of a page of a site; without it, a page is alone.
        What the site needs of the page is left in ``resources["nbarticle_page"]``.
        """
        resources = dict(resources or {})
        record = dict(resources.get("nbarticle") or {})
        nb = _with_front_matter(nb)
        self._document = _open_document(record, dict(resources.get("metadata") or {}), nb.metadata)
        self._document.titled, self._document.sink = outline(
            cell.source for cell in nb.cells if cell.cell_type == "markdown"
        )
        for problem in self._document.bibliography.source.problems:
            self.log.warning(problem)
        info = nb.metadata.get("language_info", {})
        self._language = str(info.get("pygments_lexer") or info.get("name") or "python")
        # What a cell of parameters sets from outside stands beside what the notebook's own sets.
        declared = (cell.source for cell in nb.cells if "parameters" in _tags(cell))
        self._defaults = _assigned("\n".join(declared))
        # The preprocessors of nbconvert, which a caller may configure; the cells are written here.
        shown, resources = super(TemplateExporter, self).from_notebook_node(
            _shown_cells(nb, record.get("edition") or "full"), resources, **kw
        )
        body = ""
        for solution, cells in groupby(shown.cells, lambda cell: SOLUTION in cell.metadata.get("tags", [])):
            part = "".join(map(self._cell, cells))
            folded = f'<details class="solution"><summary>Solution</summary>{part}</details>'
            body += folded if solution else part
        page = _assemble(body, self._document, record, dict(nb.metadata))
        resources["nbarticle_page"] = page
        for problem in _losses(body, self._document):
            self.log.warning(problem)
        return page.html, resources

    def _cell(self, cell: NotebookNode) -> str:
        """Write a cell behind a mark that lets the checks name it."""
        document, kind = self._document, cell.cell_type
        document.cell, document.attachments = cell.metadata["number"], dict(cell.get("attachments", {}))
        hidden = cell.metadata.get("transient", {}).get("remove_source", False)
        source = shown = ""
        if kind == "markdown" and not (hidden or self.exclude_markdown):
            source = shown_markdown(cell.source, document)
        elif kind == "raw" and not (hidden or self.exclude_raw):
            source = self._raw(cell)
        elif kind == "code" and not self.exclude_code_cell:
            source = "" if hidden or self.exclude_input else self._code(cell)
            if cell.outputs and not self.exclude_output:
                shown = "".join(outputs.show(output, document) for output in cell.outputs)
                if "hide-output" in _tags(cell):
                    name = f"Output of cell {document.cell}"
                    shown = f'<details class="whole"><summary>{name}</summary>{shown}</details>'
        return f"{CELL.format(document.cell)}{source}{shown}"

    def _raw(self, cell: NotebookNode) -> str:
        if _raw_kind(cell) == "text/markdown":
            return shown_markdown(cell.source, self._document)
        text = cell.source.strip()
        return clean(text if text.startswith("<") else f"<p>{text}</p>", self._document, "output")

    def _code(self, cell: NotebookNode) -> str:
        """Fold the code of a cell as ``hide-input`` and ``show-input`` say, else where a page is strict.

        What was set from outside is a table.
        """
        tags = _tags(cell)
        if INJECTED in tags and (given := _assigned(cell.source)):
            return outputs.settings_table(given, self._defaults)
        if not cell.source.strip():
            return ""
        folded = "hide-input" in tags or (self._document.strict and "show-input" not in tags)
        code = highlight(cell.source, self._language)
        return str(layout.boxes.code(self._document.cell, code, not folded))


def _losses(body: str, document: Document) -> list[str]:
    """Say in a sentence each how many things a page could not show, and in which cells they stand."""
    cell, missing = 0, Counter[int]()
    for tag in re.finditer(rf'{_MARK.pattern}|<span class="missing">', body):
        cell = int(tag[1] or cell)
        missing[cell] += tag[1] is None
    said = {
        "outputs or pictures are not shown": missing,
        "formulas stay as they are written": document.unset(),
    }
    return [
        f"{document.notebook}: {cells.total()} {what}, in cells {', '.join(map(str, sorted(+cells)))}."
        for what, cells in said.items()
        if cells.total()
    ]


def _with_front_matter(nb: NotebookNode) -> NotebookNode:
    """Move what a first raw cell says of the page, as Quarto has it, into the metadata."""
    first = nb.cells[0] if nb.cells else None
    block = FRONT_MATTER.match(first.source.strip()) if first and first.cell_type == "raw" else None
    if not block:
        return nb
    copy = deepcopy(nb)
    del copy.cells[0]
    for name, value in re.findall(r"^(title|author|lang|license|doi):[ \t]*(\S.*)$", block[1], re.MULTILINE):
        said = value.strip().strip("\"'")
        copy.metadata.setdefault(
            "authors" if name == "author" else name, [said] if name == "author" else said
        )
    return copy


def _open_document(record: dict[str, Any], place: dict[str, Any], own: dict[str, Any]) -> Document:
    """Begin a page: of a site where the runner made a record, else a page of its own."""
    folder = Path(place["path"]) if "path" in place else None
    settings = Settings.read(folder, own, record.get("settings"))
    library, glossary = settings.folder / settings.bibliography, settings.folder / settings.glossary
    read = {path for path in (library, glossary) if path != settings.folder}
    if not settings.bibliography and folder is not None and record.get("settings") is None:
        near = [folder, *folder.resolve().parents[:2]]
        beside = [one / name for one in near for name in ("references.bib", "data/references.bib")]
        library = next((path for path in beside if path.is_file()), library)
        read.update(beside)
    bibliography = Bibliography.read(library)
    if settings.strict and bibliography.source.problems:
        raise Problem(*bibliography.source.problems)
    return Document(
        notebook=str(record.get("notebook") or place.get("name") or "notebook"),
        settings=settings,
        site=bool(record),
        named=str(own.get("title") or ""),
        folder=str(folder or ""),
        read=read,
        bibliography=bibliography,
        glossary=Glossary.read(glossary) if record else Glossary(),
    )
