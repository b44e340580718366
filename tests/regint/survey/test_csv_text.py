"""Bytes to a sheet: whatever a file holds, text rows or sentences come out, never another exception."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.survey import csv_text
from regint.survey.csv_text import Sheet, read_sheet, undo_language
from regint.survey.folder import check_folder
from surveyfile.new_folder import new_folder


def sheet_in(tmp_path: Path, data: bytes) -> Sheet:
    (tmp_path / "t.csv").write_bytes(data)
    return read_sheet(tmp_path / "t.csv", ["a", "é"], [], may_be_empty=True)


def test_utf8_is_read_as_it_is(tmp_path: Path) -> None:
    sheet = sheet_in(tmp_path, "a,é\nÖl,Нефть 🛢\n".encode())
    assert (sheet.rows, sheet.problems, sheet.notices) == ([(2, {"a": "Öl", "é": "Нефть 🛢"})], [], [])


def test_a_byte_order_mark_is_skipped_and_noted(tmp_path: Path) -> None:
    sheet = sheet_in(tmp_path, "a,é".encode("utf-8-sig"))
    assert sheet.columns == ["a", "é"]
    assert sheet.notices == ["t.csv: a byte order mark at the start was skipped."]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n", "the file is empty"),
        (b",,\n , \n", "the file is empty"),
        ("a,b".encode("utf-16"), "UTF-16 or binary"),
        ("a,b".encode("utf-16-be"), "UTF-16 or binary"),
        (b"PK\x03\x04\x00", "a ZIP or Excel file"),
        (b"a\nb\n\xe9t\xe9", "line 3: the byte 0xE9 is not UTF-8"),
        (b"a\n\xe9t\xe9\nb", "line 2: the byte 0xE9 is not UTF-8"),
        ("Ответ".encode("cp1251"), "line 1: the byte 0xCE is not UTF-8"),
        (b"a\xed\xa0\x80", "is not UTF-8"),  # half of a surrogate pair
    ],
)
def test_anything_else_is_a_sentence(tmp_path: Path, data: bytes, expected: str) -> None:
    sheet = sheet_in(tmp_path, data)
    assert sheet.columns == []
    (problem,) = sheet.problems
    assert expected in problem and problem.startswith("t.csv")


def test_an_oversized_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("wb") as file:
        file.truncate(50_000_001)  # of holes, which take no room on the disk
    sheet = read_sheet(tmp_path / "t.csv", ["a"], [])
    assert (
        sheet.columns == [] and "exceeds 50 MB" in sheet.problems[0] and "regint import" in sheet.problems[0]
    )


@pytest.mark.parametrize("present", ["T.csv", "t.CSV", "t.xlsx"])
def test_a_misnamed_file_is_pointed_out(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_bytes(b"a")
    sheet = read_sheet(tmp_path / "t.csv", ["a"], [])
    assert sheet.problems == [f"t.csv: the file is missing; rename '{present}' to t.csv if that is meant."]


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
        "t.csv, row 2: 1 cell where the header has 2; add the missing cells.",
        "t.csv, row 3: 3 cells where the header has 2; quote a cell that contains the delimiter.",
    ]
    assert sheet.rows == [(4, {"a": "3", "b": "z"})]
    assert sheet.torn == {"1", "2", "x", "y"}


def test_a_row_may_end_early_only_where_that_is_allowed_and_nothing_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b,c,d\n1\n2,x\n")
    sheet = read_sheet(path, ["a", "b", "c", "d"], ["a", "b"], may_end_early=True)
    assert sheet.rows == [(3, {"a": "2", "b": "x", "c": "", "d": ""})]
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


FIELDS = {
    "fields": [
        {"name": "printed", "type": "number"},
        {"name": "count", "type": "integer"},
        {"name": "label", "type": "string"},
        {"name": "substantive", "type": "boolean"},
    ]
}


def undone(*rows: tuple[str, ...], delimiter: str = ";") -> Sheet:
    names = [field["name"] for field in FIELDS["fields"]]
    cells = [(i, dict(zip(names, row, strict=True))) for i, row in enumerate(rows, start=2)]
    sheet = Sheet("t.csv", names, cells, delimiter=delimiter)
    undo_language(sheet, FIELDS)
    return sheet


def column(sheet: Sheet, name: str) -> list[str]:
    return [cells[name] for _, cells in sheet.rows]


def test_decimal_commas_become_points_only_where_numbers_stand() -> None:
    sheet = undone(("4,30", "1,5", "1,5 hours", "true"), ("12", "", "a,b", "true"))
    assert column(sheet, "printed") == ["4.30", "12"]
    assert column(sheet, "count") == ["1,5", ""]  # half a person: for the check to refuse
    assert column(sheet, "label") == ["1,5 hours", "a,b"]
    assert sheet.notices == ["t.csv: decimal commas were read as points, 4,30 as 4.30."]


@pytest.mark.parametrize(
    ("figures", "delimiter"),
    [
        (["4,3", "12.5"], ";"),  # both marks: one of them must be a slip
        (["4,3", "12"], ","),  # cells are separated by commas: a quoted comma may be anything
        (["1,234,5", "4"], ";"),
        (["4,3%", "4"], ";"),
        ([",5", "4"], ";"),
        (["4.3", "4"], ";"),
    ],
)
def test_figures_in_doubt_are_left_alone(figures: list[str], delimiter: str) -> None:
    sheet = undone(*((figure, "", "", "true") for figure in figures), delimiter=delimiter)
    assert column(sheet, "printed") == figures
    assert sheet.notices == []


@pytest.mark.parametrize(
    ("yes", "no"),
    [("TRUE", "FALSE"), ("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("ИСТИНА", "ЛОЖЬ"), ("VERO", "FALSO")],
)
def test_truth_values_of_a_spreadsheet_are_read(yes: str, no: str) -> None:
    sheet = undone(("1", "", yes, yes), ("1", "", no, no), ("1", "", "x", ""), ("1", "", "x", "yes"))
    assert column(sheet, "substantive") == ["true", "false", "", "yes"]
    assert column(sheet, "label") == [yes, no, "x", "x"]
    (notice,) = sheet.notices
    assert f"{yes} as true" in notice and f"{no} as false" in notice


@given(st.lists(st.tuples(*[st.text(max_size=6)] * 4), max_size=5), st.sampled_from(",;\t"))
def test_nothing_is_undone_twice_and_no_row_lost(rows: list[tuple[str, ...]], delimiter: str) -> None:
    sheet = undone(*rows, delimiter=delimiter)
    assert column(sheet, "label") == [row[2] for row in rows]
    once, notices = [dict(cells) for _, cells in sheet.rows], list(sheet.notices)
    undo_language(sheet, FIELDS)
    assert [cells for _, cells in sheet.rows] == once and sheet.notices == notices


def test_a_folder_saved_by_a_german_spreadsheet_is_the_same_survey(tmp_path: Path) -> None:
    new_folder(tmp_path / "typed")
    new_folder(tmp_path / "saved")
    for name in ("questions.csv", "responses.csv", "claims.csv"):
        path = tmp_path / "saved" / name
        text = (
            path.read_text(encoding="utf-8").replace(",", ";").replace("66.7", "66,7").replace("33.3", "33,3")
        )
        lines = [f"{line};;" for line in text.replace("true", "WAHR").splitlines()]
        path.write_bytes("\r\n".join([*lines, ""]).encode("utf-8-sig"))
    assert check_folder(tmp_path / "saved").problems == []
    for table in ("questions", "responses"):
        typed, saved = (check_folder(tmp_path / name).frame(table) for name in ("typed", "saved"))
        assert saved.equals(typed)


@pytest.mark.parametrize("date", ["04. Mrz", "4-Mar", "04.03.2026", "2026-03-04", "3. апр."])
def test_a_figure_taken_for_a_date_is_named_as_such(tmp_path: Path, date: str) -> None:
    new_folder(tmp_path / "mine")
    path = tmp_path / "mine" / "responses.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("66.7", date), encoding="utf-8")
    (problem,) = check_folder(tmp_path / "mine").problems
    assert "a spreadsheet took the figure for a date" in problem
