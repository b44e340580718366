"""Names of a claim: scores become responses, unknown names get a suggestion."""

from fractions import Fraction

import pytest
from regint.survey.claim_language import Comparison, Leader, Names, Quantity, bind, parse

NAMES = Names(
    {"q": "open", "m": "multiple", "orphan": "open"},
    {"q": ["low", "mid", "high", "silent"], "m": ["x", "y"], "stray": ["x"]},
    {"q": {Fraction(1): "low", Fraction(5, 2): "mid", Fraction(4): "high"}, "m": {}, "stray": {}},
)


def quantity(text: str) -> Quantity:
    claim = bind(parse(text), NAMES)
    assert isinstance(claim, Comparison) and isinstance(claim.left, Quantity)
    return claim.left


def test_scores_become_responses() -> None:
    assert quantity("share(q, 1..2.5) > 0").selections == (("low", "mid"),)
    assert quantity("share(q, 4.0) > 0").selections == (("high", "high"),)
    assert quantity("share(q, low, mid..high) > 0").selections == (("low", "low"), ("mid", "high"))


def test_leaders_take_scores_never() -> None:
    assert bind(parse("largest(q) == mid"), NAMES) == Leader("largest", "q", "mid")


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
