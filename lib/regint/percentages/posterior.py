"""How probable each base is for each question of a survey, among all that may stand behind the figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, inf, log
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logsumexp

from regint.percentages.bases import IDENTIFIED, Question, log10_likelihoods, questions_of
from regint.percentages.counts import checked_bases, windows
from regint.percentages.rounding import parse_figure

ELSEWHERE = "no base up to the limit"
NO_COUNTS = "no whole counts"
# What may lie behind the bases of a survey, and how probable it is before the figures are seen.
STRUCTURES = {
    "one base": 0.45,
    "one base, a few silent on each question": 0.15,
    "two bases": 0.15,
    "three bases": 0.03,
    "four bases": 0.02,
    "a base for each question": 0.05,
    NO_COUNTS: 0.15,
}
_ROUNDINGS = {"up_or_down": 0.9, "floor": 0.1}
# That a base lies above the limit; those below are alike, and those above in proportion to 1 / base.
_ABOVE = 0.15
# How opinions spread over the options: gathered on few, or any way alike. Both equally probable.
_CONCENTRATIONS = (0.3, 1.0)
# The share of printed figures that are misprints.
_MISPRINTS = 0.005
# Of those asked, fewer and fewer are silent on a question: each more is so many times less probable.
_SILENCE = (0.35, 0.7)
_MOST_SILENT = 10
# Bases are tried one by one so far, ten times as far with decimals; beyond, some stand for all.
_ONE_BY_ONE, _LARGEST, _BEYOND = 250, 2000, 8
# Where questions share one base, or a few, each still stands apart with this probability.
_APART = 0.05
# Sets of one to four are made of so many bases, those which the questions favour one by one.
_FAVOURED = {"one base": 10_000, "two bases": 80, "three bases": 20, "four bases": 14}

EVERY_KIND = "all kinds"
_Floats = NDArray[np.float64]


def calibration() -> pd.DataFrame:
    """
    Give what the stated probabilities were worth on invented surveys, as `benchmarks/calibration.py` found.

    Returns
    -------
    DataFrame
        By ``kind`` of survey: ``statement`` (a base, or the set of bases that holds 95 per cent), ``band``
        (of the probability stated, such as ``"0.5 to 0.8"``; empty for all statements together), how many
        ``statements`` on how many ``surveys``, the mean probability ``stated``, the share that was ``right``,
        its Monte-Carlo ``error``, and whether the two lie ``apart`` by more than three errors (a set that
        holds the truth more often is not apart).
    """
    table = pd.read_csv(Path(__file__).with_name("calibration.csv"))
    band = table["low"].map("{:g}".format) + " to " + table["high"].map("{:g}".format)
    gap = table["right"] - table["stated"]
    apart = (gap.abs() > 3 * table["error"]) & ((table["statement"] == "base") | (gap < 0))
    table.insert(2, "band", band.where(table["high"] - table["low"] < 1, ""))
    table = table.assign(apart=apart)[~(table["high"] <= 0.5)]  # where less is stated, no base is named
    return table.drop(columns=["low", "high"]).reset_index(drop=True)


@dataclass(frozen=True)
class BaseProbabilities:
    """
    What the figures of a survey say about the bases of its questions.

    Attributes
    ----------
    questions : DataFrame
        One row per question without a recorded base: ``question``, ``base`` (the most probable; missing
        where none up to the limit is more probable than any of them), ``probability`` (of that statement),
        ``credible`` (tuple: the fewest bases that hold 95 per cent together, most probable first; `ELSEWHERE`
        stands for all others) and ``misprint`` (probability that one of its figures is a misprint).
    survey : DataFrame
        ``aspect`` (`bases`, `limit` or `rounding`), ``reading``, ``prior`` and ``probability``: what lies
        behind the survey as a whole; `above` the limit on the average of its questions.
    outcomes : DataFrame
        The whole distribution: one row per question, one column per base up to the limit, and `ELSEWHERE`.
    """

    questions: pd.DataFrame
    survey: pd.DataFrame
    outcomes: pd.DataFrame


class _Model(NamedTuple):
    """One way in which the figures can have come about."""

    structure: str
    rounding: str
    log_weight: float
    bases: _Floats
    misprint: _Floats


def base_probabilities(
    printed: pd.DataFrame,
    bases: Iterable[int] = range(1, 301),
    roundings: Mapping[str, float] = MappingProxyType(_ROUNDINGS),
) -> BaseProbabilities:
    r"""
    Give the probability of each base of each question, among all that may stand behind the figures.

    Parameters
    ----------
    printed : DataFrame
        As for `regint.percentages.assignment.assign_bases`. Questions with a recorded base are left out.
    bases : iterable of int
        The largest of them is the limit up to which bases are told apart.
    roundings : mapping of str to float
        Rules of rounding, with their prior probabilities; only under the first are there misprints.

    Returns
    -------
    BaseProbabilities
        The probabilities by question, those of the readings of the whole survey, and the distribution.

    Raises
    ------
    ValueError
        If every question has a recorded base, or a figure, a base or a column is illegal or missing.

    Notes
    -----
    A survey is thought of as made in one of these ways, with the prior probabilities `STRUCTURES`: all
    questions have one base; they have one base less the few who were silent on each; two, three or four
    bases are mixed; each question has a base of its own; or no whole counts stand behind the figures,
    because they were weighted or forced. Where questions share one base or a few, each of them stands apart
    with probability 0.05. All bases up to the limit are equally probable; with probability 0.15 a base lies
    above, in proportion to :math:`1/n` up to 2,000, ten times as much for each decimal. Figures are rounded
    or, with probability 0.1, cut off; one in two hundred is a misprint that could be any other figure;
    opinions have a Dirichlet distribution with the parameter 0.3 or 1. Under each of these the likelihood of
    the figures is exact (`base_likelihood`), save that sets of several bases are formed of those that single
    questions favour, that few large bases stand for all, and that a question has one misprint at most, none
    if its figures fit with it, and none if figures are cut off.

    The figures can hardly tell a base above the limit from weighted shares: between these two the prior
    decides, and so they are one outcome.

    Examples
    --------
    >>> printed = pd.DataFrame({"question": "steps", "total": "open",
    ...                         "printed": "26.4 13.2 9.4 3.8 3.8 3.8 1.9 5.7".split()})
    >>> found = base_probabilities(printed, range(1, 107)).questions
    >>> found["base"].tolist(), bool(found["probability"].iloc[0] > 0.8)
    ([53], True)
    """
    questions = [question for question in questions_of(printed) if question.recorded is None]
    if not questions:
        raise ValueError("Every question has a recorded base, so no base is left to be found.")
    limit = max(checked_bases(bases))
    grid, prior = _grid(questions, limit)
    models = []
    for rounding, weight in roundings.items():
        for concentration in _CONCENTRATIONS:
            misprints = rounding == next(iter(roundings))
            both = [
                _log_likelihoods(one, grid.tolist(), rounding, concentration, misprints) for one in questions
            ]
            clean, spoilt = np.array([rows for rows, _ in both]), np.array([rows for _, rows in both])
            values = np.logaddexp(clean, spoilt)
            misprint = np.exp(spoilt - np.where(np.isfinite(values), values, 0.0))
            start = log(weight / len(_CONCENTRATIONS))
            models += [
                _Model(name, rounding, start + log(STRUCTURES[name]) + evidence, found, misprint)
                for name, evidence, found in _structures(values, prior)
                if np.isfinite(evidence)
            ]
    logs = np.array([model.log_weight for model in models])
    weights = np.exp(logs - logsumexp(logs))
    together = list(zip(weights, models, strict=True))
    whole = np.sum([weight * model.bases for weight, model in together], axis=0)
    misprint = np.sum(
        [weight * (model.bases * model.misprint).sum(axis=1) for weight, model in together], axis=0
    )
    near = grid <= limit
    outcomes = pd.DataFrame(whole[:, near], columns=grid[near], index=[one.name for one in questions])
    outcomes[ELSEWHERE] = whole[:, ~near].sum(axis=1)
    rows = []
    for (name, chances), spoilt_share in zip(outcomes.iterrows(), misprint, strict=True):
        ordered = chances.sort_values(ascending=False, kind="stable")
        needed = int((ordered.cumsum() < IDENTIFIED).sum()) + 1
        best = None if ordered.index[0] == ELSEWHERE else ordered.index[0]
        rows.append((name, best, ordered.iloc[0], tuple(ordered.index[:needed]), spoilt_share))
    columns = ["question", "base", "probability", "credible", "misprint"]
    above = (1 - STRUCTURES[NO_COUNTS]) * _ABOVE, float(whole[:, limit:-1].sum(axis=1).mean())
    readings = [
        (aspect, reading, chance, sum(weight for weight, model in together if reading in model[:2]))
        for aspect, priors in (("bases", STRUCTURES), ("rounding", roundings))
        for reading, chance in priors.items()
    ]
    readings.insert(len(STRUCTURES), ("limit", "above", *above))
    return BaseProbabilities(
        pd.DataFrame(rows, columns=columns).astype({"base": "Int64"}),
        pd.DataFrame(readings, columns=["aspect", "reading", "prior", "probability"]),
        outcomes,
    )


def _grid(questions: Sequence[Question], limit: int) -> tuple[NDArray[np.int64], _Floats]:
    """List bases and the logarithm of their prior; the last, without one, stands for shares of no counts."""
    finest = max(parse_figure(figure).scale for question in questions for figure in question.figures)
    dense = np.arange(1, max(limit, _ONE_BY_ONE * min(finest, 10)) + 1)
    largest = max(_LARGEST * finest, 2 * int(dense[-1]))
    ends = np.geomspace(dense[-1] + 1, largest, _BEYOND + 1)
    # One more than a multiple of six: most large numbers have few divisors.
    points = (np.sqrt(ends[:-1] * ends[1:]) // 6 * 6 + 1).astype(np.int64)
    weights = np.concatenate([1 / dense, np.log(ends[1:] / ends[:-1])])
    above = np.arange(len(weights)) >= limit
    weights = np.where(above, _ABOVE * weights / weights[above].sum(), (1 - _ABOVE) / limit)
    return np.concatenate([dense, points, [largest * 3 // 2 + 1]]), np.log(weights)


def _log_likelihoods(
    question: Question, bases: Sequence[int], rounding: str, concentration: float, misprints: bool
) -> tuple[_Floats, _Floats]:
    """Give the log-likelihood of each base, without a misprint among the figures and with one."""
    prepared = windows(question.figures, question.total, rounding)

    def of(places: Sequence[int], bases: Sequence[int], unprinted: int | None = None) -> _Floats:
        return log(10) * log10_likelihoods(
            [prepared[place] for place in places],
            bases,
            question.total,
            rounding == "up_or_down",
            concentration=concentration,
            unprinted=unprinted,
        )

    places = range(len(prepared))
    clean = of(places, bases)
    misprinted = np.full(len(bases), -inf)
    # Where all figures fit, a misprint among them would add next to nothing.
    wrong = np.flatnonzero(clean == -inf).tolist()
    if misprints and wrong:
        # The count of a misprinted figure is as good as unprinted, and any other figure could stand for it.
        missing = None if question.total == "multiple" else 1 + int(question.total == "open")
        tried = [bases[place] for place in wrong]
        spoilt = [
            of([other for other in places if other != place], tried, missing)
            + log(_MISPRINTS / (100 * parse_figure(figure).scale))
            for place, figure in enumerate(question.figures)
        ]
        misprinted[wrong] = logsumexp(spoilt, axis=0)
    return clean + len(prepared) * log(1 - _MISPRINTS), misprinted


def _structures(values: _Floats, prior: _Floats) -> Iterator[tuple[str, float, _Floats]]:
    """Give each structure, its log-evidence, and how probable each base is for each question under it."""
    number, places = values.shape
    counted, dense = values[:, :-1], places - 1 - _BEYOND
    none = np.zeros((number, 1))

    yield NO_COUNTS, float(values[:, -1].sum()), np.c_[np.zeros_like(counted), none + 1]

    for ratio in _SILENCE:
        # Row of so many silent, question, base of all: the likelihood of the base that is left.
        shifted = np.full((_MOST_SILENT + 1, *counted.shape), -inf)
        for lost in range(_MOST_SILENT + 1):
            chance = log((1 - ratio) * ratio**lost)
            shifted[lost, :, lost:dense] = counted[:, : dense - lost] + chance
        shifted[0, :, dense:] = counted[:, dense:]
        mixed = logsumexp(shifted, axis=0)
        joint = prior + mixed.sum(axis=0)
        evidence = float(logsumexp(joint))
        if evidence == -inf:
            continue
        found = np.zeros_like(counted)
        weights = shifted + (joint - evidence - np.where(np.isfinite(mixed), mixed, 0.0))
        for lost in range(_MOST_SILENT + 1):
            found[:, : dense - lost] += np.exp(weights[lost, :, lost:dense])
        found[:, dense:] = np.exp(weights[0, :, dense:])
        yield "one base, a few silent on each question", evidence - log(len(_SILENCE)), np.c_[found, none]

    own = np.c_[prior + counted + log(1 - _APART), values[:, -1] + log(_APART)]
    evidences = logsumexp(own, axis=1)
    if not np.isfinite(evidences).all():
        return
    alone = np.exp(own - evidences[:, None])
    yield "a base for each question", float(evidences.sum()), alone

    favoured = np.argsort(-alone[:, :-1].sum(axis=0), kind="stable")
    for size, (name, most) in enumerate(_FAVOURED.items(), start=1):
        sets = np.array(list(combinations(favoured[:most].tolist(), size)))
        inside = logsumexp(counted[:, sets], axis=2) - log(size) + log(1 - _APART)
        mixed = np.logaddexp(inside, (evidences + log(_APART))[:, None])
        joint = prior[sets].sum(axis=1) + log(factorial(size)) + mixed.sum(axis=0)
        evidence = float(logsumexp(joint))
        found = np.zeros_like(values)
        likely = joint - evidence > log(1e-9)
        for some, weight, mix in zip(sets[likely], joint[likely] - evidence, mixed.T[likely], strict=True):
            share = counted[:, some] + log(1 - _APART) - log(size)
            found[:, some] += np.exp(weight + share - mix[:, None])
            found += np.exp(weight + log(_APART) + evidences - mix)[:, None] * alone
        yield name, evidence, found
