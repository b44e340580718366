"""pyproject.toml is the one list of dependencies; the locks and environment.yml follow from it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.lock": (), "requirements-test.lock": ("test",), "requirements-lab.lock": ("lab",)}


def declared(extras: tuple[str, ...]) -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    return [Requirement(line) for entries in lists for line in entries]


def locked(name: str) -> dict[str, set[str]]:
    """Pinned versions by distribution; several where they differ between Python versions."""
    pins: dict[str, set[str]] = {}
    for line in (PROJECT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line):
            pins.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return pins


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_lock_satisfies_every_declared_dependency(lock: str, extras: tuple[str, ...]) -> None:
    pins = locked(lock)
    for requirement in declared(extras):
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is missing from {lock}: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    pins = [entry for entry in entries if "==" in entry.split("\n")[0]]
    assert len(pins) > 50
    assert [entry.split("\n")[0] for entry in pins if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", ["requirements-test.lock", "requirements-lab.lock"])
def test_locks_agree_on_shared_packages(lock: str) -> None:
    base, other = locked("requirements.lock"), locked(lock)
    assert {name: other.get(name) for name in base} == base


def test_environment_reads_the_lock_and_adds_nothing() -> None:
    lines = (PROJECT / "environment.yml").read_text(encoding="utf-8").splitlines()
    entries = [line.strip()[2:] for line in lines if line.strip().startswith("- ")]
    assert entries == ["conda-forge", "python=3.11", "pip", "make", "pip:", "-r requirements.lock"]


def test_environment_python_is_the_oldest_supported() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"


def test_one_version_everywhere() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    citation = (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    assert f"## [{version}]" in changelog


def test_every_import_of_the_library_is_declared() -> None:
    imported = {
        name.split(".")[0]
        for module in (PROJECT / "lib").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    distributions = packages_distributions()
    wanted = {
        canonicalize_name(name)
        for module in imported - set(sys.stdlib_module_names) - {""}
        for name in distributions.get(module, [module])
    }
    # What is optional is imported where it is asked for; two modules have other names than what brings them.
    optional = declared(("publish", "charts", "cluster"))
    names = {canonicalize_name(requirement.name) for requirement in optional}
    assert wanted - names - {"regint", "pypandoc", "vl-convert"} == set()


def test_every_dependency_says_in_contributing_what_it_is_for() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (`[a-z0-9`, -]+`) \| \S", text.partition("## Dependencies")[2], re.MULTILINE)
    told = re.findall(r"`([a-z0-9-]+)`", "".join(lines))
    assert sorted(told) == sorted(canonicalize_name(requirement.name) for requirement in declared(()))
