"""The site: index, list of figures and tables, downloads, search."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
from textfiles.problems import BuildError
from textfiles.project import locate
from textfiles.text import escape_formula, escape_tex

from nbarticle import fonts, layout
from nbarticle.article import student_notebook
from nbarticle.citations import Bibliography, Glossary, definitions
from nbarticle.document import Display, Document, Page
from nbarticle.markdown import reference_list

# The earliest time a zip archive can carry.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_XLSX_DATE = b"1980-01-01T00:00:00Z"


def downloads(page: Page) -> dict[str, bytes]:
    """Make the files of all figures and tables of a page: relative path -> bytes."""
    files: dict[str, bytes] = {}
    for display in page.figures:
        for kind, make in FIGURE_MAKERS.items():
            if kind not in ("png", "pdf") or display.content.get(kind):
                files[f"figures/{page.name}-{display.label}.{kind}"] = make(display)
    for display in page.tables:
        for kind, make in TABLE_MAKERS.items():
            files[f"tables/{page.name}-{display.label}.{kind}"] = make(display)
    return files


def flattened(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Give the two ends of an interval a column each, and a list of anything else one text."""
    pairs = [_all_pairs([row[place] for row in rows]) for place in range(len(names))]
    heads = [
        f"{name}{end}"
        for name, pair in zip(names, pairs, strict=True)
        for end in (("_lower", "_upper") if pair else ("",))
    ]
    flat = []
    for row in rows:
        cells: list[Any] = []
        for value, pair in zip(row, pairs, strict=True):
            joined = "; ".join(map(str, value)) if isinstance(value, list) else value
            cells.extend((value or [None, None]) if pair else [joined])
        flat.append(cells)
    return heads, flat


def _all_pairs(values: list[Any]) -> bool:
    given = [value for value in values if value is not None]
    return bool(given) and all(isinstance(value, list) and len(value) == 2 for value in given)


def _csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    heads, flat = flattened(names, rows)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([escape_formula(name) for name in heads])
    for row in flat:
        cells = ["" if value is None else value for value in row]
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in cells])
    return stream.getvalue().encode()


def _figure_svg(display: Display) -> bytes:
    drawing = display.content["svg"].replace("<svg ", '<svg color="#1b1d23" ', 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'.encode()


def _figure_csv(display: Display) -> bytes:
    data = display.content.get("data") or {"columns": [], "rows": []}
    return _csv(data["columns"], data["rows"])


def _figure_copy(kind: str) -> Callable[[Display], bytes]:
    return lambda display: b64decode(display.content[kind])


def _values(display: Display) -> tuple[list[str], list[list[Any]]]:
    """Names and unrounded values of a table; printed cells where the values are not kept."""
    columns = display.content["columns"]
    return [column["name"] for column in columns], display.content.get("values") or display.content["rows"]


def _table_csv(display: Display) -> bytes:
    return _csv(*_values(display))


def _table_tex(display: Display) -> bytes:
    """Table for a manuscript, as printed on the page; needs the package booktabs."""
    content = display.content
    sides = "".join("r" if column["align"] == "right" else "l" for column in content["columns"])
    head = " & ".join(escape_tex(column["header"]) for column in content["columns"])
    body = "".join(f"{' & '.join(escape_tex(cell) for cell in row)} \\\\\n" for row in content["rows"])
    note = f"\n\\par\\footnotesize {escape_tex(content['note'])}" if content.get("note") else ""
    return (
        f"\\begin{{table}}\n\\centering\n\\caption{{{escape_tex(display.caption)}}}\n\\label{{{display.label}}}\n"
        f"\\begin{{tabular}}{{{sides}}}\n\\toprule\n{head} \\\\\n\\midrule\n{body}\\bottomrule\n"
        f"\\end{{tabular}}{note}\n\\end{{table}}\n"
    ).encode()


def _table_xlsx(display: Display) -> bytes:
    """Workbook with the values on the first sheet and what they are on the second."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = "Table"
    names, rows = flattened(*_values(display))
    for row in [names, *rows]:
        sheet.append([None] * len(names))
        for cell, value in zip(sheet[sheet.max_row], row, strict=True):
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    about = book.create_sheet("About")
    for line in (display.caption, display.content.get("note") or ""):
        about.append([escape_formula(line)])
    stream = io.BytesIO()
    book.save(stream)
    return _same_bytes(stream.getvalue())


def _same_bytes(archive: bytes) -> bytes:
    """Take the clock out of a workbook."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _XLSX_DATE, content)
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(entry, content)
    return stream.getvalue()


FIGURE_MAKERS: dict[str, Callable[[Display], bytes]] = {
    "svg": _figure_svg,
    "png": _figure_copy("png"),
    "pdf": _figure_copy("pdf"),
    "csv": _figure_csv,
}
TABLE_MAKERS: dict[str, Callable[[Display], bytes]] = {
    "csv": _table_csv,
    "tex": _table_tex,
    "xlsx": _table_xlsx,
}


def search_index(pages: Sequence[Page]) -> str:
    """Write the index as a script that sets one variable."""
    built = [page for page in pages if page.html]
    index = {
        "pages": [[f"{page.name}.html", page.title] for page in built],
        "sections": [
            [number, anchor, heading, text]
            for number, page in enumerate(built)
            for anchor, heading, text in page.sections
            if text or heading
        ],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    # Two line ends of Unicode that old script engines take for ends of a statement.
    return f"window.regintIndex={text.replace(chr(0x2028), ' ').replace(chr(0x2029), ' ')};\n"


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
    """Make every file of the site: relative path with ``/`` -> bytes."""
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
