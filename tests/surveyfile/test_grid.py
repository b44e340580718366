"""The cells of a printed table, cut out of its file as they stand."""

from pathlib import Path

import openpyxl
import pytest
from surveyfile.printed_table import read_grid
from textfiles.problems import Problem

TABLE = "question,response,printed\nQ,a,40\n,b,60\n"
READ = {"question": ["Q", ""], "response": ["a", "b"], "printed": ["40", "60"]}


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        b"sep=;\n" + TABLE.replace(",", ";").encode(),
        TABLE.replace(",", " , ").encode(),
        b"\n,,\n" + TABLE.encode() + b",,\n\n",
        b",question,response,printed\n1,Q,a,40\n2,,b,60\n",
    ],
)
def test_a_table_is_the_same_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "typed.csv").write_bytes(content)
    assert read_grid(tmp_path / "typed.csv").columns == READ


def test_the_sign_that_cuts_most_rows_alike_parts_the_cells(tmp_path: Path) -> None:
    text = "Frage, kurz;Antwort;Anteil\nQ, mit Komma;a;62,5\nQ;b;37,5\n"
    (tmp_path / "typed.csv").write_text(text, encoding="utf-8")
    assert list(read_grid(tmp_path / "typed.csv").columns.values())[2] == ["62,5", "37,5"]


def test_rows_are_named_by_their_place_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "typed.csv").write_text("A title\n\n" + TABLE + "Source: ours\n", encoding="utf-8")
    found = read_grid(tmp_path / "typed.csv")
    assert (found.places, found.title, found.remarks) == ([4, 5], "A title", ["Source: ours"])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b",,,\n", "is empty"),
        (b"printed\n40\n", "has one column only"),
        (b"question,response,printed\n", "has names and no figures"),
        (b",Total,Men\nA,,\nB,,\n", "has names and no figures"),
        (b"1,2\n3,4\n", "numbers stand where the names"),
        (b'a,b\n"Q,40\n', "double the quotation marks"),
        (b"a,b\nQ,40,5\n", "column 3 holds '5' and has no name"),
        (b"a,Men,Women,men\nQ,40,5,6\n", "2 columns are named 'men'"),
        (b"%PDF-1.4", "is a PDF"),
        (b"PAR1 PAR1", "save it as .csv or .xlsx"),
        (b"a,b\n" + b"Q,40\n" * 1_100_000, "read by 'regint import'"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "typed.csv").write_bytes(content)
    with pytest.raises(Problem, match=sentence) as refusal:
        read_grid(tmp_path / "typed.csv")
    assert len(refusal.value.sentences) == 1


def test_an_encoding_and_a_sheet_may_be_stated(tmp_path: Path) -> None:
    (tmp_path / "typed.csv").write_bytes("вопрос,да\nQ,40\n".encode("cp1251"))
    assert "вопрос" in read_grid(tmp_path / "typed.csv", "windows-1251").columns
    with pytest.raises(Problem, match="has no sheets"):
        read_grid(tmp_path / "typed.csv", sheet="1")
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Second")):
        for row in (["question", "printed"], [sheet.title, 40]):
            sheet.append(row)
    book.save(tmp_path / "typed.xlsx")
    assert read_grid(tmp_path / "typed.xlsx", sheet="Second").columns["question"] == ["Second"]
    with pytest.raises(Problem, match="has no encoding"):
        read_grid(tmp_path / "typed.xlsx", "utf-8")
