"""Answers of groups: counts by hand, errors and tests as svy (and so R) has them, and nothing small told."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import svy
from regint.survey.folder import write_survey_folder
from regint.survey.table import Survey, frequency_distribution, read_survey, subgroup
from scipy.optimize import linprog
from scipy.stats import chi2_contingency, f
from surveyfile.importing import import_respondents
from surveyfile.masking import coarsen
from surveyfile.record import Settings
from textfiles.problems import Problem

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


@pytest.mark.parametrize("masked", [0, 3])
def test_groups_of_one_name_in_two_groupings_are_kept_apart(tmp_path: Path, masked: int) -> None:
    random = np.random.default_rng(11)
    frame = pd.DataFrame({name: random.choice(["North", "South"], 90) for name in ("born", "lives")})
    frame["trust"] = np.where((frame["born"] == "North") ^ (random.random(90) < 0.3), "High", "Low")
    frame.to_csv(tmp_path / "p.csv", index=False)
    settings = Settings(by=(("born",), ("lives",)), mask_small=masked)
    write_survey_folder(tmp_path / "mine", import_respondents(tmp_path / "p.csv", settings).files)
    survey = read_survey(tmp_path / "mine")
    assert {*survey.groups} == {(by, name) for by in ("born", "lives") for name in ("North", "South")}
    for by, group in survey.groups:
        counts = subgroup(survey, by, group).responses.set_index(["question", "label"])["count"]
        own = frame.loc[frame[by] == group, "trust"].value_counts()
        assert counts["trust"].to_dict() == own.to_dict(), (by, group)
    found = survey.tests.query("question == 'trust'").set_index("by")["p"].astype(float)
    for by in ("born", "lives"):  # Pearson's statistic over the design effect n / (n - 1) of one draw
        table = pd.crosstab(frame["trust"], frame[by])
        statistic = chi2_contingency(table, correction=False).statistic * 89 / 90
        assert found[by] == pytest.approx(f.sf(statistic, 1, 89), abs=1e-8)


def test_all_other_answers_make_a_group_under_a_design(tmp_path: Path) -> None:
    people = [("abcd"[n % 4], "yes" if n % 7 < 3 else "no", "xy"[n // 40]) for n in range(80)]
    pd.DataFrame(people, columns=["team", "q", "s"]).to_csv(tmp_path / "p.csv", index=False)
    book = tmp_path / "codebook.csv"
    book.write_text("column,code,response_label\nteam,a,A\n,[other text],Others\nq,,\n", encoding="utf-8")
    settings = Settings(by=(("team",),), strata="s")
    write_survey_folder(tmp_path / "mine", import_respondents(tmp_path / "p.csv", settings, book).files)
    others = subgroup(read_survey(tmp_path / "mine"), "team", "Others").responses.set_index("label")
    own = pd.Series([answer for team, answer, _ in people if team != "a"]).value_counts()
    assert others["count"].dropna().to_dict() == own.to_dict()
    assert others["df"].dropna().tolist() == [60 - 2] * 2


def test_a_single_respondent_makes_a_group(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("sex,mood\nm,good\n", encoding="utf-8")
    survey_folder = import_respondents(tmp_path / "p.csv", Settings(by=(("sex",),))).files
    assert "mood,good,good,,,,true,1,data_file,mood = good,,,sex,m" in survey_folder["responses.csv"]


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
        own = frequency_distribution(subgroup(survey, "sex", group))
        own = own[own["question"] == "mood"].set_index("label")
        for row in (row for row in found if row["by_level"] == (group,)):
            ours = own.loc[row["y_level"]]
            expected = (row["est"], row["se"], row["df"])
            assert (ours["weighted_share"], ours["se"], ours["df"]) == pytest.approx(expected, abs=1e-9)


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


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        ((("sex",), ("sex", "age")), "--by names 'sex' twice"),
        ((("sex", ""),), "--by needs the names of columns"),
        ((("sexx",),), r"has no column 'sexx' \(did you mean 'sex'\?\)"),
        ((("uses",),), "several answers were possible"),
        ((("w",),), "the column is no question, so it makes no groups"),
        ((("age",), ("older",)), "--by older groups the answers of --by age"),
    ],
)
def test_groups_that_cannot_be_made_are_refused(
    people: tuple[Path, pd.DataFrame], tmp_path: Path, by: tuple[tuple[str, ...], ...], sentence: str
) -> None:
    place, frame = people
    frame.assign(older=np.where(frame["age"] == "60+", "yes", "no")).to_csv(tmp_path / "p.csv", index=False)
    own = tmp_path / "codebook.csv"
    own.write_text((place / "codebook.csv").read_text(encoding="utf-8") + "older,,\n", encoding="utf-8")
    with pytest.raises(Problem, match=sentence):
        import_respondents(tmp_path / "p.csv", Settings(by=by, mask_small=5), own)


def test_no_small_count_of_a_group_can_be_worked_out() -> None:
    """Beside what is shown, a reader knows the numbers of everybody: each small count may be another one."""
    below, random = 3, np.random.default_rng(5)
    hidden = 0
    for cells in random.integers(0, 8, (400, 9)) * random.integers(0, 2, (400, 9)):
        table = np.vstack([cells.reshape(3, 3), np.zeros((2, 3), dtype=int)])
        margins = [*table.sum(axis=0), *table.sum(axis=1)]
        left = coarsen(table, below)
        if left is None or any(
            0 < margin < below for margin in margins
        ):  # such margins are hidden themselves
            continue
        open_cells = [(r, c) for r in range(3) for c in range(3) if r in left[0] or c in left[1] or c == 2]
        for row, column in np.argwhere((table > 0) & (table < below)):
            assert (row, column) in open_cells, (table, left)
            unknowns = {place: number for number, place in enumerate(open_cells)}
            equations, sums = [], []
            for line in [
                *({(r, c) for c in range(3)} for r in range(3)),
                *({(r, c) for r in range(3)} for c in range(3)),
            ]:
                equations.append([float(place in line) for place in open_cells])
                sums.append(sum(table[place] for place in line & unknowns.keys()))
            goal = np.zeros(len(open_cells))
            goal[unknowns[row, column]] = 1
            ends = [linprog(sign * goal, A_eq=equations, b_eq=sums).fun * sign for sign in (1, -1)]
            assert ends[1] - ends[0] >= 1 and ends[1] >= below, (table, left, row, column, ends)
            hidden += 1
    assert hidden > 50


def test_pairs_of_options_are_counted_and_small_ones_left_out(people: tuple[Path, pd.DataFrame]) -> None:
    place, frame = people
    counts = survey_of(place).joint.set_index(["response", "other"])["count"]
    both = (frame["uses"] == "Bus; Train").sum()
    assert counts.to_dict() == {("bike", "bus"): 0, ("bike", "train"): 0, ("bus", "train"): both}
    masked = survey_of(place, mask_small=5).joint.set_index(["response", "other"])["count"]
    assert masked.to_dict() == counts.to_dict()
    few = frame.assign(uses=["Bus; Train"] * 3 + ["Bus"] * 97 + ["Train"] * 300)
    few.to_csv(place / "people.csv", index=False)
    try:
        assert survey_of(place).joint["count"].tolist() == [3]
        assert len(survey_of(place, mask_small=5).joint) == 0
    finally:
        frame.to_csv(place / "people.csv", index=False)
