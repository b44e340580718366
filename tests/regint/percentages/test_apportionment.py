"""How a printed vector was rounded."""

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.percentages.apportionment import rounding_mechanisms
from regint.percentages.rounding import ROUNDINGS, printed_units

ODD = ["43.5", "23.5", "23", "10"]


def hamilton(counts, base, scale):
    """Every largest-remainder vector, by fractions and all sets of raised options."""
    shares = [Fraction(100 * scale * count, base) for count in counts]
    floors = [int(share) for share in shares]
    rests = [share - floor for share, floor in zip(shares, floors, strict=True)]
    left = 100 * scale - sum(floors)
    results = set()
    for raised in combinations(range(len(counts)), left):
        kept = [rest for place, rest in enumerate(rests) if place not in raised]
        if all(rests[place] >= rest for place in raised for rest in kept):
            results.add(tuple(floor + (place in raised) for place, floor in enumerate(floors)))
    return results


def test_the_odd_item_is_thirteen_seven_seven_three_of_thirty():
    found = rounding_mechanisms(ODD, range(1, 121))
    assert found["base"].tolist() == [30, 60, 69, 90, 99, 101, 110, 120]
    assert set(found["mechanism"]) == {"largest_remainder"} and set(found["grid"]) == {"0.5"}
    first = found.iloc[0]
    assert first["counts"] == (13, 7, 7, 3) and first["unique"]
    assert first["coincidence_rate"] == pytest.approx(8536 / 1_373_701)


def test_the_coincidence_rate_by_listing_all():
    reached = set()
    for counts in product(range(13), repeat=3):
        if sum(counts) == 12:
            reached |= hamilton(counts, 12, 2)
    vectors = [(a, b, 200 - a - b) for a in range(201) for b in range(201 - a)]
    vector = next(iter(hamilton((7, 4, 1), 12, 2)))
    figures = [f"{units / 2:.1f}" for units in vector]
    found = rounding_mechanisms(figures, [12], ["largest_remainder"]).query("grid == '0.5'")
    assert found["coincidence_rate"].item() == pytest.approx(len(reached) / len(vectors))


@given(
    st.integers(1, 40),
    st.lists(st.integers(0, 40), min_size=1, max_size=3),
    st.sampled_from([("1", 1), ("0.5", 2)]),
)
def test_what_was_forced_is_found_again(base, cuts, grid):
    name, scale = grid
    edges = [0, *sorted(min(cut, base) for cut in cuts), base]
    counts = tuple(b - a for a, b in zip(edges, edges[1:], strict=False))
    for units in hamilton(counts, base, scale):
        figures = [f"{value / scale:.1f}" for value in units]
        found = rounding_mechanisms(figures, [base], ["largest_remainder"])
        found = found[found["grid"] == name]
        assert len(found) == 1 and hamilton(found["counts"].item(), base, scale) >= {units}
        if found["unique"].item():
            assert found["counts"].item() == counts


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_what_was_rounded_one_by_one_is_found_again(rounding):
    counts, base = (13, 9, 8), 30
    figures = [str(printed_units(count, base, 1, rounding)[0]) for count in counts]
    found = rounding_mechanisms(figures, [base], [rounding]).query("grid == '1'")
    assert found["counts"].tolist() == [counts] and 0 < found["coincidence_rate"].item() <= 1


def test_sums_that_miss_one_hundred_were_not_forced():
    found = rounding_mechanisms(["73.3", "23.3", "3.3"], range(1, 61))
    assert "largest_remainder" not in set(found["mechanism"])
    assert found["base"].min() == 30 and set(found["grid"]) == {"0.1"}


def test_nothing_fits():
    found = rounding_mechanisms(["10", "10"], range(1, 20))
    assert found.empty and list(found) == [
        "mechanism",
        "grid",
        "base",
        "counts",
        "unique",
        "coincidence_rate",
    ]


def test_an_unlisted_rate_is_missing():
    found = rounding_mechanisms(["20"] * 5, [200], ["up"])
    assert len(found)
    assert found["coincidence_rate"].isna().all()


def test_refusals():
    with pytest.raises(ValueError, match="did you mean 'largest_remainder'"):
        rounding_mechanisms(["50", "50"], mechanisms=["largest_remainders"])
    with pytest.raises(ValueError, match="No figure"):
        rounding_mechanisms([])


def test_a_search_that_would_take_too_long_says_so_beforehand():
    with pytest.raises(ValueError, match="At a base of 4000 up to .* sets of counts would have to be tried"):
        rounding_mechanisms(["20"] * 5, [4000], ["largest_remainder"])


def test_the_last_count_follows_from_the_others_and_costs_no_search():
    """Two figures of so large a base have four million pairs of counts, and 2001 that add up to it."""
    found = rounding_mechanisms(["50", "50"], [100_000], ["largest_remainder"]).query("grid == '1'")
    assert found["counts"].tolist() == [(49_500, 50_500)]
    assert hamilton((49_500, 50_500), 100_000, 1) >= {(50, 50)} and not found["unique"].item()
