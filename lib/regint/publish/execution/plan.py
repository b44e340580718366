"""What a build has to do: which notebooks, with which parameters, into which folder."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regint.parameters import (
    NOTEBOOKS,
    ParameterError,
    Parameters,
    SurveyFolder,
    Value,
    did_you_mean,
)
from regint.publish.execution.arguments import Declared, declarations, read_values


class UsageError(ValueError):
    """The command cannot mean what it says; nothing has been started."""


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes
    ----------
    notebooks
        Paths or names; empty for all below ``notebooks/``.
    given
        Pairs of name and text from ``-p``.
    survey
        Survey folder for every notebook that takes one, or None.
    jobs, timeout
        How many notebooks run at once (0: one per processor), and seconds a cell may take.
    out
        Output folder, or None for the usual one.
    edition
        ``"full"`` or ``"student"``.
    """

    notebooks: Sequence[str] = ()
    given: Sequence[tuple[str, str]] = ()
    survey: str | None = None
    jobs: int = 0
    timeout: int = 120
    out: Path | None = None
    edition: str = "full"


@dataclass(frozen=True)
class Planned:
    """One notebook of a build: its content as it was when the build began, and its parameters."""

    name: str
    path: Path
    source: bytes
    title: str
    cells: int
    declared: tuple[Declared, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def survey(self) -> str | None:
        """The survey folder this run reads, or None."""
        default = next((str(item.default) for item in self.declared if item.name == "survey"), None)
        return str(self.values.get("survey", default)) if default is not None else None

    def settings(self) -> list[dict[str, Any]]:
        """List name, value, default, meaning of every parameter, and whether it was changed."""
        return [
            {
                "name": item.name,
                "value": self.values.get(item.name, item.default),
                "default": item.default,
                "meaning": item.meaning,
                "changed": self.values.get(item.name, item.default) != item.default,
            }
            for item in self.declared
        ]

    def command(self) -> str:
        """Return the command that makes this page again."""
        words = ["make", "variant", f"NOTEBOOK={self.name}"]
        pairs = [f"-p {shlex.quote(k)} {shlex.quote(str(v))}" for k, v in self.values.items()]
        return shlex.join([*words, f"PARAMS={' '.join(pairs)}"]) if pairs else f"regint build {self.name}"

    def in_force(self) -> dict[str, Value]:
        """Return the value of every parameter, given or by default."""
        return {item.name: self.values.get(item.name, item.default) for item in self.declared}

    def misfit(self) -> str:
        """Say why this notebook has nothing to say about the survey it was given; empty if it has."""
        rules = NOTEBOOKS.get(self.name, Parameters)
        return rules.misfit(self.in_force())

    def check(self) -> None:
        """Check the values by the notebook's own rules, before anything runs."""
        if self.name in NOTEBOOKS:
            values = self.in_force()
            known = NOTEBOOKS[self.name].__dataclass_fields__
            try:
                NOTEBOOKS[self.name](**{name: value for name, value in values.items() if name in known})
            except ParameterError as error:
                raise ParameterError(f"{self.name}: {error}") from None


def project_folder(start: Path) -> Path:
    """Return the first folder from `start` upwards that holds a collection, or `start` itself."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "data" / "datapackage.json").is_file() or (folder / "notebooks").is_dir():
            return folder
    return start


def plan(root: Path, request: Request) -> list[Planned]:
    """Find the notebooks, read what they declare and give each its values.

    Raises
    ------
    UsageError, ParameterError
        For a notebook that is not there or not one, an unknown or mistyped parameter.
    """
    catalogue = {path.stem: path for path in sorted((root / "notebooks").glob("*.ipynb"))}
    paths = [find(name, catalogue, root) for name in request.notebooks] or list(catalogue.values())
    if not paths:
        raise UsageError(
            f"There are no notebooks in {root / 'notebooks'}: name one, or run from the project's folder."
        )
    if len({path.stem for path in paths}) < len(paths):
        raise UsageError("Two notebooks have the same name: their pages would overwrite each other.")
    planned = [read(path) for path in sorted(paths, key=lambda path: path.stem)]
    return assign(planned, root, request)


def find(name: str, catalogue: dict[str, Path], root: Path) -> Path:
    """Find a notebook by path, or by name below ``notebooks/``."""
    path = Path(name)
    if path.suffix == ".ipynb" and path.is_file():
        return path.resolve()
    if path.suffix == ".ipynb" and (root / path).is_file():
        return (root / path).resolve()
    stem = path.name.removesuffix(".ipynb")
    if stem in catalogue:
        return catalogue[stem]
    raise UsageError(
        f"There is no notebook {name!r}{did_you_mean(stem, catalogue)}; see notebooks/ for the list."
    )


def read(path: Path) -> Planned:
    """Read a notebook: title, number of code cells, declared parameters."""
    source = path.read_bytes()
    try:
        cells = json.loads(source)["cells"]
        texts = [(cell, "".join(cell["source"])) for cell in cells]
        headings = (
            line[2:].strip()
            for c, text in texts
            if c["cell_type"] == "markdown"
            for line in text.splitlines()
            if line.startswith("# ")
        )
        code = [(c, text) for c, text in texts if c["cell_type"] == "code" and text.strip()]
        tagged = [text for c, text in code if "parameters" in c.get("metadata", {}).get("tags", [])]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(
            f"{path.name} is not a notebook, or is damaged: open and save it in JupyterLab."
        ) from None
    try:
        declared = declarations(tagged[0]) if tagged else ()
    except (ParameterError, SyntaxError) as error:
        raise ParameterError(f"{path.stem}: {error}") from None
    return Planned(path.stem, path, source, next(headings, path.stem), len(code), declared)


def assign(planned: list[Planned], root: Path, request: Request) -> list[Planned]:
    """Give each notebook the values meant for it.

    A notebook that was named must know every parameter given; without names, each parameter goes to the
    notebooks that have it, and one of them must. A survey folder goes to those that take one.
    """
    everywhere = {item.name: item for notebook in planned for item in notebook.declared}
    read_values(request.given, list(everywhere.values()))
    survey = [("survey", folder_name(request.survey, root))] if request.survey is not None else []
    if survey and "survey" not in everywhere:
        raise ParameterError("None of the notebooks takes a survey folder.")
    result = []
    for notebook in planned:
        names = {item.name for item in notebook.declared}
        pairs = [(name, text) for name, text in request.given if request.notebooks or name in names]
        pairs += [pair for pair in survey if "survey" in names and pair[0] not in dict(pairs)]
        try:
            values = read_values(pairs, notebook.declared)
        except ParameterError as error:
            raise ParameterError(f"{notebook.name}: {error}") from None
        result.append(Planned(**(vars(notebook) | {"values": values})))
    return result


def about_survey(planned: list[Planned], request: Request) -> tuple[list[Planned], dict[str, str]]:
    """Keep the notebooks that can speak about another survey, and say why the others cannot.

    Notebooks that were named stay: whoever names one wants to hear what is wrong with it.
    """
    if request.survey is None or request.notebooks:
        return planned, {}
    if any(notebook.survey and SurveyFolder().problem(notebook.survey, {}) for notebook in planned):
        return planned, {}  # no survey at all: left to their own checks, which say so
    left_out = {notebook.name: notebook.misfit() for notebook in planned}
    left_out = {name: reason for name, reason in left_out.items() if reason}
    kept = [notebook for notebook in planned if notebook.name not in left_out]
    if any(notebook.name in NOTEBOOKS for notebook in kept):
        refuse_broken(request.survey)
    return kept, left_out


def refuse_broken(folder: str) -> None:
    """Stop before anything runs when a survey folder has problems: once, not once a notebook.

    Raises
    ------
    UsageError
        With the first problem, how many more there are, and the command that lists them.
    """
    from regint.survey.codebook import check_folder

    problems = check_folder(folder).problems
    if problems:
        more = f" There are {len(problems) - 1} more:" if len(problems) > 1 else ""
        raise UsageError(f"{problems[0]}{more} 'regint check {shlex.quote(folder)}' lists all.")


def folder_name(folder: str, root: Path) -> str:
    """Write a folder relative to the project, so that no page tells where on this machine it lies."""
    path = Path(folder)
    inside = path if path.is_dir() else root / path
    if not inside.is_dir():
        return folder  # refused by the notebooks' own check, under the name that was given
    return Path(os.path.relpath(inside.resolve(), root)).as_posix()


def output_folder(root: Path, request: Request) -> Path:
    """Choose where a build goes: variants and other surveys never over the published set.

    Raises
    ------
    UsageError
        When changed parameters would overwrite the published set.
    """
    published = root / "build"
    if request.out is not None:
        out = request.out.resolve()
        if out == published and (request.given or request.survey is not None):
            raise UsageError(
                "Changed parameters may not overwrite the published set in build/: choose another --out."
            )
        return out
    if request.given:
        return published / "variant"
    if request.survey is not None:
        return published / "survey" / Path(request.survey).resolve().name
    return published
