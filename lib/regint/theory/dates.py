"""Dates that are known to the day, to the month or only to the year."""

import re

import pandas as pd

from regint.theory.tables import TheoryError


def date_bounds(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day that a date of year, month or day precision can mean.

    Parameters
    ----------
    text : str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Returns
    -------
    tuple of pandas.Timestamp
        Earliest and latest day.

    Raises
    ------
    TheoryError
        If the text is no such date.

    Examples
    --------
    >>> [str(day.date()) for day in date_bounds("2005-10")]
    ['2005-10-01', '2005-10-31']
    """
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        try:
            period = pd.Period(text, freq={4: "Y", 7: "M", 10: "D"}[len(text)])
        except ValueError:
            pass
        else:
            return period.start_time.normalize(), period.end_time.normalize()
    raise TheoryError([f"'{text}' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, for example 2025-06."])
