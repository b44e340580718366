"""A run: planned, spread over the processors, stopped by a signal."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess, parent_process
from pathlib import Path
from types import TracebackType
from typing import Any, cast

from textfiles.problems import Problem
from textfiles.project import project_folder

from nbarticle.environment import applied, environment, locked, packages, working_folder
from nbarticle.execute import Assembly, Execution, Failed, Rendering, Task
from nbarticle.plan import Request, output_folder, plan
from nbarticle.settings import Settings
from nbarticle.store import Output


class Stopped(KeyboardInterrupt):
    """A signal other than that of Ctrl-C asked the build to end."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


@contextlib.contextmanager
def signals() -> Iterator[None]:
    """Turn TERM and HUP into an exception, so that a build that is told to end still cleans up."""

    def stop(number: int, frame: object) -> None:
        raise Stopped(number)

    names = ("SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before: list[tuple[int, Callable[..., Any] | int | None]] = [(n, signal.signal(n, stop)) for n in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


PRELOADED = ["papermill", "nbarticle.kernels", "nbarticle.execute", "nbarticle.article", "nbarticle.site"]


class Pool:
    """A fixed number of workers; a context manager that leaves no process behind."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.workers: dict[Connection, BaseProcess] = {}
        self.busy: dict[Connection, Task] = {}
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self.context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self.context.set_forkserver_preload(PRELOADED)

    def __enter__(self) -> Pool:
        """Start the workers."""
        if self.context.get_start_method() == "forkserver":
            start_deaf_to_interrupts()
        for _ in range(self.size):
            self._hire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the workers, busy or not."""
        for connection, process in self.workers.items():
            connection.close()
            process.terminate()
        for process in self.workers.values():
            process.join(5)
            if process.is_alive():
                process.kill()

    def _hire(self) -> None:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=serve, args=(theirs, dict(os.environ)), daemon=False)
        process.start()
        theirs.close()
        self.workers[ours] = process

    def outcomes(self, tasks: deque[Task], done: Callable[[Task], None]) -> Iterator[tuple[Task, Any]]:
        """Yield each task with its result (or a :class:`Failed` sentence) as it ends."""
        while tasks or self.busy:
            for connection in self.workers.keys() - self.busy.keys():
                if tasks:
                    self.busy[connection] = tasks.popleft()
                    connection.send(self.busy[connection])
            for connection in cast("list[Connection]", wait(list(self.busy))):
                try:
                    kind, value = connection.recv()
                except (EOFError, ConnectionError):
                    self.workers.pop(connection).join()
                    self._hire()
                    kind, value = (
                        "result",
                        Failed("the process that ran it was killed; the likely cause is too little memory."),
                    )
                if kind == "cell":
                    done(self.busy[connection])
                else:
                    yield self.busy.pop(connection), value


def start_deaf_to_interrupts() -> None:
    """Start the process from which workers are forked deaf to Ctrl-C, which is ours to handle."""
    from multiprocessing import forkserver

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


def serve(connection: Connection, surroundings: Mapping[str, str]) -> None:
    """Perform tasks until the connection closes; the life of a worker.

    The process it is forked from may be older than this build, and know the surroundings of an earlier one.
    """
    os.environ.clear()
    os.environ.update(surroundings)
    tempfile.tempdir = None
    from nbarticle.kernels import kill_kernels

    def leave(*_: Any) -> None:
        kill_kernels()
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    threading.Thread(target=outlive_no_parent, args=(leave,), daemon=True).start()
    while True:
        try:
            task: Task = connection.recv()
        except (EOFError, ConnectionError):
            return
        try:
            result: Any = task.perform(lambda: connection.send(("cell", None)))
        except Problem as error:
            result = Failed(error)
        except OSError as error:
            result = Failed(f"{task.name}: {describe(error)}")
        except Exception as error:
            said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
            result = Failed(f"{task.name} could not be processed: {said}")
        connection.send(("result", result))


def outlive_no_parent(leave: Callable[[], None]) -> None:
    """Wait until the build has gone, and leave with it."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        leave()


def describe(error: OSError) -> str:
    """Say in one sentence what the operating system refused, and what helps.

    A file outside the current folder goes by its name alone: sentences are copied into reports.
    """
    import errno

    remedies = {
        "ENOSPC": "free some space and build again",
        "EDQUOT": "free some space and build again",
        "EFBIG": "free some space and build again",
        "EACCES": "change its permissions, or choose another folder with --out",
        "EPERM": "change its permissions, or choose another folder with --out",
        "EROFS": "choose another folder with --out",
    }
    if error.errno is None or not error.strerror:
        return f"a file cannot be used ({' '.join(str(error).split())}); check the path."
    remedy = remedies.get(errno.errorcode.get(error.errno, ""), "check the path")
    verbs = {"ENOENT": "read", "EISDIR": "read", "EACCES": "use", "EPERM": "use"}
    verb = verbs.get(errno.errorcode.get(error.errno, ""), "write")
    path = Path(str(error.filename2 or error.filename or "a file"))
    if path.is_absolute():
        path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else Path(path.name)
    return f"cannot {verb} {path}: {error.strerror[0].lower()}{error.strerror[1:]}; {remedy}."


@dataclass
class Report:
    """What a build did."""

    index: Path
    built: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def build(request: Request) -> Report:
    """Bring the site up to date."""
    root = (request.folder or project_folder() or Path.cwd()).resolve()
    planned = plan(root, request)
    out = output_folder(root, request)
    settings = Settings.read(root, table=request.settings)
    with contextlib.chdir(root):
        if request.given:
            for notebook in planned:
                notebook.check(settings.check_parameters)
        refuse_foreign(root, out, request)
        with locked(out / ".nbarticle"):
            output = Output(root, out, planned, request)
            if request.folder or not request.notebooks:
                output.forget_others()
            return Build(output, request, settings).run()


def refuse_foreign(root: Path, out: Path, request: Request) -> None:
    """Refuse a folder that was named and holds files where a build puts its own, but has never seen one."""
    if request.out is None or out.is_relative_to(root / "build") or (out / ".nbarticle").exists():
        return
    for part in ("site" if request.edition == "full" else request.edition, "executed"):
        found = next((path for path in sorted((out / part).rglob("*")) if path.is_file()), None)
        if found is not None:
            raise Problem(f"{found} is not of a build and would be overwritten: choose another --out.")


class Build:
    """One build, while it holds the output folder."""

    def __init__(self, output: Output, request: Request, settings: Settings) -> None:
        self.output, self.request, self.settings = output, request, settings
        self.report = Report(output.site / "index.html", notes=list(output.notes))

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
                    self.output.planned[name].check(self.settings.check_parameters)
                self.work(stale, unpaged, drafts)
            self.output.save()
        return self.report

    @contextlib.contextmanager
    def warm(self, stale: Sequence[str], runtime: Path) -> Iterator[None]:
        """Keep a process at hand from which kernels are forked, where any are needed."""
        if not stale:
            yield
            return
        from nbarticle.kernels import warm_process

        with warm_process([self.output.planned[name].source for name in stale], runtime) as variables:
            os.environ.update(variables)
            yield

    def work(self, stale: Sequence[str], unpaged: Sequence[str], drafts: Path) -> None:
        """Run notebooks and make pages in parallel, take over each result as it comes, publish the site."""
        from tqdm import tqdm

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
        record = self.output.page_record(name) | {"packages": packages(self.output.root)}
        return Rendering(name, self.output.executed(name), record, self.output.root)

    def assembly(self, drafts: Path) -> Assembly:
        """Say how the site is to be put together."""
        notebooks = self.output.root / "notebooks"
        return Assembly(
            name="the site",
            pages=self.output.pages(self.report.failed),
            project=self.output.project(),
            settings=self.settings,
            data=self.output.data(),
            notebooks=notebooks if self.output.edition != "full" and notebooks.is_dir() else None,
            target=drafts / "site",
        )


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
