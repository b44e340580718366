"""A small collection of notebooks in a folder of its own, and the build run on it from outside."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "regint.cli"]


def code(source: str, *tags: str) -> dict:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {"tags": list(tags)},
        "outputs": [],
        "execution_count": None,
    }


def markdown(source: str) -> dict:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def hear_interrupts() -> None:
    """Undo what a shell does to its background jobs, so that the tests also hold where CI runs as one."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


SETTINGS = """[tool.nbarticle]
strict = true
check_parameters = "regint.parameters:check_values"
"""


class Collection:
    """A project folder with ``data/`` and ``notebooks/``."""

    command = COMMAND

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out = root / "build"
        (root / "data").mkdir(parents=True)
        (root / "notebooks").mkdir()
        self.write_data("datapackage.json", "{}")
        (root / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")

    @classmethod
    def at(cls, root: Path) -> "Collection":
        """Take a collection that is there already."""
        collection = object.__new__(cls)
        collection.root, collection.out = root, root / "build"
        return collection

    def write_data(self, name: str, text: str) -> Path:
        path = self.root / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def write(self, name: str, *cells: str | dict, parameters: str = "") -> Path:
        """Write a notebook: a title, a parameters cell if there are any, then the cells."""
        first = [markdown(f"# What is {name}?")] + ([code(parameters, "parameters")] if parameters else [])
        rest = [cell if isinstance(cell, dict) else code(cell) for cell in cells]
        content = [dict(cell, id=f"c{i}") for i, cell in enumerate(first + rest)]
        path = self.root / "notebooks" / f"{name}.ipynb"
        notebook = {"cells": content, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.command, "build", *arguments],
            cwd=self.root,
            env=os.environ | environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=hear_interrupts,
        )

    def build(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, **environment) as process:
            stdout, stderr = process.communicate(timeout=120)
        assert "Traceback" not in stderr
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def files(self, out: str = "build") -> dict[str, bytes]:
        """Everything published below an output folder."""
        below = self.root / out
        found = [
            p
            for kind in ("executed", "site", "student")
            for p in sorted((below / kind).rglob("*"))
            if p.is_file()
        ]
        return {p.relative_to(below).as_posix(): p.read_bytes() for p in found}

    def page(self, name: str) -> Path:
        return self.out / "site" / f"{name}.html"


SUMS = """import csv
with open('data/{file}', encoding='utf-8') as file:
    print(sum(int(row['n']) for row in csv.DictReader(file)) * factor)"""


def sample(root: Path) -> Collection:
    """Three notebooks: two read a data file each, one reads none; the first two have parameters."""
    collection = Collection(root)
    collection.write_data("first.csv", "n\n1001\n2002\n")
    collection.write_data("second.csv", "n\n4004\n5005\n")
    parameters = "factor: int = 1  # what the sum is multiplied by\nsurvey: str = 'data/s'  # survey folder"
    listing = "import os\nprint(sorted(os.listdir(survey)))"
    collection.write("01_first", SUMS.format(file="first.csv"), listing, parameters=parameters)
    collection.write("02_second", SUMS.format(file="second.csv"), parameters="factor: int = 1  # factor")
    collection.write("03_third", "object(), {'a', 'b', 'c'}", code("print('answer 42')", "solution"))
    (root / "data" / "s").mkdir()
    collection.write_data("s/questions.csv", "question,kind\nq1,single\n")
    return collection
