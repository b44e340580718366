"""Uniform draws from the counts that print as given figures."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random

from regint.statistics.checks import CountError, check_count
from regint.statistics.consistency.windows import count_ranges, ways


def sample_count_vectors(
    figures: Iterable[str],
    base: int,
    size: int,
    seed: int,
    total: str = "closed",
    rounding: str = "up_or_down",
) -> list[tuple[int, ...]]:
    """
    Draw vectors of counts uniformly from those that print as the figures.

    Parameters
    ----------
    figures, base, total, rounding
        As for `count_vectors`.
    size : int
        How many to draw, with replacement.
    seed : int
        Seed of the generator; the same seed gives the same draws.

    Returns
    -------
    list of tuple of int
        The draws.

    Raises
    ------
    CountError
        If no vector fits, or a number is illegal.
    FigureError, OptionError
        If a figure or an option is illegal.

    Examples
    --------
    >>> sample_count_vectors(["46", "42", "12"], 1013, size=2, seed=1)
    [(470, 424, 119), (464, 430, 119)]
    """
    ranges = count_ranges(figures, base, total, rounding)
    widths = [most - least for least, most in ranges]
    spare = base - sum(least for least, _ in ranges)
    if min(widths) < 0 or (total != "multiple" and spare < 0) or (total == "closed" and spare > sum(widths)):
        raise CountError(f"No counts of {base} print as these figures, so there is nothing to draw from.")
    generator = Random(seed)
    if total == "multiple":
        return [
            tuple(generator.randint(*limits) for limits in ranges)
            for _ in range(check_count(size, "number of draws"))
        ]
    tables = ways(widths, spare)
    return [
        _draw(generator, tables, ranges, spare if total == "closed" else None)
        for _ in range(check_count(size, "number of draws"))
    ]


def _draw(
    generator: Random, tables: list[list[int]], ranges: list[tuple[int, int]], spare: int | None
) -> tuple[int, ...]:
    """Walk the tables backwards, choosing each count in proportion to the ways that remain."""
    left = _pick(generator, tables[-1]) if spare is None else spare
    counts: list[int] = []
    for place in range(len(ranges) - 1, -1, -1):
        least, most = ranges[place]
        before = tables[place]
        extra = _pick(generator, [before[left - more] for more in range(min(most - least, left) + 1)])
        counts.append(least + extra)
        left -= extra
    return tuple(reversed(counts))


def _pick(generator: Random, weights: Sequence[int]) -> int:
    """Choose a position with probability proportional to an exact integer weight."""
    return bisect_right(list(accumulate(weights)), generator.randrange(sum(weights)))
