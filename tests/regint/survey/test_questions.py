import itertools
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from regint.survey.questions import close_up, shares_of_all_asked, shares_on_bases, working_counts
from regint.survey.table import Survey, read_survey

FOLDERS = Path(__file__).parent / "folders"


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


@pytest.fixture(scope="module", params=["great_decisions_2017", "us_goals_for_russia"])
def other(request: pytest.FixtureRequest) -> Survey:
    return read_survey(FOLDERS / request.param)


def test_the_largest_choose_several_question_is_taken(astana: Survey) -> None:
    study = close_up(astana)
    assert (study.question, study.exclusive, study.base) == ("economic_directions", False, 50)
    assert (study.asked, study.answered, study.silent, study.silence_recorded) == (50, 30, 20, True)
    assert list(study.counts.values()) == [26, 24, 16, 11, 10, 9, 7, 6, 1]
    assert study.options["exact"].all()


@pytest.mark.parametrize(("base", "number"), [("printed", 50), ("asked", 50), ("answered", 30)])
def test_the_base_is_the_one_asked_for(astana: Survey, base: str, number: int) -> None:
    assert close_up(astana, base=base).base == number


def test_a_closed_question_excludes(astana: Survey) -> None:
    study = close_up(astana, "scenario_2035")
    assert study.exclusive and study.bases == {"of 30": 30} and study.silent == 20


def test_a_survey_without_recorded_bases_gets_the_smallest_that_fits(other: Survey) -> None:
    study = close_up(other)
    assert study.base >= 1 and len(study.options) > 1 and study.silent >= 0
    assert (working_counts(other)["count"] <= working_counts(other)["base"]).all()
    shares = shares_on_bases(study)
    assert (shares["lower"] <= shares["share"]).all() and (shares["share"] <= shares["upper"]).all()


def test_intervals_span_every_count_a_figure_allows(astana: Survey) -> None:
    study = close_up(astana)
    one = study.options.head(1).assign(printed="5", base=1000, count=50, exact=False)
    wide = shares_on_bases(replace(study, options=one, bases={"of 1000": 1000}))
    narrow = shares_on_bases(replace(study, options=one.assign(exact=True), bases={"of 1000": 1000}))
    assert wide.loc[0, "lower"] < narrow.loc[0, "lower"] < narrow.loc[0, "upper"] < wide.loc[0, "upper"]


def test_shares_of_all_asked_hold_the_share_of_those_who_answered(astana: Survey) -> None:
    table = shares_of_all_asked(close_up(astana))
    assert table["answered"].between(table["lower"], table["upper"]).all()
    assert (table["upper"] - table["lower"]).round(9).eq(0.4).all()


def completions(counts: list[int], missing: int) -> list[list[int]]:
    ways = itertools.product(range(missing + 1), repeat=len(counts))
    return [[a + b for a, b in zip(counts, way, strict=True)] for way in ways if sum(way) == missing]


def refused_by_all(survey: Survey, question: str) -> Survey:
    rows = survey.responses["question"] == question
    nobody = survey.responses.assign(
        printed=survey.responses["printed"].mask(rows, "0"),
        statement=survey.responses["statement"].mask(rows, ""),
        count=survey.responses["count"].mask(rows, 0),
    )
    return replace(survey, responses=nobody)


def small(counts: tuple[int | None, ...] | list[int | None] = (1, 2, 3), base: int = 6) -> Survey:
    """One ordered question with three answers and scores 1 to 3."""
    names = ["a", "b", "c"]
    responses = pd.DataFrame({"question": "q", "response": names, "label": [n.upper() for n in names]})
    responses = responses.assign(score=[1.0, 2.0, 3.0], printed="", statement="", source="s", locator="l")
    responses = responses.assign(substantive=True, count=pd.array(list(counts), dtype="Int64"))
    design = {"question": "q", "kind": "single", "label": "Q", "scale": "ordered", "total": "open"}
    design |= {"printed_base": base, "asked": base, "answered": base, "base_status": "inferred"}
    questions = pd.DataFrame([design]).set_index("question")
    questions = questions.assign(weighted=False).astype(
        {"printed_base": "Int64", "asked": "Int64", "answered": "Int64"}
    )
    return Survey(Path(), {}, questions, responses, pd.DataFrame())
