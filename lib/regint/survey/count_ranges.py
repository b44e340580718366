"""Which counts a question's printed figures and words admit at a base: intervals, tightened by the total."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from regint.percentages.counts import Window, windows

# A quantity in words that fixes a figure. "Half" is read as a whole per cent, since a word is no
# more exact than that; words such as "nearly every" fix nothing.
FIGURE_IN_WORDS = {"half": "50"}
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_BELOW = re.compile(rf"(above 0, )?below {_NUMBER}")
_FROM_TO = re.compile(rf"from {_NUMBER} to {_NUMBER}")
BOUNDS_IN_WORDS = re.compile(rf"{_BELOW.pattern}|{_FROM_TO.pattern}")

SHARE_UNITS = 720_720 * 10**6
"""A base so large, and divisible by so many numbers, that its counts stand for shares of people unknown."""


class CountInterval(NamedTuple):
    """
    The least and the most people who can have given one response.

    Attributes
    ----------
    least, most : int
        Both ends belong to the interval.
    """

    least: int
    most: int


def response_range(
    response: "pd.Series[Any]", base: int, rounding: str = "up_or_down"
) -> CountInterval | None:
    """Give the counts that one row of responses.csv admits, taken by itself."""
    if not pd.isna(response["count"]):
        count = int(response["count"])
        return CountInterval(count, count) if count <= base else None
    window = _window(response["printed"], response["statement"], rounding)
    if window is None:
        return {"none": CountInterval(0, 0), "all": CountInterval(base, base)}.get(
            response["statement"], CountInterval(0, base)
        )
    counts = CountInterval(*window.counts(base))
    return counts if counts.least <= counts.most else None


def _window(figure: str, statement: str, rounding: str) -> Window | None:
    """Give the shares that a figure, or the words in its place, leave open; None for words without number."""
    figure = figure or FIGURE_IN_WORDS.get(statement, "")
    if figure:
        return windows([figure], "multiple", rounding)[0]
    if below := _BELOW.fullmatch(statement):
        most = Fraction(below[2])
        return Window(0, int(bool(below[1])), most.numerator, 1, 100 * most.denominator)
    if ends := _FROM_TO.fullmatch(statement):
        least, most = Fraction(ends[1]), Fraction(ends[2])
        step = least.denominator * most.denominator
        return Window(int(least * step), 0, int(most * step), 0, 100 * step)
    return None


def total_bounds(base: int, total: str) -> tuple[int, int] | None:
    """Give the bounds of the sum of a question's counts."""
    return {"closed": (base, base), "open": (0, base), "multiple": None}[total]


def tightened(ranges: Sequence[CountInterval], bounds: tuple[int, int] | None) -> list[CountInterval] | None:
    """Narrow the intervals of a question by what its counts must add up to."""
    if bounds is None:
        return list(ranges)
    least, most = sum(r.least for r in ranges), sum(r.most for r in ranges)
    if least > bounds[1] or most < bounds[0]:
        return None
    return [
        CountInterval(max(low, bounds[0] - (most - high)), min(high, bounds[1] - (least - low)))
        for low, high in ranges
    ]


def question_ranges(
    responses: pd.DataFrame, base: int, total: str, rounding: str = "up_or_down"
) -> list[CountInterval] | None:
    """Give the interval of counts of each response of one question, all figures taken together."""
    ranges = [response_range(row, base, rounding) for _, row in responses.iterrows()]
    if any(r is None for r in ranges):
        return None
    return tightened([r for r in ranges if r is not None], total_bounds(base, total))
