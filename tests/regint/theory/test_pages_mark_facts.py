"""A page never tells a fact that is unverified or contested without its mark."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import IPython
import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from regint.display import tables

PROJECT = Path(__file__).resolve().parents[3]
PAGES = sorted((PROJECT / "notebooks").glob("0[6-9]_*.ipynb"))
TABLE = "application/vnd.nbarticle.table+json"
# The column of each table that says what is the case; the others name, date or measure it.
STATEMENTS = {
    "context/events.csv": "title",
    "context/forecasts.csv": "statement",
    "context/tourism.csv": "flow",
    "context/trade_statements.csv": "speaker",
    "theory/agreements.csv": "title",
    "theory/balassa_coding.csv": "evidence",
    "theory/option_coding.csv": "rationale",
    "theory/sources.csv": "title",
    "theory/spillover_strategies.csv": "meaning",
    "theory/theories.csv": "mechanism",
}
MARKS = ("†", "‡", "unverified", "sources differ")


def test_rows_that_tell_a_doubtful_fact_show_its_mark(study: Path) -> None:
    doubtful = set()
    for name, column in STATEMENTS.items():
        with (PROJECT / "data" / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        certain = {row[column] for row in rows if row["status"] == "verified"}
        doubtful |= {row[column] for row in rows if row["status"] != "verified"} - certain - {""}
    told, bare = 0, []
    for path in sorted((study / "executed").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                table = output.get("data", {}).get(TABLE, {"rows": (), "label": ""})
                for row in table["rows"]:
                    if any(str(cell).startswith(fact) for cell in row for fact in doubtful):
                        told += 1
                        marked = any(mark in str(cell) for cell in row for mark in MARKS)
                        bare += [] if marked else [(path.stem, table["label"], row)]
    assert told > 20
    assert bare == []


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda page: page.stem)
def test_tables_with_a_status_show_its_mark(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    original = tables.show

    def recorded(frame: pd.DataFrame, **options: object) -> object:
        shown.append((options["label"], frame))
        return original(frame, **options)

    monkeypatch.setattr(tables, "show", recorded)
    monkeypatch.chdir(PROJECT)
    scope: dict[str, Any] = {"In": []}
    # Enough of a shell for what a notebook asks of it: its names, and what matplotlib tells it.
    events = SimpleNamespace(register=lambda *_: None)
    shell = SimpleNamespace(user_ns=scope, events=events, enable_gui=lambda *_: None)
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            scope["In"].append(cell.source)
            exec(compile(cell.source, f"{path.stem}, {cell.id}", "exec"), scope)
    plt.close("all")
    assert shown
    for label, frame in shown:
        if "status" in frame and frame["status"].isin(["unverified", "conflicting"]).any():
            assert "mark" in frame, f"{path.stem}, {label}: pass the rows through marked() first"
