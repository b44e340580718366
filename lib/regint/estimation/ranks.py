"""Where an option stands among the others: bounds and probabilities of ranks."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from regint.estimation.ordinal import Floats
from regint.percentages.checks import (
    check_count,
    check_counts,
    check_option,
    check_share_of,
)


def rank_bounds(counts: Mapping[str, int], silent: int, *, exclusive: bool = False) -> pd.DataFrame:
    """
    Give the best and the worst rank each option could have, whatever the silent would have chosen.

    Parameters
    ----------
    counts : mapping of str to int
        How many chose each option.
    silent : int
        People who were asked and did not answer.
    exclusive : bool
        Whether each of them can choose one option only.

    Returns
    -------
    DataFrame
        One row per option, in the given order: ``label``, ``count``, ``rank`` (among the answers given),
        ``best`` and ``worst``. An option's rank is one more than the number of options with a greater count.

    Raises
    ------
    ValueError
        If a number is negative or no whole number.

    Notes
    -----
    The best rank follows when all the silent choose the option and nothing else. For the worst one, where
    several options may be chosen, all the silent choose all the others; where only one may, they overtake
    it with the rivals that need fewest of them.

    Examples
    --------
    >>> rank_bounds({"roads": 26, "power": 24, "mines": 1}, 5)[["rank", "best", "worst"]].values.tolist()
    [[1, 1, 2], [2, 1, 2], [3, 3, 3]]
    """
    people = check_count(silent, "number of silent people")
    numbers = {name: check_count(count) for name, count in counts.items()}
    rows = []
    for name, count in numbers.items():
        others = [other for rival, other in numbers.items() if rival != name]
        needed = sorted(max(0, count + 1 - other) for other in others)
        needed = list(accumulate(needed)) if exclusive else needed
        rank, best = (1 + sum(other > level for other in others) for level in (count, count + people))
        rows.append((name, count, rank, best, 1 + sum(gap <= people for gap in needed)))
    return pd.DataFrame(rows, columns=["label", "count", "rank", "best", "worst"])


TOTALS = ("closed", "multiple")
# Nodes of the Gauss-Legendre rule on the probability scale; 400 leave errors below 1e-5.
_NODES = 400


def _check_prior(prior: float) -> float:
    """Refuse a prior weight that is not positive."""
    if not prior > 0:
        raise ValueError(f"The prior weight must be positive (0.5 is Jeffreys'), not {prior}.")
    return float(prior)


def rank_probabilities(
    counts: Iterable[int], base: int | None = None, total: str = "closed", prior: float = 0.5
) -> pd.DataFrame:
    r"""
    Give the posterior probability of every rank for every option.

    Parameters
    ----------
    counts : iterable of int
        How many chose each option.
    base : int, optional
        How many could choose; needed for ``total="multiple"``.
    total : {"closed", "multiple"}
        `closed`: one choice each, Dirichlet posterior. `multiple`: choose several, an independent Beta
        posterior per option, because margins do not tell how the choices go together.
    prior : float
        Weight that every option has before anybody answers; 0.5 is Jeffreys'.

    Returns
    -------
    DataFrame
        One row per option in the order given, columns 1, 2, ... for the ranks (1 is the largest share);
        rows and columns each sum to 1.

    Raises
    ------
    ValueError
        If a count is illegal, exceeds the base or the base is missing.
        If an option or the prior does not exist.

    Notes
    -----
    Shares of a Dirichlet order like independent Gamma variables. So, given the value :math:`x` of option
    :math:`i`, the number of larger others is Poisson binomial, and its distribution is averaged over
    :math:`x` by Gauss-Legendre quadrature on the probability scale: deterministic, no simulation.

    Examples
    --------
    >>> rank_probabilities([22, 7, 1]).round(3)
           1      2      3
    0  0.998  0.002  0.000
    1  0.002  0.984  0.013
    2  0.000  0.013  0.987
    """
    laws = _laws(counts, base, total, prior)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    nodes, weights = (nodes + 1) / 2, weights / 2
    table = np.empty((len(laws), len(laws)))
    for place, law in enumerate(laws):
        values = law.ppf(nodes)
        larger = [other.sf(values) for rival, other in enumerate(laws) if rival != place]
        table[place] = _number_of_successes(larger, len(nodes)) @ weights
    return pd.DataFrame(table, columns=range(1, len(laws) + 1))


def _laws(counts: Iterable[int], base: int | None, total: str, prior: float) -> list[Any]:
    """Give independent variables that order like the shares."""
    numbers = check_counts(counts, least_categories=2)
    weight = _check_prior(prior)
    if check_option(total, TOTALS, "total") == "closed":
        return [stats.gamma(count + weight) for count in numbers]
    if base is None:
        raise ValueError("A choose-several question needs its base: how many could choose.")
    return [
        stats.beta(part + weight, base - part + weight)
        for part, _ in (check_share_of(k, base) for k in numbers)
    ]


def _number_of_successes(chances: Sequence[Floats], size: int) -> Floats:
    """Give the Poisson binomial distribution at every node: row r holds the probability of r successes."""
    table = np.zeros((len(chances) + 1, size))
    table[0] = 1.0
    for chance in chances:
        table[1:] = table[1:] * (1 - chance) + table[:-1] * chance
        table[0] *= 1 - chance
    return table


def order_probability(
    counts: Iterable[int], base: int | None = None, total: str = "closed", prior: float = 0.5
) -> float:
    """
    Give the posterior probability that the shares stand in exactly the order given, largest first.

    Parameters
    ----------
    counts : iterable of int
        How many chose each option, in the order to be tested.
    base, total, prior
        As for `rank_probabilities`.

    Returns
    -------
    float
        Probability, 0-1.

    Raises
    ------
    ValueError
        As for `rank_probabilities`.

    Notes
    -----
    The nested integral over the ordered variables is built up from the smallest on one fine grid.

    Examples
    --------
    >>> round(order_probability([22, 7, 1]), 3)
    0.984
    """
    laws = _laws(counts, base, total, prior)
    top = max(float(law.ppf(1 - 1e-12)) for law in laws)
    grid = np.linspace(0.0, top, 20_001)
    below = laws[-1].cdf(grid)
    for law in reversed(laws[:-1]):
        # Stieltjes sums with the distribution function need no density, which may be infinite at 0.
        steps = np.diff(law.cdf(grid)) * (below[1:] + below[:-1]) / 2
        below = np.concatenate([[0.0], np.cumsum(steps)])
    return float(below[-1])
