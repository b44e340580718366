"""What a build has to do: which notebooks, with which parameters, into which folder."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from textfiles.files import regular
from textfiles.parameters_cell import Declared, Value, declarations, read_values
from textfiles.problems import Problem, did_you_mean

from nbarticle.cache import digest


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    notebooks: Sequence[str] = ()
    given: Sequence[tuple[str, str]] = ()
    # In the place of `given`: each notebook runs once with each of these, under a name that says so.
    grid: Sequence[Sequence[tuple[str, str]]] = ()
    jobs: int = 0
    # The address of a Dask scheduler, whose workers run the notebooks in the place of this machine.
    cluster: str = ""
    timeout: int = 120
    out: Path | None = None
    edition: str = "full"
    # Where notebooks that belong to no project run, and whose their pages are, in the place of its settings.
    folder: Path | None = None
    settings: Mapping[str, Any] | None = None
    # What makes the pages again where there is no make: to it come one notebook and its parameters.
    command: str = ""


@dataclass(frozen=True)
class Planned:
    """One notebook of a build: its content as it was when the build began, and its parameters."""

    name: str
    path: Path
    source: bytes
    title: str
    # Of its cells.
    code: tuple[str, ...]
    declared: tuple[Declared, ...] = ()
    # Where it runs, below the project's folder.
    folder: str = ""
    values: dict[str, Value] = field(default_factory=dict)

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

    def command(self, request: Request, root: Path) -> str:
        """Return the command that makes this page again: the project's make, or what was called."""
        pairs = " ".join(f"-p {name} {shlex.quote(str(value))}" for name, value in self.values.items())
        if request.folder is None and (root / "Makefile").is_file():
            if pairs:  # to make a dollar means something
                name, pairs = (shlex.quote(text.replace("$", "$$")) for text in (self.path.stem, pairs))
                return f"make variant NOTEBOOK={name} PARAMS={pairs}"
            return "make student" if request.edition == "student" else "make"
        words = [request.command, *([shlex.quote(self.path.stem), pairs] if pairs else [])]
        words += ["--student"] if request.edition == "student" else []
        return " ".join(words) if request.command else ""

    def check(self, rules: str) -> None:
        """Check the values by the rules of the project, before anything runs."""
        if rules:
            try:
                function(rules)(self.declared, self.values)
            except Problem as error:
                raise Problem(*error.sentences, place=self.name) from None


def function(name: str) -> Callable[..., Any]:
    """Import a function that the project's settings name, written ``module:function``."""
    module, _, attribute = name.partition(":")
    try:
        found: Callable[..., Any] = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError):
        where = "pyproject.toml, [tool.nbarticle]"
        raise Problem(f"{where}: {name!r} cannot be imported; write module:function.") from None
    return found


def plan(root: Path, request: Request) -> list[Planned]:
    """Find the notebooks, read what they declare and give each its values."""
    catalogue = {path.stem: path for path in sorted((root / "notebooks").glob("*.ipynb"))}
    paths = [_find(word, request, catalogue, root) for word in request.notebooks] or [*catalogue.values()]
    if not paths:
        raise Problem(
            f"There are no notebooks in {root / 'notebooks'}: name one, or run from the project's folder."
        )
    if len({path.stem for path in paths}) < len(paths):
        raise Problem("Two notebooks have the same name: their pages would overwrite each other.")
    if request.folder is None:
        paths = sorted(paths, key=lambda path: path.stem)
    notebooks = [read(path) for path in paths]
    # A name that no notebook knows is refused; one that some know is for those, unless all were named.
    read_values(request.given, list({item.name: item for n in notebooks for item in n.declared}.values()))
    planned: list[Planned] = []
    for notebook in notebooks:
        names = {item.name for item in notebook.declared}
        for row, given in enumerate(request.grid or [request.given], start=1):
            pairs = [(name, text) for name, text in given if request.notebooks or name in names]
            place = f"{notebook.name}, run {row}" if request.grid else notebook.name
            try:
                taken = replace(notebook, values=read_values(pairs, notebook.declared))
            except Problem as error:
                raise Problem(*error.sentences, place=place) from None
            taken = replace(taken, name=_variant_name(taken)) if request.grid else taken
            if same := [number for number, other in enumerate(planned, 1) if taken.name == other.name]:
                earlier = (same[0] - 1) % len(request.grid) + 1
                raise Problem(f"it sets what run {earlier} sets: take one of the two out.", place=place)
            planned.append(taken)
    return planned


def _find(word: str, request: Request, catalogue: Mapping[str, Path], root: Path) -> Path:
    """Find a notebook by path, name or number below ``notebooks/``; it may be a parameter without its -p."""
    path = Path(word)
    stem = path.name.removesuffix(".ipynb")
    for place in (path, root / path):
        if path.suffix == ".ipynb" and place.is_file():
            return place.resolve()
    if stem in catalogue:
        return catalogue[stem]
    numbered = [name for name in catalogue if name.startswith(f"{stem}_")]
    if len(numbered) == 1:
        return catalogue[numbered[0]]
    parameter, mark, value = word.partition("=")
    if any(parameter == item.name for path in catalogue.values() for item in read(path).declared):
        following = [*request.notebooks, "VALUE"][list(request.notebooks).index(word) + 1]
        example = f"-p {parameter} {shlex.quote(value if mark else following)}"
        raise Problem(f"{word!r} is a parameter, not a notebook: write -p before it, as in {example}.")
    raise Problem(
        f"There is no notebook {word!r}{did_you_mean(stem, catalogue)}; see notebooks/ for the list."
    )


def read(path: Path) -> Planned:
    """Read a notebook: title, number of code cells, declared parameters."""
    source = regular(path).read_bytes()
    try:
        said = json.loads(source)
        metadata = said.get("metadata", {})
        texts = [(cell, "".join(cell["source"])) for cell in said["cells"]]
        words = "\n".join(text for cell, text in texts if cell["cell_type"] == "markdown")
        title = next((line[2:].strip() for line in words.splitlines() if line.startswith("# ")), path.stem)
        cells = [(cell, text) for cell, text in texts if cell["cell_type"] == "code" and text.strip()]
        tagged = [text for cell, text in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
        kernel, language = metadata.get("kernelspec", {}), metadata.get("language_info", {})
        written_in = str(kernel.get("language") or language.get("name") or "python")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Problem(
            f"{path.name} is not a notebook, or is damaged: open and save it in JupyterLab."
        ) from None
    if "python" not in written_in.lower():
        raise Problem(
            f"it is written in {written_in}, and only Python is run here: run it in Jupyter, "
            "and make its page with jupyter nbconvert --to article.",
            place=path.stem,
        )
    try:
        declared = declarations(tagged[0]) if tagged else ()
    except Problem as error:
        raise Problem(*error.sentences, place=path.stem) from None
    except SyntaxError as error:
        raise Problem(f"the parameters cell cannot be read: {error}.", place=path.stem) from None
    return Planned(path.stem, path, source, title, tuple(text for _, text in cells), declared)


def _variant_name(notebook: Planned) -> str:
    """Name a notebook with the values that were set: what a folder may be called on every system.

    Examples
    --------
    >>> _variant_name(Planned("04_x", Path("04_x.ipynb"), b"", "", (), values={"base": "asked", "a": 0.9}))
    '04_x-a-0.9-base-asked'
    """
    text = "-".join([notebook.path.stem, *(f"{n}-{value}" for n, value in sorted(notebook.values.items()))])
    name = re.sub(r"[^\w.-]", "_", text, flags=re.ASCII)[:100].rstrip(".")
    # Two values may read alike once they are made a name, on some systems also in other capitals.
    return name if name == text.lower() else f"{name}-{digest([notebook.path.stem, notebook.values])[:8]}"


def output_folder(root: Path, request: Request, planned: Sequence[Planned]) -> Path:
    """Choose where a build goes: variants each in a folder of its own, nothing over files of others."""
    published = root / "build"
    if request.out is None:
        names = "+".join(map(_variant_name, planned))
        name = names if len(names) <= 200 else f"variant-{digest(names)[:16]}"
        return published / "variant" / name if request.given else published
    out = request.out.resolve()
    if out == published and request.given:
        raise Problem(
            "Changed parameters may not overwrite the published set in build/: choose another --out."
        )
    if not out.is_relative_to(published) and not (out / ".nbarticle").exists():
        for part in ("site" if request.edition == "full" else request.edition, "executed"):
            found = next((path for path in sorted((out / part).rglob("*")) if path.is_file()), None)
            if found is not None:
                raise Problem(f"{found} is not of a build and would be overwritten: choose another --out.")
    return out
