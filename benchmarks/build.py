"""Wall time of a full build against ``jupyter nbconvert --execute`` on the same notebooks, in turn.

Run from the project's folder: ``python benchmarks/build.py [ROUNDS]``. Prints each time, the ratio of the
medians and the time of a build with nothing to do; exits with 1 when either misses what the project promises.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LARGEST_RATIO, LARGEST_NOTHING = 0.6, 0.5


def seconds(command: list[str], project: Path) -> float:
    """Run a command in a project and return the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def main(rounds: int) -> int:
    """Time both, print what was found, return the exit code."""
    python = sys.executable
    ours = [python, "-m", "regint.cli", "build"]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        kept = shutil.ignore_patterns(".*", "build", "lib", "tests")
        shutil.copytree(Path.cwd(), project, ignore=kept)
        notebooks = sorted(str(path) for path in (project / "notebooks").glob("*.ipynb"))
        theirs = [python, "-m", "nbconvert", "--execute", "--to", "html", "--log-level", "ERROR"]
        theirs += ["--output-dir", str(Path(folder) / "theirs"), *notebooks]
        seconds(ours, project)  # fills the font list and the operating system's cache for both
        times: dict[str, list[float]] = {"ours": [], "nbconvert": [], "nothing": []}
        for _ in range(rounds):
            shutil.rmtree(project / "build" / "executed")
            shutil.rmtree(project / "build" / "site")
            (project / "build" / ".nbarticle" / "state.json").unlink()
            times["ours"].append(seconds(ours, project))
            times["nothing"].append(seconds(ours, project))
            times["nbconvert"].append(seconds(theirs, project))
    for name, found in times.items():
        listing = "  ".join(f"{value:6.2f}" for value in found)
        print(f"{name:10} {listing}  median {statistics.median(found):.2f} s")
    ratio = statistics.median(times["ours"]) / statistics.median(times["nbconvert"])
    nothing = min(times["nothing"])
    print(f"full build / nbconvert: {ratio:.2f} (at most {LARGEST_RATIO}) on {os.cpu_count()} processors")
    print(f"nothing to do: {nothing:.2f} s (at most {LARGEST_NOTHING})")
    return int(ratio > LARGEST_RATIO or nothing > LARGEST_NOTHING)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
