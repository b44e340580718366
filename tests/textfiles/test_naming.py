"""What labels say by their words and letters: ids, skeletons, no opinion, several in one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.schema import ID_PATTERN
from textfiles.text import identifier, separator_in, short_label, skeleton, sounds_missing


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


@pytest.mark.parametrize(
    ("labels", "mark"),
    [
        (["Énergie; Transport", "Transport", "Énergie", "Énergie;Transport;Éducation"], ";"),
        (["Trade, Water", "Water, Roads", "Roads", "Trade"], ","),
        (["a|b", "b|c", "c|a"], "|"),
        (["Yes, fully", "Yes, in part", "No, never"], ""),
        (["Agree; strongly", "Disagree; strongly"], ""),
        (["one; two"], ""),
        ([], ""),
        (["1,5", "2,5", "3,5"], ""),
    ],
)
def test_several_answers_in_a_cell_are_seen_by_the_parts_that_return(labels: list[str], mark: str) -> None:
    assert separator_in(labels) == mark
