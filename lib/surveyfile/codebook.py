"""The codebook of a file: what each column and code means, as it is proposed or as the user wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property
from pathlib import Path

from regint.survey.csv_text import read_sheet
from regint.survey.schema import CODEBOOK
from regint.survey.validate import check_sheet
from textfiles.problems import Problem, did_you_mean, quoted
from textfiles.text import clean, identifier, short_label, skeleton

from surveyfile.columns import Column, Respondents, number_text, value_order

OTHER = "[other text]"
"""The code that stands for every text that no other code of its column is."""
SPACE = "space"
"""How a codebook writes the separator that nobody sees."""
FIELDS = [field["name"] for field in CODEBOOK["fields"]]
"""Columns of a codebook file; the first eight belong to the column, the last five to each code."""
DISTINCT = "two responses look alike:"
"""Beginning of the note on labels that had to be told apart."""

_PLAIN_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")


@dataclass(frozen=True)
class Code:
    """Meaning of one code."""

    code: str
    response: str
    label: str
    score: str = ""
    status: str = "answer"


@dataclass(frozen=True)
class Item:
    """What is done with one column of a file."""

    column: str
    role: str = "question"
    question: str = ""
    kind: str = ""
    label: str = ""
    wording: str = ""
    separator: str = ""
    note: str = ""
    codes: tuple[Code, ...] = field(default=())

    @cached_property
    def listed(self) -> frozenset[str]:
        """Codes as they stand in cells."""
        return frozenset(code.code for code in self.codes)

    def answers(self, text: str) -> list[str]:
        """Codes of the answers in one cell."""
        found = split_cell(text, self.separator, self.listed)
        return [part if part in self.listed or OTHER not in self.listed else OTHER for part in found]


def describe(column: Column, kind: str, separator: str = "") -> tuple[Code, ...]:
    """Codes of a column from its values and labels, answers first, then declared missing codes."""
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
        status = "missing" if value in column.missing else "answer"
        codes.append(Code(value, response, short_label(label), score, status))
    return tuple(codes)


def scale_scores(codes: Sequence[str]) -> list[str]:
    """Numbers on the scale: the codes themselves where all are plain numbers, else their ranks."""
    if all(_PLAIN_NUMBER.fullmatch(code) for code in codes):
        return [number_text(float(code)) for code in codes]
    return [str(rank) for rank in range(1, len(codes) + 1)]


def distinguish(items: Sequence[Item]) -> list[Item]:
    """Give responses of one question labels that a reader can tell apart."""
    seen: dict[tuple[str, str], str] = {}
    changed = []
    for item in items:
        codes, notes = [], [item.note]
        for code in item.codes:
            if code.status in ("answer", "missing"):
                owner = seen.setdefault((item.question, skeleton(code.label)), code.response)
                if owner != code.response:
                    place = item.column if item.kind == "multiple" else f"code {code.code}"
                    notes.append(f"{DISTINCT} {code.label!r} now reads {code.label} ({place})")
                    code = replace(code, label=f"{code.label} ({place})")
                    seen.setdefault((item.question, skeleton(code.label)), code.response)
            codes.append(code)
        changed.append(replace(item, codes=tuple(codes), note="; ".join(filter(None, notes))))
    return changed


def settle_responses(items: Sequence[Item]) -> list[Item]:
    """Give an identifier to every response that has none: one label of a question is one response."""
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
            response = code.response or own.get(code.label)
            response = response or identifier(code.label, set(own.values()), "code")
            own.setdefault(code.label, response)
            codes.append(replace(code, response=response))
        settled.append(replace(item, codes=tuple(codes)))
    return settled


def split_cell(value: str, separator: str, options: Iterable[str] = ()) -> list[str]:
    """Answers in one cell, each once; the longest of the listed options wins over separators within it."""
    if not separator:
        return [value]
    mark = " " if separator == SPACE else separator
    parts = [part.strip() for part in value.split(mark)]
    whole = {tuple(part.strip() for part in option.split(mark)): option for option in options}
    longest = max(map(len, whole), default=1)
    answers, place = [], 0
    while place < len(parts):
        ends = range(min(place + longest, len(parts)), place, -1)
        end = next((end for end in ends if tuple(parts[place:end]) in whole), place + 1)
        answers.append(whole.get(tuple(parts[place:end]), parts[place]))
        place = end
    return [answer for answer in dict.fromkeys(answers) if answer]


def rows_of(items: Iterable[Item]) -> list[dict[str, str]]:
    """Lay out the rows of a codebook file."""
    rows: list[dict[str, str]] = []
    for item in items:
        head = {name: getattr(item, name) for name in FIELDS[:8]}
        for code in item.codes or (None,):
            own = dict(zip(FIELDS[8:], astuple(code), strict=True)) if code else {}
            rows.append(dict.fromkeys(FIELDS, "") | head | own)
            head = {"column": item.column}  # the rest is said once
    return rows


_SHOWN = 5


def read_codebook(path: Path) -> list[Item]:
    """Read a codebook file, a strict table like those of a survey folder."""
    sheet = read_sheet(path, FIELDS, ["column"], may_end_early=True)
    sheet.problems += [
        f"{path.name}, row 1: the column {quoted(name)} is unknown{did_you_mean(name, FIELDS)}; "
        f"a codebook has the columns {', '.join(FIELDS)}."
        for name in sheet.columns
        if name not in FIELDS
    ]
    check_sheet(sheet, CODEBOOK)
    groups: dict[str, list[dict[str, str]]] = {}
    current = ""
    for row, cells in sheet.rows:
        current = clean(cells["column"]) or current
        groups.setdefault(current, []).append({name: clean(cell) for name, cell in cells.items()})
        if not current:
            sheet.refuse(row, "column", "", "the name of a column of the data", "fill the cell")
    if sheet.problems:
        raise Problem(*sheet.problems)
    return settle_responses([_item(name, lines) for name, lines in groups.items()])


def _item(name: str, lines: list[dict[str, str]]) -> Item:
    """One column of the codebook; each field is taken from the first row that fills it."""
    stated = {key: next((line[key] for line in lines if line[key]), "") for key in FIELDS[1:8]}
    stated["role"] = stated["role"] or "question"
    is_question = stated["role"] == "question"
    stated["question"] = (stated["question"] or identifier(name)) if is_question else ""
    codes = []
    for line in lines:
        code, response, label, score, status = (line[cell] for cell in FIELDS[8:])
        codes += [Code(code, response, label or code, score, status or "answer")] if code else []
    return Item(name, **stated, codes=tuple(codes))


def complete(items: list[Item], respondents: Respondents, name: str = "codebook") -> list[Item]:
    """Hold a codebook against the data and fill what it leaves open."""
    described = {item.column: item for item in items}
    present = {*respondents.columns, *respondents.skipped}
    problems = [
        f"{name}: column {column!r} is not in the data{did_you_mean(column, present)}: correct the name."
        for column in described
        if column not in present
    ]
    completed = []
    for column_name in dict.fromkeys((*described, *respondents.columns, *respondents.skipped)):
        item = described.get(column_name) or Item(column_name, "skip", note="not in the codebook")
        if item.role == "question" and column_name in respondents.columns:
            item = _filled(item, respondents.columns[column_name])
            problems += _unlisted(name, item, respondents) if item.kind != "numeric" else []
        completed.append(item)
    problems += _set_problems(name, completed)
    if problems:
        raise Problem(*problems)
    return completed


def _filled(item: Item, column: Column) -> Item:
    """Fill the kind, label and codes of an item from the data where they are empty."""
    kind = item.kind or ("rating" if column.ordered else "single")
    codes = item.codes or describe(column, kind, item.separator)
    if kind == "rating" and not any(code.score for code in codes):
        answers = [code.code for code in codes if code.status == "answer"]
        scores = dict(zip(answers, scale_scores(answers), strict=True))
        codes = tuple(replace(code, score=scores.get(code.code, "")) for code in codes)
    label = item.label or column.wording or item.column
    return replace(item, kind=kind, codes=codes, label=label, wording=item.wording or column.wording)


def _unlisted(name: str, item: Item, respondents: Respondents) -> list[str]:
    """Answers in the data that the codebook does not list."""
    texts = respondents.columns[item.column].texts
    unlisted = [text for text in texts if not item.listed.issuperset(item.answers(text))]
    times = respondents.groups[item.column].times(item.column) if unlisted else {}
    problems = [
        f"{name}: column {item.column!r} holds {text!r} ({times[text]} row{'s' if times[text] > 1 else ''}), "
        "which has no row in the codebook: add one, with its status."
        for text in unlisted[:_SHOWN]
    ]
    if len(unlisted) > _SHOWN:
        problems.append(
            f"{name}: column {item.column!r} holds {len(unlisted) - _SHOWN} more answers without a row."
        )
    return problems


def by_question(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Columns of each question, in the order of the codebook."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if item.role == "question":
            groups.setdefault(item.question, []).append(item)
    return groups


def _set_problems(name: str, items: list[Item]) -> list[str]:
    """Columns that share a question must form a multiple-response set; codes of a question must agree."""
    problems = []
    for question, group in by_question(items).items():
        if len(group) > 1 and any(item.kind != "multiple" for item in group):
            columns = ", ".join(repr(item.column) for item in group)
            problems.append(
                f"{name}: question {question!r} has the columns "
                f"{columns}: set kind to multiple, or rename one question."
            )
        labels: dict[str, str] = {}
        for code in (code for item in group for code in item.codes if code.status in ("answer", "missing")):
            if labels.setdefault(code.response, code.label) != code.label:
                problems.append(
                    f"{name}: question {question!r}: response {code.response!r} has the labels "
                    f"{labels[code.response]!r} and {code.label!r}: give each response one label."
                )
        for item in group:
            times = Counter(code.code for code in item.codes)
            problems += [
                f"{name}: column {item.column!r} describes the code {text!r} twice: keep one row."
                for text in sorted(text for text, number in times.items() if number > 1)
            ]
    return problems
