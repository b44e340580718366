"""Which notebooks a build takes up, above all for a survey that is not the one they were written on."""

import csv
import shutil
from pathlib import Path

import pytest
from nbarticle.plan import Planned, Request, about_survey, plan
from nbarticle.settings import Settings
from surveyfile.printed_table import new_folder
from textfiles.problems import Problem
from textfiles.project import folders_outside, outside

PROJECT = Path(__file__).resolve().parent.parent.parent
OTHER = "tests/regint/survey/folders/great_decisions_2017"


def taken(request: Request) -> tuple[list[str], dict[str, str]]:
    with outside(folders_outside([request.survey or ""], PROJECT)):
        planned, left_out = about_survey(
            plan(PROJECT, request), request, Settings.read(PROJECT).check_subject
        )
    return [notebook.name for notebook in planned], left_out


def test_the_collection_is_built_whole() -> None:
    names, left_out = taken(Request())
    assert len(names) >= 9 and left_out == {}


def test_another_survey_gets_the_notebooks_that_can_speak_about_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    names, left_out = taken(Request(survey=OTHER))
    assert names == [
        "01_published_figures",
        "02_hidden_bases",
        "03_response_distributions",
        "04_uncertainty",
        "05_claims_on_trial",
    ]
    assert left_out["06_balassa_stages"] == "it is not about a survey"
    assert "a file of respondents" in left_out["11_your_own_survey"]
    assert "-p coding FILE" in left_out["08_theories_and_experts"]


def test_a_survey_saved_by_a_spreadsheet_is_read_alike(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / OTHER, tmp_path / "saved")
    with (PROJECT / OTHER / "questions.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    with (tmp_path / "saved" / "questions.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    names, left_out = taken(Request(survey=str(tmp_path / "saved")))
    assert "03_response_distributions" in names
    assert left_out["09_region_in_context"] and left_out["08_theories_and_experts"]


def test_a_survey_without_claims_is_not_put_on_trial(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine")
    names, left_out = taken(Request(survey=str(tmp_path / "mine")))
    assert "05_claims_on_trial" not in names
    assert left_out["05_claims_on_trial"] == "its claims.csv holds no claim of its report"
    request = Request(notebooks=["05_claims_on_trial"], survey=str(tmp_path / "mine"))
    assert taken(request) == (["05_claims_on_trial"], {})


def test_a_survey_of_one_option_has_nothing_to_compare(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine")
    rows = (tmp_path / "mine" / "responses.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if row.split(",")[1] in ("response", "low", "yes", "trade")]
    (tmp_path / "mine" / "responses.csv").write_text("\n".join([*kept, ""]), encoding="utf-8")
    names, left_out = taken(Request(survey=str(tmp_path / "mine")))
    assert left_out["04_uncertainty"] == "none of its questions has two options with a figure"
    assert "03_response_distributions" in names


def test_a_named_notebook_is_never_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    names, left_out = taken(Request(notebooks=["08_theories_and_experts"], survey=OTHER))
    assert names == ["08_theories_and_experts"] and left_out == {}


def test_what_is_no_survey_is_left_to_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    names, left_out = taken(Request(survey="nowhere"))
    assert "03_response_distributions" in names and "09_region_in_context" in names
    assert set(left_out) == {"06_balassa_stages", "07_spillover", "11_your_own_survey"}


def test_a_broken_folder_is_refused_once_before_anything_runs(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / OTHER, tmp_path / "broken")
    file = tmp_path / "broken" / "responses.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"responses\.csv.* with: bin/regint check .*broken$") as refusal:
        taken(Request(survey=str(tmp_path / "broken"), program="bin/regint"))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("values", "edition", "command"),
    [
        ({}, "full", "make"),
        ({}, "student", "make student"),
        ({"survey": "data/other"}, "full", "make SURVEY=data/other"),
        ({"survey": "my survey"}, "student", "make student SURVEY='my survey'"),
        ({"survey": "x$(shell rm)"}, "full", "make SURVEY='x$$(shell rm)'"),
        ({"base": "$(rm)"}, "full", """make variant NOTEBOOK=03_x PARAMS='-p base '"'"'$$(rm)'"'"''"""),
        ({"survey": "theirs"}, "full", "make SURVEY=path/to/theirs"),
        ({"base": "asked"}, "full", "make variant NOTEBOOK=03_x PARAMS='-p base asked'"),
        ({"survey": "theirs", "base": "as ked"}, "full",
         """make variant NOTEBOOK=03_x SURVEY=path/to/theirs PARAMS='-p base '"'"'as ked'"'"''"""),
    ],
)  # fmt: skip
def test_the_command_that_makes_a_page_again(values: dict, edition: str, command: str) -> None:
    notebook = Planned("03_x", Path("03_x.ipynb"), b"", "", 0, values=values)
    with outside({"theirs": Path("/home/ada/theirs")}):
        assert notebook.command(edition) == command
