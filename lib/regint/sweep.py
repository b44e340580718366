"""Many runs, of notebooks over a grid of parameters or of reports over surveys: all their tables in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbarticle.document import Page
from nbarticle.site import csv_of, values_of
from textfiles.files import regular, replacing, write
from textfiles.problems import Problem

from regint.survey.csv_text import header, read_sheet

# Columns of the results behind the run and its parameters: `name` is what names the row in its table.
COLUMNS = ("notebook", "table", "row", "name", "column", "value", "number")


@dataclass(frozen=True)
class Run:
    """One run: its parameters, the pages it made by notebook, or why it failed."""

    name: str
    parameters: Mapping[str, Any]
    pages: Mapping[str, Page]
    problem: str = ""


def read_grid(path: Path) -> list[list[tuple[str, str]]]:
    r"""
    Read a grid: a column per parameter, a row per run; an empty cell leaves the parameter as it is.

    Examples
    --------
    >>> import tempfile
    >>> grid = Path(tempfile.mkdtemp()) / "grid.csv"
    >>> _ = grid.write_text("confidence,base\n0.9,asked\n0.8,\n")
    >>> read_grid(grid)
    [[('confidence', '0.9'), ('base', 'asked')], [('confidence', '0.8')]]
    """
    names = header(regular(path))
    sheet = read_sheet(path, names, [])
    if sheet.problems:
        raise Problem(*sheet.problems)
    for name in names:
        if name in ("run", "state", "message", *COLUMNS):
            raise Problem(f"{path.name}: a parameter called {name!r} cannot be told from the results' own.")
    return [[(name, row[name]) for name in names if row.get(name)] for _, row in sheet.rows]


def write_results(folder: Path, runs: Sequence[Run]) -> None:
    """Write ``runs.csv``, a row per run, and ``results.csv`` and ``.parquet``, a row per cell of a table."""
    import pandas as pd

    names = list(dict.fromkeys(name for run in runs for name in run.parameters))
    told = [
        [run.name, *(run.parameters.get(name, "") for name in names), state(run), run.problem] for run in runs
    ]
    write(folder / "runs.csv", csv_of(["run", *names, "state", "message"], told))
    rows = [
        [run.name, *(run.parameters.get(name) for name in names), *cell]
        for run in runs
        for cell in cells(run)
    ]
    write(folder / "results.csv", csv_of(["run", *names, *COLUMNS], rows))
    frame = pd.DataFrame(rows, columns=["run", *names, *COLUMNS]).astype({"number": float})
    with replacing(folder / "results.parquet") as draft:
        frame.to_parquet(draft, index=False)


def state(run: Run) -> str:
    """Say how a run ended."""
    return "failed" if run.problem else "made"


def cells(run: Run) -> Iterator[list[Any]]:
    """List every cell of every table of a run: its place, its unrounded value, and that as a number."""
    for notebook, page in run.pages.items():
        for table in page.tables:
            names, rows = values_of(table)
            texts = [c["name"] for c in table.content["columns"] if c["align"] == "left"]
            places = [names.index(text) for text in texts if text in names]
            key = next((n for n in places if len({row[n] for row in rows}) == len(rows)), None)
            for number, row in enumerate(rows, start=1):
                name = str(number if key is None else row[key])
                for place, value in enumerate(row):
                    if place != key:
                        counts = isinstance(value, int | float) and not isinstance(value, bool)
                        text = "" if value is None else str(value)
                        told = float(value) if counts else None
                        yield [notebook, table.label, number, name, names[place], text, told]
