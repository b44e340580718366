"""Counting: what respondents with the same answers mean for a question.

It is done of everybody and within groups of people, with the errors of the design, and small counts hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
from textfiles.problems import Problem

from surveyfile.codebook import Code, Item, by_question
from surveyfile.columns import Column, Groups, Respondents, Sums, short_number
from surveyfile.design import Design, Members, Places, Precision, Totals, independence, totals_of_respondents
from surveyfile.masking import Mask, coarsen, gives_back
from surveyfile.numeric import moments
from surveyfile.weights import kish

_Key = tuple[str, ...]
_JOINER = ": "  # between the parts of a group's name where groups are crossed
COUNTED = ("answer", "missing")
_RECORDED = (*COUNTED, "not_chosen")


@dataclass(frozen=True)
class Response:
    """One response of a question, the columns and codes that stand for it, and who gave it."""

    response: str
    label: str
    score: str
    substantive: bool
    sums: Sums
    codes: tuple[tuple[str, str], ...] = ()

    @property
    def count(self) -> int:
        """How many gave it."""
        return self.sums.times


@dataclass(frozen=True)
class Question:
    """One question, counted: `people` could have been asked, `sums` are those who answered."""

    question: str
    kind: str
    label: str
    items: tuple[Item, ...]
    people: int
    asked: int
    sums: Sums
    responses: tuple[Response, ...]

    @property
    def answered(self) -> int:
        """How many answered."""
        return self.sums.times

    @property
    def effective_base(self) -> float:
        """Base that weighting leaves."""
        return kish(self.sums.weight, self.sums.squares)

    def share(self, response: Response) -> float | None:
        """Share of a response among those who answered, by their weights."""
        total = float(self.sums.weight)
        return float(response.sums.weight) / total if total else None


@dataclass(frozen=True)
class Part:
    """One question as everybody answered it, or a group of people, and what of it is hidden.

    `errors` are those of the shares by response, `moments` means and quartiles of a numeric question as rows
    of responses.csv.
    """

    question: Question
    mask: Mask = Mask()
    errors: Mapping[str, Precision] = field(default_factory=dict)
    moments: Sequence[Mapping[str, str]] = ()
    by: str = ""
    group: str = ""


def tabulate(data: Respondents, items: Sequence[Item]) -> list[Question]:
    """Count every question of a codebook."""
    return [_count_question(own, data.groups[own[0].column]) for own in by_question(items).values()]


def _count_question(items: Sequence[Item], groups: Groups) -> Question:
    """Count one question, in one column or several, from the groups of its answers.

    A respondent counts once for a response, in however many columns it stands.
    """
    asked, answered, chosen = 0, Sums(), dict[str, Sums]()
    for found, sums in _read(items, groups):
        recorded = any(one.recorded for one in found)
        asked += sums.times if recorded or any(one.asked for one in found) else 0
        if recorded:
            answered.add(sums)
        for response in dict.fromkeys(response for one in found for response in one.responses):
            chosen.setdefault(response, Sums()).add(sums)
    people = sum(sums.times for sums in groups.sums.values())
    about = items[0].question, items[0].kind, items[0].label
    return Question(*about, tuple(items), people, asked, answered, _responses(items, chosen))


def _parts_of(
    labels: Sequence[Mapping[str | None, str]], names: Sequence[_Key], groups: Groups
) -> dict[_Key, Groups]:
    """Take respondents apart by the groups that the last columns make, by their names.

    Those whose group is not known, for they kept silent or gave no answer in substance, stand under the empty
    tuple.
    """
    columns = groups.columns[: -len(labels)]
    parts: dict[_Key, dict[tuple[str | None, ...], Sums]] = {key: {} for key in (*names, ())}
    for answers, sums in groups.sums.items():
        key = tuple(own.get(text, "") for own, text in zip(labels, answers[len(columns) :], strict=True))
        parts[key if key in parts else ()].setdefault(answers[: len(columns)], Sums()).add(sums)
    return {key: Groups(columns, part) for key, part in parts.items() if part or not key}


def _answers_of(item: Item) -> list[Code]:
    """Codes of the answers in substance, in display order."""
    return sorted((code for code in item.codes if code.status == "answer"), key=_display_key)


@dataclass(frozen=True)
class _Meaning:
    """What one cell says of whoever filled it."""

    asked: bool
    recorded: bool = False
    responses: tuple[str, ...] = ()


def _meanings(texts: Iterable[str | None], item: Item) -> dict[str | None, _Meaning]:
    """Meaning of silence and of the texts of a column."""
    codes = {code.code: code for code in item.codes}
    found: dict[str | None, _Meaning] = {None: _Meaning(asked=True)}
    for text in filter(None, texts):
        own = [codes[part] for part in item.answers(text)]
        found[text] = _Meaning(
            asked=not own or any(code.status != "not_asked" for code in own),
            recorded=any(code.status in _RECORDED for code in own),
            responses=tuple(code.response for code in own if code.status in COUNTED),
        )
    return found


def _read(items: Sequence[Item], groups: Groups) -> Iterator[tuple[list[_Meaning], Sums]]:
    """Give for each group of respondents what the cells in the columns of a question mean."""
    places = [groups.columns.index(item.column) for item in items]
    found_in = [
        _meanings({answers[place] for answers in groups.sums}, item)
        for place, item in zip(places, items, strict=True)
    ]
    for answers, sums in groups.sums.items():
        yield [own[answers[place]] for place, own in zip(places, found_in, strict=True)], sums


def _responses(items: Sequence[Item], chosen: Mapping[str, Sums]) -> tuple[Response, ...]:
    """Responses in display order: answers, then the missing codes that somebody gave."""
    places: dict[str, list[tuple[str, str]]] = {}
    meanings: dict[str, Code] = {}
    for item in items:
        for code in item.codes:
            if code.status in COUNTED:
                places.setdefault(code.response, []).append((item.column, code.code))
                meanings.setdefault(code.response, code)
    return tuple(
        Response(code.response, code.label, code.score, code.status == "answer",
                 chosen.get(code.response, Sums()), tuple(places[code.response]))
        for code in sorted(meanings.values(), key=_display_key)
        if code.status == "answer" or code.response in chosen
    )  # fmt: skip


def _display_key(code: Code) -> tuple[bool, float]:
    """Answers before missing codes, and points of a scale from low to high."""
    return code.status == "missing", float(code.score or 0)


def joint_counts(items: Sequence[Item], groups: Groups) -> dict[tuple[str, str], int]:
    """Count how many chose both, for each pair of the responses of a choose-several question."""
    order = list(dict.fromkeys(c.response for item in items for c in item.codes if c.status in COUNTED))
    counts = dict.fromkeys(combinations(order, 2), 0)
    for found, sums in _read(items, groups):
        chosen = {response for one in found for response in one.responses}
        for pair in combinations([response for response in order if response in chosen], 2):
            counts[pair] += sums.times
    return counts


def precision(data: Respondents, question: Question, design: Design | None = None) -> dict[str, Precision]:
    """Estimate the errors of the shares of one question under the design."""
    if question.sums.weighing < 2:
        return {}
    everybody = np.zeros(data.rows if design else 0, dtype=np.intp)
    (errors,), _ = _compared(data, {(): question}, everybody, design)
    return errors


def _tables(
    data: Respondents, questions: Sequence[Question], place: Places, design: Design | None
) -> list[tuple[list[str], Totals]]:
    """Give the totals by answer and group: one table of a choose-one question, else one for each answer."""
    names = [response.response for response in questions[0].responses]
    sets = [names] if all(map(_exclusive, questions)) else [[name] for name in names]
    if design is None:
        return [(own, _totals_of_sums(questions, own, data.rows)) for own in sets]
    answered, chosen = _membership(data.columns, questions[0].items)
    return [
        (own, totals_of_respondents(design, [chosen[name] for name in own], answered, place)) for own in sets
    ]


def _totals_of_sums(groups: Sequence[Question], names: Sequence[str], rows: int) -> Totals:
    """Totals of weights by answer, those told apart, and group, where weights alone are stated, or none."""
    weights: list[list[float]] = []
    squares: list[list[float]] = []
    for question in groups:
        told = [response.sums for response in question.responses if response.response in names]
        for table, name in ((weights, "weight"), (squares, "squares")):
            own = [float(getattr(sums, name)) for sums in told]
            table.append([*own, max(0.0, float(getattr(question.sums, name)) - sum(own))])
    cells, spread = np.array(weights).T, np.array(squares).T.ravel()
    flat = cells.ravel()
    covariance = rows / max(1, rows - 1) * (np.diag(spread) - np.outer(flat, flat) / rows)
    weighing = [question.sums.weighing for question in groups]
    return Totals(cells, covariance, (*(number - 1 for number in weighing), sum(weighing) - 1))


def _membership(columns: Mapping[str, Column], items: Sequence[Item]) -> tuple[Members, dict[str, Members]]:
    """Who answered, and who chose each response of one question: a design needs every respondent."""
    answered = np.zeros(len(columns[items[0].column].codes), dtype=bool)
    chosen: dict[str, Members] = {}
    for item in items:
        column = columns[item.column]
        meaning = _meanings(column.texts, item)
        own = [meaning[text] for text in (*column.texts, None)]  # silence is at the last place
        answered |= np.array([one.recorded for one in own])[column.codes]
        for response in {code.response for code in item.codes if code.status in COUNTED}:
            mask = np.array([response in one.responses for one in own])[column.codes]
            chosen[response] = mask | chosen.get(response, False)
    return answered, chosen


def _exclusive(question: Question) -> bool:
    """Whether nobody gave two answers."""
    return question.kind != "multiple" and sum(r.count for r in question.responses) <= question.answered


def crosstabs(
    data: Respondents,
    design: Design | None,
    by: Sequence[_Key],
    items: Sequence[Item],
    questions: Sequence[Question],
    masks: Mapping[str, Mask],
    below: int,
) -> tuple[dict[str, list[Part]], list[dict[str, str]]]:
    """Count every question within the groups that each of the groupings makes.

    Parameters
    ----------
    data : Respondents
        The respondents.
    design : Design or None
        The design by which they were drawn, where more than weights is stated.
    by : sequence of tuple of str
        Columns that make groups, each alone or crossed.
    items : sequence of Item
        The codebook.
    questions : sequence of Question
        What is published of everybody.
    masks : mapping of Mask
        What is hidden of that.
    below : int
        Counts from 1 to `below - 1` are small; 0 hides none.

    Returns
    -------
    parts, tests
        By question the parts that can be published, and the rows of tests.csv.
    """
    if below:
        _check_linked(data, [columns[0] for columns in by if len(columns) == 1])
    described = {item.column: item for item in items}
    groupings = []
    for columns in by:
        makers = [_maker(described[column], questions) for column in columns]
        maker = ":".join(item.question for item in makers)
        hidden: set[_Key] = {  # of everybody; the size of crossed groups is published nowhere else
            (one.responses[place].label,)
            for one in questions
            if one.question == maker
            for place in masks[one.question].responses
        }
        groupings.append((columns, maker, hidden, *_groups_of(data, makers)))
    out: dict[str, list[Part]] = {question.question: [] for question in questions}
    told: list[dict[str, str]] = []
    for question, (columns, maker, hidden, labels, names, member) in product(questions, groupings):
        groups = data.crossed.get((question.items[0].column, columns))
        if groups is None:  # the question makes groups itself
            continue
        parts = _parts_of(labels, names, groups)
        counted = {key: _same_responses(_count_question(question.items, part), question)
                   for key, part in parts.items()}  # fmt: skip
        unknown = counted.pop(())
        left_out = _left_out(question, counted, unknown, masks[question.question], hidden, below)
        if left_out is None:
            continue
        responses, keys = left_out
        shown = {key: one for key, one in counted.items() if one.answered and key not in keys}
        if not shown:
            continue
        order = {key: number for number, key in enumerate(shown)}
        place = np.array([*(order.get(key, -1) for key in names), -1])[member]
        errors, tests = _compared(data, shown, place, design)
        whole = not responses and not keys
        if whole:  # tests would tell what is hidden
            told += [{"question": question.question, "by": maker, **test} for test in tests]
        # What is told of all groups but one would tell of that one.
        safe = whole and all(not 0 < one.answered < 4 * below for one in (*counted.values(), unknown))
        summed, mask = safe and question.kind == "numeric", Mask(frozenset(responses))
        for number, (key, one) in enumerate(shown.items()):
            own = moments(one.items[0], parts[key], data, design, place == number) if summed else ()
            part = Part(one, mask, errors[number], own, maker, _JOINER.join(key))
            out[question.question].append(part)
    return out, told


def _check_linked(data: Respondents, columns: Sequence[str]) -> None:
    """Refuse groups of which one kind are parts of another, for their tables would tell what is hidden."""
    for one, other in permutations(columns, 2):
        fine, coarse = data.columns[one].codes.astype(np.intp), data.columns[other].codes.astype(np.intp)
        if gives_back(fine, coarse, hides=True, below=0):
            raise Problem(
                f"--by {other} groups the answers of --by {one}: with --mask-small name one of them, for two "
                "such tables would give each other's hidden counts back."
            )


def _maker(item: Item, questions: Sequence[Question]) -> Item:
    """Check that a column can make groups."""
    if item.role != "question":
        raise Problem(
            f"--by {item.column}: the column is no question, so it makes no groups "
            f"({item.note or 'the codebook skips it'}): name one with few answers, or one of --numeric."
        )
    together = next(len(one.items) for one in questions if one.question == item.question)
    if item.kind == "multiple" or together > 1:
        raise Problem(
            f"--by {item.column}: several answers were possible, so the groups would overlap: name a "
            "column with one answer."
        )
    return item


def _same_responses(one: Question, everybody: Question) -> Question:
    """Give a group the responses of everybody, those included that nobody of the group gave."""
    own = {response.response: response for response in one.responses}
    responses = (own.get(r.response) or replace(r, sums=Sums()) for r in everybody.responses)
    return replace(one, responses=tuple(responses))


def _left_out(
    question: Question,
    groups: Mapping[_Key, Question],
    unknown: Question,
    mask: Mask,
    hidden: set[_Key],
    below: int,
) -> tuple[set[int], set[_Key]] | None:
    """Choose responses and groups to leave out so that nothing small can be worked out; None for all."""
    if not below:
        return set(), set()
    if mask.answered:  # how many of all answered is hidden, and the groups would add up to it
        return None
    everybody = [*groups.values(), unknown]
    counts = np.array([[response.count for response in one.responses] for one in everybody]).T
    answered = np.array([one.answered for one in everybody])
    silent = np.array([one.people - one.answered for one in everybody])
    labels, number = list(groups), len(question.responses)
    columns = {place for place, key in enumerate(labels) if key in hidden}
    if all(map(_exclusive, everybody)):
        table = np.vstack([counts, answered - counts.sum(axis=0), silent])
        found = coarsen(table, below, mask.responses, columns)
    elif found := coarsen(np.vstack([answered, 0 * answered, silent]), below, (), columns):
        pool = [*sorted(found[1]), len(labels)]
        cells, base = (
            np.column_stack([np.delete(numbers, pool, 1), numbers[:, pool].sum(axis=1)])
            for numbers in (counts, np.atleast_2d(answered))
        )
        small = [(part > 0) & (part < below) for part in (cells, base - cells)]
        rows = {*mask.responses, *np.flatnonzero((small[0] | small[1]).any(axis=1)).tolist()}
        spare = [place for place in range(number) if place not in rows]
        # If everyone chose something, those who chose nothing visible chose what is hidden: let there be two.
        found = rows | set(spare[-1:] if len(rows) == 1 else []), found[1]
    if found is None or len(found[0]) == number:
        return None
    return found[0], {labels[place] for place in found[1]}


def _groups_of(
    data: Respondents, makers: Sequence[Item]
) -> tuple[list[dict[str | None, str]], list[_Key], Places]:
    """Name the groups that columns make.

    Before the names stand the labels of the texts of each column, after them the place of each respondent's
    group, -1 for none.
    """
    labels, answers, cells = [], [], []
    for item in makers:
        column, label_of = data.columns[item.column], {c.response: c.label for c in _answers_of(item)}
        meanings = _meanings(column.texts, item)
        own = {t: label_of[r] for t, one in meanings.items() for r in one.responses[:1] if r in label_of}
        labels.append(own)
        answers.append([*dict.fromkeys(label_of.values())])
        cells.append(np.array([*map(own.get, column.texts), None], dtype=object)[column.codes])
    names = pd.MultiIndex.from_product(answers)
    return labels, names.tolist(), names.get_indexer(pd.MultiIndex.from_arrays(cells))


def _compared(
    data: Respondents, groups: Mapping[_Key, Question], place: Places, design: Design | None
) -> tuple[list[dict[str, Precision]], list[dict[str, str]]]:
    """Estimate the errors of the shares of each group, and test whether the groups differ."""
    labels = [_JOINER.join(key) for key in groups]
    errors: list[dict[str, Precision]] = [{} for _ in labels]
    tests: list[dict[str, str]] = []
    for names, totals in _tables(data, list(groups.values()), place, design):
        covariance = totals.covariance_of_shares()
        width = len(labels)
        if test := independence(totals):
            told = {name: short_number(number) for name, number in test.items()}
            tests.append({"response": "" if len(names) > 1 else names[0], **told})
        for row, name in enumerate(names):
            own = covariance[row * width : (row + 1) * width, row * width : (row + 1) * width]
            spread = np.sqrt(np.maximum(np.diagonal(own), 0))
            for column in range(width):
                errors[column][name] = Precision(float(spread[column]), totals.degrees[column])
            # Where people were not drawn in strata or clusters, groups are independent of each other.
            for one, other in combinations(range(width), 2) if design else ():
                error = float(np.sqrt(max(own[one, one] + own[other, other] - 2 * own[one, other], 0)))
                pair = {"response": name, "group": labels[one], "other": labels[other]}
                tests.append(pair | {"se": short_number(error)})
    return errors, tests
