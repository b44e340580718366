"""Files: found in the project, read if they are ordinary ones, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import textfiles
from textfiles.problems import Problem


def project_folder(start: Path | None = None) -> Path | None:
    """Find the project that holds a folder, by default the current one; None where there is none.

    It is the first folder upwards with ``data/datapackage.json``, or with a ``pyproject.toml`` that
    has a table ``[tool.nbarticle]``.
    """
    start = (start or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if (folder / "data" / "datapackage.json").is_file():
            return folder
        file = folder / "pyproject.toml"
        if file.is_file() and "[tool.nbarticle]" in file.read_text(encoding="utf-8", errors="replace"):
            return folder
    return None


def locate(path: str | Path) -> Path:
    """Resolve a path as every reader of data does.

    An absolute path stays; others are looked for below the current folder, below the project, and below the
    project from whose source this package runs. Where nothing is found, the path is the one it would have in
    the project.
    """
    given = Path(path)
    if given.is_absolute():
        return given
    project = project_folder() or project_folder(Path(textfiles.__file__).parent)
    if exists(Path.cwd() / given) or project is None:
        return Path.cwd() / given
    return project / given


def exists(path: Path) -> bool:
    """Say whether a path is there; one that no file system takes is not."""
    try:
        return path.exists()
    except (OSError, ValueError):  # names that no file system takes
        return False


def regular(path: Path) -> Path:
    """Give `path` back if it is an ordinary file: pipes and devices may never end, folders have no text."""
    if not path.exists():
        raise Problem(f"{path.name} does not exist: check the path.")
    if not path.is_file():
        raise Problem(f"{path.name} is not an ordinary file: put the file in place of the folder or device.")
    return path


def digest(path: Path) -> str:
    """Give the SHA-256 of an ordinary file, read block by block; of anything else an empty text."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
    """Write a file whole, text as UTF-8 with its line ends as they are, or leave the old one untouched."""
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
