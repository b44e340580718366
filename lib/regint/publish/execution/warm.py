"""The warm process of a build: started with what the stale notebooks import, ended with the build."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

PROGRAM = Path(__file__).with_name("zygote.py")


def imports(source: bytes) -> set[str]:
    r"""List the modules that a notebook's code cells import.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": ["import pandas as pd\n", "from a.b import c"]}
    >>> sorted(imports(json.dumps({"cells": [cell]}).encode()))
    ['a.b', 'a.b.c', 'pandas']
    """
    found: set[str] = set()
    for cell in json.loads(source)["cells"]:
        # A cell that does not parse (a magic, a mistake) shows itself when it runs.
        with contextlib.suppress(SyntaxError, ValueError):
            for node in ast.walk(ast.parse("".join(cell["source"]) if cell["cell_type"] == "code" else "")):
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@contextlib.contextmanager
def warm_process(sources: Iterable[bytes], runtime: Path) -> Iterator[dict[str, str]]:
    """Start the process that forks kernels; it ends, with all of them, when the block is left.

    Yields
    ------
    dict
        Environment variables by which workers find it; empty where processes cannot be forked.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin":  # forking is unsafe with macOS's system libraries
        yield {}
        return
    address = runtime / "zygote"
    modules = sorted(set().union(*(imports(source) for source in sources)))
    command = [sys.executable, "-P", str(PROGRAM), str(address)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with contextlib.suppress(BrokenPipeError):
            if process.stdin is not None:
                process.stdin.write(json.dumps(modules).encode() + b"\n")
                process.stdin.flush()
        yield {"REGINT_ZYGOTE": str(address)}
    finally:
        with contextlib.suppress(BrokenPipeError):
            process.communicate(timeout=5)
