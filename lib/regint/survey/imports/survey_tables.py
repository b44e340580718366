"""Lay out counted questions as the tables of a survey folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from regint.survey.imports.design import Precision
from regint.survey.imports.masking import Mask, mask_question
from regint.survey.imports.naming import identifier
from regint.survey.imports.tabulate import Question, Response
from regint.survey.schema import TABLES, WEIGHTED

SOURCE = "data_file"
"""Key of the data file among the sources of the folder."""

DISCLOSURE = (
    "Data collection strategy",
    "Sponsor and conductor",
    "Measurement instruments",
    "Population under study",
    "Sample generation and recruitment",
    "Modes of data collection",
    "Dates of data collection",
    "Sample sizes and precision",
    "Weighting",
    "Processing and data quality",
    "Limitations",
)
"""Items of the AAPOR Code of Professional Ethics and Practices, section III.A (April 2021)."""

Rows = tuple[Sequence[str], list[dict[str, str]]]


@dataclass(frozen=True)
class Counted:
    """Counts of a file with what is shown of them.

    Parameters
    ----------
    questions : list of Question
        Counts.
    errors : Mapping
        `Precision` by question and response.
    weighted : bool
        Whether a weight was stated.
    mask_small : int
        Threshold below which counts are hidden; 0 hides none.
    file : str
        Name of the data file.
    rows : int or None
        Respondents in it; those asked the question in hand when absent.
    """

    questions: list[Question]
    errors: Mapping[str, Mapping[str, Precision]]
    weighted: bool
    mask_small: int
    file: str
    rows: int | None = None


def answer_states(questions: Sequence[Question]) -> pd.DataFrame:
    """Count the states of an answer apart: asked, answered, answered in substance, silent.

    Parameters
    ----------
    questions : sequence of Question
        Counts.

    Returns
    -------
    pandas.DataFrame
        One row per question: ``label``, ``asked``, ``answered``, ``substantive`` (at least one answer in
        substance, exact where each gives one answer), ``refused`` (answers without substance), ``silent``.

    Examples
    --------
    >>> answers = (Response("a", "A", "", True, 7), Response("r", "Refused", "", False, 2))
    >>> states = answer_states([Question("q", "single", "Q?", "", ("Q",), 12, 9, None, answers)])
    >>> states.iloc[0, 1:].astype(int).to_list()
    [12, 9, 7, 2, 3]
    """
    rows = []
    for question in questions:
        refused = sum(response.count for response in question.responses if not response.substantive)
        states = (question.asked, question.answered, question.answered - refused, refused)
        rows.append((question.label, *states, question.asked - question.answered))
    return pd.DataFrame(rows, columns=["label", "asked", "answered", "substantive", "refused", "silent"])


def question_rows(counted: Counted) -> Rows:
    """Columns and rows of questions.csv.

    Examples
    --------
    >>> question = Question("q", "single", "Q?", "", ("Q 1",), 12, 10, None, ())
    >>> columns, rows = question_rows(Counted([question], {}, False, 0, "a.csv"))
    >>> rows[0]["asked"], rows[0]["answered"], rows[0]["base_status"]
    ('12', '10', 'counted')
    """
    columns = [field["name"] for field in TABLES["questions"]["fields"]]
    columns += [field["name"] for field in WEIGHTED["questions"]] if counted.weighted else []
    rows = []
    for question in counted.questions:
        mask = mask_of(question, counted.mask_small, counted.rows) or Mask()
        row = {
            "question": question.question,
            "kind": question.kind,
            "label": question.label,
            "wording": question.wording,
            "wording_status": "reported" if question.wording else "missing",
            "scale": "ordered" if question.kind == "rating" else "unordered",
            "total": "multiple" if question.kind == "multiple" else "open" if mask.answered else "closed",
            "printed_base": str(question.asked if mask.answered else question.answered),
            "asked": "" if mask.asked else str(question.asked),
            "answered": "" if mask.answered else str(question.answered),
            "base_status": "counted",
            "section": "",
            "source": SOURCE,
            "locator": _locator(question.columns),
            "note": _hidden_note(mask),
        }
        if question.effective_base is not None and not mask.answered:
            row["effective_base"] = _decimal(question.effective_base)
        rows.append(row)
    return columns, rows


def _locator(columns: Sequence[str]) -> str:
    """Where the answers stand in the file."""
    names = ", ".join(columns[:6]) + (f" and {len(columns) - 6} more" if len(columns) > 6 else "")
    return f"column{'s' if len(columns) > 1 else ''} {names}"


def _hidden_note(mask: Mask) -> str:
    """Remark on hidden counts."""
    number = len(mask.responses)
    hidden = [f"{number} count{'s' if number > 1 else ''}"] if number else []
    hidden += ["the number of those who answered"] if mask.answered else []
    hidden += ["the number of those asked"] if mask.asked else []
    if not hidden:
        return ""
    verb = "are" if number > 1 or len(hidden) > 1 else "is"
    return f"{' and '.join(hidden)} {verb} hidden to protect respondents"


def mask_of(question: Question, below: int, rows: int | None = None) -> Mask | None:
    """Choose what is hidden of a question.

    Parameters
    ----------
    question : Question
        Counts.
    below : int
        Threshold; 0 hides nothing.
    rows : int, optional
        Respondents in the file; those asked when absent.

    Returns
    -------
    Mask or None
        None where the question must be left out.

    Examples
    --------
    >>> answers = (Response("a", "A", "", True, 3), Response("b", "B", "", True, 40))
    >>> sorted(mask_of(Question("q", "single", "Q?", "", ("Q",), 43, 43, None, answers), 5).responses)
    [0, 1]
    """
    counts = [response.count for response in question.responses]
    everyone = question.asked if rows is None else rows
    exclusive = question.kind != "multiple"
    return mask_question(counts, question.answered, question.asked, everyone, below, exclusive=exclusive)


def response_rows(counted: Counted) -> Rows:
    """Columns and rows of responses.csv.

    Examples
    --------
    >>> responses = [Response(name, name, "", True, count) for name, count in zip("abc", (3, 4, 30))]
    >>> question = Question("q", "single", "Q?", "", ("Q 1",), 40, 37, None, tuple(responses))
    >>> [row["count"] for row in response_rows(Counted([question], {}, False, 5, "a.csv"))[1]]
    ['', '', '30']
    """
    columns = [field["name"] for field in TABLES["responses"]["fields"]]
    columns += (
        [field["name"] for field in WEIGHTED["responses"]] if counted.weighted or counted.errors else []
    )
    return columns, [row for question in counted.questions for row in _question_rows(counted, question)]


def _question_rows(counted: Counted, question: Question) -> Iterator[dict[str, str]]:
    """Rows of one question."""
    mask = mask_of(question, counted.mask_small, counted.rows) or Mask()
    errors = counted.errors.get(question.question, {})
    for position, response in enumerate(question.responses):
        row = {
            "question": question.question,
            "response": response.response,
            "label": response.label,
            "score": response.score,
            "printed": "",
            "statement": "",
            "substantive": "true" if response.substantive else "false",
            "count": str(response.count),
            "source": SOURCE,
            "locator": _codes(response),
            "note": "",
        }
        if position in mask.responses:
            row |= {
                "count": "",
                "note": f"hidden: a count from 1 to {counted.mask_small - 1} "
                "stands here or could be worked out",
            }
        else:
            cells = _weighted_cells(response, errors.get(response.response), question)
            # A share beside its count would give the hidden base back.
            row |= {"weighted_count": cells["weighted_count"]} if mask.answered else cells
        yield row


def _codes(response: Response) -> str:
    """Where a response stands in the file: its columns and codes."""
    places = [f"{column} = {code}" for column, code in response.codes[:3]]
    return (
        "; ".join(places) + (f"; and {len(response.codes) - 3} more" if len(response.codes) > 3 else "")
        or "not given by anyone"
    )


def _weighted_cells(response: Response, error: Precision | None, question: Question) -> dict[str, str]:
    """Weighted columns of one response."""
    share = response.weighted_share
    if share is None and error is not None and question.answered:
        share = response.count / question.answered
    cells = {
        "weighted_count": _decimal(response.weighted_count),
        "weighted_share": _decimal(share),
    }
    if error is not None:
        cells |= {
            "weighted_error": _decimal(error.error),
            "weighted_lower": _decimal(error.lower),
            "weighted_upper": _decimal(error.upper),
        }
    return cells


def _decimal(number: float | None) -> str:
    """Nine decimals at most: enough for any table, and the same on every processor."""
    if number is None:
        return ""
    return f"{Decimal(repr(round(number, 9))):f}".removesuffix(".0")


def metadata(counted: Counted, rows: int, title: str, design: Any) -> dict[str, Any]:
    """Content of survey.json.

    Examples
    --------
    >>> content = metadata(Counted([], {}, False, 0, "answers.csv"), 40, "", None)
    >>> content["id"], content["size_statement"]
    ('answers', '40 respondents in the data file')
    """
    stem = counted.file.rsplit(".", 1)[0] or counted.file
    content: dict[str, Any] = {
        "id": identifier(title or stem, prefix="survey"),
        "title": title or stem,
        "organiser": "",
        "fieldwork": {"start": "", "end": ""},
        "mode": "",
        "population": "The respondents of the data file; whom they stand for is not stated in it",
        "size_statement": f"{rows:,} respondents in the data file",
        "sources": [
            {
                "source": SOURCE,
                "title": counted.file,
                "address": "",
                "date": "",
                "kind": "respondent-level data",
            }
        ],
        "disclosure": [_disclosed(item, rows, design) for item in DISCLOSURE],
        "disclosure_standard": "AAPOR Code of Professional Ethics and Practices, section III.A (April 2021)",
        "counts": "Counted from respondent-level data: bounds on counts collapse to single numbers.",
        "licence": "Not stated in the data file",
    }
    if design:
        content["weight"] = design
    if counted.mask_small:
        content["masking"] = {
            "below": counted.mask_small,
            "rule": "Small counts are left empty, with those that would reveal them by subtraction; "
            "so are the numbers of those who answered or were asked, where few did not.",
        }
    return content


def _disclosed(item: str, rows: int, design: Any) -> dict[str, str]:
    """One item of the disclosure list, as far as the data file tells."""
    if item == "Sample sizes and precision":
        return {
            "item": item,
            "status": "partial",
            "note": f"{rows:,} respondents; asked and answered are counted for each question",
        }
    if item == "Weighting" and design:
        named = ", ".join(
            f"{role} {design[role]}" for role in ("weight", "strata", "cluster") if role in design
        )
        return {
            "item": item,
            "status": "partial",
            "note": f"Stated by the user: {named}; how they were made is not in the file",
        }
    return {"item": item, "status": "", "note": "Not in the data file: look it up in its documentation"}
