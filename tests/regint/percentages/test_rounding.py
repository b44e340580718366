"""Printed figures read exactly, against a brute force in fractions."""

from collections import Counter
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.percentages.rounding import (
    ROUNDINGS,
    check_count,
    check_option,
    half_units,
    parse_figure,
    printed_units,
    written,
)

figures = st.builds(
    lambda units, places: f"{units / 10**places:.{places}f}" if places else str(units),
    st.integers(0, 100),
    st.integers(0, 2),
)


def print_exactly(percent: Fraction, scale: int, rounding: str) -> set[int]:
    """Round as the rule is worded, in fractions: the oracle."""
    scaled = percent * scale
    below, above = floor(scaled), ceil(scaled)
    if rounding == "floor" or below == above:
        return {below}
    if rounding == "ceiling":
        return {above}
    if scaled - below != Fraction(1, 2):
        return {below if scaled - below < Fraction(1, 2) else above}
    even = below if below % 2 == 0 else above
    return {"up_or_down": {below, above}, "up": {above}, "down": {below}, "even": {even}}[rounding]


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("scale", [1, 2, 10])
def test_printing_agrees_with_fractions(rounding, scale):
    for base in range(1, 81):
        for count in range(base + 1):
            expected = print_exactly(Fraction(100 * count, base), scale, rounding)
            assert set(printed_units(count, base, scale, rounding)) == expected


@pytest.mark.parametrize("rounding", ROUNDINGS)
@given(figure=figures, percent=st.fractions(0, 100, max_denominator=4000))
def test_unrounding_inverts_printing(rounding, figure, percent):
    units, scale = parse_figure(figure)
    lower, lower_inclusive, upper, upper_inclusive = half_units(units, rounding)
    halves = 2 * scale * percent
    above = halves > lower or (lower_inclusive and halves == lower)
    below = halves < upper or (upper_inclusive and halves == upper)
    assert (above and below) == (units in print_exactly(percent, scale, rounding))


def test_the_worked_example():
    assert half_units(82, "up_or_down") == half_units(82, "even") == (163, True, 165, True)
    assert half_units(83, "even") == (165, False, 167, False)
    assert half_units(100, "ceiling") == (198, False, 200, True)


def test_trailing_zeros_are_data():
    assert parse_figure("60") != parse_figure("60.0")
    assert parse_figure("60.00") == (6000, 100)


@pytest.mark.parametrize("figure", ["0", "0.0", "100", "100.000", "9.5"])
def test_legal_figures(figure):
    assert parse_figure(figure).units >= 0


@pytest.mark.parametrize(
    "figure",
    [
        "119",
        "-5",
        "101",
        "100.1",
        "NaN",
        "",
        " ",
        "12,5",
        "12.",
        ".5",
        "05",
        "1e1",
        "52%",
        "+5",
        "5 ",
        "5\n",
        "٥٢",
        "½",
    ],
)
def test_no_figures(figure):
    with pytest.raises(ValueError, match="figure"):
        parse_figure(figure)


@pytest.mark.parametrize("figure", [60, 43.5, None, True])
def test_a_number_has_lost_its_zeros(figure):
    with pytest.raises(ValueError, match="is not text"):
        parse_figure(figure)


def test_no_such_rule():
    with pytest.raises(ValueError, match="did you mean 'ceiling'"):
        check_option("cieling", ROUNDINGS, "rounding")
    with pytest.raises(ValueError, match="choose one of up_or_down, up, down, even, floor, ceiling"):
        printed_units(1, 2, 1, "nearest")


@pytest.mark.parametrize(
    ("base", "options", "scale", "making_100", "all_vectors"),
    [(30, 4, 10, 3916, 5456), (30, 3, 10, 396, 496), (53, 4, 10, 18_712, 27_720), (50, 3, 1, 1326, 1326)],
)
def test_how_often_figures_rounded_one_by_one_make_one_hundred(base, options, scale, making_100, all_vectors):
    """Finite counterparts of Mosteller, Youtz and Zahn (1967); a base of 50 needs no rounding at all."""
    sums = Counter({(0, 0): 1})
    for _ in range(options - 1):
        longer = Counter()
        for (people, units), ways in sums.items():
            for count in range(base - people + 1):
                longer[people + count, units + printed_units(count, base, scale, "up")[0]] += ways
        sums = longer
    found = Counter()
    for (people, units), ways in sums.items():
        found[units + printed_units(base - people, base, scale, "up")[0]] += ways
    assert found.total() == all_vectors and found[100 * scale] == making_100


@given(st.integers(1, 300), st.data(), st.integers(0, 3))
def test_a_figure_written_here_reads_back(base, data, decimals):
    count, scale = data.draw(st.integers(0, base)), 10**decimals
    (units,) = printed_units(count, base, scale, "up")
    assert parse_figure(written(units, scale)) == (units, scale)


def test_numpy_integers_become_plain_ones():
    value = check_count(np.int8(100))
    assert value * 1000 == 100_000 and type(value) is int


def test_an_option_far_from_all_gets_no_suggestion():
    with pytest.raises(ValueError) as refusal:
        check_option("zzz", ("up", "down"), "rounding")
    assert "did you mean" not in str(refusal.value)
