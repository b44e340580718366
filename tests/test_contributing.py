"""The recipe of CONTRIBUTING for a new notebook, walked: what it says is enough."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

PROJECT = Path(__file__).resolve().parent.parent
CELLS = [
    (
        "markdown",
        "# How long is a wait?\n\nYou will learn how a waiting time is read from a rate of arrivals.",
    ),
    (
        "parameters",
        'buses: float = 4.0  # buses that arrive in an hour\nsaid: str = "all"  # what is said of them',
    ),
    (
        "show-input",
        "import pandas as pd\nfrom regint import exercises, parameters\nfrom regint.display import prose\n\n"
        "p = parameters.check()",
    ),
    (
        "markdown",
        "## The mean wait\n\nWhere arrivals are independent of each other, the time until the next one does "
        "not depend on how long ago the last one was. Its mean is one hour divided by the arrivals in it.",
    ),
    ("show-input", "hour = pd.Timedelta(hours=1)"),
    ("show-input", "wait = hour / p.buses"),
    ("code", 'prose.say("A passenger waits {wait:decimal1} minutes.", wait=wait.total_seconds() / 60)'),
    (
        "markdown",
        "## What we found\n\n## What this cannot show\n\n## Exercises\n\nTry others: what becomes of it?\n\n"
        + "<details><summary>Hint</summary>\n\nDivide the hour by the arrivals in it.\n\n</details>\n\n" * 3,
    ),
    *(
        (tags, source)
        for n in (1, 2, 3)
        for tags, source in (
            ("solution", f"60 / {n}"),
            (
                "solution check",
                f'exercises.ask("12.{n}", "minutes", right=60 / {n}, wrong={{"No.": 0, "Again no.": 1}})',
            ),
        )
    ),
    ("markdown", "## References"),
]
NEEDED = ("data", "lib", "notebooks", "tests", "pyproject.toml", "README.md", "CONTRIBUTING.md")


def recipe() -> list[str]:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## A new notebook\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line[:2] in ("1.", "2.", "3.", "4.", "5.")]


def notebook() -> nbformat.NotebookNode:
    cells = []
    for number, (kind, source) in enumerate(CELLS):
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        cell = make(source, id=f"cell-{number}")
        if kind not in ("markdown", "code"):
            cell.metadata["tags"] = kind.split()
        cells.append(cell)
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a contributor edits, without what is built."""
    for name in NEEDED:
        source, target = PROJECT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, target)
    return tmp_path


@pytest.fixture
def run(checkout: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    environment = os.environ | {"PYTHONPATH": str(checkout / "lib"), "PYTHONDONTWRITEBYTECODE": "1"}

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def test_the_recipe_of_a_new_notebook_has_four_steps() -> None:
    assert [step.partition("`")[2].partition("`")[0] for step in recipe()] == [
        "notebooks/NN_name.ipynb",
        "README.md",
        "RULES",
        "regint build NN_name",
    ]


@pytest.mark.slow
def test_recipe_of_a_new_notebook(
    checkout: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    nbformat.write(notebook(), checkout / "notebooks" / "12_waiting.ipynb")

    readme = checkout / "README.md"
    table = readme.read_text(encoding="utf-8")
    last = next(line for line in table.splitlines() if line.startswith("| `11_"))
    columns = last.count("|") - 2
    line = "| `12_waiting` |" + " how long a wait is |" * columns
    readme.write_text(table.replace(last, f"{last}\n{line}"), encoding="utf-8")

    rules = checkout / "lib" / "regint" / "parameters.py"
    text = rules.read_text(encoding="utf-8")
    before, mark, after = text.partition('    "claim": ')
    assert mark, "the rules are sorted by name: buses would stand before claim"
    rules.write_text(f'{before}    "buses": between(1, 60),\n{mark}{after}', encoding="utf-8")

    built = run("regint.cli", "build", "12_waiting")
    assert built.returncode == 0, built.stdout + built.stderr
    assert "A passenger waits 15.0" in (checkout / "build" / "site" / "12_waiting.html").read_text("utf-8")
    refused = run("regint.cli", "build", "12_waiting", "-p", "buses", "0.5")
    assert refused.returncode == 2 and "buses=0.5 must lie from 1 to 60" in refused.stderr

    tests = run(
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/test_notebooks.py",
        "tests/test_readme.py",
        "-k",
        "12_waiting or listed",
    )
    assert tests.returncode == 0, tests.stdout
    assert "deselected" in tests.stdout and " passed" in tests.stdout
