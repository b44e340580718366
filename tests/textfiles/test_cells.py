"""Cells that a spreadsheet leaves alone, and that come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.text import guarded, unguarded


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "- none", "+"]
)
def test_formulas_are_guarded(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "Yes", "-5", "+3", "-0.5", "-1,5", "43.5", "'tis", " =1", "a=1"])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text == unguarded(text)


@given(st.text(max_size=20))
def test_no_cell_written_begins_like_a_formula(text: str) -> None:
    written = guarded(text)
    number = written.lstrip("+-").replace(",", ".")
    assert written[:1] not in ("=", "@", "\t", "\r") or not written
    assert written[:1] not in ("+", "-") or float(number) >= 0


@given(st.text(max_size=20))
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    if not (text[:1] == "'" and guarded(text[1:]) != text[1:]):  # already looks guarded
        assert unguarded(guarded(text)) == text
