"""The one engine that counts: DuckDB groups respondents by their answers, ten of them or millions."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from textfiles.problems import Problem

if TYPE_CHECKING:
    import duckdb

MEMORY = "2GB"
"""What DuckDB holds at once; the rest goes to the temporary folder."""

_SETS = 64  # questions that are counted in one pass over a file
_THREADS = 4  # each has tables of its own for every set
_SAMPLE = 100_000
_HALF = 88  # binary digits of the lower half of a square
_WIDEST = 126  # binary digits that a sum may have in DuckDB's largest whole number
_UNEVEN = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_LINE = re.compile(r"CSV Error on Line: (\d+)")


@dataclass(frozen=True)
class WeightUnits:
    """Weights as whole numbers of one unit, so that every sum of them is exact.

    Parameters
    ----------
    values : Sequence
        The weights as they stand in the data, each once.
    units : sequence of int
        What each is worth, in units.
    """

    values: Sequence[Any] | pa.Array
    units: Sequence[int]


@dataclass(frozen=True)
class Groups:
    """Respondents grouped by their answers to one question: the answers, and sums over each group."""

    answers: pa.Table
    times: list[int]
    weights: list[int]
    squares: list[int]
    weighing: list[int]


@dataclass
class Respondents:
    """Respondents that DuckDB reads, from a file or from memory; column `i` is called ``c{i}``."""

    name: str
    connection: duckdb.DuckDBPyConnection
    relation: str
    # A file is read once for many questions, a table in memory once for each, and then only its columns.
    in_memory: bool = False

    def rows(self) -> int:
        """Count the respondents."""
        return int(self._table(f"SELECT count(*) AS n FROM {self.relation}")["n"][0].as_py())

    def crowded(self, positions: Sequence[int], most: int) -> set[int]:
        """Columns that hold far more than so many distinct values even among a few rows."""
        if not positions:
            return set()
        counts = ", ".join(f"approx_count_distinct(c{i})" for i in positions)
        sample = f"(SELECT {_names(positions)} FROM {self.relation} LIMIT {_SAMPLE})"
        found = self._table(f"SELECT {counts} FROM {sample}").columns
        return {i for i, number in zip(positions, found, strict=True) if number[0].as_py() > 1.5 * most}

    def some(self, position: int, most: int) -> tuple[pa.ChunkedArray, list[int]]:
        """Give some distinct values of a column with their numbers, just more than so many."""
        sample = f"(SELECT c{position} FROM {self.relation} LIMIT {_SAMPLE})"
        query = f"SELECT c{position}, count(*) AS n FROM {sample} GROUP BY 1 LIMIT {most + 1}"
        found = self._table(query)
        return found.column(0), found["n"].to_pylist()

    def grouped(
        self,
        sets: Sequence[Sequence[int]],
        most: Sequence[int],
        weight: int | None = None,
        units: WeightUnits | None = None,
    ) -> Iterator[Groups]:
        """Group the respondents by each set of columns, at most so many groups and one, in no order."""
        source, sums = self.relation, ""
        if weight is not None and units is not None:
            self._state_weights(units)
            source += f" JOIN weights ON c{weight} = raw"
            sums = ", sum(w) AS w, sum(low) AS low, sum(high) AS high, sum(positive) AS positive"
        size = 1 if self.in_memory else _SETS
        for start in range(0, len(sets), size):
            batch = sets[start : start + size]
            columns = _names([i for group in batch for i in group])
            flags = ", ".join(f"GROUPING(c{group[0]}) AS g{number}" for number, group in enumerate(batch))
            grouping = ", ".join(f"({_names(group)})" for group in batch)
            self._guarded(
                self.connection.execute,
                f"CREATE OR REPLACE TEMP TABLE tally AS SELECT {columns}, {flags}, count(*) AS n{sums} "
                f"FROM {source} GROUP BY GROUPING SETS ({grouping})",
            )
            for number, group in enumerate(batch):
                texts = (
                    ", w::VARCHAR AS w, low::VARCHAR AS low, high::VARCHAR AS high, positive" if sums else ""
                )
                yield _groups(
                    self._table(
                        f"SELECT {_names(group)}, n{texts} FROM tally "
                        f"WHERE g{number} = 0 LIMIT {most[start + number] + 1}"
                    ),
                    len(group),
                )

    def _state_weights(self, units: WeightUnits) -> None:
        """Make a table of the weights; their squares come in two halves, too long for one number."""
        longest = max((unit.bit_length() for unit in units.units), default=0)
        people = self.rows().bit_length()
        if max(longest, _HALF, 2 * longest - _HALF) + people > _WIDEST:
            raise Problem(
                f"the weights of {self.name} have too many digits to be summed exactly: round them to six."
            )
        squares = [unit**2 for unit in units.units]
        columns: dict[str, Any] = {
            "raw": units.values,
            "w": [str(unit) for unit in units.units],
            "low": [str(square & ((1 << _HALF) - 1)) for square in squares],
            "high": [str(square >> _HALF) for square in squares],
            "positive": [int(unit > 0) for unit in units.units],
        }
        self.connection.register("stated", pa.table(columns))
        kinds = [
            (name, "HUGEINT" if any(len(text) > 18 for text in columns[name]) else "BIGINT")
            for name in ("w", "low", "high")
        ]
        cast = ", ".join(["raw", *(f"{name}::{kind} AS {name}" for name, kind in kinds), "positive"])
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE weights AS SELECT {cast} FROM stated")
        self.connection.unregister("stated")

    def _table(self, query: str) -> pa.Table:
        """Give the result of a query."""
        return self._guarded(lambda text: self.connection.sql(text).to_arrow_table(), query)

    def _guarded(self, run: Callable[[str], Any], query: str) -> Any:
        """Run a query; the engine's errors become one sentence."""
        import duckdb

        try:
            return run(query)
        except duckdb.OutOfMemoryException as error:
            raise Problem(
                f"{self.name} has too many different answers for {MEMORY} of memory and the temporary "
                "folder: name the columns you need in a codebook."
            ) from error
        except duckdb.Error as error:
            raise Problem(_problem(self.name, str(error))) from error


def _groups(table: pa.Table, answers: int) -> Groups:
    """Take the sums of a grouped table apart from its answers."""
    times = [int(n) for n in table["n"].to_pylist()]
    if "w" not in table.column_names:
        nothing = [0] * len(times)
        return Groups(table.select(range(answers)), times, nothing, nothing, nothing)
    w, low, high, positive = (
        [int(x) for x in table[name].to_pylist()] for name in ("w", "low", "high", "positive")
    )
    squares = [(upper << _HALF) + lower for upper, lower in zip(high, low, strict=True)]
    return Groups(table.select(range(answers)), times, w, squares, positive)


@contextmanager
def connected(folder: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that loads no extension and keeps its temporary files in one folder."""
    import duckdb

    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "temp_directory": folder,
        "threads": min(_THREADS, os.cpu_count() or 1),
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(config=config)
    # The engine cannot know how long a text file is; left to itself it holds the file and probes the weights.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def in_memory(columns: Sequence[npt.NDArray[np.int32]]) -> Iterator[Respondents]:
    """Hand columns of codes to the engine."""
    with connected() as connection:
        connection.register("respondents", pa.table({f"c{i}": codes for i, codes in enumerate(columns)}))
        yield Respondents("the file", connection, "respondents", in_memory=True)


def _names(positions: Sequence[int]) -> str:
    """Names of columns in SQL."""
    return ", ".join(f"c{i}" for i in positions)


def _problem(name: str, message: str) -> str:
    """One sentence from a message of the engine, which may quote answers and paths."""
    line, uneven = _LINE.search(message), _UNEVEN.search(message)
    where = f"{name}: line {int(line[1]):,}: " if line else f"{name}: "
    if uneven:
        return (
            f"{where}{uneven[2]} cells where the header names {uneven[1]}: "
            "quote cells that contain the delimiter, or fill the row."
        )
    if "unterminated quote" in message:
        return f"{where}a quotation mark is opened and not closed: double the marks inside a quoted cell."
    if line:
        return f"{where}the row cannot be cut into cells: correct it, or export the file again."
    return f"{where}the file is damaged or written unevenly (mixed line ends, for one): export it again."
