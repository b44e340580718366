"""Likelihoods, posteriors and scans of bases."""

import re
from fractions import Fraction
from itertools import product
from math import comb, exp, inf, log10, prod

import pandas as pd
import pytest
from regint.percentages.bases import base_likelihood, log10_likelihoods
from regint.percentages.counts import TOTALS, number_of_vectors, windows
from regint.percentages.rounding import printed_units
from scipy.special import gammaln

FIRST_PART = "32 16 10 2 56 2 2 4 52 48 32 20 14 12 22 18 2 8 40 10 2 50 30 18".split()


def value(table, base):
    return float(table.set_index("base").loc[base, "log10_likelihood"])


def test_the_first_part_speaks_for_fifty():
    table = base_likelihood(FIRST_PART, range(30, 201), "multiple")
    ratio = {base: value(table, 50) - value(table, base) for base in (80, 90, 100)}
    assert ratio[100] == pytest.approx(24 * log10(101 / 51)) == pytest.approx(7.12, abs=0.005)
    assert ratio[90] == pytest.approx(6.04, abs=0.005) and ratio[80] == pytest.approx(9.04, abs=0.005)
    assert value(table, 53) == -inf


@pytest.mark.parametrize(("total", "least"), [("closed", 0), ("open", 1), ("multiple", None)])
def test_the_definition(total, least):
    """Without ties the likelihood is the number of printing vectors over the number of all vectors."""
    figures, base = ["46", "42", "12"], 213
    every = (base + 1) ** 3 if least is None else comb(base + 2 + least, 2 + least)
    expected = log10(number_of_vectors(figures, base, total) / every)
    assert value(base_likelihood(figures, [base], total), base) == pytest.approx(expected)


@pytest.mark.parametrize("total", TOTALS)
@pytest.mark.parametrize("rounding", ["up_or_down", "up", "even", "floor"])
def test_the_likelihood_is_the_share_of_all_vectors_that_print_so(total, rounding):
    """Against fractions: every vector of small bases is printed forward."""
    figures = ["38", "25", "38"] if total == "closed" else ["50", "13"]
    wanted = [int(figure) for figure in figures]
    for base in range(1, 17):
        vectors = list(product(range(base + 1), repeat=len(figures)))
        if total != "multiple":
            vectors = [v for v in vectors if (sum(v) == base if total == "closed" else sum(v) <= base)]
        share = Fraction(0)
        for vector in vectors:
            prints = [printed_units(count, base, 1, rounding) for count in vector]
            if all(unit in units for unit, units in zip(wanted, prints, strict=True)):
                share += Fraction(1, len(vectors) * prod(map(len, prints)))
        found = value(base_likelihood(figures, [base], total, rounding), base)
        assert found == (pytest.approx(log10(share), abs=1e-12) if share else -inf)


@pytest.mark.parametrize("total", TOTALS)
@pytest.mark.parametrize("concentration", [0.3, 1.0, 3.0])
def test_gathered_opinions_weigh_every_vector_by_dirichlet_and_multinomial(total, concentration):
    base, alpha = 12, concentration
    prepared = windows(["42", "25"], total, "up")
    options = 2 + (total == "open")

    def mass(vector, parts):
        whole = sum(vector)
        value = gammaln(whole + 1) + gammaln(parts * alpha) - gammaln(whole + parts * alpha)
        return exp(value + sum(gammaln(k + alpha) - gammaln(k + 1) - gammaln(alpha) for k in vector))

    printing = 0.0
    for vector in product(range(base + 1), repeat=2):
        if printed_units(vector[0], base, 1, "up") != (42,) or printed_units(vector[1], base, 1, "up") != (
            25,
        ):
            continue
        if total == "multiple":
            printing += prod(mass((k, base - k), 2) for k in vector)
        elif (rest := base - sum(vector)) >= 0 and (total == "open" or rest == 0):
            printing += mass((*vector, rest)[:options], options)
    found = log10_likelihoods(prepared, [base], total, False, concentration=alpha)[0]
    assert found == (pytest.approx(log10(printing)) if printing else -inf)


def test_a_base_too_large_to_weigh_is_refused_beforehand():
    with pytest.raises(ValueError, match="would take .* products; leave out bases above"):
        base_likelihood(["20"] * 5, [10**8])


def test_up_to_the_base_that_the_refusal_names_the_work_can_be_done(monkeypatch):
    monkeypatch.setattr("regint.percentages.bases._MOST_PRODUCTS", 10**6)
    with pytest.raises(ValueError) as refused:
        base_likelihood(["20"] * 5, range(1, 5001))
    named = int(re.search(r"leave out bases above (\d+),", str(refused.value))[1])
    assert len(base_likelihood(["20"] * 5, range(1, named + 1))) == named
    with pytest.raises(ValueError, match="would take"):
        base_likelihood(["20"] * 5, range(1, named * 3 // 2))


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
    with pytest.raises(ValueError, match="base must be at least 1"):
        base_likelihood(["50"], [0])


PRINTED = pd.DataFrame(
    {
        "question": ["role", "role", "steps", "steps"],
        "total": ["closed", "closed", "open", "open"],
        "printed": ["86.7", "13.3", "26.4", "13.2"],
    }
)
