"""The one engine that counts: DuckDB groups respondents by their answers, ten of them or millions."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from textfiles.problems import Problem

from surveyfile.columns import Codes

if TYPE_CHECKING:
    import duckdb

MEMORY = "2GB"
"""What DuckDB may hold beside the respondents: groups of answers."""

_THREADS = 4
_HALF = 88  # binary digits of the lower half of a square
_WIDEST = 126  # binary digits that a sum may have in DuckDB's largest whole number


@dataclass(frozen=True)
class Groups:
    """Respondents grouped by their answers to one question: for each column the answers, and sums."""

    answers: list[list[int]]
    times: list[int]
    weights: list[int]
    squares: list[int]
    weighing: list[int]


def grouped(
    columns: Sequence[Codes],
    sets: Sequence[Sequence[int]],
    weights: tuple[Codes, Sequence[int]] | None = None,
) -> Iterator[Groups]:
    """Group the respondents by each set of columns, in no order.

    Parameters
    ----------
    columns : sequence of array
        For each column the codes of all respondents; -1 is silence.
    sets : sequence of sequence of int
        Positions of the columns of each question.
    weights : tuple, optional
        For each respondent which of the weights is his, and what each weight is worth in units.
    """
    table = {f"c{i}": codes for i, codes in enumerate(columns)}
    sums: dict[str, pa.Array] = {}
    if weights:
        codes, worth = weights
        sums = worth_columns(worth, len(codes))
        table |= {name: numbers.take(pa.array(codes)) for name, numbers in sums.items()}
    summed = "".join(f", sum({name})::VARCHAR AS {name}" for name in sums)
    with connected() as connection:
        connection.register("respondents", pa.table(table))
        for positions in sets:
            names = ", ".join(f"c{i}" for i in positions)
            query = f"SELECT {names}, count(*) AS n{summed} FROM respondents GROUP BY ALL"
            yield _groups(_answer(connection, query), sums)


def _answer(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """Give the result of a query; that memory ran out becomes one sentence."""
    import duckdb

    try:
        return connection.sql(query).to_arrow_table()
    except duckdb.OutOfMemoryException as error:
        raise Problem(
            f"the file has too many different answers for {MEMORY} of memory: "
            "name the columns you need in a codebook."
        ) from error


def _groups(table: pa.Table, sums: Collection[str]) -> Groups:
    """Take the sums of a grouped table apart from its answers."""
    times = table["n"].to_pylist()
    nothing = [0] * len(times)
    w, low, high, positive = (
        [int(text) for text in table[name].to_pylist()] if name in sums else nothing
        for name in ("w", "low", "high", "positive")
    )
    squares = [(upper << _HALF) + lower for upper, lower in zip(high, low, strict=True)]
    answers = [column.to_pylist() for column in table.columns[: table.column_names.index("n")]]
    return Groups(answers, times, w, squares, positive if "positive" in sums else times)


def worth_columns(worth: Sequence[int], rows: int) -> dict[str, pa.Array]:
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
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that loads no extension and writes no file."""
    import duckdb

    config: dict[str, Any] = {
        "memory_limit": MEMORY,
        "temp_directory": "",
        "threads": min(_THREADS, os.cpu_count() or 1),
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    connection = duckdb.connect(config=config)
    try:
        yield connection
    finally:
        connection.close()
