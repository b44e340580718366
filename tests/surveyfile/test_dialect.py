"""How a text file is cut into rows and cells: its delimiter, marks and encoding."""

import codecs
from encodings.aliases import aliases
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surveyfile import dialect
from surveyfile.dialect import (
    DELIMITERS,
    detect_dialect,
    encoding_of,
)
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


def test_a_column_alone_is_one_where_some_answer_comes_again(tmp_path: Path) -> None:
    found = detect_dialect(write(tmp_path, 'Happy?\n"Yes"\nNo\n"Yes"\n'))
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
    path = write(tmp_path_factory.mktemp("cut"), f"{line}\n{body}\n{body}\n")
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
    monkeypatch.setattr(dialect, "_BLOCK", 3)
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
