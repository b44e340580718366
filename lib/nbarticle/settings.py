"""What a project says of itself: its version and commit, and the table ``[tool.nbarticle]``, text alone."""

from __future__ import annotations

import functools
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from textfiles.files import project_folder
from textfiles.problems import Problem, did_you_mean, quoted

from nbarticle.cache import version_of

# What a notebook may say of its own page, in its metadata under "nbarticle".
OF_A_NOTEBOOK = (
    "title", "authors", "orcids", "licence", "keywords", "language", "doi", "bibliography", "strict",
)  # fmt: skip
# 2026-01-01: what is made carries this date where no commit has one, never the clock's.
EPOCH = "1767225600"
# 9999-12-31, the last day that dates are written for.
END_OF_TIME = 253402300800
ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")


@dataclass(frozen=True)
class Front:
    """The words of the first page of a site, in Markdown; what is empty is left out."""

    heading: str = ""
    lead: str = ""
    # Label of the figure beside the findings, and the words of the link to where it stands.
    figure: str = ""
    link: str = ""
    # Heading over what the pages found, and how much of it is told of each.
    findings: str = "What we found"
    most: int = 3
    # Heading -> text, one for each kind of reader.
    readers: Mapping[str, str] = field(default_factory=dict)
    # How everything is run again; "{commit}" is where the commit is named, when there is one.
    rerun: str = ""
    commands: str = ""


@dataclass(frozen=True)
class Settings:
    """What is a project's own on its pages and in its runs; a stranger's notebook has none of it.

    Nothing named here is run or imported by the exporter; the callables, written ``module:function``, are for
    the runner, which executes code anyway.
    """

    folder: Path = Path()
    title: str = ""
    authors: tuple[str, ...] = ()
    # ORCID of each author, in their order; empty for one who has none.
    orcids: tuple[str, ...] = ()
    licence: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "en"
    address: str = ""
    # Where the project can be cloned from; pages of one on GitHub offer to run their notebook on Binder.
    repository: str = ""
    doi: str = ""
    # Drawing before the title in the head of every page, as SVG.
    mark: str = ""
    bibliography: str = ""
    glossary: str = ""
    # Whether an incomplete page is refused; if not, what is missing is shown as missing.
    strict: bool = False
    front: Front = Front()
    # Given what a notebook declares and the values that were set: raises a Problem when one is not legal.
    check_parameters: str = ""
    # Given all values of a notebook: lists path and SHA-256 of files that what it read was made from, the
    # digest empty where it must not be told.
    origin: str = ""

    @property
    def people(self) -> list[dict[str, str]]:
        """The authors as linked data: a name with a comma, or with an ORCID, is a person's."""
        found = []
        for place, name in enumerate(self.authors):
            orcid = ORCID.fullmatch(self.orcids[place]) if place < len(self.orcids) else None
            kind = "Person" if orcid or "," in name else "Organization"
            identity = {"@id": f"https://orcid.org/{orcid[1]}"} if orcid else {}
            found.append({"@type": kind, "name": name, **identity})
        return found

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return self.language.partition("-")[0] in {"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}

    @property
    def short_title(self) -> str:
        """The title up to its colon."""
        return self.title.partition(":")[0]

    @classmethod
    def read(
        cls,
        folder: Path | None,
        notebook: Mapping[str, Any] | None = None,
        table: Mapping[str, Any] | None = None,
    ) -> Settings:
        """Read the settings for a notebook in `folder`, whose own metadata go before its project's table.

        A table that is given stands in the place of the project's: the pages are somebody else's.
        """
        if table is not None:
            theirs: Settings = _filled(cls(), table, "the settings of these pages")
            return replace(theirs, folder=folder or Path())
        project = project_folder(folder) if folder is not None else None
        settings: Settings = cls()
        if project is not None and (said := pyproject(project)):
            table = said.get("tool", {}).get("nbarticle", {})
            settings = replace(_filled(settings, table, "pyproject.toml, [tool.nbarticle]"), folder=project)
        own = _usual(notebook or {}) | dict((notebook or {}).get("nbarticle") or {})
        if own.get("bibliography"):
            own["bibliography"] = str((folder or Path()) / str(own["bibliography"]))
        filled: Settings = _filled(settings, own, 'metadata of the notebook, "nbarticle"', OF_A_NOTEBOOK)
        return filled


def pyproject(project: Path) -> dict[str, Any]:
    """Read what a project says of itself in its pyproject.toml; nothing where there is none."""
    file = project / "pyproject.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except ValueError as error:
        raise Problem(f"pyproject.toml cannot be read: {error}.") from None


def _usual(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Read what notebooks say of their page where others look for it: authors, language, licence, DOI."""
    authors = metadata.get("authors")
    people = []
    for author in authors if isinstance(authors, list) else ():
        given = author if isinstance(author, Mapping) else {"name": author}
        if given.get("name"):
            people.append((str(given["name"]), str(given.get("orcid") or "")))
    language = str(metadata.get("lang") or metadata.get("language") or "")
    said = {
        "authors": [name for name, _ in people],
        "orcids": [orcid for _, orcid in people] if any(orcid for _, orcid in people) else [],
        "language": language if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*", language) else "",
        "licence": str(metadata.get("license") or metadata.get("licence") or ""),
        "doi": str(metadata.get("doi") or ""),
    }
    return {name: value for name, value in said.items() if value}


def _filled(settings: Any, table: Mapping[str, Any], where: str, allowed: tuple[str, ...] = ()) -> Any:
    """Put the values of a table in, each of the type of its default."""
    known = {item.name: getattr(settings, item.name) for item in fields(settings) if item.name != "folder"}
    values = {}
    for name, value in table.items():
        if name not in known or (allowed and name not in allowed):
            near = did_you_mean(name, allowed or known)
            raise Problem(f"{where}: there is no setting {name!r}{near}; take it out.")
        default = known[name]
        if isinstance(default, Front) and isinstance(value, Mapping):
            values[name] = _filled(default, value, f"{where[:-1]}.{name}]")
        elif (
            isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value)
        ):
            values[name] = tuple(value)
        elif type(default) is type(value):
            values[name] = value
        else:
            kinds = {bool: "true or false", tuple: "a list of texts", str: "a text", int: "a whole number"}
            kind = kinds.get(type(default), "a table")
            raise Problem(f"{where}: {name} must be {kind}, not {value!r}.")
    return replace(settings, **values)


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
    wanted = os.environ.get("SOURCE_DATE_EPOCH") or date or EPOCH
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
