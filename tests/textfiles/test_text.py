"""Text cleaned, compared and escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textfiles.text import clean, escape_formula, escape_tex, unescape_formula

FORMULAS = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1",
    "\ufeff=1",
    "\n text", "＝1", " ＋1", "- none", "+", "'=1", "'-5", "-", "-5 Punkte",
]  # fmt: skip
NO_FORMULAS = [
    "", "Yes", "-5", "+3", "-0.5", "-5,5", "-1.234,5", "-2 %", " -2", "-1e5", "43.5", "'tis", "a=1", "2-3",
]  # fmt: skip


def test_formulas_are_escaped_and_come_back() -> None:
    assert {text: escape_formula(text) for text in FORMULAS} == {text: f"'{text}" for text in FORMULAS}
    assert [unescape_formula(f"'{text}") for text in FORMULAS] == FORMULAS


def test_numbers_and_words_stay_as_they_are() -> None:
    assert [escape_formula(text) for text in NO_FORMULAS] == NO_FORMULAS
    assert [unescape_formula(text) for text in NO_FORMULAS] == NO_FORMULAS


def test_a_number_that_somebody_guarded_by_hand_is_read_as_the_number() -> None:
    assert unescape_formula("'-5") == "-5"


@given(st.text(max_size=20) | st.text("'=+-@ \t5,", max_size=8))
def test_any_cell_comes_back_and_none_begins_like_a_formula(text: str) -> None:
    written = escape_formula(text)
    assert unescape_formula(written) == text
    assert not written.strip().startswith(("=", "@", "＝", "＋", "－", "＠"))
    if written.strip().startswith(("+", "-")):
        assert set(written.strip()[1:]) <= set(" 0123456789.,'’\u00a0\u202feE+-%")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("  two\n lines\t", "two lines"),
        ("a\u202eb\x00c", "abc"),
        ("Y\u200be\u00ads\ufeff", "Yes"),
        ("e\u0301", "é"),
        ("sign \ue000\U000f1234 of a symbol font", "sign of a symbol font"),
        ("\ud800", ""),
        ("می\u200cخواهم 👩\u200d🔬", "می\u200cخواهم 👩\u200d🔬"),
        (7, "7"),
    ],
)
def test_clean_text_is_what_a_reader_sees(text: object, seen: str) -> None:
    assert clean(text) == seen


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_tex_sets_every_sign_as_it_stands() -> None:
    assert escape_tex(r"50% of R&D_{x} \ ~^<") == (
        r"50\% of R\&D\_\{x\} \textbackslash{} \textasciitilde{}\textasciicircum{}\textless{}"
    )
