"""Parameters of the notebooks: one frozen dataclass each, its machinery and the registry.

A notebook's ``parameters`` cell holds ``name: type = literal  # meaning`` only, so papermill can replace the
values. The dataclass of the same notebook repeats names, types and defaults and adds what is legal; a wrong
value ends in one sentence, with the nearest legal one::

    @dataclass(frozen=True)
    class ResponseDistributions(Parameters):
        survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
        question: str = parameter("", "question id; empty for all", QuestionOf("survey", optional=True))
        base: str = parameter("answered", "denominator of the shares", OneOf("asked", "answered"))
        confidence: float = parameter(0.95, "coverage of the intervals, 0-1", Inside(0, 1))

Rules that need more than one value go into a method ``check``, which raises :class:`ParameterError`.
"""

from __future__ import annotations

import csv
import dataclasses
import difflib
import io
import math
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Value = str | int | float | bool

KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


class ParameterError(ValueError):
    """A parameter is unknown, mistyped or out of range; the message is one sentence with the remedy."""


class Rule(Protocol):
    """What is legal for one parameter."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Say what is wrong with `value` (given all `values` of the notebook), or return None."""


@dataclass(frozen=True, init=False)
class OneOf:
    """One of a few words or numbers.

    Examples
    --------
    >>> OneOf("asked", "answered").problem("answred", {})
    "must be one of asked, answered (did you mean 'answered'?)"
    """

    allowed: tuple[Value, ...]

    def __init__(self, *allowed: Value) -> None:
        object.__setattr__(self, "allowed", allowed)

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that lists what is allowed, or None."""
        if value in self.allowed:
            return None
        words = [str(word) for word in self.allowed]
        return f"must be one of {', '.join(words)}{did_you_mean(str(value), words)}"


@dataclass(frozen=True)
class Between:
    """A number from `lower` to `upper`, both legal.

    Examples
    --------
    >>> Between(1, 100).problem(0, {})
    'must lie from 1 to 100'
    """

    lower: float
    upper: float

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that names the range, or None."""
        if self.lower <= value <= self.upper:
            return None
        return f"must lie from {self.lower:g} to {self.upper:g}"


@dataclass(frozen=True)
class Inside:
    """A number strictly between `lower` and `upper`, such as the coverage of an interval.

    Examples
    --------
    >>> Inside(0, 1).problem(95.0, {})
    'must lie above 0 and below 1'
    """

    lower: float
    upper: float

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that names the range, or None."""
        if self.lower < value < self.upper:
            return None
        return f"must lie above {self.lower:g} and below {self.upper:g}"


@dataclass(frozen=True)
class SurveyFolder:
    """A folder that holds a survey: at least its ``questions.csv``."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        from regint.survey.codebook import locate

        folder = locate(value) if value else Path()
        if not value or not folder.is_dir():
            return "must be a survey folder that exists (see data/README.md for what one holds)"
        if not (folder / "questions.csv").is_file():
            return "must be a survey folder, but this one has no questions.csv (see data/README.md)"
        return None


@dataclass(frozen=True)
class QuestionOf:
    """A question id of the survey that another parameter names.

    Attributes
    ----------
    survey
        Name of the parameter that holds the survey folder.
    kinds
        Kinds of question that make sense here; empty for all.
    optional
        Whether ``""`` (no question, or all of them) is legal.
    """

    survey: str = "survey"
    kinds: tuple[str, ...] = ()
    optional: bool = False

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that lists the legal ids nearest to `value`, or None."""
        if self.optional and value == "":
            return None
        ids = self.legal(str(values[self.survey]))
        if value in ids:
            return None
        kinds = f" of kind {' or '.join(self.kinds)}" if self.kinds else ""
        listing = ", ".join(ids) if len(ids) <= 20 else f"{', '.join(ids[:20])}, ..."
        return (
            f"must be a question id{kinds} of {values[self.survey]}: {listing}{did_you_mean(str(value), ids)}"
        )

    def legal(self, survey: str) -> list[str]:
        """List the legal question ids of a survey folder, in its order."""
        from regint.survey.codebook import locate

        text = (locate(survey) / "questions.csv").read_text(encoding="utf-8-sig", errors="replace")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        return [row.get("question") or "" for row in rows if not self.kinds or row.get("kind") in self.kinds]


def parameter(default: T, meaning: str, *rules: Rule) -> T:
    """Declare a parameter: its default, what it means (no full stop) and what is legal."""
    return dataclasses.field(default=default, metadata={"meaning": meaning, "rules": rules})


@dataclass(frozen=True)
class Parameters:
    """Base of every notebook's parameters: checks types, then rules, then :meth:`check`."""

    def __post_init__(self) -> None:
        """Check every value, and stop at the first that is not legal."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        types = typing.get_type_hints(type(self))
        for field in dataclasses.fields(self):
            name, value = field.name, values[field.name]
            checked = with_type(name, value, types[name])
            object.__setattr__(self, name, checked)
            for rule in field.metadata.get("rules", ()):
                if problem := rule.problem(checked, values):
                    raise ParameterError(f"Parameter {name}={value!r} {problem}.")
        self.check()

    def check(self) -> None:
        """Check what needs more than one value; overridden where there is such a rule."""


def did_you_mean(value: str, allowed: Iterable[str]) -> str:
    """Name the legal value nearest to `value`, in brackets, or nothing when none is near.

    Examples
    --------
    >>> did_you_mean("confidance", ["base", "confidence"])
    " (did you mean 'confidence'?)"
    """
    near = difflib.get_close_matches(value, list(allowed), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def with_type(name: str, value: Any, kind: type[Value]) -> Value:
    """Return `value` if it has the declared type (a whole number may stand for a float), else raise."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise ParameterError(f"Parameter {name}={value!r} must be {KINDS[kind]}.")
    return value


def settings(parameters: Parameters) -> pd.DataFrame:
    """Tabulate the settings of a run.

    Returns
    -------
    pandas.DataFrame
        One row per parameter, as text: ``name``, ``value``, ``default``, ``meaning``.
    """
    import pandas as pd

    rows = [
        (
            field.name,
            str(getattr(parameters, field.name)),
            str(field.default),
            field.metadata.get("meaning", ""),
        )
        for field in dataclasses.fields(parameters)
    ]
    return pd.DataFrame(rows, columns=["name", "value", "default", "meaning"], dtype=str)


# One dataclass per notebook, in the order of the collection; each registered under the notebook's stem.

@dataclass(frozen=True)
class PublishedFigures(Parameters):
    """Parameters of ``01_published_figures``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    question: str = parameter(
        "", "question looked at closely; empty for the first", QuestionOf("survey", optional=True)
    )


@dataclass(frozen=True)
class ClaimsOnTrial(Parameters):
    """Parameters of ``05_claims_on_trial``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    base: str = parameter(
        "printed", "denominator of the shares: printed, asked or answered", OneOf("printed", "asked", "answered")
    )
    claim: str = parameter("", "claim looked at closely; empty for the first that depends on the base")
    largest_base: int = parameter(200, "largest base tried for that claim", Between(1, 1000))

    def check(self) -> None:
        """Check that the claim exists, where one is named."""
        from regint.survey.codebook import locate

        path = locate(self.survey) / "claims.csv"
        if not self.claim or not path.is_file():
            return
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        ids = [row.get("claim") or "" for row in csv.DictReader(io.StringIO(text, newline=""))]
        if self.claim not in ids:
            raise ParameterError(
                f"Parameter claim={self.claim!r} must be a claim of {self.survey}{did_you_mean(self.claim, ids)}."
            )


NOTEBOOKS: dict[str, type[Parameters]] = {
    "01_published_figures": PublishedFigures,
    "05_claims_on_trial": ClaimsOnTrial,
}
