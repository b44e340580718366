"""The tree of a claim: which questions it asks about, and in which order."""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
from regint.survey.claim_language import Leader, Number, Quantity, parse, quantities


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
    assert quantities(Number(Fraction(1))) == []
    leader = Leader("largest", "a", "x")
    assert quantities(leader) == [leader]


def test_trees_are_equal_by_content_and_cannot_be_changed() -> None:
    assert parse("share(a,x)>50%") == parse(" share( a , x ) > 1/2 ")
    with pytest.raises(FrozenInstanceError):
        Quantity("base", "a").question = "b"  # type: ignore[misc]
