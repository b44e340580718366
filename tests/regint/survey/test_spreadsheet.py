"""Cells as spreadsheets save them in their own language: read where there is no doubt, else left alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.csv_text import Sheet, undo_language
from regint.survey.folder import check_folder
from surveyfile.printed_table import new_folder

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
