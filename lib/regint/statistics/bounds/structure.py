"""Sharp bounds of ordinal summaries from their structure: exact for any number of missing answers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regint.statistics.checks import CountError
from regint.statistics.dispersion import Floats, consensus_rows, layer_score, leik_rows
from regint.statistics.ordinal import median_categories


def linear_bounds(counts: Sequence[int], missing: int, weights: Sequence[float]) -> tuple[float, float]:
    """
    Bound the mean of a weight: the silent all take the lightest, or all the heaviest category.

    Parameters
    ----------
    counts : sequence of int
        Known answers per category.
    missing : int
        How many did not answer.
    weights : sequence of float
        One number per category.

    Returns
    -------
    tuple of float
        Least and greatest mean.

    Raises
    ------
    CountError
        If there are not as many weights as categories.

    Examples
    --------
    >>> linear_bounds([0, 1, 5, 16, 8], 20, [1, 2, 3, 4, 5])
    (2.82, 4.42)
    """
    if len(weights) != len(counts):
        raise CountError(f"{len(counts)} counts need as many scores; {len(weights)} were given.")
    known = sum(count * weight for count, weight in zip(counts, weights, strict=True))
    everyone = sum(counts) + missing
    return (known + missing * min(weights)) / everyone, (known + missing * max(weights)) / everyone


def median_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    """
    Bound the median category: the silent all join the lowest, or all the highest category.

    Parameters
    ----------
    counts : sequence of int
        Known answers per category, low to high.
    missing : int
        How many did not answer.

    Returns
    -------
    tuple of float
        The least lower median and the greatest upper median, as positions from 1.

    Examples
    --------
    >>> median_bounds([0, 1, 5, 16, 8], 20)
    (3.0, 5.0)
    """
    lowest = [counts[0] + missing, *counts[1:]]
    highest = [*counts[:-1], counts[-1] + missing]
    return float(median_categories(lowest)[0]), float(median_categories(highest)[1])


def leik_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    r"""
    Bound Leik's dispersion.

    Parameters
    ----------
    counts : sequence of int
        Known answers per category, low to high.
    missing : int
        How many did not answer.

    Returns
    -------
    tuple of float
        Least and greatest D.

    Notes
    -----
    D is a concave function of the counts, so it is least where all the silent join one category. It is
    greatest where they split between the two ends: each :math:`\min(F_i, 1 - F_i)` peaks when enough of the
    silent lie at or below category :math:`i` to bring :math:`F_i` to one half, a number that falls with
    :math:`i` while the silent at or below :math:`i` can only grow, so the best such numbers are all equal.

    Examples
    --------
    >>> low, high = leik_bounds([0, 1, 5, 16, 8], 20)
    >>> round(low, 2), round(high, 2)
    (0.15, 0.73)
    """
    known = np.array(counts)
    corners = known + missing * np.eye(len(counts), dtype=int)
    ends = np.tile(known, (missing + 1, 1))
    ends[:, 0] += np.arange(missing + 1)
    ends[:, -1] += missing - np.arange(missing + 1)
    return float(leik_rows(corners).min()), float(leik_rows(ends).max())


def consensus_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    r"""
    Bound Tastle and Wierman's consensus.

    Parameters
    ----------
    counts : sequence of int
        Known answers per category, low to high.
    missing : int
        How many did not answer.

    Returns
    -------
    tuple of float
        Least and greatest consensus.

    Notes
    -----
    Once the silent's sum of scores is fixed, so is the mean :math:`\mu`, and consensus adds
    :math:`\log_2(1 - |X - \mu|/d)` per answer, a concave function of the score. Among integers with a given
    sum, a concave sum is greatest when they differ by at most one and least when all but one lie at the
    ends (majorization [1]_). So two candidates for each possible sum are enough.

    References
    ----------
    .. [1] Marshall, A. W., Olkin, I. and Arnold, B. C. (2011). Inequalities: Theory of Majorization and
       Its Applications. 2nd edition. Springer. https://doi.org/10.1007/978-0-387-68276-1

    Examples
    --------
    >>> low, high = consensus_bounds([0, 1, 5, 16, 8], 20)
    >>> round(low, 4), round(high, 4)
    (0.2933, 0.8672)
    """
    width = len(counts) - 1
    sums = np.arange(missing * width + 1)
    apart = np.tile(np.array(counts), (len(sums), 1))
    close = apart.copy()
    rows = np.arange(len(sums))
    at_top, rest = np.divmod(sums, width)
    apart[rows, width] += at_top
    apart[rows, rest] += at_top < missing
    apart[rows, 0] += missing - at_top - (at_top < missing)
    below, above = np.divmod(sums, max(missing, 1))
    close[rows, below] += missing - above
    close[rows, np.minimum(below + 1, width)] += above
    return float(consensus_rows(apart).min()), float(consensus_rows(close).max())


def agreement_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    r"""
    Bound van der Eijk's agreement.

    Parameters
    ----------
    counts : sequence of int
        Known answers per category, low to high.
    missing : int
        How many did not answer.

    Returns
    -------
    tuple of float
        Least and greatest A.

    Notes
    -----
    Cut a distribution of :math:`N` answers at every height :math:`t = 1, 2, \dots`: the categories that
    reach :math:`t` form a pattern :math:`P_t`, each pattern lies inside the one below, and
    :math:`N A = \sum_t g(P_t)` with :math:`g` the agreement of a pattern times its size. The bounds are the
    cheapest and dearest chain of shrinking patterns that holds :math:`N` answers and contains the known
    ones: a dynamic programme over patterns and answers used, exact in integers.

    Examples
    --------
    >>> low, high = agreement_bounds([0, 1, 5, 16, 8], 20)
    >>> round(low, 2), round(high, 2)
    (-0.23, 0.79)
    """
    everyone = sum(counts) + missing
    gains = np.array([layer_score(mask, len(counts)) if mask else 0.0 for mask in range(2 ** len(counts))])
    greatest = _dearest_chain(counts, missing, gains) / everyone
    least = -_dearest_chain(counts, missing, -gains) / everyone
    return float(least), float(greatest)


def _dearest_chain(counts: Sequence[int], missing: int, gains: Floats) -> float:
    """Maximise the sum of gains over chains of shrinking patterns, layer by layer."""
    categories = len(counts)
    sizes = np.array([mask.bit_count() for mask in range(2**categories)])
    # Row: the pattern of the last layer; column: how many of the silent the layers so far have used up.
    best = np.full((2**categories, missing + 1), -np.inf)
    best[-1, 0] = 0.0
    answer = -np.inf
    for height in range(1, max(counts) + missing + 1):
        best = _largest_over_supersets(best, categories)
        known = sum(1 << place for place, count in enumerate(counts) if count >= height)
        best = _lay(best, known, sizes, gains, missing)
        if height >= max(counts):
            answer = max(answer, float(best[:, missing].max()))
    return answer if missing or max(counts) else -np.inf


def _largest_over_supersets(best: Floats, categories: int) -> Floats:
    """Replace each row by the greatest over all patterns that contain its own."""
    cube = best.copy()
    for place in range(categories):
        halves = cube.reshape(-1, 2, 1 << place, best.shape[1])
        np.maximum(halves[:, 0], halves[:, 1], out=halves[:, 0])
    return cube


def _lay(best: Floats, known: int, sizes: NDArray[np.int64], gains: Floats, missing: int) -> Floats:
    """Add one layer: every pattern that contains the known answers at this height, paying for the rest."""
    laid = np.full_like(best, -np.inf)
    for mask in range(len(gains)):
        price = int(sizes[mask]) - known.bit_count()
        if mask & known == known and price <= missing:
            laid[mask, price:] = best[mask, : missing + 1 - price] + gains[mask]
    return laid
