"""Start a survey folder for printed percentages: an example to overwrite, or a table already typed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from regint.survey.folder import json_text, table_text, write_survey_folder
from regint.survey.imports.labels import scale_scores
from regint.survey.imports.naming import identifier, sounds_missing
from regint.survey.imports.survey_tables import DISCLOSURE
from regint.survey.printed_table import PrintedQuestion, read_printed_table
from regint.survey.schema import EXAMPLE_NOTE, TABLES

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
    """Make a survey folder to fill in.

    Parameters
    ----------
    folder : Path
        Folder to create.
    table : Path, optional
        A delimited file or workbook with the columns `question`, `response`, `printed` and, if known, `kind`,
        `base`.
    base : int, optional
        Number of answers all printed figures refer to.
    title : str
        Title of the survey.

    Returns
    -------
    list of str
        What was decided.

    Raises
    ------
    ReadingError
        When the folder exists, or the table cannot be read without a guess.

    Examples
    --------
    >>> import tempfile
    >>> new_folder(Path(tempfile.mkdtemp()) / "mine")[0]
    'Three example questions stand in the folder; overwrite them with your own.'
    """
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
    """Explanation of the folder's files and columns, made from the schema that checks them.

    Examples
    --------
    >>> "printed_base" in guide()
    True
    """
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
