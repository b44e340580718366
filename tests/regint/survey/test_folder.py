"""A folder appears whole or not at all, and what was there before stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from regint.survey import folder as folder_module
from regint.survey.folder import table_text, write_survey_folder
from surveyfile.importing import import_respondents
from textfiles.problems import Problem


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


def test_work_of_a_person_is_never_replaced(files: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_survey_folder(out, files)
    (out / "thesis").mkdir()
    (out / "thesis" / "notes.txt").write_text("years of work", encoding="utf-8")
    claims = (out / "claims.csv").read_text(encoding="utf-8") + "c1,q1,mine,most,,asked,data_file,p. 1,\n"
    (out / "claims.csv").write_text(claims, encoding="utf-8")
    with pytest.raises(Problem, match=r"claims\.csv, thesis edited or added"):
        write_survey_folder(out, files, replace=True)
    assert (out / "claims.csv").read_text(encoding="utf-8") == claims
    assert (out / "thesis" / "notes.txt").read_text(encoding="utf-8") == "years of work"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("record", ["{}", "[]", "no json", '{"written": 3}', '{"written": {"../x": "y"}}'])
def test_a_folder_that_does_not_say_what_was_written_is_not_replaced(
    files: dict[str, str], tmp_path: Path, record: str
) -> None:
    write_survey_folder(tmp_path / "out", files)
    (tmp_path / "out" / "import.json").write_text(record, encoding="utf-8")
    with pytest.raises(Problem, match="rename the folder"):
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
