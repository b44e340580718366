"""Read a CSV file as text and nothing but text: bytes to rows, every reading decision noted."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from regint.survey.imports.cells import unguarded
from regint.survey.problems import nearest, quoted

LARGEST_FILE = 50_000_000
LONGEST_CELL = 10_000
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
# Embeddings, overrides and isolates can make a label read as something else on the page.
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass
class Sheet:
    """
    One table as text.

    Attributes
    ----------
    name : str
        File name within the folder.
    columns : list of str
        The header.
    rows : list of tuple
        ``(row number, {column: text})``; rows are numbered as a spreadsheet does, the header is row 1.
    problems, notices : list of str
        What went wrong, and which reading decisions were taken.
    bad_rows : set of int
        Rows with a cell that cannot be converted; nothing more is concluded from them.
    """

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)


def read_sheet(path: Path, expected: list[str], required: list[str], may_be_empty: bool = False) -> Sheet:
    r"""
    Read one CSV file as text.

    Parameters
    ----------
    path : Path
        The file.
    expected : list of str
        Columns that the table may have.
    required : list of str
        Columns that it must have.
    may_be_empty : bool
        Whether a header alone will do.

    Returns
    -------
    Sheet
        Rows with every expected column as text, and all problems and notices.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "questions.csv"
    >>> _ = path.write_text("question;kind\nq1;007\n", encoding="utf-8")
    >>> sheet = read_sheet(path, ["question", "kind"], ["question"])
    >>> sheet.rows
    [(2, {'question': 'q1', 'kind': '007'})]
    >>> sheet.notices
    ['questions.csv: read with semicolon as the delimiter instead of a comma.']
    >>> folder.cleanup()
    """
    sheet = Sheet(path.name)
    text = _decoded(path, sheet)
    if text is None:
        return sheet
    lines = _split(text, expected, sheet)
    if not lines:
        return sheet
    _, header = lines[0]
    sheet.columns = [_clean(name, sheet) for name in header]
    _check_header(sheet, expected, required)
    if not sheet.problems:
        for row, cells in lines[1:]:
            _add_row(sheet, row, cells, expected)
        if not sheet.rows and not sheet.problems and not may_be_empty:
            sheet.problems.append(f"{sheet.name}: only a header, no rows; add at least one row.")
    return sheet


def header(path: Path) -> list[str]:
    """
    Give the column names in the first line of a CSV file, without any judgement of it.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of str
        The names; empty if there is no such file.

    Examples
    --------
    >>> header(Path("nowhere.csv"))
    []
    """
    try:
        with path.open("rb") as stream:
            first = stream.readline(10_000).decode("utf-8-sig", errors="replace")
    except OSError:
        return []
    return [name.strip().strip('"') for name in re.split("[,;\\t]", first)]


def _decoded(path: Path, sheet: Sheet) -> str | None:
    if not path.is_file():
        sheet.problems.append(f"{path.name}: the file is missing; {_misnamed(path)}.")
        return None
    if path.stat().st_size > LARGEST_FILE:
        sheet.problems.append(
            f"{path.name}: the file exceeds {LARGEST_FILE // 1_000_000} MB; a survey folder holds printed "
            "tables, so bring answers of single respondents through `regint import`."
        )
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        sheet.problems.append(
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions."
        )
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        sheet.notices.append(f"{path.name}: a byte order mark at the start was skipped.")
        data = data[3:]
    if not data.strip():
        sheet.problems.append(f"{path.name}: the file is empty; write the header and at least one row.")
        return None
    return _utf8(data, sheet)


def _utf8(data: bytes, sheet: Sheet) -> str | None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data:
        kind = "a ZIP or Excel file" if data.startswith(b"PK") else "UTF-16 or binary"
        sheet.problems.append(f"{sheet.name}: not text in UTF-8 but {kind}; save it as CSV in UTF-8.")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        sheet.problems.append(
            f"{sheet.name}, line {row}: the byte 0x{data[error.start]:02X} is not UTF-8; save it as CSV "
            "in UTF-8 (an older spreadsheet writes Windows-1252 or a Cyrillic code page)."
        )
        return None


def _misnamed(path: Path) -> str:
    if path.exists():
        return "something else has this name, such as a folder: put the table in its place"
    folder = path.parent
    present = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    for name in present:
        if name.lower() == path.name.lower() or Path(name).stem.lower() == path.stem.lower():
            return f"rename {quoted(name)} to {path.name} if that is meant"
    return nearest(path.name, present, f"add {path.name} to the folder").replace("write", "rename", 1)


def _split(text: str, expected: list[str], sheet: Sheet) -> list[tuple[int, list[str]]]:
    first = text.splitlines()[0]
    if first.lower().startswith("sep="):
        sheet.problems.append(f"{sheet.name}, row 1: {quoted(first)} is not a header; delete this line.")
        return []
    # A delimiter is accepted only when it splits the header into known names.
    known = {
        mark: sum(cell.strip().strip('"') in expected for cell in first.split(mark)) for mark in _DELIMITERS
    }
    mark = max(_DELIMITERS, key=lambda m: known[m])
    if mark != "," and known[mark] > known[","]:
        sheet.notices.append(
            f"{sheet.name}: read with {_DELIMITERS[mark]} as the delimiter instead of a comma."
        )
    else:
        mark = ","
    return _parsed(text, mark, sheet)


def _parsed(text: str, mark: str, sheet: Sheet) -> list[tuple[int, list[str]]]:
    lines: list[tuple[int, list[str]]] = []
    blank: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                lines.append((row, cells))
            else:
                blank.append(str(row))
    except csv.Error as error:
        sheet.problems.append(
            f"{sheet.name}, row {row + 1}: the row cannot be split into cells ({error}); "
            "check its quotation marks: a cell that holds one must be quoted and the mark doubled."
        )
        return []
    if blank:
        sheet.notices.append(f"{sheet.name}: blank rows skipped: {', '.join(blank[:10])}.")
    if lines and lines[0][0] != 1:
        sheet.problems.append(
            f"{sheet.name}, row 1: the header must be the first row; delete the rows above it."
        )
        return []
    return lines


def _check_header(sheet: Sheet, expected: list[str], required: list[str]) -> None:
    seen: set[str] = set()
    for name in sheet.columns:
        if name in seen:
            sheet.problems.append(f"{sheet.name}, row 1: the column {quoted(name)} stands twice; keep one.")
        seen.add(name)
    unknown = [name for name in sheet.columns if name not in expected]
    for name in required:
        if name not in seen:
            repair = nearest(name, unknown, f"add a column named {name}").replace("write", "rename", 1)
            sheet.problems.append(f"{sheet.name}, row 1: the column {name} is missing; {repair}.")
    for name in unknown:
        sheet.notices.append(
            f"{sheet.name}: the column {quoted(name)} is not part of the table and was ignored."
        )
    absent = [name for name in expected if name not in seen and name not in required]
    if absent:
        sheet.notices.append(f"{sheet.name}: columns absent and taken as empty: {', '.join(absent)}.")


def _add_row(sheet: Sheet, row: int, cells: list[str], expected: list[str]) -> None:
    width = len(sheet.columns)
    if len(cells) != width:
        sheet.problems.append(
            f"{sheet.name}, row {row}: {len(cells)} cells where the header has {width}; "
            "quote a cell that contains the delimiter, or add the missing cells."
        )
        return
    given = dict(zip(sheet.columns, (_clean(cell, sheet) for cell in cells), strict=True))
    for column, value in given.items():
        if len(value) > LONGEST_CELL:
            sheet.problems.append(
                f"{sheet.name}, row {row}, column {column}: the cell holds {len(value)} characters; "
                f"allowed: at most {LONGEST_CELL}; shorten it."
            )
        elif any(unicodedata.category(c) == "Cc" or c in _DIRECTION_CONTROLS for c in value):
            sheet.problems.append(
                f"{sheet.name}, row {row}, column {column}: value {quoted(value)} holds a control character; "
                "allowed: one line of plain text; delete the character."
            )
    sheet.rows.append((row, {name: given.get(name, "") for name in expected}))


def _clean(text: str, sheet: Sheet) -> str:
    plain = unguarded(text)
    cleaned = unicodedata.normalize("NFC", plain).strip()
    if cleaned != plain:
        notice = f"{sheet.name}: spaces around cells were removed and letters composed (Unicode NFC)."
        if notice not in sheet.notices:
            sheet.notices.append(notice)
    return cleaned
