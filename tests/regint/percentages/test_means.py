"""Printed means and standard deviations: against brute force, and against published worked cases."""

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import isqrt
from random import Random

import numpy as np
import pytest
from regint.percentages.means import (
    _possible_moments,
    answer_distributions,
    fitting_denominators,
    greatest_deviation,
    mean_bases,
    mean_totals,
    neighbouring_means,
)

# Worked cases of the documentation of the R package scrutiny (data pigs1, pigs3, pigs5; Jung 2023, CRAN).
GRIM = """7.22 32 yes, 4.74 25 no, 5.23 29 no, 2.57 24 no, 6.77 27 no, 2.68 28 yes, 7.01 29 no, 7.38 26 yes,
3.14 27 no, 6.89 31 no, 5.00 25 yes, 0.24 28 no"""
DEBIT = (
    "0.53 0.50 yes, 0.44 0.50 yes, 0.77 0.42 yes, 0.19 0.35 no, 0.34 0.47 yes, 0.93 0.25 yes, 0.12 0.33 yes"
)
GRIMMER = """7.22 5.30 38 no, 4.74 6.55 31 yes, 5.23 2.55 35 no, 2.57 2.57 30 yes, 6.77 2.18 33 no,
2.68 2.59 34 yes, 7.01 6.68 35 no, 7.38 3.65 32 yes, 3.14 5.32 33 no, 6.89 4.18 37 yes, 5.00 2.18 31 yes,
0.24 6.43 34 yes"""


def cases(text: str) -> list[list[str]]:
    return [case.split() for case in text.replace("\n", " ").split(",")]


def possible_moments(mean: str, sd: str, n: int, **about: object) -> list[tuple[int, int]]:
    return list(_possible_moments(mean, sd, n, **about))


def test_published_grim_verdicts() -> None:
    found = {(mean, n): bool(mean_totals(mean, int(n))) for mean, n, _ in cases(GRIM)}
    assert found == {(mean, n): verdict == "yes" for mean, n, verdict in cases(GRIM)}


def test_published_debit_verdicts() -> None:
    found = [bool(possible_moments(mean, sd, 1683, scale=(0, 1))) for mean, sd, _ in cases(DEBIT)]
    assert found == [verdict == "yes" for *_, verdict in cases(DEBIT)]


def test_published_grimmer_verdicts() -> None:
    found = [bool(possible_moments(mean, sd, int(n))) for mean, sd, n, _ in cases(GRIMMER)]
    assert found == [verdict == "yes" for *_, verdict in cases(GRIMMER)]


def decimal_places(value: Fraction, places: int) -> set[str]:
    """Both ways to print a number above zero, should it lie halfway."""
    units = value * 10**places
    below = units.numerator // units.denominator
    near = {below} if units - below < Fraction(1, 2) else {below + 1}
    near = {below, below + 1} if units - below == Fraction(1, 2) else near
    return {f"{unit / 10**places:.{places}f}" for unit in near}


def root_places(square: Fraction, places: int) -> set[str]:
    """Both ways to print the root of a number."""
    doubled = isqrt(square.numerator * 4 * 100**places // square.denominator)  # twice the root, cut off
    exact = Fraction(doubled**2) == square * 4 * 100**places
    units = {(doubled + 1) // 2} | ({doubled // 2} if doubled % 2 and exact else set())
    return {f"{unit / 10**places:.{places}f}" for unit in units}


def moments(answers: tuple[int, ...]) -> tuple[Fraction, Fraction]:
    n, total = len(answers), sum(answers)
    squares = sum(answer**2 for answer in answers)
    return Fraction(total, n), (squares - Fraction(total**2, n)) / (n - 1)


@pytest.mark.parametrize(("n", "scale"), [(2, (1, 7)), (5, (1, 5)), (7, (0, 3)), (4, (-2, 2))])
def test_every_distribution_is_found_and_no_other(n: int, scale: tuple[int, int]) -> None:
    points = range(scale[0], scale[1] + 1)
    printed: dict[tuple[str, str], set[tuple[int, ...]]] = {}
    for answers in combinations_with_replacement(points, n):
        mean, variance = moments(answers)
        counts = tuple(Counter(answers)[point] for point in points)
        means = decimal_places(abs(mean), 1)
        for text in {f"-{text}" if mean < 0 else text for text in means}:
            for sd in root_places(variance, 1):
                printed.setdefault((text, sd), set()).add(counts)
    for (mean_text, sd), expected in printed.items():
        if mean_text in ("0.0", "-0.0"):  # the sign of a rounded zero is no information
            continue
        found = answer_distributions(mean_text, n, scale, sd=sd)
        assert set(map(tuple, found.counts.tolist())) == expected
        assert found.number == len(found.counts) == len(expected)
        assert possible_moments(mean_text, sd, n, scale=scale)
    possible = {f"{k / 10:.1f}" for k in range(0, 10 * (scale[1] - scale[0]))}
    for mean_text, sd in {(m, s) for m, _ in printed for s in possible} - set(printed):
        if mean_text not in ("0.0", "-0.0"):
            assert possible_moments(mean_text, sd, n, scale=scale) == []


def test_moments_without_a_scale_are_those_of_some_whole_numbers() -> None:
    numbers = range(-9, 13)
    reached = {(sum(x), sum(v * v for v in x)) for x in combinations_with_replacement(numbers, 3)}
    for mean, sd in [
        ("1.33", "2.08"),
        ("0.67", "5.51"),
        ("2.00", "1.00"),
        ("1.00", "4.36"),
        ("3.33", "3.00"),
    ]:
        totals = mean_totals(mean, 3)
        low, high = (Fraction(sd) + Fraction(step, 200) for step in (-1, 1))
        expected = [
            (t, q)
            for t, q in sorted(reached)
            if t in totals and low**2 <= Fraction(3 * q - t**2, 6) <= high**2
        ]
        assert possible_moments(mean, sd, 3) == expected


def test_items_make_the_mean_finer() -> None:
    assert not mean_totals("3.57", 20)
    assert list(mean_totals("3.57", 20, items=3)) == [214]
    # 20 people, three answers each: sums of a person's answers run over whole numbers, scores over thirds.
    found = possible_moments("3.57", "0.80", 20, items=3, scale=(1, 5))
    assert {total for total, _ in found} == {214}
    scores = np.repeat(np.arange(3, 16), 1)
    assert all(20 * 9 <= squares <= 20 * 225 for _, squares in found) and len(scores) == 13


def test_the_scale_excludes_what_lies_beyond_its_ends() -> None:
    assert mean_totals("0.5", 10, scale=(1, 5)) == range(10, 10)
    assert mean_totals("5.0", 10, scale=(1, 5)) == range(50, 51)
    assert list(mean_totals("-0.50", 4, scale=(-2, 2))) == [-2]


def test_means_of_28_answers() -> None:
    assert list(mean_totals("3.57", 28)) == [100]
    assert list(mean_totals("2.61", 28)) == [73]
    assert 28 in mean_bases("2.61", range(1, 60)) and 29 not in mean_bases("2.61", range(1, 60))


def test_percentages_of_the_same_people_narrow_the_distributions() -> None:
    alone = answer_distributions("4.10", 20, (1, 5))
    joined = answer_distributions("4.10", 20, (1, 5), shares={5: "45", 4: "30"})
    kept = [row for row in alone.counts.tolist() if row[4] == 9 and row[3] == 6]
    assert joined.counts.tolist() == kept and 0 < joined.number < alone.number


def test_more_than_are_asked_for_are_counted_and_not_listed() -> None:
    every = answer_distributions("3.0", 8, (1, 5))
    counted = answer_distributions("3.0", 8, (1, 5), listed=every.number - 1)
    assert (counted.number, len(counted.counts)) == (len(every.counts), 0)


def test_large_tasks_end_in_bounded_time() -> None:
    assert answer_distributions("3.21", 1000, (1, 5), sd="1.10").number > 1000
    assert any(_possible_moments("412.7", "98.31", 5000))
    with pytest.raises(ValueError, match="too many ways"):
        answer_distributions("5.0", 2000, (0, 10))


def test_random_answers_always_fit_what_they_print() -> None:
    random = Random(5)
    for _ in range(60):
        n = random.randint(2, 80)
        answers = tuple(random.choices(range(1, 8), weights=[random.random() for _ in range(7)], k=n))
        mean, variance = moments(answers)
        for text in decimal_places(mean, 2):
            for sd in root_places(variance, 2):
                found = possible_moments(text, sd, n, scale=(1, 7))
                assert (sum(answers), sum(a * a for a in answers)) in found


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mean_totals(3.5, 10), "not text"),
        (lambda: mean_totals("3,5", 10), "no printed number"),
        (lambda: mean_totals("3.5", 0), "at least 1"),
        (lambda: mean_totals("3.5", 10, scale=(5, 1)), "from a smaller to a larger"),
        (lambda: mean_totals("3.5", 10, rounding="odd"), "rounding 'odd'"),
        (lambda: possible_moments("3.5", "-1", 10), "below zero"),
        (lambda: possible_moments("3.5", "1", 1), "One answer"),
        (lambda: possible_moments("3.5", "1", 10, denominator="n-2"), "denominator 'n-2'"),
        (lambda: answer_distributions("3.5", 10, (1, 5), shares={6: "10"}), "not on the scale"),
    ],
)
def test_a_wrong_argument_is_named(call: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()


def test_neighbours_of_a_mean_are_the_nearest_that_fit():
    """By trying every last place: nothing between a mean and its neighbours fits, and the neighbours do."""
    wrong = []
    for n, units in product((3, 8, 28, 53), range(100, 501, 13)):
        mean = f"{units // 100}.{units % 100:02d}"
        fits = [u for u in range(100, 501) if mean_totals(f"{u // 100}.{u % 100:02d}", n, scale=(1, 5))]
        found = [round(100 * float(near)) for near in neighbouring_means(mean, n, scale=(1, 5))]
        below, above = [u for u in fits if u < units][-1:], [u for u in fits if u > units][:1]
        if found != [*below, *above]:
            wrong.append((n, mean, found, below, above))
    assert wrong == []
    assert neighbouring_means("-0.50", 3) == ("-0.67", "-0.33")


def test_a_deviation_fits_with_one_divisor_or_the_other_as_all_answers_written_out_tell() -> None:
    assert fitting_denominators("3.50", "0.50", 4, scale=(1, 5)) == ["n"]
    wrong = []
    for n in (2, 3, 4):
        for answers in combinations_with_replacement(range(1, 4), n):
            total, squares = sum(answers), sum(answer**2 for answer in answers)
            spread = Fraction(squares) - Fraction(total**2, n)
            mean = f"{total / n:.3f}"
            for name, divisor in (("n", n), ("n-1", n - 1)):
                sd = f"{float(spread / divisor) ** 0.5:.3f}"
                if name not in fitting_denominators(mean, sd, n, scale=(1, 3)):
                    wrong.append((answers, name, sd))
    assert not wrong


def test_no_answers_written_out_deviate_more_than_the_greatest_deviation() -> None:
    assert greatest_deviation("2.31", "4.9", (1, 5), n=40) == "1.91"
    wrong, largest = [], {}
    for n in (2, 3, 4, 5):
        for answers in combinations_with_replacement(range(1, 5), n):
            mean = f"{sum(answers) / n:.2f}"
            spread = (sum(a**2 for a in answers) - sum(answers) ** 2 / n) / (n - 1)
            largest[mean] = max(largest.get(mean, 0), spread**0.5)
            if greatest_deviation(mean, f"{spread**0.5:.2f}", (1, 4), n=n):
                wrong.append((answers, mean))
    assert not wrong
    assert not [mean for mean, sd in largest.items() if greatest_deviation(mean, f"{sd:.2f}", (1, 4))]
    # 1 and 4 alone: their deviation is the root of 4.5, and no mean of 2.50 deviates more.
    assert (greatest_deviation("2.50", "2.12", (1, 4)), greatest_deviation("2.50", "2.14", (1, 4))) == (
        "",
        "2.13",
    )
