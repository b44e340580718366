"""What the silent could change: Manski's bounds and sharp bounds of ordinal measures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from regint.estimation.ordinal import Floats, consensus_rows, layer_score, leik_rows, median_categories
from regint.percentages.checks import CountError, check_count, check_counts, check_option
from regint.percentages.counts import count_vectors, number_of_vectors


def linear_bounds(counts: Sequence[int], missing: int, weights: Sequence[float]) -> tuple[float, float]:
    """Bound the mean of a weight: the silent all take the lightest, or all the heaviest category."""
    if len(weights) != len(counts):
        raise CountError(f"{len(counts)} counts need as many scores; {len(weights)} were given.")
    known = sum(count * weight for count, weight in zip(counts, weights, strict=True))
    everyone = sum(counts) + missing
    return (known + missing * min(weights)) / everyone, (known + missing * max(weights)) / everyone


def median_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    """Bound the median category: the silent all join the lowest, or all the highest category."""
    lowest = [counts[0] + missing, *counts[1:]]
    highest = [*counts[:-1], counts[-1] + missing]
    return float(median_categories(lowest)[0]), float(median_categories(highest)[1])


def leik_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
    """Bound Leik's dispersion."""
    known = np.array(counts)
    corners = known + missing * np.eye(len(counts), dtype=int)
    ends = np.tile(known, (missing + 1, 1))
    ends[:, 0] += np.arange(missing + 1)
    ends[:, -1] += missing - np.arange(missing + 1)
    return float(leik_rows(corners).min()), float(leik_rows(ends).max())


def consensus_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
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


def agreement_bounds(counts: Sequence[int], missing: int) -> tuple[float, float]:
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


RowFunctional = Callable[[NDArray[np.int64]], Floats]
FUNCTIONALS = ("mean", "median", "top_box", "agreement", "polarization", "consensus", "leik_dispersion")
LISTING_LIMIT = 5_000_000
_CHUNK = 200_000


def worst_case_share(count: int, answered: int, asked: int) -> tuple[float, float]:
    r"""
    Bound the share among all who were asked, whatever the silent would have said.

    Parameters
    ----------
    count : int
        How many of those who answered chose the option.
    answered, asked : int
        How many answered, and how many were asked.

    Returns
    -------
    tuple of float
        Lower and upper share of all asked, 0-1.

    Raises
    ------
    CountError
        If a number is no whole number, or not ``count <= answered <= asked``.

    Notes
    -----
    Manski's worst-case bounds [1]_: the silent all decline or all choose the option, so the width is the
    share of the silent, :math:`1 - n_{answered} / n_{asked}`, for every option. Nothing is assumed; that is
    the strength and the price.

    References
    ----------
    .. [1] Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer.
       https://doi.org/10.1007/b97478

    Examples
    --------
    >>> worst_case_share(16, answered=30, asked=50)
    (0.32, 0.72)
    """
    whole, part = check_count(asked, "number asked", least=1), check_count(answered, "number who answered")
    chose = check_count(count)
    if not chose <= part <= whole:
        raise CountError(
            f"Chose {chose}, answered {part}, asked {whole} must not fall; check which base is which."
        )
    return chose / whole, (chose + whole - part) / whole


def completions(counts: Iterable[int], missing: int) -> Iterator[NDArray[np.int64]]:
    """
    List every way in which the silent could join the categories, in blocks of rows.

    Parameters
    ----------
    counts : iterable of int
        Known answers per category.
    missing : int
        How many did not answer.

    Yields
    ------
    ndarray, shape (rows, categories)
        Completed counts; there are ``comb(missing + K - 1, K - 1)`` rows in all for K categories.

    Raises
    ------
    CountError
        If a count is illegal.

    Examples
    --------
    >>> sum(len(block) for block in completions([0, 1, 5, 16, 8], 20))
    10626
    """
    known = np.array(check_counts(counts), dtype=np.int64)
    silent = check_count(missing, "number of missing answers")
    bars = combinations(range(silent + len(known) - 1), len(known) - 1)
    while True:
        flat = np.fromiter((bar for chosen in _take(bars, _CHUNK) for bar in chosen), dtype=np.int64)
        if len(known) == 1:
            yield known[None, :] + silent
            return
        if flat.size == 0:
            return
        rows = flat.reshape(-1, len(known) - 1)
        edges = np.pad(rows, ((0, 0), (1, 1)), constant_values=-1)
        edges[:, -1] = silent + len(known) - 1
        yield known + np.diff(edges, axis=1) - 1


def _take(bars: Iterator[tuple[int, ...]], size: int) -> Iterator[tuple[int, ...]]:
    """Hand on at most `size` items without losing the next one."""
    for _, chosen in zip(range(size), bars, strict=False):
        yield chosen


def functional_bounds(
    counts: Iterable[int],
    missing: int,
    functional: str | RowFunctional,
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
    functional : str or callable
        One of ``"mean"``, ``"median"`` (from the least lower to the greatest upper median, as positions
        from 1), ``"top_box"``, ``"agreement"``, ``"polarization"``, ``"consensus"``, ``"leik_dispersion"``;
        or a function from rows of counts to one number per row.
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
    CountError
        If a count is illegal, nobody answered and nobody is missing, or a callable would have to be listed
        over more than five million completions.
    OptionError
        If no functional of that name exists.

    Notes
    -----
    Named functionals use their structure and stay exact for any number of missing answers (see
    `regint.estimation.nonresponse`); a callable is evaluated on every completion.

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
        raise CountError("Nobody answered and nobody is missing, so there is nothing to bound.")
    if callable(functional):
        return _listed_bounds(known, silent, functional)
    name = check_option(functional, FUNCTIONALS, "functional")
    if name in ("agreement", "polarization", "consensus", "leik_dispersion"):
        check_counts(known, least_categories=2)
    if name == "mean":
        return linear_bounds(known, silent, scores if scores is not None else range(1, len(known) + 1))
    if name == "top_box":
        if not 1 <= check_count(boxes, "number of boxes") <= len(known):
            raise CountError(f"{boxes} boxes were asked of a scale with {len(known)} categories.")
        return linear_bounds(known, silent, [0] * (len(known) - boxes) + [1] * boxes)
    if name == "polarization":
        low, high = agreement_bounds(known, silent)
        return (1 - high) / 2, (1 - low) / 2
    structured = {
        "median": median_bounds,
        "agreement": agreement_bounds,
        "consensus": consensus_bounds,
        "leik_dispersion": leik_bounds,
    }
    return structured[name](known, silent)


def _listed_bounds(known: Sequence[int], silent: int, functional: RowFunctional) -> tuple[float, float]:
    """Evaluate a functional on every completion."""
    number = comb(silent + len(known) - 1, len(known) - 1)
    if number > LISTING_LIMIT:
        raise CountError(
            f"{number:,} completions are too many to list; use a named functional or merge categories."
        )
    values = [functional(block) for block in completions(known, silent)]
    return float(min(block.min() for block in values)), float(max(block.max() for block in values))


def printed_functional_bounds(
    figures: Sequence[str],
    bases: Iterable[int],
    functional: str | RowFunctional,
    rounding: str = "up_or_down",
    *,
    boxes: int = 2,
    limit: int = 10_000,
) -> tuple[float, float] | None:
    """
    Bound a summary over all roundings, all completions and all bases that printed figures allow.

    Parameters
    ----------
    figures : sequence of str
        Printed percentages of every category, low to high; a category that nobody chose is ``"0"``.
    bases : iterable of int
        The thinkable bases; those at which the figures are impossible drop out.
    functional, boxes
        As for `functional_bounds`.
    rounding : str
        The rounding rule.
    limit : int
        The most count vectors to go through at one base.

    Returns
    -------
    tuple of float or None
        The least and the greatest value; None when the figures are impossible at every base.

    Raises
    ------
    CountError
        If more than `limit` vectors fit a base, or a number is illegal.
    FigureError, OptionError
        If a figure or an option is illegal.

    Examples
    --------
    >>> printed_functional_bounds(["0", "2", "10", "32", "16"], [50], "mean")
    (2.82, 4.42)
    """
    found: list[tuple[float, float]] = []
    for base in bases:
        if number_of_vectors(figures, base, "open", rounding) > limit:
            raise CountError(
                f"More than {limit:,} count vectors fit the base {base}; raise the limit or narrow it."
            )
        for counts in count_vectors(figures, base, "open", rounding):
            found.append(functional_bounds(counts, base - sum(counts), functional, boxes=boxes))
    if not found:
        return None
    return min(low for low, _ in found), max(high for _, high in found)
