"""Where the project and its data lie; light, because the build asks before it has anything to do."""

from pathlib import Path

import regint
from regint.survey.problems import SurveyError


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
        Absolute, or relative to the current folder, or relative to the project folder.

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
    if exists(Path.cwd() / given):
        return Path.cwd() / given
    try:
        return project_folder() / given
    except SurveyError:
        return Path.cwd() / given


def exists(path: Path) -> bool:
    """Say whether a path is there; one that no file system takes is not."""
    try:
        return path.exists()
    except (OSError, ValueError):  # names that no file system takes
        return False
