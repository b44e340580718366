"""The common form of respondent-level data, whatever file it came from.

Every cell is a text code or silence. A column holds its distinct texts; respondents stay as groups of those
who gave the same answers to one question, unless every one of them is needed. Numbers in a statistical
package's file become their shortest text, so "1" is one code in every format, and `007` stays `007` where a
file says so.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import chain
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
    """A column of a file: its texts and, where all respondents are held, the position of each one's text."""

    name: str
    codes: Codes
    texts: tuple[str, ...]
    wording: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    ordered: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredSet:
    """Multiple-response set as a file declares it."""

    name: str
    label: str
    columns: tuple[str, ...]
    counted: str


@dataclass
class Sums:
    """Respondents, exact sums of their weights and of the squares of these, and how many weigh anything.

    Where no weights are stated, everybody weighs one.
    """

    times: int = 0
    weight: Fraction | int = 0
    squares: Fraction | int = 0
    weighing: int = 0

    def add(self, other: Sums) -> None:
        """Add other respondents."""
        self.times += other.times
        self.weight += other.weight
        self.squares += other.squares
        self.weighing += other.weighing


@dataclass(frozen=True)
class Groups:
    """Respondents grouped by their answers to one question, in one column or several; None is silence."""

    columns: tuple[str, ...]
    sums: Mapping[tuple[str | None, ...], Sums]

    def times(self, column: str) -> Counter[str | None]:
        """Respondents by their answer in one of the columns."""
        place = self.columns.index(column)
        found: Counter[str | None] = Counter()
        for answers, own in self.sums.items():
            found[answers[place]] += own.times
        return found


@dataclass(frozen=True)
class Respondents:
    """A respondent-level file, read: its columns, and by the name of a column the groups of its question.

    `crossed` holds them too within the groups that other columns make, the last of theirs, by both names.
    """

    columns: dict[str, Column]
    rows: int
    reading: dict[str, object]
    notices: tuple[str, ...] = ()
    sets: tuple[DeclaredSet, ...] = ()
    skipped: tuple[str, ...] = ()
    groups: Mapping[str, Groups] = field(default_factory=dict)
    crossed: Mapping[tuple[str, tuple[str, ...]], Groups] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is read of a file, and what of it is held."""

    roles: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] | None = None  # by column, as a codebook describes them; None: no codebook
    hold: bool = False  # the answers of every respondent
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)  # answers of those who are counted
    silent: Mapping[str, Collection[str]] = field(default_factory=dict)  # read as empty; no name: everywhere
    header_rows: int = 0  # 0: told from the file
    by: tuple[tuple[str, ...], ...] = ()  # columns that make groups, alone or crossed
    numeric: frozenset[str] = frozenset()  # columns of numbers, whose answers are told apart however many

    def named(self) -> list[str] | None:
        """List the columns that are read; None, where no codebook names some, for all."""
        others = [*self.roles, *self.filters, *chain(*self.by)]
        return None if self.questions is None else [*self.questions, *others]

    def wants(self, name: str) -> bool:
        """Whether a column is read."""
        named = self.named()
        return named is None or name in named


EVERYBODY = Wanted(hold=True)
"""All columns, with the answers of every respondent."""


def number_text(number: float) -> str:
    """Shortest text of a number: whole numbers without a decimal point."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def short_number(number: float | Fraction | None) -> str:
    """Write nine decimals at most: enough for any table, and the same on every processor."""
    return "" if number is None else f"{Decimal(repr(round(float(number), 9))):f}".removesuffix(".0")


def shortest(values: int) -> type[np.integer[Any]]:
    """Choose the shortest type for positions among so many values: short ones are held and grouped easily."""
    return np.int8 if values < 2**7 else np.int16 if values < 2**15 else np.int32


_LONG = re.compile(r"-?(?=(\d\.?){16})\d+\.\d+")  # sixteen digits or more
_WHOLE = re.compile(r"-?\d+(\.0)?")


def read_values(
    name: str, values: Collection[str], *, whole: bool = False
) -> tuple[list[str | None], tuple[str, ...]]:
    """Read distinct cells: their text, None for silence, and remarks on what was done to them.

    Look-alike spellings become one text; whole numbers that a program wrote as decimals lose their `.0`.
    """
    texts = [clean(value) or None for value in values]
    remarks = _united(name, Counter(text for text in texts if text))
    unreadable = sum(  # a tick of a symbol font is no empty cell: say what becomes of it
        any(unicodedata.category(letter) == "Co" for letter in value)
        for value, text in zip(values, texts, strict=True)
        if not text
    )
    if unreadable:
        remarks += (
            f"{name}: answers written only in signs of a symbol font ({unreadable} different) were read as "
            "empty cells; replace them by letters or digits to have them counted.",
        )
    same = _same_numbers({text for text in texts if text})
    if same:
        text, number = min(same.items())
        remarks += (
            f"{name}: numbers that equal another but for the last digits that a computer keeps were read as "
            f"that one ({len(same)} of them), e.g. {text} as {number}.",
        )
    texts = [same.get(text, text) if text else None for text in texts]
    answers = [text for text in texts if text]
    if whole and any(text.endswith(".0") for text in answers) and all(map(_WHOLE.fullmatch, answers)):
        texts = [text and text.removesuffix(".0") for text in texts]
        remarks += (f"{name}: whole numbers written with .0 were read without it.",)
    return texts, remarks


def _same_numbers(texts: Collection[str]) -> dict[str, str]:
    """Numbers that are another one of the column but for the last digits that floating-point numbers keep."""
    short = {text: number_text(float(f"{float(text):.15g}")) for text in texts if _LONG.fullmatch(text)}
    short = {
        text: own for text, own in short.items() if abs(float(text) - float(own)) <= 4 * math.ulp(float(text))
    }
    times = Counter(short.values())
    return {text: own for text, own in short.items() if text != own and (times[own] > 1 or own in texts)}


def _united(name: str, spellings: Counter[str]) -> tuple[str, ...]:
    """Remark on look-alike spellings of one answer."""
    number = spellings.total() - len(spellings)
    if not number:
        return ()
    what, verb, twins = (
        ("1 spelling", "was", "its twin") if number == 1 else (f"{number} spellings", "were", "their twins")
    )
    example = min((text for text, times in spellings.items() if times > 1), key=value_order)
    return (
        f"{name}: {what} differed only by spaces or invisible characters and {verb} united with {twins}, "
        f"e.g. {example!r}.",
    )


def distinct(series: pd.Series) -> tuple[Codes, list[str]]:
    """Tell the cells of a pandas Series of numbers or text apart; missing values become silence."""
    codes, uniques = pd.factorize(series, sort=False)
    return codes, [
        number_text(float(u)) if isinstance(u, (float, int, np.number)) else str(u) for u in uniques
    ]


def value_order(text: str) -> tuple[int, float, str]:
    """Sorting key of a code: numbers first, by size; then text."""
    try:
        number = float(text)
    except ValueError:
        return (1, 0.0, text)
    return (0, number, text) if np.isfinite(number) else (1, 0.0, text)
