"""Whatever bytes arrive, a reader either reads them or says so: no exception of anybody else's comes out."""

import sys
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from regint.survey.claim_language import parse
from regint.survey.table import read_survey
from surveyfile.codebook import read_codebook
from surveyfile.importing import import_respondents, read_record
from surveyfile.new_folder import new_folder, read_printed_table
from surveyfile.record import Settings
from textfiles.problems import Problem

EXAMPLES = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
FRAME = pd.DataFrame({"id": [1.0, 2.0, 3.0, 4.0], "q1": [1.0, 2.0, 1.0, 9.0]})
LABELS = {"q1": {1: "Yes", 2: "No", 9: "Refused"}}


def seeds(folder: Path) -> dict[str, bytes]:
    """One sound file of each kind, as bytes."""
    pyreadstat.write_sav(FRAME, folder / "a.sav", variable_value_labels=LABELS, missing_ranges={"q1": [9]})
    pyreadstat.write_sav(FRAME, folder / "a.zsav", compress=True)
    pyreadstat.write_dta(FRAME, folder / "a.dta", variable_value_labels=LABELS)
    pyreadstat.write_por(FRAME.rename(columns=str.upper), folder / "a.por")
    pyreadstat.write_xport(FRAME, folder / "a.xpt")
    FRAME.to_parquet(folder / "a.parquet")
    FRAME.to_excel(folder / "a.xlsx", index=False)
    FRAME.to_csv(folder / "a.csv", index=False)
    return {path.suffix: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return seeds(tmp_path_factory.mktemp("seeds"))


@st.composite
def damages(draw: st.DrawFn) -> list[tuple[str, float, bytes]]:
    """A few changes: bytes replaced, put in or cut out at a relative place."""
    change = st.tuples(
        st.sampled_from(["replace", "insert", "delete", "truncate"]),
        st.floats(0, 0.999),
        st.binary(min_size=1, max_size=12),
    )
    return draw(st.lists(change, min_size=1, max_size=5))


def damaged(content: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    for how, place, new in changes:
        at = int(len(content) * place)
        tail = {
            "replace": content[at + len(new) :],
            "insert": content[at:],
            "delete": content[at + 3 * len(new) :],
        }
        content = content[:at] + (new if how in ("replace", "insert") else b"") + tail.get(how, b"")
    return content


def read_damaged(
    sound: dict[str, bytes], suffix: str, folder: Path, changes: list[tuple[str, float, bytes]]
) -> None:
    path = folder / f"damaged{suffix}"
    path.write_bytes(damaged(sound[suffix], changes))
    try:
        import_respondents(path)
    except Problem as error:
        assert str(error)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".csv"])
@given(changes=damages())
@EXAMPLES
def test_damaged_tables(
    sound: dict[str, bytes], suffix: str, tmp_path: Path, changes: list[tuple[str, float, bytes]]
) -> None:
    read_damaged(sound, suffix, tmp_path, changes)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta", ".por", ".xpt"])
@given(changes=damages())
@settings(EXAMPLES, max_examples=12)  # each is read in a process of its own first
def test_damaged_files_of_statistical_packages(
    sound: dict[str, bytes], suffix: str, tmp_path: Path, changes: list[tuple[str, float, bytes]]
) -> None:
    read_damaged(sound, suffix, tmp_path, changes)


@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
@example(content=b"a,b\n1,2\n")
@example(content=b"\xff\xfea\x00")
@example(content=b"sep=;")
@example(content=b"a;b\n\xd0;1\n")
@EXAMPLES
def test_any_bytes_as_data_codebook_table_and_record(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    for read in (import_respondents, read_codebook, read_printed_table, read_record):
        try:
            read(path)
        except Problem as error:
            assert str(error)


CELL = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=8)


@given(
    rows=st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=12),
    mark=st.sampled_from(",;\t|"),
)
@EXAMPLES
def test_what_is_counted_is_what_was_written(tmp_path: Path, rows: list[list[str]], mark: str) -> None:
    """Any quoted table of two columns is counted exactly, answer by answer, or refused."""
    import csv

    from textfiles.text import clean

    path = tmp_path / "written.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=mark, quoting=csv.QUOTE_ALL).writerows([["one", "two"], *rows])
    try:
        found = import_respondents(
            path, Settings(delimiter={",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[mark])
        )
    except Problem:
        return
    for question in found.questions:
        place = ("one", "two").index(question.question)
        cells = [clean(row[place]) for row in rows]
        answered = [cell for cell in cells if cell]
        assert question.answered == len(answered)
        assert question.asked == len(rows)
        for response in question.responses:
            assert response.count == sum(
                found_code in response.codes for found_code in ((question.question, c) for c in answered)
            ) or any(c.endswith(".0") for c in answered)


@given(
    name=st.sampled_from(["questions.csv", "responses.csv", "claims.csv", "survey.json"]),
    changes=damages(),
)
@EXAMPLES
def test_damaged_folders(tmp_path: Path, name: str, changes: list[tuple[str, float, bytes]]) -> None:
    folder = tmp_path / "survey"
    if not folder.exists():
        new_folder(folder)
    content = (folder / name).read_bytes()
    try:
        (folder / name).write_bytes(damaged(content, changes))
        read_survey(folder)
    except ValueError as error:
        assert type(error).__module__.partition(".")[0] in {"regint", "surveyfile", "textfiles"}, type(error)
        assert str(error)
    finally:
        (folder / name).write_bytes(content)


def test_recursion_and_depth_in_a_record(tmp_path: Path) -> None:
    path = tmp_path / "import.json"
    path.write_text("[" * (sys.getrecursionlimit() * 3), encoding="utf-8")
    with pytest.raises(Problem, match="no record of an import"):
        read_record(path)


TOKENS = "share count ( ) , < > == != and or not 1/2 0 largest q1 + -".split()
WORDS = st.sampled_from([*TOKENS, "1" * 400, "((" * 90])


@given(text=st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join)))
@example(text="(" * 5000)
@example(text="not " * 5000 + "share(q1, yes) > 1/2")
@EXAMPLES
def test_any_text_as_a_claim(text: str) -> None:
    """The claims language takes a statement or refuses it in its own words."""
    try:
        parse(text)
    except Problem as error:
        assert str(error)
