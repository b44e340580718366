"""The site: index, list of figures and tables, downloads, search, and what differs from a published one."""

from __future__ import annotations

import io
import json
import re
import zipfile
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime
from difflib import SequenceMatcher
from html import escape
from itertools import chain, combinations, zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from textfiles.problems import Problem
from textfiles.text import as_csv, escape_formula, escape_tex

from nbarticle import layout
from nbarticle.cache import files_below
from nbarticle.citations import Bibliography, Glossary
from nbarticle.document import Display, Document, Page
from nbarticle.markdown import reference_list, to_html
from nbarticle.settings import Front, Settings
from nbarticle.typography import curly

# The earliest time a zip archive can carry.
_DATE = datetime(1980, 1, 1)
# The workbook with every table of the site.
ALL_TABLES = "tables/all-tables.xlsx"
# What may be offered from the data folder: plain text, and nothing hidden.
DATA_KINDS = (".csv", ".json", ".bib", ".md", ".txt")


def download(display: Display, kind: str) -> bytes:
    """Make a file of a figure or table."""
    if kind in ("png", "pdf"):
        return b64decode(display.content[kind])
    if kind == "svg":
        drawing = display.content["svg"].replace("<svg ", '<svg color="#1b1d23" ', 1)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'.encode()
    if kind == "tex":
        return _tex(display).encode()
    return _workbook([display]) if kind == "xlsx" else as_csv(*values_of(display)).encode()


def values_of(display: Display) -> tuple[list[str], list[list[Any]]]:
    """Names and unrounded values; an interval gives each end a column, any other list is one text."""
    content = display.content
    if display.kind == "figure":
        data = content.get("data") or {"columns": [], "rows": []}
        names, rows = data["columns"], data["rows"]
    else:
        names = [column["name"] for column in content["columns"]]
        rows = content.get("values") or content["rows"]
    heads: list[str] = []
    columns: list[list[Any]] = []
    for place, name in enumerate(names):
        values = [row[place] for row in rows]
        given = [value for value in values if value is not None]
        if given and all(isinstance(value, list) and len(value) == 2 for value in given):
            heads += [f"{name}_lower", f"{name}_upper"]
            columns += [[None if value is None else value[end] for value in values] for end in (0, 1)]
        else:
            heads.append(name)
            columns.append(["; ".join(map(str, v)) if isinstance(v, list) else v for v in values])
    return heads, [list(row) for row in zip(*columns, strict=True)]


def _tex(display: Display) -> str:
    """Table for a manuscript, as printed on the page; needs the package booktabs."""
    content = display.content
    sides = "".join("r" if column["align"] == "right" else "l" for column in content["columns"])
    head = " & ".join(escape_tex(column["header"]) for column in content["columns"])
    body = "".join(f"{' & '.join(escape_tex(cell) for cell in row)} \\\\\n" for row in content["rows"])
    note = f"\n\\par\\footnotesize {escape_tex(content['note'])}" if content.get("note") else ""
    caption = f"\\caption{{{escape_tex(display.caption)}}}\n\\label{{{display.label}}}"
    return (
        f"\\begin{{table}}\n\\centering\n{caption}\n"
        f"\\begin{{tabular}}{{{sides}}}\n\\toprule\n{head} \\\\\n\\midrule\n{body}\\bottomrule\n"
        f"\\end{{tabular}}{note}\n\\end{{table}}\n"
    )


def _workbook(tables: Sequence[Display]) -> bytes:
    """Make a workbook: the values of each table on a sheet, and on the last what they are."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook()
    book.remove(book.active)
    about = book.create_sheet("About")
    for number, display in enumerate(tables, 1):
        sheet = book.create_sheet(f"Table {number}" if len(tables) > 1 else "Table", number - 1)
        names, rows = values_of(display)
        for row in [names, *rows]:
            sheet.append(row)
        for cell in chain.from_iterable(sheet.iter_rows()):
            if isinstance(cell.value, str):  # never a formula
                cell.data_type = "s"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for line in (display.caption, display.content.get("note") or ""):
            about.append([*([sheet.title] if len(tables) > 1 else []), escape_formula(line)])
    book.properties.created = book.properties.modified = _DATE
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(), "w") as plain, zipfile.ZipFile(stream, "w") as packed:
        ExcelWriter(book, plain).write_data()
        for name in sorted(plain.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _DATE.timetuple()[:6])
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            packed.writestr(entry, plain.read(name))
    return stream.getvalue()


# Cells write paragraphs and lists; they are compared by sentence.
SENTENCE_END = re.compile(r"(?<=[.!?]) (?:- )?(?=[A-Z“])")


@dataclass(frozen=True)
class Change:
    """One difference; what one side does not have is empty there."""

    # "sentence", "word" (of a table, such as a verdict), "number" (of a table), or "presence" (what comes,
    # goes, or is drawn or named otherwise).
    kind: str
    # Label of the table or figure.
    place: str
    row: str
    column: str
    published: str
    here: str


def changes(published: Page, page: Page) -> list[Change]:
    """List what differs between the published page of a notebook and another of its pages."""
    return [
        *_sentences(published, page),
        *_displays(published.tables, page.tables),
        *_displays(published.figures, page.figures),
    ]


def _sentences(published: Page, page: Page) -> Iterator[Change]:
    """Compare in order what code has written, the numbers of cells left aside: set parameters shift them."""
    olds, news = (
        [part for _, text in one.computed for part in SENTENCE_END.split(text.removeprefix("- "))]
        for one in (published, page)
    )
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            for old, new in zip_longest(olds[start:end], news[new_start:new_end], fillvalue=""):
                yield Change("sentence", "", "", "", old, new)


def _displays(published: Sequence[Display], here: Sequence[Display]) -> Iterator[Change]:
    """Compare the tables or the figures of two pages: which there are, their captions, what they show."""
    olds, news = ({display.label: display for display in some} for some in (published, here))
    for label in dict.fromkeys([*olds, *news]):
        old, new = olds.get(label), news.get(label)
        said = [one.caption if one else "" for one in (old, new)]
        if old is None or new is None:
            yield Change("presence", label, "", (news | olds)[label].kind, *said)
            continue
        if old.caption != new.caption:
            yield Change("presence", label, "", "caption", *said)
        if old.kind == "table":
            yield from _cells(label, old.content, new.content)
        elif old.caption == new.caption and old.content.get("data") != new.content.get("data"):
            yield Change("presence", label, "", "data of the figure", *said)


def _cells(label: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Compare two tables cell by cell, their rows brought together by what names them."""
    heads, others = ({column["name"]: column for column in one["columns"]} for one in (old, new))
    names = [name for name in heads if name in others]
    for name in dict.fromkeys([*heads, *others]):
        if name not in names:
            said = [one[name]["header"] if name in one else "" for one in (heads, others)]
            yield Change("presence", label, "", "column", *said)
    before, after = (
        [dict(zip([column["name"] for column in one["columns"]], row, strict=True)) for row in one["rows"]]
        for one in (old, new)
    )
    words = {name for name in names if heads[name]["align"] == "left"}
    key = naming_columns(names, words, [before, after])
    rows, new_rows = (
        {tuple(row[name] for name in key) or (str(place),): row for place, row in enumerate(table, 1)}
        for table in (before, after)
    )
    for value in dict.fromkeys([*rows, *new_rows]):
        one, other = rows.get(value), new_rows.get(value)
        called = ", ".join(part for part in value if part)
        if one is None or other is None:
            said = ["; ".join(part for part in row.values() if part) if row else "" for row in (one, other)]
            yield Change("presence", label, called, "row", *said)
            continue
        for name in names:
            if one[name] != other[name]:
                kind = "word" if heads[name]["align"] == "left" else "number"
                header, now = heads[name]["header"], others[name]["header"]
                header = header if header == now else f"{header}, here: {now}"
                yield Change(kind, label, called, header, one[name], other[name])


def naming_columns(
    names: Sequence[str], words: set[str], tables: Sequence[Sequence[Mapping[str, str]]], first: str = ""
) -> tuple[str, ...]:
    """Choose the fewest columns that name the rows of several tables, each by itself; none when none do.

    The leftmost columns of words do, unless by others more rows are found again, and more than half of those
    that could: what two rows that came and went have in common makes no pair of them. On demand only such
    as begin with the column `first`.
    """
    sizes = [len(rows) for rows in tables]
    best, most = tuple[str, ...](), -1
    for key in chain.from_iterable(combinations(names, size) for size in (1, 2, 3)):
        found = [{tuple(row[name] for name in key) for row in rows} for rows in tables]
        again = sum(sizes) - len(set[tuple[str, ...]]().union(*found))
        eligible = (again or words.issuperset(key)) and first in ("", key[0])
        if [*map(len, found)] == sizes and again > most and eligible:
            best, most = key, max(again, (sum(sizes) - max(sizes)) // 2)
    return best


def page_files(page: Page) -> dict[str, bytes]:
    """Make the files of one page: itself, its figures and tables."""
    files = {f"{page.name}.html": page.html.encode()} if page.html else {}
    for display in (*page.figures, *page.tables):
        for kind in display.offered:
            files[display.file(page.name, kind)] = download(display, kind)
    return files


def site_files(
    pages: Sequence[Page],
    settings: Settings | None = None,
    *,
    record: Mapping[str, Any] | None = None,
    data: Path | None = None,
    made: Mapping[str, dict[str, bytes]] = MappingProxyType({}),
    workbook: bytes = b"",
    compared: Sequence[tuple[Page, Mapping[str, Any], bool, Sequence[Change]]] = (),
) -> dict[str, bytes]:
    """Make every file of the site: relative path with ``/`` -> bytes.

    `record` says edition and making; `data` is the folder to offer; `made` are the files of pages by their
    names and `workbook` that with all tables, where they are made already; `compared` holds by variant page,
    parameters, whether the published page is outdated, and what differs.
    """
    settings, record = settings or Settings(), dict(record or {})
    glossary = Glossary.read(settings.folder / settings.glossary)
    files: dict[str, bytes] = {}
    for page in pages:
        files |= made[page.name] if page.name in made else page_files(page)
    if tables := [table for page in pages for table in page.tables]:
        files[ALL_TABLES] = workbook or _workbook(tables)
    named: list[str] = []
    if data is not None:
        paths = [path for path in files_below(data) if path.suffix in DATA_KINDS]
        named = [path.relative_to(data).as_posix() for path in paths]
        files |= {f"data/{name}": path.read_bytes() for name, path in zip(named, paths, strict=True)}
    files["search-index.js"] = _search_index(pages).encode()
    files |= _generated(pages, settings, record, glossary, named, compared)
    _check_links(pages, files, glossary)
    return dict(sorted(files.items()))


def _search_index(pages: Sequence[Page]) -> str:
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
    return f"window.searchIndex={text.replace(chr(0x2028), ' ').replace(chr(0x2029), ' ')};\n"


def _generated(
    pages: Sequence[Page],
    settings: Settings,
    record: dict[str, Any],
    glossary: Glossary,
    data: Sequence[str],
    compared: Sequence[tuple[Page, Mapping[str, Any], bool, Sequence[Change]]],
) -> dict[str, bytes]:
    """Make the pages that no notebook makes."""
    collection = settings.title or layout.UNNAMED

    def fill(template: str, title: str, **values: Any) -> bytes:
        whole = f"{title} – {collection}" if title else collection
        text = layout.fill(
            template,
            settings,
            record,
            running=whole,
            css=layout.part("lists.css"),
            pages=pages,
            page_title=whole,
            short_title=title,
            description=f"{title or 'Start'}: {collection}",
            glossary=bool(glossary.terms),
            **values,
        )
        return text.encode()

    # The sentences that code has written and that hold a number, with their cells.
    numbers = [
        (page, [(cell, text) for cell, text in page.computed if re.search(r"\d", text)]) for page in pages
    ]
    told = [(page.name, cell, text, f"{page.name}.html") for page, said in numbers for cell, text in said]
    bibliography = Bibliography.read(settings.folder / settings.bibliography)
    front = _front(settings.front, layout.made(record)["commit"])
    figures = [(page, figure) for page in pages for figure in page.figures]
    opening = next(((page, figure) for page, figure in figures if figure.label == front.figure), None)
    files = {
        "index.html": fill(
            "index.html.j2", "", kind="index", data=data, front=front, opening=opening, compared=compared
        ),
        "figures-and-tables.html": fill(
            "lists.html.j2",
            "Figures and tables",
            figures=[(page, page.figures) for page in pages if page.figures],
            tables=[(page, page.tables) for page in pages if page.tables],
            workbook=ALL_TABLES,
            numbers=[(page, said) for page, said in numbers if said],
        ),
        # What is found may hold any sign.
        "search.html": fill(
            "search.html.j2",
            "Search",
            search_script=layout.part("search.js"),
            signs="".join(map(chr, layout.TEXT)),
        ),
    }
    if compared:
        files["what-changed.html"] = fill("changes.html.j2", "What changed", compared=compared)
        names = [item.name for item in fields(Change)]
        rows = [[page.name, *astuple(change)] for page, _, _, found in compared for change in found]
        files["what-changed.csv"] = as_csv(["notebook", *names], rows).encode()
    if told:
        files["in-text-numbers.csv"] = as_csv(("notebook", "cell", "sentence", "file"), told).encode()
    if glossary.terms:
        # Sources that the bibliography knows become citations of it; the others stand as they are.
        cites = [
            [
                (key.lower(), bibliography.cite(key)) if bibliography.knows(key) else (key, 0)
                for key in re.split(r"[;,]\s*", term.source)
                if key
            ]
            for term in glossary.terms
        ]
        definitions = [curly(escape(term.definition, quote=False)) for term in glossary.terms]
        files["glossary.html"] = fill(
            "glossary.html.j2",
            "Glossary",
            terms=list(zip(glossary.terms, definitions, cites, strict=True)),
            works=bibliography.works(),
            references=reference_list(Document(bibliography=bibliography)),
        )
    for page in pages:
        if not page.html:
            files[f"{page.name}.html"] = fill("unbuilt.html.j2", page.title, message=page.message)
    return files


def _front(front: Front, commit: str) -> Front:
    """Set the words of the first page."""

    def words(text: str) -> str:
        document = Document()
        return document.keep(to_html(text, document)).removeprefix("<p>").removesuffix("</p>\n")

    commit = f" of commit <code>{commit[:12]}</code>" if commit else ""
    return replace(
        front,
        lead=words(front.lead),
        readers={name: words(text) for name, text in front.readers.items()},
        rerun=words(front.rerun).replace("{commit}", commit),
    )


def _check_links(pages: Sequence[Page], files: Mapping[str, bytes], glossary: Glossary) -> None:
    """Follow every link from one page to another file of the site."""
    sound = [page for page in pages if not page.message]
    anchors = {f"{page.name}.html": set(page.anchors) for page in sound if page.html}
    anchors["glossary.html"] = {term.anchor for term in glossary.terms}
    for page in sound:
        for cell, link in page.links:
            address, _, fragment = unquote(link).partition("#")
            missing = "the site has no such file" if address not in files else ""
            if fragment and fragment not in anchors.get(address, {fragment}):
                missing = "that page has no such place"
            if missing:
                place = f"{page.name}, cell {cell}"
                raise Problem(f"The link to {link} leads nowhere: {missing}.", place=place)
