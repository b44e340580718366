"""Agreement of answers on an ordered scale, and what the silent could change about it."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from regint.percentages.rounding import check_count

_Floats = NDArray[np.float64]


def agreement(counts: Iterable[int]) -> float:
    r"""
    Measure agreement on an ordered scale, after van der Eijk.

    Parameters
    ----------
    counts : iterable of int
        Answers per category, low to high; at least two categories and one answer.

    Returns
    -------
    float
        A from -1 (two halves at opposite ends) over 0 (all categories alike) to 1 (all in one category).

    Raises
    ------
    ValueError
        If a count is no whole number, nobody answered, or there are fewer than two categories.

    Notes
    -----
    The distribution is cut into layers in which each category is either empty or equally full. A layer
    with :math:`S` of :math:`K` categories filled has :math:`A = U (1 - (S-1)/(K-1))`, where
    :math:`U = \frac{(K-2) TU - (K-1) TDU}{(K-2)(TU + TDU)}` counts triples of categories that keep (TU: 110,
    011) and break (TDU: 101) a single peak. A is the mean over layers, weighted by their answers [1]_.

    References
    ----------
    .. [1] van der Eijk, C. (2001). Measuring agreement in ordered rating scales. Quality and Quantity 35,
       325-341. https://doi.org/10.1023/A:1010374114305

    Examples
    --------
    >>> round(agreement([30, 40, 210, 130, 530, 50, 10]), 7)
    0.6113333
    >>> agreement([15, 0, 0, 0, 15])
    -1.0
    """
    numbers = _checked(counts)
    if not any(numbers):
        raise ValueError("Nobody answered: every count is 0, so the distribution has no summary.")
    levels = sorted(numbers)
    value = 0.0
    for below, level in zip([0, *levels], levels, strict=False):
        filled = sum(1 << place for place, count in enumerate(numbers) if count >= level)
        value += (level - below) * _layer_score(filled, len(numbers))
    return value / sum(numbers)


def agreement_bounds(counts: Iterable[int], missing: int) -> tuple[float, float]:
    """
    Bound van der Eijk's agreement over every way in which the silent could have answered.

    Parameters
    ----------
    counts : iterable of int
        Known answers per category, low to high; at least two categories.
    missing : int
        How many did not answer.

    Returns
    -------
    tuple of float
        The least and the greatest value; both are attained, so the bounds are sharp.

    Raises
    ------
    ValueError
        If a count is illegal, or nobody answered and nobody is missing.

    Notes
    -----
    The completions are not listed: agreement is a sum over layers, so the bounds are found layer by layer and
    are exact for any number of missing answers.

    References
    ----------
    .. [1] Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer.
       https://doi.org/10.1007/b97478

    Examples
    --------
    >>> low, high = agreement_bounds([0, 1, 5, 16, 8], 20)
    >>> round(low, 2), round(high, 2)
    (-0.23, 0.79)
    """
    known, silent = _checked(counts), check_count(missing, "number of missing answers")
    if not any(known) and not silent:
        raise ValueError("Nobody answered and nobody is missing, so there is nothing to bound.")
    everyone = sum(known) + silent
    gains = np.array([_layer_score(mask, len(known)) if mask else 0.0 for mask in range(2 ** len(known))])
    greatest = _dearest_chain(known, silent, gains) / everyone
    least = -_dearest_chain(known, silent, -gains) / everyone
    return float(least), float(greatest)


def _checked(counts: Iterable[int]) -> tuple[int, ...]:
    """Return the counts of two categories or more as whole numbers, or refuse them."""
    numbers = tuple(check_count(value) for value in counts)
    if len(numbers) < 2:
        raise ValueError(f"At least 2 categories are needed; {len(numbers)} were given.")
    return numbers


@cache
def _layer_score(mask: int, categories: int) -> float:
    """Give van der Eijk's agreement of one layer, times the number of its filled categories."""
    filled = [bool(mask >> place & 1) for place in range(categories)]
    used = sum(filled)
    if used in (1, categories):
        return float(used == 1)
    triples = list(combinations(filled, 3))
    broken = triples.count((True, False, True))
    kept = triples.count((True, True, False)) + triples.count((False, True, True))
    unimodality = ((categories - 2) * kept - (categories - 1) * broken) / ((categories - 2) * (kept + broken))
    return used * unimodality * (1 - (used - 1) / (categories - 1))


def _dearest_chain(counts: Sequence[int], missing: int, gains: _Floats) -> float:
    """Maximise the sum of gains over chains of shrinking patterns, layer by layer."""
    categories = len(counts)
    # Row: the pattern of the last layer; column: how many of the silent the layers so far have used up.
    best = np.full((2**categories, missing + 1), -np.inf)
    best[-1, 0] = 0.0
    answer = -np.inf
    for height in range(1, max(counts) + missing + 1):
        # A layer lies upon any pattern that contains its own, so each row takes the greatest of those.
        for place in range(categories):
            halves = best.reshape(-1, 2, 1 << place, missing + 1)
            np.maximum(halves[:, 0], halves[:, 1], out=halves[:, 0])
        # It contains those who are known to be this high, and is paid for with the silent beside them.
        known = sum(1 << place for place, count in enumerate(counts) if count >= height)
        below, best = best, np.full_like(best, -np.inf)
        for mask in range(len(gains)):
            price = mask.bit_count() - known.bit_count()
            if mask & known == known and price <= missing:
                best[mask, price:] = below[mask, : missing + 1 - price] + gains[mask]
        if height >= max(counts):
            answer = max(answer, float(best[:, missing].max()))
    return answer if missing or max(counts) else -np.inf
