"""Import and tabulate a million respondents beside the quickest engines that count the same.

Run with ``python benchmarks/microdata.py [ROWS] [QUESTIONS]``. Each engine gets the same answers in the form
it likes best, already in memory, and must give the count, the sum of weights and the sum of squared weights
of each answer. The engines take turns, several times; the least time of each counts, since noise only adds.
The import of the file stands beside DuckDB, which only counts the same file.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from measured import keep

ANSWERS = 5
ROUNDS = 5


def respondents(rows: int, questions: int) -> tuple[np.ndarray, np.ndarray]:
    """Answers 1-5 (0: silent) and weights of made-up respondents, the same at every run."""
    random = np.random.default_rng(20250609)
    answers = random.integers(0, ANSWERS + 1, (questions, rows), dtype=np.int8)
    return answers, np.round(random.uniform(0.2, 3.0, rows), 4)


def write_csv(path: Path, answers: np.ndarray, weights: np.ndarray) -> None:
    """Write the same respondents as a file."""
    frame = pd.DataFrame({f"q{i + 1}": row.astype(str) for i, row in enumerate(answers)}).replace("0", "")
    frame.assign(w=weights).to_csv(path, index=False)


def write_sav(path: Path, answers: np.ndarray, weights: np.ndarray) -> None:
    """Write the same respondents as an SPSS file with labels."""
    import pyreadstat

    frame = pd.DataFrame({f"q{i + 1}": np.where(row == 0, np.nan, row) for i, row in enumerate(answers)})
    labels = {name: {n: f"Answer {n}" for n in range(1, ANSWERS + 1)} for name in frame}
    pyreadstat.write_sav(frame.assign(w=weights), path, variable_value_labels=labels, row_compress=True)


def ours(answers: np.ndarray, weights: np.ndarray) -> Callable[[], dict[str, list[tuple[int, float]]]]:
    """Count with regint."""
    from surveyfile.codebook import Code, Item
    from surveyfile.columns import Wanted
    from surveyfile.count import tabulate
    from surveyfile.engine import Tally

    texts = [str(n) for n in range(1, ANSWERS + 1)]
    columns = {f"q{i + 1}": row.astype(np.int8) - 1 for i, row in enumerate(answers)}
    codes = tuple(Code(text, f"code_{text}", text) for text in texts)
    items = [Item(name, question=name, kind="single", codes=codes) for name in columns]
    numbers, worth = np.unique(weights, return_inverse=True)
    stated = [repr(float(number)) for number in numbers]

    def count() -> dict[str, list[tuple[int, float]]]:
        tally = Tally(Path("answers"), [*columns, "w"], Wanted({"w": "weight"}, dict.fromkeys(columns, "")))
        for name, own in columns.items():
            tally.add(name, own, texts)
        tally.add("w", worth, stated)
        tally.end_of_piece(len(worth))
        found = tabulate(tally.finish({}), items)
        return {q.question: [(r.count, float(r.sums.weight)) for r in q.responses] for q in found}

    return count


def by_duckdb(answers: np.ndarray, weights: np.ndarray) -> Callable[[], dict[str, list[tuple[int, float]]]]:
    """Count with DuckDB, one query per question, the table stored in its own form."""
    import duckdb

    source = pd.DataFrame({f"q{i + 1}": row for i, row in enumerate(answers)} | {"w": weights})  # noqa: F841
    names = [f"q{i + 1}" for i in range(len(answers))]
    base = duckdb.connect()
    base.execute("CREATE TABLE answers AS SELECT * FROM source")

    def count() -> dict[str, list[tuple[int, float]]]:
        found = {}
        for name in names:
            rows = base.execute(
                f"SELECT {name}, count(*), sum(w), sum(w * w) FROM answers "
                f"WHERE {name} > 0 GROUP BY 1 ORDER BY 1"
            ).fetchall()
            found[name] = [(n, w) for _, n, w, _ in rows]
        return found

    return count


def tabulation(rows: int, questions: int) -> dict[str, float]:
    """Least seconds of each engine, after checking that all count the same."""
    answers, weights = respondents(rows, questions)
    engines = {"regint": ours, "duckdb": by_duckdb}
    ready = {name: make(answers, weights) for name, make in engines.items()}
    results = {name: count() for name, count in ready.items()}
    for name, result in results.items():
        for question, expected in results["regint"].items():
            counts = [n for n, _ in expected]
            assert [n for n, _ in result[question]] == counts, (name, question)
            np.testing.assert_allclose([w for _, w in result[question]], [w for _, w in expected], rtol=1e-9)
    seconds = dict.fromkeys(ready, float("inf"))
    for _ in range(ROUNDS):
        for name, count in ready.items():
            gc.collect()
            start = time.perf_counter()
            count()
            seconds[name] = min(seconds[name], time.perf_counter() - start)
    return seconds


def _import(path: str) -> None:
    """Import a file."""
    from surveyfile.importing import import_respondents
    from surveyfile.record import Settings

    import_respondents(Path(path), Settings(weight="w"))


def _counted_by_duckdb(path: str) -> None:
    """Count the same with one query of DuckDB."""
    import duckdb

    base = duckdb.connect(config={"memory_limit": "2GB"})
    source = f"(SELECT * REPLACE (w::DOUBLE AS w) FROM read_csv('{path}', all_varchar = true))"
    names = [name for (name, *_) in base.execute(f"DESCRIBE {source}").fetchall() if name != "w"]
    sets = ", ".join(f"({name})" for name in names)
    query = f"SELECT {', '.join(names)}, count(*), sum(w), sum(w * w) FROM {source}"
    base.execute(f"{query} GROUP BY GROUPING SETS ({sets})").fetchall()


def _measured(
    run: Callable[[str], None], path: str, results: multiprocessing.Queue[tuple[float, float]]
) -> None:
    """Report seconds and peak memory in GB, of this process or of one it started, whichever is larger."""
    start = time.perf_counter()
    run(path)
    seconds = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    results.put((seconds, max(_peak(), children) / 1e6))


def _peak() -> int:
    """Peak memory of this process alone, in kB; the usual figure begins with that of its parent."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])


def importing(path: Path, run: Callable[[str], None] = _import) -> tuple[float, float]:
    """Seconds and peak memory of a run in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_measured, args=(run, str(path), results))
    process.start()
    answer = results.get()
    process.join()
    return answer


def main(rows: int = 1_000_000, questions: int = 50) -> None:
    """Measure both comparisons."""
    size = f"{rows:,} respondents x {questions} questions"
    seconds = tabulation(rows, questions)
    keep(f"tabulation of {size}", seconds["regint"], "s", "a ratio of 1.2", "DuckDB", seconds["duckdb"])
    answers, weights = respondents(rows, questions)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write_csv(path, answers, weights)
        took, memory = importing(path)
        counted, _ = importing(path, _counted_by_duckdb)
        keep(f"import of {size}, CSV", took, "s", "no aim", "DuckDB, which counts only", counted)
        keep(f"memory of importing {size}, CSV", memory, "GB", "1 GB")
        if rows <= 1_000_000:
            path = Path(folder) / "answers.sav"
            write_sav(path, answers, weights)
            took, memory = importing(path)
            keep(f"import of {size}, SPSS", took, "s", "no aim")
            path = Path(folder) / "small.csv"
            write_csv(path, answers[:40, :300_000], weights[:300_000])
            took, _ = importing(path)
            keep("import of 300,000 respondents x 40 questions, CSV", took, "s", "3 s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000, help="respondents")
    parser.add_argument("questions", type=int, nargs="?", default=50)
    main(**vars(parser.parse_args()))
    if os.environ.get("LARGE"):
        main(10_000_000, 20)
