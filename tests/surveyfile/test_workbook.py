"""Workbooks: what a spreadsheet hides is named with its cell, and every cell is the text a reader sees."""

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from surveyfile.columns import Wanted
from surveyfile.identify import LIMITS, identify
from surveyfile.workbook import read_workbook
from textfiles.problems import Problem


def book(folder: Path, *rows: list, sheets: dict[str, list[list]] | None = None) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for title, content in (sheets or {}).items():
        sheet = made.create_sheet(title)
        for row in content:
            sheet.append(row)
    path = folder / "answers.xlsx"
    made.save(path)
    return path


def texts(path: Path, name: str, **options: object) -> list[str]:
    column = read_workbook(path, **options).columns[name]
    return ["" if code == -1 else column.texts[code] for code in column.codes]


def test_cells_are_the_text_a_reader_sees(tmp_path: Path) -> None:
    cells = [1, 2.0, 0.1, -8, True, False, "007", " Ja ", "None", "NA", "", None, "=A1", 10**14]
    path = book(tmp_path, ["id", "q"], *[[i, c] for i, c in enumerate(cells[:12])], [12, cells[13]])
    assert texts(path, "q") == [
        "1", "2", "0.1", "-8", "TRUE", "FALSE", "007", "Ja", "None", "NA", "", "", "100000000000000",
    ]  # fmt: skip


def test_days_and_times_are_written_year_first(tmp_path: Path) -> None:
    day = datetime.datetime(2025, 6, 16)
    path = book(tmp_path, ["id", "q"], [1, day], [2, day.date()], [3, datetime.time(12, 30)])
    assert texts(path, "q") == ["2025-06-16T00:00:00", "2025-06-16T00:00:00", "12:30:00"]


def test_numbers_come_before_words_and_by_size(tmp_path: Path) -> None:
    path = book(tmp_path, ["id", "q"], *[[i, c] for i, c in enumerate([10, 9, "b", "a", 9])])
    assert read_workbook(path).columns["q"].texts == ("9", "10", "a", "b")


def test_everyone_silent_is_a_column_without_answers(tmp_path: Path) -> None:
    path = book(tmp_path, ["id", "q"], [1, None], [2, " "], [3, "\u200b"])
    column = read_workbook(path).columns["q"]
    assert (column.texts, column.codes.tolist()) == ((), [-1, -1, -1])


def test_empty_rows_are_nobody_and_short_rows_are_silent_at_their_end(tmp_path: Path) -> None:
    path = book(tmp_path, ["id", "q1", "q2"], [1, "a", "b"], [None, None, None], [2])
    data = read_workbook(path)
    assert data.rows == 2
    assert texts(path, "q2") == ["b", ""]


def test_one_long_comment_costs_no_more_than_itself(tmp_path: Path) -> None:
    rows = [[i, "x"] for i in range(3000)]
    path = book(tmp_path, ["id", "q"], [0, "y" * 32_000], *rows)
    assert len(texts(path, "q")[0]) == 32_000  # a table of fixed width would take 400 MB


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    data = read_workbook(
        book(tmp_path, ["id", "q1", "q2"], [1, "a", "b"]), wanted=Wanted(questions={"q2": "q2"})
    )
    assert list(data.columns) == ["q2"]
    assert data.skipped == ("id", "q1")


def test_row_numbers_are_left_out_and_names_that_come_twice_are_numbered(tmp_path: Path) -> None:
    data = read_workbook(book(tmp_path, [None, "q", "q "], [0, "a", "b"], [1, "a", "c"], [2, "b", "c"]))
    assert {name: column.texts for name, column in data.columns.items()} == {
        "q": ("a", "b"),
        "q_2": ("b", "c"),
    }
    twice, numbered = data.notices
    assert twice.startswith("The column name 'q' occurs 2 times")
    assert numbered == "The first column has no name and numbers the rows: left out."


def test_a_formula_counts_by_its_stored_result(tmp_path: Path) -> None:
    path = book(tmp_path, ["id", "q"], [1, 5], [2, "=B2+1"])
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert b"<v />" in parts[part] or b"<v></v>" in parts[part] or b"<v/>" in parts[part]
    for empty in (b"<v />", b"<v></v>", b"<v/>"):
        parts[part] = parts[part].replace(empty, b"<v>6</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert texts(path, "q") == ["5", "6"]


def test_the_only_sheet_that_holds_anything_is_read(tmp_path: Path) -> None:
    path = book(tmp_path, sheets={"Antworten": [["id", "q"], [1, "a"]], "empty": []})
    assert read_workbook(path).reading["sheet"] == "Antworten"


@pytest.mark.parametrize(
    ("rows", "sheets", "options", "sentence"),
    [
        ([["id", "q"], [1, "=1+1"]], {}, {}, "cell B2: a formula without a stored result"),
        ([["id", "q"], [1, "#DIV/0!"], [2, "#N/A"]], {}, {}, "cell B2: the error value #DIV/0!"),
        (
            [["id", None], [1, "a"]],
            {},
            {},
            "cell B1: the column holds answers and has no name: name it, delete title lines above the column "
            "names, or import it with --header-rows 2 if row 2 goes on with the names.",
        ),
        ([["id", "q"]], {}, {}, "has no rows below the column names"),
        ([], {}, {}, "no sheet that holds anything"),
        ([["id", "q"], [1, 2]], {"B": [["id"], [1]]}, {}, "2 sheets .'Sheet', 'B'.: name the one"),
        ([["id", "q"], [1, 2]], {}, {"sheet": "Answers"}, "has no sheet 'Answers': it has 'Sheet'"),
    ],
)
def test_what_a_spreadsheet_hides_is_named(
    tmp_path: Path, rows: list[list], sheets: dict, options: dict, sentence: str
) -> None:
    with pytest.raises(Problem, match=sentence):
        read_workbook(book(tmp_path, *rows, sheets=sheets), **options)


@pytest.mark.parametrize(("limit", "number"), [("rows", 2), ("cells", 3)])
def test_a_sheet_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, number: int
) -> None:
    monkeypatch.setattr(LIMITS, limit, number)
    with pytest.raises(Problem, match=r"answers.xlsx declares 3 rows"):
        read_workbook(book(tmp_path, ["id", "q"], [1, 2], [3, 4]))


def test_all_errors_of_a_sheet_are_told_together(tmp_path: Path) -> None:
    path = book(tmp_path, ["id", "q"], *[[i, "#N/A"] for i in range(9)])
    with pytest.raises(Problem) as refusal:
        read_workbook(path)
    assert str(refusal.value).count("the error value #N/A") == 5


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["id", "q"], [1, "a"], [2, None]):
        made.active.append(row)
    made.active.merge_cells("B2:B3")
    made.save(tmp_path / "answers.xlsx")
    with pytest.raises(Problem, match="merged cells"):
        read_workbook(tmp_path / "answers.xlsx")


def test_a_sheet_of_a_chart_is_no_table(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["id", "q"], [1, "a"]):
        made.active.append(row)
    made.create_chartsheet("Chart").add_chart(BarChart())
    made.save(tmp_path / "answers.xlsx")
    assert texts(tmp_path / "answers.xlsx", "q") == ["a"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no workbook at all"])
def test_a_damaged_workbook_is_a_sentence(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(damage)
    with pytest.raises(Problem, match="damaged workbook"):
        read_workbook(path)


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_a_sentence(tmp_path: Path, keep: float) -> None:
    path = book(tmp_path, ["id", "q"], *[[i, f"answer {i}"] for i in range(50)])
    data = path.read_bytes()
    path.write_bytes(data[: int(keep * len(data))])
    with pytest.raises(Problem, match="damaged workbook"):
        read_workbook(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path, ["id", "q"], [1, "a"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/extra.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(Problem, match="XML entities"):
        read_workbook(path)


def test_noise_named_like_a_workbook_is_no_text_in_another_script(tmp_path: Path) -> None:
    (tmp_path / "noise.xlsx").write_bytes(bytes(range(1, 256)) * 4)
    with pytest.raises(Problem, match="noise.xlsx is no xlsx file, and no text either"):
        identify(tmp_path / "noise.xlsx")
