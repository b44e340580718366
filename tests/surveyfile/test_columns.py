"""Columns of answers: what a cell says, and what is told of cells that no one can read."""

import numpy as np
from surveyfile.columns import SILENT, text_column


def test_an_answer_in_a_symbol_font_is_not_lost_without_a_word() -> None:
    codes = np.array([0, 1, 2, 0, 3], dtype=np.int32)
    column = text_column("q", codes, ["\uf0fc", "yes", "\u200b", "\uf0fb"])
    assert (column.codes.tolist(), column.texts) == ([SILENT, 0, SILENT, SILENT, SILENT], ("yes",))
    (remark,) = column.remarks
    assert remark.startswith("q: answers written only in signs of a symbol font (2 different) were read as")


def test_empty_and_invisible_cells_need_no_remark() -> None:
    column = text_column("q", np.array([0, 1, 2], dtype=np.int32), ["", "\u200b \ufeff", "no"])
    assert (column.codes.tolist(), column.remarks) == ([SILENT, SILENT, 0], ())
