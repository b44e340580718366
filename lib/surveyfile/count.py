"""Counting: what groups of respondents with the same answers mean for a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from surveyfile.codebook import Code, Item
from surveyfile.columns import Groups, Respondents, Sums
from surveyfile.weights import kish

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
    people: int = 0


def tabulate(data: Respondents, items: Sequence[Item], *, weighted: bool) -> list[Question]:
    """Count every question of a codebook."""
    return [
        count_question(group, data.groups[group[0].column], weighted=weighted)
        for group in by_question(items).values()
    ]


def by_question(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Columns of each question, in the order of the codebook."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.role == "question":
            groups.setdefault(item.question, []).append(item)
    return groups


def count_question(group: Sequence[Item], groups: Groups, *, weighted: bool) -> Question:
    """Count one question, in one column or several, from the groups of its answers.

    A respondent counts once for a response, in however many columns it stands.
    """
    asked, answered, chosen = 0, Sums(), dict[str, Sums]()
    for found, sums in _read(group, groups):
        recorded = any(one.recorded for one in found)
        asked += sums.times if recorded or any(one.asked for one in found) else 0
        if recorded:
            answered.add(sums)
        for response in dict.fromkeys(response for one in found for response in one.responses):
            chosen.setdefault(response, Sums()).add(sums)
    first = group[0]
    return Question(
        first.question,
        first.kind,
        first.label,
        first.wording,
        tuple(item.column for item in group),
        asked,
        answered.times,
        kish(answered.weight, answered.squares) if weighted else None,
        tuple(_responses(group, answered, chosen, weighted=weighted)),
        float(answered.weight) if weighted else None,
        float(answered.squares) if weighted else None,
        answered.weighing,
        sum(sums.times for sums in groups.sums.values()),
    )


def parts_of(by: Sequence[Item], groups: Groups) -> dict[tuple[str, ...], Groups]:
    """Take respondents apart by the groups that the last columns, `by`, make, in the order of the codebook.

    A group goes by its labels, one a column; those whose group is not known, for they kept silent or gave no
    answer in substance, stand under the empty tuple.
    """
    names = groups.columns[: -len(by)]
    labels = [{code.response: code.label for code in answers_of(item)} for item in by]
    found_in = [
        meanings({answers[len(names) + place] for answers in groups.sums}, item)
        for place, item in enumerate(by)
    ]
    parts: dict[tuple[str, ...], dict[tuple[str | None, ...], Sums]] = {
        key: {} for key in (*product(*labels), ())
    }
    for answers, sums in groups.sums.items():
        own = [meaning[text].responses for meaning, text in zip(found_in, answers[len(names) :], strict=True)]
        key = tuple(responses[0] for responses in own if responses)
        parts[key if key in parts else ()].setdefault(answers[: len(names)], Sums()).add(sums)
    return {
        tuple(own[response] for own, response in zip(labels, key, strict=False)): Groups(names, part)
        for key, part in parts.items()
        if part or not key
    }


def answers_of(item: Item) -> list[Code]:
    """Codes of the answers in substance, in display order."""
    return sorted((code for code in item.codes if code.status == "answer"), key=_display_key)


@dataclass(frozen=True)
class _Meaning:
    """What one cell says of whoever filled it."""

    asked: bool
    recorded: bool = False
    responses: tuple[str, ...] = ()


def meanings(texts: Iterable[str | None], item: Item) -> dict[str | None, _Meaning]:
    """Meaning of silence and of the texts of a column."""
    codes = {code.code: code for code in item.codes}
    found: dict[str | None, _Meaning] = {None: _Meaning(asked=True)}
    for text in filter(None, texts):
        own = [codes[part] for part in item.answers(text)]
        found[text] = _Meaning(
            asked=not own or any(code.status != "not_asked" for code in own),
            recorded=any(code.status in RECORDED for code in own),
            responses=tuple(code.response for code in own if code.status in COUNTED),
        )
    return found


def _read(group: Sequence[Item], groups: Groups) -> Iterator[tuple[list[_Meaning], Sums]]:
    """Give for each group of respondents what their cells say, column by column."""
    items = {item.column: item for item in group}
    found_in = [
        meanings({answers[place] for answers in groups.sums}, items[column])
        for place, column in enumerate(groups.columns)
    ]
    for answers, sums in groups.sums.items():
        yield [own[text] for own, text in zip(found_in, answers, strict=True)], sums


def _responses(
    group: Sequence[Item], answered: Sums, chosen: Mapping[str, Sums], *, weighted: bool
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
        own = chosen.get(code.response, Sums())
        if code.status == "missing" and not own.times:
            continue
        weight, total = float(own.weight), float(answered.weight)
        yield Response(
            code.response,
            code.label,
            code.score,
            code.status == "answer",
            own.times,
            weight if weighted else None,
            weight / total if weighted and total else None,
            tuple(places[code.response]),
            float(own.squares) if weighted else None,
        )


def _display_key(code: Code) -> tuple[bool, float]:
    """Answers before missing codes, and points of a scale from low to high."""
    return code.status == "missing", float(code.score or 0)


def joint_counts(group: Sequence[Item], groups: Groups) -> dict[tuple[str, str], int]:
    """Count how many chose both, for each pair of the responses of a choose-several question."""
    order = list(dict.fromkeys(c.response for item in group for c in item.codes if c.status in COUNTED))
    counts = dict.fromkeys(combinations(order, 2), 0)
    for found, sums in _read(group, groups):
        chosen = {response for one in found for response in one.responses}
        for pair in combinations([response for response in order if response in chosen], 2):
            counts[pair] += sums.times
    return counts
