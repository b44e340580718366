"""A table of printed figures, or nothing yet, becomes a survey folder to fill in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from regint.survey.folder import json_text, table_text, write_survey_folder
from regint.survey.schema import EXAMPLE_NOTE, KINDS, ROWS, TABLES
from regint.survey.validate import SILENT, meaning
from textfiles.problems import Problem
from textfiles.text import clean, identifier

from surveyfile.cells import Cell, decimal_mark, number_of_people, plain, read_cell
from surveyfile.codebook import scale_scores
from surveyfile.columns import SILENT as EMPTY
from surveyfile.columns import Respondents
from surveyfile.importing import metadata, read_respondents
from surveyfile.record import Settings
from surveyfile.usual_words import WORDS, pattern, sounds_missing, words

_SHOWN = 8
_KNOWN = (
    "question",
    "response",
    "printed",
    "count",
    "n",
    "kind",
    "base",
    "row",
    "members",
    "weighted",
    "note",
)
_FIGURES = words(WORDS["printed"]["everybody"])
"""Names under which the figures of everybody stand."""

_BASE = re.compile(
    r"(unweighted |weighted )?(base|n|total n|sample|sample size|respondents)( ?\((un)?weighted\))?"
)
_MOMENTS = {kind: words(WORDS["printed"][kind]) for kind in ("mean", "sd", "median")}
_AMBIGUOUS = words(WORDS["printed"]["ambiguous"])
"""Names of a mean that also name the middle of a scale."""

_MEAN_AND_DEVIATION = re.compile(r"(mean|average|m)\s?(\(|±|\+/-)\s?s\.?d\.?\s?\)?")
_WITH_DEVIATION = re.compile(r"(-?\d*[.,]?\d+)\s?(?:\(|±|\+/-)\s?(\d*[.,]?\d+)\s?\)?")
_NET = re.compile(r"(net|total|subtotal|summe|итого)\b.*|.*(\bnet|\(net\)|\(total\))")
_HIGH, _LOW = (pattern(WORDS["printed"][end]) for end in ("high", "low"))
"""Labels that name the high and the low end of a scale."""


Said = dict[str, list[str]]
"""What was decided, in sentences, each with the questions that it is about, if it is not about the file."""


@dataclass(frozen=True)
class PrintedRow:
    """A row of a question as printed: an answer, a net, a mean, for everybody or a group."""

    label: str
    printed: str
    count: str = ""
    row: str = "answer"
    members: tuple[str, ...] = ()
    by: str = ""
    group: str = ""
    statement: str = ""
    meaning: str = ""
    note: str = ""


@dataclass(frozen=True)
class PrintedQuestion:
    """A question as printed; under `base_status` stands how its base is known."""

    question: str
    kind: str
    label: str
    rows: tuple[PrintedRow, ...]
    base: int | None = None
    base_status: str = "reported"
    weighted: bool = False
    note: str = ""

    @property
    def answers(self) -> list[PrintedRow]:
        """The answers of everybody, or where none are printed of the first group."""
        answers = [row for row in self.rows if row.row == "answer"]
        return [row for row in answers if (row.by, row.group) == (answers[0].by, answers[0].group)]

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Labels and figures of the answers, empty where a sign or nothing is printed."""
        return tuple((row.label, _percentage(row)) for row in self.answers)

    def adds_up(self) -> bool:
        """Whether the figures add up to a hundred, give or take their rounding and what signs leave open."""
        bounds = [_bounds(row) for row in self.answers]
        known = [pair for pair in bounds if pair is not None]
        return len(known) == len(bounds) and sum(low for low, _ in known) <= 100 <= sum(
            high for _, high in known
        )


def _bounds(row: PrintedRow) -> tuple[Fraction, Fraction] | None:
    """Give the least and the most per cent that a figure or sign stands for; None for silence."""
    if figure := _percentage(row):
        return Fraction(figure) - _half(figure), Fraction(figure) + _half(figure)
    words = row.statement or row.meaning
    if words == "none":
        return Fraction(0), Fraction(0)
    numbers = [Fraction(number) for number in re.findall(r"\d+(?:\.\d+)?", words)]
    return (Fraction(0) if len(numbers) == 1 else numbers[0], numbers[-1]) if numbers else None


def _percentage(row: PrintedRow) -> str:
    """Give the figure of a row, empty for a sign."""
    return row.printed if re.fullmatch(r"\d+(\.\d+)?", row.printed) else ""


def _fits(figures: Sequence[str], total: Fraction, slack: Fraction = Fraction(0)) -> bool:
    """Whether figures may add up to a total: each may be off by half a unit of its last decimal."""
    slack += sum((_half(figure) for figure in figures), Fraction(0))
    return abs(sum(map(Fraction, figures), -total)) <= slack


def _half(figure: str) -> Fraction:
    return Fraction(1, 2 * 10 ** len(figure.partition(".")[2]))


@dataclass(frozen=True)
class _Entry:
    """One cell of the table: what is printed for a response to a question, and what stands beside it."""

    number: int
    question: str
    response: str
    printed: str
    group: str = ""
    kind: str = ""
    base: str = ""
    count: str = ""
    row: str = ""
    members: str = ""
    weighted: str = ""
    note: str = ""
    cell: Cell = Cell()


def read_printed_table(
    path: Path,
    base: int | None = None,
    *,
    legend: Mapping[str, str] | None = None,
    weighted: bool = False,
) -> tuple[list[PrintedQuestion], list[str], dict[str, Any]]:
    """
    Read a table of printed figures.

    Parameters
    ----------
    path : Path
        One row per response under the columns question, response and printed; or one column per question
        (response and the questions), per response (question and the responses), or per group of people.
    base : int, optional
        The base of the questions that have none in the table.
    legend : mapping, optional
        What signs in the place of figures mean, see `regint.survey.validate.meaning`.
    weighted : bool
        Whether all figures were printed from weighted data.

    Returns
    -------
    tuple
        The questions, what was decided in sentences, and the record of the reading.

    Raises
    ------
    Problem
        If a cell is no figure, or can be read in two ways.
    """
    data = read_respondents(path, Settings(), exact=True)
    said: Said = {}
    entries = _entries(path, data, said)
    legend = {"n/a": SILENT, "N/A": SILENT} | dict(legend or {})
    entries = [
        replace(part, row=part.row or _kind_of_row(part), cell=read_cell(part.printed, legend))
        for entry in entries
        for part in _mean_and_deviation(entry)
    ]
    entries = _averages_among_answers(entries, said)
    mark = decimal_mark(path.name, [entry.printed for entry in entries if entry.row != "n"])
    entries = _counts_before_percentages(path, entries, said)
    questions: dict[str, list[_Entry]] = {}
    for entry in entries:
        questions.setdefault(entry.question, []).append(entry)
    if not any(entry.row != "n" for entry in entries):
        raise Problem(f"{path.name} holds no figure but bases: add a row for each answer.")
    if "" in questions:
        raise Problem(f"{path.name}: row 2: no question named: fill the first cell under 'question'.")
    unit = _unit_of_file(path, questions, said)
    problems = _problems(path, entries, 1 if unit == "fraction" else 100)
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    read = []
    for name, group in questions.items() if not problems else ():
        number = _unique(name, taken, numbers)
        read.append(_question(path, number, name, group, unit, legend, problems, said))
    if problems:
        more = [f"and {len(problems) - _SHOWN} more."] if len(problems) > _SHOWN else []
        raise Problem(*problems[:_SHOWN], *more)
    if base:
        read = [
            replace(q, base=base, base_status="reported")
            if (q.base is None and any(not row.by for row in q.rows)) or q.base_status == "counted"
            else q
            for q in read
        ]
    read = [replace(q, weighted=q.weighted or weighted) for q in read]
    signs = {entry.printed: legend[entry.printed] for entry in entries if entry.printed in legend}
    lines = _lines(path, data, mark, entries, read, signs)
    record: dict[str, Any] = {
        "format": "regint printed table 1",
        "file": clean(path.name),
        "reading": {key: value for key, value in data.reading.items() if key != "encoding_reason"},
        "decimal": mark,
        "figures": unit,
        "legend": signs,
    }
    for sentence, about in said.items():
        rest = f" and {len(about) - _SHOWN} more" if len(about) > _SHOWN else ""
        listed = ", ".join(map(repr, about[:_SHOWN]))
        lines.append(f"{sentence}: {listed}{rest}." if about else sentence)
    return read, [*lines, *data.notices], record


def _entries(path: Path, data: Respondents, said: Said) -> list[_Entry]:
    """Take the table apart into one entry for each figure, whichever way it is laid out."""
    texts = {
        name.strip().casefold(): ["" if code == EMPTY else column.texts[code] for code in column.codes]
        for name, column in data.columns.items()
    }
    titles = {name.strip().casefold(): name.strip() for name in data.columns}
    others = [name for name in texts if name not in _KNOWN]
    absent = [name for name in ("question", "response") if name not in texts]
    counts = _columns_of_n(texts)
    counted = counts == "count" or any(texts.get("count", ()))
    figures = next((name for name in _FIGURES if name in texts), "")
    if len(absent) == 2 or (absent and figures):
        raise Problem(
            f"{path.name} has no column {absent[0]!r}: name the columns "
            "question, response and printed (and kind, base, count if known)."
        )
    filled = {name for name in others if any(texts[name])}
    numeric = [
        name
        for name in others
        if name in filled
        and sum(bool(re.search(r"\d", plain(text))) for text in texts[name])
        >= sum(map(bool, texts[name])) / 2
    ]
    values = [name for name in others if name in numeric or absent]
    if not values and (absent or not (figures or counted)):
        raise Problem(
            f"{path.name} has no column 'printed': name the columns "
            "question, response and printed (and kind, base, count if known)."
        )
    notes = [name for name in others if name not in values and name != figures]
    if not absent:
        values = [name for name in values if name != figures]
        kept = [(values, "for groups of people"), (notes, "as remarks")]
        for names, what in kept:
            if names:
                listed = ", ".join(repr(titles[name]) for name in names)
                said[f"Column{'s' * (len(names) != 1)} {listed} kept {what}."] = []
        if figures not in ("", "printed"):
            said[f"Column {titles[figures]!r} read as the figures of everybody."] = []
    else:
        what = "a question" if absent == ["question"] else "a response"
        said[f"Each column is {what}"] = [titles[name] for name in values]
    if counts:
        said[f"Column 'n' read as {'counts of answers' if counts == 'count' else 'bases'}."] = []
    entries: list[_Entry] = []
    question = ""
    for place in range(data.rows):
        cells = {name: texts[name][place] for name in texts}
        question = cells.get("question", "") or question
        response = cells.get("response", "")
        shared: dict[str, Any] = {
            name: cells.get(name, "") for name in ("kind", "row", "members", "weighted")
        }
        shared["base"] = cells.get("base", "") or (cells.get("n", "") if counts == "base" else "")
        shared["note"] = "; ".join(
            ([cells["note"]] if cells.get("note") else [])
            + [f"{titles[name]}: {cells[name]}" for name in notes if cells[name]]
        )
        count = cells.get("count", "") or (cells.get("n", "") if counts == "count" else "")
        number = place + 2
        if absent:
            for name in values:
                asked, answer = (titles[name], response) if "question" in absent else (question, titles[name])
                if cells[name]:
                    entries.append(_Entry(number, asked, answer, cells[name], **shared))
                else:
                    said.setdefault("Empty cells were left out", []).append(f"{asked} / {answer}")
        else:
            if figures or not values:
                group = ": ".join(filter(None, [cells.get("by", ""), cells.get("group", "")]))
                entries.append(
                    _Entry(number, question, response, cells.get(figures, ""), group, count=count, **shared)
                )
            apart = shared | {"base": ""}
            entries += [
                _Entry(number, question, response, cells[name], group=titles[name], **apart)
                for name in values
                if cells[name]
            ]
    return entries


def _columns_of_n(texts: Mapping[str, list[str]]) -> str:
    """Say whether a column named n holds bases (one number for a question) or counts of answers."""
    if "n" not in texts:
        return ""
    own: dict[str, set[str]] = {}
    question = ""
    for name, number in zip(texts.get("question", texts["n"]), texts["n"], strict=True):
        question = name or question
        own.setdefault(question, set()).update({number} - {""})
    return "base" if all(len(numbers) <= 1 for numbers in own.values()) else "count"


def _counts_before_percentages(path: Path, entries: list[_Entry], said: Said) -> list[_Entry]:
    """Tell by what they add up to which of two numbers in a cell is the percentage."""
    pairs = [entry for entry in entries if entry.cell.pair]
    if not pairs:
        return entries
    sums: dict[tuple[str, str], list[list[str]]] = {}
    for entry in pairs:
        sums.setdefault((entry.question, entry.group), []).append(list(entry.cell.pair))
    whole = [
        sum(98 <= sum(int(re.sub(r"\D", "", pair[place])) for pair in own) <= 102 for own in sums.values())
        for place in (0, 1)
    ]
    if whole[0] == whole[1]:
        raise Problem(
            f"{path.name}: row {pairs[0].number}: which number of {pairs[0].printed!r} is the percentage? "
            "Write it with its sign, such as '18 (45%)'."
        )
    place = int(whole[1] > whole[0])
    order = "count (percentage)" if place else "percentage (count)"
    said[f"Cells such as {pairs[0].printed!r} read as {order}."] = []
    return [
        replace(
            entry,
            cell=Cell(
                figure=str(int(re.sub(r"\D", "", entry.cell.pair[place]))),
                count=number_of_people(entry.cell.pair[1 - place]) or "0",
            ),
        )
        if entry.cell.pair
        else entry
        for entry in entries
    ]


def _mean_and_deviation(entry: _Entry) -> list[_Entry]:
    """Part a cell such as 5.22 (0.97) in a row Mean (SD) into two."""
    cell = _WITH_DEVIATION.fullmatch(plain(entry.printed))
    if not cell or not _MEAN_AND_DEVIATION.fullmatch(clean(entry.response).casefold()):
        return [entry]
    parts = zip(("Mean", "SD"), cell.groups(), strict=True)
    return [replace(entry, response=name, printed=printed) for name, printed in parts]


def _averages_among_answers(entries: list[_Entry], said: Said) -> list[_Entry]:
    """Take 'Average' for an answer where a count stands beside it, or the answers lack it to make 100."""
    sums: dict[tuple[str, str], Fraction] = {}
    for entry in entries:
        if entry.row == "answer" and re.fullmatch(r"\d+(\.\d+)?", entry.cell.figure):
            key = entry.question, entry.group
            sums[key] = sums.get(key, Fraction(0)) + Fraction(entry.cell.figure)
    found = []
    for entry in entries:
        whole = re.fullmatch(r"\d+(\.\d+)?", entry.cell.figure)
        if entry.row == "mean" and whole and clean(entry.response).casefold() in _AMBIGUOUS:
            rest = sums.get((entry.question, entry.group), Fraction(0))
            if entry.count or entry.cell.count or rest < 98 <= rest + Fraction(entry.cell.figure) <= 102:
                said.setdefault(f"{entry.response!r} read as an answer, not as a mean", []).append(
                    entry.question
                )
                entry = replace(entry, row="answer")
        found.append(entry)
    return found


def _kind_of_row(entry: _Entry) -> str:
    """Say what a row is by its label."""
    label = clean(entry.response).casefold().strip(" .:=")
    if _BASE.fullmatch(label):
        return "n"
    for kind, names in _MOMENTS.items():
        if label in names:
            return kind
    return "net" if _NET.fullmatch(label) else "answer"


def _unit_of_file(path: Path, questions: Mapping[str, list[_Entry]], said: Said) -> str:
    """Per cent or fractions, decided by what the questions add up to."""
    sums: list[Fraction] = []
    largest, found = Fraction(0), False
    for entries in questions.values():
        own: dict[str, Fraction] = {}
        for entry in entries:
            if (
                entry.row == "answer"
                and re.fullmatch(r"\d+(\.\d+)?", entry.cell.figure)
                and not entry.cell.fault
            ):
                own[entry.group] = own.get(entry.group, Fraction(0)) + Fraction(entry.cell.figure)
                largest, found = max(largest, Fraction(entry.cell.figure)), True
        sums += own.values()
    hundreds = sum(98 <= total <= 102 for total in sums)
    ones = sum(98 <= 100 * total <= 102 for total in sums)
    if ones and not hundreds and largest <= 1:
        said[
            f"Figures are fractions: {ones} of {len(sums)} sets of answers add up to about 1; they were "
            "turned into per cent, those without a second decimal into the bounds that they leave."
        ] = []
        return "fraction"
    if hundreds or largest > 1:
        said[f"Figures are per cent: {hundreds} of {len(sums)} sets of answers add up to about 100."] = []
    elif found:
        raise Problem(
            f"{path.name}: no figure exceeds 1 and no question adds up "
            "to 1 or 100: write the figures as per cent, such as 43.5."
        )
    return "percent"


def _problems(path: Path, entries: Sequence[_Entry], most: int) -> list[str]:
    """Say what is wrong with single cells."""
    problems = []
    seen: set[tuple[str, str, str]] = set()
    for entry in entries:
        where = f"{path.name}: row {entry.number}:"
        key = (entry.question, entry.response.casefold(), entry.group)
        figure = entry.cell.figure
        if not entry.response:
            problems.append(f"{where} no response named: fill the cell.")
        if key in seen:
            problems.append(
                f"{where} response {entry.response!r} stands twice under {entry.question!r}: keep one."
            )
        seen.add(key)
        if entry.row not in ROWS:
            problems.append(f"{where} row {entry.row!r} is none of {', '.join(ROWS)}.")
        elif entry.row == "n":
            if number_of_people(entry.printed) is None and entry.printed:
                problems.append(
                    f"{where} {entry.printed!r} is no number of people: write digits, such as 412."
                )
        elif entry.cell.unexplained:
            problems.append(
                f"{where} {entry.printed!r} is no figure: say what the source means by it, such as "
                f"--legend '{entry.printed}=none' (nobody), '{entry.printed}=below 0.5' or "
                f"'{entry.printed}={SILENT}' (not printed)."
            )
        elif entry.cell.fault or (entry.row in ("answer", "net") and re.match(r"-\d", figure)):
            problems.append(
                f"{where} {entry.printed!r} is no figure: write digits, "
                "such as 43.5, or leave it empty if none was printed."
            )
        elif (
            entry.row in ("answer", "net")
            and re.fullmatch(r"\d+(\.\d+)?", figure)
            and Fraction(figure) > most
        ):
            problems.append(f"{where} {entry.printed!r} is more than a whole: check the figure.")
        if entry.kind and entry.kind not in KINDS:
            problems.append(f"{where} kind {entry.kind!r} is none of {', '.join(KINDS)}.")
        if entry.base and number_of_people(entry.base) is None:
            problems.append(f"{where} base {entry.base!r} is no whole number: write the number of answers.")
        if entry.count and number_of_people(entry.count) is None and plain(entry.count) != "0":
            problems.append(f"{where} count {entry.count!r} is no whole number: write digits only.")
        if entry.weighted not in ("", "true", "false"):
            problems.append(f"{where} weighted {entry.weighted!r} is none of true, false.")
    return problems


def _question(
    path: Path,
    name: str,
    label: str,
    entries: list[_Entry],
    unit: str,
    legend: dict[str, str],
    problems: list[str],
    said: Said,
) -> PrintedQuestion:
    """Put a question together from its entries."""
    unweighted = {entry.group for entry in entries if entry.row == "n" and not _is_weighted_base(entry)}
    rows = [
        _row(entry, unit, legend)
        for entry in entries
        if entry.row != "n" or (entry.group and not (_is_weighted_base(entry) and entry.group in unweighted))
    ]
    for entry in entries:
        about = _row(entry, unit, legend)
        if entry.group and entry.base and not any(r.row == "n" and r.group == about.group for r in rows):
            number = number_of_people(entry.base) or ""
            rows.append(PrintedRow("Base", number, row="n", by=about.by, group=about.group))
    bases, weighted, note = _bases(entries)
    if len(bases) > 1:
        problems.append(f"{path.name}: question {label!r} has the bases {', '.join(bases)}: keep one.")
    answers = [row for row in rows if row.row == "answer" and not row.by]
    printed = [pair for row in answers if (pair := _bounds(row)) is not None]
    total = sum((low + high for low, high in printed), Fraction(0)) / 2
    kind = next((entry.kind for entry in entries if entry.kind), "")
    if not kind and total > 102:
        sentence = "Several answers were allowed, since more than 102 is added up to (state the kind if not)"
        said.setdefault(sentence, []).append(f"{label} ({float(total):g})")
    elif not kind and len(printed) == len(answers) > 1 and total < 98:
        sentence = (
            "Read as one answer each, some unprinted, since less than 98 is added up to (state the kind "
            "multiple if several could be chosen)"
        )
        said.setdefault(sentence, []).append(f"{label} ({float(total):g})")
    kind = kind or ("multiple" if total > 102 else "single")
    rows = _with_members(path, label, rows, entries, kind, problems, said)
    base = int(bases[0]) if bases else None
    question = PrintedQuestion(name, kind, label, tuple(rows), base, weighted=weighted, note=note)
    if base is None and (whole := _sum_of_counts(question)):
        question = replace(question, base=whole, base_status="counted")
        said.setdefault("What the counts add up to was taken for the base", []).append(f"{label} ({whole})")
    return _from_low_to_high(question, said) if kind == "rating" else question


def _sum_of_counts(question: PrintedQuestion) -> int:
    """Give what the counts of all answers add up to, 0 where answers are not all there, or one each."""
    answers = [row for row in question.rows if row.row == "answer" and not row.by]
    if question.kind == "multiple" or not answers or not all(row.count for row in answers):
        return 0
    whole = sum(int(row.count) for row in answers)
    beside = [(_percentage(row), int(row.count)) for row in answers if whole and _percentage(row)]
    fits = all(_fits([figure], Fraction(100 * count, whole)) for figure, count in beside)
    return whole if fits or question.adds_up() else 0


def _is_weighted_base(entry: _Entry) -> bool:
    """Say whether a base is a sum of weights."""
    label = entry.response.casefold()
    return entry.row == "n" and "weighted" in label and "unweighted" not in label


def _bases(entries: Sequence[_Entry]) -> tuple[list[str], bool, str]:
    """Give the bases that a question states for everybody, whether its figures are weighted, and a remark."""
    stated = {number_of_people(entry.base) or "" for entry in entries if entry.base and not entry.group}
    weighted = any(entry.weighted == "true" for entry in entries)
    note = ""
    for entry in entries:
        if entry.row == "n" and not entry.group and (number := number_of_people(entry.printed)):
            if _is_weighted_base(entry):
                weighted, note = True, f"weighted base {number}"
            else:
                stated.add(number)
    if not stated and note:
        stated.add(note.rpartition(" ")[2])
    return sorted(stated - {""}), weighted, note


def _row(entry: _Entry, unit: str, legend: dict[str, str]) -> PrintedRow:
    """Write an entry as a row of the folder; a fraction becomes per cent, its decimals kept."""
    figure, statement, note = entry.cell.figure, "", entry.note
    if entry.row == "n":
        figure = number_of_people(entry.printed) or ""
    elif unit == "fraction" and entry.row in ("answer", "net"):
        below = meaning(figure, {})
        places = len(figure.partition(".")[2])
        if below:
            statement = f"below {Decimal(below.split()[-1]) * 100:f}"
        elif re.fullmatch(r"\d+(\.\d+)?", figure) and places < 2:
            half = _half(figure)
            low = max(100 * (Fraction(figure) - half), Fraction(0))
            high = min(100 * (Fraction(figure) + half), Fraction(100))
            statement = f"from {float(low):g} to {float(high):g}"
        elif re.fullmatch(r"\d+(\.\d+)?", figure):
            figure = f"{Decimal(figure) * 100:.{places - 2}f}"
        if statement:
            figure, note = "", "; ".join(filter(None, [f"printed {entry.printed}", note]))
    by, _, group = entry.group.rpartition(":") if ":" in entry.group else ("subgroup", "", entry.group)
    return PrintedRow(
        label=entry.response,
        printed=figure,
        count=(number_of_people(entry.count) or plain(entry.count)) if entry.count else entry.cell.count,
        row=entry.row,
        members=tuple(part.strip() for part in entry.members.split(";") if part.strip()),
        by=by.strip() if entry.group else "",
        group=group.strip() if entry.group else "",
        statement=statement,
        meaning=meaning(figure, legend) or "",
        note=note,
    )


def _with_members(
    path: Path,
    label: str,
    rows: list[PrintedRow],
    entries: Sequence[_Entry],
    kind: str,
    problems: list[str],
    said: Said,
) -> list[PrintedRow]:
    """Find the neighbours that a net sums up; a row that sums up all answers is left out."""
    shown = [row for row in rows if (row.by, row.group) == (rows[0].by, rows[0].group)]
    found: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(shown):
        if row.row != "net":
            continue
        answers = [other for other in shown if other.row == "answer"]
        labels = {other.label.casefold(): other.label for other in answers}
        if row.members:
            found[row.label] = tuple(labels.get(member.casefold(), member) for member in row.members)
            continue
        all_of_it = _fits([row.printed], Fraction(100)) if _percentage(row) else not row.printed
        if all_of_it and kind != "multiple":
            sentence = f"The row {row.label!r} is the sum of all answers and was left out"
            said.setdefault(sentence, []).append(label)
            found[row.label] = ()
            continue
        runs = [run for run in _runs(shown, place) if kind != "multiple" and _percentage(row)]
        exact = [
            run for run in runs if sum(Fraction(_percentage(one)) for one in run) == Fraction(row.printed)
        ]
        near = [
            run
            for run in runs
            if _fits([_percentage(one) for one in run], Fraction(row.printed), _half(row.printed))
        ]
        chosen = exact if len(exact) == 1 else near
        if len(chosen) != 1:
            number = next(entry.number for entry in entries if entry.response == row.label)
            problems.append(
                f"{path.name}: row {number}: {row.label!r} reads like a net: write its answers, parted by "
                "semicolons, in a column members, or answer in a column row."
            )
            continue
        found[row.label] = tuple(one.label for one in chosen[0])
        parts = " and ".join(map(repr, found[row.label]))
        said.setdefault(f"{row.label!r} read as the sum of {parts}", []).append(label)
    return [
        replace(row, members=found.get(row.label, ()))
        for row in rows
        if row.row != "net" or found.get(row.label)
    ]


def _runs(rows: Sequence[PrintedRow], place: int) -> Iterator[list[PrintedRow]]:
    """List the runs of two answers or more, each with a figure, that end before a row or begin after it."""
    for step in (-1, 1):
        run: list[PrintedRow] = []
        for row in rows[place - 1 :: -1] if step < 0 and place else rows[place + 1 :] if step > 0 else ():
            if row.row != "answer" or not _percentage(row):
                break
            run = [row, *run] if step < 0 else [*run, row]
            if len(run) > 1:
                yield run


def _from_low_to_high(question: PrintedQuestion, said: Said) -> PrintedQuestion:
    """Order the points of a scale from low to high, by their numbers or by what their labels say."""
    points = [label for label, _ in question.figures if not sounds_missing(label)]
    if len(points) < 2:
        return question
    scores = scale_scores(points)
    first, last = points[0].casefold(), points[-1].casefold()
    numbered = scores == points or all(re.match(r"-?\d", point) for point in points)
    falling = float(scores[0]) > float(scores[-1]) or bool(
        not numbered and (_HIGH.fullmatch(first) or _LOW.fullmatch(last)) and not _LOW.fullmatch(first)
    )
    if falling:
        sentence = (
            f"Printed from {points[0]!r}, the high end, down to {points[-1]!r}: the rows were turned round, "
            "so that the highest score stands for the high end"
        )
        said.setdefault(sentence, []).append(question.label)
        return replace(question, rows=question.rows[::-1])
    if not numbered and not (_LOW.fullmatch(first) or _HIGH.fullmatch(last)):
        sentence = (
            f"Scored from 1 for {points[0]!r} to {len(points)} for {points[-1]!r} (turn the rows round if "
            "the first is the high end)"
        )
        said.setdefault(sentence, []).append(question.label)
    return question


def _unique(label: str, taken: set[str], numbers: Counter[str], prefix: str = "q") -> str:
    """Make an identifier, numbered where another label begins alike."""
    name = plainest = identifier(label, prefix=prefix)
    while name in taken:
        numbers[plainest] += 1
        name = f"{plainest}_{numbers[plainest] + 1}"
    taken.add(name)
    return name


def _lines(
    path: Path,
    data: Respondents,
    mark: str,
    entries: Sequence[_Entry],
    questions: Sequence[PrintedQuestion],
    signs: Mapping[str, str],
) -> list[str]:
    """Say how the table was read."""
    shown = next((plain(entry.printed) for entry in entries if re.search("[.,]", entry.printed)), "")
    marked = f"Decimal mark: {mark}" + (f", as in {shown!r}." if shown else ".")
    lines = [
        f"Read {sum(len(q.answers) for q in questions)} responses to {len(questions)} "
        f"question{'s' * (len(questions) != 1)} from {clean(path.name)} ({data.reading['kind']}).",
        marked,
    ]
    for kind, what in (
        ("mean", "means"),
        ("sd", "standard deviations"),
        ("median", "medians"),
        ("net", "nets"),
    ):
        number = sum(row.row == kind for q in questions for row in q.rows)
        if number:
            lines.append(f"{number} row{'s' * (number != 1)} read as {what}, not as answers.")
    if signs:
        lines.append(
            "Signs read as the legend says: " + ", ".join(f"{s!r} is {w}" for s, w in signs.items()) + "."
        )
    if starred := sorted({entry.printed for entry in entries if entry.cell.footnote}):
        lines.append(f"Marks after figures were taken for footnotes: {', '.join(starred[:5])}.")
    found = dict.fromkeys(repr(label) for q in questions for label, _ in q.figures if sounds_missing(label))
    if found:
        repair = "if one is an opinion, write true under substantive in responses.csv"
        lines.append(f"Answers without substance by their wording: {', '.join(found)}; {repair}.")
    whole = {figure.isdigit() for question in questions for _, figure in question.figures if figure}
    if data.reading["kind"] == "Excel workbook" and whole == {True, False}:
        lines.append(
            "A workbook keeps numbers without their last zeros: if 40.0 was printed, make the column text."
        )
    return lines


def _example(question: str, kind: str, label: str, base: int, figures: Mapping[str, str]) -> PrintedQuestion:
    rows = tuple(PrintedRow(answer, figure) for answer, figure in figures.items())
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
    legend: Mapping[str, str] | None = None,
    weighted: bool = False,
) -> list[str]:
    """Make a survey folder to fill in."""
    record: dict[str, Any] | None = None
    if table is None:
        questions = list(_EXAMPLE)
        lines = ["Three example questions stand in the folder; overwrite them with your own."]
    else:
        questions, lines, record = read_printed_table(table, base, legend=legend, weighted=weighted)
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


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Text of a table, with those of its optional columns that hold something."""
    fields = [field["name"] for field in TABLES[name]["fields"]]
    optional = [field["name"] for field in TABLES[name]["optionalFields"]]
    return table_text(
        [*fields, *(column for column in optional if any(row.get(column) for row in rows))], rows
    )


def _question_row(question: PrintedQuestion) -> dict[str, str]:
    """Row of questions.csv."""
    whole = question.adds_up() or question.base_status == "counted"
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
    points = [label for label, _ in question.figures if rated and not sounds_missing(label)]
    scores = dict(zip(points, scale_scores(points), strict=True))
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    names: dict[str, str] = {}
    for row in question.rows:
        if row.label not in names:
            names[row.label] = _unique(row.label, taken, numbers, "score" if rated else "option")
    return [
        {
            "question": question.question,
            "response": names[row.label],
            "label": row.label,
            "score": scores.get(row.label, "") if row.row == "answer" else "",
            "printed": row.printed,
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
            f"| {field['name']} | {field['description']} | {_allowed(field)} |"
            for field in (*schema["fields"], *schema["optionalFields"])
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
        "or leave it empty if you have not looked it up. `weighted` is true if all figures were printed",
        "from weighted data. `legend` says what signs in the place of figures mean, such as",
        "",
        '    "legend": {"*": "above 0, below 0.5", "\u2013": "none", "n/a": "silent"}',
        "",
    ]
    return "\n".join(lines)


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
