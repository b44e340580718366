"""A survey folder, read and checked as a whole, and written."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from surveyfile.identify import ReadingError
from textfiles.problems import Problem, Report, quoted
from textfiles.project import exists, locate
from textfiles.text import escape_formula

from regint.survey.claim_language import names_of
from regint.survey.csv_text import Sheet, header, read_sheet, undo_language
from regint.survey.schema import TABLES, WEIGHTED, Schema
from regint.survey.validate import (
    check_claims,
    check_links,
    check_questions,
    check_sheet,
    findings,
    read_metadata,
    source_keys,
    typed_frame,
)


@dataclass(frozen=True)
class Folder:
    """A survey folder as read, before anyone decides what to do about its problems."""

    path: Path
    metadata: dict[str, Any]
    sheets: dict[str, Sheet]
    report: Report = field(default_factory=Report)

    def frame(self, table: str) -> pd.DataFrame:
        """Convert one table by its schema; only sensible when the report has no problems."""
        return typed_frame(self.sheets[table], _schema(table, self.sheets[table].columns))


def load_folder(path: str | Path) -> Folder:
    """Read a survey folder and find every problem in it at once."""
    folder = locate(path)
    shown = quoted(str(path), 200)
    if not exists(folder):
        where = "neither from the current folder nor in the project folder"
        raise Problem(f"The folder {shown} does not exist, {where}; check its spelling.")
    if not folder.is_dir():
        raise Problem(f"{shown} is a file; give the survey folder that holds questions.csv.")
    metadata, report = read_metadata(folder)
    sheets = {name: _sheet(folder, name) for name in TABLES}
    for sheet in sheets.values():
        report.problems.extend(sheet.problems)
        report.notices.extend(sheet.notices)
    loaded = Folder(folder, metadata, sheets, report)
    if sheets["questions"].rows and sheets["responses"].rows:
        _check_together(loaded)
    _note_strangers(loaded)
    return loaded


def _schema(name: str, columns: list[str]) -> Schema:
    """Give the schema of a table, with the columns for weights where the table has them."""
    weighted = [field for field in WEIGHTED[name] if field["name"] in columns]
    return {**TABLES[name], "fields": [*TABLES[name]["fields"], *weighted]}


def _sheet(folder: Path, name: str) -> Sheet:
    schema = _schema(name, header(folder / f"{name}.csv"))
    names = [field["name"] for field in schema["fields"]]
    required = [f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")]
    sheet = read_sheet(
        folder / f"{name}.csv", names, required, may_be_empty=name == "claims", may_end_early=True
    )
    if sheet.rows:
        undo_language(sheet, schema)
        check_sheet(sheet, schema)
    return sheet


def _check_together(loaded: Folder) -> None:
    sheets, report = loaded.sheets, loaded.report
    check_links(sheets, source_keys(loaded.metadata), report)
    check_questions(sheets, report)
    if sheets["questions"].problems or sheets["responses"].problems:
        return
    questions, responses = loaded.frame("questions").set_index("question"), loaded.frame("responses")
    check_claims(loaded.frame("claims"), names_of(questions, responses), sheets["claims"], report)
    if not report.problems:
        report.notices.extend(findings(questions, responses))


def _note_strangers(loaded: Folder) -> None:
    known = {f"{name}.csv" for name in TABLES} | {"survey.json", "import.json", "codebook.csv", "README.md"}
    for path in sorted(loaded.path.iterdir()):
        if path.name not in known and not path.name.startswith("."):
            loaded.report.notices.append(f"{quoted(path.name)[1:-1]}: not part of a survey folder, ignored.")


def check_folder(path: str | Path) -> Report:
    """Check a survey folder, as ``regint check FOLDER`` does."""
    try:
        return load_folder(path).report
    except Problem as error:
        return Report(list(error.sentences))


_MARK = ".regint-"


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """CSV text of a table, its cells safe for spreadsheets."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([escape_formula(row.get(name, "")) for name in columns])
    return stream.getvalue()


def json_text(content: Mapping[str, Any]) -> str:
    """JSON text as this project writes it: two spaces, letters as they are, a line feed at the end."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def write_survey_folder(target: Path, files: Mapping[str, str], *, replace: bool = False) -> list[str]:
    """Write a survey folder, whole and valid, or leave everything as it was.

    Parameters
    ----------
    target : Path
        Folder to create.
    files : Mapping
        Text of each file by name.
    replace : bool
        Whether a folder that an import wrote before may be replaced.

    Returns
    -------
    list of str
        Notices of the check that every survey folder passes.

    Raises
    ------
    ReadingError
        When the folder exists, cannot be written, or would not pass `regint check`.

    Examples
    --------
    >>> import tempfile
    >>> write_survey_folder(Path(tempfile.mkdtemp()), {}, replace=False)
    Traceback (most recent call last):
    ...
    surveyfile.identify.ReadingError: survey.json: the file is missing; add it to the folder...
    """
    _check_target(target, replace)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=_MARK, dir=target.parent))
    except OSError as error:
        raise ReadingError(
            f"{target.name} cannot be created ({error.strerror}): choose a folder you may write to."
        ) from error
    try:
        for name, text in files.items():
            _write(draft / name, text)
        report = check_folder(draft)
        if report.problems:
            raise ReadingError(*report.problems)
        draft.chmod(0o755)
        _put_in_place(draft, target)
    except OSError as error:
        raise ReadingError(
            f"{target.name} cannot be written ({error.strerror}): free space or choose another folder."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return report.notices


def _check_target(target: Path, replace: bool) -> None:
    """Refuse to touch what is there, unless it is empty or an import's own work."""
    if not target.exists():
        return
    if not target.is_dir():
        raise ReadingError(f"{target.name} is a file: choose another name for the folder.")
    if any(target.iterdir()) and not (replace and _imported(target)):
        raise ReadingError(
            f"{target.name} exists already: choose another name"
            + (" (regint import --replace writes an import anew)." if _imported(target) else ".")
        )


def _imported(folder: Path) -> bool:
    """Whether an import wrote the folder."""
    return (folder / "import.json").is_file()


def _write(path: Path, text: str) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    path.chmod(0o644)


def _put_in_place(draft: Path, target: Path) -> None:
    """Swap the draft in; the former folder disappears only after the new one stands."""
    if not target.exists():
        draft.rename(target)
        return
    former = Path(tempfile.mkdtemp(prefix=_MARK, dir=target.parent))
    former.rmdir()
    target.rename(former)
    try:
        draft.rename(target)
    except OSError:
        former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)
