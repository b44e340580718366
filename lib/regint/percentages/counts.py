"""Which whole counts a printed figure allows, alone and together with the others of its question."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regint.percentages.rounding import ROUNDINGS, Figure, check_count, check_option, half_units, parse_figure

LARGEST_BASE = 1_000_000_000
TOTALS = ("closed", "open", "multiple")
# Ways to share out counts are counted in at most so many steps: some seconds.
_MOST_STEPS = 10_000_000


class Window(NamedTuple):
    """The counts that print as one figure, as integers to be divided by `step` once the base is known."""

    low: int
    low_open: int
    high: int
    high_open: int
    step: int

    def counts(self, base: int) -> tuple[int, int]:
        """Give the least and the greatest count at a base; none exists when the least is greater."""
        least = -((-self.low * base - self.low_open) // self.step)
        most = (self.high * base - self.high_open) // self.step
        return max(least, 0), min(most, base)

    def counts_at(self, bases: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Give the least and the greatest count at each of many bases."""
        # Machine integers while all products fit, Python's own beyond: exact in both.
        fits = max(self.high, self.step) * int(bases.max(initial=1)) < 2**62
        exact = bases if fits else bases.astype(object)
        least = np.maximum(-((-self.low * exact - self.low_open) // self.step), 0)
        most = np.minimum((self.high * exact - self.high_open) // self.step, exact)
        return least.astype(bases.dtype), most.astype(bases.dtype)


def window(figure: Figure, rounding: str) -> Window:
    """Prepare a figure for fast tests against many bases."""
    low, low_inclusive, high, high_inclusive = half_units(figure.units, rounding)
    return Window(low, int(not low_inclusive), high, int(not high_inclusive), 200 * figure.scale)


def windows(figures: Iterable[str], total: str, rounding: str) -> list[Window]:
    """Check the options of a question and prepare its figures."""
    check_option(total, TOTALS, "total")
    check_option(rounding, ROUNDINGS, "rounding")
    if isinstance(figures, str):
        raise ValueError(f"The figures must be a list of texts, not the single text {figures!r}.")
    prepared = [window(parse_figure(figure), rounding) for figure in figures]
    if not prepared:
        raise ValueError("No figure was given; a question needs at least one printed percentage.")
    return prepared


def fitting(prepared: Sequence[Window], bases: Sequence[int], total: str) -> NDArray[np.bool_]:
    """Tell at which bases some counts print as all the figures together.

    Every sum between the sums of the least and of the greatest counts can be reached, because counts vary one
    by one; so two comparisons decide.
    """
    sizes = np.array(bases, dtype=np.int64 if max(bases, default=1) < 2**40 else object)
    least, most = zip(*(one.counts_at(sizes) for one in prepared), strict=True)
    return adding_up(np.array(least), np.array(most), sizes, total)


def adding_up(least: NDArray[Any], most: NDArray[Any], bases: Any, total: str) -> NDArray[np.bool_]:
    """Tell where counts between their ends, one row an option, add up as those of a question do."""
    possible = (least <= most).all(axis=0)
    if total != "multiple":
        possible &= least.sum(axis=0) <= bases
    if total == "closed":
        possible &= most.sum(axis=0) >= bases
    return np.asarray(possible, dtype=bool)


def checked_bases(bases: Iterable[int]) -> Sequence[int]:
    """Return bases as a sequence of positive whole numbers, or refuse them."""
    if isinstance(bases, range):
        for end in (bases[:1], bases[-1:]):
            for base in end:
                check_count(base, "base", least=1)
        return bases
    return [check_count(base, "base", least=1) for base in bases]


def count_ranges(figures: Iterable[str], base: int, total: str, rounding: str) -> list[tuple[int, int]]:
    """Give the least and greatest count of every figure at a base."""
    size = check_count(base, "base", least=1)
    return [figure.counts(size) for figure in windows(figures, total, rounding)]


def bases_of_counts(counts: Sequence[int], figures: Sequence[str], rounding: str = "up_or_down") -> range:
    """Give the bases at which each count prints as the figure beside it: they follow one upon the other.

    Counts of nobody set no upper end, and `LARGEST_BASE` stands there.

    Examples
    --------
    >>> bases_of_counts([40, 37, 2], ["51", "47", "3"])
    range(78, 80)
    """
    least, most = max(1, *counts), LARGEST_BASE
    for count, one in zip(counts, windows(figures, "multiple", rounding), strict=True):
        if one.high > 0:
            least = max(least, -((-count * one.step - one.high_open) // one.high))
        if one.low > 0:
            most = min(most, (count * one.step - one.low_open) // one.low)
        elif (one.high <= 0) if count else (one.low == 0 and one.low_open):
            return range(0)
    return range(least, most + 1)


def _ways(widths: Sequence[int], spare: int) -> list[int]:
    """Count the ways to share out 0, 1, ..., `spare` people among options that take so many each at most."""
    if len(widths) * spare > _MOST_STEPS:
        raise ValueError(
            f"Counting the ways to share out {spare:,} people beyond the least among {len(widths)} options "
            f"would take {len(widths) * spare:.0e} steps; give a smaller base."
        )
    table = [1] + [0] * spare
    for width in widths:
        sums = list(accumulate(table))
        table = sums[: width + 1] + [a - b for a, b in zip(sums[width + 1 :], sums, strict=False)]
    return table


def consistent_counts(figure: str, base: int, rounding: str = "up_or_down") -> list[int]:
    """
    List the counts of a base that print as a figure.

    Parameters
    ----------
    figure : str
        A printed percentage, such as ``"43.5"``.
    base : int
        The denominator, at least 1.
    rounding : {"up_or_down", "up", "down", "even", "floor", "ceiling"}
        The rounding rule; `up_or_down` allows either way at an exact tie.

    Returns
    -------
    list of int
        The counts in ascending order; empty when the figure is impossible at this base, which is a
        finding and no error.

    Raises
    ------
    ValueError
        If `figure` is no printed percentage.
        If `base` is no whole number of at least 1.
        If `rounding` is no rounding rule.

    Notes
    -----
    A list of length 0 is what the GRIM test [1]_ calls an inconsistency; no floating-point number is used.

    References
    ----------
    .. [1] Brown, N. J. L. and Heathers, J. A. J. (2017). The GRIM test. Social Psychological and
       Personality Science 8(4), 363-369. https://doi.org/10.1177/1948550616673876

    Examples
    --------
    >>> consistent_counts("43.5", 30)
    []
    >>> consistent_counts("43.5", 200)
    [87]
    >>> consistent_counts("50", 1000)
    [495, 496, 497, 498, 499, 500, 501, 502, 503, 504, 505]
    """
    least, most = count_ranges([figure], base, "multiple", rounding)[0]
    return list(range(least, most + 1))


def admissible_bases(
    figures: Iterable[str],
    bases: Iterable[int] = range(1, 1001),
    total: str = "closed",
    rounding: str = "up_or_down",
) -> list[int]:
    """
    List the bases at which all figures of a question could have been printed together.

    Parameters
    ----------
    figures : iterable of str
        The printed percentages of one question.
    bases : iterable of int
        The bases to try.
    total : {"closed", "open", "multiple"}
        `closed`: the printed options are all there is, so the counts sum to the base. `open`: options or
        non-response went unprinted, so they sum to the base at most. `multiple`: choose several.
    rounding : str
        The rounding rule, as in `consistent_counts`.

    Returns
    -------
    list of int
        The bases that fit, in the order given.

    Raises
    ------
    ValueError
        If a figure, base or option is illegal.

    Notes
    -----
    Finding the smallest such base is an old puzzle; Cox [1]_ reviews it and gives a Stata command.

    References
    ----------
    .. [1] Cox, N. J. (2023). Speaking Stata: Finding the denominator: minimum sample size from percentages.
       Stata Journal 23(4). https://doi.org/10.1177/1536867X231212453

    Examples
    --------
    >>> admissible_bases(["43.5", "23.5", "23", "10"], range(1, 301))
    [115, 170, 200, 230, 255, 260, 285, 294]
    """
    sizes = checked_bases(bases)
    fits = fitting(windows(figures, total, rounding), sizes, total)
    return [base for base, fit in zip(sizes, fits, strict=True) if fit]


def count_vectors(
    figures: Iterable[str], base: int, total: str = "closed", rounding: str = "up_or_down"
) -> Iterator[tuple[int, ...]]:
    """
    List, one at a time, every vector of counts that prints as the figures of a question.

    Parameters
    ----------
    figures, base, total, rounding
        As for `admissible_bases`, with one base.

    Yields
    ------
    tuple of int
        One count per figure; vectors come in lexicographic order. Nothing comes when none fits.

    Raises
    ------
    ValueError
        If a figure, the base or an option is illegal.

    Examples
    --------
    >>> list(count_vectors(["43.5", "23.5", "23", "10"], 115))
    [(50, 27, 26, 12), (50, 27, 27, 11)]
    """
    return vectors(count_ranges(figures, base, total, rounding), base, total)


def vectors(ranges: Sequence[tuple[int, int]], base: int, total: str) -> Iterator[tuple[int, ...]]:
    """List the vectors of counts within ranges that add up as those of a question do."""
    # What the options after each one need at least, and could take at most.
    least_after = list(accumulate((least for least, _ in reversed(ranges)), initial=0))[::-1][1:]
    most_after = list(accumulate((most for _, most in reversed(ranges)), initial=0))[::-1][1:]

    def choices(place: int, left: int) -> Iterator[int]:
        least, most = ranges[place]
        if total != "multiple":
            most = min(most, left - least_after[place])
        if total == "closed":
            least = max(least, left - most_after[place])
        return iter(range(least, most + 1))

    chosen: list[int] = []
    open_places = [] if any(least > most for least, most in ranges) else [choices(0, base)]
    while open_places:
        count = next(open_places[-1], None)
        if count is None:
            open_places.pop()
            base += chosen.pop() if chosen else 0
        elif len(open_places) == len(ranges):
            yield (*chosen, count)
        else:
            chosen.append(count)
            base -= count
            open_places.append(choices(len(chosen), base))


def number_of_vectors(
    figures: Iterable[str], base: int, total: str = "closed", rounding: str = "up_or_down"
) -> int:
    r"""
    Count the vectors `count_vectors` would list, without listing them.

    Parameters
    ----------
    figures, base, total, rounding
        As for `count_vectors`.

    Returns
    -------
    int
        The exact number, however large.

    Raises
    ------
    ValueError
        If a figure, the base or an option is illegal.

    Notes
    -----
    The number of closed vectors is the coefficient of :math:`z^n` in
    :math:`\prod_i (z^{\ell_i} + \dots + z^{u_i})`, built up by running sums.

    Examples
    --------
    >>> number_of_vectors(["10"] * 10, 10_000)
    470763292219492601
    """
    ranges = count_ranges(figures, base, total, rounding)
    widths = [most - least for least, most in ranges]
    if min(widths) < 0:
        return 0
    if total == "multiple":
        return prod(width + 1 for width in widths)
    spare = base - sum(least for least, _ in ranges)
    if spare < 0 or (total == "closed" and spare > sum(widths)):
        return 0
    if total == "closed":
        # The product of the factors is a palindrome: count from the nearer end.
        return _ways(widths, min(spare, sum(widths) - spare))[-1]
    return sum(_ways(widths, spare))
