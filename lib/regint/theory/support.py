"""Support for each theory as a distribution over codings, with exact bounds, and never one winner."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from regint.theory.balassa import check_choice
from regint.theory.coding import NONE
from regint.theory.tables import TheoryError

MEASURES: Final = ("choices", "questions", "endorsement")
ENUMERATED: Final = 14


@dataclass(frozen=True)
class Options:
    """
    Coded options with a known number of answers, as arrays.

    Attributes
    ----------
    theories : tuple of str
        Theories that some option is coded to, first or second.
    question : ndarray of int
        Question of each option.
    persons, share : ndarray of float
        Answers and their share of the base (0-1, NaN where the base does not apply).
    first, second : ndarray of int
        Position of the theory in `theories`; -1 for none. Without an alternative, `second` equals `first`.
    first_sign, second_sign : ndarray of float
        1 for the theory, -1 against, 0 neither.
    """

    theories: tuple[str, ...]
    question: np.ndarray
    persons: np.ndarray
    share: np.ndarray
    first: np.ndarray
    second: np.ndarray
    first_sign: np.ndarray
    second_sign: np.ndarray

    @property
    def contested(self) -> np.ndarray:
        """Positions of the options that have two readings."""
        return np.flatnonzero((self.first != self.second) | (self.first_sign != self.second_sign))


def coded_options(joined: pd.DataFrame) -> Options:
    """
    Take the options that count: a known number of answers and a reading.

    Parameters
    ----------
    joined : DataFrame
        From `regint.theory.coding.join_coding`.

    Returns
    -------
    Options
        Options without a printed figure are left out. Where the figure fixes no whole count, persons are
        share times base.

    Raises
    ------
    TheoryError
        If no option is both coded and counted.

    Examples
    --------
    >>> joined = pd.DataFrame({
    ...     "question": ["q", "q"], "count": pd.array([6, 4], dtype="Int64"), "share": [0.6, 0.4],
    ...     "base": pd.array([10, 10], dtype="Int64"), "primary": ["NF", "LI"], "primary_sign": [1, 1],
    ...     "alternative": ["", "NF"], "alternative_sign": pd.array([None, 1], dtype="Int64")})
    >>> options = coded_options(joined)
    >>> options.theories, options.contested.tolist()
    (('LI', 'NF'), [1])
    """
    persons = joined["count"].astype("Float64").fillna(joined["share"] * joined["base"].astype("Float64"))
    known = joined[persons.notna() & (joined["primary"] != NONE)]
    if known.empty:
        raise TheoryError(
            ["No option of these questions is coded and counted; choose others or another coding."]
        )
    second = known["alternative"].where(known["alternative"] != "", known["primary"])
    theories = sorted({*known["primary"], *second} - {NONE})
    place = {theory: i for i, theory in enumerate(theories)} | {NONE: -1}
    first_sign = known["primary_sign"].astype(float)
    return Options(
        theories=tuple(theories),
        question=pd.factorize(known["question"].astype(str))[0],
        persons=persons[known.index].to_numpy(dtype=float),
        share=known["share"].to_numpy(dtype=float, na_value=np.nan),
        first=known["primary"].map(place).to_numpy(),
        second=second.map(place).to_numpy(),
        first_sign=first_sign.to_numpy(),
        second_sign=known["alternative_sign"].astype("Float64").fillna(first_sign).to_numpy(dtype=float),
    )


def codings(options: Options, *, draws: int = 4000, seed: int = 1970) -> np.ndarray:
    """
    List all codings, or sample them where there are too many.

    Parameters
    ----------
    options : Options
        From `coded_options`.
    draws, seed : int
        How many to sample, and the seed.

    Returns
    -------
    ndarray of bool
        Codings by options; true where the second reading is taken. With up to 14 contested options every
        coding once; else a uniform sample. The first row is the primary coding, the last the alternative one.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.ones(2), np.ones(2), np.array([0, 0]),
    ...               np.array([1, 0]), np.ones(2), np.ones(2))
    >>> codings(two).tolist()
    [[False, False], [True, False]]
    """
    contested = options.contested
    if len(contested) <= ENUMERATED:
        switches = (np.arange(2 ** len(contested))[:, None] >> np.arange(len(contested))) & 1
    else:
        switches = np.random.default_rng(seed).integers(0, 2, (max(draws, 2), len(contested)))
        switches[0], switches[-1] = 0, 1
    taken = np.zeros((len(switches), len(options.first)), dtype=bool)
    taken[:, contested] = switches.astype(bool)
    return taken


def support_draws(
    options: Options, taken: np.ndarray, *, measure: str = "choices", signed: bool = False
) -> pd.DataFrame:
    r"""
    Compute the support of every theory under every coding.

    Parameters
    ----------
    options : Options
        From `coded_options`.
    taken : ndarray of bool
        From `codings`.
    measure : {"choices", "questions", "endorsement"}
        Share of all choices; mean over questions of the share of choices within each; or mean share of the
        base that chose an option of the theory (NaN where a coding leaves the theory without options).
    signed : bool
        Count choices against a theory as negative and those without direction as nothing.

    Returns
    -------
    DataFrame
        One row per coding, one column per theory.

    Notes
    -----
    With :math:`n_o` answers to option :math:`o` and coding :math:`c`, the first measure is

    .. math:: A_t(c) = \sum_{o:\, c(o) = t} s_o n_o \Big/ \sum_o n_o .

    The base (asked or answered) cancels from the first two measures; it moves the level of the third.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.array([6.0, 4.0]), np.array([0.6, 0.4]),
    ...               np.array([0, 0]), np.array([0, 1]), np.ones(2), np.ones(2))
    >>> support_draws(two, codings(two)).to_numpy().tolist()
    [[1.0, 0.0], [0.6, 0.4]]
    """
    check_choice(measure, MEASURES, "measure")
    weight = _weights(options, measure)
    theory = np.where(taken, options.second, options.first)
    sign = np.where(taken, options.second_sign, options.first_sign) if signed else np.ones(taken.shape)
    columns = {}
    for position, name in enumerate(options.theories):
        own = theory == position
        total = np.where(own, sign * weight, 0.0).sum(axis=1)
        if measure == "endorsement":
            number = (own & (weight > 0)).sum(axis=1)
            total = np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0)
        columns[name] = total
    return pd.DataFrame(columns)


def _weights(options: Options, measure: str) -> np.ndarray:
    if measure == "endorsement":
        return np.asarray(np.nan_to_num(options.share, nan=0.0))
    if measure == "choices":
        return np.asarray(options.persons / options.persons.sum())
    totals = np.bincount(options.question, weights=options.persons)[options.question]
    asked = len(np.unique(options.question[totals > 0]))
    return np.asarray(np.divide(options.persons, totals * asked, out=np.zeros(len(totals)), where=totals > 0))


def support_bounds(options: Options, *, measure: str = "choices") -> pd.DataFrame:
    r"""
    Find the least and the most support that any coding can give each theory.

    Parameters
    ----------
    options : Options
        From `coded_options`.
    measure : {"choices", "questions"}
        As in `support_draws`.

    Returns
    -------
    DataFrame
        ``theory``, ``least`` (only options that speak for it under both readings) and ``most`` (every option
        that speaks for it under one): sharp, since one coding attains each.

    Raises
    ------
    TheoryError
        For the measure ``"endorsement"``, an average that has no such simple bounds.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.array([6.0, 4.0]), np.array([0.6, 0.4]),
    ...               np.array([0, 0]), np.array([0, 1]), np.ones(2), np.ones(2))
    >>> support_bounds(two).round(2).to_dict("list")
    {'theory': ['A', 'B'], 'least': [0.6, 0.0], 'most': [1.0, 0.4]}
    """
    check_choice(measure, MEASURES[:2], "measure")
    weight = _weights(options, measure)
    rows = []
    for position, theory in enumerate(options.theories):
        first, second = options.first == position, options.second == position
        least, most = weight[first & second].sum(), weight[first | second].sum()
        rows.append({"theory": theory, "least": float(least), "most": float(most)})
    return pd.DataFrame(rows)


def support_summary(drawn: pd.DataFrame, mass: float = 0.95) -> pd.DataFrame:
    """
    Summarise the support of each theory over codings.

    Parameters
    ----------
    drawn : DataFrame
        From `support_draws`, the primary coding first.
    mass : float
        Share of codings between the ends (0-1).

    Returns
    -------
    DataFrame
        ``theory``, ``primary`` (under the primary coding), ``median``, ``span`` (pair holding `mass` of the
        codings), ``ranks`` (pair: best and worst rank over all codings; ties share the better one) and
        ``first`` (share of codings in which the theory leads), by falling median.

    Examples
    --------
    >>> drawn = pd.DataFrame({"A": [0.6, 0.4, 0.7], "B": [0.4, 0.6, 0.3]})
    >>> support_summary(drawn)[["theory", "ranks"]].to_dict("records")
    [{'theory': 'A', 'ranks': (1, 2)}, {'theory': 'B', 'ranks': (1, 2)}]
    """
    if not 0 < mass < 1:
        raise TheoryError([f"The mass must lie between 0 and 1, not {mass:g}; give a share such as 0.95."])
    ends = drawn.quantile([(1 - mass) / 2, (1 + mass) / 2])
    ranks = drawn.fillna(-np.inf).rank(axis=1, ascending=False, method="min")
    rows = [
        {
            "theory": theory,
            "primary": float(drawn[theory].iloc[0]),
            "median": float(drawn[theory].median()),
            "span": (float(ends[theory].iloc[0]), float(ends[theory].iloc[1])),
            "ranks": (int(ranks[theory].min()), int(ranks[theory].max())),
            "first": float((ranks[theory] == 1).mean()),
        }
        for theory in drawn.columns
    ]
    return pd.DataFrame(rows).sort_values("median", ascending=False, kind="stable", ignore_index=True)
