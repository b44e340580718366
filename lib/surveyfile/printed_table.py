"""A printed table taken apart: its cells, then one row for each figure with all that stands beside it."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, zip_longest
from pathlib import Path

from textfiles.problems import Problem
from textfiles.text import clean

from surveyfile.cells import Cell, number_of_people, plain, read_cell
from surveyfile.delimited import DELIMITERS, encoding_of
from surveyfile.identify import identify
from surveyfile.platforms import grow
from surveyfile.usual_words import WORDS, pattern, words
from surveyfile.workbook import read_cells

_MOST_BYTES = 5_000_000
_UNFILLED = "has names and no figures"
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
    title: str
    remarks: list[str]
    reading: dict[str, str]


def read_grid(path: Path, encoding: str = "", sheet: str = "") -> Grid:
    """Read the cells of a .csv or .xlsx file: a row of names, or two, and rows of cells."""
    kind = identify(path)
    if path.stat().st_size > _MOST_BYTES:
        more = "more than a table of printed figures: a file of respondents is read by 'regint import'"
        raise Problem(f"{path.name} has {path.stat().st_size / 1e6:,.0f} MB, {more}.")
    if (sheet and kind != "xlsx") or (encoding and kind != "delimited"):
        raise Problem(f"{path.name} has no {'sheets' if sheet else 'encoding'}: leave out the option.")
    if kind == "xlsx":
        sheet, cells = read_cells(path, sheet)
        reading = {"kind": "Excel workbook", "sheet": sheet}
    elif kind == "delimited":
        cells, reading = _cut(path, encoding)
    else:
        raise Problem(f"{path.name} is no table of text: save it as .csv or .xlsx.")
    rows = [(place, row) for place, own in enumerate(cells, 1) if any(row := [clean(cell) for cell in own])]
    top = next((number for number, (_, row) in enumerate(rows) if sum(map(bool, row)) > 1), None)
    if top is None or top + 1 == len(rows):
        what = "is empty" if not rows else "has one column only" if top is None else _UNFILLED
        repair = "name the columns question, response and printed, and fill the rows"
        raise Problem(f"{path.name} {what}: {repair}.")
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
        raise Problem(f"{path.name} {_UNFILLED}: fill the rows.")
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
        cells = list(csv.reader(lines, delimiter=mark, strict=True))
    except csv.Error as error:
        repair = "double the quotation marks inside a quoted cell, or remove them"
        raise Problem(f"{path.name} cannot be cut into cells ({error}): {repair}.") from error
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
            repair = "name it, or put cells that hold a comma or semicolon into quotation marks"
            raise Problem(f"{file}: column {number + 1} holds {cells[0]!r} and has no name: {repair}.")
    for name, times in Counter(names[number].casefold() for number in named).items():
        if times > 1:
            repair = f"give each a name of its own, such as 'sex: {name}' and 'age: {name}'"
            raise Problem(f"{file}: {times} columns are named {name!r}: {repair}.")


# What each cell is.

_KNOWN = "question response printed count n kind base row members weighted note by group".split()
"""Columns that are no figures of groups or of other questions."""

_FIGURES = words(WORDS["printed"]["everybody"])
"""Names under which the figures of everybody stand."""

_COUNTS, _FURTHER = (words(WORDS["printed"][kind]) for kind in ("counts", "further"))

_MOMENTS = {kind: words(WORDS["printed"][kind]) for kind in ("mean", "sd", "median")}
_BASE, _MEAN_AND_SD, _NET = (pattern(WORDS["printed"][kind]) for kind in ("base", "mean_and_sd", "net"))
_WITH_DEVIATION = re.compile(r"(-?\d*[.,]?\d+)\s?(?:\(|±|\+/-)\s?(\d*[.,]?\d+)\s?\)?")
_IN_HEADER = re.compile(r"(.+?)[\s,;:(\[]+(?:unweighted )?n\s?[=:]\s?(\d[\d.,\s]*)[)\]]?", re.IGNORECASE)
"""The name of a column, and the base that stands in it, as in ``Men (n=480)``."""

Said = defaultdict[str, list[str]]
"""What was decided, in sentences, each with the questions that it is about, if it is not about the file."""


@dataclass
class PrintedRow:
    """One printed figure, and what stands beside it: every table is taken apart into such rows first.

    `place` is its row in the table. `figure` is what is printed as the folder keeps it, with a point for
    decimals and in per cent; `statement` says it in words where it cannot be kept so, and `sign` what the
    legend says of it. `header_base` is a base that stands in the header of its column.
    """

    label: str
    printed: str
    question: str = ""
    place: int = 0
    by: str = ""
    group: str = ""
    kind: str = ""
    base: str = ""
    header_base: str = ""
    count: str = ""
    row: str = ""
    members: tuple[str, ...] = ()
    weighted: str = ""
    note: str = ""
    cell: Cell = Cell()
    figure: str = ""
    statement: str = ""
    sign: str = ""

    @property
    def people(self) -> tuple[str, str]:
        """The people it is about: what groups them, and which of the groups; nothing for everybody."""
        return self.by, self.group

    @property
    def value(self) -> Fraction | None:
        """The number that is printed, None for a sign."""
        return Fraction(self.figure) if re.fullmatch(r"\d+(\.\d+)?", self.figure) else None

    @property
    def slack(self) -> Fraction:
        """Half a unit of the last decimal."""
        return Fraction(1, 2 * 10 ** len(self.figure.partition(".")[2]))

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """The least and the most per cent that a figure or sign stands for; None for silence."""
        if self.value is not None:
            return self.value - self.slack, self.value + self.slack
        told = self.statement or self.sign
        if told == "none":
            return Fraction(0), Fraction(0)
        numbers = [Fraction(number) for number in re.findall(r"\d+(?:\.\d+)?", told)]
        return (Fraction(0) if len(numbers) == 1 else numbers[0], numbers[-1]) if numbers else None

    @property
    def sums_weights(self) -> bool:
        """Whether it is a base that is a sum of weights."""
        label = self.label.casefold()
        return self.row == "n" and "weighted" in label and "unweighted" not in label


def rows_of(file: str, grid: Grid, said: Said) -> list[PrintedRow]:
    """Take a table apart into one row for each figure, whichever way it is laid out."""
    return [part for row in _long_form(file, _with_questions(file, grid, said), said) for part in _parts(row)]


def _with_questions(file: str, grid: Grid, said: Said) -> Grid:
    """Give each row its question and response where these have no columns of their own.

    A row that holds its label alone is a question, and the rows below are its answers; the numbers of people
    above the first question are those of all. Where no such row is, a title above groups is the question.
    """
    columns, first = grid.columns, next(iter(grid.columns))
    whole = _rows_that_make_a_whole(columns, first)
    top = next((place for place, label in enumerate(columns[first]) if _kind_of_row(label) != "n"), 0)
    heading = not any(cells[top] for name, cells in columns.items() if name != first)
    if "question" in columns and "response" not in columns and heading and not whole:
        columns = {"response" if name == "question" else name: cells for name, cells in columns.items()}
        first = first and "response"
    if "question" in columns or ("response" in columns and not first):
        name = "response" if "question" in columns else "question"
        if not first and name in columns:
            raise Problem(f"{file}: the first column has no name: name it or delete it.")
        return replace(grid, columns={own or name: cells for own, cells in columns.items()})
    first = "response" if "response" in columns else first
    labels, rest = columns[first], {name: cells for name, cells in columns.items() if name != first}
    beside = [[cell for cell in cells if cell] for cells in zip(*rest.values(), strict=True)]
    pairs = [*zip(labels, beside, strict=True)]
    sizes = [_kind_of_row(label) == "n" if label else all(map(number_of_people, own)) for label, own in pairs]
    above = sizes.index(False) if False in sizes else 0
    if not beside[above]:
        questions = list(accumulate(pairs, lambda last, pair: last if pair[1] else pair[0], initial=""))[1:]
        what = "Each row without figures is the question of the rows below it"
    elif (title := grid.title or grid.titles.get(first, "") * (first != "response")) and {*_FIGURES} & {
        _parted(name)[0] for name in rest
    }:
        questions, above, what = [title] * len(labels), 0, "What stands above the answers is the question"
    elif first == "response":
        return grid
    elif whole == len(labels) or not any(map(_is_share, rest)):
        return replace(grid, columns={"question": labels} | rest)
    else:
        title = grid.titles.get(first) or "no name"
        raise Problem(
            f"{file}: nothing tells what the first column ({title}) holds: write 'response' above it if each "
            "other column is a question, 'question' if each is an answer, or put each question on a row of "
            "its own above its answers."
        )
    own: dict[str, list[int]] = {}
    for place in range(above, len(labels)):
        if beside[place]:
            own.setdefault(questions[place], [*range(above)]).append(place)
    said[what] = list(own)
    if passed := [question for question in dict.fromkeys(questions[above:]) if question not in own]:
        said["No figures stand below these rows, and they were passed over"] = passed
    order = [place for places in own.values() for place in places]
    table = {
        "question": [question for question, places in own.items() for _ in places],
        "response": [labels[place] or "Base" * sizes[place] for place in order],
    } | {name: [cells[place] for place in order] for name, cells in rest.items()}
    return replace(grid, columns=table, places=[grid.places[place] for place in order])


def _is_share(name: str) -> bool:
    """Whether a column may hold shares, by its name: neither means, nor bases, nor remarks."""
    label = name.rpartition(": ")[2]
    moment = _kind_of_row(label) in _MOMENTS or _MEAN_AND_SD.fullmatch(label)
    return name not in _KNOWN and not moment


def _rows_that_make_a_whole(columns: Mapping[str, list[str]], first: str) -> int:
    """Count the rows whose figures add up to about a hundred from left to right."""
    shares = [cells for name, cells in columns.items() if name != first and _is_share(name)]
    rows = [[read_cell(cell, {}).figure for cell in cells if cell] for cells in zip(*shares, strict=True)]
    sums = [sum(Fraction(text) for text in row if re.fullmatch(r"[\d.]+", text)) for row in rows]
    return sum(98 <= total <= 102 for total in sums)


def _long_form(file: str, grid: Grid, said: Said) -> list[PrintedRow]:
    """Read one row for each figure of a table with questions, answers or both in columns of their own."""
    texts: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    sizes: dict[str, str] = {}
    for name, column in grid.columns.items():
        title = grid.titles.get(name, name)
        bare, number = _parted(title) if "response" in grid.columns else (title, "")  # else n may be a count
        if number and bare.casefold() not in {*grid.columns, *texts, *_KNOWN} - {"printed"}:
            title, sizes[bare.casefold()] = bare, number
            said["Bases read from the headers"].append(f"{title} ({number})")
        name = "count" if title.casefold() in _COUNTS and "count" not in grid.columns else title.casefold()
        texts[name], titles[name] = column, title
        if name != title.casefold():
            said[f"Column {title!r} read as counts of answers."] = []
    numbers = {name for name in texts if name.endswith(": n") and name.removesuffix(": n") in texts}
    others = [name for name in texts if name not in _KNOWN and name not in numbers]
    absent = [name for name in ("question", "response") if name not in texts]
    if "question" in texts:  # which is written on the first of its rows at least
        asked = accumulate(texts["question"], lambda above, own: own or above, initial="")
        texts["question"] = [*asked][1:]
    counts = ""
    if "n" in texts:  # the base of each question, or else the counts of its answers
        told = {pair for pair in zip(texts.get("question", texts["n"]), texts["n"], strict=True) if pair[1]}
        counts = "base" if len(told) == len({question for question, _ in told}) else "count"
    values = [n for n in others if n not in _FURTHER and (absent or _holds_numbers(texts[n]))]
    figures = next((name for name in _FIGURES if name in texts), "")
    if not absent and not figures and len(values) == 1:
        figures = values[0]
    counted = not absent and (counts == "count" or any(texts.get("count", ())))
    if lacking := absent[:1] if figures else ["printed"] * (not values and not counted):
        repair = "name the columns question, response and printed (and kind, base, count if known)"
        raise Problem(f"{file} has no column {lacking[0]!r}: {repair}.")
    notes = [name for name in others if name not in values and name != figures]
    if absent:
        what = "a question" if absent == ["question"] else "a response"
        said[f"Each column is {what}"] = [titles[name] for name in values]
    else:
        values = [name for name in values if name != figures]
        for names, what in ((values, "for groups of people"), (notes, "as remarks")):
            if names:
                listed = ", ".join(repr(titles[name]) for name in names)
                said[f"Column{'s' * (len(names) != 1)} {listed} kept {what}."] = []
        if figures not in ("", "printed"):
            said[f"Column {titles[figures]!r} read as the figures of everybody."] = []
        if figures or not values:
            values = [figures, *values]
    if counts:
        said[f"Column 'n' read as {'counts of answers' if counts == 'count' else 'bases'}."] = []
    rows: list[PrintedRow] = []
    for row, place in enumerate(grid.places):
        cells = defaultdict(str, {name: texts[name][row] for name in texts})
        if counts:
            cells[counts] = cells[counts] or cells["n"]
        remarks = [cells["note"], *(f"{titles[name]}: {cells[name]}" for name in notes if cells[name])]
        for name in values:
            everybody = not absent and name == figures
            question = titles[name] if "question" in absent else cells["question"]
            label = titles[name] if "response" in absent else cells["response"]
            people = "" if absent or everybody else titles[name]
            base = sizes.get(name, "")
            if absent and _kind_of_row(label.rpartition(": ")[2]) in _MOMENTS:  # as in Men: Mean
                people, _, label = label.rpartition(": ")
                people, base = _parted(people)
            count = cells[f"{name}: n"] or cells["count"] * everybody
            if not (cells[name] or count or everybody):
                if absent:
                    said["Empty cells were left out"].append(f"{question} / {label}")
                continue
            if everybody:
                people = ": ".join(filter(None, [cells["by"], cells["group"]]))
            by, sign, group = people.rpartition(":")
            rows.append(
                PrintedRow(
                    question=question,
                    label=label,
                    printed=cells[name],
                    place=place,
                    by=by.strip() if sign else "subgroup" if people else "",
                    group=group.strip(),
                    base=cells["base"] if absent or everybody else "",
                    header_base=base,
                    count=count,
                    members=tuple(part.strip() for part in cells["members"].split(";") if part.strip()),
                    note="; ".join(filter(None, remarks)),
                    kind=cells["kind"],
                    row=cells["row"],
                    weighted=cells["weighted"],
                )
            )
    return rows


def _parted(title: str) -> tuple[str, str]:
    """Part the name of a column and the number of people that stands in it, if any does."""
    found = _IN_HEADER.fullmatch(title)
    number = number_of_people(found[2].strip()) if found else None
    return (found[1], number) if found and number else (title, "")


def _holds_numbers(cells: Sequence[str]) -> bool:
    """Whether a column is filled, and half of its cells at least with digits."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum(bool(re.search(r"\d", plain(cell))) for cell in filled) >= len(filled)


def _parts(row: PrintedRow) -> list[PrintedRow]:
    """Part a cell such as 5.22 (0.97) in a row Mean (SD) into two, and say of every row what it is."""
    cell = _WITH_DEVIATION.fullmatch(plain(row.printed))
    if not cell or not _MEAN_AND_SD.fullmatch(row.label.casefold()):
        return [replace(row, row=row.row or _kind_of_row(row.label))]
    mean = replace(row, label="Mean", printed=cell[1], row="mean")
    return [mean, replace(row, label="SD", printed=cell[2], row="sd")]


def _kind_of_row(label: str) -> str:
    """Say what a row is by its label."""
    label = label.casefold().strip(" .:=")
    if _BASE.fullmatch(label):
        return "n"
    moment = next((kind for kind, names in _MOMENTS.items() if label in names), "")
    return moment or ("net" if _NET.fullmatch(label) else "answer")
