"""A survey folder to fill in: with examples, or with the questions of a printed table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from regint.survey.folder import json_text, table_text, write_survey_folder
from regint.survey.schema import EXAMPLE_NOTE, TABLES
from textfiles.text import identifier

from surveyfile.codebook import scale_scores
from surveyfile.importing import metadata
from surveyfile.layout import PrintedRow
from surveyfile.printed_table import PrintedQuestion, read_printed_table, unique
from surveyfile.usual_words import sounds_missing


def _example(question: str, kind: str, label: str, base: int, figures: Mapping[str, str]) -> PrintedQuestion:
    rows = [PrintedRow(answer, figure, row="answer", figure=figure) for answer, figure in figures.items()]
    return PrintedQuestion(question, kind, label, rows, base, note=EXAMPLE_NOTE)


_EXAMPLE = (
    _example(
        "example_rating", "rating", "Example: a rating from 1 to 5", 10,
        {"Low": "10", "2": "20", "3": "40", "4": "20", "High": "10"},
    ),
    _example("example_choice", "single", "Example: one answer each", 12, {"Yes": "66.7", "No": "33.3"}),
    _example(
        "example_several", "multiple", "Example: several answers each", 12,
        {"Trade": "75", "Energy": "50", "Education": ""},
    ),
)  # fmt: skip

PREDICATES = (
    "share(example_choice, yes) > 1/2",
    "share(example_rating, 4..5) == 30%",
    "count(example_rating, low) < 3 and rank(example_rating, score_3) == 1",
    "largest(example_several) != energy or not base(example_several) >= 100",
)
"""Lines of the claims language about the examples, shown in the guide."""


def new_folder(
    folder: Path,
    *,
    table: Path | None = None,
    base: int | None = None,
    title: str = "",
    **reading: Any,
) -> list[str]:
    """Make a survey folder to fill in; what else is stated of a table is for `read_printed_table`."""
    record: dict[str, Any] | None = None
    if table is None:
        questions = list(_EXAMPLE)
        lines = ["Three example questions stand in the folder; overwrite them with your own."]
    else:
        questions, lines, record = read_printed_table(table, base, **reading)
    name = identifier(folder.name, prefix="survey")
    printed_in = table.name if table else "The report the figures were printed in"
    source = {"source": "report", "title": printed_in, "kind": "report"}
    about = metadata(name, title or folder.name, source) | {"licence": ""}
    about |= {"weighted": True} if questions and all(q.weighted for q in questions) else {}
    about |= {"legend": record["legend"]} if record and record["legend"] else {}
    files = {
        "questions.csv": _table("questions", [_question_row(question) for question in questions]),
        "responses.csv": _table(
            "responses", [row for question in questions for row in _response_rows(question)]
        ),
        "claims.csv": _table("claims", []),
        "survey.json": json_text(about),
        "README.md": _guide(),
    }
    if record is not None:
        files["import.json"] = json_text(record)
    notices = write_survey_folder(folder, files)
    return [
        *lines,
        *notices,
        f"Wrote {folder}. README.md in it explains every column; survey.json waits for who asked whom.",
    ]


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Text of a table, with those of its optional columns that hold something."""
    fields = [field["name"] for field in TABLES[name]["fields"]]
    optional = [field["name"] for field in TABLES[name]["optionalFields"]]
    return table_text(
        [*fields, *(column for column in optional if any(row.get(column) for row in rows))], rows
    )


def _question_row(question: PrintedQuestion) -> dict[str, str]:
    """Row of questions.csv."""
    whole = question.adds_up() or question.excluding or question.base_status == "counted"
    total = "multiple" if question.kind == "multiple" else "closed" if whole else "open"
    return {
        "question": question.question,
        "kind": question.kind,
        "label": question.label,
        "wording_status": "missing",
        "scale": "ordered" if question.kind == "rating" else "unordered",
        "total": total,
        "printed_base": str(question.base or ""),
        "base_status": question.base_status if question.base else "",
        "source": "report",
        "locator": "page and paragraph",
        "note": question.note,
        "weighted": "true" if question.weighted else "",
    }


def _response_rows(question: PrintedQuestion) -> list[dict[str, str]]:
    """Rows of responses.csv."""
    rated = question.kind == "rating"
    points = question.points if rated else []
    scores = dict(zip(points, scale_scores(points), strict=True))
    taken: dict[str, int] = {}
    names = {
        label: unique(label, taken, "score" if rated else "option")
        for label in dict.fromkeys(row.label for row in question.rows)
    }
    return [
        {
            "question": question.question,
            "response": names[row.label],
            "label": row.label,
            "score": scores.get(row.label, "") if row.row == "answer" else "",
            "printed": row.figure,
            "statement": row.statement,
            "substantive": "false" if sounds_missing(row.label) else "true",
            "count": row.count,
            "source": "report",
            "locator": "page and paragraph",
            "note": row.note,
            "row": "" if row.row == "answer" else row.row,
            "members": " ".join(names.get(member, member) for member in row.members),
            "by": row.by,
            "group": row.group,
        }
        for row in question.rows
    ]


_GUIDE = """# How to fill this folder

Open the three tables in any spreadsheet and save them as CSV in UTF-8. Figures are typed exactly as they were
printed: 40 and 40.0 are different data, because the decimals tell how the figure was rounded. An option that is
named without a figure keeps an empty cell under `printed`; it is not zero. Make the column `printed` text in the
spreadsheet first, or it turns 40.0 into 40 and 4.3 into a date. Then run `regint check FOLDER`, which reports
every problem at once, and `make SURVEY=FOLDER`, which makes the pages.

{tables}
A predicate is one line about the figures, such as

{predicates}

Options are named by their ids or, on a rating, by their scores; `4..5` joins neighbours.

## survey.json

Who asked whom, when and how. `sources` lists the documents the tables point to by their key; `disclosure` holds
what a careful report tells its reader: set each status to reported, partial or missing,
or leave it empty if you have not looked it up. `weighted` is true if all figures were printed
from weighted data. `legend` says what signs in the place of figures mean, such as

    "legend": {{"*": "above 0, below 0.5", "\u2013": "none", "n/a": "silent"}}
"""  # noqa: E501 - lines as the folder has them


def _guide() -> str:
    """Explanation of the folder's files and columns, made from the schema that checks them."""
    tables = []
    for table, schema in TABLES.items():
        tables += [f"## {table}.csv", "", "| column | meaning | allowed |", "|---|---|---|"]
        tables += [
            f"| {field['name']} | {field['description']} | {_allowed(field)} |"
            for field in (*schema["fields"], *schema["optionalFields"])
        ]
        tables.append("")
    return _GUIDE.format(tables="\n".join(tables), predicates="\n".join(f"    {p}" for p in PREDICATES))


def _allowed(field: dict[str, Any]) -> str:
    """Say in words what a cell may hold."""
    rules = field.get("constraints", {})
    optional = any(field in schema["optionalFields"] for schema in TABLES.values())
    words = ["required" if rules.get("required") else "may be left out" if optional else "may be empty"]
    if "enum" in rules:
        words.append(", ".join(rules["enum"]))
    elif field["type"] != "string":
        words.append(
            {"integer": "a whole number", "number": "a number", "boolean": "true or false"}[field["type"]]
        )
    return "; ".join(words)
