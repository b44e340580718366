"""From a file of respondents to the tables of a survey folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from regint.survey.folder import json_text, table_text
from regint.survey.schema import BESIDE, GROUPED, SURVEY, TABLES, WEIGHTED
from textfiles.files import digest
from textfiles.problems import Problem, did_you_mean
from textfiles.text import clean, identifier

from surveyfile.codebook import FIELDS, Item, complete, distinguish, read_codebook, rows_of
from surveyfile.columns import Respondents, Wanted, short_number
from surveyfile.count import COUNTED, Part, Question, Response, crosstabs, joint_counts, precision, tabulate
from surveyfile.delimited import read_delimited
from surveyfile.design import Design, Numbers, Places, check_design, replicate_columns
from surveyfile.identify import KINDS, identify
from surveyfile.masking import LEAST, Mask, gives_back, mask_question, small_cells
from surveyfile.numeric import moments, numeric_item
from surveyfile.proposal import propose, with_separators
from surveyfile.record import Settings, by_column, decisions_of, few, read_record, record_of, warnings_of
from surveyfile.statfiles import read_parquet, read_statfile
from surveyfile.weights import read_weights
from surveyfile.workbook import read_workbook

_SOURCE = "data_file"  # key of the data file among the sources of the folder
_SUFFIXES = {".csv": "delimited", ".tsv": "delimited", ".zsav": "sav"} | {f".{kind}": kind for kind in KINDS}

_Rows = tuple[Sequence[str], list[dict[str, str]]]


def _names(fields: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of the columns of a table."""
    return [field["name"] for field in fields]


def _question_rows(questions: Sequence[Question], masks: Mapping[str, Mask], settings: Settings) -> _Rows:
    """Columns and rows of questions.csv."""
    columns = _names(TABLES["questions"]["fields"] + (WEIGHTED["questions"] if settings.weight else []))
    rows = []
    for question in questions:
        mask, first = masks[question.question], question.items[0]
        row = {
            "question": question.question,
            "kind": question.kind,
            "label": question.label,
            "wording": first.wording,
            "wording_status": "reported" if first.wording else "missing",
            "scale": "ordered" if question.kind in ("rating", "numeric") else "unordered",
            "total": "multiple" if question.kind == "multiple" else "open" if mask.answered else "closed",
            "printed_base": str(question.asked if mask.answered else question.answered),
            "asked": "" if mask.asked else str(question.asked),
            "answered": "" if mask.answered else str(question.answered),
            "base_status": "counted",
            "source": _SOURCE,
            "locator": _locator(question),
            "note": _hidden_note(mask),
            "effective_base": "" if mask.answered else short_number(question.effective_base),
        }
        rows.append(row)
    return columns, rows


def _locator(question: Question) -> str:
    """Where the answers stand in the file."""
    columns = [item.column for item in question.items]
    return f"column{'s' if len(columns) > 1 else ''} {few(columns)}"


def _hidden_note(mask: Mask) -> str:
    """Remark on hidden counts."""
    number = len(mask.responses)
    hidden = [f"{number} count{'s' if number > 1 else ''}"] * bool(number)
    hidden += ["the number of those who answered"] * mask.answered
    hidden += ["the number of those asked"] * mask.asked
    verb = "are" if number > 1 or len(hidden) > 1 else "is"
    return f"{' and '.join(hidden)} {verb} hidden to protect respondents" if hidden else ""


def _response_rows(parts: Sequence[Part], settings: Settings) -> _Rows:
    """Columns and rows of responses.csv: for each question the answers of everybody, then those of groups."""
    everybody = [part for part in parts if not part.by]
    summed = any(part.moments for part in everybody)
    grouped = GROUPED if summed or len(parts) > len(everybody) else []
    told = WEIGHTED["responses"]
    if not settings.design():
        told = [field for field in told if field["name"] in ("se", "df") and summed]
    rows: list[dict[str, str]] = []
    for part in parts:
        question = part.question
        about = {"question": question.question, "substantive": "true", "source": _SOURCE}
        about |= {"locator": _locator(question), "by": part.by, "group": part.group}
        base = {
            "response": identifier("n", {response.response for response in question.responses}),
            "label": "n",
            "row": "n",
            "printed": str(question.answered),
            "effective_base": short_number(question.effective_base) if settings.weight else "",
        }
        own = [*([base] if part.by else []), *_answer_rows(part, settings), *part.moments]
        rows += [{**about, **row} for row in own]
    return _names([*TABLES["responses"]["fields"], *grouped, *told]), rows


def _answer_rows(part: Part, settings: Settings) -> Iterator[dict[str, str]]:
    """Cells of responses.csv that tell one answer from the others of its question."""
    question = part.question
    for position, response in enumerate(question.responses):
        row = {
            "response": response.response,
            "label": response.label,
            "score": response.score,
            "substantive": "true" if response.substantive else "false",
        }
        if question.kind != "numeric":  # whose codes are the numbers that people gave
            row["locator"] = _codes(response)
        if position in part.mask.responses:
            hidden = f"a count from 1 to {settings.mask_small - 1} stands here or could be worked out"
            yield row | {"note": f"hidden: {hidden}"}
            continue
        row["count"] = str(response.count)
        if settings.weight:
            row["weighted_count"] = short_number(response.sums.weight)
        error = part.errors.get(response.response)
        if not part.mask.answered:  # a share beside its count would give the hidden base back
            share = question.share(response) if settings.weight or error else None
            if share is None and error and question.answered:
                share = response.count / question.answered
            row["weighted_share"] = short_number(share)
            row |= {"se": short_number(error.error), "df": str(max(error.degrees, 0))} if error else {}
        yield row


def _joint_rows(
    data: Respondents, questions: Sequence[Question], masks: Mapping[str, Mask], below: int
) -> Iterator[dict[str, str]]:
    """Rows of joint.csv: pairs of options of which no part is small or hidden."""
    for question in questions:
        mask, items = masks[question.question], question.items
        if question.kind != "multiple" or mask.answered:
            continue
        shown = {r.response: r.count for p, r in enumerate(question.responses) if p not in mask.responses}
        for (one, other), count in joint_counts(items, data.groups[items[0].column]).items():
            if one in shown and other in shown:
                only = shown[one] - count, shown[other] - count
                if not small_cells([count, *only, question.answered - count - sum(only)], below):
                    pair = {"question": question.question, "response": one, "other": other}
                    yield pair | {"count": str(count)}


def _codes(response: Response) -> str:
    """Where a response stands in the file: its columns and codes."""
    places = [f"{column} = {code}" for column, code in response.codes[:3]]
    more = [f"and {len(response.codes) - 3} more"] if len(response.codes) > 3 else []
    return "; ".join(places + more) or "not given by anyone"


def metadata(
    name: str, title: str, source: dict[str, str], told: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Content of survey.json, its gaps to be filled: a caller adds what it knows, the licence last."""
    told = told or {}
    return {
        "id": name,
        "title": title,
        "organiser": "",
        "fieldwork": {"start": "", "end": ""},
        "mode": "",
        "population": "",
        "size_statement": "",
        "sources": [{"source": "", "title": "", "address": "", "date": ""} | source],
        "disclosure": [
            {"item": item, "status": "partial" if item in told else "", "note": told.get(item, "")}
            for item in SURVEY["disclosure"]
        ],
        "disclosure_standard": SURVEY["disclosure_standard"],
    }


def _respondents_metadata(file: str, rows: int, title: str, design: Any, below: int) -> dict[str, Any]:
    """Content of survey.json, as far as a file of respondents tells."""
    stem = file.rsplit(".", 1)[0] or file
    sizes = f"{rows:,} respondents; asked and answered are counted for each question"
    told = {"Sample sizes and precision": sizes}
    if design:
        named = ", ".join(f"{name} {stated}" for name, stated in design.items() if name != "method")
        told["Weighting"] = f"Stated by the user: {named}; how they were made is not in the file"
    source = {"source": _SOURCE, "title": file, "kind": "respondent-level data"}
    content = metadata(identifier(title or stem, prefix="survey"), title or stem, source, told)
    for entry in content["disclosure"]:
        entry["note"] = entry["note"] or "Not in the data file: look it up in its documentation"
    content |= {
        "population": "The respondents of the data file; whom they stand for is not stated in it",
        "size_statement": f"{rows:,} respondents in the data file",
        "counts": "Counted from respondent-level data: bounds on counts collapse to single numbers.",
        "licence": "Not stated in the data file",
    }
    if design:
        content["weight"] = design
    if below:
        content["masking"] = {
            "below": below,
            "rule": f"Counts from 1 to {below - 1} are left empty, with those that would reveal them by "
            "subtraction; so are the numbers of those who answered or were asked, where few did not.",
        }
    return content


def _linked(
    data: Respondents, questions: Sequence[Question], masks: Mapping[str, Mask], below: int
) -> dict[str, str]:
    """Name the questions whose counts would give back what is hidden of a finer one, and why they go."""
    if not below:
        return {}
    answers = {
        question.question: _answers_of(data, question.items[0])
        for question in questions
        if len(question.items) == 1 and not question.items[0].separator and question.question in masks
    }
    out: dict[str, str] = {}
    for coarse, groups in reversed(answers.items()):  # of two that say the same, the first stays
        for fine, own in answers.items():
            hides = masks[fine] != Mask()
            if fine != coarse and fine not in out and gives_back(own, groups, hides, below):
                out[coarse] = (
                    f"its answers group those of {fine!r}, and its counts would give back what is hidden "
                    f"there; to have it instead, give {fine!r} the role skip in a codebook"
                )
                break
    return out


def _answers_of(data: Respondents, item: Item) -> Places:
    """Give the position of every respondent's answer among those that are counted, -1 where there is none."""
    column = data.columns[item.column]
    responses = {code.code: code.response for code in item.codes if code.status in COUNTED}
    places, _ = pd.factorize(np.array([*map(responses.get, column.texts), None], dtype=object))
    return np.asarray(places)[column.codes]  # silence is -1, the last of them


@dataclass(frozen=True)
class Imported:
    """A file of respondents, counted."""

    respondents: Respondents
    items: list[Item]
    questions: list[Question]
    files: dict[str, str]
    decisions: list[str]
    warnings: list[str]


def read_respondents(
    path: Path, settings: Settings, questions: Mapping[str, str] | None = None, *, hold: bool = False
) -> Respondents:
    """Read a file of one row per respondent, whatever its format.

    Where a codebook describes the `questions` of some columns, no others are read but those with a role. To
    `hold` the file is to keep every respondent's answers.
    """
    kind = identify(path)
    if settings.sheet and kind != "xlsx":
        raise Problem(f"{path.name} is no Excel workbook, so it has no sheets: leave out --sheet.")
    if (settings.encoding or settings.delimiter) and kind != "delimited":
        raise Problem(f"{path.name} is no delimited text: leave out --encoding and --delimiter.")
    wanted = Wanted(
        settings.roles(),
        questions,
        hold,
        filters=by_column(settings.filter),
        silent=by_column(settings.silent),
        header_rows=settings.header_rows,
        by=settings.by,
        numeric=frozenset(settings.numeric),
    )
    readers: dict[str, Callable[..., Respondents]] = {
        "delimited": partial(read_delimited, encoding=settings.encoding, delimiter=settings.delimiter),
        "xlsx": partial(read_workbook, sheet=settings.sheet),
        "parquet": read_parquet,
    }
    read = readers.get(kind, partial(read_statfile, kind=kind))(path, wanted=wanted)
    suffix = path.suffix.lower()
    if _SUFFIXES.get(suffix, kind) == kind:
        return read
    notice = f"The name ends in {suffix}, the bytes are those of a {kind} file: read by its bytes."
    return replace(read, notices=(*read.notices, notice))


def import_respondents(
    path: Path, settings: Settings | None = None, codebook: Path | None = None
) -> Imported:
    r"""Count a file of respondents and lay out its survey folder; text and Parquet are read piece by piece.

    Parameters
    ----------
    path : Path
        The file.
    settings : Settings
        What the user states about it.
    codebook : Path, optional
        Codebook file; proposed from the data when absent.

    Returns
    -------
    Imported
        Counts, files and decisions.

    Raises
    ------
    Problem
        With all problems of the file, the codebook or the weights.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id,q1,w\n1,yes,2\n2,no,1\n3,,1\n4,yes,1\n")
    >>> question, = import_respondents(path, Settings(weight="w")).questions
    >>> question.asked, question.answered, [(r.label, r.count, question.share(r)) for r in question.responses]
    (4, 3, [('no', 1, 0.25), ('yes', 2, 0.75)])
    """
    settings = settings or Settings()
    described = read_codebook(codebook) if codebook else None
    settings = _with_roles(settings, described or [])
    asked = None if described is None else {i.column: i.question for i in described if i.role == "question"}
    # The errors of a design need every respondent, and so does the question which columns group each other.
    below = settings.mask_small
    every = bool(settings.design().keys() - {"weight"} or below)
    data = read_respondents(path, settings, asked, hold=every)
    _check_stated(path, settings, data)

    missing = by_column(settings.missing)
    declared = {name for group in data.sets for name in group.columns}
    if described is None:
        items = propose(data, settings)
        together = Counter(item.question for item in items if item.role == "question")
        joint = {i.column: i.question for i in items if together[i.question] > 1 and i.column not in declared}
        if joint:  # only now is it known what is counted together
            again = read_respondents(path, settings, joint)
            data = replace(
                data, groups={**data.groups, **again.groups}, crossed={**data.crossed, **again.crossed}
            )
    else:
        items = complete(with_separators(described, data), data, codebook.name if codebook else "codebook")
    items = distinguish([_declare_missing(item, missing) for item in items])
    taken = {item.question for item in items}
    items = [
        numeric_item(item, data, below, taken, settings.decimal)
        if item.column in settings.numeric or item.kind == "numeric"
        else item
        for item in items
    ]

    weights, mark = _weights(path, settings, data) if settings.weight else (None, "")
    questions = tabulate(data, items)
    masks: dict[str, Mask] = {}
    out: dict[str, str] = {}
    for q in questions:
        counts, exclusive = [response.count for response in q.responses], q.kind != "multiple"
        mask = mask_question(counts, q.answered, q.asked, data.rows, below, exclusive=exclusive)
        if mask is None:
            out[q.question] = "too few respondents to be masked: any number shown would give a small one away"
        else:
            masks[q.question] = mask
    out |= _linked(data, questions, masks, below)
    out |= {question.question: "nobody answered it" for question in questions if not question.answered}
    items = [
        Item(i.column, "skip", note=out[i.question]) if i.role == "question" and i.question in out else i
        for i in items
    ]
    questions = [question for question in questions if question.question not in out]
    if not questions and {*out.values()} - {"nobody answered it"}:
        repair = f"state a smaller number, from {LEAST}, or " if below > LEAST else ""
        raise Problem(
            f"--mask-small {below} leaves nothing of the questions of {path.name}, which has "
            f"{data.rows:,} respondents: {repair}import more respondents."
        )
    if not questions:
        raise Problem(
            f"{path.name} has no column that can be read as a question: name one that is with --single, or "
            "describe its columns with --codebook."
        )
    design = _design(settings, data, weights)
    groups, tests = crosstabs(data, design, settings.by, items, questions, masks, below)
    parts = []
    for q in questions:
        summed = q.kind == "numeric" and masks[q.question] == Mask() and q.answered >= 4 * below
        column = q.items[0]
        own = moments(column, data.groups[column.column], data, design) if summed else ()
        errors = precision(data, q, design) if settings.design() else {}
        parts += [Part(q, masks[q.question], errors, own), *groups[q.question]]
    pairs = [*_joint_rows(data, questions, masks, below)]
    beside = {"tests": tests} if any(groups.values()) else {}
    beside |= {"joint": pairs} if pairs else {}
    used = [item for item in items if item.role != "skip"]
    remarks = [remark for item in used for remark in data.columns[item.column].remarks]

    record = record_of(path, settings, data, items)
    decisions = decisions_of(path, settings, data, items, questions, mark)
    warnings = [*data.notices, *remarks, *warnings_of(settings, items, questions)]
    unshown = _groups_left_out(settings, items, parts)
    warnings += [unshown] * bool(unshown)
    record["decisions"], record["warnings"] = decisions, warnings
    # The bins of numbers need no list of what people gave.
    listed = [
        replace(i, codes=tuple(code for code in i.codes if i.kind != "numeric" or code.status != "answer"))
        for i in items
    ]
    about = _respondents_metadata(clean(path.name), data.rows, settings.title, record.get("design"), below)
    if below and unshown:
        about["masking"]["rule"] += f" {unshown}"
    files = {
        "questions.csv": table_text(*_question_rows(questions, masks, settings)),
        "responses.csv": table_text(*_response_rows(parts, settings)),
        "claims.csv": table_text(_names(TABLES["claims"]["fields"]), []),
        **{f"{name}.csv": table_text(_names(BESIDE[name]["fields"]), own) for name, own in beside.items()},
        "survey.json": json_text(about),
        "codebook.csv": table_text(FIELDS, rows_of(listed)),
        "import.json": json_text(record),
    }
    return Imported(data, items, questions, files, decisions, warnings)


def _groups_left_out(settings: Settings, items: Sequence[Item], parts: Sequence[Part]) -> str:
    """Say by which columns no group is shown, and why."""
    told = {part.by for part in parts}
    named = {item.column: item.question for item in items}
    lost = [by for by in settings.by if ":".join(named[column] for column in by) not in told]
    why = "they answered no other question"
    if settings.mask_small:
        why = f"any number of theirs would tell a count from 1 to {settings.mask_small - 1}"
    return f"No groups by {' or by '.join(map(','.join, lost))} are shown: {why}." if lost else ""


def _weights(path: Path, settings: Settings, data: Respondents) -> tuple[Numbers, str]:
    """Check the column of weights."""
    try:
        return read_weights(data.columns[settings.weight], decimal=settings.decimal)
    except Problem:  # its sentences tell whose weights are wrong: read the column alone, and hold it
        alone = read_respondents(path, settings, {}, hold=True)
        return read_weights(alone.columns[settings.weight], decimal=settings.decimal)


def _with_roles(settings: Settings, items: Sequence[Item]) -> Settings:
    """Add the weight, strata and cluster columns that a codebook names."""
    for role in ("weight", "strata", "cluster", "population"):
        named = {*(item.column for item in items if item.role == role), getattr(settings, role)} - {""}
        if len(named) > 1:
            raise Problem(f"the {role} is stated twice, as {' and '.join(sorted(named))}: name one column.")
        changed: dict[str, Any] = {role: "".join(named)}
        settings = replace(settings, **changed)
    return settings


def _check_stated(path: Path, settings: Settings, data: Respondents) -> None:
    """Columns and codes the user names must exist."""
    problems = [
        f"{path.name} has no column {name!r}{did_you_mean(name, data.columns)}: it has "
        f"{', '.join(list(data.columns)[:8])}{' ...' if len(data.columns) > 8 else ''}."
        for name in settings.columns()
        if name not in data.columns and name not in data.skipped
    ]
    if problems:
        raise Problem(*problems)


def _declare_missing(item: Item, missing: Mapping[str, Collection[str]]) -> Item:
    """Mark the codes of an item that the user declared missing."""
    declared = {*missing.get(item.column, ()), *missing.get("", ())}
    codes = [
        replace(code, status="missing", score="")
        if code.code in declared and code.status == "answer"
        else code
        for code in item.codes
    ]
    if codes == list(item.codes):
        return item
    return replace(item, codes=tuple(sorted(codes, key=lambda code: code.status == "missing")))


def _design(settings: Settings, data: Respondents, weights: Numbers | None) -> Design | None:
    """Give the design where more than weights is stated."""
    if not settings.design().keys() - {"weight"}:
        return None
    population = replicates = None
    if column := data.columns.get(settings.population):
        population = read_weights(column)[0]
    elif settings.population:
        population = np.full(data.rows, float(settings.population))
    if settings.replicates:
        if weights is None:
            raise Problem("--replicates needs the full weight beside them: name its column with --weight.")
        names, factors = replicate_columns(settings.replicates)
        weights_of_each = [read_weights(data.columns[name])[0] for name in names]
        replicates = np.column_stack(weights_of_each), np.array(factors)
    strata, clusters = data.columns.get(settings.strata), data.columns.get(settings.cluster)
    weights = np.ones(data.rows) if weights is None else weights
    design = Design(weights, strata, clusters, population, settings.lonely or "fail", replicates)
    check_design(design)
    return design


def replay(path: Path, record: Path) -> Imported:
    """Import a file again exactly as an earlier import did."""
    settings, codebook, recorded = read_record(record)
    identify(path)
    if recorded and digest(path) != recorded:
        raise Problem(
            f"{path.name} is not the file that {record.name} describes "
            "(its SHA-256 differs): find that file, or import anew."
        )
    imported = import_respondents(path, settings, codebook)
    if recorded:
        return imported
    unproved = (
        f"{record.name} keeps no size and no SHA-256 of its file, which would give hidden counts back, "
        f"so nothing proves that {path.name} is the same file."
    )
    return replace(imported, warnings=[unproved, *imported.warnings])
