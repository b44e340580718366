"""Parameters of the notebooks on one survey, in the order of the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regint.parameters.data import EveryQuestionOr, QuestionOf, SurveyFolder, table_column
from regint.parameters.declaration import Parameters, parameter
from regint.parameters.rules import Between, Inside, OneOf, ParameterError, did_you_mean


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
    """List the question of every response that has a figure, a count or a quantity in words.

    Examples
    --------
    >>> known_options("data/survey/astana_2025").count("scenario_2035")
    4
    """
    columns = [
        table_column(f"{survey}/responses.csv", name) or []
        for name in ("question", "printed", "count", "statement")
    ]
    return [question for question, *figures in zip(*columns, strict=False) if any(figures)]
