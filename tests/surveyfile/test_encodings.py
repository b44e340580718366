"""Bytes to letters: decided from the file alone, or refused; never another letter than was written."""

import codecs
from encodings.aliases import aliases
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveyfile import dialect
from surveyfile.dialect import check_encoding, detect_encoding
from textfiles.problems import Problem


def write(folder: Path, data: bytes) -> Path:
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
    found, reason = detect_encoding(write(tmp_path, data))
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
        detect_encoding(write(tmp_path, data))


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
    path = write(tmp_path, text.encode(encoding))
    with pytest.raises(Problem, match="give --encoding"):
        detect_encoding(path)
    assert check_encoding(path, encoding) == encoding


def test_a_letter_cut_by_a_block_is_still_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "_BLOCK", 3)
    assert detect_encoding(write(tmp_path, "ééééé".encode()))[0] == "utf-8"
    assert detect_encoding(write(tmp_path, "a😀b😀".encode()))[0] == "utf-8"
    with pytest.raises(Problem, match="UTF-8 with some damaged letters"):
        detect_encoding(write(tmp_path, "ééééé".encode()[:-1]))


@pytest.mark.parametrize(
    ("stated", "name"),
    [("UTF8", "utf-8"), ("windows-1251", "cp1251"), ("latin1", "iso8859-1"), ("cp866", "cp866")],
)
def test_a_stated_encoding_is_called_by_its_proper_name(tmp_path: Path, stated: str, name: str) -> None:
    assert check_encoding(write(tmp_path, b"id;q1"), stated) == name


@pytest.mark.parametrize(
    "stated", ["klingon", "", "base64", "rot13", "hex", "undefined", "utf-8\0", "ü", "../utf-8"]
)
def test_a_name_that_is_no_encoding_is_a_sentence(tmp_path: Path, stated: str) -> None:
    with pytest.raises(Problem, match="is no known encoding: try utf-8"):
        check_encoding(write(tmp_path, b"id;q1"), stated)


@pytest.mark.parametrize(
    ("data", "stated"), [(b"\xe9t\xe9", "utf-8"), (b"\x81", "cp1252"), (b"abc", "utf-16")]
)
def test_a_stated_encoding_that_does_not_fit_is_refused(tmp_path: Path, data: bytes, stated: str) -> None:
    with pytest.raises(Problem, match="text throughout: save it again as UTF-8"):
        check_encoding(write(tmp_path, data), stated)


@pytest.mark.parametrize(
    "stated", sorted({*aliases.values(), "idna", "punycode", "unicode_escape", "utf_8_sig"})
)
def test_every_name_python_knows_is_taken_or_refused_in_a_sentence(tmp_path: Path, stated: str) -> None:
    path = write(tmp_path, b"id;q1\n1;2\n")
    try:
        name = check_encoding(path, stated)
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
        path = write(folder, text.encode(encoding))
        if text or encoding != "utf-8":
            assert path.read_bytes().decode(detect_encoding(path)[0]) == text
