"""The tables of a survey folder as text: read strictly, with a sentence for each mistake."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from textfiles.problems import Problem, nearest, quoted
from textfiles.text import unescape_formula

from regint.survey.schema import Schema

_LONGEST_CELL = 10_000
_LARGEST_FILE = 50_000_000
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
# Controls; and embeddings, overrides and isolates, which can make a label read as something else on the page.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Sheet:
    """One table as text, with every problem of it and everything that was decided in reading it."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)
    torn: set[str] = field(default_factory=set)
    delimiter: str = ","

    def refuse(self, row: int, column: str, value: str, allowed: str, repair: str) -> None:
        """Add the problem of one cell."""
        self.problems.append(
            f"{self.name}, row {row}, column {column}: value {quoted(value)}; allowed: {allowed}; {repair}."
        )

    def note(self, notice: str) -> None:
        """Add a notice, once."""
        if notice not in self.notices:
            self.notices.append(notice)


def read_sheet(
    path: Path,
    expected: list[str] | None,
    required: list[str],
    *,
    optional: Sequence[str] = (),
    may_be_empty: bool = False,
    may_end_early: bool = False,
) -> Sheet:
    """Read one CSV file as text: the columns expected (None: all), and of the optional ones what there is."""
    sheet = Sheet(path.name)
    try:
        lines = _lines(_decoded(path, sheet), expected and {*expected, *optional}, sheet)
    except Problem as error:  # nothing of such a file can be read
        sheet.problems.extend(error.sentences)
        return sheet
    sheet.columns = [_clean(name, sheet) for name in lines[0][1]]
    there = [name for name in optional if name in sheet.columns]
    expected = sheet.columns if expected is None else [*expected, *there]
    _check_header(sheet, expected, required)
    if not sheet.problems:
        for row, cells in lines[1:]:
            fitted = _fitted(sheet, row, cells, required if may_end_early else expected)
            if fitted:
                _add_row(sheet, row, fitted, expected)
        if not sheet.rows and not sheet.problems and not may_be_empty:
            sheet.problems.append(f"{sheet.name}: only a header, no rows; add at least one row.")
    return sheet


def _lines(text: str, expected: Collection[str] | None, sheet: Sheet) -> list[tuple[int, list[str]]]:
    """Cut a text into rows of cells, each with its number, the header first."""
    first = (text.splitlines() or [""])[0]
    if first.lower().startswith("sep="):
        raise Problem(f"{sheet.name}, row 1: {quoted(first)} is not a header; delete this line.")
    # A delimiter is accepted only when it splits the header into known names.
    names = {mark: [cell.strip().strip('"') for cell in first.split(mark)] for mark in _DELIMITERS}
    known = {mark: sum(expected is None or name in expected for name in names[mark]) for mark in names}
    mark = max(_DELIMITERS, key=lambda m: known[m])
    if mark != "," and known[mark] > known[","]:
        sheet.delimiter = mark
        sheet.notices.append(
            f"{sheet.name}: read with {_DELIMITERS[mark]} as the delimiter instead of a comma."
        )
    rows = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=sheet.delimiter, strict=True):
            rows.append(cells)
    except csv.Error as error:
        raise Problem(
            f"{sheet.name}, row {len(rows) + 1}: the row cannot be split into cells ({error}); "
            "check its quotation marks: a cell that holds one must be quoted and the mark doubled."
        ) from None
    lines = [(row, cells) for row, cells in enumerate(rows, start=1) if any(map(str.strip, cells))]
    if not lines:
        raise Problem(f"{sheet.name}: the file is empty; write the header and at least one row.")
    if blank := [str(row) for row, cells in enumerate(rows, start=1) if not any(map(str.strip, cells))]:
        sheet.notices.append(f"{sheet.name}: blank rows skipped: {', '.join(blank[:10])}.")
    if lines[0][0] != 1:
        raise Problem(f"{sheet.name}, row 1: the header must be the first row; delete the rows above it.")
    # Columns at the right edge without a name, which spreadsheets add, are left out where they are empty.
    header = lines[0][1]
    width = max((place for place, name in enumerate(header, start=1) if name.strip()), default=0)
    return [
        (row, cells if len(cells) > len(header) or any(map(str.strip, cells[width:])) else cells[:width])
        for row, cells in lines
    ]


def _check_header(sheet: Sheet, expected: list[str], required: list[str]) -> None:
    for place, name in enumerate(sheet.columns):
        if name in sheet.columns[:place]:
            sheet.problems.append(f"{sheet.name}, row 1: the column {quoted(name)} stands twice; keep one.")
    unknown = [name for name in sheet.columns if name not in expected]
    for name in required:
        if name not in sheet.columns:
            repair = nearest(name, unknown, f"add a column named {name}").replace("write", "rename", 1)
            sheet.problems.append(f"{sheet.name}, row 1: the column {name} is missing; {repair}.")
    for name in unknown:
        sheet.notices.append(
            f"{sheet.name}: the column {quoted(name)} is not part of the table and was ignored."
        )
    absent = [name for name in expected if name not in {*sheet.columns, *required}]
    if absent:
        sheet.notices.append(f"{sheet.name}: columns absent and taken as empty: {', '.join(absent)}.")


def _fitted(sheet: Sheet, row: int, cells: list[str], needed: list[str]) -> list[str]:
    """Lay a row out under the header; empty for a row that cannot be, which then is a problem."""
    width = len(sheet.columns)
    if len(cells) <= width and not {*sheet.columns[len(cells) :]} & {*needed}:
        if len(cells) < width:
            sheet.note(f"{sheet.name}: rows that end early were taken to end in empty cells.")
        return [*cells, *[""] * (width - len(cells))]
    repair = "quote a cell that contains the delimiter" if len(cells) > width else "add the missing cells"
    there = f"{len(cells)} cell{'s' * (len(cells) != 1)}"
    sheet.problems.append(f"{sheet.name}, row {row}: {there} where the header has {width}; {repair}.")
    sheet.torn.update(cells)
    return []


def _add_row(sheet: Sheet, row: int, cells: list[str], expected: list[str]) -> None:
    given = dict(zip(sheet.columns, (_clean(cell, sheet) for cell in cells), strict=True))
    for column, value in given.items():
        if len(value) > _LONGEST_CELL:
            sheet.problems.append(
                f"{sheet.name}, row {row}, column {column}: the cell holds {len(value)} characters; "
                f"allowed: at most {_LONGEST_CELL}; shorten it."
            )
        elif _CONTROLS.search(value):
            sheet.refuse(row, column, value, "one line of plain text", "delete its control character")
    sheet.rows.append((row, {name: given.get(name, "") for name in expected}))


def _clean(text: str, sheet: Sheet) -> str:
    plain = unescape_formula(text)
    cleaned = unicodedata.normalize("NFC", plain).strip()
    if cleaned != plain:
        sheet.note(f"{sheet.name}: spaces around cells were removed and letters composed (Unicode NFC).")
    return cleaned


def _decoded(path: Path, sheet: Sheet) -> str:
    """Read a file as UTF-8."""
    if not path.is_file():
        raise Problem(f"{path.name}: the file is missing; {_misnamed(path)}.")
    if path.stat().st_size > _LARGEST_FILE:
        raise Problem(
            f"{path.name}: the file exceeds {_LARGEST_FILE // 1_000_000} MB; a survey folder holds printed "
            "tables, so bring answers of single respondents through `regint import`."
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem(
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions."
        ) from None
    if data.startswith(b"\xef\xbb\xbf"):
        sheet.notices.append(f"{path.name}: a byte order mark at the start was skipped.")
        data = data[3:]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data:
        kind = "a ZIP or Excel file" if data.startswith(b"PK") else "UTF-16 or binary"
        raise Problem(f"{sheet.name}: not text in UTF-8 but {kind}; save it as CSV in UTF-8.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise Problem(
            f"{sheet.name}, line {row}: the byte 0x{data[error.start]:02X} is not UTF-8; save it as CSV "
            "in UTF-8 (an older spreadsheet writes Windows-1252 or a Cyrillic code page)."
        ) from None


def _misnamed(path: Path) -> str:
    if path.exists():
        return "something else has this name, such as a folder: put the table in its place"
    folder = path.parent
    present = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    for name in present:
        if name.lower() == path.name.lower() or Path(name).stem.lower() == path.stem.lower():
            return f"rename {quoted(name)} to {path.name} if that is meant"
    return nearest(path.name, present, f"add {path.name} to the folder").replace("write", "rename", 1)


# Truth values as spreadsheets write them, by language: the file was typed as true and false.
_TRUE = {"TRUE", "WAHR", "VRAI", "VERDADERO", "VERO", "VERDADEIRO", "WAAR", "PRAWDA", "ИСТИНА", "DOĞRU"}
_FALSE = {"FALSE", "FALSCH", "FAUX", "FALSO", "ONWAAR", "FAŁSZ", "ЛОЖЬ", "YANLIŞ"}
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_DECIMAL_POINT = re.compile(r"-?[0-9]+\.[0-9]+")


def undo_language(sheet: Sheet, schema: Schema) -> None:
    """Turn decimal commas into points and a spreadsheet's own truth values into true and false."""
    numbers = [f["name"] for f in schema["fields"] if f["type"] == "number" or f["name"] == "printed"]
    values = [cells[name] for _, cells in sheet.rows for name in numbers]
    commas = [value for value in values if _DECIMAL_COMMA.fullmatch(value)]
    if commas and sheet.delimiter != "," and not any(_DECIMAL_POINT.fullmatch(value) for value in values):
        example = f"{commas[0]} as {commas[0].replace(',', '.')}"
        sheet.notices.append(f"{sheet.name}: decimal commas were read as points, {example}.")
        _replace(sheet, numbers, {value: value.replace(",", ".") for value in commas})
    truths = [f["name"] for f in schema["fields"] if f["type"] == "boolean"]
    words = {word: "true" for word in _TRUE} | {word: "false" for word in _FALSE}
    found = sorted({cells[name] for _, cells in sheet.rows for name in truths} & words.keys())
    if found:
        read = ", ".join(f"{word} as {words[word]}" for word in found)
        sheet.notices.append(f"{sheet.name}: {read}: a spreadsheet's own words for what was typed.")
        _replace(sheet, truths, words)


def _replace(sheet: Sheet, columns: list[str], words: dict[str, str]) -> None:
    for _, cells in sheet.rows:
        for name in columns:
            cells[name] = words.get(cells[name], cells[name])
