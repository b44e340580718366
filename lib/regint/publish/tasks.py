"""What a worker can be asked to do; light, because the asking side imports it too."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regint.publish.isolate import write_durably


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

    def perform(self, done: Callable[[], None]) -> list[str]:
        """Run it strictly, write the executed notebook, return the notes on other packages' warnings."""
        import nbformat

        from regint.publish.execute import run

        os.environ["REGINT_READS"] = str(self.reads)
        notebook, notes = run(self, done)
        write_durably(self.draft, (nbformat.writes(notebook) + "\n").encode())  # type: ignore[no-untyped-call, unused-ignore]
        return notes


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


Task = Execution | Rendering
