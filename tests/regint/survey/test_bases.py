"""Bases of a survey: what they mean and what rounding hides."""

import dataclasses
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from regint.percentages.assignment import assign_bases
from regint.survey.bases import (
    clearest_move,
    hidden_by_rounding,
    leading_group,
    moved_shares,
    recorded_bases,
    recurring_core,
    rounded_counts,
    short_of_base,
    stated_size,
    survey_misfits,
    thinkable,
    told_most,
    without_decimals,
)
from regint.survey.folder import write_survey_folder
from regint.survey.table import Survey, figure_table, read_survey
from surveyfile.importing import import_respondents
from surveyfile.record import Settings


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Eight respondents with weights; one is silent on the second question."""
    folder = tmp_path_factory.mktemp("counted")
    rows = ["yes,low,1", "yes,high,1", "no,low,2", "maybe,,4"] * 2
    (folder / "answers.csv").write_text("\n".join(["q1,q2,w", *rows]) + "\n", encoding="utf-8")
    write_survey_folder(folder / "s", import_respondents(folder / "answers.csv", Settings(weight="w")).files)
    return read_survey(folder / "s")


def test_counts_are_printed_without_weights_as_shares_of_those_who_answered(counted: Survey) -> None:
    assert figure_table(counted).empty
    table = rounded_counts(counted)
    assert table.groupby("question", sort=False)["printed"].agg(list).to_list() == [
        ["25", "25", "50"],
        ["33", "67"],
    ]
    assert set(table["total"]) == {"closed"}


def test_a_hidden_count_opens_its_question(counted: Survey) -> None:
    counts = counted.responses["count"].where(~counted.responses["response"].isin(["no", "yes"]))
    hidden = dataclasses.replace(counted, responses=counted.responses.assign(count=counts))
    assert dict(rounded_counts(hidden)[["question", "total"]].to_numpy()) == {"q1": "open", "q2": "closed"}


def test_bases_worth_trying_stay_within_limits() -> None:
    assert [thinkable(n) for n in (0, 1, 50, 51, 150, 10**6)] == [300, 100, 100, 102, 300, 1000]
    assert [thinkable(10**6, ["50", figure]) for figure in ("5", "5.0", "0.50")] == [1000, 10_000, 100_000]


def test_leading_group_tells_no_figure_twice(astana: Survey) -> None:
    figures = figure_table(astana)
    group = leading_group(astana, figures, assign_bases(figures, range(1, 107)))
    assert not group.duplicated(["question", "response"]).any()
    assert not group["question"].str.startswith("barriers").any()  # told by the press only
    assert set(told_most(astana, figures)["question"]) == set(figures["question"]) - {
        "barriers_astana_times",
        "barriers_exclusive",
    }


def test_leading_group_takes_all_where_no_base_fits(astana: Survey) -> None:
    figures = figure_table(astana).query("question == 'external_platforms'")
    assert len(leading_group(astana, figures, assign_bases(figures, range(1, 40)))) == 4


def assigned(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    columns = ["total", "base", "accounted_least", "accounted_most"]
    names = [f"q{place}" for place in range(len(rows))]
    return (
        pd.DataFrame(rows, columns=columns).astype({c: "Int64" for c in columns[1:]}).assign(question=names)
    )


def test_a_core_must_return_as_a_base() -> None:
    assert recurring_core(assigned(("open", 50, 30, 30))) is None
    assert recurring_core(assigned(("open", 50, 30, 31), ("closed", 30, 30, 30))) is None
    core = recurring_core(assigned(("open", 50, 30, 30), ("open", 53, 36, 36), ("closed", 30, 30, 30)))
    assert core is not None
    assert (core.size, core.questions, core.base, core.later) == (30, ("q0",), 50, 1)


def test_a_missing_base_is_short_of_nothing() -> None:
    table = assigned(("open", 50, 30, 30), ("open", 30, 30, 30))
    table.loc[0, ["base", "accounted_least", "accounted_most"]] = pd.NA
    assert short_of_base(table).empty


@pytest.mark.parametrize(
    ("statement", "least"),
    [
        ("Over 40 people", 41),
        ("50 experts", 50),
        ("", None),
        ("fifty", None),
        ("more than 1 in 5", None),
        ("3,535 U.S. adults", 3535),
        ("1,975 GB adults", 1975),
        ("1.001 Befragte", 1001),
        ("1 013 respondents", 1013),
        ("1\u202f013 personnes", 1013),
        ("more than 1,000 people", 1001),
        ("In March 2024, 412 adults were asked", 412),
        ("18+ adults, n=800", 800),
        ("N = 1,013", 1013),
        ("Base: 27 member states, 26,514 interviews", 26514),
        ("2024 survey of 50 experts", 50),
        ("about 1,000 adults", None),
        ("500 men and 513 women", None),
        ("412 adults and 30 experts", None),
        ("12.5% of adults", None),
        ("1 in 5 adults", None),
        ("aged 18-65", None),
        ("1000 опрошенных", 1000),
        ("more than 50 experts and analysts from the region and beyond", 51),
        ("944 respondents in the data file", 944),
    ],
)
def test_size_in_words(statement: str, least: int | None) -> None:
    assert stated_size(statement) == least


def test_one_decimal_marks_the_whole_question(astana: Survey) -> None:
    kept = without_decimals(figure_table(astana))
    assert "external_platforms" not in set(kept["question"])
    assert not kept["printed"].str.contains(".", regex=False).any()


FOLDERS = Path(__file__).parent / "folders"


def test_no_count_changes_when_a_share_moves(astana: Survey) -> None:
    moved = moved_shares(astana)
    assert (moved["before"] * moved["printed_base"]).round(9).eq(moved["count"]).all()
    assert (moved["after"] * moved["answered"]).round(9).eq(moved["count"]).all()


def test_clearest_move_prefers_a_scale(astana: Survey) -> None:
    moved = moved_shares(astana)
    lists = moved[moved["question"] == "economic_directions"]
    assert set(clearest_move(lists, astana)["question"]) == {"economic_directions"}


def test_nothing_moves_where_one_base_is_known() -> None:
    poll = read_survey(FOLDERS / "us_goals_for_russia")
    assert moved_shares(poll).empty and clearest_move(moved_shares(poll), poll).empty


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
