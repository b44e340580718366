"""Settings and fixtures shared by all tests: headless, repeatable, one built sample collection and copies of it."""

import importlib.util
import shutil
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


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout under test."""
    return PROJECT


def _load() -> ModuleType:
    specification = importlib.util.spec_from_file_location(
        "collection", Path(__file__).with_name("collection.py")
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def collections() -> ModuleType:
    """The module that makes collections."""
    return _load()


@pytest.fixture(scope="session")
def built(collections: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The sample collection, built once; tests must not change it."""
    collection = collections.sample(tmp_path_factory.mktemp("built") / "project")
    run = collection.build()
    assert run.returncode == 0, run.stderr
    return collection


@pytest.fixture
def copy(built: Any, tmp_path: Path) -> Any:
    """A copy of the built collection, output and all, to be changed and built again."""
    shutil.copytree(built.root, tmp_path / "project")
    collection = object.__new__(type(built))
    collection.root, collection.out = tmp_path / "project", tmp_path / "project" / "build"
    return collection
