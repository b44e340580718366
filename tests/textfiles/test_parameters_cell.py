"""Parameters on the command line and in the cell that declares them: typed, named, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.parameters_cell import Declared, declarations, executed_parameters, parse, read_values
from textfiles.problems import Problem

DECLARED = (
    Declared("base", str, "asked"),
    Declared("confidence", float, 0.95),
    Declared("exact", bool, True),
)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("007", str, "007"), ("", str, ""), ("-3", int, -3), ("+3", int, 3), ("0.9", float, 0.9),
        ("1", float, 1.0), (".5", float, 0.5), ("1e-3", float, 0.001), ("True", bool, True),
        ("FALSE", bool, False),
    ],
)  # fmt: skip
def test_a_text_is_read_by_the_declared_type(text: str, kind: type, value: object) -> None:
    found = parse("x", text, kind)
    assert found == value and type(found) is kind


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("2.0", int, "must be a whole number"),
        ("1_000", int, "must be a whole number"),
        ("٣", int, "must be a whole number"),
        ("0,9", float, "must be a number .write a decimal point."),
        ("nan", float, "must be a number"),
        ("1e999", float, "must be a number"),
        ("yes", bool, "must be true or false"),
        ("", int, "must be a whole number"),
    ],
)
def test_anything_else_is_one_sentence_that_names_the_parameter(text: str, kind: type, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence) as refusal:
        parse("x", text, kind)
    assert str(refusal.value).startswith(f"Parameter x={text!r}")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**15), 10**15))
def test_numbers_come_back_as_they_were_written(number: float, whole: int) -> None:
    assert parse("x", repr(number), float) == number
    assert parse("x", str(whole), int) == whole


def test_a_cell_declares_name_type_default_and_meaning() -> None:
    cell = (
        '# what to change\nbase: str = "asked"  # denominator\nn: int = -2\nshare: float = 1  # 0-1 # really'
    )
    assert declarations(cell) == (
        Declared("base", str, "asked", "denominator"),
        Declared("n", int, -2, ""),
        Declared("share", float, 1.0, "0-1 # really"),
    )
    untyped = "country = 'UZ'  # of five\nrate = -0.02\nexact = True"
    assert declarations(untyped) == (
        Declared("country", str, "UZ", "of five"),
        Declared("rate", float, -0.02),
        Declared("exact", bool, True),
    )
    assert declarations("") == ()


@pytest.mark.parametrize(
    "cell",
    [
        "x = [1]",
        "x = f()",
        "x = y = 1",
        "x: int",
        "x: list = []",
        "x: int = 1; y += 2",
        "import os",
        "x: int | None = None",
        "x.y: int = 1",
    ],
)
def test_a_line_that_hides_a_parameter_is_refused(cell: str) -> None:
    with pytest.raises(Problem, match="only lines such as"):
        declarations(cell)


@pytest.mark.parametrize(
    ("cell", "kind"), [("x: int = 1.5", "whole"), ("x: str = 1", "text"), ("x: int = f()", "whole")]
)
def test_a_default_of_another_type_is_refused(cell: str, kind: str) -> None:
    with pytest.raises(Problem, match=kind):
        declarations(cell)


@pytest.mark.parametrize(
    ("given_pairs", "sentence"),
    [
        (
            [("bsae", "x")],
            "There is no parameter 'bsae': it has base, confidence, exact .did you mean 'base'.",
        ),
        ([("base", "a"), ("base", "b")], "Parameter 'base' is given twice"),
        ([("confidence=0.9", "base")], "A name and its value stand apart: -p confidence 0.9."),
        ([("colour=red", "x")], "There is no parameter 'colour=red'"),
    ],
)
def test_pairs_that_cannot_be_meant_are_refused(given_pairs: list[tuple[str, str]], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        read_values(given_pairs, DECLARED)


def test_pairs_become_typed_values() -> None:
    assert read_values([("exact", "false"), ("base", "0")], DECLARED) == {"exact": False, "base": "0"}
    with pytest.raises(Problem, match="it has none"):
        read_values([("x", "1")], ())


@given(st.text(max_size=20), st.sampled_from([int, float, bool]))
def test_no_text_gets_past_its_type(text: str, kind: type) -> None:
    try:
        assert type(parse("x", text, kind)) is kind
    except Problem as error:
        assert str(error).endswith(".")


def test_the_parameters_cell_is_found_among_what_a_kernel_ran() -> None:
    cell = "a: int = 1  # first\nb: str = 'x'"
    declared, injected = executed_parameters(
        ["", "%matplotlib inline", cell, "# Parameters\na = 2\nc = 3\n", "a + 1"]
    )
    assert [item.name for item in declared] == ["a", "b"] and injected == ("a", "c")
    # Run once more by hand, the cell counts as it stands now, and what papermill set before is gone.
    again, injected = executed_parameters([cell, "# Parameters\na = 2", "a: int = 5  # first"])
    assert [item.default for item in again] == [5] and injected == ()
    assert executed_parameters(["x = 1"]) == ((), ())
