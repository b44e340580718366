"""Labels that say by their words that they are no opinion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.imports.naming import sounds_missing


@pytest.mark.parametrize(
    "label",
    [
        "Don't know",
        "DON’T KNOW",
        " refused. ",
        "[No answer]",
        "NA",
        "n/a",
        "Weiß nicht",
        "не знаю",
        "NS/NC",
        "*refused*",
    ],
)
def test_answers_without_substance_are_heard(label: str) -> None:
    assert sounds_missing(label)


@pytest.mark.parametrize(
    "label",
    ["", "None", "None of these", "Nothing", "Yes", "No", "Neither", "Undecided", "Namibia"],
)
def test_opinions_are_not_taken_for_silence(label: str) -> None:
    assert not sounds_missing(label)


@given(st.text(max_size=12))
def test_case_and_spaces_never_matter(label: str) -> None:
    assert sounds_missing(f" {label} ") == sounds_missing(label)
