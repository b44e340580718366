"""Which counts a question's printed figures and words admit at a base: ranges, tightened by the total."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from regint.percentages.counts import consistent_counts

# A quantity in words that fixes a figure. "Half" is read as a whole per cent, since a word is no
# more exact than that; words such as "nearly every" fix nothing.
FIGURE_IN_WORDS = {"half": "50"}


class CountInterval(NamedTuple):
    """
    The least and the most people who can have given one response.

    Attributes
    ----------
    least, most : int
        Both ends belong to the range.
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
    figure = response["printed"] or FIGURE_IN_WORDS.get(response["statement"], "")
    if not figure:
        return {"none": CountInterval(0, 0), "all": CountInterval(base, base)}.get(
            response["statement"], CountInterval(0, base)
        )
    counts = consistent_counts(figure, base, rounding=rounding)
    return CountInterval(counts[0], counts[-1]) if counts else None


def total_bounds(base: int, total: str) -> tuple[int, int] | None:
    """Give the bounds of the sum of a question's counts."""
    return {"closed": (base, base), "open": (0, base), "multiple": None}[total]


def tightened(ranges: Sequence[CountInterval], bounds: tuple[int, int] | None) -> list[CountInterval] | None:
    """Narrow the ranges of a question by what its counts must add up to."""
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
    """Give the range of counts of each response of one question, all figures taken together."""
    ranges = [response_range(row, base, rounding) for _, row in responses.iterrows()]
    if any(r is None for r in ranges):
        return None
    return tightened([r for r in ranges if r is not None], total_bounds(base, total))
