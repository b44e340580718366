"""What a survey folder must hold: columns, values, links, and the file that describes it."""

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
from textfiles.problems import Report, cell_problem, nearest, quoted
from textfiles.text import skeleton

from regint.survey.claim_language import ClaimError, Names, bind, parse, quantities
from regint.survey.count_ranges import question_ranges
from regint.survey.csv_text import Sheet
from regint.survey.schema import (
    DISCLOSED,
    EXAMPLE_NOTE,
    FIGURE_PATTERN,
    ID_PATTERN,
    METADATA_KEYS,
    RESPONSE_PATTERN,
    Schema,
)

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?")
_BOOLEANS = {"true": True, "false": False}
_READABLE = {
    FIGURE_PATTERN: "the printed percentage, digits with an optional decimal point, 0 to 100",
    ID_PATTERN: "small Latin letters, digits and underscores, a letter first",
    RESPONSE_PATTERN: "small Latin letters, digits and underscores",
}


def check_sheet(sheet: Sheet, schema: Schema) -> None:
    """Check every cell of a sheet and add the problems to it."""
    for row, cells in sheet.rows:
        for field in schema["fields"]:
            problem = _cell(field, cells[field["name"]])
            if problem:
                sheet.bad_rows.add(row)
                sheet.problems.append(
                    cell_problem(sheet.name, row, field["name"], cells[field["name"]], *problem)
                )
    _check_key(sheet, schema.get("primaryKey", []))


def _cell(field: dict[str, Any], value: str) -> tuple[str, str] | None:
    """Return (allowed, repair) for a bad cell, nothing for a good one."""
    rules = field.get("constraints", {})
    if value == "":
        return (field["description"].lower(), "fill the cell") if rules.get("required") else None
    if "enum" in rules and value not in rules["enum"]:
        allowed = ", ".join(rules["enum"])
        return allowed, nearest(value, rules["enum"], "write one of these words")
    if "pattern" in rules and not re.fullmatch(rules["pattern"], value):
        return _READABLE.get(rules["pattern"], rules["pattern"]), _pattern_repair(rules["pattern"], value)
    if field["type"] == "boolean" and value not in _BOOLEANS:
        return "true, false", nearest(value, _BOOLEANS, "write true or false")
    if field["type"] == "number" and not _NUMBER.fullmatch(value):
        return "a number with a decimal point", "write digits only, with a point for decimals"
    return _integer(value, rules) if field["type"] == "integer" else None


def _integer(value: str, rules: dict[str, Any]) -> tuple[str, str] | None:
    if not _WHOLE.fullmatch(value):
        return "a whole number in digits", "write digits only"
    least, most = rules.get("minimum"), rules.get("maximum")
    if (least is not None and int(value) < least) or (most is not None and int(value) > most):
        bound = f"at least {least}" if most is None else f"from {least} to {most}"
        return f"a whole number {bound}", "check the source, or leave the cell empty if the number is unknown"
    return None


def _pattern_repair(pattern: str, value: str) -> str:
    if pattern == FIGURE_PATTERN:
        return _figure_repair(value)
    plain = re.sub(r"[^a-z0-9]+", "_", value.encode("ascii", "ignore").decode().lower()).strip("_")
    if plain and re.fullmatch(pattern, plain):
        return f"write {plain!r}, here and wherever the name is used"
    return "choose a plain name, here and wherever the name is used"


def _figure_repair(value: str) -> str:
    """Say what is wrong with a figure in terms of how it probably came about."""
    if re.fullmatch(r"[0-9]{1,4}[-./ ]+([^\W\d_]{3,}|[0-9]{1,2}[-./][0-9]{2,4})\.?", value):
        return "a spreadsheet took the figure for a date; make the column text there, then type it again"
    digits = value.translate(str.maketrans("OoОоlI", "000011"))
    if re.fullmatch(r"[0-9]+,[0-9]+", value):
        return f"write the decimal comma as a point: {value.replace(',', '.')}"
    if re.fullmatch(r"[<>~≈]?\s*[0-9.,]+\s*%", value):
        return "leave out the percent sign and other marks"
    if digits != value and re.fullmatch(FIGURE_PATTERN, digits):
        return f"it contains a letter that looks like a digit; write {digits}"
    if re.fullmatch(r"[-\u2212\u2013][0-9.]+", value):
        return "a share cannot be negative; check the source"
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) and float(value) > 100:
        return "a share cannot exceed 100; check the source, or put a number of people into the column count"
    return "write it as the source does, such as 43.5, or leave the cell empty if no figure is printed"


def _check_key(sheet: Sheet, key: list[str]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row, cells in sheet.rows:
        values = tuple(cells[name] for name in key)
        if not key or not all(values):
            continue
        if values in first:
            repair = f"row {first[values]} has it already; rename or delete one of the two"
            column = " and ".join(key)
            problem = cell_problem(sheet.name, row, column, ", ".join(values), "each only once", repair)
            sheet.problems.append(problem)
        first.setdefault(values, row)


def typed_frame(sheet: Sheet, schema: Schema) -> pd.DataFrame:
    """Convert a checked sheet by its schema."""
    columns: dict[str, Any] = {}
    for field in schema["fields"]:
        texts = [cells[field["name"]] for _, cells in sheet.rows]
        if field["type"] == "integer":
            columns[field["name"]] = pd.array([int(t) if t else None for t in texts], dtype="Int64")
        elif field["type"] == "number":
            columns[field["name"]] = [float(t) if t else float("nan") for t in texts]
        elif field["type"] == "boolean":
            columns[field["name"]] = [_BOOLEANS.get(t, False) for t in texts]
        else:
            columns[field["name"]] = pd.array(texts, dtype="str")
    return pd.DataFrame(columns)


_FILE = "survey.json"


def read_metadata(folder: Path) -> tuple[dict[str, Any], Report]:
    """Read survey.json and report everything wrong with it."""
    path = folder / _FILE
    if not path.is_file():
        return {}, Report([f"{_FILE}: the file is missing; add it to the folder."])
    repeated: list[str] = []
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once(repeated))
    except UnicodeDecodeError:
        return {}, Report([f"{_FILE}: not text in UTF-8; save it in UTF-8."])
    except OSError as error:
        return {}, Report([f"{_FILE}: the file cannot be read ({error.strerror}); check its permissions."])
    except RecursionError:
        return {}, Report([f"{_FILE}: nested too deeply; write it as the README of the data shows."])
    except ValueError as error:
        return {}, Report([f"{_FILE}: not valid JSON ({error}); repair that place."])
    if not isinstance(content, dict):
        return {}, Report(
            [f"{_FILE}: must hold one object in braces; write it as the README of the data shows."]
        )
    report = Report([f"{_FILE}: the key {quoted(key)} stands twice; keep one." for key in repeated])
    _check(content, report)
    return content, report


def _once(repeated: list[str]) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        repeated.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return dict(pairs)

    return build


def _check(content: dict[str, Any], report: Report) -> None:
    for key in METADATA_KEYS:
        if key not in content:
            repair = nearest(key, set(content) - set(METADATA_KEYS), f"add {key!r}").replace(
                "write", "rename", 1
            )
            report.problems.append(f"{_FILE}: the key {key!r} is missing; {repair}.")
    for key in ("id", "title", "organiser", "population", "size_statement", "licence", "mode"):
        if not isinstance(content.get(key, ""), str):
            report.problems.append(f"{_FILE}: the value of {key!r} must be text in quotes; put it in quotes.")
    if isinstance(content.get("id"), str) and not re.fullmatch(ID_PATTERN, content["id"]):
        report.problems.append(
            f"{_FILE}: the id {quoted(content['id'])} must be small Latin letters, digits and underscores; "
            "rename it."
        )
    dates = content.get("fieldwork", {})
    if not isinstance(dates, dict):
        report.problems.append(
            f"{_FILE}: 'fieldwork' must hold start and end; write them as dates or empty text."
        )
    _check_list(content, "sources", ("source", "title"), report)
    _check_list(content, "disclosure", ("item", "status"), report)
    for item in content.get("disclosure", []) if not report.problems else []:
        if item["status"] not in ("", *DISCLOSED):
            report.problems.append(
                f"{_FILE}: the disclosure status {quoted(item['status'])} is not allowed; "
                f"allowed: {', '.join(DISCLOSED)}; {nearest(item['status'], DISCLOSED, 'choose one')}."
            )


def _check_list(content: dict[str, Any], key: str, needed: tuple[str, ...], report: Report) -> None:
    entries = content.get(key, [])
    if not isinstance(entries, list):
        report.problems.append(
            f"{_FILE}: {key!r} must be a list in square brackets; write one entry per item."
        )
        return
    for number, entry in enumerate(entries, start=1):
        for name in needed:
            if not isinstance(entry, dict) or not isinstance(entry.get(name), str):
                report.problems.append(f"{_FILE}: entry {number} of {key!r} lacks the text {name!r}; add it.")


def source_keys(metadata: dict[str, Any]) -> set[str]:
    """Give the keys by which the tables may name a source."""
    return {entry["source"] for entry in metadata.get("sources", []) if isinstance(entry, dict)}


Cells = dict[str, str]


def check_links(sheets: dict[str, Sheet], sources: set[str], report: Report) -> None:
    """Check that every name used in one table exists where it should."""
    questions = {cells["question"]: row for row, cells in sheets["questions"].rows}
    answered = {cells["question"] for _, cells in sheets["responses"].rows}
    for table, column in (("responses", "question"), ("claims", "questions")):
        sheet = sheets[table]
        for row, cells in sheet.rows:
            for name in cells[column].split():
                if name not in questions and name not in sheets["questions"].torn:
                    repair = nearest(name, questions, "add it to questions.csv or correct it")
                    report.problems.append(
                        cell_problem(sheet.name, row, column, name, "a question of questions.csv", repair)
                    )
    for name, row in questions.items():
        # Rows that could not be read may hold the responses that seem to be missing.
        if name and name not in answered and not sheets["responses"].problems:
            repair = "add its responses to responses.csv"
            report.problems.append(
                cell_problem("questions.csv", row, "question", name, "a question with responses", repair)
            )
    for sheet in sheets.values():
        for row, cells in sheet.rows:
            if sources and cells["source"] and cells["source"] not in sources:
                repair = nearest(cells["source"], sources, "describe it in survey.json")
                report.problems.append(
                    cell_problem(
                        sheet.name, row, "source", cells["source"], "a source of survey.json", repair
                    )
                )


def check_questions(sheets: dict[str, Sheet], report: Report) -> None:
    """Check each question together with its responses, as text."""
    for row, cells in sheets["questions"].rows:
        rows = [(r, c) for r, c in sheets["responses"].rows if c["question"] == cells["question"]]
        if row in sheets["questions"].bad_rows or sheets["responses"].bad_rows & {r for r, _ in rows}:
            continue
        _check_bases(row, cells, rows, report)
        _check_scores(cells, rows, report)
        _check_labels(rows, report)
        _check_fractions(cells, rows, report)


def _check_bases(row: int, cells: Cells, rows: list[tuple[int, Cells]], report: Report) -> None:
    bases = [cells["printed_base"], cells["asked"], cells["answered"]]
    if any(bases) and not cells["base_status"]:
        allowed = "reported, inferred, counted"
        report.problems.append(
            cell_problem("questions.csv", row, "base_status", "", allowed, "say how the base is known")
        )
    asked, answered = cells["asked"], cells["answered"]
    if asked and answered and int(answered) > int(asked):
        report.problems.append(
            cell_problem(
                "questions.csv", row, "answered", answered, f"at most asked, {asked}", "check both numbers"
            )
        )
    for number, response in rows:
        count, base = response["count"], cells["printed_base"]
        if count and not base:
            repair = "fill printed_base in questions.csv, or empty the count"
            report.problems.append(
                cell_problem("responses.csv", number, "count", count, "a count with a base", repair)
            )
        elif count and int(count) > int(base):
            repair = "check which base the figures refer to"
            report.problems.append(
                cell_problem("responses.csv", number, "count", count, f"at most printed_base, {base}", repair)
            )


def _check_scores(cells: Cells, rows: list[tuple[int, Cells]], report: Report) -> None:
    scores = [(r, c["score"]) for r, c in rows if c["substantive"] == "true"]
    if cells["kind"] == "rating":
        for row, score in scores:
            if not score:
                repair = "write the point of the scale that the response stands for"
                report.problems.append(
                    cell_problem(
                        "responses.csv", row, "score", "", "a number for each point of a rating", repair
                    )
                )
    given = [(row, score) for row, score in scores if score]
    for (_, before), (row, score) in zip(given, given[1:], strict=False):
        if float(score) <= float(before):
            repair = "order the rows from low to high and give each point its own score"
            report.problems.append(
                cell_problem("responses.csv", row, "score", score, f"more than {before}", repair)
            )


def _check_labels(rows: list[tuple[int, Cells]], report: Report) -> None:
    seen: dict[str, int] = {}
    for row, cells in rows:
        shape = skeleton(cells["label"])
        if shape in seen:
            repair = "give the two responses labels that a reader can tell apart"
            allowed = f"a label unlike that of row {seen[shape]}"
            report.problems.append(
                cell_problem("responses.csv", row, "label", cells["label"], allowed, repair)
            )
        seen.setdefault(shape, row)


def _check_fractions(cells: Cells, rows: list[tuple[int, Cells]], report: Report) -> None:
    figures = [(r, c["printed"]) for r, c in rows if c["printed"]]
    small = len(figures) > 1 and all(Fraction(figure) <= 1 for _, figure in figures)
    if small and Fraction(9, 10) <= sum(Fraction(f) for _, f in figures) <= Fraction(11, 10):
        row, figure = figures[0]
        repair = "these figures add up to 1, not to 100: write 52 for 0.52, as printed"
        report.problems.append(
            cell_problem("responses.csv", row, "printed", figure, "per cent, not fractions", repair)
        )


def check_claims(claims: pd.DataFrame, names: Names, file: Sheet, report: Report) -> None:
    """Check that every predicate can be read and speaks of the questions that its row names."""
    for (row, _), predicate, questions in zip(
        file.rows, claims["predicate"], claims["questions"], strict=True
    ):
        if not predicate:
            continue
        try:
            claim = bind(parse(predicate), names)
        except ClaimError as error:
            report.problems.append(f"{file.name}, row {row}, column predicate: {error}")
            continue
        for name in sorted({leaf.question for leaf in quantities(claim)} - set(questions.split())):
            repair = "add the question to this cell"
            allowed = f"every question of the predicate, so {name} too"
            report.problems.append(cell_problem(file.name, row, "questions", questions, allowed, repair))


def findings(questions: pd.DataFrame, responses: pd.DataFrame) -> list[str]:
    """
    Say what is odd about figures that are formally in order.

    Parameters
    ----------
    questions : DataFrame
        Typed questions, indexed by question.
    responses : DataFrame
        Typed responses.

    Returns
    -------
    list of str
        One sentence per question that is still an invented example, whose figures add up to more than 100,
        or which no data set of the recorded base can print. These are findings for the page and no reason
        to refuse the folder.

    Examples
    --------
    >>> questions = pd.DataFrame({"total": ["closed"], "printed_base": [30]}, index=["q1"])
    >>> responses = pd.DataFrame({"question": "q1", "printed": ["90", "90"], "statement": "", "count": pd.NA})
    >>> findings(questions, responses)[1]
    'Question q1: no counts out of 30 round to these figures together.'
    """
    sentences = []
    for question, row in questions.iterrows():
        own = responses[responses["question"] == question]
        if row.get("note") == EXAMPLE_NOTE:
            sentences.append(f"Question {question}: an invented example; replace it or delete its rows.")
        sentences += _excess(str(question), row, own)
        if pd.isna(row["printed_base"]):
            if own["printed"].any():
                sentences.append(f"Question {question}: the base of its figures is unknown.")
        elif question_ranges(own, int(row["printed_base"]), row["total"]) is None:
            base = row["printed_base"]
            sentences.append(f"Question {question}: no counts out of {base} round to these figures together.")
    return sentences


def _excess(question: str, row: "pd.Series[Any]", own: pd.DataFrame) -> list[str]:
    if row["total"] == "multiple":
        return []
    figures = [f for f in own["printed"] if f]
    slack = sum(Fraction(1, 2 * 10 ** len(f.partition(".")[2])) for f in figures)
    total = sum(Fraction(f) for f in figures)
    if total <= 100 + slack:
        return []
    return [
        f"Question {question}: the printed figures add up to {float(total):g}, beyond what rounding "
        "explains; if several options could be chosen, its total is 'multiple'."
    ]
