"""Counts and bases that could have produced printed percentages: exact, in integers."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from math import prod

from regint.statistics.checks import check_count
from regint.statistics.consistency.windows import checked_bases, count_ranges, fitting, ways, windows


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
    FigureError
        If `figure` is no printed percentage.
    CountError
        If `base` is no whole number of at least 1.
    OptionError
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
    prepared = windows([figure], "multiple", rounding)[0]
    least, most = prepared.counts(check_count(base, "base", least=1))
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
    FigureError, CountError, OptionError
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
    prepared = windows(figures, total, rounding)
    return fitting(prepared, checked_bases(bases), total)


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
    FigureError, CountError, OptionError
        If a figure, the base or an option is illegal.

    Examples
    --------
    >>> list(count_vectors(["43.5", "23.5", "23", "10"], 115))
    [(50, 27, 26, 12), (50, 27, 27, 11)]
    """
    ranges = count_ranges(figures, base, total, rounding)
    # What the options after each one need at least, and could take at most.
    least_after = list(accumulate((least for least, _ in reversed(ranges)), initial=0))[::-1][1:]
    most_after = list(accumulate((most for _, most in reversed(ranges)), initial=0))[::-1][1:]

    def extend(place: int, left: int) -> Iterator[tuple[int, ...]]:
        if place == len(ranges):
            yield ()
            return
        least, most = ranges[place]
        if total != "multiple":
            most = min(most, left - least_after[place])
        if total == "closed":
            least = max(least, left - most_after[place])
        for count in range(least, most + 1):
            yield from ((count, *rest) for rest in extend(place + 1, left - count))

    if any(least > most for least, most in ranges):
        return iter(())
    return extend(0, base)


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
    FigureError, CountError, OptionError
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
        return ways(widths, min(spare, sum(widths) - spare))[-1][-1]
    return sum(ways(widths, spare)[-1])
