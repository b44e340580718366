"""Counting respondents: every question, weighted and not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from surveyfile.codebook import Code, Item, split_cell
from surveyfile.columns import Column

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_DIGITS = 52
"""Binary digits of a floating-point number that every sum of a part may use."""

_DECIMALS = 6
_PRECISION = 62


@dataclass(frozen=True)
class Unit:
    """How weights become whole numbers."""

    scale: Fraction
    square: Fraction
    exponent: int | None = None

    def whole(self, weights: Numbers) -> Whole:
        """Weights as whole numbers of the unit."""
        if self.exponent is None:
            return np.rint(weights * float(self.scale)).astype(np.int64)
        return np.rint(np.ldexp(weights, _PRECISION - self.exponent)).astype(np.int64)

    def squared(self, weights: Numbers) -> Whole:
        """Squares of weights as whole numbers of their unit."""
        if self.exponent is None:
            return self.whole(weights) ** 2
        shares = np.ldexp(weights, -self.exponent)  # of a power of two, so that no square vanishes
        squares: Whole = np.rint(np.ldexp(shares * shares, _PRECISION)).astype(np.int64)
        return squares


def unit_of(weights: Numbers) -> Unit:
    """Choose the unit of some weights; it depends on their values, not on their order or number."""
    largest = float(weights.max(initial=0.0))
    for decimals in range(_DECIMALS + 1):
        scale = 10.0**decimals
        exact = np.rint(weights * scale) / scale == weights
        if largest * scale < 2.0 ** (_DIGITS // 2) and bool(exact.all()):
            return Unit(Fraction(10) ** decimals, Fraction(100) ** decimals)
    exponent = int(np.frexp(largest)[1])
    return Unit(Fraction(2) ** (_PRECISION - exponent), Fraction(2) ** (_PRECISION - 2 * exponent), exponent)


@dataclass(frozen=True)
class Measure:
    """A whole number for each record, held in parts whose sums are exact."""

    limbs: tuple[Numbers, ...]
    digits: int

    def by_slot(self, slots: npt.NDArray[np.intp], size: int) -> list[int]:
        """Sum over the records of each slot."""
        parts = [np.bincount(slots, weights=limb, minlength=size) for limb in self.limbs]
        return [sum(int(p[slot]) << (self.digits * i) for i, p in enumerate(parts)) for slot in range(size)]

    def within(self, mask: npt.NDArray[np.bool_]) -> int:
        """Sum over the records of a mask."""
        return sum(int(limb[mask].sum()) << (self.digits * i) for i, limb in enumerate(self.limbs))


def measure(numbers: npt.NDArray[Any] | Sequence[int]) -> Measure:
    """Measure from whole numbers of any size, zero or more."""
    rest = numbers if isinstance(numbers, np.ndarray) else np.array(numbers, dtype=object)
    digits = _DIGITS - len(rest).bit_length()
    if float(rest.astype(np.float64).sum()) < 2.0**_DIGITS:
        return Measure((rest.astype(np.float64),), digits)
    limbs = []
    while rest.any():
        limbs.append((rest & (2**digits - 1)).astype(np.float64))
        rest = rest >> digits
    return Measure(tuple(limbs), digits)


@dataclass(frozen=True)
class Records:
    """What the records of a table stand for: one respondent each, or a group of respondents alike."""

    times: Measure | None = None
    weights: Measure | None = None
    squares: Measure | None = None
    positive: Measure | None = None
    unit: Unit | None = None

    def respondents(self, slots: npt.NDArray[np.intp], size: int) -> list[int]:
        """Respondents by slot."""
        if self.times is not None:
            return self.times.by_slot(slots, size)
        return [int(count) for count in np.bincount(slots, minlength=size)]

    def count(self, mask: npt.NDArray[np.bool_]) -> int:
        """Respondents within a mask."""
        return int(np.count_nonzero(mask)) if self.times is None else self.times.within(mask)


def weighted_records(weights: Numbers | None) -> Records:
    """Make records of one respondent each."""
    if weights is None:
        return Records()
    unit = unit_of(weights)
    positive = None if weights.all() else measure((weights > 0).astype(np.int64))
    return Records(None, measure(unit.whole(weights)), measure(unit.squared(weights)), positive, unit)


_COUNTED = ("answer", "missing")
_RECORDED = ("answer", "missing", "not_chosen")


@dataclass(frozen=True)
class Response:
    """One response of a question, counted."""

    response: str
    label: str
    score: str
    substantive: bool
    count: int
    weighted_count: float | None = None
    weighted_share: float | None = None
    codes: tuple[tuple[str, str], ...] = ()
    squared_weight: float | None = None


@dataclass(frozen=True)
class Question:
    """One question, counted."""

    question: str
    kind: str
    label: str
    wording: str
    columns: tuple[str, ...]
    asked: int
    answered: int
    effective_base: float | None
    responses: tuple[Response, ...]
    weight: float | None = None
    squared_weight: float | None = None
    weighing: int = 0


def tabulate(
    columns: Mapping[str, Column], items: Sequence[Item], weights: Numbers | None = None
) -> list[Question]:
    """Count every question of a codebook."""
    records = weighted_records(weights)
    return [count_question(columns, group, records) for group in by_question(items).values()]


def by_question(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Columns of each question, in the order of the codebook."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.role == "question":
            groups.setdefault(item.question, []).append(item)
    return groups


def count_question(columns: Mapping[str, Column], group: Sequence[Item], records: Records) -> Question:
    """Count one question by the way its columns allow."""
    tally = _by_value(columns, group[0], records) if len(group) == 1 else _by_person(columns, group, records)
    first = group[0]
    return Question(
        first.question,
        first.kind,
        first.label,
        first.wording,
        tuple(item.column for item in group),
        tally.asked,
        tally.answered,
        tally.effective(),
        tuple(_responses(group, tally)),
        tally.sum(tally.weight),
        tally.square(tally.squares),
        tally.positive,
    )


@dataclass
class _Tally:
    """Counts of a question by response id, and sums of weights in units."""

    unit: Unit | None
    asked: int = 0
    answered: int = 0
    positive: int = 0
    weight: int = 0
    squares: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    weights_of: dict[str, int] = field(default_factory=dict)
    squares_of: dict[str, int] = field(default_factory=dict)

    def sum(self, units: int) -> float | None:
        """Sum of weights, correctly rounded."""
        return float(units / self.unit.scale) if self.unit else None

    def square(self, units: int) -> float | None:
        """Sum of squares of weights."""
        return float(units / self.unit.square) if self.unit else None

    def effective(self) -> float | None:
        """Kish's effective base."""
        if self.unit is None:
            return None
        return (
            float((self.weight / self.unit.scale) ** 2 / (self.squares / self.unit.square))
            if self.squares
            else 0.0
        )


def _by_value(columns: Mapping[str, Column], item: Item, records: Records) -> _Tally:
    """Count a question of one column by its distinct values, without a pass per response."""
    column = columns[item.column]
    slots = column.codes.astype(np.intp) + 1  # cast once; bincount would cast for each of its passes
    size = len(column.texts) + 1
    times = records.respondents(slots, size)
    weights, squares = (
        m.by_slot(slots, size) if m else [0] * size for m in (records.weights, records.squares)
    )
    positive = records.positive.by_slot(slots, size) if records.positive else times
    tally = _Tally(records.unit)
    for slot, found in enumerate(_meanings(column, item)):
        if not found or not all(code.status == "not_asked" for code in found):
            tally.asked += times[slot]
        if any(code.status in _RECORDED for code in found):
            tally.answered += times[slot]
            tally.positive += positive[slot]
            tally.weight += weights[slot]
            tally.squares += squares[slot]
        for response in dict.fromkeys(code.response for code in found if code.status in _COUNTED):
            for totals, per_slot in (
                (tally.counts, times), (tally.weights_of, weights), (tally.squares_of, squares)
            ):  # fmt: skip
                totals[response] = totals.get(response, 0) + per_slot[slot]
    return tally


def membership(
    columns: Mapping[str, Column], group: Sequence[Item]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], dict[str, npt.NDArray[np.bool_]]]:
    """Who was asked, who answered, and who chose each response of one question."""
    rows = len(columns[group[0].column].codes)
    answered, asked = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    chosen: dict[str, npt.NDArray[np.bool_]] = {}
    for item in group:
        slots = columns[item.column].codes + 1
        meaning = _meanings(columns[item.column], item)
        has_state = np.array([any(code.status in _RECORDED for code in found) for found in meaning])
        not_asked = np.array(
            [bool(found) and all(code.status == "not_asked" for code in found) for found in meaning]
        )
        answered |= has_state[slots]
        asked |= ~not_asked[slots]
        for response in dict.fromkeys(code.response for code in item.codes if code.status in _COUNTED):
            flags = np.array(
                [any(c.response == response and c.status in _COUNTED for c in found) for found in meaning]
            )
            mask = flags[slots]
            chosen[response] = chosen[response] | mask if response in chosen else mask
    return asked | answered, answered, chosen


def _meanings(column: Column, item: Item) -> list[list[Code]]:
    """Codes behind every slot of a column: silence first, then each value."""
    meaning = {code.code: code for code in item.codes}
    return [[], *([meaning[part] for part in split_cell(value, item.separator)] for value in column.texts)]


def _by_person(columns: Mapping[str, Column], group: Sequence[Item], records: Records) -> _Tally:
    """Count a set of columns: a respondent counts once for a response, in however many columns it stands."""
    asked, answered, chosen = membership(columns, group)
    tally = _Tally(records.unit, records.count(asked), records.count(answered))
    tally.positive = records.positive.within(answered) if records.positive else tally.answered
    tally.counts = {response: records.count(mask) for response, mask in chosen.items()}
    if records.weights and records.squares:
        tally.weight, tally.squares = records.weights.within(answered), records.squares.within(answered)
        tally.weights_of = {response: records.weights.within(mask) for response, mask in chosen.items()}
        tally.squares_of = {response: records.squares.within(mask) for response, mask in chosen.items()}
    return tally


def _responses(group: Sequence[Item], tally: _Tally) -> Iterator[Response]:
    """Responses in display order: answers, then the missing codes that somebody gave."""
    places: dict[str, list[tuple[str, str]]] = {}
    meanings: dict[str, Code] = {}
    for item in group:
        for code in item.codes:
            if code.status in _COUNTED:
                places.setdefault(code.response, []).append((item.column, code.code))
                meanings.setdefault(code.response, code)
    for code in sorted(meanings.values(), key=_display_key):
        count = tally.counts.get(code.response, 0)
        if code.status == "missing" and not count:
            continue
        sums, total = tally.sum(tally.weights_of.get(code.response, 0)), tally.sum(tally.weight)
        share = sums / total if sums is not None and total else None
        yield Response(
            code.response,
            code.label,
            code.score,
            code.status == "answer",
            count,
            sums,
            share,
            tuple(places[code.response]),
            tally.square(tally.squares_of.get(code.response, 0)),
        )


def _display_key(code: Code) -> tuple[bool, float]:
    """Answers before missing codes, and points of a scale from low to high."""
    return code.status == "missing", float(code.score or 0)
