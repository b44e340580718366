"""The coding of the survey's options by theory is complete, and a broken one is refused."""

import csv
from pathlib import Path

import pytest
from regint.survey.table import read_survey, tidy_table
from regint.theory.coding import read_option_coding
from regint.theory.tables import read_table
from textfiles.problems import Problem

CODING = read_option_coding()
TIDY = tidy_table(read_survey("data/survey/astana_2025"))


def test_every_option_of_the_survey_is_coded_once_by_the_collection() -> None:
    own = CODING[CODING["coder"] == "collection"]
    coded = set(zip(own["question"], own["response"], strict=True))
    printed = set(zip(TIDY["question"].astype(str), TIDY["response"].astype(str), strict=True))
    assert coded == printed and len(own) == len(printed)


def test_shipped_codes_are_theories_with_signs() -> None:
    known = {*read_table("theories")["theory"], "none"}
    assert set(CODING["primary"]) <= known and set(CODING["alternative"]) <= known | {""}
    assert (CODING["alternative"].eq("") == CODING["alternative_sign"].isna()).all()
    assert CODING.loc[CODING["primary"] == "none", "primary_sign"].eq(0).all()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"primary": "NEO"}, "primary theory 'NEO' is unknown"),
        ({"alternative": "nf", "alternative_sign": "1"}, "write 'NF'"),
        ({"alternative": "RSCT", "alternative_sign": "1", "primary": "RSCT"}, "repeats the primary"),
        ({"alternative": "", "alternative_sign": "1"}, "both a theory and a sign"),
        ({"primary_sign": "2"}, "-1, 0, 1"),
        ({"source": "S9"}, "a key of sources.csv"),
    ],
)
def test_broken_codings_are_refused(project: Path, tmp_path: Path, change: dict[str, str], word: str) -> None:
    with (project / "data" / "theory" / "option_coding.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[6] |= change
    path = tmp_path / "coding.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(Problem, match=word):
        read_option_coding(path)
