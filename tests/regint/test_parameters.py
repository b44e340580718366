"""Parameters: every illegal value ends in a sentence, wherever it was set; every notebook's own are legal."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from regint.parameters import RULES, check_values
from textfiles.parameters_cell import Declared, declarations
from textfiles.problems import Problem

PROJECT = Path(__file__).parents[2]
ASTANA = "data/survey/astana_2025"


def declared_by(notebook: Path) -> tuple[Declared, ...]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
    return declarations(tagged[0]) if tagged else ()


STUDY = {path.stem: declared_by(path) for path in sorted((PROJECT / "notebooks").glob("*.ipynb"))}
REPORTS = {path.stem: declared_by(path) for path in sorted((PROJECT / "lib/regint/reports").glob("*.ipynb"))}
COLLECTION = STUDY | REPORTS


def test_every_notebook_declares_legal_defaults_with_a_meaning() -> None:
    for name, declared in STUDY.items():
        assert declared, name
        assert check_values(declared, {}) == {one.name: one.default for one in declared}
        assert [one.name for one in declared if not one.meaning] == [], name


def test_every_rule_is_of_a_parameter_that_a_notebook_declares() -> None:
    assert set(RULES) <= {one.name for declared in COLLECTION.values() for one in declared}


ILLEGAL = [
    ("05", {"base": "answred"}, "must be one of printed, asked, answered (did you mean 'answered'?)."),
    ("05", {"base": 3}, "base=3 must be a text."),
    ("03", {"confidence": 1.0}, "confidence=1.0 must lie above 0 and below 1."),
    ("03", {"confidence": 95}, "confidence=95.0 must lie above 0 and below 1."),
    ("03", {"confidence": float("nan")}, "confidence=nan must be a number."),
    ("01", {"question": "prospect"}, "must be a question id of data/survey/astana_2025: "),
    ("topline", {"survey": ""}, "must be a survey folder that exists"),
    ("topline", {"survey": "data/theory"}, "has no questions.csv"),
    ("topline", {"survey": "/home/ada/mine"}, "lies outside this project; 'regint report FOLDER' makes"),
    ("topline", {"survey": "../mine"}, "lies outside this project"),
    ("02", {"rounding": "up_or_dwn"}, "did you mean 'up_or_down'"),
    ("02", {"largest_base": 1001}, "largest_base=1001 must lie from 1 to 1000."),
    ("02", {"prior": "flat"}, "must be one of uniform, reciprocal"),
    ("04", {"rating": "economic_directions"}, "must be one of prospects, stability, "),
    ("05", {"claim": "no_such"}, "claim='no_such' must be a claim of data/survey/astana_2025"),
    ("06", {"groups": "CA5, EU"}, "must leave three groupings or more, CA5 among them."),
    ("06", {"groups": "CA5, EU, EAEUU"}, "'EAEUU' is none of"),
    ("06", {"region": "CA6"}, "did you mean 'CA5'"),
    ("06", {"coding": "nowhere.csv"}, "must be a CSV file that exists."),
    ("06b", {"draws": True}, "draws=True must be a whole number."),
    ("06b", {"threshold": 0.7}, "must be one of 1.0, 0.5"),
    ("08", {"coder": "colection"}, "did you mean 'collection'"),
    ("08", {"leave_out": "prospcts"}, "names no question of data/theory/option_coding.csv: 'prospcts' is"),
    ("09", {"date": "16.11.2025"}, "must be a day such as 2025-06-16, not before 1991-12-21."),
    ("09", {"date": "1990-01-01"}, "not before 1991-12-21."),
    ("09b", {"last": 2010}, "must be a year from 2011 to 2022."),
    ("11", {"file": "nowhere.sav"}, "must be a file that exists."),
    ("11", {"mask_small": 101}, "must lie from 0 to 100."),
]  # fmt: skip


def test_illegal_values_end_in_a_sentence_that_names_them() -> None:
    missing = {}
    for number, values, sentence in ILLEGAL:
        declared = next(found for name, found in COLLECTION.items() if name.startswith(number))
        with pytest.raises(Problem) as refusal:
            check_values(declared, values)
        said = str(refusal.value)
        if sentence not in said or not said.startswith(f"Parameter {next(iter(values))}=") or "\n" in said:
            missing[sentence] = said
    assert missing == {}


def test_a_whole_number_becomes_a_float_where_one_is_declared() -> None:
    assert repr(check_values([Declared("growth", float, 2.5)], {"growth": 2})["growth"]) == "2.0"


def test_a_default_is_left_open_only_where_it_is_exactly_nothing() -> None:
    assert check_values([Declared("largest_base", int, 0)], {}) == {"largest_base": 0}
    for default in (0.0, False):  # both equal 0
        with pytest.raises(Problem, match="must lie from 1 to 1000"):
            check_values([Declared("largest_base", type(default), default)], {})


def test_a_broken_table_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "questions.csv").write_text("question,kind\nq,single\n", encoding="utf-8")
    (tmp_path / "claims.csv").write_bytes(b"claim\n\xff\n")
    monkeypatch.chdir(tmp_path)
    declared = [Declared("survey", str, "."), Declared("claim", str, "")]
    with pytest.raises(Problem, match=r"^claims\.csv, line 2: the byte 0xFF is not UTF-8"):
        check_values(declared, {"claim": "c1"})


# Refused in a sentence wherever a value is set: in a kernel, by papermill, on the command line.

CHECK = "from regint import parameters\n\np = parameters.check()\nprint(p.share, p.word)"


def notebook(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def run(*sources: str) -> str:
    found = NotebookClient(notebook(*sources), kernel_name="python3").execute()
    return "".join(output.get("text", "") for output in found.cells[-1].outputs)


def test_a_kernel_shows_the_sentence_and_no_traceback() -> None:
    cell = 'share: float = 0.5  # 0-1\nword: str = "a"  # any\nconfidence: float = 0.95  # coverage'
    assert run(cell, "# Parameters\nshare = 1", CHECK) == "1.0 a\n"
    for injected, sentence in [
        ("confidence = 1.5", "Parameter confidence=1.5 must lie above 0 and below 1."),
        (
            "shar = 0.4",
            "There is no parameter 'shar': it has share, word, confidence (did you mean 'share'?).",
        ),
        ('share = "x"', "Parameter share='x' must be a number."),
    ]:
        broken = notebook(cell, f"# Parameters\n{injected}", CHECK)
        with pytest.raises(CellExecutionError):
            NotebookClient(broken, kernel_name="python3").execute()
        assert broken.cells[-1].outputs[-1].traceback == [sentence]


@pytest.mark.slow
def test_papermill_itself_ends_with_the_sentence(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "papermill",
        "notebooks/03_response_distributions.ipynb",
        str(tmp_path / "out.ipynb"),
    ]
    for name, value, sentence in [
        ("confidence", "1.5", "Parameter confidence=1.5 must lie above 0 and below 1."),
        ("quesion", "x", "There is no parameter 'quesion'"),
    ]:
        done = subprocess.run(
            [*command, "-p", name, value], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert done.returncode != 0 and sentence in done.stderr
