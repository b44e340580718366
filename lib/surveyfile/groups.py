"""What groups of people answered: counted, with the errors of the design, tested, and small counts hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, permutations
from typing import Any

import numpy as np
import numpy.typing as npt
from textfiles.problems import Problem

from surveyfile.codebook import Item
from surveyfile.columns import Respondents
from surveyfile.count import Question, answers_of, by_question, count_question, parts_of
from surveyfile.design import (
    Design,
    Precision,
    Totals,
    independence,
    membership,
    totals_of_respondents,
    totals_of_sums,
)
from surveyfile.masking import Mask, coarsen, gives_back
from surveyfile.numeric import moments

Places = npt.NDArray[np.intp]
Key = tuple[str, ...]

JOINER = ": "
"""Between the parts of a group's name where groups are crossed."""


@dataclass(frozen=True)
class Sample:
    """The respondents of a file, and the design by which they were drawn, if one is stated."""

    data: Respondents
    weighted: bool
    design: Design | None = None


@dataclass(frozen=True)
class Crosstab:
    """One question as groups of people answered it: by label of the group, without the groups left out.

    `hidden` are the responses left out, `errors` those of the shares by group and response, `tests` rows of
    tests.csv, `moments` means and quartiles by group, of a numeric question.
    """

    by: str
    groups: Mapping[str, Question]
    hidden: frozenset[str]
    errors: Mapping[str, Mapping[str, Precision]]
    tests: tuple[Mapping[str, str], ...]
    moments: Mapping[str, Sequence[Mapping[str, str]]]


def short_number(number: float | None) -> str:
    """Write nine decimals at most: enough for any table, and the same on every processor."""
    if number is None:
        return ""
    return f"{Decimal(repr(round(number, 9))):f}".removesuffix(".0")


def precision(sample: Sample, question: Question, items: Sequence[Item]) -> dict[str, Precision]:
    """Estimate the errors of the shares of one question under the design."""
    if question.weighing < 2:
        return {}
    everybody = np.zeros(sample.data.rows if sample.design else 0, dtype=np.intp)
    errors: dict[str, Precision] = {}
    for names, totals in _tables(sample, {"": question}, items, everybody):
        _, covariance = totals.shares
        spread = np.sqrt(np.maximum(np.diagonal(covariance), 0))
        errors |= {name: Precision(float(spread[row]), totals.degrees[0]) for row, name in enumerate(names)}
    return errors


def _tables(
    sample: Sample, groups: Mapping[Any, Question], items: Sequence[Item], place: Places
) -> list[tuple[list[str], Totals]]:
    """Give the totals by answer and group: one table of a choose-one question, else one for each answer."""
    questions = list(groups.values())
    names = [response.response for response in questions[0].responses]
    whole = all(_exclusive(question) for question in questions)
    rows = sample.data.rows
    if sample.design is None:
        if whole:
            return [(names, totals_of_sums(questions, None, rows))]
        return [([name], totals_of_sums(questions, row, rows)) for row, name in enumerate(names)]
    answered, chosen = membership(sample.data.columns, items)
    sets = [names] if whole else [[name] for name in names]
    return [
        (own, totals_of_respondents(sample.design, [chosen[name] for name in own], answered, place))
        for own in sets
    ]


def _exclusive(question: Question) -> bool:
    """Whether nobody gave two answers."""
    return question.kind != "multiple" and sum(r.count for r in question.responses) <= question.answered


def crosstabs(
    sample: Sample,
    by: Sequence[tuple[str, ...]],
    items: Sequence[Item],
    questions: Sequence[Question],
    masks: Mapping[str, Mask],
    below: int,
) -> dict[str, list[Crosstab]]:
    """Count every question within the groups that each of the groupings makes.

    Parameters
    ----------
    sample : Sample
        The respondents.
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
    dict
        By question the crosstabs that can be published.
    """
    described = {item.column: item for item in items}
    asked = by_question(items)
    if below:
        _check_linked(sample.data, [columns[0] for columns in by if len(columns) == 1])
    out: dict[str, list[Crosstab]] = {question.question: [] for question in questions}
    for columns in by:
        makers = [_maker(described[column], asked) for column in columns]
        hidden = _hidden_groups(makers, questions, masks)
        for question in questions:
            own = asked[question.question]
            groups = sample.data.crossed.get((own[0].column, columns))
            if groups is None:  # the question makes groups itself
                continue
            parts = parts_of(makers, groups)
            counted = {
                key: _same_responses(count_question(own, part, weighted=sample.weighted), question)
                for key, part in parts.items()
            }
            unknown = counted.pop(())
            left_out = _left_out(question, counted, unknown, masks[question.question], hidden, below)
            if left_out is None:
                continue
            responses, keys = left_out
            shown = {key: one for key, one in counted.items() if one.answered and key not in keys}
            if shown:
                place = _places(sample.data, makers, list(shown)) if sample.design else np.empty(0, np.intp)
                errors, tests = _compared(sample, shown, own, place)
                # What is told of all groups but one would tell of that one.
                safe = not below or not (responses or keys) and _many([*counted.values(), unknown], 4 * below)
                summed = {
                    JOINER.join(key): moments(own[0], parts[key], sample.data, sample.design, place == number)
                    for number, key in enumerate(shown)
                    if question.kind == "numeric" and safe
                }
                out[question.question].append(
                    Crosstab(
                        ":".join(item.question for item in makers),
                        {JOINER.join(key): one for key, one in shown.items()},
                        frozenset(responses),
                        errors,
                        () if responses or keys else tests,  # they would tell what is hidden
                        summed,
                    )
                )
    return out


def _many(groups: Sequence[Question], least: int) -> bool:
    """Whether in no group few people answered."""
    return all(not 0 < one.answered < least for one in groups)


def _check_linked(data: Respondents, columns: Sequence[str]) -> None:
    """Refuse groups of which one kind are parts of another, for their tables would tell what is hidden."""
    for one, other in permutations(columns, 2):
        fine, coarse = data.columns[one].codes.astype(np.intp), data.columns[other].codes.astype(np.intp)
        if gives_back(fine, coarse, hides=True, below=0):
            raise Problem(
                f"--by {other} groups the answers of --by {one}: with --mask-small name one of them, for two "
                "such tables would give each other's hidden counts back."
            )


def _maker(item: Item, asked: Mapping[str, Sequence[Item]]) -> Item:
    """Check that a column can make groups."""
    if item.role != "question":
        raise Problem(
            f"--by {item.column}: the column is no question, so it makes no groups "
            f"({item.note or 'the codebook skips it'}): name one with few answers, or one of --numeric."
        )
    if item.kind == "multiple" or len(asked[item.question]) > 1:
        raise Problem(
            f"--by {item.column}: several answers were possible, so the groups would overlap: name a "
            "column with one answer."
        )
    return item


def _hidden_groups(
    makers: Sequence[Item], questions: Sequence[Question], masks: Mapping[str, Mask]
) -> set[Key]:
    """Name the groups whose size is hidden of everybody; that of crossed groups is published nowhere else."""
    return {
        (question.responses[place].label,)
        for question in questions
        if len(makers) == 1 and question.question == makers[0].question
        for place in masks[question.question].responses
    }


def _same_responses(one: Question, everybody: Question) -> Question:
    """Give a group the responses of everybody, those included that nobody of the group gave."""
    own = {response.response: response for response in one.responses}
    zero = None if everybody.weight is None else 0.0
    nothing: dict[str, Any] = {"count": 0, "weighted_count": zero, "weighted_share": zero}
    nothing |= {"squared_weight": zero}
    responses = (own.get(r.response) or replace(r, **nothing) for r in everybody.responses)
    return replace(one, responses=tuple(responses))


def _left_out(
    question: Question,
    groups: Mapping[Key, Question],
    unknown: Question,
    mask: Mask,
    hidden: set[Key],
    below: int,
) -> tuple[set[str], set[Key]] | None:
    """Choose responses and groups to leave out so that nothing small can be worked out; None for all."""
    if not below:
        return set(), set()
    if mask.answered:  # how many of all answered is hidden, and the groups would add up to it
        return None
    everybody = [*groups.values(), unknown]
    counts = np.array([[response.count for response in one.responses] for one in everybody]).T
    answered = np.array([one.answered for one in everybody])
    silent = np.array([one.people - one.answered for one in everybody])
    labels, names = list(groups), [response.response for response in question.responses]
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
        spare = [place for place in range(len(names)) if place not in rows]
        # If everyone chose something, those who chose nothing visible chose what is hidden: let there be two.
        found = rows | set(spare[-1:] if len(rows) == 1 else []), found[1]
    if found is None or len(found[0]) == len(names):
        return None
    return {names[place] for place in found[0]}, {labels[place] for place in found[1]}


def _places(data: Respondents, makers: Sequence[Item], shown: Sequence[Key]) -> Places:
    """Give each respondent the position of his group among those shown, -1 for none."""
    keys = np.zeros(data.rows, dtype=np.intp)
    numbers: dict[Key, int] = {(): 0}
    for item in makers:
        column = data.columns[item.column]
        labels = {code.code: code.label for code in answers_of(item)}
        order = {label: place for place, label in enumerate(dict.fromkeys(labels.values()))}
        own = np.array([*(order.get(labels.get(text, ""), -1) for text in column.texts), -1])[column.codes]
        keys = np.where((keys < 0) | (own < 0), -1, keys * len(order) + own)
        numbers = {
            (*key, label): number * len(order) + place
            for key, number in numbers.items()
            for label, place in order.items()
        }
    positions = np.full(len(numbers) + 1, -1)  # at last, of nobody
    for place, key in enumerate(shown):
        positions[numbers[key]] = place
    return positions[keys]


def _compared(
    sample: Sample, groups: Mapping[Key, Question], items: Sequence[Item], place: Places
) -> tuple[dict[str, dict[str, Precision]], tuple[dict[str, str], ...]]:
    """Estimate the errors of the shares of each group, and test whether the groups differ."""
    labels = [JOINER.join(key) for key in groups]
    errors: dict[str, dict[str, Precision]] = {label: {} for label in labels}
    tests: list[dict[str, str]] = []
    for names, totals in _tables(sample, groups, items, place):
        _, covariance = totals.shares
        width = len(labels)
        whole = "" if len(names) > 1 else names[0]
        if test := independence(totals):
            told = {"statistic": test.statistic, "df": test.numerator, "df2": test.denominator, "p": test.p}
            tests.append({"response": whole, **{name: short_number(number) for name, number in told.items()}})
        for row, name in enumerate(names):
            own = covariance[row * width : (row + 1) * width, row * width : (row + 1) * width]
            spread = np.sqrt(np.maximum(np.diagonal(own), 0))
            for column, label in enumerate(labels):
                errors[label][name] = Precision(float(spread[column]), totals.degrees[column])
            # Where people were not drawn in strata or clusters, groups are independent of each other.
            for one, other in combinations(range(width), 2) if sample.design else ():
                error = float(np.sqrt(max(own[one, one] + own[other, other] - 2 * own[one, other], 0)))
                pair = {"response": name, "group": labels[one], "other": labels[other]}
                tests.append(pair | {"se": short_number(error)})
    return errors, tuple(tests)
