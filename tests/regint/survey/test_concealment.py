"""What rounding would hide, against every data set that prints alike."""

from itertools import product
from pathlib import Path

import pytest
from regint.survey.bases import hidden_by_rounding
from regint.survey.folder import write_survey_folder
from regint.survey.table import Survey, read_survey
from surveyfile.importing import import_respondents
from surveyfile.record import Settings


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
