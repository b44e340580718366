"""One build: decide what is out of date, run it, make the pages, publish what is good."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regint.publish.execution import fresh
from regint.publish.execution.folders import folders_outside, project_folder
from regint.publish.execution.isolate import applied, environment, locked, working_folder, write_atomically
from regint.publish.execution.plan import Planned, Request, about_survey, output_folder, plan
from regint.publish.execution.provenance import packages, provenance
from regint.publish.execution.signals import signals
from regint.publish.execution.tasks import Assembly, Execution, Failed, Published, Rendering, Task
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
            report = Build(root, out, planned, request).run()
    report.notes += [f"{name} was left out of this survey's site: {why}." for name, why in left_out.items()]
    return report


class Build:
    """The state of one build while it holds the output folder."""

    def __init__(self, root: Path, out: Path, planned: list[Planned], request: Request) -> None:
        self.root, self.out, self.request = root, out, request
        self.edition = request.edition
        self.planned = {notebook.name: notebook for notebook in planned}
        self.site = out / ("site" if self.edition == "full" else self.edition)
        self.store = out / ".regint"
        self.state = fresh.State.read(self.store / "state.json")
        self.snapshot = fresh.Snapshot(root)
        self.report = Report(self.site / "index.html")
        self.forget_removed()
        self.provenance = provenance(root)
        self.recipes = {n.name: fresh.recipe(root, n.source, n.values) for n in planned}

    # What is up to date

    def forget_removed(self) -> None:
        """Drop the records of notebooks that a build of the whole collection no longer finds."""
        if not self.request.notebooks:
            self.state.notebooks = {k: v for k, v in self.state.notebooks.items() if k in self.planned}

    def record(self, name: str) -> fresh.Record:
        """Return what is known of a notebook."""
        return self.state.notebooks.setdefault(name, fresh.Record())

    def executed(self, name: str) -> Path:
        """Return the path of the executed notebook."""
        return self.out / "executed" / f"{name}.ipynb"

    def page_store(self, name: str) -> Path:
        """Return the path where a page's record is kept."""
        return self.store / "pages" / self.edition / f"{name}.json"

    def is_executed(self, name: str) -> bool:
        """Say whether the executed notebook is there, unharmed, and made of what there is now."""
        record = self.record(name)
        return (
            record.recipe == self.recipes[name]
            and self.snapshot.now(record.inputs) == record.inputs
            and set(fresh.declared_inputs(self.root, self.planned[name].survey)) <= set(record.inputs)
            and fresh.digest_of(self.executed(name)) == record.executed
        )

    def page_record(self, name: str) -> dict[str, Any]:
        """Write down how a page is made: ``resources["regint"]`` of the exporter, but for the packages."""
        notebook = self.planned[name]
        inputs = self.record(name).inputs
        return {
            "notebook": name,
            "parameters": notebook.settings(),
            "inputs": [
                {"path": path, "sha256": value}
                for path, value in inputs.items()
                if not path.endswith("/") and value != "missing"
            ],
            **self.project(),
            "collection": self.collection(),
            "command": notebook.command(self.edition),
        }

    def project(self) -> dict[str, Any]:
        """Describe the project: version, commit, the date that counts."""
        return {**self.provenance, "edition": self.edition}

    def names(self) -> list[str]:
        """List the pages of the site in order: this build's, and those it leaves alone."""
        kept = {name for name, record in self.state.notebooks.items() if self.edition in record.page}
        return sorted(kept | self.planned.keys())

    def collection(self) -> list[dict[str, str]]:
        """List name and title of every page of the site."""
        return [{"name": name, "title": self.title(name)} for name in self.names()]

    def title(self, name: str) -> str:
        """Return the heading of a page, also of one that this build leaves alone."""
        return self.planned[name].title if name in self.planned else self.record(name).title

    def page_key(self, name: str) -> str:
        """Return the hash of everything a page is made of."""
        sources = {k: v for k, v in self.snapshot.data.items() if k.endswith((".bib", "glossary.csv"))}
        return fresh.digest_record(
            {
                "executed": self.record(name).executed,
                "publisher": fresh.publisher(),
                "record": self.page_record(name),
                "sources": sources,
                "citation": fresh.digest_of(self.root / "CITATION.cff"),
            }
        )

    def is_page(self, name: str) -> bool:
        """Say whether the page's record is there, unharmed, and made of what there is now."""
        record = self.record(name)
        return (
            record.page_key.get(self.edition) == self.page_key(name)
            and fresh.digest_of(self.page_store(name)) == record.page[self.edition]
        )

    # Doing

    def run(self) -> Report:
        """Run what is stale, make pages, publish; return what was done."""
        stale = [name for name in self.planned if not self.is_executed(name)]
        unpaged = [name for name in self.planned if name not in stale and not self.is_page(name)]
        self.report.reused = [name for name in self.planned if name not in stale]
        if not stale and not unpaged and self.is_site():
            return self.report
        with working_folder(self.store) as (drafts, runtime), signals():
            with applied(environment(runtime, self.store)), self.warm(stale, runtime):
                for name in stale:
                    self.planned[name].check()
                self.work(stale, unpaged, drafts)
            self.save()
        return self.report

    @contextlib.contextmanager
    def warm(self, stale: Sequence[str], runtime: Path) -> Iterator[None]:
        """Keep a process at hand from which kernels are forked, where any are needed."""
        if not stale:
            yield
            return
        with warm_process([self.planned[name].source for name in stale], runtime) as variables:
            os.environ.update(variables)
            yield

    def work(self, stale: Sequence[str], unpaged: Sequence[str], drafts: Path) -> None:
        """Run notebooks and make pages in parallel, take over each result as it comes, publish the site."""
        from tqdm import tqdm

        from regint.publish.execution.workers import Pool

        # The longest first, so that none is left to run alone at the end.
        order = sorted(stale, key=lambda name: (-self.record(name).seconds, -self.planned[name].cells, name))
        tasks: deque[Task] = deque(self.execution(name, drafts) for name in order)
        tasks.extend(self.rendering(name) for name in unpaged)
        total = sum(self.planned[name].cells for name in stale) + len(stale) + len(unpaged)
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
            self.take_execution(task, *result)
            tasks.append(self.rendering(task.name))
        elif isinstance(task, Rendering):
            self.take_page(task.name, result)
        else:
            self.publish(task, result)

    def execution(self, name: str, drafts: Path) -> Execution:
        """Say how a notebook is to be run."""
        notebook = self.planned[name]
        return Execution(
            name=name,
            source=notebook.path,
            parameters=notebook.values,
            root=self.root,
            draft=drafts / f"{name}.ipynb",
            reads=drafts / f"{name}.reads",
            timeout=self.request.timeout,
        )

    def rendering(self, name: str) -> Rendering:
        """Say how a page is to be made."""
        record = self.page_record(name) | {"packages": packages()}
        return Rendering(name, self.executed(name), record, self.root)

    def take_execution(self, task: Execution, notes: list[str], seconds: float) -> None:
        """Publish an executed notebook, and remember what it was made of."""
        survey = self.planned[task.name].survey
        names = fresh.declared_inputs(self.root, survey) + fresh.noted_inputs(self.root, task.reads)
        record = self.record(task.name)
        record.recipe, record.inputs = self.recipes[task.name], self.snapshot.now(names)
        record.executed, record.seconds = fresh.digest_of(task.draft), round(seconds, 2)
        target = self.executed(task.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        task.draft.replace(target)
        self.save()
        self.report.notes += notes
        self.report.built.append(task.name)

    def take_page(self, name: str, text: str) -> None:
        """Keep a page's record."""
        record = self.record(name)
        record.title = self.planned[name].title
        record.page_key[self.edition], record.page[self.edition] = self.page_key(name), fresh.digest(text)
        self.page_store(name).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.page_store(name), text.encode())

    def save(self) -> None:
        """Write down what the output folder holds."""
        write_atomically(self.store / "state.json", self.state.to_json())

    # Publishing

    def site_key(self) -> str:
        """Return the hash of everything the site is put together from."""
        pages = [
            (name, self.record(name).page.get(self.edition, ""), self.report.failed.get(name, ""))
            for name in self.names()
        ]
        notebooks = fresh.digest_together(self.notebook_sources(), self.root)
        return fresh.digest_record(
            {
                "pages": pages,
                "project": self.project(),
                "publisher": fresh.publisher(),
                "data": self.snapshot.data,
                "notebooks": notebooks if self.edition != "full" else "",
            }
        )

    def notebook_sources(self) -> list[Path]:
        """List the collection's notebooks."""
        return sorted((self.root / "notebooks").glob("*.ipynb"))

    def is_site(self) -> bool:
        """Say whether every file of the site is there, unharmed, and made of what there is now."""
        files = self.state.site_files.get(self.edition, {})
        return self.state.site_key.get(self.edition) == self.site_key() and all(
            fresh.digest_of(self.site / name) == value for name, value in files.items()
        )

    def assembly(self, drafts: Path) -> Assembly:
        """Say how the site is to be put together."""
        data, notebooks = self.root / "data", self.root / "notebooks"
        return Assembly(
            name="the site",
            pages=tuple(
                Published(
                    name=name,
                    title=self.title(name),
                    record=self.page_store(name) if self.page_store(name).is_file() else None,
                    problem=self.report.failed.get(name, ""),
                )
                for name in self.names()
            ),
            project=self.project(),
            root=self.root,
            data=data if data.is_dir() else None,
            notebooks=notebooks if self.edition != "full" and notebooks.is_dir() else None,
            target=drafts / "site",
        )

    def publish(self, task: Assembly, hashes: dict[str, str]) -> None:
        """Move every changed file of the site over the old one, each in one step."""
        changed = [name for name, value in hashes.items() if fresh.digest_of(self.site / name) != value]
        # Pages last, the index at the very end: what a page links to is there before the page.
        for name in sorted(changed, key=lambda name: (name.endswith(".html"), name == "index.html")):
            (self.site / name).parent.mkdir(parents=True, exist_ok=True)
            (task.target / name).replace(self.site / name)
        for name in self.state.site_files.get(self.edition, {}).keys() - hashes.keys():
            (self.site / name).unlink(missing_ok=True)
        self.state.site_files[self.edition] = hashes
        self.state.site_key[self.edition] = self.site_key()


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
