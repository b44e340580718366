"""What was a result made of, and is that still so? Answered from contents, never from clocks.

A notebook's result depends on its *recipe* (the notebook, its parameters, the code that a project has made
importable, the interpreter and the lock) and on its *inputs*: what its kernel read, listed and asked about,
the installed packages it loaded, and all of ``data/`` where it read by means that nobody sees. What a page
says depends on the executed notebook, on ``nbarticle`` and all installed packages, and on the pictures and
the bibliography it was made of; the frame around it on its record and on the templates.
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
from pathlib import Path
from typing import Any

from nbarticle.noting import READERS

PACKAGE = Path(__file__).resolve().parent

# Parts of `nbarticle` that shape what a kernel computes, and so belong to the recipe; the rest makes pages.
RUNNERS = ("execute.py", "fork_server.py", "noting.py")

# Code that looks at code: where it stands, docstrings and comments are part of the result.
LOOKS_AT_CODE = re.compile(rb"__doc__|\binspect\b|getdoc|getsource|\bhelp\(")

IGNORED = frozenset("build .git .nbarticle __pycache__ .ipynb_checkpoints .hypothesis".split()) | frozenset(
    ".pytest_cache .mypy_cache .ruff_cache".split()
)

# Files of the system that no notebook's result is made of.
SYSTEM = {"bin", "dev", "etc", "lib", "lib64", "proc", "run", "sys", "usr"}

# The input of a notebook that read by means that nobody sees.
EVERYTHING = "all data"


def digest(content: Any) -> str:
    """Return the SHA-256 of bytes, of a text's UTF-8 or of anything else that JSON can hold."""
    if not isinstance(content, bytes | str):
        content = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; for a folder that of names and sizes; else ``"missing"``.

    Pipes and devices, which may never end, count as missing.
    """
    try:
        if path.is_dir():
            found = [p for p in path.iterdir() if p.name not in IGNORED]
            return digest({p.name: p.stat().st_size if p.is_file() else None for p in found})
        if not path.is_file():
            return "missing"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"


def files_below(folder: Path, *, hidden: bool = False) -> list[Path]:
    """List the files below a folder, in order, without those that are products."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name not in IGNORED and (hidden or not path.name.startswith(".")):
            found += files_below(path, hidden=hidden) if path.is_dir() else [path] if path.is_file() else []
    return found


def digests_below(folder: Path, *, hidden: bool = False) -> dict[str, str]:
    """Return the digest of every file below a folder, by its path from there."""
    found = files_below(folder, hidden=hidden)
    return {path.relative_to(folder).as_posix(): digest_of(path) for path in found}


# The code


@functools.cache
def _package_folders() -> tuple[Path, ...]:
    """Name the folders into which packages are installed."""
    return tuple(
        Path(path) for path in sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    )


@functools.cache
def _own_folders() -> tuple[Path, ...]:
    """Name the folders that a project has made importable beside the installed packages."""
    lines = [
        site / line
        for site in _package_folders()
        for file in sorted(site.glob("*.pth"))
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip() and not line.startswith(("#", "import ", "import\t"))
    ]
    return tuple(dict.fromkeys(folder.resolve() for folder in lines if folder.is_dir()))


def _is_code(path: Path) -> bool:
    """Whether a file is of the project's own code: a module, or what lies in a package beside modules."""
    folder = next((folder for folder in _own_folders() if path.is_relative_to(folder)), None)
    if folder in (None, path) or path.suffix == ".ipynb":
        return False
    package = folder / path.relative_to(folder).parts[0]
    return path.suffix in (".py", ".so") or (package / "__init__.py").is_file()


def _library_files() -> dict[str, Path]:
    """List the code of the project's own packages as kernels see it: without what only makes pages."""
    files = {p.relative_to(f).as_posix(): p for f in reversed(_own_folders()) for p in files_below(f)}
    own = {n: p for n, p in files.items() if _is_code(p) and not p.is_relative_to(PACKAGE)}
    return own | {f"{PACKAGE.name}/{name}": PACKAGE / name for name in RUNNERS}


def library(known: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of text and meaning of the project's own packages; `known` are the last."""
    files = _library_files()
    text = digest({name: digest_of(path) for name, path in files.items()})
    if text == known.get("text"):
        return dict(known)
    return {
        "text": text,
        "meaning": digest({name: meaning(path.read_bytes()) for name, path in files.items()}),
    }


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


def _reached(modules: Iterable[str]) -> set[str]:
    """List what is imported with modules: through the project's own, as far as they import when loaded."""
    files, found, todo = _library_files(), set(), list(modules)
    while todo:
        module = todo.pop()
        if module not in found:
            found.add(module)
            place = module.replace(".", "/")
            for file in (files.get(f"{place}.py"), files.get(f"{place}/__init__.py")):
                todo += imports(file.read_bytes()) if file else ()
            todo += [module.rpartition(".")[0]] if "." in module else []
    return found


def python() -> str:
    """Name the interpreter as far as results depend on it."""
    return f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"


def recipe(root: Path, source: bytes, parameters: Mapping[str, Any], library: Mapping[str, str]) -> str:
    """Return the hash of everything but packages and data that makes a notebook's result."""
    return digest(
        {
            "notebook": digest(source),
            "parameters": dict(parameters),
            "library": library["text" if LOOKS_AT_CODE.search(source) else "meaning"],
            "python": python(),
            "lock": digest_of(root / "requirements.lock"),
        }
    )


# The inputs


def version_of(package: str) -> str:
    """Return the version in which a package is installed; nothing where it is not."""
    return versions().get(_plain(package), "")


@functools.cache
def _distributions() -> Mapping[str, list[str]]:
    # Imported here: where nothing is stale it would take longer than all the rest.
    from importlib.metadata import packages_distributions

    return packages_distributions()


@functools.cache
def versions() -> dict[str, str]:
    """Return the version of every installed package."""
    stems = (path.stem.partition("-") for folder in _package_folders() for path in folder.glob("*.dist-info"))
    return {_plain(name): version for name, _, version in stems}


def _plain(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def noted(root: Path, notes: str) -> set[str]:
    """Read the notes of a kernel: inputs such as ``read data/a.csv``, without products of ours."""
    lines = [(kind, what) for kind, _, what in (line.partition("\t") for line in notes.splitlines())]
    found = set()
    if READERS & _reached(what for kind, what in lines if kind == "import"):
        found.add(EVERYTHING)
    for kind, what in lines:
        if kind == "all":
            found.add(EVERYTHING)
        elif kind == "module":
            found |= {f"package {_plain(name)}" for name in _distributions().get(what, ())}
        elif kind != "import" and (name := _name(kind, Path(what), root)):
            found.add(f"{kind} {name}")
    # Of what was read, it goes without saying that it was there.
    return found - {line.replace("read ", "ask ", 1) for line in found if line.startswith("read ")}


def _name(kind: str, path: Path, root: Path) -> str:
    """Name what a kernel read, listed or asked about; nothing where it is no input."""
    if path.parent.name == "__pycache__":
        path = path.parent.parent / f"{path.name.partition('.')[0]}.py"
    if any(path.is_relative_to(place) for place in (sys.prefix, sys.base_prefix, PACKAGE)):
        return ""
    if _is_code(path):
        return ""
    if path.is_relative_to(root):
        name = path.relative_to(root)
        return "" if IGNORED & set(name.parts) else name.as_posix()
    # Outside, only files count, neither the system's nor those of the build, which are gone afterwards.
    ours = any(part.startswith((".nbarticle", "nbarticle-")) for part in path.parts)
    counts = kind in ("read", "load") and not ours and path.parts[1] not in SYSTEM and path.is_file()
    return path.as_posix() if counts else ""


class Snapshot:
    """What inputs were when they were first asked for, each looked at once in a build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known = {f"read data/{name}": value for name, value in digests_below(root / "data").items()}
        self.data = dict(self.known)

    def now(self, inputs: Iterable[str]) -> dict[str, str]:
        """Return for each input what tells whether it has changed."""
        for name in inputs:
            if name not in self.known:
                self.known[name] = self._look(name)
        return {name: self.known[name] for name in sorted(inputs)}

    def _look(self, name: str) -> str:
        kind, _, what = name.partition(" ")
        path = self.root / what
        if name == EVERYTHING:
            everything = self.root / "data" if (self.root / "data").is_dir() else self.root
            return digest(digests_below(everything, hidden=True))
        if kind == "package":
            return version_of(what)
        if kind != "ask":
            return digest_of(path)
        if path.is_symlink():
            return f"link to {path.readlink()}"
        return "folder" if path.is_dir() else "file" if path.exists() else "missing"
