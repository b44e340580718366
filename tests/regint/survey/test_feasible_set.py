"""Feasible sets of counts, what a claim is worth in them, and the search through them."""

import itertools
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.percentages.counts import count_vectors
from regint.survey.claim_language import Expression, Names, Operation, Quantity, bind, parse
from regint.survey.claims import try_claim
from regint.survey.count_ranges import (
    CountInterval,
    Net,
    Together,
    question_ranges,
    response_range,
    tightened,
    total_bounds,
)
from regint.survey.feasible_set import (
    FeasibleSet,
    _corners,
    feasible_set,
    printed_question,
    search,
    selected,
    truth,
    value,
)
from regint.survey.table import Survey, read_survey

ASTANA = read_survey("data/survey/astana_2025")
NAMES = ("a", "b", "c")


def published(counts: list[int], base: int, total: str, decimals: int, hidden: list[bool]) -> Survey:
    """Publish true counts as a report would: rounded, some options without a figure."""
    figures = [f"{float(round(Fraction(100 * k, base), decimals)):.{decimals}f}" for k in counts]
    question = ASTANA.questions.loc[["prospects"]].rename(index={"prospects": "q"})
    question = question.assign(total=total, printed_base=base, asked=base + 5, answered=base)
    printed = ["" if hide else figure for figure, hide in zip(figures, hidden, strict=True)]
    responses = ASTANA.responses.iloc[:3].assign(
        question="q", response=NAMES, printed=printed, statement="", score=[1.0, 2.0, 3.0], count=pd.NA
    )
    return replace(ASTANA, questions=question, responses=responses)


@st.composite
def publications(draw: st.DrawFn) -> tuple[Survey, list[int], int]:
    counts = draw(st.lists(st.integers(0, 20), min_size=3, max_size=3).filter(any))
    total = draw(st.sampled_from(["closed", "open", "multiple"]))
    silent = 0 if total == "closed" else draw(st.integers(0, 9))
    base = (max(counts) if total == "multiple" else sum(counts)) + silent
    hidden = draw(st.lists(st.booleans(), min_size=3, max_size=3))
    return published(counts, base, total, draw(st.integers(0, 1)), hidden), counts, base


@given(publications())
def test_the_true_counts_are_admissible(publication: tuple[Survey, list[int], int]) -> None:
    survey, counts, base = publication
    found = feasible_set(printed_question(survey, "q"), base, base)
    assert found is not None
    assert all(r.least <= k <= r.most for r, k in zip(found.box, counts, strict=True))


@given(
    publications(), st.sampled_from(["count(q, a) > count(q, b)", "rank(q, c) == 1", "share(q, b) >= 1/3"])
)
def test_no_verdict_contradicts_the_truth(publication: tuple[Survey, list[int], int], claim: str) -> None:
    survey, (a, b, c), base = publication
    truth = {
        "count(q, a) > count(q, b)": a > b,
        "rank(q, c) == 1": c >= max(a, b),
        "share(q, b) >= 1/3": 3 * b >= base,
    }
    assert try_claim(survey, claim).verdict != ("impossible" if truth[claim] else "certain")


def test_a_smaller_denominator_cuts_what_is_unprinted() -> None:
    found = feasible_set(printed_question(ASTANA, "competing_blocs"), 50, 30)
    assert found is not None and found.box[3].most == 30
    assert feasible_set(printed_question(ASTANA, "competing_blocs"), 50, 20) is None, (
        "25 named the first bloc"
    )


def test_a_closed_question_needs_its_whole_base() -> None:
    assert feasible_set(printed_question(ASTANA, "summit_formats"), 30, 29) is None
    assert feasible_set(printed_question(ASTANA, "summit_formats"), 30, 50) is not None


def test_known_counts_replace_figures() -> None:
    known = {"contribute": 13, "divert": 7, "restrain": 7, "neutral": 3}
    found = feasible_set(printed_question(ASTANA, "external_platforms"), 30, 30, counts=known)
    assert found is not None and [r.least for r in found.box] == [13, 7, 7, 3]
    assert (
        feasible_set(printed_question(ASTANA, "external_platforms"), 30, 30, counts={**known, "neutral": 4})
        is None
    )


@pytest.mark.parametrize("rounding", ["floor", "ceiling"])
def test_the_rounding_rule_matters(rounding: str) -> None:
    assert feasible_set(printed_question(ASTANA, "summit_formats"), 30, 30, rounding="even") is not None
    assert (feasible_set(printed_question(ASTANA, "summit_formats"), 30, 30, rounding=rounding) is None) == (
        rounding == "ceiling"
    )


def rows(*figures: str, statement: str = "") -> pd.DataFrame:
    return pd.DataFrame({"printed": list(figures), "statement": statement, "count": pd.NA})


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=4).filter(any),
    st.integers(0, 3),
    st.sampled_from(["closed", "open", "multiple"]),
)
def test_ranges_are_the_projection_of_all_vectors(counts: list[int], silent: int, total: str) -> None:
    base = sum(counts) + (silent if total != "closed" else 0)
    figures = [str(round(100 * k / base)) for k in counts]
    found = question_ranges(rows(*figures).to_dict("records"), base, total)
    vectors = list(count_vectors(figures, base, total=total))
    if not vectors:
        assert found is None
        return
    assert found == [CountInterval(min(column), max(column)) for column in zip(*vectors, strict=True)]


def test_an_impossible_vector_has_no_ranges() -> None:
    assert question_ranges(rows("43.5", "23.5", "23", "10").to_dict("records"), 30, "closed") is None
    assert question_ranges(rows("90", "90").to_dict("records"), 30, "open") is None
    assert question_ranges(rows("90", "90").to_dict("records"), 30, "multiple") == [
        CountInterval(27, 27),
        CountInterval(27, 27),
    ]


def test_words() -> None:
    assert response_range(rows("", statement="none").iloc[0], 30) == CountInterval(0, 0)
    assert response_range(rows("", statement="all").iloc[0], 30) == CountInterval(30, 30)
    assert response_range(rows("", statement="half").iloc[0], 1000) == CountInterval(495, 505)
    assert response_range(rows("", statement="nearly every").iloc[0], 30) == CountInterval(0, 30)
    assert response_range(rows("40", statement="equal share").iloc[0], 30) == CountInterval(12, 12)


@pytest.mark.parametrize(
    ("words", "allows"),
    [
        ("below 1", lambda percent: percent < 1),
        ("above 0, below 0.5", lambda percent: 0 < percent < Fraction(1, 2)),
        ("from 25 to 35", lambda percent: 25 <= percent <= 35),
        ("from 5 to 12.8", lambda percent: 5 <= percent <= Fraction(128, 10)),
        ("from 33.3 to 33.45", lambda percent: Fraction(333, 10) <= percent <= Fraction(3345, 100)),
    ],
)
def test_bounds_in_the_place_of_a_figure(words: str, allows: Callable[[Fraction], bool]) -> None:
    row = rows("", statement=words).iloc[0]
    for base in range(1, 300):
        allowed = [count for count in range(base + 1) if allows(Fraction(100 * count, base))]
        assert response_range(row, base) == ((allowed[0], allowed[-1]) if allowed else None)


def test_what_counts_add_up_to() -> None:
    assert [total_bounds(30, total) for total in ("closed", "open", "multiple")] == [(30, 30), (0, 30), None]


def test_a_count_beyond_the_base_is_impossible() -> None:
    row = pd.Series({"printed": "", "statement": "", "count": 31})
    assert response_range(row, 30) is None
    assert response_range(row, 31) == CountInterval(31, 31)


@pytest.mark.parametrize("bounds", [(0, 4), (31, 40)])
def test_no_room(bounds: tuple[int, int]) -> None:
    assert tightened([CountInterval(2, 10), CountInterval(3, 20)], bounds) is None


def test_one_option_that_is_everybody() -> None:
    assert question_ranges(rows("100").to_dict("records"), 1, "closed") == [CountInterval(1, 1)]
    assert question_ranges(rows("0", "100").to_dict("records"), 7, "closed") == [
        CountInterval(0, 0),
        CountInterval(7, 7),
    ]


SCORES = (Fraction(1), Fraction(2), None)
LOOKUP = Names({"q": "open"}, {"q": list(NAMES)}, {"q": {Fraction(1): "a", Fraction(2): "b"}})


def set_of(ranges: list[tuple[int, int]], total: str = "open", base: int = 10) -> FeasibleSet | None:
    bounds = total_bounds(base, total)
    box = tightened([CountInterval(*sorted(r)) for r in ranges], bounds)
    return None if box is None else FeasibleSet(NAMES, SCORES, base, bounds, tuple(box))


def told(text: str, *ranges: tuple[int, int], total: str = "open") -> bool | None:
    found = set_of(list(ranges), total)
    assert found is not None
    return truth(claim(text), {"q": found.box}, {"q": found})


def claim(text: str) -> Expression:
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
    "smallest(q) == a", "mean(q) > 2",
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


def points(found: FeasibleSet) -> list[tuple[int, ...]]:
    vectors = itertools.product(*(range(r.least, r.most + 1) for r in found.box))
    low, high = found.bounds or (0, 10**9)
    return [vector for vector in vectors if low <= sum(vector) <= high]


@given(CLAIMS, ENDS, st.sampled_from(["closed", "open", "multiple"]))
def test_what_is_said_of_a_box_holds_at_every_point(
    text: str, ends: list[tuple[int, int]], total: str
) -> None:
    found = set_of(ends, total)
    if found is None:
        return
    tree = claim(text)
    whole = truth(tree, {"q": found.box}, {"q": found})
    single = [
        truth(tree, {"q": tuple(CountInterval(n, n) for n in point)}, {"q": found}) for point in points(found)
    ]
    assert None not in single
    assert whole is None or set(single) <= {whole}


@given(ENDS, st.sampled_from(["share", "count"]))
def test_shares_and_counts_are_bounded_sharply(ends: list[tuple[int, int]], function: str) -> None:
    found = set_of(ends, "closed")
    if found is None:
        return
    node = Quantity(function, "q", (("a", "b"),))
    scale = found.base if function == "share" else 1
    reached = [Fraction(p[0] + p[1], scale) for p in points(found)]
    assert value(node, {"q": found.box}, {"q": found}) == (min(reached), max(reached))


def test_a_difference_is_bounded_by_opposite_ends() -> None:
    found = set_of([(1, 2), (4, 5), (0, 1)])
    assert found is not None
    node = Operation("-", (Quantity("count", "q", (("b", "b"),)), Quantity("count", "q", (("a", "a"),))))
    assert value(node, {"q": found.box}, {"q": found}) == (2, 4)
    assert value(Fraction(1, 3), {}, {}) == (Fraction(1, 3), Fraction(1, 3))


@pytest.mark.parametrize(
    ("selections", "places"),
    [((("a", "c"),), [0, 1, 2]), ((("c", "c"), ("a", "a")), [0, 2]), ((("b", "c"), ("a", "b")), [0, 1, 2])],
)
def test_overlapping_selections_count_each_response_once(
    selections: tuple[tuple[str, str], ...], places: list[int]
) -> None:
    found = set_of([(0, 1)] * 3)
    assert found is not None
    assert selected(Quantity("count", "q", selections), found) == places


@st.composite
def sets(draw: st.DrawFn) -> FeasibleSet | None:
    base = draw(st.integers(1, 9))
    total = draw(st.sampled_from(["closed", "open", "multiple"]))
    ends = draw(st.lists(st.tuples(st.integers(0, base), st.integers(0, base)), min_size=3, max_size=3))
    bounds = total_bounds(base, total)
    box = tightened([CountInterval(*sorted(end)) for end in ends], bounds)
    denominator = draw(st.integers(base, base + 5))
    if box is None:
        return None
    scores = tuple(map(Fraction, (1, 2, 5)))
    return FeasibleSet(NAMES, scores, denominator, bounds, tuple(box))


@st.composite
def netted(draw: st.DrawFn) -> tuple[list[CountInterval], tuple[int, int] | None, list[Together]]:
    """Draw four options and nets of them that nest or overlap."""
    ends = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=4, max_size=4))
    subsets = st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True)
    drawn = draw(st.lists(st.tuples(subsets, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=3))
    nets = [Together(tuple(sorted(places)), *sorted(ends)) for places, *ends in drawn]
    bounds = draw(st.sampled_from([None, (8, 8), (0, 8), (3, 9)]))
    return [CountInterval(*sorted(end)) for end in ends], bounds, nets


def points_with(ranges: list[CountInterval], bounds: tuple[int, int] | None, nets: list[Together]) -> list:
    sums = [*nets, *([Together((0, 1, 2, 3), *bounds)] if bounds else [])]
    return [
        point
        for point in itertools.product(*(range(r.least, r.most + 1) for r in ranges))
        if all(net.least <= sum(point[i] for i in net.places) <= net.most for net in sums)
    ]


@given(netted())
def test_nets_narrow_the_counts_and_lose_none(drawn: tuple) -> None:
    ranges, bounds, nets = drawn
    every, found = points_with(*drawn), tightened(*drawn)
    apart = all(
        {*a.places} <= {*b.places} or {*b.places} <= {*a.places} or not {*a.places} & {*b.places}
        for a, b in itertools.combinations(nets, 2)
    )
    if found is None:
        assert not every
        return
    assert every or not apart
    for place, (least, most) in enumerate(found):
        values = {point[place] for point in every}
        assert values <= set(range(least, most + 1))
        assert not apart or values == set(range(least, most + 1)), "exact where nets nest"


@given(
    netted(),
    st.sampled_from(["share(q, a, b) > 1/2", "largest(q) == d", "count(q, b) == 2", "rank(q, c) == 1"]),
)
def test_search_with_nets_equals_brute_force(drawn: tuple, text: str) -> None:
    ranges, bounds, nets = drawn
    box = tightened(*drawn)
    if box is None:
        return
    feasible = FeasibleSet((*NAMES, "d"), (None,) * 4, 9, bounds, tuple(box), tuple(nets))
    claim = parse(text)
    results = {point: holds(claim, feasible, point) for point in points_with(*drawn)}
    found = search(claim, {"q": feasible})
    assert found.complete
    assert (found.witness is not None) == any(results.values())
    assert (found.counterexample is not None) == (not all(results.values()))
    for data in filter(None, (found.witness, found.counterexample)):
        assert data["q"] in results


@pytest.mark.parametrize(
    ("total", "printed", "expected"),
    [
        ("closed", "75", [(8, 8), (7, 7), (5, 5)]),
        ("closed", "30", None),
        ("multiple", "75", [(8, 8), (7, 15), (0, 20)]),
        ("multiple", "30", None),
    ],
)
def test_a_printed_net_constrains_its_members(total: str, printed: str, expected: list | None) -> None:
    """Of twenty people eight (40 per cent) gave the first answer, and the net of the first two is printed."""
    figures = rows("40", "", "").assign(response=["a", "b", "c"])
    net = Net("net", "Net", ("a", "b"), {"printed": printed, "statement": "", "count": pd.NA})
    found = question_ranges(figures.to_dict("records"), 20, total, nets=[net])
    assert found == (expected and [CountInterval(*pair) for pair in expected])


def holds(claim: Expression, feasible: FeasibleSet, point: tuple[int, ...]) -> bool:
    value = truth(claim, {"q": tuple(CountInterval(k, k) for k in point)}, {"q": feasible})
    assert value is not None, "a single data set leaves nothing open"
    return value


@given(sets(), CLAIMS)
def test_search_equals_brute_force(feasible: FeasibleSet | None, text: str) -> None:
    if feasible is None:
        return
    claim = parse(text)
    results = {point: holds(claim, feasible, point) for point in points(feasible)}
    found = search(claim, {"q": feasible})
    assert found.complete
    assert (found.witness is not None) == any(results.values())
    assert (found.counterexample is not None) == (not all(results.values()))
    if found.witness:
        assert results[found.witness["q"]]
    if found.counterexample:
        assert not results[found.counterexample["q"]]


@given(sets())
def test_tightened_ranges_are_the_exact_projection(feasible: FeasibleSet | None) -> None:
    if feasible is None:
        return
    every = points(feasible)
    assert every
    for place, (least, most) in enumerate(feasible.box):
        values = {point[place] for point in every}
        assert values == set(range(least, most + 1))


@given(sets())
def test_corners_are_admissible(feasible: FeasibleSet | None) -> None:
    if feasible is not None:
        assert set(_corners(feasible.box, feasible.bounds)) <= set(points(feasible))


@given(sets(), st.integers(0, 6), st.integers(0, 6))
def test_corners_give_a_net_what_it_needs_and_no_more(
    feasible: FeasibleSet | None, one: int, other: int
) -> None:
    if feasible is None:
        return
    least, most = sorted((one, other))
    net = Together((0, 1), least, most)
    found = _corners(feasible.box, feasible.bounds, (net,))
    low = sum(interval.least for interval in feasible.box[:2])
    assert all(sum(point[:2]) <= max(low, most) for point in found)
    # Where the first two may be anything, some corner goes as far as the net does.
    if low <= most and feasible.bounds is None:
        room = sum(interval.most for interval in feasible.box[:2])
        assert max(sum(point[:2]) for point in found) == min(most, room)


def test_a_single_data_set_settles_every_kind_of_statement() -> None:
    box = (CountInterval(3, 3), CountInterval(2, 2), CountInterval(1, 1))
    feasible = FeasibleSet(NAMES, (None,) * 3, 6, (6, 6), box)
    for text in ATOMS:
        if "mean" not in text:
            holds(parse(text), feasible, (3, 2, 1))


def test_no_comparison_holds_of_a_mean_of_nobody() -> None:
    one = Fraction(1)
    feasible = FeasibleSet(NAMES, (one, 2 * one, 3 * one), 5, None, (CountInterval(0, 0),) * 3)
    for text in ("mean(q) > 0", "mean(q) <= 9", "mean(q) == mean(q)", "mean(q) + 1 > 0"):
        assert holds(parse(text), feasible, (0, 0, 0)) is False


def test_ten_options_at_a_base_of_ten_thousand() -> None:
    names = tuple("abcdefghij")
    box = tuple(CountInterval(950, 1050) for _ in names)
    feasible = FeasibleSet(names, (None,) * 10, 10_000, (10_000, 10_000), box)
    start = time.perf_counter()
    for text, expected in {
        "share(q, a) > 1/10": (True, True),
        "share(q, a..j) == 1": (True, False),
        "largest(q) == c": (True, True),
        "rank(q, a) == 5": (True, True),
        "share(q, a) - share(q, b) > 1/50": (False, True),
        "count(q, a) == 1003 and count(q, b) == 1004": (True, True),
    }.items():
        found = search(parse(text), {"q": feasible})
        assert (found.witness is not None, found.counterexample is not None) == expected, text
        assert found.complete
    assert time.perf_counter() - start < 5


def test_no_claim_takes_longer_than_the_work_allowed() -> None:
    # What one row of a stranger's claims.csv may ask: each of these once took from half a minute to hours.
    claims = [
        (12, " and ".join(f"mean(q) != 6.12{i}" for i in range(40))),
        (60, f"{'+'.join(f'share(q, o{i})' for i in range(40))} == 1/7"),
        (300, "rank(q, o5) + rank(q, o6) == 77"),
        (3000, "share(q, o0..o2999) + share(q, o5) == 1/7"),
        (3000, " or ".join(f"share(q, o0..o2998) + share(q, o5) == 1/{7 + i}" for i in range(20))),
        (1000, " and ".join(f"mean(q) != 6.12{i}" for i in range(50))),
    ]
    for options, text in claims:
        box = tuple(tightened([CountInterval(0, 1000)] * options, (1000, 1000)))
        names, scores = zip(*((f"o{i}", Fraction(i + 1)) for i in range(options)), strict=True)
        feasible = FeasibleSet(names, scores, 1000, (1000, 1000), box)
        start = time.process_time()
        found = search(parse(text), {"q": feasible})
        assert time.process_time() - start < 10, text
        assert found.witness or found.counterexample


def test_a_search_cut_off_says_so() -> None:
    feasible = FeasibleSet(NAMES, (None,) * 3, 99, None, (CountInterval(0, 99),) * 3)
    found = search(parse("count(q, a) == 41 and count(q, b) == 17"), {"q": feasible}, most_work=99)
    assert not found.complete
    assert search(parse("count(q, a) == 41 and count(q, b) == 17"), {"q": feasible}).complete
