"""Labels and ids of a codebook: whatever a file calls its answers, every one gets a name of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.codebook import (
    DISTINCT,
    FIELDS,
    Code,
    Item,
    describe,
    distinguish,
    rows_of,
    scale_scores,
    settle_responses,
    split_cell,
)
from surveyfile.columns import Column


def column(*texts: str, labels: dict[str, str] | None = None, missing: tuple[str, ...] = ()) -> Column:
    codes = np.arange(len(texts), dtype=np.int32)
    return Column("q", codes, texts, labels=labels or {}, missing=frozenset(missing))


@pytest.mark.parametrize(
    ("codes", "scores"),
    [
        (["1", "2", "5"], ["1", "2", "5"]),
        (["0", "10"], ["0", "10"]),
        (["-1", "0", "0.5"], ["-1", "0", "0.5"]),
        (["01", "02"], ["1", "2"]),
        (["low", "5"], ["1", "2"]),
        (["1e3", "2"], ["1", "2"]),  # no plain number
        (["٣", "٤"], ["3", "4"]),
        ([], []),
    ],
)
def test_scores_are_the_codes_where_these_are_numbers(codes: list[str], scores: list[str]) -> None:
    assert scale_scores(codes) == scores


def test_answers_come_in_order_and_declared_missing_codes_last_without_a_score() -> None:
    found = describe(
        column("9", "10", "2", labels={"1": "Low", "10": "High", "9": "Refused"}, missing=("9",)), "rating"
    )
    assert [(code.code, code.label, code.score, code.status) for code in found] == [
        ("1", "Low", "1", "answer"),
        ("2", "2", "2", "answer"),
        ("10", "High", "10", "answer"),
        ("9", "Refused", "", "missing"),
    ]


def test_a_label_nobody_chose_is_an_answer_and_a_missing_code_nobody_gave_is_not() -> None:
    found = describe(column("1", labels={"1": "Yes", "2": "No", "8": "Refused"}, missing=("8",)), "single")
    assert [(code.label, code.score) for code in found] == [("Yes", ""), ("No", "")]


def test_labels_that_read_like_numbers_stay_labels() -> None:
    found = describe(column("1", "2", labels={"1": "007", "2": "NA"}), "single")
    assert [(code.response, code.label) for code in found] == [("code_007", "007"), ("na", "NA")]


def test_everyone_silent_leaves_the_labels_alone_to_tell() -> None:
    assert describe(column(), "single") == ()
    assert [code.label for code in describe(column(labels={"1": "Yes"}), "single")] == ["Yes"]


def test_several_answers_in_one_cell_are_described_one_by_one() -> None:
    found = describe(column("roads;energy", "energy", ";;"), "multiple", ";")
    assert [code.code for code in found] == ["energy", "roads"]


@pytest.mark.parametrize(
    ("second", "told"),
    [("YES", "YES (code 2)"), ("Ｙes", "Ｙes (code 2)"), ("Y\u200des", "Y\u200des (code 2)")],
)
def test_labels_that_look_alike_are_told_apart_and_the_reader_told(second: str, told: str) -> None:
    (item,) = distinguish([Item("q", question="q", codes=(Code("1", "a", "Yes"), Code("2", "b", second)))])
    assert [code.label for code in item.codes] == ["Yes", told]
    assert item.note.startswith(DISTINCT)


def test_one_response_in_two_columns_of_a_set_is_not_two_look_alikes() -> None:
    items = [Item(name, question="q", kind="multiple", codes=(Code("1", "trade", "Trade"),)) for name in "ab"]
    assert distinguish(items) == items


def test_options_that_were_not_ticked_need_no_label_of_their_own() -> None:
    codes = (Code("1", "trade", "Trade"), Code("0", "", "Trade", status="not_chosen"))
    assert distinguish([Item("a", question="q", kind="multiple", codes=codes)])[0].note == ""


@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=4)), max_size=8))
def test_settled_responses_are_one_to_one_with_labels(given_codes: list[tuple[str, str]]) -> None:
    items = [
        Item(f"c{i}", question=q, codes=(Code("1", "", label),)) for i, (q, label) in enumerate(given_codes)
    ]
    named: dict[tuple[str, str], str] = {}
    for item in settle_responses(items):
        (code,) = item.codes
        assert named.setdefault((item.question, code.label), code.response) == code.response
    assert len({(question, response) for (question, _), response in named.items()}) == len(named)


def test_responses_that_have_an_id_keep_it() -> None:
    codes = (Code("1", "mine", "Trade"), Code("2", "", "Trade"), Code("3", "", "mine"))
    assert [c.response for c in settle_responses([Item("q", question="q", codes=codes)])[0].codes] == [
        "mine", "mine", "mine_2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "separator", "parts"),
    [
        ("a;b", "", ["a;b"]),
        ("", "", [""]),
        ("", ";", []),
        (" ; ", ";", []),
        ("a; b;a", ";", ["a", "b"]),
        ("a|b", ";", ["a|b"]),
    ],
)
def test_cells_are_split_only_where_a_separator_is_stated(
    cell: str, separator: str, parts: list[str]
) -> None:
    assert split_cell(cell, separator) == parts


def test_a_codebook_has_one_row_a_code_and_says_the_column_once() -> None:
    item = Item(
        "v1",
        "question",
        "trust",
        "single",
        "Trust",
        note="n",
        codes=(Code("1", "a", "A"), Code("2", "b", "B")),
    )
    rows = rows_of([item, Item("id", "skip", note="an identifier")])
    assert [list(row) for row in rows] == [list(FIELDS)] * 3
    assert [(row["column"], row["question"], row["code"]) for row in rows] == [
        ("v1", "trust", "1"), ("v1", "", "2"), ("id", "", ""),
    ]  # fmt: skip
