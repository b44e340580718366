"""Wall time of the first `make` in a fresh clone with empty caches: by uv where it is installed, and by pip.

Run from the project's folder, by `make bench FRESH=1` or ``python benchmarks/fresh.py``. It needs the
network, and measures its speed too.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measured import keep

AIMS = {"uv": "45 s", "pip": "75 s"}


def seconds(tool: str) -> float:
    """Clone and make, where nothing is kept from before."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        subprocess.run(["git", "clone", "--quiet", ".", project], check=True)
        away = [os.path.dirname(path)] if tool == "pip" and (path := shutil.which("uv")) else []  # noqa: PTH120
        places = [place for place in os.environ["PATH"].split(os.pathsep) if place not in away]
        caches = {name: f"{folder}/cache" for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR", "XDG_CACHE_HOME")}
        fresh = os.environ | caches | {"PATH": os.pathsep.join(places)}
        start = time.perf_counter()
        done = subprocess.run(["make"], cwd=project, env=fresh, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"make failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
        return time.perf_counter() - start


if __name__ == "__main__":
    for tool, aim in AIMS.items():
        if tool == "pip" or shutil.which(tool):
            keep(f"first make of a fresh clone, by {tool}", seconds(tool), "s", aim)
