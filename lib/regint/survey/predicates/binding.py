"""Look up the names of a claim in a survey, and suggest the nearest where one is unknown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from regint.survey.predicates.predicate import (
    Claim,
    ClaimError,
    Comparison,
    Junction,
    Leader,
    Not,
    Quantity,
    Sum,
    Value,
)
from regint.survey.problems import nearest


@dataclass(frozen=True)
class Names:
    """
    What a claim may name.

    Attributes
    ----------
    totals : dict
        closed, open or multiple, by question.
    responses : dict
        Response identifiers in display order, by question.
    scores : dict
        ``{score: response}`` by question.
    """

    totals: dict[str, str]
    responses: dict[str, list[str]]
    scores: dict[str, dict[Fraction, str]]


def names_of(questions: pd.DataFrame, responses: pd.DataFrame) -> Names:
    """
    Collect the names of a survey.

    Parameters
    ----------
    questions : DataFrame
        Indexed by question.
    responses : DataFrame
        One row per (question, response).

    Returns
    -------
    Names
        What a claim may name.

    Examples
    --------
    >>> questions = pd.DataFrame({"total": ["closed"]}, index=["q"])
    >>> responses = pd.DataFrame({"question": ["q", "q"], "response": ["a", "b"], "score": [1.0, 2.0]})
    >>> names_of(questions, responses).scores["q"]
    {Fraction(1, 1): 'a', Fraction(2, 1): 'b'}
    """
    by_question = {str(name): rows for name, rows in responses.groupby("question", sort=False)}
    return Names(
        totals=questions["total"].to_dict(),
        responses={name: rows["response"].to_list() for name, rows in by_question.items()},
        scores={
            name: {
                Fraction(str(score)): response
                for score, response in zip(rows["score"], rows["response"], strict=True)
                if not pd.isna(score)
            }
            for name, rows in by_question.items()
        },
    )


def bind(claim: Claim, names: Names) -> Claim:
    """
    Replace scores by responses and refuse names that do not exist.

    Parameters
    ----------
    claim : Claim
        A syntax tree as parsed.
    names : Names
        What the survey has.

    Returns
    -------
    Claim
        The same tree with response identifiers throughout.

    Raises
    ------
    ClaimError
        For an unknown question, response or score, a span in the wrong order, a sum of shares of a
        choose-several question, or a mean of responses without scores.

    Examples
    --------
    >>> from regint.survey.predicates.grammar import parse
    >>> names = Names({"q": "open"}, {"q": ["low", "high"]}, {"q": {}})
    >>> bind(parse("count(q, hihg) > 3"), names)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    regint.survey.predicates.predicate.ClaimError: The question 'q' has no response or score 'hihg'; write ...
    """
    if isinstance(claim, Not):
        return Not(bind(claim.claim, names))
    if isinstance(claim, Junction):
        return Junction(claim.word, tuple(bind(part, names) for part in claim.claims))
    if isinstance(claim, Leader):
        _question(claim.question, names)
        return replace(claim, response=_response(claim.question, claim.response, names))
    return Comparison(_value(claim.left, names), claim.operator, _value(claim.right, names))


def _value(node: Value, names: Names) -> Value:
    if isinstance(node, Sum):
        return Sum(_value(node.left, names), node.sign, _value(node.right, names))
    return _quantity(node, names) if isinstance(node, Quantity) else node


def _quantity(node: Quantity, names: Names) -> Quantity:
    question = _question(node.question, names)
    multiple = names.totals[question] == "multiple"
    if node.function == "mean" and not names.scores[question]:
        raise ClaimError(f"The question {question!r} has no scores; a mean needs a rating question.")
    if node.function == "unprinted" and multiple:
        raise ClaimError(
            f"Several answers were allowed in {question!r}, so nothing follows about the rest; "
            "leave out unprinted()."
        )
    spans = tuple((_response(question, a, names), _response(question, b, names)) for a, b in node.selections)
    order = names.responses[question]
    for first, last in spans:
        if order.index(first) > order.index(last):
            raise ClaimError(f"In {question!r}, {last!r} stands before {first!r}; write {last}..{first}.")
    covered = {name for a, b in spans for name in order[order.index(a) : order.index(b) + 1]}
    if multiple and node.function in ("share", "count") and len(covered) > 1:
        raise ClaimError(
            f"Several answers were allowed in {question!r}, so one person may be in more than one of them; "
            f"ask for one response in each {node.function}()."
        )
    return replace(node, selections=spans)


def _question(name: str, names: Names) -> str:
    known = [question for question in names.responses if question in names.totals]
    if name not in known:
        raise ClaimError(f"There is no question {name!r}; {_suggest(name, known)}.")
    return name


def _response(question: str, name: str, names: Names) -> str:
    if name in names.responses[question]:
        return name
    scores = names.scores[question]
    if name.replace(".", "", 1).isdigit() and Fraction(name) in scores:
        return scores[Fraction(name)]
    known = [*names.responses[question], *(f"{float(score):g}" for score in scores)]
    raise ClaimError(f"The question {question!r} has no response or score {name!r}; {_suggest(name, known)}.")


def _suggest(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    return nearest(name, listed, "choose one of " + ", ".join(listed[:20]))
