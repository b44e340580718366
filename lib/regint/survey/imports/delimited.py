"""Delimited text (.csv, .tsv, .txt) read as text, with every decision stated.

pandas reads `A;12,5` as the integer 5 and turns `007` into 7, in silence. Here every cell stays text;
encoding and delimiter are decided for the file as a whole, and a file that could be read in two ways is
refused. The cells themselves are read by pyarrow, which keeps each distinct text once and needs four bytes
per answer.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from regint.survey.imports.dialect import DELIMITERS, Dialect, column_names, detect_dialect
from regint.survey.imports.respondents import Column, Respondents, in_order, text_column, whole_numbers
from regint.survey.imports.sniffing import LIMITS, Limits, ReadingError, check_size

_SHOWN = 5


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


def read_delimited(
    path: Path,
    *,
    encoding: str = "",
    delimiter: str = "",
    only: Collection[str] = (),
    limits: Limits = LIMITS,
    exact: bool = False,
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
    exact : bool
        Keep the ``.0`` of whole numbers, which says how a figure was rounded; codes are read without it.

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
    plan = plan_reading(path, encoding=encoding, delimiter=delimiter, only=only, limits=limits)
    _check_quotes(path, plan.dialect, limits)
    table = _read_cells(path, plan.dialect, plan.wanted or [0])  # one column at least, to count the rows
    rows = table.num_rows - 1
    check_rows(path, rows)
    check_size(path.name, rows, len(plan.wanted), replace(limits, rows=limits.cells))
    names = [plan.names[i] for i in plan.wanted]
    columns = _columns(path, table.select(range(len(plan.wanted))), names, limits, exact)
    full = _full_columns(path, plan) if plan.unnamed else []
    return Respondents(columns, rows, plan.reading(rows), plan.notices(path, full), skipped=plan.skipped)


@dataclass(frozen=True)
class Plan:
    """What will be read of a delimited file, and how.

    Parameters
    ----------
    dialect : Dialect
        How it is written.
    names : tuple of str
        Name of every column; empty for one without.
    wanted : tuple of int
        Positions of the columns to read.
    """

    dialect: Dialect
    names: tuple[str, ...]
    wanted: tuple[int, ...]

    @property
    def skipped(self) -> tuple[str, ...]:
        """Columns of the file that are not read."""
        return tuple(name for i, name in enumerate(self.names) if name and i not in set(self.wanted))

    @property
    def unnamed(self) -> list[int]:
        """Positions of columns without a name."""
        return [i for i, name in enumerate(self.names) if not name]

    def reading(self, rows: int) -> dict[str, object]:
        """Decisions taken while reading, for `import.json`."""
        return {
            "kind": "delimited text",
            "encoding": self.dialect.encoding,
            "encoding_reason": self.dialect.encoding_reason,
            "delimiter": DELIMITERS[self.dialect.delimiter],
            "rows": rows,
            "columns": len([name for name in self.names if name]),
        }

    def notices(self, path: Path, full: Sequence[int]) -> tuple[str, ...]:
        """Sentences for the reader; an unnamed column that holds answers is refused."""
        if full:
            raise ReadingError(
                f"{path.name}: row 1: column {full[0] + 1} holds answers and has no name: "
                "name it or delete it."
            )
        number = len(self.unnamed)
        left_out = f"{number} empty column{'s' if number > 1 else ''} without a name left out."
        return (*self.dialect.notices, *([left_out] if number else []))


def plan_reading(path: Path, *, encoding: str, delimiter: str, only: Collection[str], limits: Limits) -> Plan:
    r"""Decide how a delimited file is read, for reading in memory and for streaming alike.

    Parameters
    ----------
    path, encoding, delimiter, only, limits
        As in `read_delimited`.

    Returns
    -------
    Plan
        Dialect and columns.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id;q1\n1;2\n")
    >>> plan_reading(path, encoding="", delimiter="", only=["q1"], limits=LIMITS).wanted
    (1,)
    """
    dialect = detect_dialect(path, encoding=encoding, delimiter=delimiter, limits=limits)
    names = tuple(column_names(path.name, dialect.header))
    wanted = tuple(i for i, name in enumerate(names) if name and (not only or name in only))
    return Plan(dialect, names, wanted)


def check_rows(path: Path, rows: int) -> None:
    """Refuse a file of column names alone.

    Examples
    --------
    >>> check_rows(Path("a.csv"), 1)
    """
    if rows < 1:
        raise ReadingError(f"{path.name} has column names and no rows: export the data again.")


def _check_quotes(path: Path, dialect: Dialect, limits: Limits) -> None:
    """Let the csv module, which is strict about quotes, pass over a file that has any; pyarrow is lenient."""
    with path.open("rb") as stream:
        if not any(dialect.quote.encode() in block for block in iter(lambda: stream.read(1 << 22), b"")):
            return
    with path.open(encoding=dialect.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
        last = 0
        try:
            for _ in reader:
                last = reader.line_num
        except csv.Error as error:
            if "limit" in str(error):
                raise too_long(path, limits) from error
            unclosed = "unexpected end" in str(error)
            reason = "a quotation mark is opened and not closed" if unclosed else str(error)
            raise ReadingError(
                f"{path.name}: line {last + 1}: {reason}: "
                "double the marks inside a quoted cell or remove them."
            ) from error


def too_long(path: Path, limits: Limits) -> ReadingError:
    """Problem with a cell that no answer fills.

    Examples
    --------
    >>> str(too_long(Path("a.csv"), LIMITS))[:28]
    'a.csv has a cell longer than'
    """
    return ReadingError(
        f"{path.name} has a cell longer than {limits.characters:,} characters: "
        "a quotation mark may be missing; correct or leave out that column."
    )


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
            delimiter=dialect.delimiter,
            quote_char=dialect.quote,
            newlines_in_values=True,
            invalid_row_handler=ragged,
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


def _columns(
    path: Path, table: pa.Table, names: Sequence[str], limits: Limits, exact: bool
) -> dict[str, Column]:
    """Columns in the common form; the header, read as the first row, is left out."""
    columns: dict[str, Column] = {}
    for name, cells in zip(names, table.columns, strict=True):
        united = cells.unify_dictionaries().combine_chunks()
        chunk = united.chunk(0) if isinstance(united, pa.ChunkedArray) else united
        codes = np.asarray(chunk.indices)[1:].astype(np.int32)
        texts = chunk.dictionary.to_pylist()
        if max(map(len, texts), default=0) > limits.characters:
            raise too_long(path, limits)
        column = text_column(name, codes, texts)
        columns[name] = in_order(column if exact else whole_numbers(column))
    return columns


def _full_columns(path: Path, plan: Plan) -> list[int]:
    """Positions of unnamed columns that hold answers."""
    table = _read_cells(path, plan.dialect, plan.unnamed)
    return [
        i
        for i, cells in zip(plan.unnamed, table.columns, strict=True)
        if any(str(cell).strip() for cell in cells.unique().to_pylist())
    ]
