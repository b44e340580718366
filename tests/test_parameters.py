"""Parameters: every illegal value ends in a sentence; notebooks declare what their dataclass says."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbarticle.parameters_cell import Declared, declarations, parse, read_values
from regint import parameters
from regint.parameters import (
    Between,
    Inside,
    OneOf,
    ParameterError,
    Parameters,
    QuestionOf,
    SurveyFolder,
    parameter,
    settings,
)

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Sample(Parameters):
    base: str = parameter("asked", "denominator of the shares", OneOf("asked", "answered"))
    confidence: float = parameter(0.95, "coverage, 0-1", Inside(0, 1))
    seed: int = parameter(1, "seed", Between(0, 100))
    exact: bool = parameter(False, "whether to be exact")

    def check(self) -> None:
        if self.exact and self.seed:
            raise ParameterError("Parameter seed=1 has no meaning for an exact run.")


def test_defaults_and_legal_values_pass() -> None:
    assert Sample(confidence=0.5, base="answered").confidence == 0.5
    with pytest.raises(dataclasses.FrozenInstanceError):
        Sample().seed = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"base": "answred"}, "base='answred' must be one of asked, answered (did you mean 'answered'?)."),
        ({"base": 3}, "base=3 must be a text."),
        ({"confidence": 1.0}, "confidence=1.0 must lie above 0 and below 1."),
        ({"confidence": 95}, "confidence=95 must lie above 0 and below 1."),
        ({"confidence": float("nan")}, "confidence=nan must be a number."),
        ({"seed": 101}, "seed=101 must lie from 0 to 100."),
        ({"seed": True}, "seed=True must be a whole number."),
        ({"exact": 1}, "exact=1 must be true or false."),
        ({"exact": True}, "seed=1 has no meaning"),
    ],
)
def test_illegal_values_end_in_a_sentence(values: dict, sentence: str) -> None:
    with pytest.raises(ParameterError) as error:
        Sample(**values)
    assert sentence in str(error.value)
    assert str(error.value).endswith(".")


def test_whole_number_becomes_a_float_where_one_is_declared() -> None:
    @dataclass(frozen=True)
    class Wide(Parameters):
        width: float = parameter(1.0, "width")

    assert repr(Wide(width=2).width) == "2.0"


def test_settings_list_name_value_default_and_meaning() -> None:
    frame = settings(Sample(confidence=0.9))
    assert list(frame.columns) == ["name", "value", "default", "meaning"]
    assert frame.set_index("name").loc["confidence"].tolist() == ["0.9", "0.95", "coverage, 0-1"]
    assert list(settings(Sample()).columns) == ["name", "value", "meaning"]


# Survey folders and question ids


@pytest.fixture
def survey(tmp_path: Path) -> str:
    (tmp_path / "questions.csv").write_text("\ufeffquestion,kind\nq1,single\nq2,rating\n", encoding="utf-8")
    return str(tmp_path)


def test_survey_folder_must_hold_a_survey(survey: str, tmp_path: Path) -> None:
    rule = SurveyFolder()
    assert rule.problem(survey, {}) is None
    assert "exists" in (rule.problem("", {}) or "")
    assert "exists" in (rule.problem(str(tmp_path / "nowhere"), {}) or "")
    (tmp_path / "empty").mkdir()
    assert "no questions.csv" in (rule.problem(str(tmp_path / "empty"), {}) or "")


def test_question_must_be_one_of_the_survey_and_of_the_right_kind(survey: str) -> None:
    values = {"survey": survey}
    assert QuestionOf().problem("q1", values) is None
    assert "q1, q2 (did you mean 'q1'?)" in (QuestionOf().problem("q11", values) or "")
    assert QuestionOf().problem("", values) is not None
    assert QuestionOf(optional=True).problem("", values) is None
    assert "of kind rating" in (QuestionOf(kinds=("rating",)).problem("q1", values) or "")


# The parameters cell and the command line


def test_declarations_read_name_type_default_and_meaning() -> None:
    cell = 'a: int = 1  # first\nb: str = "x # y"\nc: float = -0.5  # third, # with a sign\nd: bool = True'
    assert declarations(cell) == (
        Declared("a", int, 1, "first"),
        Declared("b", str, "x # y", ""),
        Declared("c", float, -0.5, "third, # with a sign"),
        Declared("d", bool, True, ""),
    )


@pytest.mark.parametrize(
    "cell", ["a = 1", "a: int = 1.5", "a: list = []", "import os", "a: int = b", "a: str = None"]
)
def test_declarations_refuse_anything_else(cell: str) -> None:
    with pytest.raises(ParameterError):
        declarations(cell)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [("007", str, "007"), ("no", str, "no"), ("-3", int, -3), ("1e-3", float, 0.001), ("False", bool, False)],
)
def test_texts_are_read_by_the_declared_type(text: str, kind: type, value: object) -> None:
    assert parse("x", text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0,9", float),
        ("nan", float),
        ("inf", float),
        ("1_000", int),
        ("0x1", int),
        ("1.0", int),
        ("no", bool),
        ("1", bool),
    ],
)
def test_mistyped_texts_are_refused(text: str, kind: type) -> None:
    with pytest.raises(ParameterError, match="must be"):
        parse("x", text, kind)


@given(st.text(max_size=20), st.sampled_from([int, float, bool]))
def test_no_text_gets_past_its_type(text: str, kind: type) -> None:
    try:
        assert type(parse("x", text, kind)) is kind
    except ParameterError as error:
        assert str(error).endswith(".")


def test_read_values_refuses_unknown_and_repeated_names() -> None:
    declared = (Declared("confidence", float, 0.95),)
    assert read_values([("confidence", "0.9")], declared) == {"confidence": 0.9}
    with pytest.raises(ParameterError, match="did you mean 'confidence'"):
        read_values([("confidance", "0.9")], declared)
    with pytest.raises(ParameterError, match="twice"):
        read_values([("confidence", "0.9"), ("confidence", "0.8")], declared)


# The collection


@pytest.mark.parametrize("path", sorted((PROJECT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebook_declares_what_its_dataclass_says(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    tagged = ["".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])]
    if not tagged:
        assert path.stem not in parameters.NOTEBOOKS
        return
    declared = [(d.name, d.type.__name__, d.default) for d in declarations(tagged[0])]
    fields = dataclasses.fields(parameters.NOTEBOOKS[path.stem])
    assert declared == [(f.name, getattr(f.type, "__name__", f.type), f.default) for f in fields]
    assert all(d.meaning for d in declarations(tagged[0]))
