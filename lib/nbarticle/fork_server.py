"""A process that has imported what the notebooks import, and forks one kernel after another from itself.

Run by path as a program, never imported, so that nothing of ``nbarticle`` is loaded in a kernel::

    python -P fork_server.py SOCKET MODULE... <stdin: its end says that it is time to go>

A client connects, sends one line of JSON (the kernel's folder and arguments) and reads its process id; the
connection ends with the kernel. All kernels are killed when the standard input ends: none outlives the build.
"""

import contextlib
import gc
import importlib
import io
import itertools
import json
import os
import random
import select
import signal
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR


def _preload(modules: list[str]) -> list[str]:
    """Import modules, and return the files that they read beside code: any notebook may be made of them.

    A module that cannot be imported is left for its notebook to report.
    """
    read: dict[str, None] = {}
    listening, installed = True, (f"{sys.prefix}{os.sep}", f"{sys.base_prefix}{os.sep}")

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if listening and event == "open" and isinstance(arguments[0], str) and not arguments[2] & WRITING:
            path = os.path.abspath(arguments[0])  # noqa: PTH100 (asks nobody for the links on the way)
            # Code and what is installed are looked at elsewhere; a note is a line of text.
            if path.isprintable() and not path.startswith(installed) and not path.endswith((".py", ".pyc")):
                read[path] = None

    sys.addaudithook(heard)
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    show, warnings.showwarning = warnings.showwarning, _refuse_own_warning
    kernel = ["kernelapp", "ipkernel", "zmqshell", "debugger"]
    for name in [*(f"ipykernel.{part}" for part in kernel), *modules]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if "matplotlib" in sys.modules:
        # Drawn once without pyplot, so that fonts are found and the drawing code is loaded.
        from matplotlib.figure import Figure

        figure = Figure()
        figure.subplots().set_title("0 - 1")
        for kind in ("svg", "pdf", "png"):
            figure.savefig(io.BytesIO(), format=kind)
    warnings.showwarning = show
    listening = False
    gc.collect()
    gc.freeze()
    return list(read)


def _refuse_own_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object, **options: object
) -> None:
    """Give up when our own code warns on import: only a kernel of its own shows whose fault it is."""
    if "site-packages" not in filename and not filename.startswith(sys.base_prefix):
        os._exit(3)


def _serve(server: socket.socket, read: list[str]) -> None:
    """Fork a kernel for everyone who asks; kill those that are left when the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernels: set[int] = set()
    sources: list[Any] = [server, 0]
    while True:
        ready = select.select(sources, [], [])[0]
        # One that has ended keeps its process id until it is collected here, so that none but ours is killed.
        with contextlib.suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                kernels.discard(pid)
        if 0 in ready:
            for kill, pid in itertools.product((os.killpg, os.kill), kernels):
                with contextlib.suppress(OSError):
                    kill(pid, signal.SIGKILL)
            os._exit(0)
        client = server.accept()[0]
        with client.makefile("rb") as lines:
            line = lines.readline()
        if line:
            pid = os.fork()
            if pid == 0:
                server.close()
                _become_kernel(client, read, *json.loads(line))
            kernels.add(pid)
            with contextlib.suppress(OSError):  # of a client that has gone
                client.sendall(str(pid).encode())
        client.close()


def _become_kernel(client: socket.socket, read: list[str], folder: str, *arguments: str) -> None:
    """Turn this fork into the kernel that a fresh interpreter would have become."""
    code = 1
    try:
        os.setsid()
        if folder != str(Path.cwd()):  # what lies beside the notebook can be imported, as in Jupyter
            os.chdir(folder)
            sys.path.insert(0, "")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # Open as long as the kernel lives, and not in what it forks.
        os.register_at_fork(after_in_child=client.close)
        # A pipe held open by a kernel would never end.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        os.environ["JPY_PARENT_PID"] = str(os.getppid())
        # Random numbers of its own, as a fresh interpreter has.
        random.seed()
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed()
        # Where the kernel will note what it reads itself.
        notes = Path(arguments[arguments.index("-f") + 1]).with_suffix(".reads")
        notes.write_text("".join(f"load\t{path}\n" for path in read), encoding="utf-8")
        sys.argv = ["ipykernel_launcher", *arguments]
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(argv=list(arguments))
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(64)
        _serve(listening, _preload(sys.argv[2:]))
