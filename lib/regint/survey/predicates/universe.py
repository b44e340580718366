"""Every data set that could have printed a question's figures, as a box of counts with a bounded sum."""

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from regint.survey.admissible import Range, question_ranges, tightened, total_bounds
from regint.survey.published import Survey

Point = tuple[int, ...]


@dataclass(frozen=True)
class Universe:
    """
    The admissible data sets of one question under a stated base.

    Attributes
    ----------
    question : str
        Its identifier.
    responses : tuple of str
        Response identifiers in display order.
    scores : tuple of Fraction or None
        Scores of the responses.
    total : str
        closed, open or multiple.
    base : int
        Denominator of the shares.
    bounds : tuple of int or None
        Least and greatest sum of the counts.
    box : tuple of Range
        Admissible counts per response; exact together with `bounds`.
    """

    question: str
    responses: tuple[str, ...]
    scores: tuple[Fraction | None, ...]
    total: str
    base: int
    bounds: tuple[int, int] | None
    box: tuple[Range, ...]


def universe(
    survey: Survey,
    question: str,
    base: int,
    denominator: int,
    *,
    counts: dict[str, int] | None = None,
    rounding: str = "up_or_down",
) -> Universe | None:
    """
    Collect the data sets that could have printed a question.

    Parameters
    ----------
    survey : Survey
        A survey as read.
    question : str
        Identifier of the question.
    base : int
        The base that the printed figures refer to.
    denominator : int
        The base that shares are to be taken of.
    counts : dict, optional
        Counts by response that are to be taken as known, in place of the figures.
    rounding : str
        Rounding rule of the figures.

    Returns
    -------
    Universe or None
        None if no data set can have printed the figures, or none has room on the denominator.

    Examples
    --------
    >>> from regint.survey.published import read_survey
    >>> survey = read_survey("data/survey/astana_2025")
    >>> universe(survey, "infrastructure", 50, 30).box[2]
    Range(least=20, most=20)
    >>> universe(survey, "external_platforms", 30, 30) is None
    True
    """
    rows = survey.responses[survey.responses["question"] == question]
    total = str(survey.questions.loc[question, "total"])
    known = counts or {}
    if known:
        rows = rows.assign(count=[known.get(name, pd.NA) for name in rows["response"]])
    ranges = question_ranges(rows, base, total, rounding)
    bounds = total_bounds(base, total)
    if ranges is None:
        return None
    # Nobody can be counted who is not in the denominator.
    ranges = [Range(r.least, min(r.most, denominator)) for r in ranges]
    bounds = bounds and (bounds[0], min(bounds[1], denominator))
    if any(r.least > r.most for r in ranges) or (bounds and bounds[0] > bounds[1]):
        return None
    box = tightened(ranges, bounds)
    if box is None:
        return None
    return Universe(
        question=question,
        responses=tuple(rows["response"]),
        scores=tuple(None if pd.isna(s) else Fraction(str(s)) for s in rows["score"]),
        total=total,
        base=denominator,
        bounds=bounds,
        box=tuple(box),
    )


def corners(box: tuple[Range, ...], bounds: tuple[int, int] | None) -> list[Point]:
    """
    Pick a few data sets of a tightened box: as few answers as possible, as many, and filled from either end.

    Parameters
    ----------
    box : tuple of Range
        Admissible counts per response.
    bounds : tuple of int or None
        Bounds of their sum.

    Returns
    -------
    list of tuple of int
        Admissible points, at least one.

    Examples
    --------
    >>> corners((Range(0, 5), Range(0, 5)), (5, 5))
    [(5, 0), (0, 5)]
    """
    low = tuple(r.least for r in box)
    if bounds is None:
        return list(dict.fromkeys([low, tuple(r.most for r in box)]))
    points = []
    for target in dict.fromkeys((max(bounds[0], sum(low)), min(bounds[1], sum(r.most for r in box)))):
        for order in (range(len(box)), range(len(box) - 1, -1, -1)):
            points.append(_filled(box, low, order, target))
    return list(dict.fromkeys(points))


def _filled(box: tuple[Range, ...], low: Point, order: range, target: int) -> Point:
    point, room = list(low), target - sum(low)
    for index in order:
        step = min(room, box[index].most - box[index].least)
        point[index] += step
        room -= step
    return tuple(point)
