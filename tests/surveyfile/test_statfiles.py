"""Files of packages: dates by their format; Parquet in pieces gives the same folder, byte for byte."""

import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from surveyfile.identify import LIMITS, identify
from surveyfile.importing import import_respondents
from surveyfile.record import Settings
from surveyfile.statfiles import read_statfile
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
    assert {"Q", "q", "Q2"} <= {question.items[0].column for question in pieces.questions}


def test_a_codebook_that_needs_no_column_of_the_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "codebook.csv").write_text("column,kind\nabsent,single\n")
    with pytest.raises(Problem, match="absent"):
        import_respondents(written(tmp_path), None, tmp_path / "codebook.csv")


def test_more_cells_than_the_file_can_hold_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LIMITS, "cells", 1)
    monkeypatch.setattr(LIMITS, "inflation", 0)
    with pytest.raises(Problem, match="declares 500 rows of 11 columns, which a file of"):
        import_respondents(written(tmp_path))


# Dates: numbers that a format gives a meaning, as in haven's issue on labelled dates.


@pytest.mark.parametrize("suffix", [".sav", ".dta", ".xpt"])
def test_dates_and_times_are_read_by_their_format(tmp_path: Path, suffix: str) -> None:
    days = [datetime.date(1990, 1, 1), datetime.date(1990, 2, 1), None, datetime.date(2020, 7, 17)] * 3
    late, early = datetime.datetime(2026, 3, 1, 9, 15), datetime.datetime(1900, 1, 1)
    moments = [late, early, None, late] * 3
    frame = pd.DataFrame({"day": days, "moment": moments, "q": [1.0, 2.0, 1.0, 2.0] * 3})
    path = tmp_path / f"dates{suffix}"
    {".sav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta, ".xpt": pyreadstat.write_xport}[suffix](
        frame, path
    )
    data = read_statfile(path, suffix[1:])
    assert data.columns["day"].texts == ("1990-01-01", "1990-02-01", "2020-07-17")
    assert data.columns["moment"].texts == ("1900-01-01", "2026-03-01 09:15:00")
    imported = import_respondents(path)
    assert [question.question for question in imported.questions] == ["q"]
    assert any("'day', 'moment': it seems to hold dates or times" in line for line in imported.decisions)
    (asked,) = import_respondents(path, Settings(single=("day",), skip=("moment", "q"))).questions
    assert {r.label: r.count for r in asked.responses} == {"1990-01-01": 3, "1990-02-01": 3, "2020-07-17": 3}


def test_labelled_dates_keep_their_labels(tmp_path: Path) -> None:
    frame = pd.DataFrame({"d": [12850531200.0, 12853296000.0, 99.0] * 4})
    labels = {"d": {12850531200.0: "First wave", 99.0: "Never"}}
    pyreadstat.write_sav(
        frame, tmp_path / "d.sav", variable_value_labels=labels, variable_format={"d": "DATE11"}
    )
    column = read_statfile(tmp_path / "d.sav", "sav").columns["d"]
    assert column.labels == {"1990-01-01": "First wave", "1582-10-14 00:01:39": "Never"}


def test_a_sas_data_set_that_is_damaged_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.sas7bdat").write_bytes(b"\x00" * 12 + b"\xc2\xea\x81\x60" + b"\x00" * 2000)
    assert identify(tmp_path / "a.sas7bdat") == "sas7bdat"
    with pytest.raises(Problem, match="a.sas7bdat is damaged"):
        import_respondents(tmp_path / "a.sas7bdat")
