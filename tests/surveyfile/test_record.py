"""What an import was told and decided: checked when stated, read back whole or refused."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surveyfile.codebook import DISTINCT, Code, Item
from surveyfile.columns import Respondents, Sums
from surveyfile.count import Question, Response
from surveyfile.record import FORMAT, Settings, decisions_of, read_record, warnings_of
from textfiles.problems import Problem


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"decimal": "dot"}, "--decimal 'dot' is neither point nor comma"),
        ({"mask_small": -1}, "--mask-small -1 is out of range"),
        ({"mask_small": 1}, "--mask-small 1 is out of range: state a number from 3 to 1000"),
        ({"mask_small": 2}, "--mask-small 2 is out of range, for a hidden count could only be 1"),
        ({"mask_small": 1001}, "--mask-small 1001 is out of range"),
    ],
)
def test_values_no_reader_can_use_are_refused(stated: dict, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        Settings(**stated)


def test_a_column_has_one_role() -> None:
    assert Settings(weight="w", strata="s").roles() == {"w": "weight", "s": "strata"}
    assert Settings().roles() == {}
    with pytest.raises(Problem, match="column 'w' is stated for two"):
        Settings(weight="w", cluster="w").roles()


def record(folder: Path, **changes: object) -> Path:
    content = {
        "format": FORMAT,
        "file": {"sha256": "abc"},
        "settings": {"weight": "w", "missing": [["q", "9"]]},
    }
    path = folder / "import.json"
    path.write_text(json.dumps({**content, **changes}), encoding="utf-8")
    return path


def test_a_record_is_read_back_and_what_it_does_not_know_is_left(tmp_path: Path) -> None:
    read, codebook, known = read_record(record(tmp_path))
    assert (read.weight, read.missing, known) == ("w", (("q", "9"),), "abc")
    assert codebook == tmp_path / "codebook.csv"
    later = record(tmp_path, settings={"weight": "w", "colour": "red"})
    assert read_record(later)[0] == Settings(weight="w")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": "regint import 0"}, "was written by another version of the import"),
        ({"settings": []}, "is no record of an import"),
        ({"settings": {"missing": [["q"]]}}, "is no record of an import"),
        ({"file": None}, "is no record of an import"),
        ({"settings": {"decimal": "dot"}}, "neither point nor comma"),
    ],
)
def test_a_record_that_is_none_is_refused(tmp_path: Path, changes: dict, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        read_record(record(tmp_path, **changes))


KEYS = st.sampled_from(["format", "file", "settings", "missing", "sha256"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60)
@given(JSON)
def test_any_json_is_a_record_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: object
) -> None:
    path = tmp_path_factory.mktemp("record") / "import.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Problem, match=r"^import\.json"):
        read_record(path)


def asked(kind: str, **counts: int) -> Question:
    responses = tuple(
        Response(f"r{i}", label, "", True, Sums(n)) for i, (label, n) in enumerate(counts.items())
    )
    item = Item("Q", question="q", kind=kind)
    return Question("q", kind, "Q", (item,), 100, 100, Sums(sum(counts.values())), responses)


def warned(question: Question, **stated: object) -> str:
    return " ".join(warnings_of(Settings(**stated), [], [question]))  # type: ignore[arg-type]


def test_a_careful_reader_is_told_what_to_look_at() -> None:
    assert warned(asked("single", Yes=50, No=50)) == ""
    assert "responses given by 1 to 4 respondents (q)" in warned(asked("single", Yes=50, No=4))
    assert warned(asked("single", Yes=50, No=4), mask_small=5) == ""
    assert 'q="Don\'t know"' in warned(asked("single", **{"Yes": 50, "Don't know": 50}))
    assert "q='None'" in warned(asked("multiple", Roads=50, None_=9, **{"None": 50}))
    assert "with --silent if they stand for empty cells" in warned(asked("single", Yes=50, NA=50))


def test_notes_that_name_an_option_are_asked_and_others_said() -> None:
    items = [
        *(Item(f"w{i}", "skip", note="named like a weight: --weight 'w' would use it") for i in range(8)),
        Item("id", "skip", note="an identifier"),
        Item("q", question="q", note="in order by its words: a < b < c"),
        Item("r", question="r", note=f"{DISTINCT} 'A' now reads A (r)"),
    ]
    asked, told = warnings_of(Settings(), items, []), decided(items)
    assert asked == [
        "r: two responses look alike: 'A' now reads A (r).",
        "Left out 'w0', 'w1', 'w2', 'w3', 'w4', 'w5' and 2 more: named like a weight: --weight "
        "'w' would use it.",
    ]
    assert told[2:4] == ["q: in order by its words: a < b < c.", "Left out 'id': an identifier."]


def decided(items: list[Item]) -> list[str]:
    data = Respondents({}, 3, {"kind": "delimited text", "rows": 3, "columns": 4})
    return decisions_of(Path("a.csv"), Settings(), data, items, [], "")


def test_points_of_a_scale_are_pointed_out_where_nobody_said_they_are_one() -> None:
    points = {"1": 9, "2": 9, "10": 9}
    assert (
        "The answers 1, 2, 10 of 'Q' have no order: if they are points of a scale, say so with --rating"
        in warned(asked("single", **points))
    )
    assert warned(asked("rating", **points)) == ""
    assert warned(asked("single", **{"1": 9, "2": 9})) == ""  # yes and no, as often as not
    assert warned(asked("single", **{"1": 9, "2": 9, "often": 9})) == ""


def test_of_many_points_the_first_and_the_last_are_named() -> None:
    points = {str(point): 9 for point in range(11)}
    assert "The answers 0, 1, 2, 3, 4, 5, ..., 10 of 'Q'" in warned(asked("single", **points))


@pytest.mark.parametrize(
    ("kind", "answers", "found"),
    [
        ("single", ["0", "1", "2", "-99"], "'Q=-99'"),
        ("single", ["yes", "no", "-88", "-99"], "'Q=-88', 'Q=-99'"),
        ("rating", ["1", "2", "3", "4", "5", "99"], "'Q=99'"),
        ("rating", ["1", "2", "3", "-1"], "'Q=-1'"),
        ("rating", ["-2", "-1", "0", "1", "2"], ""),
        ("numeric", ["18", "35", "70", "999"], "'Q=999'"),
        ("numeric", ["18", "35", "70", "99", "-9"], "'Q=-9'"),
        ("numeric", ["-12", "-9", "-3", "4", "15"], ""),  # degrees
        ("numeric", ["18", "35", "70", "99"], ""),
        ("single", ["yes", "no"], ""),
    ],
)
def test_codes_for_no_answer_without_a_label_are_pointed_at(
    kind: str, answers: list[str], found: str
) -> None:
    codes = tuple(Code(text, f"r{place}", text) for place, text in enumerate(answers))
    told = "\n".join(warnings_of(Settings(), [Item("Q", "question", "q", kind, codes=codes)], []))
    assert (f"look like codes for no answer: {found}; if so" in told) if found else "no answer" not in told
    labelled = tuple(Code(text, f"r{text}", f"label {text}") for text in answers)
    if kind != "numeric":
        assert not warnings_of(Settings(), [Item("Q", "question", "q", kind, codes=labelled)], [])


def test_a_record_that_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "import.json")
    with pytest.raises(Problem, match="import.json is (no record|not an ordinary file)"):
        read_record(tmp_path / "import.json")
    with pytest.raises(Problem, match="zero is not an ordinary file"):
        read_record(Path("/dev/zero"))
