"""Columns of answers: what a cell says, and what is told of cells that no one can read."""

from pathlib import Path

import numpy as np
from surveyfile.columns import EVERYBODY, MANY, SILENT, Codes, Column, Wanted, read_values
from surveyfile.engine import Tally


def read(codes: Codes, values: list[str], wanted: Wanted = EVERYBODY) -> Column:
    tally = Tally(Path("answers"), ["q"], wanted)
    tally.add("q", codes, values)
    tally.end_of_piece(len(codes))
    return tally.finish({}).columns["q"]


def test_an_answer_in_a_symbol_font_is_not_lost_without_a_word() -> None:
    column = read(np.array([0, 1, 2, 0, 3]), ["\uf0fc", "yes", "\u200b", "\uf0fb"])
    assert (column.codes.tolist(), column.texts) == ([SILENT, 0, SILENT, SILENT, SILENT], ("yes",))
    (remark,) = column.remarks
    assert remark.startswith("q: answers written only in signs of a symbol font (2 different) were read as")


def test_empty_and_invisible_cells_need_no_remark() -> None:
    assert read_values("q", ["", "\u200b \ufeff", "no"]) == ([None, None, "no"], ())


def test_spellings_that_look_alike_are_one_answer_and_said_to_be() -> None:
    texts, (remark,) = read_values("q", ["b", " b", "a", "b ", "a\u200b"])
    assert texts == ["b", "b", "a", "b", "a"]
    assert remark.startswith("q: 3 spellings differed only by spaces or invisible characters and were united")
    assert remark.endswith("e.g. 'a'.")


def test_whole_numbers_lose_the_point_only_where_all_are_whole() -> None:
    assert read_values("q", ["1.0", "2", "-3.0", ""], whole=True)[0] == ["1", "2", "-3", None]
    assert read_values("q", ["1.0", "2.5"], whole=True) == (["1.0", "2.5"], ())
    assert read_values("q", ["1.0", "2"])[0] == ["1.0", "2"]


def test_numbers_that_differ_in_the_last_bit_are_one_code() -> None:
    tenths = [
        repr(0.1 + 0.2),
        "0.3",
        repr(1.1 * 1.1),
        repr(1.21 - 2e-16),
        repr(3 - 4e-16),
        "3",
        "2.0000000000000004",
    ]
    texts, remarks = read_values("q", tenths)
    assert texts == ["0.3", "0.3", "1.21", "1.21", "3", "3", "2.0000000000000004"]
    assert remarks == (
        "q: numbers that equal another but for the last digits that a computer keeps were read as that one "
        "(4 of them), e.g. 0.30000000000000004 as 0.3.",
    )


def test_numbers_that_a_computer_tells_apart_stay_apart() -> None:
    for kept in (
        ["0.3000000000000009", "0.3"],
        ["1234567890.123456", "1234567890.123457"],
        ["0.30", "0.3"],
        ["x0.30000000000000004", "0.3"],
    ):
        assert read_values("q", kept) == (kept, ())


def test_many_spellings_of_few_answers_are_no_crowd() -> None:
    tally = Tally(Path("answers"), ["q"], Wanted())
    for start in range(0, 3 * MANY, MANY):
        spellings = [f"{'ab'[n % 2]}{' ' * (n // 2)}" for n in range(start, start + MANY)]
        tally.add("q", np.arange(MANY), spellings)
        tally.end_of_piece(MANY)
    found = tally.finish({})
    assert found.columns["q"].texts == ("a", "b")
    assert found.groups["q"].times("q") == {"a": 3 * MANY // 2, "b": 3 * MANY // 2}


def test_a_crowd_is_noticed_and_no_longer_told_apart() -> None:
    tally = Tally(Path("answers"), ["q"], Wanted())
    for start in range(0, 4 * MANY, MANY):
        tally.add("q", np.arange(MANY), [str(n) for n in range(start, start + MANY)])
        tally.end_of_piece(MANY)
    found = tally.finish({})
    assert MANY < len(found.columns["q"].texts) <= 3 * MANY
    assert (found.rows, found.groups) == (4 * MANY, {})


def test_codes_are_held_in_the_shortest_form() -> None:
    for values, kind in ((127, np.int8), (128, np.int16), (32_767, np.int16), (32_768, np.int32)):
        column = read(np.arange(-1, values), [f"v{n}" for n in range(values)])
        assert column.codes.dtype == kind and len(column.codes) == values + 1
        assert [column.texts[code] for code in column.codes[1:]] == [f"v{n}" for n in range(values)]
