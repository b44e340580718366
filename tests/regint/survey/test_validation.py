"""Cells against a schema: what converts, what is refused, and with which repair."""

import pandas as pd
import pytest
from regint.survey.csv_text import Sheet
from regint.survey.schema import FIGURE_PATTERN
from regint.survey.validate import check_sheet, typed_frame

SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "description": "Identifier", "constraints": {"required": True}},
        {"name": "base", "type": "integer", "description": "Base", "constraints": {"minimum": 1}},
        {"name": "score", "type": "number", "description": "Score"},
        {"name": "real", "type": "boolean", "description": "Real"},
        {
            "name": "figure",
            "type": "string",
            "description": "Figure",
            "constraints": {"pattern": FIGURE_PATTERN},
        },
    ],
    "primaryKey": ["id"],
}


def sheet(**cells: str) -> Sheet:
    blank = {"id": "a", "base": "", "score": "", "real": "", "figure": ""}
    return Sheet("t.csv", rows=[(2, {**blank, **cells})])


def test_types_of_a_clean_sheet() -> None:
    clean = sheet(base="50", score="-1.5", real="true", figure="40.0")
    check_sheet(clean, SCHEMA)
    assert clean.problems == [] and clean.bad_rows == set()
    frame = typed_frame(clean, SCHEMA)
    assert frame.loc[0].to_list() == ["a", 50, -1.5, True, "40.0"]


def test_empty_cells_are_missing_or_empty_text() -> None:
    frame = typed_frame(sheet(), SCHEMA)
    assert frame["base"].isna().all() and frame["score"].isna().all()
    assert frame.loc[0, "figure"] == ""
    assert typed_frame(Sheet("t.csv"), SCHEMA).dtypes["base"] == pd.Int64Dtype()


@pytest.mark.parametrize(
    ("cells", "allowed"),
    [
        ({"id": ""}, "allowed: identifier; fill the cell"),
        ({"base": "0"}, "a whole number at least 1"),
        ({"base": "+5"}, "a whole number in digits"),
        ({"base": "5 0"}, "a whole number in digits"),
        ({"base": "１０"}, "a whole number in digits"),
        ({"score": "1,5"}, "a number with a decimal point"),
        ({"score": "inf"}, "a number with a decimal point"),
        ({"score": "nan"}, "a number with a decimal point"),
        ({"real": "TRUE"}, "write 'true' if that is meant"),
        ({"figure": "4l"}, "write 41"),
        ({"figure": "about 40"}, "as the source does"),
    ],
)
def test_bad_cells(cells: dict[str, str], allowed: str) -> None:
    bad = sheet(**cells)
    check_sheet(bad, SCHEMA)
    assert len(bad.problems) == 1 and allowed in bad.problems[0]
    assert bad.bad_rows == {2}


def test_a_cell_is_named_by_file_row_and_column() -> None:
    refused = Sheet("q.csv")
    refused.refuse(7, "kind", "ratng", "rating, single", "choose one")
    assert refused.problems == [
        "q.csv, row 7, column kind: value 'ratng'; allowed: rating, single; choose one."
    ]


def test_duplicate_keys_name_both_rows() -> None:
    twice = Sheet("t.csv", rows=[*sheet().rows, (7, sheet().rows[0][1])])
    check_sheet(twice, SCHEMA)
    (problem,) = twice.problems
    assert problem.startswith(
        "t.csv, row 7, column id: value 'a'; allowed: each only once; row 2 has it already"
    )
