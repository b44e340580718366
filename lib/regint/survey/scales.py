"""The answers to an ordered question, and what the silent could make of them."""

from dataclasses import dataclass
from math import comb, nan

import pandas as pd

from regint.statistics.bounds import functional_bounds
from regint.survey.closeup import options_of_each, working_counts
from regint.survey.ordered import FEW_CATEGORIES
from regint.survey.published import Survey

# Label and ends of the scale of each summary; a mean has the scale of its question.
SUMMARIES = {
    "mean": ("Mean score", 0.0, 0.0),
    "top_box": ("Share in the two highest categories", 0.0, 1.0),
    "agreement": ("Agreement (van der Eijk)", -1.0, 1.0),
    "consensus": ("Consensus (Tastle and Wierman)", 0.0, 1.0),
    "leik_dispersion": ("Dispersion (Leik)", 0.0, 1.0),
    "polarization": ("Polarisation", 0.0, 1.0),
}


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
    scores : list of float
        The number of each category; their places from 1 where the survey gives no numbers.
    """

    label: str
    counts: list[int]
    missing: int
    ordered: bool
    scores: list[float]

    @property
    def answers(self) -> int:
        """How many gave an answer in substance."""
        return sum(self.counts)

    @property
    def reached(self) -> int:
        """How many were asked."""
        return self.answers + self.missing

    @property
    def completions(self) -> int:
        """In how many ways the missing people could fill the categories."""
        return comb(self.missing + len(self.counts) - 1, self.missing)


def scale_in_silence(survey: Survey, question: str = "", fallback: str = "") -> ScaleInSilence:
    """
    Gather the answers to the ordered question with most silence, or to another one.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id; empty for the ordered one with most silence that anybody answered in substance.
    fallback : str
        The question taken where the survey has no such one.

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
    given = known.groupby("question", observed=True)["count"].sum().reindex(ordered.index, fill_value=0) > 0
    silence = (survey.questions["asked"] - survey.questions["answered"]).fillna(0)[ordered & several & given]
    chosen = question or (str(silence.idxmax()) if len(silence) else fallback)
    answers = known[known["question"] == chosen]
    counts = answers["count"].astype(int).tolist()
    reached = survey.questions.loc[chosen, ["asked", "printed_base"]].fillna(0).max()
    scores = answers["score"].astype("float64")
    return ScaleInSilence(
        label=str(survey.questions.loc[chosen, "label"]),
        counts=counts,
        missing=max(0, int(reached) - sum(counts)),
        ordered=bool(ordered[chosen]),
        scores=scores.tolist()
        if scores.notna().all()
        else [float(place + 1) for place in range(len(counts))],
    )


def summaries(scale: ScaleInSilence) -> pd.DataFrame:
    """
    Give the usual summaries of an ordered question, and their bounds over everyone who was asked.

    Parameters
    ----------
    scale : ScaleInSilence
        Answers and silence.

    Returns
    -------
    DataFrame
        One row per summary: ``summary`` (its identifier), ``label``, ``least`` and ``most`` (the ends of its
        scale), ``value`` (of the answers given), ``lower`` and ``upper`` (sharp bounds over every way in
        which the missing could have answered); missing where there is nobody. The share of the two highest
        categories is left out on scales of fewer than four.

    Examples
    --------
    >>> table = summaries(ScaleInSilence("", [0, 1, 5, 16, 8], 20, True, [1, 2, 3, 4, 5]))
    >>> table.loc[table["summary"] == "agreement", ["value", "lower", "upper"]].round(2).values.tolist()
    [[0.65, -0.23, 0.79]]
    """
    rows = []
    for name, (label, least, most) in SUMMARIES.items():
        if name == "top_box" and len(scale.counts) < FEW_CATEGORIES:
            continue
        ends = (min(scale.scores), max(scale.scores)) if name == "mean" else (least, most)
        scores = scale.scores if name == "mean" else None
        value, _ = _bounds(scale.counts, 0, name, scores)
        rows.append((name, label, *ends, value, *_bounds(scale.counts, scale.missing, name, scores)))
    return pd.DataFrame(rows, columns=["summary", "label", "least", "most", "value", "lower", "upper"])


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
    >>> agreement_by_silence(ScaleInSilence("", [0, 1, 1], 1, True, [1, 2, 3]))["x"].tolist()
    [0, 1]
    """
    numbers = sorted({scale.missing * step // steps for step in range(steps + 1)})
    ends = [_bounds(scale.counts, silent, "agreement") for silent in numbers]
    return pd.DataFrame(
        {"x": numbers, "lower": [low for low, _ in ends], "upper": [high for _, high in ends]}
    )


def _bounds(
    counts: list[int], missing: int, name: str, scores: list[float] | None = None
) -> tuple[float, float]:
    """Sharp bounds of a summary; of nobody, or of a single category, there is none."""
    if len(counts) < 2 or not sum(counts) + missing:
        return nan, nan
    return functional_bounds(counts, missing, name, scores=scores)
