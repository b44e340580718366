"""Claims held against weighted shares: each holds, fails, or is not for weights to decide."""

from dataclasses import replace

import pytest
from regint.survey.claims import OUTCOMES, try_weighted
from regint.survey.folder import write_survey_folder
from regint.survey.table import Survey, read_survey
from surveyfile.importing import import_respondents
from surveyfile.record import Settings


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Three of five say yes, but the two who say no weigh more."""
    folder = tmp_path_factory.mktemp("town")
    rows = "yes,1,3\nyes,1,4\nyes,1,5\nno,3,1\nno,3,2\n"
    (folder / "a.csv").write_text(f"q,w,score\n{rows}", encoding="utf-8")
    write_survey_folder(folder / "s", import_respondents(folder / "a.csv", Settings(weight="w")).files)
    return read_survey(folder / "s")


@pytest.mark.parametrize(
    ("predicate", "outcome"),
    [
        ("share(q, yes) > 1/2", "fails"),
        ("share(q, no) > 1/2", "holds"),
        ("largest(q) == yes", "fails"),
        ("not largest(q) == yes", "holds"),
        ("rank(q, no) == 1 and share(q, no) > 60%", "holds"),
        ("share(q, no) > 70% or share(q, yes) > 70%", "fails"),
        ("count(q, yes) < count(q, no)", "holds"),
        ("share(q, no) - share(q, yes) <= 34%", "holds"),
        ("count(q, yes) > 2", "not comparable"),
        ("count(q, yes) > 0", "holds"),
        ("share(q, yes) == 1/3", "not comparable"),
        ("share(q, yes) != share(q, no)", "not comparable"),
        ("base(q) > 4", "not comparable"),
        ("unprinted(q) < 3", "not comparable"),
        ("", "not comparable"),
    ],
)
def test_one_data_set_decides(town: Survey, predicate: str, outcome: str) -> None:
    assert outcome in OUTCOMES
    assert try_weighted(town, predicate) == outcome


def test_a_mean_of_weighted_answers(town: Survey) -> None:
    responses = town.responses.assign(score=town.responses["label"].map({"yes": 1.0, "no": 5.0}))
    survey = replace(town, responses=responses)
    assert try_weighted(survey, "mean(q) > 3.6") == "holds"
    assert try_weighted(survey, "mean(q) > 3.7") == "fails"


def test_without_weights_nothing_is_decided() -> None:
    survey = read_survey("data/survey/astana_2025")
    assert {try_weighted(survey, line) for line in survey.claims["predicate"]} == {
        "no weights",
        "not comparable",
    }


def test_a_hidden_share_that_matters_leaves_the_claim_open(town: Survey) -> None:
    hidden = town.responses["weighted_share"].mask(town.responses["response"] == "no")
    survey = replace(town, responses=town.responses.assign(weighted_share=hidden))
    assert try_weighted(survey, "share(q, yes) > 1/2") == "fails"
    assert try_weighted(survey, "largest(q) == yes") == "no weights"


def test_a_bad_claim_is_refused(town: Survey) -> None:
    with pytest.raises(match="no response or score"):
        try_weighted(town, "share(q, maybe) > 1/2")
