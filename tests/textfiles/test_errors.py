"""The error of a page says what is wrong and where."""

import pickle

import pytest
from textfiles.problems import BuildError


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({}, "Wrong."),
        ({"notebook": "01_x"}, "01_x: Wrong."),
        ({"cell": 3}, "cell 3: Wrong."),
        ({"notebook": "01_x", "cell": 3}, "01_x, cell 3: Wrong."),
        ({"notebook": "01_x", "cell": 0}, "01_x, cell 0: Wrong."),
    ],
)
def test_the_place_stands_before_the_problem(place: dict, text: str) -> None:
    error = BuildError("Wrong.", **place)
    assert str(error) == text
    assert (error.problem, error.notebook, error.cell) == (
        "Wrong.",
        place.get("notebook", ""),
        place.get("cell"),
    )


def test_the_sentence_survives_the_way_from_a_worker() -> None:
    assert (
        str(pickle.loads(pickle.dumps(BuildError("Wrong.", notebook="01_x", cell=3))))
        == "01_x, cell 3: Wrong."
    )
