"""Settings and fixtures shared by all tests: headless, repeatable, every collection built once."""

import gc
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import matplotlib
import pytest

matplotlib.use("Agg")

# Deterministic and without deadlines: a noisy machine must not fail a correct property.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("repeatable")

PROJECT = Path(__file__).resolve().parent.parent
# What tests build from this checkout; kept between runs, for `regint build` knows by content what is fresh.
BUILT = PROJECT / "build" / ".tests"
# Fixtures that take time: files with tests that want one come after all others, those of the browser last.
LAST = ("builders", "ran", "collections", "once", "study", "browser")
# Files whose tests are long, and share nothing that takes time to make: each test goes to whoever is free.
LONG = ("tests/browser/", "tests/hostile/", "tests/nbarticle/test_run.py", "tests/regint/test_cli.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put quick files first, so that a mistake shows within a minute."""
    places: dict[Path, int] = {}
    for item in items:
        wanted = getattr(item, "fixturenames", ())
        place = max((LAST.index(name) + 1 for name in LAST if name in wanted), default=0)
        places[item.path] = max(place, places.get(item.path, 0))
    items.sort(key=lambda item: places[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for garbage neither while the tests are collected nor ever in what they and the libraries are."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each processor the next file when it is done with one, and of a long file the next test."""
    from xdist.scheduler import LoadScopeScheduling

    class InOrder(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if nodeid.startswith(LONG) else nodeid.partition("::")[0]

    config.option.loadscopereorder = False
    return InOrder(config, log)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Name each failure as soon as it happens; the whole story still stands at the end."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None:
        config.pluginmanager.register(_AtOnce(terminal))


class _AtOnce:
    """Writes one line for a failure while the other tests go on."""

    def __init__(self, terminal: Any) -> None:
        self.terminal = terminal

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.terminal.ensure_newline()
            self.terminal.write_line(f"{report.nodeid} fails in {report.when}", red=True)


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Hold a folder of what tests build, so that of several workers one builds and the others wait."""
    import fcntl

    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def run_build(out: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "regint.cli", "build", *arguments, "--out", str(out)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="session")
def study() -> Path:
    """All notebooks of this checkout and their site, built once for all tests: `executed/` and `site/`."""
    with held(BUILT / "study") as out:
        run_build(out)
    return out


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """A function that gives a folder which one worker of this run fills, and which no test changes."""
    base = tmp_path_factory.getbasetemp()
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        with held(place / name) as folder:
            done = folder.with_suffix(".done")
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout under test."""
    return PROJECT


def _load(path: str) -> ModuleType:
    """Import a module of the tests; they are no package."""
    specification = importlib.util.spec_from_file_location(Path(path).stem, Path(__file__).parent / path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def collections() -> ModuleType:
    """The module that makes collections."""
    return _load("collection.py")


@pytest.fixture(scope="session")
def pages() -> ModuleType:
    """The module that makes notebooks with every kind of content."""
    return _load("nbarticle/pages.py")


@pytest.fixture(scope="session")
def built(collections: ModuleType, once: Callable[..., Path]) -> Any:
    """The sample collection, built once; tests must not change it."""

    def build(folder: Path) -> None:
        run = collections.sample(folder / "project").build()
        assert run.returncode == 0, run.stderr

    return collections.Collection.at(once("built", build) / "project")


@pytest.fixture
def copy(built: Any, tmp_path: Path) -> Any:
    """A copy of the built collection, output and all, to be changed and built again."""
    shutil.copytree(built.root, tmp_path / "project")
    return type(built).at(tmp_path / "project")
