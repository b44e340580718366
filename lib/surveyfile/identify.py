"""What a file is: its kind by its bytes, and its size."""

from __future__ import annotations

import re
import tomllib
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from textfiles.problems import Problem

KINDS = ("delimited", "xlsx", "parquet", "sav", "por", "dta", "xpt", "sas7bdat")
"""Kinds of file with a reader; `sav` stands for compressed `.zsav` files too."""

_CONVERT = "convert it to .csv or .parquet, which are read piece by piece"
"""Repair for files of other kinds that are too large."""

PATTERNS = {
    sort: {name: re.compile(start.encode(), re.DOTALL) for name, start in starts.items()}
    for sort, starts in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}
"""What bytes tell, by what is asked."""


@dataclass
class Limits:
    """What a file may ask of the machine; checked from its header, before anything is parsed."""

    bytes: int = 4 * 1024**3
    rows: int = 10_000_000
    columns: int = 5_000
    cells: int = 200_000_000
    characters: int = 131_072
    inflation: int = 200
    rows_in_pieces: int = 1_000_000_000


LIMITS = Limits()


def check_size(name: str, rows: int, columns: int) -> None:
    """Refuse a table that would not fit, from the numbers in its header."""
    if rows > LIMITS.rows:
        raise Problem(
            f"{name} declares {rows:,} rows; at most {LIMITS.rows:,} are read: check the file, or {_CONVERT}."
        )
    if columns > LIMITS.columns:
        repair = "name the ones you need in a codebook"
        raise Problem(f"{name} declares {columns:,} columns; at most {LIMITS.columns:,} are read: {repair}.")
    if rows * columns > LIMITS.cells:
        raise Problem(
            f"{name} declares {rows:,} rows of {columns:,} columns, more than {LIMITS.cells:,} cells: "
            f"name the columns you need in a codebook, or {_CONVERT}."
        )


def check_pieces(path: Path, rows: int, columns: int) -> None:
    """Refuse what would not fit, or cannot be true, of a file that is read piece by piece."""
    check_size(path.name, 0, columns)
    if rows * columns > max(LIMITS.cells, LIMITS.inflation * path.stat().st_size):
        raise Problem(
            f"{path.name} declares {rows:,} rows of {columns:,} columns, which a file of "
            f"{path.stat().st_size / 1e6:,.1f} MB cannot hold: copy or export it again."
        )
    if rows > LIMITS.rows_in_pieces:
        raise Problem(f"{path.name} holds more than {LIMITS.rows_in_pieces:,} rows: check the file.")


_UNTYPED = re.compile(rb"[\x01-\x08\x0e-\x1a]")
"""Signs that no text file holds, whatever its encoding."""


def identify(path: Path) -> str:
    """Kind of a data file, told from its bytes."""
    if not path.exists():
        raise Problem(f"{path.name} does not exist: check the path.")
    if not path.is_file():
        raise Problem(f"{path.name or path.resolve().name} is not an ordinary file: give one data file.")
    size = path.stat().st_size
    if size == 0:
        raise Problem(f"{path.name} is empty: export the data again.")
    with path.open("rb") as stream:
        head = stream.read(4096)
        stream.seek(-min(8, size), 2)
        tail = stream.read()
    kind = _kind(path, head, tail)
    if kind not in ("delimited", "parquet") and size > LIMITS.bytes:  # those are read piece by piece
        raise Problem(
            f"{path.name} is {size / 1e9:,.1f} GB; at most {LIMITS.bytes / 1e9:,.1f} GB are read: "
            f"{_CONVERT}, or draw the columns you need first."
        )
    return kind


def _kind(path: Path, head: bytes, tail: bytes) -> str:
    """Match the beginnings of all kinds, and refuse those without a reader, whatever their suffix."""
    if head.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            if zlib.decompressobj(31).decompress(head, 5).startswith((b"RDX", b"RDA", b"X\n", b"A\n")):
                repair = "write it from R with haven::write_sav() or write.csv()"
                raise Problem(f"{path.name} is an R data file: {repair}.")
    if what := next((what for what, start in PATTERNS["refused"].items() if start.match(head)), ""):
        raise Problem(f"{path.name} is {what}.")
    if kind := next((kind for kind, start in PATTERNS["kinds"].items() if start.match(head)), ""):
        if kind == "parquet" and not tail.endswith(b"PAR1"):
            raise Problem(f"{path.name} is a Parquet file cut short: copy or download it again.")
        if kind == "xlsx":
            _check_archive(path)
        return kind
    if b"SPSSPORT" in head.replace(b"\r", b"").replace(b"\n", b""):
        return "por"
    if path.suffix.lower() in (".xlsx", ".xls", ".parquet", ".sav", ".dta") and _UNTYPED.search(head):
        what = f"no {path.suffix[1:]} file, and no text either"
        raise Problem(f"{path.name} is {what}: save or download it again.")
    return "delimited"


def _check_archive(path: Path) -> None:
    """Tell an Excel workbook from other archives, and refuse bombs by the sizes the archive declares."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Problem(f"{path.name} is a damaged workbook or archive: save or download it again.") from error
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        repair = "unpack it, or save as .xlsx or .csv"
        raise Problem(f"{path.name} is an archive without an .xlsx workbook in it: {repair}.")
    if any(part.flag_bits & 1 for part in parts):
        raise Problem(f"{path.name} is password-protected: remove the password and save again.")
    inflated = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if inflated > LIMITS.bytes // 4 or (inflated > 50_000_000 and inflated / packed > LIMITS.inflation):
        raise Problem(
            f"{path.name} would grow from {packed / 1e6:,.1f} MB to {inflated / 1e6:,.0f} MB when unpacked: "
            "this looks like a zip bomb; save the table as .csv if it is not."
        )
