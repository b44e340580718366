"""The report of a survey, and many runs: notebooks over a grid, reports over surveys, their tables in one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from shlex import quote
from typing import Any

import pandas as pd
from nbarticle.document import Page
from nbarticle.plan import Request
from nbarticle.run import Build, build
from nbarticle.site import naming_columns, values_of
from textfiles.files import describe, regular, replacing, write
from textfiles.problems import Problem
from textfiles.text import as_csv, clean
from tqdm import tqdm

from regint.survey.csv_text import read_sheet
from regint.survey.schema import MOMENTS
from regint.survey.table import read_survey

_REPORTS = Path(__file__).parent / "reports"

# Columns of the results behind the run and its parameters: `name` is what names the row in its table.
_COLUMNS = ("notebook", "table", "row", "name", "column", "value", "number")


@dataclass(frozen=True)
class Run:
    """One run: its parameters, the pages it made by notebook, or why it failed."""

    name: str
    parameters: Mapping[str, Any]
    pages: Mapping[str, Page]
    problem: str = ""


@dataclass(frozen=True)
class _Table:
    """The table of a page: its columns, its unrounded rows, and which of its columns hold words."""

    names: Sequence[str]
    rows: Sequence[Sequence[Any]]
    words: Sequence[str]

    def named(self, row: Sequence[Any], key: Sequence[str]) -> tuple[str, ...]:
        """Return what a row has in some of the columns."""
        return tuple(str(row[self.names.index(name)]) for name in key)


def report_request(folder: Path, out: Path) -> Request:
    """Say how the report of a survey folder is made; which pages it has depends on the survey."""
    survey = read_survey(folder)
    place = survey.folder.resolve()
    bare = (survey.responses["printed"] != "") & survey.responses["count"].isna()
    printed = survey.questions.index[survey.questions["base_status"] != "counted"]
    moments = survey.rows["row"].isin(MOMENTS) & survey.rows["question"].isin(printed)
    reports = ["topline", *(["crosstabs"] if survey.groups else [])]
    reports += ["printed_figures"] if bare.any() or moments.any() or len(survey.claims) else []
    command = f"regint report {quote(f'path/to/{place.name}')}"
    settings = {
        "title": clean(survey.metadata["title"]) or place.name,
        "strict": True,
        "check_parameters": "regint.parameters:check_values",
        "origin": "regint.parameters:origin",
        "front": {
            "findings": "Results",
            "most": 30,
            "rerun": f"Made with regint {version('regint')} from the survey folder alone:",
            "commands": command,
        },
    }
    return Request(
        notebooks=[str(_REPORTS / f"{name}.ipynb") for name in reports],
        timeout=1800,  # a cell draws every question
        out=out,
        folder=place,
        settings=settings,
        command=command,
    )


def _read_grid(path: Path) -> list[list[tuple[str, str]]]:
    r"""
    Read a grid: a column per parameter, a row per run; an empty cell leaves the parameter as it is.

    Examples
    --------
    >>> import tempfile
    >>> grid = Path(tempfile.mkdtemp()) / "grid.csv"
    >>> _ = grid.write_text("confidence,base\n0.9,asked\n0.8,\n")
    >>> _read_grid(grid)
    [[('confidence', '0.9'), ('base', 'asked')], [('confidence', '0.8')]]
    """
    sheet = read_sheet(regular(path), None, [])
    if sheet.problems:
        raise Problem(*sheet.problems)
    for name in sheet.columns:
        if name in ("run", "state", "message", *_COLUMNS):
            raise Problem(f"{path.name}: a parameter called {name!r} cannot be told from the results' own.")
    return [[(name, row[name]) for name in sheet.columns if row[name]] for _, row in sheet.rows]


def over_grid(names: Sequence[str], grid: Path, out: Path, **how: Any) -> list[Run]:
    """Run notebooks once for each row of a grid, all in one build; `how` are the Request's own fields."""
    asked = Request(names, grid=_read_grid(grid), out=out / "runs", command="regint build", **how)
    done = build(asked)
    pages = done.pages
    swept = {name for row in asked.grid for name, _ in row}
    runs = []
    for run in done.output.planned.values():
        made = {run.path.stem: pages[run.name]} if run.name in pages else {}
        parameters = {item["name"]: item["value"] for item in run.settings() if item["name"] in swept}
        runs.append(Run(run.name, parameters, made, done.failed.get(run.name, "")))
    return runs


def over_surveys(folders: Sequence[str], out: Path, **how: Any) -> list[Run]:
    """Make the report of each survey, and go on where one cannot be made; `how` as for `over_grid`."""
    names = [Path(folder).resolve().name for folder in folders]
    for name in names:
        if names.count(name) > 1:
            raise Problem(f"Two of the folders are called {name}: rename one, for its report has its name.")
    runs: list[Run] = []
    for folder, name in tqdm([*zip(folders, names, strict=True)], unit="survey", disable=None, leave=False):
        pages: dict[str, Page] = {}
        sentences: list[str] = []
        try:
            done = build(replace(report_request(Path(folder), out / "runs" / name), **how))
            pages, sentences = done.pages, [*done.failed.values()]
        except Problem as error:
            sentences = [*error.sentences]
        except OSError as error:
            sentences = [describe(error)]
        problem = f"{name}: {' '.join(' '.join(sentences).split())}" if sentences else ""
        runs.append(Run(name, {"survey": name}, pages, problem))
    return runs


def comparison(runs: Sequence[Run], out: Path, along: str) -> Build:
    """Write the results of all runs and the page that compares them."""
    _write_results(out, runs)
    settings = {"title": f"Sweep {out.name}", "strict": True}
    given, place = ([("along", along)], f"comparison-{along}") if along else ([], "comparison")
    page = [str(_REPORTS / "sweep.ipynb")]
    return build(Request(page, given, out=out / place, folder=out, settings=settings, timeout=600))


def _write_results(folder: Path, runs: Sequence[Run]) -> None:
    """Write ``runs.csv``, a row per run, and ``results.csv`` and ``.parquet``, a row per cell of a table."""
    names = list(dict.fromkeys(name for run in runs for name in run.parameters))
    given = [[run.name, *(run.parameters.get(name) for name in names)] for run in runs]
    ends = [["failed" if run.problem else "made", run.problem] for run in runs]
    told = [[*own, *end] for own, end in zip(given, ends, strict=True)]
    write(folder / "runs.csv", as_csv(["run", *names, "state", "message"], told))
    cells = _cells(runs)
    rows = [[*own, *cell] for own, run in zip(given, runs, strict=True) for cell in cells[run.name]]
    write(folder / "results.csv", as_csv(["run", *names, *_COLUMNS], rows))
    frame = pd.DataFrame(rows, columns=["run", *names, *_COLUMNS]).astype({"number": float})
    with replacing(folder / "results.parquet") as draft:
        frame.to_parquet(draft, index=False)


def _cells(runs: Sequence[Run]) -> dict[str, list[list[Any]]]:
    """List by run every cell of every table: its place, its unrounded value, and that as a number."""
    tables: defaultdict[tuple[str, str], dict[str, _Table]] = defaultdict(dict)
    for run in runs:
        for notebook, page in run.pages.items():
            for table in page.tables:
                names, rows = values_of(table)
                words = [c["name"] for c in table.content["columns"] if c["align"] == "left"]
                words = [name for name in words if name in names]
                tables[notebook, table.label][run.name] = _Table(names, rows, words)
    # Answers are alike in many questions: between surveys only those of one question, which the first column
    # names, are the same row.
    first = any("survey" in run.parameters for run in runs)
    found: dict[str, list[list[Any]]] = {run.name: [] for run in runs}
    for (notebook, label), of_runs in tables.items():
        same = [*of_runs.values()]
        words = [name for name in same[0].words if all(name in own.words for own in same)]
        rows = [[dict(zip(own.names, map(str, row), strict=True)) for row in own.rows] for own in same]
        begin = words[:1] if first else []
        naming = naming_columns(words, {*words}, rows, *begin)
        key, telling = naming or tuple(begin), bool(naming)
        for run_name, own in of_runs.items():
            seen: Counter[tuple[str, ...]] = Counter()
            for number, row in enumerate(own.rows, start=1):
                called = own.named(row, key)
                seen[called] += 1
                name = ", ".join(called if telling else (*called, str(seen[called])))
                for column, value in zip(own.names, row, strict=True):
                    if not telling or key != (column,):
                        counts = isinstance(value, int | float) and not isinstance(value, bool)
                        text = "" if value is None else str(value)
                        told = float(value) if counts else None
                        found[run_name].append([notebook, label, number, name, column, text, told])
    return found
