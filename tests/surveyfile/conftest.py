"""Respondents held in arrays, counted as those of a file are."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from surveyfile import count
from surveyfile.codebook import Item
from surveyfile.columns import Column, Wanted
from surveyfile.count import Question
from surveyfile.engine import Tally

Tabulate = Callable[..., list[Question]]


@pytest.fixture(scope="session")
def tabulate() -> Tabulate:
    """Count the questions of a codebook, with weights as numbers or as texts."""

    def counted(
        columns: Mapping[str, Column], items: Sequence[Item], weights: Sequence[object] = ()
    ) -> list[Question]:
        questions = {item.column: item.question for item in items}
        wanted = Wanted({"weight": "weight"} if len(weights) else {}, questions)
        tally = Tally(Path("answers"), [*columns, *wanted.roles], wanted)
        rows = len(next(iter(columns.values())).codes)
        half = rows // 2
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("surveyfile.engine._CELLS", 0)  # count both halves apart, as if they were long
            for part in (slice(0, half), slice(half, rows)):
                for column in columns.values():
                    tally.add(column.name, column.codes[part], column.texts)
                if len(weights):
                    own = [str(weight) for weight in weights[part]]
                    tally.add("weight", np.arange(len(own)), own)
                tally.end_of_piece(part.stop - part.start)
        return count.tabulate(tally.finish({}), items)

    return counted
