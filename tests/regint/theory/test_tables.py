"""Tables of theory and context, and their dates."""

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from regint.theory.tables import (
    MARKS,
    _citation_keys,
    _source_keys,
    cited_sources,
    date_bounds,
    marked,
    read_table,
    referenced,
)
from textfiles.problems import Problem

EXPECTED_ROWS = {
    "theories": 13,
    "balassa_stages": 6,
    "balassa_criteria": 14,
    "regional_groups": 9,
    "balassa_coding": 126,
    "second_reading_cells": 126,
    "second_reading_options": 73,
    "flags": 25,
}


def all_tables(project: Path) -> list[tuple[str, Path]]:
    package = json.loads((project / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return [
        (resource["name"], project / "data" / resource["path"])
        for resource in package["resources"]
        if resource["path"].startswith(("theory/", "context/"))
    ]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("name", "rows"), EXPECTED_ROWS.items())
def test_shipped_tables_have_their_rows(name: str, rows: int) -> None:
    assert len(read_table(name)) == rows


def test_every_row_has_source_locator_and_status(project: Path) -> None:
    """Walk every theory and context table: no fact without a source that exists, a place and a status."""
    known = _source_keys()
    for name, path in all_tables(project):
        rows = rows_of(path)
        assert rows, name
        if "source" not in rows[0]:
            continue
        for number, row in enumerate(rows, start=2):
            place = f"{path.name}, row {number}"
            keys = [key.strip() for key in row["source"].split(";")]
            assert all(key in known for key in keys), (place, keys)
            assert row["locator"].strip(), place
            assert row["status"] in MARKS, place


def test_unchecked_facts_never_claim_to_be_verified(project: Path) -> None:
    """A row that rests on general knowledge cannot be marked as verified."""
    for name, path in all_tables(project):
        for number, row in enumerate(rows_of(path), start=2):
            keys = [key.strip() for key in row.get("source", "").split(";")]
            if "G" in keys:
                assert row["status"] != "verified", (name, number)


def test_sources_have_an_address(project: Path) -> None:
    sources = read_table("sources")
    assert sources["key"].is_unique and sources["address"].ne("").all()
    assert set(sources.loc[sources["status"] == "unverified", "key"]) == {"G"}


def test_citations_resolve_everywhere(project: Path) -> None:
    """Every citation key used in a notebook is an entry of the bibliography."""
    known = _citation_keys()
    used = set()
    for path in sorted((project / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        used |= {
            key
            for group in re.findall(r"\[[^\]]*@[^\]]*\]", text)
            for key in re.findall(r"@(?!fig-|tbl-|eq-|sec-)([a-z0-9_]+)", group)
        }
    assert used - known == set()


def test_bibliography_is_well_formed(project: Path) -> None:
    text = (project / "data" / "references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{([^,]+),", text, flags=re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(_citation_keys())
    assert all(re.fullmatch(r"[a-z]+[0-9]{4}[a-z]?", key) for key in keys)
    for doi in re.findall(r"doi = \{([^}]+)\}", text):
        assert re.fullmatch(r"10\.\d{4,9}/\S+", doi)


def test_no_sentence_of_the_paper_is_repeated(project: Path) -> None:
    """The tables paraphrase: flags and claims never quote at length."""
    for name in ("flags", "theories", "balassa_stages"):
        frame = read_table(name)
        assert not frame.map(lambda cell: '"' in str(cell) or "\u201c" in str(cell)).to_numpy().any()


def replaced(project: Path, tmp_path: Path, name: str, change: dict[str, str], row: int = 0) -> Path:
    rows = rows_of(project / "data" / "theory" / f"{name}.csv")
    rows[row] |= change
    path = tmp_path / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        ("flags", {"status": "verifed"}, "write 'verified'"),
        ("flags", {"source": "ZZ9"}, "a key of sources.csv or references.bib"),
        ("flags", {"locator": ""}, "fill the cell"),
        ("theories", {"key_works": "mitrany1934"}, "a key of references.bib"),
        ("balassa_criteria", {"stage": "FTAA"}, "a stage of the table balassa_stages"),
        ("balassa_stages", {"position": "-1"}, "at least 0"),
        ("balassa_stages", {"stage": "FTA"}, "each only once"),
    ],
)
def test_broken_cells_are_named(
    project: Path, tmp_path: Path, name: str, change: dict[str, str], word: str
) -> None:
    path = replaced(project, tmp_path, name, change)
    with pytest.raises(Problem, match=re.escape(word)) as caught:
        read_table(name, path)
    assert len(caught.value.sentences) == 1


def test_all_problems_are_listed_at_once(project: Path, tmp_path: Path) -> None:
    change = {"status": "perhaps", "severity": "enormous", "source": "ZZ9;S1"}
    with pytest.raises(Problem) as caught:
        read_table("flags", replaced(project, tmp_path, "flags", change))
    assert len(caught.value.sentences) == 3
    assert "3 problems:" in str(caught.value)


@pytest.mark.parametrize("path", ["data/theory/nowhere.csv", "data/theory"])
def test_a_path_that_is_no_file_is_refused(path: str) -> None:
    with pytest.raises(Problem):
        read_table("flags", path)


def test_an_unknown_table_gets_a_suggestion() -> None:
    with pytest.raises(Problem, match="theories"):
        read_table("theorys")


def test_marked_shows_every_status() -> None:
    frame = pd.DataFrame({"fact": ["a", "b", "c"], "status": ["verified", "unverified", "conflicting"]})
    shown = marked(frame, "fact")
    assert shown["fact"].to_list() == ["a", "b\u2020", "c\u2021"]
    assert shown["mark"].to_list() == ["", "unverified", "conflicting"]
    assert frame["fact"].to_list() == ["a", "b", "c"]


@pytest.mark.parametrize("statuses", [["verified", ""], ["checked", "verified"]])
def test_marked_refuses_rows_without_a_status(statuses: list[str]) -> None:
    with pytest.raises(Problem, match="status"):
        marked(pd.DataFrame({"status": statuses}))
    with pytest.raises(Problem, match="status"):
        marked(pd.DataFrame({"fact": ["a"]}))


def test_a_fact_carries_its_mark_and_the_keys_of_its_sources() -> None:
    facts = pd.DataFrame({"f": ["a", "b"], "source": ["B1; T2", "G"], "status": ["verified", "conflicting"]})
    assert referenced(facts, "f")["f"].to_list() == ["a (B1, T2)", "b\u2021 (G)"]
    assert facts["f"].to_list() == ["a", "b"]


def test_a_cited_page_says_what_kind_of_page_it_is() -> None:
    cited = cited_sources(pd.DataFrame({"source": ["G;B1", "balassa1961"]})).set_index("key")
    assert list(cited.index) == ["G", "B1"]
    assert cited.loc["B1", "page"].endswith("abstract of chapter 1: publisher page")
    assert cited.loc["G", "page"].endswith(": general knowledge\u2020")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1999", "1999-01-01", "1999-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-06-16", "2025-06-16", "2025-06-16"),
    ],
)
def test_a_date_means_all_days_it_allows(text: str, first: str, last: str) -> None:
    assert date_bounds(text) == (pd.Timestamp(first), pd.Timestamp(last))


@pytest.mark.parametrize(
    "text", ["", "2025-13", "2025-02-30", "16.6.2025", "25", "2025-6", "20250616", " 2025"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Problem, match="for example 2025-06"):
        date_bounds(text)
