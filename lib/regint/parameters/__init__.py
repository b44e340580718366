"""Parameters of the notebooks: a frozen dataclass each, and the registry.

A notebook's ``parameters`` cell holds ``name: type = literal  # meaning`` only, so papermill can replace the
values. The dataclass of the same notebook repeats names, types and defaults and adds what is legal; a wrong
value ends in one sentence, with the nearest legal one::

    @dataclass(frozen=True)
    class ResponseDistributions(Parameters):
        survey: str = parameter("data/survey/astana_2025", "survey folder", SurveyFolder())
        question: str = parameter("", "question id; empty for all", QuestionOf("survey", optional=True))
        base: str = parameter("answered", "denominator of the shares", OneOf("asked", "answered"))
        confidence: float = parameter(0.95, "coverage of the intervals, 0-1", Inside(0, 1))

Rules that need more than one value go into a method ``check``, which raises :class:`ParameterError`. A new
notebook's dataclass goes into ``surveys`` or ``theories``, and its line into ``NOTEBOOKS`` below.
"""

from __future__ import annotations

from regint.parameters.data import (
    DataFile,
    EveryQuestionOr,
    QuestionOf,
    SurveyFolder,
    TableFile,
    table_column,
)
from regint.parameters.declaration import (
    Parameters,
    parameter,
    settings,
)
from regint.parameters.own_survey import OwnSurvey
from regint.parameters.rules import (
    KINDS,
    Between,
    Day,
    Inside,
    OneOf,
    ParameterError,
    Rule,
    Value,
    did_you_mean,
    with_type,
)
from regint.parameters.surveys import (
    ClaimsOnTrial,
    HiddenBases,
    PublishedFigures,
    ResponseDistributions,
    Uncertainty,
)
from regint.parameters.theories import (
    BalassaStages,
    RegionInContext,
    Spillover,
    TheoriesAndExperts,
)

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
