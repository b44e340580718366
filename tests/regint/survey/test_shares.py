"""Shares: distributions and weights."""

from pathlib import Path

import pandas as pd
import pytest
from regint.estimation.intervals import design_interval, wilson_interval
from regint.survey.folder import write_survey_folder
from regint.survey.shares import base_in_words, frequency_distribution
from regint.survey.table import Survey, read_survey
from scipy import stats
from surveyfile.importing import import_respondents
from surveyfile.record import Settings

FOLDERS = Path(__file__).parent / "folders"


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


def small(**changes: object) -> Survey:
    """A survey of one question with three answers, changed as asked."""
    design = {
        "question": "q", "kind": "single", "label": "Q", "scale": "ordered", "total": "closed",
        "printed_base": 6, "asked": 10, "answered": 6, "base_status": "inferred",
    } | {key: value for key, value in changes.items() if key != "counts"}  # fmt: skip
    counts = changes.get("counts", [1, 2, 3])
    responses = pd.DataFrame(
        {
            "question": "q",
            "response": ["a", "b", "c"],
            "label": ["A", "B", "C"],
            "score": [1.0, 2.0, 3.0],
            "printed": "",
            "statement": "",
            "substantive": [True, True, True],
            "count": pd.array(counts, dtype="Int64"),
            "source": "s",
            "locator": "l",
        }
    )
    questions = pd.DataFrame([design]).set_index("question")
    questions = questions.assign(weighted=False).astype(
        {"printed_base": "Int64", "asked": "Int64", "answered": "Int64"}
    )
    return Survey(Path(), {}, questions, responses, pd.DataFrame())


def test_shares_and_intervals_of_a_hand_counted_question() -> None:
    table = frequency_distribution(small(), "asked")
    assert table["share"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert table["of"].unique().tolist() == ["10 asked"]
    wanted = [wilson_interval(count, count, 10) for count in (1, 2, 3)]
    assert list(zip(table["lower"], table["upper"], strict=True)) == [pytest.approx(pair) for pair in wanted]


def test_confidence_widens_the_interval() -> None:
    narrow, wide = (frequency_distribution(small(), confidence=level) for level in (0.5, 0.99))
    assert (wide["upper"] - wide["lower"] > narrow["upper"] - narrow["lower"]).all()


def test_no_interval_without_a_share(astana: Survey) -> None:
    table = frequency_distribution(astana)
    without = table[table["share"].isna()]
    assert len(without) and without["lower"].isna().all() and (without["method"] == "").all()


def test_no_interval_where_no_count_gives_the_figure(astana: Survey) -> None:
    table = frequency_distribution(astana)
    table = table[table["question"] == "external_platforms"]
    assert table["share"].notna().all() and table["lower"].isna().all()


def test_interval_over_all_counts_that_print_as_the_figure() -> None:
    survey = small(counts=[None, None, None], printed_base=1000, asked=1000, answered=1000, total="multiple")
    survey.responses["printed"] = ["10", "20", "30"]
    row = frequency_distribution(survey).iloc[0]
    assert (row["lower"], row["upper"]) == pytest.approx(wilson_interval(95, 105, 1000))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "6 who answered"),
        ({"printed_base": 10}, "10 asked"),
        ({"printed_base": 8}, "8 (base as printed)"),
        ({"printed_base": None}, "an unknown base"),
        ({"answered": None, "printed_base": 10}, "10 asked"),
        ({"kind": "open_coded"}, "6 remarks"),
    ],
)
def test_bases_in_words(changes: dict[str, object], words: str) -> None:
    assert base_in_words(small(**changes).questions.loc["q"]) == words


def test_nobody_answered() -> None:
    survey = small(counts=[0, 0, 0], printed_base=0, answered=0)
    assert frequency_distribution(survey)["lower"].isna().all()


def weighted(**changes: object) -> Survey:
    survey = small(**changes)
    survey.questions["effective_base"] = 5.0
    for name, values in {
        "weighted_count": [2.0, 2.0, 2.0], "weighted_share": [0.4, 0.3, 0.3], "se": [0.1] * 3, "df": [5] * 3,
    }.items():  # fmt: skip
        survey.responses[name] = values
    return survey


def test_weighted_shares_are_used_on_those_who_answered() -> None:
    answered = frequency_distribution(weighted(), "answered")
    assert answered["share"].tolist() == [0.4, 0.3, 0.3]
    expected = design_interval([0.4, 0.3, 0.3], 0.1, 5, 6, 5)
    assert answered["lower"].tolist() == expected[0].tolist()
    assert answered["method"].unique().tolist() == ["design-based"]
    assert answered["of"].str.endswith("who answered, weighted").all()
    assert answered["plain_share"].tolist() == pytest.approx(answered["count"] / answered["base"])
    asked = frequency_distribution(weighted(), "asked")
    assert asked["share"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert asked[["plain_share", "effective_base"]].isna().all(axis=None)
    assert not asked["of"].str.contains("weighted").any()


def test_weighted_intervals_follow_the_coverage_asked_for() -> None:
    usual, narrow = (frequency_distribution(weighted(), "answered", level) for level in (0.95, 0.5))
    assert (narrow["upper"] - narrow["lower"] < usual["upper"] - usual["lower"]).all()


REFERENCE = Path(__file__).parents[2] / "reference"


def survey_of(file: Path, folder: Path, settings: Settings) -> Survey:
    write_survey_folder(folder, import_respondents(file, settings).files)
    return read_survey(folder)


def test_shares_of_all_have_the_interval_of_the_effective_base(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,w\nyes,2\nyes,1\nyes,1\n", encoding="utf-8")
    settings = Settings(weight="w", single=("q",))
    survey = survey_of(tmp_path / "a.csv", tmp_path / "s", settings)
    own = frequency_distribution(survey, confidence=0.9)
    assert own["weighted_share"].tolist() == [1.0]
    size, z = 16 / 6, stats.norm.ppf(0.95)
    assert own[["lower", "upper"]].iloc[0].tolist() == pytest.approx([1 / (1 + z**2 / size), 1.0])


def test_the_plain_share_and_the_bases_stand_beside_the_weighted_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,w\nyes,2\nno,1\n,1\nyes,1\nno,1\n", encoding="utf-8")
    own = frequency_distribution(survey_of(tmp_path / "a.csv", tmp_path / "s", Settings(weight="w")))
    assert own["label"].tolist() == ["no", "yes"]
    assert own["plain_share"].tolist() == [0.5, 0.5]
    assert own["share"].tolist() == own["weighted_share"].tolist() == [0.4, 0.6]
    assert own["base"].tolist() == [4, 4]
    assert own["effective_base"].tolist() == pytest.approx([25 / 7] * 2)


def test_a_hidden_response_has_no_weighted_share(tmp_path: Path) -> None:
    rows = "".join(f"{answer},1\n" for answer in ["yes"] * 20 + ["no"] * 9 + ["other"] * 2)
    (tmp_path / "a.csv").write_text(f"q,w\n{rows}", encoding="utf-8")
    survey = survey_of(tmp_path / "a.csv", tmp_path / "s", Settings(weight="w", mask_small=5))
    shown = survey.responses.loc[survey.responses["count"].notna(), "label"]
    own = frequency_distribution(survey).set_index("label")
    assert own.index[own["share"].notna()].tolist() == own.index[own["lower"].notna()].tolist() == [*shown]
    assert "other" not in set(shown)
