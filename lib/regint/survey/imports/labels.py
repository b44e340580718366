"""The codebook of a respondent-level file: which columns are questions, and what each code means.

One CSV, one row per code of a column; whatever belongs to the column stands in its first row. `regint import`
writes the codebook it used, so that a reader corrects a spreadsheet instead of repeating options.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from regint.survey.imports.naming import identifier, look, short_label
from regint.survey.imports.respondents import Column, number_text, value_order

ROLES = ("question", "weight", "strata", "cluster", "skip")
STATUSES = ("answer", "missing", "not_chosen", "silent", "not_asked")
"""What a code means: an answer; an answer state without substance ("refused"); an option left unticked;
silence although asked; not asked at all."""
KINDS = ("rating", "single", "multiple")
FIELDS = (
    "column", "role", "question", "kind", "label", "wording", "separator", "note",
    "code", "response", "response_label", "score", "status",
)  # fmt: skip
"""Columns of a codebook file; the first eight belong to the column, the last five to each code."""


DISTINCT = "two responses look alike:"
"""Beginning of the note on labels that had to be told apart."""

_PLAIN_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")


@dataclass(frozen=True)
class Code:
    """Meaning of one code.

    Parameters
    ----------
    code : str
        Text of the code in the file.
    response, label, score : str
        Identifier, label and number on the scale; the score may be empty.
    status : str
        One of `STATUSES`.
    """

    code: str
    response: str
    label: str
    score: str = ""
    status: str = "answer"


@dataclass(frozen=True)
class Item:
    """What is done with one column of a file.

    Parameters
    ----------
    column : str
        Column name in the file.
    role : str
        One of `ROLES`.
    question, kind, label, wording : str
        The question it belongs to; columns of one multiple-response set share the question.
    separator : str
        Mark between several answers in one cell; empty when a cell holds one.
    note : str
        Why the column is skipped, or a remark.
    codes : tuple of Code
        Its codes, in display order.
    """

    column: str
    role: str = "question"
    question: str = ""
    kind: str = ""
    label: str = ""
    wording: str = ""
    separator: str = ""
    note: str = ""
    codes: tuple[Code, ...] = field(default=())


def describe(column: Column, kind: str, separator: str = "") -> tuple[Code, ...]:
    """Codes of a column from its values and labels, answers first, then declared missing codes.

    Parameters
    ----------
    column : Column
        The column.
    kind : str
        Kind of question; ratings get scores.
    separator : str
        Mark between several answers in one cell.

    Returns
    -------
    tuple of Code
        One per answer that is possible by the labels or occurs.

    Examples
    --------
    >>> import numpy as np
    >>> column = Column("q", np.array([0, 1], dtype=np.int32), ("3", "5"), labels={"1": "Low", "5": "High"})
    >>> [(code.code, code.label, code.score) for code in describe(column, "rating")]
    [('1', 'Low', '1'), ('3', '3', '3'), ('5', 'High', '5')]
    """
    values = {part for value in column.texts for part in split_cell(value, separator)}
    answers = sorted((values | set(column.labels)) - column.missing, key=value_order)
    missing = sorted(values & column.missing, key=value_order)
    scores = scale_scores(answers) if kind == "rating" else [""] * len(answers)
    taken: set[str] = set()
    codes = []
    for value, score in zip(answers + missing, scores + [""] * len(missing), strict=True):
        label = column.labels.get(value, "") or value
        response = identifier(label, taken, prefix="code")
        taken.add(response)
        codes.append(
            Code(
                value, response, short_label(label), score, "missing" if value in column.missing else "answer"
            )
        )
    return tuple(codes)


def scale_scores(codes: Sequence[str]) -> list[str]:
    """Numbers on the scale: the codes themselves where all are plain numbers, else their ranks.

    Parameters
    ----------
    codes : sequence of str
        Codes from low to high.

    Returns
    -------
    list of str
        One number per code, as text.

    Examples
    --------
    >>> scale_scores(["01", "02", "05"]), scale_scores(["low", "5"])
    (['1', '2', '5'], ['1', '2'])
    """
    if all(_PLAIN_NUMBER.fullmatch(code) for code in codes):
        return [number_text(float(code)) for code in codes]
    return [str(rank) for rank in range(1, len(codes) + 1)]


def distinguish(items: Sequence[Item]) -> list[Item]:
    """Give responses of one question labels that a reader can tell apart.

    Parameters
    ----------
    items : sequence of Item
        The codebook.

    Returns
    -------
    list of Item
        The codebook with the code, or the column, added to labels that look like an earlier one, and a note
        that says so.

    Examples
    --------
    >>> item = Item("q", question="q", codes=(Code("1", "yes", "Yes"), Code("2", "yes_2", "yes")))
    >>> [code.label for code in distinguish([item])[0].codes]
    ['Yes', 'yes (code 2)']
    """
    seen: dict[tuple[str, str], str] = {}
    changed = []
    for item in items:
        codes, notes = [], [item.note]
        for code in item.codes:
            if code.status in ("answer", "missing"):
                owner = seen.setdefault((item.question, look(code.label)), code.response)
                if owner != code.response:
                    place = item.column if item.kind == "multiple" else f"code {code.code}"
                    notes.append(f"{DISTINCT} {code.label!r} now reads {code.label} ({place})")
                    code = replace(code, label=f"{code.label} ({place})")
                    seen.setdefault((item.question, look(code.label)), code.response)
            codes.append(code)
        changed.append(replace(item, codes=tuple(codes), note="; ".join(filter(None, notes))))
    return changed


def settle_responses(items: Sequence[Item]) -> list[Item]:
    """Give an identifier to every response that has none: one label of a question is one response.

    Parameters
    ----------
    items : sequence of Item
        The codebook; codes without an identifier have an empty ``response``.

    Returns
    -------
    list of Item
        The codebook with all identifiers, unique within each question.

    Examples
    --------
    >>> items = [Item(name, question="q", codes=(Code("1", "", "Trade"),)) for name in ("first", "second")]
    >>> [code.response for item in settle_responses(items) for code in item.codes]
    ['trade', 'trade']
    """
    known: dict[str, dict[str, str]] = {}
    for item in items:
        for code in item.codes:
            if code.response:
                known.setdefault(item.question, {}).setdefault(code.label, code.response)
    settled = []
    for item in items:
        own = known.setdefault(item.question, {})
        codes = []
        for code in item.codes:
            response = (
                code.response or own.get(code.label) or identifier(code.label, set(own.values()), "code")
            )
            own.setdefault(code.label, response)
            codes.append(replace(code, response=response))
        settled.append(replace(item, codes=tuple(codes)))
    return settled


def split_cell(value: str, separator: str) -> list[str]:
    """Answers in one cell, each once.

    Examples
    --------
    >>> split_cell("roads; energy;roads", ";")
    ['roads', 'energy']
    """
    if not separator:
        return [value]
    return list(dict.fromkeys(part.strip() for part in value.split(separator) if part.strip()))


def rows_of(items: Iterable[Item]) -> list[dict[str, str]]:
    """Lay out the rows of a codebook file.

    Parameters
    ----------
    items : iterable of Item
        The codebook.

    Returns
    -------
    list of dict
        One per code, with the keys of `FIELDS`; a column without codes has one row.

    Examples
    --------
    >>> rows_of([Item("q", "question", "q", "single", codes=(Code("1", "yes", "Yes"),))])[0]["response_label"]
    'Yes'
    """
    rows: list[dict[str, str]] = []
    for item in items:
        head = {name: getattr(item, name) for name in FIELDS[:8]}
        lines: Sequence[Code | None] = item.codes or (None,)
        for number, code in enumerate(lines):
            row = dict.fromkeys(FIELDS, "") | (head if number == 0 else {"column": item.column})
            if code is not None:
                row |= {"code": code.code, "response": code.response, "response_label": code.label,
                        "score": code.score, "status": code.status}  # fmt: skip
            rows.append(row)
    return rows
