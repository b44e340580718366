"""The environment of a run: locked, isolated, recorded."""

from __future__ import annotations

import errno
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textfiles.problems import Problem, quoted

from nbarticle.cache import version_of
from nbarticle.settings import pyproject

# Nothing else of the user's environment reaches a kernel.
KEPT = {"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX"}

# Folders of the user's, in the place of which there are empty ones.
EMPTIED = (
    *("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"),
    *("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR", "TEMP", "TMP"),
)

# What would otherwise differ from run to run or from machine to machine, and show in the bytes of a page.
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": "1767225600",  # 2026-01-01: figures carry this date, never the clock's
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "COLUMNS": "100",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "JUPYTER_NO_CONFIG": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}

# The font that comes with matplotlib: an Arial on one machine must not change the figures.
MATPLOTLIBRC = "font.family: DejaVu Sans\nfont.sans-serif: DejaVu Sans\nsvg.hashsalt: nbarticle\n"

# Runs in the kernel before the first cell.
STARTUP = "from nbarticle.noting import start as _start\n_start()\ndel _start\n"

# 9999-12-31, the last day that dates are written for.
END_OF_TIME = 253402300800


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold the output folder for one build; the lock goes when the process goes, however it ends."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("a+") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OSError(errno.EBUSY, "Another build is writing there", str(state.parent)) from None
        yield


@contextmanager
def working_folder(state: Path) -> Iterator[tuple[Path, Path]]:
    """Make the two temporary folders of a build, and remove what a killed build has left."""
    note = state / "runtime"
    if note.is_file():
        left = Path(note.read_text(encoding="utf-8").strip())
        # Only what lies where we make such folders: a note from elsewhere must not name anything else.
        if left.name.startswith("nbarticle-") and left.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(left, ignore_errors=True)
    drafts = state / "drafts"
    shutil.rmtree(drafts, ignore_errors=True)
    drafts.mkdir()
    try:
        runtime = Path(tempfile.mkdtemp(prefix="nbarticle-"))
    except FileNotFoundError:
        raise Problem(
            "There is no folder for temporary files that can be written to: free some space, or name one in "
            "the environment variable TMPDIR."
        ) from None
    try:
        note.write_text(str(runtime), encoding="utf-8")
        yield drafts, runtime
    finally:
        shutil.rmtree(drafts, ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)
        note.unlink(missing_ok=True)


def environment(runtime: Path, state: Path) -> dict[str, str]:
    """Write empty configuration below `runtime` and return the environment that points to it."""
    folders = {name: runtime / name.lower() for name in EMPTIED} | {"MPLCONFIGDIR": state / "matplotlib"}
    startup = folders["IPYTHONDIR"] / "profile_default" / "startup"
    for folder in (*folders.values(), startup):
        folder.mkdir(parents=True, exist_ok=True)
    (startup / "00-noting.py").write_text(STARTUP, encoding="utf-8")
    (folders["MPLCONFIGDIR"] / "matplotlibrc").write_text(MATPLOTLIBRC, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name.upper() in KEPT}
    return kept | FIXED | {name: str(folder) for name, folder in folders.items()}


@contextmanager
def applied(variables: dict[str, str]) -> Iterator[None]:
    """Replace this process's environment, for the processes it starts, and put it back afterwards."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def provenance(root: Path) -> tuple[dict[str, Any], list[str]]:
    """Return version, commit and date of the project, and what is to be said when git does not tell.

    The date is that of the commit, never the clock's.
    """
    commit, date, notes = "", "", []
    if (root / ".git").exists():
        try:
            commit = _git(root, "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+changes")
            date = _git(root, "log", "-1", "--format=%ct")
        except Problem as error:
            notes.append(f"The pages name no commit and not its date: {error}")
    wanted = os.environ.get("SOURCE_DATE_EPOCH") or date or FIXED["SOURCE_DATE_EPOCH"]
    if not (wanted.isascii() and wanted.isdecimal() and int(wanted[:20]) < END_OF_TIME):
        raise Problem(
            f"SOURCE_DATE_EPOCH={quoted(wanted)} is no date: give the seconds since 1970, or unset it."
        )
    version = pyproject(root).get("project", {}).get("version", "")
    return {"version": version, "commit": commit, "epoch": int(wanted)}, notes


def _git(root: Path, *arguments: str) -> str:
    """Ask git; a Problem says why there is no answer."""
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()
    except FileNotFoundError:
        raise Problem("git is not installed.") from None
    except subprocess.CalledProcessError as error:
        if "dubious ownership" in error.stderr:
            trust = f"git config --global --add safe.directory {shlex.quote(str(root))}"
            raise Problem(f"the folder belongs to somebody else; if you trust it, run: {trust}") from None
        raise Problem(f"git says {quoted(error.stderr.strip().partition(chr(10))[0], 100)}.") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise Problem(f"git does not answer ({type(error).__name__}).") from None


@functools.cache
def packages(root: Path) -> dict[str, str]:
    """Return the versions of the packages a project asks for."""
    asked = pyproject(root).get("project", {}).get("dependencies", ())
    names = sorted(re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0] for requirement in asked)
    return {name: version for name in names if (version := version_of(name))}
