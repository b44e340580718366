"""The uncertainty that a sampling design leaves: strata, clusters and weights.

All of it follows from the totals of weights in the cells of a table (answers, by groups of people) and from
the covariance of these totals under the design: Taylor linearisation over the primary sampling units, drawn
with replacement unless the size of the population is stated, or the spread of the totals that each column of
replicate weights gives, as in R's survey package, whose values decide. Where weights alone are stated, sums
of weights and of their squares suffice, and nobody need be held.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse, stats
from textfiles.problems import Problem

from surveyfile.columns import SILENT, Column

Members = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

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

    `population` is for each respondent how many primary units his stratum has; `replicates` are a column of
    weights for each replicate, and what their squared deviations are multiplied by.
    """

    weights: Numbers
    strata: Column | None = None
    clusters: Column | None = None
    population: Numbers | None = None
    lonely: str = "fail"
    replicates: tuple[Numbers, Numbers] | None = None

    @cached_property
    def units(self) -> tuple[Places, Places, Places, Numbers]:
        """Give each respondent's primary unit; each unit's stratum; how many that has, drawn and in all."""
        strata = np.zeros(len(self.weights), np.int64) if self.strata is None else self.strata.codes
        units = np.arange(len(strata)) if self.clusters is None else self.clusters.codes
        width = int(units.max(initial=0)) + 1
        pairs, unit = np.unique(strata.astype(np.int64) * width + units, return_inverse=True)
        stratum = pairs // width
        sizes = np.full(len(stratum), np.inf)
        if self.population is not None:
            sizes[unit] = self.population
        return unit, stratum, np.bincount(stratum)[stratum], sizes

    def covariance(self, sums: Any) -> Numbers:
        """Covariance of totals that are the sums over primary units, which stand in rows."""
        _, stratum, sisters, sizes = self.units
        lacking = 1 - sisters / sizes  # what part of its stratum was not drawn
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

    def degrees(self, inside: Members) -> int:
        """Degrees of freedom of the errors that some respondents have."""
        if self.replicates:
            weights = self.replicates[0][inside]
            values = np.linalg.eigvalsh(weights.T @ weights)
            return int((values > 1e-10 * values.max(initial=0)).sum()) - 1
        unit, stratum, *_ = self.units
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
    unit, stratum, sisters, sizes = design.units
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
    weights, `replicas` are the cells by each of them, with the factors of these.
    """

    cells: Numbers
    covariance: Numbers
    degrees: tuple[int, ...]
    replicas: tuple[Numbers, Numbers] | None = None

    def covariance_of(self, statistic: Callable[[Numbers], Numbers], slopes: Numbers) -> Numbers:
        """Covariance of a statistic of the cells, from its slopes or from what each replicate makes of it."""
        if self.replicas is None:
            return slopes @ self.covariance @ slopes.T
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.array([statistic(cells) for cells in self.replicas[0]])
            apart = np.nan_to_num(found - statistic(self.cells))
        return (apart.T * self.replicas[1]) @ apart

    def covariance_of_shares(self) -> Numbers:
        """Covariance of the shares of the answers in each group, row by row as the cells."""
        rows, columns = self.cells.shape
        answered = self.cells.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = self.cells / answered
            within = (np.eye(rows)[:, None, :] - shares[:, :, None]) / answered[None, :, None]
        slopes = np.einsum("acb,cd->acbd", np.nan_to_num(within), np.eye(columns))  # none between groups
        slopes = slopes.reshape(rows * columns, -1)
        return self.covariance_of(lambda cells: (cells / cells.sum(axis=0)).ravel(), slopes)


def totals_of_respondents(
    design: Design, answers: Sequence[Members], answered: Members, group: Places
) -> Totals:
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
    if design.replicates:
        replicas = np.array([totals(weights) for weights in design.replicates[0].T]), design.replicates[1]
        return Totals(totals(design.weights), np.empty((0, 0)), degrees, replicas)
    unit = design.units[0][counts]
    units = len(design.units[1])
    sums = sparse.coo_matrix((design.weights[counts], (unit, cell)), shape=(units, size))
    return Totals(totals(design.weights), design.covariance(sums), degrees)


def independence(totals: Totals) -> dict[str, float]:
    r"""Test whether answers and groups have to do with each other, by Pearson's statistic and the design.

    Nothing is told where one of the two does not vary.

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
        return {}
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
        return {}
    statistic = float(((table - expected) ** 2 / expected).sum()) / trace
    numerator = trace**2 / float(np.trace(delta @ delta))
    p = float(stats.f.sf(statistic, numerator, numerator * degrees))
    return {"statistic": statistic, "df": numerator, "df2": numerator * degrees, "p": p}
