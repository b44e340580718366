"""Write a folder whole or not at all: into a temporary folder beside it, checked, then renamed."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from regint.survey.codebook import check_folder
from regint.survey.imports.cells import guarded
from regint.survey.imports.sniffing import ReadingError

_MARK = ".regint-"


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    r"""CSV text of a table, its cells safe for spreadsheets.

    Parameters
    ----------
    columns : sequence of str
        Header.
    rows : iterable of Mapping
        Text cells by column; absent ones are empty.

    Returns
    -------
    str
        Comma separated, one line feed per row.

    Examples
    --------
    >>> table_text(["code", "label"], [{"code": "1", "label": "=A1, twice"}])
    'code,label\n1,"\'=A1, twice"\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row.get(name, "")) for name in columns])
    return stream.getvalue()


def json_text(content: Mapping[str, Any]) -> str:
    r"""JSON text as this project writes it: two spaces, letters as they are, a line feed at the end.

    Examples
    --------
    >>> json_text({"title": "été"})
    '{\n  "title": "été"\n}\n'
    """
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
    regint.survey.imports.sniffing.ReadingError: survey.json: the file is missing; add it to the folder...
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
