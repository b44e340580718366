"""A process that has imported what the notebooks import, and forks one kernel after another from itself.

Run by path as a program, never imported, so that nothing of ``nbarticle`` is loaded in a kernel::

    python -P fork_server.py SOCKET <stdin: one line of JSON, the modules to import; end of file: time to go>

A client connects, sends one line of JSON (``argv``, ``env``, ``cwd``), reads one line with the kernel's
process id and, when that has ended, one with its exit code. A client that closes its connection has its
kernel killed, and all of them are killed when the standard input ends: no kernel outlives the build.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import sys
import time
import warnings
from typing import TextIO


def preload(modules: list[str]) -> None:
    """Import modules; one that cannot be imported is left for its notebook to report."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    show, warnings.showwarning = warnings.showwarning, refuse_own_warning
    for name in ["ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", *modules]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if "matplotlib" in sys.modules:
        warm_up_drawing()
    warnings.showwarning = show
    gc.collect()
    gc.freeze()


def refuse_own_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Give up when our own code warns on import: only a kernel of its own shows whose fault it is."""
    if "site-packages" not in filename and not filename.startswith(sys.base_prefix):
        os._exit(3)


def warm_up_drawing() -> None:
    """Draw once without pyplot, so that fonts are found and the drawing code is loaded."""
    import io

    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().set_title("0 - 1")
    figure.savefig(io.StringIO(), format="svg")


class ForkServer:
    """Accepts requests, forks kernels, reports their end."""

    def __init__(self, address: str) -> None:
        self.selector = selectors.DefaultSelector()
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(address)
        self.server.listen(64)
        self.clients: dict[int, socket.socket] = {}
        self.wake, self.wakeup = socket.socketpair()
        self.wake.setblocking(False)
        self.wakeup.setblocking(False)

    def serve(self) -> None:
        """Answer until the standard input ends."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup.fileno(), warn_on_full_buffer=False)
        self.selector.register(self.server, selectors.EVENT_READ)
        self.selector.register(self.wake, selectors.EVENT_READ)
        self.selector.register(0, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.server:
                    self.answer(self.server.accept()[0])
                elif key.fileobj is self.wake:
                    self.wake.recv(4096)
                    self.bury()
                elif key.fileobj == 0:
                    if not os.read(0, 4096):
                        self.leave()
                else:
                    self.abandon(key.data)

    def answer(self, client: socket.socket) -> None:
        """Fork a kernel for a client."""
        with client.makefile("rb") as lines:
            line = lines.readline()
        if not line:
            client.close()
            return
        pid = os.fork()
        if pid == 0:
            self.become_kernel(client, **json.loads(line))
        self.clients[pid] = client
        self.selector.register(client, selectors.EVENT_READ, pid)
        self.tell(client, pid)

    def become_kernel(self, client: socket.socket, argv: list[str], env: dict[str, str], cwd: str) -> None:
        """Turn this fork into the kernel that a fresh interpreter would have become."""
        code = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for open_socket in (client, self.server, self.wake, self.wakeup, *self.clients.values()):
                open_socket.close()
            self.selector.close()
            silence()
            os.environ.clear()
            os.environ.update(env | {"JPY_PARENT_PID": str(os.getppid())})
            time.tzset()
            os.chdir(cwd)
            reseed()
            sys.argv = argv
            from ipykernel.kernelapp import IPKernelApp

            IPKernelApp.launch_instance(argv=argv[1:])
            code = 0
        finally:
            os._exit(code)

    def bury(self) -> None:
        """Collect kernels that have ended and tell their clients."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                client = self.clients.pop(pid, None)
                if client is not None:
                    self.tell(client, os.waitstatus_to_exitcode(status))
                    self.selector.unregister(client)
                    client.close()

    def tell(self, client: socket.socket, number: int) -> None:
        """Send a line to a client, who may have gone."""
        with contextlib.suppress(OSError):
            client.sendall(f"{number}\n".encode())

    def abandon(self, pid: int) -> None:
        """Kill the kernel of a client that has gone."""
        client = self.clients.get(pid)
        if client is not None:
            self.selector.unregister(client)
            client.close()
            del self.clients[pid]
            kill(pid)

    def leave(self) -> None:
        """Kill every kernel and end."""
        for pid in self.clients:
            kill(pid)
        os._exit(0)


def kill(pid: int) -> None:
    """Kill a kernel and what it has started."""
    for target in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            target(pid, signal.SIGKILL)


def silence() -> None:
    """Point the standard streams to nowhere: a pipe held open by a kernel would never end."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)


def reseed() -> None:
    """Give each kernel random numbers of its own, as a fresh interpreter has."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


if __name__ == "__main__":
    forks = ForkServer(sys.argv[1])
    preload(json.loads(sys.stdin.readline()))
    forks.serve()
