"""Counting: who was asked, answered and chose, and sums of weights that no order changes."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile.codebook import Code, Item, describe
from surveyfile.columns import Column
from surveyfile.count import measure, membership, tabulate, unit_of, weighted_records
from surveyfile.weights import effective_base

YES, NO = Code("1", "yes", "Yes"), Code("0", "no", "No")
REFUSED = Code("9", "refused", "Refused", status="missing")


def column(*codes: int, texts: tuple[str, ...] = ("1", "0", "9"), name: str = "q") -> Column:
    return Column(name, np.array(codes, dtype=np.int32), texts)


def counts(question: object) -> dict[str, int]:
    return {response.label: response.count for response in question.responses}  # type: ignore[attr-defined]


def test_refusal_is_an_answer_state_and_silence_is_not() -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO, REFUSED))
    (question,) = tabulate({"q": column(0, 1, 2, -1, 0)}, [item])
    assert (question.asked, question.answered) == (5, 4)
    assert counts(question) == {"Yes": 2, "No": 1, "Refused": 1}
    assert [r.substantive for r in question.responses] == [True, True, False]


def test_those_not_asked_leave_the_base() -> None:
    item = Item("q", question="q", codes=(YES, Code("0", "x", "Not asked", status="not_asked"), REFUSED))
    (question,) = tabulate({"q": column(0, 1, 1, -1)}, [item])
    assert (question.asked, question.answered) == (2, 1)


def test_an_option_nobody_chose_is_a_zero_and_an_unused_refusal_is_no_row() -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO, REFUSED))
    (question,) = tabulate({"q": column(0, 0, texts=("1",))}, [item])
    assert counts(question) == {"Yes": 2, "No": 0}


def test_everyone_silent() -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO))
    (question,) = tabulate({"q": column(-1, -1, texts=("1", "0"))}, [item], np.ones(2))
    assert (question.asked, question.answered, question.effective_base) == (2, 0, 0.0)
    assert [r.weighted_share for r in question.responses] == [None, None]


def test_one_respondent() -> None:
    item = Item("q", question="q", kind="single", codes=(YES, NO))
    (question,) = tabulate({"q": column(0, texts=("1", "0"))}, [item], np.array([2.5]))
    assert (question.answered, question.effective_base, question.responses[0].weighted_share) == (1, 1.0, 1.0)


def test_dichotomies_form_one_question() -> None:
    codes = {"a": (Code("1", "roads", "Roads"), Code("0", "no", "No", status="not_chosen"))}
    codes["b"] = (Code("1", "trade", "Trade"), Code("0", "no", "No", status="not_chosen"))
    items = [Item(name, question="q", kind="multiple", codes=own) for name, own in codes.items()]
    two = ("1", "0")
    columns = {"a": column(0, 1, 1, -1, texts=two, name="a"), "b": column(0, 0, 1, -1, texts=two, name="b")}
    (question,) = tabulate(columns, items)
    assert (question.asked, question.answered) == (4, 3)
    assert counts(question) == {"Roads": 1, "Trade": 2}


def test_a_mention_in_two_columns_counts_one_person() -> None:
    items = [Item(name, question="q", kind="multiple", codes=(YES, NO)) for name in ("first", "second")]
    columns = {n: column(*c, texts=("1", "0"), name=n) for n, c in (("first", (0, 0)), ("second", (0, 1)))}
    (question,) = tabulate(columns, items, np.array([1.0, 3.0]))
    assert counts(question) == {"Yes": 2, "No": 1}
    assert question.responses[0].weighted_share == 1.0


def test_several_answers_in_one_cell() -> None:
    codes = (Code("roads", "roads", "Roads"), Code("trade", "trade", "Trade"))
    item = Item("q", question="q", kind="multiple", separator=";", codes=codes)
    cells = column(0, 1, 0, -1, texts=("roads;trade", "trade;trade"))
    (question,) = tabulate({"q": cells}, [item])
    assert counts(question) == {"Roads": 2, "Trade": 3}
    assert (question.asked, question.answered) == (4, 3)


def test_two_codes_may_mean_one_response() -> None:
    codes = (Code("1", "yes", "Yes"), Code("9", "yes", "Yes"), NO)
    (question,) = tabulate({"q": column(0, 1, 2)}, [Item("q", question="q", kind="single", codes=codes)])
    assert counts(question) == {"Yes": 2, "No": 1}


def test_a_scale_is_shown_from_low_to_high() -> None:
    codes = (Code("5", "high", "High", "5"), Code("1", "low", "Low", "1"), REFUSED)
    item = Item("q", question="q", kind="rating", codes=codes)
    (question,) = tabulate({"q": column(0, 1, 2, texts=("5", "1", "9"))}, [item])
    assert [r.label for r in question.responses] == ["Low", "High", "Refused"]


WEIGHTS = st.just(0.0) | st.floats(1e-6, 5)
ANSWERS = st.lists(st.integers(-1, 3), min_size=1, max_size=60)


@given(ANSWERS, st.data())
def test_fast_and_plain_counting_agree(codes: list[int], data: st.DataObject) -> None:
    weights = np.array(data.draw(st.lists(WEIGHTS, min_size=len(codes), max_size=len(codes))))
    cells = Column("q", np.array(codes, dtype=np.int32), ("a", "b", "c", "d"))
    item = Item("q", question="q", kind="single", codes=describe(cells, "single"))
    (question,) = tabulate({"q": cells}, [item], weights)
    asked, answered, chosen = membership({"q": cells}, [item])
    assert (question.asked, question.answered) == (asked.sum(), answered.sum())
    assert question.effective_base == pytest.approx(effective_base(weights[answered]))
    for response in question.responses:
        assert response.count == chosen[response.response].sum()
        assert response.weighted_count == pytest.approx(weights[chosen[response.response]].sum())


@given(ANSWERS, st.integers(2, 4), st.randoms())
def test_order_scale_of_weights_and_duplication_change_no_share(
    codes: list[int], times: int, random: object
) -> None:
    def shares(answers: list[int], weight: float) -> list[float | None]:
        cells = Column("q", np.array(answers, dtype=np.int32), ("a", "b", "c", "d"))
        item = Item("q", question="q", kind="single", codes=describe(cells, "single"))
        (question,) = tabulate({"q": cells}, [item], np.full(len(answers), weight))
        return [response.weighted_share for response in question.responses]

    shuffled = list(codes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    expected = [pytest.approx(share) for share in shares(codes, 1.0)]
    assert shares(shuffled, 1.0) == expected
    assert shares(codes, 7.5) == expected
    assert shares(codes * times, 1.0) == expected


SPREAD = st.lists(st.just(0.0) | st.floats(1e-6, 1e6), min_size=1, max_size=50)


@given(SPREAD, st.randoms(use_true_random=False))
def test_order_changes_no_digit(weights: list[float], random: object) -> None:
    shuffled = list(weights)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    sums = []
    for order in (weights, shuffled):
        records = weighted_records(np.array(order))
        everyone = np.ones(len(order), dtype=bool)
        sums.append((records.weights.within(everyone), records.squares.within(everyone), records.unit))
    assert sums[0] == sums[1]


@given(SPREAD)
def test_sums_are_those_of_fractions(weights: list[float]) -> None:
    records = weighted_records(np.array(weights))
    everyone = np.ones(len(weights), dtype=bool)
    exact = sum(Fraction(weight) for weight in weights)
    squares = sum(Fraction(weight) ** 2 for weight in weights)
    assert float(records.weights.within(everyone) / records.unit.scale) == pytest.approx(
        float(exact), rel=1e-14
    )
    assert float(records.squares.within(everyone) / records.unit.square) == pytest.approx(
        float(squares), rel=1e-12
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 6))
def test_short_decimals_are_exact(numbers: list[int], decimals: int) -> None:
    tens = 10**decimals
    weights = np.array([number % (60 * tens) / tens for number in numbers])
    unit = unit_of(weights)
    exact = [Fraction(number % (60 * tens), tens) for number in numbers]
    assert [Fraction(int(n)) / unit.scale for n in unit.whole(weights)] == exact


@given(st.lists(st.integers(0, 2**70), min_size=1, max_size=40))
def test_measures_of_any_size(numbers: list[int]) -> None:
    slots = np.arange(len(numbers), dtype=np.intp) % 3
    expected = [sum(n for i, n in enumerate(numbers) if i % 3 == slot) for slot in range(3)]
    assert measure(numbers).by_slot(slots, 3) == expected
    assert measure(numbers).within(slots == 0) == expected[0]
