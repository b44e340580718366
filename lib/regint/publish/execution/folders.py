"""Where the project lies, and what a survey folder is called on a page: never by where it lies here."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def project_folder(start: Path) -> Path:
    """Return the first folder from `start` upwards that holds a collection, or `start` itself."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "data" / "datapackage.json").is_file() or (folder / "notebooks").is_dir():
            return folder
    return start


def folder_name(folder: str, root: Path) -> str:
    """Write a folder so that no page tells where on this machine it lies.

    A folder in the project is written relative to it, any other by its own name alone.
    """
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
