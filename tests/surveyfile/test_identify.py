"""Kinds of file, told from their bytes: a wrong suffix fools nobody, and nothing dangerous is opened."""

import gzip
import io
import pickle
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surveyfile.identify import LIMITS, check_size, identify
from textfiles.problems import Problem

TABLE = pd.DataFrame({"q": [1.0, 2.0]})


def write(folder: Path, data: bytes, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


WRITERS = {
    "sav": lambda path: pyreadstat.write_sav(TABLE, path),
    "dta": lambda path: pyreadstat.write_dta(TABLE, path),
    "por": lambda path: pyreadstat.write_por(TABLE, path),
    "xpt": lambda path: pyreadstat.write_xport(TABLE, path),
    "parquet": lambda path: TABLE.to_parquet(path),
    "xlsx": lambda path: TABLE.to_excel(path.with_suffix(".xlsx")) or path.with_suffix(".xlsx").rename(path),
    "delimited": lambda path: TABLE.to_csv(path),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_the_bytes_tell_the_kind_whatever_the_suffix(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "answers.txt"
    WRITERS[kind](path)
    assert identify(path) == kind


def test_old_stata_files_are_known_by_their_version(tmp_path: Path) -> None:
    TABLE.to_stata(tmp_path / "answers.txt", version=114, write_index=False)
    assert identify(tmp_path / "answers.txt") == "dta"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (pickle.dumps({"a": 1}), "a Python pickle, which can run code"),
        (b"\x1f\x8b\x08", "gzip archive: unpack it first"),
        (gzip.compress(b"RDX3\nX\n", mtime=0), r"an R data file: write it from R with haven::write_sav\(\)"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "gzip archive: unpack it first"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old or a password-protected Excel workbook"),
        (b"%PDF-1.7", "a PDF: type its figures"),
        (b"SQLite format 3\0", "a database"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "a web page or XML"),
        (b"\n<svg onload=alert(1)>", "a web page or XML"),
        (b'{"q": 1}', "JSON, not a table"),
        (b"[[1,2]]", "JSON, not a table"),
        (b"PAR1 cut short", "a Parquet file cut short"),
        (b"PK\x03\x04 cut short", "a damaged workbook or archive"),
        (archive(readme=b"x"), "an archive without an .xlsx workbook"),
    ],
)
def test_what_has_no_reader_is_named_with_its_remedy(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        identify(write(tmp_path, data))


def test_what_is_no_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match=r"nowhere\.csv does not exist"):
        identify(tmp_path / "nowhere.csv")
    monkeypatch.chdir(tmp_path)
    for folder in (tmp_path, Path()):
        with pytest.raises(Problem, match=f"{tmp_path.name} is not an ordinary file"):
            identify(folder)


def test_a_bomb_is_refused_by_the_sizes_it_declares(tmp_path: Path) -> None:
    data = archive(xl__workbook=b"", **{"xl__workbook.xml": b"<x/>", "xl__big.xml": bytes(60_000_000)})
    with pytest.raises(Problem, match="looks like a zip bomb"):
        identify(write(tmp_path, data))
    small = archive(**{"xl__workbook.xml": b"<x/>"})
    assert identify(write(tmp_path, small)) == "xlsx"


@pytest.mark.parametrize("text", [b"<3;q\n1;2\n", b"{;}\n", b"[a;b\n", b"id;q\n", b"sep=;\n", b"104"])
def test_odd_beginnings_of_ordinary_text_are_text(tmp_path: Path, text: bytes) -> None:
    assert identify(write(tmp_path, text)) == "delimited"


@pytest.mark.parametrize(
    ("rows", "columns", "sentence"),
    [
        (11, 1, "declares 11 rows; at most 10"),
        (1, 6, "declares 6 columns; at most 5"),
        (9, 5, "more than 40 cells"),
    ],
)
def test_tables_too_large_are_refused_by_their_header(
    monkeypatch: pytest.MonkeyPatch, rows: int, columns: int, sentence: str
) -> None:
    for name, number in {"rows": 10, "columns": 5, "cells": 40}.items():
        monkeypatch.setattr(LIMITS, name, number)
    check_size("a.sav", 8, 5)
    with pytest.raises(Problem, match=sentence):
        check_size("a.sav", rows, columns)


def test_the_size_on_disk_has_a_limit_where_a_file_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LIMITS, "bytes", 4)
    assert identify(write(tmp_path, b"id;q\n")) == "delimited"
    with pytest.raises(Problem, match="at most 0.0 GB are read"):
        identify(write(tmp_path, b"$FL2" + b" " * 200, "answers.sav"))


@settings(max_examples=80)
@given(st.binary(min_size=1, max_size=64))
def test_any_bytes_have_a_kind_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = write(tmp_path_factory.mktemp("kinds"), data)
    try:
        assert identify(path) in {"delimited", "dta", "sav", "por", "xpt", "xlsx", "parquet"}
    except Problem as error:
        assert str(error).startswith("answers.csv") and str(error).endswith(".")
