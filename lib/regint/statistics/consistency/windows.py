"""The window of counts each printed figure leaves open, and whether windows fit a base together."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from regint.statistics.checks import FigureError, check_count, check_option
from regint.statistics.rounding import ROUNDINGS, Figure, half_units, parse_figure

TOTALS = ("closed", "open", "multiple")


class Window(NamedTuple):
    """
    The counts that print as one figure, as integers to be divided by `step` once the base is known.

    Attributes
    ----------
    low, high : int
        Ends of the unrounding interval in half units of the last place.
    low_open, high_open : int
        1 where the end itself does not print as the figure, else 0.
    step : int
        Half units in the whole: 200 times the units per percentage point.
    """

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


def window(figure: Figure, rounding: str) -> Window:
    r"""
    Prepare a figure for fast tests against many bases.

    Parameters
    ----------
    figure : Figure
        A parsed figure.
    rounding : str
        A legal rounding rule.

    Returns
    -------
    Window
        Its unrounding interval in integers.

    Notes
    -----
    A count :math:`k` of :math:`n` prints as :math:`v` units of :math:`1/s` per cent when
    :math:`200 s k / n` lies in the unrounding interval :math:`[\ell, u]` of :math:`v` in half units, so
    :math:`k \ge \lceil \ell n / 200 s \rceil` and :math:`k \le \lfloor u n / 200 s \rfloor`. An end that
    does not belong to the interval is met by adding or taking one before dividing, because all terms
    are integers.

    Examples
    --------
    >>> window(Figure(60, 1), "up_or_down").counts(30)
    (18, 18)
    """
    low, low_inclusive, high, high_inclusive = half_units(figure.units, rounding)
    return Window(low, int(not low_inclusive), high, int(not high_inclusive), 200 * figure.scale)


def windows(figures: Iterable[str], total: str, rounding: str) -> list[Window]:
    """
    Check the options of a question and prepare its figures.

    Parameters
    ----------
    figures : iterable of str
        Printed percentages, at least one.
    total, rounding : str
        Any of `TOTALS` and `ROUNDINGS`; others are refused.

    Returns
    -------
    list of Window
        One per figure.

    Raises
    ------
    FigureError
        If there is no figure, or one is no printed percentage.
    OptionError
        If `total` or `rounding` does not exist.

    Examples
    --------
    >>> len(windows(["40", "40", "20"], "closed", "even"))
    3
    """
    check_option(total, TOTALS, "total")
    check_option(rounding, ROUNDINGS, "rounding")
    if isinstance(figures, str):
        raise FigureError(f"The figures must be a list of texts, not the single text {figures!r}.")
    prepared = [window(parse_figure(figure), rounding) for figure in figures]
    if not prepared:
        raise FigureError("No figure was given; a question needs at least one printed percentage.")
    return prepared


def fitting(prepared: Sequence[Window], bases: Sequence[int], total: str) -> list[int]:
    """
    Select the bases of which some counts print as all the figures together.

    Parameters
    ----------
    prepared : sequence of Window
        The figures.
    bases : sequence of int
        Denominators, each at least 1.
    total : str
        How the counts add up.

    Returns
    -------
    list of int
        The bases that fit. Every sum between the sum of least and the sum of greatest counts can be
        reached, because counts vary one by one; so two comparisons decide.

    Examples
    --------
    >>> fitting(windows(["40", "40", "20"], "closed", "up"), range(1, 12), "closed")
    [5, 10]
    """
    greatest = max(bases, default=1) * max(one.high for one in prepared)
    # Machine integers while all products fit, Python's own beyond: exact in both.
    sizes = np.array(bases, dtype=np.int64 if greatest < 2**62 else object)
    possible = np.ones(len(sizes), dtype=bool)
    least_sum, most_sum = 0 * sizes, 0 * sizes
    for low, low_open, high, high_open, step in prepared:
        least = np.maximum(-((-low * sizes - low_open) // step), 0)
        most = np.minimum((high * sizes - high_open) // step, sizes)
        possible &= (least <= most).astype(bool)
        least_sum, most_sum = least_sum + least, most_sum + most
    if total != "multiple":
        possible &= (least_sum <= sizes).astype(bool)
    if total == "closed":
        possible &= (most_sum >= sizes).astype(bool)
    return [int(base) for base in sizes[possible]]


def checked_bases(bases: Iterable[int]) -> Sequence[int]:
    """
    Return bases as a sequence of positive whole numbers, or refuse them.

    Parameters
    ----------
    bases : iterable of int
        The bases; of a ``range`` only the ends need a look.

    Returns
    -------
    sequence of int
        The bases in the order given.

    Raises
    ------
    CountError
        If one is no whole number of at least 1.

    Examples
    --------
    >>> list(checked_bases(range(30, 51, 20)))
    [30, 50]
    """
    if isinstance(bases, range):
        for end in (bases[:1], bases[-1:]):
            for base in end:
                check_count(base, "base", least=1)
        return bases
    return [check_count(base, "base", least=1) for base in bases]


def count_ranges(figures: Iterable[str], base: int, total: str, rounding: str) -> list[tuple[int, int]]:
    """
    Give the least and greatest count of every figure at a base.

    Parameters
    ----------
    figures, base, total, rounding
        As for `regint.statistics.consistency.count_vectors`.

    Returns
    -------
    list of tuple of int
        ``(least, most)`` per figure; empty where ``least > most``.

    Raises
    ------
    FigureError, CountError, OptionError
        If a figure, the base or an option is illegal.

    Examples
    --------
    >>> count_ranges(["46", "42", "12"], 1013, "closed", "up_or_down")
    [(461, 471), (421, 430), (117, 126)]
    """
    size = check_count(base, "base", least=1)
    return [figure.counts(size) for figure in windows(figures, total, rounding)]


def ways(widths: Sequence[int], spare: int) -> list[list[int]]:
    """
    Count, after each option, the ways to share out counts beyond the least.

    Parameters
    ----------
    widths : sequence of int
        How many counts beyond its least each option can take.
    spare : int
        The most to share out.

    Returns
    -------
    list of list of int
        Row ``i`` holds the ways for the first ``i`` options to take 0, 1, ..., `spare` together.

    Examples
    --------
    >>> ways([1, 2], 3)
    [[1, 0, 0, 0], [1, 1, 0, 0], [1, 2, 2, 1]]
    """
    tables = [[1] + [0] * spare]
    for width in widths:
        running = list(accumulate(tables[-1]))
        tables.append(
            running[: width + 1] + [a - b for a, b in zip(running[width + 1 :], running, strict=False)]
        )
    return tables
