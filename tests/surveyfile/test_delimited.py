"""Delimited text: how it is written, and the same folder in however many pieces it is read."""

import codecs
import subprocess
import sys
from encodings.aliases import aliases
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from surveyfile.columns import MANY
from surveyfile.delimited import DELIMITERS, detect_dialect, encoding_of
from surveyfile.identify import LIMITS
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


@pytest.mark.parametrize(
    "distinct", [MANY, MANY + 1, 2 * MANY + 1, pytest.param(15 * MANY, marks=pytest.mark.slow)]
)
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


def test_too_many_rows_are_refused_as_soon_as_they_are_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LIMITS, "rows_in_pieces", 2)
    path = written(tmp_path, "id,q1\n1,a\n2,b\n3,a\n")
    with pytest.raises(Problem, match="more than 2 rows"):
        import_respondents(path)


def test_only_a_design_with_strata_or_clusters_needs_all_respondents_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{n},{'ab'[n % 3 == 0]},{n % 2},1.5\n" for n in range(20))
    path = written(tmp_path, "id,q1,s,w\n" + rows)
    enough = {"rows": 20, "cells": 80}
    for name, number in enough.items():
        with monkeypatch.context() as patch:
            patch.setattr(LIMITS, name, number - 1)
            import_respondents(path, Settings(weight="w"))
            with pytest.raises(Problem, match="too large for --strata and --cluster, whose errors need all"):
                import_respondents(path, Settings(weight="w", strata="s"))
        monkeypatch.setattr(LIMITS, name, number)
    import_respondents(path, Settings(weight="w", strata="s"))


def test_very_many_weights_are_held_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(n % 3, f"{1 + n / 7:.6f}") for n in range(30_000)]
    text = "".join(f"{answer},{weight}\n" for answer, weight in rows)
    monkeypatch.setattr("surveyfile.engine.MANY", 100)
    monkeypatch.setattr("surveyfile.engine._CELLS", 1 << 18)
    path = written(tmp_path, "q1,w\n" + text)
    (question,) = import_respondents(path, Settings(weight="w")).questions
    for answer, response in enumerate(question.responses):
        own = [Fraction(weight) for code, weight in rows if code == answer]
        assert (response.count, response.sums.weight) == (len(own), sum(own))
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


# How a text is cut into rows and cells: its delimiter, marks and encoding.


@pytest.mark.parametrize("mark", DELIMITERS)
def test_every_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    found = detect_dialect(written(tmp_path, "id,q1,q2\n1,2,3\n4,,6\n".replace(",", mark)))
    assert (found.delimiter, found.header, found.skip) == (mark, ("id", "q1", "q2"), 0)


@pytest.mark.parametrize(
    ("text", "mark", "header"),
    [
        ("item;share\nA;12,5\nB;7,5\n", ";", ("item", "share")),  # decimal commas do not cut
        ('id,"a;b;c"\n1,"x;y;z"\n', ",", ("id", "a;b;c")),
        ('id\tnote\n1\t"two\nlines"\n2\tone\n', "\t", ("id", "note")),
        ("id;q1\r\n1;a, b\r\n2;c\r\n", ";", ("id", "q1")),
        ("id;q1\n\n1;2\n\n\n3;4\n", ";", ("id", "q1")),
        ("id,q1\n1,Paris\u2028Rome\n2,x\x0cy\n3,z\x85w\n", ",", ("id", "q1")),  # only line ends end a line
        ("id;q1\n1;2", ";", ("id", "q1")),
    ],
)
def test_what_stands_inside_cells_does_not_mislead(
    tmp_path: Path, text: str, mark: str, header: tuple[str, ...]
) -> None:
    found = detect_dialect(written(tmp_path, text))
    assert (found.delimiter, found.header, found.notices) == (mark, header, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found_with_it(tmp_path: Path, encoding: str) -> None:
    found = detect_dialect(written(tmp_path, "id;réponse\n1;été\n", encoding))
    assert (found.encoding, found.header) == (encoding, ("id", "réponse"))
    assert found.encoding_reason


@pytest.mark.parametrize(("line", "mark"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ("sep=|", "|")])
def test_a_line_that_names_the_delimiter_is_believed_and_skipped(
    tmp_path: Path, line: str, mark: str
) -> None:
    found = detect_dialect(
        written(
            tmp_path,
            f"{line}\r\nid,q1\r\n1,2\r\n".replace(",", mark)
            if mark != ","
            else f"{line}\r\nid,q1\r\n1,2\r\n",
        )
    )
    assert (found.delimiter, found.skip, found.header) == (mark, 1, ("id", "q1"))
    assert "states the delimiter and is not data" in found.notices[0]


def test_a_question_about_separators_is_a_column_name(tmp_path: Path) -> None:
    assert detect_dialect(written(tmp_path, "sep=use,q1\n1,2\n")).header == ("sep=use", "q1")


@pytest.mark.parametrize(("stated", "mark"), [("semicolon", ";"), (";", ";"), ("tab", "\t"), ("\\t", "\t")])
def test_a_stated_delimiter_is_taken(tmp_path: Path, stated: str, mark: str) -> None:
    text = "a,b;c,d\n1,2;3,4\n".replace(";", mark)
    assert detect_dialect(written(tmp_path, text), delimiter=stated).header == ("a,b", "c,d")


def test_names_in_single_marks_show_the_marks_of_the_file(tmp_path: Path) -> None:
    plain = detect_dialect(written(tmp_path, "'id';'q1'\n'1';'a'\n"))
    assert (plain.quote, plain.header) == ("'", ("id", "q1"))
    assert "single quotation marks" in plain.notices[0]


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("a;b,c\n1;2,3\n", {}, "can be cut by comma and semicolon alike: state the delimiter"),
        ("just a text\nwithout any columns\n", {}, "no delimiter that cuts its rows into columns"),
        ("id,q1\n1,2\n", {"delimiter": "space"}, "'space' is no delimiter this reader knows"),
        ("id,q1\n1,2\n", {"encoding": "klingon"}, "is no known encoding"),
        ("\n\nid,q1\n1,2\n", {"delimiter": "comma"}, "does not begin with column names"),
        ("Survey 2025\nid,q1\n1,2\n3,4\n5,6\n", {}, "row 1 holds one cell and the rows below hold 2"),
        ("id,q1\n1,2,\n3,4,\n5,6,\n", {}, "the header names 2 columns and the rows hold 3"),
    ],
)
def test_a_file_that_can_be_cut_two_ways_or_none_is_refused(
    tmp_path: Path, text: str, options: dict, sentence: str
) -> None:
    with pytest.raises(Problem, match=sentence):
        detect_dialect(written(tmp_path, text), **options)


def test_more_columns_than_are_read_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LIMITS, "columns", 2)
    with pytest.raises(Problem, match="declares 3 columns"):
        detect_dialect(written(tmp_path, "a,b,c\n1,2,3\n"))


def test_a_column_alone_is_one_where_some_answer_comes_again(tmp_path: Path) -> None:
    found = detect_dialect(written(tmp_path, 'Happy?\n"Yes"\nNo\n"Yes"\n'))
    assert (found.header, found.delimiter) == (("Happy?",), ",")
    assert found.notices[0].startswith("The file has one column; blank lines, who may be silent respondents")


CELL = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\"'"), min_size=1, max_size=6
)


@settings(max_examples=30)
@given(st.lists(CELL, min_size=2, max_size=4), st.sampled_from(sorted(DELIMITERS)))
def test_a_stated_delimiter_gives_back_any_quoted_header(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], mark: str
) -> None:
    if not any(cell.strip() for cell in header):
        return
    line = mark.join(f'"{cell}"' for cell in header)
    body = mark.join('"x"' for _ in header)
    path = written(tmp_path_factory.mktemp("cut"), f"{line}\n{body}\n{body}\n")
    assert detect_dialect(path, delimiter=mark).header == tuple(header)


def encoded(folder: Path, data: bytes) -> Path:
    path = folder / "answers.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"id;q1\n1;2\n", "utf-8"),
        (b"", "utf-8"),
        ("id;réponse\n1;été\n".encode(), "utf-8"),
        ("Ответ;Қазақстан;👩\u200d🔬".encode(), "utf-8"),
        ("id;réponse".encode("utf-8-sig"), "utf-8-sig"),
        ("id;réponse\n1;Да".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "Да".encode("utf-16-be"), "utf-16"),
        ("Да".encode("utf-32"), "utf-32"),
        ("id;réponse\n1;“été” – 5 €\n".encode("cp1252"), "cp1252"),
        ("Größe;Überschuß;Straße".encode("cp1252"), "cp1252"),
        ("señor;mañana;¿qué?".encode("cp1252"), "cp1252"),
        ("Håkon;Ærø;Åse".encode("latin-1"), "cp1252"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(tmp_path: Path, data: bytes, name: str) -> None:
    found, reason = encoding_of(encoded(tmp_path, data))
    assert found == name and reason


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("Ответ;Да".encode("cp1251"), "looks like Cyrillic"),
        ("Ответ;Да".encode("koi8-r"), "looks like Cyrillic"),
        ("Απάντηση;Ναι".encode("cp1253"), "non-Western script"),
        ("データ".encode("shift-jis"), "--encoding"),
        ("Größe;schön\n".encode() + b"\xe9t\xe9;1\n", "UTF-8 with some damaged letters"),
        (b"id\x81\x8d;q1", "neither UTF-8 nor Windows-1252"),
        (codecs.BOM_UTF8 + b"\xff\xfe\xe9", "not valid UTF-8-SIG text throughout"),
        (codecs.BOM_UTF16_LE + b"a", "not valid UTF-16 text throughout"),
        (b"id;q1\n1;\x00\n", "zero bytes"),
        ("ab".encode("utf-16-le"), "zero bytes"),
    ],
)
def test_what_cannot_be_told_is_asked(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        encoding_of(encoded(tmp_path, data))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("görüş;katılıyorum;değil", "cp1254"),
        ("ışık;şehir", "cp1254"),
        ("zgadzam się całkowicie", "cp1250"),
        ("Łódź;środa;źle", "cp1250"),
    ],
)
def test_turkish_and_polish_are_not_read_as_western(tmp_path: Path, text: str, encoding: str) -> None:
    path = encoded(tmp_path, text.encode(encoding))
    with pytest.raises(Problem, match="give --encoding"):
        encoding_of(path)
    assert encoding_of(path, encoding)[0] == encoding


def test_a_letter_cut_by_a_block_is_still_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveyfile.delimited._BLOCK", 3)
    assert encoding_of(encoded(tmp_path, "ééééé".encode()))[0] == "utf-8"
    assert encoding_of(encoded(tmp_path, "a😀b😀".encode()))[0] == "utf-8"
    with pytest.raises(Problem, match="UTF-8 with some damaged letters"):
        encoding_of(encoded(tmp_path, "ééééé".encode()[:-1]))


@pytest.mark.parametrize(
    ("stated", "name"),
    [("UTF8", "utf-8"), ("windows-1251", "cp1251"), ("latin1", "iso8859-1"), ("cp866", "cp866")],
)
def test_a_stated_encoding_is_called_by_its_proper_name(tmp_path: Path, stated: str, name: str) -> None:
    assert encoding_of(encoded(tmp_path, b"id;q1"), stated)[0] == name


@pytest.mark.parametrize(
    "stated", ["klingon", "base64", "rot13", "hex", "undefined", "utf-8\0", "ü", "../utf-8"]
)
def test_a_name_that_is_no_encoding_is_a_sentence(tmp_path: Path, stated: str) -> None:
    with pytest.raises(Problem, match="is no known encoding: try utf-8"):
        encoding_of(encoded(tmp_path, b"id;q1"), stated)


@pytest.mark.parametrize(
    ("data", "stated"), [(b"\xe9t\xe9", "utf-8"), (b"\x81", "cp1252"), (b"abc", "utf-16")]
)
def test_a_stated_encoding_that_does_not_fit_is_refused(tmp_path: Path, data: bytes, stated: str) -> None:
    with pytest.raises(Problem, match="text throughout: save it again as UTF-8"):
        encoding_of(encoded(tmp_path, data), stated)


@pytest.mark.parametrize(
    "stated", sorted({*aliases.values(), "idna", "punycode", "unicode_escape", "utf_8_sig"})
)
def test_every_name_python_knows_is_taken_or_refused_in_a_sentence(tmp_path: Path, stated: str) -> None:
    path = encoded(tmp_path, b"id;q1\n1;2\n")
    try:
        name, _ = encoding_of(path, stated)
    except Problem:
        return
    with path.open(encoding=name) as stream:  # what was taken can be read
        assert stream.read()


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=40))
def test_whatever_is_written_in_unicode_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("text")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        if encoding == "utf-8" and text.startswith("\ufeff"):
            continue
        path = encoded(folder, text.encode(encoding))
        if text or encoding != "utf-8":
            assert path.read_bytes().decode(encoding_of(path)[0]) == text
