"""The command line: what it refuses, in one sentence and before anything has been touched."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbarticle import environment
from nbarticle.environment import provenance
from nbarticle.run import describe
from regint import cli, parameters
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
        "--survey",
        "data",
    ): "must be a survey folder, but this one has no questions.csv",
    ("02_second", "-p", "survey", "data/s"): "There is no parameter 'survey': it has factor.",
    ("-p", "colour", "red"): "There is no parameter 'colour'",
    ("03_third", "-p", "factor", "2"): "it has none",
    ("03_third", "--survey", "data/s"): "None of the notebooks takes a survey folder.",
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


@pytest.mark.parametrize("arguments", REFUSED, ids=lambda a: " ".join(a))
def test_refuses_with_one_sentence_and_touches_nothing(copy, invoke, arguments: tuple[str, ...]) -> None:
    before = {p: p.stat().st_mtime_ns for p in copy.root.rglob("*")}
    result = invoke("build", *arguments)
    assert result.exit_code == 2
    assert REFUSED[arguments] in result.stderr
    assert result.stderr.count("\n") == 1
    assert {p: p.stat().st_mtime_ns for p in copy.root.rglob("*")} == before


def test_unknown_question_id_is_refused(copy, invoke) -> None:
    notebook = "factor: int = 1\nsurvey: str = 'data/s'\nquestion: str = ''"
    copy.write("01_first", "1", parameters=notebook)
    result = invoke("build", "01_first", "-p", "question", "q11")
    assert result.exit_code == 2
    assert "question='q11' must be a question id of data/s: q1 (did you mean 'q1'?)" in result.stderr


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("x = 1", "only lines such as"),
        ("x: int = 1 + 1", "must be a whole number"),
        ("x: list = []", "only lines such as"),
        ("x: int = (", "was never closed"),
    ],
)
def test_parameters_cell_that_cannot_be_checked_is_refused(copy, invoke, cell: str, problem: str) -> None:
    copy.write("04_new", "1", parameters=cell)
    result = invoke("build")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "04_new" in result.stderr
    assert problem in result.stderr


def test_file_that_is_no_notebook_is_refused(copy, invoke) -> None:
    (copy.root / "notebooks" / "04_new.ipynb").write_text("[1]")
    result = invoke("build")
    assert result.exit_code == 2
    assert "04_new.ipynb is not a notebook" in result.stderr


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


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOENT, errno.EIO])
def test_system_errors_are_described(number: int) -> None:
    sentence = describe(OSError(number, os.strerror(number), "build/x"))
    assert "build/x: " in sentence
    assert sentence.endswith(".")


# Where results go


def test_variant_leaves_the_published_set_alone(copy) -> None:
    good = copy.files()
    run = copy.build("01_first", "-p", "factor", "3")
    assert (run.returncode, run.stdout.splitlines()[1]) == (0, "Site: build/variant/site/index.html")
    page = (copy.out / "variant" / "site" / "01_first.html").read_bytes()
    assert b"9009" in page
    assert b"make variant NOTEBOOK=01_first" in page
    assert not (copy.out / "variant" / "site" / "02_second.html").exists()
    assert {k: v for k, v in copy.files().items() if "variant" not in k} == good


def test_another_survey_goes_to_a_place_of_its_own(copy) -> None:
    good = copy.files()
    survey = copy.root.parent / "their survey"
    survey.mkdir()
    (survey / "questions.csv").write_text("question,kind\nq9,single\n")
    copy.write("01_first", "print(survey)", parameters="survey: str = 'data/s'  # survey folder")
    run = copy.build("--survey", str(survey))
    assert run.returncode == 0, run.stderr
    assert "note: 03_third was left out" in run.stderr
    files = copy.files("build/survey/their survey")
    assert b"their survey" in files["executed/01_first.ipynb"]
    assert b"make SURVEY=&#x27;path/to/their survey&#x27;" in files["site/01_first.html"].replace(
        b"&#39;", b"&#x27;"
    )
    assert not any(name.startswith("site/data/") for name in files)  # neither ours, nor theirs unasked
    everything = b"".join(files.values())
    assert b"../their survey" not in everything and str(survey.parent).encode() not in everything
    elsewhere = copy.root.parent / "ada" / "their survey"
    elsewhere.parent.mkdir()
    survey.rename(elsewhere)
    again = copy.build("--survey", str(elsewhere))
    assert again.stdout.startswith("0 built, 1 reused")
    shutil.rmtree(copy.out / "survey")
    copy.build("01_first", "-p", "survey", str(elsewhere), "--out", "build/survey/their survey")
    assert (
        copy.files("build/survey/their survey")["executed/01_first.ipynb"] == files["executed/01_first.ipynb"]
    )
    survey = elsewhere
    assert {name: content for name, content in copy.files().items() if "survey/" not in name} == good
    (survey / "questions.csv").write_text("question,kind\nq8,single\n")
    assert copy.build("--survey", str(survey)).stdout.startswith("1 built, 0 reused")


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
    assert known["epoch"] == int(environment.FIXED["SOURCE_DATE_EPOCH"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    assert provenance(tmp_path)[0]["epoch"] == 5
    for impossible in ("abc", "-1", "1.5", "99999999999999", "٣", "9" * 5000):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", impossible)
        with pytest.raises(Problem, match=r"^SOURCE_DATE_EPOCH=.* is no date: .* unset it\.$"):
            provenance(tmp_path)
