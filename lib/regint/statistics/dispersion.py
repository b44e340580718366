"""Measures of agreement and dispersion for many distributions at once, one row each."""

from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def agreement_rows(table: ArrayLike) -> Floats:
    """
    Compute van der Eijk's agreement for many distributions at once.

    Parameters
    ----------
    table : array_like, shape (distributions, categories)
        Counts; each row with at least one answer.

    Returns
    -------
    ndarray, shape (distributions,)
        A per row.

    Examples
    --------
    >>> agreement_rows([[0, 30, 0], [15, 0, 15], [10, 10, 10]]).tolist()
    [1.0, -1.0, 0.0]
    """
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
    """
    Give van der Eijk's agreement of one layer, times the number of its filled categories.

    Parameters
    ----------
    mask : int
        The filled categories as a bit mask, lowest category first; at least one.
    categories : int
        How many categories the scale has.

    Returns
    -------
    float
        The layer's part in the weighted mean that `regint.statistics.ordinal.agreement` defines.

    Examples
    --------
    >>> layer_score(0b10001, 5)
    -2.0
    """
    filled = [bool(mask >> place & 1) for place in range(categories)]
    used = sum(filled)
    if used in (1, categories):
        return float(used == 1)
    triples = list(combinations(filled, 3))
    broken = triples.count((True, False, True))
    kept = triples.count((True, True, False)) + triples.count((False, True, True))
    unimodality = ((categories - 2) * kept - (categories - 1) * broken) / ((categories - 2) * (kept + broken))
    return used * unimodality * (1 - (used - 1) / (categories - 1))


def polarization_rows(table: ArrayLike) -> Floats:
    """
    Compute polarization for many distributions at once.

    Parameters
    ----------
    table : array_like, shape (distributions, categories)
        Counts; each row with at least one answer.

    Returns
    -------
    ndarray, shape (distributions,)
        Polarization per row.

    Examples
    --------
    >>> polarization_rows([[0, 30, 0], [15, 0, 15]]).tolist()
    [0.0, 1.0]
    """
    return np.asarray((1 - agreement_rows(table)) / 2)


def consensus_rows(table: ArrayLike) -> Floats:
    """
    Compute Tastle and Wierman's consensus for many distributions at once.

    Parameters
    ----------
    table : array_like, shape (distributions, categories)
        Counts; each row with at least one answer.

    Returns
    -------
    ndarray, shape (distributions,)
        Consensus per row.

    Examples
    --------
    >>> consensus_rows([[0, 30, 0], [15, 0, 15]]).tolist()
    [1.0, 0.0]
    """
    counts = np.asarray(table, dtype=float)
    places = np.arange(counts.shape[1], dtype=float)
    shares = counts / counts.sum(axis=1, keepdims=True)
    nearness = 1 - np.abs(places - (shares @ places)[:, None]) / (counts.shape[1] - 1)
    # An empty category may lie the whole scale away from the mean; it contributes nothing, not 0 * log 0.
    return np.asarray(1 + (shares * np.log2(np.where(shares > 0, nearness, 1.0))).sum(axis=1))


def leik_rows(table: ArrayLike) -> Floats:
    """
    Compute Leik's dispersion for many distributions at once.

    Parameters
    ----------
    table : array_like, shape (distributions, categories)
        Counts; each row with at least one answer.

    Returns
    -------
    ndarray, shape (distributions,)
        D per row.

    Examples
    --------
    >>> leik_rows([[0, 30, 0], [15, 0, 15]]).tolist()
    [0.0, 1.0]
    """
    counts = np.asarray(table, dtype=float)
    reached = np.cumsum(counts, axis=1)[:, :-1] / counts.sum(axis=1, keepdims=True)
    return np.asarray(2 * np.minimum(reached, 1 - reached).sum(axis=1) / (counts.shape[1] - 1))
