"""survey.json: read whole or refused with every problem."""

import json
from pathlib import Path

import pytest
from regint.survey.validate import read_metadata, source_keys

GOOD = {
    "id": "mine", "title": "T", "organiser": "", "fieldwork": {"start": "", "end": ""}, "population": "",
    "size_statement": "", "sources": [{"source": "report", "title": "R"}], "licence": "",
}  # fmt: skip


def problems(tmp_path: Path, content: object) -> list[str]:
    (tmp_path / "survey.json").write_text(json.dumps(content), encoding="utf-8")
    return read_metadata(tmp_path)[1]


def test_a_short_description_is_enough(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []
    assert source_keys(GOOD) == {"report"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": "My Survey"}, "the id 'My Survey' must be small Latin letters"),
        ({"title": None}, "the value of 'title' must be text"),
        ({"fieldwork": "June"}, "'fieldwork' must hold start and end"),
        ({"sources": "report"}, "'sources' must be a list"),
        ({"sources": [{"source": "report"}]}, "entry 1 of 'sources' lacks the text 'title'"),
        ({"sources": ["report"]}, "entry 1 of 'sources' lacks the text 'source'"),
        ({"disclosure": [{"item": "Dates", "status": "none"}]}, "allowed: reported, partial, missing"),
        ({"disclosure": {}}, "'disclosure' must be a list"),
    ],
)
def test_problems_are_sentences(tmp_path: Path, change: dict[str, object], sentence: str) -> None:
    assert any(sentence in problem for problem in problems(tmp_path, {**GOOD, **change}))


def test_items_that_nobody_looked_up_are_no_verdict_on_the_report(tmp_path: Path) -> None:
    items = [{"item": "Dates", "status": ""}, {"item": "Mode", "status": "missing"}]
    assert problems(tmp_path, {**GOOD, "disclosure": items}) == []
    assert read_metadata(tmp_path)[1] == []


def test_all_missing_keys_are_named(tmp_path: Path) -> None:
    assert len(problems(tmp_path, {})) == len(GOOD)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}", b"nul", b'{"id": NaN}', b"[" * 10_000])
def test_what_is_no_description(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "survey.json").write_bytes(content)
    assert read_metadata(tmp_path)[1]
