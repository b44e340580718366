"""The search over admissible data sets: equal to brute force, and fast where brute force is hopeless."""

import itertools
import time
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from regint.survey.claim_language import Claim, parse
from regint.survey.count_ranges import Range, tightened, total_bounds
from regint.survey.feasible_set import Universe, corners, search, truth

NAMES = ("a", "b", "c")


@st.composite
def universes(draw: st.DrawFn) -> Universe | None:
    base = draw(st.integers(1, 9))
    total = draw(st.sampled_from(["closed", "open", "multiple"]))
    ends = draw(st.lists(st.tuples(st.integers(0, base), st.integers(0, base)), min_size=3, max_size=3))
    bounds = total_bounds(base, total)
    box = tightened([Range(*sorted(end)) for end in ends], bounds)
    denominator = draw(st.integers(base, base + 5))
    if box is None:
        return None
    scores = tuple(map(Fraction, (1, 2, 5)))
    return Universe("q", NAMES, scores, total, denominator, bounds, tuple(box))


def points(universe: Universe) -> list[tuple[int, ...]]:
    """List every data set of a small universe."""
    vectors = itertools.product(*(range(r.least, r.most + 1) for r in universe.box))
    low, high = universe.bounds or (0, 10**9)
    return [v for v in vectors if low <= sum(v) <= high]


ATOMS = [
    "share(q, a) > 1/2",
    "count(q, b) == 3",
    "count(q, a..b) >= count(q, c)",
    "rank(q, b) == 2",
    "largest(q) == c",
    "smallest(q) == a",
    "share(q, a) - share(q, b) <= 1/10",
    "mean(q) > 2",
    "unprinted(q) < 2",
    "base(q) > 7",
    "count(q, a, c) != 4",
    "1/4 < share(q, c) <= 3/4",
]
CLAIMS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.builds("not ({})".format, inner)
        | st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=4,
)


def holds(claim: Claim, universe: Universe, point: tuple[int, ...]) -> bool:
    value = truth(claim, {"q": tuple(Range(k, k) for k in point)}, {"q": universe})
    assert value is not None, "a single data set leaves nothing open"
    return value


@given(universes(), CLAIMS)
def test_search_equals_brute_force(universe: Universe | None, text: str) -> None:
    if universe is None:
        return
    claim = parse(text)
    results = {point: holds(claim, universe, point) for point in points(universe)}
    found = search(claim, {"q": universe})
    assert found.complete
    assert (found.witness is not None) == any(results.values())
    assert (found.counterexample is not None) == (not all(results.values()))
    if found.witness:
        assert results[found.witness["q"]]
    if found.counterexample:
        assert not results[found.counterexample["q"]]


@given(universes())
def test_tightened_ranges_are_the_exact_projection(universe: Universe | None) -> None:
    if universe is None:
        return
    every = points(universe)
    assert every
    for place, (least, most) in enumerate(universe.box):
        values = {point[place] for point in every}
        assert values == set(range(least, most + 1))


@given(universes())
def test_corners_are_admissible(universe: Universe | None) -> None:
    if universe is not None:
        assert set(corners(universe.box, universe.bounds)) <= set(points(universe))


def test_a_single_data_set_settles_every_kind_of_statement() -> None:
    universe = Universe("q", NAMES, (None,) * 3, "closed", 6, (6, 6), (Range(3, 3), Range(2, 2), Range(1, 1)))
    for text in ATOMS:
        if "mean" not in text:
            holds(parse(text), universe, (3, 2, 1))


def test_a_mean_of_nobody_compares_with_nothing() -> None:
    one = Fraction(1)
    universe = Universe("q", NAMES, (one, 2 * one, 3 * one), "multiple", 5, None, (Range(0, 0),) * 3)
    for text in ("mean(q) > 0", "mean(q) <= 9", "mean(q) == mean(q)", "mean(q) + 1 > 0"):
        assert holds(parse(text), universe, (0, 0, 0)) is False


def test_ten_options_at_a_base_of_ten_thousand() -> None:
    names = tuple("abcdefghij")
    box = tuple(Range(950, 1050) for _ in names)
    universe = Universe("q", names, (None,) * 10, "closed", 10_000, (10_000, 10_000), box)
    start = time.perf_counter()
    for text, expected in {
        "share(q, a) > 1/10": (True, True),
        "share(q, a..j) == 1": (True, False),
        "largest(q) == c": (True, True),
        "rank(q, a) == 5": (True, True),
        "share(q, a) - share(q, b) > 1/50": (False, True),
        "count(q, a) == 1003 and count(q, b) == 1004": (True, True),
    }.items():
        found = search(parse(text), {"q": universe})
        assert (found.witness is not None, found.counterexample is not None) == expected, text
        assert found.complete
    assert time.perf_counter() - start < 5


def test_a_search_cut_off_says_so() -> None:
    universe = Universe("q", NAMES, (None,) * 3, "multiple", 99, None, (Range(0, 99),) * 3)
    found = search(parse("count(q, a) == 41 and count(q, b) == 17"), {"q": universe}, most_boxes=3)
    assert not found.complete
    assert search(parse("count(q, a) == 41 and count(q, b) == 17"), {"q": universe}).complete
