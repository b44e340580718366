"""The uncertainty that a sampling design leaves: strata, clusters and weights.

All of it follows from the totals of weights in the cells of a table (answers, by groups of people) and from
the covariance of these totals under the design: Taylor linearisation over the primary sampling units, drawn
with replacement unless the size of the population is stated, or the spread of the totals that each column of
replicate weights gives, as in R's survey package, whose values decide. Where weights alone are stated, sums
of weights and of their squares suffice, and nobody need be held.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse, stats
from textfiles.problems import Problem

from surveyfile.codebook import Item
from surveyfile.columns import SILENT, Column
from surveyfile.count import COUNTED, Question, meanings

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


LONELY = ("fail", "certainty", "adjust", "average")
"""What a stratum with a single primary unit adds to the variance: it is refused; nothing, for it was sure to
be drawn; its distance from the mean of all strata; as much as the others do on average."""

_RANGE = re.compile(r"(?P<stem>.*?)(?P<first>\d+)-(?P=stem)(?P<last>\d+)=(?P<method>.+)")


def replicate_columns(stated: str) -> tuple[list[str], list[float]]:
    r"""Read which columns hold replicate weights, and by what the squared deviation of each is multiplied.

    Methods are `jk1` ((R-1)/R for R replicates), `jk2` (1), `brr` (1/R), `fay0.5` (1/(R (1-0.5)^2)),
    `bootstrap` (1/(R-1)), `sdr` (4/R); or one factor for all columns, or, for `jkn`, one for each.

    Examples
    --------
    >>> replicate_columns("rep01-rep03=jk1")
    (['rep01', 'rep02', 'rep03'], [0.6666666666666666, 0.6666666666666666, 0.6666666666666666])
    """
    found = _RANGE.fullmatch(stated)
    first, last = (int(found["first"]), int(found["last"])) if found else (0, 0)
    number = last - first + 1
    if not found or not 2 <= number <= 1000:
        raise Problem(
            f"--replicates {stated!r} does not name at least two columns and a method: write, for columns "
            "rep1 to rep80, --replicates rep1-rep80=brr (or jk1, jk2, fay0.5, bootstrap, sdr, or factors)."
        )
    columns = [f"{found['stem']}{place:0{len(found['first'])}}" for place in range(first, last + 1)]
    method = found["method"].strip().lower()
    known = {"jk1": (number - 1) / number, "jk2": 1.0, "brr": 1 / number, "sdr": 4 / number}
    known["bootstrap"] = 1 / (number - 1)
    told = method.removeprefix("fay").split(",")
    try:
        factors = [known[method]] if method in known else [float(part) for part in told]
    except ValueError:
        factors = []
    if method.startswith("fay"):
        factors = [1 / (number * (1 - rho) ** 2) for rho in factors if rho < 1]
    if len(factors) not in (1, number) or not all(0 <= factor < np.inf for factor in factors):
        raise Problem(
            f"--replicates: {method!r} is no method: write jk1, jk2, brr, fay0.5, bootstrap, sdr, a factor, "
            f"or {number} factors parted by commas, as jkn needs them."
        )
    return columns, factors if len(factors) == number else factors * number


@dataclass(frozen=True)
class Design:
    """Sampling design as the user states it.

    `population` is for each respondent how many primary units his stratum has; `replicates` holds a column
    of weights for each replicate, `factors` what their squared deviations are multiplied by.
    """

    weights: Numbers
    strata: Column | None = None
    clusters: Column | None = None
    population: Numbers | None = None
    lonely: str = "fail"
    replicates: Numbers | None = None
    factors: Numbers | None = None

    @cached_property
    def units(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Give the primary sampling unit of each respondent, and of each unit its stratum and its sisters."""
        strata = np.zeros(len(self.weights), np.int64) if self.strata is None else self.strata.codes
        units = np.arange(len(strata)) if self.clusters is None else self.clusters.codes
        width = int(units.max(initial=0)) + 1
        pairs, unit = np.unique(strata.astype(np.int64) * width + units, return_inverse=True)
        stratum = pairs // width
        return unit, stratum, np.bincount(stratum)[stratum]

    def covariance(self, sums: Any) -> Numbers:
        """Covariance of totals that are the sums over primary units, which stand in rows."""
        unit, stratum, sisters = self.units
        lacking = np.ones(len(stratum))  # what part of its stratum was not drawn
        if self.population is not None:
            sizes = np.zeros(len(stratum))
            sizes[unit] = self.population
            lacking = 1 - sisters / sizes
        sums = sparse.csr_matrix(sums)
        scale = lacking / np.maximum(sisters - 1, 1)
        spread = (sums.T @ sums.multiply((scale * sisters)[:, None])).toarray()
        if self.lonely == "adjust":  # nothing is taken off the square of a lonely unit
            scale = np.where(sisters == 1, 0.0, scale)
        of_stratum = np.zeros(int(stratum.max(initial=-1)) + 1)
        of_stratum[stratum] = scale
        strata = sparse.coo_matrix((np.ones(len(stratum)), (stratum, np.arange(len(stratum)))))
        totals = (strata.tocsr() @ sums).toarray()
        covariance: Numbers = spread - (totals.T * of_stratum) @ totals
        if self.lonely == "average":
            silent = np.unique(stratum[(sisters == 1) & (lacking > 0)])
            covariance *= len(of_stratum) / max(1, len(of_stratum) - len(silent))
        return covariance

    def degrees(self, inside: Mask) -> int:
        """Degrees of freedom of the errors that some respondents have."""
        if self.replicates is not None:
            weights = self.replicates[inside]
            values = np.linalg.eigvalsh(weights.T @ weights)
            return int((values > 1e-10 * values.max(initial=0)).sum()) - 1
        unit, stratum, _ = self.units
        there = np.unique(unit[inside])
        return len(there) - len(np.unique(stratum[there]))


@dataclass(frozen=True)
class Precision:
    """Uncertainty of one weighted share, its interval to be made from them."""

    error: float
    degrees: int


def check_design(design: Design) -> None:
    """Refuse a design whose variance does not exist."""
    for role, column in (("strata", design.strata), ("cluster", design.clusters)):
        if column is not None and (column.codes == SILENT).any():
            first = int(np.flatnonzero(column.codes == SILENT)[0]) + 1
            raise Problem(
                f"{role} column {column.name!r} is empty for "
                f"respondent {first}: fill it or leave the row out."
            )
    unit, stratum, sisters = design.units
    lonely = np.flatnonzero(np.bincount(stratum) == 1)
    what = "respondent" if design.clusters is None else "cluster"
    if lonely.size and design.strata is None:
        raise Problem(
            f"the design holds a single {what}, so no variance can be computed: leave out --cluster."
        )
    if lonely.size and design.strata is not None and design.lonely == "fail":
        raise Problem(
            f"strata column {design.strata.name!r}: "
            f"{design.strata.texts[lonely[0]]!r} holds a single {what}, so no variance can be computed: "
            "merge it with a neighbouring stratum, or state --lonely certainty, adjust or average."
        )
    if design.population is not None:
        drawn = sisters[unit]
        sizes = np.zeros(len(sisters))
        sizes[unit] = design.population
        told = np.zeros(int(stratum.max(initial=-1)) + 1)
        told[stratum] = sizes
        wrong = np.flatnonzero((design.population != told[stratum[unit]]) | (design.population < drawn))
        if wrong.size:
            raise Problem(
                f"--population: for respondent {wrong[0] + 1} it is {design.population[wrong[0]]:,.10g}, of "
                f"which {drawn[wrong[0]]:,} {what}s are in the file: state how many {what}s there are in "
                "all, one number for each stratum and none smaller than the sample."
            )


@dataclass(frozen=True)
class Totals:
    """Totals of weights in the cells of a table, their covariance, and the degrees of freedom.

    Cells stand in rows (answers) and columns (groups of people); in the last row those who answered
    otherwise. Degrees of freedom are those of each group, and at last of all. Where there are replicate
    weights, `replicas` holds the cells by each of them.
    """

    cells: Numbers
    covariance: Numbers
    degrees: tuple[int, ...]
    replicas: Numbers | None = None
    factors: Numbers | None = None

    def covariance_of(self, statistic: Callable[[Numbers], Numbers], slopes: Numbers) -> Numbers:
        """Covariance of a statistic of the cells, from its slopes or from what each replicate makes of it."""
        if self.replicas is None or self.factors is None:
            return slopes @ self.covariance @ slopes.T
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.array([statistic(cells) for cells in self.replicas])
            apart = np.nan_to_num(found - statistic(self.cells))
        return (apart.T * self.factors) @ apart

    @property
    def shares(self) -> tuple[Numbers, Numbers]:
        """Shares of the answers in each group, and their covariance, row by row as the cells."""
        rows, columns = self.cells.shape
        answered = self.cells.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.where(answered > 0, self.cells / answered, np.nan)
            slopes = (np.eye(rows)[:, None, :] - shares[:, :, None]) / answered[None, :, None]
        jacobian = np.zeros((rows, columns, rows, columns))
        for column in range(columns):
            jacobian[:, column, :, column] = np.nan_to_num(slopes[:, column, :])
        slopes = jacobian.reshape(rows * columns, -1)
        return shares, self.covariance_of(lambda cells: (cells / cells.sum(axis=0)).ravel(), slopes)


def totals_of_sums(groups: Sequence[Question], place: int | None, rows: int) -> Totals:
    """Totals of weights by answer and group where weights alone are stated, or none.

    Parameters
    ----------
    groups : sequence of Question
        One question as each group of people answered it.
    place : int or None
        The answer that is told from all others; None for all answers of a choose-one question.
    rows : int
        Respondents in the file.
    """
    weights: list[list[float]] = []
    squares: list[list[float]] = []
    for question in groups:
        responses = question.responses if place is None else question.responses[place : place + 1]
        for one, total, of_each in (
            (weights, question.weight, [r.weighted_count for r in responses]),
            (squares, question.squared_weight, [r.squared_weight for r in responses]),
        ):  # where nobody has a weight, everybody weighs one
            own = [r.count if w is None else w for r, w in zip(responses, of_each, strict=True)]
            one.append([*own, max(0.0, (question.answered if total is None else total) - sum(own))])
    cells, spread = np.array(weights, dtype=float).T, np.array(squares, dtype=float).T.ravel()
    flat = cells.ravel()
    covariance = rows / (rows - 1) * (np.diag(spread) - np.outer(flat, flat) / rows)
    degrees = [question.weighing - 1 for question in groups]
    return Totals(cells, covariance, (*degrees, sum(q.weighing for q in groups) - 1))


def totals_of_respondents(design: Design, answers: Sequence[Mask], answered: Mask, group: Any) -> Totals:
    """Totals of weights by answer and group under a design.

    Parameters
    ----------
    design : Design
        Weights, strata and clusters of every respondent.
    answers : sequence of array
        Who gave each answer; nobody gave two.
    answered : array
        Who answered at all.
    group : array
        The group of each respondent, -1 for none.
    """
    width = int(group.max(initial=0)) + 1
    row = np.full(len(group), len(answers))
    for place, chose in enumerate(answers):
        row[chose] = place
    counts = answered & (group >= 0) & (design.weights > 0)
    cell = (row * width + group)[counts]
    size = (len(answers) + 1) * width

    def totals(weights: Numbers) -> Numbers:
        return np.bincount(cell, weights=weights[counts], minlength=size).astype(float).reshape(-1, width)

    degrees = (*(design.degrees(counts & (group == place)) for place in range(width)), design.degrees(counts))
    if design.replicates is not None:
        replicas = np.array([totals(weights) for weights in design.replicates.T])
        return Totals(totals(design.weights), np.empty((0, 0)), degrees, replicas, design.factors)
    unit = design.units[0][counts]
    units = len(design.units[1])
    sums = sparse.coo_matrix((design.weights[counts], (unit, cell)), shape=(units, size))
    return Totals(totals(design.weights), design.covariance(sums), degrees)


def membership(columns: Mapping[str, Column], group: Sequence[Item]) -> tuple[Mask, dict[str, Mask]]:
    """Who answered, and who chose each response of one question: a design needs every respondent."""
    answered = np.zeros(len(columns[group[0].column].codes), dtype=bool)
    chosen: dict[str, Mask] = {}
    for item in group:
        column = columns[item.column]
        meaning = meanings(column.texts, item)
        own = [meaning[text] for text in (*column.texts, None)]  # silence is at the last place
        answered |= np.array([one.recorded for one in own])[column.codes]
        for response in dict.fromkeys(code.response for code in item.codes if code.status in COUNTED):
            mask = np.array([response in one.responses for one in own])[column.codes]
            chosen[response] = chosen[response] | mask if response in chosen else mask
    return answered, chosen


@dataclass(frozen=True)
class Independence:
    """A test whether two variables have to do with each other."""

    statistic: float
    numerator: float
    denominator: float
    p: float


def independence(totals: Totals) -> Independence | None:
    r"""Test whether answers and groups have to do with each other, by Pearson's statistic and the design.

    Notes
    -----
    Rao and Scott's second-order correction with an F distribution, as `svychisq` in R's survey package has
    it: :math:`F = X^2 / \operatorname{tr}\Delta` with :math:`d_0 = (\operatorname{tr}\Delta)^2 /
    \operatorname{tr}\Delta^2` and :math:`d_0 \nu` degrees of freedom.

    References
    ----------
    Rao, J. N. K. and Scott, A. J. (1984). On chi-squared tests for multiway contingency tables. *Annals of
    Statistics* 12(1), 46-60. https://doi.org/10.1214/aos/1176346391
    """
    rows, columns = np.flatnonzero(totals.cells.any(axis=1)), np.flatnonzero(totals.cells.any(axis=0))
    degrees = totals.degrees[-1]
    if len(rows) < 2 or len(columns) < 2 or degrees < 1:
        return None
    places = (rows[:, None] * totals.cells.shape[1] + columns).ravel()
    cells = totals.cells.ravel()[places]
    whole = cells.sum()
    shares = cells / whole
    slopes = (np.eye(len(cells)) - shares[:, None]) / whole
    every = np.zeros((len(places), totals.cells.size))
    every[:, places] = slopes
    covariance = totals.covariance_of(lambda own: own.ravel()[places] / own.ravel()[places].sum(), every)
    rows_of, columns_of = np.eye(len(rows))[:, 1:], np.eye(len(columns))[:, 1:]
    ones = [np.ones((len(rows), 1)), np.ones((len(columns), 1))]
    main = np.hstack([np.ones((len(cells), 1)), np.kron(rows_of, ones[1]), np.kron(ones[0], columns_of)])
    inner = np.kron(rows_of, columns_of)
    contrasts = inner - main @ np.linalg.lstsq(main, inner, rcond=None)[0]
    weighed = contrasts * np.divide(1, shares, out=np.zeros_like(shares), where=shares > 0)[:, None]
    delta = np.linalg.solve(contrasts.T @ weighed, weighed.T @ covariance @ weighed)
    table = shares.reshape(len(rows), len(columns))
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    trace = float(np.trace(delta))
    if trace <= 0:
        return None
    statistic = float(((table - expected) ** 2 / expected).sum()) / trace
    numerator = trace**2 / float(np.trace(delta @ delta))
    p = float(stats.f.sf(statistic, numerator, numerator * degrees))
    return Independence(statistic, numerator, numerator * degrees, p)
