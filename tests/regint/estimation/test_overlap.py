"""McNemar's test and overlaps against R, listings and integer programmes."""

import csv
from math import comb, sqrt
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation.overlap import mcnemar_bounds, mcnemar_p, overlap_bounds
from statsmodels.stats.contingency_tables import mcnemar

REFERENCE = Path(__file__).parents[2] / "reference" / "binomial_tests.csv"


def test_p_values_against_r():
    with REFERENCE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 442
    for row in rows:
        pair = int(row["b"]), int(row["c"])
        assert mcnemar_p(*pair) == pytest.approx(float(row["exact"]), abs=1e-11)
        assert mcnemar_p(*pair, mid=True) == pytest.approx(float(row["mid"]), abs=1e-11)


def test_single_values_from_r_and_statsmodels():
    assert mcnemar_p(16, 26) == pytest.approx(0.1641494, abs=5e-8)
    assert mcnemar_p(0, 10) == 0.001953125
    assert mcnemar_p(4, 14) == pytest.approx(0.03088379, abs=5e-9)
    assert mcnemar_p(10, 4) == pytest.approx(0.1795654, abs=5e-8)
    assert mcnemar_p(10, 4) == pytest.approx(mcnemar([[5, 10], [4, 5]], exact=True).pvalue)
    assert mcnemar_p(0, 0) == mcnemar_p(7, 7) == mcnemar_p(7, 7, mid=True) == 1


# options, base, overlap, exact p, mid-p, verdict
PAIRS = [
    ((26, 24, 50), (0, 24), (0.5, 0.88772), (0.25, 0.77977), "never"),
    ((26, 24, 30), (20, 24), (0.5, 0.75391), (0.25, 0.54883), "never"),
    ((26, 16, 50), (0, 16), (0.00195, 0.16415), (0.00098, 0.12629), "undecidable"),
    ((26, 16, 30), (12, 16), (0.00195, 0.03088), (0.00098, 0.01921), "always"),
    ((25, 15, 50), (0, 15), (0.00195, 0.15386), None, "undecidable"),
    ((25, 15, 30), (10, 15), (0.00195, 0.04139), None, "always"),
    ((25, 9, 50), (0, 9), (0.00003, 0.00904), None, "always"),
    ((19, 18, 30), (7, 18), (1, 1), None, "never"),
    ((19, 11, 30), (0, 11), (0.00781, 0.20049), None, "undecidable"),
    ((19, 6, 30), (0, 6), (0.00024, 0.01463), None, "always"),
]


@pytest.mark.parametrize(("options", "overlap", "exact", "mid", "verdict"), PAIRS)
def test_pairs_of_the_survey(options, overlap, exact, mid, verdict):
    found = mcnemar_bounds(*options)
    assert overlap_bounds(*options) == (found.least_overlap, found.most_overlap) == overlap
    assert (found.p_lower, found.p_upper) == pytest.approx(exact, abs=5e-6)
    assert found.verdict == verdict
    if mid:
        other = mcnemar_bounds(*options, mid=True)
        assert (other.p_lower, other.p_upper) == pytest.approx(mid, abs=5e-6)


@pytest.mark.parametrize("mid", [False, True])
def test_closed_form_equals_brute_force(mid):
    """All x, y <= n <= 60; p depends on the discordant pairs alone, so each is worked out once."""
    p = {(b, c): mcnemar_p(b, c, mid=mid) for b in range(61) for c in range(61)}
    for base in range(1, 61):
        for x in range(base + 1):
            for y in range(x + 1):
                overlaps = [a for a in range(base + 1) if a <= x and a <= y and x + y - a <= base]
                values = [p[x - a, y - a] for a in overlaps]
                found = mcnemar_bounds(x, y, base, mid=mid)
                assert (found.p_lower, found.p_upper) == (min(values), max(values))
                significant = [a for a, value in zip(overlaps, values, strict=True) if value <= 0.05]
                expected = (
                    "always" if len(significant) == len(values) else "undecidable" if significant else "never"
                )
                assert found.verdict == expected
                assert found.flip_overlap == min(significant, default=None)
                # One overlap parts the significant from the others.
                assert significant == [a for a in overlaps if significant and a >= significant[0]]


@pytest.mark.parametrize(("base", "least", "greatest"), [(50, 0.0566, 0.1265), (30, 0.0861, 0.1277)])
def test_the_standard_error_of_a_difference_varies_with_the_overlap(base, least, greatest):
    """26 against 16: the Wald standard error, which also depends on the overlap alone."""
    errors = []
    for overlap in overlap_bounds(26, 16, base):
        only_first, only_second = 26 - overlap, 16 - overlap
        errors.append(sqrt(only_first + only_second - (only_first - only_second) ** 2 / base) / base)
    assert (min(errors), max(errors)) == pytest.approx((least, greatest), abs=5e-5)


@given(st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n))))
def test_the_order_of_the_options_does_not_matter(options):
    x, y, base = options
    assert mcnemar_bounds(x, y, base) == mcnemar_bounds(y, x, base)


def test_a_single_choice_leaves_no_overlap():
    found = mcnemar_bounds(22, 7, 30, overlap=(0, 0))
    assert found.p_lower == found.p_upper == mcnemar_p(22, 7) and found.flip_overlap == 0


def test_what_is_known_of_the_overlap_narrows_the_range():
    found = mcnemar_bounds(26, 16, 50, overlap=(3, 12))
    assert (found.least_overlap, found.most_overlap) == (3, 12)
    assert (found.p_lower, found.p_upper) == (mcnemar_p(14, 4), mcnemar_p(23, 13))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mcnemar_bounds(31, 3, 30), ValueError, "31 exceeds its base 30"),
        (lambda: mcnemar_bounds(3, 3, 30, alpha=5), ValueError, "alpha must lie strictly between"),
        (lambda: mcnemar_bounds(3, 3, 30, alpha=0), ValueError, "alpha must lie strictly between"),
        (lambda: mcnemar_bounds(3, 3, 30, alpha=1), ValueError, "alpha must lie strictly between"),
        (lambda: mcnemar_bounds(26, 16, 30, overlap=(0, 0)), ValueError, "must lie within"),
        (lambda: mcnemar_p(-1, 3), ValueError, "at least 0"),
        (lambda: overlap_bounds(1, 1, 0), ValueError, "at least 1"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_p_values_of_many_pairs_take_no_time_and_join_the_summed_ones() -> None:
    start = perf_counter()
    assert mcnemar_p(10**4, 10**4 + 200) == pytest.approx(0.16146401541462, rel=1e-10)
    assert mcnemar_p(10**9, 10**9 + 60_000) == pytest.approx(0.1797, abs=1e-4)
    assert mcnemar_bounds(50_000, 48_000, 100_000).verdict == "always"
    assert perf_counter() - start < 1
    for pairs in (201, 300):
        for fewer in (0, 60, pairs // 2 - 5):
            for mid in (False, True):
                twice = 2 * sum(comb(pairs, k) for k in range(fewer + 1)) - mid * comb(pairs, fewer)
                found = mcnemar_p(fewer, pairs - fewer, mid=mid)
                assert found == pytest.approx(twice / 2**pairs, rel=1e-9)


def test_the_overlap_at_which_a_verdict_flips_is_found_among_thousands() -> None:
    found = mcnemar_bounds(2000, 1880, 4000)
    assert found.verdict == "undecidable" and found.flip_overlap is not None
    p = [mcnemar_p(2000 - both, 1880 - both) for both in (found.flip_overlap - 1, found.flip_overlap)]
    assert p[1] <= 0.05 < p[0]
