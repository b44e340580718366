"""How strongly printed figures speak for one base rather than another: possibility is not identification."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb, inf, log10, prod

import numpy as np
import pandas as pd

from regint.statistics.checks import CountError, check_confidence, check_option
from regint.statistics.consistency.windows import Window, checked_bases, ways, windows
from regint.statistics.rounding import parse_figure, printed_units

PRIORS = ("uniform", "reciprocal")


def base_likelihood(
    figures: Iterable[str],
    bases: Iterable[int] = range(1, 301),
    total: str = "closed",
    rounding: str = "up_or_down",
) -> pd.DataFrame:
    r"""
    Give the likelihood of every base: how probable these very figures are if nothing else is known.

    Parameters
    ----------
    figures : iterable of str
        Printed percentages, of one question or, with ``total="multiple"``, of several.
    bases : iterable of int
        The bases to compare.
    total : {"closed", "open", "multiple"}
        How the counts of the options add up, as in `admissible_bases`.
    rounding : str
        The rounding rule, as in `consistent_counts`.

    Returns
    -------
    DataFrame
        ``base`` and ``log10_likelihood`` (minus infinity where the figures are impossible).

    Raises
    ------
    FigureError, CountError, OptionError
        If a figure, base or option is illegal.

    Notes
    -----
    All vectors of counts that a base allows are taken as equally probable. With :math:`m` options there
    are :math:`\binom{n+m-1}{m-1}` closed and :math:`\binom{n+m}{m}` open vectors and :math:`(n+1)^m` of
    `multiple`; the likelihood is the share of them that print as the figures. At an exact tie
    ``up_or_down`` prints either figure with probability one half. A larger base can print more different
    figures, so it gives less probability to each: that is what lets the data speak for a small base. The
    figures are no independent draws from such a model; read the result as a screening.

    Examples
    --------
    >>> base_likelihood(["52", "48", "32"], [50, 100], total="multiple").round(3)
       base  log10_likelihood
    0    50            -5.123
    1   100            -6.013
    """
    prepared = windows(figures, total, rounding)
    sizes = checked_bases(bases)
    halves = rounding == "up_or_down"
    values = [_log10_share(prepared, size, total, halves) for size in sizes]
    return pd.DataFrame({"base": sizes, "log10_likelihood": values}).astype({"log10_likelihood": float})


def _log10_share(prepared: Sequence[Window], base: int, total: str, halves: bool) -> float:
    """Give log10 of the share of all count vectors of a base that print as the figures."""
    weights = [_doubled_weights(one, base, halves) for one in prepared]
    if not all(weights):
        return -inf
    options = len(weights)
    if total == "multiple":
        printing, possible = prod(sum(row) for row in weights), (base + 1) ** options
    else:
        spare = base - sum(one.counts(base)[0] for one in prepared)
        table = _convolve(weights, spare)
        printing = table[spare] if total == "closed" and 0 <= spare < len(table) else 0
        if total == "open":
            printing = sum(table[: spare + 1]) if spare >= 0 else 0
        possible = comb(base + options - (total == "closed"), options - (total == "closed"))
    return log10(printing) - options * log10(2) - log10(possible) if printing else -inf


def _doubled_weights(one: Window, base: int, halves: bool) -> list[int]:
    """Give twice the probability that each count in a window prints as the figure: 2, or 1 at a tie."""
    least, most = one.counts(base)
    ties = (one.low * base, one.high * base) if halves else ()
    return [1 if one.step * count in ties else 2 for count in range(least, most + 1)]


def _convolve(weights: list[list[int]], spare: int) -> list[int]:
    """Multiply polynomials with exact integer coefficients, up to the power that is needed."""
    if spare < 0:
        return []
    if all(weight == 2 for row in weights for weight in row):
        scale = 2 ** len(weights)
        return [scale * number for number in ways([len(row) - 1 for row in weights], spare)[-1]]
    table = [1]
    for row in weights:
        longer = [0] * min(len(table) + len(row) - 1, spare + 1)
        for power, coefficient in enumerate(table):
            for extra, weight in enumerate(row[: len(longer) - power]):
                longer[power + extra] += coefficient * weight
        table = longer
    return table


def parity_likelihood(
    figures: Iterable[str], bases: Iterable[int] = range(1, 301), rounding: str = "up_or_down"
) -> pd.DataFrame:
    """
    Give the likelihood of every base from one feature alone: which last digits are even.

    Parameters
    ----------
    figures : iterable of str
        Printed percentages; each counts as a separate draw.
    bases : iterable of int
        The bases to compare.
    rounding : str
        The rounding rule.

    Returns
    -------
    DataFrame
        ``base``, ``even_share`` (probability that the last printed digit is even, for the first figure's
        number of decimals and a count anywhere between none and all) and ``log10_likelihood``.

    Raises
    ------
    FigureError, CountError, OptionError
        If a figure, base or option is illegal.

    Notes
    -----
    Whole percentages of 50 are all even. The feature is easy to see and easy to explain, but it throws
    away that the figures are also reachable at a larger base; `base_likelihood` uses all of them, and its
    ratio against a base that happens to reach every even figure is smaller.

    Examples
    --------
    >>> parity_likelihood(["52", "48", "32"], [50, 80, 100]).round(3)
       base  even_share  log10_likelihood
    0    50       1.000             0.000
    1    80       0.506            -0.887
    2   100       0.505            -0.890
    """
    windows(figures := list(figures), "multiple", rounding)
    parsed = [parse_figure(figure) for figure in figures]
    rows = []
    for size in checked_bases(bases):
        even = {scale: _even_share(size, scale, rounding) for scale in {figure.scale for figure in parsed}}
        shares = [even[one.scale] if one.units % 2 == 0 else 1 - even[one.scale] for one in parsed]
        value = sum(map(log10, shares)) if all(shares) else -inf
        rows.append((size, even[parsed[0].scale], value))
    return pd.DataFrame(rows, columns=["base", "even_share", "log10_likelihood"])


def _even_share(base: int, scale: int, rounding: str) -> float:
    """Give the probability that a count between none and all prints an even last digit."""
    printed = (printed_units(count, base, scale, rounding) for count in range(base + 1))
    return sum(sum(units % 2 == 0 for units in either) / len(either) for either in printed) / (base + 1)


@dataclass(frozen=True)
class BasePosterior:
    """
    What printed figures say about their base.

    Attributes
    ----------
    table : DataFrame
        ``base``, ``log10_likelihood``, ``prior``, ``posterior``, in the order of the bases given.
    base : int or None
        The most probable base; None when no base fits.
    probability : float
        Its posterior probability; 0 when no base fits.
    credible : tuple of int
        The fewest bases that hold the threshold together, most probable first.
    verdict : str
        ``"identified"`` when one base reaches the threshold, ``"not identified"`` when none does,
        ``"impossible"`` when no base fits.
    """

    table: pd.DataFrame
    base: int | None
    probability: float
    credible: tuple[int, ...]
    verdict: str


def base_posterior(
    figures: Iterable[str],
    bases: Iterable[int] = range(1, 301),
    total: str = "closed",
    rounding: str = "up_or_down",
    *,
    prior: str = "uniform",
    threshold: float = 0.95,
) -> BasePosterior:
    """
    Weigh the bases of printed figures by likelihood and a stated prior.

    Parameters
    ----------
    figures, bases, total, rounding
        As for `base_likelihood`.
    prior : {"uniform", "reciprocal"}
        Every listed base alike, or in proportion to ``1 / base``.
    threshold : float
        Posterior probability, 0-1, from which a base counts as identified.

    Returns
    -------
    BasePosterior
        The table, the most probable base and a verdict. It holds only among the bases listed.

    Raises
    ------
    FigureError, CountError, OptionError
        If a figure, base or option is illegal, or no base is listed.

    Examples
    --------
    >>> base_posterior(["40", "40", "20"]).verdict
    'not identified'
    >>> base_posterior(["43.5", "23.5", "23", "10"], range(1, 115)).verdict
    'impossible'
    """
    check_option(prior, PRIORS, "prior")
    check_confidence(threshold)
    table = base_likelihood(figures, bases, total, rounding)
    if table.empty:
        raise CountError("No base was listed; give a range such as range(1, 301).")
    weights = np.ones(len(table)) if prior == "uniform" else 1 / table["base"].to_numpy(dtype=float)
    table["prior"] = weights / weights.sum()
    best = table["log10_likelihood"].max()
    if best == -inf:
        return BasePosterior(table.assign(posterior=0.0), None, 0.0, (), "impossible")
    joint = table["prior"] * 10 ** (table["log10_likelihood"] - best)
    table["posterior"] = joint / joint.sum()
    ordered = table.sort_values("posterior", ascending=False, kind="stable")
    needed = int((ordered["posterior"].cumsum() < threshold).sum()) + 1
    credible = tuple(int(base) for base in ordered["base"].head(needed))
    probability = float(ordered["posterior"].iloc[0])
    verdict = "identified" if probability >= threshold else "not identified"
    return BasePosterior(table, credible[0], probability, credible, verdict)
