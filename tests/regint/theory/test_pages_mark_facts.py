"""A page never shows a fact that is unverified or contested without its mark."""

from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from regint.display import tables

PROJECT = Path(__file__).resolve().parents[3]
PAGES = sorted((PROJECT / "notebooks").glob("0[6-9]_*.ipynb"))


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
    scope: dict[str, object] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, f"{path.stem}, {cell.id}", "exec"), scope)
    plt.close("all")
    assert shown
    for label, frame in shown:
        if "status" in frame and frame["status"].isin(["unverified", "conflicting"]).any():
            assert "mark" in frame, f"{path.stem}, {label}: pass the rows through marked() first"
