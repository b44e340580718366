"""A table of printed figures, or nothing yet, becomes a survey folder to fill in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from regint.survey.folder import json_text, table_text, write_survey_folder
from regint.survey.schema import EXAMPLE_NOTE, TABLES
from textfiles.problems import Problem
from textfiles.text import identifier, sounds_missing

from surveyfile.codebook import KINDS, scale_scores
from surveyfile.columns import SILENT, Respondents, tidy_text
from surveyfile.importing import DISCLOSURE, read_respondents
from surveyfile.record import Settings

_FIGURE = re.compile(r"(\d+)([.,]\d+)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SHOWN = 8
_NAMES = ("question", "response", "printed", "kind", "base")
_Cell = tuple[int, str, str, str, str, str]


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
        slack = sum((_unit(figure) for figure in figures), Fraction(0)) / 2
        return len(figures) == len(self.figures) and abs(sum(map(Fraction, figures), Fraction(-100))) <= slack


def _unit(figure: str) -> Fraction:
    """Last decimal place of a figure."""
    return Fraction(1, 10 ** len(figure.partition(".")[2]))


def read_printed_table(
    path: Path, base: int | None = None
) -> tuple[list[PrintedQuestion], list[str], dict[str, Any]]:
    """Read a table of printed percentages."""
    data = read_respondents(path, Settings(), exact=True)
    cells = _cells(path, data)
    mark = _decimal_mark(path, [figure for *_, figure, _, _ in cells])
    figures = [_figure(figure, mark) for *_, figure, _, _ in cells]
    groups = _groups(path, cells, base)
    unit, reason = ("percent", "") if None in figures else _unit_of_file(path, groups, figures)
    problems = _problems(path, cells, figures, unit)
    if problems:
        raise Problem(
            *problems[:_SHOWN], *([f"and {len(problems) - _SHOWN} more."] if len(problems) > _SHOWN else [])
        )
    questions = [_question(name, rows, cells, figures, unit, used) for name, rows, used in groups]
    shown = next((figure for *_, figure, _, _ in cells if "," in figure or "." in figure), "")
    decimal = f"Decimal mark: {mark}" + (f", as in {_bare(shown)!r}." if shown else ".")
    lines = [
        f"Read {len(cells)} responses to {len(questions)} question{'s' * (len(questions) != 1)} "
        f"from {tidy_text(path.name)} ({data.reading['kind']}).",
        f"{decimal} {reason}",
    ]
    record: dict[str, Any] = {
        "format": "regint printed table 1",
        "file": tidy_text(path.name),
        "reading": {key: value for key, value in data.reading.items() if key != "encoding_reason"},
        "decimal": mark,
        "figures": unit,
    }
    lines += [*_several(questions, cells), *_empty_answers(questions)]
    whole = {figure.isdigit() for question in questions for _, figure in question.figures if figure}
    if data.reading["kind"] == "Excel workbook" and whole == {True, False}:
        lines.append(
            "A workbook keeps numbers without their last zeros: if 40.0 was printed, make the column text."
        )
    return questions, [*lines, *data.notices], record


def _several(questions: list[PrintedQuestion], cells: list[_Cell]) -> list[str]:
    """Say which questions were taken for choose-several ones because of their sum."""
    stated = {identifier(question) for _, question, _, _, kind, _ in cells if kind}
    guessed = [q for q in questions if q.kind == "multiple" and q.question not in stated]
    return [
        f"{q.label!r} adds up to {float(sum(Fraction(f) for _, f in q.figures if f)):g}, "
        "so several answers were allowed: "
        "state its kind if not."
        for q in guessed
    ]


def _empty_answers(questions: list[PrintedQuestion]) -> list[str]:
    """Say which responses were taken for answers without substance because of their label."""
    found = dict.fromkeys(repr(label) for q in questions for label, _ in q.figures if sounds_missing(label))
    repair = "if one is an opinion, write true under substantive in responses.csv"
    return [f"Answers without substance by their wording: {', '.join(found)}; {repair}."] if found else []


def _cells(path: Path, data: Respondents) -> list[_Cell]:
    """Cells of each row with its number; an empty question repeats the one above."""
    columns = {name.casefold(): column for name, column in data.columns.items()}
    absent = [name for name in _NAMES[:3] if name not in columns]
    if absent:
        raise Problem(
            f"{path.name} has no column {absent[0]!r}: name the columns "
            "question, response and printed (and kind, base if known)."
        )
    texts = {name: [""] * data.rows for name in _NAMES}
    for name, column in columns.items():
        texts[name] = ["" if code == SILENT else column.texts[code] for code in column.codes]
    question = ""
    rows: list[_Cell] = []
    for row in range(data.rows):
        question = texts["question"][row] or question
        rows.append((row + 2, question, *(texts[name][row] for name in _NAMES[1:])))  # type: ignore[arg-type]
    return rows


def _bare(text: str) -> str:
    """Figure without its percent sign and inner spaces."""
    return text.replace("%", "").replace("\u202f", "").replace(" ", "").strip()


def _decimal_mark(path: Path, figures: list[str]) -> str:
    """Decimal mark of the whole file."""
    bare = [_bare(figure) for figure in figures]
    commas, points = [f for f in bare if "," in f], [f for f in bare if "." in f]
    if commas and points:
        raise Problem(
            f"{path.name} has decimal commas ({commas[0]!r}) and "
            f"points ({points[0]!r}): write one mark throughout."
        )
    marked = commas or points
    if commas and all(_THOUSANDS.fullmatch(figure) for figure in marked):
        raise Problem(
            f"{path.name}: {marked[0]!r} may be a decimal or a "
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


def _groups(path: Path, cells: list[_Cell], base: int | None) -> list[tuple[str, list[int], int | None]]:
    """Rows of each question, in order, with its base."""
    rows: dict[str, list[int]] = {}
    for position, cell in enumerate(cells):
        rows.setdefault(cell[1], []).append(position)
    if "" in rows:
        raise Problem(f"{path.name}: row 2: no question named: fill the first cell under 'question'.")
    groups = []
    for name, positions in rows.items():
        stated = {cells[p][5] for p in positions if cells[p][5]}
        if len(stated) > 1:
            raise Problem(
                f"{path.name}: question {name!r} has the bases {', '.join(sorted(stated))}: keep one."
            )
        text = next(iter(stated), "")
        if text and not re.fullmatch(r"[1-9]\d{0,6}", text):
            raise Problem(
                f"{path.name}: row {cells[positions[0]][0]}: base "
                f"{text!r} is no whole number: write the number of answers."
            )
        groups.append((name, positions, int(text) if text else base))
    return groups


def _unit_of_file(
    path: Path, groups: list[tuple[str, list[int], int | None]], figures: list[str | None]
) -> tuple[str, str]:
    """Per cent or fractions, decided by what the questions add up to."""
    sums = [sum(Fraction(f) for p in positions if (f := figures[p])) for _, positions, _ in groups]
    largest = max((Fraction(f) for f in figures if f), default=Fraction(0))
    hundreds = sum(Fraction(98) <= total <= Fraction(102) for total in sums)
    ones = sum(Fraction(98, 100) <= total <= Fraction(102, 100) for total in sums)
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


def _problems(path: Path, cells: list[_Cell], figures: list[str | None], unit: str) -> list[str]:
    """Say what is wrong with single rows."""
    problems = []
    seen: set[tuple[str, str]] = set()
    for (row, question, response, printed, kind, _), figure in zip(cells, figures, strict=True):
        where = f"{path.name}: row {row}:"
        if not response:
            problems.append(f"{where} no response named: fill the cell.")
        if (question, response.casefold()) in seen:
            problems.append(f"{where} response {response!r} stands twice under {question!r}: keep one.")
        seen.add((question, response.casefold()))
        if figure is None:
            problems.append(
                f"{where} {printed!r} is no figure: write digits, "
                "such as 43.5, or leave it empty if none was printed."
            )
        elif figure and Fraction(figure) > (1 if unit == "fraction" else 100):
            problems.append(f"{where} {printed!r} is more than a whole: check the figure.")
        if kind and kind not in (*KINDS, "open_coded"):
            problems.append(f"{where} kind {kind!r} is none of rating, single, multiple, open_coded.")
    return problems


def _question(
    name: str,
    positions: list[int],
    cells: list[_Cell],
    figures: list[str | None],
    unit: str,
    base: int | None,
) -> PrintedQuestion:
    """One question, its figures as per cent."""
    kind = next((cells[p][4] for p in positions if cells[p][4]), "")
    printed = tuple((cells[p][2], _percent(figures[p] or "", unit)) for p in positions)
    total = sum(Fraction(figure) for _, figure in printed if figure)
    return PrintedQuestion(
        identifier(name), kind or ("multiple" if total > 102 else "single"), name, printed, base
    )


def _percent(figure: str, unit: str) -> str:
    """Write a fraction as per cent, its decimals kept: 0.40 is 40 and 0.405 is 40.5."""
    if unit == "percent" or not figure:
        return figure
    whole, _, decimals = figure.partition(".")
    digits = whole + decimals.ljust(2, "0")
    places = max(0, len(decimals) - 2)
    number = digits[: len(digits) - places].lstrip("0") or "0"
    return f"{number}.{digits[len(digits) - places :]}" if places else number


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
    files = {
        "questions.csv": _questions(questions),
        "responses.csv": _responses(questions),
        "claims.csv": table_text([field["name"] for field in TABLES["claims"]["fields"]], []),
        "survey.json": json_text(_metadata(name, title or folder.name, table.name if table else "")),
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
        scores = _scores(question)
        for label, printed in question.figures:
            response = identifier(label, taken, prefix="score" if question.kind == "rating" else "option")
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


def _scores(question: PrintedQuestion) -> dict[str, str]:
    """Numbers on the scale by label: the labels themselves where all are numbers, else their ranks."""
    points = [label for label, _ in question.figures if not sounds_missing(label)]
    return dict(zip(points, scale_scores(points), strict=True)) if question.kind == "rating" else {}


def _metadata(name: str, title: str, table: str) -> dict[str, Any]:
    """Content of survey.json, its gaps to be filled."""
    return {
        "id": name,
        "title": title,
        "organiser": "",
        "fieldwork": {"start": "", "end": ""},
        "mode": "",
        "population": "",
        "size_statement": "",
        "sources": [
            {
                "source": "report",
                "title": table or "The report the figures were printed in",
                "address": "",
                "date": "",
                "kind": "report",
            }
        ],
        "disclosure": [{"item": item, "status": "", "note": ""} for item in DISCLOSURE],
        "disclosure_standard": "AAPOR Code of Professional Ethics and Practices, section III.A (April 2021)",
        "licence": "",
    }


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
