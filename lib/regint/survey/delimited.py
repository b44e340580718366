"""Delimited text (.csv, .tsv, .txt) read as text, with every decision stated.

pandas reads `A;12,5` as the integer 5 and turns `007` into 7, in silence. Here every cell stays text;
encoding and delimiter are decided for the file as a whole, and a file that could be read in two ways is
refused. The cells themselves are read by pyarrow, which keeps each distinct text once and needs four bytes
per answer.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from regint.survey.encodings import check_encoding, detect_encoding
from regint.survey.respondents import Column, Respondents, in_order, text_column, tidy_text, whole_numbers
from regint.survey.sniffing import LIMITS, Limits, ReadingError, check_size

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""Delimiters tried, with their names."""

_SAMPLE_ROWS = 500
_SHOWN = 5


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
    notices : tuple of str
        Sentences for the reader.
    """

    encoding: str
    encoding_reason: str
    delimiter: str
    skip: int
    header: tuple[str, ...]
    notices: tuple[str, ...] = ()


@dataclass
class _Ragged:
    """Collects the rows whose number of cells is not the header's."""

    found: list[tuple[int, int]] = field(default_factory=list)
    total: int = 0

    def __call__(self, row: arrow_csv.InvalidRow) -> str:
        """Remember the row for the report; it is never dropped in silence, the file is refused."""
        self.total += 1
        if len(self.found) < _SHOWN:
            self.found.append((row.number, row.actual_columns))
        return "skip"


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
        delimiter = delimiter or lines[0][4]
        skip, lines = 1, lines[1:]
        notices.append(
            f"The first line, {lines and 'sep=' + delimiter!r}, states the delimiter and is not data."
        )
    delimiter = _named_delimiter(delimiter) if delimiter else _vote(path, lines)
    header = _header(path, lines, delimiter, limits)
    return Dialect(name, reason, delimiter, skip, header, tuple(notices))


def _first_lines(path: Path, encoding: str) -> list[str]:
    """Lines to decide on; a quoted cell may run over several."""
    with path.open(encoding=encoding, newline="") as stream:
        text = stream.read(1 << 20)
    lines = text.splitlines(keepends=True)
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
    rows = itertools.takewhile(lambda _: True, _tolerant(reader))
    return [len(row) for row in rows if any(cell.strip() for cell in row) or len(row) > 1]


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


def read_delimited(
    path: Path,
    *,
    encoding: str = "",
    delimiter: str = "",
    only: Collection[str] = (),
    limits: Limits = LIMITS,
) -> Respondents:
    r"""Read a delimited file of one row per respondent.

    Parameters
    ----------
    path : Path
        The file.
    encoding, delimiter : str
        Stated by the user; empty to decide from the file.
    only : collection of str
        Columns to read; all when empty.
    limits : Limits
        What is allowed.

    Returns
    -------
    Respondents
        All cells as text, empty cells as silence.

    Raises
    ------
    ReadingError
        With the file, the rows and the remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id;q1\n007;NA\n008;\n")
    >>> read = read_delimited(path)
    >>> read.columns["q1"].texts, read.columns["q1"].codes.tolist(), read.columns["id"].texts
    (('NA',), [0, -1], ('007', '008'))
    """
    dialect = detect_dialect(path, encoding=encoding, delimiter=delimiter, limits=limits)
    names = column_names(path.name, dialect.header)
    _check_quotes(path, dialect, limits)
    wanted = [i for i, name in enumerate(names) if name and (not only or name in only)]
    table = _read_cells(path, dialect, wanted)
    rows = table.num_rows - 1
    if rows < 1:
        raise ReadingError(f"{path.name} has column names and no rows: export the data again.")
    check_size(path.name, rows, len(wanted), limits)
    columns, notices = _columns(table, [names[i] for i in wanted])
    notices += _unnamed_notice(path, dialect, names)
    reading: dict[str, object] = {
        "kind": "delimited text",
        "encoding": dialect.encoding,
        "encoding_reason": dialect.encoding_reason,
        "delimiter": DELIMITERS[dialect.delimiter],
        "rows": rows,
        "columns": len([name for name in names if name]),
    }
    skipped = tuple(name for i, name in enumerate(names) if name and i not in set(wanted))
    return Respondents(columns, rows, reading, (*dialect.notices, *notices), skipped=skipped)


def _check_quotes(path: Path, dialect: Dialect, limits: Limits) -> None:
    """Let the csv module, which is strict about quotes, pass over a file that has any; pyarrow is lenient."""
    with path.open("rb") as stream:
        if not any(b'"' in block for block in iter(lambda: stream.read(1 << 22), b"")):
            return
    csv.field_size_limit(limits.characters)
    with path.open(encoding=dialect.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=dialect.delimiter, strict=True)
        last = 0
        try:
            for _ in reader:
                last = reader.line_num
        except csv.Error as error:
            reason = (
                "a quotation mark is opened and not closed" if "unexpected end" in str(error) else str(error)
            )
            raise ReadingError(
                f"{path.name}: line {last + 1}: {reason}: double "
                "the marks inside a quoted cell or remove them."
            ) from error


def _read_cells(path: Path, dialect: Dialect, wanted: Sequence[int]) -> pa.Table:
    """All wanted cells as dictionary-encoded text, the header as the first row."""
    ragged = _Ragged()
    names = [str(i) for i in range(len(dialect.header))]
    options = {
        "read_options": arrow_csv.ReadOptions(
            use_threads=False,
            column_names=names,
            skip_rows=dialect.skip,
            encoding=dialect.encoding.replace("-sig", ""),
            block_size=1 << 24,
        ),
        "parse_options": arrow_csv.ParseOptions(
            delimiter=dialect.delimiter, newlines_in_values=True, invalid_row_handler=ragged
        ),
        "convert_options": arrow_csv.ConvertOptions(
            strings_can_be_null=False,
            include_columns=[str(i) for i in wanted],
            column_types={name: pa.dictionary(pa.int32(), pa.string()) for name in names},
        ),
    }
    try:
        table = arrow_csv.read_csv(path, **options)
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeError) as error:
        raise ReadingError(
            f"{path.name} cannot be cut into cells ({_first_clause(error)}): export it again as .csv."
        ) from error
    if ragged.total:
        raise ReadingError(*_ragged_problems(path, dialect, ragged))
    return table


def _first_clause(error: Exception) -> str:
    """First clause of a parser's message, without the path it may name."""
    return str(error).split(":")[0].split("\n")[0].strip()[:80].lower()


def _ragged_problems(path: Path, dialect: Dialect, ragged: _Ragged) -> list[str]:
    """One sentence for each of the first uneven rows, and one for the rest."""
    width = len(dialect.header)
    problems = [
        f"{path.name}: row {number + dialect.skip}: {cells} cells where the header names {width} "
        f"(cut by {DELIMITERS[dialect.delimiter]}): quote cells that contain the delimiter, or fill the row."
        for number, cells in ragged.found
    ]
    if ragged.total > len(problems):
        problems.append(f"{path.name}: and {ragged.total - len(problems):,} more rows of the wrong width.")
    return problems


def _columns(table: pa.Table, names: Sequence[str]) -> tuple[dict[str, Column], list[str]]:
    """Columns in the common form; the header, read as the first row, is left out."""
    columns: dict[str, Column] = {}
    notices: list[str] = []
    for name, cells in zip(names, table.columns, strict=True):
        united = cells.unify_dictionaries().combine_chunks()
        chunk = united.chunk(0) if isinstance(united, pa.ChunkedArray) else united
        codes = np.asarray(chunk.indices)[1:].astype(np.int32)
        column, found = text_column(name, codes, chunk.dictionary.to_pylist())
        column, whole = whole_numbers(column)
        columns[name] = in_order(column)
        notices += found + whole
    return columns, notices


def _unnamed_notice(path: Path, dialect: Dialect, names: Sequence[str]) -> list[str]:
    """Refuse an unnamed column that holds answers; mention one that is empty."""
    unnamed = [i for i, name in enumerate(names) if not name]
    if not unnamed:
        return []
    table = _read_cells(path, dialect, unnamed)
    full = [
        i
        for i, cells in zip(unnamed, table.columns, strict=True)
        if any(str(cell).strip() for cell in cells.unique().to_pylist())
    ]
    if full:
        raise ReadingError(
            f"{path.name}: row 1: column {full[0] + 1} holds answers and has no name: name it or delete it."
        )
    return [f"{len(unnamed)} empty column{'s' if len(unnamed) > 1 else ''} without a name left out."]
