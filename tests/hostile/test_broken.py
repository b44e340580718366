"""Every broken file gives the right numbers or one sentence; never a traceback, never half a folder."""

import getpass
import platform
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from regint.cli import main
from regint.survey.table import read_survey

CASES = {
    f"{path.stem}-{name}": case
    for path in sorted((Path(__file__).parent / "broken").glob("*.toml"))
    for name, case in tomllib.loads(path.read_text(encoding="utf-8")).items()
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def file_of(case: dict[str, Any], folder: Path, builders: dict[str, Any]) -> Path:
    if "build" in case:
        return builders[case["build"]](folder)
    path = folder / "answers.csv"
    path.write_bytes(case["text"].encode(case.get("encoding", "utf-8")))
    return path


def outcome(case: dict[str, Any], folder: Path, builders: dict[str, Any]) -> tuple[Result, Path]:
    out = folder / "survey"
    door = case.get("door", "import")
    if door == "check":
        assert run("new", str(out)).exit_code == 0
        spoil(out, case)
        return run("check", str(out)), out
    source = file_of(case, folder, builders)
    if door == "new":
        return run("new", str(out), "--from", str(source)), out
    options = list(case.get("options", []))
    if "codebook" in case:
        (folder / "codebook.csv").write_text(case["codebook"], encoding="utf-8")
        options += ["--codebook", str(folder / "codebook.csv")]
    return run("import", str(source), "--out", str(out), *options), out


def spoil(folder: Path, case: dict[str, Any]) -> None:
    if "remove" in case:
        (folder / case["remove"]).unlink()
        return
    name, old, new = case["change"]
    text = (folder / name).read_text(encoding="utf-8")
    for before, after in zip(
        [old] if isinstance(old, str) else old, [new] if isinstance(new, str) else new, strict=True
    ):
        assert before in text, f"{before!r} is not in {name}"
        text = text.replace(before, after, 1)
    (folder / name).write_bytes(text.encode(case.get("encoding", "utf-8")))


@pytest.mark.parametrize("name", CASES)
def test_right_numbers_or_one_sentence(name: str, tmp_path: Path, builders: dict[str, Any]) -> None:
    case = CASES[name]
    result, out = outcome(case, tmp_path, builders)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert str(tmp_path) not in result.output.replace(str(out), "")
    assert not list(tmp_path.glob(".regint-*")), "a temporary folder was left behind"
    assert not list(tmp_path.rglob("pwned"))
    if "error" in case:
        assert result.exit_code == 1, result.output
        assert case["error"] in result.output
        assert all(line.endswith((".", ":", "?")) for line in result.output.splitlines())
        assert case.get("door") == "check" or not out.exists(), "a folder was written all the same"
        return
    assert result.exit_code == 0, result.output
    assert case.get("says", "") in result.output
    survey = read_survey(out)
    if "figures" in case:
        assert survey.responses["printed"].tolist() == case["figures"]
    for question, counts in case.get("counts", {}).items():
        rows = survey.responses[survey.responses["question"].str.casefold() == question.casefold()]
        assert dict(zip(rows["label"], rows["count"], strict=True)) == counts
    if "counts" in case:
        is_replayed_to_the_byte(tmp_path, out)
        tells_no_path_user_or_host(tmp_path, out)


def is_replayed_to_the_byte(folder: Path, out: Path) -> None:
    source = next(p for p in folder.iterdir() if p.is_file() and p.name != "codebook.csv")
    again = folder / "again"
    result = run("import", str(source), "--out", str(again), "--replay", str(out / "import.json"))
    assert result.exit_code == 0, result.output
    assert {p.name: p.read_bytes() for p in out.iterdir()} == {
        p.name: p.read_bytes() for p in again.iterdir()
    }


def tells_no_path_user_or_host(folder: Path, out: Path) -> None:
    words = [str(folder), str(Path.home()), platform.node()]
    words += [getpass.getuser()] if len(getpass.getuser()) > 4 else []
    for path in out.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if len(word) > 3 and word in text], path.name


def test_the_battery_is_large_enough() -> None:
    assert len(CASES) >= 140
    assert sum("error" in case for case in CASES.values()) >= 90
