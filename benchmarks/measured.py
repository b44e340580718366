"""Print what was measured, and keep the last measurement of each kind in ``data/benchmarks.csv``."""

import csv
import os
from datetime import date
from pathlib import Path

TABLE = Path("data/benchmarks.csv")
COLUMNS = ["measure", "ours", "unit", "against", "theirs", "ratio", "aim", "load", "date"]


def keep(
    measure: str, ours: float, unit: str, aim: str, against: str = "", theirs: float | None = None
) -> None:
    """Print one measurement, beside that of another program in the same run, and write it down.

    `aim` is in words. The load is the number of processes that waited for a processor in the last minute.
    """
    row = {
        "measure": measure,
        "ours": f"{ours:.3g}",
        "unit": unit,
        "against": against,
        "theirs": "" if theirs is None else f"{theirs:.3g}",
        "ratio": "" if theirs is None else f"{ours / theirs:.{2 if ours < theirs else 3}g}",
        "aim": aim,
        "load": f"{os.getloadavg()[0]:.1f}",
        "date": date.today().isoformat(),
    }
    beside = f", {against} {row['theirs']} {unit}: {row['ratio']}" if against else ""
    print(f"{measure}: {row['ours']} {unit}{beside} (aim: {aim}; load {row['load']})", flush=True)
    kept = {}
    if TABLE.is_file():
        with TABLE.open(encoding="utf-8", newline="") as file:
            kept = {line["measure"]: line for line in csv.DictReader(file)}
    kept[measure] = row
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept[name] for name in sorted(kept))
