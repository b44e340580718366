"""Delimited text (.csv, .tsv, .txt) read as text, with every decision stated.

pandas reads `A;12,5` as the integer 5 and turns `007` into 7, in silence. Here every cell stays text;
encoding and delimiter are decided for the file as a whole, and a file that could be read in two ways is
refused. The cells themselves are read by pyarrow, which keeps each distinct text once and needs four bytes
per answer.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
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
    table = _read_cells(path, dialect, wanted or [0])  # one column at least, to count the rows
    rows = table.num_rows - 1
    if rows < 1:
        raise ReadingError(f"{path.name} has column names and no rows: export the data again.")
    check_size(path.name, rows, len(wanted), limits)
    columns = _columns(path, table.select(range(len(wanted))), [names[i] for i in wanted], limits)
    notices = (*dialect.notices, *_unnamed_notice(path, dialect, names))
    reading: dict[str, object] = {
        "kind": "delimited text",
        "encoding": dialect.encoding,
        "encoding_reason": dialect.encoding_reason,
        "delimiter": DELIMITERS[dialect.delimiter],
        "rows": rows,
        "columns": len([name for name in names if name]),
    }
    skipped = tuple(name for i, name in enumerate(names) if name and i not in set(wanted))
    return Respondents(columns, rows, reading, notices, skipped=skipped)


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
                raise _too_long(path, limits) from error
            unclosed = "unexpected end" in str(error)
            reason = "a quotation mark is opened and not closed" if unclosed else str(error)
            raise ReadingError(
                f"{path.name}: line {last + 1}: {reason}: "
                "double the marks inside a quoted cell or remove them."
            ) from error


def _too_long(path: Path, limits: Limits) -> ReadingError:
    """Problem with a cell that no answer fills."""
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


def _columns(path: Path, table: pa.Table, names: Sequence[str], limits: Limits) -> dict[str, Column]:
    """Columns in the common form; the header, read as the first row, is left out."""
    columns: dict[str, Column] = {}
    for name, cells in zip(names, table.columns, strict=True):
        united = cells.unify_dictionaries().combine_chunks()
        chunk = united.chunk(0) if isinstance(united, pa.ChunkedArray) else united
        codes = np.asarray(chunk.indices)[1:].astype(np.int32)
        texts = chunk.dictionary.to_pylist()
        if max(map(len, texts), default=0) > limits.characters:
            raise _too_long(path, limits)
        columns[name] = in_order(whole_numbers(text_column(name, codes, texts)))
    return columns


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
