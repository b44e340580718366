"""The one engine that counts: DuckDB groups respondents by their answers, ten of them or millions."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
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
    # Columns of what the weights are worth, once they are stated.
    sums: Sequence[str] = ()

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

    def state_weights(self, position: int, values: pa.ChunkedArray, worth: Sequence[int]) -> None:
        """State what each of the values of a column is worth, in units of the weights."""
        columns = worth_columns(self.name, worth, self.rows())
        self.connection.register("weights", pa.table({"raw": values} | columns))
        self.relation = f"{self.relation} JOIN weights ON c{position} = raw"
        self.sums = list(columns)

    def grouped(self, sets: Sequence[Sequence[int]], most: Sequence[int]) -> Iterator[Groups]:
        """Group the respondents by each set of columns, at most so many groups and one, in no order."""
        sums = "".join(f", sum({name})::VARCHAR AS {name}" for name in self.sums)
        size = 1 if self.in_memory else _SETS
        for start in range(0, len(sets), size):
            batch = sets[start : start + size]
            source = f"(SELECT {_names(batch[0])}, count(*) AS n{sums} FROM {self.relation} GROUP BY ALL)"
            if len(batch) > 1:
                source = self._tally(batch, sums)
            for number, group in enumerate(batch):
                chosen = "" if len(batch) == 1 else f"WHERE g{number} = 0"
                columns = ", ".join([_names(group), "n", *self.sums])
                limit = most[start + number] + 1
                yield self._groups(self._table(f"SELECT {columns} FROM {source} {chosen} LIMIT {limit}"))

    def _tally(self, sets: Sequence[Sequence[int]], sums: str) -> str:
        """Group by all sets in one pass, into a temporary table."""
        columns = _names([i for group in sets for i in group])
        flags = ", ".join(f"GROUPING(c{group[0]}) AS g{number}" for number, group in enumerate(sets))
        grouping = ", ".join(f"({_names(group)})" for group in sets)
        self._guarded(
            self.connection.execute,
            f"CREATE OR REPLACE TEMP TABLE tally AS SELECT {columns}, {flags}, count(*) AS n{sums} "
            f"FROM {self.relation} GROUP BY GROUPING SETS ({grouping})",
        )
        return "tally"

    def _groups(self, table: pa.Table) -> Groups:
        """Take the sums of a grouped table apart from its answers."""
        times = [int(n) for n in table["n"].to_pylist()]
        nothing = [0] * len(times)
        w, low, high, positive = (
            [int(text) for text in table[name].to_pylist()] if name in self.sums else nothing
            for name in ("w", "low", "high", "positive")
        )
        squares = [(upper << _HALF) + lower for upper, lower in zip(high, low, strict=True)]
        answers = table.select(range(table.column_names.index("n")))
        return Groups(answers, times, w, squares, positive if "positive" in self.sums else times)

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


def worth_columns(name: str, worth: Sequence[int], rows: int) -> dict[str, pa.Array]:
    """Make the columns that are summed: what weights are worth, and the square of it.

    A square is cut in two, for it may be too long for one number; what is nothing everywhere is left out.
    """
    longest = max((units.bit_length() for units in worth), default=0)
    if max(longest, _HALF, 2 * longest - _HALF) + rows.bit_length() > _WIDEST:
        raise Problem(f"the weights of {name} have too many digits to be summed exactly: round them to six.")
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
    return {name: _whole_numbers(numbers) for name, numbers in columns.items()}


def _whole_numbers(numbers: Sequence[int]) -> pa.Array:
    """Whole numbers in the shortest form that holds them: sums of short ones are quicker, and as exact."""
    largest = max(numbers, default=0)
    if largest < 2**31:
        return pa.array(numbers, pa.int32())
    if largest < 2**63:
        return pa.array(numbers, pa.int64())
    return pa.array([Decimal(number) for number in numbers], pa.decimal128(38, 0))


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
def in_memory(
    columns: Sequence[npt.NDArray[np.int32]],
    weights: tuple[npt.NDArray[np.int32], Sequence[int]] | None = None,
) -> Iterator[Respondents]:
    """Hand columns of codes to the engine, and for each respondent which of the weights is his."""
    table = {f"c{i}": codes.astype(_shortest(codes)) for i, codes in enumerate(columns)}
    sums: dict[str, pa.Array] = {}
    if weights:
        codes, worth = weights
        sums = worth_columns("the file", worth, len(codes))
        table |= {name: numbers.take(pa.array(codes)) for name, numbers in sums.items()}
    with connected() as connection:
        connection.register("respondents", pa.table(table))
        yield Respondents("the file", connection, "respondents", in_memory=True, sums=list(sums))


def _shortest(codes: npt.NDArray[np.int32]) -> type[np.integer[Any]]:
    """Choose the shortest type of the codes of a column: short ones are grouped sooner."""
    largest = int(codes.max(initial=0))
    return np.int8 if largest < 2**7 else np.int16 if largest < 2**15 else np.int32


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
