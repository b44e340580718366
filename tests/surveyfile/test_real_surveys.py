"""Surveys that are not ours, each counted a second time by a route that shares no code with the library."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.datasets.anes96 as anes96
from regint.percentages.counts import admissible_bases, consistent_counts, count_vectors
from regint.survey.folder import write_survey_folder
from regint.survey.table import read_survey, tidy_table
from surveyfile.importing import Imported, import_respondents
from surveyfile.new_folder import new_folder
from surveyfile.record import Settings

FILES = Path(__file__).resolve().parent / "files"
REFERENCE = Path(__file__).parents[1] / "reference"


def table_of(imported: Imported, folder: Path, base: str = "answered") -> pd.DataFrame:
    write_survey_folder(folder, imported.files)
    return tidy_table(read_survey(folder), base=base)


# A printed survey: the council prints the counts beside the percentages, so they can be compared.


def test_printed_poll_admits_the_counts_its_publisher_prints(tmp_path: Path) -> None:
    new_folder(tmp_path / "riac", table=FILES / "riac_poll.csv")
    survey = read_survey(tmp_path / "riac")
    figures = survey.responses["printed"].tolist()
    assert figures == ["31", "28", "22", "19"]
    assert survey.questions["printed_base"].tolist() == [108]
    assert survey.questions["total"].tolist() == ["closed"]
    vectors = list(count_vectors(figures, 108, total="closed"))
    assert sorted(tuple(vector) for vector in vectors) == [(33, 30, 24, 21), (34, 30, 24, 20)]
    assert 108 in admissible_bases(figures, total="closed")


def test_printed_poll_gives_the_counts_that_leave_no_choice(tmp_path: Path) -> None:
    new_folder(tmp_path / "riac", table=FILES / "riac_poll.csv")
    table = tidy_table(read_survey(tmp_path / "riac"), base="printed")
    assert table["count"].astype(object).where(table["count"].notna(), None).tolist() == [None, 30, 24, None]


def test_a_share_of_42_experts_cannot_be_printed_as_85() -> None:
    assert consistent_counts("85", 42) == []
    assert consistent_counts("52", 42) == [22]
    assert [base for base in range(35, 43) if consistent_counts("85", base)] == [39, 40, 41]


def test_figures_that_add_up_to_101_are_possible_for_1600() -> None:
    figures = ["14", "40", "36", "11"]
    assert 1600 in admissible_bases(figures, bases=[1600], total="closed")


# Respondent-level data that ships with statsmodels: tab-delimited, column names in single quotation marks.


@pytest.fixture(scope="module")
def anes() -> Imported:
    return import_respondents(
        Path(anes96.__file__).parent / "anes96.csv", None, FILES / "anes96_codebook.csv"
    )


@pytest.mark.parametrize(
    ("question", "column"),
    [("party", "PID"), ("vote", "vote"), ("education", "educ"), ("self_placement", "selfLR")],
)
def test_anes_counts_equal_those_of_statsmodels_own_loader(
    anes: Imported, tmp_path: Path, question: str, column: str
) -> None:
    data = anes96.load_pandas().data[column]
    expected = data.value_counts().sort_index()
    table = table_of(anes, tmp_path / "anes")
    own = table[table["question"] == question]
    assert own["count"].tolist() == expected.tolist()
    np.testing.assert_allclose(own["share"], expected / 944)
    assert set(own["base"]) == {944}
    assert set(own["base_status"]) == {"counted"}


def test_anes_says_how_it_was_read(anes: Imported) -> None:
    assert anes.decisions[0] == (
        "Read 944 rows and 10 columns of anes96.csv: delimited text, cut by tab, encoding utf-8."
    )
    assert any("single quotation marks" in line for line in anes.warnings)
    assert any("'age'" in line and line.endswith(": not in the codebook.") for line in anes.decisions)


# An SPSS file with labels, user-missing codes and weights; R's foreign package reads it with code of its own.

PANEL = pd.read_csv(REFERENCE / "panel_expected.csv", comment="#")


@pytest.fixture(scope="module")
def panel() -> Imported:
    return import_respondents(REFERENCE / "panel.sav", Settings(weight="weight"))


@pytest.mark.parametrize("question", ["trust", "border"])
def test_sav_counts_and_weighted_shares_equal_those_of_r(
    panel: Imported, tmp_path: Path, question: str
) -> None:
    table = table_of(panel, tmp_path / "panel")
    own = table[table["question"] == question]
    expected = PANEL[PANEL["question"] == question]
    assert own["count"].tolist() == expected["count"].tolist()
    np.testing.assert_allclose(own["weighted_share"], expected["weighted_share"], atol=1e-9)
    np.testing.assert_allclose(own["effective_base"], expected["effective_base"], atol=1e-8)


def test_sav_labels_texts_and_missing_codes_survive(panel: Imported) -> None:
    trust, border, region = panel.questions
    assert [r.label for r in trust.responses] == [
        "Not at all", "Little", "Partly", "Largely", "Fully", "Don't know", "Refused",
    ]  # fmt: skip
    assert [r.substantive for r in trust.responses] == [True] * 5 + [False] * 2
    assert [r.score for r in trust.responses][:5] == ["1", "2", "3", "4", "5"]
    assert trust.kind == "rating"
    assert trust.items[0].wording == "How far do you trust the neighbouring states?"
    assert trust.asked == 300 > trust.answered
    assert border.kind == "single" and border.asked == border.answered == 300
    assert [r.label for r in region.responses] == ["north", "south", "Ош"]
