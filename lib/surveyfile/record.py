"""What an import decided: said in sentences, written to `import.json`, read back to decide the same again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import chain
from pathlib import Path
from typing import Any

from textfiles.files import digest, regular
from textfiles.problems import Problem
from textfiles.text import clean

from surveyfile.codebook import DISTINCT, Item
from surveyfile.columns import Respondents
from surveyfile.count import Question
from surveyfile.design import LONELY, replicate_columns
from surveyfile.masking import LEAST, SMALL, small_cells
from surveyfile.usual_words import sounds_missing

FORMAT = "regint import 3"
"""First value of `import.json`; changes when the same decisions would give other bytes."""

_LEFTOVERS = {"none", "nan", "null"}  # what programs write for nothing, though a person may mean it
_SHOWN = 20


@dataclass(frozen=True)
class Settings:
    """What a user states about a file; empty values are decided from the file, weights never are."""

    weight: str = ""
    strata: str = ""
    cluster: str = ""
    population: str = ""
    lonely: str = ""
    replicates: str = ""
    missing: tuple[tuple[str, str], ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
    filter: tuple[tuple[str, str], ...] = ()
    rating: tuple[str, ...] = ()
    multiple: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    header_rows: int = 0
    by: tuple[tuple[str, ...], ...] = ()
    numeric: tuple[str, ...] = ()
    mask_small: int = 0
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    sheet: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse values no reader can use."""
        if self.decimal not in ("", "point", "comma"):
            raise Problem(f"--decimal {self.decimal!r} is neither point nor comma: state one of them.")
        if self.mask_small and not LEAST <= self.mask_small <= 1000:
            why = ", for a hidden count could only be 1" if self.mask_small == 2 else ""
            raise Problem(
                f"--mask-small {self.mask_small} is out of range{why}: state a number from {LEAST} to 1000, "
                f"usually {SMALL}, or 0 to hide none."
            )
        if self.lonely not in ("", *LONELY):
            raise Problem(f"--lonely {self.lonely!r} is none of {', '.join(LONELY)}: state one of them.")
        if self.population.isdecimal() and self.strata:
            raise Problem(
                "--population with --strata needs a column that tells the size of each stratum: name it."
            )
        if self.replicates and (self.strata or self.cluster or self.population or self.lonely):
            raise Problem(
                "--replicates tells the whole design: leave out --strata, --cluster, --population, --lonely."
            )
        if not 0 <= self.header_rows <= 3:
            raise Problem(f"--header-rows {self.header_rows} is out of range: state 1, 2 or 3.")

        named = list(chain(*self.by))
        twice = next((column for column in named if named.count(column) > 1), None)
        if twice and self.mask_small:
            raise Problem(
                f"--by names {twice!r} twice: with --mask-small a column can be in one --by only, for two "
                "such tables would give each other's hidden counts back."
            )
        if not all(named) or not all(self.by):
            raise Problem("--by needs the names of columns, such as --by sex or --by sex,age.")

    def columns(self) -> list[str]:
        """List the columns that are named, each once."""
        pairs = [*self.missing, *self.silent, *self.filter]
        named = [name for name in (*self.roles(), *(column for column, _ in pairs)) if name]
        return list(dict.fromkeys([*named, *self.skip, *chain(*self.by), *self.numeric]))

    def design(self) -> dict[str, str]:
        """Give what is stated about how the respondents were drawn."""
        names = ("weight", "strata", "cluster", "population", "lonely", "replicates")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def roles(self) -> dict[str, str]:
        """Columns that are no questions, with their role; one column has one role."""
        stated = [(getattr(self, role), role) for role in ("weight", "strata", "cluster", "population")]
        if self.population.isdecimal():
            del stated[-1]
        if self.replicates:
            stated += [(name, "replicate") for name in replicate_columns(self.replicates)[0]]
        named = [name for name, _ in stated if name]
        if twice := {name for name in named if named.count(name) > 1}:
            raise Problem(
                f"column {min(twice)!r} is stated for two of --weight, --strata, --cluster, --population and "
                "--replicates: name each column once."
            )
        return {name: role for name, role in stated if name}


def by_column(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Codes by column; the empty name holds for all columns."""
    stated: dict[str, list[str]] = {}
    for column, code in pairs:
        stated.setdefault(column, []).append(code)
    return stated


def record_of(path: Path, settings: Settings, data: Respondents, items: Sequence[Item]) -> dict[str, Any]:
    """Content of `import.json`: the file, the decisions, and what is needed to take them again."""
    decided = asdict(settings)
    if data.reading["kind"] in ("delimited text", "Excel workbook"):
        told = ("encoding", "delimiter", "sheet", "header_rows")
        decided |= {name: data.reading[name] for name in told if data.reading.get(name, 1) != 1}
    record: dict[str, Any] = {
        "format": FORMAT,
        # The size of a file gives a hidden count back, and its digest lets one test a guess.
        "file": {"name": clean(path.name)}
        | ({} if settings.mask_small else {"bytes": path.stat().st_size, "sha256": digest(path)}),
        "reading": {key: value for key, value in data.reading.items() if key != "encoding_reason"}
        # The number of those who are left out would give a hidden count back.
        | ({"rows": data.rows} if settings.mask_small else {}),
        "settings": decided,
        "dropped": {item.column: item.note for item in items if item.role == "skip"},
    }
    if settings.design():
        method = "replicate weights" if settings.replicates else "Taylor linearisation"
        record["design"] = settings.design() | {"method": method}
    return record


def decisions_of(
    path: Path,
    settings: Settings,
    data: Respondents,
    items: Sequence[Item],
    questions: Sequence[Question],
    mark: str,
) -> list[str]:
    """Sentences about everything that was decided, the decimal `mark` of the weights included."""
    reading = data.reading
    how = [str(reading["kind"])]
    how += [f"cut by {reading['delimiter']}"] if "delimiter" in reading else []
    how += [f"encoding {reading['encoding']}"] if "encoding" in reading else []
    how += [f"sheet {reading['sheet']!r}"] if "sheet" in reading else []
    size = f"{reading['rows']:,} row{'s' * (reading['rows'] != 1)} and {reading['columns']} columns"
    lines = [f"Read {size} of {clean(path.name)}: {', '.join(how)}."]
    if settings.filter:
        stated = (f"{name} = {' or '.join(own)}" for name, own in by_column(settings.filter).items())
        of = "" if settings.mask_small else f" of {reading['rows']:,}"
        lines.append(f"Counted are those with {' and '.join(stated)}: {data.rows:,}{of} respondents.")
    if settings.silent:
        stated = (f"{name}={value}" if name else value for name, value in settings.silent)
        lines.append(f"Read as empty cells: {', '.join(stated)}.")
    skipped = [item for item in items if item.role == "skip"]
    counted, out = _plural(questions, "question", "questions"), _plural(skipped, "column", "columns")
    lines += [f"{counted}, {out} left out.", *_notes(items, asking=False)]
    asked = [(item.column, code) for item in items if item.role == "question" for code in item.codes]
    states = {f"{column}={code.code} ({code.label})" for column, code in asked if code.status == "missing"}
    listed = ", ".join(sorted(states)[:_SHOWN]) or "none declared"
    lines.append(f"Answer states without substance, kept apart from silence: {listed}.")
    if settings.weight:
        decimal = "" if mark == "none" else f", decimal {mark}"
        everybody = next(iter(data.groups.values())).sums.values()  # by their answers to some question
        zeros = sum(sums.times - sums.weighing for sums in everybody)
        told = f"; {zeros:,} of them are zero" if zeros and not settings.mask_small else ""
        lines.append(f"Weights from column {settings.weight!r}{decimal}{told}.")
    else:
        lines.append("No weight was stated, so every respondent counts once.")
    drawn = {name: stated for name, stated in settings.design().items() if name != "weight"}
    if drawn:
        lines.append(f"Design: {', '.join(f'{name} {stated}' for name, stated in drawn.items())}.")
    if settings.mask_small:
        lines.append(
            f"Counts from 1 to {settings.mask_small - 1} are hidden, "
            "and others where subtraction within their question would bring them back; "
            "so is how many did not answer."
        )
        lines.append(
            "Masking does not cover what several questions give together, several releases of the same "
            "answers, or what a reader knows from elsewhere: look at the tables before they are published."
        )
    return lines


def _plural(things: Sequence[object], one: str, more: str) -> str:
    """Give the number of things with the words that go with it."""
    return f"{len(things)} {one if len(things) == 1 else more}"


def few(names: Sequence[str]) -> str:
    """List the first names."""
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _notes(items: Sequence[Item], *, asking: bool) -> list[str]:
    """Say what was decided about columns: a sentence for each reason, the questions first.

    Those `asking` something, by naming an option, or telling what a reader must look at, stand apart.
    """
    about: dict[tuple[bool, str], list[str]] = {}
    for item in items:
        skip = item.role == "skip"
        note = item.note or ("the codebook says so" if skip else "")
        if note and item.role in ("question", "skip"):
            about.setdefault((skip, note), []).append(repr(item.column) if skip else item.question)
    lines = [
        f"{'Left out ' if skip else ''}{few(names)}: {note}."
        for (skip, note), names in sorted(about.items(), key=lambda pair: pair[0][0])
    ]
    lines = [line for line in lines if (" --" in line or DISTINCT in line) is asking]
    more = len(lines) - _SHOWN
    told = f"{more} such remarks more, in" if asking else f"{more} more, listed in"
    return lines[:_SHOWN] + [f"And {told} codebook.csv."] * (more > 0)


def warnings_of(settings: Settings, items: Sequence[Item], questions: Sequence[Question]) -> list[str]:
    """List what a careful reader should look at before publishing."""
    lines = _notes(items, asking=True)
    small = [q.question for q in questions if small_cells([r.count for r in q.responses])]
    if small and settings.mask_small < SMALL:
        lines.append(
            f"{_plural(small, 'question has', 'questions have')} responses given by 1 to {SMALL - 1} "
            f"respondents ({few(small)}), who may be recognised: hide such counts with --mask-small {SMALL}."
        )
    quiet = [q.question for q in questions if small_cells([q.asked - q.answered])]
    if quiet and settings.mask_small < SMALL:
        lines.append(
            f"{_plural(quiet, 'question was', 'questions were')} left unanswered by 1 to {SMALL - 1} "
            f"respondents ({few(quiet)}), who may be recognised too: "
            f"--mask-small {SMALL} hides their number."
        )
    likely = [
        f"{q.question}={r.label!r}"
        for q in questions
        for r in q.responses
        if r.substantive and (sounds_missing(r.label) or r.label.casefold() in _LEFTOVERS)
    ]
    if likely:
        lines.append(
            f"These answers may be no answers in substance: {few(likely)}; declare them with --missing if "
            "so, or with --silent if they stand for empty cells, as R's NA does."
        )
    if codes := _without_label(items):
        lines.append(
            f"These numbers are counted as answers, and look like codes for no answer: {few(codes)}; if so, "
            f"declare them, as in --missing {codes[0]}."
        )
    return lines + _points(questions)


_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_NO_ANSWER = re.compile(r"-[1-9]|-?(([5-9])\2+|9+[5-8])")
_FEW = 3  # numbers below zero, in more of which zero lies within what is measured


def _without_label(items: Sequence[Item]) -> list[str]:
    """Codes such as -99 that nothing explains: the only numbers below zero, or far beyond all others."""
    found: list[str] = []
    for item in items:
        own = {
            code.code: float(code.code)
            for code in item.codes
            if code.status == "answer"
            and _NUMBER.fullmatch(code.code)
            and (item.kind == "numeric" or code.label == code.code)
        }
        likely = [text for text in own if _NO_ANSWER.fullmatch(text)]
        others = [number for text, number in own.items() if text not in likely]
        least, most = min(others, default=0), max(others, default=0)
        below = [number for number in own.values() if number < 0]
        alone = least >= 0 and len(below) <= _FEW and min(below, default=0) != -most  # -2 to 2 is a scale
        if item.role == "question" and " --missing" not in item.note:
            found += [
                repr(f"{item.column}={text}")
                for text in likely
                if (own[text] < 0 and alone) or own[text] > 2 * most
            ]
    return found


def _points(questions: Sequence[Question]) -> list[str]:
    """Ask for the order of questions whose answers are numbers."""
    columns: dict[str, list[str]] = {}
    for question in questions:
        labels = [r.label for r in question.responses if r.substantive]
        if question.kind == "single" and len(labels) > 2 and all(label.isdecimal() for label in labels):
            more = f", ..., {labels[-1]}" if len(labels) > 6 else ""
            columns.setdefault(", ".join(labels[:6]) + more, []).append(repr(question.items[0].column))
    return [
        f"The answers {labels} of {few(names)} have no order: if they are points of a scale, say so with "
        "--rating and the name of the column."
        for labels, names in columns.items()
    ]


def read_record(path: Path) -> tuple[Settings, Path, str]:
    """Read settings, codebook and file digest of an earlier import; a masked one recorded no digest."""
    try:
        record = json.loads(regular(path).read_text(encoding="utf-8"))
        names = {item.name for item in fields(Settings)}
        stated = {key: value for key, value in record["settings"].items() if key in names}
        for name in ("missing", "silent", "filter"):
            stated[name] = tuple((str(column), str(code)) for column, code in stated.get(name, []))
        for name in ("rating", "multiple", "single", "skip", "numeric"):
            stated[name] = tuple(map(str, stated.get(name, [])))
        stated["by"] = tuple(tuple(map(str, columns)) for columns in stated.get("by", []))
        settings, source = Settings(**stated), record["file"]
        recorded = "" if settings.mask_small else str(source["sha256"])
        known = record["format"] == FORMAT
    except Problem:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Problem(
            f"{path.name} is no record of an import: give the "
            "import.json of a folder that `regint import` wrote."
        ) from error
    if not known:
        raise Problem(f"{path.name} was written by another version of the import: run the import anew.")
    return settings, path.parent / "codebook.csv", recorded
