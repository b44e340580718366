"""Files larger than memory, read by DuckDB: it streams them and groups equal answers.

DuckDB reads a file once for many questions together (grouping sets), in bounded memory, on every processor,
and spills to disk what does not fit. Nothing is counted here; the engine counts.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from regint.survey.imports.delimited import Plan
from regint.survey.imports.sniffing import ReadingError

if TYPE_CHECKING:
    import duckdb

MEMORY = "2GB"
"""What DuckDB holds at once; the rest goes to the temporary folder."""

_SETS = 64
_THREADS = 4  # each has tables of its own for every set
_SAMPLE = 100_000
_UTF8 = ("utf-8", "utf-8-sig", "ascii")
_UNEVEN = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_LINE = re.compile(r"CSV Error on Line: (\d+)")

Columns = tuple[int, ...]


@dataclass
class Stream:
    """An open file that DuckDB reads.

    Parameters
    ----------
    path : Path
        The file, for sentences.
    connection : duckdb.DuckDBPyConnection
        A database of its own, without network or extensions.
    relation : str
        SQL that reads the file, its columns named `c0`, `c1`, ... by position.
    """

    path: Path
    connection: duckdb.DuckDBPyConnection
    relation: str

    def rows(self) -> int:
        """Count the rows of the file."""
        return int(self._table(f"SELECT count(*) AS n FROM {self.relation}")["n"][0].as_py())

    def crowded(self, positions: Sequence[int], most: int) -> set[int]:
        """Columns that hold far more than so many distinct values even among a few rows.

        The engine's estimate is good to a few per cent, so half as many again are certainly too many.
        """
        if not positions:
            return set()
        counts = ", ".join(f"approx_count_distinct(c{i})" for i in positions)
        sample = f"(SELECT {_names(positions)} FROM {self.relation} LIMIT {_SAMPLE})"
        found = self._table(f"SELECT {counts} FROM {sample}").columns
        return {i for i, number in zip(positions, found, strict=True) if number[0].as_py() > 1.5 * most}

    def some(self, position: int, most: int) -> pa.Table:
        """Give some distinct values of a column, just more than so many."""
        sample = f"(SELECT c{position} FROM {self.relation} LIMIT {_SAMPLE})"
        query = f"SELECT c{position}, count(*) AS n FROM {sample} GROUP BY 1 LIMIT {most + 1}"
        return self._table(query)

    def grouped(
        self, sets: Sequence[Columns], most: Sequence[int], weights: tuple[int, pa.Table] | None = None
    ) -> Iterator[pa.Table]:
        """Group the respondents by each set of columns.

        Parameters
        ----------
        sets : sequence of tuple of int
            Positions of columns; no column in two sets.
        most : sequence of int
            Groups of each set to give at most, and one more where there are more.
        weights : tuple, optional
            Position of the column of weights, and a table of its values (`raw`) with three whole numbers
            (`w`, `s`, `p`) to be summed.

        Yields
        ------
        pyarrow.Table
            For each set its columns, the number of respondents `n` and, as text, the sums `w`, `s`, `p`.
        """
        for start in range(0, len(sets), _SETS):
            batch = sets[start : start + _SETS]
            self._tally(batch, weights)
            for number, columns in enumerate(batch):
                sums = ", w, s, p" if weights else ""
                yield self._table(
                    f"SELECT {_names(columns)}, n{sums} FROM tally "
                    f"WHERE g{number} = 0 LIMIT {most[start + number] + 1}"
                )

    def _tally(self, sets: Sequence[Columns], weights: tuple[int, pa.Table] | None) -> None:
        """Group by all sets in one pass over the file, into a temporary table."""
        columns = [i for group in sets for i in group]
        flags = ", ".join(f"GROUPING(c{group[0]}) AS g{number}" for number, group in enumerate(sets))
        grouping = ", ".join(f"({_names(group)})" for group in sets)
        sums, source = "", self.relation
        if weights:
            self.connection.register("weights", weights[1])
            sums = ", sum(w)::VARCHAR AS w, sum(s)::VARCHAR AS s, sum(p)::VARCHAR AS p"
            source += f" JOIN weights ON c{weights[0]} = raw"
        self._guarded(
            self.connection.execute,
            f"CREATE OR REPLACE TEMP TABLE tally AS SELECT {_names(columns)}, {flags}, count(*) AS n{sums} "
            f"FROM {source} GROUP BY GROUPING SETS ({grouping})",
        )

    def _table(self, query: str) -> pa.Table:
        """Give the result of a query."""
        return self._guarded(lambda text: self.connection.sql(text).to_arrow_table(), query)

    def _guarded(self, run: Callable[[str], Any], query: str) -> Any:
        """Run a query; the engine's errors become one sentence."""
        import duckdb

        try:
            return run(query)
        except duckdb.OutOfMemoryException as error:
            raise ReadingError(
                f"{self.path.name} has too many different answers for {MEMORY} of memory and the temporary "
                "folder: name the columns you need in a codebook."
            ) from error
        except duckdb.Error as error:
            raise ReadingError(_problem(self.path, str(error))) from error


def _names(positions: Sequence[int]) -> str:
    """Names of columns in SQL."""
    return ", ".join(f"c{i}" for i in positions)


def _problem(path: Path, message: str) -> str:
    """One sentence from a message of the engine, which may quote answers and paths."""
    line, uneven = _LINE.search(message), _UNEVEN.search(message)
    where = f"{path.name}: line {int(line[1]):,}: " if line else f"{path.name}: "
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


@contextmanager
def open_text(path: Path, plan: Plan) -> Iterator[Stream]:
    r"""Open a delimited file as planned; every cell is text, an empty one is missing.

    Parameters
    ----------
    path : Path
        The file.
    plan : Plan
        How it is written. A file that is not UTF-8 is first copied as UTF-8 to the temporary folder.

    Yields
    ------
    Stream
        The open file.

    Examples
    --------
    >>> from regint.survey.imports.delimited import plan_reading
    >>> from regint.survey.imports.sniffing import LIMITS
    >>> path = Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id;q1\n1;a\n2;a\n3;\n")
    >>> plan = plan_reading(path, encoding="", delimiter="", only=(), limits=LIMITS)
    >>> with open_text(path, plan) as stream:
    ...     table, = stream.grouped([(1,)], [10])
    >>> sorted(zip(table["c1"].to_pylist(), table["n"].to_pylist()), key=str)
    [('a', 2), (None, 1)]
    """
    dialect = plan.dialect
    with tempfile.TemporaryDirectory(prefix="regint-") as folder:
        source = Path(folder) / "respondents.csv"
        if dialect.encoding in _UTF8:
            source.symlink_to(path.resolve())  # under a name of ours: patterns in names would be expanded
        else:
            _as_utf8(path, dialect.encoding, source)
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(plan.names)))
        relation = (
            f"read_csv({_quoted(str(source))}, columns = {{{columns}}}, header = true, auto_detect = false, "
            f"skip = {dialect.skip}, delim = {_quoted(dialect.delimiter)}, quote = {_quoted(dialect.quote)}, "
            f"escape = {_quoted(dialect.quote)}, strict_mode = true, null_padding = false, "
            "compression = 'none')"
        )
        with _connected(folder) as connection:
            yield Stream(path, connection, relation)


@contextmanager
def open_parquet(path: Path, columns: int) -> Iterator[Stream]:
    """Open a Parquet file.

    Parameters
    ----------
    path : Path
        The file.
    columns : int
        Number of columns of the file.

    Yields
    ------
    Stream
        The open file.

    Examples
    --------
    >>> import pyarrow.parquet
    >>> path = Path(tempfile.mkdtemp()) / "panel.parquet"
    >>> pyarrow.parquet.write_table(pa.table({"q1": [1, 1, None]}), path)
    >>> with open_parquet(path, 1) as stream:
    ...     stream.rows()
    3
    """
    with tempfile.TemporaryDirectory(prefix="regint-") as folder:
        source = Path(folder) / "respondents.parquet"
        source.symlink_to(path.resolve())
        relation = (
            f"read_parquet({_quoted(str(source))}, hive_partitioning = false) AS t({_names(range(columns))})"
        )
        with _connected(folder) as connection:
            yield Stream(path, connection, relation)


@contextmanager
def _connected(folder: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that loads no extension and keeps its temporary files in one folder."""
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": folder,
            "threads": min(_THREADS, os.cpu_count() or 1),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    # The engine cannot know how long a text file is; left to itself it holds the file and probes the weights.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield connection
    finally:
        connection.close()


def _as_utf8(path: Path, encoding: str, target: Path) -> None:
    """Copy a text file as UTF-8, block by block."""
    with (
        path.open(encoding=encoding, newline="") as stream,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        while block := stream.read(1 << 22):
            copy.write(block)


def _quoted(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
