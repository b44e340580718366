"""The command line: what it says, writes and refuses, in one sentence and before anything is touched."""

import errno
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbarticle.run import Stopped
from nbarticle.settings import EPOCH, provenance
from regint import cli, parameters
from regint.survey.table import read_survey
from surveyfile import importing, new_folder
from textfiles.files import describe
from textfiles.problems import Problem


@pytest.fixture
def invoke(copy, monkeypatch: pytest.MonkeyPatch):
    """Run the command line in this process, in the copy of the built collection."""
    monkeypatch.chdir(copy.root)
    monkeypatch.setitem(parameters.RULES, "factor", parameters.between(1, 9))
    return lambda *arguments: CliRunner().invoke(cli.main, arguments, catch_exceptions=False)


REFUSED = {
    (
        "01_first",
        "-p",
        "facter",
        "2",
    ): "no parameter 'facter': it has factor, survey (did you mean",
    ("01_first", "-p", "factor", "many"): "factor='many' must be a whole number",
    ("01_first", "-p", "factor", "2.5"): "factor='2.5' must be a whole number",
    ("01_first", "-p", "factor", "12"): "factor=12 must lie from 1 to 9",
    ("01_first", "-p", "factor", "1", "-p", "factor", "2"): "'factor' is given twice",
    ("01_first", "-p", "survey", "data/nowhere"): "survey='data/nowhere' must be a survey folder that exists",
    (
        "01_first",
        "-p",
        "survey",
        "data",
    ): "must be a survey folder, but this one has no questions.csv",
    ("02_second", "-p", "survey", "data/s"): "There is no parameter 'survey': it has factor.",
    ("-p", "colour", "red"): "There is no parameter 'colour'",
    ("03_third", "-p", "factor", "2"): "it has none",
    (
        "01_first",
        "factor",
        "3",
    ): "'factor' is a parameter, not a notebook: write -p before it, as in -p factor 3",
    ("01_first", "factor=3"): "write -p before it, as in -p factor 3",
    ("01_first", "factor"): "write -p before it, as in -p factor VALUE",
    ("01_first", "-p", "factor=3", ""): "A name and its value stand apart: -p factor 3.",
    ("01_frist",): "There is no notebook '01_frist' (did you mean '01_first'?)",
    ("01_first", "-p", "factor", "2", "--out", "build"): "may not overwrite the published set",
}


def test_what_is_refused_is_one_sentence_and_touches_nothing(copy, invoke) -> None:
    before = {p: p.stat().st_mtime_ns for p in copy.root.rglob("*")}
    wrong = {}
    for arguments, sentence in REFUSED.items():
        result = invoke("build", *arguments)
        lines = result.stderr.splitlines()
        if (result.exit_code, len(lines)) != (2, 1) or sentence not in lines[0]:
            wrong[arguments] = (result.exit_code, result.stderr)
        if {p: p.stat().st_mtime_ns for p in copy.root.rglob("*")} != before:
            wrong[arguments] = "something was touched"
    assert wrong == {}


def test_unknown_question_id_is_refused(copy, invoke) -> None:
    notebook = "factor: int = 1\nsurvey: str = 'data/s'\nquestion: str = ''"
    copy.write("01_first", "1", parameters=notebook)
    result = invoke("build", "01_first", "-p", "question", "q11")
    assert result.exit_code == 2
    assert "question='q11' must be a question id of data/s: q1 (did you mean 'q1'?)" in result.stderr


def test_parameters_cell_that_cannot_be_checked_is_refused(copy, invoke) -> None:
    for cell, problem in [
        ("x = [1]", "only lines such as"),
        ("x: int = 1 + 1", "must be a whole number"),
        ("x: list = []", "only lines such as"),
        ("x: int = (", "was never closed"),
    ]:
        copy.write("04_new", "1", parameters=cell)
        result = invoke("build")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), cell
        assert "04_new" in result.stderr and problem in result.stderr, cell


def test_file_that_is_no_notebook_is_refused(copy, invoke) -> None:
    (copy.root / "notebooks" / "04_new.ipynb").write_text("[1]")
    result = invoke("build")
    assert result.exit_code == 2
    assert "04_new.ipynb is not a notebook" in result.stderr


@pytest.mark.slow
def test_full_disk_leaves_the_last_good_site(copy) -> None:
    good = copy.files()
    copy.write("03_third", "print('x' * 20000)")
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *copy.command, "build"]
    done = subprocess.run(limited, cwd=copy.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "too large; free some space and build again." in done.stderr
    assert copy.files() == good
    assert not [p for p in copy.out.rglob("*") if p.name.endswith(".part") or p.name == "drafts"]
    assert copy.build().returncode == 0


def test_output_that_cannot_be_written_is_one_sentence(copy, invoke) -> None:
    (copy.root / "file").write_text("")
    result = invoke("build", "--out", "file/below")
    assert result.exit_code == 1
    assert result.stderr.startswith("regint: cannot write ")
    assert result.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_without_permission_is_one_sentence(copy, invoke) -> None:
    copy.write_data("note.csv", "a\n")
    (copy.out / "site").chmod(0o500)
    result = invoke("build")
    (copy.out / "site").chmod(0o700)
    assert result.exit_code == 1
    assert "permission denied; change its permissions" in result.stderr


def test_what_the_system_refuses_is_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number in (errno.EACCES, errno.EROFS, errno.ENOENT, errno.EIO, errno.ENOSPC):
        said = {
            str(describe(OSError(number, os.strerror(number), str(p))))
            for p in ("x/y", Path("x/y").absolute())
        }
        assert len(said) == 1 and " x/y: " in said.pop(), number
        elsewhere = describe(OSError(number, os.strerror(number), "/home/ada/y"))
        assert " y: " in elsewhere and "ada" not in elsewhere and elsewhere.endswith("."), number


# Where results go


def test_variant_leaves_the_published_set_and_other_variants_alone(copy) -> None:
    good = copy.files()
    run = copy.build("01_first", "-p", "factor", "3")
    made = copy.out / "variant" / "01_first-factor-3"
    assert run.stdout.splitlines()[1] == "Site: build/variant/01_first-factor-3/site/index.html", run.stderr
    page = (made / "site" / "01_first.html").read_bytes()
    assert b"9009" in page
    assert b"regint build 01_first -p factor 3" in page  # where there is no Makefile
    assert not (made / "site" / "02_second.html").exists()
    assert copy.build("01_first", "-p", "factor", "4").returncode == 0
    assert copy.build("01_first", "-p", "factor", "3").stdout.startswith("0 built, 1 reused")
    assert (made / "site" / "01_first.html").read_bytes() == page
    run = copy.build("01_first", "-p", "factor", "5", "--out", "build/variant/01_first-factor-3")
    assert "holds 01_first with factor 3 set, which would be overwritten: choose another --out" in run.stderr
    run = copy.build("01_first", "--out", "build/variant/01_first-factor-3")
    assert run.returncode == 2 and "with factor 3 set" in run.stderr
    assert {k: v for k, v in copy.files().items() if "variant" not in k} == good


def test_a_variant_says_what_changed_against_a_published_page_of_today(copy) -> None:
    copy.build("01_first", "-p", "factor", "3")
    site = copy.out / "variant" / "01_first-factor-3" / "site"
    changed = (site / "what-changed.html").read_text(encoding="utf-8")
    assert 'href="what-changed.html"' in (site / "index.html").read_text(encoding="utf-8")
    assert "<code>factor = 3</code>" in changed and "made before the notebook" not in changed
    assert (site / "what-changed.csv").read_text().startswith("notebook,kind,place,row,column,published,here")
    assert not (copy.out / "site" / "what-changed.html").exists()


@pytest.mark.slow
def test_a_variant_says_that_the_published_page_is_of_another_day(copy) -> None:
    site = copy.out / "variant" / "01_first-factor-3" / "site"
    assert copy.build("01_first", "-p", "factor", "3").returncode == 0
    # The published page is now of other data than what a variant would be made of.
    copy.write_data("first.csv", "n\n1\n")
    run = copy.build("01_first", "-p", "factor", "3")
    assert run.stdout.startswith("1 built"), run.stderr
    assert "made before the notebook" in (site / "what-changed.html").read_text(encoding="utf-8")
    assert copy.build().returncode == 0
    run = copy.build("01_first", "-p", "factor", "3")
    assert run.stdout.startswith("0 built, 1 reused")
    assert "made before the notebook" not in (site / "what-changed.html").read_text(encoding="utf-8")


def test_student_edition_has_no_solutions_and_reuses_the_runs(copy) -> None:
    run = copy.build("--student")
    assert (run.returncode, run.stdout.splitlines()[0]) == (0, "0 built, 3 reused, 0 failed.")
    page = (copy.out / "student" / "03_third.html").read_bytes()
    assert b"answer 42" not in page
    assert b"answer 42" in copy.page("03_third").read_bytes()


HEAVY = """
import sys
from regint.cli import main
try:
    main(["build"])
except SystemExit as end:
    assert end.code == 0
heavy = {"pandas", "numpy", "nbformat", "papermill", "nbconvert", "tqdm"} & set(sys.modules)
assert not heavy, heavy
"""


def test_build_without_changes_imports_nothing_heavy(copy) -> None:
    command = [sys.executable, "-c", HEAVY]
    done = subprocess.run(command, cwd=copy.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 built, 3 reused" in done.stdout


def test_provenance_comes_from_the_commit_not_from_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    known, notes = provenance(tmp_path)
    assert (known["commit"], notes) == ("", [])
    assert known["epoch"] == int(EPOCH)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    assert provenance(tmp_path)[0]["epoch"] == 5
    for impossible in ("abc", "-1", "1.5", "99999999999999", "٣", "9" * 5000):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", impossible)
        with pytest.raises(Problem, match=r"^SOURCE_DATE_EPOCH=.* is no date: .* unset it\.$"):
            provenance(tmp_path)


# A survey of one's own

ANSWERS = "id;q1;w\n1;Yes;1,5\n2;No;0,5\n3;Yes;1\n4;Refused;1\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "program", lambda: "bin/regint")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, arguments, catch_exceptions=False)


def refusal(*arguments: str, code: int = 1) -> str:
    result = run(*arguments)
    assert result.exit_code == code and result.stdout == ""
    assert result.stderr.count("\n") == 1 and "Traceback" not in result.stderr
    return result.stderr


def test_a_new_folder_says_what_comes_next_in_words_that_can_be_typed(place: Path) -> None:
    result = run("new", "my survey", "--title", "Été")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "Next: bin/regint check 'my survey'"
    assert read_survey(place / "my survey").metadata["title"] == "Été"
    assert "exists already" in refusal("new", "my survey")


def test_a_typed_table_becomes_a_folder(place: Path) -> None:
    (place / "typed.csv").write_text("question,response,printed\nQ,a,40.0\nQ,b,60.0\n")
    result = run("new", "mine", "--from", "typed.csv", "--base", "5")
    assert "Read 2 responses to 1 question from" in result.stdout
    survey = read_survey(place / "mine")
    assert survey.responses["printed"].tolist() == ["40.0", "60.0"]
    assert survey.questions["printed_base"].tolist() == [5]


def test_an_import_says_every_decision_and_what_comes_next(place: Path) -> None:
    result = run(
        "import", "answers.csv", "--out", "theirs", "--weight", "w", "--missing", "q1=Refused", "--title", "T"
    )
    assert result.exit_code == 0, result.output
    for said in ("cut by semicolon", "decimal comma", "q1=Refused", "Left out 'id'", "Look at this: "):
        assert said in result.stdout
    assert result.stdout.splitlines()[-1] == "Wrote theirs. Next: bin/regint report theirs"
    record = json.loads((place / "theirs" / "import.json").read_text(encoding="utf-8"))
    assert record["settings"]["missing"] == [["q1", "Refused"]]
    responses = read_survey(place / "theirs").responses.set_index("response")
    assert responses["count"].to_dict() == {"no": 1, "yes": 2, "refused": 1}
    assert not responses.loc["refused", "substantive"]


def test_missing_codes_are_taken_apart() -> None:
    for stated, pairs in [
        (("9",), (("", "9"),)),
        (("8,9",), (("", "8"), ("", "9"))),
        (("q1=8, 9", "q2=7"), (("q1", "8"), ("q1", "9"), ("q2", "7"))),
        (("a=b=9",), (("a=b", "9"),)),  # a column may hold the sign
        ((" , ",), ()),
    ]:
        assert cli._column_values(stated) == pairs


def test_what_is_stated_about_columns_is_read_and_a_codebook_says_it_all_or_nothing(place: Path) -> None:
    done = run(
        "import", "answers.csv", "--out", "told", "--skip", "w", "--filter", "q1=Yes,No", "--silent", "NA"
    )
    assert done.exit_code == 0 and "Counted are those with q1 = Yes or No" in done.output
    for option in ("--rating q1", "--multiple q1=;", "--single q1", "--skip w"):
        sentence = refusal(
            "import", "answers.csv", "--out", "x", "--codebook", "c.csv", *option.split(), code=2
        )
        assert sentence.startswith(f"regint: {option.split()[0]} cannot be combined with --codebook")
    assert "--filter 'q' needs a column and a value" in refusal(
        "import", "answers.csv", "--out", "x", "--filter", "q", code=2
    )


def test_a_replay_decides_as_its_record_and_takes_nothing_beside_it(place: Path) -> None:
    run("import", "answers.csv", "--out", "first", "--weight", "w")
    assert run("import", "answers.csv", "--out", "again", "--replay", "first/import.json").exit_code == 0
    assert [p.read_bytes() for p in sorted((place / "first").iterdir())] == [
        p.read_bytes() for p in sorted((place / "again").iterdir())
    ]
    replay = ("import", "answers.csv", "--out", "x", "--replay", "first/import.json")
    # Also what happens to be the default: the record may say otherwise.
    for option in ("--weight w", "--mask-small 5", "--codebook x.csv", "--missing 9", "--by w"):
        sentence = refusal(*replay, *option.split(), code=2)
        assert sentence.startswith(f"regint: {option.split()[0]} cannot be combined with --replay")
    assert not (place / "x").exists()


def test_an_import_replaces_an_import_only_when_told_and_nothing_else_ever(place: Path) -> None:
    run("import", "answers.csv", "--out", "theirs")
    assert "--replace writes an import anew" in refusal("import", "answers.csv", "--out", "theirs")
    assert run("import", "answers.csv", "--out", "theirs", "--replace", "--title", "New").exit_code == 0
    assert read_survey(place / "theirs").metadata["title"] == "New"
    run("new", "typed")
    assert "exists already" in refusal("import", "answers.csv", "--out", "typed", "--replace")


def test_what_the_machine_refuses_is_a_sentence_without_its_paths(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, code, sentence in [
        (MemoryError(), 1, "not enough memory: name the columns you need in a codebook."),
        (PermissionError(13, "Permission denied", "/home/ada/secret/a.csv"), 1, "a.csv: permission denied"),
        (OSError("strange"), 1, "a file cannot be used (strange); check the path."),
        (ValueError("No shares."), 1, "No shares."),
        (KeyboardInterrupt(), 130, "Stopped. What was published before is untouched"),
        (Stopped(15), 143, "Stopped. What was published before is untouched"),
    ]:

        def fail(*_: object, error: BaseException = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(importing, "import_respondents", fail)
        monkeypatch.setattr(new_folder, "new_folder", fail)
        for arguments in (("import", "answers.csv", "--out", "x"), ("new", "x")):
            said = refusal(*arguments, code=code)
            assert said.startswith("regint: ") and sentence in said and "/home/ada" not in said


def test_a_folder_goes_out_in_every_format(place: Path) -> None:
    run("new", "mine")
    for kind, suffix in [("sav", ".sav"), ("dta", ".dta"), ("csv", ".csv"), ("ddi", ".xml")]:
        result = run("export", "mine", "--format", kind, "--out", f"out{suffix}")
        assert (result.exit_code, result.stdout) == (0, f"Wrote out{suffix}.\n")
        assert (place / f"out{suffix}").stat().st_size > 100


def test_what_cannot_go_out_is_a_sentence(place: Path) -> None:
    assert "does not exist" in refusal("export", "nowhere", "--format", "csv")


def test_check_names_every_problem_of_a_folder_at_once(place: Path) -> None:
    run("new", "mine")
    assert run("check", "mine").stdout.endswith("no problems.\n")
    (place / "mine" / "responses.csv").write_text("question,response\nx,y\nz,y\n", encoding="utf-8")
    result = run("check", "mine")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("regint: ") and "problems:\n- " in result.stderr


def test_a_figure_is_answered_in_a_line_or_six_or_in_json() -> None:
    said = run("figure", "43,5%", "23.5", "23", "10", "--base", "30").stdout.splitlines()
    assert said[0].startswith("No: of 30 people") and len(said) <= 6
    found = json.loads(run("figure", "31", "28", "22", "19", "--base", "108", "--json").stdout)
    assert found["figures"]["counts"] == [[33, 30, 24, 21], [34, 30, 24, 20]]
    both = run("figure", "0", "0", "20", "40", "40", "--mean", "4.2", "--n", "5", "--scale", "1-5")
    assert "one distribution" in both.stdout and len(both.stdout.splitlines()) <= 6
    for dash in "-\u2010\u2011\u2012\u2013\u2014\u2212":
        mean = run("figure", "--mean", "3,57", "--n", "28", "--scale", f"1 {dash} 5")
        assert mean.stdout.startswith(
            "Yes: 28 whole-number answers that add up to 100 have a mean of 3.57.\n"
        )
    assert "exceeds 100 per cent" in refusal("figure", "120", code=2)
    assert "is not a printed percentage" in refusal("figure", "abc", code=2)
    for sign in ("<1", "*", "\u2013"):
        assert "too small to print, or for none" in refusal("figure", "40", sign, code=2)


SAME = "43.5 23.5 23 10"


@pytest.mark.parametrize(
    "figures",
    [
        ["43.5%", "23.5 %", "23", "10"], [SAME], ["43·5", "23,5", "23", "10"],
        ["٤٣٫٥", "23.5", "２３", "010"], [" 43.5\u202f%", "23.5\u00a0per cent", "23 ", "10*"],
    ],
)  # fmt: skip
def test_a_figure_is_read_in_every_way_that_a_table_prints_it(figures: list[str]) -> None:
    assert (
        run("figure", *figures, "--base", "115").stdout
        == run("figure", *SAME.split(), "--base", "115").stdout
    )


@pytest.mark.parametrize(
    "line",
    [
        "43.5,23.5,33", "40-45 60", "-- -5 105", "101", "1e2", "½ 50", "nan", "18 (45%)",
        " ".join(["0.1"] * 1000),
        "33.333333333333333333333333333333 66.666666666666666666666666666667", "100.0 0.0", "0", "",
        "--base 1000000000000 40 60", "--mean abc", "--mean 3.57 --sd x --n 10", "--mean 3.57 --sd -1 --n 10",
        "--mean 3.57 --n 1000000000 --scale 1-5", "--mean 3.57 --n 28 --scale 1-1000000 --sd 2",
        "--mean 3.57 --n 900000 --scale 1-5 --sd 0.1", "--mean 3.57 --items 1000 --n 3",
        "--mean 7 --scale 1-5",
        "--mean 3.57 --n 28 --scale 5-1", "--mean 3.57 --n 300 --scale 0-100 --sd 12.1", "--sd 1.2", "--n 10",
        "40 60 --mean 1.6 --scale 1-2", "--mean 3.57123456789 --n 100000",
    ],
)  # fmt: skip
def test_odd_figures_end_in_sentences_and_soon(line: str) -> None:
    done = run("figure", *(line.split() or [""]))
    said = (done.stdout or done.stderr).splitlines()
    assert 1 <= len(said) <= 6 and (done.exit_code == 2) == bool(done.stderr)
    assert all(sentence.endswith(".") for sentence in said)


# Mistakes, and commands that can be typed as they stand

MISTAKES = {
    "bulid": "Did you mean 'build'?",
    "--colour": "No such option '--colour'",
    "build --timeuot 5": "Did you mean",
    "build -p confidence": "-p needs a name and a value, as in -p confidence 0.9.",
    "build --jobs x": "--jobs: 'x' is not a whole number from 0 up.",
    "build --timeout 0": "--timeout: 0 is not a whole number from 1 up.",
    "build --out": "'--out' requires an argument",
    "build --student=yes": "'--student' does not take a value",
    "import": "FILE is missing: write 'regint import FILE --out FOLDER'.",
    "import x.csv": "--out is missing (survey folder to create): write 'regint import FILE --out FOLDER'.",
    "import x.csv --out y --mask-small few": "--mask-small: 'few' is not a whole number.",
    "export x --format xls": "--format: 'xls' is not one of sav, dta, csv, ddi.",
    "new my survey": "'survey' is one name too many: write 'regint new FOLDER', a name with",
    "new": "FOLDER is missing: write 'regint new FOLDER'.",
    "figure": "no figure and no mean is given: write them as printed",
    "figure --mean 3.5 --scale 5": "--scale: '5' is no scale such as 1-5.",
    "figure 40 --base x": "--base: 'x' is not a whole number",
    "check": "FOLDER is missing: write 'regint check FOLDER'.",
    "new x --base 5": "--base says how a table is read: name it with --from",
    "new x --from typed.csv --legend *=sometimes": "--legend '*=sometimes' needs a sign and what it means",
}


def test_a_mistake_is_one_sentence_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "program", lambda: "regint")
    wrong = {}
    for command, sentence in MISTAKES.items():
        result = CliRunner().invoke(cli.main, shlex.split(command), catch_exceptions=False)
        said = result.stderr
        plain = said.startswith("regint: ") and said.endswith(".\n") and said.count("\n") == 1
        if not plain or sentence not in said or (result.exit_code, result.stdout) != (2, ""):
            wrong[command] = said
    assert wrong == {}


def test_no_command_at_all_shows_the_help() -> None:
    result = CliRunner().invoke(cli.main, [])
    assert result.exit_code == 2
    assert "build" in result.output and "import" in result.output


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program as an environment holds it, with a space in its path."""
    program = tmp_path / "my project" / ".venv" / "bin" / "regint"
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path / "my project")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(sys, "argv", [".venv/bin/regint"])
    return program


def test_a_program_below_the_current_folder_is_written_as_it_was_called(installed: Path) -> None:
    assert cli.program() == ".venv/bin/regint"


def test_a_program_elsewhere_is_written_so_that_a_shell_can_read_it(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "my project" / ".venv")
    monkeypatch.setattr(sys, "argv", [str(installed)])
    assert cli.program() == "bin/regint"
    monkeypatch.chdir("/")
    assert shlex.split(cli.program()) == [str(installed).removeprefix("/")]


def test_a_program_that_the_shell_finds_is_its_bare_name(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(installed)])
    monkeypatch.setenv("PATH", str(installed.parent))
    assert cli.program() == "regint"


def test_under_make_the_installed_script_is_named(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["lib/regint/cli.py"])
    monkeypatch.setattr(sys, "executable", str(installed.with_name("python")))
    assert cli.program() == ".venv/bin/regint"
    installed.unlink()
    assert cli.program() == "regint"


@pytest.mark.parametrize("name", ["; touch pwned", "$(touch pwned)", "`touch pwned`", "a'b\"c"])
def test_a_shell_reads_the_next_command_as_it_was_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "regint").write_text('#!/bin/sh\nprintf "%s\\n" "$@" >../told\n')
    (tmp_path / "bin" / "regint").chmod(0o755)
    (tmp_path / "place").mkdir()
    monkeypatch.chdir(tmp_path / "place")
    monkeypatch.setattr(cli, "program", lambda: "../bin/regint")
    command = run("new", name).stdout.splitlines()[-1].removeprefix("Next: ")
    subprocess.run(command, shell=True, check=True)
    told = (tmp_path / "told").read_text().splitlines()
    assert told == ["check", name]
    assert f"{name}: 3 questions" in run(*told).stdout
    assert [path.name for path in (tmp_path / "place").iterdir()] == [name]


def test_the_installed_program_says_a_command_that_can_be_typed(tmp_path: Path) -> None:
    program = shutil.which("regint", path=str(Path(sys.executable).parent))
    assert program, "regint is not installed beside this interpreter"
    first = subprocess.run([program, "new", "my survey"], cwd=tmp_path, capture_output=True, text=True)
    command = first.stdout.splitlines()[-1].removeprefix("Next: ")
    then = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert then.returncode == 0, then.stderr
    assert "my survey: 3 questions" in then.stdout


# Without what only Unix has

# What others wrote asks sys.platform, which says Linux here, so it is imported before.
WITHOUT_UNIX = """
import os, signal, sys
import jupyter_client, multiprocessing.forkserver, platformdirs.unix, pyarrow, tempfile
for name in ("fork", "killpg", "setsid", "getuid", "geteuid", "getpgid"):
    delattr(os, name)
for name in ("SIGKILL", "SIGHUP"):
    delattr(signal, name)
for name in ("pwd", "grp", "fcntl", "resource"):
    sys.modules[name] = None
import nbarticle.run
from regint import cli
for command in sys.argv[1:]:
    try:
        cli.main(command.split())
    except SystemExit as end:
        assert not end.code, command
"""


def test_commands_need_nothing_that_only_unix_has(place: Path) -> None:
    commands = (
        "new mine",
        "check mine",
        "import answers.csv --out theirs --weight w",
        "export mine --format csv",
        "build --help",
    )
    line = [sys.executable, "-c", WITHOUT_UNIX, *commands]
    done = subprocess.run(line, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
