"""The language of claims: grammar, trees and binding."""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.claim_language import (
    Names,
    Operation,
    Quantity,
    bind,
    parse,
    parts_of,
    quantities,
)
from textfiles.problems import Problem


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("share(a, x) > 1/2", ["a"]),
        ("share(a, x) > share(b, y)", ["a", "b"]),
        ("share(a, x) + count(b, y) - base(a) < 3", ["a", "b", "a"]),
        ("not largest(c) == z", ["c"]),
        ("(mean(a) > 1 or unprinted(b) == 0) and smallest(c) != z", ["a", "b", "c"]),
        ("1 < 2", []),
        ("1/4 < share(a, x) < 3/4", ["a", "a"]),
    ],
)
def test_every_quantity_is_listed_in_the_order_it_is_written(text: str, questions: list[str]) -> None:
    assert [leaf.question for leaf in quantities(parse(text))] == questions


def test_numbers_ask_about_nothing_and_leaves_about_themselves() -> None:
    assert quantities(Fraction(1)) == []
    leader = Quantity("largest", "a", (("x", "x"),))
    assert quantities(leader) == [leader]


def test_trees_are_equal_by_content_and_cannot_be_changed() -> None:
    assert parse("share(a,x)>50%") == parse(" share( a , x ) > 1/2 ")
    with pytest.raises(FrozenInstanceError):
        Quantity("base", "a").question = "b"  # type: ignore[misc]


def share(question: str, first: str, last: str = "") -> Quantity:
    return Quantity("share", question, ((first, last or first),))


def test_comparison_of_a_share() -> None:
    assert parse("share(q, 4..5) > 1/2") == Operation(">", (share("q", "4", "5"), Fraction(1, 2)))


@pytest.mark.parametrize(
    ("text", "value"),
    [("15", Fraction(15)), ("0.5", Fraction(1, 2)), ("48%", Fraction(12, 25)), ("12.5%", Fraction(1, 8)),
     ("2/3", Fraction(2, 3)), ("007", Fraction(7))],
)  # fmt: skip
def test_numbers_are_exact(text: str, value: Fraction) -> None:
    assert parse(f"{text} == 1") == Operation("==", (value, Fraction(1)))


def test_not_binds_before_and_before_or() -> None:
    tree = parse("not base(a) > 1 and base(b) > 1 or base(c) > 1")
    assert [part.word for part in parts_of(tree) if isinstance(part, Operation)] == [
        "or", "and", "not", ">", ">", ">"
    ]  # fmt: skip
    assert parse("not not base(a) > 1") == parse("base(a) > 1")


def test_parentheses_hold_claims_and_sums() -> None:
    tree = parse("(base(a) > 1 or base(b) > 1) and (count(a, x) + count(a, y)) - 1 >= 3")
    assert [part.word for part in parts_of(tree) if isinstance(part, Operation)] == [
        "and", "or", ">", ">", ">=", "-", "+"
    ]  # fmt: skip


def test_chained_comparisons_are_joined_by_and() -> None:
    assert parse("1/3 < share(q, r) <= 1/2") == parse("1/3 < share(q, r) and share(q, r) <= 1/2")


def test_leaders() -> None:
    assert parse("largest(q) == r") == Quantity("largest", "q", (("r", "r"),))
    assert parse("smallest(q) != r") == Operation("not", (Quantity("smallest", "q", (("r", "r"),)),))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Column 1 of the claim: expected a number or one of share"),
        ("share(q, r)", "is a number, not a statement"),
        ("share(q, r) >", "found the end"),
        ("share(q) > 1", "expected ','"),
        ("share(q, r > 1", "expected '\\)'"),
        ("rank(q, a, b) == 1", "expected '\\)'"),
        ("largest(q) > r", "expected '!='"),
        ("largest(q) == 3", "expected a response"),
        ("share(q, r) > 1 2", "Column 17"),
        ("share(q, r) > 1 and 2", "Column 1 of the claim: a number stands where a comparison is needed"),
        ("  not 2", "Column 7 of the claim: a number stands where a comparison is needed"),
        ("(base(q) > 1) + 2 > 1", "a comparison stands where a number is needed"),
        ("base(q) > 1/0", "divides by zero"),
        ("Share(q, r) > 1", "'S' does not belong"),
        ("share(q, r) = 1", "'=' does not belong"),
        ("share(q; r) > 1", "Column 8 of the claim: ';' does not belong"),
        ("__import__(os)", "expected a number or one of"),
        ("share(q, r) > 1\u200b", "does not belong"),
        ("mean(q, r) > 1", "expected '\\)'"),
        ("median(q) > 1", "found 'median'"),
        ("not", "found the end"),
        ("base(q) * 2 > 1", "'\\*' does not belong"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(match=sentence):
        parse(text)


def test_long_and_deep_claims_are_refused() -> None:
    with pytest.raises(match="characters"):
        parse("1 < 2" + " " * 2000)
    with pytest.raises(match="words and marks"):
        parse("1 <" + "1+" * 400 + "1")
    with pytest.raises(match="parentheses"):
        parse("(" * 31 + "1" + ")" * 31 + " > 0")
    parse("1 <" + "1+" * 190 + "1")
    parse("not " * 390 + "1 < 2")


WORDS = """
    share count rank base unprinted mean largest smallest and or not q r ( ) , ..
    < <= == != > >= + - 1 1/2 48% 0.5 4 ( )
""".split()


@given(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join) | st.text(max_size=60) | st.binary().map(repr)
)
def test_only_our_own_error_comes_out(text: str) -> None:
    try:
        parse(text)
    except Problem as error:
        assert "\n" not in str(error)


NAMES = Names(
    {"q": "open", "m": "multiple", "orphan": "open"},
    {"q": ["low", "mid", "high", "silent"], "m": ["x", "y"], "stray": ["x"]},
    {"q": {Fraction(1): "low", Fraction(5, 2): "mid", Fraction(4): "high"}, "m": {}, "stray": {}},
)


def quantity(text: str) -> Quantity:
    claim = bind(parse(text), NAMES)
    assert isinstance(claim, Operation) and isinstance(claim.parts[0], Quantity)
    return claim.parts[0]


def test_scores_become_responses() -> None:
    assert quantity("share(q, 1..2.5) > 0").selections == (("low", "mid"),)
    assert quantity("share(q, 4.0) > 0").selections == (("high", "high"),)
    assert quantity("share(q, low, mid..high) > 0").selections == (("low", "low"), ("mid", "high"))


def test_scores_may_be_negative() -> None:
    names = Names({"q": "closed"}, {"q": ["bad", "poor", "so", "good"]}, {"q": {}})
    names.scores["q"].update(
        {Fraction(-2): "bad", Fraction(-1, 2): "poor", Fraction(0): "so", Fraction(1): "good"}
    )
    for text, expected in {
        "share(q, -2..-0.5) > 0": (("bad", "poor"),),
        "share(q, - 2 .. 1) > 0": (("bad", "good"),),
        "share(q, -0) > 0": (("so", "so"),),
        "share(q, -2, 1) - 1/2 > -1 + 1": None,
    }.items():
        if expected is None:
            with pytest.raises(Problem, match="expected a number"):
                parse(text)
        else:
            claim = bind(parse(text), names)
            assert quantities(claim) == [Quantity("share", "q", expected)]
    for text, sentence in {
        "share(q, -3) > 0": "no response or score '-3'",
        "share(q, -good) > 0": "expected a score, found 'good'",
        "share(q, -1/2) > 0": "no response or score '-1/2'",
        "share(q, --2) > 0": "expected a score, found '-'",
        "share(q, 1..-2) > 0": "write bad..good",
    }.items():
        with pytest.raises(Problem, match=sentence):
            bind(parse(text), names)


def test_leaders_take_scores_never() -> None:
    assert bind(parse("largest(q) == mid"), NAMES) == Quantity("largest", "q", (("mid", "mid"),))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("count(p, low) > 1", "There is no question 'p'"),
        ("count(orphan, low) > 1", "There is no question 'orphan'"),
        ("count(stray, x) > 1", "There is no question 'stray'"),
        ("count(q, lwo) > 1", "write 'low' if that is meant"),
        ("count(q, 3) > 1", "no response or score '3'"),
        ("count(q, high..low) > 1", "write low..high"),
        ("count(m, x..y) > 1", "ask for one response in each count"),
        ("share(m, x, y) > 1", "ask for one response in each share"),
        ("unprinted(m) > 1", "leave out unprinted"),
        ("mean(m) > 1", "needs a rating question"),
        ("not (base(q) > 1 and base(p) > 1)", "There is no question 'p'"),
    ],
)
def test_unknown_names(text: str, sentence: str) -> None:
    with pytest.raises(match=sentence):
        bind(parse(text), NAMES)


def test_one_response_twice_is_still_one() -> None:
    assert quantity("share(m, x, x) > 1/2").selections == (("x", "x"), ("x", "x"))
