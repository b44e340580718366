"""Distributions of answers: shares with their intervals, plain and weighted."""

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from regint.estimation.intervals import interval_envelope
from regint.survey.count_ranges import CountInterval
from regint.survey.table import Survey, allowed_counts, tidy_table

COLUMNS = [
    "question", "question_label", "response", "label", "substantive", "count", "answered", "effective_base",
    "share", "weighted_share", "error", "lower", "upper",
]  # fmt: skip
# The import gives intervals at this coverage unless it was told another one.
USUAL = 0.95


def weighted_shares(survey: Survey, confidence: float = USUAL) -> pd.DataFrame:
    r"""
    Give the weighted shares of a survey beside the plain ones.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    confidence : float
        Coverage of the intervals, 0-1; it need not be the coverage chosen at the import.

    Returns
    -------
    DataFrame
        One row per response that has a weighted share: ``question``, ``question_label``, ``response``,
        ``label``, ``substantive``, ``count`` and ``answered`` (persons), ``effective_base`` (Kish's, missing
        where no weight but only strata or clusters were stated), ``share`` and ``weighted_share`` (0-1, of
        those who answered), ``error`` (standard error of the weighted share under the stated design),
        ``lower`` and ``upper`` (missing for shares of 0 and 1, which have no error). Empty for a survey
        without weights and design.

    Notes
    -----
    The folder holds the estimate :math:`\hat p`, its standard error :math:`s` by Taylor linearisation and an
    interval on the logit scale, all from the respondent-level data (`surveyfile.design`). For
    another coverage the half-width is scaled: it is :math:`t \, s / (\hat p (1 - \hat p))` with a quantile
    :math:`t` of Student's distribution, whose degrees of freedom the interval in the folder determines.

    References
    ----------
    Kish, L. (1965). *Survey Sampling*. New York: Wiley.

    Lumley, T. (2004). Analysis of complex survey samples. *Journal of Statistical Software* 9(8).
    https://doi.org/10.18637/jss.v009.i08

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> len(weighted_shares(read_survey("data/survey/astana_2025")))
    0
    """
    table = tidy_table(survey, base="answered")
    if "weighted_share" not in table:
        return pd.DataFrame(columns=COLUMNS)
    table = table[table["weighted_share"].notna()]
    stored = _coverage(survey)
    ends = [_interval(row, stored, confidence) for row in table.to_dict("records")]
    table = table.assign(lower=[low for low, _ in ends], upper=[high for _, high in ends])
    table = table.rename(columns={"base": "answered", "weighted_error": "error"})
    return table.reindex(columns=COLUMNS).reset_index(drop=True)


def _coverage(survey: Survey) -> float:
    """Return the coverage of the intervals in the folder."""
    stated = survey.metadata.get("weight")
    level = stated.get("confidence", USUAL) if isinstance(stated, dict) else USUAL
    return float(level) if isinstance(level, int | float) and 0 < level < 1 else USUAL


def _interval(row: dict[Any, Any], stored: float, confidence: float) -> tuple[float | None, float | None]:
    """Give the interval of one weighted share at another coverage than the one in the folder."""
    share, error, lower, upper = (
        float(row[name]) if pd.notna(row[name]) else math.nan
        for name in ("weighted_share", "weighted_error", "weighted_lower", "weighted_upper")
    )
    if not 0 < lower <= upper < 1 or not error > 0 or not 0 < share < 1:
        return None, None
    if confidence == stored:
        return lower, upper
    centre = float(special.logit(share))
    scale = error / (share * (1 - share))
    reach = (float(special.logit(upper)) - float(special.logit(lower))) / 2
    half = scale * _quantile(_degrees_of_freedom(reach / scale, stored), confidence)
    return float(special.expit(centre - half)), float(special.expit(centre + half))


def _quantile(degrees: float, confidence: float) -> float:
    return float(stats.t.ppf((1 + confidence) / 2, degrees))


def _degrees_of_freedom(quantile: float, confidence: float) -> float:
    """Find the degrees of freedom at which Student's distribution has this quantile."""
    many = 1e6
    if quantile <= _quantile(many, confidence):
        return math.inf
    return float(
        np.exp(
            optimize.brentq(
                lambda log: _quantile(math.exp(log), confidence) - quantile, math.log(0.5), math.log(many)
            )
        )
    )


def frequency_distribution(survey: Survey, base: str = "printed", confidence: float = 0.95) -> pd.DataFrame:
    """
    Give counts, shares and intervals of every response.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    base : {"printed", "asked", "answered"}
        The denominator, see `regint.survey.table.tidy_table`.
    confidence : float
        Coverage of the intervals, 0-1.

    Returns
    -------
    DataFrame
        The tidy table with ``scale`` (ordered or unordered), ``of`` (the base in words, ``"50
        asked"``), ``lower``, ``upper`` (shares 0-1) and ``method``: ``"Wilson"`` where the base is
        known and the count, or the counts that print as the figure, otherwise empty, as for figures that
        were printed from weighted data, whose precision nobody told. A weighted survey of respondents
        gets its weighted shares on the base of those who answered: ``of`` then ends in ``", weighted"``,
        ``method`` is ``"design-based"``, ``plain_share`` keeps the share without weights, and
        ``effective_base`` is Kish's.

    Notes
    -----
    Wilson's interval treats the answers as exchangeable draws from a larger population of like respondents.
    For a closed panel that is a thought experiment.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> table = frequency_distribution(read_survey("data/survey/astana_2025"))
    >>> row = table.set_index(["question", "response"]).loc[("prospects", "score_4")]
    >>> row["of"], int(row["count"]), round(float(row["lower"]), 3), round(float(row["upper"]), 3)
    ('50 asked', 16, 0.208, 0.458)
    """
    table = tidy_table(survey, base).assign(allowed=allowed_counts(survey)).reset_index(drop=True)
    designs = survey.questions.loc[table["question"]]
    table["scale"] = designs["scale"].to_numpy()
    table["of"] = [base_in_words(survey.questions.loc[name], base) for name in table["question"]]
    ends = [_distributions_interval(row, row["allowed"], confidence) for row in table.to_dict("records")]
    table[["lower", "upper", "method"]] = pd.DataFrame(ends, columns=["lower", "upper", "method"])
    table = table.drop(columns="allowed").astype({"lower": float, "upper": float, "method": str})
    return _weighted(table, survey, base, confidence)


def base_in_words(design: "pd.Series[Any]", base: str = "printed") -> str:
    """Say what a question's shares are shares of."""
    printed, asked, answered = (
        None if pd.isna(design[name]) else int(design[name]) for name in ("printed_base", "asked", "answered")
    )
    number = {"printed": printed, "asked": asked, "answered": answered}[base]
    if number is None:
        return "an unknown base"
    if design["kind"] == "open_coded":
        return f"{number} remarks"
    weighted = ", weighted" if design.get("weighted", False) else ""
    if base == "answered" or (base == "printed" and number == answered):
        return f"{number} who answered{weighted}"
    return (f"{number} asked" if number == asked else f"{number} (base as printed)") + weighted


def _distributions_interval(
    row: dict[Any, Any], allowed: CountInterval | None, confidence: float
) -> tuple[float | None, float | None, str]:
    """Give Wilson's interval: of the count, or over all counts that the question's figures allow."""
    if pd.isna(row["base"]) or row["base"] < 1 or pd.isna(row["share"]) or allowed is None:
        return None, None, ""
    base = int(row["base"])
    if allowed.most > base:
        return None, None, ""
    return *interval_envelope(allowed, base, confidence), "Wilson"


def _weighted(table: pd.DataFrame, survey: Survey, base: str, confidence: float) -> pd.DataFrame:
    """Put weighted shares in the place of plain ones, and say so, on the base of those who answered."""
    if "weighted_share" not in table:
        return table
    answered = survey.questions.loc[table["question"], "answered"].to_numpy()
    there = table["weighted_share"].notna() & (table["base"] == answered).fillna(False).astype(bool)
    whole = there.groupby(table["question"]).transform("any")
    if "effective_base" in table:  # otherwise strata or clusters were stated, but no weight
        table["plain_share"] = table["share"].where(whole)
        table["effective_base"] = table["effective_base"].where(whole)
        table["of"] = table["of"].mask(whole, table["of"] + ", weighted")
    keys = ["question", "response"]
    own = table[keys].merge(weighted_shares(survey, confidence=confidence), on=keys, how="left")
    own["share"] = own["weighted_share"]
    for name in ("share", "lower", "upper"):
        ends = pd.Series(own[name].to_numpy(dtype=float, na_value=float("nan")), index=table.index)
        table[name] = table[name].astype("float64").mask(whole, ends)
    table["method"] = table["method"].mask(there, "design-based")
    return table
