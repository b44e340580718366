"""Weights: read as written or refused with their rows; what they cost is never more than the sample."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.columns import Column
from surveyfile.weights import decimal_mark, exact_weight, kish, read_weights, telling
from textfiles.problems import Problem


def column(*cells: str | None) -> Column:
    texts = tuple(dict.fromkeys(cell for cell in cells if cell is not None))
    return Column("w", np.array([-1 if c is None else texts.index(c) for c in cells], dtype=np.int32), texts)


@pytest.mark.parametrize(
    ("cells", "numbers", "mark"),
    [
        (["1", "2", "1"], [1, 2, 1], "none"),
        (["0,5", "1,25", "2"], [0.5, 1.25, 2], "comma"),
        (["0.5", ".25", "2.", "1e-1"], [0.5, 0.25, 2, 0.1], "point"),
        (["0", "1"], [0, 1], "none"),
        (["+1.5", "007"], [1.5, 7], "point"),
        (["1.234", "2.345"], [1.234, 2.345], "point"),
    ],
)
def test_weights_are_read_as_written(cells: list[str], numbers: list[float], mark: str) -> None:
    found, decimal = read_weights(column(*cells))
    assert (found.tolist(), decimal) == (numbers, mark)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["1", None, "1", None], "is empty for respondents 2, 4: give every respondent a weight"),
        (["1", "-0.5"], "holds '-0.5', a negative number, for respondent 2: correct it"),
        (["1", "inf"], "'inf', no finite number"),
        (["1", "1e999"], "'1e999', no finite number"),
        (["1", "nan"], "'nan', no finite number"),
        (["1", "one"], "'one', no finite number"),
        (["0x1", "1"], "'0x1', no finite number"),
        (["1,5", "1.5"], "decimal commas .'1,5'. and points .'1.5'.: write one mark"),
        (["1,234", "2,345"], "may be a decimal or a thousand: state --decimal"),
        (["1.234,5", "1"], "write one mark throughout"),
        (["0", "0"], "holds only zeros"),
        (["1e-6", "1e6"], "too far apart to be the weights of one survey"),
        (["1e16", "1e15"], "too far apart"),
    ],
)
def test_what_is_no_weight_is_named_with_its_rows(cells: list[str | None], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        read_weights(column(*cells))


def test_many_bad_weights_are_counted_not_listed() -> None:
    with pytest.raises(Problem) as refusal:
        read_weights(column(*[f"bad{i}" for i in range(9)]))
    assert len(refusal.value.sentences) == 6
    assert refusal.value.sentences[-1] == "and 4 more values that are no weights."
    with pytest.raises(Problem, match="respondents 1, 2, 3, 4, 5 and 95 more"):
        read_weights(column(*["x"] * 100))


@pytest.mark.parametrize(("stated", "numbers"), [("comma", [1.234, 2.0]), ("point", None)])
def test_a_stated_mark_settles_what_the_column_leaves_open(stated: str, numbers: list[float] | None) -> None:
    cells = column("1,234", "2")
    assert decimal_mark(cells.texts, "w", stated) == stated
    if numbers is None:
        with pytest.raises(Problem, match="'1,234', no finite number"):
            read_weights(cells, decimal=stated)
    else:
        assert read_weights(cells, decimal=stated)[0].tolist() == numbers


def test_a_text_that_is_no_weight_weighs_nothing() -> None:
    for text in ("", "x", "nan", "inf", "1e-999999999", "1e999999999", "-1", "1/0", "1_0", "0,0"):
        assert exact_weight(text) == 0, text
    assert (exact_weight("0,1"), exact_weight("1e-3")) == (Fraction(1, 10), Fraction(1, 1000))


@given(
    st.lists(
        st.sampled_from(
            [
                "1",
                "2",
                "0.5",
                "0,5",
                "1,234",
                "1.234",
                "1e-1",
                "0",
                "0.0",
                "-1",
                "x",
                "1e-9",
                "1e9",
                "inf",
                "",
            ]
        ),
        min_size=1,
    ),
    st.lists(st.floats(0.5, 2).map(str)),
    st.sampled_from(["", "comma", "point"]),
)
def test_the_telling_weights_are_judged_as_all_are(odd: list[str], usual: list[str], stated: str) -> None:
    def judged(cells: list[str]) -> object:
        try:
            return read_weights(column(*cells), decimal=stated)[1]
        except Problem:
            return "refused"

    cells = list(filter(None, odd)) + usual
    if cells:
        chosen = telling(cells)
        assert len(chosen) < 20 and set(chosen) <= set(cells)
        assert judged(chosen) == judged(cells)
        assert judged(telling([*telling(cells[::2]), *cells[1::2]])) == judged(cells)


def test_nobody_has_no_effective_base_and_equal_weights_cost_nothing() -> None:
    assert kish(0, 0) == 0.0
    assert kish(Fraction(21, 10), Fraction(63, 100)) == 7
    assert kish(5, 25) == 1.0
