"""How a delimited file is written: encoding, delimiter, header; decided for the whole file or refused."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from regint.survey.imports.encodings import check_encoding, detect_encoding
from regint.survey.imports.respondents import tidy_text
from regint.survey.imports.sniffing import LIMITS, Limits, ReadingError, check_size

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""Delimiters tried, with their names."""

_SAMPLE_ROWS = 500


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written.

    Parameters
    ----------
    encoding, encoding_reason : str
        Encoding and why it was taken.
    delimiter : str
        One of `DELIMITERS`.
    skip : int
        Lines before the header (the `sep=` line of spreadsheets).
    header : tuple of str
        Column names as they stand in the file.
    quote : str
        Quotation mark around cells; single where all column names stand in single marks.
    notices : tuple of str
        Sentences for the reader.
    """

    encoding: str
    encoding_reason: str
    delimiter: str
    skip: int
    header: tuple[str, ...]
    quote: str = '"'
    notices: tuple[str, ...] = ()


def detect_dialect(
    path: Path, *, encoding: str = "", delimiter: str = "", limits: Limits = LIMITS
) -> Dialect:
    r"""Decide encoding, delimiter and header of a delimited file.

    A delimiter is taken when it alone cuts every sampled row into the same number of cells, two at least.

    Parameters
    ----------
    path : Path
        The file.
    encoding, delimiter : str
        Stated by the user; empty to decide from the file.
    limits : Limits
        What is allowed.

    Returns
    -------
    Dialect
        The decisions.

    Raises
    ------
    ReadingError
        When no delimiter or more than one fits, or the header is unusable.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("item;share\nA;12,5\nB;7,5\n")
    >>> detect_dialect(path).delimiter
    ';'
    """
    if encoding:
        name, reason = check_encoding(path, encoding), "stated by the user"
    else:
        name, reason = detect_encoding(path)
    lines = _first_lines(path, name)
    skip, notices = 0, []
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].rstrip("\r\n")) == 5:
        notices.append(f"The first line, {lines[0].rstrip()!r}, states the delimiter and is not data.")
        delimiter = delimiter or lines[0][4]
        skip, lines = 1, lines[1:]
    delimiter = _named_delimiter(delimiter) if delimiter else _vote(path, lines)
    header = _header(path, lines, delimiter, limits)
    quote = "'" if len(header) > 1 and all(re.fullmatch("'.+'", cell) for cell in header) else '"'
    if quote == "'":
        header = tuple(cell[1:-1] for cell in header)
        notices.append(
            "Column names stand in single quotation marks, so these were read as the marks around cells."
        )
    return Dialect(name, reason, delimiter, skip, header, quote, tuple(notices))


def _first_lines(path: Path, encoding: str) -> list[str]:
    """Lines to decide on; a quoted cell may run over several."""
    with path.open(encoding=encoding, newline="") as stream:
        text = stream.read(1 << 20)
    lines = list(io.StringIO(text, newline=""))  # ends at line ends only, not at every mark Unicode calls one
    complete = lines if len(text) < 1 << 20 else lines[:-1]
    return complete[:_SAMPLE_ROWS]


def _named_delimiter(delimiter: str) -> str:
    """Give a delimiter as a character, from the character or its name."""
    names = {name: mark for mark, name in DELIMITERS.items()} | {"\\t": "\t"}
    mark = names.get(delimiter, delimiter)
    if mark not in DELIMITERS:
        raise ReadingError(
            f"{delimiter!r} is no delimiter this reader knows: use one of {', '.join(DELIMITERS.values())}."
        )
    return mark


def _widths(lines: Sequence[str], delimiter: str) -> list[int]:
    """Cells per sampled row, blank rows left out."""
    reader = csv.reader(lines, delimiter=delimiter)
    return [len(row) for row in _tolerant(reader) if any(cell.strip() for cell in row) or len(row) > 1]


def _tolerant(reader: object) -> list[list[str]]:
    """Rows until the first one the csv module cannot read; the strict pass reports that one."""
    rows: list[list[str]] = []
    try:
        for row in reader:  # type: ignore[attr-defined]
            rows.append(row)
    except csv.Error:
        pass
    return rows


def _vote(path: Path, lines: Sequence[str]) -> str:
    """Choose the one delimiter that cuts all sampled rows alike, else the one that cuts most."""
    widths = {mark: _widths(lines, mark) for mark in DELIMITERS}
    even = [mark for mark, found in widths.items() if found and min(found) == max(found) >= 2]
    if len(even) > 1:  # a cut through quoted cells leaves half a pair of marks on each side
        even = [mark for mark in even if not _tears_quotes(lines, mark)] or even
    if len(even) == 1:
        return even[0]
    if even:
        names = " and ".join(DELIMITERS[mark] for mark in even)
        raise ReadingError(f"{path.name} can be cut by {names} alike: state the delimiter with --delimiter.")
    uneven = [(_share_of_mode(found), mark) for mark, found in widths.items()]
    share, mark = max(uneven)
    if share < 0.5:
        raise ReadingError(
            f"{path.name} has no delimiter that cuts its rows into columns (tried "
            f"{', '.join(DELIMITERS.values())}): export it as .csv with one row per respondent."
        )
    return mark


def _tears_quotes(lines: Sequence[str], delimiter: str) -> bool:
    """Whether some cell is left with an odd number of quotation marks."""
    rows = _tolerant(csv.reader(lines, delimiter=delimiter))
    return any(cell.count('"') % 2 for row in rows for cell in row)


def _share_of_mode(widths: list[int]) -> float:
    """Share of rows that have the commonest width, among widths of two and more."""
    several = Counter(width for width in widths if width > 1)
    return several.most_common(1)[0][1] / len(widths) if several else 0.0


def _header(path: Path, lines: Sequence[str], delimiter: str, limits: Limits) -> tuple[str, ...]:
    """Column names from the first row, checked."""
    rows = _tolerant(csv.reader(lines, delimiter=delimiter))
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise ReadingError(f"{path.name} does not begin with column names: delete empty lines at the top.")
    header = rows[0]
    body = Counter(len(row) for row in rows[1:] if row)
    usual = body.most_common(1)[0][0] if body else len(header)
    if len(header) == 1 and usual > 1:
        raise ReadingError(
            f"{path.name}: row 1 holds one cell and the rows below hold {usual}: "
            "delete the title lines above the column names."
        )
    if len(header) != usual:
        raise ReadingError(
            f"{path.name}: the header names {len(header)} columns and the rows hold {usual}: "
            "the columns would shift; add the missing name or remove the spare delimiter at the line ends."
        )
    check_size(path.name, 0, len(header), limits)
    return tuple(header)


def column_names(name: str, header: Sequence[str]) -> list[str]:
    """Usable column names: tidied, none empty, none twice, and not all numbers.

    Parameters
    ----------
    name : str
        File name, for the sentence.
    header : sequence of str
        Cells of the first row.

    Returns
    -------
    list of str
        Names in the file's order; an unnamed column has the empty string.

    Raises
    ------
    ReadingError
        With all problems at once.

    Examples
    --------
    >>> column_names("a.csv", ["id", " q1 "])
    ['id', 'q1']
    """
    names = [tidy_text(cell) for cell in header]
    twice = [text for text, times in Counter(names).items() if times > 1 and text]
    problems = [
        f"{name}: row 1: the column name {text!r} occurs {names.count(text)} times "
        "(names that differ only by spaces, accents' spelling "
        "or invisible characters count as one): rename one."
        for text in twice
    ]
    if all(_is_number(text) for text in names if text) and any(names):
        problems.append(
            f"{name}: row 1 holds numbers only, so it looks like "
            "answers: put the column names in the first row."
        )
    if problems:
        raise ReadingError(*problems)
    return names


def _is_number(text: str) -> bool:
    """Whether a header cell is a number, with either decimal mark."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
