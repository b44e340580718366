"""What CI runs: everything on Linux, and the commands alone where there is no make."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent
WORKFLOW = yaml.safe_load((PROJECT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))


def lines(job: str) -> list[str]:
    return [step["run"] for step in WORKFLOW["jobs"][job]["steps"] if "run" in step]


def test_ci_runs_the_linters_and_every_test() -> None:
    assert "bash .ci/run" in lines("test")
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert script[-2:] == ["make check", "make test-all"]
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_the_validator_is_known_by_its_digest() -> None:
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^validator=[0-9a-f]{128}$", script, flags=re.MULTILINE)
    checked = script.index('echo "$validator  vnu-jar-26.9.27.tgz" | sha512sum --check')
    assert script.index("npm pack") < checked < script.index("tar -xzf")


def test_every_action_is_named_by_its_commit() -> None:
    named = [step["uses"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "uses" in step]
    assert [name for name in named if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []


@pytest.mark.slow
def test_commands_of_the_jobs_without_make_work_here(tmp_path: Path) -> None:
    project = tmp_path / "project"
    ignored = shutil.ignore_patterns("build", ".*", "lib", "tests", "*.egg-info")
    shutil.copytree(PROJECT, project, ignore=ignored)
    commands = [shlex.split(line) for line in lines("commands") if line.startswith("regint ")]
    assert {command[1] for command in commands} >= {"check", "new", "import", "build"}
    for _, *arguments in commands:
        command = [sys.executable, "-m", "regint.cli", *arguments]
        run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        assert run.returncode == 0, (arguments, run.stdout, run.stderr)
    assert (project / "build" / "site" / "02_hidden_bases.html").is_file()
