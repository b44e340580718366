"""The same counts divided by two bases."""

import pandas as pd

from regint.survey.published import Survey, tidy_table


def moved_shares(survey: Survey) -> pd.DataFrame:
    """
    Give the shares that change when those who answered take the place of the printed base.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    DataFrame
        One row per response with a known count above 0 and two different bases: ``question``, ``label``,
        ``count``, ``printed_base``, ``answered`` (persons), ``before``, ``after`` (shares, 0-1).

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> moved = moved_shares(read_survey("data/survey/astana_2025"))
    >>> len(moved), moved["after"].round(2).head(2).to_list()
    (30, [0.03, 0.17])
    """
    table, other = tidy_table(survey, "printed"), tidy_table(survey, "answered")
    table = table.rename(columns={"base": "printed_base", "share": "before"})
    table = table.assign(answered=other["base"], after=other["share"]).dropna(
        subset=["count", "before", "after"]
    )
    moved = table[(table["printed_base"] != table["answered"]) & (table["count"] > 0)]
    columns = ["question", "label", "count", "printed_base", "answered", "before", "after"]
    return moved[columns].reset_index(drop=True)


def clearest_move(moved: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """
    Pick the question on which a change of base is easiest to see: the first on a scale, or else the first.

    Parameters
    ----------
    moved : DataFrame
        As `moved_shares` gives it.
    survey : Survey
        The survey it was made from.

    Returns
    -------
    DataFrame
        The rows of that question; none where no share moves.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> clearest_move(moved_shares(survey), survey)["question"].unique().tolist()
    ['prospects']
    """
    ordered = moved[(moved["question"].map(survey.questions["scale"]) == "ordered").to_numpy(dtype=bool)]
    first = (ordered if len(ordered) else moved)["question"].head(1)
    return moved[moved["question"].isin(first)].reset_index(drop=True)
