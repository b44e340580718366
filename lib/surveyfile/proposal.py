"""The codebook that is proposed for a file nobody has described."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from textfiles.text import identifier, separator_in, short_label

from surveyfile.codebook import Code, Item, describe, settle_responses
from surveyfile.columns import MANY, Column, Respondents, value_order

MOST_OPTIONS = 12
"""A column with more distinct answers and no labels is a number, an id or free text, unless described."""


def propose(
    respondents: Respondents, *, roles: Mapping[str, str], missing: Mapping[str, Collection[str]]
) -> list[Item]:
    """Codebook proposed from the file alone."""
    items: list[Item] = []
    taken: set[str] = set()
    member = {name: group for group in respondents.sets for name in group.columns}
    questions: dict[str, str] = {}
    for name, column in respondents.columns.items():
        declared = column.missing | frozenset(missing.get(name, ())) | frozenset(missing.get("", ()))
        column = replace(column, missing=declared)
        if name in roles:
            items.append(Item(name, roles[name], note="stated by the user"))
        elif group := member.get(name):
            question = questions.setdefault(group.name, identifier(group.name, taken))
            label = short_label(group.label or group.name)
            codes = _set_codes(column, group.counted)
            items.append(Item(name, "question", question, "multiple", label, group.label, codes=codes))
        elif reason := _no_question(column, respondents.rows):
            items.append(Item(name, "skip", note=reason))
        else:
            kind = "rating" if column.ordered else "single"
            codes = describe(column, kind)
            label = short_label(column.wording or name)
            question = identifier(name, taken)
            items.append(Item(name, "question", question, kind, label, column.wording, codes=codes))
        taken.add(items[-1].question)
    return settle_responses(items) + [Item(name, "skip", note="not read") for name in respondents.skipped]


def _no_question(column: Column, rows: int) -> str:
    """Reason why a column is not taken for a question; empty when it is."""
    observed = set(column.texts) - column.missing
    if not observed:
        return "nobody answered it" if column.labels else "empty"
    labelled = set(column.labels) - column.missing
    if len(observed - labelled) > MOST_OPTIONS:
        number = f"{len(observed):,}" if len(observed) <= MANY else f"more than {MANY:,}"
        mark = separator_in(sorted(observed)[:MANY])
        if mark:
            return f"{number} different cells that seem to hold several answers: state the separator {mark!r}"
        return f"{number} different answers without labels: a number, an identifier or free text"
    if not labelled and len(observed) == rows > 2:
        return "a different answer in every row: an identifier or free text"
    return ""


def _set_codes(column: Column, counted: str) -> tuple[Code, ...]:
    """Codes of one member of a declared multiple-response set."""
    if not counted:
        return tuple(replace(code, response="") for code in describe(column, "multiple"))
    label = short_label(column.wording or column.name)
    chosen = Code(counted, "", label)
    others = sorted({*column.texts, *column.labels} - {counted}, key=value_order)
    rest = []
    for value in others:
        name = column.labels.get(value, value)
        status = "missing" if value in column.missing else "not_chosen"
        rest.append(Code(value, "", name, status=status))
    return (chosen, *rest)
