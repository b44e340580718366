"""Files: read if they are ordinary ones, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    _sync_folder(path.parent)


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


def _sync_folder(folder: Path) -> None:
    """Wait until the disk knows the new name; not every system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
