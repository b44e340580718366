"""Kernels: forked from one warm process, or started afresh."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Dict, Unicode, default
from traitlets.config import Config

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

PROGRAM = Path(__file__).with_name("fork_server.py")

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


@contextlib.contextmanager
def warm_process(modules: Collection[str], place: Place) -> Iterator[None]:
    """Start the process that forks kernels; it ends, with all of them, when the block is left."""
    # Forking is unsafe with macOS's system libraries.
    if not modules or not hasattr(os, "fork") or sys.platform == "darwin":
        yield
        return
    process = subprocess.Popen(
        [sys.executable, "-P", str(PROGRAM), str(place.forks)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(place.environment),
        cwd=place.root,
        start_new_session=True,
    )
    try:
        with contextlib.suppress(BrokenPipeError):
            if process.stdin is not None:
                process.stdin.write(json.dumps(sorted(modules)).encode() + b"\n")
                process.stdin.flush()
        yield
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.communicate(timeout=5)


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

    async def cleanup(self, restart: bool = False) -> None:
        """Kill what the kernel has started and left running."""
        _kill_group(self.pid)
        await self.wait()
        started.discard(self.pid or 0)
        await super().cleanup(restart)


class KernelManager(AsyncKernelManager):
    """Starts kernels of this very interpreter, whatever the user has registered under its name."""

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
