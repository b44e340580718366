"""Weights: taken only from the column a user names, checked row by row, never guessed.

A weight of zero is an answer that counts for nobody; a negative or missing one is a mistake, and is reported
with its rows. What weighting costs is shown beside every weighted share as Kish's effective base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from textfiles.problems import Problem

from surveyfile.columns import SILENT, Column

_SHOWN = 5
_SPAN, _LARGEST = 1e9, 1e15
_POINT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d+(,\d*)?|,\d+)")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")


def exact_weight(text: str) -> Decimal:
    """Weight as the decimal number that stands in the file; a text that is none weighs nothing."""
    number = _number(text)
    return Decimal(text.replace(",", ".")) if 0 < number <= _LARGEST else Decimal(0)


def telling(texts: Iterable[str]) -> list[str]:
    """Choose the few of very many weights by which all are judged: one of each form, and the extremes."""
    numbers = {text: _number(text) for text in texts}
    forms = {
        (
            number > 0,
            "." in text,
            *(bool(form.fullmatch(text)) for form in (_POINT, _COMMA, _THOUSANDS)),
        ): text
        for text, number in numbers.items()
    }
    extremes = [max(numbers, key=lambda text: (numbers[text] > 0, sign * numbers[text])) for sign in (1, -1)]
    return list(dict.fromkeys([*forms.values(), *extremes]))


def kish(total: Fraction | int, squares: Fraction | int) -> float:
    """Effective base from a sum of weights and the sum of their squares, in any unit."""
    return float(Fraction(total) ** 2 / squares) if squares else 0.0


def decimal_mark(values: tuple[str, ...], column: str, stated: str = "") -> str:
    """Decimal mark of a column of numbers, decided for the column as a whole."""
    if stated:
        return stated
    commas = [text for text in values if "," in text]
    points = [text for text in values if "." in text]
    if commas and points:
        raise Problem(
            f"column {column!r} has decimal commas ({commas[0]!r}) "
            f"and points ({points[0]!r}): write one mark throughout."
        )
    marked = commas or points
    if commas and all(_THOUSANDS.fullmatch(text) for text in marked):
        raise Problem(
            f"column {column!r}: {marked[0]!r} may be a decimal or "
            "a thousand: state --decimal comma or --decimal point."
        )
    return "comma" if commas else "point" if points else "none"


def read_weights(column: Column, *, decimal: str = "") -> tuple[npt.NDArray[np.float64], str]:
    """Weights of those who are held, from the column a user names, and its decimal mark."""
    mark = decimal_mark(column.texts, column.name, decimal)
    numbers = np.array([_number(text, mark) for text in column.texts], dtype=np.float64)
    faults = []
    if (column.codes == SILENT).any():
        faults.append((SILENT, "is empty", "give every respondent a weight or leave the row out"))
    for index, (text, number) in enumerate(zip(column.texts, numbers, strict=True)):
        if not np.isfinite(number) or number < 0:
            what = "no finite number" if not np.isfinite(number) else "a negative number"
            faults.append((index, f"holds {text!r}, {what},", "correct it"))
    if faults:
        told = [_problem(column, column.codes == index, *fault) for index, *fault in faults[:_SHOWN]]
        more = [f"and {len(faults) - _SHOWN} more values that are no weights."] * (len(faults) > _SHOWN)
        raise Problem(*told, *more)
    if not numbers.any():
        raise Problem(f"weight column {column.name!r} holds only zeros: name another column.")
    least, largest = numbers[numbers > 0].min(), numbers.max()
    if largest > _LARGEST or largest / _SPAN > least:
        raise Problem(
            f"weight column {column.name!r} holds weights from {least:g} to {largest:g}, too far apart to be "
            "the weights of one survey: name another column, or correct them."
        )
    return numbers[column.codes], mark


def _number(text: str, mark: str = "") -> float:
    """Read the number of a text cell, with either mark unless one is stated; not-a-number when it is none."""
    form = _COMMA if mark == "comma" or (not mark and "," in text) else _POINT
    return float(text.replace(",", ".")) if form.fullmatch(text) else float("nan")


def _problem(column: Column, rows: npt.NDArray[np.bool_], what: str, repair: str) -> str:
    """Sentence about some rows; row 1 is the first respondent."""
    found = np.flatnonzero(rows)
    shown = ", ".join(str(row + 1) for row in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    return (
        f"weight column {column.name!r} {what} for "
        f"respondent{'s' if len(found) > 1 else ''} {shown}{more}: {repair}."
    )
