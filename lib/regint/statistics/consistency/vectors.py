"""Counts and bases that could have produced printed percentages: exact, in integers."""

from regint.statistics.checks import check_count, check_option
from regint.statistics.rounding import ROUNDINGS, Figure, half_units, parse_figure


def count_range(figure: Figure, base: int, rounding: str) -> tuple[int, int]:
    r"""
    Give the smallest and largest count that print as a figure, by integer division alone.

    Parameters
    ----------
    figure : Figure
        A parsed figure.
    base : int
        The denominator, at least 1.
    rounding : str
        A legal rounding rule.

    Returns
    -------
    tuple of int
        ``(least, most)``; empty when ``least > most``.

    Notes
    -----
    A count :math:`k` of :math:`n` prints as :math:`v` units of :math:`1/s` per cent when
    :math:`200 s k / n` lies in the unrounding interval of :math:`v` in half units, so
    :math:`k \ge \lceil \ell n / 200 s \rceil` and
    :math:`k \le \lfloor u n / 200 s \rfloor`, one more or one less where an end is excluded and hit exactly.

    Examples
    --------
    >>> count_range(Figure(60, 1), 30, "up_or_down")
    (18, 18)
    """
    low, low_inclusive, high, high_inclusive = half_units(figure.units, rounding)
    step = 200 * figure.scale
    least = -(-low * base // step) if low_inclusive else low * base // step + 1
    most = high * base // step if high_inclusive else -(-high * base // step) - 1
    return max(least, 0), min(most, base)


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
    A list of length 0 is what the GRIM test calls an inconsistency; no floating-point number is used.

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
    check_option(rounding, ROUNDINGS, "rounding")
    least, most = count_range(parse_figure(figure), check_count(base, "base", least=1), rounding)
    return list(range(least, most + 1))
