"""What no single cell shows: dangling ids, bases against counts, sums, figures no data set can print."""

from fractions import Fraction
from typing import Any

import pandas as pd

from regint.survey.admissible import question_ranges
from regint.survey.files import Sheet
from regint.survey.imports.naming import look
from regint.survey.predicates.binding import Names, bind
from regint.survey.predicates.grammar import parse
from regint.survey.predicates.predicate import ClaimError, quantities
from regint.survey.problems import Report, cell_problem, nearest
from regint.survey.schema import EXAMPLE_NOTE

Cells = dict[str, str]


def check_links(sheets: dict[str, Sheet], sources: set[str], report: Report) -> None:
    """
    Check that every name used in one table exists where it should.

    Parameters
    ----------
    sheets : dict
        The sheets by table name.
    sources : set of str
        Keys of the sources in survey.json; empty if that file cannot be read.
    report : Report
        Gets a problem for each dangling question, unasked response and unknown source.

    Examples
    --------
    >>> sheets = {"questions": Sheet("questions.csv", rows=[(2, {"question": "q1", "source": "a"})]),
    ...           "responses": Sheet("responses.csv", rows=[(2, {"question": "q2", "source": "a"})]),
    ...           "claims": Sheet("claims.csv")}
    >>> report = Report()
    >>> check_links(sheets, {"a"}, report)
    >>> len(report.problems)
    2
    """
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
    """
    Check each question together with its responses, as text.

    Parameters
    ----------
    sheets : dict
        Sheets whose cells were checked; a question with a bad row is left out.
    report : Report
        Gets the problems.

    Examples
    --------
    >>> cells = {"question": "q1", "kind": "rating", "printed_base": "50", "base_status": "",
    ...          "asked": "", "answered": "", "total": "open"}
    >>> sheets = {"questions": Sheet("questions.csv", rows=[(2, cells)]), "responses": Sheet("responses.csv")}
    >>> report = Report()
    >>> check_questions(sheets, report)
    >>> report.problems[0].split("; ")[-1]
    'say how the base is known.'
    """
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
        shape = look(cells["label"])
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
    """
    Check that every predicate can be read and speaks of the questions that its row names.

    Parameters
    ----------
    claims : DataFrame
        Typed claims, in the order of the sheet.
    names : Names
        What predicates may name.
    file : Sheet
        The sheet, for row numbers.
    report : Report
        Gets a problem for each predicate that cannot be read.

    Examples
    --------
    >>> sheet = Sheet("claims.csv", rows=[(2, {"predicate": "share(q, a) >"})])
    >>> report = Report()
    >>> frame = pd.DataFrame({"predicate": ["share(q, a) >"], "questions": ["q"]})
    >>> check_claims(frame, Names({"q": "open"}, {"q": ["a"]}, {"q": {}}), sheet, report)
    >>> len(report.problems)
    1
    """
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
