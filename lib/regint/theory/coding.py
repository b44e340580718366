"""Survey options coded to theories: read, join to the tidy table, and ask how far two readings agree."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import Final

import krippendorff
import numpy as np
import pandas as pd
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from regint.survey.problems import nearest
from regint.theory.tables import TheoryError, read_table

NONE: Final = "none"
_CODED = ["primary", "primary_sign", "alternative", "alternative_sign", "rationale"]


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
    TheoryError
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
        raise TheoryError(problems)
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


def join_coding(tidy: pd.DataFrame, coding: pd.DataFrame, coder: str = "collection") -> pd.DataFrame:
    """
    Put one coder's readings beside the answers.

    Parameters
    ----------
    tidy : DataFrame
        A tidy table (`regint.survey.published.tidy_table`).
    coding : DataFrame
        From `read_option_coding`.
    coder : str
        Whose readings to join.

    Returns
    -------
    DataFrame
        The tidy table with ``primary``, ``primary_sign``, ``alternative``, ``alternative_sign`` and
        ``rationale``; an option that the coder left out reads ``none``.

    Raises
    ------
    TheoryError
        If the coder is unknown, or codes options that the survey does not have.

    Examples
    --------
    >>> from regint.survey.published import read_survey, tidy_table
    >>> tidy = tidy_table(read_survey("data/survey/astana_2025"))
    >>> joined = join_coding(tidy, read_option_coding())
    >>> len(joined) == len(tidy), int((joined["primary"] == "none").sum())
    (True, 8)
    """
    own = coding[coding["coder"] == coder]
    if own.empty:
        repair = nearest(coder, coding["coder"].unique(), "choose a coder of the table")
        raise TheoryError([f"No row is coded by {coder!r}; {repair}."])
    options = set(zip(tidy["question"].astype(str), tidy["response"].astype(str), strict=True))
    strange = [pair for pair in zip(own["question"], own["response"], strict=True) if pair not in options]
    if strange:
        raise TheoryError(
            f"Coding, {q}, {r}: the survey has no such option; correct it or choose a coding of this survey."
            for q, r in strange
        )
    keys = own.set_index(["question", "response"])[_CODED]
    index = pd.MultiIndex.from_arrays([tidy["question"].astype(str), tidy["response"].astype(str)])
    readings = keys.reindex(index).set_axis(tidy.index)
    readings["primary"] = readings["primary"].fillna(NONE)
    readings["primary_sign"] = readings["primary_sign"].fillna(0)
    readings[["alternative", "rationale"]] = readings[["alternative", "rationale"]].fillna("")
    return tidy.join(readings)


def readings_as_coders(coding: pd.DataFrame, coder: str = "collection") -> pd.DataFrame:
    """
    Treat the primary and the alternative reading of one coder as two coders.

    Parameters
    ----------
    coding : DataFrame
        From `read_option_coding`.
    coder : str
        Whose readings.

    Returns
    -------
    DataFrame
        One row per option, columns ``primary`` and ``second`` (the alternative where there is one, else the
        primary reading again).

    Examples
    --------
    >>> readings_as_coders(read_option_coding()).shape
    (73, 2)
    """
    own = coding[coding["coder"] == coder].set_index(["question", "response"])
    second = own["alternative"].where(own["alternative"] != "", own["primary"])
    return pd.DataFrame({"primary": own["primary"], "second": second})


def codes_by_coder(coding: pd.DataFrame) -> pd.DataFrame:
    """
    Arrange the primary readings as options by coders.

    Parameters
    ----------
    coding : DataFrame
        From `read_option_coding`.

    Returns
    -------
    DataFrame
        One row per option, one column per coder, missing where a coder did not code.

    Examples
    --------
    >>> codes_by_coder(read_option_coding()).notna().sum().to_dict()
    {'collection': 73, 'paper': 18}
    """
    wide = coding.pivot_table(
        index=["question", "response"], columns="coder", values="primary", aggfunc="first", sort=False
    )
    return wide.rename_axis(columns=None)


def coder_agreement(codes: pd.DataFrame) -> pd.DataFrame:
    r"""
    Measure how far coders agree, pair by pair and together.

    Parameters
    ----------
    codes : DataFrame
        One row per item, one column per coder, missing values where a coder did not code.

    Returns
    -------
    DataFrame
        One row per pair and one for all: ``coders``, ``items`` (coded by all of them), ``agreed`` (share of
        items, 0-1), ``cohen`` (pairs only), ``fleiss`` (items coded by all) and ``krippendorff`` (every item
        coded at least twice).

    Raises
    ------
    TheoryError
        If there are fewer than two coders or no item that two of them coded.

    Notes
    -----
    All three coefficients compare agreement with chance; they differ in what chance means [1]_ [2]_ [3]_:

    .. math:: \kappa = \frac{p_o - p_e}{1 - p_e}, \qquad \alpha = 1 - \frac{D_o}{D_e}

    They are NaN where every code is the same, since then chance alone would agree.

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
       Measurement 20, 37-46. doi:10.1177/001316446002000104
    .. [2] Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin
       76, 378-382. doi:10.1037/h0031619
    .. [3] Hayes, A. F. and Krippendorff, K. (2007). Answering the call for a standard reliability measure for
       coding data. Communication Methods and Measures 1, 77-89. doi:10.1080/19312450709336664

    Examples
    --------
    >>> codes = pd.DataFrame({"a": ["NF", "LI", "NF", "SC"], "b": ["NF", "LI", "LI", "SC"]})
    >>> coder_agreement(codes)[["coders", "items", "agreed"]].to_dict("records")
    [{'coders': 'a, b', 'items': 4, 'agreed': 0.75}]
    """
    names = list(codes.columns)
    if len(names) < 2 or not (codes.notna().sum(axis=1) >= 2).any():
        raise TheoryError(["Agreement needs two coders with an item in common; add a second coding."])
    groups = [list(pair) for pair in combinations(names, 2)]
    if len(names) > 2:
        groups.append(names)
    return pd.DataFrame([_agreement(codes[group]) for group in groups])


def _agreement(codes: pd.DataFrame) -> dict[str, object]:
    values = pd.unique(codes.to_numpy().ravel())
    levels = sorted(v for v in values if isinstance(v, str))
    numbers = codes.apply(lambda column: column.map({level: i for i, level in enumerate(levels)}))
    complete = numbers.dropna().astype(int).to_numpy()
    agreed = (complete == complete[:, :1]).all(axis=1).mean() if len(complete) else np.nan
    varied = len(np.unique(complete)) > 1
    fleiss = fleiss_kappa(aggregate_raters(complete, n_cat=len(levels))[0]) if varied else np.nan
    return {
        "coders": ", ".join(codes.columns),
        "items": len(complete),
        "agreed": float(agreed),
        "cohen": _cohen(complete, len(levels)) if varied and complete.shape[1] == 2 else np.nan,
        "fleiss": float(fleiss),
        "krippendorff": _krippendorff(numbers),
    }


def _cohen(pairs: np.ndarray, levels: int) -> float:
    table = np.zeros((levels, levels))
    np.add.at(table, (pairs[:, 0], pairs[:, 1]), 1)
    return float(cohens_kappa(table, return_results=False))


def _krippendorff(numbers: pd.DataFrame) -> float:
    shared = numbers[numbers.notna().sum(axis=1) >= 2]
    if pd.Series(shared.to_numpy().ravel()).nunique() < 2:
        return float("nan")
    data = shared.to_numpy(dtype=float).T
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
