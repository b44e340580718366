"""A notebook executed strictly: all of it, in order, with no warning and nothing of this machine.

Its kernel is forked from one warm process or started afresh, in an environment that is the same everywhere.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import re
import select
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import nbformat
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from textfiles.problems import Problem
from traitlets import Dict, Unicode, default
from traitlets.config import Config

from nbarticle.settings import EPOCH

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

    from nbarticle.plan import Planned

# Kernels

PROGRAM = Path(__file__).with_name("fork_server.py")

# Nothing else of the user's environment reaches a kernel.
KEPT = {"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX"}

# Folders of the user's, in the place of which there are empty ones.
EMPTIED = (
    *("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"),
    *("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR", "TEMP", "TMP"),
)

# What would otherwise differ from run to run or from machine to machine, and show in the bytes of a page.
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONUTF8": "1",
    "SOURCE_DATE_EPOCH": EPOCH,
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "COLUMNS": "100",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "JUPYTER_NO_CONFIG": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
}

# The font that comes with matplotlib: an Arial on one machine must not change the figures.
MATPLOTLIBRC = "font.family: DejaVu Sans\nfont.sans-serif: DejaVu Sans\nsvg.hashsalt: nbarticle\n"

# Runs in the kernel before the first cell.
STARTUP = "from nbarticle.noting import start as _start\n_start()\ndel _start\n"

# Process groups of the kernels that run now: one per kernel, its own.
started: set[int] = set()


@dataclass(frozen=True)
class Place:
    """Where kernels run on a machine, and what they find there."""

    root: Path
    # For the files of kernels: with a short path, because that of a socket has at most a hundred bytes.
    folder: Path
    environment: Mapping[str, str]

    @property
    def forks(self) -> Path:
        """The socket of the process that forks kernels, if there is one."""
        return self.folder / "forks"

    def kernel(self, folder: str) -> tuple[dict[str, Any], Path]:
        """Return papermill's options for a kernel in `folder`, and the file where it notes what it reads."""
        file = self.folder / f"kernel-{uuid.uuid4().hex[:12]}.json"
        launch = {"environment": dict(self.environment), "forks": str(self.forks)}
        options = {
            "kernel_manager_class": KernelManager,
            "config": Config(KernelManager={"connection_file": str(file)}, Provisioner=launch),
            "resources": {"metadata": {"path": str(self.root / folder)}},
        }
        return options, file.with_suffix(".reads")


def environment(runtime: Path, state: Path) -> dict[str, str]:
    """Write empty configuration below `runtime` and return the environment that points to it."""
    folders = {name: runtime / name.lower() for name in EMPTIED} | {"MPLCONFIGDIR": state / "matplotlib"}
    startup = folders["IPYTHONDIR"] / "profile_default" / "startup"
    for folder in (*folders.values(), startup):
        folder.mkdir(parents=True, exist_ok=True)
    (startup / "00-noting.py").write_text(STARTUP, encoding="utf-8")
    (folders["MPLCONFIGDIR"] / "matplotlibrc").write_text(MATPLOTLIBRC, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name.upper() in KEPT}
    return kept | FIXED | {name: str(folder) for name, folder in folders.items()}


@contextlib.contextmanager
def applied(variables: Mapping[str, str]) -> Iterator[None]:
    """Replace this process's environment, for the processes it starts, and put it back afterwards."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def warm_process(modules: Collection[str], place: Place) -> Iterator[None]:
    """Start the process that forks kernels; it ends, with all of them, when the block is left."""
    # Forking is unsafe with macOS's system libraries.
    if not modules or not hasattr(os, "fork") or sys.platform == "darwin":
        yield
        return
    process = subprocess.Popen(
        [sys.executable, "-P", str(PROGRAM), str(place.forks), *sorted(modules)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(place.environment),
        cwd=place.root,
        start_new_session=True,
    )
    try:
        yield
    finally:
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:  # it still loads, and has no kernels
            process.kill()
            process.wait()


class _ForkedKernel:
    """A kernel forked by another process, with the part of Popen's manners that a provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, forks: str, arguments: list[str]) -> None:
        # Its other end is held by the kernel as long as that lives.
        self.line = socket.socket(socket.AF_UNIX)
        try:
            self.line.connect(forks)
            self.line.sendall(json.dumps(arguments).encode() + b"\n")
            self.pid = int(self.line.recv(32))
        except BaseException:
            self.line.close()
            raise

    def poll(self) -> int | None:
        """Return None while the kernel runs."""
        return -signal.SIGKILL if select.select([self.line], [], [], 0)[0] else None

    def wait(self) -> int:
        """Wait for the end; nobody asks for the code."""
        with self.line:
            self.line.recv(1)
        return -signal.SIGKILL

    def send_signal(self, number: int) -> None:
        """Send a signal to a kernel that has no process group of its own yet."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Provisioner(LocalProvisioner):
    """Starts a kernel in a process group of its own and remembers it until the group is gone."""

    environment = Dict(config=True, help="All that a kernel finds in its environment.")
    forks = Unicode(config=True, help="Socket of the process that forks kernels.")

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """Prepare the start of a kernel that has nothing of our own environment."""
        return await super().pre_launch(env=dict(self.environment), **options)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Have the kernel forked, or start it afresh where that is not possible."""
        try:
            kernel = _ForkedKernel(self.forks, [options["cwd"], *cmd[3:]])
        except (OSError, AttributeError, ValueError):
            silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super().launch_kernel(cmd, **(options | silence))
        else:
            self.process, self.pid = cast("subprocess.Popen[bytes]", kernel), kernel.pid
        # Not what os.getpgid says now: asked too early, it names our own group.
        self.pgid = self.pid if sys.platform != "win32" else None
        if self.pid:
            started.add(self.pid)
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and be sure that it is gone: else it is only asked for ten times a second."""
        await super().kill(restart)
        if self.process:
            self.process.wait()
            self.process = None

    async def cleanup(self, restart: bool = False) -> None:
        """Kill what the kernel has started and left running."""
        _kill_group(self.pid)
        await self.wait()
        started.discard(self.pid or 0)
        await super().cleanup(restart)


class KernelClient(AsyncKernelClient):
    """Begins as soon as a kernel listens and answers, not at the next tenth or fifth of a second."""

    def _context_default(self) -> Any:
        context = super()._context_default()
        # Milliseconds until a socket that is not there yet is tried again.
        context.reconnect_ivl = 5
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for an answer on both channels."""
        end = time.monotonic() + (timeout or 0)
        while time.monotonic() < end and await self.is_alive():
            self.kernel_info()
            with contextlib.suppress(queue.Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
        raise RuntimeError("Kernel died, or does not respond")


class KernelManager(AsyncKernelManager):
    """Starts kernels of this very interpreter, whatever the user has registered under its name."""

    client_factory = KernelClient

    def __init__(self, **options: Any) -> None:
        # What goes wrong with a kernel is said in the sentence about its notebook.
        silent = logging.getLogger(__name__)
        silent.setLevel(logging.CRITICAL + 1)
        super().__init__(log=silent, **options)
        self.provisioner = Provisioner(parent=self, kernel_spec=self.kernel_spec)

    @default("transport")
    def _sockets_in_files(self) -> str:
        """Leave the ports alone, on which builds could collide."""
        return "tcp" if sys.platform == "win32" else "ipc"

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


def _kill_group(leader: int | None) -> None:
    """Kill a kernel's process group, if any of it is left."""
    if leader and sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGKILL)


def kill_kernels() -> None:
    """Kill the kernels that run, with everything they have started."""
    for leader in list(started):
        _kill_group(leader)


# Notebooks

INJECTED = "injected-parameters"
# A cell with this tag may stop with an error and the run goes on, as in Jupyter; papermill would not let it.
RAISES, EXPECTED = "raises-exception", "expected"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
DRAWING = re.compile(r"image/|application/vnd\.nbarticle\.figure\+json")
ADDRESS = re.compile(r"( at 0x)[0-9a-fA-F]+")
# In the digits beyond these, a number depends on the processor that computed it.
SIGNIFICANT = 12
WARNING = re.compile(r"^([^\n]+?):\d+: (?=\w+: )", re.MULTILINE)
# What matplotlib says where listing the fonts of a machine, once, takes it more than five seconds.
PATIENCE = "Matplotlib is building the font cache; this may take a moment.\n"


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
    # Imported here, so that neither pages nor the warm process wait for it.
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
    own, *pieces = WARNING.split(printed.replace(PATIENCE, ""))
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
