"""One notebook executed strictly, as a task of the pool."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textfiles.files import write
from textfiles.problems import Problem

from nbarticle.cache import digest
from nbarticle.settings import Settings

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from nbarticle.document import Page


@dataclass(frozen=True)
class Execution:
    """Run a notebook."""

    name: str
    source: Path
    parameters: Mapping[str, Any]
    root: Path
    draft: Path
    reads: Path
    timeout: int = 120

    def perform(self, done: Callable[[], None]) -> tuple[list[str], float]:
        """Run it strictly, write the result; return notes on other packages' warnings, and the seconds."""
        import nbformat

        os.environ["NBARTICLE_READS"] = str(self.reads)
        start = time.monotonic()
        notebook, notes = run(self, done)
        write(self.draft, nbformat.writes(notebook) + "\n")  # type: ignore[no-untyped-call, unused-ignore]
        return notes, time.monotonic() - start


@dataclass(frozen=True)
class Rendering:
    """Make the page of an executed notebook."""

    name: str
    executed: Path
    record: Mapping[str, Any]
    root: Path

    def perform(self, done: Callable[[], None]) -> str:
        """Export the page and return its record as JSON."""
        import nbformat

        from nbarticle.article import ArticleExporter

        os.chdir(self.root)
        notebook = nbformat.read(self.executed, as_version=4)  # type: ignore[no-untyped-call, unused-ignore]
        resources: dict[str, Any] = {
            "metadata": {"name": self.name, "path": str(self.root)},
            "nbarticle": dict(self.record),
        }
        exporter = ArticleExporter()  # type: ignore[no-untyped-call, unused-ignore]
        _, resources = exporter.from_notebook_node(notebook, resources)
        done()
        page: str = resources["nbarticle_page"].to_json()
        return page


@dataclass(frozen=True)
class Published:
    """A page as the site is to show it: its record (None if never built), and why it failed, if it did."""

    name: str
    title: str
    record: Path | None
    problem: str = ""

    def page(self, edition: str) -> Page:
        """Read the record and mark it."""
        from nbarticle.document import Page

        page = Page(name=self.name, title=self.title, edition=edition)
        if self.record is not None:
            page = Page.from_json(self.record.read_text(encoding="utf-8"))
        return replace(page, status="failed" if self.problem else "built", message=self.problem)


@dataclass(frozen=True)
class Assembly:
    """Put the site together."""

    name: str
    pages: tuple[Published, ...]
    project: Mapping[str, Any]
    settings: Settings
    data: Path | None
    notebooks: Path | None
    target: Path

    def perform(self, done: Callable[[], None]) -> dict[str, str]:
        """Write every file of the site and return their hashes."""
        from concurrent.futures import ThreadPoolExecutor

        from nbarticle.site import site_files

        pages = [page.page(self.project["edition"]) for page in self.pages]
        files = site_files(
            pages, self.settings, record=self.project, data=self.data, notebooks=self.notebooks
        )
        # Each file waits for the disk; waiting together takes hardly longer than waiting for one.
        with ThreadPoolExecutor(16) as threads:
            written = [threads.submit(write, self.target / n, content) for n, content in files.items()]
        for outcome in written:
            outcome.result()
        return {name: digest(content) for name, content in files.items()}


class Failed(str):
    """One sentence that says why a task failed."""


Task = Execution | Rendering | Assembly


INJECTED = "injected-parameters"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
ADDRESS = re.compile(r"( at 0x)[0-9a-fA-F]+")
WARNING = re.compile(r"^(?P<file>[^\n]+?):\d+: \w+: ", re.MULTILINE)

logging.getLogger("papermill").setLevel(logging.CRITICAL)
logging.getLogger("traitlets").setLevel(logging.ERROR)


@dataclass
class Progress:
    """Where a run stands: the cell that was started last, and whom to tell that one is done."""

    done: Callable[[], None]
    index: int = 0
    cell: NotebookNode | None = None
    notes: list[str] = field(default_factory=list)

    def started(self, cell: NotebookNode, cell_index: int) -> None:
        """Remember the cell, for the message when it never ends."""
        self.index, self.cell = cell_index, cell

    def completed(self, cell: NotebookNode, cell_index: int) -> None:
        """Count the cell on the progress bar."""
        self.done()


def run(task: Execution, done: Callable[[], None] = lambda: None) -> tuple[NotebookNode, list[str]]:
    """Run a notebook in a fresh kernel and return it stripped of everything that differs from run to run."""
    # Imported here, so that a build with nothing to run does not wait for them.
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    from nbarticle.kernels import kernel_options

    progress = Progress(done)
    started = time.monotonic()
    try:
        notebook = execute_notebook(
            str(task.source),
            None,
            parameters=dict(task.parameters) or None,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            cwd=str(task.root),
            start_timeout=60,
            execution_timeout=task.timeout,
            shutdown_kernel="immediate",
            on_cell_execute=progress.started,
            on_cell_executed=None,
            on_cell_complete=progress.completed,
            **kernel_options(),
        )
    except PapermillExecutionError as error:
        problem = f"stopped with {error.ename}: {headline(error.evalue) or 'no message'}"
        raise located(task, error.cell_index, error.source, problem) from None
    except CellTimeoutError:
        problem = f"ran longer than {task.timeout} s and was stopped"
        raise located(task, progress.index, source_of(progress.cell), problem) from None
    except (DeadKernelError, RuntimeError) as error:
        problem = "ended the Python process it ran in; the likely cause is too little memory"
        if not isinstance(error, DeadKernelError):
            problem = f"could not be run: {first_line(str(error))} (after {time.monotonic() - started:.0f} s)"
        raise located(task, progress.index, source_of(progress.cell), problem) from None
    check_complete(task, notebook)
    check_quiet(task, notebook, progress.notes)
    strip(task, notebook)
    check_anonymous(task, notebook)
    nbformat.validate(notebook)
    return notebook, progress.notes


def located(task: Execution, index: int, source: str, problem: str) -> Problem:
    """Name the cell by its number in the notebook as its author sees it, and by its first line."""
    line = next(
        (line.strip() for line in source.splitlines() if line.strip() and line.strip()[0] not in "#%"), ""
    )
    line = line if len(line) <= 60 else f"{line[:57]}..."
    place = f"{task.name}, cell {number(task, index)}"
    return Problem(f"{line!r} {problem.rstrip('.')}.", place=place)


def number(task: Execution, index: int) -> int:
    """Count the cell from 1 in the source notebook, where the injected parameters are no cell."""
    if not task.parameters:
        return index + 1
    tags = [
        cell.get("metadata", {}).get("tags", []) for cell in json.loads(task.source.read_bytes())["cells"]
    ]
    defined = next((i for i, tag in enumerate(tags) if "parameters" in tag), -1)
    return index + 1 if index <= defined else index


def first_line(text: str) -> str:
    """Return the first line that says something."""
    return next((line.strip() for line in str(text).splitlines() if line.strip()), "")


def headline(text: str) -> str:
    """Return the first line that says something; where it announces a list, the first item with it."""
    first, *others = [line.strip() for line in str(text).splitlines() if line.strip()] or [""]
    return f"{first} {others[0].removeprefix('- ')}" if first.endswith(":") and others else first


def source_of(cell: NotebookNode | None) -> str:
    """Return a cell's code, or nothing before the first cell."""
    return str(cell.source) if cell is not None else ""


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """List the code cells that hold code, with their index."""
    return [(i, c) for i, c in enumerate(notebook.cells) if c.cell_type == "code" and c.source.strip()]


def check_complete(task: Execution, notebook: NotebookNode) -> None:
    """Refuse a run in which any code cell was left out."""
    cells = code_cells(notebook)
    for position, (index, cell) in enumerate(cells):
        left = len(cells) - position - 1
        stopped = any(o.output_type == "error" for o in cell.outputs)
        if stopped or cell.execution_count is None:
            problem = f"ended the run early, as sys.exit() does, and left {left} code cells unrun"
            raise located(task, index, cell.source, problem if stopped else "was never run")
        if cell.execution_count != position + 1:
            raise located(task, index, cell.source, "was run out of order")


def check_quiet(task: Execution, notebook: NotebookNode, notes: list[str]) -> None:
    """Refuse anything on the error stream but warnings of other packages, which become notes."""
    for index, cell in code_cells(notebook):
        printed = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
        own, foreign = sort_warnings(printed)
        if own:
            raise located(task, index, cell.source, f"printed a warning: {first_line(own)}")
        if foreign:
            notes.append(f"{task.name}, cell {number(task, index)}: {first_line(foreign)}")
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]


def sort_warnings(printed: str) -> tuple[str, str]:
    """Split what stands on the error stream into our own words and the warnings of installed packages."""
    headers = list(WARNING.finditer(printed))
    own = printed[: headers[0].start()] if headers else printed
    foreign = ""
    ends = [header.start() for header in headers[1:]] + [len(printed)]
    for header, end in zip(headers, ends[: len(headers)], strict=True):
        text = printed[header.start() : end]
        said = text.partition(": ")[2]
        if "site-packages" in header["file"] or header["file"].startswith(sys.base_prefix):
            foreign += said
        else:
            own += said.partition("\n")[0]
    return own.strip(), foreign


def check_anonymous(task: Execution, notebook: NotebookNode) -> None:
    """Refuse outputs that name the project's folder on this machine: they differ from clone to clone."""
    place = re.compile(re.escape(str(task.root)) + r"(?![\w-])")
    for index, cell in code_cells(notebook):
        if len(task.root.parts) > 1 and any(place.search(str(output)) for output in cell.outputs):
            raise located(
                task, index, cell.source, "shows the project's folder on this machine, use relative paths"
            )


def strip(task: Execution, notebook: NotebookNode) -> None:
    """Remove what differs between two runs of the same notebook: times, ids, addresses, versions."""
    for key in ("papermill", "widgets"):
        notebook.metadata.pop(key, None)
    notebook.metadata.update(kernelspec=KERNEL, language_info={"name": "python"})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell, name in zip(notebook.cells, cell_ids(task, notebook), strict=True):
        cell.id = name
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = ADDRESS.sub(r"\g<1>0", output.text)
            elif "text/plain" in output.get("data", {}):
                output.data["text/plain"] = ADDRESS.sub(r"\g<1>0", output.data["text/plain"])


def cell_ids(task: Execution, notebook: NotebookNode) -> list[str]:
    """Return the ids the source gives its cells; one without an id is named by its place."""
    source = json.loads(task.source.read_bytes())["cells"]
    names = [cell.get("id") or f"cell-{position}" for position, cell in enumerate(source, start=1)]
    added = [i for i, cell in enumerate(notebook.cells) if INJECTED in cell.metadata.get("tags", [])]
    for index in added:
        names.insert(index, INJECTED)
    return names
