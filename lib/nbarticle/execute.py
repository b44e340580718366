"""One notebook, executed strictly: all of it, in order, with no warning and nothing of this machine."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textfiles.problems import Problem

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from nbarticle.kernels import Place
    from nbarticle.plan import Planned

INJECTED = "injected-parameters"
# A cell with this tag may stop with an error and the run goes on, as in Jupyter; papermill would not let it.
RAISES, EXPECTED = "raises-exception", "expected"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
DRAWING = re.compile(r"image/|application/vnd\.nbarticle\.figure\+json")
ADDRESS = re.compile(r"( at 0x)[0-9a-fA-F]+")
# In the digits beyond these, a number depends on the processor that computed it.
SIGNIFICANT = 12
WARNING = re.compile(r"^([^\n]+?):\d+: (?=\w+: )", re.MULTILINE)


@dataclass(frozen=True)
class Executed:
    """A notebook that was run."""

    # As a file holds it, without anything that differs from run to run.
    content: str
    # What the kernel noted of what the notebook read.
    reads: str
    # Warnings of other packages.
    warnings: list[str]
    # Of all of it, and of parts of it by their names: the kernel until the first cell, the cells, and those
    # of them that show a drawing.
    seconds: float
    parts: Mapping[str, float]


def execute(
    planned: Planned, timeout: int, place: Place, done: Callable[[], object] = lambda: None
) -> Executed:
    """Run a notebook in a kernel of its own; `done` is called after every cell, which may take `timeout` s.

    Raises
    ------
    Problem
        One sentence: which cell stopped or is not as it should be, and why.
    """
    # Imported here, so that a build with nothing to run does not wait for them.
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    notebook = nbformat.from_dict(json.loads(planned.source))  # type: ignore[no-untyped-call, unused-ignore]
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = cell.get("id") or f"cell-{number}"
        cell.metadata["number"] = number
    kernel, reads = place.kernel(planned.folder)
    begun: dict[int, NotebookNode] = {}
    taken: dict[int, float] = {}
    start = time.monotonic()

    def begin(cell: NotebookNode, cell_index: int) -> None:
        begun[cell_index], taken[cell_index] = cell, -time.monotonic()

    def end(cell: NotebookNode, cell_index: int, execute_reply: object) -> None:
        taken[cell_index] += time.monotonic()
        for output in _errors(cell) if RAISES in cell.metadata.get("tags", ()) else ():
            output.output_type = EXPECTED
        done()

    def last(problem: str) -> Problem:
        cell = next(reversed(begun.values()), None)
        return _located(planned.name, cell, problem) if cell else Problem(f"{problem}.", place=planned.name)

    try:
        notebook = execute_notebook(
            notebook,
            None,
            parameters=dict(planned.values) or None,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            start_timeout=60,
            execution_timeout=timeout,
            shutdown_kernel="immediate",
            on_cell_execute=begin,
            on_cell_executed=end,
            **kernel,
        )
    except PapermillExecutionError as error:
        first, *others = _lines(error.evalue) or ["no message"]
        # Where the first line announces a list, the first item goes with it.
        first += f" {others[0].removeprefix('- ')}" if first.endswith(":") and others else ""
        problem = f"stopped with {error.ename}: {first}"
        raise _located(planned.name, begun[error.cell_index], problem) from None
    except CellTimeoutError:
        raise last(f"ran longer than {timeout} s and was stopped") from None
    except DeadKernelError:
        problem = "ended the Python process it ran in; the likely cause is too little memory"
        raise last(problem) from None
    except RuntimeError as error:
        first = next(iter(_lines(str(error))), "")
        problem = f"could not be run: {first} (after {time.monotonic() - start:.0f} s)"
        raise last(problem) from None
    cells = sum(taken.values())
    drawing = sum(
        taken.get(number, 0.0)
        for number, cell in enumerate(notebook.cells)
        if any(DRAWING.match(kind) for output in cell.get("outputs", ()) for kind in output.get("data", ()))
    )
    parts = {"kernel": time.monotonic() - start - cells, "cells": cells, "of them drawing": drawing}
    warnings = _check(planned.name, notebook, place.root)
    _strip(notebook)
    nbformat.validate(notebook)
    content = nbformat.writes(notebook) + "\n"  # type: ignore[no-untyped-call, unused-ignore]
    noted = reads.read_text(encoding="utf-8") if reads.is_file() else ""
    return Executed(content, noted, warnings, time.monotonic() - start, parts)


def _located(name: str, cell: NotebookNode, problem: str) -> Problem:
    """Name the cell by its number in the notebook as its author sees it, and by its first line."""
    lines = (line.strip() for line in cell.source.splitlines())
    line = next((line for line in lines if line and line[0] not in "#%"), "")
    line = line if len(line) <= 60 else f"{line[:57]}..."
    number = cell.metadata.get("number", "of the parameters")
    return Problem(f"{line!r} {problem.rstrip('.')}.", place=f"{name}, cell {number}")


def _lines(text: str) -> list[str]:
    """List the lines that say something."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def _check(name: str, notebook: NotebookNode, root: Path) -> list[str]:
    """Refuse what is incomplete, warns or tells of this machine; return the warnings of other packages."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    folder = re.compile(re.escape(str(root)) + r"(?![\w-])")
    warnings = []
    for position, cell in enumerate(code, start=1):
        problem = ""
        own, foreign = _sort_warnings("".join(o.text for o in cell.outputs if o.get("name") == "stderr"))
        shown = [output for output in cell.outputs if output.get("name") != "stderr"]
        if _errors(cell):
            left = len(code) - position
            problem = f"ended the run early, as sys.exit() does, and left {left} code cells unrun"
        elif cell.execution_count is None:
            problem = "was never run"
        elif cell.execution_count != position:
            problem = "was run out of order"
        elif own:
            problem = f"printed a warning: {_lines(own)[0]}"
        elif len(root.parts) > 1 and any(folder.search(str(output)) for output in shown):
            problem = "shows the project's folder on this machine, use relative paths"
        if problem:
            raise _located(name, cell, problem)
        for output in shown:
            output.output_type = output.output_type.replace(EXPECTED, "error")
        if foreign:
            warnings.append(f"{name}, cell {cell.metadata['number']}: {_lines(foreign)[0]}")
        cell.outputs = shown
    return warnings


def _errors(cell: NotebookNode) -> list[NotebookNode]:
    return [output for output in cell.outputs if output.output_type == "error"]


def _sort_warnings(printed: str) -> tuple[str, str]:
    """Split what stands on the error stream into our own words and the warnings of installed packages."""
    own, *pieces = WARNING.split(printed)
    foreign = ""
    for file, said in zip(pieces[::2], pieces[1::2], strict=True):
        if "site-packages" in file or file.startswith(sys.base_prefix):
            foreign += said
        else:
            own += said.partition("\n")[0]
    return own.strip(), foreign


def _strip(notebook: NotebookNode) -> None:
    """Remove what differs between two runs or two machines: times, ids, addresses, versions, last digits."""
    for key in ("papermill", "widgets"):
        notebook.metadata.pop(key, None)
    notebook.metadata.update(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
        for key in ("number", "papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = ADDRESS.sub(r"\g<1>0", output.text)
            for kind, content in output.get("data", {}).items():
                if kind == "text/plain":
                    output.data[kind] = ADDRESS.sub(r"\g<1>0", content)
                elif kind.endswith("+json"):
                    output.data[kind] = _rounded(content)


def _rounded(content: Any) -> Any:
    """Round every number in JSON to the digits that all processors agree on.

    Examples
    --------
    >>> _rounded({"rows": [[1, 0.6512927294468545, None]]})
    {'rows': [[1, 0.651292729447, None]]}
    """
    if isinstance(content, float):
        return float(f"{content:.{SIGNIFICANT}g}")
    if isinstance(content, dict):
        return {name: _rounded(value) for name, value in content.items()}
    return [_rounded(value) for value in content] if isinstance(content, list) else content
