"""Where the project lies, and what a folder is called on a page."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import textfiles

OUTSIDE = "REGINT_OUTSIDE"
"""Environment variable with the folders outside the project that go by a name of their own, as JSON."""


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

    An absolute path stays; others are looked for below a folder that `outside` has named, below the current
    folder, below the project, and below the project from whose source this package runs. Where nothing is
    found, the path is the one it would have in the project.
    """
    given = Path(path)
    if given.is_absolute():
        return given
    for name, folder in named_outside().items():
        if given.is_relative_to(name):
            return Path(folder, given.relative_to(name))
    project = project_folder() or project_folder(Path(textfiles.__file__).parent)
    if exists(Path.cwd() / given) or project is None:
        return Path.cwd() / given
    return project / given


def named_outside() -> dict[str, str]:
    """Give the folders outside the project that go by a name of their own: name -> where they lie."""
    known: dict[str, str] = json.loads(os.environ.get(OUTSIDE) or "{}")
    return known


@contextmanager
def outside(folders: Mapping[str, Path]) -> Iterator[None]:
    """Let folders outside the project go by names that tell nothing of this machine."""
    before = os.environ.get(OUTSIDE)
    os.environ[OUTSIDE] = json.dumps({name: str(folder) for name, folder in folders.items()})
    try:
        yield
    finally:
        os.environ.pop(OUTSIDE)
        if before is not None:
            os.environ[OUTSIDE] = before


def exists(path: Path) -> bool:
    """Say whether a path is there; one that no file system takes is not."""
    try:
        return path.exists()
    except (OSError, ValueError):  # names that no file system takes
        return False


def folder_name(folder: str, root: Path) -> str:
    """Write a folder so that no page tells where on this machine it lies."""
    place = folder_place(folder, root)
    if place is None:
        return folder  # refused by the notebooks' own check, under the name that was given
    if place.is_relative_to(root):
        return place.relative_to(root).as_posix()
    return f"outside/{place.name}" if (root / place.name).exists() else place.name


def folder_place(folder: str, root: Path) -> Path | None:
    """Find a folder, from the current one or from the project's; None where there is none."""
    for path in (Path(folder), root / folder) if folder else ():
        if path.is_dir():
            place = Path(os.path.abspath(path))  # noqa: PTH100 (a link in the project keeps its name)
            return place if place.is_relative_to(root) else place.resolve()
    return None


def folders_outside(folders: Iterable[str], root: Path) -> dict[str, Path]:
    """Give those of the folders that lie outside the project, by the names they go by."""
    places = {folder_name(folder, root): folder_place(folder, root) for folder in folders}
    return {name: place for name, place in places.items() if place and not place.is_relative_to(root)}
