"""The coding of the survey's options by theory is complete, and a broken one is refused."""

import csv
from pathlib import Path

import pytest
from regint.survey.table import read_survey, tidy_table
from regint.theory.tables import read_option_coding, read_table
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


def test_the_second_readings_join_the_first_one_to_one() -> None:
    first, second = read_table("balassa_coding"), read_table("second_reading_cells")
    keys = ["group", "criterion"]
    assert second[keys].to_numpy().tolist() == first[keys].to_numpy().tolist()
    own, options = CODING[CODING["coder"] == "collection"], read_table("second_reading_options")
    keys = ["question", "response"]
    assert options[keys].to_numpy().tolist() == own[keys].to_numpy().tolist()
    # What an option is and where it stands is the survey's; only the reading is another.
    assert options[["source", "locator", "status"]].equals(
        own[["source", "locator", "status"]].reset_index(drop=True)
    )


def test_second_readings_follow_the_rules_of_the_first() -> None:
    cells, options = read_table("second_reading_cells"), read_table("second_reading_options")
    for ending in ("", "_any"):
        depth, coverage = cells[f"depth{ending}"], cells[f"coverage{ending}"]
        assert depth.isin([0, 0.5, 1]).all()
        assert depth.eq(0).equals(coverage.eq(0))  # no rule binds nobody
    assert (cells["depth"] * cells["coverage"] <= cells["depth_any"] * cells["coverage_any"] + 1e-9).all()
    assert set(cells["status"]) == {"unverified"}
    known = {*read_table("theories")["theory"], "none"}
    assert set(options["primary"]) <= known and set(options["alternative"]) <= known | {""}
    assert (options["alternative"].eq("") == options["alternative_sign"].isna()).all()
    assert options["primary"].ne(options["alternative"]).all()
    assert options.loc[options["primary"] == "none", "primary_sign"].eq(0).all()


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
