"""Which counts a question's printed figures and words admit at a base: intervals, tightened by the total."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from regint.percentages.counts import LARGEST_BASE, Window, bases_of_counts, windows
from regint.percentages.misfits import misfits

# A quantity in words that fixes a figure. "Half" is read as a whole per cent, since a word is no
# more exact than that; words such as "nearly every" fix nothing.
_FIGURE_IN_WORDS = {"half": "50"}
_NEAREST_FIGURES = _FIGURE_IN_WORDS | {
    f"{above}below {bound}": figure
    for above in ("", "above 0, ")
    for bound, figure in (("0.5", "0"), ("0.05", "0.0"), ("0.005", "0.00"))
}
"""Figures that stand for as much as some words do, or for no more than a hair more."""

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_BELOW = re.compile(rf"(above 0, )?below {_NUMBER}")
_FROM_TO = re.compile(rf"from {_NUMBER} to {_NUMBER}")
BOUNDS_IN_WORDS = re.compile(rf"{_BELOW.pattern}|{_FROM_TO.pattern}")

RECORDED = ("reported", "counted")
"""How a base is known that the source itself gives."""

SHARE_UNITS = 720_720 * 10**6
"""A base so large, and divisible by so many numbers, that its counts stand for shares of people unknown."""


_MOST_PASSES = 30


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


class Net(NamedTuple):
    """Several responses of a question printed as one, by name, with what was printed for them."""

    response: str
    label: str
    members: tuple[str, ...]
    cells: dict[str, Any]


class Together(NamedTuple):
    """The least and the most people who can have given some responses, by their places, together."""

    places: tuple[int, ...]
    least: int
    most: int


def response_range(
    response: "Mapping[str, Any] | pd.Series[Any]", base: int, rounding: str = "up_or_down"
) -> CountInterval | None:
    """Give the counts that one row of responses.csv admits, taken by itself."""
    if not pd.isna(response["count"]) and base != SHARE_UNITS:  # of which a count is no share
        count = int(response["count"])
        return CountInterval(count, count) if count <= base else None
    window = _window(response["printed"], response["statement"], rounding)
    if window is None:
        return {"none": CountInterval(0, 0), "all": CountInterval(base, base)}.get(
            response["statement"], CountInterval(0, base)
        )
    counts = CountInterval(*window.counts(base))
    return counts if counts.least <= counts.most else None


def bases_beside_counts(rows: Sequence[Mapping[Any, Any]]) -> str:
    """Say at which bases the counts of a question print as its figures; nothing if it has no such count."""
    counted = [row for row in rows if row["printed"] and pd.notna(row["count"]) and row["count"] > 0]
    if not counted:
        return ""
    bases = bases_of_counts([int(row["count"]) for row in counted], [row["printed"] for row in counted])
    if len(bases) < 2:
        return f"at a base of {bases[0]} only" if bases else "at no base, rounded to the nearest"
    return f"at bases from {bases[0]} {'on' if bases[-1] == LARGEST_BASE else f'to {bases[-1]}'}"


def count_agrees(response: Mapping[Any, Any], base: int) -> bool:
    """Say whether the count of a row prints as the figure beside it; so does a row without one of the two."""
    window = _window(response["printed"], response["statement"], "up_or_down")
    if window is None or pd.isna(response["count"]):
        return True
    least, most = window.counts(base)
    return least <= int(response["count"]) <= most


@lru_cache(maxsize=10_000)
def _window(figure: str, statement: str, rounding: str) -> Window | None:
    """Give the shares that a figure, or the words in its place, leave open; None for words without number."""
    figure = figure or _FIGURE_IN_WORDS.get(statement, "")
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


def tightened(
    ranges: Sequence[CountInterval], bounds: tuple[int, int] | None, nets: Sequence[Together] = ()
) -> list[CountInterval] | None:
    """Narrow the intervals of a question by what its counts, and those under a net, must add up to.

    The result is exact where of any two nets one holds the other or they share nothing; else it may be wider.
    """
    wholes = [*nets, *([Together(tuple(range(len(ranges))), *bounds)] if bounds else [])]
    wholes.sort(key=lambda whole: len(whole.places))
    # A net is a part of the next whole that holds it, and stands there for its members.
    parts: list[list[int]] = []
    for number, whole in enumerate(wholes):
        left, inner = set(whole.places), []
        for smaller in range(number - 1, -1, -1):
            if left.issuperset(wholes[smaller].places):
                inner.append(len(ranges) + smaller)
                left.difference_update(wholes[smaller].places)
        parts.append([*sorted(left), *inner])
    ends = [(r.least, r.most) for r in ranges] + [(whole.least, whole.most) for whole in wholes]
    for _ in range(_MOST_PASSES):
        before = list(ends)
        for number, own in enumerate(parts):
            least, most = sum(ends[part][0] for part in own), sum(ends[part][1] for part in own)
            low, high = ends[len(ranges) + number]
            low, high = max(low, least), min(high, most)
            if low > high:
                return None
            ends[len(ranges) + number] = low, high
            for part in own:
                first, last = ends[part]
                ends[part] = max(first, low - (most - last)), min(last, high - (least - first))
        if ends == before or not nets:  # one whole is exact at once
            break
    return [CountInterval(*end) for end in ends[: len(ranges)]]


def nets_together(
    responses: Sequence[str], nets: Sequence[Net], base: int, total: str, rounding: str = "up_or_down"
) -> list[Together] | None:
    """Give what the nets of a question say of its responses at a base; None if one fits no count of it.

    Where several answers were allowed, a net counts everybody who gave one of its members at least once.
    """
    found = []
    for net in nets:
        counts = response_range(net.cells, base, rounding)
        if counts is None:
            return None
        places = tuple(responses.index(name) for name in net.members)
        most = base * len(places) if total == "multiple" else counts.most
        found.append(Together(places, counts.least, most))
        if total == "multiple":
            found += [Together((place,), 0, counts.most) for place in places]
    return found


def question_ranges(
    rows: Sequence[Mapping[Any, Any]],
    base: int,
    total: str,
    rounding: str = "up_or_down",
    nets: Sequence[Net] = (),
) -> list[CountInterval] | None:
    """Give the interval of counts of each row of one question, all figures taken together."""
    ranges = [response_range(row, base, rounding) for row in rows]
    sums = nets_together([row["response"] for row in rows], nets, base, total, rounding) if nets else []
    if sums is None or any(r is None for r in ranges):
        return None
    return tightened([r for r in ranges if r is not None], total_bounds(base, total), sums)


def nearest_figures(responses: pd.DataFrame) -> "pd.Series[str]":
    """Give the figure of each row, or the one that stands for its words; empty for other words."""
    words = responses["statement"].map(_NEAREST_FIGURES).fillna("").astype(str)
    return responses["printed"].where(responses["printed"] != "", words)


def recorded_misfits(
    questions: pd.DataFrame, responses: pd.DataFrame, rounding: str = "up_or_down"
) -> pd.DataFrame:
    """Hold counts, figures and recorded bases against each other, by `regint.percentages.misfits.misfits`.

    A base that was inferred, and what was printed from weighted data, is compared with nothing.
    """
    rows = responses.reset_index(drop=True)
    design = questions.loc[rows["question"]].reset_index(drop=True)
    stated = design["base_status"].isin(RECORDED) & ~design["weighted"].astype(bool)
    bases, counts = design["printed_base"].where(stated), rows["count"]
    # Of words, "none" is a count of 0, and "all" is everybody.
    for word, count in (("none", 0), ("all", bases)):
        counts = counts.mask(rows["statement"].eq(word) & counts.isna(), count)
    rows = rows.assign(total=design["total"], base=bases.astype("Int64"), printed=nearest_figures(rows))
    return misfits(rows.assign(count=counts), rounding)
