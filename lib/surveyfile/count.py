"""Counting respondents: DuckDB groups them by their answers; what the groups mean is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveyfile import engine
from surveyfile.codebook import Code, Item, split_cell
from surveyfile.columns import Column
from surveyfile.engine import Groups
from surveyfile.weights import Weights, kish

COUNTED = ("answer", "missing")
RECORDED = ("answer", "missing", "not_chosen")


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
    columns: Mapping[str, Column], items: Sequence[Item], weights: Weights | None = None
) -> list[Question]:
    """Count every question of a codebook."""
    questions = list(by_question(items).values())
    if not questions:
        return []
    names = list(dict.fromkeys(item.column for group in questions for item in group))
    places = {name: place for place, name in enumerate(names)}
    sets = [[places[item.column] for item in group] for group in questions]
    weighed = (weights.column.codes, weights.units) if weights else None
    found = engine.grouped([columns[name].codes for name in names], sets, weighed)
    return [
        count_question(group, [columns[item.column].texts for item in group], groups, weights)
        for group, groups in zip(questions, found, strict=True)
    ]


def by_question(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Columns of each question, in the order of the codebook."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.role == "question":
            groups.setdefault(item.question, []).append(item)
    return groups


@dataclass
class _Sums:
    """Respondents, and sums of their weights and of the squares of these, in units."""

    times: int = 0
    weight: int = 0
    squares: int = 0
    weighing: int = 0

    def add(self, times: int, weight: int, squares: int, weighing: int) -> None:
        """Add a group."""
        self.times += times
        self.weight += weight
        self.squares += squares
        self.weighing += weighing


def count_question(
    group: Sequence[Item],
    texts: Sequence[Sequence[str]],
    groups: Groups,
    weights: Weights | None,
) -> Question:
    """Count one question from the groups of its answers.

    Parameters
    ----------
    group : sequence of Item
        The columns of the question.
    texts : sequence of sequence of str
        The distinct answers of each column.
    groups : Groups
        Positions of their answers among `texts` (-1 is silence), respondents and their weights.
    weights : Weights, optional
        How many units make a weight of one.

    Notes
    -----
    A respondent counts once for a response, in however many columns it stands.
    """
    meanings = [_meanings(own, item) for own, item in zip(texts, group, strict=True)]
    asked, answered, chosen = 0, _Sums(), dict[str, _Sums]()
    for place, sums in enumerate(
        zip(groups.times, groups.weights, groups.squares, groups.weighing, strict=True)
    ):
        found = [meaning[own[place] + 1] for meaning, own in zip(meanings, groups.answers, strict=True)]
        recorded = any(one.recorded for one in found)
        asked += sums[0] if recorded or any(one.asked for one in found) else 0
        if recorded:
            answered.add(*sums)
        for response in dict.fromkeys(response for one in found for response in one.responses):
            chosen.setdefault(response, _Sums()).add(*sums)
    scale = weights.scale if weights else None
    first = group[0]
    return Question(
        first.question,
        first.kind,
        first.label,
        first.wording,
        tuple(item.column for item in group),
        asked,
        answered.times,
        None if scale is None else kish(answered.weight, answered.squares),
        tuple(_responses(group, answered, chosen, scale)),
        _in_weights(answered.weight, scale),
        _in_weights(answered.squares, scale and scale**2),
        answered.weighing if weights else answered.times,
    )


def _in_weights(units: int, scale: int | None) -> float | None:
    """Sum of weights, correctly rounded."""
    return None if scale is None else float(Fraction(units, scale))


@dataclass(frozen=True)
class _Meaning:
    """What one cell says of whoever filled it."""

    asked: bool
    recorded: bool = False
    responses: tuple[str, ...] = ()


def _meanings(texts: Sequence[str], item: Item) -> list[_Meaning]:
    """Meaning of silence, then of each value of a column."""
    codes = {code.code: code for code in item.codes}
    found = [_Meaning(asked=True)]
    for value in texts:
        own = [codes[part] for part in split_cell(value, item.separator)]
        found.append(
            _Meaning(
                asked=not own or any(code.status != "not_asked" for code in own),
                recorded=any(code.status in RECORDED for code in own),
                responses=tuple(code.response for code in own if code.status in COUNTED),
            )
        )
    return found


def _responses(
    group: Sequence[Item], answered: _Sums, chosen: Mapping[str, _Sums], scale: int | None
) -> Iterator[Response]:
    """Responses in display order: answers, then the missing codes that somebody gave."""
    places: dict[str, list[tuple[str, str]]] = {}
    meanings: dict[str, Code] = {}
    for item in group:
        for code in item.codes:
            if code.status in COUNTED:
                places.setdefault(code.response, []).append((item.column, code.code))
                meanings.setdefault(code.response, code)
    for code in sorted(meanings.values(), key=_display_key):
        own = chosen.get(code.response, _Sums())
        if code.status == "missing" and not own.times:
            continue
        weight, total = _in_weights(own.weight, scale), _in_weights(answered.weight, scale)
        yield Response(
            code.response,
            code.label,
            code.score,
            code.status == "answer",
            own.times,
            weight,
            weight / total if weight is not None and total else None,
            tuple(places[code.response]),
            _in_weights(own.squares, scale and scale**2),
        )


def _display_key(code: Code) -> tuple[bool, float]:
    """Answers before missing codes, and points of a scale from low to high."""
    return code.status == "missing", float(code.score or 0)
