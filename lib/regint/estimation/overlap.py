"""What margins alone say of two choices: McNemar's test and the range of overlaps."""

from bisect import bisect_left
from dataclasses import dataclass
from math import comb

from scipy.stats import binom

from regint.percentages.checks import check_count, check_share_of

# Up to so many discordant pairs a p-value is summed in whole numbers; beyond, its last digits may differ.
_SUMMED_PAIRS = 200


def overlap_bounds(x: int, y: int, base: int) -> tuple[int, int]:
    r"""
    Bound how many respondents chose both of two options.

    Parameters
    ----------
    x, y : int
        How many chose each option.
    base : int
        How many could choose.

    Returns
    -------
    tuple of int
        The least and the greatest number who chose both.

    Raises
    ------
    ValueError
        If a number is no whole number or a count exceeds the base.

    Notes
    -----
    The Frechet bounds :math:`\max(0, x + y - n) \le a \le \min(x, y)`; every whole number between is
    possible [1]_.

    References
    ----------
    .. [1] Fréchet, M. (1951). Sur les tableaux de corrélation dont les marges sont données. Annales de
       l'Université de Lyon, Section A 14, 53-77.

    Examples
    --------
    >>> overlap_bounds(26, 16, 30)
    (12, 16)
    """
    (first, whole), (second, _) = check_share_of(x, base), check_share_of(y, base)
    return max(0, first + second - whole), min(first, second)


def mcnemar_p(only_first: int, only_second: int, *, mid: bool = False) -> float:
    r"""
    Give the two-sided exact McNemar p-value from the discordant pairs.

    Parameters
    ----------
    only_first, only_second : int
        How many chose the first option and not the second, and the reverse.
    mid : bool
        Whether to count the observed split at half its probability (mid-p).

    Returns
    -------
    float
        The p-value; 1 when there are no discordant pairs.

    Raises
    ------
    ValueError
        If a number is negative or no whole number.

    Notes
    -----
    Under no difference the discordant pairs split like tosses of a fair coin:
    :math:`p = 2 \Pr(\mathrm{Bin}(b + c, 1/2) \le \min(b, c))`, at most 1. The mid-p version keeps the level
    well and is less conservative [1]_. Up to 200 pairs all sums are of integers, so that no comparison with
    a level hangs on a rounding error.

    References
    ----------
    .. [1] Fagerland, M. W., Lydersen, S. and Laake, P. (2013). The McNemar test for binary matched-pairs
       data: mid-p and asymptotic are better than exact conditional. BMC Medical Research Methodology 13, 91.
       https://doi.org/10.1186/1471-2288-13-91

    Examples
    --------
    >>> mcnemar_p(10, 0)
    0.001953125
    >>> mcnemar_p(10, 0, mid=True)
    0.0009765625
    """
    first, second = check_count(only_first), check_count(only_second)
    pairs, fewer = first + second, min(first, second)
    if first == second:
        return 1.0
    if pairs > _SUMMED_PAIRS:
        tail = 2 * binom.cdf(fewer, pairs, 0.5) - (binom.pmf(fewer, pairs, 0.5) if mid else 0)
        return float(min(1.0, tail))
    # Twice the lower tail, or twice the tail less the observed split, in units of 2 ** -pairs.
    twice = 2 * sum(comb(pairs, split) for split in range(fewer + 1)) - (comb(pairs, fewer) if mid else 0)
    return float(min(1.0, twice / 2**pairs))


@dataclass(frozen=True)
class McNemarBounds:
    """
    A McNemar test when only the margins are known.

    Attributes
    ----------
    p_lower, p_upper : float
        The least and the greatest p-value over all overlaps.
    verdict : str
        ``"always"`` significant, ``"never"``, or ``"undecidable"`` from what was printed.
    least_overlap, most_overlap : int
        How few and how many respondents can have chosen both.
    flip_overlap : int or None
        From this overlap on the difference is significant; None when it never is.
    """

    p_lower: float
    p_upper: float
    verdict: str
    least_overlap: int
    most_overlap: int
    flip_overlap: int | None


def mcnemar_bounds(
    x: int,
    y: int,
    base: int,
    alpha: float = 0.05,
    *,
    mid: bool = False,
    overlap: tuple[int, int] | None = None,
) -> McNemarBounds:
    r"""
    Bound the McNemar test of two options of a choose-several question, from their margins alone.

    Parameters
    ----------
    x, y : int
        How many chose each option.
    base : int
        How many could choose.
    alpha : float
        Level of the test; significant means p at most alpha.
    mid : bool
        Whether to use the mid-p version.
    overlap : tuple of int, optional
        A narrower range of overlaps, if known: ``(0, 0)`` for two options of a single-choice question.

    Returns
    -------
    McNemarBounds
        Bounds of the p-value, the verdict and the overlap at which it flips.

    Raises
    ------
    ValueError
        If a number is illegal or the overlap given lies outside its bounds.
        If alpha is not strictly between 0 and 1.

    Notes
    -----
    With :math:`a` who chose both, the discordant pairs are :math:`b = x - a` and :math:`c = y - a`. Their
    difference is fixed by the margins and only their sum changes: the smaller the sum, the more one-sided
    the split. So p falls as the overlap grows, the ends of its range lie at the ends of the overlap, and one
    overlap separates significant from not.

    References
    ----------
    .. [1] McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions
       or percentages. Psychometrika 12, 153-157. https://doi.org/10.1007/BF02295996

    Examples
    --------
    >>> mcnemar_bounds(26, 16, 30).verdict, mcnemar_bounds(26, 16, 50).verdict
    ('always', 'undecidable')
    >>> mcnemar_bounds(26, 16, 50).flip_overlap
    11
    """
    if not 0 < alpha < 1:
        raise ValueError(f"The level alpha must lie strictly between 0 and 1 (0.05 is usual), not {alpha}.")
    least, most = overlap_bounds(x, y, base)
    if overlap is not None:
        low, high = check_count(overlap[0], "overlap"), check_count(overlap[1], "overlap")
        if not least <= low <= high <= most:
            raise ValueError(
                f"The overlap {overlap} must lie within {(least, most)}, which the margins allow."
            )
        least, most = low, high
    p_lower, p_upper = mcnemar_p(x - most, y - most, mid=mid), mcnemar_p(x - least, y - least, mid=mid)
    overlaps = range(least, most + 1)
    flip = bisect_left(overlaps, True, key=lambda both: mcnemar_p(x - both, y - both, mid=mid) <= alpha)
    verdict = "always" if flip == 0 else "never" if flip == len(overlaps) else "undecidable"
    flip_overlap = None if verdict == "never" else overlaps[flip]
    return McNemarBounds(p_lower, p_upper, verdict, least, most, flip_overlap)
