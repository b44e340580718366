"""
Search all admissible data sets for one that satisfies a claim and one that does not.

A claim is true, false or not yet known on a box of data sets; where it is not known the box is halved, until
both are found or nothing is left. No data set is overlooked, yet few are listed.
"""

from dataclasses import dataclass

from regint.survey.admissible import Range, tightened
from regint.survey.predicates.evaluation import Box, Universes, selected, truth
from regint.survey.predicates.predicate import Claim, Quantity, quantities
from regint.survey.predicates.universe import Point, corners

MOST_BOXES = 20_000
DataSet = dict[str, Point]


@dataclass(frozen=True)
class Search:
    """
    What a search through all admissible data sets found.

    Attributes
    ----------
    witness : dict or None
        Counts by question under which the claim holds.
    counterexample : dict or None
        Counts by question under which it fails.
    complete : bool
        Whether nothing was left unexamined that could change the verdict.
    """

    witness: DataSet | None
    counterexample: DataSet | None
    complete: bool


def search(claim: Claim, universes: Universes, most_boxes: int = MOST_BOXES) -> Search:
    """
    Look for a data set in which a claim holds and for one in which it fails.

    Parameters
    ----------
    claim : Claim
        A bound syntax tree.
    universes : mapping
        The admissible data sets of each question it names.
    most_boxes : int
        Work limit; beyond it the search says that it is incomplete.

    Returns
    -------
    Search
        Witness, counter-example, completeness.

    Notes
    -----
    Depth-first branch and bound. A box on which the claim is true (false) throughout is settled by one of
    its points; the exact projection of the sum constraint (`tightened`) keeps every box non-empty.

    Examples
    --------
    >>> from regint.survey.predicates.grammar import parse
    >>> from regint.survey.predicates.universe import Universe
    >>> universe = Universe("q", ("a",), (None,), "open", 30, (0, 30), (Range(15, 16),))
    >>> search(parse("share(q, a) > 1/2"), {"q": universe}).witness
    {'q': (16,)}
    """
    found: dict[bool, DataSet] = {}
    free = relevant(claim, universes)
    waiting: list[Box] = [{name: u.box for name, u in universes.items()}]
    examined = 0
    while waiting and len(found) < 2 and examined < most_boxes:
        box = waiting.pop()
        examined += 1
        verdict = truth(claim, box, universes)
        for data in _samples(box, universes) if verdict is None else _samples(box, universes)[:1]:
            value = verdict if verdict is not None else truth(claim, _as_box(data), universes)
            if value is not None:
                found.setdefault(value, data)
        if verdict is None and len(found) < 2:
            waiting.extend(_halves(box, universes, free))
    return Search(found.get(True), found.get(False), len(found) == 2 or not waiting)


def _samples(box: Box, universes: Universes) -> list[DataSet]:
    per_question = {name: corners(ranges, universes[name].bounds) for name, ranges in box.items()}
    most = max(len(points) for points in per_question.values())
    return [{name: points[i % len(points)] for name, points in per_question.items()} for i in range(most)]


def _as_box(data: DataSet) -> Box:
    return {name: tuple(Range(k, k) for k in point) for name, point in data.items()}


def relevant(claim: Claim, universes: Universes) -> list[tuple[str, int]]:
    """
    List the counts that decide a claim; all others may stay open.

    Parameters
    ----------
    claim : Claim
        A bound syntax tree.
    universes : mapping
        The questions.

    Returns
    -------
    list of tuple
        Question and place of each such count.

    Examples
    --------
    >>> from regint.survey.predicates.grammar import parse
    >>> from regint.survey.predicates.universe import Universe
    >>> box = (Range(15, 16), Range(0, 9))
    >>> universe = Universe("q", ("a", "b"), (None, None), "open", 30, (0, 30), box)
    >>> relevant(parse("share(q, b) > 1/2"), {"q": universe})
    [('q', 1)]
    """
    places: set[tuple[str, int]] = set()
    for leaf in quantities(claim):
        universe = universes[leaf.question]
        if isinstance(leaf, Quantity) and leaf.function in ("share", "count"):
            places.update((leaf.question, place) for place in selected(leaf, universe))
        elif leaf.function != "base":
            places.update((leaf.question, place) for place in range(len(universe.box)))
    return sorted(places)


def _halves(box: Box, universes: Universes, free: list[tuple[str, int]]) -> list[Box]:
    name, place = max(free, key=lambda at: box[at[0]][at[1]].most - box[at[0]][at[1]].least)
    low, high = box[name][place]
    middle = (low + high) // 2
    halves = []
    for part in (Range(middle + 1, high), Range(low, middle)):
        ranges = (*box[name][:place], part, *box[name][place + 1 :])
        narrowed = tightened(ranges, universes[name].bounds)
        if narrowed is not None:
            halves.append({**box, name: tuple(narrowed)})
    return halves
