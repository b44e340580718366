"""Bytes to text: UTF-8 or a sentence that says what the file is instead."""

from pathlib import Path

import pytest
from regint.survey import csv_text
from regint.survey.csv_text import Sheet, decoded


def read(tmp_path: Path, data: bytes) -> tuple[str | None, Sheet]:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    sheet = Sheet("t.csv")
    return decoded(path, sheet), sheet


def test_utf8_is_read_as_it_is(tmp_path: Path) -> None:
    text, sheet = read(tmp_path, "a,Öl und Нефть 🛢\n".encode())
    assert (text, sheet.problems, sheet.notices) == ("a,Öl und Нефть 🛢\n", [], [])


def test_a_byte_order_mark_is_skipped_and_noted(tmp_path: Path) -> None:
    text, sheet = read(tmp_path, "a,é".encode("utf-8-sig"))
    assert text == "a,é"
    assert sheet.notices == ["t.csv: a byte order mark at the start was skipped."]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        ("a,b".encode("utf-16"), "UTF-16 or binary"),
        ("a,b".encode("utf-16-be"), "UTF-16 or binary"),
        (b"PK\x03\x04\x00", "a ZIP or Excel file"),
        (b"a\nb\n\xe9t\xe9", "line 3: the byte 0xE9 is not UTF-8"),
        ("Ответ".encode("cp1251"), "line 1: the byte 0xCE is not UTF-8"),
        (b"a\xed\xa0\x80", "is not UTF-8"),  # half of a surrogate pair
    ],
)
def test_anything_else_is_a_sentence(tmp_path: Path, data: bytes, expected: str) -> None:
    text, sheet = read(tmp_path, data)
    assert text is None
    (problem,) = sheet.problems
    assert expected in problem and problem.startswith("t.csv")


def test_an_oversized_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "LARGEST_FILE", 3)
    text, sheet = read(tmp_path, b"a,b\n1,2")
    assert text is None and "regint import" in sheet.problems[0]


@pytest.mark.parametrize("present", ["T.csv", "t.CSV", "t.xlsx"])
def test_a_misnamed_file_is_pointed_out(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_bytes(b"a")
    sheet = Sheet("t.csv")
    assert decoded(tmp_path / "t.csv", sheet) is None
    assert sheet.problems == [f"t.csv: the file is missing; rename '{present}' to t.csv if that is meant."]
