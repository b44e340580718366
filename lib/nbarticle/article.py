"""The nbconvert exporter `article`: a notebook to one page that asks nobody for anything."""

from __future__ import annotations

import re
import sys
from collections import Counter
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode
from textfiles.problems import BuildError
from textfiles.project import locate
from traitlets import default
from traitlets.config import Application

from nbarticle import layout, metadata, outputs
from nbarticle.citations import Bibliography, Glossary
from nbarticle.document import Document, Page, plain
from nbarticle.formulas import signs
from nbarticle.markdown import reference_list, to_html
from nbarticle.metadata import Work
from nbarticle.typography import highlight

SOLUTION = "solution"
# What papermill adds is told by the run record; the notebook's own cells keep their numbers.
DROPPED = ("remove-cell", "injected-parameters")


def prepare(nb: NotebookNode, edition: str = "full") -> NotebookNode:
    """Return a copy with the cells a page shows, each with its number and place in ``metadata["article"]``."""
    kept: list[Any] = []
    number = 0
    for cell in nb.cells:
        found = set(cell.metadata.get("tags", []))
        number += "injected-parameters" not in found
        if found & set(DROPPED) or (SOLUTION in found and edition == "student"):
            continue
        copy = deepcopy(cell)
        copy.metadata["article"] = {"number": number, "input": "remove-input" not in found}
        if kept and _silent(kept[-1]) and _alike(kept[-1], copy):
            copy.source = f"{kept.pop().source}\n\n{copy.source}"
        kept.append(copy)
    _group(kept)
    shown = deepcopy(nb)
    shown.cells = kept
    return shown


def _silent(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and cell.source.strip() and not cell.outputs)


def _alike(cell: Any, other: Any) -> bool:
    """Whether two cells are code, shown or hidden together, inside or outside of a solution."""
    same_input = cell.metadata["article"]["input"] == other.metadata["article"]["input"]
    tags = [set(one.metadata.get("tags", [])) - {"remove-input"} for one in (cell, other)]
    return bool(other.cell_type == "code" and same_input and tags[0] == tags[1])


def _group(cells: list[Any]) -> None:
    """Mark where a run of solution cells begins and ends."""
    belongs = [SOLUTION in cell.metadata.get("tags", []) for cell in cells]
    for place, cell in enumerate(cells):
        before, after = place and belongs[place - 1], place + 1 < len(cells) and belongs[place + 1]
        cell.metadata["article"]["opens"] = belongs[place] and not before
        cell.metadata["article"]["closes"] = belongs[place] and not after


def student_notebook(nb: NotebookNode) -> NotebookNode:
    """Return the notebook a student works in: without solutions, without outputs, otherwise as written."""
    copy = deepcopy(nb)
    copy.cells = [cell for cell in copy.cells if SOLUTION not in cell.metadata.get("tags", [])]
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return copy


CELL = "\ue002{}\ue003"
_MARK = re.compile("\ue002(\\d+)\ue003")
_HEADING = re.compile(r'<h([2-6]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)
_UNSEARCHED = re.compile(r"<(pre|svg|math|details)\b.*?</\1>", re.DOTALL)


def assemble(body: str, document: Document, record: dict[str, Any]) -> Page:
    """Make the page from its cells."""
    references, anchor = "", ""
    if document.bibliography.cited and not document.reference_list:
        anchor = document.anchor("references")
        references = document.keep(reference_list(document))
    body = document.keep(body)
    work = _work(body, document, record)
    html = _page(body, references, anchor, document, record, work)
    anchors, links = _check(html, document)
    bare = _MARK.sub("", body)
    sections = _sections(bare)
    return Page(
        name=document.notebook,
        title=work.title,
        summary=work.abstract,
        html=_MARK.sub("", html),
        edition=str(record.get("edition") or "full"),
        figures=tuple(document.figures),
        tables=tuple(document.tables),
        findings=_findings(bare),
        sections=tuple((anchor, title, _text(text)) for anchor, title, text in sections),
        anchors=tuple(sorted(anchors)),
        links=tuple(links),
    )


def _work(body: str, document: Document, record: dict[str, Any]) -> Work:
    """Collect what is known of the page as a publication."""
    project = layout.project(record)
    cited = metadata.citation_file(locate("CITATION.cff")) if document.site else {}
    first = re.search(r"<p>(.*?)</p>", body, re.DOTALL)
    return Work(
        title=plain(document.keep(document.title)) or document.notebook,
        name=document.notebook,
        abstract=plain(_MARK.sub("", first[1])) if first else "",
        authors=metadata.authors(cited),
        collection=project["title"] if document.site else "",
        version=project["version"],
        commit=project["commit"],
        date=project["date"],
        licence=str(cited.get("license") or ""),
        address=str(cited.get("url") or ""),
        doi=str(cited.get("doi") or ""),
        keywords=() if _other_survey(record) else tuple(str(word) for word in cited.get("keywords", [])),
    )


def _other_survey(record: dict[str, Any]) -> bool:
    """Whether the page speaks of a survey that the collection's own keywords do not describe."""
    return any(row["name"] == "survey" and row.get("changed") for row in record.get("parameters") or [])


def _page(
    body: str, references: str, anchor: str, document: Document, record: dict[str, Any], work: Work
) -> str:
    """Fill the article template."""
    project = layout.project(record)
    title = document.keep(document.title) or plain(document.notebook)
    values = dict(
        kind="article",
        site=document.site,
        folds='class="cell-code"' in body,
        glossary=bool(document.glossary.terms),
        project=project,
        page_title=f"{work.title} – {project['title']}" if document.site else work.title,
        short_title=work.title,
        description=work.abstract[:300],
        headings=_contents(document, references, anchor),
        title=title,
        name=document.notebook,
        edition=record.get("edition") or "full",
        body=body,
        references=references,
        references_anchor=anchor,
        record=record,
        changed=any(row.get("changed") for row in record.get("parameters") or []),
        **_place(document, record),
        **_catalogue(document, record, work),
    )
    # What the page says decides which signs its fonts carry, so it is filled twice.
    bare = layout.render("article.html.j2", css="", **values)
    css = layout.stylesheet(work.title, bare, signs(body + title), document.styles)
    return layout.render("article.html.j2", css=css, **values)


def _place(document: Document, record: dict[str, Any]) -> dict[str, Any]:
    """Find the page in its collection, with the pages before and after."""
    pages = record.get("collection") or []
    place = next((n for n, page in enumerate(pages) if page["name"] == document.notebook), None)
    if place is None:
        return {"place": "", "before": None, "after": None}
    return {
        "place": f"Notebook {place + 1} of {len(pages)}",
        "before": pages[place - 1] if place else None,
        "after": pages[place + 1] if place + 1 < len(pages) else None,
    }


def _catalogue(document: Document, record: dict[str, Any], work: Work) -> dict[str, Any]:
    """Write what catalogues and reference managers read; only a page of a site can be cited."""
    displays = [*document.figures, *document.tables]
    return {
        "meta": metadata.meta(work),
        "properties": metadata.open_graph(work),
        "json_ld": metadata.json_ld(work, displays, record.get("inputs") or [], document.site),
        "citation": metadata.sentence(work) if document.site else "",
        "bibtex": metadata.bibtex(work) if document.site else "",
        "ris": metadata.ris(work) if document.site else "",
    }


def _contents(document: Document, references: str, anchor: str) -> list[dict[str, Any]]:
    """Entries of the table of contents; links and notes within a heading stay behind."""
    entries = [
        {
            "level": heading.level,
            "anchor": heading.anchor,
            "markup": re.sub(r"<sup>.*?</sup>|</?a\b[^>]*>", "", document.keep(heading.markup)),
        }
        for heading in document.headings
    ]
    return [*entries, {"level": 2, "anchor": anchor, "markup": "References"}] if references else entries


class _Reader(HTMLParser):
    """Collect identifiers and addresses, each with the cell they come from."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cell = 0
        self.anchors: list[tuple[int, str]] = []
        self.links: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ``id`` and ``href``; drawings' own references count as links as well."""
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.append((self.cell, value))
            elif name == "href" and value:
                self.links.append((self.cell, value))

    def handle_data(self, data: str) -> None:
        """Follow the cell marks."""
        for match in _MARK.finditer(data):
            self.cell = int(match[1])


def _check(html: str, document: Document) -> tuple[set[str], list[tuple[int, str]]]:
    """Make sure that identifiers are unique and links within the page arrive; return both."""
    reader = _Reader()
    reader.feed(html)
    counts: Counter[str] = Counter()
    for cell, anchor in reader.anchors:
        counts[anchor] += 1
        if counts[anchor] > 1 and document.strict:
            raise document.error(f'The id "{anchor}" is given twice on this page.', cell)
    for cell, address in reader.links:
        if address.startswith("#") and address[1:] not in counts and document.strict:
            raise document.error(f"The link to {address} leads nowhere on this page.", cell)
    outward = [(cell, link) for cell, link in reader.links if not re.match(r"#|[a-z][a-z0-9+.-]*:|//", link)]
    return set(counts), list(dict.fromkeys(outward))


def _sections(body: str) -> list[tuple[str, str, str]]:
    """Cut the text at its headings: anchor, heading, HTML below; the title's text has the anchor ``main``."""
    pieces = _HEADING.split(body)
    sections = [("main", "", pieces[0])]
    for start in range(1, len(pieces), 4):
        anchor, heading, below = pieces[start + 1 : start + 4]
        sections.append((anchor, plain(re.sub(r'<a class="anchor".*?</a>', "", heading)), below))
    return sections


def _text(markup: str) -> str:
    """Words of a section, without code, drawings and folded data."""
    return plain(
        re.sub(r"</(?:p|li|div|figcaption|caption)>|<t[dhr]\b[^>]*>", " ", _UNSEARCHED.sub(" ", markup))
    )


def _findings(body: str) -> tuple[str, ...]:
    """Bullets (else paragraphs) of the section "What we found"."""
    for _, title, text in _sections(body):
        if title.lower().rstrip(":") == "what we found":
            text = _UNSEARCHED.sub(" ", text)
            bullets = re.findall(r"<li>(.*?)</li>", text, re.DOTALL) or re.findall(
                r"<p>(.*?)</p>", text, re.DOTALL
            )
            return tuple(plain(bullet) for bullet in bullets)
    return ()


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
        """Convert an executed notebook; the page's record is left in ``resources["nbarticle_page"]``."""
        resources = dict(resources or {})
        record = dict(resources.get("nbarticle") or {})
        self._document = open_document(record, dict(resources.get("metadata") or {}))
        info = nb.metadata.get("language_info", {})
        self._language = str(info.get("pygments_lexer") or info.get("name") or "python")
        shown = prepare(nb, record.get("edition") or "full")
        body, resources = super(HTMLExporter, self).from_notebook_node(shown, resources, **kw)
        page = assemble(body, self._document, record)
        resources["nbarticle_page"] = page
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
        if kind == outputs.FIGURE:
            return outputs.figure(output.data[kind], document)
        if kind == outputs.TABLE:
            return outputs.table(output.data[kind], document)
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
