"""Notebooks on a cluster: the same bytes, a killed worker, other code, and an address where nobody is."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from nbarticle import cluster
from nbarticle.plan import Planned
from nbarticle.run import Build
from textfiles.problems import Problem


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed (extra 'cluster')")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_and_keeps_nothing(built, collections, workers, tmp_path) -> None:
    copy = collections.sample(tmp_path / "å b")
    run = copy.build("--cluster", workers.scheduler_address)
    assert (run.returncode, run.stdout.splitlines()[0]) == (0, "3 built, 0 reused, 0 failed."), run.stderr
    assert copy.files() == built.files()
    # What was read there is known here.
    copy.write_data("first.csv", "n\n1\n2\n")
    run = copy.build("--cluster", workers.scheduler_address)
    assert run.stdout.splitlines()[0] == "1 built, 2 reused, 0 failed."


@pytest.mark.slow
def test_a_failure_on_a_cluster_is_the_sentence_it_is_here(collections, workers, tmp_path: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    collection.write("01_wrong", "1 / 0")
    here, there = collection.build(), collection.build("--cluster", workers.scheduler_address)
    assert (
        here.stderr == "failed: 01_wrong, cell 2: '1 / 0' stopped with ZeroDivisionError: division by zero.\n"
    )
    assert (there.returncode, there.stderr) == (here.returncode, here.stderr)


@pytest.mark.slow
def test_a_killed_worker_costs_time_and_nothing_else(collections, workers, tmp_path: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    for number in range(4):
        collection.write(f"0{number}_slow", f"import time\ntime.sleep(4)\nprint({number})")
    with collection.start("--cluster", workers.scheduler_address) as build:
        time.sleep(5)
        victim = next(iter(workers.workers.values())).pid
        os.kill(victim, signal.SIGKILL)
        stdout, stderr = build.communicate(timeout=120)
    assert stdout.splitlines()[0] == "4 built, 0 reused, 0 failed.", stderr
    assert "Traceback" not in stderr


@pytest.mark.slow
def test_the_address_of_a_worker_is_not_that_of_a_scheduler(workers: Any) -> None:
    address = next(iter(workers.workers.values())).worker_address
    with pytest.raises(Problem, match="no scheduler of Dask answers there"), cluster.workers(address):
        pass
    with cluster.workers(workers.scheduler_address) as pool:
        assert pool.submit(abs, -3).result() == 3


def test_what_a_lost_scheduler_gave_up_is_told_in_a_sentence() -> None:
    build = Build(output=None)  # type: ignore[arg-type]
    with build.told("01_bars"):
        raise CancelledError
    assert build.failed == {
        "01_bars": "01_bars was given up by the cluster, whose scheduler has gone: run it again."
    }


def test_a_worker_with_other_code_is_refused_in_a_sentence() -> None:
    other = cluster.Parcel("/project", b"", frozenset(), "other code")
    with pytest.raises(
        Problem, match=r"^01_bars: a worker of the cluster has other code .* requirements\.lock"
    ):
        cluster.run(Planned("01_bars", Path("01_bars.ipynb"), b"{}", "", ()), 60, other)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://nowhere.invalid:8786"])
def test_where_no_scheduler_answers_a_sentence_says_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (extra 'cluster')")
    monkeypatch.setattr(cluster, "SECONDS", 1)
    with pytest.raises(Problem, match="no scheduler of Dask answers there"), cluster.workers(address):
        pass


@pytest.mark.parametrize("banner", [b"", b"SSH-2.0-OpenSSH_9.0 hello\r\n"])
def test_where_somebody_else_listens_it_does_not_wait_for_ever(
    banner: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed (extra 'cluster')")
    monkeypatch.setattr(cluster, "SECONDS", 2)

    def greet(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                held.append(listener.accept()[0])
                held[-1].sendall(banner)

    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, args=[listener], daemon=True).start()
        address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        start = time.monotonic()
        with pytest.raises(Problem, match="no scheduler of Dask answers there"), cluster.workers(address):
            pass
        assert time.monotonic() - start < 30
        listener.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()
