"""How a printed table is laid out: which cells are questions, answers, groups of people and figures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate

from textfiles.problems import Problem

from surveyfile.cells import Cell, number_of_people, plain, read_cell
from surveyfile.grid import Grid
from surveyfile.usual_words import WORDS, words

_KNOWN = (
    "question", "response", "printed", "count", "n", "kind", "base", "row", "members", "weighted", "note",
    "by", "group",
)  # fmt: skip
"""Columns that are no figures of groups or of other questions."""

_FIGURES = words(WORDS["printed"]["everybody"])
"""Names under which the figures of everybody stand."""

_COUNTS, _FURTHER = (words(WORDS["printed"][kind]) for kind in ("counts", "further"))

_BASE = re.compile(
    r"(unweighted |weighted )?(base|n|total n|sample|sample size|respondents)( ?\((un)?weighted\))?"
)
_MOMENTS = {kind: words(WORDS["printed"][kind]) for kind in ("mean", "sd", "median")}
_MEAN_AND_DEVIATION = re.compile(r"(mean|average|m)\s?(\(|±|\+/-)\s?s\.?d\.?\s?\)?")
_WITH_DEVIATION = re.compile(r"(-?\d*[.,]?\d+)\s?(?:\(|±|\+/-)\s?(\d*[.,]?\d+)\s?\)?")
_IN_HEADER = re.compile(r"(.+?)[\s,;:(\[]+(?:unweighted )?n\s?[=:]\s?(\d[\d.,\s]*)[)\]]?", re.IGNORECASE)
"""The name of a column, and the base that stands in it, as in ``Men (n=480)``."""

_NET = re.compile(r"(net|total|subtotal|summe|итого)\b.*|.*(\bnet|\(net\)|\(total\))")
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
    across = _sums_from_left_to_right(columns, first)
    top = next((place for place, label in enumerate(columns[first]) if _kind_of_row(label) != "n"), 0)
    heading = not any(cells[top] for name, cells in columns.items() if name != first)
    if "question" in columns and "response" not in columns and heading and not _hundreds(across):
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
    sizes = [
        _kind_of_row(label) == "n" if label else all(map(number_of_people, cells))
        for label, cells in zip(labels, beside, strict=True)
    ]
    above = sizes.index(False) if False in sizes else 0
    if not beside[above]:
        pairs = zip(labels, beside, strict=True)
        questions = list(accumulate(pairs, lambda last, pair: last if pair[1] else pair[0], initial=""))[1:]
        what = "Each row without figures is the question of the rows below it"
    elif (title := grid.title or grid.titles.get(first, "") * (first != "response")) and {*_FIGURES} & {
        _parted(name)[0] for name in rest
    }:
        questions, above, what = [title] * len(labels), 0, "What stands above the answers is the question"
    elif first == "response":
        return grid
    elif len(_hundreds(across)) == len(labels) or not any(map(_is_share, rest)):
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
    moment = _kind_of_row(label) in _MOMENTS or _MEAN_AND_DEVIATION.fullmatch(label)
    return name not in _KNOWN and not moment


def _sums_from_left_to_right(columns: Mapping[str, list[str]], first: str) -> list[Fraction]:
    """Add up the figures of each row."""
    shares = [cells for name, cells in columns.items() if name != first and _is_share(name)]
    rows = [[read_cell(cell, {}).figure for cell in cells if cell] for cells in zip(*shares, strict=True)]
    return [
        sum((Fraction(text) for text in row if re.fullmatch(r"[\d.]+", text)), Fraction(0)) for row in rows
    ]


def _hundreds(sums: Sequence[Fraction]) -> list[Fraction]:
    """Select the sums that are about a hundred."""
    return [total for total in sums if 98 <= total <= 102]


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
    counts = _column_of_n(texts)
    values = [n for n in others if n not in _FURTHER and (absent or _holds_numbers(texts[n]))]
    figures = next((name for name in _FIGURES if name in texts), "")
    if not absent and not figures and len(values) == 1:
        figures = values[0]
    counted = counts == "count" or any(texts.get("count", ()))
    lacking = "printed" if not values and (absent or not (figures or counted)) else ""
    if absent and figures:
        lacking = absent[0]
    if lacking:
        raise Problem(
            f"{file} has no column {lacking!r}: name the columns "
            "question, response and printed (and kind, base, count if known)."
        )
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
    question = ""
    for row, place in enumerate(grid.places):
        cells = defaultdict(str, {name: texts[name][row] for name in texts})
        question = cells["question"] or question
        if counts:
            cells[counts] = cells[counts] or cells["n"]
        remarks = [cells["note"], *(f"{titles[name]}: {cells[name]}" for name in notes if cells[name])]
        for name in values:
            everybody = not absent and name == figures
            asked = titles[name] if "question" in absent else question
            label = titles[name] if "response" in absent else cells["response"]
            people = "" if absent or everybody else titles[name]
            base = sizes.get(name, "")
            if absent and _kind_of_row(label.rpartition(": ")[2]) in _MOMENTS:  # as in Men: Mean
                people, _, label = label.rpartition(": ")
                people, base = _parted(people)
            count = cells[f"{name}: n"] or cells["count"] * everybody
            if not (cells[name] or count or everybody):
                if absent:
                    said["Empty cells were left out"].append(f"{asked} / {label}")
                continue
            if everybody:
                people = ": ".join(filter(None, [cells["by"], cells["group"]]))
            by, sign, group = people.rpartition(":")
            rows.append(
                PrintedRow(
                    question=asked,
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


def _column_of_n(texts: Mapping[str, list[str]]) -> str:
    """Say whether a column named n holds bases (one number for a question) or counts of answers."""
    if "n" not in texts:
        return ""
    own: defaultdict[str, set[str]] = defaultdict(set)
    question = ""
    for name, number in zip(texts.get("question", texts["n"]), texts["n"], strict=True):
        question = name or question
        own[question] |= {number} - {""}
    return "base" if all(len(numbers) <= 1 for numbers in own.values()) else "count"


def _parts(row: PrintedRow) -> list[PrintedRow]:
    """Part a cell such as 5.22 (0.97) in a row Mean (SD) into two, and say of every row what it is."""
    cell = _WITH_DEVIATION.fullmatch(plain(row.printed))
    if not cell or not _MEAN_AND_DEVIATION.fullmatch(row.label.casefold()):
        return [replace(row, row=row.row or _kind_of_row(row.label))]
    return [
        replace(row, label=name, printed=cell[part], row=name.lower())
        for part, name in ((1, "Mean"), (2, "SD"))
    ]


def _kind_of_row(label: str) -> str:
    """Say what a row is by its label."""
    label = label.casefold().strip(" .:=")
    if _BASE.fullmatch(label):
        return "n"
    moment = next((kind for kind, names in _MOMENTS.items() if label in names), "")
    return moment or ("net" if _NET.fullmatch(label) else "answer")
