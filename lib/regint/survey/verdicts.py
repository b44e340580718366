"""Verdicts summed up: how many of each kind, under which base, and what weights make of them."""

from typing import Any

import pandas as pd

from regint.survey.predicates.trial import VERDICTS
from regint.survey.predicates.weighted import try_weighted
from regint.survey.published import BASES, Survey

MEANINGS = {
    "certain": "true in every data set that the figures allow",
    "possible": "true in some of them, false in others",
    "impossible": "true in none",
    "undecided": "the search was cut off",
    "no data set": "nothing can have printed these figures at this base",
    "no base": "the base is not known",
    "untestable": "nothing printed bears on it",
}
DECIDED = ("certain", "possible", "impossible")
BASES_IN_WORDS = {"printed": "the printed base", "asked": "all asked", "answered": "those who answered"}


def tally(trial: pd.DataFrame) -> pd.DataFrame:
    """
    Count the verdicts of a trial.

    Parameters
    ----------
    trial : DataFrame
        As `regint.survey.claims.claims_on_trial` gives it.

    Returns
    -------
    DataFrame
        ``verdict``, ``claims`` (how many) and ``meaning``; the three decided verdicts always, the others
        where they occur.

    Examples
    --------
    >>> tally(pd.DataFrame({"verdict": ["certain", "no base", "certain"]}))["claims"].tolist()
    [2, 0, 0, 1]
    """
    numbers = trial["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0)
    numbers = numbers[(numbers > 0) | numbers.index.isin(DECIDED)]
    meanings = [MEANINGS[str(verdict)] for verdict in numbers.index]
    return pd.DataFrame({"verdict": numbers.index, "claims": numbers.to_numpy(), "meaning": meanings})


def by_verdict(trial: pd.DataFrame) -> pd.DataFrame:
    """
    List the claims by verdict, each with the place where it stands.

    Parameters
    ----------
    trial : DataFrame
        As `regint.survey.claims.claims_on_trial` gives it.

    Returns
    -------
    DataFrame
        The same rows, the certain claims first, with ``claim_and_place``.

    Examples
    --------
    >>> trial = pd.DataFrame({"verdict": ["impossible", "certain"], "paraphrase": ["a", "b"]})
    >>> by_verdict(trial.assign(locator=["par. 1", ""]))["claim_and_place"].tolist()
    ['b', 'a (par. 1)']
    """
    pairs = zip(trial["paraphrase"], trial["locator"], strict=True)
    told = [f"{claim} ({place})" if place else claim for claim, place in pairs]
    table = trial.assign(claim_and_place=pd.array(told, dtype="str"))
    return table.sort_values("verdict", key=lambda names: names.map(VERDICTS.index), kind="stable")


def by_base(flips: pd.DataFrame) -> pd.DataFrame:
    """
    Count the verdicts under each base.

    Parameters
    ----------
    flips : DataFrame
        As `regint.survey.claims.base_that_flips` gives it.

    Returns
    -------
    DataFrame
        One row per base and verdict: ``row`` (the base in words), ``column`` (the verdict, or ``no
        verdict``), ``value`` (how many claims).

    Examples
    --------
    >>> flips = pd.DataFrame({"printed": ["certain", "no base"], "asked": ["possible", "certain"]})
    >>> counts = by_base(flips)
    >>> counts.loc[counts["row"] == "the printed base", "value"].tolist()
    [1, 0, 0, 1]
    """
    rows = []
    for base in (name for name in BASES if name in flips):
        numbers = flips[base].where(flips[base].isin(DECIDED), "no verdict").value_counts()
        for verdict in (*DECIDED, "no verdict"):
            rows.append((BASES_IN_WORDS[base], verdict, int(numbers.get(verdict, 0))))
    return pd.DataFrame(rows, columns=["row", "column", "value"])


def turned_by_base(flips: pd.DataFrame) -> pd.DataFrame:
    """
    List the claims that one base makes certain and another impossible, gathered by what the bases say.

    Parameters
    ----------
    flips : DataFrame
        As `regint.survey.claims.base_that_flips` gives it.

    Returns
    -------
    DataFrame
        ``verdicts`` (by base, in words), ``paraphrase`` and the columns of verdicts; claims with the same
        verdicts stand together, in the order in which these first occur.

    Examples
    --------
    >>> flips = pd.DataFrame({"paraphrase": ["a"], "printed": ["impossible"], "answered": ["certain"]})
    >>> turned_by_base(flips.assign(flips=True))["verdicts"].tolist()
    ['The printed base: impossible; those who answered: certain']
    """
    turned = flips[flips["flips"]]
    bases = [base for base in BASES if base in flips]
    table = turned.assign(verdicts=[_pattern(row) for row in turned[bases].to_dict("records")])
    order = {pattern: place for place, pattern in enumerate(dict.fromkeys(table["verdicts"]))}
    table = table.sort_values("verdicts", key=lambda column: column.map(order), kind="stable")
    return table[["verdicts", "paraphrase", *bases]].reset_index(drop=True)


def _pattern(row: dict[Any, str]) -> str:
    """Write out which bases give which verdict, bases with the same verdict together."""
    said: dict[str, list[str]] = {}
    for base, verdict in row.items():
        said.setdefault(verdict, []).append(BASES_IN_WORDS[base])
    text = "; ".join(f"{' and '.join(bases)}: {verdict}" for verdict, bases in said.items())
    return text[:1].upper() + text[1:]


def beside_weighted(survey: Survey, trial: pd.DataFrame) -> pd.DataFrame:
    """
    Put the outcome on weighted shares beside the verdict on counts.

    Parameters
    ----------
    survey : Survey
        The survey.
    trial : DataFrame
        As `regint.survey.claims.claims_on_trial` gives it.

    Returns
    -------
    DataFrame
        ``paraphrase``, ``verdict``, ``weighted`` (see `regint.survey.predicates.weighted.try_weighted`) and
        ``differs``: certain and yet failing with weights, or impossible and yet holding. Empty for a survey
        without weights.

    Examples
    --------
    >>> from regint.survey.claims import claims_on_trial
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> len(beside_weighted(survey, claims_on_trial(survey)))
    0
    """
    table = trial[["paraphrase", "predicate", "verdict"]]
    if "weighted_share" not in survey.responses:
        table = table.iloc[:0]
    outcomes = [try_weighted(survey, predicate) for predicate in table["predicate"]]
    pairs = list(zip(table["verdict"], outcomes, strict=True))
    differs = [pair in (("certain", "fails"), ("impossible", "holds")) for pair in pairs]
    return table.assign(weighted=pd.array(outcomes, dtype="str"), differs=pd.array(differs, dtype="bool"))
