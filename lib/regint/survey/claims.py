"""Claims on trial: certain, possible or impossible."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial

import pandas as pd
from textfiles.problems import Problem

from regint.percentages.apportionment import rounding_mechanisms
from regint.survey.claim_language import (
    COMPARISONS,
    Expression,
    Operation,
    bind,
    names_of,
    parse,
    parts_of,
    quantities,
)
from regint.survey.count_ranges import SHARE_UNITS, question_ranges
from regint.survey.feasible_set import (
    FeasibleSet,
    Point,
    feasible_set,
    printed_question,
    relevant,
    search,
    shares_allowed,
)
from regint.survey.table import BASES, Survey

VERDICTS = ("certain", "possible", "impossible", "undecided", "no data set", "no base", "untestable")
_MOST_LISTED = 4  # more options than this are not all written out
_Counts = Mapping[str, Mapping[str, int]]
_DataSet = dict[str, dict[str, int | Fraction]]


@dataclass(frozen=True)
class Verdict:
    """
    The outcome for one claim under one base.

    Attributes
    ----------
    verdict : str
        ``certain``: true in every admissible data set; ``impossible``: in none; ``possible``: in some;
        ``undecided``: the search was cut off; ``no data set``: nothing can have printed these figures at
        this base; ``no base``: it takes a base that is unknown; ``untestable``: the claim has no predicate,
        or speaks of numbers of people behind weighted figures.
    base : str
        The base the shares were taken of.
    witness, counterexample : dict or None
        Counts by question and response under which the claim holds, and under which it fails; shares (0-1)
        where no count stands behind a figure, because it is weighted or its base is not known.
    deciding : frozenset of tuple
        Question and response of the counts that the claim turns on.
    named : frozenset of tuple
        Those of them that the claim itself names.
    """

    verdict: str
    base: str
    witness: _DataSet | None = None
    counterexample: _DataSet | None = None
    deciding: frozenset[tuple[str, str]] = frozenset()
    named: frozenset[tuple[str, str]] = frozenset()


def try_claim(
    survey: Survey,
    predicate: str,
    base: str = "printed",
    *,
    counts: _Counts | None = None,
    rounding: str = "up_or_down",
) -> Verdict:
    """
    Hold one claim against every data set that could have printed the figures.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    predicate : str
        A line of the claims language; empty for a claim that nothing printed could decide.
    base : {"printed", "asked", "answered"}
        What the shares are taken of. The counts always come from the base that the figures refer to.
    counts : mapping, optional
        Counts by question and response to be taken as known, in place of figures.
    rounding : str
        Rounding rule of the figures, one of `regint.percentages.rounding.ROUNDINGS`.

    Returns
    -------
    Verdict
        With witness and counter-example where there are any.

    Raises
    ------
    Problem
        If the predicate cannot be read, names something unknown, or `base` does not exist.

    Notes
    -----
    "True in every consistent data set" as a standard for statements about published tables follows work on
    the reconstruction of microdata [1]_. Counts are searched by branch and bound
    (`regint.survey.feasible_set`), so nothing is sampled. Where figures were printed from weighted data,
    or no base is recorded, every share within the rounding of its figure is admissible, together with what
    the shares of a question add up to; a claim about numbers of people then has no verdict.

    References
    ----------
    .. [1] Garfinkel, S., Abowd, J. M. and Martindale, C. (2019). Understanding database reconstruction
       attacks on public data. Communications of the ACM 62(3), 46-53. https://doi.org/10.1145/3287287

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> try_claim(survey, "share(infrastructure, moderate) > 1/2").verdict
    'impossible'
    >>> try_claim(survey, "share(infrastructure, moderate) > 1/2", base="answered").verdict
    'certain'
    """
    return _Court(survey, counts, rounding).verdict(predicate, base)


class _Court:
    """Tries the claims of a survey; what is printed of a question is looked up once for all of them."""

    def __init__(self, survey: Survey, counts: _Counts | None = None, rounding: str = "up_or_down") -> None:
        self.survey, self.counts, self.rounding = survey, counts or {}, rounding
        self.names = names_of(survey.questions, survey.responses)
        self.printed = cache(partial(printed_question, survey))

    def verdict(self, predicate: str, base: str) -> Verdict:
        """Read a claim, and hold it against every data set that could have printed the figures."""
        if base not in BASES:
            raise Problem(f"The base {base!r} does not exist; choose one of {', '.join(BASES)}.")
        if not predicate.strip():
            return Verdict("untestable", base)
        claim = bind(parse(predicate), self.names)
        sizes = [self.printed(leaf.question).design for leaf in quantities(claim) if leaf.function == "base"]
        if any(design.get("base_status") == "inferred" for design in sizes):
            # A base that was inferred is no fact about a base: the claim is held against each that fits.
            largest = 2 * max(int(design["printed_base"]) for design in sizes)
            found = set(_at_bases(self.survey, predicate, range(1, largest + 1)).values())
            if not found:
                return Verdict("no data set", base)
            verdict = found.pop() if len(found) == 1 else "possible"
            # No count turns such a claim: its data sets hold nothing but the base.
            holds: _DataSet | None = {} if verdict in ("certain", "possible") else None
            fails: _DataSet | None = {} if verdict in ("impossible", "possible") else None
            return Verdict(verdict, base, holds, fails)
        return self.judge(claim, base)

    def judge(self, claim: Expression, base: str, printed_base: int | None = None) -> Verdict:
        """Hold a bound claim against every admissible data set, at the bases known or at one to be tried."""
        sets: dict[str, FeasibleSet] = {}
        for question in sorted({leaf.question for leaf in quantities(claim)}):
            printed = self.printed(question)
            design = printed.design
            of, whole = design["printed_base"], design["printed_base" if base == "printed" else base]
            weighted = bool(design["weighted"])
            if printed_base is not None:
                of = whole = printed_base
            if base != "printed" and (pd.isna(of) or pd.isna(whole) or (weighted and of != whole)):
                return Verdict("no base", base)
            if (weighted or pd.isna(of)) and not _about_shares(claim):
                return Verdict("untestable" if weighted else "no base", base)
            if weighted or pd.isna(of):
                found = shares_allowed(printed, self.rounding)
            else:
                tried = printed_base is not None or pd.isna(design["answered"])
                found = feasible_set(
                    printed, int(of), int(whole), answered=None if tried else int(design["answered"]),
                    counts=self.counts.get(question), rounding=self.rounding,
                )  # fmt: skip
            if found is None:
                return Verdict("no data set", base)
            sets[question] = found
        result = search(claim, sets)
        witness, counterexample = _named(result.witness, sets), _named(result.counterexample, sets)
        deciding = frozenset((name, sets[name].responses[i]) for name, i in relevant(claim, sets))
        if result.complete and witness is None and counterexample is None:
            return Verdict("no data set", base)  # nets that overlap, and no counts make them all up
        verdict = "certain" if counterexample is None else "impossible" if witness is None else "possible"
        if not result.complete:
            verdict = "undecided"
        ends = {
            (leaf.question, end) for leaf in quantities(claim) for pair in leaf.selections for end in pair
        }
        return Verdict(verdict, base, witness, counterexample, deciding, frozenset(ends))

    def in_words(self, verdict: Verdict, data: _DataSet | None) -> str:
        """Write out a data set by label: of many options the largest and those that the claim names."""
        if data is None:
            return ""
        clauses = [self._clause(verdict, question, counts) for question, counts in data.items()]
        return " / ".join(clause for clause in clauses if clause) or "the base alone decides"

    def _clause(self, verdict: Verdict, question: str, counts: Mapping[str, int | Fraction]) -> str:
        """Write out the deciding counts of one question."""
        deciding = [name for name in counts if (question, name) in verdict.deciding]
        ranked = sorted(deciding, key=lambda name: -counts[name])
        told = [n for i, n in enumerate(ranked) if i < _MOST_LISTED - 1 or (question, n) in verdict.named]
        told = told if len(ranked) - len(told) > 1 else ranked
        labels = {row["response"]: row["label"] for row in self.printed(question).rows}
        words = [f"“{labels[name]}”: {_amount(counts[name])}" for name in told]
        rest = [counts[name] for name in ranked if name not in told]
        if rest:
            fewer = "less" if isinstance(max(rest), Fraction) else "fewer"
            words.append(f"{len(rest)} others: {f'{_amount(max(rest))} or {fewer}' if max(rest) else 'none'}")
        return "; ".join(words)


def _named(data: Mapping[str, Point] | None, sets: Mapping[str, FeasibleSet]) -> _DataSet | None:
    """Give counts by name; of a question known by shares alone, the shares."""
    if data is None:
        return None
    return {
        q: {
            name: Fraction(count, SHARE_UNITS) if sets[q].base == SHARE_UNITS else count
            for name, count in zip(sets[q].responses, point, strict=True)
        }
        for q, point in data.items()
    }


def _about_shares(claim: Expression) -> bool:
    """Whether a claim means the same for shares as for persons: it asks for no number of people."""
    for comparison in parts_of(claim):
        if not (isinstance(comparison, Operation) and comparison.word in COMPARISONS):
            continue
        functions = {leaf.function for leaf in quantities(comparison)}
        counted = {leaf.question for leaf in quantities(comparison) if leaf.function == "count"}
        several = len(counted) > 1 or (counted and functions != {"count"})
        numbers = any(part for part in parts_of(comparison) if isinstance(part, Fraction))
        if functions & {"base", "unprinted"} or several or (counted and numbers):
            return False
    return True


def claims_on_trial(
    survey: Survey, base: str = "", *, counts: _Counts | None = None, rounding: str = "up_or_down"
) -> pd.DataFrame:
    """
    Try every claim of a survey.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    base : {"", "printed", "asked", "answered"}
        The base for all claims; empty for the one that each row of claims.csv states.
    counts : mapping, optional
        Counts to be taken as known, see `try_claim` and `forced_counts`.
    rounding : str
        Rounding rule of the figures.

    Returns
    -------
    DataFrame
        One row per claim: ``claim``, ``questions``, ``paraphrase``, ``term``, ``predicate``, ``base``,
        ``verdict``, ``witness``, ``counterexample`` (in words: the counts of the responses that matter, or
        empty), ``source``, ``locator``, ``note``.

    Raises
    ------
    Problem
        If a predicate cannot be read.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> trial = claims_on_trial(read_survey("data/survey/astana_2025")).set_index("claim")
    >>> trial.loc[["blocs_more_than_half", "prospects_sum", "tools_nearly_every"], "verdict"].to_list()
    ['impossible', 'certain', 'possible']
    """
    court = _Court(survey, counts, rounding)
    verdicts = [
        court.verdict(predicate, base or stated)
        for predicate, stated in zip(survey.claims["predicate"], survey.claims["base"], strict=True)
    ]
    return survey.claims.assign(
        base=[v.base for v in verdicts],
        verdict=[v.verdict for v in verdicts],
        witness=[court.in_words(verdict, verdict.witness) for verdict in verdicts],
        counterexample=[court.in_words(verdict, verdict.counterexample) for verdict in verdicts],
    )[[
        "claim", "questions", "paraphrase", "term", "predicate", "base", "verdict", "witness",
        "counterexample", "source", "locator", "note",
    ]]  # fmt: skip


def _amount(value: int | Fraction) -> str:
    """Write a count, or a share whose base is not known."""
    return f"{float(100 * value):.6g} per cent" if isinstance(value, Fraction) else str(value)


def _at_bases(survey: Survey, predicate: str, bases: Iterable[int]) -> dict[int, str]:
    """Try one claim at every base at which all figures of its questions are possible together."""
    court = _Court(survey)
    claim = bind(parse(predicate), court.names)
    verdicts = {base: court.judge(claim, "printed", base).verdict for base in bases}
    return {base: verdict for base, verdict in verdicts.items() if verdict != "no data set"}


def forced_counts(survey: Survey) -> dict[str, dict[str, int]]:
    """
    Find counts for questions that ordinary rounding cannot have printed, by rounding forced to 100.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    dict
        Counts by question and response, for each closed question with a recorded base whose figures fit
        no data set, and fit exactly one by largest remainders on some grid. A candidate reading, found
        after looking: state it wherever it is used.

    Examples
    --------
    >>> from regint.survey.table import read_survey
    >>> forced_counts(read_survey("data/survey/astana_2025"))
    {'external_platforms': {'contribute': 13, 'divert': 7, 'restrain': 7, 'neutral': 3}}
    """
    found: dict[str, dict[str, int]] = {}
    for question, design in survey.questions.iterrows():
        rows = survey.responses[survey.responses["question"] == question]
        closed = design["total"] == "closed" and not pd.isna(design["printed_base"])
        if design["weighted"] or not closed or not rows["printed"].all():
            continue
        base = int(design["printed_base"])
        if question_ranges(rows.to_dict("records"), base, "closed") is None:
            fits = rounding_mechanisms(rows["printed"], [base], mechanisms=["largest_remainder"])
            vectors = set(fits.loc[fits["unique"], "counts"])
            if len(vectors) == 1:
                found[str(question)] = dict(zip(rows["response"], vectors.pop(), strict=True))
    return found


BASES_IN_WORDS = {"printed": "the printed base", "asked": "all asked", "answered": "those who answered"}
