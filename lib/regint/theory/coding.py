"""Survey options coded by theory: a coding is read, and checked."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import pandas as pd
from textfiles.problems import Problem

from regint.theory.tables import read_table

NONE: Final = "none"


def read_option_coding(path: str | Path = "data/theory/option_coding.csv") -> pd.DataFrame:
    """
    Read a coding of survey options.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns of the shipped coding.

    Returns
    -------
    DataFrame
        ``question``, ``response``, ``coder``, ``primary``, ``primary_sign``, ``alternative``,
        ``alternative_sign`` (<NA> without an alternative), ``rationale``, ``source``, ``locator`` and
        ``status``.

    Raises
    ------
    Problem
        With every problem: unknown theories or sources, an alternative equal to the primary reading, a sign
        without a theory or a theory without a sign.

    Examples
    --------
    >>> coding = read_option_coding()
    >>> coding["coder"].value_counts().to_dict()
    {'collection': 73, 'paper': 18}
    """
    coding = read_table("option_coding", path)
    problems = [*_unknown_theories(coding), *_odd_alternatives(coding)]
    if problems:
        raise Problem(*problems)
    return coding


def _unknown_theories(coding: pd.DataFrame) -> Iterator[str]:
    known = [*read_table("theories")["theory"], NONE]
    for column in ("primary", "alternative"):
        for row in coding[~coding[column].isin([*known, ""])].itertuples():
            value = str(getattr(row, column))
            near = get_close_matches(value.upper(), known, n=1)
            repair = f"write {near[0]!r} if that is meant" if near else "use a code of theories.csv, or none"
            place = f"Coding, {row.question}, {row.response}"
            yield f"{place}: the {column} theory {value!r} is unknown; {repair}."


def _odd_alternatives(coding: pd.DataFrame) -> Iterator[str]:
    for row in coding.itertuples():
        place = f"Coding, {row.question}, {row.response}"
        if row.alternative == row.primary:
            yield f"{place}: the alternative repeats the primary theory; name another or leave it empty."
        if (row.alternative == "") != pd.isna(row.alternative_sign):
            yield f"{place}: an alternative needs both a theory and a sign; fill or empty both."
