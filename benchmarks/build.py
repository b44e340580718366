"""Wall time of builds: all of it against ``jupyter nbconvert --execute`` on the same notebooks, and parts.

Run from the project's folder: ``python benchmarks/build.py [ROUNDS]``. The two take turns; medians count.
Builds after one change, as often, the reports of 500 printed questions and of one with 300 options, and 200
runs of a tiny notebook here and on a cluster of two local workers, come after.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from measured import keep

PYTHON = sys.executable
NBCONVERT = [PYTHON, "-m", "nbconvert", "--to", "html", "--log-level", "ERROR"]
BUILD = [PYTHON, "-m", "regint.cli", "build"]
CHANGED = "01_published_figures"
TINY = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# How much?"},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["parameters"]},
            "source": "n: int = 1  # a number",
            "outputs": [],
            "execution_count": None,
        },
        {
            "cell_type": "code",
            "id": "c",
            "metadata": {},
            "source": "print(n + 1)",
            "outputs": [],
            "execution_count": None,
        },
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def seconds(command: list[str], project: Path) -> float:
    """Run a command in a project and return the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def whole(project: Path, rounds: int) -> None:
    """Build everything, and nothing, in turn with nbconvert."""
    notebooks = sorted(str(path) for path in (project / "notebooks").glob("*.ipynb"))
    theirs = [*NBCONVERT, "--execute", "--output-dir", str(project / "theirs"), *notebooks]
    seconds(BUILD, project)  # fills the font list and the operating system's cache for both
    times: dict[str, list[float]] = {"ours": [], "nbconvert": [], "nothing": []}
    for _ in range(rounds):
        for name in ("executed", "site", ".nbarticle/pages"):
            shutil.rmtree(project / "build" / name)
        for name in ("state.json", "faces.json"):
            (project / "build" / ".nbarticle" / name).unlink()
        times["ours"].append(seconds(BUILD, project))
        times["nothing"].append(seconds(BUILD, project))
        times["nbconvert"].append(seconds(theirs, project))
    ours, nbconvert, nothing = (statistics.median(times[name]) for name in ("ours", "nbconvert", "nothing"))
    keep("build of the whole study", ours, "s", "a ratio of 0.22", "nbconvert, one after another", nbconvert)
    keep("build with nothing to do", nothing, "s", "0.25 s", "the whole build", ours)


def changes(project: Path, rounds: int) -> None:
    """Build after one change, in turn with nbconvert: of one notebook's text, of what every page cites."""
    path, settings = project / "notebooks" / f"{CHANGED}.ipynb", project / "pyproject.toml"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    text = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    executed = sorted(str(path) for path in (project / "build" / "executed").glob("*.ipynb"))
    theirs = [*NBCONVERT, "--output-dir", str(project / "theirs")]
    times: dict[str, list[float]] = {"text": [], "beyond": [], "one": [], "title": [], "pages": []}
    for _ in range(rounds):
        text["source"] = [*text["source"], " "]
        path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
        times["text"].append(seconds(BUILD, project))
        state = json.loads((project / "build" / ".nbarticle" / "state.json").read_text(encoding="utf-8"))
        times["beyond"].append(times["text"][-1] - state["notebooks"][CHANGED]["seconds"])
        times["one"].append(seconds([*theirs, "--execute", str(path)], project))
        written = settings.read_text(encoding="utf-8").replace('\ntitle = "', '\ntitle = "The ', 1)
        settings.write_text(written, encoding="utf-8")
        times["title"].append(seconds(BUILD, project))
        times["pages"].append(seconds([*theirs, *executed], project))
    took = {name: statistics.median(values) for name, values in times.items()}
    aim = "2.5 s beyond its own run"
    keep("one notebook's text changed", took["text"], "s", aim, "nbconvert of that notebook", took["one"])
    keep("one notebook's text changed, beyond its own run", took["beyond"], "s", "2.5 s")
    against = "nbconvert of executed notebooks"
    keep("the title that every page cites changed", took["title"], "s", "2 s", against, took["pages"])


def report(folder: Path, questions: int, shares: Sequence[str], aim: str) -> None:
    """Make the report of many printed questions, or of one with many options, with figures of 200 people."""
    rows = [
        f"Question {number}?,Answer {n},{share}"
        for number in range(questions)
        for n, share in enumerate(shares)
    ]
    (folder / "printed.csv").write_text("\n".join(["question,response,printed", *rows, ""]), encoding="utf-8")
    regint = [PYTHON, "-m", "regint.cli"]
    name = f"of_{questions}"
    seconds([*regint, "new", name, "--from", "printed.csv", "--base", "200"], folder)
    what = (
        f"{questions} printed questions" if questions > 1 else f"a printed question of {len(shares)} options"
    )
    keep(f"report of {what}", seconds([*regint, "report", name], folder), "s", aim)


def many(folder: Path, runs: int = 200) -> None:
    """Sweep a tiny notebook over a grid, here and on a cluster."""
    from distributed import LocalCluster

    (folder / "data").mkdir()
    (folder / "notebooks").mkdir()
    (folder / "data" / "datapackage.json").write_text("{}", encoding="utf-8")
    (folder / "notebooks" / "tiny.ipynb").write_text(json.dumps(TINY), encoding="utf-8")
    lines = "".join(f"{number}\n" for number in range(runs))
    (folder / "grid.csv").write_text(f"n\n{lines}", encoding="utf-8")
    sweep = [PYTHON, "-m", "regint.cli", "sweep", "tiny", "--over", "grid.csv", "--out"]
    here = seconds([*sweep, str(folder / "here")], folder)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = seconds([*sweep, str(folder / "there"), "--cluster", cluster.scheduler_address], folder)
    keep(f"{runs} runs of a tiny notebook on Dask", there, "s", "no more than here", "here", here)


def main(rounds: int) -> None:
    """Measure all of it in copies."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(Path.cwd(), project, ignore=shutil.ignore_patterns(".*", "build", "lib", "tests"))
        whole(project, rounds)
        changes(project, rounds)
        (Path(folder) / "report").mkdir()
        report(Path(folder) / "report", 500, ("12.5", "37.5", "20", "30"), "90 s")
        report(Path(folder) / "report", 1, ("0.5",) * 200 + ("0",) * 100, "no aim")
        (Path(folder) / "tiny").mkdir()
        many(Path(folder) / "tiny")
    print(f"on {os.cpu_count()} processors")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=5, help="how often the two take turns")
    main(parser.parse_args().rounds)
