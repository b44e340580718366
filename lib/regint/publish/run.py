"""One build: decide what is out of date, run it, make the pages, publish what is good."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regint.publish.execution.folders import folders_outside, project_folder
from regint.publish.execution.isolate import applied, environment, locked, working_folder
from regint.publish.execution.output import Output
from regint.publish.execution.plan import Request, about_survey, output_folder, plan
from regint.publish.execution.provenance import packages
from regint.publish.execution.signals import signals
from regint.publish.execution.tasks import Assembly, Execution, Failed, Rendering, Task
from regint.publish.execution.warm import warm_process
from regint.survey.location import outside


@dataclass
class Report:
    """What a build did.

    Attributes
    ----------
    built, reused
        Names of notebooks that were run, and of those whose result was still right.
    failed
        Name -> the sentence that says why.
    notes
        Warnings of other packages, one sentence each.
    index
        The site's first page.
    """

    index: Path
    built: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def build(request: Request) -> Report:
    """Bring the site up to date.

    Raises
    ------
    UsageError, ParameterError
        Before anything has been started or touched.
    OSError
        When the output cannot be written; what was published stays as it was.
    """
    root = project_folder(Path.cwd())
    planned = plan(root, request)
    out = output_folder(root, request)
    surveys = folders_outside([request.survey or "", dict(request.given).get("survey", "")], root)
    with contextlib.chdir(root), outside(surveys):
        planned, left_out = about_survey(planned, request)
        if request.given or request.survey is not None:
            for notebook in planned:
                notebook.check()
        with locked(out / ".regint"):
            output = Output(root, out, planned, request.edition)
            if not request.notebooks:
                output.forget_others()
            report = Build(output, request).run()
    report.notes += [f"{name} was left out of this survey's site: {why}." for name, why in left_out.items()]
    return report


class Build:
    """One build, while it holds the output folder."""

    def __init__(self, output: Output, request: Request) -> None:
        self.output, self.request = output, request
        self.report = Report(output.site / "index.html")

    def run(self) -> Report:
        """Run what is stale, make pages, publish; return what was done."""
        stale = [name for name in self.output.planned if not self.output.is_executed(name)]
        unpaged = [
            name for name in self.output.planned if name not in stale and not self.output.is_page(name)
        ]
        self.report.reused = [name for name in self.output.planned if name not in stale]
        if not stale and not unpaged and self.output.is_site():
            return self.report
        with working_folder(self.output.store) as (drafts, runtime), signals():
            with applied(environment(runtime, self.output.store)), self.warm(stale, runtime):
                for name in stale:
                    self.output.planned[name].check()
                self.work(stale, unpaged, drafts)
            self.output.save()
        return self.report

    @contextlib.contextmanager
    def warm(self, stale: Sequence[str], runtime: Path) -> Iterator[None]:
        """Keep a process at hand from which kernels are forked, where any are needed."""
        if not stale:
            yield
            return
        with warm_process([self.output.planned[name].source for name in stale], runtime) as variables:
            os.environ.update(variables)
            yield

    def work(self, stale: Sequence[str], unpaged: Sequence[str], drafts: Path) -> None:
        """Run notebooks and make pages in parallel, take over each result as it comes, publish the site."""
        from tqdm import tqdm

        from regint.publish.execution.workers import Pool

        # The longest first, so that none is left to run alone at the end.
        order = sorted(
            stale,
            key=lambda name: (-self.output.record(name).seconds, -self.output.planned[name].cells, name),
        )
        tasks: deque[Task] = deque(self.execution(name, drafts) for name in order)
        tasks.extend(self.rendering(name) for name in unpaged)
        total = sum(self.output.planned[name].cells for name in stale) + len(stale) + len(unpaged)
        size = min(self.request.jobs or processors(), max(1, len(tasks)))
        with Pool(size) as pool, tqdm(total=total, unit="cell", disable=None, leave=False) as bar:
            for task, result in pool.outcomes(tasks, lambda task: bar.update()):
                self.take(task, result, tasks)
            assembly: deque[Task] = deque([self.assembly(drafts)])
            for task, result in pool.outcomes(assembly, lambda task: None):
                self.take(task, result, assembly)

    def take(self, task: Task, result: Any, tasks: deque[Task]) -> None:
        """Take over what a worker has done, and say what is to be done next."""
        if isinstance(result, Failed):
            self.report.failed[task.name] = str(result)
        elif isinstance(task, Execution):
            notes, seconds = result
            self.output.keep_run(task, seconds)
            self.report.notes += notes
            self.report.built.append(task.name)
            tasks.append(self.rendering(task.name))
        elif isinstance(task, Rendering):
            self.output.keep_page(task.name, result)
        else:
            self.output.publish(task.target, result, self.report.failed)

    def execution(self, name: str, drafts: Path) -> Execution:
        """Say how a notebook is to be run."""
        notebook = self.output.planned[name]
        return Execution(
            name=name,
            source=notebook.path,
            parameters=notebook.values,
            root=self.output.root,
            draft=drafts / f"{name}.ipynb",
            reads=drafts / f"{name}.reads",
            timeout=self.request.timeout,
        )

    def rendering(self, name: str) -> Rendering:
        """Say how a page is to be made."""
        record = self.output.page_record(name) | {"packages": packages()}
        return Rendering(name, self.output.executed(name), record, self.output.root)

    def assembly(self, drafts: Path) -> Assembly:
        """Say how the site is to be put together."""
        notebooks = self.output.root / "notebooks"
        return Assembly(
            name="the site",
            pages=self.output.pages(self.report.failed),
            project=self.output.project(),
            root=self.output.root,
            data=self.output.data(),
            notebooks=notebooks if self.output.edition != "full" and notebooks.is_dir() else None,
            target=drafts / "site",
        )


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
