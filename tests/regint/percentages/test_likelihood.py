"""What speaks for a base: likelihood against possibility."""

from math import comb, inf, log10

import pytest
from regint.percentages.bases import base_likelihood, base_posterior, parity_likelihood
from regint.percentages.counts import number_of_vectors
from regint.percentages.rounding import printed_units

FIRST_PART = "32 16 10 2 56 2 2 4 52 48 32 20 14 12 22 18 2 8 40 10 2 50 30 18".split()


def value(table, base):
    return float(table.set_index("base").loc[base, "log10_likelihood"])


def test_the_first_part_speaks_for_fifty():
    table = base_likelihood(FIRST_PART, range(30, 201), "multiple")
    ratio = {base: value(table, 50) - value(table, base) for base in (80, 90, 100)}
    assert ratio[100] == pytest.approx(24 * log10(101 / 51)) == pytest.approx(7.12, abs=0.005)
    assert ratio[90] == pytest.approx(6.04, abs=0.005) and ratio[80] == pytest.approx(9.04, abs=0.005)
    assert value(table, 53) == -inf
    found = base_posterior(FIRST_PART, range(1, 301), "multiple")
    assert (found.base, found.verdict, found.credible) == (50, "identified", (50,))
    assert base_posterior(FIRST_PART, range(1, 301), "multiple", prior="reciprocal").probability > 0.9999


def test_the_even_digits_alone():
    table = parity_likelihood(FIRST_PART, [50, 80, 90, 100]).set_index("base")
    assert table["even_share"].round(3).tolist() == [1, 0.506, 0.560, 0.505]
    assert table["log10_likelihood"].round(1).tolist() == [0, -7.1, -6.0, -7.1]
    odd = parity_likelihood(["51"], [50])
    assert odd["log10_likelihood"].tolist() == [-inf]


def test_three_round_figures_identify_nothing():
    found = base_posterior(["40", "40", "20"])
    assert found.verdict == "not identified" and found.base == 5 and len(found.credible) > 5
    assert found.table["posterior"].sum() == pytest.approx(1)


def test_impossible_figures_have_no_posterior():
    found = base_posterior(["43.5", "23.5", "23", "10"], range(1, 115))
    assert (found.base, found.probability, found.credible, found.verdict) == (None, 0, (), "impossible")


@pytest.mark.parametrize(("total", "least"), [("closed", 0), ("open", 1), ("multiple", None)])
def test_the_definition(total, least):
    """Without ties the likelihood is the number of printing vectors over the number of all vectors."""
    figures, base = ["46", "42", "12"], 213
    every = (base + 1) ** 3 if least is None else comb(base + 2 + least, 2 + least)
    expected = log10(number_of_vectors(figures, base, total) / every)
    assert value(base_likelihood(figures, [base], total), base) == pytest.approx(expected)


@pytest.mark.parametrize("total", ["closed", "multiple"])
@pytest.mark.parametrize("base", [1, 7, 40, 200])
def test_probabilities_of_all_figures_sum_to_one(total, base):
    """Ties split in half under either-way rounding, so nothing is counted twice."""
    figures = {units for count in range(base + 1) for units in printed_units(count, base, 1, "up_or_down")}
    pairs = [(a, b) for a in figures for b in figures if total == "multiple" or abs(a + b - 100) <= 1]
    if total == "multiple":
        pairs = [(a,) for a in figures]
    values = [value(base_likelihood([str(v) for v in pair], [base], total), base) for pair in pairs]
    assert sum(10**one for one in values) == pytest.approx(1)


def test_refusals():
    with pytest.raises(ValueError, match="No base was listed"):
        base_posterior(["50"], [])
    with pytest.raises(ValueError, match="did you mean 'uniform'"):
        base_posterior(["50"], prior="unifrom")
    with pytest.raises(ValueError, match="base must be at least 1"):
        base_likelihood(["50"], [0])
