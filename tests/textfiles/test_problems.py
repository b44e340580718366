"""Sentences about problems: what stands there can be seen, and the nearest legal word is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.problems import Problem, nearest, quoted


def test_one_problem_stands_alone_and_several_are_listed() -> None:
    assert str(Problem("a.")) == "a."
    assert str(Problem(*iter(["a.", "b."]))) == "2 problems:\n- a.\n- b."
    assert Problem("a.", "b.").sentences == ("a.", "b.")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a b ", "'a b '"),
        ("it's", '"it\'s"'),
        ("а", r"'\u0430'"),
        ("x\u200b", r"'x\u200b'"),
        ("two\nlines", r"'two\nlines'"),
        ("x" * 50, f"'{'x' * 37}...'"),
    ],
)
def test_what_cannot_be_seen_is_shown(value: str, shown: str) -> None:
    assert quoted(value) == shown


@given(st.text(max_size=200))
def test_a_quoted_value_is_one_short_line_of_plain_letters(value: str) -> None:
    shown = quoted(value)
    assert shown.isascii() and shown.isprintable()
    assert len(quoted("x" * len(value))) <= 42


@pytest.mark.parametrize(
    ("value", "names", "expected"),
    [
        ("ratng", ["rating", "single"], "write 'rating' if that is meant"),
        (" RATING ", ["rating"], "write 'rating' if that is meant"),
        ("colour", ["rating"], "choose one"),
        ("", ["rating"], "choose one"),
        ("x", [], "choose one"),
    ],
)
def test_the_nearest_name_is_suggested_only_where_one_is_near(
    value: str, names: list[str], expected: str
) -> None:
    assert nearest(value, names, "choose one") == expected
