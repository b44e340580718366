"""What a printed mean and standard deviation say about the whole-number answers behind them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil, floor, isqrt
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from regint.percentages.counts import count_ranges
from regint.percentages.rounding import (
    ROUNDINGS,
    check_count,
    check_option,
    half_units,
    printed_units,
    written,
)

_DENOMINATORS = ("n-1", "n")
_PRINTED = re.compile(r"([-\u2212]?)([0-9]+)(?:\.([0-9]+))?")
_STEPS = 100_000
_WIDEST = 10_000_000  # counts of one point, held at once
_MOST_POINTS = 400  # of a person's sum of answers: they are taken one inside the other

_Left = tuple[int, int, int | None]


@dataclass(frozen=True)
class Distributions:
    """
    The answer distributions that print as the given figures.

    Attributes
    ----------
    counts : numpy.ndarray
        One row per distribution, one column per point, the lowest first: how many chose it. No row where
        there are too many.
    number : int
        How many distributions there are.
    """

    counts: npt.NDArray[np.int64]
    number: int


class _Interval(NamedTuple):
    lower: Fraction
    lower_inclusive: bool
    upper: Fraction
    upper_inclusive: bool

    def whole_numbers(self, factor: Fraction | int = 1, shift: Fraction | int = 0) -> range:
        """Whole numbers among `factor` (above 0) times the interval, moved by `shift`."""
        low, high = self.lower * factor + shift, self.upper * factor + shift
        first = ceil(low) + (not self.lower_inclusive and low == ceil(low))
        last = floor(high) - (not self.upper_inclusive and high == floor(high))
        return range(first, last + 1)

    def squared(self) -> "_Interval":
        return self._replace(lower=self.lower**2, upper=self.upper**2)


def _unrounded(printed: str, rounding: str, what: str) -> _Interval:
    """Every number that prints as a mean or a standard deviation."""
    check_option(rounding, ROUNDINGS, "rounding")
    if not isinstance(printed, str):
        raise ValueError(
            f"The {what} {printed!r} is not text; write it in quotes as printed: '3.5' is not '3.50'."
        )
    match = _PRINTED.fullmatch(printed)
    if match is None:
        raise ValueError(f"The {what} {printed!r} is no printed number; write digits such as '3.57'.")
    scale = 10 ** len(match[3] or "")
    units = int(match[2] + (match[3] or "")) * (-1 if match[1] else 1)
    low, low_inclusive, high, high_inclusive = half_units(units, rounding)
    return _Interval(Fraction(low, 2 * scale), low_inclusive, Fraction(high, 2 * scale), high_inclusive)


def _checked_scale(scale: tuple[int, int] | None, items: int) -> tuple[int, int] | None:
    """Give the ends of the sum of a person's answers."""
    if scale is None:
        return None
    low, high = scale
    if low >= high:
        raise ValueError(
            f"The scale {scale!r} must run from a smaller to a larger whole number, such as (1, 5)."
        )
    return low * items, high * items


def _few_points(scale: tuple[int, int] | None, items: int) -> tuple[int, int] | None:
    """Give the ends of the sum of a person's answers, of a scale with few enough points to try each."""
    ends = _checked_scale(scale, items)
    if ends and ends[1] - ends[0] > _MOST_POINTS:
        raise ValueError(
            f"A scale with {ends[1] - ends[0] + 1:,} points is too long to try; answers are shared out on at "
            f"most {_MOST_POINTS + 1}."
        )
    return ends


def mean_totals(
    mean: str, n: int, *, items: int = 1, scale: tuple[int, int] | None = None, rounding: str = "up_or_down"
) -> range:
    """
    Give every sum of answers that prints as a mean: the GRIM test, and what it leaves.

    Parameters
    ----------
    mean : str
        As printed, such as ``"3.50"``; its decimals are data.
    n : int
        How many people answered.
    items : int
        How many whole-number answers each person's score averages.
    scale : (int, int), optional
        Lowest and highest answer to one item; without it any whole numbers are allowed.
    rounding : str
        One of `regint.percentages.rounding.ROUNDINGS`.

    Returns
    -------
    range
        Sums of all ``n * items`` answers. Empty when no whole-number answers give the mean: it is then called
        GRIM-inconsistent.

    Raises
    ------
    ValueError
        If an argument is not what it should be.

    Notes
    -----
    The mean of whole numbers is a whole number divided by ``n * items``.

    References
    ----------
    Brown and Heathers 2017, https://doi.org/10.1177/1948550616673876

    Examples
    --------
    >>> mean_totals("3.57", 28), mean_totals("5.19", 28)
    (range(100, 101), range(146, 146))
    """
    answers = check_count(n, "number of people", least=1) * check_count(items, "number of items", least=1)
    found = _unrounded(mean, rounding, "mean").whole_numbers(answers)
    ends = _checked_scale(scale, items)
    if ends is None:
        return found
    return range(max(found.start, ends[0] * n), max(found.start, min(found.stop, ends[1] * n + 1)))


def mean_bases(
    mean: str, bases: Sequence[int], *, items: int = 1, scale: tuple[int, int] | None = None,
    rounding: str = "up_or_down",
) -> list[int]:  # fmt: skip
    """
    Select the numbers of people whose whole-number answers could print as a mean.

    Parameters
    ----------
    mean, items, scale, rounding
        As for `mean_totals`.
    bases : sequence of int
        Numbers of people to try.

    Returns
    -------
    list of int
        Those that fit.

    Examples
    --------
    >>> mean_bases("5.19", range(20, 33))
    [21, 26, 27, 31, 32]
    """
    return [n for n in bases if mean_totals(mean, n, items=items, scale=scale, rounding=rounding)]


def neighbouring_means(
    mean: str, n: int, *, items: int = 1, scale: tuple[int, int] | None = None, rounding: str = "up_or_down"
) -> tuple[str, ...]:
    """
    Give the nearest means, below and above a printed one, that whole-number answers of so many people print.

    Parameters
    ----------
    mean, n, items, scale, rounding
        As for `mean_totals`.

    Returns
    -------
    tuple of str
        With as many decimals as the mean; one or none where the scale ends.

    Examples
    --------
    >>> neighbouring_means("5.19", 28), neighbouring_means("5.00", 10, scale=(1, 5))
    (('5.18', '5.21'), ('4.90',))
    """
    found = mean_totals(mean, n, items=items, rounding=rounding)
    ends = _checked_scale(scale, items)
    decimals = len(mean.partition(".")[2])
    own = round(Fraction(mean.replace("\u2212", "-")) * 10**decimals)
    # A sum at a tie may print the mean and its neighbour too.
    totals = {found.start - 1, found.start, found.stop - 1, found.stop}
    possible = [total for total in totals if ends is None or ends[0] * n <= total <= ends[1] * n]
    printed = {u for total in possible for u in printed_units(total, 100 * n * items, 10**decimals, rounding)}
    near = sorted(units for units in printed if units < own)[-1:]
    near += sorted(units for units in printed if units > own)[:1]
    return tuple(f"{'-' if units < 0 else ''}{written(abs(units), 10**decimals)}" for units in near)


def _possible_moments(
    mean: str, sd: str, n: int, *, items: int = 1, scale: tuple[int, int] | None = None,
    denominator: str = "n-1", rounding: str = "up_or_down",
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """List the sums of answers (score times items) and of their squares that print as mean and deviation.

    None is what the tests GRIMMER (any scale) and DEBIT (``scale=(0, 1)``) call inconsistent: Anaya 2016,
    PeerJ Preprints; Heathers and Brown 2019, https://osf.io/5vb3u. Each pair belongs to some answers,
    which are searched for and not only not excluded: with the sums T of x and Q of x squared, (n - 1) s
    squared is Q - T squared / n.
    """
    check_option(denominator, _DENOMINATORS, "denominator")
    spread = _unrounded(sd, rounding, "standard deviation")
    if spread.upper < 0 or sd.startswith(("-", "\u2212")):
        raise ValueError(f"The standard deviation {sd!r} is below zero; check the source.")
    spread = spread._replace(lower=max(spread.lower, Fraction(0))) if spread.lower < 0 else spread
    spread = spread if spread.lower else spread._replace(lower_inclusive=True)
    if n == 1 and denominator == "n-1":
        raise ValueError("One answer has no standard deviation with the denominator n-1.")
    variance = spread.squared()
    factor = (n - 1 if denominator == "n-1" else n) * items**2
    ends = _few_points(scale, items)
    for total in mean_totals(mean, n, items=items, scale=scale, rounding=rounding):
        among = variance.whole_numbers(factor, Fraction(total**2, n))
        most = _most_squares(n, total, *ends) if ends else among.stop
        for squares in range(max(among.start, _least_squares(n, total)), min(among.stop, most + 1)):
            if _exists(n, total, squares, *(ends or (-squares, squares))):
                yield total, squares


def fitting_denominators(mean: str, sd: str, n: int, **about: Any) -> list[str]:
    """Select the denominators, ``"n-1"`` and ``"n"``, with which some answers print as mean and deviation."""
    tried = _DENOMINATORS if n > 1 else ("n",)
    return [name for name in tried if any(_possible_moments(mean, sd, n, denominator=name, **about))]


def greatest_deviation(
    mean: str, sd: str, scale: tuple[int, int], *, n: int | None = None, items: int = 1,
    rounding: str = "up_or_down",
) -> str:  # fmt: skip
    r"""
    Give a bound that a standard deviation exceeds which no answers on a scale can have, whatever the divisor.

    Parameters
    ----------
    mean, items, scale, rounding
        As for `mean_totals`.
    sd : str
        As printed.
    n : int, optional
        How many people answered; without it, the fewest that can have the mean.

    Returns
    -------
    str
        The bound, with two decimals or more; empty where it is not exceeded.

    Notes
    -----
    On a scale from :math:`a` to :math:`b`, :math:`s^2 \le (b - m) (m - a) n / (n - 1)`.

    References
    ----------
    Bhatia and Davis 2000, https://doi.org/10.1080/00029890.2000.12005203

    Examples
    --------
    >>> greatest_deviation("2.31", "4.9", (1, 5)), greatest_deviation("2.31", "1.2", (1, 5))
    ('1.96', '')
    """
    low, high = scale
    _checked_scale(scale, items)
    near = _unrounded(mean, rounding, "mean")
    within = min(max(Fraction(low + high, 2), near.lower, Fraction(low)), near.upper, Fraction(high))
    about: dict[str, Any] = {"items": items, "scale": scale, "rounding": rounding}
    least = n or next((k for k in range(2, 1001) if mean_totals(mean, k, **about)), 1001)
    bound = (high - within) * (within - low) * Fraction(least, max(least - 1, 1))
    if _unrounded(sd, rounding, "standard deviation").lower ** 2 <= bound:
        return ""
    places = max(2, len(sd.partition(".")[2]))
    squared = bound * 10 ** (2 * places)
    return written(isqrt(ceil(squared) - 1) + 1 if squared else 0, 10**places)


def _least_squares(n: int, total: int) -> int:
    """Least sum of squares of whole numbers with a sum: all as equal as can be."""
    low, over = divmod(total, n)
    return (n - over) * low**2 + over * (low + 1) ** 2


def _most_squares(n: int, total: int, low: int, high: int) -> int:
    """Greatest sum of squares within the ends of a scale: all but one at the ends."""
    if low == high:
        return n * low**2
    at_top, over = divmod(total - n * low, high - low)
    if at_top == n:
        return n * high**2
    return at_top * high**2 + (low + over) ** 2 + (n - at_top - 1) * low**2


def _reachable(n: int, total: int, squares: int, low: int, high: int) -> bool:
    """Whether bounds and parity leave anything; certain where two points are left, or nobody."""
    if n == 0 or low > high:
        return n == total == squares == 0
    return (
        n * low <= total <= n * high
        and (total - squares) % 2 == 0
        and _least_squares(n, total) <= squares <= _most_squares(n, total, low, high)
    )


def _spread_in_pairs(n: int, total: int, squares: int, low: int, high: int) -> bool:
    """Whether equal numbers, moved apart in pairs, reach the sum of squares: enough, but not needed.

    Two equal numbers moved apart by `d` add ``2 * d**2``; every number is the sum of four squares (Lagrange).
    """
    value, over = divmod(total, n)
    wanted = (squares - _least_squares(n, total)) // 2
    for equal, at in ((n - over, value), (over, value + 1)):
        furthest = min(at - low, high - at)
        if wanted == 0 or (furthest > 0 and wanted // furthest**2 + 4 <= equal // 2):
            return True
    return False


@lru_cache(maxsize=100_000)
def _exists(n: int, total: int, squares: int, low: int, high: int) -> bool:
    """Whether `n` whole numbers between the ends have this sum and this sum of squares."""
    if not _reachable(n, total, squares, low, high):
        return False
    if n == 0 or _spread_in_pairs(n, total, squares, low, high):
        return True
    # No number lies further from the mean than this, so the ends of the scale may be drawn in.
    reach = isqrt((n - 1) * (n * squares - total**2))
    low, high = max(low, -(-(total - reach) // n)), min(high, (total + reach) // n)
    # How many take the highest point: most first, which soon leaves a middle that anything fits into.
    most = min(n, (total - n * low) // (high - low)) if high > low else n
    return any(
        _exists(n - k, total - k * high, squares - k * high**2, low, high - 1) for k in range(most, -1, -1)
    )


def answer_distributions(
    mean: str, n: int, scale: tuple[int, int], *, sd: str | None = None,
    shares: Mapping[int, str] | None = None, denominator: str = "n-1", rounding: str = "up_or_down",
    listed: int = 10_000,
) -> Distributions:  # fmt: skip
    r"""
    Reconstruct every distribution of answers that prints as a mean, a standard deviation and percentages.

    Parameters
    ----------
    mean : str
        As printed.
    n : int
        How many people answered.
    scale : (int, int)
        Lowest and highest answer.
    sd : str, optional
        The standard deviation as printed.
    shares : mapping of int to str, optional
        Point of the scale -> its percentage as printed, of the same people; a few points suffice.
    denominator : str
        ``"n-1"`` for the standard deviation of a sample, ``"n"`` for that of a population.
    rounding : str
        One of `regint.percentages.rounding.ROUNDINGS`, for all figures.
    listed : int
        Up to so many distributions are listed.

    Returns
    -------
    Distributions
        ``number`` is exact in either case.

    Raises
    ------
    ValueError
        If an argument is not what it should be, or if the count would take too long; the sentence says how
        large it would be.

    Notes
    -----
    Counts :math:`c_v` satisfy :math:`\sum c_v = n`, :math:`\sum v c_v = T`, :math:`\sum v^2 c_v = Q`. Once
    all counts but three are chosen, the equations fix these three.

    References
    ----------
    Wilner, Wood and Simons 2018 (CORVIDS), PsyArXiv

    Examples
    --------
    >>> answer_distributions("4.2", 5, (1, 5), sd="0.8").counts.tolist()
    [[0, 0, 1, 2, 2]]
    >>> answer_distributions("3.57", 28, (1, 5), shares={5: "29", 4: "32"}).number
    5
    """
    _few_points(scale, 1)
    points = tuple(range(scale[0], scale[1] + 1))
    ranges = dict.fromkeys(points, (0, n))
    for point, figure in (shares or {}).items():
        if point not in ranges:
            raise ValueError(f"The point {point!r} is not on the scale from {scale[0]} to {scale[1]}.")
        ranges[point] = count_ranges([figure], n, "open", rounding)[0]
    totals = mean_totals(mean, n, scale=scale, rounding=rounding)
    pairs: list[tuple[int, int | None]] = [(total, None) for total in totals]
    if sd is not None:
        moments = _possible_moments(mean, sd, n, scale=scale, denominator=denominator, rounding=rounding)
        pairs = list(moments)
    search = _Search(points, list(ranges.values()), sd is not None)
    number = sum(search.number(0, n, total, squares) for total, squares in pairs)
    told = pairs if number <= listed else []
    rows = [row for total, squares in told for row in search.all(0, n, total, squares)]
    return Distributions(np.array(rows, dtype=np.int64).reshape(-1, len(points)), number)


class _Search:
    """Counts of the points of a scale, taken one by one; the equations fix the last two or three."""

    def __init__(self, points: Sequence[int], ranges: Sequence[tuple[int, int]], squared: bool) -> None:
        self.points, self.ranges = points, ranges
        self.free = max(len(points) - (3 if squared else 2), 0)
        self.steps = 0
        self.number = cache(self._number)

    def fixed(self, n: Any, total: Any, squares: Any) -> tuple[Any, Any]:
        """Solve for the counts of the last points, and say whether they are any."""
        first = self.points[self.free]
        squares = None if squares is None else squares - 2 * first * total + first**2 * n
        total = total - n * first
        counts: tuple[Any, ...] = (n - total, total)
        possible = squares is None or squares == total
        if len(self.points) - self.free == 3:
            second, third = 2 * total - squares, (squares - total) // 2
            counts, possible = (n - second - third, second, third), (squares - total) % 2 == 0
        for count, (least, most) in zip(counts, self.ranges[self.free :], strict=True):
            possible = possible & (least <= count) & (count <= most)
        return counts, possible

    def left(self, place: int, count: Any, n: Any, total: Any, squares: Any) -> tuple[Any, Any, Any]:
        """Take the counts of one point off the sums."""
        point = self.points[place]
        return n - count, total - count * point, None if squares is None else squares - count * point**2

    def choices(self, place: int, n: int, total: int, squares: int | None) -> Iterator[tuple[int, _Left]]:
        """List the counts of one point that leave the rest possible, with what is left of the sums."""
        least, most = self.ranges[place]
        low, high = self.points[place + 1], self.points[-1]
        for count in range(least, min(most, n) + 1):
            left = self.left(place, count, n, total, squares)
            if left[0] * low <= left[1] <= left[0] * high and (
                left[2] is None or _reachable(left[0], left[1], left[2], low, high)
            ):
                yield count, left

    def _number(self, place: int, n: int, total: int, squares: int | None) -> int:
        """Count the ways to fill the points from `place` on."""
        if place == self.free:
            return int(self.fixed(n, total, squares)[1])
        least, most = self.ranges[place]
        width = max(min(most, n) - least, 0)
        self.steps += 1 + width // (1000 if place + 1 == self.free else 100)
        if self.steps > _STEPS or width > _WIDEST:
            raise ValueError(
                f"{n} answers on {len(self.points)} points can be shared out in too many ways to count in "
                f"{_STEPS:,} steps: give the standard deviation or percentages too, or join points."
            )
        if place + 1 == self.free:
            counts = np.arange(least, min(most, n) + 1)
            return int(np.count_nonzero(self.fixed(*self.left(place, counts, n, total, squares))[1]))
        return sum(self.number(place + 1, *left) for _, left in self.choices(place, n, total, squares))

    def all(self, place: int, n: int, total: int, squares: int | None) -> Iterator[tuple[int, ...]]:
        """List every way to fill the points from `place` on."""
        if place == self.free:
            counts, possible = self.fixed(n, total, squares)
            if possible:
                yield counts
            return
        for count, left in self.choices(place, n, total, squares):
            yield from ((count, *rest) for rest in self.all(place + 1, *left))
