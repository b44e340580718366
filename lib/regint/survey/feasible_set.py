"""Every set of counts the printed figures allow, and what a claim is worth in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pandas as pd

from regint.survey.claim_language import Expression, Operation, Quantity, quantities
from regint.survey.count_ranges import (
    SHARE_UNITS,
    CountInterval,
    Together,
    nets_together,
    question_ranges,
    tightened,
    total_bounds,
)
from regint.survey.table import Survey

Point = tuple[int, ...]


@dataclass(frozen=True)
class FeasibleSet:
    """The admissible data sets of one question under a stated base."""

    responses: tuple[str, ...]
    scores: tuple[Fraction | None, ...]
    base: int
    bounds: tuple[int, int] | None
    box: tuple[CountInterval, ...]
    nets: tuple[Together, ...] = ()

    def holds(self, point: Point) -> bool:
        """Say whether the counts of a data set add up to the base, and to what its nets allow."""
        if self.bounds is not None and not self.bounds[0] <= sum(point) <= self.bounds[1]:
            return False
        return all(net.least <= sum(point[place] for place in net.places) <= net.most for net in self.nets)


@dataclass(frozen=True)
class Printed:
    """What is printed of a question: its row of questions.csv, with its nets, and those of its answers."""

    design: Mapping[Any, Any]
    rows: Sequence[Mapping[Any, Any]]


def printed_question(survey: Survey, question: str) -> Printed:
    """Take a question out of a survey."""
    rows = survey.responses[survey.responses["question"] == question]
    return Printed(survey.questions.loc[question].to_dict(), rows.to_dict("records"))


def feasible_set(
    printed: Printed,
    base: int,
    denominator: int,
    *,
    answered: int | None = None,
    counts: Mapping[str, int] | None = None,
    rounding: str = "up_or_down",
) -> FeasibleSet | None:
    """Collect the data sets that could have printed a question; None if there is none.

    `base` is what the printed figures refer to, `denominator` what shares are to be taken of, and `counts`
    are known already, in place of figures.
    """
    rows, total, printed_nets = printed.rows, printed.design["total"], printed.design.get("nets", ())
    if counts:
        rows = [{**row, "count": counts.get(row["response"], pd.NA)} for row in rows]
    responses = tuple(row["response"] for row in rows)
    ranges = question_ranges(rows, base, total, rounding, printed_nets)
    bounds = total_bounds(base, total)
    nets = nets_together(responses, printed_nets, base, total, rounding)
    if ranges is None or nets is None:
        return None
    # Nobody can be counted who is not in the denominator, or was silent.
    room = denominator if answered is None else min(denominator, answered)
    ranges = [CountInterval(r.least, min(r.most, room)) for r in ranges]
    bounds = bounds and (bounds[0], min(bounds[1], room))
    if any(r.least > r.most for r in ranges) or (bounds and bounds[0] > bounds[1]):
        return None
    box = tightened(ranges, bounds, nets)
    if box is None:
        return None
    scores = tuple(None if pd.isna(row["score"]) else Fraction(str(row["score"])) for row in rows)
    return FeasibleSet(responses, scores, denominator, bounds, tuple(box), tuple(nets))


def shares_allowed(printed: Printed, rounding: str = "up_or_down") -> FeasibleSet | None:
    """Collect the shares that could have printed a question, in `SHARE_UNITS`; None if none add up.

    Weighted shares are taken each by itself: weights can make the figures of a question miss their sum.
    """
    found = feasible_set(printed, SHARE_UNITS, SHARE_UNITS, rounding=rounding)
    if found is None and printed.design["weighted"]:
        alone = replace(printed, design={**printed.design, "total": "multiple"})
        found = feasible_set(alone, SHARE_UNITS, SHARE_UNITS, rounding=rounding)
    return found


def _corners(
    box: tuple[CountInterval, ...], bounds: tuple[int, int] | None, nets: Sequence[Together] = ()
) -> list[Point]:
    """Pick a few data sets of a tightened box: fewest and most answers, each filled from either end."""
    low, most = tuple(r.least for r in box), tuple(r.most for r in box)
    if bounds is None and not nets:
        return list(dict.fromkeys([low, most]))
    least, greatest = bounds or (0, sum(most))
    points = []
    for target in dict.fromkeys((max(least, sum(low)), min(greatest, sum(most)))):
        for order in (range(len(box)), range(len(box) - 1, -1, -1)):
            point = list(low)
            for net in nets:  # what a net needs at least comes first
                _fill(point, box, [i for i in order if i in net.places], net.least, nets, net.places)
            _fill(point, box, list(order), target, nets, tuple(range(len(box))))
            points.append(tuple(point))
    return list(dict.fromkeys(points))


def _fill(
    point: list[int],
    box: tuple[CountInterval, ...],
    order: list[int],
    target: int,
    nets: Sequence[Together],
    places: tuple[int, ...],
) -> None:
    """Raise the counts of a data set, one after another, until those at some places add up to a target."""
    room = target - sum(point[place] for place in places)
    for index in order:
        slack = [net.most - sum(point[i] for i in net.places) for net in nets if index in net.places]
        step = max(0, min([room, box[index].most - point[index], *slack]))
        point[index] += step
        room -= step


_Box = dict[str, tuple[CountInterval, ...]]
_Interval = tuple[Fraction, Fraction]
_FeasibleSets = Mapping[str, FeasibleSet]


def truth(claim: Expression, box: _Box, sets: _FeasibleSets) -> bool | None:
    """Say whether a claim holds throughout a box (True), nowhere (False), or cannot be told yet (None)."""
    if isinstance(claim, Quantity):
        return _leads(claim, box[claim.question], sets[claim.question])
    assert isinstance(claim, Operation)  # a number is neither true nor false, and no claim
    if claim.word == "not":
        inner = truth(claim.parts[0], box, sets)
        return None if inner is None else not inner
    if claim.word in ("and", "or"):
        # "and" is decided by one false part, "or" by one true part.
        deciding = claim.word == "or"
        values = [truth(part, box, sets) for part in claim.parts]
        if deciding in values:
            return deciding
        return None if None in values else not deciding
    left, right = (value(part, box, sets) for part in claim.parts)
    if left is None or right is None:
        return False  # a mean of nobody compares with nothing
    verdict = _relation(left, claim.word, right)
    return None if verdict and _may_lack_a_mean(claim, box, sets) else verdict


def _relation(left: _Interval, operator: str, right: _Interval) -> bool | None:
    (a, b), (c, d) = (right, left) if operator in (">", ">=") else (left, right)
    if operator in ("<", ">"):
        return True if b < c else False if a >= d else None
    if operator in ("<=", ">="):
        return True if b <= c else False if a > d else None
    equal = True if a == b == c == d else False if b < c or d < a else None
    return equal if operator == "==" or equal is None else not equal


def _may_lack_a_mean(claim: Operation, box: _Box, sets: _FeasibleSets) -> bool:
    """Say whether a box holds, beside others, a data set in which nobody gave a score that is averaged."""
    means = {leaf.question for leaf in quantities(claim) if leaf.function == "mean"}
    return any(
        all(r.least == 0 for r, s in zip(box[name], sets[name].scores, strict=True) if s is not None)
        for name in means
    )


def value(node: Expression, box: _Box, sets: _FeasibleSets) -> _Interval | None:
    """Bound a quantity on a box, exactly for shares, counts and ranks; None for the mean of nobody."""
    if isinstance(node, Fraction):
        return node, node
    if isinstance(node, Quantity):
        return _quantity(node, box[node.question], sets[node.question])
    left, right = (value(part, box, sets) for part in node.parts)
    if left is None or right is None:
        return None
    low, high = right if node.word == "+" else (-right[1], -right[0])
    return left[0] + low, left[1] + high


def _quantity(node: Quantity, ranges: tuple[CountInterval, ...], feasible: FeasibleSet) -> _Interval | None:
    base = Fraction(feasible.base)
    if node.function == "base":
        return base, base
    if node.function == "mean":
        return _mean(ranges, feasible)
    if node.function == "rank":
        return _rank(ranges, feasible.responses.index(node.selections[0][0]))
    if node.function == "unprinted":
        low, high = _counted(ranges, feasible, range(len(ranges)))
        return base - high, base - low
    low, high = _counted(ranges, feasible, selected(node, feasible))
    return (low / base, high / base) if node.function == "share" else (low, high)


def selected(node: Quantity, feasible: FeasibleSet) -> list[int]:
    """Give the places of the responses that a bound share or count selects."""
    names = feasible.responses
    places: set[int] = set()
    for first, last in node.selections:
        places.update(range(names.index(first), names.index(last) + 1))
    return sorted(places)


def _counted(
    ranges: tuple[CountInterval, ...], feasible: FeasibleSet, places: "list[int] | range"
) -> _Interval:
    low, high = sum(ranges[i].least for i in places), sum(ranges[i].most for i in places)
    chosen = set(places)
    for net in feasible.nets:
        if chosen.issuperset(net.places):
            rest = [ranges[i] for i in places if i not in net.places]
            low = max(low, net.least + sum(r.least for r in rest))
            high = min(high, net.most + sum(r.most for r in rest))
    if feasible.bounds is not None:
        others = [r for i, r in enumerate(ranges) if i not in chosen]
        low = max(low, feasible.bounds[0] - sum(r.most for r in others))
        high = min(high, feasible.bounds[1] - sum(r.least for r in others))
    return Fraction(low), Fraction(high)


def _rank(ranges: tuple[CountInterval, ...], place: int) -> _Interval:
    own = ranges[place]
    others = [r for i, r in enumerate(ranges) if i != place]
    ahead = sum(r.least > own.most for r in others)
    perhaps = sum(r.most > own.least for r in others)
    return Fraction(1 + ahead), Fraction(1 + perhaps)


def _mean(ranges: tuple[CountInterval, ...], feasible: FeasibleSet) -> _Interval | None:
    scored = [(r, s) for r, s in zip(ranges, feasible.scores, strict=True) if s is not None and r.most > 0]
    if not scored:
        return None
    if all(r.least == r.most for r, _ in scored):
        exact = Fraction(sum(r.least * s for r, s in scored)) / sum(r.least for r, _ in scored)
        return exact, exact
    return _extreme_mean(scored, -1), _extreme_mean(scored, 1)


def _extreme_mean(scored: list[tuple[CountInterval, Fraction]], sign: int) -> Fraction:
    """Give the least (-1) or greatest (1) mean of the scores: all beyond some point at their most."""
    ordered = sorted(scored, key=lambda pair: -sign * pair[1])
    people = sum(r.least for r, _ in ordered)
    total = sum((r.least * s for r, s in ordered), Fraction(0))
    means = [total / people] if people else []
    for (least, most), score in ordered:
        people, total = people + most - least, total + (most - least) * score
        means.append(total / people)
    return max(means) if sign > 0 else min(means)


def _leads(claim: Quantity, ranges: tuple[CountInterval, ...], feasible: FeasibleSet) -> bool | None:
    place = feasible.responses.index(claim.selections[0][0])
    sign = 1 if claim.function == "largest" else -1
    ends = [(r.least, r.most) if sign > 0 else (-r.most, -r.least) for r in ranges]
    low, high = ends[place]
    others = [end for i, end in enumerate(ends) if i != place]
    if all(low > most for _, most in others):
        return True
    return False if any(high <= least for least, _ in others) else None


# Counts looked at in one search: some seconds, whatever a claim says and however long the question is.
_MOST_WORK = 1_000_000
_DataSet = dict[str, Point]


@dataclass(frozen=True)
class _Search:
    """What a search through all admissible data sets found."""

    witness: _DataSet | None
    counterexample: _DataSet | None
    complete: bool


def search(claim: Expression, sets: _FeasibleSets, most_work: int = _MOST_WORK) -> _Search:
    """Look for a data set in which a claim holds and one in which it fails, as far as `most_work` goes."""
    found: dict[bool, _DataSet] = {}
    netted = [(name, place) for name, one in sets.items() if one.nets for place in range(len(one.box))]
    free = sorted({*relevant(claim, sets), *netted})
    waiting: list[_Box] = [{name: u.box for name, u in sets.items()}]
    # What it takes to judge the claim once: a mean is a sum of fractions, all else a sum of whole numbers.
    leaves = quantities(claim)
    means = [leaf for leaf in leaves if leaf.function == "mean"]
    once = sum(len(sets[leaf.question].box) for leaf in (*leaves, *(20 * means)))
    whole = sum(len(one.box) for one in sets.values())
    work = 0
    while waiting and len(found) < 2 and work < most_work:
        box = waiting.pop()
        verdict = truth(claim, box, sets)
        samples = _samples(box, sets)
        work += once * (1 + len(samples)) + 8 * whole
        for data in samples if verdict is None else samples[:1]:
            value = verdict if verdict is not None else truth(claim, _as_box(data), sets)
            if value is not None:
                found.setdefault(value, data)
        if (verdict is None or (verdict not in found and not samples)) and len(found) < 2:
            waiting.extend(_halves(box, sets, free))
    return _Search(found.get(True), found.get(False), len(found) == 2 or not waiting)


def _samples(box: _Box, sets: _FeasibleSets) -> list[_DataSet]:
    """Pick a few data sets of a box; none may be found where nets leave little room, or none at all."""
    per_question = {
        name: [
            point for point in _corners(ranges, sets[name].bounds, sets[name].nets) if sets[name].holds(point)
        ]
        for name, ranges in box.items()
    }
    if not all(per_question.values()):
        return []
    most = max(len(points) for points in per_question.values())
    return [{name: points[i % len(points)] for name, points in per_question.items()} for i in range(most)]


def _as_box(data: _DataSet) -> _Box:
    return {name: tuple(CountInterval(k, k) for k in point) for name, point in data.items()}


def relevant(claim: Expression, sets: _FeasibleSets) -> list[tuple[str, int]]:
    """List the counts that decide a claim; all others may stay open."""
    places: set[tuple[str, int]] = set()
    for leaf in quantities(claim):
        feasible = sets[leaf.question]
        if leaf.function in ("share", "count"):
            places.update((leaf.question, place) for place in selected(leaf, feasible))
        elif leaf.function != "base":
            places.update((leaf.question, place) for place in range(len(feasible.box)))
    return sorted(places)


def _halves(box: _Box, sets: _FeasibleSets, free: list[tuple[str, int]]) -> list[_Box]:
    name, place = max(free, key=lambda at: box[at[0]][at[1]].most - box[at[0]][at[1]].least)
    low, high = box[name][place]
    if low == high:
        return []
    middle = (low + high) // 2
    halves = []
    for part in (CountInterval(middle + 1, high), CountInterval(low, middle)):
        ranges = (*box[name][:place], part, *box[name][place + 1 :])
        narrowed = tightened(ranges, sets[name].bounds, sets[name].nets)
        if narrowed is not None:
            halves.append({**box, name: tuple(narrowed)})
    return halves
