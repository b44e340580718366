"""A table of printed figures, or nothing yet, becomes a survey folder to fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from regint.survey.folder import json_text, table_text, write_survey_folder
from regint.survey.schema import EXAMPLE_NOTE, KINDS, TABLES
from textfiles.problems import Problem
from textfiles.text import clean, identifier, sounds_missing

from surveyfile.codebook import scale_scores
from surveyfile.columns import SILENT, Respondents
from surveyfile.importing import metadata, read_respondents
from surveyfile.record import Settings

_FIGURE = re.compile(r"(\d+)([.,]\d+)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SHOWN = 8


@dataclass(frozen=True)
class PrintedQuestion:
    """A question as printed."""

    question: str
    kind: str
    label: str
    figures: tuple[tuple[str, str], ...]
    base: int | None

    def adds_up(self) -> bool:
        """Whether the figures add up to a hundred, give or take their rounding."""
        figures = [figure for _, figure in self.figures if figure]
        # Each figure may be off by half a unit of its last decimal.
        slack = sum((Fraction(1, 2 * 10 ** len(f.partition(".")[2])) for f in figures), Fraction(0))
        return len(figures) == len(self.figures) and abs(sum(map(Fraction, figures), Fraction(-100))) <= slack


@dataclass(frozen=True)
class _Row:
    """A row of the table as typed; an empty question repeats the one above."""

    number: int
    question: str
    response: str
    printed: str
    kind: str
    base: str


def read_printed_table(
    path: Path, base: int | None = None
) -> tuple[list[PrintedQuestion], list[str], dict[str, Any]]:
    """Read a table of printed percentages: its questions, what was decided, and the record of it."""
    data = read_respondents(path, Settings(), exact=True)
    rows = _rows(path, data)
    mark = _decimal_mark(path, rows)
    groups: dict[str, list[_Row]] = {}
    for row in rows:
        groups.setdefault(row.question, []).append(row)
    if "" in groups:
        raise Problem(f"{path.name}: row 2: no question named: fill the first cell under 'question'.")
    bases = {name: _base(path, name, group) or base for name, group in groups.items()}
    figures = [_figure(row.printed, mark) for row in rows]
    unit, reason = ("percent", "") if None in figures else _unit_of_file(path, groups, mark)
    problems = _problems(path, rows, figures, 1 if unit == "fraction" else 100)
    if problems:
        more = [f"and {len(problems) - _SHOWN} more."] if len(problems) > _SHOWN else []
        raise Problem(*problems[:_SHOWN], *more)
    questions = []
    for name, group in groups.items():
        printed = tuple((row.response, _percent(_figure(row.printed, mark) or "", unit)) for row in group)
        total = sum(Fraction(figure) for _, figure in printed if figure)
        kind = next((row.kind for row in group if row.kind), "multiple" if total > 102 else "single")
        questions.append(PrintedQuestion(identifier(name), kind, name, printed, bases[name]))
    shown = next((row.printed for row in rows if "," in row.printed or "." in row.printed), "")
    decimal = f"Decimal mark: {mark}" + (f", as in {_bare(shown)!r}." if shown else ".")
    lines = [
        f"Read {len(rows)} responses to {len(questions)} question{'s' * (len(questions) != 1)} "
        f"from {clean(path.name)} ({data.reading['kind']}).",
        f"{decimal} {reason}",
        *_assumed(questions, stated={row.question for row in rows if row.kind}),
    ]
    whole = {figure.isdigit() for question in questions for _, figure in question.figures if figure}
    if data.reading["kind"] == "Excel workbook" and whole == {True, False}:
        lines.append(
            "A workbook keeps numbers without their last zeros: if 40.0 was printed, make the column text."
        )
    record: dict[str, Any] = {
        "format": "regint printed table 1",
        "file": clean(path.name),
        "reading": {key: value for key, value in data.reading.items() if key != "encoding_reason"},
        "decimal": mark,
        "figures": unit,
    }
    return questions, [*lines, *data.notices], record


def _rows(path: Path, data: Respondents) -> list[_Row]:
    """Rows of the table, whatever file it came from."""
    names = ("question", "response", "printed", "kind", "base")
    columns = {name.casefold(): column for name, column in data.columns.items()}
    absent = [name for name in names[:3] if name not in columns]
    if absent:
        raise Problem(
            f"{path.name} has no column {absent[0]!r}: name the columns "
            "question, response and printed (and kind, base if known)."
        )
    texts = {name: [""] * data.rows for name in names}
    for name, column in columns.items():
        texts[name] = ["" if code == SILENT else column.texts[code] for code in column.codes]
    rows: list[_Row] = []
    for place in range(data.rows):
        question, *rest = (texts[name][place] for name in names)
        rows.append(_Row(place + 2, question or (rows[-1].question if rows else ""), *rest))
    return rows


def _bare(text: str) -> str:
    """Figure without its percent sign and inner spaces."""
    return text.replace("%", "").replace("\u202f", "").replace(" ", "").strip()


def _decimal_mark(path: Path, rows: list[_Row]) -> str:
    """Decimal mark of the whole file."""
    bare = [_bare(row.printed) for row in rows]
    commas, points = [f for f in bare if "," in f], [f for f in bare if "." in f]
    if commas and points:
        raise Problem(
            f"{path.name} has decimal commas ({commas[0]!r}) and "
            f"points ({points[0]!r}): write one mark throughout."
        )
    if commas and all(_THOUSANDS.fullmatch(figure) for figure in commas):
        raise Problem(
            f"{path.name}: {commas[0]!r} may be a decimal or a "
            "thousand: write a decimal point, or no mark in thousands."
        )
    return "comma" if commas else "point"


def _figure(text: str, mark: str) -> str | None:
    """Give a figure with a decimal point; empty when nothing is printed; none when it is no figure."""
    bare = _bare(text)
    if not bare:
        return ""
    if not _FIGURE.fullmatch(bare) or (mark == "comma" and "." in bare):
        return None
    return bare.replace(",", ".")


def _base(path: Path, name: str, rows: list[_Row]) -> int | None:
    """Give the base stated for a question, where one is."""
    stated = sorted({row.base for row in rows if row.base})
    if len(stated) > 1:
        raise Problem(f"{path.name}: question {name!r} has the bases {', '.join(stated)}: keep one.")
    if stated and not re.fullmatch(r"[1-9]\d{0,6}", stated[0]):
        raise Problem(
            f"{path.name}: row {rows[0].number}: base "
            f"{stated[0]!r} is no whole number: write the number of answers."
        )
    return int(stated[0]) if stated else None


def _unit_of_file(path: Path, groups: dict[str, list[_Row]], mark: str) -> tuple[str, str]:
    """Per cent or fractions, decided by what the questions add up to."""
    figures = [[Fraction(_figure(row.printed, mark) or 0) for row in rows] for rows in groups.values()]
    sums = [sum(group) for group in figures]
    largest = max((figure for group in figures for figure in group), default=Fraction(0))
    hundreds = sum(98 <= total <= 102 for total in sums)
    ones = sum(98 <= 100 * total <= 102 for total in sums)
    if ones and not hundreds and largest <= 1:
        return (
            "fraction",
            f"Figures are fractions: {ones} of {len(groups)} questions "
            "add up to about 1; they were turned into per cent.",
        )
    if hundreds or largest > 1:
        return "percent", f"Figures are per cent: {hundreds} of {len(groups)} questions add up to about 100."
    raise Problem(
        f"{path.name}: no figure exceeds 1 and no question adds up "
        "to 1 or 100: write the figures as per cent, such as 43.5."
    )


def _problems(path: Path, rows: list[_Row], figures: list[str | None], most: int) -> list[str]:
    """Say what is wrong with single rows."""
    problems = []
    seen: set[tuple[str, str]] = set()
    for row, figure in zip(rows, figures, strict=True):
        where = f"{path.name}: row {row.number}:"
        key = (row.question, row.response.casefold())
        if not row.response:
            problems.append(f"{where} no response named: fill the cell.")
        if key in seen:
            problems.append(
                f"{where} response {row.response!r} stands twice under {row.question!r}: keep one."
            )
        seen.add(key)
        if figure is None:
            problems.append(
                f"{where} {row.printed!r} is no figure: write digits, "
                "such as 43.5, or leave it empty if none was printed."
            )
        elif figure and Fraction(figure) > most:
            problems.append(f"{where} {row.printed!r} is more than a whole: check the figure.")
        if row.kind and row.kind not in KINDS:
            problems.append(f"{where} kind {row.kind!r} is none of {', '.join(KINDS)}.")
    return problems


def _percent(figure: str, unit: str) -> str:
    """Write a fraction as per cent, its decimals kept: 0.40 is 40 and 0.405 is 40.5."""
    if unit == "percent" or not figure:
        return figure
    places = max(0, len(figure.partition(".")[2]) - 2)
    return f"{Decimal(figure) * 100:.{places}f}"


def _assumed(questions: list[PrintedQuestion], stated: set[str]) -> list[str]:
    """Say what was taken for granted: several answers because of a sum, no answer because of a label."""
    lines = [
        f"{q.label!r} adds up to {float(sum(Fraction(f) for _, f in q.figures if f)):g}, so several answers "
        "were allowed: state its kind if not."
        for q in questions
        if q.kind == "multiple" and q.label not in stated
    ]
    found = dict.fromkeys(repr(label) for q in questions for label, _ in q.figures if sounds_missing(label))
    repair = "if one is an opinion, write true under substantive in responses.csv"
    return lines + (
        [f"Answers without substance by their wording: {', '.join(found)}; {repair}."] if found else []
    )


_SCALE = (("Low", "10"), ("2", "20"), ("3", "40"), ("4", "20"), ("High", "10"))
_CHOICE = (("Yes", "66.7"), ("No", "33.3"))
_SEVERAL = (("Trade", "75"), ("Energy", "50"), ("Education", ""))
_EXAMPLE = (
    PrintedQuestion("example_rating", "rating", "Example: a rating from 1 to 5", _SCALE, 10),
    PrintedQuestion("example_choice", "single", "Example: one answer each", _CHOICE, 12),
    PrintedQuestion("example_several", "multiple", "Example: several answers each", _SEVERAL, 12),
)

PREDICATES = (
    "share(example_choice, yes) > 1/2",
    "share(example_rating, 4..5) == 30%",
    "count(example_rating, low) < 3 and rank(example_rating, score_3) == 1",
    "largest(example_several) != energy or not base(example_several) >= 100",
)
"""Lines of the claims language about the examples, shown in the guide."""


def new_folder(
    folder: Path, *, table: Path | None = None, base: int | None = None, title: str = ""
) -> list[str]:
    """Make a survey folder to fill in."""
    if table is None:
        questions, lines, record = (
            list(_EXAMPLE),
            ["Three example questions stand in the folder; overwrite them with your own."],
            None,
        )
    else:
        questions, lines, record = read_printed_table(table, base)
    name = identifier(folder.name, prefix="survey")
    printed_in = table.name if table else "The report the figures were printed in"
    source = {"source": "report", "title": printed_in, "kind": "report"}
    files = {
        "questions.csv": _questions(questions),
        "responses.csv": _responses(questions),
        "claims.csv": table_text([field["name"] for field in TABLES["claims"]["fields"]], []),
        "survey.json": json_text(metadata(name, title or folder.name, source) | {"licence": ""}),
        "README.md": guide(),
    }
    if record is not None:
        files["import.json"] = json_text(record)
    notices = write_survey_folder(folder, files)
    return [
        *lines,
        *notices,
        f"Wrote {folder}. README.md in it explains every column; survey.json waits for who asked whom.",
    ]


def _questions(questions: list[PrintedQuestion]) -> str:
    """Text of questions.csv."""
    rows = [
        {
            "question": question.question,
            "kind": question.kind,
            "label": question.label,
            "wording_status": "missing",
            "scale": "ordered" if question.kind == "rating" else "unordered",
            "total": "multiple"
            if question.kind == "multiple"
            else "closed"
            if question.adds_up()
            else "open",
            "printed_base": str(question.base or ""),
            "base_status": "reported" if question.base else "",
            "source": "report",
            "locator": "page and paragraph",
            "note": EXAMPLE_NOTE if question in _EXAMPLE else "",
        }
        for question in questions
    ]
    return table_text([field["name"] for field in TABLES["questions"]["fields"]], rows)


def _responses(questions: list[PrintedQuestion]) -> str:
    """Text of responses.csv."""
    rows = []
    for question in questions:
        taken: set[str] = set()
        rated = question.kind == "rating"
        points = [label for label, _ in question.figures if rated and not sounds_missing(label)]
        scores = dict(zip(points, scale_scores(points), strict=True))
        for label, printed in question.figures:
            response = identifier(label, taken, prefix="score" if rated else "option")
            taken.add(response)
            rows.append(
                {
                    "question": question.question,
                    "response": response,
                    "label": label,
                    "score": scores.get(label, ""),
                    "printed": printed,
                    "substantive": "false" if sounds_missing(label) else "true",
                    "source": "report",
                    "locator": "page and paragraph",
                }
            )
    return table_text([field["name"] for field in TABLES["responses"]["fields"]], rows)


def guide() -> str:
    """Explanation of the folder's files and columns, made from the schema that checks them."""
    lines = [
        "# How to fill this folder",
        "",
        "Open the three tables in any spreadsheet and save them "
        "as CSV in UTF-8. Figures are typed exactly as they were",
        "printed: 40 and 40.0 are different data, because the "
        "decimals tell how the figure was rounded. An option that is",
        "named without a figure keeps an empty cell under `printed`; "
        "it is not zero. Make the column `printed` text in the",
        "spreadsheet first, or it turns 40.0 into 40 and 4.3 into a date. "
        "Then run `regint check FOLDER`, which reports",
        "every problem at once, and `make SURVEY=FOLDER`, which makes the pages.",
        "",
    ]
    for table, schema in TABLES.items():
        lines += [f"## {table}.csv", "", "| column | meaning | allowed |", "|---|---|---|"]
        lines += [
            f"| {field['name']} | {field['description']} | {_allowed(field)} |" for field in schema["fields"]
        ]
        lines.append("")
    lines += ["A predicate is one line about the figures, such as", ""]
    lines += [f"    {predicate}" for predicate in PREDICATES]
    lines += [
        "",
        "Options are named by their ids or, on a rating, by their scores; `4..5` joins neighbours.",
        "",
        "## survey.json",
        "",
        "Who asked whom, when and how. `sources` lists the documents "
        "the tables point to by their key; `disclosure` holds",
        "what a careful report tells its reader: set each status to reported, partial or missing,",
        "or leave it empty if you have not looked it up.",
        "",
    ]
    return "\n".join(lines)


def _allowed(field: dict[str, Any]) -> str:
    """Say in words what a cell may hold."""
    rules = field.get("constraints", {})
    words = ["required" if rules.get("required") else "may be empty"]
    if "enum" in rules:
        words.append(", ".join(rules["enum"]))
    elif field["type"] != "string":
        words.append(
            {"integer": "a whole number", "number": "a number", "boolean": "true or false"}[field["type"]]
        )
    return "; ".join(words)
