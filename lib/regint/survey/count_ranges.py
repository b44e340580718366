"""Which counts a question's printed figures and words admit at a base: ranges, tightened by the total."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from regint.percentages import consistent_counts

# A quantity in words that fixes a figure. "Half" is read as a whole per cent, since a word is no
# more exact than that; words such as "nearly every" fix nothing.
FIGURE_IN_WORDS = {"half": "50"}


class Range(NamedTuple):
    """
    The least and the most people who can have given one response.

    Attributes
    ----------
    least, most : int
        Both ends belong to the range.
    """

    least: int
    most: int


def response_range(response: "pd.Series[Any]", base: int, rounding: str = "up_or_down") -> Range | None:
    """
    Give the counts that one row of responses.csv admits, taken by itself.

    Parameters
    ----------
    response : Series
        A row with ``printed``, ``statement`` and ``count``.
    base : int
        The denominator of the printed figure.
    rounding : str
        Rounding rule, see `regint.percentages.rounding.unround`.

    Returns
    -------
    Range or None
        Everything from 0 to the base where nothing is printed; None where no count prints as the figure.

    Examples
    --------
    >>> response_range(pd.Series({"printed": "8", "statement": "", "count": pd.NA}), 50)
    Range(least=4, most=4)
    >>> response_range(pd.Series({"printed": "43.5", "statement": "", "count": pd.NA}), 30) is None
    True
    """
    if not pd.isna(response["count"]):
        count = int(response["count"])
        return Range(count, count) if count <= base else None
    figure = response["printed"] or FIGURE_IN_WORDS.get(response["statement"], "")
    if not figure:
        return {"none": Range(0, 0), "all": Range(base, base)}.get(response["statement"], Range(0, base))
    counts = consistent_counts(figure, base, rounding=rounding)
    return Range(counts[0], counts[-1]) if counts else None


def total_bounds(base: int, total: str) -> tuple[int, int] | None:
    """
    Give the bounds of the sum of a question's counts.

    Parameters
    ----------
    base : int
        The denominator of the printed figures.
    total : {"closed", "open", "multiple"}
        Counts add up to the base, to no more than the base, or are free.

    Returns
    -------
    tuple of int or None
        Least and greatest sum; None where there is no constraint.

    Examples
    --------
    >>> total_bounds(30, "closed"), total_bounds(30, "open"), total_bounds(30, "multiple")
    ((30, 30), (0, 30), None)
    """
    return {"closed": (base, base), "open": (0, base), "multiple": None}[total]


def tightened(ranges: Sequence[Range], bounds: tuple[int, int] | None) -> list[Range] | None:
    r"""
    Narrow the ranges of a question by what its counts must add up to.

    Parameters
    ----------
    ranges : sequence of Range
        One per response.
    bounds : tuple of int or None
        Least and greatest sum, see `total_bounds`.

    Returns
    -------
    list of Range or None
        The exact projection of the admissible data sets on each response; None if there is none.

    Notes
    -----
    For integer intervals :math:`[l_i, u_i]` with a sum between :math:`a` and :math:`b`, one pass is exact:
    :math:`k_i \ge a - \sum_{j \ne i} u_j` and :math:`k_i \le b - \sum_{j \ne i} l_j`.

    Examples
    --------
    >>> tightened([Range(0, 30), Range(10, 10), Range(3, 3), Range(2, 2)], (30, 30))[0]
    Range(least=15, most=15)
    >>> tightened([Range(20, 20), Range(11, 11)], (0, 30)) is None
    True
    """
    if bounds is None:
        return list(ranges)
    least, most = sum(r.least for r in ranges), sum(r.most for r in ranges)
    if least > bounds[1] or most < bounds[0]:
        return None
    return [
        Range(max(low, bounds[0] - (most - high)), min(high, bounds[1] - (least - low)))
        for low, high in ranges
    ]


def question_ranges(
    responses: pd.DataFrame, base: int, total: str, rounding: str = "up_or_down"
) -> list[Range] | None:
    """
    Give the range of counts of each response of one question, all figures taken together.

    Parameters
    ----------
    responses : DataFrame
        The rows of one question, with ``printed``, ``statement`` and ``count``.
    base : int
        The denominator of the printed figures.
    total : {"closed", "open", "multiple"}
        What the counts add up to.
    rounding : str
        Rounding rule.

    Returns
    -------
    list of Range or None
        In the order of the rows; None if no data set can have printed these figures, which is a finding.

    Examples
    --------
    >>> rows = pd.DataFrame({"printed": ["73.3", "23.3", "3.3"], "statement": "", "count": pd.NA})
    >>> [r.least for r in question_ranges(rows, 30, "closed")]
    [22, 7, 1]
    """
    ranges = [response_range(row, base, rounding) for _, row in responses.iterrows()]
    if any(r is None for r in ranges):
        return None
    return tightened([r for r in ranges if r is not None], total_bounds(base, total))
