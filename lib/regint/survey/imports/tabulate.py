"""Count answers: from codes and a codebook to one row per question and one per response.

Who was asked, who answered and who chose stay three numbers. "Refused" is counted as an answer state without
substance; an empty cell is silence and belongs to those asked only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regint.survey.imports.labels import Code, Item, split_cell
from regint.survey.imports.respondents import Column
from regint.survey.imports.weights import effective_base

Numbers = npt.NDArray[np.float64]

_COUNTED = ("answer", "missing")
_RECORDED = ("answer", "missing", "not_chosen")


@dataclass(frozen=True)
class Response:
    """One response of a question, counted.

    Parameters
    ----------
    response, label, score : str
        As in the codebook.
    substantive : bool
        False for "don't know", "refused" and other declared missing codes.
    count : int
        Respondents who chose it.
    weighted_count, weighted_share : float or None
        Sum of their weights, and its share of the weights of all who answered.
    codes : tuple of (str, str)
        Column and code that mean this response.
    """

    response: str
    label: str
    score: str
    substantive: bool
    count: int
    weighted_count: float | None = None
    weighted_share: float | None = None
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Question:
    """One question, counted.

    Parameters
    ----------
    question, kind, label, wording : str
        As in the codebook.
    columns : tuple of str
        Its columns in the file.
    asked, answered : int
        Respondents who were asked, and those of them with any recorded answer state.
    effective_base : float or None
        Kish's effective base of those who answered.
    responses : tuple of Response
        In display order.
    """

    question: str
    kind: str
    label: str
    wording: str
    columns: tuple[str, ...]
    asked: int
    answered: int
    effective_base: float | None
    responses: tuple[Response, ...]


def tabulate(
    columns: Mapping[str, Column], items: Sequence[Item], weights: Numbers | None = None
) -> list[Question]:
    """Count every question of a codebook.

    Parameters
    ----------
    columns : Mapping
        `Column` by name.
    items : sequence of Item
        The codebook, complete.
    weights : numpy.ndarray, optional
        One weight per respondent.

    Returns
    -------
    list of Question
        In the order of the codebook.

    Examples
    --------
    >>> column = Column("q", np.array([0, 1, -1, 0], dtype=np.int32), ("1", "9"))
    >>> codes = (Code("1", "yes", "Yes"), Code("9", "refused", "Refused", status="missing"))
    >>> item = Item("q", question="q", kind="single", codes=codes)
    >>> question, = tabulate({"q": column}, [item], np.array([2.0, 1.0, 1.0, 1.0]))
    >>> question.asked, question.answered, [(r.count, r.weighted_share) for r in question.responses]
    (4, 3, [(2, 0.75), (1, 0.25)])
    """
    groups = by_question(items)
    squares = None if weights is None else weights * weights
    return [_question(columns, group, weights, squares) for group in groups.values()]


def by_question(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Columns of each question, in the order of the codebook.

    Examples
    --------
    >>> [len(group) for group in by_question([Item("a", question="q"), Item("b", question="q")]).values()]
    [2]
    """
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.role == "question":
            groups.setdefault(item.question, []).append(item)
    return groups


def _question(
    columns: Mapping[str, Column], group: list[Item], weights: Numbers | None, squares: Numbers | None
) -> Question:
    """Count one question by the way its columns allow."""
    single = len(group) == 1
    tally = _by_value(columns, group[0], weights, squares) if single else _by_person(columns, group, weights)
    responses = tuple(_responses(group, tally))
    first = group[0]
    return Question(
        first.question,
        first.kind,
        first.label,
        first.wording,
        tuple(item.column for item in group),
        tally.asked,
        tally.answered,
        tally.effective,
        responses,
    )


@dataclass(frozen=True)
class _Tally:
    """Counts of a question by response id."""

    asked: int
    answered: int
    weight: float | None
    effective: float | None
    counts: Mapping[str, int]
    weighted: Mapping[str, float]


def _by_value(
    columns: Mapping[str, Column], item: Item, weights: Numbers | None, squares: Numbers | None
) -> _Tally:
    """Count a question of one column by its distinct values, without a pass per response."""
    column = columns[item.column]
    slots = column.codes.astype(np.intp) + 1  # cast once; bincount would cast for each of its passes
    size = len(column.texts) + 1
    per_value = np.bincount(slots, minlength=size)
    sums = None if weights is None else np.bincount(slots, weights=weights, minlength=size)
    counts: dict[str, int] = {}
    weighted: dict[str, float] = {}
    answered, asked = np.zeros(size, dtype=bool), np.ones(size, dtype=bool)
    for slot, found in enumerate(_meanings(column, item)):
        answered[slot] = any(code.status in _RECORDED for code in found)
        asked[slot] = not found or not all(code.status == "not_asked" for code in found)
        for response in dict.fromkeys(code.response for code in found if code.status in _COUNTED):
            counts[response] = counts.get(response, 0) + int(per_value[slot])
            if sums is not None:
                weighted[response] = weighted.get(response, 0.0) + float(sums[slot])
    total = effective = None
    if sums is not None:
        total = float(sums[answered].sum())
        squared = float(np.bincount(slots, weights=squares, minlength=size)[answered].sum())
        effective = total**2 / squared if squared else 0.0
    return _Tally(
        int(per_value[asked].sum()), int(per_value[answered].sum()), total, effective, counts, weighted
    )


def membership(
    columns: Mapping[str, Column], group: Sequence[Item]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_], dict[str, npt.NDArray[np.bool_]]]:
    """Who was asked, who answered, and who chose each response of one question.

    Parameters
    ----------
    columns : Mapping
        `Column` by name.
    group : sequence of Item
        The columns of the question.

    Returns
    -------
    tuple
        Two masks over the respondents, and one mask by response.

    Examples
    --------
    >>> column = Column("q", np.array([0, -1], dtype=np.int32), ("a;b",))
    >>> item = Item("q", question="q", separator=";", codes=(Code("a", "a", "A"), Code("b", "b", "B")))
    >>> {response: mask.tolist() for response, mask in membership({"q": column}, [item])[2].items()}
    {'a': [True, False], 'b': [True, False]}
    """
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


def _by_person(columns: Mapping[str, Column], group: list[Item], weights: Numbers | None) -> _Tally:
    """Count a set of columns: a respondent counts once for a response, in however many columns it stands."""
    asked, answered, chosen = membership(columns, group)
    counts = {response: int(np.count_nonzero(mask)) for response, mask in chosen.items()}
    total = effective = None
    weighted: dict[str, float] = {}
    if weights is not None:
        total = float(weights[answered].sum())
        effective = effective_base(weights[answered])
        weighted = {response: float(weights[mask].sum()) for response, mask in chosen.items()}
    return _Tally(
        int(np.count_nonzero(asked)), int(np.count_nonzero(answered)), total, effective, counts, weighted
    )


def _responses(group: list[Item], tally: _Tally) -> Iterator[Response]:
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
        sums = tally.weighted.get(code.response, 0.0) if tally.weight is not None else None
        share = sums / tally.weight if sums is not None and tally.weight else None
        yield Response(
            code.response,
            code.label,
            code.score,
            code.status == "answer",
            count,
            sums,
            share,
            tuple(places[code.response]),
        )


def _display_key(code: Code) -> tuple[bool, float]:
    """Answers before missing codes, and points of a scale from low to high."""
    return code.status == "missing", float(code.score or 0)
