"""The answers to an ordered question, and what the silent could make of them."""

from dataclasses import dataclass

import pandas as pd

from regint.statistics.bounds import functional_bounds
from regint.survey.closeup import options_of_each, working_counts
from regint.survey.published import Survey


@dataclass(frozen=True)
class ScaleInSilence:
    """
    The answers to an ordered question, and how many gave none in substance.

    Attributes
    ----------
    label : str
        Name of the question.
    counts : list of int
        Answers by category, in the order of the scale.
    missing : int
        People asked who are in no category.
    ordered : bool
        Whether its categories have an order at all.
    """

    label: str
    counts: list[int]
    missing: int
    ordered: bool


def scale_in_silence(survey: Survey, question: str = "", fallback: str = "") -> ScaleInSilence:
    """
    Gather the answers to the ordered question with most silence, or to another one.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id; empty for the ordered one with most silence.
    fallback : str
        The question taken where the survey has no ordered one.

    Returns
    -------
    ScaleInSilence
        Counts and silence.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> scale = scale_in_silence(read_survey("data/survey/astana_2025"))
    >>> scale.counts, scale.missing
    ([0, 1, 5, 16, 8], 20)
    """
    known = working_counts(survey)
    ordered = survey.questions["scale"] == "ordered"
    several = options_of_each(survey, known).gt(1)
    silence = (survey.questions["asked"] - survey.questions["answered"]).fillna(0)[ordered & several]
    chosen = question or (str(silence.idxmax()) if len(silence) else fallback)
    counts = known.loc[known["question"] == chosen, "count"].astype(int).tolist()
    reached = survey.questions.loc[chosen, ["asked", "printed_base"]].fillna(0).max()
    missing = max(0, int(reached) - sum(counts))
    return ScaleInSilence(str(survey.questions.loc[chosen, "label"]), counts, missing, bool(ordered[chosen]))


def agreement_by_silence(scale: ScaleInSilence, steps: int = 20) -> pd.DataFrame:
    """
    Give the bounds of agreement for every number of silent people up to the one there is.

    Parameters
    ----------
    scale : ScaleInSilence
        Answers and silence.
    steps : int
        About how many numbers to try.

    Returns
    -------
    DataFrame
        ``x`` (silent people), ``lower``, ``upper`` (sharp bounds of van der Eijk's A).

    Examples
    --------
    >>> agreement_by_silence(ScaleInSilence("", [0, 1, 1], 1, True))["x"].tolist()
    [0, 1]
    """
    numbers = sorted({scale.missing * step // steps for step in range(steps + 1)})
    ends = [functional_bounds(scale.counts, silent, "agreement") for silent in numbers]
    return pd.DataFrame(
        {"x": numbers, "lower": [low for low, _ in ends], "upper": [high for _, high in ends]}
    )
