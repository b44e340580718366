"""Respondents of a file too large for memory: distinct answers first, then counts of the questions.

An engine groups the file (see `streaming`); what the groups mean is decided by the code that counts files in
memory, so that both ways write the same folder, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from regint.survey.schema import LARGEST_BASE
from textfiles.problems import Problem
from textfiles.text import clean

from surveyfile import engine
from surveyfile.codebook import Item
from surveyfile.columns import (
    MANY,
    SILENT,
    Column,
    Respondents,
    in_order,
    series_column,
    text_column,
    whole_numbers,
)
from surveyfile.count import Question, by_question, count_question
from surveyfile.delimited import Plan, check_rows, open_parquet, open_text, plan_reading, too_long
from surveyfile.identify import STREAMED, Limits, check_size
from surveyfile.record import Settings
from surveyfile.statfiles import Footer, parquet_footer, plain_series
from surveyfile.weights import Weights

MOST = 1_000_000
"""Distinct answers of a described column, combinations of answers to one question, and distinct weights, that
are held at once."""


def is_streamed(path: Path, kind: str, only: Collection[str], limits: Limits) -> bool:
    """Whether a file is too large to be held in memory and of a kind that can be streamed."""
    if kind not in STREAMED:
        return False
    size = path.stat().st_size
    if kind == "delimited":
        return size > limits.text_bytes
    footer = parquet_footer(path, only=only)
    columns = len(footer.names)
    check_size(path.name, 0, columns, limits)
    if footer.rows * columns <= limits.cells and footer.rows <= limits.rows and size <= limits.bytes:
        return False
    if footer.rows * columns > max(limits.cells, limits.inflation * size):
        raise Problem(
            f"{path.name} declares {footer.rows:,} rows of {columns:,} columns, which a file of "
            f"{size / 1e6:,.1f} MB cannot hold: copy or export it again."
        )
    return True


@contextmanager
def opened(
    path: Path, kind: str, settings: Settings, only: Collection[str], limits: Limits
) -> Iterator[PastMemory]:
    """Open a file that is too large for memory."""
    if settings.strata or settings.cluster:
        raise Problem(
            f"{path.name} is too large for --strata and --cluster, whose errors need every respondent at "
            "once: leave them out (weights alone are fine), or draw the columns you need into a smaller file."
        )
    if kind == "parquet":
        footer = parquet_footer(path, only=only)
        with open_parquet(path, len(footer.schema.names)) as stream:
            yield PastMemory(path, stream, footer, settings.weight, bool(only), limits)
    else:
        plan = plan_reading(
            path, encoding=settings.encoding, delimiter=settings.delimiter, only=only, limits=limits
        )
        with open_text(path, plan) as stream:
            yield PastMemory(path, stream, plan, settings.weight, bool(only), limits)


@dataclass
class PastMemory:
    """A file of respondents that is never held as a whole."""

    path: Path
    stream: engine.Respondents
    source: Plan | Footer
    weight: str
    described: bool
    limits: Limits
    _values: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    _crowded: set[str] = field(default_factory=set)

    def respondents(self) -> Respondents:
        """Distinct answers of every column, with the number of respondents behind each."""
        places = self._places()
        unnamed = self.source.unnamed if isinstance(self.source, Plan) else []
        tables = self._distinct(places, unnamed)
        columns = {}
        for name, i in places.items():
            values, times = tables[i] if i in tables else self.stream.some(i, 2 * MANY)
            if len(times) > self._most(name):
                self._crowded.add(name)
            self._values[name] = values
            columns[name] = self._column(name, values, np.array(times, dtype=np.int64))
        if self.weight in self._crowded:
            raise Problem(
                f"weight column {self.weight!r} holds more than {MOST:,} different weights, too many for a "
                "file of this size: round them to four decimals."
            )
        counted = [
            c.times for name, c in columns.items() if name not in self._crowded and c.times is not None
        ]
        rows = int(counted[0].sum()) if counted else self.stream.rows()
        filled = [i for i in unnamed if any(str(v or "").strip() for v in tables[i][0].to_pylist())]
        return self._as_read(columns, rows, filled)

    def questions(self, items: Sequence[Item], weights: Weights | None) -> list[Question]:
        """Count every question of a codebook, as `tabulate` does in memory."""
        groups = list(by_question(items).values())
        places = self._places()
        for item in (item for group in groups for item in group):
            if item.column in self._crowded:
                raise Problem(_too_many(f"column {item.column!r}", "answers", self._most(item.column)))
        if weights:
            worth = [weights.units[code] for code in weights.column.codes.tolist()]
            self.stream.state_weights(places[self.weight], self._values[self.weight], worth)
        sets = [[places[item.column] for item in group] for group in groups]
        counted = self.stream.grouped(sets, [MOST] * len(sets))
        return [self._question(group, found, weights) for group, found in zip(groups, counted, strict=True)]

    def _places(self) -> dict[str, int]:
        """Position of each column that is read."""
        if isinstance(self.source, Plan):
            return {self.source.names[i]: i for i in self.source.wanted}
        own = list(self.source.schema.names)
        return {clean(name): own.index(name) for name in self.source.names}

    def _most(self, name: str) -> int:
        """Distinct answers of a column that are held."""
        return MOST if self.described or name == self.weight else 2 * MANY

    def _distinct(
        self, places: Mapping[str, int], unnamed: Sequence[int]
    ) -> dict[int, tuple[pa.ChunkedArray, list[int]]]:
        """Distinct values by position; columns that are soon seen to hold too many are left out."""
        suspects = [i for name, i in places.items() if self._most(name) < MOST]
        crowded = self.stream.crowded(suspects, 2 * MANY)
        most = {i: self._most(name) for name, i in places.items() if i not in crowded}
        most |= dict.fromkeys(unnamed, MANY)
        found = self.stream.grouped([(i,) for i in most], list(most.values()))
        return {i: (own.answers.column(0), own.times) for i, own in zip(most, found, strict=True)}

    def _as_read(self, columns: dict[str, Column], rows: int, filled: Sequence[int]) -> Respondents:
        """Respondents as the readers in memory describe them."""
        source = self.source
        if rows > LARGEST_BASE:
            raise Problem(
                f"{self.path.name} holds {rows:,} rows; at most {LARGEST_BASE:,} are read: check the file."
            )
        if isinstance(source, Plan):
            check_rows(self.path, rows)
            notices = source.notices(self.path, filled)
            return Respondents(columns, rows, source.reading(rows), notices, skipped=source.skipped)
        if rows != source.rows:
            raise Problem(
                f"{self.path.name} declares {source.rows:,} rows and holds {rows:,}: copy or export it again."
            )
        return Respondents(columns, rows, source.reading(), skipped=source.skipped)

    def _column(
        self, name: str, values: pa.ChunkedArray, times: npt.NDArray[np.int64] | None = None
    ) -> Column:
        """Column in the common form; its values are grouped, `times` says how many respondents share each."""
        if isinstance(self.source, Footer):
            kind = self.source.schema.field(self._places()[name]).type
            plain = kind.value_type if pa.types.is_dictionary(kind) else kind
            return series_column(name, plain_series(values.cast(plain)), times=times)
        coded = values.combine_chunks().dictionary_encode()
        texts = coded.dictionary.to_pylist()
        if max(map(len, texts), default=0) > self.limits.characters:
            raise too_long(self.path, self.limits)
        codes = np.asarray(coded.indices.fill_null(SILENT)).astype(np.int32)
        return in_order(whole_numbers(text_column(name, codes, texts, times=times)))

    def _question(self, group: Sequence[Item], groups: engine.Groups, weights: Weights | None) -> Question:
        """Count one question from the combinations of its answers."""
        if len(groups.times) > MOST:
            raise Problem(_too_many(f"question {group[0].question!r}", "combinations of answers", MOST))
        columns = [
            self._column(item.column, answers)
            for item, answers in zip(group, groups.answers.columns, strict=True)
        ]
        texts, slots = [column.texts for column in columns], [column.codes.tolist() for column in columns]
        return count_question(group, texts, slots, groups, weights)


def _too_many(what: str, things: str, most: int) -> str:
    """Sentence about a column or question that cannot be grouped."""
    return (
        f"{what} holds more than {most:,} different {things}, too many for a file of this size: "
        "set its role to skip in a codebook."
    )
