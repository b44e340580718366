"""From an executed notebook to an article page: the nbconvert exporter ``article``.

The runner's side of the seam::

    html, resources = ArticleExporter().from_notebook_node(nb, resources={"regint": {...}})
    page = resources["regint_page"]          # regint.publish.pages.page.Page; page.to_json() is what to keep

``resources["regint"]`` (all optional; without it any notebook becomes a decent page):

============== =====================================================================================
``notebook``   file stem, becomes ``page.name``
``parameters`` list of ``{"name", "value", "default", "meaning", "changed"}``
``inputs``     list of ``{"path", "sha256"}``, path relative to the project
``packages``   ``{name: version}``
``version``    version of the project
``commit``     commit of the project, or ``""``
``epoch``      seconds since 1970 that count as the page's date (SOURCE_DATE_EPOCH), never the clock
``collection`` ordered list of ``{"name", "title"}``: the pages of the site, this one among them
``edition``    ``"full"`` or ``"student"`` (cells tagged ``solution`` left out)
``command``    the one command that redoes the page
============== =====================================================================================

Whatever is wrong with the page raises :class:`regint.publish.errors.BuildError`, which names the cell; under
``jupyter nbconvert`` it ends the program with that one sentence.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Application

from regint.publish.errors import BuildError
from regint.publish.pages import displays, layout, outputs
from regint.publish.pages.assemble import CELL, assemble
from regint.publish.pages.cells import prepare
from regint.publish.pages.citations import Bibliography
from regint.publish.pages.code import highlight
from regint.publish.pages.document import Document
from regint.publish.pages.glossary import Glossary
from regint.publish.pages.markdown import to_html
from regint.survey.location import locate

FILTERS = ("begin_cell", "end_cell", "article_markdown", "article_code", "article_output")


class ArticleExporter(HTMLExporter):  # type: ignore[misc, unused-ignore]
    """nbconvert exporter ``article``: one self-contained page without outside requests."""

    export_from_notebook = "Article page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "article"

    @default("extra_template_basedirs")
    def _own_templates(self) -> list[str]:
        return [str(layout.TEMPLATES)]

    def default_filters(self) -> Any:
        """Add the filters with which the template shows cells; they work on the page at hand."""
        yield from super().default_filters()  # type: ignore[no-untyped-call, unused-ignore]
        yield from ((name, getattr(self, f"_{name}")) for name in FILTERS)

    def from_file(  # type: ignore[override]
        self, file_stream: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook file, also on behalf of ``jupyter nbconvert``, which would print a traceback."""
        notebook = None
        try:
            notebook = nbformat.read(file_stream, as_version=4)  # type: ignore[no-untyped-call, unused-ignore]
            return self.from_notebook_node(notebook, resources, **kw)
        except Exception as error:
            if not isinstance(error, BuildError):
                # Many odd notebooks convert well, so their form is only looked at when one did not.
                if notebook is not None and nbformat.validator.isvalid(notebook):  # type: ignore[no-untyped-call, unused-ignore]
                    raise
                error = damaged(file_stream)
            if is_command():
                sys.exit(f"nbconvert: {error}")
            raise error from None

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert an executed notebook; the page's record is left in ``resources["regint_page"]``."""
        resources = dict(resources or {})
        record = dict(resources.get("regint") or {})
        self._document = open_document(record, dict(resources.get("metadata") or {}))
        info = nb.metadata.get("language_info", {})
        self._language = str(info.get("pygments_lexer") or info.get("name") or "python")
        shown = prepare(nb, record.get("edition") or "full")
        body, resources = super(HTMLExporter, self).from_notebook_node(shown, resources, **kw)
        page = assemble(body, self._document, record)
        resources["regint_page"] = page
        return page.html, resources

    def _begin_cell(self, cell: NotebookNode) -> str:
        """Move on to a cell; a mark in the text lets the checks name it."""
        self._document.cell = cell.metadata["article"]["number"]
        self._document.attachments = dict(cell.get("attachments", {}))
        opening = (
            '<details class="solution"><summary>Solution</summary>'
            if cell.metadata["article"]["opens"]
            else ""
        )
        return CELL.format(self._document.cell) + opening

    def _end_cell(self, cell: NotebookNode) -> str:
        return "</details>" if cell.metadata["article"]["closes"] else ""

    def _article_markdown(self, source: str) -> str:
        markup = to_html(source, self._document)
        return outputs.cleaned(markup, self._document, written=True) if outputs.RAW.search(source) else markup

    def _article_code(self, cell: NotebookNode) -> str:
        """Fold the code of a cell; a notebook that is not ours shows it."""
        if not cell.source.strip() or not cell.metadata["article"]["input"]:
            return ""
        number, shown = cell.metadata["article"]["number"], "" if self._document.strict else " open"
        return (
            f'<details class="cell-code"{shown}><summary>Code<span class="unseen"> of cell {number}</span>'
            f"</summary>{highlight(cell.source, self._language)}</details>\n"
        )

    def _article_output(self, output: NotebookNode) -> str:
        """Show an output in the richest form a page can hold."""
        document = self._document
        if output.output_type == "stream":
            return outputs.stream(output.text, output.name)
        if output.output_type == "error":
            return outputs.error(output.traceback, output.ename, output.evalue)
        kind = outputs.choose(output.data)
        if kind == displays.FIGURE:
            return displays.figure(output.data[kind], document)
        if kind == displays.TABLE:
            return displays.table(output.data[kind], document)
        return outputs.foreign(kind, output.data[kind], output.metadata, document) if kind else ""


def is_command() -> bool:
    """Say whether ``jupyter nbconvert`` is the program that runs: a server that exports must go on."""
    from nbconvert.nbconvertapp import NbConvertApp  # imports every exporter, this one too

    return isinstance(getattr(Application, "_instance", None), NbConvertApp)


def damaged(file: Any) -> BuildError:
    """Say that a file is no notebook."""
    name = Path(str(getattr(file, "name", "the file"))).name
    return BuildError(f"{name} is not a notebook, or is damaged: open and save it in JupyterLab.")


def open_document(record: dict[str, Any], metadata: dict[str, Any]) -> Document:
    """Begin a page: ours is strict and finds its bibliography in the project, any other beside itself."""
    name = str(record.get("notebook") or metadata.get("name") or "notebook")
    folder = str(metadata.get("path") or "")
    ours = bool(record)
    near = [Path(folder), *Path(folder).resolve().parents[:2]] if folder else []
    beside = [place / name for place in near for name in ("references.bib", "data/references.bib")]
    library = (
        locate("data/references.bib") if ours else next((path for path in beside if path.is_file()), Path())
    )
    return Document(
        notebook=name,
        strict=ours,
        site=ours,
        folder=folder,
        bibliography=Bibliography.read(library),
        glossary=Glossary.read(locate("data/glossary.csv")) if ours else Glossary(),
    )
