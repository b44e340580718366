"""Hold a claim against the weighted shares of a survey: they are one data set, so it holds or fails."""

import pandas as pd

from regint.survey.admissible import Range
from regint.survey.predicates.binding import bind, names_of
from regint.survey.predicates.evaluation import truth
from regint.survey.predicates.grammar import parse
from regint.survey.predicates.predicate import (
    Claim,
    Comparison,
    Junction,
    Leader,
    Not,
    Number,
    Quantity,
    Sum,
    Value,
    quantities,
)
from regint.survey.predicates.search import relevant
from regint.survey.predicates.universe import Universe
from regint.survey.published import Survey

OUTCOMES = ("holds", "fails", "no weights", "not comparable")
# Weighted shares stand in the folder with nine decimals; in these units they are whole numbers.
_UNITS = 10**9


def try_weighted(survey: Survey, predicate: str) -> str:
    """
    Hold one claim against the weighted shares of those who answered.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    predicate : str
        A line of the claims language; a count in it is read as a weighted count.

    Returns
    -------
    str
        ``holds`` or ``fails``; ``no weights`` where a weighted share the claim turns on is not in the
        folder; ``not comparable`` for a claim that weights cannot bear on: one without a predicate, about
        the size of a base, about a number of persons, or that two shares are exactly equal.

    Raises
    ------
    ClaimError
        If the predicate cannot be read or names something unknown.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> try_weighted(survey, "share(infrastructure, moderate) > 1/2")
    'no weights'
    >>> try_weighted(survey, "count(infrastructure, moderate) > 20")
    'not comparable'
    """
    if not predicate.strip():
        return "not comparable"
    claim = bind(parse(predicate), names_of(survey.questions, survey.responses))
    if not _comparable(claim):
        return "not comparable"
    universes = {leaf.question: _weighted_answers(survey, leaf.question) for leaf in quantities(claim)}
    shares = survey.responses.get("weighted_share")
    if shares is None:
        return "no weights"
    missing = set(
        zip(
            survey.responses.loc[shares.isna(), "question"],
            survey.responses.loc[shares.isna(), "response"],
            strict=True,
        )
    )
    turns_on = {(name, universes[name].responses[place]) for name, place in relevant(claim, universes)}
    if turns_on & missing:
        return "no weights"
    return "holds" if truth(claim, {name: u.box for name, u in universes.items()}, universes) else "fails"


def _weighted_answers(survey: Survey, question: str) -> Universe:
    """Give the weighted shares of a question in whole units, as the one data set there is."""
    rows = survey.responses[survey.responses["question"] == question]
    shares = rows.get("weighted_share", pd.Series(float("nan"), rows.index)).astype("float64").fillna(0.0)
    units = [round(share * _UNITS) for share in shares]
    scores = names_of(survey.questions, rows).scores.get(question, {})
    by_response = {response: score for score, response in scores.items()}
    return Universe(
        question=question,
        responses=tuple(rows["response"]),
        scores=tuple(by_response.get(response) for response in rows["response"]),
        total=str(survey.questions.loc[question, "total"]),
        base=_UNITS,
        bounds=None,
        box=tuple(Range(unit, unit) for unit in units),
    )


def _comparable(claim: Claim) -> bool:
    """Whether a claim means the same thing for weighted shares as for persons."""
    if isinstance(claim, Not):
        return _comparable(claim.claim)
    if isinstance(claim, Junction):
        return all(_comparable(part) for part in claim.claims)
    return isinstance(claim, Leader) or _comparable_sides(claim)


def _comparable_sides(claim: Comparison) -> bool:
    functions = {leaf.function for leaf in quantities(claim)}
    if functions & {"base", "unprinted"}:
        return False
    if "count" in functions and any(number.value for number in _numbers(claim.left) + _numbers(claim.right)):
        return False
    return claim.operator not in ("==", "!=") or functions <= {"rank"}


def _numbers(node: Value) -> list[Number]:
    if isinstance(node, Sum):
        return _numbers(node.left) + _numbers(node.right)
    return [] if isinstance(node, Quantity) else [node]
