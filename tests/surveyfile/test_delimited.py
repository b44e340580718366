"""Delimited text: however many pieces it is read in, the folder is the same, byte for byte."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from surveyfile.columns import MANY
from surveyfile.identify import Limits
from surveyfile.importing import Imported, import_respondents
from surveyfile.record import Settings
from textfiles.problems import Problem

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "data" / "examples"


def both(path: Path, stated: Settings, codebook: Path | None = None) -> Imported:
    """Import a file in one piece and in many, and compare."""
    whole = import_respondents(path, stated, codebook)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("surveyfile.delimited._BLOCK", 256)  # a row is at most as long
        patch.setattr("surveyfile.engine._CELLS", max(700, path.stat().st_size // 10))  # some twenty rows
        pieces = import_respondents(path, stated, codebook)
    assert pieces.files == whole.files
    assert (pieces.decisions, pieces.warnings) == (whole.decisions, whole.warnings)
    return pieces


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


TEXTS = {
    "plain": ("id,q1,w\n1,yes,2\n2,no,1\n3,,1\n4,yes,1\n", "utf-8"),
    "quotes and line ends": (
        'id,q1,w\r\n1,"yes, ""so""",2\r\n2,"two\nlines",1\r\n3,"",1\r\n4,5" pipe,1',
        "utf-8",
    ),
    "mark, sep line, decimal comma": ("\ufeffsep=;\nid;q1;w\n1;été;0,5\n2;no;1,25\n3;no; 1,25\n", "utf-8"),
    "cp1252": ("id;q1;w\n1;été;1\n2;non;0\n3;été;2\n", "cp1252"),
    "utf-16": ("id\tq1\tw\n1\tда\t1\n2\tнет\t3\n", "utf-16"),
    "look-alikes": ("id,q1,w\n1,Cafe\u0301,1\n2,Café,1\n3, Café\u200b,1\n4,no,1\n5, no,1\n", "utf-8"),
    "whole numbers with .0": ("id,q1,w\n1,1.0,1\n2,2.0,1\n3,1.0,3.5\n", "utf-8"),
    "codes, NA and None": ("id,q1,w\n1,007,1\n2,NA,1\n3,None,1\n4,12345678901234567890,1\n", "utf-8"),
    "single quotation marks": ("'id','q1','w'\n1,'a b',1\n2,'c',2\n", "utf-8"),
    "an empty column without a name": ("id,q1,w,\n1,a,1,\n2,b,1,\n3,a,1,\n", "utf-8"),
    "weights with many decimals": (
        "id,q1,w\n1,a,0.123456789012\n2,b,1.7182818284590451\n3,a,1e-3\n",
        "utf-8",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_folder_from_text(tmp_path: Path, name: str) -> None:
    both(written(tmp_path, *TEXTS[name]), Settings(weight="w", missing=(("", "NA"),), single=("q1",)))


def test_the_same_folder_with_masks_and_without_weights(tmp_path: Path) -> None:
    rows = "".join(f"{n},{'abcde'[min(4, n % 17)]},{n % 3}\n" for n in range(300))
    both(written(tmp_path, "id,q1,q2\n" + rows), Settings(mask_small=5))


def test_the_same_folder_from_sets_of_columns_and_cells_with_several_answers(tmp_path: Path) -> None:
    generator = np.random.default_rng(4)
    rows = [
        f"{n},{a},{b},{'' if c == 3 else '|'.join('xyz'[: c + 1])},{w:.3f}"
        for n, (a, b, c, w) in enumerate(
            zip(*(generator.integers(0, 4, 400) for _ in range(3)), generator.uniform(0, 3, 400), strict=True)
        )
    ]
    (tmp_path / "codebook.csv").write_text(
        "column,role,question,kind,separator,code,response,response_label,status\n"
        "first,question,tools,multiple,,1,roads,Roads,answer\n,,,,,2,trade,Trade,answer\n,,,,,0,,No,not_chosen\n"
        ",,,,,3,,Refused,missing\nsecond,question,tools,multiple,,1,trade,Trade,answer\n"
        ",,,,,2,power,Power,answer\n,,,,,0,,No,not_chosen\n,,,,,3,,Not asked,not_asked\n"
        "cell,question,cell,multiple,|,x,x,X,answer\n,,,,,y,y,Y,answer\n,,,,,z,z,Z,answer\nw,weight,,,,,,,\n"
    )
    path = written(tmp_path, "\n".join(["id,first,second,cell,w", *rows]) + "\n")
    imported = both(path, Settings(), tmp_path / "codebook.csv")
    assert [question.question for question in imported.questions] == ["tools", "cell"]


def test_the_same_folder_from_the_awkward_example() -> None:
    both(EXAMPLES / "awkward_panel.csv", Settings(), EXAMPLES / "awkward_panel_codebook.csv")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "a", "b", " a", "1.0", "2.0", "x,y", 'say "z"', "Ж"]),
            st.sampled_from(["", "1", "2", "9"]),
            st.floats(1e-6, 1e6),
        ),
        min_size=3,
        max_size=40,
    )
)
def test_the_same_folder_from_any_table(tmp_path: Path, rows: list[tuple[str, str, float]]) -> None:
    frame = pd.DataFrame(rows, columns=["q1", "q2", "w"]).assign(id=range(len(rows)))
    frame.to_csv(tmp_path / "answers.csv", index=False)
    try:
        both(tmp_path / "answers.csv", Settings(weight="w", missing=(("q2", "9"),)))
    except Problem as error:
        assert str(error)


@pytest.mark.parametrize("distinct", [MANY, MANY + 1, 2 * MANY + 1, 15 * MANY])
def test_a_column_of_identifiers_is_left_out_in_the_same_words(tmp_path: Path, distinct: int) -> None:
    rows = "".join(f"n{n},{'ab'[n % 2]}\n" for n in range(distinct))
    imported = both(written(tmp_path, "id,q1\n" + rows), Settings())
    assert ("more than 10,000 different answers" in imported.files["import.json"]) == (distinct > MANY)


def test_a_name_like_a_pattern_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "a1.csv").write_text("id,q1\n1,x\n2,x\n3,x\n")
    path = tmp_path / "a[1]*'.csv"
    path.write_text("id,q1\n1,y\n2,n\n3,y\n")
    assert [r.count for r in both(path, Settings()).questions[0].responses] == [1, 2]


@pytest.mark.parametrize("role", ["weight", "described"])
def test_very_many_answers_are_told_apart_where_they_are_asked_for(tmp_path: Path, role: str) -> None:
    rows = "".join(f"{n},{'ab'[n % 2]},{n + 1}\n" for n in range(3 * MANY))
    path = written(tmp_path, "id,q1,w\n" + rows)
    if role == "weight":
        both(path, Settings(weight="w"))
    else:
        (tmp_path / "codebook.csv").write_text("column,kind\nid,single\n")
        assert len(both(path, Settings(), tmp_path / "codebook.csv").questions[0].responses) == 3 * MANY


REFUSED = {
    "a short row": ("id,q1\n1,a\n2\n3,b\n", Settings(), "row 3: 1 cells where the header names 2"),
    "a long row": ("id,q1\n1,a\n2,b,c\n3,b\n", Settings(), "row 3: 3 cells where the header names 2"),
    "an open quotation mark": (
        'id,q1\n1,a\n2,"b\n3,b\n',
        Settings(),
        "a quotation mark is opened and not closed",
    ),
    "no rows": ("id,q1\n", Settings(), "has column names and no rows"),
    "answers without a name": ("id,q1,\n1,a,\n2,b,c\n", Settings(), "column 3 holds answers and has no name"),
    "a missing weight": ("id,q1,w\n1,a,1\n2,b,\n3,b,\n", Settings(weight="w"), "for respondents 2, 3: give"),
    "a long cell": ("id,q1\n1,a\n2," + "b" * 200_000 + "\n", Settings(), "longer than 131,072 characters"),
    "an unknown column": ("id,q1\n1,a\n2,b\n", Settings(weight="v"), "has no column 'v'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_one_sentence_otherwise(tmp_path: Path, name: str) -> None:
    text, stated, sentence = REFUSED[name]
    with pytest.raises(Problem) as caught:
        import_respondents(written(tmp_path, text), stated)
    (problem,) = caught.value.sentences
    assert sentence in problem
    assert problem.endswith(".")
    assert str(tmp_path) not in problem


def test_an_uneven_row_of_a_late_piece_is_named_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveyfile.delimited._BLOCK", 64)
    rows = "".join(f"{n},{'ab'[n % 2]}\n" for n in range(2, 500))
    with pytest.raises(Problem, match="row 500: 3 cells"):
        import_respondents(written(tmp_path, f"id,q1\n{rows}7,a,b\n"))


def test_too_many_rows_are_refused_as_soon_as_they_are_met(tmp_path: Path) -> None:
    path = written(tmp_path, "id,q1\n1,a\n2,b\n3,a\n")
    with pytest.raises(Problem, match="more than 2 rows"):
        import_respondents(path, limits=Limits(rows_in_pieces=2))


def test_only_a_design_with_strata_or_clusters_needs_all_respondents_at_once(tmp_path: Path) -> None:
    rows = "".join(f"{n},{'ab'[n % 3 == 0]},{n % 2},1.5\n" for n in range(20))
    path = written(tmp_path, "id,q1,s,w\n" + rows)
    for limits in (Limits(cells=79), Limits(rows=19)):
        import_respondents(path, Settings(weight="w"), limits=limits)
        with pytest.raises(Problem, match="too large for --strata and --cluster, whose errors need all resp"):
            import_respondents(path, Settings(weight="w", strata="s"), limits=limits)
    import_respondents(path, Settings(weight="w", strata="s"), limits=Limits(rows=20, cells=80))


def test_very_many_weights_are_held_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(n % 3, f"{1 + n / 7:.6f}") for n in range(30_000)]
    text = "".join(f"{answer},{weight}\n" for answer, weight in rows)
    monkeypatch.setattr("surveyfile.engine.MANY", 100)
    monkeypatch.setattr("surveyfile.engine._CELLS", 1 << 18)
    path = written(tmp_path, "q1,w\n" + text)
    (question,) = import_respondents(path, Settings(weight="w")).questions
    for answer, response in enumerate(question.responses):
        own = [Fraction(weight) for code, weight in rows if code == answer]
        assert (response.count, response.weighted_count) == (len(own), float(sum(own)))
    path.write_text(path.read_text() + "1,0\n2,0.0\n", encoding="utf-8")
    assert any(
        line.endswith("; 2 of them are zero.")
        for line in import_respondents(path, Settings(weight="w")).decisions
    )
    path.write_text(path.read_text() + "1,\n2,x\n", encoding="utf-8")
    with pytest.raises(
        Problem, match="is empty for respondent 30003: give .*\n.* for respondent 30004: correct"
    ):
        import_respondents(path, Settings(weight="w"))


_PEAK = """
import sys, re
from pathlib import Path
from surveyfile import delimited, engine
from surveyfile.importing import import_respondents
delimited._BLOCK, engine._CELLS = 1 << 18, 1 << 22  # a sixteenth and an eighth, so that small files tell
from surveyfile.record import Settings
assert len(import_respondents(Path(sys.argv[1]), Settings(weight="w")).questions) == 48
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell peak memory")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    generator = np.random.default_rng(6)
    block = "".join(
        f"{n},{w:.2f},{','.join(map(str, row))}\n"
        for n, (w, row) in enumerate(
            zip(generator.uniform(0.2, 3, 10_000), generator.integers(1, 6, (10_000, 48)), strict=True)
        )
    )
    header = f"id,w,{','.join(f'q{i}' for i in range(48))}\n"
    peaks = []
    for times in (20, 60):  # 20 and 60 MB
        path = written(tmp_path, header + block * times)
        done = subprocess.run([sys.executable, "-c", _PEAK, path], capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout) * 1024)
    assert peaks[1] - peaks[0] < 15e6
