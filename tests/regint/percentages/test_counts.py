"""Counts, vectors of counts and bases that print as given figures."""

from fractions import Fraction
from itertools import product
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.percentages.counts import (
    admissible_bases,
    bases_of_counts,
    consistent_counts,
    count_vectors,
    number_of_vectors,
)
from regint.percentages.rounding import ROUNDINGS, printed_units

TOTALS = ("closed", "open", "multiple")


def as_printed(units, places):
    return f"{units / 10**places:.{places}f}" if places else str(units)


def oracle(percent, scale, rounding):
    """Print a fraction as the rule is worded; every figure it can become, in units of the last place."""
    scaled = percent * scale
    below, above = floor(scaled), ceil(scaled)
    if rounding == "floor" or below == above:
        return {below}
    if rounding == "ceiling":
        return {above}
    half = scaled - below - Fraction(1, 2)
    if half:
        return {below if half < 0 else above}
    even = below if below % 2 == 0 else above
    return {"up_or_down": {below, above}, "up": {above}, "down": {below}, "even": {even}}[rounding]


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("scale", [1, 10])
def test_every_figure_of_every_base_up_to_200(scale, rounding):
    figures = [
        str(units) if scale == 1 else f"{units // 10}.{units % 10}" for units in range(100 * scale + 1)
    ]
    for base in range(1, 201):
        expected = {}
        for count in range(base + 1):
            for units in oracle(Fraction(100 * count, base), scale, rounding):
                expected.setdefault(units, []).append(count)
        for units, figure in enumerate(figures):
            assert consistent_counts(figure, base, rounding) == expected.get(units, []), (figure, base)


def brute_force(figures, base, total, rounding):
    per_option = [
        [
            count
            for count in range(base + 1)
            if int(figure.replace(".", ""))
            in oracle(Fraction(100 * count, base), 10 ** len(figure.partition(".")[2]), rounding)
        ]
        for figure in figures
    ]
    holds = {"closed": lambda n: n == base, "open": lambda n: n <= base, "multiple": lambda n: True}[total]
    return [vector for vector in product(*per_option) if holds(sum(vector))]


@given(
    figures=st.lists(
        st.sampled_from(["0", "5", "12.5", "20", "25", "33", "33.3", "40", "66.7", "100"]),
        min_size=1,
        max_size=4,
    ),
    base=st.integers(1, 45),
    total=st.sampled_from(TOTALS),
    rounding=st.sampled_from(ROUNDINGS),
)
def test_vectors_agree_with_brute_force(figures, base, total, rounding):
    expected = brute_force(figures, base, total, rounding)
    assert list(count_vectors(figures, base, total, rounding)) == expected
    assert number_of_vectors(figures, base, total, rounding) == len(expected)
    assert admissible_bases(figures, [base], total, rounding) == ([base] if expected else [])


@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from(["0", "0.0", "1", "12.5", "33", "33.3", "99", "100"])),
        min_size=1,
        max_size=3,
    ),
    rounding=st.sampled_from(ROUNDINGS),
)
def test_bases_of_counts_agree_with_brute_force(pairs, rounding):
    counts, figures = zip(*pairs, strict=True)
    found = bases_of_counts(counts, figures, rounding)
    scales = [10 ** len(figure.partition(".")[2]) for figure in figures]
    tried = range(max(1, *counts), 7000)  # a count of 30 is 0.4 per cent of 7,000
    expected = [
        base
        for base in tried
        if all(
            round(float(figure) * scale) in oracle(Fraction(100 * count, base), scale, rounding)
            for count, figure, scale in zip(counts, figures, scales, strict=True)
        )
    ]
    assert [base for base in found[:7000] if base < 7000] == expected


counts_of_a_base = st.integers(2, 300).flatmap(
    lambda base: st.tuples(st.just(base), st.lists(st.integers(0, base), min_size=1, max_size=4))
)


def closed_counts(base, cuts):
    edges = [0, *sorted(cuts), base]
    return [b - a for a, b in zip(edges, edges[1:], strict=False)]


@given(counts_of_a_base, st.integers(0, 3), st.sampled_from(ROUNDINGS), st.data())
def test_the_true_vector_is_always_in_the_set(given_counts, places, rounding, data):
    base, cuts = given_counts
    counts = closed_counts(base, cuts)
    figures = [
        as_printed(data.draw(st.sampled_from(printed_units(count, base, 10**places, rounding))), places)
        for count in counts
    ]
    assert admissible_bases(figures, [base], "closed", rounding) == [base]
    for figure, count in zip(figures, counts, strict=True):
        assert count in consistent_counts(figure, base, rounding)


@given(counts_of_a_base, st.integers(0, 3), st.sampled_from(["floor", "ceiling", "up", "even"]))
def test_a_decimal_more_never_widens_the_set(given_counts, places, rounding):
    base, cuts = given_counts
    for count in closed_counts(base, cuts):
        coarse = as_printed(printed_units(count, base, 10**places, rounding)[0], places)
        fine = as_printed(printed_units(count, base, 10 ** (places + 1), rounding)[0], places + 1)
        narrow, wide = consistent_counts(fine, base, rounding), consistent_counts(coarse, base, rounding)
        assert len(narrow) <= len(wide) or rounding == "even"
        # A count that prints as the finer figure would have printed as the coarser one: one share at most
        # lies on a tie of both grids, so only the tie rule can part them.
        if rounding in ("floor", "ceiling"):
            assert set(narrow) <= set(wide)


@given(st.permutations(["43.5", "23.5", "23", "10"]))
def test_relabelling_changes_nothing(figures):
    assert admissible_bases(figures, range(1, 301)) == [115, 170, 200, 230, 255, 260, 285, 294]
    order = sorted(range(4), key=lambda place: ["43.5", "23.5", "23", "10"].index(figures[place]))
    vectors = {tuple(vector[place] for place in order) for vector in count_vectors(figures, 115)}
    assert vectors == {(50, 27, 26, 12), (50, 27, 27, 11)}


class TestTheItemThatFitsNothing:
    figures = ("43.5", "23.5", "23", "10")

    def test_bases(self):
        assert admissible_bases(self.figures, range(1, 115)) == []
        assert [number_of_vectors(self.figures, base) for base in (115, 170, 200)] == [2, 1, 3]
        assert list(count_vectors(self.figures, 170)) == [(74, 40, 39, 17)]

    def test_trailing_zeros_are_data(self):
        assert admissible_bases(("43.5", "23.5", "23.0", "10.0"), range(1, 301)) == [200, 230]


FIRST_PART = "32 16 10 2 56 2 2 4 52 48 32 20 14 12 22 18 2 8 40 10 2 50 30 18".split()


def test_twenty_four_whole_percents():
    assert len(FIRST_PART) == 24
    found = admissible_bases(FIRST_PART, range(1, 301), "multiple")
    assert found == [50, 80, 90, 96, 98, *range(100, 301)]
    assert min(base for base in found if base > 50) == 80


@pytest.mark.parametrize(
    ("figures", "base", "total", "number"),
    [
        (["23.3", "73.3", "3.3"], 30, "closed", 1),
        (["50", "33.3", "10", "6.7"], 30, "closed", 1),
        (["46", "42", "12"], 1013, "closed", 80),
        (["10"] * 10, 1000, "closed", 1_018_872_811),
        (["10"] * 10, 10_000, "closed", 470_763_292_219_492_601),
        (["26.4", "13.2", "9.4", "3.8", "3.8", "3.8", "1.9", "5.7"], 53, "open", 1),
    ],
)
def test_numbers_of_vectors(figures, base, total, number):
    assert number_of_vectors(figures, base, total) == number


def test_later_part_and_coded_remarks():
    later = "73.3 23.3 3.3 63.3 60 53.3 36.7 20 86.7 13.3 66.7 40 46.7 33.3 50 10 6.7".split()
    assert admissible_bases(later, range(1, 181), "multiple") == [30, 60, 90, 120, 150, 180]
    (coded,) = count_vectors(["26.4", "13.2", "9.4", "3.8", "3.8", "3.8", "1.9", "5.7"], 53, "open")
    assert coded == (14, 7, 5, 2, 2, 2, 1, 3) and 53 - sum(coded) == 17
    assert 53 not in admissible_bases(FIRST_PART, range(1, 101), "multiple")


class TestOtherPublishedResults:
    @pytest.mark.parametrize(
        ("percentages", "admitted", "applicants"),
        [
            ("62 63 37 33 28 6 45", [512, 353, 120, 138, 53, 22, 1198], [825, 560, 325, 417, 191, 373, 2691]),
            ("82 68 34 35 24 7 30", [89, 17, 202, 131, 94, 24, 557], [108, 25, 593, 375, 393, 341, 1835]),
        ],
        ids=["men", "women"],
    )
    def test_graduate_admissions_at_berkeley_1973(self, percentages, admitted, applicants):
        """The six largest departments and their sum. Percentages and applicants after Freedman, Pisani and
        Purves: https://www2.math.upenn.edu/~kazdan/210/notes-misc/GradAdmit.html. People admitted: the data
        set UCBAdmissions of R 4.2.2. The study is Bickel, Hammel and O'Connell (1975), Science 187, 398-404,
        https://doi.org/10.1126/science.187.4175.398"""
        for figure, count, base in zip(percentages.split(), admitted, applicants, strict=True):
            assert count in consistent_counts(figure, base)

    def test_referendum_on_membership_of_the_european_union_2016(self):
        """51.89 % and 48.11 % of 33,551,983 valid votes: 17,410,742 and 16,141,241. Votes:
        https://commonslibrary.parliament.uk/research-briefings/cbp-7639/; two decimals:
        https://wikimili.com/en/Results_of_the_2016_United_Kingdom_European_Union_membership_referendum"""
        base = 33_551_983
        leave, remain = consistent_counts("51.89", base), consistent_counts("48.11", base)
        assert 17_410_742 in leave and 16_141_241 in remain
        assert number_of_vectors(["51.89", "48.11"], base) == len(leave) == 3355

    def test_referendum_on_independence_of_scotland_2014(self):
        """44.70 % and 55.30 % of 3,619,915 valid votes: 1,617,989 and 2,001,926. Votes: Electoral Management
        Board for Scotland, https://www.emb.scot/scottish-independence-referendum-2014-3; valid votes and two
        decimals: https://sco.wikipedia.org/wiki/Scots_independence_referendum,_2014"""
        assert (1_617_989 in consistent_counts("44.70", 3_619_915)) and (
            2_001_926 in consistent_counts("55.30", 3_619_915)
        )

    def test_aspirin_and_heart_attacks(self):
        """104 of 11,037 and 189 of 11,034, shares 0.0094 and 0.0171: Agresti, An Introduction to Categorical
        Data Analysis, table 2.2, https://fliphtml5.com/zroi/midv/An_Introduction_to_Categorical_Data_Analysis/45,
        after the Physicians' Health Study (1988), NEJM 318, 262-264,
        https://doi.org/10.1056/NEJM198801283180431"""
        assert consistent_counts("0.94", 11_037) == [104] and consistent_counts("1.71", 11_034) == [189]

    def test_grim_worked_example(self):
        """A mean of 5.19 from 28 whole numbers is impossible, from 32 it is not: the example of `grim`
        in the R package scrutiny, https://github.com/lhdjung/scrutiny/blob/main/R/grim.R. The test is that of
        Brown and Heathers (2017). A mean is a percentage of a hundred times the base."""
        assert consistent_counts("5.19", 2800) == [] and consistent_counts("5.19", 3200) == [166]
        assert consistent_counts("5.18", 2800) == [145] and consistent_counts("5.21", 2800) == [146]

    def test_smallest_base_of_a_breakdown(self):
        """40, 40 and 20 per cent need 5 people, 33 and 33 with one silent person 3: Cox (2023), section 1,
        https://sage.cnpereading.com/doi/10.1177/1536867X231212453"""
        assert admissible_bases(["40", "40", "20"])[0] == 5
        assert admissible_bases(["33", "33", "33"])[0] == 3


@pytest.mark.parametrize("function", [count_vectors, number_of_vectors])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([], 50), ValueError, "No figure"),
        (("43.5", 50), ValueError, "not the single text"),
        ((["101"], 50), ValueError, "exceeds 100"),
        ((["50"], 0), ValueError, "base must be at least 1"),
        ((["50"], 50.0), ValueError, "whole number"),
        ((["50"], 50, "closd"), ValueError, "did you mean 'closed'"),
        ((["50"], 50, "closed", "evn"), ValueError, "did you mean 'even'"),
    ],
)
def test_refusals_come_at_once(function, arguments, error, message):
    with pytest.raises(error, match=message):
        function(*arguments)


def test_impossible_figures_are_findings():
    assert consistent_counts("43.5", 30) == [] and consistent_counts("1", 3) == []
    assert list(count_vectors(["60", "60"], 10)) == [] and number_of_vectors(["60", "60"], 10, "open") == 0
    assert admissible_bases(["60", "60"], range(1, 50), "multiple") != []


def test_large_bases_stay_exact():
    """The products leave machine integers behind; one person more or less still decides."""
    base = 7_000_000_000_000_000_000
    assert admissible_bases(["33.333333", "66.666667"], [base]) == [base]
    assert admissible_bases(["33.3333", "33.3333"], [3, base], "closed") == []
    assert admissible_bases(["50"], []) == []


def test_none_and_all():
    assert consistent_counts("0", 30) == [0] and consistent_counts("100", 30) == [30]
    assert consistent_counts("0", 1000) == [0, 1, 2, 3, 4, 5]
    assert consistent_counts("0", 1000, "up") == [0, 1, 2, 3, 4]
    assert consistent_counts("0", 1000, "ceiling") == [0]
    assert consistent_counts("100", 1, "floor") == [1]


def test_a_count_that_would_take_too_long_says_so_beforehand():
    with pytest.raises(ValueError, match="people beyond the least among 10 options would take 5e.08 steps"):
        number_of_vectors(["10"] * 10, 10**9)
