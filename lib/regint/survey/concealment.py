"""What whole percentages would have hidden of counts that are known."""

import pandas as pd

from regint.statistics.consistency import number_of_vectors
from regint.survey.published import Survey, tidy_table


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
    >>> from regint.survey.published import read_survey
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
