"""Delimited text: its encoding, delimiter and quotation marks told, and its rows read piece by piece."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import mode

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from textfiles.problems import Problem

from surveyfile.columns import EVERYBODY, Respondents, Wanted
from surveyfile.engine import Tally
from surveyfile.identify import LIMITS, PATTERNS, check_pieces, check_size
from surveyfile.platforms import ROW_NUMBERS, grow, heading

_BLOCK = 1 << 22  # bytes of a piece; Arrow reads some thirty of them ahead
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def encoding_of(path: Path, stated: str = "") -> tuple[str, str]:
    """Decide the encoding of a text file and say why, or hold the one that is stated against all of it."""
    with path.open("rb") as stream:
        head = stream.read(4)
    marked = next((name for name, mark in PATTERNS["marks"].items() if mark.match(head)), "")
    if stated:
        try:
            name, reason = codecs.lookup(stated).name, "stated by the user"
            "".encode(name)
        except (LookupError, ValueError) as error:
            raise Problem(
                f"{stated!r} is no known encoding: try utf-8, windows-1252 or windows-1251."
            ) from error
    elif marked:
        name, reason = marked, "the file begins with its byte order mark"
    elif _decodes(path, "utf-8"):
        return "utf-8", "every byte is valid UTF-8"
    else:
        _refuse_other_scripts(path)
        if _decodes(path, "cp1252"):
            return "cp1252", "not valid UTF-8, so read as Windows-1252"
        raise Problem(
            f"{path.name} is neither UTF-8 nor Windows-1252 text: name its encoding with --encoding."
        )
    if not _decodes(path, name):
        raise Problem(f"{path.name} is not valid {name.upper()} text throughout: save it again as UTF-8.")
    return name, reason


def _decodes(path: Path, name: str) -> bool:
    """Whether every byte decodes, read block by block; zero characters mark a binary file."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                if "\x00" in decoder.decode(block):
                    repair = "export it again as UTF-8 .csv"
                    raise Problem(f"{path.name} holds zero bytes, so it is no plain text: {repair}.")
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _refuse_other_scripts(path: Path) -> None:
    """Ask for the encoding where Windows-1252 would turn words into accented nonsense."""
    with path.open("rb") as stream:
        sample = stream.read(_BLOCK)
    whole = sum(map(len, _UTF8_LETTER.findall(sample)))
    if 2 * whole > sum(byte > 0x7F for byte in sample):
        repair = "export it again as UTF-8, or give its true encoding with --encoding"
        raise Problem(f"{path.name} is UTF-8 with some damaged letters: {repair}.")
    for what, letters in PATTERNS["scripts"].items():
        if letters.search(sample):
            raise Problem(f"{path.name} is not UTF-8 and {what}.")


DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""Delimiters tried, with their names."""

_SAMPLE_ROWS = 500


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written."""

    encoding: str
    encoding_reason: str
    delimiter: str
    skip: int
    header: tuple[str, ...]
    quote: str = '"'
    notices: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()  # the first rows, the header with them


def detect_dialect(path: Path, *, encoding: str = "", delimiter: str = "") -> Dialect:
    """Decide encoding, delimiter and header of a delimited file."""
    name, reason = encoding_of(path, encoding)
    lines = _first_lines(path, name)
    skip, notices = 0, []
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].rstrip("\r\n")) == 5:
        notices.append(f"The first line, {lines[0].rstrip()!r}, states the delimiter and is not data.")
        delimiter = delimiter or lines[0][4]
        skip, lines = 1, lines[1:]
    named = {name: mark for mark, name in DELIMITERS.items()} | {"\\t": "\t"}
    delimiter = named.get(delimiter, delimiter) or _vote(path, lines)
    if delimiter not in DELIMITERS:
        known = ", ".join(DELIMITERS.values())
        raise Problem(f"{delimiter!r} is no delimiter this reader knows: use one of {known}.")
    header = _header(path, lines, delimiter)
    quote = "'" if len(header) > 1 and all(re.fullmatch("'.+'", cell) for cell in header) else '"'
    if quote == "'":
        header = tuple(cell[1:-1] for cell in header)
        marks = "these were read as the marks around cells"
        notices.append(f"Column names stand in single quotation marks, so {marks}.")
    if len(header) == 1:
        passed = "blank lines, who may be silent respondents, are passed over"
        notices.append(f"The file has one column; {passed}.")
    sample = tuple(tuple(row) for row in _rows(lines, delimiter, quote) if len(row) == len(header))
    return Dialect(name, reason, delimiter, skip, header, quote, tuple(notices), sample)


def _first_lines(path: Path, encoding: str) -> list[str]:
    """Lines to decide on; a quoted cell may run over several."""
    with path.open(encoding=encoding, newline="") as stream:
        text = stream.read(1 << 20)
    lines = list(io.StringIO(text, newline=""))  # ends at line ends only, not at every mark Unicode calls one
    return (lines if len(text) < 1 << 20 else lines[:-1])[:_SAMPLE_ROWS]


def _rows(lines: Sequence[str], delimiter: str, quote: str = '"') -> list[list[str]]:
    """Rows until the first one the csv module cannot read; the strict pass reports that one."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        for row in csv.reader(lines, delimiter=delimiter, quotechar=quote):
            rows.append(row)
    return rows


def _vote(path: Path, lines: Sequence[str]) -> str:
    """Choose the one delimiter that cuts all sampled rows alike, else the one that cuts most."""
    cut = {
        mark: [row for row in _rows(lines, mark) if len(row) > 1 or "".join(row).strip()]
        for mark in DELIMITERS
    }
    widths = {mark: Counter(map(len, rows)) for mark, rows in cut.items()}
    even = [mark for mark, found in widths.items() if len(found) == 1 and max(found) > 1]
    if len(even) > 1:  # a cut through quoted cells leaves half a pair of marks on each side
        torn = [mark for mark in even if any(cell.count('"') % 2 for row in cut[mark] for cell in row)]
        even = [mark for mark in even if mark not in torn] or even
    if len(even) == 1:
        return even[0]
    if even:
        names = " and ".join(DELIMITERS[mark] for mark in even)
        raise Problem(f"{path.name} can be cut by {names} alike: state the delimiter with --delimiter.")
    answers = [row[0] for row in cut[","][1:]]
    if all(found.keys() == {1} for found in widths.values()) and len({*answers}) < len(answers):
        return ","  # some answer comes again, so these are no lines of a text
    share, mark = max(
        (max((times for width, times in found.items() if width > 1), default=0) / max(1, found.total()), mark)
        for mark, found in widths.items()
    )
    if share < 0.5:
        raise Problem(
            f"{path.name} has no delimiter that cuts its rows into columns (tried "
            f"{', '.join(DELIMITERS.values())}): export it as .csv with one row per respondent."
        )
    return mark


def _header(path: Path, lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """Column names from the first row, checked."""
    rows = _rows(lines, delimiter)
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise Problem(f"{path.name} does not begin with column names: delete empty lines at the top.")
    header, *body = rows
    usual = mode([len(row) for row in body if row] or [len(header)])
    if len(header) == 1 and usual > 1:
        repair = "delete the title lines above the column names"
        raise Problem(f"{path.name}: row 1 holds one cell and the rows below hold {usual}: {repair}.")
    if len(header) != usual:
        raise Problem(
            f"{path.name}: the header names {len(header)} columns and the rows hold {usual}: "
            "the columns would shift; add the missing name or remove the spare delimiter at the line ends."
        )
    check_size(path.name, 0, len(header))
    return tuple(header)


_SHOWN = 5


def read_delimited(
    path: Path, *, wanted: Wanted = EVERYBODY, encoding: str = "", delimiter: str = ""
) -> Respondents:
    """Read a delimited file of one row per respondent, piece by piece."""
    dialect = detect_dialect(path, encoding=encoding, delimiter=delimiter)
    top = heading(path.name, dialect.sample, wanted.header_rows)
    names = top.names
    _check_quotes(path, dialect)
    unnamed = [i for i, name in enumerate(names) if not name]
    read = {i: name for i, name in enumerate(names) if name and wanted.wants(name)}
    tally = Tally(path, list(read.values()), wanted)
    header = top.rows  # that are still to be passed over
    row_number = -1
    for batch in _batches(path, dialect, [*read, *unnamed] or [0]):  # one at least, to count the rows
        for i, cells in zip([*read, *unnamed], batch.columns, strict=False):
            codes, texts = np.asarray(cells.indices)[header:], cells.dictionary.to_pylist()
            if max(map(len, texts), default=0) > LIMITS.characters:
                raise _too_long(path)
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
        check_pieces(path, tally.rows, len(read))
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


def _check_quotes(path: Path, dialect: Dialect) -> None:
    """Let the csv module, which is strict about quotes, pass over a file that has any; pyarrow is lenient."""
    with path.open("rb") as stream:
        if not any(dialect.quote.encode() in block for block in iter(lambda: stream.read(_BLOCK), b"")):
            return
    with path.open(encoding=dialect.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
        last = 0
        try:
            for _ in reader:
                last = reader.line_num
        except csv.Error as error:
            if "limit" in str(error):
                raise _too_long(path) from error
            unclosed = "unexpected end" in str(error)
            reason = "a quotation mark is opened and not closed" if unclosed else str(error)
            repair = "double the marks inside a quoted cell or remove them"
            raise Problem(f"{path.name}: line {last + 1}: {reason}: {repair}.") from error


def _too_long(path: Path) -> Problem:
    """Problem with a cell that no answer fills."""
    return Problem(
        f"{path.name} has a cell longer than {LIMITS.characters:,} characters: "
        "a quotation mark may be missing; correct or leave out that column."
    )


def _batches(path: Path, dialect: Dialect, wanted: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """Wanted cells as dictionary-encoded text, the header as the first row; uneven rows are refused."""
    uneven: list[tuple[int, int]] = []
    total = 0

    def remember(row: arrow_csv.InvalidRow) -> str:
        nonlocal total
        total += 1
        if len(uneven) < _SHOWN:
            uneven.append((row.number, row.actual_columns))
        return "skip"  # for now: the file is refused

    names = [str(i) for i in range(len(dialect.header))]
    reading = arrow_csv.ReadOptions(
        use_threads=False,
        column_names=names,
        skip_rows=dialect.skip,
        encoding=dialect.encoding.replace("-sig", ""),
        block_size=_BLOCK,
    )
    parsing = arrow_csv.ParseOptions(
        delimiter=dialect.delimiter,
        quote_char=dialect.quote,
        newlines_in_values=True,
        invalid_row_handler=remember,
    )
    converting = arrow_csv.ConvertOptions(
        strings_can_be_null=False,
        include_columns=[str(i) for i in wanted],
        column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
    )
    try:
        with arrow_csv.open_csv(path, reading, parsing, converting) as stream:
            yield from stream
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeError) as error:
        # The first clause of the parser's message, without the path it may name.
        what = str(error).split(":")[0].split("\n")[0].strip()[:80].lower()
        raise Problem(f"{path.name} cannot be cut into cells ({what}): export it again as .csv.") from error
    problems = [
        f"{path.name}: row {number + dialect.skip}: {cells} cells where the header names {len(names)} "
        f"(cut by {DELIMITERS[dialect.delimiter]}): quote cells that contain the delimiter, or fill the row."
        for number, cells in uneven
    ]
    if total > len(problems):
        problems.append(f"{path.name}: and {total - len(problems):,} more rows of the wrong width.")
    if problems:
        raise Problem(*problems)
