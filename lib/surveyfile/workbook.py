"""Excel workbooks (.xlsx) read as text, cell by cell.

A spreadsheet hides what a table must show: merged cells, formulas nobody calculated, error values, a second
sheet. Each of them is named, with its cell, instead of becoming an empty answer.
"""

from __future__ import annotations

import datetime
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter
from textfiles.problems import Problem

from surveyfile.columns import EVERYBODY, Respondents, Wanted, number_text
from surveyfile.dialect import column_names
from surveyfile.engine import Tally
from surveyfile.identify import LIMITS, Limits, check_size

_SHOWN = 5


def read_workbook(
    path: Path, *, wanted: Wanted = EVERYBODY, sheet: str = "", limits: Limits = LIMITS
) -> Respondents:
    """Read a sheet of one row per respondent."""
    _check_parts(path)
    try:
        title, header, cells = _cells(path, sheet, limits)
    except Problem:
        raise
    except Exception as error:  # openpyxl raises whatever its XML parser met
        raise Problem(
            f"{path.name} is a damaged workbook: open it in a spreadsheet and save it again."
        ) from error
    names = column_names(path.name, header)
    _check_unnamed(path, names, cells)
    read = {i: name for i, name in enumerate(names) if name and wanted.wants(name)}
    tally = Tally(path, list(read.values()), wanted, limits=limits)
    for i, name in read.items():
        codes, texts = pd.factorize(np.array([row[i] for row in cells], dtype=object))
        tally.add(name, codes, list(texts))
    tally.end_of_piece(len(cells))
    reading: dict[str, object] = {
        "kind": "Excel workbook",
        "sheet": title,
        "rows": len(cells),
        "columns": len([name for name in names if name]),
    }
    return tally.finish(reading, skipped=[name for i, name in enumerate(names) if name and i not in read])


def _check_parts(path: Path) -> None:
    """Refuse entity tricks and merged cells, which the row reader cannot see."""
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.namelist():
                if part.endswith(".xml"):
                    content = archive.read(part)
                    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                        raise Problem(
                            f"{path.name} holds XML entities, which no "
                            "spreadsheet writes: save the table as .csv."
                        )
                    if part.startswith("xl/worksheets/") and b"<mergeCell " in content:
                        raise Problem(
                            f"{path.name} has merged cells, whose answers belong "
                            "to one row only: unmerge them and fill each row."
                        )
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        if isinstance(error, Problem):
            raise
        raise Problem(
            f"{path.name} is a damaged workbook: open it in a spreadsheet and save it again."
        ) from error


def _cells(path: Path, sheet: str, limits: Limits) -> tuple[str, list[str], list[list[str]]]:
    """Title, header and body of the sheet, as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it will not keep
        formulas = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            title = _choose_sheet(path, formulas, sheet)
            _check_dimension(path, formulas[title], limits)
            found = _formula_cells(formulas[title])
        finally:
            formulas.close()
        values = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            rows = list(_rows(path, values[title], found, limits))
        finally:
            values.close()
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise Problem(
            f"{path.name}: sheet {title!r} has no rows below "
            "the column names: choose another sheet with --sheet."
        )
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    return title, rows[0], rows[1:]


def _choose_sheet(path: Path, book: openpyxl.Workbook, sheet: str) -> str:
    """Choose the sheet the user names, or the only one that holds anything."""
    names: list[str] = book.sheetnames
    if sheet:
        if sheet not in names:
            raise Problem(f"{path.name} has no sheet {sheet!r}: it has {', '.join(map(repr, names))}.")
        return sheet
    full = [name for name in names if any(any(c is not None for c in row) for row in _first_rows(book[name]))]
    if len(full) != 1:
        what = (
            "no sheet that holds anything"
            if not full
            else f"{len(full)} sheets ({', '.join(map(repr, full))})"
        )
        raise Problem(f"{path.name} has {what}: name the one with the answers with --sheet.")
    return full[0]


def _first_rows(sheet: object) -> Iterator[tuple[object, ...]]:
    """First rows of a sheet, none for a chart sheet."""
    rows = getattr(sheet, "iter_rows", None)
    return iter(()) if rows is None else rows(max_row=20, values_only=True)


def _check_dimension(path: Path, sheet: object, limits: Limits) -> None:
    """Refuse a sheet whose stated size passes the limits, unless it is the whole grid."""
    rows, columns = getattr(sheet, "max_row", None) or 0, getattr(sheet, "max_column", None) or 0
    if columns < 16_384 and rows < 1_048_576:
        check_size(path.name, rows, columns, limits)


def _formula_cells(sheet: object) -> set[tuple[int, int]]:
    """Row and column of every formula."""
    found = set()
    for row in sheet.iter_rows():  # type: ignore[attr-defined]
        for cell in row:
            if getattr(cell, "data_type", "") == "f":
                found.add((cell.row, cell.column))
    return found


def _rows(path: Path, sheet: object, formulas: set[tuple[int, int]], limits: Limits) -> Iterator[list[str]]:
    """Rows of text; all formulas without a result and all error values are reported together."""
    problems: list[str] = []
    total = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):  # type: ignore[attr-defined]
        texts = []
        for cell in row:
            text, problem = _text(cell, formulas)
            texts.append(text)
            if problem and len(problems) < _SHOWN:
                problems.append(f"{path.name}: cell {get_column_letter(cell.column)}{number}: {problem}")
        while texts and not texts[-1]:
            texts.pop()
        total += len(texts)
        if total > limits.cells:
            check_size(path.name, number, len(texts), limits)
        yield texts
    if problems:
        raise Problem(*problems)


def _text(cell: object, formulas: set[tuple[int, int]]) -> tuple[str, str]:
    """Text of one cell, and the problem with it if there is one."""
    value = getattr(cell, "value", None)
    if value is None:
        where = (getattr(cell, "row", 0), getattr(cell, "column", 0))
        return (
            "",
            "a formula without a stored result: open the file, let it calculate, save."
            if where in formulas
            else "",
        )
    if getattr(cell, "data_type", "") == "e":
        return "", f"the error value {value}: correct the formula or empty the cell."
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, (int, float)):
        return number_text(value), ""
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)):
        return value.isoformat() if hasattr(value, "isoformat") else str(value), ""
    return str(value), ""


def _check_unnamed(path: Path, names: list[str], cells: list[list[str]]) -> None:
    """Refuse a column of answers without a name."""
    for i, name in enumerate(names):
        if not name and any(row[i] for row in cells):
            raise Problem(
                f"{path.name}: cell {get_column_letter(i + 1)}1: the column holds answers and has no name: "
                "name it, or delete title lines above the column names."
            )
