"""A codebook that a person wrote: read, held against the data, and refused with every problem at once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.survey.folder import table_text
from surveyfile.codebook import FIELDS, Code, Item, complete, read_codebook, rows_of, settle_responses
from surveyfile.columns import Column, Respondents
from textfiles.problems import Problem


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "codebook.csv"
    path.write_bytes(text.encode(encoding))
    return path


def data(**columns: tuple[str, ...]) -> Respondents:
    made = {
        name: Column(name, np.arange(len(texts), dtype=np.int32), texts) for name, texts in columns.items()
    }
    return Respondents(made, 3, {}, skipped=("unread",))


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
