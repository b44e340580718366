"""What Binder does with this repository: install the lock, run postBuild, run a notebook in its folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_notebook_runs_as_on_binder(tmp_path: Path) -> None:
    copy = tmp_path / "home"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, files.split("\0")):
        if (PROJECT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, copy / name)

    def run(*command: str, folder: Path = copy) -> subprocess.CompletedProcess[str]:
        unset = {"PYTHONPATH", "VIRTUAL_ENV"}
        environment = {name: value for name, value in os.environ.items() if name not in unset}
        environment["PATH"] = f"{tmp_path / 'env' / 'bin'}{os.pathsep}{environment['PATH']}"
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    assert run(sys.executable, "-m", "venv", str(tmp_path / "env"), folder=PROJECT).returncode == 0
    lock = run("python", "-m", "pip", "install", "--quiet", "--no-deps", "-r", "requirements.lock")
    if lock.returncode and any(
        word in lock.stderr.lower() for word in ("connection", "resolution", "timed out")
    ):
        pytest.skip("the packages of the lock could not be fetched: no network")
    assert lock.returncode == 0, lock.stderr
    started = ("python", "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout")
    notebook = "01_published_figures.ipynb"
    assert "No module named 'regint'" in run(*started, notebook, folder=copy / "notebooks").stderr
    built = run("./postBuild")
    assert built.returncode == 0, built.stdout + built.stderr
    made = run(*started, notebook, folder=copy / "notebooks")
    assert made.returncode == 0, made.stderr
    assert "No base is printed" in made.stdout
