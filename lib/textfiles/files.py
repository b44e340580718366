"""Files: read if they are ordinary ones, written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from textfiles.problems import Problem


def regular(path: Path) -> Path:
    """Give `path` back if it is an ordinary file: pipes and devices may never end, folders have no text.

    Raises
    ------
    Problem
        When it is something else, or not there.
    """
    if not path.exists():
        raise Problem(f"{path.name} does not exist: check the path.")
    if not path.is_file():
        raise Problem(f"{path.name} is not an ordinary file: put the file in place of the folder or device.")
    return path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a draft beside `path`; when the block ends well, it takes the place of `path` in one step.

    Whenever something fails, the process is killed or the disk is full, the old file is there as before. The
    draft has a fixed name, so that the next writing clears away what a kill left.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "table.csv"
    >>> with replacing(target) as draft:
    ...     _ = draft.write_text("a,b")
    >>> target.read_text()
    'a,b'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    # The disk is to know the new name too; not every system can wait for it, and Windows opens no folders.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole: text as UTF-8 with its line ends as they are.

    Raises
    ------
    OSError
        When the file cannot be written, or does not read back as written; the old one is then untouched.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with replacing(path) as draft:
        draft.write_bytes(data)
        if draft.read_bytes() != data:
            raise OSError(f"{path.name} was not written whole: the disk does not give back what it took.")


# Name of an error of the operating system -> what was tried, and what helps.
_SPACE = ("write", "free some space and build again")
_PERMISSIONS = ("use", "change its permissions, or choose another folder with --out")
_REFUSALS = {
    "ENOENT": ("read", "check the path"),
    "EISDIR": ("read", "check the path"),
    "ENOSPC": _SPACE,
    "EDQUOT": _SPACE,
    "EFBIG": _SPACE,
    "EACCES": _PERMISSIONS,
    "EPERM": _PERMISSIONS,
    "EBUSY": ("write", "wait until it has ended"),
    "EROFS": ("write", "choose another folder with --out"),
}


def describe(error: OSError) -> str:
    """Say in one sentence what the operating system refused, and what helps.

    A file outside the current folder goes by its name alone: sentences are copied into reports.
    """
    if error.errno is None or not error.strerror:
        return f"a file cannot be used ({' '.join(str(error).split())}); check the path."
    verb, remedy = _REFUSALS.get(errno.errorcode.get(error.errno, ""), ("write", "check the path"))
    path = Path(str(error.filename2 or error.filename or "a file"))
    if path.is_absolute():
        path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else Path(path.name)
    return f"cannot {verb} {path}: {error.strerror[0].lower()}{error.strerror[1:]}; {remedy}."
