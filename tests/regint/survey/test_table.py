"""The tidy table of a published survey, and its shares with their intervals."""

import csv
import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest
from regint.estimation.intervals import design_interval, wilson_interval
from regint.percentages.bases import base_likelihood
from regint.percentages.counts import admissible_bases
from regint.survey.count_ranges import recorded_misfits
from regint.survey.folder import write_survey_folder
from regint.survey.table import (
    _COLUMNS,
    Survey,
    figure_table,
    frequency_distribution,
    read_survey,
    recorded_bases,
    subgroup,
    tidy_table,
    with_groups,
)
from scipy import stats
from surveyfile.importing import import_respondents
from surveyfile.record import Settings
from textfiles.problems import Problem

FOLDERS = Path(__file__).parent / "folders"
ASTANA = "data/survey/astana_2025"


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey(ASTANA)


def counts(survey: Survey, question: str) -> list[int | None]:
    table = tidy_table(survey).query("question == @question")
    return [None if pd.isna(k) else int(k) for k in table["count"]]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("prospects", [0, 1, 5, 16, 8]),
        ("stability", [1, 1, 28]),
        ("drivers", [2]),
        ("economic_directions", [26, 24, 16, 11, 10, 9, 7, 6, 1]),
        ("infrastructure", [1, 5, 20, 4]),
        ("external_platforms", [None] * 4),
        ("competing_blocs", [25, 15, 9, None, None, None, None]),
        ("summit_formats", [1, 7, 22]),
        ("agency_formats", [19, 18, 16, 11, 6]),
        ("kazakhstan_role", [0, 4, 26]),
        ("humanitarian_tools", [None, 20, 15, None, None]),
        ("cultural_compatibility", [4, 14, 12]),
        ("regional_identity", [6, 12, 12]),
        ("steps_to_action", [14, 7, 5, 2, 2, 2, 1, 3]),
        ("scenario_2035", [15, 10, 3, 2]),
    ],
)
def test_counts_of_the_report(astana: Survey, question: str, expected: list[int | None]) -> None:
    assert counts(astana, question) == expected


def test_columns_and_types(astana: Survey) -> None:
    table = tidy_table(astana)
    assert list(table.columns) == _COLUMNS
    assert table["count"].dtype == "Int64" and table["base"].dtype == "Int64"
    assert table["share"].dtype == "float64" and table["substantive"].dtype == bool
    assert isinstance(table["response"].dtype, pd.CategoricalDtype) and table["response"].cat.ordered


def test_bases_never_mix(astana: Survey) -> None:
    keys = ["question", "response"]
    tables = {base: tidy_table(astana, base).set_index(keys) for base in ("printed", "asked", "answered")}
    assert tables["printed"].loc[("prospects", "score_5"), "share"] == 8 / 50
    assert tables["answered"].loc[("prospects", "score_5"), "share"] == 8 / 30
    assert tables["asked"].loc[("scenario_2035", "pragmatic_economics"), "share"] == 15 / 50
    # Without a count, a printed share is a share of its own base only.
    assert tables["printed"].loc[("external_platforms", "divert"), "share"] == 0.235
    assert pd.isna(tables["asked"].loc[("external_platforms", "divert"), "share"])
    assert tables["asked"].loc["steps_to_action", "share"].isna().all()
    for table in tables.values():
        known = table.dropna(subset=["count", "base"])
        assert (
            known["share"] * known["base"].astype(float) - known["count"].astype(float)
        ).abs().max() < 1e-9


def test_a_base_that_does_not_exist(astana: Survey) -> None:
    with pytest.raises(Problem, match="choose one of printed, asked, answered"):
        tidy_table(astana, "forms")


def test_responses_stand_in_display_order(astana: Survey) -> None:
    table = tidy_table(astana)
    for _, rows in table.groupby("question", sort=False):
        assert rows["response"].is_monotonic_increasing
        assert rows["response"].to_list() == sorted(
            rows["response"], key=list(table["response"].cat.categories).index
        )


def test_contradicting_orders_do_not_stop_the_reader(astana: Survey) -> None:
    from dataclasses import replace

    rows = astana.responses
    flipped = rows[rows["question"] == "summit_formats"].iloc[::-1].assign(question="stability")
    survey = replace(
        astana, responses=pd.concat([rows[rows["question"] != "stability"], flipped], ignore_index=True)
    )
    assert len(tidy_table(survey)) == len(survey.responses)


def test_counted_answers_are_taken_as_they_are() -> None:
    from dataclasses import replace

    survey = read_survey(FOLDERS / "us_goals_for_russia")
    counted = replace(
        survey, responses=survey.responses.assign(count=pd.array([33, 30, 24, 21], dtype="Int64"))
    )
    assert counts(counted, "goals") == [33, 30, 24, 21]
    # Two data sets print the same figures, so two of the counts are not determined by them.
    assert counts(survey, "goals") == [None, 30, 24, None]


def test_an_unknown_base_leaves_the_printed_share() -> None:
    table = tidy_table(read_survey(FOLDERS / "great_decisions_2017"))
    assert table["count"].isna().all() and table["base"].isna().all()
    assert table["share"].iloc[0] == 0.375
    assert not table.set_index("response").loc["not_sure", "substantive"]


def test_every_printed_figure_is_kept_as_printed(astana: Survey, project: Path) -> None:
    with (project / ASTANA / "responses.csv").open(encoding="utf-8", newline="") as file:
        written = [row["printed"] for row in csv.DictReader(file)]
    assert tidy_table(astana)["printed"].to_list() == written
    first_part = astana.questions.query("printed_base == 50 and source == 'aod_report'").index
    whole = [f for q, f in zip(astana.responses["question"], written, strict=True) if q in first_part and f]
    assert len(whole) == 24 and all(int(f) % 2 == 0 for f in whole)


def test_figure_table_feeds_the_study_of_bases(astana: Survey) -> None:
    table = figure_table(astana)
    for question, base in (("scenario_2035", 30), ("kazakhstan_role", 30), ("prospects", 50)):
        rows = table[table["question"] == question]
        assert base in admissible_bases(rows["printed"], range(1, 61), total=rows["total"].iloc[0])
        assert len(base_likelihood(rows["printed"], range(1, 61), rows["total"].iloc[0])) == 60
    blocs = table[table["question"] == "competing_blocs"]
    assert blocs["printed"].to_list() == ["50", "30", "18"]


def test_an_answer_known_only_in_words_leaves_its_total_open(astana: Survey) -> None:
    rows = astana.responses.copy()
    rows.loc[(rows["question"] == "scenario_2035") & (rows["printed"] == "6.7"), ["printed", "statement"]] = [
        "", "below 10",
    ]  # fmt: skip
    totals = figure_table(dataclasses.replace(astana, responses=rows)).set_index("question")["total"]
    assert set(totals["scenario_2035"]) == {"open"} and set(totals["kazakhstan_role"]) == {"closed"}


def test_problems_are_raised_together(tmp_path: Path) -> None:
    (tmp_path / "questions.csv").write_text("question\n", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        read_survey(tmp_path)
    assert len(caught.value.sentences) >= 4


HEAD = "question,response,label,score,printed,statement,substantive,count,source,locator,note"
ROWS = """
trust,low,Low,1,<1,,true,,s,p. 3,,,,,
trust,middle,Middle,2,40,,true,,s,p. 3,,answer,,,
trust,high,High,3,60,,true,,s,p. 3,,,,,
trust,some,Middle or high,,100,,true,,s,p. 3,,net,middle high,,
trust,mean,Mean,,2.60,,true,,s,p. 3,,mean,,,
trust,n,Base,,25,,true,,s,p. 3,,n,,sex,women
trust,low,Low,1,*,,true,,s,p. 3,,,,sex,women
trust,middle,Middle,2,20,,true,5,s,p. 3,,,,sex,women
trust,high,High,3,80,,true,,s,p. 3,,,,sex,women
"""


def mixed(folder: Path, **changes: tuple[str, str]) -> Path:
    """Write a folder whose rows are of every kind."""
    folder.mkdir()
    head = "question,kind,label,wording,wording_status,scale,total,printed_base,asked,answered,base_status"
    files = {
        "questions": f"{head},section,source,locator,note\n"
        "trust,rating,Trust,,,ordered,closed,50,,,reported,,s,p. 3,\n",
        "responses": f"{HEAD},row,members,by,group{ROWS}",
        "claims": "claim,questions,paraphrase,term,predicate,base,source,locator,note\n",
    }
    about = {
        "id": "mine",
        "title": "",
        "organiser": "",
        "fieldwork": {},
        "population": "",
        "size_statement": "",
    }
    about |= {"sources": [{"source": "s", "title": "Report"}], "licence": "", "legend": {"*": "none"}}
    for name, text in files.items():
        old, new = changes.get(name, ("", ""))
        assert old in text
        (folder / f"{name}.csv").write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    (folder / "survey.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def test_answers_nets_means_and_groups_are_kept_apart(tmp_path: Path) -> None:
    survey = read_survey(mixed(tmp_path / "mine"))
    assert survey.notices == ()
    assert survey.responses["response"].tolist() == ["low", "middle", "high"]
    assert survey.responses["printed"].tolist() == ["", "40", "60"]
    assert survey.responses["statement"].tolist() == ["below 1", "", ""]
    assert survey.rows["printed"].tolist()[:5] == ["<1", "40", "60", "100", "2.60"], "as printed"
    assert [net.members for net in survey.questions.loc["trust", "nets"]] == [("middle", "high")]
    assert counts(survey, "trust") == [0, 20, 30], "a net of 100 per cent leaves nobody below it"
    assert survey.groups == [("sex", "women")]


def test_what_does_not_fit_among_a_group_is_said_of_that_group(tmp_path: Path) -> None:
    change = ("trust,middle,Middle,2,20,,true,5", "trust,middle,Middle,2,21,,true,")
    assert read_survey(mixed(tmp_path / "mine", responses=change)).notices == (
        "Question trust among women, 'Middle': no count of 25 prints as 21 (5 of 25: 20; 6 of 25: 24).",
    )


@pytest.mark.parametrize(("base", "shown"), [("printed", True), ("answered", False), ("asked", False)])
def test_a_printed_figure_is_a_share_of_the_base_it_was_printed_for_alone(
    tmp_path: Path, base: str, shown: bool
) -> None:
    folder = mixed(tmp_path / "mine", questions=(",50,,,reported", ",1000,1100,900,reported"))
    table = tidy_table(read_survey(folder), base).set_index("response")
    assert table["count"].isna().loc[["middle", "high"]].all()
    assert table["share"].notna().loc[["middle", "high"]].tolist() == [shown, shown]


def test_a_group_is_a_survey_of_its_own(tmp_path: Path) -> None:
    women = subgroup(read_survey(mixed(tmp_path / "mine")), "sex", "women")
    assert women.questions.loc["trust", "printed_base"] == 25
    assert women.responses["statement"].tolist() == ["none", "", ""]
    assert counts(women, "trust") == [0, 5, 20]


def test_groups_of_one_name_in_two_groupings_are_kept_apart(tmp_path: Path) -> None:
    heads = ROWS[ROWS.index("trust,n,Base") :]
    others = heads.replace("sex,women", "asked by,women").replace(",25,", ",10,").replace("true,5,", "true,,")
    survey = read_survey(mixed(tmp_path / "mine", responses=(heads, heads + others)))
    assert survey.groups == [("sex", "women"), ("asked by", "women")]
    assert [len(subgroup(survey, by, "women").responses) for by, _ in survey.groups] == [3, 3]
    assert counts(subgroup(survey, "asked by", "women"), "trust") == [0, 2, 8]
    assert counts(subgroup(survey, "sex", "women"), "trust") == [0, 5, 20]


def test_groups_become_questions_with_bases_of_their_own(tmp_path: Path) -> None:
    survey = with_groups(read_survey(mixed(tmp_path / "mine")))
    assert survey.questions["label"].tolist() == ["Trust", "Trust (women)"]
    assert survey.questions["printed_base"].tolist() == [50, 25]
    assert survey.questions["group"].tolist() == ["", "women"]
    assert counts(survey, "trust") == [0, 20, 30] and counts(survey, "trust@sex=women") == [0, 5, 20]
    alike = with_groups(read_survey(ASTANA))
    assert alike.questions.index.tolist() == read_survey(ASTANA).questions.index.tolist()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (",net,middle high", ",net,middle hihg", "write 'high' if that is meant"),
        (",net,middle high", ",net,", "name the responses that it sums up"),
        ("answer,,,\n", "answer,low,,\n", "write net under row"),
        ("25,,true,,s,p. 3,,n,,sex,women", "25,,true,,s,p. 3,,n,,sex,", "fill both cells"),
        ("20,,true,5,", "20,,true,26,", "at most printed of the row n of women, 25"),
        ("sex,women\ntrust,high", "sex,women\ntrust,low", "trust, sex, women, low"),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        read_survey(mixed(tmp_path / "mine", responses=(old, new)))


def misfits(survey: Survey) -> pd.DataFrame:
    return recorded_misfits(survey.questions, survey.responses)


def test_counts_and_recorded_bases_are_held_against_the_figures(astana: Survey) -> None:
    poll = read_survey(FOLDERS / "us_goals_for_russia")
    assert misfits(poll).empty and recorded_bases(poll).tolist() == [108]
    assert recorded_bases(astana).isna().all()
    counts = pd.array([33, None, None, 24], dtype="Int64")
    wrong = dataclasses.replace(poll, responses=poll.responses.assign(count=counts))
    found = misfits(wrong)
    assert found["finding"].tolist() == ["count and figure"] and found["base"].tolist() == [108]
    weighted = dataclasses.replace(wrong, questions=poll.questions.assign(weighted=True))
    assert misfits(weighted).empty


def test_words_count_too(astana: Survey) -> None:
    poll = read_survey(FOLDERS / "us_goals_for_russia")
    words = poll.responses.assign(printed="", count=pd.NA, statement=["half", "all", "none", ""])
    found = misfits(dataclasses.replace(poll, responses=words.astype({"count": "Int64"})))
    told = found[["finding", "would_print"]].to_numpy().tolist()
    assert told == [["question", "together 162 to 270 of 108"]]


# Shares and intervals.


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
    assert set(frequency_distribution(small(**changes))["of"]) == {words}


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


def imported(file: Path, folder: Path, settings: Settings) -> Survey:
    write_survey_folder(folder, import_respondents(file, settings).files)
    return read_survey(folder)


def test_shares_of_all_have_the_interval_of_the_effective_base(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,w\nyes,2\nyes,1\nyes,1\n", encoding="utf-8")
    settings = Settings(weight="w", single=("q",))
    survey = imported(tmp_path / "a.csv", tmp_path / "s", settings)
    own = frequency_distribution(survey, confidence=0.9)
    assert own["weighted_share"].tolist() == [1.0]
    size, z = 16 / 6, stats.norm.ppf(0.95)
    assert own[["lower", "upper"]].iloc[0].tolist() == pytest.approx([1 / (1 + z**2 / size), 1.0])


def test_the_plain_share_and_the_bases_stand_beside_the_weighted_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,w\nyes,2\nno,1\n,1\nyes,1\nno,1\n", encoding="utf-8")
    own = frequency_distribution(imported(tmp_path / "a.csv", tmp_path / "s", Settings(weight="w")))
    assert own["label"].tolist() == ["no", "yes"]
    assert own["plain_share"].tolist() == [0.5, 0.5]
    assert own["share"].tolist() == own["weighted_share"].tolist() == [0.4, 0.6]
    assert own["base"].tolist() == [4, 4]
    assert own["effective_base"].tolist() == pytest.approx([25 / 7] * 2)


def test_a_hidden_response_has_no_weighted_share(tmp_path: Path) -> None:
    rows = "".join(f"{answer},1\n" for answer in ["yes"] * 20 + ["no"] * 9 + ["other"] * 2)
    (tmp_path / "a.csv").write_text(f"q,w\n{rows}", encoding="utf-8")
    survey = imported(tmp_path / "a.csv", tmp_path / "s", Settings(weight="w", mask_small=5))
    shown = survey.responses.loc[survey.responses["count"].notna(), "label"]
    own = frequency_distribution(survey).set_index("label")
    assert own.index[own["share"].notna()].tolist() == own.index[own["lower"].notna()].tolist() == [*shown]
    assert "other" not in set(shown)
