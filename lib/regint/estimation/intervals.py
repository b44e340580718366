"""Intervals for shares of a small base, and what each assumes. None of them is a margin of error."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from regint.percentages.checks import (
    check_confidence,
    check_count,
    check_option,
    check_share_of,
)

METHODS = {"wilson": "wilson", "clopper_pearson": "beta", "jeffreys": "jeffreys"}


def proportion_interval(
    count: int, base: int, confidence: float = 0.95, method: str = "wilson"
) -> tuple[float, float]:
    """
    Give an interval for the share behind a count.

    Parameters
    ----------
    count : int
        How many chose the option.
    base : int
        How many could have chosen it; at least 1.
    confidence : float
        Coverage, strictly between 0 and 1.
    method : {"wilson", "clopper_pearson", "jeffreys"}
        Wilson's score interval keeps its coverage on average at small bases; Clopper and Pearson's never
        falls below it and is wider; Jeffreys' is the equal-tailed posterior under a Beta(1/2, 1/2) prior.

    Returns
    -------
    tuple of float
        Lower and upper share, 0-1.

    Raises
    ------
    ValueError
        If a count is no whole number, the base is 0, or the count exceeds it.
        If the method or confidence does not exist.

    Notes
    -----
    The model behind all three: the answers are exchangeable draws from a larger population of like
    respondents. A self-selected panel is no random sample, so the result describes that model and not
    the error of the survey. At 0 of n the lower and at n of n the upper end is the end of the scale,
    for Jeffreys by the modification of Brown, Cai and DasGupta [1]_.

    References
    ----------
    .. [1] Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
       Statistical Science 16(2), 101-133. https://doi.org/10.1214/ss/1009213286
    .. [2] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
       Journal of the American Statistical Association 22(158), 209-212.
       https://doi.org/10.1080/01621459.1927.10502953
    .. [3] Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits.
       Biometrika 26(4), 404-413. https://doi.org/10.1093/biomet/26.4.404

    Examples
    --------
    >>> [round(end, 4) for end in proportion_interval(26, 50)]
    [0.3851, 0.652]
    >>> proportion_interval(30, 30)[1]
    1.0
    """
    part, whole = check_share_of(count, base)
    name = METHODS[check_option(method, METHODS, "interval method")]
    alpha = 1 - check_confidence(confidence)
    lower, upper = proportion_confint(part, whole, alpha=alpha, method=name)
    return (0.0 if part == 0 else float(lower), 1.0 if part == whole else float(upper))


def interval_envelope(
    counts: Iterable[int], base: int, confidence: float = 0.95, method: str = "wilson"
) -> tuple[float, float]:
    """Give the span of the intervals over every count a printed figure allows."""
    ends = sorted({check_share_of(count, base)[0] for count in counts})
    if not ends:
        raise ValueError("No admissible count was given: the figure is impossible at this base.")
    lower = proportion_interval(ends[0], base, confidence, method)[0]
    upper = proportion_interval(ends[-1], base, confidence, method)[1]
    return lower, upper


def design_interval(
    share: ArrayLike,
    error: ArrayLike,
    degrees: ArrayLike,
    base: ArrayLike,
    effective: ArrayLike,
    confidence: float = 0.95,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""
    Give intervals for shares that were estimated under a sampling design: Wilson's on the effective base.

    Parameters
    ----------
    share, error : array_like
        Estimates, 0-1, and their standard errors under the design.
    degrees : array_like
        Degrees of freedom of the errors.
    base : array_like
        How many answered.
    effective : array_like
        Kish's effective base, or `base` without weights.
    confidence : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper shares, 0-1; missing where an estimate or its error is.

    Notes
    -----
    The effective base is the one at which simple random sampling would leave the same error,
    :math:`n^* = \hat p (1 - \hat p) / s^2`, cut by :math:`(t_{n-1} / t_d)^2` for the degrees of freedom
    [1]_. Wilson's interval takes it in the place of a number of people [2]_, so that with equal weights it is
    (but for a factor n/(n-1)) the interval of `proportion_interval`. At shares of 0 and 1 the design says
    nothing of the error; there the effective base is Kish's, which knows the weights and no clusters.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small expected
       number of positive counts estimated from survey data. Survey Methodology 24(2), 193-201.
    .. [2] Franco, C., Little, R. J. A., Louis, T. A. and Slud, E. V. (2019). Comparative study of confidence
       intervals for proportions in complex sample surveys. Journal of Survey Statistics and Methodology 7(3),
       334-364. https://doi.org/10.1093/jssam/smy019

    Examples
    --------
    >>> low, high = design_interval([0.52, 0.0], [0.0714, 0.0], [49, 49], [50, 50], [50, 50])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.384, 0.0], [0.653, 0.071])
    """
    level = check_confidence(confidence)
    p, s, d, n, kish = (np.asarray(part, dtype=float) for part in (share, error, degrees, base, effective))
    quantile = (1 + level) / 2
    inside = (p > 0) & (p < 1) & (s > 0) & (d >= 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = (stats.t.ppf(quantile, n - 1) / stats.t.ppf(quantile, d)) ** 2
        size = np.where(inside, p * (1 - p) / s**2 * freedom, kish)
    known = (inside | ((p == 0) | (p == 1)) & (s == 0)) & (size > 0)
    size = np.where(known, size, 1.0)
    z = stats.norm.ppf(quantile)
    centre = (p + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(np.maximum(p * (1 - p), 0) / size + z**2 / (4 * size**2))
    lower = np.where(known, np.where(p == 0, 0.0, np.maximum(centre - half, 0.0)), np.nan)
    upper = np.where(known, np.where(p == 1, 1.0, np.minimum(centre + half, 1.0)), np.nan)
    return lower, upper


def coverage(
    base: int, shares: ArrayLike, confidence: float = 0.95, method: str = "wilson"
) -> NDArray[np.float64]:
    r"""
    Give the probability that the interval contains the true share, for given true shares.

    Parameters
    ----------
    base : int
        How many could have chosen the option; at least 1.
    shares : array_like
        True shares, 0-1.
    confidence, method
        As for `proportion_interval`.

    Returns
    -------
    ndarray
        Actual coverage per true share, 0-1; it need not equal the confidence that was asked for.

    Raises
    ------
    ValueError
        As for `proportion_interval`.

    Notes
    -----
    :math:`C(\pi) = \sum_k \Pr(\mathrm{Bin}(n, \pi) = k) \, [\ell(k) \le \pi \le u(k)]`, with no simulation
    [1]_.

    References
    ----------
    .. [1] Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
       Statistical Science 16(2), 101-133. https://doi.org/10.1214/ss/1009213286

    Examples
    --------
    >>> coverage(50, [0.05, 0.5]).round(3).tolist()
    [0.962, 0.935]
    """
    size = check_count(base, "base", least=1)
    proportion_interval(0, size, confidence, method)  # refuses what is illegal
    true = np.asarray(shares, dtype=float)
    if not ((true >= 0) & (true <= 1)).all():
        raise ValueError("The true shares must lie between 0 and 1.")

    def ends(counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        lower, upper = proportion_confint(counts, size, alpha=1 - confidence, method=METHODS[method])
        return np.where(counts == 0, 0.0, lower), np.where(counts == size, 1.0, upper)

    # Both ends rise with the count, so the counts whose interval holds a share have no gap.
    first = _first_count(size, true, lambda counts: ends(counts)[1] >= true)
    beyond = _first_count(size, true, lambda counts: ends(counts)[0] > true)
    inside = stats.binom.cdf(beyond - 1, size, true) - stats.binom.cdf(first - 1, size, true)
    return np.asarray(np.maximum(inside, 0.0))


def _first_count(
    base: int, shares: NDArray[np.float64], holds: Callable[[NDArray[np.int64]], NDArray[np.bool_]]
) -> NDArray[np.int64]:
    """Give the least count that satisfies a condition which no greater one breaks; base + 1 if none does."""
    low = np.zeros(shares.shape, dtype=np.int64)
    high = np.full(shares.shape, base + 1, dtype=np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        found = holds(np.minimum(middle, base)) & (middle <= base)
        low, high = np.where(found | (low >= high), low, middle + 1), np.where(found, middle, high)
    return low
