"""
Claims on trial: is what a report says certain, possible or impossible, given what it printed.

Each claim of ``claims.csv`` is a line of the claims language (`regint.survey.predicates.grammar`). It is held
against every data set that could have printed the figures, and the verdict comes with a data set that makes
the claim true and one that makes it false.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from regint.statistics.consistency import admissible_bases, rounding_mechanisms
from regint.survey.admissible import question_ranges
from regint.survey.predicates.binding import bind, names_of
from regint.survey.predicates.grammar import parse
from regint.survey.predicates.predicate import ClaimError, quantities
from regint.survey.predicates.trial import VERDICTS, Counts, Verdict, judge, try_claim
from regint.survey.predicates.weighted import try_weighted
from regint.survey.published import BASES, Survey, figure_table

__all__ = [
    "BASES", "VERDICTS", "ClaimError", "Verdict", "base_that_flips", "claims_on_trial", "forced_counts",
    "in_words", "try_at_bases", "try_claim", "try_weighted", "with_claims",
]  # fmt: skip

# More options than this are not all written out.
MOST_LISTED = 4


def claims_on_trial(
    survey: Survey, base: str = "", *, counts: Counts | None = None, rounding: str = "up_or_down"
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
    ClaimError
        If a predicate cannot be read.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> trial = claims_on_trial(read_survey("data/survey/astana_2025")).set_index("claim")
    >>> trial.loc[["blocs_more_than_half", "prospects_sum", "tools_nearly_every"], "verdict"].to_list()
    ['impossible', 'certain', 'possible']
    """
    verdicts = [
        try_claim(survey, predicate, base or stated, counts=counts, rounding=rounding)
        for predicate, stated in zip(survey.claims["predicate"], survey.claims["base"], strict=True)
    ]
    return survey.claims.assign(
        base=[v.base for v in verdicts],
        verdict=[v.verdict for v in verdicts],
        witness=[in_words(survey, v) for v in verdicts],
        counterexample=[in_words(survey, v, "counterexample") for v in verdicts],
    )[[
        "claim", "questions", "paraphrase", "term", "predicate", "base", "verdict", "witness",
        "counterexample", "source", "locator", "note",
    ]]  # fmt: skip


def in_words(survey: Survey, verdict: Verdict, which: str = "witness") -> str:
    """
    Write out the data set of a verdict: the counts that the claim turns on, by label.

    Parameters
    ----------
    survey : Survey
        The survey it belongs to.
    verdict : Verdict
        The outcome of a trial.
    which : {"witness", "counterexample"}
        Which of its data sets.

    Returns
    -------
    str
        Labels and counts, the largest first; empty if there is no such data set. Of many options the
        largest three and those the claim names, the others summed up.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> in_words(survey, try_claim(survey, "count(kazakhstan_role, no) == 0"))
    '“No”: 0'
    >>> in_words(survey, try_claim(survey, "smallest(economic_directions) == metallurgy"))[-38:]
    '“Metallurgy”: 1; 5 others: 11 or fewer'
    """
    data = verdict.witness if which == "witness" else verdict.counterexample
    if data is None:
        return ""
    clauses = [_clause(survey, verdict, question, counts) for question, counts in data.items()]
    return " / ".join(clause for clause in clauses if clause) or "the base alone decides"


def _clause(survey: Survey, verdict: Verdict, question: str, counts: Mapping[str, int]) -> str:
    """Write out the deciding counts of one question."""
    deciding = [name for name in counts if (question, name) in verdict.deciding]
    ranked = sorted(deciding, key=lambda name: -counts[name])
    told = [n for i, n in enumerate(ranked) if i < MOST_LISTED - 1 or (question, n) in verdict.named]
    told = told if len(ranked) - len(told) > 1 else ranked
    labels = survey.responses[survey.responses["question"] == question].set_index("response")["label"]
    words = [f"“{labels[name]}”: {counts[name]}" for name in told]
    rest = [counts[name] for name in ranked if name not in told]
    if rest:
        words.append(f"{len(rest)} others: {f'{max(rest)} or fewer' if max(rest) else 'none'}")
    return "; ".join(words)


def base_that_flips(
    survey: Survey, bases: Iterable[str] = BASES, *, counts: Counts | None = None
) -> pd.DataFrame:
    """
    Try every claim under several bases and say whether the base decides the verdict.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    bases : iterable of str
        Some of ``printed``, ``asked``, ``answered``.
    counts : mapping, optional
        Counts to be taken as known, see `try_claim`.

    Returns
    -------
    DataFrame
        One row per claim: ``claim``, ``paraphrase``, ``term``, one column of verdicts per base, and
        ``flips``: whether one base makes the claim certain that another makes impossible.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> table = base_that_flips(read_survey("data/survey/astana_2025")).set_index("claim")
    >>> table.loc["infrastructure_majority", ["printed", "asked", "answered"]].to_list()
    ['impossible', 'impossible', 'certain']
    """
    table = survey.claims[["claim", "paraphrase", "term"]].copy()
    names = list(bases)
    for name in names:
        table[name] = claims_on_trial(survey, name, counts=counts)["verdict"]
    verdicts = [set(row) for row in table[names].itertuples(index=False)]
    table["flips"] = [{"certain", "impossible"} <= row for row in verdicts]
    return table


def try_at_bases(survey: Survey, predicate: str, bases: Iterable[int] = range(1, 201)) -> pd.DataFrame:
    """
    Try one claim at every base that the printed figures admit.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    predicate : str
        A line of the claims language.
    bases : iterable of int
        Candidates for the base of all questions of the claim; shares are taken of it, too.

    Returns
    -------
    DataFrame
        ``base`` (those at which all figures of these questions are possible together) and ``verdict``.

    Raises
    ------
    ClaimError
        If the predicate is empty or cannot be read.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> table = try_at_bases(survey, "largest(external_platforms) == contribute", range(1, 201))
    >>> table["base"].to_list(), set(table["verdict"])
    ([115, 170, 200], {'certain'})
    """
    claim = bind(parse(predicate), names_of(survey.questions, survey.responses))
    candidates = list(bases)
    table = figure_table(survey)
    for question in {leaf.question for leaf in quantities(claim)}:
        rows = table[table["question"] == question]
        if len(rows):
            candidates = admissible_bases(rows["printed"], bases=candidates, total=rows["total"].iloc[0])
    verdicts = [judge(survey, claim, "printed", base, {}, "up_or_down").verdict for base in candidates]
    found = pd.DataFrame(
        {"base": pd.array(candidates, dtype="int64"), "verdict": pd.array(verdicts, dtype="str")}
    )
    return found[found["verdict"] != "no data set"].reset_index(drop=True)


def with_claims(survey: Survey) -> Survey:
    """
    Give a survey without claims one for each question: that its largest figure, or count, leads.

    Parameters
    ----------
    survey : Survey
        A survey as read.

    Returns
    -------
    Survey
        The same survey if it has claims; else with one claim per question that has a figure or a count.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> silent = with_claims(replace(survey, claims=survey.claims.iloc[:0]))
    >>> silent.claims.loc[0, "predicate"]
    'largest(prospects) == score_4'
    """
    if len(survey.claims):
        return survey
    blank = dict.fromkeys(survey.claims.columns, "")
    figures = pd.to_numeric(survey.responses["printed"], errors="coerce")
    printed = figures.notna().groupby(survey.responses["question"]).transform("any")
    value = figures.where(printed, survey.responses["count"].astype("float64"))
    leaders = (
        survey.responses.assign(value=value).dropna(subset=["value"]).sort_values("value", kind="stable")
    )
    rows = [
        {"claim": f"leader_{question}", "questions": question, "term": "leads", "base": "printed",
         "paraphrase": f"{survey.questions.loc[question, 'label']}: the largest figure leads",
         "predicate": f"largest({question}) == {response}"}
        for question, response in leaders.groupby("question", sort=False)["response"].last().items()
    ]  # fmt: skip
    claims = pd.DataFrame([{**blank, **row} for row in rows], columns=survey.claims.columns)
    order = {question: place for place, question in enumerate(survey.questions.index)}
    return replace(
        survey, claims=claims.sort_values("questions", key=lambda c: c.map(order), ignore_index=True)
    )


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
    >>> from regint.survey.published import read_survey
    >>> forced_counts(read_survey("data/survey/astana_2025"))
    {'external_platforms': {'contribute': 13, 'divert': 7, 'restrain': 7, 'neutral': 3}}
    """
    found: dict[str, dict[str, int]] = {}
    for question, design in survey.questions.iterrows():
        rows = survey.responses[survey.responses["question"] == question]
        closed = design["total"] == "closed" and not pd.isna(design["printed_base"])
        if not closed or not rows["printed"].all():
            continue
        base = int(design["printed_base"])
        if question_ranges(rows, base, "closed") is None:
            fits = rounding_mechanisms(rows["printed"], [base], mechanisms=["largest_remainder"])
            vectors = set(fits.loc[fits["unique"], "counts"])
            if len(vectors) == 1:
                found[str(question)] = dict(zip(rows["response"], vectors.pop(), strict=True))
    return found
