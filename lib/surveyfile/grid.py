"""The cells of a printed table as they stand in a file, and what stands above and below them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from textfiles.problems import Problem
from textfiles.text import clean

from surveyfile.cells import plain, read_cell
from surveyfile.delimited import DELIMITERS, encoding_of
from surveyfile.identify import identify
from surveyfile.platforms import grow
from surveyfile.workbook import read_cells

_MOST_BYTES = 5_000_000
_COUNT_OR_SHARE = re.compile(r"(?!n\b)(.+?)[\s,:(\[]+(n|%)[)\]]?", re.IGNORECASE)


@dataclass
class Grid:
    """
    A table, cut into cells.

    Attributes
    ----------
    columns : dict
        The cells of each column by its name in small letters; the first may have no name.
    titles : dict
        The names as they are written.
    places : list of int
        The row of the file that each row of cells comes from.
    title : str
        What stands above the names.
    remarks : list of str
        What stands below the figures.
    reading : dict
        How the file was read, for the record.
    """

    columns: dict[str, list[str]]
    titles: dict[str, str]
    places: list[int]
    title: str = ""
    remarks: list[str] = field(default_factory=list)
    reading: dict[str, str] = field(default_factory=dict)


def read_grid(path: Path, encoding: str = "", sheet: str = "") -> Grid:
    """Read the cells of a .csv or .xlsx file: a row of names, or two, and rows of cells."""
    kind = identify(path)
    if path.stat().st_size > _MOST_BYTES:
        raise Problem(
            f"{path.name} has {path.stat().st_size / 1e6:,.0f} MB, more than a table of printed figures: a "
            "file of respondents is read by 'regint import'."
        )
    if (sheet and kind != "xlsx") or (encoding and kind != "delimited"):
        raise Problem(f"{path.name} has no {'sheets' if sheet else 'encoding'}: leave out the option.")
    if kind == "xlsx":
        sheet, cells = read_cells(path, sheet)
        reading = {"kind": "Excel workbook", "sheet": sheet}
    elif kind == "delimited":
        cells, reading = _cut(path, encoding)
    else:
        raise Problem(f"{path.name} is no table of text: save it as .csv or .xlsx.")
    rows = [(place, [clean(cell) for cell in row]) for place, row in enumerate(cells, 1)]
    rows = [(place, row) for place, row in rows if any(row)]
    top = next((number for number, (_, row) in enumerate(rows) if sum(map(bool, row)) > 1), None)
    if top is None or top + 1 == len(rows):
        what = (
            "is empty" if not rows else "has one column only" if top is None else "has names and no figures"
        )
        raise Problem(
            f"{path.name} {what}: name the columns question, response and printed, and fill the rows."
        )
    title = " ".join(cell for _, row in rows[:top] for cell in row if cell)
    names, rows = rows[top][1], rows[top + 1 :]
    while len(rows) > 1 and _goes_on(names, rows[0][1]):
        names, rows = _joined(names, rows[0][1]), rows[1:]
    names = _paired([*names, *[""] * (max(len(row) for _, row in rows) - len(names))])
    rows = [(place, [*row, *[""] * (len(names) - len(row))]) for place, row in rows]
    remarks: list[str] = []
    while rows and not any(rows[-1][1][1:]):
        remarks.insert(0, rows.pop()[1][0])
    if not rows:
        raise Problem(f"{path.name} has names and no figures: fill the rows.")
    named = [number for number, name in enumerate(names) if name or any(row[number] for _, row in rows)]
    if not names[0] and grow([row[0] for _, row in rows]):
        named.remove(0)  # numbers of the rows, as R and pandas write them
    _check_names(path.name, names, named, [row for _, row in rows])
    columns = {names[number].casefold(): [row[number] for _, row in rows] for number in named}
    titles = {names[number].casefold(): names[number] for number in named}
    return Grid(columns, titles, [place for place, _ in rows], title, remarks, reading)


def _cut(path: Path, stated: str) -> tuple[list[list[str]], dict[str, str]]:
    """Cut a text by the sign that cuts most of its rows alike."""
    encoding, _ = encoding_of(path, stated)
    lines = list(io.StringIO(path.read_bytes().decode(encoding), newline=""))
    marks = [mark for mark in DELIMITERS if "".join(lines[:1]).strip().casefold() == f"sep={mark}"]
    lines = lines[len(marks) :]

    def evenness(mark: str) -> tuple[float, int, bool]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if row)
        width, times = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(1, 0))
        return times / max(widths.total(), 1) if width > 1 else 0, width, mark != ","

    try:
        mark = max(marks or DELIMITERS, key=evenness)
        reader = csv.reader(lines, delimiter=mark, strict=True)
        cells = list(reader)
    except csv.Error as error:
        raise Problem(
            f"{path.name} cannot be cut into cells ({error}): double the quotation marks inside a quoted "
            "cell, or remove them."
        ) from error
    return cells, {"kind": "delimited text", "encoding": encoding, "delimiter": DELIMITERS[mark]}


def _goes_on(names: list[str], second: list[str]) -> bool:
    """Whether a row goes on with the names above it, as Men and Women do under Sex."""
    filled = [cell for cell in second[1:] if cell]
    nameless = any(cell and not name for name, cell in zip(names[1:], second[1:], strict=False))
    signs = {plain(cell).strip("()") for cell in filled} <= {"%", "n"}
    texts = all(read_cell(cell, {}).fault and not re.match(r"\(?\s*[nN]\s?=", cell) for cell in filled)
    return bool(filled) and not (names[0] and second[0]) and texts and (nameless or signs)


def _joined(names: list[str], second: list[str]) -> list[str]:
    """Join two rows of names: what stands above several columns is written before each of them."""
    joined, above = [], ""
    for name, cell in zip_longest(names, second, fillvalue=""):
        above = name or above
        joined.append(f"{above}: {cell}" if above and cell not in ("", above) else cell or name)
    return joined


def _paired(names: list[str]) -> list[str]:
    """Name the numbers and the percentages of one group of people alike: "Men: n" and "Men"."""
    found = [_COUNT_OR_SHARE.fullmatch(name) for name in names]
    shares = {pair[1].casefold() for pair in found if pair and pair[2] == "%"}
    return [
        pair[1] + ": n" * (pair[2] != "%") if pair and pair[1].casefold() in shares else name
        for name, pair in zip(names, found, strict=True)
    ]


def _check_names(file: str, names: list[str], named: list[int], rows: list[list[str]]) -> None:
    """Refuse columns that no name tells apart."""
    if all(re.fullmatch(r"[\d.,%\s]+", names[number]) for number in named):
        raise Problem(f"{file}: numbers stand where the names of the columns should: put names above them.")
    for number in named[1:]:
        if not names[number]:
            cells = [row[number] for row in rows if row[number]]
            raise Problem(
                f"{file}: column {number + 1} holds {cells[0]!r} and has no name: name it, or put cells that "
                "hold a comma or semicolon into quotation marks."
            )
    for name, times in Counter(names[number].casefold() for number in named).items():
        if times > 1:
            raise Problem(
                f"{file}: {times} columns are named {name!r}: give each a name of its own, such as "
                f"'sex: {name}' and 'age: {name}'."
            )
