"""Notebooks run on other machines: Dask hands out the tasks, which carry what a notebook may read.

Workers need this project installed, with the same code and packages. They share no disk with the build and
keep nothing: a task takes its notebook and its data along, and its result is all that comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import logging
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from textfiles.problems import Problem, quoted

from nbarticle import cache
from nbarticle.execute import Executed, Place, environment, execute, warm_process
from nbarticle.plan import Planned

SECONDS = 30  # to find the scheduler, and for its first worker


@dataclass(frozen=True)
class Parcel:
    """What the tasks of a build take along: what notebooks may read, and what the code must be."""

    root: str
    files: bytes
    modules: frozenset[str]
    code: str


def parcel(root: Path, modules: frozenset[str]) -> Parcel:
    """Pack ``data/`` of a project, or all of a folder that has none."""
    packed = io.BytesIO()
    everything = cache.files_below(root / "data" if (root / "data").is_dir() else root, hidden=True)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in {*everything, *root.glob("pyproject.toml")}:
            archive.write(path, path.relative_to(root))
    return Parcel(str(root), packed.getvalue(), modules, _code())


@functools.cache
def _code() -> str:
    """Return the hash of all that a worker must have as the build has it: code and packages."""
    return cache.digest([cache.library({})["text"], cache.python(), cache.versions()])


def run(notebook: Planned, timeout: int, parcel: Parcel) -> Executed:
    """Run a notebook on a worker."""
    if parcel.code != _code():
        raise Problem(
            "a worker of the cluster has other code or packages than this project: install the same commit "
            "there, with the same requirements.lock",
            place=notebook.name,
        )
    place = _unpacked(parcel)
    (place.root / notebook.folder).mkdir(parents=True, exist_ok=True)
    done = execute(notebook, timeout, place)
    return replace(done, reads=done.reads.replace(str(place.root), parcel.root))


@functools.lru_cache(maxsize=1)
def _unpacked(parcel: Parcel) -> Place:
    """Unpack the files of a parcel, with a warm process beside them; both go with the place."""
    folder = Path(tempfile.mkdtemp(prefix="nbarticle-")).resolve()
    with zipfile.ZipFile(io.BytesIO(parcel.files)) as archive:
        archive.extractall(folder / "project")
    place = Place(folder / "project", folder, environment(folder, folder))
    left = contextlib.ExitStack()
    left.callback(shutil.rmtree, folder, ignore_errors=True)
    left.enter_context(warm_process(parcel.modules, replace(place)))
    weakref.finalize(place, left.close)
    return place


async def _meet(address: str) -> None:
    """Make sure that a scheduler is there; whoever else listens may never answer."""
    from distributed.comm.core import connect
    from distributed.security import Security

    async def ask() -> str:
        how = Security().get_connection_args("client")  # type: ignore[no-untyped-call, unused-ignore]
        there = await connect(address, timeout=SECONDS, **how)  # type: ignore[no-untyped-call, unused-ignore]
        await there.write({"op": "identity", "reply": True})
        found = await there.read()
        await there.close()
        return str(found["type"])

    if await asyncio.wait_for(ask(), SECONDS) != "Scheduler":
        raise ValueError(address)


@contextlib.contextmanager
def workers(address: str) -> Iterator[Executor]:
    """Connect with the cluster whose scheduler has an address such as ``tcp://192.168.0.1:8786``."""
    try:
        from distributed import Client
    except ImportError:
        raise Problem("--cluster needs Dask: install this project with its extra 'cluster'.") from None
    try:
        asyncio.run(_meet(address))
        client = Client(address, timeout=SECONDS, set_as_default=False)  # type: ignore[no-untyped-call, unused-ignore]
    except Exception as error:  # such as the attempt to read a web page as a message
        raise Problem(
            f"--cluster {quoted(address, 80)}: no scheduler of Dask answers there ({type(error).__name__}); "
            "give its address, such as tcp://192.168.0.1:8786."
        ) from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what is lost, the build tells
    with client:
        try:
            client.wait_for_workers(1, timeout=SECONDS)
        except TimeoutError:
            raise Problem(f"The cluster at {address} has no worker: start one with 'dask worker'.") from None
        # A notebook is no pure function: what was run before is not to be taken for it.
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call, unused-ignore]
