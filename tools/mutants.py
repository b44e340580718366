"""Change the library in 120 small ways, one at a time, and see whether the tests of its room notice.

The changes are those of cosmic-ray 8.7, drawn with a stated seed, 30 from each of four rooms. A change that
only touches an annotation cannot be noticed and is not counted. Run it in a copy of the checkout, where it
writes to lib/, and name the folder that cosmic-ray was put into:

    python3 -m pip install --target /tmp/cosmic-ray cosmic-ray==8.7.0
    .venv/bin/python -B tools/mutants.py /tmp/cosmic-ray > mutants.txt
"""

import ast
import os
import random
import signal
import sys
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

# Loaded once: every change is then tried in a process forked from this one, which has them already.
import duckdb  # noqa: F401
import matplotlib.pyplot  # noqa: F401
import pyreadstat  # noqa: F401
import pytest
import scipy.stats  # noqa: F401
import statsmodels.api  # noqa: F401

sys.path.append(sys.argv[1])
from cosmic_ray.ast import ast_nodes, get_ast  # noqa: E402
from cosmic_ray.mutating import mutate_code  # noqa: E402
from cosmic_ray.plugins import get_operator, operator_names  # noqa: E402

SEED = 20261127
EACH = 30
SECONDS = 600  # a change that makes the tests run for longer has been noticed
ROOMS = ("regint/percentages", "regint/estimation", "regint/survey", "surveyfile")


class Mutant(NamedTuple):
    """One change: the which of an operator, and at which line."""

    path: Path
    operator: str
    occurrence: int
    line: int

    def source(self) -> str | None:
        """Return the module with the change; None where no program or no more than an annotation changes."""
        before = self.path.read_text(encoding="utf-8")
        try:
            changed = mutate_code(before, get_operator(self.operator)(), self.occurrence)
            return changed if changed and meaning(changed) != meaning(before) else None
        except SyntaxError:
            return None


def meaning(source: str) -> str:
    """Write the code of a module without its annotations."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def mutants(path: Path) -> list[Mutant]:
    """List every change of a module."""
    nodes, found = list(ast_nodes(get_ast(path.read_text(encoding="utf-8")))), []
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if not kind.arguments():
            places = [start for node in nodes for start, _ in kind().mutation_positions(node)]
            found += [Mutant(path, name, number, line) for number, (line, _) in enumerate(places)]
    return found


def noticed(mutant: Mutant, room: str) -> bool:
    """Say whether a test fails, first of those of the module, then of the whole room."""
    mirror = Path("tests", room, f"test_{mutant.path.name}")
    near = [str(mutant.path), *([str(mirror)] if mirror.is_file() else [])]
    return fails(near) or fails([f"tests/{room}", f"lib/{room}"])


def fails(tests: list[str]) -> bool:
    """Run tests in a process of their own, and say whether one failed or they never ended."""
    process = os.fork()
    if process == 0:
        os.setpgrp()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests])
        os._exit(0 if code in (0, 5) else 1)  # 5: there are no tests in these files
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.05)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return True


def main() -> None:
    """Draw, try and tell: one line a change, and the share that was noticed."""
    rooms = sys.argv[2:] or ROOMS
    killed = total = 0
    for room in rooms:
        files = [path for path in sorted(Path("lib", room).glob("*.py")) if path.name != "__init__.py"]
        drawn = [mutant for path in files for mutant in mutants(path)]
        random.Random(SEED).shuffle(drawn)
        if fails([f"tests/{room}", f"lib/{room}"]):
            sys.exit(f"The tests of {room} fail without any change: mend them first.")
        for mutant, source in islice(((m, s) for m in drawn if (s := m.source())), EACH):
            before, start = mutant.path.read_text(encoding="utf-8"), time.monotonic()
            try:
                mutant.path.write_text(source, encoding="utf-8")
                seen = noticed(mutant, room)
            finally:
                mutant.path.write_text(before, encoding="utf-8")
            line = source.splitlines()[mutant.line - 1].strip()
            word = "killed" if seen else "SURVIVED"
            seconds = time.monotonic() - start
            print(
                f"{word} {mutant.path}:{mutant.line} {mutant.operator} ({seconds:.0f} s): {line}", flush=True
            )
            killed, total = killed + seen, total + 1
    print(f"{killed} of {total} noticed, seed {SEED}.")


if __name__ == "__main__":
    main()
