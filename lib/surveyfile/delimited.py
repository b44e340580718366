"""Delimited text, read piece by piece."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from textfiles.problems import Problem

from surveyfile.columns import EVERYBODY, Respondents, Wanted
from surveyfile.dialect import DELIMITERS, Dialect, detect_dialect
from surveyfile.engine import Tally
from surveyfile.identify import LIMITS, Limits, check_pieces
from surveyfile.platforms import ROW_NUMBERS, grow, heading

_SHOWN = 5
_BLOCK = 1 << 22  # bytes of a piece; Arrow reads some thirty of them ahead


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
    wanted: Wanted = EVERYBODY,
    encoding: str = "",
    delimiter: str = "",
    limits: Limits = LIMITS,
) -> Respondents:
    """Read a delimited file of one row per respondent, piece by piece."""
    dialect = detect_dialect(path, encoding=encoding, delimiter=delimiter, limits=limits)
    top = heading(path.name, dialect.sample, wanted.header_rows)
    names = top.names
    _check_quotes(path, dialect, limits)
    unnamed = [i for i, name in enumerate(names) if not name]
    read = {i: name for i, name in enumerate(names) if name and wanted.wants(name)}
    check_pieces(path, 0, len(read), limits)
    tally = Tally(path, list(read.values()), wanted, limits=limits)
    header = top.rows  # that are still to be passed over
    row_number = -1
    for batch in _batches(path, dialect, [*read, *unnamed] or [0]):  # one at least, to count the rows
        for i, cells in zip([*read, *unnamed], batch.columns, strict=False):
            codes, texts = np.asarray(cells.indices)[header:], cells.dictionary.to_pylist()
            if max(map(len, texts), default=0) > limits.characters:
                raise _too_long(path, limits)
            if header or i in unnamed:
                used, codes = np.unique(codes, return_inverse=True)
                texts = [texts[code] for code in used]
            if i in read:
                tally.add(read[i], codes, texts)
            elif i == 0 and grow(cells := [texts[code] for code in codes], row_number):
                row_number = int(cells[-1]) if cells else row_number
            elif any(map(str.strip, texts)):
                raise Problem(
                    f"{path.name}: row 1: column {i + 1} holds answers and has no name: name it or delete "
                    "it, or import it with --header-rows 2 if row 2 goes on with the names."
                )
        tally.end_of_piece(max(0, batch.num_rows - header))
        check_pieces(path, tally.rows, len(read), limits)
        header = max(0, header - batch.num_rows)
    if not tally.read:
        raise Problem(f"{path.name} has column names and no rows: export the data again.")
    reading: dict[str, object] = {
        "kind": "delimited text",
        "encoding": dialect.encoding,
        "encoding_reason": dialect.encoding_reason,
        "delimiter": DELIMITERS[dialect.delimiter],
        "header_rows": top.rows,
        "rows": tally.read,
        "columns": len(names) - len(unnamed),
    }
    notices = [*dialect.notices, *top.notices, *([ROW_NUMBERS] if row_number >= 0 else [])]
    if number := len(unnamed) - (row_number >= 0):
        notices.append(f"{number} empty column{'s' if number > 1 else ''} without a name left out.")
    skipped = [name for i, name in enumerate(names) if name and i not in read]
    return tally.finish(reading, notices, skipped, top.wordings, whole=True)


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
            raise Problem(
                f"{path.name}: line {last + 1}: {reason}: "
                "double the marks inside a quoted cell or remove them."
            ) from error


def _too_long(path: Path, limits: Limits) -> Problem:
    """Problem with a cell that no answer fills."""
    return Problem(
        f"{path.name} has a cell longer than {limits.characters:,} characters: "
        "a quotation mark may be missing; correct or leave out that column."
    )


def _batches(path: Path, dialect: Dialect, wanted: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """Wanted cells as dictionary-encoded text, the header as the first row; uneven rows are refused."""
    ragged = _Ragged()
    names = [str(i) for i in range(len(dialect.header))]
    options = {
        "read_options": arrow_csv.ReadOptions(
            use_threads=False,
            column_names=names,
            skip_rows=dialect.skip,
            encoding=dialect.encoding.replace("-sig", ""),
            block_size=_BLOCK,
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
        with arrow_csv.open_csv(path, **options) as stream:
            yield from stream
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeError) as error:
        # The first clause of the parser's message, without the path it may name.
        what = str(error).split(":")[0].split("\n")[0].strip()[:80].lower()
        raise Problem(f"{path.name} cannot be cut into cells ({what}): export it again as .csv.") from error
    problems = [
        f"{path.name}: row {number + dialect.skip}: {cells} cells where the header names {len(names)} "
        f"(cut by {DELIMITERS[dialect.delimiter]}): quote cells that contain the delimiter, or fill the row."
        for number, cells in ragged.found
    ]
    if ragged.total > len(problems):
        problems.append(f"{path.name}: and {ragged.total - len(problems):,} more rows of the wrong width.")
    if problems:
        raise Problem(*problems)
