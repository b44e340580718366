"""How a printed vector may have been rounded: each figure by itself, or all together to make 100."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations, islice, product
from math import comb, factorial, nan, prod
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regint.percentages.counts import adding_up, checked_bases, vectors, window, windows
from regint.percentages.rounding import ROUNDINGS, Figure, check_option, parse_figure, printed_units

# Steps of a grid, as units per percentage point: whole points, half points, tenths.
GRIDS = {"1": 1, "0.5": 2, "0.1": 10}
FORCED = "largest_remainder"
# Forced sums are looked for among so many sets of counts at most.
_MOST_VECTORS = 2_000_000
# Above so many partitions of a base the coincidence rate is not worked out.
_MOST_PARTITIONS = 20_000


class _Grid(NamedTuple):
    """A printed vector in units of a grid."""

    name: str
    scale: int
    units: tuple[int, ...]


def rounding_mechanisms(
    figures: Iterable[str],
    bases: Iterable[int] = range(1, 121),
    mechanisms: Iterable[str] = (*ROUNDINGS, FORCED),
) -> pd.DataFrame:
    r"""
    List the ways of rounding and the bases that reproduce the printed figures of a closed question.

    Parameters
    ----------
    figures : iterable of str
        All printed percentages of one question. Their number of decimals is not used here: a report that
        prints ``43.5`` beside ``23`` may have dropped a zero, so each grid reads them as numbers.
    bases : iterable of int
        The bases to try.
    mechanisms : iterable of str
        Rounding rules (each figure by itself) and ``"largest_remainder"`` (all cut down to the grid, then
        raised one step each, largest remainder first, until they sum to 100; every order among ties).

    Returns
    -------
    DataFrame
        One row per mechanism, grid and base that reproduces the figures, fewest respondents first:
        ``mechanism``, ``grid`` (step in percentage points: 1, 0.5 or 0.1), ``base``, ``counts`` (the first
        vector of counts), ``unique`` (whether it is the only one) and ``coincidence_rate``: of all vectors
        on the grid with the printed sum, the share that this mechanism can print at this base, missing
        where it would take more than 20,000 partitions. Low means that the fit says something.

    Raises
    ------
    ValueError
        If a figure, base or option is illegal.

    Notes
    -----
    A fit is a candidate, no proof: whoever tries three grids and seven mechanisms looks more than once,
    and the rate of a single row understates the chance of finding some row. Largest remainders are
    Hamilton's method of apportionment [1]_; sums of figures rounded one by one miss 100 often [2]_.

    References
    ----------
    .. [1] Balinski, M. L. and Young, H. P. (1982). Fair Representation: Meeting the Ideal of One Man, One
       Vote. Yale University Press.
    .. [2] Mosteller, F., Youtz, C. and Zahn, D. (1967). The distribution of sums of rounded percentages.
       Demography 4(2), 850-858. https://doi.org/10.2307/2060324

    Examples
    --------
    >>> found = rounding_mechanisms(["43.5", "23.5", "23", "10"], range(1, 60))
    >>> found[["mechanism", "grid", "base", "counts"]].values.tolist()
    [['largest_remainder', '0.5', 30, (13, 7, 7, 3)]]
    >>> round(float(found["coincidence_rate"].iloc[0]), 4)
    0.0062
    """
    windows(texts := list(figures), "closed", "up_or_down")
    wanted = [check_option(name, (*ROUNDINGS, FORCED), "mechanism") for name in mechanisms]
    usable = [grid for name in GRIDS if (grid := on_grid(texts, name)) is not None]
    rows = []
    for base in checked_bases(bases):
        for grid, mechanism in product(usable, wanted):
            found = list(islice(_reproducing(grid, base, mechanism), 2))
            if found:
                rate = _coincidence_rate(grid, base, mechanism)
                rows.append((mechanism, grid.name, base, found[0], len(found) == 1, rate))
    columns = ["mechanism", "grid", "base", "counts", "unique", "coincidence_rate"]
    return pd.DataFrame(rows, columns=columns)


def forced_sum_fits(figures: Sequence[str], base: int, counts: Sequence[int | None] | None = None) -> bool:
    """Tell whether largest remainders can have made a hundred of all figures of a closed question, on a grid.

    With figures of u steps of a hundred in G steps, and a remainder t from which on shares are raised, a
    share is kept for u n <= G k <= u n + t and raised for (u - 1) n + max(t, 1) <= G k < u n. The two ranges
    of counts join, so two sums decide for each of the n possible t.

    Examples
    --------
    >>> [base for base in range(1, 70) if forced_sum_fits(["43.5", "23.5", "23", "10"], base)]
    [30, 60, 69]
    """
    grids = [on_grid(figures, name) for name in GRIDS] if all(figures) else []
    return any(
        grid and forced_sums_fit(np.array([grid.units]), base, grid.scale, counts)[0] for grid in grids
    )


def forced_sums_fit(
    units: NDArray[np.int64], base: int, scale: int, counts: Sequence[int | None] | None = None
) -> NDArray[np.bool_]:
    """Tell of each row of figures, in steps of a grid, whether largest remainders can have made it."""
    whole, rests = 100 * scale, np.arange(base)
    possible = (units.sum(axis=1) == whole) & adding_up(*_near(units.T, base, whole), base, "closed")
    left = np.flatnonzero(possible)
    for some in np.array_split(left, 1 + left.size * base // 100_000):
        figures = units[some].T[:, :, None]  # option, row, and beside them the remainder
        least = np.maximum(-(-((figures - 1) * base + np.maximum(rests, 1)) // whole), 0)
        most = np.minimum((figures * base + rests) // whole, base)
        for place, count in enumerate(counts or ()):
            if count is not None:
                least[place], most[place] = np.maximum(least[place], count), np.minimum(most[place], count)
        possible[some] = adding_up(least, most, base, "closed").any(axis=1)
    return np.asarray(possible, dtype=bool)


def _near(units: NDArray[Any], base: int, whole: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give the counts whose shares lie less than a step below their figure or above it, as forced ones do."""
    least, most = (units - 1) * base // whole + 1, -(-(units + 1) * base // whole) - 1
    return np.maximum(least, 0), np.minimum(most, base)


def on_grid(figures: Sequence[str], name: str) -> _Grid | None:
    """Read figures in units of a grid; None when one of them does not lie on it."""
    scale = GRIDS[name]
    parsed = [parse_figure(figure) for figure in figures]
    if any(figure.units * scale % figure.scale for figure in parsed):
        return None
    return _Grid(name, scale, tuple(figure.units * scale // figure.scale for figure in parsed))


def _reproducing(grid: _Grid, base: int, mechanism: str) -> Iterator[tuple[int, ...]]:
    """List the closed count vectors of a base that a mechanism prints as the figures."""
    if mechanism != FORCED:
        ranges = [window(Figure(units, grid.scale), mechanism).counts(base) for units in grid.units]
        yield from vectors(ranges, base, "closed")
        return
    if sum(grid.units) != 100 * grid.scale:
        return
    whole = 100 * grid.scale
    ranges = np.transpose(_near(np.array(grid.units, dtype=object), base, whole)).tolist()
    if (number := prod(most - least + 1 for least, most in ranges[1:])) > _MOST_VECTORS:
        raise ValueError(
            f"At a base of {base} up to {number:.0e} sets of counts would have to be tried for a forced sum; "
            "leave out the larger bases, at which almost every set of figures fits."
        )
    for counts in vectors(ranges, base, "closed"):
        if _is_apportionment(counts, grid.units, base, whole):
            yield counts


def _is_apportionment(counts: Sequence[int], units: Sequence[int], base: int, whole: int) -> bool:
    """Say whether some order of ties lets largest remainders turn the counts into the printed units."""
    parts = [divmod(whole * count, base) for count in counts]
    steps = [printed - floor for printed, (floor, _) in zip(units, parts, strict=True)]
    if any(step not in (0, 1) for step in steps):
        return False
    raised = [rest for step, (_, rest) in zip(steps, parts, strict=True) if step]
    kept = [rest for step, (_, rest) in zip(steps, parts, strict=True) if not step]
    return not raised or min(raised) > 0 and min(raised) >= max(kept, default=0)


def _coincidence_rate(grid: _Grid, base: int, mechanism: str) -> float:
    """Give the share of grid vectors with the printed sum that a mechanism can print at a base."""
    options, total = len(grid.units), sum(grid.units)
    if _number_of_partitions(base, options) > _MOST_PARTITIONS:
        return nan
    shapes: set[tuple[int, ...]] = set()
    for counts in _partitions(base, options, base):
        shapes.update(tuple(sorted(units)) for units in _prints(counts, base, grid.scale, mechanism))
    orders = (
        factorial(options) // prod(map(factorial, Counter(shape).values()))
        for shape in shapes
        if sum(shape) == total
    )
    return sum(orders) / comb(total + options - 1, options - 1)


def _prints(counts: Sequence[int], base: int, scale: int, mechanism: str) -> Iterator[tuple[int, ...]]:
    """List every vector of units that a mechanism can print for given counts."""
    if mechanism != FORCED:
        yield from product(*(printed_units(count, base, scale, mechanism) for count in counts))
        return
    parts = [divmod(100 * scale * count, base) for count in counts]
    left = 100 * scale - sum(floor for floor, _ in parts)
    cut = sorted((rest for _, rest in parts), reverse=True)[left - 1] if left else base
    certain = [place for place, (_, rest) in enumerate(parts) if rest > cut]
    tied = [place for place, (_, rest) in enumerate(parts) if rest == cut]
    for chosen in combinations(tied, left - len(certain)):
        raised = {*certain, *chosen}
        yield tuple(floor + (place in raised) for place, (floor, _) in enumerate(parts))


def _partitions(total: int, parts: int, largest: int) -> Iterator[tuple[int, ...]]:
    """List descending vectors of non-negative integers with a given sum and length."""
    if parts == 1:
        if total <= largest:
            yield (total,)
        return
    for first in range(min(total, largest), -(-total // parts) - 1, -1):
        yield from ((first, *rest) for rest in _partitions(total - first, parts - 1, first))


@cache
def _number_of_partitions(total: int, parts: int) -> int:
    """Count what `_partitions` lists: partitions of a total into at most so many parts."""
    ways = [1] + [0] * total
    for size in range(1, parts + 1):
        for amount in range(size, total + 1):
            ways[amount] += ways[amount - size]
    return ways[total]
