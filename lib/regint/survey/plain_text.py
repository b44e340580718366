"""The text of a file that must be UTF-8: read whole, or refused with what it is instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regint.survey.problems import nearest, quoted

if TYPE_CHECKING:
    from regint.survey.files import Sheet

LARGEST_FILE = 50_000_000


def decoded(path: Path, sheet: Sheet) -> str | None:
    """
    Read a file as UTF-8.

    Parameters
    ----------
    path : Path
        The file.
    sheet : Sheet
        Gets the problem that stands in the way, or a notice of a byte order mark.

    Returns
    -------
    str or None
        The text, or nothing where there is a problem.

    Examples
    --------
    >>> from regint.survey.files import Sheet
    >>> sheet = Sheet("questions.csv")
    >>> decoded(Path("nowhere/questions.csv"), sheet)
    >>> sheet.problems
    ['questions.csv: the file is missing; add questions.csv to the folder.']
    """
    if not path.is_file():
        sheet.problems.append(f"{path.name}: the file is missing; {_misnamed(path)}.")
        return None
    if path.stat().st_size > LARGEST_FILE:
        sheet.problems.append(
            f"{path.name}: the file exceeds {LARGEST_FILE // 1_000_000} MB; a survey folder holds printed "
            "tables, so bring answers of single respondents through `regint import`."
        )
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        sheet.problems.append(
            f"{path.name}: the file cannot be read ({error.strerror}); check its permissions."
        )
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        sheet.notices.append(f"{path.name}: a byte order mark at the start was skipped.")
        data = data[3:]
    if not data.strip():
        sheet.problems.append(f"{path.name}: the file is empty; write the header and at least one row.")
        return None
    return _utf8(data, sheet)


def _utf8(data: bytes, sheet: Sheet) -> str | None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data:
        kind = "a ZIP or Excel file" if data.startswith(b"PK") else "UTF-16 or binary"
        sheet.problems.append(f"{sheet.name}: not text in UTF-8 but {kind}; save it as CSV in UTF-8.")
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        sheet.problems.append(
            f"{sheet.name}, line {row}: the byte 0x{data[error.start]:02X} is not UTF-8; save it as CSV "
            "in UTF-8 (an older spreadsheet writes Windows-1252 or a Cyrillic code page)."
        )
        return None


def _misnamed(path: Path) -> str:
    if path.exists():
        return "something else has this name, such as a folder: put the table in its place"
    folder = path.parent
    present = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    for name in present:
        if name.lower() == path.name.lower() or Path(name).stem.lower() == path.stem.lower():
            return f"rename {quoted(name)} to {path.name} if that is meant"
    return nearest(path.name, present, f"add {path.name} to the folder").replace("write", "rename", 1)
