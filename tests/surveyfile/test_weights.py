"""Weights: read as written or refused with their rows; what they cost is never more than the sample."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.columns import Column
from surveyfile.weights import decimal_mark, effective_base, read_weights
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
    found = read_weights(column(*cells))
    assert (found.numbers.tolist(), found.decimal) == (numbers, mark)
    assert found.zeros == numbers.count(0)


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
        assert read_weights(cells, decimal=stated).numbers.tolist() == numbers


def test_nobody_has_no_effective_base_and_equal_weights_cost_nothing() -> None:
    assert effective_base(np.array([])) == effective_base(np.zeros(3)) == 0.0
    assert effective_base(np.full(7, 0.3)) == 7
    assert effective_base(np.array([5.0, 0.0, 0.0])) == 1.0


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.floats(0.1, 10))
def test_the_effective_base_lies_between_one_and_all_and_knows_no_unit(
    weights: list[float], unit: float
) -> None:
    found = effective_base(np.array(weights))
    assert 1 <= found <= len(weights)
    assert effective_base(unit * np.array(weights)) == pytest.approx(found)
