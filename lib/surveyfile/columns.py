"""The common form of respondent-level data, whatever file it came from.

Every cell is a text code or silence. Each column holds its distinct codes once and, for each respondent, the
position of the code, in one byte where there are few; -1 means that nothing was recorded. So a file that is
read piece by piece takes less memory than disk. Numbers in a statistical package's file become their
shortest text, so "1" is one code in every format, and `007` stays `007` where a file says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from textfiles.text import clean

Codes = npt.NDArray[np.integer[Any]]

SILENT = -1
"""Position that stands for silence: an empty cell or a package's system-missing value."""

MANY = 10_000
"""Distinct answers of one column beyond which nobody needs their exact number."""


@dataclass(frozen=True)
class Column:
    """Answers of all respondents to one column of a file."""

    name: str
    codes: Codes
    texts: tuple[str, ...]
    wording: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    ordered: bool = False
    remarks: tuple[str, ...] = ()

    def counts(self) -> npt.NDArray[np.int64]:
        """Respondents per value, in the order of `texts`."""
        return _times(self.codes, len(self.texts))


@dataclass(frozen=True)
class DeclaredSet:
    """Multiple-response set as a file declares it."""

    name: str
    label: str
    columns: tuple[str, ...]
    counted: str


@dataclass(frozen=True)
class Respondents:
    """A respondent-level file, read."""

    columns: dict[str, Column]
    rows: int
    reading: dict[str, object]
    notices: tuple[str, ...] = ()
    sets: tuple[DeclaredSet, ...] = ()
    skipped: tuple[str, ...] = ()


def number_text(number: float) -> str:
    """Shortest text of a number: whole numbers without a decimal point."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def _times(codes: Codes, values: int) -> npt.NDArray[np.int64]:
    """How many respondents gave each of so many values."""
    return np.bincount(codes.astype(np.int64) + 1, minlength=values + 1)[1:]


def _shortest(values: int) -> type[np.integer[Any]]:
    """Choose the shortest type for positions among so many values: short ones are held and grouped easily."""
    return np.int8 if values < 2**7 else np.int16 if values < 2**15 else np.int32


@dataclass
class Pieces:
    """A column that is read piece by piece; very many answers are told apart only where all are asked for."""

    name: str
    complete: bool = True
    crowded: bool = False
    values: dict[str, int] = field(default_factory=dict)
    codes: list[Codes] = field(default_factory=list)

    def add(self, codes: Codes, values: Sequence[str]) -> None:
        """Add the next respondents: the positions of their cells among some values."""
        if self.crowded:
            self.codes.append(np.full(len(codes), SILENT, dtype=np.int8))
            return
        places = [self.values.setdefault(value, len(self.values)) for value in values]
        self.codes.append(np.array([*places, SILENT], dtype=_shortest(len(self.values)))[codes])
        if not self.complete and len(self.values) > 2 * MANY:
            self.crowded = len(set(map(clean, self.values))) > 2 * MANY

    def column(self) -> Column:
        """Give the whole column in the common form."""
        codes = np.concatenate(self.codes)
        self.codes.clear()  # or all columns would be held twice
        return text_column(self.name, codes, list(self.values))


def text_column(name: str, codes: Codes, values: Sequence[str], **details: object) -> Column:
    """Column of text cells, with empty cells as silence and look-alike spellings united."""
    used = _times(codes, len(values)) > 0
    position: dict[str, int] = {}
    target = np.full(len(values) + 1, SILENT, dtype=_shortest(len(values)))
    united: list[str] = []
    unreadable = 0
    for index in np.flatnonzero(used).tolist():
        text = clean(values[index])
        if not text:  # a tick of a symbol font is no empty cell: say what becomes of it
            unreadable += any(unicodedata.category(letter) == "Co" for letter in values[index])
            continue
        if text in position:
            united.append(text)
        target[index] = position.setdefault(text, len(position))
    remarks = _united(name, sorted(united, key=value_order))  # not in the order of appearance
    if unreadable:
        remarks += (
            f"{name}: answers written only in signs of a symbol font ({unreadable} different) were read as "
            "empty cells; replace them by letters or digits to have them counted.",
        )
    return Column(name, target[codes], tuple(position), remarks=remarks, **details)  # type: ignore[arg-type]


def _united(name: str, united: list[str]) -> tuple[str, ...]:
    """Remark on look-alike spellings of one answer."""
    if not united:
        return ()
    one = len(united) == 1
    what = "1 spelling" if one else f"{len(united)} spellings"
    return (
        f"{name}: {what} differed only by spaces or invisible characters and {'was' if one else 'were'} "
        f"united with {'its twin' if one else 'their twins'}, e.g. {united[0]!r}.",
    )


def distinct(series: pd.Series) -> tuple[Codes, list[str]]:
    """Tell the cells of a pandas Series of numbers or text apart; missing values become silence."""
    codes, uniques = pd.factorize(series, sort=False)
    return codes, [
        number_text(float(u)) if isinstance(u, (float, int, np.number)) else str(u) for u in uniques
    ]


def series_column(name: str, series: pd.Series, **details: object) -> Column:
    """Column from a pandas Series."""
    codes, values = distinct(series)
    return in_order(text_column(name, codes, values, **details))


def in_order(column: Column) -> Column:
    """Sort the values of a column: numbers by size, then text."""
    ranked = sorted(range(len(column.texts)), key=lambda i: value_order(column.texts[i]))
    target = np.full(len(ranked) + 1, SILENT, dtype=_shortest(len(ranked)))
    target[ranked] = np.arange(len(ranked))
    return replace(column, codes=target[column.codes], texts=tuple(column.texts[i] for i in ranked))


def value_order(text: str) -> tuple[int, float, str]:
    """Sorting key of a code: numbers first, by size; then text."""
    try:
        number = float(text)
    except ValueError:
        return (1, 0.0, text)
    return (0, number, text) if np.isfinite(number) else (1, 0.0, text)


_WHOLE = re.compile(r"-?\d+(\.0)?")


def whole_numbers(column: Column) -> Column:
    """Take the `.0` off whole numbers that a program wrote as decimals."""
    decimals = any(text.endswith(".0") for text in column.texts)
    if not decimals or not all(_WHOLE.fullmatch(text) for text in column.texts):
        return column
    changed = text_column(column.name, column.codes, [text.removesuffix(".0") for text in column.texts])
    remark = f"{column.name}: whole numbers written with .0 were read without it."
    return replace(changed, remarks=(*column.remarks, remark))
