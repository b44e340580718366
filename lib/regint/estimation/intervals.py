"""Intervals for shares of a small base, and what each assumes. None of them is a margin of error."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.proportion import proportion_confint


def wilson_interval(least: int, most: int, base: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give Wilson's interval for a share, over all the counts that a printed figure allows.

    At 0 of n the lower and at n of n the upper end is that of the scale. The model behind it: the answers
    are exchangeable draws from a larger population of like respondents. A self-selected panel is no
    random sample, so the result describes that model and not the error of the survey. Wilson's score
    interval [1]_ keeps its coverage on average at small bases [2]_.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
       Journal of the American Statistical Association 22(158), 209-212.
       https://doi.org/10.1080/01621459.1927.10502953
    .. [2] Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion.
       Statistical Science 16(2), 101-133. https://doi.org/10.1214/ss/1009213286

    Examples
    --------
    >>> [round(end, 4) for end in wilson_interval(26, 26, 50)]
    [0.3851, 0.652]
    >>> wilson_interval(30, 30, 30)[1]
    1.0
    """
    if not 0 <= least <= most <= base or base < 1:
        raise ValueError(f"Counts from {least} to {most} are no part of a base of {base}: check both.")
    alpha = 1 - _checked(confidence)
    lower, _ = proportion_confint(least, base, alpha=alpha, method="wilson")
    _, upper = proportion_confint(most, base, alpha=alpha, method="wilson")
    return (0.0 if least == 0 else float(lower), 1.0 if most == base else float(upper))


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
    [1]_, and never more than the people who answered: where the weights of the few who gave a rare answer
    are small, the error is too. R's ``svyciprop(method = "beta")`` takes the same base, without that limit.
    Wilson's interval takes it in the place of a number of people [2]_, so that with equal weights it is
    (but for a factor n/(n-1)) the interval of `wilson_interval`. At shares of 0 and 1 the design says
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
    level = _checked(confidence)
    p, s, d, n, kish = (np.asarray(part, dtype=float) for part in (share, error, degrees, base, effective))
    quantile = (1 + level) / 2
    inside = (p > 0) & (p < 1) & (s > 0) & (d >= 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = (stats.t.ppf(quantile, n - 1) / stats.t.ppf(quantile, d)) ** 2
        size = np.where(inside, np.minimum(p * (1 - p) / s**2 * freedom, n), kish)
    known = (inside | ((p == 0) | (p == 1)) & (s == 0)) & (size > 0)
    size = np.where(known, size, 1.0)
    z = stats.norm.ppf(quantile)
    centre = (p + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(np.maximum(p * (1 - p), 0) / size + z**2 / (4 * size**2))
    lower = np.where(known, np.where(p == 0, 0.0, np.maximum(centre - half, 0.0)), np.nan)
    upper = np.where(known, np.where(p == 1, 1.0, np.minimum(centre + half, 1.0)), np.nan)
    return lower, upper


def _checked(confidence: float) -> float:
    """Return a confidence level as a float, or refuse one outside 0 to 1."""
    if not 0 < confidence < 1:
        raise ValueError(
            f"The confidence must lie strictly between 0 and 1 (0.95 is usual), not {confidence}."
        )
    return float(confidence)
