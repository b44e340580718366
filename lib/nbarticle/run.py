"""A build: planned, spread over the processors, stopped by a signal."""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textfiles.files import describe, project_folder
from textfiles.problems import Problem

from nbarticle.cache import imports
from nbarticle.plan import Request, output_folder, plan
from nbarticle.settings import Settings, packages
from nbarticle.store import Output, locked, working_folder
from nbarticle.timings import spent, timed

if TYPE_CHECKING:
    from nbarticle.document import Page
    from nbarticle.execute import Executed, Place
    from nbarticle.plan import Planned


class Stopped(KeyboardInterrupt):
    """A signal other than that of Ctrl-C asked the build to end: its number."""


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Turn TERM and HUP into an exception, so that a build that is told to end still cleans up."""

    def stop(number: int, frame: object) -> None:
        raise Stopped(number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _held() -> Iterator[None]:
    """Let signals wait for the end of a block that has to be done whole."""
    came: list[int] = []
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])


def build(request: Request) -> Build:
    """Bring the site up to date; what is returned says what was done."""
    spent.clear()
    root = (request.folder or project_folder() or Path.cwd()).resolve()
    planned = plan(root, request)
    out = output_folder(root, request, planned)
    settings = Settings.read(root, table=request.settings)
    if not (settings.strict or request.folder):  # where JupyterLab would run them
        planned = [replace(one, folder=os.path.relpath(one.path.parent, root)) for one in planned]
    with contextlib.chdir(root):
        if request.given or request.grid:
            for notebook in planned:
                notebook.check(settings.check_parameters)
        with locked(out / ".nbarticle"):
            with timed("finding out what is fresh"):
                output = Output(root, out, planned, request, settings)
            if request.folder or request.grid or not request.notebooks:
                output.forget_others()
            done = Build(output, notes=list(output.notes))
            done.run()
            return done


@dataclass
class Build:
    """One build: what it does while it holds the output folder, and what it did."""

    output: Output
    built: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    # By the names of the pages, the files that the site will have of them.
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)

    @property
    def index(self) -> Path:
        """The first page of the site."""
        return self.output.site / "index.html"

    @property
    def pages(self) -> dict[str, Page]:
        """By their names, the pages that could be made."""
        pages = self.output.pages(self.failed)
        return {page.name: page for page in pages if page.html and not page.message}

    def run(self) -> None:
        """Run what is stale, make pages, publish."""
        output = self.output
        stale = [name for name in output.planned if not output.is_executed(name)]
        self.reused = [name for name in output.planned if name not in stale]
        unpaged = [name for name in self.reused if not output.is_page(name)]
        if not stale and not unpaged and output.is_site():
            return
        for name in stale:
            output.planned[name].check(output.settings.check_parameters)
        from nbarticle.execute import Place, applied, environment

        output.recall_faces()
        with working_folder(output.store) as (drafts, runtime), _signals():
            place = Place(output.root, runtime, environment(runtime, output.store))
            with applied(place.environment):
                self.work(stale, unpaged, place)
                with self.told("the site"), timed("site"):
                    self.publish(drafts)
            output.keep_faces()
            output.save()

    def work(self, stale: list[str], unpaged: list[str], place: Place) -> None:
        """Run notebooks in parallel, and make the page of each as soon as it has ended."""
        from tqdm import tqdm

        from nbarticle.execute import kill_kernels

        planned, record = self.output.planned, self.output.record
        # The longest first, so that none is left to run alone at the end.
        stale.sort(key=lambda name: (-record(name).seconds, -len("".join(planned[name].code)), name))
        total = sum(len(planned[name].code) for name in stale) + len(stale) + len(unpaged)
        with (
            tqdm(total=total, unit="cell", disable=None, leave=False) as bar,
            self.workers(stale, place, bar.update) as (pool, perform),
        ):
            running: dict[Future[Executed], str] = {}
            try:
                with _held():  # or one would run that nobody knows of
                    running |= {pool.submit(perform, planned[name]): name for name in stale}
                    # What makes pages is loaded while the warm process gets ready; a broken import stays so.
                    for module in ("nbarticle.article", "nbarticle.site") if stale else ():
                        importlib.import_module(module)
                for name in unpaged:
                    with self.told(name):
                        self.make_page(name)
                    bar.update()
                for future in as_completed(running):
                    with self.told(running[future]):
                        self.take(running[future], future.result())
                    bar.update()
            except BaseException:
                for future in running:
                    future.cancel()
                pool.shutdown(wait=False)
                while any(future.running() for future in running):
                    kill_kernels()
                    time.sleep(0.1)
                raise

    @contextlib.contextmanager
    def workers(
        self, stale: list[str], place: Place, done: Callable[[], object]
    ) -> Iterator[tuple[Executor, Callable[[Planned], Executed]]]:
        """Open what runs notebooks, here or on a cluster; tell also how a task is to be done there."""
        from nbarticle.execute import execute, warm_process

        request = self.output.request
        asked = Counter(
            module
            for name in stale
            for module in frozenset().union(*map(imports, self.output.planned[name].code))
        )
        # What one of several imports is not worth that all wait for it.
        modules = frozenset(module for module, times in asked.items() if times > 1) or frozenset(asked)
        if request.cluster and stale:
            from nbarticle import cluster

            parcel = cluster.parcel(place.root, modules)
            with cluster.workers(request.cluster) as pool:
                yield pool, functools.partial(cluster.run, timeout=request.timeout, parcel=parcel)
            return
        # As many as this process may use processors, not as there are.
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        size = min(request.jobs or processors, max(1, len(stale)))
        with warm_process(modules, place), ThreadPoolExecutor(size) as pool:
            yield pool, functools.partial(execute, timeout=request.timeout, place=place, done=done)

    @contextlib.contextmanager
    def told(self, name: str) -> Iterator[None]:
        """Say in one sentence why a notebook, a page or the site could not be made."""
        try:
            yield
        except Problem as error:
            self.failed[name] = str(error)
        except OSError as error:
            self.failed[name] = f"{name}: {describe(error)}"
        except CancelledError:
            self.failed[name] = f"{name} was given up by the cluster, whose scheduler has gone: run it again."
        except Exception as error:
            said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
            self.failed[name] = f"{name} could not be processed: {said}"

    def take(self, name: str, done: Executed) -> None:
        """Take over a notebook that was run, and make its page."""
        spent.update({(part, name): seconds for part, seconds in done.parts.items()})
        self.output.keep_run(name, done)
        self.notes += done.warnings
        self.built.append(name)
        self.make_page(name)

    def make_page(self, name: str) -> None:
        """Make the page of an executed notebook; of one that says what it said, only the frame."""
        from nbarticle.layout import framed

        output = self.output
        folder = output.root / output.planned[name].folder
        record = output.page_record(name) | {"packages": packages(output.root)}
        with timed("page", name):
            if page := output.said(name):
                page = framed(page, Settings.read(folder, page.metadata, record["settings"]), record)
            else:
                page = self.exported(name, folder, record)
                self.files[name] = self.made(page)
        output.keep_page(name, page)

    def exported(self, name: str, folder: Path, record: dict[str, Any]) -> Page:
        """Export an executed notebook."""
        import nbformat

        from nbarticle.article import ArticleExporter

        def heard(warning: logging.LogRecord) -> bool:
            self.notes.append(f"{name}: {warning.getMessage()}")
            return False

        # What a lenient page warns of is told by the build, and by nobody else.
        log = logging.Logger(name, logging.WARNING)
        log.addFilter(heard)
        notebook = nbformat.read(self.output.executed(name), as_version=4)  # type: ignore[no-untyped-call, unused-ignore]
        resources: dict[str, Any] = {"metadata": {"name": name, "path": str(folder)}, "nbarticle": record}
        exporter = ArticleExporter(log=log)  # type: ignore[no-untyped-call, unused-ignore]
        _, resources = exporter.from_notebook_node(notebook, resources)
        page: Page = resources["nbarticle_page"]
        return page

    def made(self, page: Page) -> dict[str, bytes]:
        """Make the files of a page: itself, what it shows, and its notebook."""
        from nbarticle.article import notebook_files
        from nbarticle.site import page_files

        executed = self.output.executed(page.name)
        notebook = notebook_files(page.name, executed, self.output.edition) if executed.is_file() else {}
        return page_files(page) | notebook

    def publish(self, drafts: Path) -> None:
        """Put the site together and publish it."""
        from nbarticle.manifest import described
        from nbarticle.site import site_files

        output = self.output
        pages = output.pages(self.failed)
        for page in pages:
            if page.name not in self.files:
                known = output.files_of(page)
                itself = {f"{page.name}.html": page.html.encode()}
                self.files[page.name] = known | itself if known else self.made(page)
        tables = [table for page in pages for table in page.tables]
        files = site_files(
            pages,
            output.settings,
            record=output.project,
            data=output.data,
            made=self.files,
            workbook=output.workbook_of(tables),
            compared=output.compared(self.failed),
        )
        of_pages = {page.name: page.files() for page in pages}
        files |= described(files, of_pages, output.made_of(), output.settings)
        output.publish(files, tables, drafts, self.failed)
