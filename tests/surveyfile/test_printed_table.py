"""Printed percentages that someone typed, and the folder made of them: every digit stays."""

import csv
import json
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.survey.folder import check_folder
from regint.survey.schema import TABLES
from regint.survey.table import read_survey
from surveyfile.printed_table import PREDICATES, PrintedQuestion, guide, new_folder, read_printed_table
from textfiles.problems import Problem

HEAD = "question,response,printed\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "typed.csv"
    path.write_bytes(text.encode(encoding))
    return path


def figures(path: Path) -> list[str]:
    return [figure for question in read_printed_table(path)[0] for _, figure in question.figures]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "Q,a,40\nQ,b,60.0\n", ["40", "60.0"]),
        (HEAD + "Q,a,40 %\nQ,b,60\u202f%\n", ["40", "60"]),
        ("question;response;printed\nQ;a;62,5\nQ;b;37,5\n", ["62.5", "37.5"]),
        (HEAD + "Q,a,0.405\nQ,b,0.595\n", ["40.5", "59.5"]),
        (HEAD + "Q,a,0.4\nQ,b,0.60\n", ["40", "60"]),
        (HEAD + "Q,a,1\nQ,b,0\n", ["100", "0"]),
        (HEAD + "Q,a,100\nQ,b,0\n", ["100", "0"]),
        (HEAD + "Q,a,\nQ,b,60\n", ["", "60"]),
        ("Response,QUESTION,Printed,remark\na,Q,40,x\nb,Q,60,y\n", ["40", "60"]),
    ],
)
def test_every_digit_stays(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert figures(write(tmp_path, text)) == expected


def test_a_question_is_named_once_and_holds_until_the_next(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "First,a,40\n,b,60\nSecond,a,100\n")
    questions, _, _ = read_printed_table(path, base=5)
    assert [(q.question, q.label, len(q.figures), q.base) for q in questions] == [
        ("first", "First", 2, 5), ("second", "Second", 1, 5),
    ]  # fmt: skip


def test_a_stated_base_and_kind_go_before_what_is_assumed(tmp_path: Path) -> None:
    text = "question,response,printed,kind,base\nQ,a,60,rating,10\nQ,b,40,,\nR,a,90,,\nR,b,60,,\n"
    (first, second), lines, _ = read_printed_table(write(tmp_path, text), base=7)
    assert (first.kind, first.base, second.kind, second.base) == ("rating", 10, "multiple", 7)
    assert [line for line in lines if "several answers were allowed" in line] == [
        "'R' adds up to 150, so several answers were allowed: state its kind if not."
    ]


def test_a_workbook_is_read_like_a_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["question", "response", "printed"], ["Q", "a", "40.0"], [None, "b", 60]):
        book.active.append(row)
    book.save(tmp_path / "typed.xlsx")
    assert figures(tmp_path / "typed.xlsx") == ["40.0", "60"]
    lines = read_printed_table(tmp_path / "typed.xlsx")[1]
    assert any("keeps numbers without their last zeros" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + "Q,a,a few\nQ,b,most\n", "'a few' is no figure: write digits"),
        (HEAD + "Q,a,-5\nQ,b,105\n", "'-5' is no figure"),
        (HEAD + "Q,a,105\n", "'105' is more than a whole"),
        (HEAD + "Q,a,60\nQ,A,40\n", "response 'A' stands twice"),
        (HEAD + "Q,,60\nQ,b,40\n", "no response named"),
        (HEAD + ",a,60\n,b,40\n", "row 2: no question named"),
        (HEAD + "Q,a,0.1\nQ,b,0.2\n", "write the figures as per cent"),
        ("question;response;printed\nQ;a;62,5\nQ;b;37.5\n", "write one mark throughout"),
        ("question,response,printed,kind\nQ,a,60,scale\nQ,b,40,\n", "kind 'scale' is none of rating"),
        ("question,response,printed,base\nQ,a,60,10\nQ,b,40,11\n", "has the bases 10, 11: keep one"),
        ("question,response,printed,base\nQ,a,60,0\nQ,b,40,\n", "base '0' is no whole number"),
        ("question,response,share\nQ,a,60\n", "has no column 'printed'"),
    ],
)
def test_what_allows_two_readings_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        read_printed_table(write(tmp_path, text))


def test_all_problems_are_told_and_a_long_list_is_cut(tmp_path: Path) -> None:
    rows = "".join(f"Q,r{i},about {i}\n" for i in range(12))
    with pytest.raises(Problem) as refusal:
        read_printed_table(write(tmp_path, HEAD + rows))
    assert len(refusal.value.sentences) == 9 and refusal.value.sentences[-1] == "and 4 more."


@pytest.mark.parametrize(
    ("printed", "whole"),
    [
        (["60", "40"], True), (["33.3", "33.3", "33.3"], True), (["33", "33", "33"], True),
        (["60", "38"], False), (["60", ""], False), (["100.0"], True), ([], False),
    ],
)  # fmt: skip
def test_figures_add_up_within_their_rounding(printed: list[str], whole: bool) -> None:
    pairs = tuple((str(i), figure) for i, figure in enumerate(printed))
    assert PrintedQuestion("q", "single", "Q", pairs, None).adds_up() is whole


@settings(max_examples=40)
@given(st.lists(st.integers(0, 1000), min_size=2, max_size=5))
def test_fractions_and_per_cents_of_the_same_counts_are_the_same_table(
    tmp_path_factory: pytest.TempPathFactory, tenths: list[int]
) -> None:
    rest = 1000 - sum(tenths)
    if not 0 <= rest:
        return
    folder = tmp_path_factory.mktemp("typed")
    shares = [Fraction(n, 1000) for n in (*tenths, rest)]
    texts = [HEAD + "".join(f"Q,r{i},{float(s * scale):.{d}f}\n" for i, s in enumerate(shares))
             for scale, d in ((100, 1), (1, 3))]  # fmt: skip
    assert figures(write(folder, texts[0])) == figures(write(folder, texts[1]))


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
    lines = ["claim,questions,paraphrase,term,predicate,base,source,locator,note"]
    lines += [
        f'c{i},example_rating example_choice example_several,x,most,"{text}",printed,report,p. 1,'
        for i, text in enumerate(PREDICATES)
    ]
    (folder / "claims.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    assert check_folder(folder).problems == []
    assert all(f"\n    {text}\n" in (folder / "README.md").read_text(encoding="utf-8") for text in PREDICATES)


def test_the_guide_explains_every_column_and_no_other() -> None:
    text = guide()
    for table, schema in TABLES.items():
        section = text.split(f"## {table}.csv")[1].split("##")[0]
        named = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
        assert named[1:] == [field["name"] for field in schema["fields"]]


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


def test_a_rating_that_runs_from_high_to_low_is_refused_not_turned_round(tmp_path: Path) -> None:
    table = tmp_path / "typed.csv"
    table.write_text("question,response,printed,kind\nT,5,60,rating\nT,1,40,rating\n", encoding="utf-8")
    with pytest.raises(Problem, match="order the rows from low to high"):
        new_folder(tmp_path / "mine", table=table)


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
