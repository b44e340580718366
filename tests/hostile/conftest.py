"""Builders of the binary files that broken/binary.toml and broken/delimited.toml name."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pyreadstat
import pytest

Builder = Callable[[Path], Path]
BUILDERS: dict[str, Builder] = {}
LABELS = {"q1": {1: "Yes", 2: "No", 9: "Refused"}}
ANSWERS = pd.DataFrame({"id": [1.0, 2.0, 3.0], "q1": [1.0, 9.0, 1.0]})


def builder(make: Builder) -> Builder:
    BUILDERS[make.__name__] = make
    return make


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    return written(path, content[: int(len(content) * share)])


# Things by another suffix, and things that are no files at all.


@builder
def pickle_file(folder: Path) -> Path:
    # Protocol 4; opening it with a pickle reader would call os.system("touch pwned").
    return written(
        folder / "answers.csv",
        b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x0b"
        b"touch pwned\x94\x85\x94R\x94.",
    )


@builder
def old_pickle(folder: Path) -> Path:
    return written(folder / "answers.csv", b"cposix\nsystem\n(S'touch pwned'\ntR.")


@builder
def gzip_file(folder: Path) -> Path:
    return written(folder / "answers.csv", gzip.compress(b"id,q1\n1,A\n", mtime=0))


@builder
def long_cell(folder: Path) -> Path:
    return written(folder / "answers.csv", b"id,q1\n1," + b"A" * 1_000_000 + b"\n2,B\n")


@builder
def long_quoted_cell(folder: Path) -> Path:
    return written(folder / "answers.csv", b'id,q1\n1,"' + b"A" * 1_000_000 + b'"\n2,B\n')


@builder
def wide_header(folder: Path) -> Path:
    names = ",".join(f"q{number}" for number in range(6000))
    return written(folder / "answers.csv", f"{names}\n{','.join(['1'] * 6000)}\n".encode())


@builder
def folder(folder: Path) -> Path:
    (folder / "answers.csv").mkdir()
    return folder / "answers.csv"


@builder
def nothing(folder: Path) -> Path:
    return folder / "answers.csv"


@builder
def pdf(folder: Path) -> Path:
    return written(folder / "answers.csv", b"%PDF-1.7\n1 0 obj\n")


# Statistical packages.


def sav(folder: Path, name: str = "panel.sav", **options: object) -> Path:
    settings: dict[str, object] = {"variable_value_labels": LABELS, "missing_ranges": {"q1": [9]}}
    pyreadstat.write_sav(ANSWERS, folder / name, **(settings | options))  # type: ignore[arg-type]
    return folder / name


@builder
def sav_with_missing_codes(folder: Path) -> Path:
    return sav(folder)


@builder
def sav_named_csv(folder: Path) -> Path:
    return sav(folder).rename(folder / "answers.csv")


@builder
def zsav(folder: Path) -> Path:
    return sav(folder, "panel.zsav", compress=True)


@builder
def truncated_zsav(folder: Path) -> Path:
    return cut(zsav(folder), 0.8)


@builder
def zsav_that_crashes_its_reader(folder: Path) -> Path:
    """Two bytes that end the process of ReadStat, the library behind pyreadstat, without a word."""
    content = bytearray(zsav(folder).read_bytes())
    content[227], content[315] = 7, 221
    return written(folder / "panel.zsav", bytes(content))


@builder
def truncated_sav(folder: Path) -> Path:
    return cut(sav(folder), 0.5)


@builder
def random_sav(folder: Path) -> Path:
    return written(folder / "panel.sav", b"$FL2" + np.random.default_rng(1).bytes(4000))


@builder
def sav_declaring_two_billion_rows(folder: Path) -> Path:
    # The number of cases stands 80 bytes into an SPSS file.
    # A second, longer count stands in extension record 7, subtype 16.
    content = bytearray(sav(folder).read_bytes())
    content[80:84] = struct.pack("<i", 2_000_000_000)
    longer = content.index(struct.pack("<iiii", 7, 16, 8, 2)) + 24
    content[longer : longer + 8] = struct.pack("<q", 2_000_000_000)
    return written(folder / "panel.sav", bytes(content))


@builder
def sav_with_twin_labels(folder: Path) -> Path:
    frame = pd.DataFrame({"id": [1.0, 2.0, 3.0], "q1": [1.0, 2.0, 1.0]})
    pyreadstat.write_sav(frame, folder / "panel.sav", variable_value_labels={"q1": {1: "Agree", 2: "Agree"}})
    return folder / "panel.sav"


@builder
def sav_with_sets(folder: Path) -> Path:
    """An SPSS file with a multiple-response set: extension record 7, subtype 7 of its dictionary."""
    frame = pd.DataFrame({"n1": [1.0, 1.0, 0.0], "n2": [0.0, 1.0, np.nan]})
    path = folder / "panel.sav"
    pyreadstat.write_sav(frame, path, column_labels={"n1": "Roads", "n2": "Trade"})
    content = path.read_bytes()
    declared = b"$needs=D1 1 17 What is needed?! n1 n2\n".replace(
        b"17 What is needed?!", b"15 What is needed?"
    )
    record = struct.pack("<iiii", 7, 7, 1, len(declared)) + declared
    end = content.index(struct.pack("<ii", 999, 0))
    return written(path, content[:end] + record + content[end:])


def stata(folder: Path, frame: pd.DataFrame, labels: dict[str, dict[int, str]], **options: object) -> Path:
    path = folder / "panel.dta"
    pyreadstat.write_dta(frame, path, variable_value_labels=labels, **options)  # type: ignore[arg-type]
    return path


@builder
def dta(folder: Path) -> Path:
    frame = pd.DataFrame({"id": [1, 2, 3], "q1": [1, 2, 1]}).astype("int32")
    return stata(folder, frame, {"q1": {1: "Yes", 2: "No"}})


@builder
def dta_with_letters(folder: Path) -> Path:
    frame = pd.DataFrame({"id": [1, 2, 3], "q1": [1, "a", 1]})
    labels = {"q1": {1: "Yes", "a": "Refused"}}
    return stata(folder, frame, labels, missing_user_values={"q1": ["a"]})  # type: ignore[arg-type]


@builder
def truncated_dta(folder: Path) -> Path:
    return cut(dta(folder), 0.6)


@builder
def dta_with_twin_labels(folder: Path) -> Path:
    frame = pd.DataFrame({"id": [1, 2, 3], "q1": [1, 2, 1]}).astype("int32")
    return stata(folder, frame, {"q1": {1: "Agree", 2: "Agree"}})


@builder
def por(folder: Path) -> Path:
    return portable(folder, 1)


def portable(folder: Path, times: int) -> Path:
    frame = pd.DataFrame({"ID": np.arange(3.0 * times), "Q1": [1.0, 2.0, 1.0] * times})
    pyreadstat.write_por(frame, folder / "panel.por")
    return folder / "panel.por"


@builder
def truncated_por(folder: Path) -> Path:
    return cut(portable(folder, 300), 0.7)


@builder
def xpt(folder: Path) -> Path:
    pyreadstat.write_xport(pd.DataFrame({"id": [1.0, 2.0, 3.0], "q1": [1.0, 2.0, 1.0]}), folder / "panel.xpt")
    return folder / "panel.xpt"


@builder
def truncated_xpt(folder: Path) -> Path:
    return cut(xpt(folder), 0.3)


# Parquet.


def table(folder: Path, frame: pd.DataFrame) -> Path:
    frame.to_parquet(folder / "panel.parquet")
    return folder / "panel.parquet"


@builder
def parquet_file(folder: Path) -> Path:
    return table(folder, pd.DataFrame({"id": [1, 2, 3], "q1": ["A", "B", "A"]}))


BUILDERS["parquet"] = parquet_file


@builder
def truncated_parquet(folder: Path) -> Path:
    return cut(parquet_file(folder), 0.7)


@builder
def spoilt_parquet(folder: Path) -> Path:
    content = bytearray(parquet_file(folder).read_bytes())
    content[-40:-8] = b"\xff" * 32
    return written(folder / "panel.parquet", bytes(content))


@builder
def nested_parquet(folder: Path) -> Path:
    return table(folder, pd.DataFrame({"id": [1, 2], "q1": [["A"], ["B", "C"]]}))


def varint(number: int) -> bytes:
    """A number as Thrift writes it in a footer."""
    number, out = 2 * number, b""
    while number > 127:
        number, out = number >> 7, out + bytes([number & 127 | 128])
    return out + bytes([number])


def parquet_with_footer(folder: Path, declared: int, held: int = 12_345) -> Path:
    """The first number of rows in the footer is the file's own; it is replaced."""
    column = pa.array((np.arange(held) % 3).astype(np.int8))
    parquet.write_table(pa.table({"q1": column, "q2": column}), folder / "panel.parquet", store_schema=False)
    content = (folder / "panel.parquet").read_bytes()
    size = struct.unpack("<i", content[-8:-4])[0]
    footer = content[-8 - size : -8].replace(varint(held), varint(declared), 1)
    tail = struct.pack("<i", len(footer)) + b"PAR1"
    return written(folder / "panel.parquet", content[: -8 - size] + footer + tail)


@builder
def parquet_declaring_many_rows(folder: Path) -> Path:
    return parquet_with_footer(folder, 10**12)


@builder
def parquet_declaring_few_more_rows(folder: Path) -> Path:
    return parquet_with_footer(folder, 12_346)


@builder
def parquet_of_equal_answers(folder: Path) -> Path:
    """Eleven million equal answers in a few hundred kilobytes: more rows than memory is asked for."""
    column = pa.array(np.zeros(1_000_000, dtype=np.int8))
    block = pa.table({"q1": column, "q2": column})
    with parquet.ParquetWriter(folder / "panel.parquet", block.schema) as writer:
        for _ in range(11):
            writer.write_table(block)
    return folder / "panel.parquet"


# Workbooks.


def workbook(
    folder: Path, rows: list[list[object]], change: Callable[[openpyxl.Workbook], None] | None = None
) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    book.save(folder / "answers.xlsx")
    return folder / "answers.xlsx"


ROWS: list[list[object]] = [["id", "q1"], [1, "A"], [2, "B"], [3, "A"]]


@builder
def xlsx(folder: Path) -> Path:
    return workbook(folder, ROWS)


@builder
def truncated_xlsx(folder: Path) -> Path:
    return cut(xlsx(folder), 0.6)


@builder
def xlsx_merged(folder: Path) -> Path:
    return workbook(folder, ROWS, lambda book: book.active.merge_cells("B2:B3"))


@builder
def xlsx_formula(folder: Path) -> Path:
    return workbook(folder, [["id", "q1"], [1, "A"], [2, '=IF(A2=1,"A","B")'], [3, "A"]])


@builder
def xlsx_error(folder: Path) -> Path:
    return workbook(folder, [["id", "q1"], [1, "#N/A"], [2, "B"], [3, "A"]])


@builder
def xlsx_two_sheets(folder: Path) -> Path:
    def add(book: openpyxl.Workbook) -> None:
        book.active.title = "first"
        sheet = book.create_sheet("second")
        for row in ROWS:
            sheet.append(row)

    return workbook(folder, [["year", "note"], [2025, "draft"]], add)


@builder
def xlsx_empty(folder: Path) -> Path:
    return workbook(folder, [])


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))
    return path


@builder
def xlsx_entities(folder: Path) -> Path:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def add(name: str, content: bytes) -> bytes:
        return laughs + content if name == "xl/worksheets/sheet1.xml" else content

    return repacked(xlsx(folder), add)


@builder
def xlsx_bad_xml(folder: Path) -> Path:
    def spoil(name: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if name == "xl/worksheets/sheet1.xml" else content

    return repacked(xlsx(folder), spoil)


@builder
def zip_bomb(folder: Path) -> Path:
    """A workbook of a few hundred kilobytes whose sheet unpacks to a quarter of a gigabyte."""
    path = xlsx(folder)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 250_000_000)
    return path


@builder
def old_excel(folder: Path) -> Path:
    return written(folder / "answers.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


@builder
def other_zip(folder: Path) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../../escape.csv", "id,q1\n1,A\n")
    return written(folder / "answers.xlsx", content.getvalue())


@pytest.fixture(scope="session")
def builders() -> dict[str, Builder]:
    """All builders by name."""
    return BUILDERS
