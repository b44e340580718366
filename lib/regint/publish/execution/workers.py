"""Worker processes: they run notebooks and make pages, and leave nothing behind when the build dies.

Workers are forked from a clean server process that has imported papermill and nbconvert once (Python's own
``forkserver``; ``spawn`` where there is no fork). A worker whose parent has gone kills its kernel and ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess, parent_process
from types import TracebackType
from typing import Any, cast

from regint.publish.execution.tasks import Failed, Task

PRELOADED = ["regint.publish.execution.execute", "regint.publish.article", "regint.publish.site"]


class Pool:
    """A fixed number of workers; a context manager that leaves no process behind.

    Parameters
    ----------
    size
        How many tasks run at the same time.
    """

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
        process = self.context.Process(target=serve, args=(theirs,), daemon=False)
        process.start()
        theirs.close()
        self.workers[ours] = process

    def outcomes(self, tasks: deque[Task], done: Callable[[Task], None]) -> Iterator[tuple[Task, Any]]:
        """Yield each task with its result (or a :class:`Failed` sentence) as it ends.

        The caller may append to `tasks` meanwhile; `done` is called for every cell that has been run.
        """
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


def serve(connection: Connection) -> None:
    """Perform tasks until the connection closes; the life of a worker."""
    from regint.publish.errors import BuildError
    from regint.publish.execution.kernels import kill_kernels

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
        except BuildError as error:
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

    Examples
    --------
    >>> describe(OSError(28, "No space left on device", "build/site/index.html"))
    'cannot write build/site/index.html: no space left on device; free some space and build again.'
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
        return str(error)
    remedy = remedies.get(errno.errorcode.get(error.errno, ""), "check the path")
    verb = "read" if error.errno in {errno.ENOENT, errno.EISDIR} else "write"
    name = error.filename2 or error.filename
    where = f" {name}" if name else ""
    return f"cannot {verb}{where}: {error.strerror[0].lower()}{error.strerror[1:]}; {remedy}."
