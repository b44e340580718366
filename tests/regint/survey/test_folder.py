"""A folder is read with every problem at once, appears whole or not at all, and what was there before stays."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from regint.survey import folder as folder_module
from regint.survey.folder import check_folder, table_text, write_survey_folder
from regint.survey.table import read_survey
from surveyfile.importing import import_respondents
from textfiles.files import locate, project_folder
from textfiles.problems import Problem

FOLDERS = Path(__file__).parent / "folders"
GOALS = "us_goals_for_russia"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy a small valid folder that a test may break."""
    return Path(shutil.copytree(FOLDERS / GOALS, tmp_path / "mine"))


def test_locate_prefers_the_current_folder_then_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside = locate("data/survey/astana_2025")
    assert inside == project_folder(Path(__file__)) / "data/survey/astana_2025"
    (tmp_path / "data/survey/astana_2025").mkdir(parents=True)
    assert locate("data/survey/astana_2025") == tmp_path / "data/survey/astana_2025"
    assert locate(tmp_path) == tmp_path


def test_locate_works_from_the_notebooks_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "notebooks").mkdir(exist_ok=True)
    monkeypatch.chdir(project / "notebooks")
    assert locate("data/survey/astana_2025").is_dir()


@pytest.mark.parametrize(
    "path",
    ["data/survey/nowhere", "a\0b", "x" * 5000, "/nowhere/at/all"],
    ids=["unknown", "null", "long", "absolute"],
)
def test_a_folder_that_does_not_exist_is_one_sentence(path: str) -> None:
    report = check_folder(path)
    assert len(report.problems) == 1
    assert "does not exist" in report.problems[0]


def test_a_file_instead_of_a_folder(folder: Path) -> None:
    assert "is a file" in check_folder(folder / "questions.csv").problems[0]
    with pytest.raises(Problem, match="is a file"):
        read_survey(folder / "questions.csv")


@pytest.mark.parametrize("name", ["great_decisions_2017", GOALS])
def test_other_surveys_are_read(name: str) -> None:
    assert check_folder(FOLDERS / name).problems == []


def text(old: str, new: str) -> Callable[[bytes], bytes]:
    """Replace text once in a file, and fail if it is not there."""

    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return change


Q, R, C, S = "questions.csv", "responses.csv", "claims.csv", "survey.json"
ROW = b"goals,partnership,Partnership on American terms,,31,,true,,web_poll,Poll box,\n"
CLAIM = "mine,goals,Most,most,{},printed,web_poll,here,\n"


def printed(value: str) -> Callable[[bytes], bytes]:
    return text(",31,,true", f',"{value}",,true')


def claim(predicate: str) -> Callable[[bytes], bytes]:
    return lambda data: data + CLAIM.format(f'"{predicate}"').encode()


# ruff: noqa: E501  (one case per line reads best)
BROKEN: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "figure above 100": (R, printed("119"), "value '119'; allowed: the printed percentage"),
    "figure just above 100": (R, printed("100.5"), "cannot exceed 100"),
    "negative figure": (R, printed("-5"), "cannot be negative"),
    "negative figure with a typographic minus": (R, printed("−5"), "cannot be negative"),
    "letter O for zero": (R, printed("4O"), "looks like a digit; write 40"),
    "Cyrillic O for zero": (R, printed("4О"), "looks like a digit; write 40"),
    "decimal comma": (R, printed("12,5"), "write the decimal comma as a point: 12.5"),
    "percent sign": (R, printed("31%"), "leave out the percent sign"),
    "more than": (R, printed(">1%"), "leave out the percent sign"),
    "NaN": (R, printed("NaN"), "say in survey.json what the sign means"),
    "NA": (R, printed("NA"), "or leave the cell empty"),
    "a sign without a legend": (R, printed("*"), 'such as "legend": {"*": "silent"}'),
    "a legend in other words": (S, text('"id"', '"legend": {"*": "few"}, "id"'), "the legend's sign '*' means 'few'"),
    "a legend of numbers": (S, text('"id"', '"legend": {"*": 1}, "id"'), "as texts in quotes"),
    "weights in words": (S, text('"id"', '"weighted": "yes", "id"'), "must be true or false without quotes"),
    "exponent": (R, printed("3e1"), "write it as the source does"),
    "leading zero": (R, printed("031"), "write it as the source does"),
    "full-width digits": (R, printed("３１"), "write it as the source does"),
    "formula": (R, printed("=1+1"), "write it as the source does"),
    "bare point": (R, printed("31."), "write it as the source does"),
    "duplicate response": (R, lambda d: d + ROW, "row 6, column question and response: value 'goals, partnership'"),
    "dangling question": (R, lambda d: d + ROW.replace(b"goals", b"gaols"), "write 'goals' if that is meant"),
    "question without responses": (Q, lambda d: d + d.splitlines()[1].replace(b"goals,", b"other,", 1) + b"\n",
                                   "allowed: a question with responses"),
    "duplicate question": (Q, lambda d: d + d.splitlines()[1] + b"\n", "row 2 has it already"),
    "unknown kind": (Q, text("single", "singel"), "write 'single' if that is meant"),
    "unknown total": (Q, text("closed", "some"), "allowed: closed, open, multiple"),
    "capital letters in an id": (Q, text("goals,", "Goals,"), "write 'goals'"),
    "zero-width space in an id": (R, text("deterrence", "deter\u200brence"), r"'deter\u200brence'"),
    "decomposed letter in an id": (R, text("alliance", "alliance\u0301"), "small Latin letters"),
    "Cyrillic look-alike in an id": (R, text("alliance", "аlliance"), r"\u0430"),
    "look-alike labels": (R, text("Alliance against China", "DISSOLUTION  of Rus\u200bsia"), "tell apart"),
    "bidirectional override in a label": (R, text("Alliance", "\u202eAlliance"), "control character"),
    "null character": (R, text("Alliance", "Al\0liance"), "UTF-16 or binary"),
    "control character in a label": (R, text("Alliance", "Al\x07liance"), "control character"),
    "line break in a label": (R, text("Alliance against China", '"Alliance\nagainst China"'), "control character"),
    "empty id": (R, text("goals,partnership", "goals,"), "fill the cell"),
    "empty label": (R, text("Partnership on American terms", ""), "column label: value ''"),
    "no yes or no": (R, text("31,,true", "31,,yes"), "allowed: true, false"),
    "base in words": (Q, text(",108,", ",many,"), "allowed: a whole number in digits"),
    "base of zero": (Q, text(",108,", ",0,"), "from 1 to 1000000000"),
    "base with a fraction": (Q, text(",108,", ",108.0,"), "write digits only"),
    "huge base": (Q, text(",108,", f",{10**30},"), "write digits only"),
    "base without a status": (Q, text("reported", ""), "say how the base is known"),
    "answered above asked": (Q, text(",108,,108,", ",108,100,108,"), "at most asked, 100"),
    "count above the base": (R, text("31,,true,,", "31,,true,109,"), "at most printed_base, 108"),
    "negative count": (R, text("31,,true,,", "31,,true,-3,"), "allowed: a whole number from 0"),
    "score in words": (R, text("terms,,31", "terms,one,31"), "a number with a decimal point"),
    "rating without scores": (Q, text("single", "rating"), "a number for each point of a rating"),
    "unknown source": (R, text("true,,web_poll", "true,,web_pol"), "write 'web_poll' if that is meant"),
    "fractions for percents": (R, lambda d: d.replace(b",31,", b",0.31,").replace(b",28,", b",0.28,")
                               .replace(b",22,", b",0.22,").replace(b",19,", b",0.19,"), "write 52 for 0.52"),
    "row without its source": (R, text("web_poll,Poll box,\n", "web_poll\n"), "row 2: 9 cells where the header has 11"),
    "row that lost a cell": (R, text("terms,,31", "terms,31"), "column source: value 'Poll box'"),
    "shifted row": (R, text("goals,partnership", "goals,extra,partnership"), "12 cells where the header has 11"),
    "duplicate column": (R, text("label,score", "label,label"), "'label' stands twice"),
    "misspelt column": (R, text("substantive", "substantiv"), "rename 'substantiv' if that is meant"),
    "no header": (R, lambda d: b"".join(d.splitlines(keepends=True)[1:]), "the column question is missing"),
    "rows above the header": (R, lambda d: b"\n\n" + d, "the header must be the first row"),
    "separator line": (R, lambda d: b"sep=;\n" + d, "delete this line"),
    "open quotation mark": (R, text("Partnership on", '"Partnership on'), "cannot be split into cells"),
    "empty file": (R, lambda d: b"", "the file is empty"),
    "only spaces": (R, lambda d: b" \n \n", "the file is empty"),
    "only a header": (R, lambda d: d.splitlines(keepends=True)[0], "only a header"),
    "Windows-1252": (R, lambda d: d.replace(b"Alliance", b"Alliance \xe9"), "the byte 0xE9 is not UTF-8"),
    "UTF-16": (R, lambda d: d.decode().encode("utf-16"), "UTF-16 or binary"),
    "Excel file": (R, lambda d: b"PK\x03\x04\x00\x00", "a ZIP or Excel file"),
    "claim that is no statement": (C, claim("share(goals, alliance)"), "column predicate: The claim is a number"),
    "claim with a wrong name": (C, claim("count(goals, aliance) > 1"), "write 'alliance' if that is meant"),
    "claim about another question": (C, lambda d: claim("count(goals, alliance) > 1")(d).replace(b"mine,goals", b"mine,gaols"),
                                     "write 'goals' if that is meant"),
    "description is no JSON": (S, lambda d: d[:-20], "not valid JSON"),
    "description is a list": (S, lambda d: b"[]", "one object in braces"),
    "description nests too deeply": (S, lambda d: b"[" * 100_000, "nested too deeply"),
    "description lacks a key": (S, text('"title"', '"tittle"'), "rename 'tittle' if that is meant"),
    "description has a key twice": (S, text('"title"', '"id": "x", "title"'), "stands twice"),
    "description with a wrong type": (S, text('"Web poll"', "7"), "must be text in quotes"),
    "description with masking in a word": (S, text('"title"', '"masking": "yes", "title"'), "'masking' must hold"),
    "disclosure with an unknown status": (S, text('"disclosure": []', '"disclosure": [{"item": "Dates", "status": "yes"}]'),
                                          "allowed: reported, partial, missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_folder_is_named_and_the_repair_said(folder: Path, case: str) -> None:
    name, change, expected = BROKEN[case]
    path = folder / name
    path.write_bytes(change(path.read_bytes()))
    report = check_folder(folder)
    assert report.problems, "nothing was found"
    assert any(expected in problem for problem in report.problems), report.problems
    assert all(problem.startswith((Q, R, C, S)) and "Traceback" not in problem for problem in report.problems)
    with pytest.raises(ValueError, match="csv|json"):
        raise Problem(*report.problems)


def test_a_count_without_a_base(folder: Path) -> None:
    questions, responses = folder / Q, folder / R
    questions.write_bytes(questions.read_bytes().replace(b",108,,108,reported", b",,,,"))
    responses.write_bytes(responses.read_bytes().replace(b"31,,true,,", b"31,,true,33,"))
    loaded = check_folder(folder)
    assert loaded.problems == []
    assert any("its counts print as its figures at bases from 105 to 108" in said for said in loaded.notices)


@pytest.mark.parametrize("name", [Q, R, C, S])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert any(p.startswith(f"{name}: the file is missing") for p in check_folder(folder).problems)


@pytest.mark.parametrize("wrong", ["Responses.csv", "responses.CSV", "responces.csv", "responses.xlsx"])
def test_a_misnamed_file(folder: Path, wrong: str) -> None:
    (folder / R).rename(folder / wrong)
    problem = next(p for p in check_folder(folder).problems if p.startswith(R))
    assert "rename" in problem and wrong in problem


@pytest.mark.parametrize("torn", [Q, R])
def test_a_surplus_cell_is_the_only_problem_reported(tmp_path: Path, torn: str) -> None:
    folder = Path(shutil.copytree(FOLDERS / "great_decisions_2017", tmp_path / "mine"))
    lines = (folder / torn).read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace(",", ",surplus,", 1)
    (folder / torn).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (problem,) = check_folder(folder).problems
    assert problem.startswith(
        f"{torn}, row 2: 12 cells where the header has 11" if torn == R else f"{torn}, row 2: "
    )


def test_a_question_misspelt_beside_a_torn_row_is_still_reported(folder: Path) -> None:
    questions, responses = folder / Q, folder / R
    questions.write_bytes(questions.read_bytes().replace(b"single", b"single,surplus"))
    responses.write_bytes(responses.read_bytes() + ROW.replace(b"goals", b"gaols"))
    assert len(check_folder(folder).problems) == 1  # without questions, nothing is said of answers
    lines = questions.read_bytes().splitlines(keepends=True)
    questions.write_bytes(
        b"".join([*lines, lines[1].replace(b"goals,", b"other,").replace(b",surplus", b"")])
    )
    problems = check_folder(folder).problems
    assert any("value 'gaols'" in problem for problem in problems)
    assert not any("value 'goals'" in problem for problem in problems)


def test_empty_cells_that_a_spreadsheet_added_or_left_out_are_no_problem(folder: Path) -> None:
    whole = check_folder(folder).frame("responses")
    lines = (folder / R).read_text(encoding="utf-8").splitlines()
    lines = [line.rstrip(",") if i % 2 else line + ",," for i, line in enumerate(lines)]
    (folder / R).write_text("\n".join([*lines, ""]), encoding="utf-8")
    loaded = check_folder(folder)
    assert loaded.problems == []
    assert "responses.csv: rows that end early were taken to end in empty cells." in loaded.notices
    assert loaded.frame("responses").equals(whole)


def test_every_problem_is_reported_at_once(folder: Path) -> None:
    path = folder / R
    path.write_bytes(
        path.read_bytes().replace(b",31,", b",3l,").replace(b",28,", b",128,").replace(b",true", b",ja", 1)
    )
    (folder / S).unlink()
    report = check_folder(folder)
    assert len(report.problems) == 4
    with pytest.raises(Problem) as caught:
        raise Problem(*report.problems)
    assert str(caught.value).count("\n- ") == 4
    assert list(caught.value.sentences) == report.problems


def test_one_bad_cell_does_not_hide_problems_elsewhere(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDERS / "great_decisions_2017", tmp_path / "mine"))
    path = folder / R
    data = path.read_bytes().replace(b",37.5,", b",37;5,").replace(b"Three or four", b"One or two")
    path.write_bytes(data)
    claims = folder / C
    claims.write_bytes(claims.read_bytes().replace(b"> 1/2", b"> half"))
    questions = folder / Q
    questions.write_bytes(questions.read_bytes().replace(b"ordered,closed,,,,,", b"ordered,closed,30,,,,", 1))
    problems = check_folder(folder).problems
    assert any("37;5" in p for p in problems) and any("tell apart" in p for p in problems)
    path.write_bytes(data.replace(b",37;5,", b",37.5,"))
    problems = check_folder(folder).problems
    assert any("base_status" in p for p in problems) and sum("column predicate" in p for p in problems) == 2


def test_reading_decisions_are_recorded(folder: Path) -> None:
    path = folder / R
    data = path.read_text(encoding="utf-8").replace(",", ";").replace("terms;", " terms ;", 1)
    path.write_text("\ufeff" + data + "\n;;\n", encoding="utf-8")
    report = check_folder(folder)
    assert report.problems == []
    assert any("byte order mark" in n for n in report.notices)
    assert any("semicolon" in n for n in report.notices)
    assert any("spaces around cells" in n for n in report.notices)
    assert any("blank rows" in n for n in report.notices)


def test_optional_and_unknown_columns_are_recorded(folder: Path) -> None:
    path = folder / R
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0].replace("note", "remark"), *lines[1:], ""]), encoding="utf-8")
    report = check_folder(folder)
    assert report.problems == []
    assert any("'remark' is not part of the table" in n for n in report.notices)
    assert any("taken as empty: note" in n for n in report.notices)
    questions = (folder / Q).read_text(encoding="utf-8")
    (folder / Q).write_text(questions.replace("note", "group", 1), encoding="utf-8")
    assert any("'group' is not part of the table" in n for n in check_folder(folder).notices)
    (folder / "draft.docx").write_bytes(b"")
    assert any("draft.docx" in n for n in check_folder(folder).notices)


def test_an_impossible_vector_is_a_finding(folder: Path) -> None:
    path = folder / R
    path.write_bytes(path.read_bytes().replace(b",31,", b",33,"))
    report = check_folder(folder)
    assert report.problems == []
    assert any("do not fit the base of 108" in n for n in report.notices)


def test_a_sum_far_over_100_is_a_finding(folder: Path) -> None:
    path = folder / R
    path.write_bytes(path.read_bytes().replace(b",31,", b",99,"))
    report = check_folder(folder)
    assert report.problems == []
    assert any("add up to 168" in n and "whether its total is closed" in n for n in report.notices)


@pytest.mark.parametrize(
    "label", ["NA", "None", "null", "007", "$10k-$20k", "_hidden", "<b>&", "مرحبا", "👩\u200d🔬", "=1+1"]
)
def test_hostile_labels_stay_text(folder: Path, label: str) -> None:
    path = folder / R
    path.write_text(
        path.read_text(encoding="utf-8").replace("Dissolution of Russia", label), encoding="utf-8"
    )
    loaded = check_folder(folder)
    assert loaded.problems == []
    assert label in loaded.frame("responses")["label"].to_list()


def test_a_folder_without_claims_is_legal(folder: Path) -> None:
    assert check_folder(folder).frame("claims").empty


def test_the_description_may_have_a_byte_order_mark(folder: Path) -> None:
    path = folder / S
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert check_folder(folder).problems == []
    assert json.loads(path.read_text(encoding="utf-8-sig"))["id"] == GOALS


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "answers.csv").write_text("id,q1\n1,A\n2,B\n3,A\n", encoding="utf-8")
    return import_respondents(tmp_path / "answers.csv").files


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_disk_that_fills_leaves_nothing(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        if path.name == "survey.json":
            raise OSError(28, "No space left on device")
        path.write_text(text, encoding="utf-8")

    monkeypatch.setattr(folder_module, "write", full)
    with pytest.raises(Problem, match="No space left on device"):
        write_survey_folder(tmp_path / "out", files)
    assert not (tmp_path / "out").exists() and leftovers(tmp_path) == []


def test_a_folder_that_would_not_pass_its_check_is_not_made(files: dict[str, str], tmp_path: Path) -> None:
    spoilt = files | {"responses.csv": files["responses.csv"].replace("true", "perhaps")}
    with pytest.raises(Problem, match="perhaps"):
        write_survey_folder(tmp_path / "out", spoilt)
    assert not (tmp_path / "out").exists() and leftovers(tmp_path) == []


def test_what_is_there_stays(files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work", encoding="utf-8")
    for replace in (False, True):
        with pytest.raises(Problem, match="exists already"):
            write_survey_folder(tmp_path / "out", files, replace=replace)
    assert (tmp_path / "out" / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_only_the_folder_of_an_import_is_said_to_be_replaceable(
    files: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "questions.csv").touch()
    with pytest.raises(Problem, match="choose another name\\.$"):
        write_survey_folder(tmp_path, files)
    (tmp_path / "import.json").touch()
    with pytest.raises(Problem, match="regint import --replace"):
        write_survey_folder(tmp_path, files)


def test_a_file_of_that_name_stays(files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(Problem, match="is a file"):
        write_survey_folder(tmp_path / "out", files)


def test_an_import_may_be_replaced_and_only_when_asked(files: dict[str, str], tmp_path: Path) -> None:
    write_survey_folder(tmp_path / "out", files)
    with pytest.raises(Problem, match="--replace"):
        write_survey_folder(tmp_path / "out", files)
    changed = files | {"README.md": "new\n"}
    write_survey_folder(tmp_path / "out", changed, replace=True)
    assert (tmp_path / "out" / "README.md").is_file()
    assert leftovers(tmp_path) == []


def test_a_failed_replacement_keeps_the_old_folder(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_survey_folder(tmp_path / "out", files)
    rename, calls = Path.rename, []

    def broken(self: Path, target: Path) -> Path:
        calls.append(self.name)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(Problem, match="Input/output error"):
        write_survey_folder(tmp_path / "out", files | {"README.md": "new\n"}, replace=True)
    monkeypatch.undo()
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(files)
    assert leftovers(tmp_path) == []


def test_work_of_a_person_stays_and_is_named(files: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_survey_folder(out, files)
    (out / "thesis").mkdir()
    (out / "thesis" / "notes.txt").write_text("years of work", encoding="utf-8")
    claims = (out / "claims.csv").read_text(encoding="utf-8") + "c1,q1,mine,most,,asked,data_file,p. 1,\n"
    (out / "claims.csv").write_text(claims, encoding="utf-8")
    for _ in range(2):  # what stayed once stays again
        notices = write_survey_folder(out, files | {"README.md": "new\n"}, replace=True)
        assert notices[0].startswith("What you edited or added stayed as it was (claims.csv, thesis)")
        assert (out / "claims.csv").read_text(encoding="utf-8") == claims
        assert (out / "thesis" / "notes.txt").read_text(encoding="utf-8") == "years of work"
        assert (out / "README.md").read_text(encoding="utf-8") == "new\n"
    assert leftovers(tmp_path) == []


def test_claims_that_no_longer_fit_keep_the_folder_as_it_was(files: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_survey_folder(out, files)
    (out / "claims.csv").write_text(
        files["claims.csv"] + "c1,no_such,mine,most,,asked,s,p. 1,\n", encoding="utf-8"
    )
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(Problem, match="no_such"):
        write_survey_folder(out, files | {"README.md": "new\n"}, replace=True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("name", ["responses.csv", "README.md"])
def test_a_table_of_a_person_is_not_counted_anew(files: dict[str, str], tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    write_survey_folder(out, files)
    (out / name).write_text("a person wrote this", encoding="utf-8")
    with pytest.raises(Problem, match=rf"writes anew \({name}\): move them"):
        write_survey_folder(out, files | {"README.md": "new\n"}, replace=True)
    assert (out / name).read_text(encoding="utf-8") == "a person wrote this"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("record", ["{}", "[]", "no json", '{"written": 3}', '{"written": {"../x": "y"}}'])
def test_a_folder_that_does_not_say_what_was_written_is_not_replaced(
    files: dict[str, str], tmp_path: Path, record: str
) -> None:
    write_survey_folder(tmp_path / "out", files)
    (tmp_path / "out" / "import.json").write_text(record, encoding="utf-8")
    with pytest.raises(Problem, match="rename the folder|writes anew"):
        write_survey_folder(tmp_path / "out", files, replace=True)
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(files)


KILLS = """
import os, pathlib, shutil, sys
from regint.survey import folder as module

target, steps = pathlib.Path(sys.argv[1]), 0
files = {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()}
new = files | {"survey.json": files["survey.json"].replace("answers", "anew")}
state = lambda: (target / "survey.json").read_text(encoding="utf-8")
before = state()

def killing(step):
    def patched(owner, name):
        whole = getattr(owner, name)
        def counted(*given, **named):
            global steps
            steps += 1
            if steps == step:
                os._exit(9)
            return whole(*given, **named)
        setattr(owner, name, counted)
    for owner, name in ((module, "write"), (pathlib.Path, "rename"), (pathlib.Path, "mkdir"),
                        (shutil, "rmtree"), (os, "unlink"), (os, "rmdir")):
        patched(owner, name)

survived, seen = 0, set()
for step in range(1, 200):
    child = os.fork()
    if not child:
        killing(step)
        module.write_survey_folder(target, new, replace=True)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = module.check_folder(target)
    assert not found.problems, (step, found.problems)
    seen.add(state())
    assert state() in (before, new["survey.json"]), step
    module.write_survey_folder(target, files, replace=True)
    assert state() == before and sorted(os.listdir(target)) == sorted(files), step
    assert os.listdir(target.parent) == [target.name], (step, os.listdir(target.parent))
    if not ended:
        break
print(step, len(seen))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system kills no forked process")
def test_a_kill_between_any_two_steps_loses_nothing(files: dict[str, str], tmp_path: Path) -> None:
    write_survey_folder(tmp_path / "place" / "out", files)
    done = subprocess.run(
        [sys.executable, "-c", KILLS, str(tmp_path / "place" / "out")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    steps, states = map(int, done.stdout.split())
    assert steps > len(files) + 4 and states == 2  # some kills came before the change, some after


def test_what_the_system_refuses_is_said_without_the_path(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr("regint.survey.folder.write", full)
    with pytest.raises(Problem) as refused:
        write_survey_folder(tmp_path / "place" / "out", files)
    said = "out cannot be written (No space left on device): free space or choose a folder that you may write to."
    assert str(refused.value) == said
    assert list((tmp_path / "place").iterdir()) == []


def test_the_umask_is_respected(files: dict[str, str], tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_survey_folder(tmp_path / "out", files)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()}
    assert ((tmp_path / "out").stat().st_mode & 0o777, modes) == (0o700, {0o600})


def test_tables_are_safe_for_spreadsheets() -> None:
    text = table_text(["a", "b"], [{"a": "=1+1", "b": "-5"}, {"a": "＝1", "b": 'say "x"'}])
    assert text == 'a,b\n\'=1+1,-5\n\'＝1,"say ""x"""\n'


@pytest.mark.parametrize("name", ["questions.csv", "responses.csv", "claims.csv", "survey.json"])
@pytest.mark.parametrize("put", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_pipes_devices_and_folders_in_place_of_a_table_are_refused(
    folder: Path, name: str, put: Callable[[Path], object]
) -> None:
    (folder / name).unlink(missing_ok=True)
    put(folder / name)
    with pytest.raises(Problem, match=name):
        read_survey(folder)


@pytest.mark.parametrize("name", [".", "..", "../here"])
def test_the_folder_one_works_in_is_not_moved_away(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(
        Problem, match="is the folder you work in, or one around it: name a new folder, such as"
    ):
        write_survey_folder(Path(name), {})
