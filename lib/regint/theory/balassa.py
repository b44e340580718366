"""Balassa's stages as scores: how far each grouping has come, under every block scheme, code and weight."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from regint.theory.tables import TheoryError, read_table

SCHEMES: Final = ("with_pta", "without_pta")
READINGS: Final = ("low", "code", "high")
BLOCKS: Final = ("FTA_CU", "CM", "EUN", "TEI")


def read_balassa_coding(path: str | Path = "data/theory/balassa_coding.csv") -> pd.DataFrame:
    """
    Read a coding of groupings by criteria.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns of the shipped coding.

    Returns
    -------
    DataFrame
        The coding with ``position``, ``stage``, ``sign``, ``label``, ``short`` and the two block columns of
        each criterion and the ``name`` of the grouping (its code where it is not in ``regional_groups``).

    Raises
    ------
    TheoryError
        With every problem: unknown criteria or sources, a code outside low to high, criteria left out.

    Examples
    --------
    >>> coding = read_balassa_coding()
    >>> len(coding), coding["group"].nunique(), coding["criterion"].nunique()
    (140, 10, 14)
    """
    coding = read_table("balassa_coding", path)
    criteria = read_table("balassa_criteria").drop(columns=["source", "locator", "status"])
    problems = [*_outside(coding), *_left_out(coding, criteria)]
    if problems:
        raise TheoryError(problems)
    names = read_table("regional_groups").set_index("group")["name"]
    joined = coding.merge(criteria, on="criterion", how="left", validate="many_to_one")
    return joined.assign(name=joined["group"].map(names).fillna(joined["group"]))


def _outside(coding: pd.DataFrame) -> Iterator[str]:
    bad = ~((coding["low"] <= coding["code"]) & (coding["code"] <= coding["high"]))
    for row in coding[bad].itertuples():
        yield (
            f"Coding, {row.group} {row.criterion}: the code {row.code:g} lies outside low {row.low:g} to "
            f"high {row.high:g}; widen the range or correct the code."
        )


def _left_out(coding: pd.DataFrame, criteria: pd.DataFrame) -> Iterator[str]:
    for group, rows in coding.groupby("group", sort=False):
        missing = [c for c in criteria["criterion"] if c not in set(rows["criterion"])]
        if missing:
            yield f"Coding, {group}: no row for {', '.join(missing)}; add them, with code 0 if absent."


def code_matrix(coding: pd.DataFrame, reading: str = "code") -> pd.DataFrame:
    """
    Arrange a coding as groupings by criteria.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.
    reading : {"low", "code", "high"}
        What the strict coder entered, the code itself, or what the generous coder entered.

    Returns
    -------
    DataFrame
        One row per grouping in file order, one column per criterion in ladder order, values 0, 0.5, 1.

    Examples
    --------
    >>> code_matrix(read_balassa_coding()).loc["CISFTA"].head(3).to_list()
    [1.0, 0.5, 0.5]
    """
    check_choice(reading, READINGS, "reading")
    order = coding.sort_values("position")["criterion"].unique()
    table = coding.pivot_table(index="group", columns="criterion", values=reading, aggfunc="first")
    return table.loc[coding["group"].unique(), order]


def stage_profile(coding: pd.DataFrame, scheme: str = "with_pta") -> pd.DataFrame:
    """
    Average the codes of each block of stages.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.
    scheme : {"with_pta", "without_pta"}
        Whether tariff preferences, which Balassa's list does not contain, count in the first block.

    Returns
    -------
    DataFrame
        ``group``, ``name``, ``block`` (ordered), and ``low``, ``code``, ``high``: means of 0-1.

    Examples
    --------
    >>> profile = stage_profile(read_balassa_coding()).set_index(["group", "block"])
    >>> float(profile.loc[("EFTA", "CM"), "code"])
    1.0
    """
    check_choice(scheme, SCHEMES, "scheme")
    used = coding[coding[f"block_{scheme}"] != ""]
    block = pd.Categorical(used[f"block_{scheme}"], categories=BLOCKS, ordered=True)
    means = used.assign(block=block).groupby(["group", "name", "block"], sort=False, observed=True)
    profile = means[list(READINGS)].mean().reset_index()
    order = {group: i for i, group in enumerate(coding["group"].unique())}
    return profile.sort_values(["group", "block"], key=lambda c: c.map(order) if c.name == "group" else c)[
        ["group", "name", "block", *READINGS]
    ].reset_index(drop=True)


def additive_scores(coding: pd.DataFrame, scheme: str = "with_pta") -> pd.DataFrame:
    r"""
    Score each grouping from 0 to 100 in the additive style of Dorrucci and others.

    Parameters
    ----------
    coding, scheme
        As in `stage_profile`.

    Returns
    -------
    DataFrame
        ``group``, ``name``, ``low``, ``score``, ``high``.

    Notes
    -----
    .. math:: S_g = \sum_{b=1}^{4} \frac{25}{|b|} \sum_{c \in b} x_{gc}

    The four blocks of 25 points follow [1]_ as the literature describes it; its scoring page was not seen, so
    the result is in that style and no substitute for the published index. An additive score lets later stages
    make up for earlier ones.

    References
    ----------
    .. [1] Dorrucci, E., Firpo, S., Fratzscher, M. and Mongelli, F. P. (2002). European integration: what
       lessons for other regions? ECB Working Paper 185.

    Examples
    --------
    >>> scores = additive_scores(read_balassa_coding()).set_index("group")["score"]
    >>> [round(float(scores[g]), 2) for g in ("EU", "EAEU", "EFTA", "CA5", "CA5_generous")]
    [93.75, 54.17, 54.17, 4.17, 18.75]
    """
    blocks = stage_profile(coding, scheme).groupby(["group", "name"], sort=False)[list(READINGS)].sum()
    scores = (blocks * 25).reset_index().rename(columns={"code": "score"})
    return scores[["group", "name", "low", "score", "high"]]


def cumulative_stage(coding: pd.DataFrame) -> pd.DataFrame:
    """
    Climb the ladder strictly: a stage counts only if it and every stage below it are fully achieved.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.

    Returns
    -------
    DataFrame
        ``group``, ``name``, and the stage reached under ``low``, ``code`` and ``high`` codes, ``""`` if none.

    Examples
    --------
    >>> reached = cumulative_stage(read_balassa_coding()).set_index("group")["code"]
    >>> reached[["EU", "EFTA", "EAEU", "CA5"]].to_list()
    ['EUN', 'FTA', 'PTA', '']
    """
    rows = []
    for (group, name), own in coding.groupby(["group", "name"], sort=False):
        stages = own.sort_values("position").groupby("stage", sort=False)[list(READINGS)].min()
        climbed = stages.eq(1).cummin()
        reached = {r: climbed.index[climbed[r]][-1] if climbed[r].any() else "" for r in READINGS}
        rows.append({"group": group, "name": name, **reached})
    return pd.DataFrame(rows)


def sign_balance(coding: pd.DataFrame) -> pd.DataFrame:
    """
    Set negative beside positive integration: barriers removed, and common policies built.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.

    Returns
    -------
    DataFrame
        ``group``, ``name``, ``negative`` and ``positive`` (mean codes, 0-1), ``negatives`` and ``positives``
        (pairs: means of the low and of the high codes) and ``balance`` = negative - positive.

    Notes
    -----
    The pair of terms is Tinbergen's [1]_, not Balassa's. A criterion with both signs counts half each way.

    References
    ----------
    .. [1] Tinbergen, J. (1954). International Economic Integration. Elsevier.

    Examples
    --------
    >>> balance = sign_balance(read_balassa_coding()).set_index("group")["balance"]
    >>> round(float(balance["EFTA"]), 3), balance.idxmax()
    (0.656, 'EFTA')
    """
    sides = {"negative": ("negative", "both"), "positive": ("positive", "both")}
    summary = coding[["group", "name"]].drop_duplicates(ignore_index=True)
    for side, signs in sides.items():
        own = coding[coding["sign"].isin(signs)]
        weight = own["sign"].map({side: 1.0, "both": 0.5})
        totals = own[list(READINGS)].mul(weight, axis=0).groupby(own["group"]).sum()
        means = totals.div(weight.groupby(own["group"]).sum(), axis=0).loc[summary["group"]]
        summary[side] = means["code"].to_numpy()
        summary[f"{side}s"] = list(zip(means["low"].to_list(), means["high"].to_list(), strict=True))
    return summary.assign(balance=summary["negative"] - summary["positive"])


def sign_sides(balance: pd.DataFrame) -> pd.DataFrame:
    """
    Put the two signs of each grouping under one another, each with its range.

    Parameters
    ----------
    balance : DataFrame
        From `sign_balance`.

    Returns
    -------
    DataFrame
        ``label``, ``sign``, ``share`` (mean code, 0-1), ``lower`` and ``upper`` (low and high codes).

    Examples
    --------
    >>> sides = sign_sides(sign_balance(read_balassa_coding()))
    >>> sides.head(2)[["label", "sign", "share"]].values.tolist()
    [['European Union', 'negative', 1.0], ['European Union', 'positive', 0.9333333333333333]]
    """
    rows = [
        (row["name"], sign, row[sign], *row[f"{sign}s"])
        for row in balance.to_dict("records")
        for sign in ("negative", "positive")
    ]
    return pd.DataFrame(rows, columns=["label", "sign", "share", "lower", "upper"])


def check_choice(value: str, allowed: tuple[str, ...], what: str) -> None:
    """
    Refuse a word that is none of those allowed.

    Parameters
    ----------
    value : str
        What was given.
    allowed : tuple of str
        What may be given.
    what : str
        What it chooses.

    Raises
    ------
    TheoryError
        If it is not allowed.

    Examples
    --------
    >>> check_choice("code", READINGS, "reading")
    """
    if value not in allowed:
        raise TheoryError([f"The {what} {value!r} is unknown; choose one of {', '.join(allowed)}."])
