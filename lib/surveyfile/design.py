"""The uncertainty that a sampling design leaves: strata, clusters and weights.

All of it follows from the totals of weights in the cells of a table (answers, by groups of people) and from
the covariance of these totals under the design: Taylor linearisation over the primary sampling units, drawn
with replacement, as in R's survey package, whose values decide. Where weights alone are stated, sums of
weights and of their squares suffice, and nobody need be held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class Design:
    """Sampling design as the user states it."""

    weights: Numbers
    strata: Column | None = None
    clusters: Column | None = None

    @cached_property
    def units(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Give the primary sampling unit of each respondent, and of each unit its stratum and its sisters."""
        strata = np.zeros(len(self.weights), np.int64) if self.strata is None else self.strata.codes
        units = np.arange(len(strata)) if self.clusters is None else self.clusters.codes
        width = int(units.max(initial=0)) + 1
        pairs, unit = np.unique(strata.astype(np.int64) * width + units, return_inverse=True)
        stratum = pairs // width
        return unit, stratum, np.bincount(stratum)[stratum]


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
    lonely = np.flatnonzero(np.bincount(design.units[1]) == 1)
    what = "respondent" if design.clusters is None else "cluster"
    if lonely.size and design.strata is None:
        raise Problem(
            f"the design holds a single {what}, so no variance can be computed: leave out --cluster."
        )
    if lonely.size and design.strata is not None:
        raise Problem(
            f"strata column {design.strata.name!r}: "
            f"{design.strata.texts[lonely[0]]!r} holds a single {what}, "
            "so no variance can be computed: merge it with a neighbouring stratum."
        )


@dataclass(frozen=True)
class Totals:
    """Totals of weights in the cells of a table, their covariance, and the degrees of freedom.

    Cells stand in rows (answers) and columns (groups of people); in the last row those who answered
    otherwise. Degrees of freedom are those of each group, and at last of all.
    """

    cells: Numbers
    covariance: Numbers
    degrees: tuple[int, ...]

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
        flat = jacobian.reshape(rows * columns, -1)
        return shares, flat @ self.covariance @ flat.T


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
    unit, stratum, sisters = design.units
    width = int(group.max(initial=0)) + 1
    row = np.full(len(group), len(answers))
    for place, chose in enumerate(answers):
        row[chose] = place
    counts = answered & (group >= 0) & (design.weights > 0)
    cell = (row * width + group)[counts]
    size = (len(answers) + 1) * width
    sums = sparse.coo_matrix(
        (design.weights[counts], (unit[counts], cell)), shape=(len(stratum), size)
    ).tocsr()
    factor = sisters / np.maximum(sisters - 1, 1)
    spread = (sums.T @ sums.multiply(factor[:, None])).toarray()
    strata = sparse.coo_matrix((np.ones(len(stratum)), (stratum, np.arange(len(stratum)))))
    means = (strata.tocsr() @ sums).toarray()
    of_stratum = np.bincount(stratum)
    pull = 1 / np.maximum(of_stratum - 1, 1)
    covariance = spread - (means.T * pull) @ means
    degrees = []
    for inside in [*(counts & (group == place) for place in range(width)), counts]:
        there = np.unique(unit[inside])
        degrees.append(len(there) - len(np.unique(stratum[there])))
    cells = np.bincount(cell, weights=design.weights[counts], minlength=size).astype(float)
    return Totals(cells.reshape(-1, width), covariance, tuple(degrees))


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
    covariance = slopes @ totals.covariance[np.ix_(places, places)] @ slopes.T
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
