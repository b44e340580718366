"""Find and check survey folders: four files that hold what was asked and what was printed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from regint.survey.files import Sheet, header, read_sheet
from regint.survey.location import exists, locate, project_folder
from regint.survey.metadata import read_metadata, source_keys
from regint.survey.predicates.binding import names_of
from regint.survey.problems import Report, SurveyError, quoted
from regint.survey.rules import check_claims, check_links, check_questions, findings
from regint.survey.schema import TABLES, WEIGHTED, Schema
from regint.survey.spreadsheet import undo_language
from regint.survey.validation import check_sheet, typed_frame

__all__ = ["Folder", "Report", "SurveyError", "check_folder", "load_folder", "locate", "project_folder"]


@dataclass(frozen=True)
class Folder:
    """
    A survey folder as read, before anyone decides what to do about its problems.

    Attributes
    ----------
    path : Path
        The folder.
    metadata : dict
        Content of survey.json.
    sheets : dict
        Sheets by table name, every cell as text.
    report : Report
        All problems and notices.
    """

    path: Path
    metadata: dict[str, Any]
    sheets: dict[str, Sheet]
    report: Report = field(default_factory=Report)

    def frame(self, table: str) -> pd.DataFrame:
        """Convert one table by its schema; only sensible when the report has no problems."""
        return typed_frame(self.sheets[table], _schema(table, self.sheets[table].columns))


def load_folder(path: str | Path) -> Folder:
    """
    Read a survey folder and find every problem in it at once.

    Parameters
    ----------
    path : str or Path
        The folder; see `locate`.

    Returns
    -------
    Folder
        The tables as text, the metadata, and the report.

    Raises
    ------
    SurveyError
        If there is no such folder.

    Examples
    --------
    >>> load_folder("data/survey/astana_2025").report.problems
    []
    """
    folder = locate(path)
    shown = quoted(str(path), 200)
    if not exists(folder):
        where = "neither from the current folder nor in the project folder"
        raise SurveyError([f"The folder {shown} does not exist, {where}; check its spelling."])
    if not folder.is_dir():
        raise SurveyError([f"{shown} is a file; give the survey folder that holds questions.csv."])
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
    """
    Check a survey folder, as ``regint check FOLDER`` does.

    Parameters
    ----------
    path : str or Path
        The folder.

    Returns
    -------
    Report
        Every problem, and every notice; a folder that does not exist is a problem, not an exception.

    Examples
    --------
    >>> check_folder("data/survey/astana_2025").notices
    ['Question external_platforms: no counts out of 30 round to these figures together.']
    >>> len(check_folder("data/survey/nowhere").problems)
    1
    """
    try:
        return load_folder(path).report
    except SurveyError as error:
        return Report(error.problems)
