"""Parameters of the notebooks on theory and context, in the order of the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regint.parameters.data import (
    DataFile,
    QuestionOf,
    SurveyFolder,
    TableFile,
    shares_no_question,
    table_column,
)
from regint.parameters.declaration import Parameters, parameter
from regint.parameters.rules import Between, Day, Inside, OneOf, ParameterError, did_you_mean


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
