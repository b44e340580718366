"""Parquet: however many pieces it is read in, the folder is the same, byte for byte."""

import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from surveyfile.identify import Limits
from surveyfile.importing import import_respondents
from surveyfile.record import Settings
from textfiles.problems import Problem


def written(folder: Path) -> Path:
    """Write a file with a column of every plain type."""
    generator = np.random.default_rng(5)
    size = 500
    whole = generator.integers(0, 4, size)
    frame = pd.DataFrame(
        {
            "Q": whole.astype(np.int8),
            "q": generator.choice([0.1, 1.0, np.nan, -0.0], size).astype(np.float32),
            "yes": generator.choice([True, False], size),
            "word": generator.choice(["a", " a", "b", "", "c"], size),
            "day": generator.choice([datetime.date(2026, 1, 1), datetime.date(2026, 5, 1)], size),
            "price": [Decimal(f"{n}.50") for n in generator.integers(0, 3, size)],
            "none": [None] * size,
            "id": np.arange(size),
            "w": generator.uniform(0.1, 5, size),
            "Q2": pd.Series(whole, dtype="Int8").replace(3, pd.NA),
        }
    )
    frame.assign(kind=frame["word"].astype("category")).to_parquet(folder / "answers.parquet")
    return folder / "answers.parquet"


@pytest.mark.parametrize("weight", ["", "w"])
def test_the_same_folder_however_many_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weight: str
) -> None:
    path = written(tmp_path)
    stated = Settings(weight=weight, single=("day",))
    whole = import_respondents(path, stated)
    monkeypatch.setattr("surveyfile.statfiles._CELLS", 77)
    monkeypatch.setattr("surveyfile.engine._CELLS", 3000)
    pieces = import_respondents(path, stated)
    assert pieces.files == whole.files
    labels = {q.question: {r.label for r in q.responses} for q in pieces.questions}
    assert labels["yes"] == {"true", "false"}
    assert labels["day"] == {"2026-01-01", "2026-05-01"}
    assert labels["price"] == {"0.50", "1.50", "2.50"}
    assert labels["word"] == labels["kind"] == {"a", "b", "c"}
    assert {"Q", "q", "Q2"} <= {question.columns[0] for question in pieces.questions}


def test_a_codebook_that_needs_no_column_of_the_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "codebook.csv").write_text("column,kind\nabsent,single\n")
    with pytest.raises(Problem, match="absent"):
        import_respondents(written(tmp_path), None, tmp_path / "codebook.csv")


def test_more_cells_than_the_file_can_hold_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="declares 500 rows of 11 columns, which a file of"):
        import_respondents(written(tmp_path), limits=Limits(cells=1, inflation=0))
