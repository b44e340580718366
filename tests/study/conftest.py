"""Run a notebook of the study in this process and look at what its cells computed."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import IPython
import pytest

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="session")
def ran() -> Callable[..., dict[str, Any]]:
    """A function that runs the cells of a notebook, parameters changed as told, and returns its names."""
    done: dict[str, dict[str, Any]] = {}

    def run(name: str, **parameters: object) -> dict[str, Any]:
        key = json.dumps([name, parameters], sort_keys=True)
        if key not in done:
            done[key] = names = {"In": []}
            document = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
            events = SimpleNamespace(register=lambda *_: None)  # what matplotlib asks of a shell
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(IPython, "get_ipython", lambda: SimpleNamespace(user_ns=names, events=events))
                patched.chdir(NOTEBOOKS.parent)
                for cell in document["cells"]:
                    if cell["cell_type"] == "code":
                        source = "".join(cell["source"])
                        names["In"].append(source)
                        exec(compile(source, f"{name}, {cell['id']}", "exec"), names)
                        if "parameters" in cell["metadata"].get("tags", []):
                            names.update(parameters)
        return done[key]

    return run
