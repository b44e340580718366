"""What is legal for a parameter of a notebook."""

from __future__ import annotations

import dataclasses
import datetime
import difflib
import math
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

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
    """One of a few words or numbers."""

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
    """A number from `lower` to `upper`, both legal."""

    lower: float
    upper: float

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that names the range, or None."""
        if self.lower <= value <= self.upper:
            return None
        return f"must lie from {self.lower:g} to {self.upper:g}"


@dataclass(frozen=True)
class Inside:
    """A number strictly between `lower` and `upper`, such as the coverage of an interval."""

    lower: float
    upper: float

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that names the range, or None."""
        if self.lower < value < self.upper:
            return None
        return f"must lie above {self.lower:g} and below {self.upper:g}"


@dataclass(frozen=True)
class Day:
    """A day, year first, not before `first`."""

    first: str

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says how to write a day, or None."""
        try:
            late = datetime.date.fromisoformat(value) >= datetime.date.fromisoformat(self.first)
        except ValueError:
            late = False
        return (
            None
            if late and len(value) == 10
            else f"must be a day such as 2025-06-16, not before {self.first}"
        )


def did_you_mean(value: str, allowed: Iterable[str]) -> str:
    """Name the legal value nearest to `value`, in brackets, or nothing when none is near."""
    near = difflib.get_close_matches(value, list(allowed), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def with_type(name: str, value: Any, kind: type[Value]) -> Value:
    """Return `value` if it has the declared type (a whole number may stand for a float), else raise."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise ParameterError(f"Parameter {name}={value!r} must be {KINDS[kind]}.")
    return value


if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


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

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say why a notebook with these values has nothing to say about their survey; empty if it has."""
        return "" if "survey" in values else "it is not about a survey"


def settings(parameters: Parameters) -> pd.DataFrame:
    """Tabulate the settings of a run.

    Returns
    -------
    pandas.DataFrame
        One row per parameter, as text: ``name``, ``value``, ``meaning``; where one was changed, also its
        ``default``, so that a run by default does not say everything twice.
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
    frame = pd.DataFrame(rows, columns=["name", "value", "default", "meaning"], dtype=str)
    return frame if (frame["value"] != frame["default"]).any() else frame.drop(columns="default")


@dataclass(frozen=True)
class SurveyFolder:
    """A folder that holds a survey: at least its ``questions.csv``."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        from textfiles.project import locate

        folder = locate(value) if value else Path()
        if not value or not folder.is_dir():
            return "must be a survey folder that exists (see data/README.md for what one holds)"
        if not (folder / "questions.csv").is_file():
            return "must be a survey folder, but this one has no questions.csv (see data/README.md)"
        return None


@dataclass(frozen=True)
class TableFile:
    """A CSV file that exists, from the current folder or from the project folder."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        return None if table_column(value) is not None else "must be a CSV file that exists"


@dataclass(frozen=True)
class DataFile:
    """A file of data that exists, absolute or relative to the current or the project folder."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        from textfiles.project import locate

        found = bool(value) and locate(value).is_file()
        return None if found else "must be a CSV file that exists (see data/README.md for the columns)"


@dataclass(frozen=True)
class QuestionOf:
    """A question id of the survey that another parameter names."""

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
        from textfiles.project import locate

        from regint.survey.csv_text import read_sheet

        sheet = read_sheet(locate(survey) / "questions.csv", ["question", "kind"], [])
        if sheet.problems:
            raise ParameterError(sheet.problems[0])
        rows = [cells for _, cells in sheet.rows if not self.kinds or cells["kind"] in self.kinds]
        return [cells["question"] for cells in rows]


@dataclass(frozen=True)
class EveryQuestionOr(QuestionOf):
    """The word ``all``, or one question id."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that lists the legal ids nearest to `value`, or None."""
        return None if value == "all" else super().problem(value, values)


def table_column(path: str, name: str = "") -> list[str] | None:
    """Read one column of a CSV file as text, or return None where there is no such file."""
    from textfiles.project import locate

    from regint.survey.csv_text import read_sheet

    file = locate(path)
    if not path or not file.is_file():
        return None
    return [cells[name] for _, cells in read_sheet(file, [name], []).rows]


def shares_no_question(table: str, survey: str) -> bool:
    """Say whether no question of a survey stands in the column ``question`` of a CSV file."""
    return not set(table_column(table, "question") or []) & set(QuestionOf().legal(survey))


@dataclass(frozen=True)
class FileOfRespondents:
    """A file that exists, from the current folder or from the project folder."""

    optional: bool = False

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says what is missing, or None."""
        from textfiles.project import locate

        if (value == "" and self.optional) or (value != "" and locate(value).is_file()):
            return None
        return "must be a file that exists, from the current folder or from the project folder"


@dataclass(frozen=True)
class OwnSurvey(Parameters):
    """Parameters of ``11_your_own_survey``."""

    file: str = parameter("data/examples/awkward_panel.csv", "file of respondents", FileOfRespondents())
    codebook: str = parameter(
        "data/examples/awkward_panel_codebook.csv",
        "what columns and codes mean; empty: proposed",
        FileOfRespondents(optional=True),
    )
    weight: str = parameter("Gewicht", "column of weights; empty for none")
    missing: str = parameter("", "codes that are answers without substance, separated by commas")
    mask_small: int = parameter(0, "hide counts from one to this number minus one; 0: none", Between(0, 100))

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say so of every survey folder: this notebook starts from a file of respondents."""
        return "it starts from a file of respondents, not from a survey folder"


@dataclass(frozen=True)
class PublishedFigures(Parameters):
    """Parameters of ``01_published_figures``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    question: str = parameter(
        "", "question looked at closely; empty for the first", QuestionOf("survey", optional=True)
    )


@dataclass(frozen=True)
class ResponseDistributions(Parameters):
    """Parameters of ``03_response_distributions``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    question: str = parameter("all", "question id, or all", EveryQuestionOr("survey"))
    base: str = parameter(
        "printed",
        "denominator of the shares: printed, asked or answered",
        OneOf("printed", "asked", "answered"),
    )
    confidence: float = parameter(0.95, "coverage of the intervals, 0-1", Inside(0, 1))


@dataclass(frozen=True)
class HiddenBases(Parameters):
    """Parameters of ``02_hidden_bases``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    question: str = parameter(
        "",
        "question looked at closely; empty for the one hardest to fit",
        QuestionOf("survey", optional=True),
    )
    largest_base: int = parameter(
        0,
        "largest base thought possible; 0 for twice the largest that the survey records",
        Between(0, 400),
    )
    rounding: str = parameter(
        "up_or_down",
        "rule at a tie: up_or_down, up, down, even, floor or ceiling",
        OneOf("up_or_down", "up", "down", "even", "floor", "ceiling"),
    )
    prior: str = parameter(
        "uniform", "weight of the bases beforehand: uniform or reciprocal", OneOf("uniform", "reciprocal")
    )


@dataclass(frozen=True)
class Uncertainty(Parameters):
    """Parameters of ``04_uncertainty``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    question: str = parameter(
        "",
        "question compared; empty for the choose-several one with most options",
        QuestionOf("survey", optional=True),
    )
    rating: str = parameter(
        "",
        "ordered question whose silence is studied; empty for the one with most silence",
        QuestionOf("survey", kinds=("rating", "single"), optional=True),
    )
    base: str = parameter(
        "printed",
        "base of the close-up: printed, asked or answered",
        OneOf("printed", "asked", "answered"),
    )
    confidence: float = parameter(0.95, "coverage of the intervals, 0-1", Inside(0, 1))
    method: str = parameter(
        "wilson",
        "interval of the pictures: wilson, clopper_pearson or jeffreys",
        OneOf("wilson", "clopper_pearson", "jeffreys"),
    )
    prior: float = parameter(0.5, "prior weight of each option", Between(0.01, 100))

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say so when nothing in the survey can be compared."""
        known = known_options(values["survey"])
        several = any(known.count(question) > 1 for question in known)
        return "" if several or not known else "none of its questions has two options with a figure"

    def check(self) -> None:
        """Check that a question named has two options with a figure: something to compare."""
        known = known_options(self.survey)
        for name in ("question", "rating"):
            value = getattr(self, name)
            if value and known.count(value) < 2:
                legal = [question for question in dict.fromkeys(known) if known.count(question) > 1]
                raise ParameterError(
                    f"Parameter {name}={value!r} has fewer than two options with a figure; choose one of "
                    f"{', '.join(legal)}."
                )


@dataclass(frozen=True)
class ClaimsOnTrial(Parameters):
    """Parameters of ``05_claims_on_trial``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    base: str = parameter(
        "printed",
        "denominator of the shares: printed, asked or answered",
        OneOf("printed", "asked", "answered"),
    )
    claim: str = parameter("", "claim looked at closely; empty for claims that depend on the base")
    largest_base: int = parameter(200, "largest base tried for one claim", Between(1, 1000))

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say so when no claim is recorded: what nobody claimed must not look like a report's own words."""
        if table_column(f"{values['survey']}/claims.csv", "claim") == []:
            return "its claims.csv holds no claim of its report"
        return ""

    def check(self) -> None:
        """Check that the claim exists, where one is named."""
        ids = table_column(f"{self.survey}/claims.csv", "claim")
        if self.claim and ids is not None and self.claim not in ids:
            near = did_you_mean(self.claim, ids)
            raise ParameterError(f"Parameter claim={self.claim!r} must be a claim of {self.survey}{near}.")


def known_options(survey: str) -> list[str]:
    """List the question of every response that has a figure, a count or a quantity in words."""
    columns = [
        table_column(f"{survey}/responses.csv", name) or []
        for name in ("question", "printed", "count", "statement")
    ]
    return [question for question, *figures in zip(*columns, strict=False) if any(figures)]


@dataclass(frozen=True)
class BalassaStages(Parameters):
    """Parameters of ``06_balassa_stages``."""

    coding: str = parameter(
        "data/theory/balassa_coding.csv", "coding of groupings by criteria, a CSV file", TableFile()
    )
    groups: str = parameter("", "groupings to compare, separated by commas; empty for all")
    region: str = parameter("CA5", "grouping that the text follows")
    scheme: str = parameter(
        "with_pta", "block scheme: with_pta or without_pta", OneOf("with_pta", "without_pta")
    )
    vary: str = parameter(
        "both", "what the draws change: weights, codes or both", OneOf("weights", "codes", "both")
    )
    concentration: float = parameter(
        1.0, "spread of the random stage weights; large values keep them equal", Between(0.01, 10_000)
    )
    threshold: float = parameter(1.0, "code from which a criterion counts as met: 1 or 0.5", OneOf(1.0, 0.5))
    mass: float = parameter(0.95, "share of the draws inside an interval, 0-1", Inside(0, 1))
    draws: int = parameter(4000, "number of random draws", Between(100, 100_000))
    seed: int = parameter(1961, "seed of the random draws", Between(0, 2**32 - 1))

    def check(self) -> None:
        """Check that the groupings are in the coding, three at least, the one followed among them."""
        known = list(dict.fromkeys(table_column(self.coding, "group") or []))
        chosen = [name.strip() for name in self.groups.split(",") if name.strip()] or known
        for name in [*chosen, self.region]:
            if name not in known:
                raise ParameterError(
                    f"Grouping {name!r} is not in {self.coding}, which has {', '.join(known)}"
                    f"{did_you_mean(name, known)}."
                )
        if self.region not in chosen or len(set(chosen)) < 3:
            raise ParameterError(
                f"Parameter groups={self.groups!r} must name three groupings or more, "
                f"{self.region} among them."
            )


@dataclass(frozen=True)
class TheoriesAndExperts(Parameters):
    """Parameters of ``08_theories_and_experts``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    coding: str = parameter(
        "data/theory/option_coding.csv", "coding of the survey's options, a CSV file", TableFile()
    )
    coder: str = parameter("collection", "whose readings to use")
    leave_out: str = parameter(
        "barriers_astana_times",
        "questions left out, by commas; one told twice counts once",
    )
    directions: str = parameter(
        "economic_directions",
        "question on what to integrate, several answers possible",
        QuestionOf("survey", ("multiple",)),
    )
    formats: str = parameter(
        "agency_formats",
        "question on who should do it, several answers possible",
        QuestionOf("survey", ("multiple",)),
    )
    measure: str = parameter(
        "choices", "what support means: choices or questions", OneOf("choices", "questions")
    )
    signed: bool = parameter(False, "count choices against a theory as negative")
    alpha: float = parameter(0.05, "level of the paired tests", Inside(0, 1))
    mass: float = parameter(0.95, "share of the codings inside a span, 0-1", Inside(0, 1))
    draws: int = parameter(4000, "number of random codings and permutations", Between(100, 100_000))
    seed: int = parameter(1970, "seed of the random draws", Between(0, 2**32 - 1))

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say so when the coding is of another survey's options."""
        if shares_no_question(values["coding"], values["survey"]):
            return f"{values['coding']} codes no question of it; give a coding of yours with -p coding FILE"
        return ""

    def check(self) -> None:
        """Check that the coder coded options of this survey, and that the questions left out exist."""
        questions = QuestionOf("survey").legal(self.survey)
        for name in (part.strip() for part in self.leave_out.split(",") if part.strip()):
            if name not in questions:
                raise ParameterError(
                    f"Question {name!r} of leave_out is not in {self.survey}{did_you_mean(name, questions)}."
                )
        coders = table_column(self.coding, "coder") or []
        asked = table_column(self.coding, "question") or []
        if self.coder not in coders:
            raise ParameterError(
                f"Parameter coder={self.coder!r} is not in {self.coding}: "
                f"{', '.join(dict.fromkeys(coders))}{did_you_mean(self.coder, coders)}."
            )
        left = set(questions) - {part.strip() for part in self.leave_out.split(",")}
        if not any(c == self.coder and q in left for c, q in zip(coders, asked, strict=True)):
            raise ParameterError(
                f"Parameter coding={self.coding!r} codes no question of {self.survey} that is kept; "
                "bring a coding of this survey, with the columns of data/theory/option_coding.csv."
            )


@dataclass(frozen=True)
class Spillover(Parameters):
    """Parameters of ``07_spillover``."""

    claims: str = parameter("data/theory/paper_claims.csv", "coded claims of a text", DataFile())
    sector: str = parameter("", "sector looked at closely; empty for the one that sends most links")
    grouping: str = parameter(
        "fine", "sectors as the text names them, or merged into fewer", OneOf("fine", "merged")
    )
    minimum: str = parameter(
        "low", "least confidence that the text asserts a link", OneOf("low", "medium", "high")
    )
    draws: int = parameter(999, "random graphs per null model", Between(99, 9999))
    seed: int = parameter(2025, "seed of the random graphs", Between(0, 2**31))


@dataclass(frozen=True)
class RegionInContext(Parameters):
    """Parameters of ``09_region_in_context``."""

    survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
    date: str = parameter("2025-11-16", "day of the membership table, YYYY-MM-DD", Day("1991-12-21"))
    growth: float = parameter(2.5, "claimed growth of trade as a share: 2.5 is 250 per cent", Inside(0, 100))
    end_value: float = parameter(11.0, "claimed trade at the end, USD billion", Inside(0, 1000))
    flows: str = parameter("data/context/example_flows.csv", "bilateral matrix of exports", DataFile())
    region: str = parameter("A, B, C", "members of the region in that matrix, separated by commas")
    draws: int = parameter(999, "random membership tables", Between(99, 9999))
    seed: int = parameter(2025, "seed of the random tables", Between(0, 2**31))

    @classmethod
    def misfit(cls, values: Mapping[str, Any]) -> str:
        """Say so when the forecasts follow from another survey."""
        if shares_no_question("data/context/forecasts.csv", values["survey"]):
            return "its record and its forecasts are of Central Asia"
        return ""


__all__ = [
    "BalassaStages",
    "Between",
    "ClaimsOnTrial",
    "DataFile",
    "Day",
    "EveryQuestionOr",
    "HiddenBases",
    "Inside",
    "KINDS",
    "NOTEBOOKS",
    "OneOf",
    "OwnSurvey",
    "ParameterError",
    "Parameters",
    "PublishedFigures",
    "QuestionOf",
    "RegionInContext",
    "ResponseDistributions",
    "Rule",
    "Spillover",
    "SurveyFolder",
    "TableFile",
    "TheoriesAndExperts",
    "Uncertainty",
    "Value",
    "did_you_mean",
    "parameter",
    "settings",
    "table_column",
    "with_type",
]

# Every notebook with parameters, by its stem.
NOTEBOOKS: dict[str, type[Parameters]] = {
    "01_published_figures": PublishedFigures,
    "02_hidden_bases": HiddenBases,
    "03_response_distributions": ResponseDistributions,
    "04_uncertainty": Uncertainty,
    "05_claims_on_trial": ClaimsOnTrial,
    "06_balassa_stages": BalassaStages,
    "08_theories_and_experts": TheoriesAndExperts,
    "07_spillover": Spillover,
    "09_region_in_context": RegionInContext,
    "11_your_own_survey": OwnSurvey,
}
