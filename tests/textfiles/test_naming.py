"""What labels say by their words and letters: ids, skeletons, short forms."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.schema import ID_PATTERN
from textfiles.text import identifier, short_label, skeleton


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Very good!", "very_good"),
        ("Œuvre & été", "uvre_ete"),
        ("007", "q_007"),
        ("", "q"),
        ("日本", "q"),
        ("../../etc/passwd", "etc_passwd"),
        ("<script>alert(1)</script>", "script_alert_1_script"),
        ("__init__", "init"),
        ("x" * 90, "x" * 40),
        ("\u202eevil", "evil"),
        ("½", "q_12"),
    ],
)
def test_an_id_is_made_of_plain_letters(text: str, expected: str) -> None:
    assert identifier(text) == expected


@given(st.lists(st.text(max_size=60), max_size=12), st.sampled_from(["q", "code", "option", "score"]))
def test_ids_are_legal_and_never_twice(texts: list[str], prefix: str) -> None:
    taken: list[str] = []
    for text in texts:
        taken.append(identifier(text, taken, prefix))
    assert len(set(taken)) == len(taken)
    assert all(re.fullmatch(ID_PATTERN, name) for name in taken)


@given(st.text(max_size=300))
def test_a_short_label_is_the_label_or_its_beginning(text: str) -> None:
    short = short_label(text)
    assert len(short) <= 90
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize("twin", ["YES", " yes ", "Ｙes", "Y\u200des", "ye\u00ads", "yeſ"])
def test_labels_that_a_reader_cannot_tell_apart_look_alike(twin: str) -> None:
    assert skeleton(twin) == skeleton("Yes")


@pytest.mark.parametrize("other", ["Yеs", "Yes!", "Yés", "Y es", ""])
def test_labels_that_a_reader_can_tell_apart_do_not(other: str) -> None:
    assert skeleton(other) != skeleton("Yes")
