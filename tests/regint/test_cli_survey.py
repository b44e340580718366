"""The doors for a survey of one's own, from the outside: what is printed, written and refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from regint import cli
from regint.cli import main
from regint.survey.table import read_survey
from surveyfile import importing, printed_table

ANSWERS = "id;q1;w\n1;Yes;1,5\n2;No;0,5\n3;Yes;1\n4;Refused;1\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "program", lambda: "bin/regint")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1 and result.stdout == ""
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
    assert result.stdout.splitlines()[-1] == "Wrote theirs. Next: bin/regint build --survey theirs"
    record = json.loads((place / "theirs" / "import.json").read_text(encoding="utf-8"))
    assert record["settings"]["missing"] == [["q1", "Refused"]]
    responses = read_survey(place / "theirs").responses.set_index("response")
    assert responses["count"].to_dict() == {"no": 1, "yes": 2, "refused": 1}
    assert not responses.loc["refused", "substantive"]


@pytest.mark.parametrize(
    ("stated", "pairs"),
    [
        (["9"], [["", "9"]]),
        (["8,9"], [["", "8"], ["", "9"]]),
        (["q1=8, 9", "q2=7"], [["q1", "8"], ["q1", "9"], ["q2", "7"]]),
        (["a=b=9"], [["a=b", "9"]]),  # a column may hold the sign
        ([" , "], []),
    ],
)
def test_missing_codes_are_taken_apart(stated: list[str], pairs: list[list[str]]) -> None:
    settings = cli._settings({"missing": tuple(stated)})
    assert [list(pair) for pair in settings.missing] == pairs


def test_a_replay_decides_as_its_record_and_takes_nothing_beside_it(place: Path) -> None:
    run("import", "answers.csv", "--out", "first", "--weight", "w")
    assert run("import", "answers.csv", "--out", "again", "--replay", "first/import.json").exit_code == 0
    assert [p.read_bytes() for p in sorted((place / "first").iterdir())] == [
        p.read_bytes() for p in sorted((place / "again").iterdir())
    ]
    for option in (["--weight", "w"], ["--mask-small", "5"], ["--codebook", "x.csv"], ["--missing", "9"]):
        sentence = refusal("import", "answers.csv", "--out", "x", "--replay", "first/import.json", *option)
        assert sentence.startswith(f"{option[0]} cannot be combined with --replay")
    assert not (place / "x").exists()


def test_an_import_replaces_an_import_only_when_told_and_nothing_else_ever(place: Path) -> None:
    run("import", "answers.csv", "--out", "theirs")
    assert "--replace writes an import anew" in refusal("import", "answers.csv", "--out", "theirs")
    assert run("import", "answers.csv", "--out", "theirs", "--replace", "--title", "New").exit_code == 0
    assert read_survey(place / "theirs").metadata["title"] == "New"
    run("new", "typed")
    assert "exists already" in refusal("import", "answers.csv", "--out", "typed", "--replace")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "not enough memory: name the columns you need in a codebook"),
        (
            PermissionError(13, "Permission denied", "/home/ada/secret/answers.csv"),
            "answers.csv: Permission denied",
        ),
        (OSError("strange"), "a file: cannot be used: check the path"),
    ],
)
def test_what_the_machine_refuses_is_a_sentence_without_its_paths(
    place: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(importing, "import_respondents", fail)
    monkeypatch.setattr(printed_table, "new_folder", fail)
    for arguments in (("import", "answers.csv", "--out", "x"), ("new", "x")):
        said = refusal(*arguments)
        assert sentence in said and "/home/ada" not in said


@pytest.mark.parametrize(
    ("kind", "suffix"), [("sav", ".sav"), ("dta", ".dta"), ("csv", ".csv"), ("ddi", ".xml")]
)
def test_a_folder_goes_out_in_every_format(place: Path, kind: str, suffix: str) -> None:
    run("new", "mine")
    result = run("export", "mine", "--format", kind, "--out", f"out{suffix}")
    assert (result.exit_code, result.stdout) == (0, f"Wrote out{suffix}.\n")
    assert (place / f"out{suffix}").stat().st_size > 100


def test_what_cannot_go_out_is_a_sentence(place: Path) -> None:
    assert "does not exist" in refusal("export", "nowhere", "--format", "csv")
