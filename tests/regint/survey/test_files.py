"""Bytes to text rows: whatever a file holds, a sheet or sentences come out, never another exception."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.survey import csv_text
from regint.survey.csv_text import read_sheet
from regint.survey.folder import check_folder

GOALS = Path(__file__).parent / "folders" / "us_goals_for_russia"
NAMES = ("questions.csv", "responses.csv", "claims.csv", "survey.json")
BITS = st.sampled_from(
    [
        *[
            b"",
            b",",
            b";",
            b'"',
            b'""',
            b"\n",
            b"\r",
            b"\r\n",
            b"\xff",
            b"\xc3",
            b"\x00",
            b"\t",
            b"=1",
            b"-",
            b"NA",
        ],
        *[b"\xef\xbb\xbf", b"9" * 21, "\u202e".encode(), "\u0301".encode(), b"{", b"[", b"}", b"]", b"1e999"],
    ]
)


def sheet_of(tmp_path: Path, data: bytes) -> csv_text.Sheet:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    return read_sheet(path, ["a", "b"], ["a"])


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends(tmp_path: Path, end: bytes) -> None:
    sheet = sheet_of(tmp_path, end.join([b"a,b", b"1,2", b"3,4"]))
    assert [cells for _, cells in sheet.rows] == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


@pytest.mark.parametrize(("mark", "name"), [(b";", "semicolon"), (b"\t", "tab")])
def test_other_delimiters_are_noted(tmp_path: Path, mark: bytes, name: str) -> None:
    sheet = sheet_of(tmp_path, b"a,b\n1,2".replace(b",", mark))
    assert sheet.rows == [(2, {"a": "1", "b": "2"})]
    assert name in sheet.notices[0]


def test_a_comma_within_a_semicolon_file_stays_in_its_cell(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, b"a;b\n12,5;x").rows == [(2, {"a": "12,5", "b": "x"})]


def test_everything_stays_text(tmp_path: Path) -> None:
    rows = sheet_of(tmp_path, b"a,b\n007,NA\n1e5,None\n12345678901234567890,true\n").rows
    assert [list(cells.values()) for _, cells in rows] == [
        ["007", "NA"], ["1e5", "None"], ["12345678901234567890", "true"],
    ]  # fmt: skip


def test_a_quoted_cell_may_hold_delimiters_and_marks(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, b'a,b\n"x, ""y""",2').rows == [(2, {"a": 'x, "y"', "b": "2"})]


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, b"a,b\n1,2\n,\n3,4\n")
    assert [row for row, _ in sheet.rows] == [2, 4]
    assert "blank rows skipped: 3" in sheet.notices[0]


def test_a_row_that_does_not_fit_is_named_and_kept_apart(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, b"a,b\n1\n2,x,y\n3,z\n")
    assert sheet.problems == [
        "t.csv, row 2: 1 cells where the header has 2; add the missing cells.",
        "t.csv, row 3: 3 cells where the header has 2; quote a cell that contains the delimiter.",
    ]
    assert sheet.rows == [(4, {"a": "3", "b": "z"})]
    assert sheet.torn == {"1", "2", "x", "y"}


def test_a_row_may_end_early_only_where_that_is_allowed_and_nothing_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b,c\n1\n2,x\n")
    sheet = read_sheet(path, ["a", "b", "c"], ["a", "b"], may_end_early=True)
    assert sheet.rows == [(3, {"a": "2", "b": "x", "c": ""})]
    assert len(sheet.problems) == 1 and len(sheet.notices) == 1


@pytest.mark.parametrize("data", [b"a,b,,\n1,2,,\n", b"a,b,\n1,2, \n", b"a;b;;\n1;2;;\n"])
def test_empty_columns_at_the_right_edge_are_left_out(tmp_path: Path, data: bytes) -> None:
    sheet = sheet_of(tmp_path, data)
    assert (sheet.rows, sheet.problems) == ([(2, {"a": "1", "b": "2"})], [])


def test_a_value_without_a_column_name_is_not_dropped_in_silence(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, b"a,b,,\n1,2,,3\n")
    assert "4 cells where the header has 2" in sheet.problems[0]


def test_an_endless_cell_is_a_sentence(tmp_path: Path) -> None:
    assert "holds 20000 characters" in sheet_of(tmp_path, b"a,b\n" + b"x" * 20_000 + b",2").problems[0]
    (problem,) = sheet_of(tmp_path, b"a,b\n" + b"x" * 200_000 + b",2").problems
    assert "cannot be split" in problem or "characters" in problem


@settings(max_examples=150)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_damaged_folders_end_in_sentences(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    folder = Path(shutil.copytree(GOALS, tmp_path_factory.mktemp("fuzz") / "mine"))
    original = (folder / name).read_bytes()
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(len(original), start + 30)))
    inserted = b"".join(data.draw(st.lists(BITS, max_size=3)))
    (folder / name).write_bytes(original[:start] + inserted + original[end:])
    report = check_folder(folder)
    assert all(isinstance(text, str) and text for text in (*report.problems, *report.notices))
    shutil.rmtree(folder)


@settings(max_examples=60)
@given(name=st.sampled_from(NAMES), content=st.binary(max_size=200))
def test_random_files_end_in_sentences(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    folder = Path(shutil.copytree(GOALS, tmp_path_factory.mktemp("fuzz") / "mine"))
    (folder / name).write_bytes(content)
    assert check_folder(folder).problems
    shutil.rmtree(folder)


def test_a_folder_in_a_tables_place_is_said_to_be_in_its_place(tmp_path: Path) -> None:
    shutil.copytree(GOALS, tmp_path / "survey")
    (tmp_path / "survey" / "questions.csv").unlink()
    (tmp_path / "survey" / "questions.csv").mkdir()
    assert any("something else has this name" in p for p in check_folder(tmp_path / "survey").problems)
