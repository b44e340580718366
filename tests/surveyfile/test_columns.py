"""Columns of answers: what a cell says, and what is told of cells that no one can read."""

import numpy as np
from surveyfile.columns import MANY, SILENT, Pieces, text_column


def test_an_answer_in_a_symbol_font_is_not_lost_without_a_word() -> None:
    codes = np.array([0, 1, 2, 0, 3], dtype=np.int32)
    column = text_column("q", codes, ["\uf0fc", "yes", "\u200b", "\uf0fb"])
    assert (column.codes.tolist(), column.texts) == ([SILENT, 0, SILENT, SILENT, SILENT], ("yes",))
    (remark,) = column.remarks
    assert remark.startswith("q: answers written only in signs of a symbol font (2 different) were read as")


def test_empty_and_invisible_cells_need_no_remark() -> None:
    column = text_column("q", np.array([0, 1, 2], dtype=np.int32), ["", "\u200b \ufeff", "no"])
    assert (column.codes.tolist(), column.remarks) == ([SILENT, SILENT, 0], ())


def test_many_spellings_of_few_answers_are_no_crowd() -> None:
    column = Pieces("q", complete=False)
    for start in range(0, 3 * MANY, MANY):
        spellings = [f"{'ab'[n % 2]}{' ' * (n // 2)}" for n in range(start, start + MANY)]
        column.add(np.arange(MANY), spellings)
    found = column.column()
    assert (found.texts, found.counts().tolist()) == (("a", "b"), [3 * MANY // 2] * 2)
    assert not column.crowded


def test_a_crowd_is_noticed_and_no_longer_told_apart() -> None:
    column = Pieces("q", complete=False)
    for start in range(0, 4 * MANY, MANY):
        column.add(np.arange(MANY), [str(n) for n in range(start, start + MANY)])
    found = column.column()
    assert column.crowded and MANY < len(found.texts) <= 3 * MANY and len(found.codes) == 4 * MANY


def test_codes_are_held_in_the_shortest_form() -> None:
    for values, kind in ((127, np.int8), (128, np.int16), (32_767, np.int16), (32_768, np.int32)):
        column = text_column("q", np.arange(-1, values), [f"v{n}" for n in range(values)])
        assert column.codes.dtype == kind
        assert column.codes.tolist() == list(range(-1, values)) and column.counts().tolist() == [1] * values
