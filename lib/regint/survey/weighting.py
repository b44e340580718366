"""Weighted shares as a survey folder holds them, with the uncertainty of the sampling design."""

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from regint.survey.published import Survey, tidy_table

COLUMNS = [
    "question", "question_label", "response", "label", "substantive", "count", "answered", "effective_base",
    "share", "weighted_share", "error", "lower", "upper",
]  # fmt: skip
# The import gives intervals at this coverage unless it was told another one.
USUAL = 0.95


def weighted_shares(survey: Survey, question: str = "all", confidence: float = USUAL) -> pd.DataFrame:
    r"""
    Give the weighted shares of a survey beside the plain ones.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        A question id, or ``"all"``.
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
    interval on the logit scale, all from the respondent-level data (`regint.survey.imports.design`). For
    another coverage the half-width is scaled: it is :math:`t \, s / (\hat p (1 - \hat p))` with a quantile
    :math:`t` of Student's distribution, whose degrees of freedom the interval in the folder determines.

    References
    ----------
    Kish, L. (1965). *Survey Sampling*. New York: Wiley.

    Lumley, T. (2004). Analysis of complex survey samples. *Journal of Statistical Software* 9(8).
    https://doi.org/10.18637/jss.v009.i08

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> len(weighted_shares(read_survey("data/survey/astana_2025")))
    0
    """
    table = tidy_table(survey, base="answered")
    if "weighted_share" not in table:
        return pd.DataFrame(columns=COLUMNS)
    table = table[table["weighted_share"].notna() & (table["question"].eq(question) | (question == "all"))]
    stored = _coverage(survey)
    ends = [_interval(row, stored, confidence) for row in table.to_dict("records")]
    table = table.assign(lower=[low for low, _ in ends], upper=[high for _, high in ends])
    table = table.rename(columns={"base": "answered", "weighted_error": "error"})
    return table.reindex(columns=COLUMNS).reset_index(drop=True)


def stated_design(survey: Survey) -> str:
    """
    Say which weight, strata and clusters the user stated.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    str
        Such as ``"weight w, strata region, clusters village"``; empty when nothing was stated.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> stated_design(survey)
    ''
    >>> stated_design(replace(survey, metadata={"weight": {"weight": "w", "cluster": "village"}}))
    'weight w, clusters village'
    """
    stated = survey.metadata.get("weight")
    if not isinstance(stated, dict):
        return ""
    names = {"weight": "weight", "strata": "strata", "cluster": "clusters"}
    return ", ".join(f"{word} {stated[role]}" for role, word in names.items() if stated.get(role))


def most_moved(shares: pd.DataFrame) -> list[dict[str, Any]]:
    """
    Find the response whose share the weights move most.

    Parameters
    ----------
    shares : DataFrame
        As `weighted_shares` gives them.

    Returns
    -------
    list of dict
        Its row, or nothing where there are no weights.

    Examples
    --------
    >>> shares = pd.DataFrame({"label": ["a", "b"], "share": [0.5, 0.5], "weighted_share": [0.4, 0.5]})
    >>> [row["label"] for row in most_moved(shares)], most_moved(shares.iloc[:0])
    (['a'], [])
    """
    moved = (shares["weighted_share"] - shares["share"]).abs().dropna()
    return [shares.loc[moved.idxmax()].to_dict()] if len(moved) else []


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
