"""Counting: who was asked, who answered, who chose, by columns, sets and cells with several answers."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surveyfile import engine
from surveyfile.codebook import Code, Item, describe
from surveyfile.columns import Column, Sums
from surveyfile.count import Question
from textfiles.problems import Problem

Tabulate = Callable[..., list[Question]]

YES, NO = Code("1", "yes", "Yes"), Code("0", "no", "No")
REFUSED = Code("9", "refused", "Refused", status="missing")


def column(*codes: int, texts: tuple[str, ...] = ("1", "0", "9"), name: str = "q") -> Column:
    return Column(name, np.array(codes, dtype=np.int32), texts)


def counts(question: object) -> dict[str, int]:
    return {response.label: response.count for response in question.responses}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("largest", "kind"),
    [
        (0, "int32"),
        (2**31 - 1, "int32"),
        (2**31, "int64"),
        (2**63 - 1, "int64"),
        (2**63, "decimal128(38, 0)"),
    ],
)
def test_sums_are_taken_in_the_shortest_form_that_holds_the_numbers(largest: int, kind: str) -> None:
    column = engine._worth_columns([largest, 0], 2)["w"]
    assert str(column.type) == kind
    assert [int(value) for value in column.to_pylist()] == [largest, 0]


def test_refusal_is_an_answer_state_and_silence_is_not(tabulate: Tabulate) -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO, REFUSED))
    (question,) = tabulate({"q": column(0, 1, 2, -1, 0)}, [item])
    assert (question.asked, question.answered) == (5, 4)
    assert counts(question) == {"Yes": 2, "No": 1, "Refused": 1}
    assert [r.substantive for r in question.responses] == [True, True, False]


def test_those_not_asked_leave_the_base(tabulate: Tabulate) -> None:
    item = Item("q", question="q", codes=(YES, Code("0", "x", "Not asked", status="not_asked"), REFUSED))
    (question,) = tabulate({"q": column(0, 1, 1, -1)}, [item])
    assert (question.asked, question.answered) == (2, 1)


def test_an_option_nobody_chose_is_a_zero_and_an_unused_refusal_is_no_row(tabulate: Tabulate) -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO, REFUSED))
    (question,) = tabulate({"q": column(0, 0, texts=("1",))}, [item])
    assert counts(question) == {"Yes": 2, "No": 0}


def test_everyone_silent(tabulate: Tabulate) -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO))
    (question,) = tabulate({"q": column(-1, -1, texts=("1", "0"))}, [item], [1, 1])
    assert (question.asked, question.answered, question.effective_base) == (2, 0, 0.0)
    assert [question.share(r) for r in question.responses] == [None, None]


def test_one_respondent(tabulate: Tabulate) -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO))
    (question,) = tabulate({"q": column(0, texts=("1", "0"))}, [item], [2.5])
    assert (question.answered, question.effective_base, question.share(question.responses[0])) == (
        1,
        1.0,
        1.0,
    )


def test_dichotomies_form_one_question(tabulate: Tabulate) -> None:
    codes = {"a": (Code("1", "roads", "Roads"), Code("0", "no", "No", status="not_chosen"))}
    codes["b"] = (Code("1", "trade", "Trade"), Code("0", "no", "No", status="not_chosen"))
    items = [Item(name, question="q", kind="multiple", codes=own) for name, own in codes.items()]
    two = ("1", "0")
    columns = {"a": column(0, 1, 1, -1, texts=two, name="a"), "b": column(0, 0, 1, -1, texts=two, name="b")}
    (question,) = tabulate(columns, items)
    assert (question.asked, question.answered) == (4, 3)
    assert counts(question) == {"Roads": 1, "Trade": 2}


def test_a_mention_in_two_columns_counts_one_person(tabulate: Tabulate) -> None:
    items = [Item(name, question="q", kind="multiple", codes=(YES, NO)) for name in ("first", "second")]
    columns = {n: column(*c, texts=("1", "0"), name=n) for n, c in (("first", (0, 0)), ("second", (0, 1)))}
    (question,) = tabulate(columns, items, [1.0, 3.0])
    assert counts(question) == {"Yes": 2, "No": 1}
    assert question.share(question.responses[0]) == 1.0


def test_several_answers_in_one_cell(tabulate: Tabulate) -> None:
    codes = (Code("roads", "roads", "Roads"), Code("trade", "trade", "Trade"))
    item = Item("q", question="q", kind="multiple", separator=";", codes=codes)
    cells = column(0, 1, 0, -1, texts=("roads;trade", "trade;trade"))
    (question,) = tabulate({"q": cells}, [item])
    assert counts(question) == {"Roads": 2, "Trade": 3}
    assert (question.asked, question.answered) == (4, 3)


def test_two_codes_may_mean_one_response(tabulate: Tabulate) -> None:
    codes = (Code("1", "yes", "Yes"), Code("9", "yes", "Yes"), NO)
    (question,) = tabulate({"q": column(0, 1, 2)}, [Item("q", question="q", kind="single", codes=codes)])
    assert counts(question) == {"Yes": 2, "No": 1}


def test_a_scale_is_shown_from_low_to_high(tabulate: Tabulate) -> None:
    codes = (Code("5", "high", "High", "5"), Code("1", "low", "Low", "1"), REFUSED)
    item = Item("q", question="q", kind="rating", codes=codes)
    (question,) = tabulate({"q": column(0, 1, 2, texts=("5", "1", "9"))}, [item])
    assert [r.label for r in question.responses] == ["Low", "High", "Refused"]


WEIGHTS = st.just(0.0) | st.floats(1e-3, 1e5)
ANSWERS = st.lists(st.integers(-1, 3), min_size=1, max_size=60)


def of_one_column(tabulate: Tabulate, codes: Sequence[int], weights: Sequence[float | str]) -> Question:
    cells = Column("q", np.array(codes, dtype=np.int32), ("a", "b", "c", "d"))
    item = Item("q", question="q", kind="single", codes=describe(cells, "single"))
    return tabulate({"q": cells}, [item], weights)[0]


@settings(max_examples=50)
@given(ANSWERS, st.data())
def test_counts_and_sums_are_those_of_fractions(
    tabulate: Tabulate, codes: list[int], data: st.DataObject
) -> None:
    """To the last digit: the exact sum of the decimal numbers."""
    numbers = data.draw(st.lists(WEIGHTS, min_size=len(codes), max_size=len(codes)).filter(any))
    question = of_one_column(tabulate, codes, numbers)
    exact = [Fraction(repr(number)) for number in numbers]
    answered = [weight for weight, code in zip(exact, codes, strict=True) if code >= 0]
    assert (question.asked, question.answered) == (len(codes), len(answered))
    squares = sum(weight**2 for weight in answered)
    assert (question.sums.weight, question.sums.squares) == (sum(answered), squares)
    assert question.effective_base == (float(sum(answered) ** 2 / squares) if squares else 0.0)
    for place, response in enumerate(question.responses):
        own = [weight for weight, code in zip(exact, codes, strict=True) if code == place]
        weighing = sum(map(bool, own))
        assert response.sums == Sums(len(own), sum(own), sum(weight**2 for weight in own), weighing)


def test_neither_order_nor_threads_change_a_digit(
    tabulate: Tabulate, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(3)
    people = [(random.randint(-1, 3), random.lognormvariate(0, 2)) for _ in range(5000)]
    found = set()
    for threads in (1, 2, 4):
        monkeypatch.setitem(engine._DATABASE, "threads", threads)
        random.shuffle(people)
        question = of_one_column(tabulate, [code for code, _ in people], [weight for _, weight in people])
        found.add(
            (question.sums.weight, question.effective_base, *(r.sums.weight for r in question.responses))
        )
    assert len(found) == 1


def test_questions_that_share_a_pass_are_those_counted_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a question has several columns, or a column stands in several questions."""
    random = Random(5)
    columns = {
        name: np.array([random.randint(-1, top) for _ in range(300)])
        for name, top in zip("abcd", (1, 3, 2, 40), strict=True)
    }
    worth = [Decimal(text) for text in ("0", "0.125", "3", "1e-3", "2.50", "1e2")]
    who = np.array([random.randrange(len(worth)) for _ in range(300)])
    sets = [["a"], ["b"], ["c", "a"], ["d"], ["b", "c"], []]
    found = {}
    for combined in (1, 512):
        monkeypatch.setattr(engine, "_COMBINED", combined)
        found[combined] = list(engine.grouped(columns, sets, (who, worth)))
    assert found[1] == found[512]
    for names, groups in zip(sets, found[512], strict=True):
        people = list(zip(*(columns[name] for name in names), strict=True)) if names else [()] * 300
        assert groups.keys() == set(people)
        for answers, sums in groups.items():
            own = [Fraction(worth[i]) for i, given in zip(who, people, strict=True) if given == answers]
            weighing = sum(map(bool, own))
            assert sums == Sums(len(own), sum(own), sum(w**2 for w in own), weighing)


def test_short_decimals_add_up_as_on_paper(tabulate: Tabulate) -> None:
    question = of_one_column(tabulate, [0] * 10, ["0.1"] * 10)
    assert question.sums.weight == 1  # ten times the floating-point number 0.1 is not


def test_weights_too_fine_to_be_summed_exactly_are_refused(tabulate: Tabulate) -> None:
    fine = ["1.00000000000000000000000000000000001", "2", "0.3333333333333333333333333333333333333"]
    with pytest.raises(Problem, match="too many digits to be summed exactly: round them"):
        of_one_column(tabulate, [0, 1, 2], fine)


@settings(max_examples=30)
@given(ANSWERS, st.integers(2, 4), st.randoms())
def test_order_scale_of_weights_and_duplication_change_no_share(
    tabulate: Tabulate, codes: list[int], times: int, random: object
) -> None:
    def shares(answers: list[int], weight: float) -> list[float | None]:
        question = of_one_column(tabulate, answers, [weight] * len(answers))
        return [question.share(response) for response in question.responses]

    shuffled = list(codes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    expected = [pytest.approx(share) for share in shares(codes, 1.0)]
    assert shares(shuffled, 1.0) == expected
    assert shares(codes, 7.5) == expected
    assert shares(codes * times, 1.0) == expected
