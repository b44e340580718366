"""Kernels: forked from one warm process, or started afresh."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir

PROGRAM = Path(__file__).with_name("fork_server.py")

PROVISIONER = "nbarticle"

# Names the socket of the process that forks kernels.
ADDRESS = "NBARTICLE_KERNELS"

# Process groups of the kernels that run now: one per kernel, its own.
started: set[int] = set()


def imports(source: bytes) -> set[str]:
    """List the modules that a notebook's code cells import."""
    found: set[str] = set()
    for cell in json.loads(source)["cells"]:
        # A cell that does not parse (a magic, a mistake) shows itself when it runs.
        with contextlib.suppress(SyntaxError, ValueError):
            for node in ast.walk(ast.parse("".join(cell["source"]) if cell["cell_type"] == "code" else "")):
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@contextlib.contextmanager
def warm_process(sources: Iterable[bytes], runtime: Path) -> Iterator[dict[str, str]]:
    """Start the process that forks kernels; it ends, with all of them, when the block is left."""
    if not hasattr(os, "fork") or sys.platform == "darwin":  # forking is unsafe with macOS's system libraries
        yield {}
        return
    address = runtime / "forks"
    modules = sorted(set().union(*(imports(source) for source in sources)))
    command = [sys.executable, "-P", str(PROGRAM), str(address)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with contextlib.suppress(BrokenPipeError):
            if process.stdin is not None:
                process.stdin.write(json.dumps(modules).encode() + b"\n")
                process.stdin.flush()
        yield {ADDRESS: str(address)}
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.communicate(timeout=5)


class ForkedKernel:
    """A kernel forked by another process, with the part of Popen's manners that a provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, address: str, command: list[str], options: dict[str, Any]) -> None:
        self.returncode: int | None = None
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(address)
        request = {"argv": command[2:], "env": options["env"], "cwd": str(options.get("cwd") or Path.cwd())}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        self.lines = self.socket.makefile("rb")
        line = self.lines.readline()
        if not line:
            raise ConnectionError("the process that forks kernels has ended")
        self.pid = int(line)

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
        if self.returncode is None and select.select([self.socket], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code."""
        if self.returncode is None:
            self.returncode = int(self.lines.readline() or -signal.SIGKILL)
            self.lines.close()
            self.socket.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the kernel has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


class Provisioner(LocalProvisioner):
    """Starts a kernel in a process group of its own and remembers it until the group is gone."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Start the kernel."""
        if not self.fork(cmd, options):
            silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super().launch_kernel(cmd, **(options | silence))
        # Not what os.getpgid says now: asked too early, it names our own group.
        self.pgid = self.pid if sys.platform != "win32" else None
        if self.pid:
            started.add(self.pid)
        return self.connection_info

    def fork(self, command: list[str], options: dict[str, Any]) -> bool:
        """Have the kernel forked; say whether that was possible."""
        address = os.environ.get(ADDRESS)
        if not address:
            return False
        try:
            kernel = ForkedKernel(address, command, options)
        except (OSError, ValueError):
            return False
        self.process = cast("subprocess.Popen[bytes]", kernel)
        self.pid, self.cwd = kernel.pid, options.get("cwd") or Path.cwd()
        return True

    async def cleanup(self, restart: bool = False) -> None:
        """Kill what the kernel has started and left running."""
        kill_group(self.pid)
        started.discard(self.pid or 0)
        await super().cleanup(restart)


class QuietKernelManager(AsyncKernelManager):
    """A kernel manager that talks through sockets in the build's own folder: no ports to collide on."""

    def __init__(self, **options: Any) -> None:
        if sys.platform != "win32":
            place = Path(jupyter_runtime_dir()) / f"kernel-{uuid.uuid4().hex[:12]}"
            options |= {"transport": "ipc", "ip": str(place)}
        super().__init__(**options)
        factory = KernelProvisionerFactory.instance(parent=self.parent)
        if PROVISIONER not in factory.provisioners:
            value = f"{__name__}:{Provisioner.__name__}"
            factory.provisioners[PROVISIONER] = EntryPoint(
                PROVISIONER, value, KernelProvisionerFactory.GROUP_NAME
            )

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of this very interpreter, whatever the user has registered under its name."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}},
        )


def kernel_options() -> dict[str, Any]:
    """Return what papermill's engine has to know about our kernels."""
    return {"kernel_manager_class": QuietKernelManager}


def kill_group(leader: int | None) -> None:
    """Kill a kernel's process group, if any of it is left."""
    if leader and sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGKILL)


def kill_kernels() -> None:
    """Kill the kernels that this process has started, with everything they have started."""
    for leader in list(started):
        kill_group(leader)
