"""How a notebook's kernel is started, and made sure to end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import uuid
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir

PROVISIONER = "regint"

# Process groups of the kernels that run now: one per kernel, its own.
started: set[int] = set()


class Provisioner(LocalProvisioner):
    """Starts a kernel in a process group of its own and remembers it until the group is gone."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Start the kernel."""
        silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        connection = await super().launch_kernel(cmd, **(options | silence))
        # Not what os.getpgid says now: asked too early, it names our own group.
        self.pgid = self.pid if sys.platform != "win32" else None
        if self.pid:
            started.add(self.pid)
        return connection

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
