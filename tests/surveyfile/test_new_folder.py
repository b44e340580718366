"""The folder made of a typed table, or of nothing yet: sound, explained, and never half there."""

import csv
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.folder import check_folder
from regint.survey.schema import TABLES
from regint.survey.table import read_survey
from surveyfile.new_folder import new_folder
from textfiles.problems import Problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_folder(tmp_path / "mine")
    return tmp_path / "mine"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_new_folder_is_sound_but_says_that_its_figures_are_invented(folder: Path) -> None:
    report = check_folder(folder)
    assert report.problems == []
    invented = [notice for notice in report.notices if "an invented example" in notice]
    assert [notice.split(":")[0] for notice in invented] == [
        "Question example_rating", "Question example_choice", "Question example_several",
    ]  # fmt: skip
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md", "claims.csv", "questions.csv", "responses.csv", "survey.json",
    ]  # fmt: skip


def test_the_predicates_of_the_guide_hold_water(folder: Path) -> None:
    guide = (folder / "README.md").read_text(encoding="utf-8")
    predicates = re.findall(r"^    (.*example_.*)$", guide, re.MULTILINE)
    assert len(predicates) == 4
    lines = ["claim,questions,paraphrase,term,predicate,base,source,locator,note"]
    lines += [
        f'c{i},example_rating example_choice example_several,x,most,"{text}",printed,report,p. 1,'
        for i, text in enumerate(predicates)
    ]
    (folder / "claims.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    assert check_folder(folder).problems == []


def test_the_guide_explains_every_column_and_no_other(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    for table, schema in TABLES.items():
        section = text.split(f"## {table}.csv")[1].split("##")[0]
        named = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
        assert named[1:] == [field["name"] for field in (*schema["fields"], *schema["optionalFields"])]


def test_a_table_becomes_a_folder_with_readable_ids_and_closed_totals(tmp_path: Path) -> None:
    table = tmp_path / "typed.csv"
    table.write_text(
        "question,response,printed,kind\n"
        "Wer hat Vertrauen?,Ja,60,single\nWer hat Vertrauen?,Nein,40,single\n"
        "Почему?,Торговля,55.5,multiple\nПочему?,Энергия,,multiple\n",
        encoding="utf-8",
    )
    new_folder(tmp_path / "mine", table=table, base=20, title="Vertrauen")
    survey = read_survey(tmp_path / "mine")
    assert survey.metadata["title"] == "Vertrauen"
    assert survey.questions["total"].tolist() == ["closed", "multiple"]
    assert survey.questions["label"].tolist() == ["Wer hat Vertrauen?", "Почему?"]
    assert survey.questions["printed_base"].tolist() == [20, 20]
    assert survey.responses["printed"].tolist() == ["60", "40", "55.5", ""]
    assert survey.responses["label"].tolist() == ["Ja", "Nein", "Торговля", "Энергия"]
    assert survey.responses["response"].is_unique
    assert not any("invented" in notice for notice in survey.notices)


def test_a_rating_keeps_its_own_numbers_and_no_score_for_what_is_no_opinion(tmp_path: Path) -> None:
    table = tmp_path / "typed.csv"
    rows = [("0", 10), ("5", 20), ("10", 30), ("Затрудняюсь ответить", 40)]
    text = "".join(f"Trust?,{label},{figure},rating\n" for label, figure in rows)
    table.write_text("question,response,printed,kind\n" + text, encoding="utf-8")
    lines = new_folder(tmp_path / "mine", table=table)
    survey = read_survey(tmp_path / "mine")
    assert survey.responses["score"].tolist()[:3] == [0, 5, 10]
    assert survey.responses["score"].isna().tolist() == [False, False, False, True]
    assert survey.responses["substantive"].tolist() == [True, True, True, False]
    assert any("Answers without substance by their wording: 'Затрудняюсь ответить'" in line for line in lines)


def test_numbers_that_are_answers_of_another_kind_are_no_scores(tmp_path: Path) -> None:
    table = tmp_path / "typed.csv"
    table.write_text(
        "question,response,printed,kind\nHouse?,1,30,single\nHouse?,2,70,single\n", encoding="utf-8"
    )
    new_folder(tmp_path / "mine", table=table)
    survey = read_survey(tmp_path / "mine")
    assert survey.responses["score"].isna().all()
    assert survey.responses["response"].tolist() == ["option_1", "option_2"]


@given(title=st.text(max_size=30))
def test_any_title_and_folder_name_is_kept_as_text(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:
    folder = tmp_path_factory.mktemp("titles") / "Моя survey 1"
    new_folder(folder, title=title)
    metadata = json.loads((folder / "survey.json").read_text(encoding="utf-8"))
    assert metadata["title"] == (title or folder.name)


def test_what_is_there_is_left_alone(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Problem, match="exists already: choose another name"):
        new_folder(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("question,response\na,b\n", "printed"),
        ("", "empty"),
        ("question,response,printed\na,b,a few\n", "a few"),
    ],
)
def test_a_table_that_cannot_be_read_leaves_no_folder(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "typed.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=problem):
        new_folder(tmp_path / "mine", table=tmp_path / "typed.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["typed.csv"]
