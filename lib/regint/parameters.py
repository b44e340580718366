"""What is legal for a parameter, by its name; the notebook's cell declares type, default and meaning."""

from __future__ import annotations

import datetime
import json
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textfiles.files import locate, regular
from textfiles.parameters_cell import Declared, Value, executed_parameters, unknown, with_type
from textfiles.problems import Problem, did_you_mean

from regint.survey.csv_text import read_sheet

if TYPE_CHECKING:
    import pandas as pd

# The survey of the study, where a notebook names no other.
_STUDY = "data/survey/astana_2025"
# Its questions whose answers have an order.
_ORDERED = (
    "prospects",
    "stability",
    "infrastructure",
    "summit_formats",
    "kazakhstan_role",
    "cultural_compatibility",
    "regional_identity",
)

# Given a value and all values of the notebook: what is wrong with it, or None.
_Rule = Callable[[Any, Mapping[str, Any]], str | None]


def check() -> Any:
    """
    Check the parameters of the notebook that runs this, and return them.

    The cell that declares them is read from what the kernel has executed, the values are those that the names
    have now; whoever set them - the cell, papermill or a hand in JupyterLab - they must be legal.

    Returns
    -------
    namedtuple
        The values by name, such as ``p.confidence``.

    Raises
    ------
    Problem
        One sentence: which parameter, what is allowed, the nearest legal word.
    """
    from IPython import get_ipython

    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    if shell is None:
        raise Problem("The parameters are checked inside a notebook: run this line in a cell of one.")
    names = shell.user_ns
    declared, injected = executed_parameters(names["In"])
    for name in injected:
        if name not in {item.name for item in declared}:
            raise unknown(name, [item.name for item in declared])
    values = check_values(declared, {item.name: names[item.name] for item in declared if item.name in names})
    return namedtuple("Parameters", values)(**values)


def settings(checked: Any) -> pd.DataFrame:
    """
    Tabulate the settings of a run.

    Parameters
    ----------
    checked : namedtuple
        What `check` returned.

    Returns
    -------
    pandas.DataFrame
        One row per parameter, as text: ``name``, ``value``, ``meaning``; where one was changed, also its
        ``default``, so that a run by default does not say everything twice.
    """
    import pandas as pd
    from IPython import get_ipython

    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    declared, _ = executed_parameters(shell.user_ns["In"])
    rows = [(one.name, str(getattr(checked, one.name)), str(one.default), one.meaning) for one in declared]
    frame = pd.DataFrame(rows, columns=["name", "value", "default", "meaning"], dtype=str)
    return frame if (frame["value"] != frame["default"]).any() else frame.drop(columns="default")


def check_values(declared: Sequence[Declared], given: Mapping[str, Any]) -> dict[str, Value]:
    """Check the values of a notebook's parameters, given or by default, and return all of them."""
    values = {one.name: with_type(one.name, given.get(one.name, one.default), one.type) for one in declared}
    # What was changed is blamed first, not what it does not go with.
    for one in sorted(declared, key=lambda one: values[one.name] == one.default):
        value, rule = values[one.name], RULES.get(one.name)
        # A text left empty, or a whole number left at 0; not False and not 0.0, which equal 0.
        left_open = value == one.default and (type(value), value) in ((str, ""), (int, 0))
        if rule is not None and not left_open and (problem := rule(value, values)):
            raise Problem(f"Parameter {one.name}={value!r} {problem}.")
    return values


def origin(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """
    Name the file of respondents behind a notebook's survey, with its digest.

    The digest is empty where small counts are masked, for it would let one test guesses about them.
    """
    if int(values.get("mask_small", 0)) > 1:
        return [{"path": Path(values["file"]).as_posix(), "sha256": ""}]
    try:
        record = regular(locate(values["survey"]) / "import.json").read_text(encoding="utf-8")
        file = json.loads(record)["file"]
        return [{"path": str(file["name"]), "sha256": str(file.get("sha256", ""))}]
    except (Problem, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []  # printed figures, or a record that no import wrote


def _one_of(*allowed: Value) -> _Rule:
    """Demand one of a few words or numbers."""
    words = [str(word) for word in allowed]

    def rule(value: Any, values: Mapping[str, Any]) -> str | None:
        wrong = f"must be one of {', '.join(words)}{did_you_mean(str(value), words)}"
        return None if value in allowed else wrong

    return rule


def between(lower: float, upper: float) -> _Rule:
    """Demand a number from `lower` to `upper`, both legal."""
    return lambda value, _: None if lower <= value <= upper else f"must lie from {lower:g} to {upper:g}"


def inside(lower: float, upper: float) -> _Rule:
    """Demand a number strictly between `lower` and `upper`, such as the coverage of an interval."""
    wrong = f"must lie above {lower:g} and below {upper:g}"
    return lambda value, _: None if lower < value < upper else wrong


def _day_from(first: str) -> _Rule:
    """Demand a day, year first, not before `first`."""

    def rule(value: Any, values: Mapping[str, Any]) -> str | None:
        try:
            late = datetime.date.fromisoformat(value) >= datetime.date.fromisoformat(first)
        except ValueError:
            late = False
        wrong = f"must be a day such as 2025-06-16, not before {first}"
        return None if late and len(value) == 10 else wrong

    return rule


def _a_file(kind: str) -> _Rule:
    """Demand a file that exists, absolute or from the current or the project's folder."""
    return lambda value, _: None if value and locate(value).is_file() else f"must be {kind} that exists"


def _survey_folder(value: Any, values: Mapping[str, Any]) -> str | None:
    """Demand a folder with at least a survey's ``questions.csv``, by a path that any page may show."""
    if Path(value).is_absolute() or ".." in Path(value).parts:
        return "lies outside this project; 'regint report FOLDER' makes the report of another survey"
    folder = locate(value) if value else None
    if folder is None or not folder.is_dir():
        return "must be a survey folder that exists (see data/README.md for what one holds)"
    if not (folder / "questions.csv").is_file():
        return "must be a survey folder, but this one has no questions.csv (see data/README.md)"
    return None


def _row_of(column: str, what: str, file: str = "") -> _Rule:
    """Demand what a column holds: of a file of the survey, or else of the coding."""

    def rule(value: Any, values: Mapping[str, Any]) -> str | None:
        place = values.get("survey", _STUDY) if file else values["coding"]
        known = _column(f"{place}/{file}" if file else place, column) or []
        listing = ", ".join(known) if len(known) <= 20 else f"{', '.join(known[:20])}, ..."
        wrong = f"must be a {what} of {place}: {listing}{did_you_mean(str(value), known)}"
        return None if value in known else wrong

    return rule


def _names_of_questions(value: Any, values: Mapping[str, Any]) -> str | None:
    """Demand questions of the coding, separated by commas."""
    known = _column(values["coding"], "question") or []
    return _not_among(_listed(value), known, f"names no question of {values['coding']}")


def _groupings(value: Any, values: Mapping[str, Any]) -> str | None:
    """Demand groupings of the coding, by commas: three at least, the region that is followed among them."""
    known = _column(values["coding"], "group") or []
    chosen = _listed(values["groups"]) or known
    if wrong := _not_among([*chosen, values["region"]], known, f"names no grouping of {values['coding']}"):
        return wrong
    if values["region"] not in chosen or len(set(chosen)) < 3:
        return f"must leave three groupings or more, {values['region']} among them"
    return None


def _coding(value: Any, values: Mapping[str, Any]) -> str | None:
    """Demand a coding that exists, and fits the other choices."""
    wrong = _a_file("a CSV file")(value, values)
    return wrong or (_groupings(values["groups"], values) if "groups" in values else None)


def _later_than_first(value: Any, values: Mapping[str, Any]) -> str | None:
    """Demand a year of the series that comes after the first."""
    return None if values["first"] < value <= 2022 else f"must be a year from {values['first'] + 1} to 2022"


RULES: dict[str, _Rule] = {
    "alpha": inside(0, 1),
    "base": _one_of("printed", "asked", "answered"),
    "claim": _row_of("claim", "claim", "claims.csv"),
    "claims": _a_file("a CSV file"),
    "codebook": _a_file("a file"),
    "coder": _row_of("coder", "coder"),
    "coding": _coding,
    "concentration": between(0.01, 10_000),
    "complete": between(0.5, 1),
    "confidence": inside(0, 1),
    "date": _day_from("1991-12-21"),
    "draws": between(99, 100_000),
    "end_value": inside(0, 1000),
    "evidence": _one_of("any", "text"),
    "file": _a_file("a file"),
    "first": between(1990, 2021),
    "grouping": _one_of("fine", "merged"),
    "groups": _groupings,
    "growth": inside(0, 100),
    "half": between(0.05, 0.5),
    "largest_base": between(1, 1000),
    "last": _later_than_first,
    "leave_out": _names_of_questions,
    "mask_small": between(0, 100),
    "mass": inside(0, 1),
    "method": _one_of("wilson", "clopper_pearson", "jeffreys"),
    "minimum": _one_of("low", "medium", "high"),
    "population": between(50, 1_000_000),
    "prior": _one_of("uniform", "reciprocal"),
    "question": _row_of("question", "question id", "questions.csv"),
    "rating": _one_of(*_ORDERED),
    "region": _groupings,
    "rounding": _one_of("up_or_down", "up", "down", "even", "floor", "ceiling"),
    "scheme": _one_of("with_pta", "without_pta"),
    "scope": _one_of("own", "any"),
    "seed": between(0, 2**31),
    "survey": _survey_folder,
    "surveys": between(1000, 5_000_000),
    "threshold": _one_of(1.0, 0.5),
}


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _not_among(names: Iterable[str], known: Sequence[str], wrong: str) -> str | None:
    """Name the first that is not known, and what is."""
    for name in names:
        if name not in known:
            return f"{wrong}: {name!r} is none of {', '.join(known)}{did_you_mean(name, known)}"
    return None


def _column(path: str, name: str) -> list[str] | None:
    """List what stands in a column of a CSV file, as text, or return None where there is no such file."""
    file = locate(path)
    if not path or not file.is_file():
        return None
    sheet = read_sheet(file, [name], [], may_be_empty=True)
    if sheet.problems:
        raise Problem(sheet.problems[0])
    return list(dict.fromkeys(cells[name] for _, cells in sheet.rows))
