"""Several overlaps at once, against a listing of every small panel."""

from itertools import combinations, combinations_with_replacement, product

import pytest
from regint.estimation.overlap import joint_choices, joint_overlap_range, overlap_bounds

OPTIONS = "abc"
PAIRS = list(combinations(OPTIONS, 2))


def test_small_panels_by_listing():
    """Every panel of up to four respondents and three options: feasible exactly when it was listed."""
    subsets = list(product((0, 1), repeat=3))
    for base in range(1, 5):
        seen = set()
        for panel in combinations_with_replacement(subsets, base):
            margins = tuple(sum(row[place] for row in panel) for place in range(3))
            overlaps = tuple(sum(row[i] * row[j] for row in panel) for i, j in combinations(range(3), 2))
            seen.add((margins, overlaps))
        for margins in {margins for margins, _ in seen}:
            counts = dict(zip(OPTIONS, margins, strict=True))
            limits = [overlap_bounds(counts[i], counts[j], base) for i, j in PAIRS]
            for overlaps in product(*(range(low, high + 1) for low, high in limits)):
                found = joint_choices(counts, base, dict(zip(PAIRS, overlaps, strict=True)))
                assert (found is not None) == ((margins, overlaps) in seen)


def test_the_witness_has_the_margins_and_overlaps():
    counts = {"transport": 26, "energy": 24, "agro": 16}
    overlaps = {("transport", "energy"): 21, ("energy", "agro"): 12}
    found = joint_choices(counts, 30, overlaps, least_choices=1)
    people = found["respondents"]
    assert people.sum() == 30 and (found[list(counts)].any(axis=1)).all()
    for name, count in counts.items():
        assert people[found[name]].sum() == count
    for (first, second), overlap in overlaps.items():
        assert people[found[first] & found[second]].sum() == overlap


def test_pairs_possible_one_by_one_but_not_together():
    """Fifteen of thirty each: every pair may share none, but three pairs cannot."""
    counts = dict.fromkeys(OPTIONS, 15)
    assert overlap_bounds(15, 15, 30) == (0, 15)
    assert joint_choices(counts, 30, {("a", "b"): 0, ("a", "c"): 0}) is not None
    assert joint_choices(counts, 30, dict.fromkeys(PAIRS, 0)) is None
    assert joint_overlap_range(counts, 30, ("b", "c"), {("a", "b"): 0, ("a", "c"): 0}) == (15, 15)


def test_a_limit_on_choices_narrows_the_overlap():
    counts = dict.fromkeys(OPTIONS, 20)
    assert joint_overlap_range(counts, 30, ("a", "b")) == overlap_bounds(20, 20, 30)
    assert joint_overlap_range(counts, 30, ("a", "b"), most_choices=2, least_choices=2) == (10, 10)
    assert joint_overlap_range(counts, 30, ("a", "b"), most_choices=1) is None
    assert joint_choices(counts, 30, least_choices=4) is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({}, 30), "Between 1 and 14 options"),
        (({str(place): 1 for place in range(15)}, 30), "Between 1 and 14 options"),
        (({"a": 31}, 30), "31 exceeds its base 30"),
        (({"a": 3, "b": 4}, 30, {("a", "x"): 1}), "must name two different options of a, b"),
        (({"a": 3, "b": 4}, 30, {("a", "a"): 1}), "must name two different options"),
        (({"a": 3, "b": 4}, 30, {("a", "b"): -1}), "overlap must be at least 0"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        joint_choices(*arguments)
