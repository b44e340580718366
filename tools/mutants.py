"""Change the library in 120 small ways, one at a time, and see whether the tests of its room notice.

The changes are those of cosmic-ray 8.7, drawn with a stated seed, 30 from each of four rooms. A change that
only touches an annotation cannot be noticed and is not counted; nor is one that `excluded` gives a reason
against, which is printed. Drawn with the seed 20261127 in November 2026, 97 of 120 were noticed; `ALIKE`
names the seven that change nothing, and for each of the other sixteen there is a test since. Of 52 drawn
with the seed 20261203, 47 were noticed, one changes nothing, and for each of the other four there is a test
since. Run it in a copy of the checkout, where it writes to lib/, and name the folder that cosmic-ray was
put into:

    python3 -m pip install --target /tmp/cosmic-ray cosmic-ray==8.7.0
    .venv/bin/python -B tools/mutants.py /tmp/cosmic-ray > mutants.txt
"""

import argparse
import ast
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import NamedTuple

# Loaded once: every change is then tried in a process forked from this one, which has them already.
import duckdb  # noqa: F401
import matplotlib.pyplot  # noqa: F401
import pyreadstat  # noqa: F401
import pytest
import scipy.stats  # noqa: F401
import statsmodels.api  # noqa: F401

asked = argparse.ArgumentParser()
asked.add_argument("cosmic_ray")
asked.add_argument("rooms", nargs="*")
asked.add_argument("--seed", type=int, default=20261127)
asked.add_argument("--each", type=int, default=30)
ASKED = asked.parse_args()
sys.path.append(ASKED.cosmic_ray)
from cosmic_ray.ast import ast_nodes, get_ast  # noqa: E402
from cosmic_ray.mutating import mutate_code  # noqa: E402
from cosmic_ray.plugins import get_operator, operator_names  # noqa: E402

SECONDS = 600  # a change that makes the tests run for longer has been noticed
ROOMS = ("regint/percentages", "regint/estimation", "regint/survey", "surveyfile")
# A line as it reads after a change -> why nothing that the program gives can be another.
ALIKE = {
    "high = np.full(shares.shape, base + 2, dtype=np.int64)": "beyond the base all probability is summed up",
    "work += once * (1 + len(samples)) + 8 | whole": "it is the estimate of a step's work, not its result",
    "table = _everything(survey).reset_index(drop=False)": "a column without a label is not written",
    "if ends is before or not nets:  # one whole is exact at once": "it passes once more over ends that stay",
    "ends = [(r.least, r.most) if sign > -1 else (-r.most, -r.least) for r in ranges]": (
        "a sign is one or minus one"
    ),
    'low, high = right if node.word <= "+" else (-right[1], -right[0])': "a word is a plus or a minus",
    "if low >= high:": "no interval ends below its beginning",
    "misprint = np.exp(spoilt - np.where(np.isfinite(values), values, 1.0))": (
        "where the values are not finite, those taken off from are not either"
    ),
    "return float(used <= 1)": "what is used is one category or all, which are two or more",
    "(max(0, (units - 1) * base // whole + 1), min(base, -(-(units + 1) | base // whole) - 1))": (
        "it is how far is searched, not what is found"
    ),
    "for text in sorted(text for text, number in times.items() if number != 1)": "a count is one or more",
    "size = max(1, _CELLS >> max(1, len(names)))": "it is how many are read at once, not what is read",
    "if place >= self.free:": "there is no place beyond the free ones",
    "if not bounds[best] < lowest - _EQUAL:": "it is how fast the bounds fall, not what they bound",
    "if not labelled and len(observed) >= rows > 2:": "there are no more different answers than rows",
    "if not 0.0 < share < 1.0 or error <= 0.0:": "a standard error is not below zero",
    "free = np.isfinite(table).any(axis=1) * np.array([base is None for base in recorded])": (
        "one truth times another is both"
    ),
    "possible &= (least <= most).all(axis=1) & (least.sum(axis=1) <= base) * (most.sum(axis=1) >= base)": (
        "one truth times another is both"
    ),
}


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


def excluded(mutant: Mutant, source: str) -> str:
    """Say why a change is not counted; nothing where it is."""
    line = source.splitlines()[mutant.line - 1].strip()
    if "sys.platform" in line:
        return "it is about a system on which these tests do not run"
    if mutant.operator == "core/NumberReplacer":
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= mutant.line <= node.end_lineno:
                return "a bound or a choice that has a name: to repeat its number in a test proves nothing"
    return ALIKE.get(line, "")


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
    killed = total = 0
    for room in ASKED.rooms or ROOMS:
        files = [path for path in sorted(Path("lib", room).glob("*.py")) if path.name != "__init__.py"]
        drawn = [mutant for path in files for mutant in mutants(path)]
        random.Random(ASKED.seed).shuffle(drawn)
        if fails([f"tests/{room}", f"lib/{room}"]):
            sys.exit(f"The tests of {room} fail without any change: mend them first.")
        tried = 0
        for mutant in drawn:
            if tried == ASKED.each:
                break
            source, start = mutant.source(), time.monotonic()
            if source is None:
                continue
            where = f"{mutant.path}:{mutant.line} {mutant.operator}"
            line = source.splitlines()[mutant.line - 1].strip()
            if reason := excluded(mutant, source):
                print(f"excluded {where} ({reason}): {line}", flush=True)
                continue
            before = mutant.path.read_text(encoding="utf-8")
            try:
                mutant.path.write_text(source, encoding="utf-8")
                seen = noticed(mutant, room)
            finally:
                mutant.path.write_text(before, encoding="utf-8")
            seconds = time.monotonic() - start
            print(f"{'killed' if seen else 'SURVIVED'} {where} ({seconds:.0f} s): {line}", flush=True)
            tried += 1
            killed += seen
        total += tried
    print(f"{killed} of {total} noticed, seed {ASKED.seed}.")


if __name__ == "__main__":
    main()
