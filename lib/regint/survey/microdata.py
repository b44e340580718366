"""From a file of respondents to a survey folder, with every decision written down.

Nothing about single respondents enters the folder: it holds counts, and `import.json` holds what was decided
on the way, so that the same file gives the same folder, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from regint.survey.folder import json_text, table_text
from regint.survey.imports.codebook_file import complete, read_codebook
from regint.survey.imports.delimited import read_delimited
from regint.survey.imports.design import Design, Precision, check_design, precision, weighted_precision
from regint.survey.imports.import_record import (
    Settings,
    decisions_of,
    digest,
    read_record,
    record_of,
    warnings_of,
)
from regint.survey.imports.labels import DISTINCT, FIELDS, Item, distinguish, rows_of
from regint.survey.imports.past_memory import is_streamed, opened
from regint.survey.imports.propose import propose
from regint.survey.imports.respondents import Respondents, tidy_text
from regint.survey.imports.sniffing import LIMITS, Limits, ReadingError, check_bytes, identify
from regint.survey.imports.statfiles import read_parquet, read_statfile
from regint.survey.imports.survey_tables import Counted, mask_of, metadata, question_rows, response_rows
from regint.survey.imports.tabulate import Question, by_question, tabulate
from regint.survey.imports.weights import Weights, read_weights
from regint.survey.imports.workbook import read_workbook

TOO_FEW = "too few respondents to be masked: any number shown would give a small one away"
"""Why a question is left out when small counts are hidden."""


@dataclass(frozen=True)
class Imported:
    """A file of respondents, counted.

    Parameters
    ----------
    respondents : Respondents
        The file as read.
    items : list of Item
        The codebook used.
    questions : list of Question
        Counts.
    files : dict
        Text of every file of the survey folder.
    decisions : list of str
        What was decided, in sentences.
    warnings : list of str
        What a careful reader should look at.
    """

    respondents: Respondents
    items: list[Item]
    questions: list[Question]
    files: dict[str, str]
    decisions: list[str]
    warnings: list[str]


def read_respondents(
    path: Path,
    settings: Settings,
    only: Collection[str] = (),
    limits: Limits = LIMITS,
    *,
    exact: bool = False,
) -> Respondents:
    r"""Read a file of one row per respondent, whatever its format.

    Parameters
    ----------
    path : Path
        The file; its kind is told from its bytes.
    settings : Settings
        What the user states about it.
    only : collection of str
        Columns to read; all when empty.
    limits : Limits
        What is allowed.
    exact : bool
        Keep the ``.0`` of whole numbers in delimited text.

    Returns
    -------
    Respondents
        The common form.

    Raises
    ------
    ReadingError
        With the remedy.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id,q1\n1,yes\n2,no\n")
    >>> read_respondents(path, Settings()).rows
    2
    """
    kind = _kind(path, settings, limits)
    check_bytes(path, limits.bytes)
    if kind == "delimited":
        stated = {"encoding": settings.encoding, "delimiter": settings.delimiter}
        read = read_delimited(path, **stated, only=only, limits=limits, exact=exact)
    elif kind == "xlsx":
        read = read_workbook(path, sheet=settings.sheet, only=only, limits=limits)
    elif kind == "parquet":
        read = read_parquet(path, only=only, limits=limits)
    else:
        read = read_statfile(path, kind, only=only, limits=limits)
    return replace(read, notices=(*read.notices, *_suffix_notice(path, kind)))


def _kind(path: Path, settings: Settings, limits: Limits) -> str:
    """Kind of a file, and refuse what is stated about another kind."""
    kind = identify(path, limits)
    if settings.sheet and kind != "xlsx":
        raise ReadingError(f"{path.name} is no Excel workbook, so it has no sheets: leave out --sheet.")
    if (settings.encoding or settings.delimiter) and kind != "delimited":
        raise ReadingError(f"{path.name} is no delimited text: leave out --encoding and --delimiter.")
    return kind


def _suffix_notice(path: Path, kind: str) -> list[str]:
    """Say so when the suffix promises something else than the bytes hold."""
    usual = {"delimited": (".csv", ".tsv", ".txt", ".dat", ".tab"), "sav": (".sav", ".zsav")}.get(
        kind, (f".{kind}",)
    )
    suffix = path.suffix.lower()
    known = (".csv", ".tsv", ".xlsx", ".parquet", ".sav", ".zsav", ".por", ".dta", ".xpt")
    if suffix in usual or suffix not in known:
        return []
    return [f"The name ends in {suffix}, the bytes are those of a {kind} file: read by its bytes."]


def import_respondents(
    path: Path, settings: Settings | None = None, codebook: Path | None = None, limits: Limits = LIMITS
) -> Imported:
    r"""Count a file of respondents and lay out its survey folder; a file larger than memory is streamed.

    Parameters
    ----------
    path : Path
        The file.
    settings : Settings
        What the user states about it.
    codebook : Path, optional
        Codebook file; proposed from the data when absent.
    limits : Limits
        What is held in memory, and what is allowed at all.

    Returns
    -------
    Imported
        Counts, files and decisions.

    Raises
    ------
    ReadingError
        With all problems of the file, the codebook or the weights.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "answers.csv"
    >>> _ = path.write_text("id,q1,w\n1,yes,2\n2,no,1\n3,,1\n4,yes,1\n")
    >>> question, = import_respondents(path, Settings(weight="w")).questions
    >>> question.asked, question.answered, [(r.label, r.count, r.weighted_share) for r in question.responses]
    (4, 3, [('no', 1, 0.25), ('yes', 2, 0.75)])
    """
    settings = settings or Settings()
    described = read_codebook(codebook) if codebook else None
    settings = _with_roles(settings, described or [])
    only = _columns_needed(settings, described)
    kind = _kind(path, settings, limits)
    if is_streamed(path, kind, only, limits):
        with opened(path, kind, settings, only, limits) as file:
            read = file.respondents()
            data = replace(read, notices=(*read.notices, *_suffix_notice(path, kind)))
            items = _items(path, settings, data, described, codebook)
            return _counted(path, settings, data, items, file.questions)
    data = read_respondents(path, settings, only, limits)
    items = _items(path, settings, data, described, codebook)
    return _counted(path, settings, data, items, lambda items, weights: _tabulated(data, items, weights))


def _items(
    path: Path, settings: Settings, data: Respondents, described: list[Item] | None, codebook: Path | None
) -> list[Item]:
    """Codebook of the import: the user's, completed, or one proposed from the data."""
    _check_stated(path, settings, data)
    missing = _missing_by_column(settings)
    if described is None:
        items = propose(data, roles=settings.roles(), missing=missing)
    else:
        items = complete(described, data, codebook.name if codebook else "codebook")
    return distinguish([_declare_missing(item, missing) for item in items])


def _tabulated(data: Respondents, items: Sequence[Item], weights: Weights | None) -> list[Question]:
    """Count in memory."""
    return tabulate(data.columns, items, weights.numbers if weights else None)


def _with_roles(settings: Settings, items: Sequence[Item]) -> Settings:
    """Add the weight, strata and cluster columns that a codebook names."""
    for role in ("weight", "strata", "cluster"):
        named = [item.column for item in items if item.role == role]
        stated = getattr(settings, role)
        if len({*named, stated} - {""}) > 1:
            raise ReadingError(
                f"the {role} is stated twice, as "
                f"{' and '.join(sorted({*named, stated} - {''}))}: name one column."
            )
        if named:
            changed: dict[str, Any] = {role: named[0]}
            settings = replace(settings, **changed)
    return settings


def _columns_needed(settings: Settings, described: Sequence[Item] | None) -> set[str]:
    """Columns to read: those the codebook uses, so that a wide file stays small; all without one."""
    if described is None:
        return set()
    return {item.column for item in described if item.role == "question"} | set(settings.roles())


def _check_stated(path: Path, settings: Settings, data: Respondents) -> None:
    """Columns and codes the user names must exist."""
    stated = [*settings.roles(), *(column for column, _ in settings.missing if column)]
    problems = [
        f"{path.name} has no column {name!r}: it has "
        f"{', '.join(list(data.columns)[:8])}{' ...' if len(data.columns) > 8 else ''}."
        for name in dict.fromkeys(stated)
        if name not in data.columns and name not in data.skipped
    ]
    if problems:
        raise ReadingError(*problems)


def _missing_by_column(settings: Settings) -> dict[str, list[str]]:
    """Codes declared missing, by column; the empty name holds for all."""
    found: dict[str, list[str]] = {}
    for column, code in settings.missing:
        found.setdefault(column, []).append(code)
    return found


def _declare_missing(item: Item, missing: Mapping[str, Collection[str]]) -> Item:
    """Mark the codes of an item that the user declared missing."""
    declared = {*missing.get(item.column, ()), *missing.get("", ())}
    codes = tuple(
        replace(code, status="missing", score="")
        if code.code in declared and code.status == "answer"
        else code
        for code in item.codes
    )
    return replace(
        item,
        codes=tuple(sorted(codes, key=lambda code: code.status == "missing"))
        if codes != item.codes
        else codes,
    )


def _counted(
    path: Path,
    settings: Settings,
    data: Respondents,
    items: list[Item],
    count: Callable[[Sequence[Item], Weights | None], list[Question]],
) -> Imported:
    """Count, estimate and write out."""
    weights = (
        read_weights(data.columns[settings.weight], decimal=settings.decimal) if settings.weight else None
    )
    questions = count(items, weights)
    out = _left_out(questions, settings.threshold(), data.rows)
    items = [
        replace(i, role="skip", note=out[i.question]) if i.role == "question" and i.question in out else i
        for i in items
    ]
    questions = [question for question in questions if question.question not in out]
    if not questions:
        raise ReadingError(
            f"{path.name} has no column that can be read as a question: describe its columns with --codebook."
        )
    errors = _errors(settings, data, items, questions, weights)
    counted = Counted(
        questions, errors, weights is not None, settings.threshold(), tidy_text(path.name), data.rows
    )
    record = record_of(path, settings, data, items, weights)
    decisions = decisions_of(path, settings, data, items, questions, weights)
    warnings = [*data.notices, *_remarks(data, items), *warnings_of(settings, questions, weights)]
    record["decisions"], record["warnings"] = decisions, warnings
    files = {
        "questions.csv": table_text(*question_rows(counted)),
        "responses.csv": table_text(*response_rows(counted)),
        "claims.csv": table_text(
            ("claim", "questions", "paraphrase", "term", "predicate", "base", "source", "locator", "note"), []
        ),
        "survey.json": json_text(metadata(counted, data.rows, settings.title, record.get("design"))),
        "codebook.csv": table_text(FIELDS, rows_of(items)),
        "import.json": json_text(record),
    }
    return Imported(data, items, questions, files, decisions, warnings)


def _left_out(questions: Sequence[Question], below: int, rows: int) -> dict[str, str]:
    """Questions that cannot be shown, with the reason."""
    silent = {q.question: "nobody answered it" for q in questions if not q.answered}
    bare = {q.question: TOO_FEW for q in questions if q.answered and mask_of(q, below, rows) is None}
    return silent | bare


def _remarks(data: Respondents, items: Sequence[Item]) -> list[str]:
    """Remarks on the columns that are used, and on labels that had to be told apart."""
    used = [item for item in items if item.role != "skip"]
    remarks = [remark for item in used for remark in data.columns[item.column].remarks]
    return remarks + [f"{item.column}: {item.note}." for item in used if DISTINCT in item.note]


def _errors(
    settings: Settings,
    data: Respondents,
    items: Sequence[Item],
    questions: Sequence[Question],
    weights: Weights | None,
) -> dict[str, dict[str, Precision]]:
    """Estimate standard errors by question and response, where weights or a design are stated."""
    if not settings.roles():
        return {}
    if not settings.strata and not settings.cluster:
        return {q.question: weighted_precision(q, data.rows, settings.confidence) for q in questions}
    values = weights.numbers if weights else np.ones(data.rows)
    design = Design(values, data.columns.get(settings.strata), data.columns.get(settings.cluster))
    check_design(design)
    return {
        question: precision(design, data.columns, group, settings.confidence)
        for question, group in by_question(items).items()
    }


def replay(path: Path, record: Path) -> Imported:
    r"""Import a file again exactly as an earlier import did.

    Parameters
    ----------
    path : Path
        The data file.
    record : Path
        The `import.json` of the earlier import.

    Returns
    -------
    Imported
        The same files, byte for byte.

    Raises
    ------
    ReadingError
        When the file is not the one that was imported.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "answers.csv").write_text("id,q1\n1,yes\n2,no\n3,yes\n")
    >>> first = import_respondents(folder / "answers.csv")
    >>> for name, text in first.files.items():
    ...     _ = (folder / name).write_text(text, encoding="utf-8")
    >>> replay(folder / "answers.csv", folder / "import.json").files == first.files
    True
    """
    settings, codebook, recorded = read_record(record)
    identify(path)
    if digest(path) != recorded:
        raise ReadingError(
            f"{path.name} is not the file that {record.name} describes "
            "(its SHA-256 differs): find that file, or import anew."
        )
    return import_respondents(path, settings, codebook)
