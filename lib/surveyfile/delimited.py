"""Delimited text, read whole or streamed."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from textfiles.problems import Problem

from surveyfile import engine
from surveyfile.columns import Column, Respondents, in_order, text_column, whole_numbers
from surveyfile.dialect import DELIMITERS, Dialect, column_names, detect_dialect
from surveyfile.identify import LIMITS, Limits, check_size

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
    """Read a delimited file of one row per respondent."""
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
    """What will be read of a delimited file, and how."""

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
            raise Problem(
                f"{path.name}: row 1: column {full[0] + 1} holds answers and has no name: "
                "name it or delete it."
            )
        number = len(self.unnamed)
        left_out = f"{number} empty column{'s' if number > 1 else ''} without a name left out."
        return (*self.dialect.notices, *([left_out] if number else []))


def plan_reading(path: Path, *, encoding: str, delimiter: str, only: Collection[str], limits: Limits) -> Plan:
    """Decide how a delimited file is read, for reading in memory and for streaming alike."""
    dialect = detect_dialect(path, encoding=encoding, delimiter=delimiter, limits=limits)
    names = tuple(column_names(path.name, dialect.header))
    wanted = tuple(i for i, name in enumerate(names) if name and (not only or name in only))
    return Plan(dialect, names, wanted)


def check_rows(path: Path, rows: int) -> None:
    """Refuse a file of column names alone."""
    if rows < 1:
        raise Problem(f"{path.name} has column names and no rows: export the data again.")


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
            raise Problem(
                f"{path.name}: line {last + 1}: {reason}: "
                "double the marks inside a quoted cell or remove them."
            ) from error


def too_long(path: Path, limits: Limits) -> Problem:
    """Problem with a cell that no answer fills."""
    return Problem(
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
        raise Problem(
            f"{path.name} cannot be cut into cells ({_first_clause(error)}): export it again as .csv."
        ) from error
    if ragged.total:
        raise Problem(*_ragged_problems(path, dialect, ragged))
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


_UTF8 = ("utf-8", "utf-8-sig", "ascii")


@contextmanager
def open_text(path: Path, plan: Plan) -> Iterator[engine.Respondents]:
    """Open a delimited file as planned; every cell is text, an empty one is missing."""
    dialect = plan.dialect
    with tempfile.TemporaryDirectory(prefix="regint-") as folder:
        source = Path(folder) / "respondents.csv"
        if dialect.encoding in _UTF8:
            source.symlink_to(path.resolve())  # under a name of ours: patterns in names would be expanded
        else:
            _as_utf8(path, dialect.encoding, source)
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(plan.names)))
        relation = (
            f"read_csv({_quoted(str(source))}, columns = {{{columns}}}, header = true, auto_detect = false, "
            f"skip = {dialect.skip}, delim = {_quoted(dialect.delimiter)}, quote = {_quoted(dialect.quote)}, "
            f"escape = {_quoted(dialect.quote)}, strict_mode = true, null_padding = false, "
            "compression = 'none')"
        )
        with engine.connected(folder) as connection:
            yield engine.Respondents(path.name, connection, relation)


@contextmanager
def open_parquet(path: Path, columns: int) -> Iterator[engine.Respondents]:
    """Open a Parquet file."""
    with tempfile.TemporaryDirectory(prefix="regint-") as folder:
        source = Path(folder) / "respondents.parquet"
        source.symlink_to(path.resolve())
        relation = (
            f"read_parquet({_quoted(str(source))}, hive_partitioning = false) "
            f"AS t({', '.join(f'c{i}' for i in range(columns))})"
        )
        with engine.connected(folder) as connection:
            yield engine.Respondents(path.name, connection, relation)


def _as_utf8(path: Path, encoding: str, target: Path) -> None:
    """Copy a text file as UTF-8, block by block."""
    with (
        path.open(encoding=encoding, newline="") as stream,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while block := stream.read(1 << 22):
            copy.write(block)


def _quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
