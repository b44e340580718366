"""Where the project lies."""

from __future__ import annotations

from pathlib import Path

import textfiles


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
