"""Truth over boxes of data sets: what is said of a box holds for every data set in it."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.claim_language import Claim, Names, Number, Quantity, Sum, bind, parse
from regint.survey.count_ranges import Range, tightened, total_bounds
from regint.survey.feasible_set import Universe, selected, truth, value

NAMES = ("a", "b", "c")
SCORES = (Fraction(1), Fraction(2), None)
LOOKUP = Names({"q": "open"}, {"q": list(NAMES)}, {"q": {Fraction(1): "a", Fraction(2): "b"}})


def universe(ranges: list[tuple[int, int]], total: str = "open", base: int = 10) -> Universe | None:
    bounds = total_bounds(base, total)
    box = tightened([Range(*sorted(r)) for r in ranges], bounds)
    return None if box is None else Universe("q", NAMES, SCORES, total, base, bounds, tuple(box))


def told(text: str, *ranges: tuple[int, int], total: str = "open") -> bool | None:
    found = universe(list(ranges), total)
    assert found is not None
    return truth(claim(text), {"q": found.box}, {"q": found})


def claim(text: str) -> Claim:
    return bind(parse(text), LOOKUP)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(q, a) == 2", True),
        ("count(q, a) != 2", False),
        ("share(q, a..b) == 1/2", True),
        ("share(q, b) > share(q, a)", True),
        ("rank(q, b) == 1 and rank(q, c) == 3", True),
        ("largest(q) == b", True),
        ("smallest(q) == c", True),
        ("largest(q) != b", False),
        ("unprinted(q) == 4", True),
        ("mean(q) == 8/5", True),
        ("base(q) == 10", True),
        ("not count(q, c) == 1", False),
        ("count(q, a) + count(q, b) - count(q, c) == 4", True),
    ],
)
def test_a_single_data_set_is_judged_exactly(text: str, expected: bool) -> None:
    assert told(text, (2, 2), (3, 3), (1, 1)) is expected


@pytest.mark.parametrize("text", ["largest(q) == a", "largest(q) == b", "smallest(q) == a"])
def test_at_a_tie_nobody_stands_alone_at_the_top(text: str) -> None:
    assert told(text, (3, 3), (3, 3), (3, 3)) is False
    assert told("rank(q, a) == 1 and rank(q, b) == 1", (3, 3), (3, 3), (3, 3)) is True


@pytest.mark.parametrize(
    "text", ["mean(q) > 0", "mean(q) < 0", "mean(q) != 1", "mean(q) >= 1", "mean(q) == mean(q)"]
)
def test_a_mean_of_nobody_compares_with_nothing(text: str) -> None:
    assert told(text, (0, 0), (0, 0), (4, 4)) is False
    assert told(f"not {text}", (0, 0), (0, 0), (4, 4)) is True


def test_where_nobody_may_have_answered_a_mean_is_open() -> None:
    assert told("mean(q) >= 1", (0, 2), (0, 2), (4, 4)) is None
    assert told("mean(q) >= 1", (1, 2), (0, 2), (4, 4)) is True
    assert told("mean(q) > 2", (0, 2), (0, 2), (4, 4)) is False


def test_everyone_silent() -> None:
    assert told("unprinted(q) == 10 and share(q, a..c) == 0", (0, 0), (0, 0), (0, 0)) is True
    assert told("largest(q) == a or smallest(q) == a", (0, 0), (0, 0), (0, 0)) is False


ATOMS = [
    "share(q, a) > 1/2", "count(q, b) == 3", "count(q, a..b) >= count(q, c)", "rank(q, b) == 2",
    "rank(q, c) < 3", "largest(q) == c", "smallest(q) != a", "share(q, a) - share(q, b) <= 1/10",
    "mean(q) >= 1", "mean(q) < 3/2", "mean(q) != 2", "unprinted(q) < 2", "base(q) > 7",
    "count(q, a, c) != 4", "1/4 < share(q, c) <= 3/4",
]  # fmt: skip
CLAIMS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.builds("not ({})".format, inner)
        | st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=4,
)
ENDS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=3)


def points(found: Universe) -> list[tuple[int, ...]]:
    vectors = itertools.product(*(range(r.least, r.most + 1) for r in found.box))
    low, high = found.bounds or (0, 10**9)
    return [vector for vector in vectors if low <= sum(vector) <= high]


@given(CLAIMS, ENDS, st.sampled_from(["closed", "open", "multiple"]))
def test_what_is_said_of_a_box_holds_at_every_point(
    text: str, ends: list[tuple[int, int]], total: str
) -> None:
    found = universe(ends, total)
    if found is None:
        return
    tree = claim(text)
    whole = truth(tree, {"q": found.box}, {"q": found})
    single = [truth(tree, {"q": tuple(Range(n, n) for n in point)}, {"q": found}) for point in points(found)]
    assert None not in single
    assert whole is None or set(single) <= {whole}


@given(ENDS, st.sampled_from(["share", "count"]))
def test_shares_and_counts_are_bounded_sharply(ends: list[tuple[int, int]], function: str) -> None:
    found = universe(ends, "closed")
    if found is None:
        return
    node = Quantity(function, "q", (("a", "b"),))
    scale = found.base if function == "share" else 1
    reached = [Fraction(p[0] + p[1], scale) for p in points(found)]
    assert value(node, {"q": found.box}, {"q": found}) == (min(reached), max(reached))


def test_a_difference_is_bounded_by_opposite_ends() -> None:
    found = universe([(1, 2), (4, 5), (0, 1)])
    assert found is not None
    node = Sum(Quantity("count", "q", (("b", "b"),)), -1, Quantity("count", "q", (("a", "a"),)))
    assert value(node, {"q": found.box}, {"q": found}) == (2, 4)
    assert value(Number(Fraction(1, 3)), {}, {}) == (Fraction(1, 3), Fraction(1, 3))


@pytest.mark.parametrize(
    ("selections", "places"),
    [((("a", "c"),), [0, 1, 2]), ((("c", "c"), ("a", "a")), [0, 2]), ((("b", "c"), ("a", "b")), [0, 1, 2])],
)
def test_overlapping_selections_count_each_response_once(
    selections: tuple[tuple[str, str], ...], places: list[int]
) -> None:
    found = universe([(0, 1)] * 3)
    assert found is not None
    assert selected(Quantity("count", "q", selections), found) == places
