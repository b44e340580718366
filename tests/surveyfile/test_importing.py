"""A respondent-level file becomes a survey folder: the same numbers from every format, and their rows."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from regint.survey.export import _ddi_codebook
from regint.survey.folder import write_survey_folder
from regint.survey.schema import SURVEY
from regint.survey.table import read_survey, tidy_table
from surveyfile.codebook import Item
from surveyfile.columns import Sums
from surveyfile.count import Part, Question, Response
from surveyfile.importing import (
    Imported,
    _question_rows,
    _respondents_metadata,
    _response_rows,
    import_respondents,
    replay,
)
from surveyfile.masking import SMALL, Mask
from surveyfile.record import Settings
from textfiles.problems import Problem

ROWS = 60
FRAME = pd.DataFrame(
    {
        "ID": np.arange(ROWS, dtype=float),
        "TRUST": [1.0, 2.0, 3.0, 4.0, 5.0, np.nan] * 10,
        "VOTE": [1.0, 2.0, 2.0, 9.0] * 15,
        "W": np.tile([0.5, 1.0, 1.5], 20),
    }
)
LABELS = {"VOTE": {1: "Yes", 2: "No", 9: "Refused"}}


def write(folder: Path, suffix: str) -> Path:
    path = folder / f"panel{suffix}"
    if suffix in (".csv", ".tsv"):
        FRAME.to_csv(path, index=False, sep="," if suffix == ".csv" else "\t")
    elif suffix == ".xlsx":
        FRAME.to_excel(path, index=False)
    elif suffix == ".parquet":
        FRAME.to_parquet(path)
    elif suffix in (".sav", ".zsav"):
        pyreadstat.write_sav(FRAME, path, compress=suffix == ".zsav", variable_value_labels=LABELS)
    elif suffix == ".dta":
        pyreadstat.write_dta(FRAME, path, variable_value_labels=LABELS)
    elif suffix == ".por":
        pyreadstat.write_por(FRAME, path)
    else:
        pyreadstat.write_xport(FRAME, path)
    return path


@pytest.mark.parametrize(
    "suffix", [".csv", ".tsv", ".xlsx", ".parquet", ".sav", ".zsav", ".dta", ".por", ".xpt"]
)
def test_every_format_gives_the_same_numbers(suffix: str, tmp_path: Path) -> None:
    imported = import_respondents(write(tmp_path, suffix), Settings(weight="W", missing=(("VOTE", "9"),)))
    trust, vote = imported.questions
    assert (trust.asked, trust.answered) == (60, 50)
    assert [r.codes[0][1] for r in trust.responses] == ["1", "2", "3", "4", "5"]
    assert [r.count for r in trust.responses] == [10] * 5
    assert [(r.count, r.substantive) for r in vote.responses] == [(15, True), (30, True), (15, False)]
    weights = FRAME["W"].to_numpy()
    for response, code in zip(vote.responses, (1, 2, 9), strict=True):
        assert vote.share(response) == pytest.approx(weights[FRAME["VOTE"] == code].sum() / weights.sum())
    assert vote.effective_base == pytest.approx(weights.sum() ** 2 / (weights**2).sum())


def panel(folder: Path, **settings: object) -> Imported:
    return import_respondents(write(folder, ".csv"), Settings(**settings))  # type: ignore[arg-type]


def test_without_a_stated_weight_there_are_no_weighted_columns(tmp_path: Path) -> None:
    files = panel(tmp_path).files
    assert "weighted" not in files["responses.csv"] and "effective" not in files["questions.csv"]
    assert "weight" not in json.loads(files["survey.json"])


def test_bases_and_shares_are_counted(tmp_path: Path) -> None:
    write_survey_folder(tmp_path / "out", panel(tmp_path).files)
    survey = read_survey(tmp_path / "out")
    for base, denominator in (("printed", 50), ("answered", 50), ("asked", 60)):
        table = tidy_table(survey, base=base)
        own = table[table["question"] == "trust"]
        assert own["share"].tolist() == [10 / denominator] * 5
        assert own["base_status"].tolist() == ["counted"] * 5
    assert survey.notices == ()


def test_masked_counts_come_back_as_ranges(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    answers = ["A"] * 3 + ["B"] * 9 + ["C"] * 30
    path.write_text("id,q\n" + "".join(f"{i},{a}\n" for i, a in enumerate(answers)), encoding="utf-8")
    imported = import_respondents(path, Settings(mask_small=5))
    write_survey_folder(tmp_path / "out", imported.files)
    table = tidy_table(read_survey(tmp_path / "out")).set_index("label")
    assert table["count"].isna().tolist() == [True, False, True]
    assert table["share"].isna().tolist() == [True, False, True]
    everything = "".join(imported.files.values())
    assert ",3," not in everything.replace("code", "") or "hidden" in everything
    assert not any("may be recognised" in line for line in imported.warnings)


def few_silent(folder: Path, **stated: object) -> Imported:
    """Fifty respondents, two of whom left one question open; another question has two respondents in all."""
    rows = "".join(
        f"{i},{'' if i in (7, 9) else 'ABC'[i % 3]},{'XY'[i % 2] if i < 4 else ''},{1 + i % 2}\n"
        for i in range(50)
    )
    (folder / "silent.csv").write_text("id,q,few,w\n" + rows, encoding="utf-8")
    return import_respondents(folder / "silent.csv", Settings(**stated))  # type: ignore[arg-type]


def test_few_silent_respondents_are_hidden_with_all_that_would_count_them(tmp_path: Path) -> None:
    imported = few_silent(tmp_path, mask_small=5, weight="w")
    write_survey_folder(tmp_path / "out", imported.files)
    survey = read_survey(tmp_path / "out")
    (question,) = survey.questions.to_dict("records")
    assert (question["asked"], question["printed_base"], question["total"]) == (50, 50, "open")
    assert pd.isna(question["answered"])
    assert pd.isna(question["effective_base"])
    shown = survey.responses.dropna(subset="count")
    assert len(shown) == 2
    assert shown["weighted_share"].isna().all()
    assert shown["se"].isna().all()
    assert tidy_table(survey, base="asked")["share"].notna().sum() == 2
    assert "48" not in "".join(text for name, text in imported.files.items() if name != "import.json")
    assert "'few': too few respondents to be masked" in imported.files["import.json"]
    assert 'type="vald"' not in _ddi_codebook(survey)


def test_few_silent_respondents_are_warned_about(tmp_path: Path) -> None:
    assert any("left unanswered by 1 to 4 respondents (q)" in line for line in few_silent(tmp_path).warnings)


def test_small_cells_are_warned_about_by_default(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("id,q\n1,A\n2,B\n3,A\n", encoding="utf-8")
    (warning,) = import_respondents(path).warnings
    assert "may be recognised: hide such counts with --mask-small 5" in warning


def test_two_rows_of_one_table_share_their_points(tmp_path: Path) -> None:
    points = ["Agree", "Disagree", "Strongly agree", "Strongly disagree"]
    rows = "".join(f"{points[i % 4]},{points[i % 3]}\n" for i in range(30))
    (tmp_path / "two.csv").write_text("Trust [Police],Trust [Courts]\n" + rows, encoding="utf-8")
    written = import_respondents(tmp_path / "two.csv").files["responses.csv"]
    assert "trust_courts,strongly_disagree,Strongly disagree,1,,,true,0," in written


def test_the_record_tells_how_a_file_was_read_but_not_why(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_bytes("q;w\nyés;1,5\nno;2\n".encode("cp1252"))
    imported = import_respondents(tmp_path / "few.csv", Settings(weight="w"))
    assert json.loads(imported.files["import.json"])["reading"] == {
        "kind": "delimited text", "encoding": "cp1252", "delimiter": "semicolon", "header_rows": 1,
        "rows": 2, "columns": 2,
    }  # fmt: skip


def test_replay_needs_the_same_file(tmp_path: Path) -> None:
    write_survey_folder(tmp_path / "out", panel(tmp_path, weight="W").files)
    assert (
        replay(tmp_path / "panel.csv", tmp_path / "out" / "import.json").files
        == panel(tmp_path, weight="W").files
    )
    with (tmp_path / "panel.csv").open("a", encoding="utf-8") as stream:
        stream.write("99,1,1,1\n")
    with pytest.raises(Problem, match="is not the file that import.json describes"):
        replay(tmp_path / "panel.csv", tmp_path / "out" / "import.json")


def test_a_codebook_chooses_the_columns_that_are_read(tmp_path: Path) -> None:
    (tmp_path / "codebook.csv").write_text("column,kind\nVOTE,single\n", encoding="utf-8")
    imported = import_respondents(write(tmp_path, ".csv"), None, tmp_path / "codebook.csv")
    assert list(imported.respondents.columns) == ["VOTE"]
    assert imported.respondents.skipped == ("ID", "TRUST", "W")


def test_the_written_codebook_can_be_corrected_and_used(tmp_path: Path) -> None:
    first = panel(tmp_path)
    corrected = first.files["codebook.csv"].replace(",9,code_9,9,,answer", ",9,refused,Refused,,missing")
    (tmp_path / "codebook.csv").write_text(corrected, encoding="utf-8")
    second = import_respondents(tmp_path / "panel.csv", None, tmp_path / "codebook.csv")
    vote = next(question for question in second.questions if question.question == "vote")
    assert [(r.label, r.substantive) for r in vote.responses] == [
        ("1", True),
        ("2", True),
        ("Refused", False),
    ]


def test_a_weight_stated_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "codebook.csv").write_text("column,role\nVOTE,question\nW,weight\n", encoding="utf-8")
    with pytest.raises(Problem, match="the weight is stated twice"):
        import_respondents(write(tmp_path, ".csv"), Settings(weight="ID"), tmp_path / "codebook.csv")


def test_one_respondent(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("a,b\nyes,\n", encoding="utf-8")
    (question,) = import_respondents(tmp_path / "one.csv").questions
    assert (question.asked, question.answered, question.responses[0].count) == (1, 1, 1)


def question(*counts: int, kind: str = "single", asked: int = 100) -> Question:
    responses = tuple(
        Response(f"r{i}", f"R{i}", "", True, Sums(n), (("Q 1", str(i)),)) for i, n in enumerate(counts)
    )
    answered = max(counts, default=0) if kind == "multiple" else sum(counts)
    item = Item("Q 1", question="q", kind=kind, label="Q?")
    return Question("q", kind, "Q?", (item,), asked, asked, Sums(answered), responses)


NOTHING = {"q": Mask()}


@pytest.mark.parametrize(
    ("kind", "scale", "total"),
    [
        ("rating", "ordered", "closed"),
        ("single", "unordered", "closed"),
        ("multiple", "unordered", "multiple"),
    ],
)
def test_the_kind_decides_scale_and_total(kind: str, scale: str, total: str) -> None:
    _, (row,) = _question_rows([question(3, 4, kind=kind)], NOTHING, Settings())
    assert (row["scale"], row["total"], row["base_status"]) == (scale, total, "counted")


def test_weighted_columns_stand_only_where_a_weight_was_stated() -> None:
    for weight in ("", "w"):
        asked, stated = question(3), Settings(weight=weight)
        assert ("effective_base" in _question_rows([asked], NOTHING, stated)[0]) is bool(weight)
        assert ("weighted_share" in _response_rows([Part(asked)], stated)[0]) is bool(weight)


def test_a_response_names_its_columns_and_codes() -> None:
    codes = tuple((f"v{i}", "1") for i in range(5))
    responses = (Response("a", "A", "", True, Sums(9), codes), Response("b", "B", "", True, Sums()))
    items = tuple(Item(f"v{i}", question="q", kind="multiple", label="Q") for i in range(9))
    made = Question("q", "multiple", "Q", items, 9, 9, Sums(9), responses)
    (row,) = _question_rows([made], NOTHING, Settings())[1]
    assert row["locator"] == "columns v0, v1, v2, v3, v4, v5 and 3 more"
    assert [row["locator"] for row in _response_rows([Part(made)], Settings())[1]] == [
        "v0 = 1; v1 = 1; v2 = 1; and 2 more", "not given by anyone",
    ]  # fmt: skip


def test_nothing_is_hidden_unless_asked_for() -> None:
    rows = _response_rows([Part(question(1, 2))], Settings())[1]
    assert [row["count"] for row in rows] == ["1", "2"]
    assert SMALL == 5


def test_what_the_file_does_not_tell_is_left_open() -> None:
    content = _respondents_metadata("../Ünïcode panel.csv", 40, "", None, 0)
    assert [item["item"] for item in content["disclosure"]] == SURVEY["disclosure"]
    told = {item["item"]: item["status"] for item in content["disclosure"] if item["status"]}
    assert told == {"Sample sizes and precision": "partial"}
    assert content["id"] == "unicode_panel" and "weight" not in content and "masking" not in content


def test_weights_and_masking_are_told() -> None:
    content = _respondents_metadata("a.csv", 40, "My survey", {"weight": "w", "strata": "s"}, 5)
    note = {item["item"]: item["note"] for item in content["disclosure"]}["Weighting"]
    assert "weight w, strata s" in note
    assert (content["title"], content["masking"]["below"]) == ("My survey", 5)


def test_the_record_of_a_masked_import_gives_no_hidden_count_back(tmp_path: Path) -> None:
    path = tmp_path / "ill.csv"
    answers = ["none"] * 83 + ["asthma"] * 15 + ["HIV"] * 2
    path.write_text(
        "party,ill\n" + "".join(f"{'AB'[i % 2]},{a}\n" for i, a in enumerate(answers)), encoding="utf-8"
    )
    imported = import_respondents(path, Settings(mask_small=5))
    text = imported.files["import.json"]
    assert json.loads(text)["file"] == {"name": "ill.csv"}
    # The attacker tries every count of the hidden answer: the size of the file would leave one.
    sizes = {len("party,ill\n") + 100 * 3 + 6 * 15 + 4 * (85 - h) + 3 * h: h for h in range(1, 5)}
    assert sizes[path.stat().st_size] == 2
    everything = "".join(imported.files.values())
    assert str(path.stat().st_size) not in everything
    assert hashlib.sha256(path.read_bytes()).hexdigest() not in everything
    assert any("Masking does not cover" in line for line in imported.decisions)
    write_survey_folder(tmp_path / "out", imported.files)
    again = replay(path, tmp_path / "out" / "import.json")
    assert again.files == imported.files
    assert "nothing proves that ill.csv is the same file" in again.warnings[0]


def test_a_masked_import_does_not_tell_how_many_weights_are_zero(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text(
        "q,w\n" + "".join(f"{'AB'[i % 2]},{min(i, 3) / 3}\n" for i in range(60)), encoding="utf-8"
    )
    shown = import_respondents(path, Settings(weight="w")).decisions
    masked = import_respondents(path, Settings(weight="w", mask_small=5)).decisions
    assert any("1 of them are zero" in line for line in shown)
    assert not any("are zero" in line for line in masked)


def test_a_masked_folder_holds_nothing_of_what_was_left_out(tmp_path: Path) -> None:
    # A prize draw's addresses, a comment, a question that three answered, and one that says another again.
    lines = ["satisfied,email,comment,rare,again"]
    for i in range(40):
        email = f"ana{i}@example.org" if i < 5 else ""
        answer = "Yes" if i % 2 else "No"
        lines.append(f"{answer},{email},{'my boss' if i == 7 else ''},{'PQP'[i] if i < 3 else ''},{answer}X")
    (tmp_path / "prize.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    imported = import_respondents(tmp_path / "prize.csv", Settings(mask_small=5))
    everything = "".join(imported.files.values())
    assert [question.question for question in imported.questions][0] == "satisfied"
    assert not [word for word in ("ana0", "boss", ",P,", ",Q,", "sha256", "bytes") if word in everything]


def test_what_is_stated_about_columns_is_replayed(tmp_path: Path) -> None:
    rows = [["tools", "mood", "note", "w_1", "w_2", "done"]]
    for i in range(60):
        tools = ("a/b", "a", "b", "c/a", "b/c")[i % 5]
        rows.append(
            [
                tools,
                ("low", "so-so", "high")[i % 3],
                f"text {i}",
                str(i % 2),
                str(i % 3 // 2),
                "TF"[i % 4 == 0],
            ]
        )
    path = tmp_path / "stated.csv"
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(path, index=False)
    settings = Settings(
        multiple=("tools=/", "w"),
        rating=("mood=low < so-so < high",),
        skip=("note",),
        filter=(("done", "T"),),
    )
    imported = import_respondents(path, settings)
    kinds = {question.question: (question.kind, question.asked) for question in imported.questions}
    assert kinds == {"tools": ("multiple", 45), "mood": ("rating", 45), "w": ("multiple", 45)}
    (tmp_path / "out").mkdir()
    for name, text in imported.files.items():
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    assert replay(path, tmp_path / "out" / "import.json").files == imported.files


def test_a_mask_that_leaves_nothing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("q\n" + "yes\nno\n" * 20, encoding="utf-8")
    said = "--mask-small 50 leaves nothing of the questions of few.csv, which has 40"
    with pytest.raises(Problem, match=f"{said} respondents: state a smaller number, from 3, or import more"):
        import_respondents(path, Settings(mask_small=50))
    path.write_text("q,p\nyes,a\nno,b\n", encoding="utf-8")
    with pytest.raises(Problem, match="which has 2 respondents: import more respondents"):
        import_respondents(path, Settings(mask_small=3))


def test_groups_of_which_none_can_be_shown_are_told(tmp_path: Path) -> None:
    people = [
        f"{'abc'[n % 3] * (n < 9)},{'north' if n % 2 else 'south'},{'often' if n % 7 < 3 else 'never'}"
        for n in range(60)
    ]
    (tmp_path / "p.csv").write_text("\n".join(["team,region,trust", *people, ""]), encoding="utf-8")
    by = (("team",), ("region",))
    masked = import_respondents(tmp_path / "p.csv", Settings(by=by, mask_small=5))
    said = "No groups by team are shown: any number of theirs would tell a count from 1 to 4."
    assert said in masked.warnings
    assert json.loads(masked.files["survey.json"])["masking"]["rule"].endswith(f"did not. {said}")
    assert ",region,north" in masked.files["responses.csv"] and ",team," not in masked.files["responses.csv"]
    whole = import_respondents(tmp_path / "p.csv", Settings(by=by))
    assert "are shown" not in " ".join(whole.warnings)
