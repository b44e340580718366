"""Is the last result still right? Answered from the content of everything it was made of, never from clocks.

A notebook's result depends on its *recipe* (the notebook, its parameters, the library outside ``nbarticle``,
the interpreter, the lock and the installed packages that it names) and on its *inputs*: the files its kernel
opened, the folders it listed, the whole survey folder it was given, and the data files in binary formats,
whose readers open them unseen. A page depends on the executed notebook, on ``nbarticle`` and its record.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from textfiles.project import named_outside

PACKAGE = Path(__file__).resolve().parent.parent
LIBRARY_SKIPS = {"nbarticle", "__pycache__"}

# Parts of `nbarticle` that shape what a kernel computes, and so belong to the recipe.
RUNNERS = ("execute.py", "environment.py", "kernels.py")

# Read by compiled code, which no audit hook sees.
UNSEEN = {".sav", ".zsav", ".por", ".dta", ".xpt", ".sas7bdat", ".parquet", ".feather"}
IGNORED = {
    "build",
    ".git",
    "__pycache__",
    ".ipynb_checkpoints",
    ".hypothesis",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
}


@dataclass
class Record:
    """What is known of a notebook's last good result."""

    recipe: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    executed: str = ""
    page_key: dict[str, str] = field(default_factory=dict)
    page: dict[str, str] = field(default_factory=dict)
    title: str = ""
    seconds: float = 0.0


@dataclass
class State:
    """What the output folder holds: a record per notebook, and per edition the site's key and file hashes."""

    notebooks: dict[str, Record] = field(default_factory=dict)
    site_key: dict[str, str] = field(default_factory=dict)
    site_files: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> State:
        """Read the state; a missing or damaged file means that nothing is known, so everything is rebuilt."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            found["notebooks"] = {name: Record(**record) for name, record in found["notebooks"].items()}
            return cls(**found)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def to_json(self) -> bytes:
        """Write the state as JSON, keys sorted."""
        return (json.dumps(asdict(self), sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def digest(content: bytes | str) -> str:
    """Return the SHA-256 of bytes or of a text's UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, ``"missing"`` without one, and for a folder that of its listing."""
    try:
        if path.is_dir():
            return digest("\n".join(sorted(p.name for p in path.iterdir() if p.name not in IGNORED)))
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"


def digest_together(paths: Iterable[Path], base: Path) -> str:
    """Return one hash for many files: their names relative to `base`, and their contents."""
    lines = sorted(f"{path.relative_to(base).as_posix()} {digest_of(path)}" for path in paths)
    return digest("\n".join(lines))


def digest_record(record: Mapping[str, Any]) -> str:
    """Return the hash of anything that JSON can hold, whatever the order of its keys."""
    return digest(json.dumps(record, sort_keys=True, ensure_ascii=False))


def files_below(folder: Path, skip: Iterable[str] = IGNORED) -> list[Path]:
    """List the files below a folder, in order; hidden files and the folders named in `skip` are left out."""
    skipped = set(skip) | {"__pycache__"}
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith(".") or path.name in skipped:
            continue
        found += files_below(path, skipped) if path.is_dir() else [path]
    return found


@functools.cache
def library() -> str:
    """Return the hash of the library as kernels see it: every room but ``nbarticle``, and the running."""
    runners = [PACKAGE / "nbarticle" / name for name in RUNNERS]
    return digest_together(files_below(PACKAGE, LIBRARY_SKIPS) + [p for p in runners if p.is_file()], PACKAGE)


@functools.cache
def publisher() -> str:
    """Return the hash of ``nbarticle``: the exporter, its template, the site."""
    return digest_together(files_below(PACKAGE / "nbarticle"), PACKAGE)


@functools.cache
def surroundings(root: Path) -> str:
    """Return the hash of interpreter, installed packages and lock."""
    lock = root / "requirements.lock"
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    named = {_plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, flags=re.MULTILINE)}
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    found = {path.stem for folder in folders for path in Path(folder).glob("*.dist-info")}
    found = {item for item in found if not named or _plain(item.partition("-")[0]) in named}
    version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    return digest_record({"python": version, "packages": sorted(found - {"regint"}), "lock": digest(text)})


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def recipe(root: Path, source: bytes, parameters: Mapping[str, Any]) -> str:
    """Return the hash of everything but the data that makes a notebook's result."""
    return digest_record(
        {
            "notebook": digest(source),
            "parameters": dict(parameters),
            "library": library(),
            "surroundings": surroundings(root),
        }
    )


def declared_inputs(root: Path, survey: str | None) -> list[str]:
    """List what a notebook depends on before it is known what it reads: its survey folder, binary data."""
    found = [path for path in files_below(root / "data") if path.suffix.lower() in UNSEEN]
    listed = []
    if survey is not None:
        listed.append(survey.rstrip("/") + "/")
        found += files_below(_place(survey, root))
    return listed + [_name(path, root) for path in found]


def noted_inputs(root: Path, notes: Path) -> list[str]:
    """Read the note of a kernel's reads: what lies in the project or in a survey outside, no products."""
    if not notes.is_file():
        return []
    bases = [root, *map(Path, named_outside().values())]
    found = []
    for line in dict.fromkeys(notes.read_text(encoding="utf-8").splitlines()):
        path = Path(line)
        if path.parent.name == "__pycache__":
            path = path.parent.parent / f"{path.name.partition('.')[0]}.py"
        base = next((base for base in bases if path.is_relative_to(base)), None)
        # The project folder itself is listed by every import.
        if base is None or path == root or path.is_relative_to(PACKAGE) or path.is_relative_to(sys.prefix):
            continue
        parts = path.relative_to(base).parts
        if any(part in IGNORED or part.startswith(".") for part in parts):
            continue
        found.append(_name(path, root) + ("/" if line.endswith("/") else ""))
    return found


def _name(path: Path, root: Path) -> str:
    """Name an input: relative to the project, or by the name of the folder outside in which it lies."""
    for name, folder in named_outside().items():
        if path.is_relative_to(folder):
            return (Path(name) / path.relative_to(folder)).as_posix()
    return Path(os.path.relpath(path, root)).as_posix()


def _place(name: str, root: Path) -> Path:
    """Find an input by its name."""
    for start, folder in named_outside().items():
        if Path(name).is_relative_to(start):
            return Path(folder, Path(name).relative_to(start))
    return root / name


class Snapshot:
    """Hashes of input files as they were when first asked for, each computed once in a build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known: dict[str, str] = {}
        self.data = self.now(path.relative_to(root).as_posix() for path in files_below(root / "data"))

    def now(self, names: Iterable[str]) -> dict[str, str]:
        """Return the hash of each named file or folder."""
        wanted = sorted(set(names))
        for name in wanted:
            if name not in self.known:
                self.known[name] = digest_of(_place(name, self.root))
        return {name: self.known[name] for name in wanted}
