"""How many of the experts a theory's options drew, on each base."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from regint.survey.published import read_survey, tidy_table
from regint.theory.coding import join_coding
from regint.theory.support import coded_options, codings, support_draws, support_summary

BASES = ("asked", "answered")


def support_levels(
    survey: str | Path,
    readings: pd.DataFrame,
    coder: str,
    questions: Iterable[str],
    *,
    mass: float = 0.95,
    draws: int = 4000,
    seed: int = 1970,
) -> pd.DataFrame:
    """
    Average, for each theory, the shares of experts who chose its options, on both bases and over codings.

    Parameters
    ----------
    survey : str or Path
        Survey folder.
    readings : DataFrame
        From `regint.theory.coding.read_option_coding`.
    coder : str
        Whose readings to use.
    questions : iterable of str
        Questions that count. Questions that count remarks instead of people are left out in any case.
    mass, draws, seed
        As in `regint.theory.support`.

    Returns
    -------
    DataFrame
        One row per base and theory: ``base`` (``"asked"`` or ``"answered"``), ``theory``, ``share`` (median
        over codings, 0-1), ``lower`` and ``upper`` (ends of `mass` of the codings), by falling median.

    Examples
    --------
    >>> from regint.theory.coding import read_option_coding
    >>> levels = support_levels(
    ...     "data/survey/astana_2025", read_option_coding(), "collection", ["agency_formats"], draws=50
    ... )
    >>> levels.groupby("base", sort=False)["share"].max().round(2).to_dict()
    {'asked': 0.36, 'answered': 0.6}
    """
    wanted, found = set(questions), []
    for base in BASES:
        joined = join_coding(tidy_table(read_survey(survey), base=base), readings, coder)
        kept = joined[joined["question"].isin(wanted) & joined["kind"].ne("open_coded")]
        options = coded_options(kept)
        drawn = support_draws(options, codings(options, draws=draws, seed=seed), measure="endorsement")
        found.append(support_summary(drawn, mass).assign(base=base))
    levels = pd.concat(found, ignore_index=True).rename(columns={"median": "share"})
    levels["lower"], levels["upper"] = levels["span"].str[0], levels["span"].str[1]
    return levels[["base", "theory", "share", "lower", "upper"]]
