"""Weighted shares with the uncertainty of their sampling design: strata, clusters and weights.

The variances of strata and clusters come from the svy package (Taylor linearisation, validated against R's
survey package and checked here against it again), which needs every respondent and is loaded only for them.
Where weights alone are stated, the same variance follows from sums of weights and of their squares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit, stdtrit
from textfiles.problems import Problem

from surveyfile.codebook import Item
from surveyfile.columns import SILENT, Column
from surveyfile.count import COUNTED, Question, Response, meanings

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Design:
    """Sampling design as the user states it."""

    weights: npt.NDArray[np.float64]
    strata: Column | None = None
    clusters: Column | None = None


@dataclass(frozen=True)
class Precision:
    """Uncertainty of one weighted share."""

    error: float
    lower: float | None
    upper: float | None


def check_design(design: Design) -> None:
    """Refuse a design whose variance does not exist."""
    for role, column in (("strata", design.strata), ("cluster", design.clusters)):
        if column is not None and (column.codes == SILENT).any():
            first = int(np.flatnonzero(column.codes == SILENT)[0]) + 1
            raise Problem(
                f"{role} column {column.name!r} is empty for "
                f"respondent {first}: fill it or leave the row out."
            )
    strata = np.zeros(len(design.weights), dtype=np.int32) if design.strata is None else design.strata.codes
    units = np.arange(len(strata), dtype=np.int64) if design.clusters is None else design.clusters.codes
    pairs = np.unique(np.stack([strata.astype(np.int64), units.astype(np.int64)]), axis=1)
    sizes = np.bincount(pairs[0])
    lonely = np.flatnonzero(sizes == 1)
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


def precision(
    design: Design, columns: Mapping[str, Column], group: Sequence[Item], confidence: float = 0.95
) -> dict[str, Precision]:
    """Estimate standard errors and intervals of the weighted shares of one question."""
    answered, chosen = membership(columns, group)
    if not chosen or np.count_nonzero(answered & (design.weights > 0)) < 2:
        return {}
    if group[0].kind == "multiple":
        return {
            response: _exclusive(design, answered, {response: mask}, confidence)[response]
            for response, mask in chosen.items()
        }
    return _exclusive(design, answered, chosen, confidence)


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


def _exclusive(
    design: Design, answered: Mask, chosen: Mapping[str, Mask], confidence: float
) -> dict[str, Precision]:
    """Precision of all responses of a choose-one question in one pass of svy."""
    import polars
    import svy

    level = np.full(len(answered), len(chosen), dtype=np.int64)
    for number, mask in enumerate(chosen.values()):
        level[mask] = number
    data: dict[str, Any] = {"weight": design.weights, "level": level}
    statement: dict[str, Any] = {"wgt": "weight"}
    for name, role, column in (("stratum", "stratum", design.strata), ("cluster", "psu", design.clusters)):
        if column is not None:
            data[name], statement[role] = column.codes.astype(np.int32), name
    frame = polars.DataFrame(data).with_columns(
        level=polars.when(polars.Series(answered)).then(polars.col("level"))
    )
    sample = svy.Sample(data=frame, design=svy.Design(**statement))
    estimate: Any = sample.estimation.prop(y="level", drop_nulls=True, alpha=1 - confidence)
    by_level = {int(row["y_level"]): row for row in estimate.to_dicts()}
    return {response: _precision(by_level.get(number)) for number, response in enumerate(chosen)}


def _precision(row: Mapping[str, Any] | None) -> Precision:
    """One row of svy's estimates; a response nobody chose has no error and no interval."""
    if row is None:
        return Precision(0.0, None, None)
    open_share = 0.0 < row["est"] < 1.0 and row["se"] > 0
    return Precision(
        float(row["se"]), float(row["lci"]) if open_share else None, float(row["uci"]) if open_share else None
    )


def weighted_precision(question: Question, rows: int, confidence: float = 0.95) -> dict[str, Precision]:
    """Estimate standard errors and intervals of weighted shares from sums, where weights alone are stated."""
    if question.weighing < 2 or not question.weight:
        return {}
    quantile = float(stdtrit(question.weighing - 1, 0.5 + confidence / 2))
    return {
        response.response: _linearised(question, response, rows, quantile) for response in question.responses
    }


def _linearised(question: Question, response: Response, rows: int, quantile: float) -> Precision:
    """Precision of one weighted share from sums."""
    share, total = response.weighted_share or 0.0, question.weight or 1.0
    chose, all_squares = response.squared_weight or 0.0, question.squared_weight or 0.0
    spread = (1 - share) ** 2 * chose + share**2 * (all_squares - chose)
    error = float(np.sqrt(rows / (rows - 1) * max(spread, 0.0)) / total)
    if not 0.0 < share < 1.0 or error == 0.0:
        return Precision(0.0, None, None)
    half = quantile * error / (share * (1 - share))
    return Precision(error, float(expit(logit(share) - half)), float(expit(logit(share) + half)))
