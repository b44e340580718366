"""What a base of a printed survey means: sizes stated, bases in doubt, what rounding hides."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from regint.percentages.counts import number_of_vectors
from regint.percentages.rounding import parse_figure
from regint.survey.count_ranges import RECORDED, recorded_misfits
from regint.survey.table import Survey, tidy_table

# Beyond so many people whole percentages exclude hardly any base; each decimal tells ten times as far.
TELLING = 1000
_AT_LEAST = 100
_UNKNOWN = 150


def thinkable(recorded: int | None, printed: Iterable[str] = ()) -> int:
    """
    Give the largest base worth trying: twice the largest recorded, as far as the figures can tell.

    Parameters
    ----------
    recorded : int or None
        The largest base that the survey records; None where it records none.
    printed : iterable of str
        The figures of the survey.

    Returns
    -------
    int
        At least 100; at most `TELLING`, ten times as much for each decimal of the finest figure.

    Examples
    --------
    >>> thinkable(53), thinkable(20), thinkable(None), thinkable(944), thinkable(944, ["43.5"])
    (106, 100, 300, 1000, 1888)
    """
    finest = max((parse_figure(figure).scale for figure in printed), default=1)
    return min(TELLING * finest, max(_AT_LEAST, 2 * (recorded or _UNKNOWN)))


def recorded_bases(survey: Survey) -> "pd.Series[Any]":
    """
    Give the base that the source states for the figures of each question.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    Series
        Int64, by question; missing where the base was inferred or is not known.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> int(recorded_bases(read_survey("data/survey/astana_2025")).notna().sum())
    0
    """
    stated = survey.questions["base_status"].isin(RECORDED)
    return survey.questions["printed_base"].where(stated).astype("Int64")


def survey_misfits(survey: Survey, rounding: str = "up_or_down") -> pd.DataFrame:
    """
    Compare the counts, the figures and the recorded bases of a survey with each other.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    rounding : str
        The rounding rule.

    Returns
    -------
    DataFrame
        As `regint.percentages.misfits.misfits`, one row per finding. A base that was inferred, and what was
        printed from weighted data, is compared with nothing.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> survey_misfits(read_survey("data/survey/astana_2025")).empty
    True
    """
    return recorded_misfits(survey.questions, survey.responses, rounding)


def hidden_by_rounding(survey: Survey) -> pd.DataFrame:
    """
    Count the data sets that would have been printed alike, as whole percentages of those who answered.

    Parameters
    ----------
    survey : Survey
        A survey counted from respondents.

    Returns
    -------
    DataFrame
        One row per question that was counted and shows a count: ``question``, ``label``, ``answered`` and
        ``ways`` (data sets, the true one included). A question with hidden counts is taken by the others.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> len(hidden_by_rounding(read_survey("data/survey/astana_2025")))
    0
    """
    table = tidy_table(survey, base="answered")
    rows = []
    counted = (survey.questions["base_status"] == "counted") & survey.questions["answered"].notna()
    for question, design in survey.questions[counted].iterrows():
        own = table[table["question"] == question]
        known = own[own["count"].notna()]
        total = design["total"] if len(known) == len(own) else "open"
        printed = [f"{100 * share:.0f}" for share in known["share"]]
        if printed:
            ways = number_of_vectors(printed, int(design["answered"]), total=total)
            rows.append((question, design["label"], int(design["answered"]), ways))
    return pd.DataFrame(rows, columns=["question", "label", "answered", "ways"])
