"""The one engine that counts: DuckDB groups respondents by their answers, ten of them or millions.

Readers hand respondents over piece by piece. As soon as many are held they are counted and forgotten, so that
a file may be much larger than memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import chain
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from textfiles.problems import Problem, did_you_mean
from textfiles.text import clean

from surveyfile.columns import (
    MANY,
    SILENT,
    Codes,
    Column,
    DeclaredSet,
    Groups,
    Respondents,
    Sums,
    Wanted,
    read_values,
    shortest,
    value_order,
)
from surveyfile.identify import LIMITS
from surveyfile.weights import exact_weight, telling

# A database in memory that loads no extension and writes no file; it may hold groups of answers.
_MEMORY = "512MB"
_DATABASE: dict[str, Any] = {
    "memory_limit": _MEMORY,
    "temp_directory": "",
    "threads": min(4, os.cpu_count() or 1),
    "preserve_insertion_order": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_MOST = 1_000_000  # distinct answers to one question, or combinations of them in its columns, that are held
_ANY = "*"  # the value of a filter that every answer passes, and no silence
_CELLS = 1 << 25  # that are held before they are counted
_COLUMNS = 32  # a narrow file is held like one of so many columns, for weights take room too
_EXACT = Context(prec=1000)  # more digits than a sum may have
_COMBINED = 512  # combinations of answers to several questions that are counted in one pass
_HALF = 88  # binary digits of the lower half of a square
_WIDEST = 126  # binary digits that a sum may have in DuckDB's largest whole number


@dataclass
class _Pieces:
    """A column as it is read; very many answers are told apart only where all are asked for."""

    complete: bool = True
    crowded: bool = False
    values: dict[str, int] = field(default_factory=dict)
    codes: list[Codes] = field(default_factory=list)

    def add(self, codes: Codes, values: Sequence[str]) -> None:
        """Add the next respondents: the positions of their cells among some values."""
        if self.crowded:
            return
        places = [self.values.setdefault(value, len(self.values)) for value in values]
        kind = shortest(len(self.values))
        same = places == list(range(len(places)))
        self.codes.append(
            codes.astype(kind, copy=False) if same else np.array([*places, SILENT], kind)[codes]
        )
        if not self.complete and len(self.values) > 2 * MANY:
            self.crowded = len(set(map(clean, self.values))) > 2 * MANY

    def joined(self) -> Codes:
        """Codes of the respondents that are held, in one array and no longer in pieces."""
        self.codes = [np.concatenate(self.codes)] if self.codes else [np.empty(0, np.int8)]
        return self.codes[0]


class Tally:
    """Counts the respondents of a file as they are read, question by question."""

    def __init__(
        self, path: Path, names: Sequence[str], wanted: Wanted, sets: Sequence[DeclaredSet] = ()
    ) -> None:
        self.path, self.wanted, self.sets = path, wanted, tuple(sets)
        for name in wanted.filters.keys() - set(names):
            raise Problem(f"{path.name} has no column {name!r} to filter by{did_you_mean(name, names)}.")
        self.rows = self.read = self._held = 0  # counted; in the file; counted and held
        self._piece: dict[str, tuple[Codes, Sequence[str]]] = {}
        self._weight = next((name for name in names if wanted.roles.get(name) == "weight"), "")
        self._worth: list[Decimal] = []
        self._unweighted = False
        member = {name: group.name for group in sets for name in group.columns}
        told, described = {*names}, wanted.questions
        if described is None:
            told = {*wanted.roles, *member, *wanted.numeric}
            described = {name: member.get(name, "") for name in names if name not in wanted.roles}
        self.columns = {name: _Pieces(complete=name in told) for name in names}
        questions: dict[tuple[str, str], list[str]] = {}
        for name in names:
            if name in described:  # a column that belongs to no set is a question of its own
                question = described[name]
                questions.setdefault((question, "" if question else name), []).append(name)
        known = self.columns.keys() - wanted.roles.keys()
        self._questions = [  # each of everybody, and within groups
            (own, by)
            for by in [(), *wanted.by]
            for own in questions.values()
            if known.issuperset(by) and not {*own} & {*by}
        ]
        self._sums: list[dict[tuple[int, ...], Sums]] = [{} for _ in self._questions]

    def add(self, name: str, codes: Codes, values: Sequence[str]) -> None:
        """Add what the next respondents answered in one column: the positions of their cells among values."""
        self._piece[name] = codes, values

    def end_of_piece(self, rows: int) -> None:
        """Say how many respondents were added in all columns; many are counted and forgotten."""
        kept = np.ones(rows, dtype=bool)
        for name, answers in self.wanted.filters.items():
            codes, values = self._piece[name]
            own = [bool(text) and (text in answers or _ANY in answers) for text in map(clean, values)]
            kept &= np.array([*own, False])[codes]
        for name, (codes, values) in self._piece.items():
            if not kept.all():  # an answer that only others gave is no answer of those who are counted
                used = np.setdiff1d(codes[kept], [SILENT])
                places = np.full(len(values) + 1, SILENT)
                places[used] = np.arange(len(used))
                codes, values = places[codes[kept]], [values[code] for code in used]
            self.columns[name].add(codes, values)
        self._piece.clear()
        self.read += rows
        self.rows += int(kept.sum())
        self._held += int(kept.sum())
        if not self.wanted.hold:
            if self._held * max(len(self.columns), _COLUMNS) > _CELLS:
                self._count()
        elif self.rows > LIMITS.rows or self.rows * len(self.columns) > LIMITS.cells:
            raise Problem(
                f"{self.path.name} is too large for --strata and --cluster, whose errors need all "
                "respondents at once: leave them out (weights alone are fine), or name the columns you need "
                "in a codebook."
            )

    def _count(self) -> None:
        """Count the respondents that are held."""
        sets = [(place, [*own, *by]) for place, (own, by) in enumerate(self._questions)]
        sets = [(place, names) for place, names in sets if not self._crowded(names)]
        weights = self._weights() if self._weight else None
        table = {name: self.columns[name].joined() for _, names in sets for name in names}
        counted = grouped(table, [names for _, names in sets], weights)
        for (place, names), found in zip(sets, counted, strict=True):
            for answers, sums in found.items():
                self._sums[place].setdefault(answers, Sums()).add(sums)
            if len(self._sums[place]) > _MOST:
                raise Problem(
                    f"{self.path.name}: {' and '.join(map(repr, names))} hold more than {_MOST:,} different "
                    "answers, or combinations of answers, too many to be counted: set their role to skip in "
                    "a codebook."
                )
        self._held = 0
        if not self.wanted.hold:
            for column in self.columns.values():
                column.codes.clear()
            if len(self._worth) > 10 * MANY and self._weight not in table:
                column = self.columns[self._weight]
                column.values = {text: i for i, text in enumerate(telling(map(clean, column.values)))}
                self._worth.clear()

    def _crowded(self, names: Sequence[str]) -> bool:
        """Whether some of the columns hold more answers than a question has."""
        return any(self.columns[name].crowded for name in names)

    def _weights(self) -> tuple[Codes, list[Decimal]]:
        """For each respondent that is held which of the weights is his, and what each is worth."""
        column = self.columns[self._weight]
        codes = column.joined()
        self._worth += [exact_weight(clean(text)) for text in list(column.values)[len(self._worth) :]]
        if (codes == SILENT).any():  # refused in the end, with those whose weight is missing
            self._unweighted = True
            codes = np.where(codes == SILENT, len(self._worth), codes.astype(np.int32))
        return codes, [*self._worth, *([Decimal(0)] if self._unweighted else [])]

    def finish(
        self,
        reading: dict[str, object],
        notices: Sequence[str] = (),
        skipped: Sequence[str] = (),
        wordings: Mapping[str, str] | None = None,
        *,
        whole: bool = False,
    ) -> Respondents:
        """Count the rest and give what is known of the file; `whole` numbers lose their ``.0``."""
        if self.wanted.filters and not self.rows:
            stated = " and ".join(f"{name}={' or '.join(own)}" for name, own in self.wanted.filters.items())
            raise Problem(
                f"{self.path.name} has no respondent with {stated}: correct --filter, whose values are "
                "written as they stand in the file."
            )
        if self._held:
            self._count()
        columns = {}
        texts: dict[str, list[str | None]] = {}
        for name, column in self.columns.items():
            texts[name], remarks = read_values(name, column.values, whole=whole)
            if name not in self.wanted.roles:
                silent = {*self.wanted.silent.get("", ()), *self.wanted.silent.get(name, ())}
                texts[name] = [None if text in silent else text for text in texts[name]]
            texts[name].append(None)  # silence is at the last place
            given = {text for text in texts[name] if text}
            answers = sorted(given) if name == self._weight else sorted(given, key=value_order)
            places = {text: i for i, text in enumerate(answers)} | {None: SILENT}
            codes = np.array([places[text] for text in texts[name]], dtype=shortest(len(answers)))
            if self.wanted.hold:
                codes = codes[column.joined()]
            elif name == self._weight:  # one respondent for each weight, and a silent one, stand for all
                codes = codes if self._unweighted else codes[:-1]
            else:
                codes = codes[:0]
            wording = (wordings or {}).get(name, "")
            columns[name] = Column(name, codes, tuple(answers), wording, remarks=remarks)
        groups: dict[str, Groups] = {}
        crossed: dict[tuple[str, tuple[str, ...]], Groups] = {}
        for (asked, by), counted in zip(self._questions, self._sums, strict=True):
            names = (*asked, *by)
            if self._crowded(names):
                continue
            own: dict[tuple[str | None, ...], Sums] = {}
            for answered, sums in counted.items():
                key = tuple(texts[name][place] for name, place in zip(names, answered, strict=True))
                own.setdefault(key, Sums()).add(sums)
            if by:
                crossed |= {(name, by): Groups(names, own) for name in asked}
            else:
                groups |= dict.fromkeys(asked, Groups(names, own))
        return Respondents(
            columns, self.rows, reading, tuple(notices), self.sets, tuple(skipped), groups, crossed
        )


def grouped(
    columns: Mapping[str, Codes],
    sets: Sequence[Sequence[str]],
    weights: tuple[Codes, Sequence[Decimal]] | None = None,
) -> Iterator[dict[tuple[int, ...], Sums]]:
    """Group the respondents by each set of columns, in no order; a set of none sums everybody.

    Weights are, for each respondent, which of the weights is his, and what each weight is worth.
    """
    if not sets:
        return
    import duckdb  # which takes its time to load

    places = {name: f"c{i}" for i, name in enumerate(columns)}
    table: dict[str, Any] = {places[name]: codes for name, codes in columns.items()}
    worths: dict[str, pa.Array] = {}
    scale = 1  # so many units make a weight of one
    if weights:
        codes, worth = weights
        with localcontext(_EXACT):  # a sum has as many decimals as the number with most of them
            decimals = max(0, -int(sum(worth, Decimal(0)).as_tuple().exponent))
            units = [int(number.scaleb(decimals)) for number in worth]
        scale = 10**decimals
        worths = _worth_columns(units, len(codes))
        table |= {name: numbers.take(pa.array(codes)) for name, numbers in worths.items()}
    each = {"w": "count(*)", "high": "0", "low": "count(*)", "positive": "count(*)"}
    summed = ", ".join(f"sum({name})::HUGEINT" if name in worths else own for name, own in each.items())
    sizes = {name: int(codes.max(initial=SILENT)) + 2 for name, codes in columns.items()}
    with duckdb.connect(config=_DATABASE) as connection:
        connection.register("respondents", pa.table(table))
        for together in _packed(sets, sizes):
            names = list(dict.fromkeys(chain(*together)))
            by = "".join(f"{places[name]}, " for name in names)
            query = f"SELECT {by}count(*), {summed} FROM respondents GROUP BY ALL"
            try:
                counted = connection.sql(query).fetchall()
            except duckdb.OutOfMemoryException as error:
                raise Problem(
                    f"the file has too many different answers for {_MEMORY} of memory: "
                    "name the columns you need in a codebook."
                ) from error
            found = [
                (answers, Sums(n, weight, (high << _HALF) + low, positive))
                for *answers, n, weight, high, low, positive in counted
            ]
            for own in together:
                at = [names.index(name) for name in own]
                groups: dict[tuple[int, ...], Sums] = {}
                for answers, sums in found:
                    groups.setdefault(tuple(answers[place] for place in at), Sums()).add(sums)
                for sums in groups.values() if scale > 1 else ():
                    sums.weight, sums.squares = Fraction(sums.weight, scale), Fraction(sums.squares, scale**2)
                yield groups


def _packed(sets: Sequence[Sequence[str]], sizes: Mapping[str, int]) -> list[list[Sequence[str]]]:
    """Put questions together of which one pass over the respondents gives few enough combinations."""
    packs: list[list[Sequence[str]]] = []
    for names in sets:
        if packs and prod(sizes[name] for name in {*names, *chain(*packs[-1])}) <= _COMBINED:
            packs[-1].append(names)
        else:
            packs.append([names])
    return packs


def _worth_columns(worth: Sequence[int], rows: int) -> dict[str, pa.Array]:
    """Make the columns that are summed: what weights are worth, and the square of it.

    A square is cut in two, for it may be too long for one number; what is nothing everywhere is left out.
    """
    longest = max((units.bit_length() for units in worth), default=0)
    if max(longest, _HALF, 2 * longest - _HALF) + rows.bit_length() > _WIDEST:
        raise Problem("the weights have too many digits to be summed exactly: round them to six.")
    columns = {
        "w": list(worth),
        "low": [units**2 & ((1 << _HALF) - 1) for units in worth],
        "high": [units**2 >> _HALF for units in worth],
        "positive": [int(units > 0) for units in worth],
    }
    if not any(columns["high"]):
        del columns["high"]
    if all(columns["positive"]):
        del columns["positive"]
    found = {}
    for name, numbers in columns.items():  # sums of short numbers are quicker, and as exact
        largest = max(numbers, default=0)
        kind = pa.int32() if largest < 2**31 else pa.int64() if largest < 2**63 else pa.decimal128(38, 0)
        found[name] = pa.array(numbers, kind)
    return found
