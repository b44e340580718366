"""Where the project and its data lie; light, because the build asks before it has anything to do."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import regint
from regint.survey.problems import SurveyError

OUTSIDE = "REGINT_OUTSIDE"
"""Environment variable with the folders outside the project that go by a name of their own, as JSON."""


def project_folder() -> Path:
    """
    Find the project: the first folder upwards that holds ``data/datapackage.json``.

    Returns
    -------
    Path
        Upwards from the current folder, else from the source of the installed package.

    Raises
    ------
    SurveyError
        If neither lies within the project.

    Examples
    --------
    >>> (project_folder() / "data" / "datapackage.json").is_file()
    True
    """
    here = Path.cwd()
    source = Path(regint.__file__).resolve().parent
    for folder in (here, *here.parents, *source.parents):
        if (folder / "data" / "datapackage.json").is_file():
            return folder
    raise SurveyError(["No folder above this one holds data/datapackage.json; run this inside the checkout."])


def locate(path: str | Path) -> Path:
    """
    Resolve a path as every reader of data does.

    Parameters
    ----------
    path : str or Path
        Absolute, or below a folder that `outside` has named, or relative to the current folder, or relative
        to the project folder.

    Returns
    -------
    Path
        The first of these that exists; if none does, where it would lie in the project.

    Examples
    --------
    >>> locate("data/survey/astana_2025").name
    'astana_2025'
    """
    given = Path(path)
    if given.is_absolute():
        return given
    for name, folder in named_outside().items():
        if given.is_relative_to(name):
            return Path(folder, given.relative_to(name))
    if exists(Path.cwd() / given):
        return Path.cwd() / given
    try:
        return project_folder() / given
    except SurveyError:
        return Path.cwd() / given


def named_outside() -> dict[str, str]:
    """Give the folders outside the project that go by a name of their own: name -> where they lie."""
    known: dict[str, str] = json.loads(os.environ.get(OUTSIDE) or "{}")
    return known


@contextmanager
def outside(folders: Mapping[str, Path]) -> Iterator[None]:
    """
    Let folders outside the project go by names that tell nothing of this machine.

    Parameters
    ----------
    folders : Mapping
        Name -> where the folder lies. Processes started meanwhile know the names too.

    Examples
    --------
    >>> with outside({"their_survey": Path("/home/ada/their_survey")}):
    ...     locate("their_survey/questions.csv").as_posix()
    '/home/ada/their_survey/questions.csv'
    """
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
