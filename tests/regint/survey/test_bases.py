"""Bases of a survey: what they mean and what rounding hides."""

import dataclasses
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from regint.survey.bases import hidden_by_rounding, recorded_bases, survey_misfits, thinkable
from regint.survey.folder import write_survey_folder
from regint.survey.table import Survey, read_survey
from surveyfile.importing import import_respondents
from surveyfile.record import Settings


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


def test_bases_worth_trying_stay_within_limits() -> None:
    assert [thinkable(n) for n in (0, 1, 50, 51, 150, 10**6)] == [300, 100, 100, 102, 300, 1000]
    assert [thinkable(10**6, ["50", figure]) for figure in ("5", "5.0", "0.50")] == [1000, 10_000, 100_000]


FOLDERS = Path(__file__).parent / "folders"


def survey_of(folder: Path, answers: list[str], **settings: object) -> Survey:
    (folder / "a.csv").write_text("id,q\n" + "".join(f"{i},{a}\n" for i, a in enumerate(answers)))
    write_survey_folder(folder / "s", import_respondents(folder / "a.csv", Settings(**settings)).files)
    return read_survey(folder / "s")


@pytest.mark.parametrize("counts", [(7, 5), (120, 83, 41), (250, 250)])
def test_ways_are_the_data_sets_that_print_alike(tmp_path: Path, counts: tuple[int, ...]) -> None:
    base = sum(counts)
    answers = [f"option {place}" for place, count in enumerate(counts) for _ in range(count)]
    printed = [f"{100 * count / base:.0f}" for count in counts]
    alike = sum(
        sum(vector) == base
        and all(abs(100 * k / base - int(figure)) <= 0.5 for k, figure in zip(vector, printed, strict=True))
        for vector in product(*[range(max(0, k - 6), k + 7) for k in counts])
    )
    assert hidden_by_rounding(survey_of(tmp_path, answers))["ways"].tolist() == [alike]


def test_a_question_with_hidden_counts_is_taken_by_the_others(tmp_path: Path) -> None:
    answers = ["a"] * 40 + ["b"] * 30 + ["c"] * 2
    table = hidden_by_rounding(survey_of(tmp_path, answers, mask_small=5))
    assert table["ways"].between(1, 3).all() and len(table) == 1


def test_a_printed_survey_has_no_counts_to_hide() -> None:
    assert hidden_by_rounding(read_survey("data/survey/astana_2025")).empty


def test_counts_and_recorded_bases_are_held_against_the_figures(astana: Survey) -> None:
    poll = read_survey(FOLDERS / "us_goals_for_russia")
    assert survey_misfits(poll).empty and recorded_bases(poll).tolist() == [108]
    assert recorded_bases(astana).isna().all()
    counts = pd.array([33, None, None, 24], dtype="Int64")
    wrong = dataclasses.replace(poll, responses=poll.responses.assign(count=counts))
    found = survey_misfits(wrong)
    assert found["finding"].tolist() == ["count and figure"] and found["base"].tolist() == [108]
    weighted = dataclasses.replace(wrong, questions=poll.questions.assign(weighted=True))
    assert survey_misfits(weighted).empty


def test_words_count_too(astana: Survey) -> None:
    poll = read_survey(FOLDERS / "us_goals_for_russia")
    words = poll.responses.assign(printed="", count=pd.NA, statement=["half", "all", "none", ""])
    found = survey_misfits(dataclasses.replace(poll, responses=words.astype({"count": "Int64"})))
    assert found[["finding", "would_print"]].to_numpy().tolist() == [["question", "162 to 270 of 108"]]
