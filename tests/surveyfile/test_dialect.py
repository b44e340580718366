"""How a delimited file is cut: one answer for the whole file, or a question to its owner."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surveyfile.dialect import DELIMITERS, column_names, detect_dialect
from surveyfile.identify import Limits
from textfiles.problems import Problem


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "answers.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("mark", DELIMITERS)
def test_every_delimiter_is_found(tmp_path: Path, mark: str) -> None:
    found = detect_dialect(write(tmp_path, "id,q1,q2\n1,2,3\n4,,6\n".replace(",", mark)))
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
    found = detect_dialect(write(tmp_path, text))
    assert (found.delimiter, found.header, found.notices) == (mark, header, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found_with_it(tmp_path: Path, encoding: str) -> None:
    found = detect_dialect(write(tmp_path, "id;réponse\n1;été\n", encoding))
    assert (found.encoding, found.header) == (encoding, ("id", "réponse"))
    assert found.encoding_reason


@pytest.mark.parametrize(("line", "mark"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ("sep=|", "|")])
def test_a_line_that_names_the_delimiter_is_believed_and_skipped(
    tmp_path: Path, line: str, mark: str
) -> None:
    found = detect_dialect(
        write(
            tmp_path,
            f"{line}\r\nid,q1\r\n1,2\r\n".replace(",", mark)
            if mark != ","
            else f"{line}\r\nid,q1\r\n1,2\r\n",
        )
    )
    assert (found.delimiter, found.skip, found.header) == (mark, 1, ("id", "q1"))
    assert "states the delimiter and is not data" in found.notices[0]


def test_a_question_about_separators_is_a_column_name(tmp_path: Path) -> None:
    assert detect_dialect(write(tmp_path, "sep=use,q1\n1,2\n")).header == ("sep=use", "q1")


@pytest.mark.parametrize(("stated", "mark"), [("semicolon", ";"), (";", ";"), ("tab", "\t"), ("\\t", "\t")])
def test_a_stated_delimiter_is_taken(tmp_path: Path, stated: str, mark: str) -> None:
    text = "a,b;c,d\n1,2;3,4\n".replace(";", mark)
    assert detect_dialect(write(tmp_path, text), delimiter=stated).header == ("a,b", "c,d")


def test_names_in_single_marks_show_the_marks_of_the_file(tmp_path: Path) -> None:
    plain = detect_dialect(write(tmp_path, "'id';'q1'\n'1';'a'\n"))
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
        ("a,b,c\n1,2,3\n", {"limits": Limits(columns=2)}, "3"),
    ],
)
def test_a_file_that_can_be_cut_two_ways_or_none_is_refused(
    tmp_path: Path, text: str, options: dict, sentence: str
) -> None:
    with pytest.raises(Problem, match=sentence):
        detect_dialect(write(tmp_path, text), **options)


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ([" id ", "q\u200b1"], ["id", "q1"]),
        (["id", "", " "], ["id", "", ""]),  # unnamed columns are judged by whether they hold answers
        (["Cafe\u0301"], ["Café"]),
        (["2024", "q"], ["2024", "q"]),
    ],
)
def test_column_names_are_tidied(header: list[str], names: list[str]) -> None:
    assert column_names("a.csv", header) == names


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (["q1", "q1 "], "'q1' occurs 2 times"),
        (["q\u200b1", "q1", "x"], "'q1' occurs 2 times"),
        (["Café", "Cafe\u0301"], "'Café' occurs 2 times"),
        (["1", "2,5", "-3e4"], "row 1 holds numbers only"),
    ],
)
def test_names_that_cannot_be_told_apart_are_refused(header: list[str], sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        column_names("a.csv", header)


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
    path = write(tmp_path_factory.mktemp("cut"), f"{line}\n{body}\n{body}\n")
    assert detect_dialect(path, delimiter=mark).header == tuple(header)
