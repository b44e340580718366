"""The Makefile on machines that lack something: it works, or one sentence names the remedy."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")

# Stand-ins for interpreters. Each writes down what it was asked to do.
HEALTHY = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case "$*" in
    --version) echo "Python 3.12.0" ;;
    *"-m venv"*) for folder; do :; done; mkdir -p "$folder/bin"; cp "$0" "$folder/bin/python" ;;
    *"-m pip"*install*) echo "$PIP_SAYS"; exit "${PIP_ENDS:-0}" ;;
    *sleep*) exit 1 ;;
esac
exit 0
"""
OLD = '#!/bin/sh\ncase "$*" in *version_info*) exit 1 ;; esac\nexit 0\n'
WITHOUT_VENV = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\nexit 0\n'
TOOLS = [
    "sh",
    "cat",
    "cksum",
    "cut",
    "grep",
    "mkdir",
    "cp",
    "basename",
    "awk",
    "id",
    "rm",
    "test",
    "echo",
    "printf",
]


class Machine:
    """A checkout, and a PATH that holds only what it is given."""

    def __init__(self, folder: Path) -> None:
        self.project, self.path, self.calls = folder / "Ж project", folder / "bin", folder / "calls"
        self.project.mkdir()
        self.path.mkdir()
        for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
            shutil.copy(PROJECT / name, self.project / name)
        for name in [*TOOLS, "make"]:
            if found := shutil.which(name):
                (self.path / name).symlink_to(found)

    def give(self, name: str, program: str) -> None:
        """Put a program on the PATH."""
        (self.path / name).write_text(program)
        (self.path / name).chmod(0o755)

    def make(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run make with nothing of this machine's environment."""
        surroundings = {
            "PATH": str(self.path),
            "CALLS": str(self.calls),
            "HOME": str(self.project),
        } | environment
        return subprocess.run(
            ["make", *arguments],
            cwd=self.project,
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> str:
        """What the interpreters were asked to do since the last look."""
        text = self.calls.read_text() if self.calls.is_file() else ""
        self.calls.unlink(missing_ok=True)
        return text


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def sentence(run: subprocess.CompletedProcess[str]) -> str:
    """The one line that is not make's own."""
    assert run.returncode != 0
    lines = [line for line in run.stderr.splitlines() if not line.startswith("make: ***")]
    assert len(lines) == 1, run.stderr
    return lines[0]


def test_help_describes_every_public_target() -> None:
    # When the tests run under make themselves, the inner make would announce its folder.
    command = ["make", "--no-print-directory", "help"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    targets = {line.split()[1] for line in run.stdout.splitlines()}
    words = "site setup test test-all lab variant student pdf verify check bench lock clean help"
    assert targets == set(words.split())


def test_setup_installs_by_hash_once_and_then_does_nothing(machine: Machine) -> None:
    machine.give("python3", HEALTHY)
    assert machine.make("setup").returncode == 0
    asked = machine.asked()
    assert "-m venv --clear .venv" in asked
    assert "install --no-compile --require-hashes --no-deps --only-binary :all:" in asked
    assert "--editable ." in asked
    assert machine.make("setup").returncode == 0
    assert "install" not in machine.asked()


def test_uv_installs_where_it_is_there_and_pip_where_it_cannot(machine: Machine) -> None:
    machine.give("python3", HEALTHY)
    machine.give("uv", '#!/bin/sh\necho "uv $*" >>"$CALLS"\nexit "${UV_ENDS:-0}"\n')
    assert machine.make("setup").returncode == 0
    asked = machine.asked()
    assert "uv pip install" in asked and "-m pip --disable-pip-version-check" not in asked
    assert "--require-hashes --no-deps --only-binary :all: -r requirements.lock" in asked
    assert "--python .venv/bin/python --no-deps --no-build-isolation --editable ." in asked
    (machine.project / ".venv" / ".regint-requirements.lock").unlink()
    assert machine.make("setup", UV_ENDS="2").returncode == 0
    asked = machine.asked()
    assert asked.count("uv pip install") == 2 and asked.count("-m pip --disable-pip-version-check") == 2


def test_setup_goes_by_the_content_of_the_lock_and_by_the_place(machine: Machine) -> None:
    machine.give("python3", HEALTHY)
    machine.make("setup")
    machine.asked()
    lock = machine.project / "requirements.lock"
    os.utime(lock)
    machine.make("setup")
    assert "install" not in machine.asked()
    lock.write_text(lock.read_text() + "\n")
    os.utime(lock, (0, 0))
    machine.make("setup")
    assert "install" in machine.asked()
    machine.project = machine.project.rename(machine.project.with_name("moved"))
    machine.make("setup")
    assert "install" in machine.asked()


def test_failed_setup_is_taken_up_again(machine: Machine) -> None:
    machine.give("python3", HEALTHY)
    assert machine.make("setup", PIP_ENDS="1", PIP_SAYS="ERROR: broken").returncode != 0
    machine.asked()
    assert machine.make("setup").returncode == 0
    assert "install" in machine.asked()


def test_no_python_is_one_sentence(machine: Machine) -> None:
    assert "No Python 3.11 or newer was found" in sentence(machine.make())
    machine.give("python3", OLD)
    assert "No Python 3.11 or newer was found" in sentence(machine.make())


def test_newer_python_beside_an_old_one_is_used(machine: Machine) -> None:
    machine.give("python3", OLD)
    machine.give("python3.12", HEALTHY)
    assert machine.make("setup").returncode == 0
    assert "python3.12 -m venv" in machine.asked()


def test_missing_venv_module_is_one_sentence(machine: Machine) -> None:
    machine.give("python3", WITHOUT_VENV)
    assert "apt install python3-venv" in sentence(machine.make())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("WARNING: Retrying after connection broken by NewConnectionError", "needs the network once"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "DO NOT MATCH THE HASHES"),
    ],
)
def test_failed_download_is_one_sentence(machine: Machine, said: str, expected: str) -> None:
    machine.give("python3", HEALTHY)
    assert expected in sentence(machine.make("setup", PIP_SAYS=said, PIP_ENDS="1"))


def test_activated_conda_environment_is_used_as_it_is(machine: Machine) -> None:
    machine.give("python", HEALTHY)
    prefix = machine.project.parent / "conda env"
    prefix.mkdir()
    conda = {"CONDA_PREFIX": str(prefix), "CONDA_DEFAULT_ENV": "regint"}
    assert machine.make("setup", **conda).returncode == 0
    asked = machine.asked()
    assert "venv" not in asked
    assert "python -m pip" in asked
    assert not (machine.project / ".venv").exists()
    machine.make("setup", **conda)
    assert "install" not in machine.asked()
    machine.give("python3", HEALTHY)
    machine.make("setup", **conda | {"CONDA_DEFAULT_ENV": "base"})
    assert "-m venv" in machine.asked()


def test_old_conda_python_is_one_sentence(machine: Machine) -> None:
    machine.give("python", OLD)
    run = machine.make(CONDA_PREFIX=str(machine.project), CONDA_DEFAULT_ENV="regint")
    assert "conda env create -f environment.yml" in sentence(run)


def test_survey_and_variant_reach_the_program_with_their_spaces(machine: Machine) -> None:
    machine.give("python3", HEALTHY)
    assert machine.make("SURVEY=their survey's").returncode == 0
    assert "regint.cli report their survey's" in machine.asked()
    assert machine.make("variant", "NOTEBOOK=03_x", "PARAMS=-p confidence 0.9").returncode == 0
    assert "build 03_x -p confidence 0.9" in machine.asked()
    assert "Name the notebook" in sentence(machine.make("variant"))
    assert "Name the notebook" in sentence(machine.make("variant", "NOTEBOOK=03_x"))


@pytest.mark.parametrize("goal", [(), ("site",), ("student",), ("pdf",)])
def test_parameters_without_variant_are_refused_not_ignored(machine: Machine, goal: tuple[str, ...]) -> None:
    machine.give("python3", HEALTHY)
    refusal = sentence(machine.make(*goal, "PARAMS=confidence '0.9"))
    assert 'make variant NOTEBOOK=03_response_distributions PARAMS="-p confidence 0.9"' in refusal
    assert "build" not in machine.asked()


@pytest.mark.parametrize(
    ("survey", "built"), [("", "build"), ("their/own survey", "build/survey/own survey")]
)
def test_pdf_prints_the_pages_just_built_but_not_the_search(
    machine: Machine, survey: str, built: str
) -> None:
    machine.give("python3", HEALTHY)
    browser = '#!/bin/sh\nfor word; do case "$word" in --print-to-pdf=*) echo x >"${word#*=}" ;; esac; done\n'
    machine.give("chromium", browser)
    site = machine.project / built / "site"
    site.mkdir(parents=True)
    for name in ("index", "01_first", "search"):
        (site / f"{name}.html").write_text("")
    (site.parent / "pdf").mkdir()
    (site.parent / "pdf" / "00_gone.pdf").write_text("")
    run = machine.make("pdf", *([f"SURVEY={survey}"] if survey else []))
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, f"PDF: {built}/pdf")
    assert {path.name for path in (site.parent / "pdf").iterdir()} == {"index.pdf", "01_first.pdf"}


def test_lock_without_uv_is_one_sentence(machine: Machine) -> None:
    assert "needs uv" in sentence(machine.make("lock"))
