"""A survey folder, read and checked as a whole, and written."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from textfiles.files import digest, exists, locate, regular, write
from textfiles.problems import Problem, quoted
from textfiles.text import as_csv

from regint.survey.claim_language import names_of
from regint.survey.count_ranges import Net
from regint.survey.csv_text import Sheet, read_sheet, undo_language
from regint.survey.schema import BESIDE, TABLES, WEIGHTED, Schema
from regint.survey.validate import (
    SILENT,
    check_claims,
    check_links,
    check_printed,
    check_questions,
    check_sheet,
    findings,
    meaning,
    moment_findings,
    read_metadata,
    source_keys,
    typed_frame,
)

# What an import begins and a person goes on with.
_FILLED_IN = {"claims.csv", "survey.json"}


@dataclass(frozen=True)
class Folder:
    """A survey folder as read, with everything that is wrong with it and everything to be noticed."""

    path: Path
    metadata: dict[str, Any] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def frame(self, table: str) -> pd.DataFrame:
        """Convert one table by its schema; only sensible when there are no problems.

        Rows of responses.csv have the further column ``figure``: the percentage, where one is printed. What a
        sign in its place means stands under ``statement``.
        """
        sheet, schema = self.sheets.get(table, Sheet(table)), {**TABLES, **BESIDE}[table]
        optional = [
            field
            for field in schema["optionalFields"]
            if field["name"] in sheet.columns or field not in WEIGHTED.get(table, ())
        ]
        frame = typed_frame(sheet, {**schema, "fields": [*schema["fields"], *optional]})
        if table != "responses":
            return frame
        meanings = [meaning(printed, self.metadata.get("legend", {})) for printed in frame["printed"]]
        explained = list(zip(frame["printed"], frame["statement"], meanings, strict=True))
        figures = [printed if words is None else "" for printed, _, words in explained]
        statements = [text if words in (None, SILENT) else words for _, text, words in explained]
        return frame.assign(
            row=frame["row"].where(frame["row"] != "", "answer"),
            figure=pd.array(figures, dtype="str"),
            statement=pd.array(statements, dtype="str"),
        )


def of_group(
    questions: pd.DataFrame, rows: pd.DataFrame, by: str = "", group: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the questions with the bases and nets of a group of people, and the answers of the group."""
    own = rows[(rows["by"] == by) & (rows["group"] == group)]
    nets: dict[str, list[Net]] = {}
    for cells in own[own["row"] == "net"].to_dict("records"):
        members, printed = tuple(cells["members"].split()), cells | {"printed": cells["figure"]}
        net = Net(cells["response"], cells["label"], members, printed)
        nets.setdefault(cells["question"], []).append(net)
    questions = questions.assign(nets=[tuple(nets.get(name, ())) for name in questions.index])
    if by:
        there = own[own["row"] == "n"].drop_duplicates("question").set_index("question")
        there = there.reindex(questions.index)
        bases = pd.to_numeric(there["printed"]).astype("Int64")
        counted = questions["base_status"] == "counted"
        known = np.where(bases.notna(), np.where(counted, "counted", "reported"), "")
        questions = questions.assign(
            printed_base=bases, asked=pd.array([pd.NA] * len(bases), "Int64"),
            answered=bases.where(counted), base_status=known,
        )  # fmt: skip
        if "effective_base" in questions:
            questions["effective_base"] = there["effective_base"]
        questions = questions[questions.index.isin(own["question"])]
    answers = own[own["row"] == "answer"].drop(columns="printed").rename(columns={"figure": "printed"})
    answers = answers[[name for name in rows if name in answers]]
    return questions, answers.drop(columns=["row", "members", "by", "group"]).reset_index(drop=True)


def check_folder(path: str | Path) -> Folder:
    """Read a survey folder and find every problem in it at once, as ``regint check FOLDER`` does."""
    folder = locate(path)
    shown = quoted(str(path), 200)
    _recover(folder)
    if not exists(folder):
        where = "neither from the current folder nor in the project folder"
        return Folder(folder, problems=[f"The folder {shown} does not exist, {where}; check its spelling."])
    if not folder.is_dir():
        problem = f"{shown} is a file; give the survey folder that holds questions.csv."
        return Folder(folder, problems=[problem])
    metadata, problems = read_metadata(folder)
    sheets = {name: _sheet(folder, name, schema) for name, schema in TABLES.items()}
    legend = metadata.get("legend")
    check_printed(sheets["responses"], legend if isinstance(legend, dict) else {})
    weighted = "true" if metadata.get("weighted") is True else "false"
    for _, cells in sheets["questions"].rows:
        cells["weighted"] = cells.get("weighted") or weighted
    beside = {n: _sheet(folder, n, own) for n, own in BESIDE.items() if (folder / f"{n}.csv").exists()}
    read = Folder(folder, metadata, {**sheets, **beside}, problems)
    odd = _check_together(read) if sheets["questions"].rows and sheets["responses"].rows else []
    for sheet in read.sheets.values():
        read.problems.extend(sheet.problems)
        read.notices.extend(sheet.notices)
    known = {"survey.json", "import.json", "codebook.csv", "README.md"}
    known |= {f"{name}.csv" for name in (*TABLES, *BESIDE)}
    strange = sorted(p.name for p in folder.iterdir() if p.name not in known and not p.name.startswith("."))
    read.notices.extend(odd)
    read.notices.extend(f"{quoted(name)[1:-1]}: not part of a survey folder, ignored." for name in strange)
    return read


def _sheet(folder: Path, name: str, schema: Schema) -> Sheet:
    """Read and check one table by itself, with those of its optional columns that are there."""
    sheet = read_sheet(
        folder / f"{name}.csv",
        [field["name"] for field in schema["fields"]],
        [field["name"] for field in schema["fields"] if field.get("constraints", {}).get("required")],
        optional=[field["name"] for field in schema["optionalFields"]],
        may_be_empty=name not in ("questions", "responses"),
        may_end_early=True,
    )
    there = [field for field in schema["optionalFields"] if field["name"] in sheet.columns]
    schema = {**schema, "fields": [*schema["fields"], *there]}
    if sheet.rows:
        undo_language(sheet, schema)
        check_sheet(sheet, schema)
    return sheet


def _check_together(read: Folder) -> list[str]:
    """Check what several tables say together; give what is odd where nothing is wrong."""
    sheets = read.sheets
    readable = not sheets["questions"].problems and not sheets["responses"].problems
    check_links(sheets, source_keys(read.metadata))
    check_questions(sheets["questions"], sheets["responses"])
    if not readable:
        return []
    asked, rows = read.frame("questions").set_index("question"), read.frame("responses")
    questions, responses = of_group(asked, rows)
    check_claims(sheets["claims"], names_of(questions, responses))
    if read.problems or any(sheet.problems for sheet in sheets.values()):
        return []
    odd = findings(questions, responses)
    for by, group in dict.fromkeys(zip(rows["by"], rows["group"], strict=True)):
        if by:
            odd += findings(*of_group(asked, rows, by, group), whom=f" among {group}")
    return odd + moment_findings(asked, rows)


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """CSV text of a table, its cells safe for spreadsheets."""
    return as_csv(columns, ([row.get(name, "") for name in columns] for row in rows))


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
        Text of each file by name. ``import.json`` is given the digest of every other file, so that a later
        import knows what was edited since.
    replace : bool
        Whether a folder that an import wrote before may be replaced. Claims, survey.json and whatever a
        person added stay as they are; where a table that is counted anew was edited, the folder is refused.

    Returns
    -------
    list of str
        Which files of a person's own stayed, and the notices of the check that every survey folder passes.

    Raises
    ------
    Problem
        When the folder exists, cannot be written, or would not pass `regint check`.

    Examples
    --------
    >>> import tempfile
    >>> write_survey_folder(Path(tempfile.mkdtemp()), {}, replace=False)
    Traceback (most recent call last):
    ...
    textfiles.problems.Problem: 4 problems:...
    """
    if Path.cwd().is_relative_to(target.resolve()):  # it is put in place under the feet of who works there
        raise Problem(
            f"{str(target)!r} is the folder you work in, or one around it: name a new folder, such as "
            f"{str(target / 'survey')!r}."
        )
    _recover(target)
    yours = _check_target(target, files, replace)
    draft = _hidden(target, "part")
    try:
        shutil.rmtree(draft, ignore_errors=True)  # what a killed process left
        draft.mkdir(parents=True)
        for name, text in _with_digests(files).items():
            write(draft / name, text)
        for path in yours:
            if path.is_dir():
                shutil.copytree(path, draft / path.name, symlinks=True)
            else:
                shutil.copy2(path, draft / path.name, follow_symlinks=False)
        found = check_folder(draft)
        if found.problems:
            raise Problem(*found.problems)
        _put_in_place(draft, target)
    except OSError as error:
        raise unwritable(target, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    named = ", ".join(path.name for path in yours)
    stayed = f"What you edited or added stayed as it was ({named}): see that it fits the new tables."
    return [*([stayed] if yours else []), *found.notices]


def unwritable(target: Path, error: OSError) -> Problem:
    """Say that a folder or file cannot be written."""
    why, help = error.strerror or error, "free space or choose a folder that you may write to"
    return Problem(f"{target.name} cannot be written ({why}): {help}.")


def _hidden(target: Path, mark: str) -> Path:
    """Give the name beside a folder under which its draft (part) or its former state (before) is kept."""
    return target.with_name(f".{target.name}.{mark}")


def _recover(target: Path) -> None:
    """Put a folder back that a process, killed while it replaced the folder, left under another name."""
    former = _hidden(target, "before")
    with suppress(OSError):  # a place where nothing can be written is read as it is
        if exists(former) and not exists(target):
            former.rename(target)
        elif exists(former):
            shutil.rmtree(former)  # the new folder stands: only the clearing up was missing


def _put_in_place(draft: Path, target: Path) -> None:
    """Swap the draft in; the former folder disappears only after the new one stands."""
    if not target.exists():
        draft.rename(target)
        return
    former = _hidden(target, "before")
    target.rename(former)
    try:
        draft.rename(target)
    except OSError:
        former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _check_target(target: Path, files: Mapping[str, str], replace: bool) -> list[Path]:
    """Refuse a folder that is not an import's own work; list what a person edited or added in one that is."""
    if not target.exists():
        return []
    if not target.is_dir():
        raise Problem(f"{target.name} is a file: choose another name for the folder.")
    if not any(target.iterdir()):
        return []
    record = target / "import.json"
    if not (replace and record.is_file()):
        hint = " (regint import --replace writes an import anew)" if record.is_file() else ""
        raise Problem(f"{target.name} exists already: choose another name{hint}.")
    try:
        written = json.loads(regular(record).read_text(encoding="utf-8"))["written"]
        same = {name for name, before in written.items() if digest(target / name) == before}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Problem(
            f"{target.name} does not say what the import wrote, so your own work in it could be lost: "
            "rename the folder, then import again."
        ) from error
    yours = sorted(path for path in target.iterdir() if path.name not in same | {record.name})
    counted = [path.name for path in yours if path.name in {*written, *files} - _FILLED_IN]
    if counted:
        raise Problem(
            f"{target.name} holds tables of yours in place of those that an import writes anew "
            f"({', '.join(counted)}): move them out of the folder, then import again; --codebook takes an "
            "edited codebook."
        )
    return yours


def _with_digests(files: Mapping[str, str]) -> dict[str, str]:
    """Add to the record of an import what each file of it was written as."""
    if "import.json" not in files:
        return dict(files)
    sums = {name: hashlib.sha256(text.encode("utf-8")).hexdigest() for name, text in files.items()}
    del sums["import.json"]
    record = json.loads(files["import.json"]) | {"written": sums}
    return {**files, "import.json": json_text(record)}
