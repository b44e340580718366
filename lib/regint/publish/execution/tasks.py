"""What a worker can be asked to do; light, because the asking side imports it too."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regint.publish.execution.fresh import digest
from regint.publish.execution.isolate import write_durably

if TYPE_CHECKING:
    from regint.publish.pages.page import Page


@dataclass(frozen=True)
class Execution:
    """Run a notebook.

    Attributes
    ----------
    name, source
        Stem and path of the notebook.
    parameters
        Values that replace the defaults; empty to run the notebook as it stands.
    root
        Project folder: the kernel's working directory.
    draft, reads
        Where the executed notebook and the note of what its kernel read are written.
    timeout
        Seconds that one cell may take.
    """

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

        from regint.publish.execution.execute import run

        os.environ["REGINT_READS"] = str(self.reads)
        start = time.monotonic()
        notebook, notes = run(self, done)
        write_durably(self.draft, (nbformat.writes(notebook) + "\n").encode())  # type: ignore[no-untyped-call, unused-ignore]
        return notes, time.monotonic() - start


@dataclass(frozen=True)
class Rendering:
    """Make the page of an executed notebook.

    Attributes
    ----------
    name, executed
        Stem of the notebook and path of its executed copy.
    record
        What the page says about its own making: ``resources["regint"]`` of the exporter.
    root
        Project folder, where the exporter looks for bibliography and glossary.
    """

    name: str
    executed: Path
    record: Mapping[str, Any]
    root: Path

    def perform(self, done: Callable[[], None]) -> str:
        """Export the page and return its record as JSON."""
        import nbformat

        from regint.publish.article import ArticleExporter

        os.chdir(self.root)
        notebook = nbformat.read(self.executed, as_version=4)  # type: ignore[no-untyped-call, unused-ignore]
        resources: dict[str, Any] = {"metadata": {"name": self.name}, "regint": dict(self.record)}
        exporter = ArticleExporter()  # type: ignore[no-untyped-call, unused-ignore]
        _, resources = exporter.from_notebook_node(notebook, resources)
        done()
        page: str = resources["regint_page"].to_json()
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
        from regint.publish.pages.page import Page

        page = Page(name=self.name, title=self.title, edition=edition)
        if self.record is not None:
            page = Page.from_json(self.record.read_text(encoding="utf-8"))
        return replace(page, status="failed" if self.problem else "built", message=self.problem)


@dataclass(frozen=True)
class Assembly:
    """Put the site together.

    Attributes
    ----------
    name
        What to call it in messages.
    pages, project, data, notebooks
        What the site is made of, see :func:`regint.publish.site.site_files`.
    root
        Project folder.
    target
        Folder of drafts into which the files are written.
    """

    name: str
    pages: tuple[Published, ...]
    project: Mapping[str, Any]
    root: Path
    data: Path | None
    notebooks: Path | None
    target: Path

    def perform(self, done: Callable[[], None]) -> dict[str, str]:
        """Write every file of the site and return their hashes."""
        from concurrent.futures import ThreadPoolExecutor

        from regint.publish.site import site_files

        os.chdir(self.root)
        pages = [page.page(self.project["edition"]) for page in self.pages]
        files = site_files(pages, project=self.project, data=self.data, notebooks=self.notebooks)
        # Each file waits for the disk; waiting together takes hardly longer than waiting for one.
        with ThreadPoolExecutor(16) as threads:
            written = [
                threads.submit(write_durably, self.target / n, content) for n, content in files.items()
            ]
        for outcome in written:
            outcome.result()
        return {name: digest(content) for name, content in files.items()}


class Failed(str):
    """One sentence that says why a task failed."""


Task = Execution | Rendering | Assembly
