"""Numeric questions: ages, hours, points out of 100. Their answers are counted in bins, and summed up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from math import floor, log10, sqrt

import numpy as np
from regint.survey.schema import MOMENTS
from scipy import stats
from textfiles.problems import Problem
from textfiles.text import identifier, short_label

from surveyfile.codebook import Code, Item
from surveyfile.columns import Groups, Respondents, Sums, short_number
from surveyfile.design import Design, Members, Numbers
from surveyfile.weights import decimal_mark

_LABELS = ("Mean", "Standard deviation", "Median", "Lower quartile", "Upper quartile")
_MOST_BINS = 10
_NUMBER = re.compile(r"[+-]?(\d{1,15}([.,]\d{1,9})?|[.,]\d{1,9})")


def numeric_item(item: Item, data: Respondents, below: int, taken: set[str], decimal: str = "") -> Item:
    """Make a column a numeric question: its numbers are told apart in bins, all else lacks substance.

    The decimal mark is the stated one, or that of all its numbers.
    """
    column = data.columns[item.column]
    if item.column not in data.groups:
        raise Problem(
            f"--numeric {item.column}: the column has a role already, as a weight, strata or clusters."
        )
    times: Mapping[str | None, int] = data.groups[item.column].times(item.column)
    listed = {code.code: code for code in item.codes if code.status != "answer"}
    states = listed.keys() | column.missing
    written = [text for text in column.texts if _NUMBER.fullmatch(text) and text not in states]
    mark = decimal_mark(tuple(written), item.column, decimal)
    other = "." if mark == "comma" else ","
    numbers = {text: Fraction(text.replace(",", ".")) for text in written if other not in text}
    note = "its decimal mark is the comma" if mark == "comma" and not decimal else ""
    if len(set(numbers.values())) < 2:
        raise Problem(f"--numeric {item.column}: the column does not hold two different numbers.")
    others = [text for text in column.texts if text not in numbers and text not in listed]
    codes, names = [], set[str]()
    for label, texts in _bins(numbers, times, below):
        response = identifier(label, names, prefix="from")
        names.add(response)
        codes += [Code(text, response, label) for text in texts]
    for text in [*listed, *others]:
        code = listed.get(text) or Code(text, "", column.labels.get(text, text), status="missing")
        response = code.response or identifier(code.label, names, prefix="code")
        names.add(response)
        codes.append(replace(code, response=response))
    wording = item.wording or column.wording
    label = item.label or short_label(wording or item.column)
    question = item.question or identifier(item.column, taken)
    return Item(item.column, "question", question, "numeric", label, wording, "", note, tuple(codes))


def _bins(
    numbers: Mapping[str, Fraction], times: Mapping[str | None, int], below: int
) -> list[tuple[str, list[str]]]:
    """Cut numbers into bins of one round width; bins of few people are united with the next, or the last."""
    low, high = min(numbers.values()), max(numbers.values())
    whole = all(number.denominator == 1 for number in numbers.values())
    power = Fraction(10) ** floor(log10(float(high - low) / _MOST_BINS))
    widths = (power * step for step in (1, 2, 5, 10, 20))
    width = next(width for width in widths if high // width - low // width < _MOST_BINS)
    width = max(width, Fraction(1)) if whole else width
    inside: dict[int, list[str]] = {}
    for text in sorted(numbers, key=lambda text: numbers[text]):
        inside.setdefault(int(numbers[text] // width), []).append(text)
    bins: list[tuple[int, int, int]] = []  # first and last place, people
    for place in range(int(low // width), int(high // width) + 1):
        people = sum(times[text] for text in inside.get(place, ()))
        few = bool(bins) and 0 < bins[-1][2] < below
        first, _, before = bins.pop() if few else (place, place, 0)
        bins.append((first, place, before + people))
    while len(bins) > 1 and 0 < bins[-1][2] < below:
        (first, _, before), (_, last, people) = bins.pop(-2), bins.pop()
        bins.append((first, last, before + people))
    named = []
    for first, last, _ in bins:
        start, end = first * width, (last + 1) * width
        label = f"{short_number(start)} to below {short_number(end)}"
        if whole:
            label = short_number(start) + (f" to {short_number(end - 1)}" if end - start > 1 else "")
        named.append((label, [text for place in range(first, last + 1) for text in inside.get(place, ())]))
    return named


def moments(
    item: Item, groups: Groups, data: Respondents, design: Design | None, inside: Members | None = None
) -> list[dict[str, str]]:
    """Give mean, standard deviation, median and quartiles of a numeric question, as rows of responses.csv.

    Quantiles are the smallest number that a share of the weights does not exceed, the mean of two where it is
    met exactly (for people without weights, those of a sorted list by hand). Errors are those of the design,
    by Taylor linearisation as for shares; that of a quantile is Woodruff's: half the width of what the 95%
    interval of the share below it spans, over the quantile of Student's t.

    Parameters
    ----------
    item : Item
        The question.
    groups : Groups
        The respondents by their answers, all or those of one group.
    data : Respondents
        The file.
    design : Design, optional
        The design, where more than weights are stated.
    inside : array, optional
        Who is in the group, under a design.

    References
    ----------
    Woodruff, R. S. (1952). Confidence intervals for medians and other position measures. *Journal of the
    American Statistical Association* 47(260), 635-646. https://doi.org/10.1080/01621459.1952.10483443
    """
    numbers = {c.code: Fraction(c.code.replace(",", ".")) for c in item.codes if c.status == "answer"}
    found: dict[Fraction, Sums] = {}
    for (text,), sums in groups.sums.items():
        if text in numbers:
            found.setdefault(numbers[text], Sums()).add(sums)
    weights = sorted((x, Fraction(sums.weight)) for x, sums in found.items())
    total = Fraction(sum(weight for _, weight in weights))
    people = sum(sums.weighing for sums in found.values())
    if people < 2 or not total:
        return []
    mean = sum(x * weight for x, weight in weights) / total
    spread = sum(weight * (x - mean) ** 2 for x, weight in weights) / total
    quantiles = [_quantile(weights, total, Fraction(q, 4)) for q in (2, 1, 3)]
    values = [float(mean), sqrt(spread * Fraction(people, people - 1)), *map(float, quantiles)]
    if design:
        column = data.columns[item.column]
        own = np.array([*(float(numbers.get(text, np.nan)) for text in column.texts), np.nan])[column.codes]
        counts = np.isfinite(own) & (design.weights > 0) & (True if inside is None else inside)
        own, degrees = own[counts], design.degrees(counts)
    else:
        own, degrees = np.array([float(x) for x, _ in weights]), people - 1
    of = np.column_stack([own, *(own <= float(x) for x in quantiles)])  # a share below is a mean as well
    if design:
        errors = _errors(of, counts, design)
    else:
        worth = np.array([float(weight) for _, weight in weights])
        squares = np.array([float(found[x].squares) for x, _ in weights])
        apart = of - worth @ of / worth.sum()
        errors = np.sqrt(data.rows / (data.rows - 1) * (squares @ apart**2)) / float(total)
    told = {"mean": errors[0]}
    if degrees > 0:
        for name, x, error in zip(("median", "q1", "q3"), quantiles, errors[1:], strict=True):
            width = stats.t.ppf(0.975, degrees)
            below = float(sum(weight for own, weight in weights if own <= x) / total)
            ends = below - width * error, below + width * error
            if ends[0] >= 0 and ends[1] <= 1:  # otherwise the interval has no end
                low, high = (_quantile(weights, total, Fraction(end)) for end in ends)
                told[name] = float(high - low) / (2 * width)
    taken = {code.response for code in item.codes}
    return [
        {"response": identifier(name, taken), "label": label, "row": name, "printed": _figure(value)}
        | ({"se": short_number(told[name]), "df": str(degrees)} if name in told else {})
        for name, label, value in zip(MOMENTS, _LABELS, values, strict=True)
    ]


def _errors(of: Numbers, counts: Members, design: Design) -> Numbers:
    """Estimate the standard errors of means under a design; `of` has a row for each who counts."""
    weights = design.weights[counts]
    means = weights @ of / weights.sum()
    if design.replicates:
        replicas, factors = design.replicates[0][counts], design.replicates[1]
        apart = (replicas.T @ of) / replicas.sum(axis=0)[:, None] - means
        return np.asarray(np.sqrt(factors @ apart**2))
    unit = design.units[0][counts]
    scores = weights[:, None] * (of - means) / weights.sum()
    sums = [np.bincount(unit, weights=own, minlength=len(design.units[1])) for own in scores.T]
    return np.sqrt(np.maximum(np.diagonal(design.covariance(np.column_stack(sums))), 0))


def _quantile(known: list[tuple[Fraction, Fraction]], total: Fraction, share: Fraction) -> Fraction:
    """Give the number below which a share of the weights lies."""
    passed = [*accumulate(weight for _, weight in known)]
    place = bisect_left(passed, share * total)
    met = passed[place] == share * total and place + 1 < len(known)
    return (known[place][0] + known[place + 1][0]) / 2 if met else known[place][0]


def _figure(value: float) -> str:
    """Write a number with four digits that count, and two decimals at least."""
    if not value:
        return "0"
    places = min(9, max(2, 3 - floor(log10(abs(value)))))
    return f"{value:.{places}f}"
