"""The codebook proposed for a file that nobody has described."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.codebook import Item
from surveyfile.columns import Column, DeclaredSet, Respondents
from surveyfile.proposal import MOST_OPTIONS, propose


def read_column(name: str, *cells: str | None, **details: object) -> Column:
    texts = tuple(dict.fromkeys(cell for cell in cells if cell is not None))
    codes = np.array([-1 if cell is None else texts.index(cell) for cell in cells], dtype=np.int32)
    return Column(name, codes, texts, **details)  # type: ignore[arg-type]


def proposed(*columns: Column, missing: dict | None = None, **details: object) -> list[Item]:
    rows = len(columns[0].codes)
    data = Respondents({c.name: c for c in columns}, rows, {}, **details)  # type: ignore[arg-type]
    return propose(data, roles={}, missing=missing or {})


def statuses(item: Item) -> dict[str, str]:
    return {code.code: code.status for code in item.codes}


def test_few_answers_make_a_question_without_an_order() -> None:
    (item,) = proposed(read_column("Q 1", "b", "a", "b", None))
    assert (item.role, item.question, item.kind) == ("question", "q_1", "single")
    assert [(code.label, code.score) for code in item.codes] == [("a", ""), ("b", "")]


def test_numbers_are_no_scale_unless_the_file_says_so() -> None:
    (plain,) = proposed(read_column("q", "1", "2", "2"))
    (ordered,) = proposed(read_column("q", "1", "2", "2", ordered=True))
    assert (plain.kind, ordered.kind) == ("single", "rating")
    assert [code.score for code in ordered.codes] == ["1", "2"]


def test_a_code_that_sounds_missing_stays_an_answer_until_declared() -> None:
    cells = read_column("q", "1", "99", "1", labels={"99": "Refused"})
    assert statuses(proposed(cells)[0]) == {"1": "answer", "99": "answer"}
    for missing in ({"": ["99"]}, {"q": ["99"]}):
        assert statuses(proposed(cells, missing=missing)[0]) == {"1": "answer", "99": "missing"}
    assert statuses(proposed(cells, missing={"other": ["99"]})[0])["99"] == "answer"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([None, None, None], "empty"),
        (["a", "b", "c"], "a different answer in every row"),
        (
            [str(n) for n in range(MOST_OPTIONS + 1)] * 2,
            f"{MOST_OPTIONS + 1} different answers without labels",
        ),
    ],
)
def test_what_is_no_question_is_left_out_with_the_reason(cells: list, reason: str) -> None:
    (item,) = proposed(read_column("q", *cells))
    assert item.role == "skip" and reason in item.note and item.question == ""


def test_everyone_silent_although_labelled() -> None:
    (item,) = proposed(read_column("q", None, None, labels={"1": "Yes"}))
    assert (item.role, item.note) == ("skip", "nobody answered it")


def test_everyone_refused_leaves_no_answer_to_count() -> None:
    (item,) = proposed(read_column("q", "9", "9", missing=frozenset({"9"})))
    assert item.role == "skip"


def test_the_limit_of_options_is_inclusive_and_labels_lift_it() -> None:
    cells = [str(n) for n in range(MOST_OPTIONS)] * 2
    assert proposed(read_column("q", *cells))[0].role == "question"
    many = [str(n) for n in range(MOST_OPTIONS + 5)] * 2
    labels = {text: f"Answer {text}" for text in many}
    assert proposed(read_column("q", *many, labels=labels))[0].role == "question"


def test_two_respondents_who_differ_are_not_yet_an_identifier() -> None:
    assert proposed(read_column("q", "a", "b"))[0].role == "question"


def test_look_alike_column_names_get_ids_of_their_own() -> None:
    items = proposed(
        read_column("Q-1", "a", "a"), read_column("q 1", "a", "a"), read_column("Вопрос", "a", "a")
    )
    assert [item.question for item in items] == ["q_1", "q_1_2", "q"]


def test_a_column_with_a_role_is_no_question() -> None:
    data = Respondents({"w": read_column("w", "1", "1", "2")}, 3, {})
    (item,) = propose(data, roles={"w": "weight"}, missing={})
    assert (item.role, item.codes, item.note) == ("weight", (), "stated by the user")


def test_a_declared_set_is_one_question_of_several_columns() -> None:
    members = [read_column(name, "1", "0", "9", wording=text, missing=frozenset({"9"}))
               for name, text in (("m1", "Trade"), ("m2", "Water"))]  # fmt: skip
    group = DeclaredSet("topics", "Which topics?", ("m1", "m2"), "1")
    items = proposed(*members, sets=(group,))
    assert {item.question for item in items} == {"topics"}
    assert {item.kind for item in items} == {"multiple"}
    assert [statuses(item) for item in items] == [{"1": "answer", "0": "not_chosen", "9": "missing"}] * 2
    chosen = [code for item in items for code in item.codes if code.status == "answer"]
    assert [(code.label, code.response) for code in chosen] == [("Trade", "trade"), ("Water", "water")]


def test_a_set_that_holds_the_chosen_code_unites_its_columns() -> None:
    labels = {"1": "Trade", "2": "Water"}
    members = [read_column("first", "1", "2", labels=labels), read_column("second", "2", None, labels=labels)]
    items = proposed(*members, sets=(DeclaredSet("topics", "", ("first", "second"), ""),))
    responses = [{code.label: code.response for code in item.codes} for item in items]
    assert responses == [{"Trade": "trade", "Water": "water"}] * 2


def test_columns_not_read_are_listed() -> None:
    assert proposed(read_column("q", "a", "a"), skipped=("other",))[-1] == Item(
        "other", "skip", note="not read"
    )


@given(
    st.lists(
        st.lists(st.sampled_from([None, "1", "2", "Yes", "=1", "NA", ""]), min_size=4, max_size=4), max_size=5
    )
)
def test_every_column_is_accounted_for_once(tables: list[list[str | None]]) -> None:
    columns = [read_column(f"Q{i}", *cells) for i, cells in enumerate(tables)]
    items = proposed(*columns) if columns else []
    assert [item.column for item in items] == [c.name for c in columns]
    questions = [item.question for item in items if item.role == "question"]
    assert len(set(questions)) == len(questions)
    assert all(bool(item.note) == (item.role == "skip") for item in items)
