"""Distributions of answers: shares with their intervals, plain and weighted."""

from typing import Any

import pandas as pd

from regint.estimation.intervals import design_interval, wilson_interval
from regint.survey.count_ranges import CountInterval
from regint.survey.table import Survey, allowed_counts, tidy_table


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
        ``effective_base`` is Kish's [1]_; these two are absent where no weight but only strata or clusters
        were stated.

    See Also
    --------
    regint.estimation.intervals.design_interval : the interval under a design.

    Notes
    -----
    Wilson's interval treats the answers as exchangeable draws from a larger population of like respondents.
    For a closed panel that is a thought experiment.

    References
    ----------
    .. [1] Kish, L. (1965). *Survey Sampling*. New York: Wiley.

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
    return _weighted(table, survey, confidence)


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
    return *wilson_interval(*allowed, base, confidence), "Wilson"


def _weighted(table: pd.DataFrame, survey: Survey, confidence: float) -> pd.DataFrame:
    """Put weighted shares in the place of plain ones, and say so, on the base of those who answered."""
    if "weighted_share" not in table:
        return table
    answered = survey.questions.loc[table["question"], "answered"].reset_index(drop=True)
    there = table["weighted_share"].notna() & (table["base"] == answered).fillna(False).astype(bool)
    whole = there.groupby(table["question"]).transform("any")
    effective = answered.astype(float)
    if "effective_base" in table:  # otherwise strata or clusters were stated, but no weight
        effective = table["effective_base"].fillna(effective)
        table["plain_share"] = table["share"].where(whole)
        table["effective_base"] = table["effective_base"].where(whole)
        table["of"] = table["of"].mask(whole, table["of"] + ", weighted")
    share, error, freedom = (table[name].astype(float) for name in ("weighted_share", "se", "df"))
    lower, upper = design_interval(share, error, freedom, answered.astype(float), effective, confidence)
    for name, values in (("share", share), ("lower", lower), ("upper", upper)):
        table[name] = table[name].astype("float64").mask(whole, values)
    table["method"] = table["method"].mask(there, "design-based")
    return table
