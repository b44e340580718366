"""Excel workbooks (.xlsx) read as text, cell by cell.

A spreadsheet hides what a table must show: merged cells, formulas nobody calculated, error values, a second
sheet. Each of them is named, with its cell, instead of becoming an empty answer.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, time
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter
from textfiles.problems import Problem

from surveyfile.columns import EVERYBODY, Respondents, Wanted, number_text
from surveyfile.engine import Tally
from surveyfile.identify import LIMITS, check_size
from surveyfile.platforms import ROW_NUMBERS, grow, heading

_SHOWN = 5
_SAMPLE = 500  # rows on which the headers are decided


def read_workbook(path: Path, *, wanted: Wanted = EVERYBODY, sheet: str = "") -> Respondents:
    """Read a sheet of one row per respondent."""
    title, rows = read_cells(path, sheet)
    top = heading(path.name, rows[:_SAMPLE], wanted.header_rows)
    names, notices, cells = top.names, list(top.notices), rows[top.rows :]
    numbered = not names[0] and grow([row[0] for row in cells])
    notices += [ROW_NUMBERS] if numbered else []
    for i, name in enumerate(names):
        if not name and any(row[i] for row in cells) and not (numbered and i == 0):
            raise Problem(
                f"{path.name}: cell {get_column_letter(i + 1)}1: the column holds answers and has no name: "
                "name it, delete title lines above the column names, or import it with --header-rows 2 if "
                "row 2 goes on with the names."
            )
    read = {i: name for i, name in enumerate(names) if name and wanted.wants(name)}
    tally = Tally(path, list(read.values()), wanted)
    for i, name in read.items():
        codes, texts = pd.factorize(np.array([row[i] for row in cells], dtype=object))
        tally.add(name, codes, list(texts))
    tally.end_of_piece(len(cells))
    reading: dict[str, object] = {"kind": "Excel workbook", "sheet": title, "header_rows": top.rows}
    reading |= {"rows": len(cells), "columns": sum(map(bool, names))}
    skipped = [name for i, name in enumerate(names) if name and i not in read]
    return tally.finish(reading, notices, skipped, top.wordings)


def _check_parts(path: Path) -> None:
    """Refuse entity tricks and merged cells, which the row reader cannot see."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            content = archive.read(part) if part.endswith(".xml") else b""
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise Problem(
                    f"{path.name} holds XML entities, which no spreadsheet writes: save the table as .csv."
                )
            if part.startswith("xl/worksheets/") and b"<mergeCell " in content:
                merged = "has merged cells, whose answers belong to one row only"
                raise Problem(f"{path.name} {merged}: unmerge them and fill each row.")


def read_cells(path: Path, sheet: str = "") -> tuple[str, list[list[str]]]:
    """Title and rows of a sheet, as text, all of one width; rows that are empty are passed over."""
    try:
        _check_parts(path)
        return _cells(path, sheet)
    except Problem:
        raise
    except Exception as error:  # zipfile, zlib and openpyxl raise whatever they met
        raise Problem(
            f"{path.name} is a damaged workbook: open it in a spreadsheet and save it again."
        ) from error


def _cells(path: Path, sheet: str) -> tuple[str, list[list[str]]]:
    """Title and rows of the sheet, as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it will not keep
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=False)) as book:
            title = _choose_sheet(path, book, sheet)
            table = book[title]
            height, width = table.max_row or 0, table.max_column or 0
            if width < 16_384 and height < 1_048_576:  # a sheet that states the whole grid is not as large
                check_size(path.name, height, width)
            formulas = {(c.row, c.column) for row in table.iter_rows() for c in row if c.data_type == "f"}
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            rows = list(_rows(path, book[title], formulas))
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        repair = "choose another sheet with --sheet"
        raise Problem(f"{path.name}: sheet {title!r} has no rows below the column names: {repair}.")
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    return title, rows


def _choose_sheet(path: Path, book: openpyxl.Workbook, sheet: str) -> str:
    """Choose the sheet the user names, or the only one that holds anything."""
    names: list[str] = book.sheetnames
    if sheet:
        if sheet not in names:
            raise Problem(f"{path.name} has no sheet {sheet!r}: it has {', '.join(map(repr, names))}.")
        return sheet
    full = []
    for name in names:
        if hasattr(book[name], "iter_rows"):  # no sheet of a chart
            rows = book[name].iter_rows(max_row=20, values_only=True)
            full += [name] if any(cell is not None for row in rows for cell in row) else []
    if len(full) != 1:
        listed = ", ".join(map(repr, full))
        what = f"{len(full)} sheets ({listed})" if full else "no sheet that holds anything"
        raise Problem(f"{path.name} has {what}: name the one with the answers with --sheet.")
    return full[0]


def _rows(path: Path, sheet: Any, formulas: set[tuple[int, int]]) -> Iterator[list[str]]:
    """Rows of text; all formulas without a result and all error values are reported together."""
    problems: list[str] = []
    total = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        texts = []
        for cell in row:
            text, problem = _text(cell, formulas)
            texts.append(text)
            if problem and len(problems) < _SHOWN:
                problems.append(f"{path.name}: cell {get_column_letter(cell.column)}{number}: {problem}")
        while texts and not texts[-1]:
            texts.pop()
        total += len(texts)
        if total > LIMITS.cells:
            check_size(path.name, number, len(texts))
        yield texts
    if problems:
        raise Problem(*problems)


def _text(cell: Any, formulas: set[tuple[int, int]]) -> tuple[str, str]:
    """Text of one cell, and the problem with it if there is one."""
    value = cell.value
    if value is None:
        uncalculated = (getattr(cell, "row", 0), getattr(cell, "column", 0)) in formulas
        return "", "a formula without a stored result: open the file, let it calculate, save." * uncalculated
    if cell.data_type == "e":
        return "", f"the error value {value}: correct the formula or empty the cell."
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, (int, float)):
        return number_text(value), ""
    return (value.isoformat() if isinstance(value, (date, time)) else str(value)), ""
