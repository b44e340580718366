"""What the silent could change: Manski's bounds and sharp bounds of ordinal measures."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from regint.estimation.ordinal import Floats, consensus_rows, layer_score, leik_rows, median_categories
from regint.percentages.checks import check_count, check_counts, check_option

FUNCTIONALS = ("mean", "median", "top_box", "agreement", "polarization", "consensus", "leik_dispersion")


def functional_bounds(
    counts: Iterable[int],
    missing: int,
    functional: str,
    *,
    boxes: int = 2,
    scores: Sequence[float] | None = None,
) -> tuple[float, float]:
    """
    Bound a summary of ordered answers over every way in which the silent could have answered.

    Parameters
    ----------
    counts : iterable of int
        Known answers per category, low to high.
    missing : int
        How many did not answer.
    functional : str
        One of ``"mean"``, ``"median"`` (from the least lower to the greatest upper median, as positions
        from 1), ``"top_box"``, ``"agreement"``, ``"polarization"`` (the complement of agreement, halved),
        ``"consensus"``, ``"leik_dispersion"``.
    boxes : int
        For ``"top_box"``: how many categories from the top.
    scores : sequence of float, optional
        For ``"mean"``: the number for each category, 1, 2, ... by default.

    Returns
    -------
    tuple of float
        The least and the greatest value; both are attained, so the bounds are sharp.

    Raises
    ------
    ValueError
        If a count is illegal, or nobody answered and nobody is missing.
        If no functional of that name exists.

    Notes
    -----
    The completions are not listed: each functional is extreme at few of them, known from its form, so
    the bounds are exact for any number of missing answers.

    References
    ----------
    .. [1] Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer.
       https://doi.org/10.1007/b97478

    Examples
    --------
    >>> low, high = functional_bounds([0, 1, 5, 16, 8], 20, "agreement")
    >>> round(low, 2), round(high, 2)
    (-0.23, 0.79)
    """
    known, silent = check_counts(counts), check_count(missing, "number of missing answers")
    if not any(known) and not silent:
        raise ValueError("Nobody answered and nobody is missing, so there is nothing to bound.")
    name = check_option(functional, FUNCTIONALS, "functional")
    if name in ("agreement", "polarization", "consensus", "leik_dispersion"):
        check_counts(known, least_categories=2)
    if name == "mean":
        return _linear_bounds(known, silent, scores if scores is not None else range(1, len(known) + 1))
    if name == "top_box":
        if not 1 <= check_count(boxes, "number of boxes") <= len(known):
            raise ValueError(f"{boxes} boxes were asked of a scale with {len(known)} categories.")
        return _linear_bounds(known, silent, [0] * (len(known) - boxes) + [1] * boxes)
    if name == "polarization":
        low, high = _agreement_bounds(known, silent)
        return (1 - high) / 2, (1 - low) / 2
    others = {
        "median": _median_bounds,
        "agreement": _agreement_bounds,
        "consensus": _consensus_bounds,
        "leik_dispersion": _leik_bounds,
    }
    return others[name](known, silent)


def _linear_bounds(counts: Sequence[int], missing: int, weights: Sequence[float]) -> tuple[float, float]:
    """Bound the mean of a weight: the silent all take the lightest, or all the heaviest category."""
    if len(weights) != len(counts):
        raise ValueError(f"{len(counts)} counts need as many scores; {len(weights)} were given.")
    known = sum(count * weight for count, weight in zip(counts, weights, strict=True))
    everyone = sum(counts) + missing
    return (known + missing * min(weights)) / everyone, (known + missing * max(weights)) / everyone


def _median_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    """Bound the median category: the silent all join the lowest, or all the highest category."""
    lowest = [counts[0] + missing, *counts[1:]]
    highest = [*counts[:-1], counts[-1] + missing]
    return float(median_categories(lowest)[0]), float(median_categories(highest)[1])


def _leik_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    """Bound Leik's dispersion."""
    known = np.array(counts)
    corners = known + missing * np.eye(len(counts), dtype=int)
    ends = np.tile(known, (missing + 1, 1))
    ends[:, 0] += np.arange(missing + 1)
    ends[:, -1] += missing - np.arange(missing + 1)
    return float(leik_rows(corners).min()), float(leik_rows(ends).max())


def _consensus_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    """Bound Tastle and Wierman's consensus."""
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


def _agreement_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    """Bound van der Eijk's agreement."""
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
