"""Nestedness of a zero-one table, and random tables with the same totals."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd


def nestedness(matrix: pd.DataFrame | np.ndarray) -> Any:
    """Give the nestedness by overlap and decreasing fill (NODF), 0-100, of a zero-one table or of many."""
    cells = np.asarray(matrix, dtype=int)
    overlaps = np.concatenate([_paired_overlap(cells), _paired_overlap(cells.swapaxes(-1, -2))], axis=-1)
    return 100 * overlaps.mean(axis=-1) if overlaps.size else float("nan")


def _paired_overlap(cells: np.ndarray) -> np.ndarray:
    """Give for each pair of rows with unlike totals what share of the smaller's ones the greater has too."""
    totals = cells.sum(axis=-1)
    one, other = np.triu_indices(cells.shape[-2], 1)
    smaller, shared = np.minimum(totals[..., one], totals[..., other]), (cells @ cells.swapaxes(-1, -2))
    unlike = totals[..., one] != totals[..., other]
    return np.where(unlike, shared[..., one, other] / np.maximum(smaller, 1), 0.0)


def nestedness_null(matrix: pd.DataFrame, *, draws: int = 999, seed: int = 2025) -> "pd.Series[float]":
    """Compare NODF with matrices that keep every row's and every column's number of ones.

    Parameters
    ----------
    matrix : pandas.DataFrame
        Zero-one matrix.
    draws : int
        Number of random matrices.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.Series
        ``observed``, ``expected``, ``low``, ``high`` (middle 95 per cent of the draws) and ``p_at_least``
        (share of draws at least as nested, the observed matrix counted in).

    References
    ----------
    Strona et al. (2014), A fast and unbiased procedure to randomize ecological binary matrices with fixed
    row and column totals, Nature Communications 5, doi:10.1038/ncomms5114.
    """
    observed = nestedness(matrix)
    values = nestedness(np.array(list(_same_margins(matrix.to_numpy(dtype=int), draws, seed))))
    low, high = np.quantile(values, [0.025, 0.975])
    at_least = (1 + np.count_nonzero(values >= observed - 1e-9)) / (1 + draws)
    found = {"observed": observed, "expected": values.mean(), "low": low, "high": high}
    return pd.Series(found | {"p_at_least": at_least})


def _same_margins(cells: np.ndarray, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Trade unshared ones between two rows at a time (the curveball algorithm)."""
    random = np.random.default_rng(seed)
    sets = [set(np.flatnonzero(row).tolist()) for row in cells]
    for _ in range(draws):
        for _ in range(5 * len(sets) if len(sets) > 1 else 0):
            i, j = random.choice(len(sets), size=2, replace=False)
            common, only = sets[i] & sets[j], sorted(sets[i] ^ sets[j])
            random.shuffle(only)
            keep = len(sets[i]) - len(common)
            sets[i], sets[j] = common | set(only[:keep]), common | set(only[keep:])
        drawn = np.zeros_like(cells)
        for i, chosen in enumerate(sets):
            drawn[i, sorted(chosen)] = 1
        yield drawn
