"""Where the time of a build went."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# Seconds by phase and, where it is about one, notebook; of what ran at the same time, each by itself.
spent: defaultdict[tuple[str, str], float] = defaultdict(float)
OF_A_NOTEBOOK = ("kernel", "cells", "of them drawing", "page")


@contextmanager
def timed(phase: str, name: str = "") -> Iterator[None]:
    """Add the seconds of a block, or of a function, to those of a phase."""
    start = time.perf_counter()
    try:
        yield
    finally:
        spent[phase, name] += time.perf_counter() - start


def table(names: Sequence[str]) -> str:
    """Print a line for each notebook, a sum, and a line for each other phase, in seconds."""
    names = [name for name in names if any((phase, name) in spent for phase in OF_A_NOTEBOOK)]
    rows = {name: [spent[phase, name] for phase in OF_A_NOTEBOOK] for name in names}
    rows["all notebooks"] = [sum(column) for column in zip(*rows.values(), strict=True)] or [0.0] * 4
    others = {phase: seconds for (phase, name), seconds in spent.items() if not name}
    width = max(map(len, (*rows, *others)))
    lines = [f"{'seconds':{width}}" + "".join(f"  {phase:>15}" for phase in OF_A_NOTEBOOK)]
    lines += [f"{name:{width}}" + "".join(f"  {one:15.1f}" for one in row) for name, row in rows.items()]
    return "\n".join([*lines, *(f"{phase:{width}}  {one:15.1f}" for phase, one in others.items())])
