"""Read a codebook file and hold it against the data: every code is described, and every description fits."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from regint.survey.imports.cells import unguarded
from regint.survey.imports.dialect import detect_dialect
from regint.survey.imports.labels import (
    FIELDS,
    KINDS,
    ROLES,
    STATUSES,
    Code,
    Item,
    describe,
    scale_scores,
    settle_responses,
    split_cell,
)
from regint.survey.imports.naming import identifier
from regint.survey.imports.respondents import Column, Respondents, tidy_text
from regint.survey.imports.sniffing import ReadingError

_SHOWN = 5
_ID = re.compile(r"[a-z][a-z0-9_]*")
_RESPONSE = re.compile(r"[a-z0-9][a-z0-9_]*")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")


def read_codebook(path: Path) -> list[Item]:
    r"""Read a codebook file.

    Parameters
    ----------
    path : Path
        A delimited file with some of the columns `regint.survey.imports.labels.FIELDS`; `column` is required.

    Returns
    -------
    list of Item
        One per column; without codes where the file gives none.

    Raises
    ------
    ReadingError
        With all problems at once: row, column, value, what is allowed.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "codebook.csv"
    >>> _ = path.write_text("column,kind,code,response_label\nq1,rating,1,Low\n,,2,High\n")
    >>> item, = read_codebook(path)
    >>> item.question, [code.label for code in item.codes]
    ('q1', ['Low', 'High'])
    """
    rows = _rows(path)
    problems = [p for number, row in enumerate(rows, start=2) for p in _row_problems(path.name, number, row)]
    groups: dict[str, list[dict[str, str]]] = {}
    current = ""
    for row in rows:
        current = row["column"] or current
        groups.setdefault(current, []).append(row)
    if "" in groups:
        problems.append(f"{path.name}: row 2: no column named: fill the cell under 'column'.")
    if problems:
        raise ReadingError(*problems)
    return settle_responses([_item(name, lines) for name, lines in groups.items()])


def _rows(path: Path) -> list[dict[str, str]]:
    """Rows of the file as text, with all fields."""
    if not path.is_file():
        raise ReadingError(f"{path.name} does not exist: check the path of the codebook.")
    dialect = detect_dialect(path)
    header = [tidy_text(cell).lower() for cell in dialect.header]
    unknown = [name for name in header if name and name not in FIELDS]
    if "column" not in header or unknown:
        wrong = unknown[0] if unknown else "column"
        near = difflib.get_close_matches(wrong, FIELDS, 1)
        hint = f"; did you mean {near[0]!r}?" if near and unknown else ""
        raise ReadingError(
            f"{path.name}: row 1: {'unknown' if unknown else 'missing'} column {wrong!r}{hint} "
            f"A codebook has the columns {', '.join(FIELDS)}; only 'column' is required."
        )
    with path.open(encoding=dialect.encoding, newline="") as stream:
        try:
            lines = list(csv.reader(stream, delimiter=dialect.delimiter, strict=True))[1 + dialect.skip :]
        except csv.Error as error:
            raise ReadingError(f"{path.name}: {error}: double the marks inside a quoted cell.") from error
    long = [number for number, line in enumerate(lines, start=2) if len(line) > len(header)]
    if long:
        raise ReadingError(
            f"{path.name}: row {long[0]}: more cells than the "
            "header names: quote cells that hold the delimiter."
        )
    rows = [
        dict(zip(header, (unguarded(tidy_text(cell)) for cell in line), strict=False))
        for line in lines
        if any(line)
    ]
    if not rows:
        raise ReadingError(f"{path.name} describes nothing: give one row per code of a column.")
    return [{name: row.get(name, "") for name in FIELDS} for row in rows]


def _row_problems(name: str, number: int, row: Mapping[str, str]) -> list[str]:
    """Say what is wrong with one row."""
    problems = []
    for key, allowed in (("role", ROLES), ("kind", KINDS), ("status", STATUSES)):
        if row[key] and row[key] not in allowed:
            near = difflib.get_close_matches(row[key], allowed, 1)
            hint = f": did you mean {near[0]!r}?" if near else "."
            problems.append(f"{name}: row {number}: {key} {row[key]!r} is none of {', '.join(allowed)}{hint}")
    for key, pattern in (("question", _ID), ("response", _RESPONSE)):
        if row[key] and not pattern.fullmatch(row[key]):
            problems.append(
                f"{name}: row {number}: {key} {row[key]!r} is no identifier: "
                f"use small letters, digits and underscores, such as {identifier(row[key])!r}."
            )
    if row["score"] and not _NUMBER.fullmatch(row["score"]):
        problems.append(
            f"{name}: row {number}: score {row['score']!r} is no number: write it with a decimal point."
        )
    return problems


def _item(name: str, lines: list[dict[str, str]]) -> Item:
    """One column of the codebook; each field is taken from the first row that fills it."""
    first = {key: next((line[key] for line in lines if line[key]), "") for key in FIELDS[:8]}
    codes = [
        Code(
            line["code"],
            line["response"],
            line["response_label"] or line["code"],
            line["score"],
            line["status"] or "answer",
        )
        for line in lines
        if line["code"]
    ]
    role = first["role"] or "question"
    question = (first["question"] or identifier(name)) if role == "question" else ""
    return Item(
        name,
        role,
        question,
        first["kind"],
        first["label"],
        first["wording"],
        first["separator"],
        first["note"],
        tuple(codes),
    )


def complete(items: list[Item], respondents: Respondents, name: str = "codebook") -> list[Item]:
    """Hold a codebook against the data and fill what it leaves open.

    Parameters
    ----------
    items : list of Item
        The codebook as read.
    respondents : Respondents
        The file it describes.
    name : str
        Name of the codebook, for the sentences.

    Returns
    -------
    list of Item
        One item for every column of the file, in the order of the codebook; columns it does not name are
        skipped.

    Raises
    ------
    ReadingError
        For columns the file does not have and answers the codebook does not list.

    Examples
    --------
    >>> import numpy as np
    >>> data = Respondents({"q": Column("q", np.array([0, 1], dtype=np.int32), ("1", "7"))}, 2, {})
    >>> complete([Item("q", question="q", codes=(Code("1", "yes", "Yes"),))], data)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    regint.survey.imports.sniffing.ReadingError: codebook: column 'q' holds '7' (1 row), which has ...
    """
    problems: list[str] = []
    described = {item.column: item for item in items}
    present = {*respondents.columns, *respondents.skipped}
    for column in described:
        if column not in present:
            near = difflib.get_close_matches(column, present, 1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            problems.append(f"{name}: column {column!r} is not in the data{hint}: correct the name.")
    completed = []
    for column_name in dict.fromkeys((*described, *respondents.columns, *respondents.skipped)):
        item = described.get(column_name) or Item(column_name, "skip", note="not in the codebook")
        if item.role == "question" and column_name in respondents.columns:
            item = _filled(item, respondents.columns[column_name])
            problems += _unlisted(name, item, respondents.columns[column_name])
        completed.append(item)
    problems += _set_problems(name, completed)
    if problems:
        raise ReadingError(*problems)
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


def _unlisted(name: str, item: Item, column: Column) -> list[str]:
    """Answers in the data that the codebook does not list."""
    listed = {code.code for code in item.codes}
    times = dict(zip(column.texts, column.counts().tolist(), strict=True))
    unlisted = [
        (v, times[v]) for v in column.texts if any(p not in listed for p in split_cell(v, item.separator))
    ]
    problems = [
        f"{name}: column {item.column!r} holds {value!r} ({rows} row{'s' if rows > 1 else ''}), "
        "which has no row in the codebook: add one, with its status."
        for value, rows in unlisted[:_SHOWN]
    ]
    if len(unlisted) > _SHOWN:
        problems.append(
            f"{name}: column {item.column!r} holds {len(unlisted) - _SHOWN} more answers without a row."
        )
    return problems


def _set_problems(name: str, items: list[Item]) -> list[str]:
    """Columns that share a question must form a multiple-response set; codes of a question must agree."""
    problems = []
    members: dict[str, list[Item]] = {}
    for item in items:
        if item.role == "question":
            members.setdefault(item.question, []).append(item)
    for question, group in members.items():
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
            codes = [code.code for code in item.codes]
            problems += [
                f"{name}: column {item.column!r} describes the code {text!r} twice: keep one row."
                for text in sorted({text for text in codes if codes.count(text) > 1})
            ]
    return problems
