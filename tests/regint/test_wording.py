"""What the command line says about a mistake: one sentence, and a command that can be typed as it stands."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from regint import cli

MISTAKES = {
    "bulid": "Did you mean 'build'?",
    "--colour": "No such option '--colour'",
    "build --surwey x": "Did you mean '--survey'?",
    "build -p confidence": "-p needs a name and a value, as in -p confidence 0.9.",
    "build --jobs x": "--jobs: 'x' is not a whole number from 0 up.",
    "build --timeout 0": "--timeout: 0 is not a whole number from 1 up.",
    "build --out": "'--out' requires an argument",
    "build --student=yes": "'--student' does not take a value",
    "import": "FILE is missing: write 'regint import FILE --out FOLDER'.",
    "import x.csv": "--out is missing (survey folder to create): write 'regint import FILE --out FOLDER'.",
    "import x.csv --out y --mask-small few": "--mask-small: 'few' is not a whole number.",
    "import x.csv --out y --confidence 0,9": "--confidence: '0,9' is not a number with a decimal point",
    "export x --format xls": "--format: 'xls' is not one of sav, dta, csv, ddi.",
    "new my survey": "'survey' is one name too many: write 'regint new FOLDER', a name with",
    "new": "FOLDER is missing: write 'regint new FOLDER'.",
    "check": "FOLDER is missing: write 'regint check FOLDER'.",
}


@pytest.mark.parametrize("command", MISTAKES)
def test_a_mistake_is_one_sentence_and_exit_code_2(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "program", lambda: "regint")
    result = CliRunner().invoke(cli.main, shlex.split(command), catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("regint: ") and result.stderr.endswith(".\n")
    assert result.stderr.count("\n") == 1
    assert MISTAKES[command] in result.stderr


def test_no_command_at_all_shows_the_help() -> None:
    result = CliRunner().invoke(cli.main, [])
    assert result.exit_code == 2
    assert "build" in result.output and "import" in result.output


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program as an environment holds it, with a space in its path."""
    program = tmp_path / "my project" / ".venv" / "bin" / "regint"
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path / "my project")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(sys, "argv", [".venv/bin/regint"])
    return program


def test_a_program_below_the_current_folder_is_written_as_it_was_called(installed: Path) -> None:
    assert cli.program() == ".venv/bin/regint"


def test_a_program_elsewhere_is_written_so_that_a_shell_can_read_it(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "my project" / ".venv")
    monkeypatch.setattr(sys, "argv", [str(installed)])
    assert cli.program() == "bin/regint"
    monkeypatch.chdir("/")
    assert shlex.split(cli.program()) == [str(installed).removeprefix("/")]


def test_a_program_that_the_shell_finds_is_its_bare_name(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(installed)])
    monkeypatch.setenv("PATH", str(installed.parent))
    assert cli.program() == "regint"


def test_under_make_the_installed_script_is_named(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["lib/regint/publish/cli.py"])
    monkeypatch.setattr(sys, "executable", str(installed.with_name("python")))
    assert cli.program() == ".venv/bin/regint"
    installed.unlink()
    assert cli.program() == "regint"


def test_the_next_command_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    program = shutil.which("regint", path=str(Path(sys.executable).parent))
    assert program, "regint is not installed beside this interpreter"
    first = subprocess.run(
        [program, "new", "my survey"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    command = first.stdout.splitlines()[-1].removeprefix("Next: ")
    then = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert then.returncode == 0, then.stderr
    assert "my survey: 3 questions" in then.stdout
