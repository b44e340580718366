"""The codebook of a file: labels, a proposal, and what a person wrote, held against the data."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.survey.folder import table_text
from surveyfile.codebook import (
    DISTINCT,
    FIELDS,
    Code,
    Item,
    complete,
    describe,
    distinguish,
    read_codebook,
    rows_of,
    scale_scores,
    settle_responses,
    split_cell,
)
from surveyfile.columns import Column, Groups, Respondents, Sums
from textfiles.problems import Problem


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


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "codebook.csv"
    path.write_bytes(text.encode(encoding))
    return path


def data(**columns: tuple[str, ...]) -> Respondents:
    made = {
        name: Column(name, np.arange(len(texts), dtype=np.int32), texts) for name, texts in columns.items()
    }
    groups = {name: Groups((name,), {(t,): Sums(1) for t in texts}) for name, texts in columns.items()}
    return Respondents(made, 3, {}, skipped=("unread",), groups=groups)


def test_what_stands_in_the_first_row_of_a_column_holds_for_all_its_codes(tmp_path: Path) -> None:
    text = (
        "column;role;kind;label;code;response_label;score;status\n"
        "Q1;;rating;Trust;1;Low;1;\n;;;;2;High;2;\n;;;;9;DK;;missing\nw;weight;;;;;;\n"
    )
    items = read_codebook(write(tmp_path, text, "utf-8-sig"))
    assert [(item.column, item.role, item.question, item.kind) for item in items] == [
        ("Q1", "question", "q1", "rating"), ("w", "weight", "", ""),
    ]  # fmt: skip
    assert items[0].codes == (
        Code("1", "low", "Low", "1"), Code("2", "high", "High", "2"), Code("9", "dk", "DK", "", "missing"),
    )  # fmt: skip


def test_a_code_without_a_label_is_its_own_label_and_a_guard_is_taken_off(tmp_path: Path) -> None:
    (item,) = read_codebook(write(tmp_path, "column,code,response_label\nq,007,\n,1,'=SUM(A1)\n,2,'tis\n"))
    assert [(code.code, code.label) for code in item.codes] == [
        ("007", "007"),
        ("1", "=SUM(A1)"),
        ("2", "'tis"),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("code,label\n1,a\n", ["the column column is missing"]),
        ("column,kinds\nq,single\n", ["the column 'kinds' is unknown (did you mean 'kind'?)"]),
        ("column,by,group\nq,a,b\n", ["the column 'by' is unknown", "the column 'group' is unknown"]),
        ("column,code\n", ["only a header, no rows"]),
        ("column,code\n,1\n", ["row 2, column column: value ''; allowed: the name of a column"]),
        ("column,code\nq,1,2\nq,2\nq,3\n", ["row 2: 3 cells where the header has 2; quote a cell"]),
        (
            'column,kind,role,status,question,score\nq,singel,weigth,mising,My Q,"1,5"\n',
            ["write 'single'", "write 'weight'", "write 'missing'", "write 'my_q'", "score: value '1,5'"],
        ),
    ],
)  # fmt: skip
def test_a_codebook_that_cannot_be_meant_is_refused_with_all_its_problems(
    tmp_path: Path, text: str, sentences: list[str]
) -> None:
    with pytest.raises(Problem) as refusal:
        read_codebook(write(tmp_path, text))
    assert all(sentence in str(refusal.value) for sentence in sentences)


def test_a_codebook_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"nowhere\.csv: the file is missing"):
        read_codebook(tmp_path / "nowhere.csv")


def test_gaps_are_filled_from_the_data_and_columns_left_out_are_listed() -> None:
    items = complete([Item("q", question="q", kind="rating")], data(q=("1", "2"), other=("a",)))
    assert [(code.label, code.score) for code in items[0].codes] == [("1", "1"), ("2", "2")]
    assert items[0].label == "q"
    assert [(item.column, item.role, item.note) for item in items[1:]] == [
        ("other", "skip", "not in the codebook"), ("unread", "skip", "not in the codebook"),
    ]  # fmt: skip


def test_scores_are_given_to_answers_only() -> None:
    codes = (Code("low", "low", "Low"), Code("9", "dk", "DK", status="missing"), Code("high", "high", "High"))
    (item, *_) = complete([Item("q", question="q", kind="rating", codes=codes)], data(q=("low", "high")))
    assert [code.score for code in item.codes] == ["1", "", "2"]


YES, NO = Code("1", "yes", "Yes"), Code("2", "no", "No")


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        (
            [Item("unred", question="q", codes=(YES, NO))],
            "column 'unred' is not in the data .did you mean 'unread'.",
        ),
        (
            [Item("q", question="q", codes=(YES,))],
            "column 'q' holds '2' .1 row., which has no row in the codebook",
        ),
        ([Item("q", question="q", codes=(YES, NO, YES))], "describes the code '1' twice"),
        (
            [Item("q", question="x", codes=(YES, NO)), Item("r", question="x", codes=(YES, NO))],
            "question 'x' has the columns 'q', 'r': set kind to multiple",
        ),
        (
            [Item("q", question="q", codes=(YES, Code("2", "yes", "Also")))],
            "response 'yes' has the labels 'Yes' and 'Also'",
        ),
    ],
)
def test_a_codebook_that_contradicts_the_data_is_refused(items: list[Item], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        complete(items, data(q=("1", "2"), r=("1", "2")))


def test_every_unlisted_answer_counts_but_few_are_shown() -> None:
    with pytest.raises(Problem) as refusal:
        complete([Item("q", question="q", codes=(YES,))], data(q=tuple(str(n) for n in range(1, 10))))
    assert len(refusal.value.sentences) == 6
    assert "holds 3 more answers without a row" in refusal.value.sentences[-1]


LABEL = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Co", "Zs", "Zl", "Zp"]), min_size=1, max_size=8
)


@settings(max_examples=40)
@given(st.lists(st.tuples(LABEL, LABEL), min_size=1, max_size=5, unique_by=lambda pair: pair[0]))
def test_a_codebook_written_is_the_codebook_read(
    tmp_path_factory: pytest.TempPathFactory, codes: list[tuple[str, str]]
) -> None:
    items = settle_responses(
        [
            Item(
                "q",
                "question",
                "q",
                "single",
                "Q",
                codes=tuple(Code(code, "", label) for code, label in codes),
            )
        ]
    )
    path = write(tmp_path_factory.mktemp("book"), table_text(FIELDS, rows_of(items)))
    (again,) = read_codebook(path)
    assert [code.response for code in again.codes] == [code.response for code in items[0].codes]
