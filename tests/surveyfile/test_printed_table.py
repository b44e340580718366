"""Printed percentages that someone typed: every digit stays, in whichever way they are laid out."""

from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.survey.claims import try_claim
from regint.survey.table import Survey, figure_table, read_survey, subgroup, tidy_table
from surveyfile.new_folder import PrintedQuestion, new_folder, read_printed_table, unique
from surveyfile.printed_table import PrintedRow
from textfiles.problems import Problem

HEAD = "question,response,printed\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "typed.csv"
    path.write_bytes(text.encode(encoding))
    return path


def figures(path: Path) -> list[str]:
    return [row.figure for question in read_printed_table(path)[0] for row in question.answers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "Q,a,40\nQ,b,60.0\n", ["40", "60.0"]),
        (HEAD + "Q,a,40 %\nQ,b,60\u202f%\n", ["40", "60"]),
        ("question;response;printed\nQ;a;62,5\nQ;b;37,5\n", ["62.5", "37.5"]),
        (HEAD + "Q,a,0.405\nQ,b,0.595\n", ["40.5", "59.5"]),
        (HEAD + "Q,a,40 per cent\nQ,b,60 Prozent\n", ["40", "60"]),
        (HEAD + "Q,a,05\nQ,b,.5\nQ,c,94.\n", ["5", "0.5", "94"]),
        (HEAD + "Q,a,45·0\nQ,b,55·0\n", ["45.0", "55.0"]),
        (HEAD + "Q,a,٤٥\nQ,b,٥٥\n", ["45", "55"]),
        (HEAD + "Q,a,45*\nQ,b,55†\n", ["45", "55"]),
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
    assert [(q.question, q.label, len(q.answers), q.base) for q in questions] == [
        ("first", "First", 2, 5), ("second", "Second", 1, 5),
    ]  # fmt: skip


def test_a_stated_base_and_kind_go_before_what_is_assumed(tmp_path: Path) -> None:
    text = "question,response,printed,kind,base\nQ,1,60,rating,10\nQ,2,40,,\nR,a,90,,\nR,b,60,,\n"
    (first, second), lines, _ = read_printed_table(write(tmp_path, text), base=7)
    assert (first.kind, first.base, second.kind, second.base) == ("rating", 10, "multiple", 7)
    assert [line for line in lines if "several answers were allowed" in line.lower()] == [
        "Several answers were allowed, since more than 102 is added up to (state the kind if not): 'R (150)'."
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
        ("question,response,remark\nQ,a,often\n", "has no column 'printed'"),
        ("response,printed\na,60\n", "has no column 'question'"),
        (HEAD + "Q,a,*\nQ,b,60\n", r"'\*' is no figure: say what the source means by it, such as --legend"),
        (HEAD + "Q,a,½\nQ,b,60\n", "'½' is no figure: say what the source means"),
        (HEAD + "Q,a,18 (45)\nQ,b,20 (50)\n", r"which number of '18 \(45\)' is the percentage"),
        (HEAD + "Q,Base,many\nQ,b,60\n", "'many' is no number of people"),
        (HEAD + "Q,Base,20\n", "holds no figure but bases"),
        ("question,response,printed,count\nQ,a,60,six\n", "count 'six' is no whole number"),
        ("question,response,printed,row\nQ,a,60,sum\n", "row 'sum' is none of answer, net"),
        ("question,response,printed,weighted\nQ,a,60,maybe\n", "weighted 'maybe' is none of true"),
        (HEAD + "Q,a,30\nQ,b,20\nQ,c,50\nQ,Net: some,90\n", "reads like a net: write its answers"),
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
    rows = [PrintedRow(str(i), figure, row="answer", figure=figure) for i, figure in enumerate(printed)]
    assert PrintedQuestion("q", "single", "Q", rows).adds_up() is whole


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


PRINTED = Path(__file__).parent / "files" / "printed"


def made(folder: Path, table: str | Path, **options: object) -> tuple[Survey, list[str]]:
    """Make a survey folder of a published table, or of one typed here."""
    path = table if isinstance(table, Path) else PRINTED / table
    if isinstance(table, str) and "\n" in table:
        path = write(folder, table)
    lines = new_folder(folder / "mine", table=path, **options)  # type: ignore[arg-type]
    return read_survey(folder / "mine"), lines


def told(lines: list[str], words: str) -> bool:
    return any(words in line for line in lines)


@pytest.mark.parametrize("table", sorted(path.name for path in PRINTED.glob("*.csv")))
def test_published_tables_become_sound_folders(tmp_path: Path, table: str) -> None:
    survey, _ = made(tmp_path, table)
    assert len(survey.questions) and survey.questions.index.is_unique


def test_ids_are_unique_whatever_the_labels_begin_with(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, "long.csv")
    assert len(survey.questions) == 2
    assert survey.questions["label"].str.endswith("voters 2010").all()


def test_twenty_thousand_questions_that_begin_alike_have_ids_of_their_own() -> None:
    taken: dict[str, int] = {}
    names = [unique(f"Approve of the government's record in office: {i}", taken) for i in range(20_000)]
    assert len(set(names)) == 20_000


def test_negative_scores_keep_their_sign(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, "mood_negative_scores.csv")
    assert survey.responses["response"].tolist()[:2] == ["score_minus_2", "score_minus_1"]
    assert survey.responses["score"].tolist() == [-2, -1, 0, 1, 2]


def test_a_scale_printed_from_its_high_end_is_turned_round_and_said(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, "cpg.csv")
    assert told(lines, "Printed from 'Strongly agree', the high end, down to 'Strongly disagree'")
    own = survey.responses[survey.responses["question"] == "reduce_flexibility"].set_index("response")
    assert own.loc[["strongly_disagree", "strongly_agree"], "score"].tolist() == [1, 4]
    assert own.loc["strongly_agree", "printed"] == "16.2" and own["score"].isna().sum() == 1


@pytest.mark.parametrize(
    ("labels", "scores", "words"),
    [
        (["Strongly disagree", "Disagree", "Agree"], [1, 2, 3], ""),
        (["5", "3", "1"], [1, 3, 5], "from '5', the high end"),
        (["Often", "Sometimes", "Hardly"], [1, 2, 3], "Scored from 1 for 'Often' to 3 for 'Hardly'"),
        (["Very bad", "Bad", "Good"], [1, 2, 3], ""),
        (["Sehr gut", "Gut", "Schlecht"], [1, 2, 3], "from 'Sehr gut', the high end"),
    ],
)
def test_the_direction_of_a_scale_is_read_or_asked_for(
    tmp_path: Path, labels: list[str], scores: list[int], words: str
) -> None:
    rows = "".join(f"Q,{label},{figure},rating\n" for label, figure in zip(labels, (50, 30, 20), strict=True))
    survey, lines = made(tmp_path, "question,response,printed,kind\n" + rows)
    assert survey.responses["score"].tolist() == scores
    assert told(lines, words) if words else not told(lines, "high end")
    turned = "the rows were turned round" in "".join(lines)
    assert survey.responses["printed"].tolist() == (["20", "30", "50"] if turned else ["50", "30", "20"])


def test_a_mean_is_no_percentage(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, "mean2.csv")
    assert survey.rows[["row", "printed"]].values.tolist() == [["mean", "3.57"], ["mean", "2.61"]]
    assert survey.responses.empty and survey.notices == ()
    assert told(lines, "2 rows read as means, not as answers")


def test_a_mean_and_a_deviation_that_no_answers_have_are_told(tmp_path: Path) -> None:
    """Of 17 answers with the sum 67, the squares have no sum that prints as 1.19, with n-1 or with n."""
    table = "question,n,Mean,SD\nMood,17,3.94,1.19\nEase,17,3.94,1.20\n"
    survey, _ = made(tmp_path, table)
    odd = Fraction(67**2, 17)
    for divisor in (16, 17):
        ends = [odd + divisor * Fraction(end) ** 2 for end in ("1.185", "1.195")]
        assert not any(ends[0] <= squares <= ends[1] for squares in range(67, 500, 2))  # odd, as the sum is
    (said,) = survey.notices
    assert said.startswith("Question mood: no 17 whole-number answers have a mean of 3.94 and a standard dev")


def test_answers_that_add_up_to_less_are_said_to_be_one_each(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, "multi95.csv")
    assert survey.questions["total"].tolist() == ["open"]
    assert told(lines, "Read as one answer each") and told(lines, "(95)")


def test_answers_of_one_table_are_taken_by_what_each_question_adds_up_to(tmp_path: Path) -> None:
    """Up to two more or less than a hundred is rounding, and nothing is said of it."""
    answers = {97: "Good,60\nQ97,Bad,37", 98: "Good,60\nQ98,Bad,38", 100: "Good,60\nQ100,Bad,40"}
    answers |= {102: "Good,60\nQ102,Bad,42", 103: "Good,60\nQ103,Trains,43"}
    rows = "\n".join(f"Q{total},{text}" for total, text in answers.items())
    survey, lines = made(tmp_path, f"question,response,printed\n{rows}\n")
    said = [line.rpartition(": ")[2] for line in lines if line.startswith(("Read as one", "Several answers"))]
    assert said == ["'Q97 (97)'.", "'Q103 (103)'."]
    assert survey.questions["kind"].tolist() == ["single"] * 4 + ["multiple"]


def test_counts_are_kept(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, "counts.csv")
    assert survey.responses["count"].tolist() == [40, 37, 2]
    assert survey.notices == ()


@pytest.mark.parametrize("kind", ["single", "", "rating"])
def test_counts_of_all_answers_add_up_to_a_base(tmp_path: Path, kind: str) -> None:
    text = f"question,response,printed,count,kind\nQ,1,60,60,{kind}\n,2,40,40,\n"
    (question,), _, _ = read_printed_table(write(tmp_path, text))
    assert (question.base, question.base_status, question.weighted) == (100, "counted", False)


COUNTED = "question,response,printed,count,kind\n"


@pytest.mark.parametrize(
    ("table", "counts", "told"),
    [
        (COUNTED + "Q,1,60,60,multiple\n,2,40,40,\n", ["60", "40"], "at a base of 100 only"),
        (COUNTED + "Q,1,51,40,\n,2,47,37,\n,3,2,,\n", ["40", "37", ""], "at bases from 78 to 79"),
        (HEAD + "Q,1,18 (45%)\nQ,2,60\n", ["18", ""], "at a base of 40 only"),
        # These are a part of those asked, whose number their sum is not.
        (COUNTED + "Q,1,40.0,40,\n,2,30.0,30,\n", ["40", "30"], "at a base of 100 only"),
        (COUNTED + "Q,1,40,40,\n,2,30,60,\n", ["40", "60"], "at no base, rounded to the nearest"),
        (COUNTED + "Q,1,0,3,\n,2,30,,\n", ["3", ""], "at bases from 600 on"),
    ],
)
def test_counts_without_a_base_are_kept_and_tell_of_one(
    tmp_path: Path, table: str, counts: list[str], told: str
) -> None:
    survey, _ = made(tmp_path, table)
    assert survey.questions["printed_base"].isna().all()
    assert survey.responses["count"].astype(object).fillna("").map(str).tolist() == counts
    assert survey.notices == (f"Question q: no base is stated; its counts print as its figures {told}.",)


def test_counts_of_figures_cut_off_still_add_up_to_a_base(tmp_path: Path) -> None:
    table = "question,1,2,3,4,5\nA,0,3 (6%),8 (17%),16 (34%),20 (42%)\n"
    survey, _ = made(tmp_path, table + "B,0 (0%),4 (2%),7 (14%),23 (48%),13 (27%)\n")
    assert survey.responses["count"].tolist() == [0, 3, 8, 16, 20, 0, 4, 7, 23, 13]
    assert survey.questions["printed_base"].tolist() == [47, 47]
    assert "if they were cut off" in survey.notices[0]
    assert any("4 of 47 prints as 9, not as 2" in notice for notice in survey.notices)


@pytest.mark.parametrize("column", ["count", "n"])
def test_counts_may_stand_alone(tmp_path: Path, column: str) -> None:
    survey, _ = made(tmp_path, f"question,response,{column}\nQ,a,40\n,b,37\n,c,2\n")
    assert survey.responses["count"].tolist() == [40, 37, 2]
    assert survey.questions[["printed_base", "total"]].values.tolist() == [[79, "closed"]]


def test_counts_of_a_group_without_a_base_are_kept(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, HEAD[:-1] + ",men\nQ,a,45,18 (45%)\nQ,b,55,22 (55%)\n")
    assert subgroup(survey, "subgroup", "men").responses["count"].tolist() == [18, 22]


def test_of_many_questions_alike_eight_are_named_and_the_others_counted(tmp_path: Path) -> None:
    text = "".join(f"Question {number},a,40\n,b,60\n,Total,100\n" for number in range(11))
    _, lines, _ = read_printed_table(write(tmp_path, HEAD + text), base=50)
    (told,) = [line for line in lines if "is the sum of all answers" in line]
    assert "Question 7" in told and "Question 8" not in told and " and 3 more" in told


def test_a_net_may_name_its_answers_in_any_case(tmp_path: Path) -> None:
    text = f"{HEAD[:-1]},members\nQ,Very,20,\n,Fairly,30,\n,Not,50,\n,Net: good,50,very; FAIRLY\n"
    (question,), _, _ = read_printed_table(write(tmp_path, text), base=50)
    assert [row.members for row in question.rows if row.row == "net"] == [("Very", "Fairly")]


def test_a_net_sums_up_neighbours_that_no_other_row_parts(tmp_path: Path) -> None:
    text = (
        f"{HEAD}Q,Very,20\n,Fairly,30\n,Net: good,50\n,Mean,10\n,Not very,30\n,Not at all,20\n,Net: bad,50\n"
    )
    (question,), lines, _ = read_printed_table(write(tmp_path, text), base=50)
    members = {row.label: row.members for row in question.rows if row.row == "net"}
    assert members == {"Net: good": ("Very", "Fairly"), "Net: bad": ("Not very", "Not at all")}


def test_nets_are_found_with_their_answers_and_are_no_answers(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, "yougov.csv", weighted=True)
    nets = survey.questions.loc["cameron_doing_well_or_badly", "nets"]
    assert [net.members for net in nets] == [("very_well", "fairly_well"), ("fairly_badly", "very_badly")]
    assert told(lines, "'TOTAL BADLY' read as the sum of 'Fairly badly' and 'Very badly'")
    assert survey.questions["weighted"].all() and survey.notices == ()
    assert survey.questions.loc["cameron_doing_well_or_badly", "total"] == "closed"


def test_forty_per_cent_weighted_are_no_majority(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, "ld.csv", weighted=True)
    question = survey.questions.index[0]
    assert try_claim(survey, f"share({question}, approve) < 1/2").verdict == "certain"
    assert try_claim(survey, f"share({question}, approve) > 1/2").verdict == "impossible"
    assert try_claim(survey, f"count({question}, approve) > 38").verdict == "untestable"


def test_unweighted_counts_beside_weighted_figures_are_no_shares(tmp_path: Path) -> None:
    table = "question,response,printed,count\nSchool,Always,20.1,250\n,Often,60.2,500\n,Never,19.7,250\n"
    survey, _ = made(tmp_path, table, weighted=True)
    assert survey.responses["count"].tolist() == [250, 500, 250] and survey.notices == ()
    assert try_claim(survey, "share(school, often) > 60%").verdict == "certain"
    assert try_claim(survey, "share(school, often) == 1/2").verdict == "impossible"


SIGNS = HEAD + "Q,a,97\nQ,b,*\nQ,c,–\nQ,d,n/a\nQ,e,<1%\nR,a,100\n"


def test_signs_are_read_by_the_legend_and_kept_as_printed(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, SIGNS, legend={"*": "above 0, below 0.5", "–": "none"}, base=400)
    assert survey.rows["printed"].tolist() == ["97", "*", "–", "n/a", "<1", "100"]
    assert survey.responses["statement"].tolist()[:5] == ["", "above 0, below 0.5", "none", "", "below 1"]
    assert survey.questions["total"].tolist() == ["open", "closed"], "what is silent may be anything"
    assert survey.metadata["legend"] == {"*": "above 0, below 0.5", "–": "none", "n/a": "silent"}
    assert tidy_table(survey)["count"].tolist()[1:3] == [1, 0], "at least one person, and fewer than two"
    assert told(lines, "'*' is above 0, below 0.5")


@pytest.mark.parametrize(
    ("sign", "total"), [("*", "closed"), ("<1", "closed"), ("–", "closed"), ("n/a", "open"), ("", "open")]
)
def test_a_sign_that_bounds_a_figure_leaves_no_hole(tmp_path: Path, sign: str, total: str) -> None:
    legend = {"*": "above 0, below 0.5", "–": "none"}
    survey, _ = made(tmp_path, HEAD + f"Q,a,60\nQ,b,39\nQ,c,{sign}\n", legend=legend, base=1000)
    assert survey.questions["total"].tolist() == [total]
    if sign == "*":
        assert figure_table(survey)[["total", "printed"]].values.tolist()[-1] == ["closed", "0"]


def test_a_fraction_keeps_its_precision(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, "question,response,printed,base\nQ,A,0.3,3\n,B,0.7,\n")
    assert survey.responses["statement"].tolist() == ["from 25 to 35", "from 65 to 75"]
    assert tidy_table(survey)["count"].tolist() == [1, 2], "a third prints as 0.3"
    assert survey.notices == () and told(lines, "Figures are fractions")
    assert survey.responses["note"].tolist() == ["printed 0.3", "printed 0.7"]


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (["18 (45%)", "22 (55%)"], [18, 22]),
        (["45% (18)", "55% (22)"], [18, 22]),
        (["18 (45.0)", "22 (55.0)"], [18, 22]),
        (["18 (45)", "22 (55)"], [18, 22]),
        (["45 (18)", "55 (22)"], [18, 22]),
        (["1,013 (45%)", "1 238 (55%)"], [1013, 1238]),
    ],
)
def test_counts_beside_percentages(tmp_path: Path, cells: list[str], counts: list[int]) -> None:
    rows = "".join(f'Q,{label},"{cell}"\n' for label, cell in zip("ab", cells, strict=True))
    survey, lines = made(tmp_path, HEAD + rows)
    assert survey.responses["count"].tolist() == counts
    assert [figure[:2] for figure in survey.responses["printed"]] == ["45", "55"]
    assert survey.questions["printed_base"].tolist() == [sum(counts)]
    assert survey.questions["base_status"].tolist() == ["counted"] and told(lines, "taken for the base")


def test_groups_of_people_stand_in_columns(tmp_path: Path) -> None:
    table = "question;response;total;sex: men;sex: women\n"
    table += "Trust;Yes;62;60;64\n;No;38;40;36\n;Base;n=1,013;500;513\n"
    survey, lines = made(tmp_path, table)
    assert told(lines, "Columns 'sex: men', 'sex: women' kept for groups of people")
    assert survey.questions.loc["trust", "printed_base"] == 1013
    assert survey.responses["printed"].tolist() == ["62", "38"]
    assert survey.groups == [("sex", "men"), ("sex", "women")]
    men = subgroup(survey, "sex", "men")
    assert (
        men.responses["printed"].tolist() == ["60", "40"]
        and men.questions.loc["trust", "printed_base"] == 500
    )
    assert tidy_table(men)["count"].isna().all()


# Invented, in the form of tables that were published.
def test_a_mean_and_its_deviation_in_one_cell_are_two_rows(tmp_path: Path) -> None:
    table = "question,response,Boys,Girls\nClear,Mean (SD),5.22 (0.97),5.16 ± 1.09\n"
    table += ",Positive,350 (94.3),251 (92.6)\n"
    survey, lines = made(tmp_path, table + ",Base,371,271\n")
    assert told(lines, "2 rows read as means") and told(lines, "2 rows read as standard deviations")
    moments = survey.rows[survey.rows["row"].isin(["mean", "sd"])]
    assert moments["printed"].tolist() == ["5.22", "0.97", "5.16", "1.09"]
    assert subgroup(survey, "subgroup", "Boys").responses["count"].tolist() == [350]


def test_average_between_low_and_high_is_an_answer(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, HEAD + "Anxiety,Low,59\nAnxiety,Average,35\nAnxiety,High,6\n")
    assert survey.responses["printed"].tolist() == ["59", "35", "6"]
    assert told(lines, "'Average' read as an answer, not as a mean: 'Anxiety'")
    assert figures(write(tmp_path, HEAD + "Q,Good,60\nQ,Bad,40\nQ,Average,1.4\n")) == ["60", "40"]


def test_a_count_beside_less_than_a_figure(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, HEAD + "Sex,Female,2164 (62.3%)\nSex,Male,1309 (37.7%)\nSex,Other,1 (<1%)\n")
    assert survey.responses["count"].tolist() == [2164, 1309, 1]
    assert survey.responses["statement"].tolist() == ["", "", "below 1"]


def test_a_deviation_may_have_many_names(tmp_path: Path) -> None:
    table = "question,N,Mean,Std. Deviation\nClear,434,4.09,.922\nFair,432,4.19,.807\n"
    survey, lines = made(tmp_path, table)
    assert told(lines, "2 rows read as standard deviations") and survey.responses.empty
    assert survey.questions["printed_base"].tolist() == [434, 432] and survey.notices == ()


def test_a_base_may_name_its_people_and_groups_have_unweighted_ones(tmp_path: Path) -> None:
    table = "question,response,Усі,Чол.,Жін.\nТак чи ні,Так,62,60,64\n,Ні,38,40,36\n"
    survey, _ = made(
        tmp_path, table + ",Weighted sample,1000,480,520\n,Unweighted sample,1003 особи,470,533\n"
    )
    assert survey.questions[["printed_base", "weighted"]].values.tolist() == [[1003, True]]
    bases = [subgroup(survey, by, group).questions["printed_base"].item() for by, group in survey.groups]
    assert bases == [470, 533]


def test_groups_may_stand_in_rows(tmp_path: Path) -> None:
    rows = ["question,response,printed,by,group,base", "Trust,Yes,62,,,1013", ",No,38,,,",
            ",Yes,60,sex,men,500", ",No,40,sex,men,",
            ",Yes,64,sex,women,513", ",No,36,sex,women,", ""]  # fmt: skip
    survey, _ = made(tmp_path, "\n".join(rows))
    assert survey.questions["printed_base"].tolist() == [1013]
    assert survey.groups == [("sex", "men"), ("sex", "women")]
    assert subgroup(survey, "sex", "women").questions["printed_base"].tolist() == [513]


def test_groups_alone_are_enough(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, "question,response,men,women\nTrust,Yes,60,64\n,No,40,36\n")
    assert survey.groups == [("subgroup", "men"), ("subgroup", "women")]
    assert survey.responses.empty
    assert subgroup(survey, "subgroup", "women").responses["printed"].tolist() == ["64", "36"]


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("response,Trust A,Trust B\nYes,60,30\nNo,40,70\nBase,50,20\n", "Each column is a question"),
        ("question,Yes,No,base\nTrust A,60,40,50\nTrust B,30,70,20\n", "Each column is a response"),
        ("question,Yes,No,n\nTrust A,60,40,50\nTrust B,30,70,20\n", "Column 'n' read as bases"),
    ],
)
def test_questions_stand_in_columns_or_in_rows(tmp_path: Path, table: str, lines: str) -> None:
    survey, said = made(tmp_path, table)
    assert told(said, lines)
    assert survey.questions["printed_base"].to_dict() == {"trust_a": 50, "trust_b": 20}
    own = survey.responses.sort_values(["question", "printed"])
    assert own[["question", "response", "printed"]].values.tolist() == [
        ["trust_a", "no", "40"], ["trust_a", "yes", "60"], ["trust_b", "yes", "30"], ["trust_b", "no", "70"],
    ]  # fmt: skip


def test_what_stands_beside_is_kept_and_said(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, "question,response,printed,n,remark\nQ,a,60,12,often\nQ,b,40,8,\n")
    assert survey.responses["count"].tolist() == [12, 8] and told(
        lines, "Column 'n' read as counts of answers"
    )
    assert survey.responses["note"].tolist() == ["remark: often", ""] and told(lines, "kept as remarks")


def test_base_rows_may_be_weighted(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, HEAD + "Q,a,60\nQ,b,40\nQ,Unweighted base,97\nQ,Weighted base,105\n")
    assert survey.questions[["printed_base", "weighted", "note"]].values.tolist() == [
        [97, True, "weighted base 105"]
    ]


def test_a_row_that_sums_up_all_answers_is_none(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, HEAD + "Q,a,60\nQ,b,40\nQ,Total,100\n")
    assert survey.responses["response"].tolist() == ["a", "b"]
    assert told(lines, "The row 'Total' is the sum of all answers and was left out: 'Q'")


MISPRINT = (
    "Question job_title, 'Master professor': no count of 698 prints as 1.5 (10 of 698: 1.4; 11 of 698: 1.6)."
)


@pytest.mark.parametrize(
    ("table", "base", "named"),
    [
        ("riac.csv", None, []),
        ("counts.csv", None, []),
        ("cpg.csv", None, []),
        ("long.csv", None, []),
        ("italy.csv", None, ["Question gender: its figures do not fit the base of 699", MISPRINT]),
        ("cm.csv", None, [MISPRINT, "Question gender: its figures do not fit the base of 699"]),
        ("library.csv", 47, ["and 7 more: their figures do not fit the base of 47 by ordinary rounding"]),
        ("physicians79.csv", None, ["location: the printed figures add up to 103", "location: no counts"]),
        ("five_bases.csv", None, ["Questions q0, q1, q2, q3, q4: the base of their figures is unknown."]),
    ],
)  # fmt: skip
def test_check_names_what_does_not_fit_and_nothing_else(
    tmp_path: Path, table: str, base: int | None, named: list[str]
) -> None:
    survey, _ = made(tmp_path, table, base=base)
    assert len(survey.notices) == len(named)
    for words, notice in zip(named, survey.notices, strict=True):
        assert words in notice


def test_each_percentage_of_one_base_is_judged_alone(tmp_path: Path) -> None:
    """Eight of the eleven percentages are impossible at their base, as scrutiny's own documentation finds."""
    survey, _ = made(tmp_path, "pigs2.csv")
    assert [notice.split(",")[0] for notice in survey.notices] == [f"Question {name}" for name in "abdefgik"]
    assert all("no count of" in notice for notice in survey.notices)


def test_a_count_that_does_not_print_as_its_figure_is_named(tmp_path: Path) -> None:
    figures = {"Freelancer": "70,489", "Private facility": "20,139", "Public facility": "8,58"}
    figures |= {"University professor": "0.1,1", "Master professor": "1.5,8", "Researcher": "0.4,3"}
    rows = [f"Job title,{label},{cells}" for label, cells in figures.items()]
    survey, _ = made(tmp_path, "\n".join(["question,response,printed,count", *rows, ""]), base=698)
    assert survey.notices == ("Question job_title, 'Master professor': 8 of 698 prints as 1.1, not as 1.5.",)


def test_groups_are_checked_by_themselves(tmp_path: Path) -> None:
    table = "question,response,total,sex: women\nTrust,Yes,60,61\n,No,40,39\n,Base,20,10\n"
    survey, _ = made(tmp_path, table)
    assert [notice.split(":")[0] for notice in survey.notices] == [
        "Question trust among women, 'Yes'", "Question trust among women, 'No'",
    ]  # fmt: skip


def test_bases_are_read_out_of_the_headers_of_columns(tmp_path: Path) -> None:
    text = 'question,response,"All (N = 1,210)",North [n=700],"South, n=510"\n'
    text += (
        "Sports?,Often,40,41,38.6\n,Never,60,59,61.4\nVotes?,Left,30,31,29\n,Right,70,69,71\n,Base,990,,\n"
    )
    questions, lines, _ = read_printed_table(write(tmp_path, text))
    assert [(question.base, len(question.answers)) for question in questions] == [(1210, 2), (990, 2)]
    bases = [(row.group, row.figure) for row in questions[0].rows if row.row == "n"]
    assert bases == [("North", "700"), ("South", "510")]
    assert any("'All (1210)', 'North (700)', 'South (510)'" in line for line in lines)


@pytest.mark.parametrize(
    "labels",
    [
        "Ja,Nein,Weiß nicht", "For,Against,Don't know", "Support,Oppose", "Agree,Disagree,Neither",
        "Trust,Do not trust", "Pour,Contre", "A favor,En contra", "За,Против", "Одобряю,Не одобряю",
        "Dafür,Dagegen", "نعم,لا", "Right direction,Wrong track", "Very good,Fairly good,Fairly bad,Very bad",
        "Yes definitely,Yes probably,No probably,No never",
    ],
)  # fmt: skip
def test_answers_that_exclude_each_other_are_never_several_whatever_their_sum(
    tmp_path: Path, labels: str
) -> None:
    several = "Reads?,Papers,70\n,Books,60\nWords?,Strong,70\n,Weak,20\n,Good,50\n,Late,40\n"
    own = labels.split(",")
    rows = [f"{'Happy?' * (not place)},{label},{104 // len(own) + 1}" for place, label in enumerate(own)]
    survey, lines = made(tmp_path, HEAD + "\n".join(rows) + "\n" + several)
    assert survey.questions["kind"].tolist() == ["single", "multiple", "multiple"]
    assert told(lines, "though more than 102 is added up to") and told(lines, "Happy? (10")
    (odd,) = [notice for notice in survey.notices if "beyond what rounding explains: check them" in notice]
    assert odd.startswith("Question happy: the printed figures add up to 10")
    assert survey.questions["total"].tolist()[0] == "closed" and "several options" not in odd


# A person reads these at a glance, as they stand in reports.
BANDED = """,Total (n=1004),Men (n=480),Women (n=524){0}
Trust in courts,,,{0}
Trust,43,44,42{0}
Do not trust,56.5,55,57{0}
DK/NA,<1,1,1{0}
Trust in police,,,{0}
Trust,61,60,62{0}
Do not trust,38,39,37{0}
DK/NA,1,1,1{0}
Note: * less than 0.5%,,,{0}
"""


@pytest.mark.parametrize("title", ["", '"Table 3. Trust in institutions, weighted percentages",,,,\n'])
def test_questions_stand_in_rows_of_their_own(tmp_path: Path, title: str) -> None:
    survey, lines = made(tmp_path, title + BANDED.format("," * bool(title)))
    assert survey.questions["label"].tolist() == ["Trust in courts", "Trust in police"]
    assert survey.questions["printed_base"].tolist() == [1004, 1004]
    assert survey.questions["total"].tolist() == ["closed", "closed"]
    assert survey.questions["weighted"].tolist() == [bool(title)] * 2
    assert survey.responses["printed"].tolist() == ["43", "56.5", "", "61", "38", "1"]
    assert survey.responses["statement"].tolist()[2] == "below 1"
    women = subgroup(survey, "subgroup", "Women")
    assert women.responses["printed"].tolist() == ["42", "57", "1", "62", "37", "1"]
    assert women.questions["printed_base"].tolist() == [524, 524]
    assert told(lines, "is the question of the rows below it: 'Trust in courts', 'Trust in police'")
    assert told(lines, "Kept beside the table: ") and told(lines, "'Note: * less than 0.5%'")
    assert told(lines, "Read as weighted, for beside the table stands") is bool(title)


ROWS = "Trust{0}{0}{0}\nYes{0}60{0}58{0}62\nNo{0}40{0}42{0}38\n".format(",")


@pytest.mark.parametrize(
    "table",
    [
        ",Total,Men,Women\n,n=100,n=50,(N = 50)\n" + ROWS,
        "Item,Total,Men,Women\nBase,100,50,50\n" + ROWS,
        f"question,All,Men,Women\n{ROWS}Base,100,50,50\n",
        f"question,All,Men,Women\nn,100,50,50\n{ROWS}",
        f",,Sex,\n,Total,Men,Women\n{ROWS}Base,100,50,50\n",
        f",Total,Sex,\nQuestion,%,Men,Women\n{ROWS}Base,100,50,50\n",
        "Trust,,,\n,Total (N=100),Men (n=50),Women (n=50)\nYes,60,58,62\nNo,40,42,38\n",
        "question,response,Total %,Total n,Men %,Men n,Women (%)\n"
        "Trust,Yes,60,60,58,29,62\n,No,40,40,42,21,38\n",
        "question;response;Total;Men;Women\n;;%;%;%\nTrust;Yes;60;58;62\n;No;40;42;38\n;n;100;50;50\n",
    ],
)
def test_names_of_columns_may_stand_in_two_rows_and_bases_above(tmp_path: Path, table: str) -> None:
    survey, _ = made(tmp_path, table)
    assert survey.questions[["label", "printed_base"]].values.tolist() == [["Trust", 100]]
    assert survey.responses["printed"].tolist() == ["60", "40"]
    (women,) = [group for group in survey.groups if group[1] == "Women"]
    assert subgroup(survey, *women).responses["printed"].tolist() == ["62", "38"]
    men = subgroup(survey, women[0], "Men")
    counted = "Men n" in table
    assert men.questions["printed_base"].fillna(0).item() == 50 * (not counted)
    assert men.responses["count"].fillna(0).tolist() == ([29, 21] if counted else [0, 0])


def test_means_of_groups_stand_under_two_rows_of_names(tmp_path: Path) -> None:
    table = 'Scale,"Students (n = 31)",,Faculty (n = 17),\n,Mean,SD,Mean,SD\nExhaustion,4.12,1.30,3.35,1.58\n'
    survey, _ = made(tmp_path, table + "Ease,2.90,1.45,1.94,1.25\n")
    assert survey.questions["label"].tolist() == ["Exhaustion", "Ease"] and survey.responses.empty
    faculty = survey.rows[(survey.rows["group"] == "Faculty") & (survey.rows["question"] == "exhaustion")]
    assert survey.notices == (
        "Question exhaustion among Students: no 31 whole-number answers have a mean of 4.12; a score may be "
        "the average of several answers, or fewer people may have answered.",
    )
    printed = dict(zip(faculty["row"], faculty["printed"], strict=True))
    assert printed == {"mean": "3.35", "sd": "1.58", "n": "17"}


def test_counts_with_their_shares_may_be_the_only_column(tmp_path: Path) -> None:
    table = "Characteristic,n (%)\nSex,\n  Female,414 (97.6)\n  Male,10 (2.4)\nUses,\nTools,\nPen,90 (21.2)\n"
    survey, lines = made(tmp_path, table + "Ink,200 (47.2)\n* missing left out,\n")
    assert survey.questions["label"].tolist() == ["Sex", "Tools"]
    assert survey.responses["count"].tolist() == [414, 10, 90, 200]
    assert told(lines, "and they were passed over: 'Uses'") and told(lines, "'* missing left out'")


def test_what_stands_above_groups_is_the_question(tmp_path: Path) -> None:
    title = "¿Con cuál frase está Ud. más de acuerdo? (ponderado),,\n"
    table = title + ",Total (N=19.205),Chile\nDemocracia,48,58\nDa lo mismo,45,37\nNo sabe,7,5\n"
    survey, _ = made(tmp_path, table)
    assert survey.questions[["printed_base", "weighted"]].values.tolist() == [[19205, True]]
    assert survey.questions["label"].str.startswith("¿Con cuál").all()


def test_groups_in_rows_have_names_of_their_own(tmp_path: Path) -> None:
    rows = "question,response,printed,by,group\nTrust,Yes,60,age,18-29\n,No,40,age,18-29\n"
    survey, _ = made(tmp_path, rows)
    assert survey.groups == [("age", "18-29")] and set(survey.rows["note"]) == {""}


def test_a_heading_of_questions_is_no_question(tmp_path: Path) -> None:
    survey, _ = made(tmp_path, "question,Yes,No\nInstitutions,,\nCourts,60,40\nPolice,70,30\n")
    assert survey.questions["label"].tolist() == ["Courts", "Police"]


# Invented, in the form in which packages of statistics and journals print them.
FREQUENCIES = """Trust in courts,,,,
,Frequency,Percent,Valid Percent,Cumulative Percent
Trust,34,42.5,45.9,45.9
Do not trust,40,50.0,54.1,100.0
Missing,6,7.5,,
Total,80,100.0,100.0,
"""


def test_frequencies_of_a_package_are_counts_and_what_sums_them_up_is_a_remark(tmp_path: Path) -> None:
    survey, lines = made(tmp_path, FREQUENCIES)
    assert survey.questions[["label", "printed_base"]].values.tolist() == [["Trust in courts", 80]]
    assert survey.responses[["printed", "count"]].values.tolist() == [["42.5", 34], ["50.0", 40], ["7.5", 6]]
    assert survey.groups == [] and told(lines, "Column 'Frequency' read as counts of answers.")
    assert survey.responses["note"].tolist()[1] == "Valid Percent: 54.1; Cumulative Percent: 100.0"


@pytest.mark.parametrize(
    ("table", "questions", "printed"),
    [
        ("Date,Approve,Disapprove,No view\nJan 2-22,41,54,5\nFeb 1-20,38,59,3\n", ["Jan 2-22", "Feb 1-20"],
         ["41", "54", "5", "38", "59", "3"]),
        ("Statement,Agree,Disagree,Mean (SD)\nClear,30 (73.2),11 (26.8),1.73 (0.45)\n", ["Clear"],
         ["73.2", "26.8", "1.73", "0.45"]),
        ("Item,n,M (SD)\nCourts,41,3.78 (1.08)\n", ["Courts"], ["3.78", "1.08"]),
        ("Problem,%\nPrices,58\nPoverty,41\nNone,2\n", ["Problem"], ["58", "41", "2"]),
        ("Table 5,,,\n,,Sex,\n,Total,Men,Women\n,%,%,%\nTrust,,,\nYes,60,58,62\nNo,40,42,38\n", ["Trust"],
         ["60", "58", "62", "40", "42", "38"]),
    ],
)  # fmt: skip
def test_a_first_column_of_any_name_is_read_by_what_adds_up(
    tmp_path: Path, table: str, questions: list[str], printed: list[str]
) -> None:
    survey, _ = made(tmp_path, table)
    assert survey.questions["label"].tolist() == questions
    assert sorted(survey.rows.loc[survey.rows["row"] != "n", "printed"]) == sorted(printed)
