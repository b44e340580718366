"""Headers of the survey platforms: each of these invented files copies a feature of real exports."""

from pathlib import Path

import pandas as pd
import pytest
from surveyfile.importing import Imported, import_respondents, replay
from surveyfile.platforms import SECOND_HEADER, grow, heading
from surveyfile.record import Settings
from textfiles.problems import Problem


def imported(folder: Path, rows: list[list[str]], **stated: object) -> Imported:
    path = folder / "export.csv"
    pd.DataFrame(rows).to_csv(path, index=False, header=False)
    return import_respondents(path, Settings(**stated))  # type: ignore[arg-type]


def counts(result: Imported) -> dict[str, dict[str, int]]:
    return {q.question: {r.label: r.count for r in q.responses} for q in result.questions}


def wordings(result: Imported) -> dict[str, str]:
    return {q.question: q.items[0].wording for q in result.questions}


# Qualtrics: names, texts, and a row of {"ImportId": ...}; as in the samples of qualtRics and QualtricsTools.

QUALTRICS = [
    ["StartDate", "Status", "ResponseId", "Q1", "Q4"],
    ["Start Date", "Response Type", "Response ID", "Do you favour a customs union?", "How often?"],
    ['{"ImportId":"startDate","timeZone":"UTC"}', '{"ImportId":"status"}', '{"ImportId":"_recordId"}',
     '{"ImportId":"QID1"}', '{"ImportId":"QID4"}'],
    *([f"2026-03-0{1 + i % 9} 10:0{i % 10}:00", "IP Address", f"R_{i}", "Yes" if i % 3 else "No", "Often"
       if i % 2 else "Rarely"] for i in range(60)),
]  # fmt: skip


def test_three_rows_of_qualtrics_are_names_wordings_and_ids(tmp_path: Path) -> None:
    result = imported(tmp_path, QUALTRICS)
    assert result.respondents.rows == 60
    assert counts(result)["q1"] == {"No": 20, "Yes": 40}
    assert wordings(result)["q1"] == "Do you favour a customs union?"
    assert any("Rows of headers by Qualtrics" in line for line in result.warnings)
    again = imported(tmp_path, QUALTRICS, header_rows=3)
    assert again.files["responses.csv"] == result.files["responses.csv"]


def test_qualtrics_ids_alone_are_passed_over(tmp_path: Path) -> None:
    result = imported(tmp_path, [QUALTRICS[0], *QUALTRICS[2:]])  # somebody deleted the row of texts
    assert counts(result)["q1"] == {"No": 20, "Yes": 40}
    assert wordings(result)["q1"] == ""


def test_ids_in_single_quotation_marks_are_known_too(tmp_path: Path) -> None:
    ids = [cell.replace('"', "'") for cell in QUALTRICS[2]]  # as QualtricsTools' samples have them
    assert imported(tmp_path, [*QUALTRICS[:2], ids, *QUALTRICS[3:]]).respondents.rows == 60


def test_ids_below_the_third_row_are_an_answer(tmp_path: Path) -> None:
    found = heading("a.csv", [["q"], ["a"], ["b"], ['{"ImportId":"QID1"}'], ["a"]])
    assert (found.rows, found.notices) == (1, ())


def test_without_the_row_of_ids_a_second_header_is_asked_for_and_taken_when_stated(tmp_path: Path) -> None:
    numbers = [[*row[:3], "1" if row[3] == "Yes" else "2", "3"] for row in QUALTRICS[3:]]
    texts = [*QUALTRICS[:2], *numbers]
    assert SECOND_HEADER in imported(tmp_path, texts).warnings
    told = imported(tmp_path, texts, header_rows=2)
    assert SECOND_HEADER not in told.warnings and told.respondents.rows == 60
    assert wordings(told)["q1"] == "Do you favour a customs union?"
    german = [texts[0], ["Anfangsdatum", "Antworttyp", "Antwort-ID", "Zollunion?", "Wie oft?"], *numbers]
    assert SECOND_HEADER in imported(tmp_path, german).warnings
    assert SECOND_HEADER not in imported(tmp_path, german, header_rows=1).warnings


def test_two_rows_of_an_older_qualtrics(tmp_path: Path) -> None:
    rows = [["V1", "V7", "V10", "Q1"], ["ResponseID", "Status", "Finished", "Do you favour a union?"],
            *([f"R_{i}", "0", str(i % 2), "Yes" if i % 3 else "No"] for i in range(30))]  # fmt: skip
    result = imported(tmp_path, rows)
    assert (counts(result), wordings(result)["q1"]) == (
        {"q1": {"No": 10, "Yes": 20}},
        "Do you favour a union?",
    )
    assert any("--filter 'V10=1'" in line for line in result.warnings)
    own = [["V1", "V2", "V3"], *(["abc"[i % 3], "xy"[i % 2], "12"[i % 2]] for i in range(30))]
    assert imported(tmp_path, own).respondents.rows == 30  # names that anybody gives, and no sign below them


def test_answers_that_merely_look_like_a_header_are_not_asked_for(tmp_path: Path) -> None:
    rows = [["id", "q1", "q2"], *([str(i), "none" if i == 0 else str(i % 3), str(i % 2)] for i in range(9))]
    assert SECOND_HEADER not in imported(tmp_path, rows).warnings  # one column alone is no sign


# SurveyMonkey: a question's options stand in row 2; as in the published Star Wars and religion files.

MONKEY = [
    ["RespondentID", "StartDate", "Which pies are served? Tick all.", "", "", "Satisfied?"],
    ["", "", "Apple", "Pecan", "Other (please specify)", "Response"],
    *([str(9000 + i), f"03/{1 + i % 28:02}/2026", "Apple" if i % 2 else "", "Pecan" if i % 3 == 0 else "",
       "my aunt's plum cake" if i == 7 else "", "Yes" if i % 5 else "No"] for i in range(60)),
]  # fmt: skip


def test_two_rows_of_surveymonkey_become_one_name(tmp_path: Path) -> None:
    result = imported(tmp_path, MONKEY)
    assert result.respondents.rows == 60
    assert list(result.respondents.columns)[2:] == [
        "Which pies are served? Tick all. - Apple",
        "Which pies are served? Tick all. - Pecan",
        "Which pies are served? Tick all. - Other (please specify)",
        "Satisfied?",
    ]
    assert any("Two rows of headers, as SurveyMonkey writes them" in line for line in result.warnings)


@pytest.mark.parametrize(
    "second",
    [
        ["", "", "Apple", "Pecan", "Other", "Bewertung"],  # the word below a plain question is not known
        ["x", "y", "Apple", "Pecan", "Other", "Antwort"],  # the columns of the platform are not empty
        ["x", "y", "Apple", "Pecan", "Other", "Bewertung"],  # the options alone tell
    ],
)
def test_one_sign_may_be_missing(tmp_path: Path, second: list[str]) -> None:
    assert imported(tmp_path, [MONKEY[0], second, *MONKEY[2:]]).respondents.rows == 60


def test_names_by_pandas_are_no_names(tmp_path: Path) -> None:
    named = [name or f"Unnamed: {i}" for i, name in enumerate(MONKEY[0])]
    assert imported(tmp_path, [named, *MONKEY[1:]]).respondents.rows == 60


def test_columns_without_a_name_and_no_second_sign_are_refused_with_the_way_out(tmp_path: Path) -> None:
    ratings = [[*row[:2], str(i % 5), str(i % 4), str(i % 3), row[5]] for i, row in enumerate(MONKEY[2:])]
    rows = [MONKEY[0], ["x", "y", "Apple", "Pecan", "Plum", "Bewertung"], *ratings]
    with pytest.raises(Problem, match="column 4 holds answers and has no name.*with --header-rows 2"):
        imported(tmp_path, rows)
    assert imported(tmp_path, rows, header_rows=2).respondents.rows == 60


def test_rows_of_headers_in_a_workbook(tmp_path: Path) -> None:
    for name, rows in (("q", QUALTRICS), ("m", MONKEY)):
        path = tmp_path / f"{name}.xlsx"
        pd.DataFrame(rows).replace("", None).to_excel(path, index=False, header=False)
        assert import_respondents(path).respondents.rows == 60


def test_more_header_rows_than_rows(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="fewer than 3 rows: correct --header-rows"):
        imported(tmp_path, [["a", "b"], ["1", "2"]], header_rows=3)


def test_a_record_replays_the_rows_of_headers(tmp_path: Path) -> None:
    for rows in (QUALTRICS, MONKEY):
        result = imported(tmp_path, rows)
        for name, text in result.files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        assert replay(tmp_path / "export.csv", tmp_path / "import.json").files == result.files


# Which respondents, and which cells, are counted.

FINISHED = [
    ["Finished", "q"],
    *([str(i % 2 == 0), "NA" if i % 5 == 0 else "ab"[i % 3 == 0]] for i in range(40)),
]


def test_a_filter_counts_some_and_no_answer_of_the_others(tmp_path: Path) -> None:
    rows = [*FINISHED, ["False", "only theirs"]]
    result = imported(tmp_path, rows, filter=(("Finished", "True"),), silent=(("", "NA"),))
    assert result.respondents.rows == 20
    (question,) = [q for q in result.questions if q.question == "q"]
    assert (question.asked, question.answered) == (20, 16)
    assert {r.label for r in question.responses} == {"a", "b"}
    assert "Counted are those with Finished = True: 20 of 41 respondents." in result.decisions
    assert "Read as empty cells: NA." in result.decisions


def test_a_star_lets_any_answer_pass_and_no_silence(tmp_path: Path) -> None:
    rows = [["submitdate", "q"], *(["" if i < 10 else f"2026-03-{i}", "ab"[i % 2]] for i in range(30))]
    assert imported(tmp_path, rows, filter=(("submitdate", "*"),)).respondents.rows == 20


def test_columns_of_limesurvey_are_known_by_their_codes_before_the_text_too(tmp_path: Path) -> None:
    """As the columns of published exports with codes and texts in their headers are called."""
    head = ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "seed. Seed"]
    head += ["interviewtime. Total time", "G01Q01Time. Question time: G01Q01", "leisuretime. Do you rest?"]
    rows = [
        [str(i), "" if i < 9 else f"2026-03-{i}", "3", str(7 * i), "5.1", "2.5", "ab"[i % 2]]
        for i in range(29)
    ]
    result = imported(tmp_path, [head, *rows])
    assert [question.label for question in result.questions] == ["Do you rest?"]
    assert any(
        "--filter 'submitdate. Date submitted=*' counts only these" in line for line in result.warnings
    )
    assert not any("--numeric" in line for line in result.warnings)


def test_a_filter_that_nobody_passes_and_one_by_a_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no respondent with Finished=true"):
        imported(tmp_path, FINISHED, filter=(("Finished", "true"),))
    with pytest.raises(Problem, match="no column 'finished' to filter by.*'Finished'"):
        imported(tmp_path, FINISHED, filter=(("finished", "True"),))


def test_masking_does_not_tell_how_many_were_passed_over(tmp_path: Path) -> None:
    result = imported(tmp_path, FINISHED, filter=(("Finished", "True"),), mask_small=5)
    assert "Counted are those with Finished = True: 20 respondents." in result.decisions
    assert '"rows": 40' not in result.files["import.json"]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ([" id ", "q\u200b1"], ["id", "q1"]),
        (["id", "", " "], ["id", "", ""]),  # unnamed columns are judged by whether they hold answers
        (["Cafe\u0301"], ["Café"]),
        (["2024", "q"], ["2024", "q"]),
    ],
)
def test_column_names_are_tidied(header: list[str], names: list[str]) -> None:
    found = heading("a.csv", [header])
    assert (list(found.names), found.notices, found.rows) == (names, (), 1)


@pytest.mark.parametrize(
    ("header", "names", "said"),
    [
        (["q1", "q1 "], ["q1", "q1_2"], "'q1' occurs 2 times"),
        (["q\u200b1", "q1", "x"], ["q1", "q1_2", "x"], "'q1' occurs 2 times"),
        (["Café", "Cafe\u0301"], ["Café", "Café_2"], "'Café' occurs 2 times"),
        (
            ["a", "a_2", "a", "b", "a", ""],
            ["a", "a_2", "a_3", "b", "a_4", ""],
            "are read as 'a_3' and 'a_4'.",
        ),
    ],
)
def test_names_that_cannot_be_told_apart_are_numbered(header: list[str], names: list[str], said: str) -> None:
    found = heading("a.csv", [header])
    assert list(found.names) == names and said in found.notices[0]


def test_a_row_of_numbers_is_no_row_of_names() -> None:
    with pytest.raises(Problem, match="row 1 holds numbers only"):
        heading("a.csv", [["1", "2,5", "-3e4"]])


@pytest.mark.parametrize(
    ("cells", "last", "grows"),
    [
        (["1", "2", "3"], -1, True),
        (["0", "7", "8"], -1, True),
        (["4", "5"], 3, True),
        (["4", "5"], 4, False),
        (["1", "1"], -1, False),
        (["2", "1"], -1, False),
        (["1", ""], -1, False),
        (["1", "2.0"], -1, False),
        (["-1", "1"], -1, False),
        (["٣"], -1, False),
    ],
)
def test_row_numbers_grow(cells: list[str], last: int, grows: bool) -> None:
    assert grow(cells, last) is grows
