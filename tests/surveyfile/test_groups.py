"""Answers of groups: counts by hand, errors and tests as svy (and so R) has them, and nothing small told."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import svy
from regint.survey.folder import write_survey_folder
from regint.survey.shares import weighted_shares
from regint.survey.table import Survey, read_survey, subgroup
from surveyfile.importing import import_respondents
from surveyfile.record import Settings

ROWS = 400
DESIGNS = {
    "alone": {},
    "weighted": {"weight": "w"},
    "stratified": {"weight": "w", "strata": "stratum"},
    "clustered": {"weight": "w", "cluster": "cluster"},
    "both": {"weight": "w", "strata": "stratum", "cluster": "cluster"},
}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """An invented sample: a question with silence, a choose-several one, groups of which some are unknown."""
    random = np.random.default_rng(7)
    stratum = random.integers(0, 4, ROWS)
    sex = random.choice(["Men", "Women", ""], ROWS, p=[0.45, 0.5, 0.05])
    frame = pd.DataFrame(
        {
            "sex": sex,
            "age": random.choice(["18-39", "40-59", "60+"], ROWS),
            "mood": np.where(sex == "Men", *(random.choice(["Bad", "Fair", "Good", ""], (2, ROWS)))),
            "uses": random.choice(["Bus", "Bus; Train", "Train", "Bike", ""], ROWS),
            "stratum": [f"s{n}" for n in stratum],
            "cluster": [f"c{n}" for n in stratum * 10 + random.integers(0, 6, ROWS)],
            "w": np.round(random.uniform(0.3, 4.0, ROWS), 3),
        }
    )
    place = tmp_path_factory.mktemp("people")
    frame.to_csv(place / "people.csv", index=False)
    (place / "codebook.csv").write_text(
        "column,kind,separator\nsex,,\nage,,\nmood,,\nuses,multiple,;\n", encoding="utf-8"
    )
    return place, frame


def survey_of(place: Path, **stated: object) -> Survey:
    folder = place / f"folder {len(list(place.iterdir()))}"
    settings = Settings(**stated)  # type: ignore[arg-type]
    files = import_respondents(place / "people.csv", settings, place / "codebook.csv").files
    write_survey_folder(folder, files)
    return read_survey(folder)


def test_groups_are_counted_as_pandas_counts_them(people: tuple[Path, pd.DataFrame]) -> None:
    place, frame = people
    survey = survey_of(place, by=(("sex",), ("sex", "age")))
    assert [group for by, group in survey.groups if by == "sex"] == ["Men", "Women"]
    assert [group for by, group in survey.groups if by == "sex:age"] == [
        f"{sex}: {age}" for sex in ("Men", "Women") for age in ("18-39", "40-59", "60+")
    ]
    for by, group in survey.groups:
        sex, _, age = group.partition(": ")
        own = frame[(frame["sex"] == sex) & ((frame["age"] == age) | (by == "sex"))]
        part = subgroup(survey, by, group)
        counts = part.responses.set_index(["question", "label"])["count"]
        assert counts["mood"].to_dict() == own["mood"].replace("", None).value_counts().to_dict()
        uses = own["uses"].str.split("; ").explode().replace("", None).value_counts()
        assert counts["uses"].to_dict() == uses.to_dict()
        assert part.questions.loc["uses", "answered"] == (own["uses"] != "").sum()
        assert ("age" in part.questions.index) is (by == "sex")


def as_svy(frame: pd.DataFrame, stated: dict[str, str]) -> svy.Sample:
    roles = {"weight": "wgt", "strata": "stratum", "cluster": "psu"}
    data = pl.DataFrame(
        {name: [cell if cell != "" else None for cell in frame[name]] for name in frame}
    ).with_columns(
        bus=pl.when(pl.col("uses").is_null()).then(None).otherwise(pl.col("uses").str.contains("Bus"))
    )
    return svy.Sample(data=data, design=svy.Design(**{roles[role]: name for role, name in stated.items()}))


@pytest.mark.parametrize("name", [name for name in DESIGNS if name != "alone"])
def test_shares_and_errors_of_groups_equal_those_of_svy(people: tuple[Path, pd.DataFrame], name: str) -> None:
    place, frame = people
    survey = survey_of(place, by=(("sex",),), **DESIGNS[name])
    found = (
        as_svy(frame, DESIGNS[name])
        .estimation.prop("mood", by="sex", where=svy.col("sex").is_not_null() & svy.col("mood").is_not_null())
        .to_dicts()
    )
    for group in ("Men", "Women"):
        own = weighted_shares(subgroup(survey, "sex", group))
        own = own[own["question"] == "mood"].set_index("label")
        for row in (row for row in found if row["by_level"] == (group,)):
            ours = own.loc[row["y_level"]]
            expected = (row["est"], row["se"], row["df"])
            assert (ours["weighted_share"], ours["error"], ours["df"]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("question", ["mood", "bus"])
def test_the_test_of_independence_equals_that_of_svy(
    people: tuple[Path, pd.DataFrame], name: str, question: str
) -> None:
    place, frame = people
    tests = survey_of(place, by=(("sex",),), **DESIGNS[name]).tests
    column, response = ("uses", "bus") if question == "bus" else (question, "")
    own = tests[(tests["question"] == column) & (tests["response"] == response) & (tests["group"] == "")]
    sample = as_svy(frame, DESIGNS[name])
    known = svy.col("sex").is_not_null() & svy.col(column).is_not_null()
    told = sample.categorical.tabulate(question, "sex", where=known).stats.f
    found = own[["statistic", "df", "df2", "p"]].iloc[0].tolist()
    assert found == pytest.approx([told.value, told.df_num, told.df_den, told.p_value], rel=1e-6)
