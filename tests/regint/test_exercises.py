"""Check cells of exercises."""

import numpy as np
import pytest
from regint import exercises


def cell(**asked) -> str:
    shown: list[dict] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exercises, "display", lambda data, raw: shown.append(data))
        exercises.ask("00.1", "a share, two decimals", **asked)
    return shown[0][exercises.CELL]["source"]


def told(source: str, answer: str, capsys) -> str:
    exec(
        source.replace("answer = None", f"answer = {answer}"),
        {"exercises": exercises, "np": np},
    )
    return capsys.readouterr().out.strip()


SHARE = {
    "right": 2 / 3,
    "wrong": {"The other way round.": 1.5, "That is the difference.": 1 / 3},
    "places": 2,
}


@pytest.mark.parametrize(
    ("answer", "said"),
    {
        "2 / 3": "Right.",
        "0.67": "Right.",
        "np.float64(0.667)": "Right.",
        "[0.67]": "Right.",
        "1.5": "Not yet. The other way round.",
        "0.333": "Not yet. That is the difference.",
        "66.67": "Not yet. The figure is right in per cent; give it as a share of one.",
        "0.5": "Not yet. The right answer is one for the parameters",
        "'two thirds'": "Not yet. The right answer is one",
        "float('nan')": "Not yet. The right answer is one",
        "None": "Nothing is given yet",
        "[]": "Nothing is given yet",
        "''": "Nothing is given yet",
    }.items(),
)
def test_number(answer: str, said: str, capsys) -> None:
    assert told(cell(**SHARE), answer, capsys).startswith(said)


def test_on_a_border_of_rounding_both_neighbours_are_right(capsys) -> None:
    source = cell(right=0.125, wrong={}, places=2)
    assert {told(source, answer, capsys) for answer in ("0.12", "0.125", "0.13")} == {
        "Right.",
        "Not yet. The right answer is one for the parameters with which this notebook came.",
    }
    assert told(cell(right=0.1 + 0.2, wrong={}, places=2), "0.3", capsys) == "Right."


def test_whole_numbers_are_not_rounded_to(capsys) -> None:
    source = cell(right=12, wrong={"One too many.": 13})
    assert [told(source, answer, capsys) for answer in ("12", "12.0", "13", "12.4")] == [
        "Right.",
        "Right.",
        "Not yet. One too many.",
        "Not yet. The right answer is one for the parameters with which this notebook came.",
    ]


def test_names_and_lists_are_compared_without_case_space_and_order(capsys) -> None:
    source = cell(right=["Tajikistan", "Kazakhstan"], wrong={"One is missing.": "Kazakhstan"})
    assert told(source, "['kazakhstan', ' Tajikistan ']", capsys) == "Right."
    assert told(source, "{'Kazakhstan'}", capsys) == "Not yet. One is missing."


def test_cell_holds_no_answer() -> None:
    source = cell(right=4711, wrong={"You added one.": 4712, "You took one away.": 4710})
    assert not any(number in source for number in ("4710", "4711", "4712"))
    assert source.startswith("answer = None  # a share, two decimals\nexercises.check(\n")
