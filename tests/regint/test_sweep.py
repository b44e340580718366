"""Sweeps: every run in a place of its own, reused, failures apart, and all tables in one."""

import csv
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbarticle.document import Display, Page
from regint.cli import main
from regint.survey.claims import claims_on_trial
from regint.survey.table import read_survey
from regint.sweep import (
    _COLUMNS,
    Run,
    _cells,
    _read_grid,
    _write_results,
    over_surveys,
    report_request,
)
from surveyfile.new_folder import new_folder
from textfiles.problems import Problem

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = PROJECT / "tests" / "regint" / "survey" / "folders"
POWERS = """import pandas as pd
from regint.display import tables
if factor == 4:
    raise ValueError("no factor of 4")
frame = pd.DataFrame({"claim": ["It is large", "It grows"], "value": [factor, factor**2]})
frame["verdict"] = ["certain" if factor > 2 else "possible", "certain"]
tables.show(frame, caption="Powers of a factor", label="tbl-powers")"""
DECLARED = "factor: int = 1  # what is multiplied\nword: str = 'a'  # nothing that counts"


def sweep(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "regint.cli", "sweep", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert "Traceback" not in done.stderr
    return done


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def powers(collections: Any, once: Callable[..., Path]) -> Path:
    """A collection of one notebook, swept over four factors, one of which it cannot take."""

    def make(folder: Path) -> None:
        collection = collections.Collection(folder / "project")
        collection.write("01_powers", POWERS, parameters=DECLARED)
        (collection.root / "grid.csv").write_text("factor,word\n2,\n3,=b\n4,\n5,\n")
        assert collection.build().returncode == 0
        done = sweep(collection.root, "01_powers", "--over", "grid.csv")
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1 and "stopped with ValueError: no factor of 4." in done.stderr
        assert done.stdout.startswith("3 of 4 runs made: build/sweep/01_powers-over-grid/results.csv")

    return once("powers", make) / "project" / "build" / "sweep" / "01_powers-over-grid"


def test_results_hold_every_cell_with_the_parameters_and_failures_stand_apart(powers: Path) -> None:
    found = rows(powers / "results.csv")
    assert list(found[0]) == ["run", "factor", "word", *_COLUMNS]
    assert {(row["factor"], row["word"]) for row in found} == {("2", "a"), ("3", "'=b"), ("5", "a")}
    squares = {row["factor"]: row["number"] for row in found if row["name"] == "It grows" and row["number"]}
    assert squares == {"2": "4.0", "3": "9.0", "5": "25.0"}
    frame = pd.read_parquet(powers / "results.parquet")
    assert len(frame) == len(found) == 3 * 4 and set(frame["word"]) == {"a", "=b"}
    ended = {row["factor"]: (row["state"], row["message"]) for row in rows(powers / "runs.csv")}
    assert ended["3"] == ("made", "") and ended["4"][0] == "failed" and "no factor of 4" in ended["4"][1]


def test_one_page_compares_the_runs(powers: Path) -> None:
    page = BeautifulSoup((powers / "comparison/site/sweep.html").read_text(encoding="utf-8"), "lxml")
    text = " ".join(page.get_text(" ").split())
    assert "4 runs; 1 of them failed." in text and "no factor of 4" in text
    said = [[cell.get_text(strip=True) for cell in row("td")] for row in page.find(id="tbl-words")("tr")]
    assert sum(row[-3:] in (["possible", "1", "2"], ["certain", "2", "3; 5"]) for row in said) == 2
    assert page.find(id="fig-01_powers-tbl-powers") or page.find(id="fig-01-powers-tbl-powers")


def test_each_run_says_what_it_changed_of_the_published_page(powers: Path) -> None:
    found = rows(powers / "runs/site/what-changed.csv")
    words = {row["notebook"]: (row["published"], row["here"]) for row in found if row["kind"] == "word"}
    turned = ("possible", "certain")
    assert list(words.values()) == [turned, turned] and "01_powers-factor-5" in words
    squares = [row["here"] for row in found if row["row"] == "It grows"]
    assert squares == ["4", "9", "25"]


@pytest.mark.slow
def test_a_longer_grid_runs_what_is_new_and_a_shorter_one_forgets(powers: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(powers.parents[2], tmp_path / "project"))
    powers = root / powers.relative_to(powers.parents[2])
    before = {path.name: path.stat().st_mtime_ns for path in (powers / "runs" / "executed").iterdir()}
    (root / "grid.csv").write_text("factor,word\n2,\n5,\n6,\n")
    done = sweep(root, "01_powers", "--over", "grid.csv", "--along", "factor")
    assert (done.returncode, done.stderr) == (0, "")
    after = {path.name: path.stat().st_mtime_ns for path in (powers / "runs" / "executed").iterdir()}
    assert after.keys() == {f"01_powers-factor-{n}.ipynb" for n in (2, 5, 6)}
    assert all(after[name] == before[name] for name in after.keys() & before.keys())
    assert {row["factor"] for row in rows(powers / "results.csv")} == {"2", "5", "6"}


@pytest.mark.slow
def test_a_killed_sweep_goes_on_with_what_is_missing(collections, tmp_path: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    wait = "import time\n\ntime.sleep(1.5)\nopen('/dev/null').close()\nprint(factor)"
    collection.write("01_slow", wait, parameters="factor: int = 1  # a number")
    (collection.root / "grid.csv").write_text("factor\n" + "".join(f"{n}\n" for n in range(2, 10)))
    words = ["01_slow", "--over", "grid.csv", "--jobs", "2"]
    out = collection.root / "build/sweep/01_slow-over-grid"
    command = [sys.executable, "-m", "regint.cli", "sweep", *words]
    made: set[Path] = set()
    with subprocess.Popen(command, cwd=collection.root, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 120
        while len(made) < 3 and time.monotonic() < end:
            time.sleep(0.1)
            made = set((out / "runs/executed").glob("*.ipynb"))
        process.kill()
    before = {path: path.stat().st_mtime_ns for path in (out / "runs/executed").glob("*.ipynb")}
    assert 3 <= len(before) < 8
    done = sweep(collection.root, *words)
    assert done.returncode == 0 and done.stdout.startswith("8 of 8 runs made"), done.stderr
    # At most the last was published without being known of yet.
    again = [path for path, when in before.items() if path.stat().st_mtime_ns != when]
    assert len(again) <= 1
    assert sorted(row["factor"] for row in rows(out / "runs.csv")) == [str(n) for n in range(2, 10)]


@pytest.mark.slow
def test_two_grids_of_one_name_do_not_overwrite_each_other(collections, tmp_path: Path) -> None:
    collection = collections.Collection(tmp_path / "project")
    collection.write("01_powers", POWERS, parameters=DECLARED)
    places = []
    for folder, factor in (("a", 2), ("b", 3)):
        grid = collection.root / folder / "grid.csv"
        grid.parent.mkdir()
        grid.write_text(f"factor\n{factor}\n")
        done = sweep(collection.root, "01_powers", "--over", str(grid))
        assert done.returncode == 0, done.stderr
        places.append(done.stdout.partition(": ")[2].splitlines()[0])
    assert [rows(collection.root / place)[0]["factor"] for place in places] == ["2", "3"]


def test_what_cannot_be_swept_is_one_sentence_before_anything_runs(
    collections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = collections.Collection(tmp_path / "project")
    collection.write("01_powers", POWERS, parameters=DECLARED)
    monkeypatch.chdir(collection.root)

    def refused(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["sweep", *arguments], catch_exceptions=False)
        assert done.exit_code == 2, arguments
        return done.stderr

    grids = {
        "factr\n2\n": "There is no parameter 'factr'",
        "factor\n2\nx\n": "01_powers, run 2: Parameter factor='x' must be a whole number.",
        "factor\n2\n2\n": "run 2: it sets what run 1 sets: take one of the two out.",
        "factor\n": "only a header, no rows",
        "run\n1\n": "a parameter called 'run' cannot be told from the results' own",
    }
    for text, sentence in grids.items():
        (collection.root / "grid.csv").write_text(text)
        assert sentence in refused("01_powers", "--over", "grid.csv"), text
    for arguments in (["01_powers"], ["--over", "grid.csv"], ["x", "--over", "grid.csv", "--surveys"]):
        assert "name notebooks and a grid" in refused(*arguments), arguments
    assert "does not exist" in refused("01_powers", "--over", "no.csv")
    assert not list(collection.root.glob("build/sweep/*/runs/executed/*"))


@pytest.mark.slow
def test_reports_of_surveys_go_on_where_one_cannot_be_made(tmp_path: Path) -> None:
    names = sorted(path.name for path in FOLDERS.iterdir())[:1]
    for name in names:
        shutil.copytree(FOLDERS / name, tmp_path / name)
    (tmp_path / "empty").mkdir()
    done = sweep(tmp_path, "--surveys", "empty", *names)
    assert done.returncode == 1 and done.stdout.startswith("1 of 2 runs made"), done.stderr
    made = next(tmp_path.glob("build/sweep/*"))
    ended = {row["survey"]: row["state"] for row in rows(made / "runs.csv")}
    assert ended == {"empty": "failed", names[0]: "made"}
    assert {row["survey"] for row in rows(made / "results.csv")} == set(names)
    assert (made / "comparison/site/sweep.html").is_file()


def test_rows_go_by_their_first_telling_words_and_intervals_by_their_ends(tmp_path: Path) -> None:
    heads = [("verdict", "left"), ("claim", "left"), ("span", "right"), ("sure", "right")]
    columns = [{"name": name, "header": name, "align": align} for name, align in heads]
    values = [["certain", "A", [0.1, 0.2], True], ["certain", "B", None, False]]
    table = Display("tbl-a", 1, 1, "C", {"columns": columns, "rows": [], "values": values})
    run = Run("r", {"x": 1}, {"01_a": Page("01_a-x-1", "A", tables=(table,))})
    found = [tuple(cell[3:]) for cell in _cells([run])["r"]]
    assert ("A", "span_lower", "0.1", 0.1) in found and ("B", "span_lower", "", None) in found
    assert ("A", "verdict", "certain", None) in found and ("A", "sure", "True", None) in found
    _write_results(tmp_path, [run, Run("s", {"x": 2}, {}, "It failed.")])
    assert [row["state"] for row in rows(tmp_path / "runs.csv")] == ["made", "failed"]
    assert len(rows(tmp_path / "results.csv")) == 8


def survey_run(name: str, answers: list[tuple[str, str, float]], parameter: str = "survey") -> Run:
    heads = [("question", "left"), ("of", "left"), ("answer", "left"), ("share", "right")]
    columns = [{"name": name, "header": name, "align": align} for name, align in heads]
    values = [[question, f"n = {len(answers)}", answer, share] for question, answer, share in answers]
    table = Display("tbl-answers", 1, 1, "C", {"columns": columns, "rows": [], "values": values})
    return Run(name, {parameter: name}, {"topline": Page("topline", "T", tables=(table,))})


def test_answers_to_other_questions_are_not_the_same_row_of_two_surveys() -> None:
    one = survey_run("one", [("Trust?", "Yes", 0.4), ("Trust?", "No", 0.6)])
    two = survey_run("two", [("Work?", "Yes", 0.1), ("Work?", "No", 0.9)])
    three = survey_run("three", [("Trust?", "Yes", 0.5), ("Trust?", "No", 0.5), ("Work?", "No", 0.7)])
    cells = _cells([one, two, three])
    shares = {run: {cell[3]: cell[6] for cell in found if cell[4] == "share"} for run, found in cells.items()}
    assert shares["one"] == {"Trust?, Yes": 0.4, "Trust?, No": 0.6}
    assert shares["two"] == {"Work?, Yes": 0.1, "Work?, No": 0.9}
    assert shares["three"] == {"Trust?, Yes": 0.5, "Trust?, No": 0.5, "Work?, No": 0.7}
    # What names a row with others stays a cell of its own.
    assert ["topline", "tbl-answers", 1, "Work?, Yes", "answer", "Yes", None] in cells["two"]
    # Where nothing names the rows of one run, those of a question are counted in all.
    twice = survey_run("twice", [("Trust?", "Yes", 0.4), ("Trust?", "Yes", 0.6)])
    assert {cell[3] for cell in _cells([twice])["twice"]} == {"Trust?, 1", "Trust?, 2"}
    assert {cell[3] for cell in _cells([twice, one])["one"]} == {"Trust?, 1", "Trust?, 2"}


def test_a_verdict_that_a_table_is_grouped_by_does_not_name_its_rows() -> None:
    one = survey_run("1", [("certain", "A", 0.4), ("certain", "B", 0.6)], parameter="x")
    two = survey_run("2", [("certain", "A", 0.4), ("possible", "B", 0.6)], parameter="x")
    said = {
        name: [cell[5] for cell in found if cell[4] == "question"]
        for name, found in _cells([one, two]).items()
    }
    assert said == {"1": ["certain", "certain"], "2": ["certain", "possible"]}
    assert {cell[3] for cell in _cells([one, two])["2"]} == {"A", "B"}


def test_rows_that_come_and_go_are_not_paired_by_what_they_hold() -> None:
    one = survey_run("1", [("A", "16 people", 0.4), ("B", "20 people", 0.6)], parameter="x")
    two = survey_run("2", [("C", "16 people", 0.4), ("D", "4 people", 0.6)], parameter="x")
    assert {run: {cell[3] for cell in cells} for run, cells in _cells([one, two]).items()} == {
        "1": {"A", "B"},
        "2": {"C", "D"},
    }


def test_two_surveys_of_one_name_are_refused_before_the_first_report(tmp_path: Path) -> None:
    names = [str(tmp_path / "a" / "wave"), str(tmp_path / "b" / "wave")]
    with pytest.raises(Problem, match="Two of the folders are called wave"):
        over_surveys([str(tmp_path / "none"), *names], tmp_path)
    assert not (tmp_path / "runs").exists()


def test_a_grid_with_a_damaged_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("a,b\n1,2,3\n")
    with pytest.raises(Problem, match="g.csv"):
        _read_grid(tmp_path / "g.csv")


def test_claims_about_counts_have_the_page_that_judges_them(tmp_path: Path) -> None:
    table = tmp_path / "votes.csv"
    table.write_text("question,response,count\nVotes?,For,13\n,Against,20\n", encoding="utf-8")
    new_folder(tmp_path / "votes", table=table)
    names = [Path(name).stem for name in report_request(tmp_path / "votes", tmp_path).notebooks]
    assert names == ["topline"]
    with (tmp_path / "votes" / "claims.csv").open("a", encoding="utf-8") as file:
        file.write('half,votes,Half are for it,,"share(votes, for) == 1/2",printed,report,page 1,\n')
    names = [Path(name).stem for name in report_request(tmp_path / "votes", tmp_path).notebooks]
    assert names == ["topline", "printed_figures"]
    trial = claims_on_trial(read_survey(tmp_path / "votes"))
    assert trial["verdict"].to_list() == ["impossible"]  # 13 of 33 is not a half
