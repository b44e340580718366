"""Runs in a kernel before its first cell: notes what the notebook reads, for the freshness check.

Every note is a line ``kind<TAB>what``: a file that was ``read``, a folder of which a ``list`` was taken, a
path that somebody did ``ask`` about, an ``import`` by the notebook or the project's own code, a ``module``
that is loaded by whomever, a file that the process it was forked from did ``load`` with its modules; ``all``
says why files may have been read unseen.
"""

import builtins
import contextlib
import functools
import importlib
import os
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import PurePath
from types import FrameType, ModuleType
from typing import Any

# Functions that want to know of a path only whether it is there, and what it is.
ASKING = frozenset(
    "exists lexists isdir isfile islink is_dir is_file is_symlink resolve realpath _joinrealpath".split()
)
# Other processes read what they like.
PROCESSES = frozenset(
    "subprocess.Popen os.system os.posix_spawn os.spawn os.startfile os.fork os.forkpty".split()
)
# Packages whose compiled code opens files. pandas needs pyarrow for much else: there only its readers count.
READERS = frozenset(
    "adbc_driver_manager apsw cffi connectorx ctypes cv2 datafusion duckdb fastexcel fiona h5py lxml "
    "lxml.etree netCDF4 osgeo polars pyarrow pyarrow.csv pyarrow.dataset pyarrow.feather pyarrow.fs "
    "pyarrow.json pyarrow.orc pyarrow.parquet pyogrio pyreadr pyreadstat python_calamine rasterio rpy2 "
    "tables tiledb vaex".split()
)


def caller() -> FrameType | None:
    """Return the frame of whoever called the function that asks; none where that was no Python code."""
    return sys._getframe(1).f_back


def start() -> None:
    """Note from now on, beside the kernel's connection file."""
    from ipykernel.connect import get_connection_file
    from IPython.core.getipython import get_ipython

    target = f"{os.path.splitext(get_connection_file())[0]}.reads"  # noqa: PTH122 (pathlib is watched below)
    file = open(target, "a", encoding="utf-8", buffering=1)  # noqa: SIM115, PTH123 (as long as the kernel)
    kernel = os.getpid()
    seen: set[tuple[str, str]] = set()
    written: set[str] = set()
    known: set[str] = set()
    examine, opening = os.stat, os.open

    def note(kind: str, what: str) -> None:
        # A child process may have closed the file, and opened another under its number.
        if (kind, what) not in seen and "\n" not in what and os.getpid() == kernel:
            seen.add((kind, what))
            file.write(f"{kind}\t{what}\n")

    def place(path: Any, folder: int | None = None) -> str:
        """Return a path in full; `path` may be a descriptor, and `folder` the one from which it starts."""
        descriptor = path if isinstance(path, int) else folder
        start = ""
        if descriptor is not None:
            try:
                start = os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115
            except OSError:
                note("all", "a folder by its descriptor")
        path = start if path is None or isinstance(path, int) else os.path.join(start, os.fsdecode(path))  # noqa: PTH118
        return os.path.abspath(path or ".")  # noqa: PTH100

    def opened(path: str, flags: int) -> None:
        """Note a file that is opened, unless it is one that the notebook itself writes."""
        try:
            there = bool(examine(path))
        except OSError:
            there = False
        # What is appended to, or opened for both, still holds what was there before.
        if flags & (os.O_TRUNC | os.O_EXCL) or (flags & os.O_CREAT and not there):
            written.add(path)
        elif not flags & os.O_WRONLY and path not in written:
            note("read", path)

    def open_in(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        # The audit event does not tell from which folder.
        opened(place(path, dir_fd), flags)
        return opening(path, flags, mode, dir_fd=dir_fd)

    own = open_in.__code__

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        # To ask for the caller is an event itself.
        if event == "open" and not isinstance(arguments[0], int | None):
            calling = caller()
            if calling is None or calling.f_code is not own:
                opened(place(arguments[0]), arguments[2])
        elif event in ("os.listdir", "os.scandir"):
            # Every import lists the folders it looks in.
            calling = caller()
            if calling is None or not calling.f_code.co_filename.startswith("<frozen importlib"):
                note("list", place(arguments[0]))
        elif event == "os.rename":
            written.add(place(arguments[1]))
        elif event in PROCESSES or (event == "sqlite3.connect" and arguments[0] not in (":memory:", "")):
            note("all", event)

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        """Note whom a question about a path is for; no audit event tells of it."""

        @functools.wraps(function)
        def asked(path: Any, *rest: Any, **options: Any) -> Any:
            found = None
            try:
                found = function(path, *rest, **options)
                return found
            finally:
                if isinstance(path, str | bytes | PurePath):
                    calling = caller()
                    while calling and calling.f_code.co_name in ("stat", "lstat"):  # of pathlib
                        calling = calling.f_back
                    name = calling.f_code.co_name if calling else ""
                    file = isinstance(found, os.stat_result) and stat.S_ISREG(found.st_mode)
                    full = place(path, options.get("dir_fd"))
                    if full not in written:
                        note("read" if file and name not in ASKING else "ask", full)

        return asked

    def wanted(name: str, names: Iterable[str], calling: FrameType | None) -> None:
        """Note imports of our own code, and of a reader by a function of an installed package."""
        if calling is None:
            return
        own = not str(calling.f_globals.get("__file__") or "").startswith(installed)
        if own or calling.f_code.co_name != "<module>":
            modules = {name, *(f"{name}.{part}" for part in names)}
            for module in sorted(modules if own else modules & readers):
                note("import" if own else "all", module)

    installed, readers = (sys.prefix, sys.base_prefix), READERS - {"pyarrow"}
    bring, bring_module = builtins.__import__, importlib.import_module

    def brought(
        name: str, namespace: Any = None, local: Any = None, fromlist: Any = (), level: int = 0
    ) -> ModuleType:
        module = bring(name, namespace, local, fromlist, level)
        if level == 0:
            wanted(name, fromlist or (), caller())
        return module

    def brought_module(name: str, package: str | None = None) -> ModuleType:
        if not name.startswith("."):
            wanted(name, (), caller())
        return bring_module(name, package)

    def loaded(*_: Any) -> None:
        """Note after each cell what is imported by now."""
        for module in {module.partition(".")[0] for module in set(sys.modules) - known}:
            note("module", module)
        known.update(sys.modules)

    # multiprocessing starts processes by this function, of which no audit event tells.
    with contextlib.suppress(ImportError):
        import _posixsubprocess

        begin = _posixsubprocess.fork_exec

        def begun(*arguments: Any) -> int:
            note("all", "fork_exec")
            return begin(*arguments)

        _posixsubprocess.fork_exec = begun

    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    assert shell is not None
    shell.events.register("post_run_cell", loaded)
    replaced: dict[Callable[..., Any], Callable[..., Any]] = {os.open: open_in}
    replaced |= {function: watched(function) for function in (os.stat, os.lstat, os.access)}
    for old, new in replaced.items():
        setattr(os, old.__name__, new)
        for ability in ("dir_fd", "fd", "follow_symlinks", "effective_ids"):
            able = getattr(os, f"supports_{ability}")
            able |= {new} if old in able else set()
    builtins.__import__, importlib.import_module = brought, brought_module  # type: ignore[assignment]
    sys.addaudithook(heard)
