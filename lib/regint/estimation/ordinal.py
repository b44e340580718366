"""Agreement, consensus and dispersion of answers on an ordered scale."""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regint.percentages.checks import check_count, check_counts

Floats = NDArray[np.float64]


def agreement_rows(table: ArrayLike) -> Floats:
    """Compute van der Eijk's agreement for many distributions at once."""
    counts = np.asarray(table, dtype=float)
    categories = counts.shape[1]
    levels = np.sort(counts, axis=1)
    heights = np.diff(levels, axis=1, prepend=0.0)
    total = np.zeros(len(counts))
    for rank in range(categories):
        masks, which = np.unique(
            (counts >= levels[:, [rank]]) @ 2 ** np.arange(categories), return_inverse=True
        )
        scores = np.array([layer_score(int(mask), categories) for mask in masks])
        total += heights[:, rank] * scores[which]
    return np.asarray(total / counts.sum(axis=1))


@cache
def layer_score(mask: int, categories: int) -> float:
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


def consensus_rows(table: ArrayLike) -> Floats:
    """Compute Tastle and Wierman's consensus for many distributions at once."""
    counts = np.asarray(table, dtype=float)
    places = np.arange(counts.shape[1], dtype=float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    nearness = 1 - np.abs(places - (shares @ places)[:, None]) / (counts.shape[1] - 1)
    # An empty category may lie the whole scale away from the mean; it contributes nothing, not 0 * log 0.
    return np.asarray(1 + (shares * np.log2(np.where(shares > 0, nearness, 1.0))).sum(axis=1))


def leik_rows(table: ArrayLike) -> Floats:
    """Compute Leik's dispersion for many distributions at once."""
    counts = np.asarray(table, dtype=float)
    reached = np.cumsum(counts, axis=1)[:, :-1] / counts.sum(axis=1, keepdims=True)
    return np.asarray(2 * np.minimum(reached, 1 - reached).sum(axis=1) / (counts.shape[1] - 1))


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
    return _single(agreement_rows, counts)


def consensus(counts: Iterable[int]) -> float:
    r"""
    Measure consensus on an ordered scale, after Tastle and Wierman.

    Parameters
    ----------
    counts : iterable of int
        Answers per category, low to high; categories count as equally spaced.

    Returns
    -------
    float
        From 0 (two halves at opposite ends) to 1 (all in one category); 0.434 for a uniform five-point
        scale, so it must not be read as a percentage of agreement.

    Raises
    ------
    ValueError
        As for `agreement`.

    Notes
    -----
    :math:`\mathrm{Cns} = 1 + \sum_i p_i \log_2 (1 - |X_i - \mu| / d)`, with the mean :math:`\mu` and the
    width :math:`d = X_{max} - X_{min}` of the scale [1]_.

    References
    ----------
    .. [1] Tastle, W. J. and Wierman, M. J. (2007). Consensus and dissention: a measure of ordinal
       dispersion. International Journal of Approximate Reasoning 45(3), 531-545.
       https://doi.org/10.1016/j.ijar.2006.06.024

    Examples
    --------
    >>> round(consensus([0, 1, 5, 16, 8]), 6)
    0.781134
    """
    return _single(consensus_rows, counts)


def leik_dispersion(counts: Iterable[int]) -> float:
    r"""
    Measure dispersion on an ordered scale, after Leik.

    Parameters
    ----------
    counts : iterable of int
        Answers per category, low to high.

    Returns
    -------
    float
        D from 0 (all in one category) to 1 (two halves at opposite ends).

    Raises
    ------
    ValueError
        As for `agreement`.

    Notes
    -----
    :math:`D = \frac{2}{K-1} \sum_i d_i` with :math:`d_i = \min(F_i, 1 - F_i)` and the cumulative shares
    :math:`F_i` [1]_.

    References
    ----------
    .. [1] Leik, R. K. (1966). A measure of ordinal consensus. Pacific Sociological Review 9(2), 85-90.

    Examples
    --------
    >>> leik_dispersion([0, 1, 5, 16, 8])
    0.25
    """
    return _single(leik_rows, counts)


def median_categories(counts: Iterable[int]) -> tuple[int, int]:
    """Find the category, or the two categories, at which half of the answers are reached."""
    numbers = _answered(counts, least_categories=1)
    reached = np.cumsum(np.array(numbers, dtype=object))
    total = int(reached[-1])
    lower = next(place for place, so_far in enumerate(reached, start=1) if 2 * so_far >= total)
    upper = next(place for place, so_far in enumerate(reached, start=1) if 2 * so_far > total)
    return lower, upper


def top_box(counts: Iterable[int], boxes: int = 2) -> float:
    """Give the share of answers in the highest categories."""
    numbers = _answered(counts, least_categories=1)
    if check_count(boxes, "number of boxes", least=1) > len(numbers):
        raise ValueError(f"{boxes} boxes were asked of a scale with {len(numbers)} categories.")
    return sum(numbers[-boxes:]) / sum(numbers)


def _answered(counts: Iterable[int], least_categories: int) -> tuple[int, ...]:
    """Return checked counts of which at least one is positive."""
    numbers = check_counts(counts, least_categories)
    if not any(numbers):
        raise ValueError("Nobody answered: every count is 0, so the distribution has no summary.")
    return numbers


def _single(rows: Callable[[Floats], Floats], counts: Iterable[int]) -> float:
    """Apply a row-wise measure to one distribution."""
    return float(rows(np.array([_answered(counts, least_categories=2)], dtype=float))[0])
