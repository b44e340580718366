"""The pages put together: index, lists of figures and tables, glossary, downloads, search.

The runner's side of the seam: collect one :class:`regint.publish.pages.page.Page` per notebook in the order
of the collection, then call :func:`site_files` and write what it returns. For a failed notebook give its last
good page with ``status="failed"`` and ``message``; one that never was built has ``html=""``. Everything is
made in memory, and a dead link raises before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat

from regint.publish.errors import BuildError
from regint.publish.pages import fonts, layout
from regint.publish.pages.cells import student_notebook
from regint.publish.pages.citations import Bibliography
from regint.publish.pages.document import Document
from regint.publish.pages.downloads import downloads
from regint.publish.pages.glossary import Glossary, definitions
from regint.publish.pages.markdown import reference_list
from regint.publish.pages.page import Display, Page
from regint.publish.pages.search import search_index
from regint.survey.location import locate

# What may be offered from the data folder: plain text, and nothing hidden.
DATA_KINDS = (".csv", ".json", ".bib", ".md", ".txt")
# The picture beside the findings: which bases each question admits, the question of the whole collection.
OPENING = "fig-scan"


def site_files(
    pages: Sequence[Page],
    *,
    project: Mapping[str, Any] | None = None,
    data: Path | None = None,
    notebooks: Path | None = None,
) -> dict[str, bytes]:
    """Make every file of the site: relative path with ``/`` -> bytes.

    Parameters
    ----------
    pages
        The collection in reading order.
    project
        ``title``, ``version``, ``commit``, ``epoch`` and ``edition``, all optional.
    data
        Folder of data files to be copied below ``data/``; none are copied without it.
    notebooks
        Folder of notebooks; the student edition offers them without their solutions below ``notebooks/``.

    Raises
    ------
    BuildError
        A page links to a file or an anchor that is not there; the error names page and cell.
    """
    record = dict(project or {})
    folder = data or locate("data")
    glossary = Glossary.read(folder / "glossary.csv")
    files = {f"{page.name}.html": page.html.encode() for page in pages if page.html}
    for page in pages:
        files |= downloads(page)
    files |= _data_files(data)
    files |= _notebook_files(pages, notebooks)
    files |= _generated(pages, record, glossary, [name for name in files if name.startswith("data/")])
    if glossary.terms:
        files["glossary.html"] = _glossary(
            pages, record, glossary, Bibliography.read(folder / "references.bib")
        )
    _check_links(pages, files, {f"glossary.html#{term.anchor}" for term in glossary.terms})
    return dict(sorted(files.items()))


def _data_files(folder: Path | None) -> dict[str, bytes]:
    if folder is None:
        return {}
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in DATA_KINDS)
    names = {path.relative_to(folder).as_posix(): path for path in found}
    visible = {
        name: path
        for name, path in names.items()
        if not any(part.startswith(".") for part in name.split("/"))
    }
    return {f"data/{name}": path.read_bytes() for name, path in visible.items()}


def _notebook_files(pages: Sequence[Page], folder: Path | None) -> dict[str, bytes]:
    """Notebooks to work in, without their solutions."""
    files = {}
    for page in pages:
        path = folder / f"{page.name}.ipynb" if folder else None
        if path is not None and path.is_file():
            notebook = student_notebook(nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]
            files[f"notebooks/{page.name}.ipynb"] = (nbformat.writes(notebook) + "\n").encode()  # type: ignore[no-untyped-call]
    return files


def _generated(
    pages: Sequence[Page], record: dict[str, Any], glossary: Glossary, data: Sequence[str]
) -> dict[str, bytes]:
    """Make the pages that no notebook makes, and the search index."""
    shared = _shared(pages, record, glossary)
    figures = [(page, page.figures) for page in pages if page.figures]
    tables = [(page, page.tables) for page in pages if page.tables]
    named = [name.removeprefix("data/") for name in data]
    files = {
        "index.html": _render(
            "index.html.j2", "", kind="index", data=named, opening=_opening(pages), **shared
        ),
        "figures-and-tables.html": _render(
            "lists.html.j2", "Figures and tables", figures=figures, tables=tables, **shared
        ),
        "search.html": _render("search.html.j2", "Search", search_script=layout.part("search.js"), **shared),
        "search-index.js": search_index(pages),
    }
    for page in pages:
        if not page.html:
            files[f"{page.name}.html"] = _render(
                "unbuilt.html.j2", page.title, message=page.message, **shared
            )
    return {name: text.encode() for name, text in files.items()}


def _opening(pages: Sequence[Page]) -> tuple[Page, Display] | None:
    found = ((page, figure) for page in pages for figure in page.figures if figure.label == OPENING)
    return next(found, None)


def _shared(pages: Sequence[Page], record: dict[str, Any], glossary: Glossary) -> dict[str, Any]:
    return {
        "project": layout.project(record),
        "pages": pages,
        "glossary": bool(glossary.terms),
        "edition": record.get("edition") or "full",
    }


def _glossary(
    pages: Sequence[Page], record: dict[str, Any], glossary: Glossary, bibliography: Bibliography
) -> bytes:
    """Make the page of terms; what it cites is listed below, with links back."""
    values: dict[str, Any] = {
        "terms": definitions(glossary, bibliography),
        **_shared(pages, record, glossary),
    }
    values["references"] = reference_list(Document(bibliography=bibliography))
    return _render("glossary.html.j2", "Glossary", **values).encode()


def _render(template: str, title: str, **values: Any) -> str:
    whole = values["project"]["title"]
    full = f"{title} – {whole}" if title else whole
    description = f"{title or 'Start'}: {whole}"
    values |= {"page_title": full, "short_title": title, "description": description}
    # What the page says decides which signs its fonts carry, so it is filled twice.
    bare = layout.render(template, css="", **values)
    if "search_script" in values:
        bare += "".join(map(chr, fonts.TEXT))  # what is found may hold any sign
    return layout.render(template, css=layout.stylesheet(full, bare, more=layout.part("lists.css")), **values)


def _check_links(pages: Sequence[Page], files: Mapping[str, bytes], known: set[str]) -> None:
    """Follow every link from one page to another file of the site."""
    anchors = {
        f"{page.name}.html": set(page.anchors) for page in pages if page.html and page.status != "failed"
    }
    for page in pages:
        if page.status == "failed":
            continue
        for cell, link in page.links:
            address, _, fragment = unquote(link).partition("#")
            if address not in files:
                raise BuildError(
                    f"The link to {link} leads nowhere: the site has no such file.",
                    notebook=page.name,
                    cell=cell,
                )
            missing = fragment and address in anchors and fragment not in anchors[address]
            if missing or (address == "glossary.html" and fragment and link not in known):
                raise BuildError(
                    f"The link to {link} leads nowhere: that page has no such place.",
                    notebook=page.name,
                    cell=cell,
                )
