"""Read a statistical package's file once in a process of its own, to see whether the reader survives it.

The readers of these formats are written in C, and a damaged file can end the whole process without a word. In
a process of its own that ends in a sentence; a file that asks for absurd memory does too. Run by `survives`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

READERS = {"sav": "read_sav", "por": "read_por", "dta": "read_dta", "xpt": "read_xport"}
"""Function of pyreadstat for each kind of file."""

_MEMORY = 6 * 1024**3
_SECONDS = 900


def survives(path: Path, kind: str) -> bool:
    """Whether a process that reads the file lives to its end; what it thinks of the file is not asked.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        One of `READERS`.

    Returns
    -------
    bool
        False when the reader crashed, ran out of memory or did not come to an end.

    Examples
    --------
    >>> survives(Path("nowhere.sav"), "sav")
    True
    """
    command = [sys.executable, "-I", "-m", "regint.survey.imports.probe", kind, str(path.resolve())]
    try:
        # Our own interpreter and module; the path is an argument, never part of a command line.
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode in (0, 1)


def main(kind: str, path: str) -> int:
    """Read the file and forget it: 0 when it was read, 1 when it was refused, 2 when memory ran out."""
    import pyreadstat

    _limit_memory()
    options = {"user_missing": True} if kind in ("sav", "dta") else {}
    try:
        getattr(pyreadstat, READERS[kind])(path, disable_datetime_conversion=True, **options)
    except MemoryError:
        return 2
    except Exception:  # the reader's own opinion is asked again in the main process
        return 1
    return 0


def _limit_memory() -> None:
    """Set a ceiling where the system has one."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
