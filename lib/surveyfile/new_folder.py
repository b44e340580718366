"""A survey folder to fill in: with examples, or with the questions of a printed table, every digit kept."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile
from operator import attrgetter
from pathlib import Path
from typing import Any

from regint.survey.folder import json_text, table_text, write_survey_folder
from regint.survey.schema import EXAMPLE_NOTE, KINDS, ROWS, TABLES
from regint.survey.validate import SILENT, meaning
from textfiles.problems import Problem
from textfiles.text import clean, identifier

from surveyfile.cells import Cell, decimal_mark, number_of_people, plain, read_cell
from surveyfile.codebook import scale_scores
from surveyfile.importing import metadata
from surveyfile.printed_table import PrintedRow, Said, read_grid, rows_of
from surveyfile.usual_words import WORDS, exclude_each_other, pattern, sounds_missing, words

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SHOWN = 8
_AMBIGUOUS = words(WORDS["printed"]["ambiguous"])
"""Names of a mean that also name the middle of a scale."""

_WEIGHTED = pattern(WORDS["printed"]["weighted"])
_HIGH, _LOW = (pattern(WORDS["printed"][end]) for end in ("high", "low"))
"""Labels that name the high and the low end of a scale."""

_OF_PEOPLE = ("question", "people")
"""What rows share whose figures may add up."""


@dataclass
class PrintedQuestion:
    """A question as printed; under `base_status` stands how its base is known."""

    question: str
    kind: str
    label: str
    rows: list[PrintedRow]
    base: int | None = None
    base_status: str = "reported"
    weighted: bool = False
    note: str = ""
    excluding: bool = False  # one answer each by what the answers are, whatever they add up to

    @property
    def answers(self) -> list[PrintedRow]:
        """The answers of everybody, or where none are printed of the first group."""
        answers = [row for row in self.rows if row.row == "answer"]
        return [row for row in answers if row.people == answers[0].people]

    @property
    def points(self) -> list[str]:
        """Labels of the answers in substance."""
        return [row.label for row in self.answers if not sounds_missing(row.label)]

    def adds_up(self) -> bool:
        """Whether the figures add up to a hundred, give or take their rounding and what signs leave open."""
        bounds = [row.bounds for row in self.answers]
        known = [pair for pair in bounds if pair]
        return known == bounds and sum(pair[0] for pair in known) <= 100 <= sum(pair[1] for pair in known)


def _fits(rows: Sequence[PrintedRow], total: Fraction, slack: Fraction = Fraction(0)) -> bool:
    """Whether figures may add up to a total: each may be off by half a unit of its last decimal."""
    return abs(_sum(rows) - total) <= sum((row.slack for row in rows), slack)


def _sum(rows: Sequence[PrintedRow]) -> Fraction:
    return sum((row.value or Fraction(0) for row in rows), Fraction(0))


def read_printed_table(
    path: Path,
    base: int | None = None,
    *,
    legend: Mapping[str, str] | None = None,
    weighted: bool = False,
    encoding: str = "",
    sheet: str = "",
) -> tuple[list[PrintedQuestion], list[str], dict[str, Any]]:
    """
    Read a table of printed figures.

    Parameters
    ----------
    path : Path
        A .csv or .xlsx file: one row per response under the columns question, response and printed; or one
        column per question (response and the questions), per response (question and the responses), or per
        group of people; or each question on a row of its own above its answers.
    base : int, optional
        The base of the questions that have none in the table.
    legend : mapping, optional
        What signs in the place of figures mean, see `regint.survey.validate.meaning`.
    weighted : bool
        Whether all figures were printed from weighted data.
    encoding, sheet : str
        Encoding of a text and sheet of a workbook, where these must be stated.

    Returns
    -------
    tuple
        The questions, what was decided in sentences, and the record of the reading.

    Raises
    ------
    Problem
        If a cell is no figure, or can be read in two ways.
    """
    said: Said = defaultdict(list)
    grid = read_grid(path, encoding, sheet)
    rows = rows_of(path.name, grid, said)
    legend = {"n/a": SILENT, "N/A": SILENT} | dict(legend or {})
    for row in rows:
        row.cell = read_cell(row.printed, legend)
        row.figure = (number_of_people(row.printed) or "") if row.row == "n" else row.cell.figure
    _averages_among_answers(rows, said)
    mark = decimal_mark(path.name, [row.printed for row in rows if row.row != "n"])
    _counts_before_percentages(path.name, rows, said)
    if all(row.row == "n" for row in rows):
        raise Problem(f"{path.name} holds no figure but bases: add a row for each answer.")
    if not rows[0].question:
        raise Problem(f"{path.name}: row {rows[0].place}: no question named: fill the cell under 'question'.")
    unit = _unit_of_file(path.name, rows, said)
    problems = _problems(rows, 1 if unit == "fraction" else 100)
    taken: dict[str, int] = {}
    read = []
    for label, own in _gathered(rows, "question").items() if not problems else ():
        for row in own:
            _settle(row, unit, legend)
        read.append(_question(unique(label, taken), label, own, problems, said))
    if problems:
        told = [f"{path.name}: {problem}" for problem in problems[:_SHOWN]]
        more = [f"and {len(problems) - _SHOWN} more."] if len(problems) > _SHOWN else []
        raise Problem(*told, *more)
    beside = [text for text in (grid.title, *grid.remarks) if text]
    if weighty := [text for text in beside if _WEIGHTED.search(text)]:
        said[f"Read as weighted, for beside the table stands {weighty[0]!r}."] = []
    for question in read:
        unknown = question.base is None and any(not row.by for row in question.rows)
        if base and (unknown or question.base_status == "counted"):
            question.base, question.base_status = base, "reported"
        question.weighted = question.weighted or weighted or bool(weighty)
    record: dict[str, Any] = {
        "format": "regint printed table 1",
        "file": clean(path.name),
        "reading": grid.reading,
        "decimal": mark,
        "figures": unit,
        "legend": {row.printed: legend[row.printed] for row in rows if row.printed in legend},
        "beside": beside,
    }
    lines = _lines(record, rows, read)
    for sentence, about in said.items():
        rest = f" and {len(about) - _SHOWN} more" if len(about) > _SHOWN else ""
        listed = ", ".join(map(repr, about[:_SHOWN]))
        lines.append(f"{sentence}: {listed}{rest}." if about else sentence)
    return read, lines, record


def _gathered(rows: Sequence[PrintedRow], *names: str) -> dict[Any, list[PrintedRow]]:
    """Gather the rows that share some of their attributes."""
    sets: defaultdict[Any, list[PrintedRow]] = defaultdict(list)
    for row in rows:
        sets[attrgetter(*names)(row)].append(row)
    return sets


def _counts_before_percentages(file: str, rows: Sequence[PrintedRow], said: Said) -> None:
    """Tell by what they add up to which of two numbers in a cell is the percentage."""
    for own in _gathered(rows, "question").values():
        for row in own if any(row.cell.count for row in own) else ():
            if plain(row.printed) == "0":  # among cells such as 18 (45%)
                row.cell = replace(row.cell, count="0")
    pairs = [row for row in rows if row.cell.pair]
    if not pairs:
        return
    first = second = 0
    for own in _gathered(pairs, *_OF_PEOPLE).values():
        numbers = zip(*(row.cell.pair for row in own), strict=True)
        one, other = (sum(int(re.sub(r"\D", "", number)) for number in side) for side in numbers)
        first, second = first + (98 <= one <= 102), second + (98 <= other <= 102)
    if first == second:
        which = f"which number of {pairs[0].printed!r} is the percentage?"
        raise Problem(f"{file}: row {pairs[0].place}: {which} Write it with its sign, such as '18 (45%)'.")
    order = "count (percentage)" if second > first else "percentage (count)"
    said[f"Cells such as {pairs[0].printed!r} read as {order}."] = []
    for row in pairs:
        count, percentage = row.cell.pair if second > first else row.cell.pair[::-1]
        row.cell = Cell(str(int(re.sub(r"\D", "", percentage))), number_of_people(count) or "0")
        row.figure = row.figure if row.row == "n" else row.cell.figure


def _averages_among_answers(rows: Sequence[PrintedRow], said: Said) -> None:
    """Take 'Average' for an answer where a count stands beside it, or the answers lack it to make 100."""
    answers = _gathered([row for row in rows if row.row == "answer"], *_OF_PEOPLE)
    for row in rows:
        if row.row == "mean" and row.value is not None and row.label.casefold() in _AMBIGUOUS:
            rest = _sum(answers.get((row.question, row.people), ()))
            if row.count or row.cell.count or rest < 98 <= rest + row.value <= 102:
                said[f"{row.label!r} read as an answer, not as a mean"].append(row.question)
                row.row = "answer"


def _unit_of_file(file: str, rows: Sequence[PrintedRow], said: Said) -> str:
    """Per cent or fractions, decided by what the answers add up to."""
    answers = [row for row in rows if row.row == "answer" and row.value is not None]
    sums = [_sum(own) for own in _gathered(answers, *_OF_PEOPLE).values()]
    largest = max((row.value or Fraction(0) for row in answers), default=Fraction(0))
    hundreds = sum(98 <= total <= 102 for total in sums)
    ones = sum(98 <= 100 * total <= 102 for total in sums)
    if ones and not hundreds and largest <= 1:
        turned = "turned into per cent, those without a second decimal into the bounds that they leave"
        found = f"{ones} of {len(sums)} sets of answers add up to about 1"
        said[f"Figures are fractions: {found}; they were {turned}."] = []
        return "fraction"
    if hundreds or largest > 1:
        said[f"Figures are per cent: {hundreds} of {len(sums)} sets of answers add up to about 100."] = []
    elif answers:
        repair = "write the figures as per cent, such as 43.5"
        raise Problem(f"{file}: no figure exceeds 1 and no question adds up to 1 or 100: {repair}.")
    return "percent"


def _problems(rows: Sequence[PrintedRow], most: int) -> list[str]:
    """Say what is wrong with single cells."""
    problems = []
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = (row.question, row.label.casefold(), *row.people)
        share = row.row in ("answer", "net")
        found = []
        if not row.label and (str(row.place),) not in seen:
            seen.add((str(row.place),))
            found.append("no response named: fill the cell.")
        if key in seen:
            found.append(f"response {row.label!r} stands twice under {row.question!r}: keep one.")
        seen.add(key)
        if row.row not in ROWS:
            found.append(f"row {row.row!r} is none of {', '.join(ROWS)}.")
        elif row.row == "n":
            if row.printed and not row.figure:
                found.append(f"{row.printed!r} is no number of people: write digits, such as 412.")
        elif row.cell.unexplained and (row.printed,) not in seen:
            seen.add((row.printed,))
            found.append(
                f"{row.printed!r} is no figure: say what the source means by it, such as "
                f"--legend '{row.printed}=none' (nobody), '{row.printed}=below 0.5' or "
                f"'{row.printed}={SILENT}' (not printed)."
            )
        elif (row.cell.fault and not row.cell.unexplained) or (share and re.match(r"-\d", row.figure)):
            repair = "write digits, such as 43.5, or leave it empty if none was printed"
            found.append(f"{row.printed!r} is no figure: {repair}.")
        elif share and row.value is not None and row.value > most:
            repair = "check the figure, or put numbers of people into a column count"
            found.append(f"{row.printed!r} is more than a whole: {repair}.")
        if row.kind and row.kind not in KINDS:
            found.append(f"kind {row.kind!r} is none of {', '.join(KINDS)}.")
        if row.base and number_of_people(row.base) is None:
            found.append(f"base {row.base!r} is no whole number from 1 to a billion: write digits.")
        if row.count and number_of_people(row.count) is None and plain(row.count) != "0":
            found.append(f"count {row.count!r} is no whole number up to a billion: write digits.")
        if row.weighted not in ("", "true", "false"):
            found.append(f"weighted {row.weighted!r} is none of true, false.")
        problems += [f"row {row.place}: {problem}" for problem in found]
    return problems


def _settle(row: PrintedRow, unit: str, legend: dict[str, str]) -> None:
    """Write what a row says as the folder keeps it; a fraction becomes per cent, its decimals kept."""
    if unit == "fraction" and row.row in ("answer", "net"):
        places = len(row.figure.partition(".")[2])
        if below := meaning(row.figure, {}):
            row.statement = f"below {Decimal(below.split()[-1]) * 100:f}"
        elif row.bounds and row.value is not None and places < 2:
            low, high = max(100 * row.bounds[0], Fraction(0)), min(100 * row.bounds[1], Fraction(100))
            row.statement = f"from {float(low):g} to {float(high):g}"
        elif row.value is not None:
            row.figure = f"{Decimal(row.figure) * 100:.{places - 2}f}"
        if row.statement:
            row.figure, row.note = "", "; ".join(filter(None, [f"printed {row.printed}", row.note]))
    row.sign = meaning(row.figure, legend) or ""
    row.count = (number_of_people(row.count) or plain(row.count)) if row.count else row.cell.count


def _question(
    name: str, label: str, entries: list[PrintedRow], problems: list[str], said: Said
) -> PrintedQuestion:
    """Put a question together from its rows."""
    everybody = [row for row in entries if not any(row.people)]
    totals = [row for row in everybody if row.row == "n" and row.figure]
    stated = {row.figure for row in totals if not row.sums_weights}
    stated |= {number_of_people(row.base) or "" for row in everybody if row.base}
    weights = [row.figure for row in totals if row.sums_weights][-1:]
    bases = sorted(stated or weights or {row.header_base for row in everybody if row.header_base})
    if len(bases) > 1:
        problems.append(f"question {label!r} has the bases {', '.join(bases)}: keep one.")
    passed = {row.people for row in entries if row.row == "n" and not row.sums_weights}
    rows = [row for row in entries if row.row != "n" or any(row.people)]
    rows = [row for row in rows if not (row.sums_weights and row.people in passed)]
    based = {row.people for row in rows if row.row == "n"}
    for row in entries:
        if any(row.people) and row.people not in based and (base := row.base or row.header_base):
            based.add(row.people)
            number = number_of_people(base) or ""
            rows.append(PrintedRow("Base", base, by=row.by, group=row.group, row="n", figure=number))
    question = PrintedQuestion(name, next((row.kind for row in entries if row.kind), ""), label, rows)
    question.base = int(bases[0]) if bases else None
    question.weighted = bool(weights) or any(row.weighted == "true" for row in entries)
    question.note = f"weighted base {weights[0]}" if weights else ""
    answers = [row for row in rows if row.row == "answer" and not row.by]
    if not question.kind:
        _tell_kind(question, answers, said)
    _find_members(question, problems, said)
    if question.base is None and (whole := _sum_of_counts(question, answers)):
        question.base, question.base_status = whole, "counted"
        said["What the counts add up to was taken for the base"].append(f"{label} ({whole})")
    if question.kind == "rating":
        _order_from_low_to_high(question, said)
    return question


def _tell_kind(question: PrintedQuestion, answers: Sequence[PrintedRow], said: Said) -> None:
    """Tell by what its figures add up to whether people gave one answer each to a question."""
    printed = [row.bounds for row in answers if row.bounds is not None]
    total = sum(low + high for low, high in printed) / Fraction(2)
    question.kind = "single"
    question.excluding = total > 102 and exclude_each_other([row.label for row in answers])
    if question.excluding:
        why = "for these exclude each other, though more than 102 is added up to (check the figures)"
        sentence = f"Read as one answer each, {why}"
    elif total > 102:
        question.kind = "multiple"
        sentence = "Several answers were allowed, since more than 102 is added up to (state the kind if not)"
    elif len(printed) == len(answers) > 1 and total < 98:
        why = "since less than 98 is added up to (state the kind multiple if several could be chosen)"
        sentence = f"Read as one answer each, some unprinted, {why}"
    else:
        return
    said[sentence].append(f"{question.label} ({float(total):g})")


def _sum_of_counts(question: PrintedQuestion, answers: Sequence[PrintedRow]) -> int:
    """Give what the counts of all answers add up to, 0 where answers are not all there, or one each."""
    if question.kind == "multiple" or not answers or not all(row.count for row in answers):
        return 0
    whole = sum(int(row.count) for row in answers)
    beside = [row for row in answers if whole and row.value is not None]
    # Cut off or rounded up, a figure may be a unit away; of answers that are not all there, most are further.
    off = [abs((row.value or 0) - Fraction(100 * int(row.count), whole)) >= 2 * row.slack for row in beside]
    return 0 if 2 * sum(off) >= max(len(off), 1) and not question.adds_up() else whole


def _find_members(question: PrintedQuestion, problems: list[str], said: Said) -> None:
    """Find the neighbours that a net sums up; a row that sums up all answers is left out."""
    rows = question.rows
    shown = [row for row in rows if row.people == rows[0].people]
    labels = {row.label.casefold(): row.label for row in shown if row.row == "answer"}
    single = question.kind != "multiple"
    found: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(shown):
        if row.row != "net":
            continue
        if row.members:
            found[row.label] = tuple(labels.get(member.casefold(), member) for member in row.members)
            continue
        if single and (_fits([row], Fraction(100)) if row.value is not None else not row.figure):
            said[f"The row {row.label!r} is the sum of all answers and was left out"].append(question.label)
            continue
        total = row.value or Fraction(0)
        runs = list(_runs(shown, place)) if single and row.value is not None else []
        exact = [run for run in runs if _sum(run) == total]
        chosen = exact if len(exact) == 1 else [run for run in runs if _fits(run, total, row.slack)]
        if len(chosen) != 1:
            repair = "write its answers, parted by semicolons, in a column members, or answer in a column row"
            problems.append(f"row {row.place}: {row.label!r} reads like a net: {repair}.")
            continue
        found[row.label] = tuple(one.label for one in chosen[0])
        parts = " and ".join(map(repr, found[row.label]))
        said[f"{row.label!r} read as the sum of {parts}"].append(question.label)
    for row in rows:
        row.members = found.get(row.label, ())
    question.rows = [row for row in rows if row.row != "net" or row.members]


def _runs(rows: Sequence[PrintedRow], place: int) -> Iterator[list[PrintedRow]]:
    """List the runs of two answers or more, each with a figure, that end before a row or begin after it."""
    for side, step in ((rows[:place][::-1], -1), (rows[place + 1 :], 1)):
        run = list(takewhile(lambda row: row.row == "answer" and row.value is not None, side))
        yield from (run[:length][::step] for length in range(2, len(run) + 1))


def _order_from_low_to_high(question: PrintedQuestion, said: Said) -> None:
    """Order the points of a scale from low to high, by their numbers or by what their labels say."""
    points = question.points
    if len(points) < 2:
        return
    scores = scale_scores(points)
    first, last = points[0].casefold(), points[-1].casefold()
    numbered = scores == points or all(re.match(r"-?\d", point) for point in points)
    falling = float(scores[0]) > float(scores[-1]) or bool(
        not numbered and (_HIGH.fullmatch(first) or _LOW.fullmatch(last)) and not _LOW.fullmatch(first)
    )
    if falling:
        ends = f"{points[0]!r}, the high end, down to {points[-1]!r}"
        turned = "the rows were turned round, so that the highest score stands for the high end"
        said[f"Printed from {ends}: {turned}"].append(question.label)
        question.rows.reverse()
    elif not numbered and not (_LOW.fullmatch(first) or _HIGH.fullmatch(last)):
        what = f"from 1 for {points[0]!r} to {len(points)} for {points[-1]!r}"
        said[f"Scored {what} (turn the rows round if the first is the high end)"].append(question.label)


def unique(label: str, taken: dict[str, int], prefix: str = "q") -> str:
    """Make an identifier, numbered where another label begins alike."""
    name = plainest = identifier(label, prefix=prefix)
    while name in taken:
        taken[plainest] += 1
        name = f"{plainest}_{taken[plainest]}"
    taken[name] = 1
    return name


def _lines(record: dict[str, Any], rows: list[PrintedRow], questions: list[PrintedQuestion]) -> list[str]:
    """Say how the table was read."""
    shown = next((plain(row.printed) for row in rows if re.search("[.,]", row.printed)), "")
    lines = [
        f"Read {sum(len(q.answers) for q in questions)} responses to {len(questions)} "
        f"question{'s' * (len(questions) != 1)} from {record['file']} ({record['reading']['kind']}).",
        f"Decimal mark: {record['decimal']}" + (f", as in {shown!r}." if shown else "."),
    ]
    if beside := record["beside"]:
        lines.append(f"Kept beside the table: {', '.join(map(repr, beside))}.")
    kinds = {"mean": "means", "sd": "standard deviations", "median": "medians", "net": "nets"}
    for kind, what in kinds.items():
        number = sum(row.row == kind for q in questions for row in q.rows)
        if number:
            lines.append(f"{number} row{'s' * (number != 1)} read as {what}, not as answers.")
    if signs := [f"{sign!r} is {words}" for sign, words in record["legend"].items()]:
        lines.append(f"Signs read as the legend says: {', '.join(signs)}.")
    if starred := sorted({row.printed for row in rows if row.cell.footnote}):
        lines.append(f"Marks after figures were taken for footnotes: {', '.join(starred[:5])}.")
    answers = [row for question in questions for row in question.answers]
    if found := dict.fromkeys(repr(row.label) for row in answers if sounds_missing(row.label)):
        repair = "if one is an opinion, write true under substantive in responses.csv"
        lines.append(f"Answers without substance by their wording: {', '.join(found)}; {repair}.")
    whole = {row.figure.isdigit() for row in answers if row.value is not None}
    if record["reading"]["kind"] == "Excel workbook" and whole == {True, False}:
        lines.append(
            "A workbook keeps numbers without their last zeros: if 40.0 was printed, make the column text."
        )
    return lines


# The folder.


def new_folder(
    folder: Path, *, table: Path | None = None, base: int | None = None, title: str = "", **reading: Any
) -> list[str]:
    """Make a survey folder to fill in; what else is stated of a table is for `read_printed_table`."""
    record: dict[str, Any] = {}
    questions = []
    if table is None:
        lines = ["Three example questions stand in the folder; overwrite them with your own."]
        for name, example in _TEXTS["examples"].items():
            kind, label, size, figures = example.values()
            rows = [PrintedRow(answer, cell, row="answer", figure=cell) for answer, cell in figures.items()]
            questions.append(PrintedQuestion(name, kind, label, rows, size, note=EXAMPLE_NOTE))
    else:
        questions, lines, record = read_printed_table(table, base, **reading)
    name = identifier(folder.name, prefix="survey")
    printed_in = table.name if table else "The report the figures were printed in"
    source = {"source": "report", "title": printed_in, "kind": "report"}
    about = metadata(name, title or folder.name, source) | {"licence": ""}
    about |= {"weighted": True} if questions and all(q.weighted for q in questions) else {}
    about |= {"legend": record["legend"]} if record.get("legend") else {}
    answers = [row for question in questions for row in _response_rows(question)]
    files = {
        "questions.csv": _table("questions", [_question_row(question) for question in questions]),
        "responses.csv": _table("responses", answers),
        "claims.csv": _table("claims", []),
        "survey.json": json_text(about),
        "README.md": _guide(),
    }
    files |= {"import.json": json_text(record)} if record else {}
    lines += write_survey_folder(folder, files)
    told = "README.md in it explains every column; survey.json waits for who asked whom."
    return [*lines, f"Wrote {folder}. {told}"]


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Text of a table, with those of its optional columns that hold something."""
    fields = [field["name"] for field in TABLES[name]["fields"]]
    optional = [field["name"] for field in TABLES[name]["optionalFields"]]
    fields += [column for column in optional if any(row.get(column) for row in rows)]
    return table_text(fields, rows)


_FOUND = {"source": "report", "locator": "page and paragraph"}


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
        "note": question.note,
        "weighted": "true" if question.weighted else "",
        **_FOUND,
    }


def _response_rows(question: PrintedQuestion) -> list[dict[str, str]]:
    """Rows of responses.csv."""
    rated = question.kind == "rating"
    points = question.points if rated else []
    scores = dict(zip(points, scale_scores(points), strict=True))
    taken: dict[str, int] = {}
    labels = dict.fromkeys(row.label for row in question.rows)
    names = {label: unique(label, taken, "score" if rated else "option") for label in labels}
    own = ("label", "statement", "count", "note", "by", "group")
    return [
        {name: getattr(row, name) for name in own}
        | _FOUND
        | {
            "question": question.question,
            "response": names[row.label],
            "score": scores.get(row.label, "") if row.row == "answer" else "",
            "printed": row.figure,
            "substantive": "false" if sounds_missing(row.label) else "true",
            "row": "" if row.row == "answer" else row.row,
            "members": " ".join(names.get(member, member) for member in row.members),
        }
        for row in question.rows
    ]


def _guide() -> str:
    """Explanation of the folder's files and columns, made from the schema that checks them."""
    tables = []
    for table, schema in TABLES.items():
        tables += [f"## {table}.csv", "", "| column | meaning | allowed |", "|---|---|---|"]
        for field in (*schema["fields"], *schema["optionalFields"]):
            tables.append(f"| {field['name']} | {field['description']} | {_allowed(field)} |")
        tables.append("")
    return str(_TEXTS["guide"]["text"].replace("{tables}", "\n".join(tables)))


def _allowed(field: dict[str, Any]) -> str:
    """Say in words what a cell may hold."""
    rules = field.get("constraints", {})
    optional = any(field in schema["optionalFields"] for schema in TABLES.values())
    need = "required" if rules.get("required") else "may be left out" if optional else "may be empty"
    told = ", ".join(rules.get("enum", ())) or _TEXTS["guide"]["types"].get(field["type"])
    return f"{need}; {told}" if told else need
