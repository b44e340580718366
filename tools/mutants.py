"""Change the library in 120 small ways, one at a time, and see whether the tests of its room notice.

The changes are those of cosmic-ray 8.7, drawn with a stated seed, 30 from each of four rooms. A change that
only touches an annotation cannot be noticed and is not counted. Run it in a copy of the checkout, where it
writes to lib/, with a Python that has cosmic-ray, and name the Python that has the tests:

    python3 -m venv /tmp/mutants && /tmp/mutants/bin/pip install cosmic-ray==8.7.0
    /tmp/mutants/bin/python tools/mutants.py .venv/bin/python > mutants.txt
"""

import ast
import os
import random
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

SEED = 20261127
EACH = 30
SECONDS = 600  # a change that makes the tests of a room run for longer has been noticed
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


def noticed(mutant: Mutant, python: str, room: str) -> bool:
    """Say whether a test fails, first of those of the module, then of the whole room."""
    mirror = Path("tests", room, f"test_{mutant.path.name}")
    near = [str(mutant.path), *([str(mirror)] if mirror.is_file() else [])]
    # No bytecode: a change of the same size within the same second would be taken for the source.
    surroundings = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    for tests in (near, [f"tests/{room}", f"lib/{room}"]):
        command = [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests]
        try:
            run = subprocess.run(command, env=surroundings, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return True
        if run.returncode not in (0, 5):  # 5: there are no tests in these files
            return True
    return False


def main() -> None:
    """Draw, try and tell: one line a change, and the share that was noticed."""
    python, rooms = sys.argv[1], sys.argv[2:] or ROOMS
    killed = total = 0
    for room in rooms:
        files = [path for path in sorted(Path("lib", room).glob("*.py")) if path.name != "__init__.py"]
        drawn = [mutant for path in files for mutant in mutants(path)]
        random.Random(SEED).shuffle(drawn)
        for mutant, source in islice(((m, s) for m in drawn if (s := m.source())), EACH):
            before, start = mutant.path.read_text(encoding="utf-8"), time.monotonic()
            try:
                mutant.path.write_text(source, encoding="utf-8")
                seen = noticed(mutant, python, room)
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
