"""Is the last result still right? Answered from the content of everything it was made of, never from clocks.

A notebook's result depends on its *recipe* (the notebook, its parameters, the code that a project has made
importable, the interpreter and the lock), on the installed *packages* its kernel loaded, and on its *inputs*:
what its kernel read, listed and asked about, the whole survey folder it was given, and all of ``data/`` where
it read by means that nobody sees. A page depends on the executed notebook, on ``nbarticle`` and its record.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from nbarticle.noting import READERS

PACKAGE = Path(__file__).resolve().parent

# Parts of `nbarticle` that shape what a kernel computes, and so belong to the recipe; the rest makes pages.
RUNNERS = ("execute.py", "environment.py", "kernels.py", "fork_server.py", "noting.py")

# Code that looks at code: where it stands, docstrings and comments are part of the result.
LOOKS_AT_CODE = re.compile(rb"__doc__|\binspect\b|getdoc|getsource|\bhelp\(")

IGNORED = {
    "build",
    ".git",
    ".nbarticle",
    "__pycache__",
    ".ipynb_checkpoints",
    ".hypothesis",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
}

# Files of the system that no notebook's result is made of.
SYSTEM = {"bin", "dev", "etc", "lib", "lib64", "proc", "run", "sys", "usr"}

# Marks in the names of inputs that no path has: a path of which only the existence counts, and all of data/.
ASKED, EVERYTHING = "//", "data//everything"


@dataclass
class Record:
    """What is known of a notebook's last good result."""

    recipe: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    executed: str = ""
    # Path, digest and parameters of the notebook that was run, and the files its inputs were made from.
    notebook: dict[str, Any] = field(default_factory=dict)
    page_key: dict[str, str] = field(default_factory=dict)
    page: dict[str, str] = field(default_factory=dict)
    title: str = ""
    seconds: float = 0.0


@dataclass
class State:
    """What the output folder holds: a record per notebook, and per edition the site's key and file hashes.

    `library` tells what the code that was there last time amounts to, for it takes long to find out.
    """

    notebooks: dict[str, Record] = field(default_factory=dict)
    library: dict[str, str] = field(default_factory=dict)
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
    """Return the SHA-256 of a file, ``"missing"`` without one; for a folder that of names and sizes."""
    try:
        if path.is_dir():
            found = [p for p in path.iterdir() if p.name not in IGNORED]
            return digest(
                "\n".join(sorted(f"{p.name} {p.stat().st_size if p.is_file() else ''}" for p in found))
            )
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"


def kind_of(path: Path) -> str:
    """Say what is at a path, if anything."""
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return "folder" if path.is_dir() else "file" if path.exists() else "missing"


def digest_together(paths: Iterable[Path], base: Path) -> str:
    """Return one hash for many files: their names relative to `base`, and their contents."""
    lines = sorted(f"{path.relative_to(base).as_posix()} {digest_of(path)}" for path in paths)
    return digest("\n".join(lines))


def digest_record(record: Mapping[str, Any]) -> str:
    """Return the hash of anything that JSON can hold, whatever the order of its keys."""
    return digest(json.dumps(record, sort_keys=True, ensure_ascii=False))


def files_below(folder: Path, skip: Iterable[str] = IGNORED, hidden: bool = False) -> list[Path]:
    """List the files below a folder, in order, without the folders named in `skip`."""
    skipped = set(skip) | {"__pycache__"}
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (path.name.startswith(".") and not hidden) or path.name in skipped:
            continue
        found += files_below(path, skipped, hidden) if path.is_dir() else [path]
    return found


@functools.cache
def packages_folders() -> tuple[Path, ...]:
    """Name the folders into which packages are installed."""
    return tuple(
        Path(path) for path in sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    )


@functools.cache
def own_folders() -> tuple[Path, ...]:
    """Name the folders that a project has made importable beside the installed packages."""
    lines = [
        (site, line)
        for site in packages_folders()
        for file in sorted(site.glob("*.pth"))
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip() and not line.startswith(("#", "import ", "import\t"))
    ]
    return tuple(dict.fromkeys((site / line).resolve() for site, line in lines if (site / line).is_dir()))


def library_files() -> dict[str, Path]:
    """List the code of the project's own packages as kernels see it: without what only makes pages."""
    files = {p.relative_to(f).as_posix(): p for f in reversed(own_folders()) for p in files_below(f)}
    own = {n: p for n, p in files.items() if p.suffix in {".py", ".so"} and not p.is_relative_to(PACKAGE)}
    return own | {f"{PACKAGE.name}/{name}": PACKAGE / name for name in RUNNERS}


def meaning(source: bytes) -> str:
    """Return the hash of what Python code does: without docstrings, comments and blank lines."""
    if LOOKS_AT_CODE.search(source):
        return digest(source)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return digest(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                    node.body = rest
    return digest(ast.dump(tree))


def library(known: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of text and meaning of the project's own packages; `known` are the last."""
    files = sorted(library_files().items())
    text = digest_record({name: digest_of(path) for name, path in files})
    if text == known.get("text"):
        return dict(known)
    return {
        "text": text,
        "meaning": digest_record({name: meaning(path.read_bytes()) for name, path in files}),
    }


@functools.cache
def publisher() -> str:
    """Return the hash of ``nbarticle``: the exporter, its template, the site."""
    return digest_together(files_below(PACKAGE), PACKAGE)


@functools.cache
def installed() -> dict[str, str]:
    """Return the versions of all installed packages, by plain name."""
    stems = (path.stem.partition("-") for folder in packages_folders() for path in folder.glob("*.dist-info"))
    return {_plain(name): version for name, _, version in stems}


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of packages; one that is not there has none."""
    return {name: installed().get(name, "") for name in sorted(names)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def python() -> str:
    """Name the interpreter as far as results depend on it."""
    return f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"


def recipe(root: Path, source: bytes, parameters: Mapping[str, Any], library: Mapping[str, str]) -> str:
    """Return the hash of everything but packages and data that makes a notebook's result."""
    return digest_record(
        {
            "notebook": digest(source),
            "parameters": dict(parameters),
            "library": library["text" if LOOKS_AT_CODE.search(source) else "meaning"],
            "python": python(),
            "lock": digest_of(root / "requirements.lock"),
        }
    )


def declared_inputs(root: Path, survey: str | None) -> list[str]:
    """List what a notebook depends on before it is known what it reads: the survey folder it is given."""
    if survey is None:
        return []
    files = files_below(root / survey)
    return [survey.rstrip("/") + "/", *(path.relative_to(root).as_posix() for path in files)]


def noted(root: Path, notes: str) -> tuple[list[str], list[str]]:
    """Read the notes of a kernel: its inputs, without products of ours, and the packages it loaded."""
    lines = notes.splitlines()
    inputs, packages = [], set()
    imported = {line.partition("\t")[2] for line in lines if line.startswith("import\t")}
    if READERS & reached(imported):
        inputs.append(EVERYTHING)
    for kind, _, what in (line.partition("\t") for line in dict.fromkeys(lines)):
        if kind == "import":
            continue
        if kind == "module":
            packages |= {_plain(name) for name in _distributions().get(what, ())}
        elif kind == "all":
            inputs.append(EVERYTHING)
        elif (name := _input(kind, Path(what), root)) is not None:
            inputs.append(name)
    # Of what was read, it goes without saying that it was there.
    found = {name for name in inputs if not (name.endswith(ASKED) and name.removesuffix(ASKED) in inputs)}
    return sorted(found), sorted(packages)


def reached(modules: Iterable[str]) -> set[str]:
    """List what is imported with modules: through the project's own, as far as they import when loaded."""
    files, found, todo = library_files(), set(), list(modules)
    while todo:
        module = todo.pop()
        if module in found:
            continue
        found.add(module)
        place = module.replace(".", "/")
        todo += [
            name
            for end in (".py", "/__init__.py")
            if (file := files.get(place + end))
            for name in imports(file.read_bytes())
        ]
        todo += [module.rpartition(".")[0]] if "." in module else []
    return found


@functools.cache
def imports(source: str | bytes) -> frozenset[str]:
    """List the modules that code imports when it is loaded; none where it does not parse."""
    found: set[str] = set()
    try:
        todo: list[ast.AST] = [ast.parse(source)]
    except (SyntaxError, ValueError):
        return frozenset()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return frozenset(found)


@functools.cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def _input(kind: str, path: Path, root: Path) -> str | None:
    """Name what a kernel read, listed or asked about; None where it is no input."""
    if path.parent.name == "__pycache__":
        path = path.parent.parent / f"{path.name.partition('.')[0]}.py"
    if any(path.is_relative_to(place) for place in (sys.prefix, sys.base_prefix, PACKAGE)):
        return None
    if path.suffix == ".py" and any(path.is_relative_to(folder) for folder in own_folders()):
        return None
    if path.is_relative_to(root):
        name = path.relative_to(root)
        return (
            None
            if IGNORED & set(name.parts)
            else name.as_posix() + {"read": "", "list": "/", "ask": ASKED}[kind]
        )
    # Outside, only files count, neither the system's nor those of the build, which are gone afterwards.
    ours = any(part.startswith((".nbarticle", "nbarticle-")) for part in path.parts)
    if kind != "read" or ours or path.parts[1] in SYSTEM or not path.is_file():
        return None
    return path.as_posix()


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
                self.known[name] = self._look(name)
        return {name: self.known[name] for name in wanted}

    def _look(self, name: str) -> str:
        if name == EVERYTHING:
            return digest_together(files_below(self.root / "data", hidden=True), self.root)
        place = self.root / name.removesuffix(ASKED)
        return kind_of(place) if name.endswith(ASKED) else digest_of(place)
