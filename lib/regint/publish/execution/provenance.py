"""What a page says of its making: version, commit and date of the project, packages used."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import subprocess
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from regint.publish.execution.isolate import FIXED


def provenance(root: Path) -> dict[str, Any]:
    """Return version, commit and date of the project; the date is that of the commit, never the clock's."""
    commit, epoch = "", int(os.environ.get("SOURCE_DATE_EPOCH") or FIXED["SOURCE_DATE_EPOCH"])
    if (root / ".git").exists():
        commit = git(root, "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+changes")
        date = git(root, "log", "-1", "--format=%ct")
        epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or date or epoch)
    return {"version": version("regint"), "commit": commit, "epoch": epoch}


def git(root: Path, *arguments: str) -> str:
    """Ask git; an empty answer where it is missing or refuses."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()
    return ""


@functools.cache
def packages() -> dict[str, str]:
    """Return the versions of the packages this project asks for."""
    found = {}
    for requirement in requires("regint") or []:
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        if "extra ==" not in requirement:
            with contextlib.suppress(PackageNotFoundError):
                found[name] = version(name)
    return dict(sorted(found.items()))
