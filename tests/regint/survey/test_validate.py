"""Cells against a schema, tables against each other, survey.json: what is refused, and with which repair."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.survey.claim_language import names_of
from regint.survey.csv_text import Sheet
from regint.survey.schema import EXAMPLE_NOTE, TABLES
from regint.survey.validate import (
    check_claims,
    check_links,
    check_printed,
    check_questions,
    check_sheet,
    findings,
    moment_findings,
    read_metadata,
    source_keys,
    typed_frame,
)

SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "description": "Identifier", "constraints": {"required": True}},
        {"name": "base", "type": "integer", "description": "Base", "constraints": {"minimum": 1}},
        {"name": "score", "type": "number", "description": "Score"},
        {"name": "real", "type": "boolean", "description": "Real"},
        {
            "name": "figure",
            "type": "string",
            "description": "Figure",
            "constraints": {"pattern": "[a-z0-9.]+"},
        },
    ],
    "primaryKey": ["id"],
}


def one_row(**cells: str) -> Sheet:
    blank = {"id": "a", "base": "", "score": "", "real": "", "figure": ""}
    return Sheet("t.csv", rows=[(2, {**blank, **cells})])


def test_types_of_a_clean_sheet() -> None:
    clean = one_row(base="50", score="-1.5", real="true", figure="40.0")
    check_sheet(clean, SCHEMA)
    assert clean.problems == [] and clean.bad_rows == set()
    frame = typed_frame(clean, SCHEMA)
    assert frame.loc[0].to_list() == ["a", 50, -1.5, True, "40.0"]


def test_empty_cells_are_missing_or_empty_text() -> None:
    frame = typed_frame(one_row(), SCHEMA)
    assert frame["base"].isna().all() and frame["score"].isna().all()
    assert frame.loc[0, "figure"] == ""
    assert typed_frame(Sheet("t.csv"), SCHEMA).dtypes["base"] == pd.Int64Dtype()


@pytest.mark.parametrize(
    ("cells", "allowed"),
    [
        ({"id": ""}, "allowed: identifier; fill the cell"),
        ({"base": "0"}, "a whole number at least 1"),
        ({"base": "+5"}, "a whole number in digits"),
        ({"base": "5 0"}, "a whole number in digits"),
        ({"base": "１０"}, "a whole number in digits"),
        ({"score": "1,5"}, "a number with a decimal point"),
        ({"score": "inf"}, "a number with a decimal point"),
        ({"score": "nan"}, "a number with a decimal point"),
        ({"real": "TRUE"}, "write 'true' if that is meant"),
        ({"figure": "4L"}, "write '4l'"),
    ],
)
def test_bad_cells(cells: dict[str, str], allowed: str) -> None:
    bad = one_row(**cells)
    check_sheet(bad, SCHEMA)
    assert len(bad.problems) == 1 and allowed in bad.problems[0]
    assert bad.bad_rows == {2}


@pytest.mark.parametrize(
    ("kind", "printed", "repair"),
    [
        ("", "4l", "write 41"),
        ("", "about 40", "as the source does"),
        ("", "*", 'say in survey.json what the sign means, such as "legend": {"*": "silent"}'),
        ("net", "105", "cannot exceed 100"),
        ("n", "1,013", "write digits only"),
        ("mean", "3,57", "with a point for decimals"),
        ("mean", "-0.57", ""),
        ("mean", "357", ""),
        ("n", "1013", ""),
        ("", "<1", ""),
        ("", "<0.5%", ""),
        ("net", "–", ""),
    ],
)
def test_what_may_be_printed_in_a_row(kind: str, printed: str, repair: str) -> None:
    sheet = Sheet("r.csv", rows=[(2, {"printed": printed, "row": kind})])
    check_printed(sheet, {"–": "none"})
    assert len(sheet.problems) == bool(repair) and repair in "".join(sheet.problems)
    assert sheet.bad_rows == ({2} if repair else set())


def test_a_cell_is_named_by_file_row_and_column() -> None:
    refused = Sheet("q.csv")
    refused.refuse(7, "kind", "ratng", "rating, single", "choose one")
    assert refused.problems == [
        "q.csv, row 7, column kind: value 'ratng'; allowed: rating, single; choose one."
    ]


def test_duplicate_keys_name_both_rows() -> None:
    twice = Sheet("t.csv", rows=[*one_row().rows, (7, one_row().rows[0][1])])
    check_sheet(twice, SCHEMA)
    (problem,) = twice.problems
    assert problem.startswith(
        "t.csv, row 7, column id: value 'a'; allowed: each only once; row 2 has it already"
    )


GOOD = {
    "id": "mine", "title": "T", "organiser": "", "fieldwork": {"start": "", "end": ""}, "population": "",
    "size_statement": "", "sources": [{"source": "report", "title": "R"}], "licence": "",
}  # fmt: skip


def problems(tmp_path: Path, content: object) -> list[str]:
    (tmp_path / "survey.json").write_text(json.dumps(content), encoding="utf-8")
    return read_metadata(tmp_path)[1]


def test_a_short_description_is_enough(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []
    assert source_keys(GOOD) == {"report"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": "My Survey"}, "the id 'My Survey' must be small Latin letters"),
        ({"title": None}, "the value of 'title' must be text"),
        ({"fieldwork": "June"}, "'fieldwork' must hold start and end"),
        ({"sources": "report"}, "'sources' must be a list"),
        ({"sources": [{"source": "report"}]}, "entry 1 of 'sources' lacks the text 'title'"),
        ({"sources": ["report"]}, "entry 1 of 'sources' lacks the text 'source'"),
        ({"disclosure": [{"item": "Dates", "status": "none"}]}, "allowed: reported, partial, missing"),
        ({"disclosure": {}}, "'disclosure' must be a list"),
    ],
)
def test_problems_are_sentences(tmp_path: Path, change: dict[str, object], sentence: str) -> None:
    assert any(sentence in problem for problem in problems(tmp_path, {**GOOD, **change}))


def test_items_that_nobody_looked_up_are_no_verdict_on_the_report(tmp_path: Path) -> None:
    items = [{"item": "Dates", "status": ""}, {"item": "Mode", "status": "missing"}]
    assert problems(tmp_path, {**GOOD, "disclosure": items}) == []
    assert read_metadata(tmp_path)[1] == []


def test_all_missing_keys_are_named(tmp_path: Path) -> None:
    assert len(problems(tmp_path, {})) == len(GOOD)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}", b"nul", b'{"id": NaN}', b"[" * 10_000])
def test_what_is_no_description(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "survey.json").write_bytes(content)
    assert read_metadata(tmp_path)[1]


def sheet(table: str, *rows: dict[str, str], **defaults: str) -> Sheet:
    names = [field["name"] for field in TABLES[table]["fields"]]
    cells = [(i, {**dict.fromkeys(names, ""), **defaults, **row}) for i, row in enumerate(rows, start=2)]
    return Sheet(f"{table}.csv", names, cells)


def sheets(
    questions: list[dict], responses: list[dict], claims: list[dict] | None = None
) -> dict[str, Sheet]:
    return {
        "questions": sheet("questions", *questions, question="q", kind="single", total="open", source="s"),
        "responses": sheet(
            "responses", *responses, question="q", response="a", substantive="true", source="s"
        ),
        "claims": sheet("claims", *(claims or []), questions="q", source="s"),
    }


def linked(tables: dict[str, Sheet], sources: frozenset[str] = frozenset({"s"})) -> list[str]:
    before = [list(table.problems) for table in tables.values()]
    check_links(tables, set(sources))
    return [
        problem
        for table, known in zip(tables.values(), before, strict=True)
        for problem in table.problems[len(known) :]
    ]


def checked(questions: list[dict], responses: list[dict]) -> list[str]:
    tables = sheets(questions, responses)
    check_questions(tables["questions"], tables["responses"])
    return tables["questions"].problems + tables["responses"].problems


def test_what_belongs_together_raises_nothing() -> None:
    assert linked(sheets([{}], [{}], [{}])) == []
    assert (
        checked([{"printed_base": "10", "base_status": "reported"}], [{"count": "10"}, {"label": "b"}]) == []
    )


def test_names_without_a_partner_are_named_in_both_directions() -> None:
    problems = linked(
        sheets([{}, {"question": "lonely"}], [{}, {"question": "gone"}], [{"questions": "q lost"}])
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "questions.csv, row 3, column question",
        "responses.csv, row 3, column question",
        "claims.csv, row 2, column questions",
    ]


def test_what_may_stand_in_an_unreadable_row_is_not_called_missing() -> None:
    tables = sheets([{"question": "other"}], [{}])
    tables["questions"].torn = {"q", "single"}
    tables["responses"].problems.append("responses.csv, row 9: 12 cells where the header has 11.")
    assert linked(tables) == []


def test_sources_are_checked_only_where_they_are_known() -> None:
    tables = sheets([{}], [{"source": "reprot"}])
    assert "write 'report' if that is meant" in linked(tables, frozenset({"report", "s"}))[0]
    assert linked(tables, frozenset()) == []


@pytest.mark.parametrize(
    ("question", "responses", "sentence"),
    [
        ({"printed_base": "10"}, [{}], "say how the base is known"),
        ({"asked": "10"}, [{}], "say how the base is known"),
        ({"asked": "5", "answered": "6", "base_status": "reported"}, [{}], "at most asked, 5"),
        ({"printed_base": "3", "base_status": "counted"}, [{"count": "4"}], "at most printed_base, 3"),
        ({"kind": "rating"}, [{"label": "a"}], "a number for each point of a rating"),
        ({}, [{"score": "2", "label": "a"}, {"score": "2", "label": "b"}], "more than 2"),
        ({}, [{"score": "2", "label": "a"}, {"score": "-1", "label": "b"}], "more than 2"),
        ({}, [{"label": "Yes"}, {"label": "YES "}], "a label unlike that of row 2"),
        ({}, [{"label": "Ｙes"}, {"label": "Y\u200des"}], "a label unlike that of row 2"),
        ({}, [{"printed": "0.6", "label": "a"}, {"printed": "0.4", "label": "b"}], "per cent, not fractions"),
    ],
)
def test_cells_that_quarrel_are_one_sentence(question: dict, responses: list[dict], sentence: str) -> None:
    (problem,) = checked([question], responses)
    assert sentence in problem


@pytest.mark.parametrize(
    ("question", "responses"),
    [
        ({"kind": "rating"}, [{"score": "1", "label": "a"}, {"substantive": "false", "label": "dk"}]),
        ({}, [{"score": "1", "label": "a"}, {"score": "1.5", "label": "b"}]),
        ({}, [{"printed": "1", "label": "a"}]),  # one per cent, alone
        (
            {},
            [{"printed": "0.3", "label": "a"}, {"printed": "0.1", "label": "b"}],
        ),  # tiny shares, not fractions
        ({"printed_base": "3", "base_status": "counted"}, [{"count": "0"}, {"count": "3", "label": "b"}]),
        ({"asked": "5", "answered": "5", "base_status": "reported"}, [{}]),
    ],
)
def test_odd_but_sound_rows_pass(question: dict, responses: list[dict]) -> None:
    assert checked([question], responses) == []


def test_a_question_with_an_unreadable_row_is_left_alone() -> None:
    tables = sheets([{"printed_base": "3", "base_status": "counted"}], [{"count": "4"}])
    tables["responses"].bad_rows.add(2)
    check_questions(tables["questions"], tables["responses"])
    assert tables["questions"].problems == tables["responses"].problems == []


def tried(predicate: str, questions: str = "q") -> list[str]:
    survey = pd.DataFrame(
        {"question": ["q", "q", "p"], "response": ["a", "b", "c"], "score": [1.0, 2.0, None]}
    )
    names = names_of(pd.DataFrame({"total": ["open", "open"]}, index=["q", "p"]), survey)
    claims = Sheet("claims.csv", rows=[(2, {"predicate": predicate, "questions": questions})])
    check_claims(claims, names)
    return claims.problems


def test_claims_are_read_and_speak_of_the_questions_they_name() -> None:
    assert tried("") == tried("share(q, a) > 1/2") == tried("share(q, 1..2) > share(p, c)", "q p") == []
    assert "every question of the predicate, so p too" in tried("share(q, a) > share(p, c)")[0]
    assert tried("share(q, z) > 1/2")[0].startswith("claims.csv, row 2, column predicate: ")


def found(
    figures: list[str], base: object, total: str = "closed", note: str = "", status: str = "reported",
    counts: list[int] | None = None,
) -> list[str]:  # fmt: skip
    bases = pd.array([base], dtype="Int64")
    questions = pd.DataFrame(
        {"total": [total], "printed_base": bases, "note": [note], "base_status": status, "weighted": False},
        index=["q"],
    )
    names = [f"r{place}" for place in range(len(figures))]
    responses = pd.DataFrame({"question": "q", "response": names, "label": names, "printed": figures})
    known = pd.array(counts or [None] * len(figures), dtype="Int64")
    return findings(questions, responses.assign(statement="", count=known))


@pytest.mark.parametrize(
    ("figures", "base", "total", "words"),
    [
        (["60", "40"], 10, "closed", []),
        (
            ["61", "39"],
            10,
            "closed",
            ["'r0': no count of 10 prints as 61 (6 of 10: 60; 7 of 10: 70)", "as 39"],
        ),
        (
            ["33", "33", "34"],
            3,
            "closed",
            ["by ordinary rounding; they would if they were made to add up to 100."],
        ),
        (
            ["55.0", "45.0"],
            699,
            "closed",
            ["they would if they were made to add up to 100, or if whole numbers"],
        ),
        (
            ["0", "6", "10", "42", "40"],
            47,
            "open",
            ["do not fit the base of 47 by ordinary rounding; they would"],
        ),
        (["42"], 47, "multiple", ["no count of 47 prints as 42"]),
        (["60", "60"], 10, "open", ["add up to 120", "no counts out of 10 round to these figures together"]),
        (["60", "60"], pd.NA, "closed", ["add up to 120", "the base of its figures is unknown"]),
        (["60", "60"], 10, "multiple", []),
        (["33.4", "33.4", "33.4"], pd.NA, "closed", ["add up to 100.2", "unknown"]),
        (["33.4", "33.3", "33.4"], pd.NA, "closed", ["unknown"]),  # a tenth too much is rounding
        (["", ""], pd.NA, "open", []),
        (["100"], 1, "closed", []),
        (["0", "100"], 1, "closed", []),
    ],
)
def test_odd_figures_are_findings(figures: list[str], base: object, total: str, words: list[str]) -> None:
    sentences = found(figures, base, total)
    assert len(sentences) == len(words)
    assert all(word in sentence for word, sentence in zip(words, sentences, strict=True))


def test_a_count_is_held_against_the_figure_beside_it() -> None:
    assert found(["47", "53"], 79, counts=[37, 42]) == []
    assert found(["47", "53"], 79, "open", counts=[35, 42]) == [
        "Question q, 'r0': 35 of 79 prints as 44, not as 47."
    ]
    assert found(["1.5"], 698, "open", counts=[8]) == [
        "Question q, 'r0': 8 of 698 prints as 1.1, not as 1.5."
    ]
    assert found(["47", ""], 79, counts=[37, 41]) == [
        "Question q: its counts add up to 78, not to the base of 79."
    ]


def test_a_base_that_was_inferred_is_no_yardstick() -> None:
    assert found(["61", "39"], 10, status="inferred") == [
        "Question q: no counts out of 10 round to these figures together."
    ]


def test_many_questions_without_a_base_are_one_sentence() -> None:
    names = [f"q{place}" for place in range(9)]
    questions = pd.DataFrame({"total": "closed", "printed_base": pd.NA, "weighted": False}, index=names)
    responses = pd.DataFrame(
        {"question": names, "response": "a", "printed": "100", "statement": "", "count": pd.NA}
    )
    assert findings(questions, responses) == [
        "Questions q0, q1, q2, q3, q4 and 4 more: the base of their figures is unknown."
    ]


@pytest.mark.parametrize(
    ("n", "mean", "sd", "said"),
    [
        # The squares of 17 answers that add up to 67 have no sum that prints as 1.19: test_printed_table.py.
        (
            17,
            "3.94",
            "1.19",
            "no 17 whole-number answers have a mean of 3.94 and a standard deviation of 1.19;",
        ),
        (17, "3.94", "1.20", ""),
        (17, "3.93", "1.19", "17 whole-number answers have a mean of 3.93;"),
    ],
)
def test_a_mean_and_a_deviation_are_held_against_the_number_of_answers(
    n: int, mean: str, sd: str, said: str
) -> None:
    about = {"base_status": "printed", "answered": pd.NA, "printed_base": n, "weighted": False}
    questions = pd.DataFrame([about], index=["q"])
    rows = pd.DataFrame({"row": ["mean", "sd"], "printed": [mean, sd]})
    rows = rows.assign(question="q", by="", group="", substantive=True)
    sentences = moment_findings(questions, rows)
    assert len(sentences) == bool(said) and all(said in sentence for sentence in sentences)


def test_an_example_left_in_the_folder_is_a_finding() -> None:
    assert "an invented example" in found(["60", "40"], 10, note=EXAMPLE_NOTE)[0]


@given(st.integers(1, 60), st.data())
def test_figures_that_were_rounded_from_counts_are_never_odd(base: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, base))
    figures = [f"{100 * n / base:.1f}".removesuffix(".0") if n in (0, base) else f"{100 * n / base:.1f}"
               for n in (first, base - first)]  # fmt: skip
    assert found(figures, base) == []
