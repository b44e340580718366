"""Truth of a claim over whole boxes of data sets at once, by interval arithmetic in exact fractions."""

from collections.abc import Mapping
from fractions import Fraction

from regint.survey.admissible import Range
from regint.survey.predicates.predicate import (
    Claim,
    Comparison,
    Junction,
    Leader,
    Not,
    Number,
    Quantity,
    Sum,
    Value,
    quantities,
)
from regint.survey.predicates.universe import Universe

Box = dict[str, tuple[Range, ...]]
Interval = tuple[Fraction, Fraction]
Universes = Mapping[str, Universe]


def truth(claim: Claim, box: Box, universes: Universes) -> bool | None:
    """
    Say whether a claim holds throughout a box (True), nowhere in it (False), or cannot be told yet (None).

    Parameters
    ----------
    claim : Claim
        A bound syntax tree.
    box : dict
        Ranges of the counts by question.
    universes : mapping
        The questions.

    Returns
    -------
    bool or None
        Exact on a single data set; on a larger box None may mean either.

    Examples
    --------
    >>> universe = Universe("q", ("a",), (None,), "open", 30, (0, 30), (Range(15, 16),))
    >>> claim = Comparison(Quantity("count", "q", (("a", "a"),)), ">=", Number(Fraction(15)))
    >>> truth(claim, {"q": universe.box}, {"q": universe})
    True
    """
    if isinstance(claim, Not):
        inner = truth(claim.claim, box, universes)
        return None if inner is None else not inner
    if isinstance(claim, Junction):
        # "and" is decided by one false part, "or" by one true part.
        deciding = claim.word == "or"
        values = [truth(part, box, universes) for part in claim.claims]
        if deciding in values:
            return deciding
        return None if None in values else not deciding
    if isinstance(claim, Leader):
        return _leads(claim, box[claim.question], universes[claim.question])
    return _compare(claim, box, universes)


def _compare(claim: Comparison, box: Box, universes: Universes) -> bool | None:
    left, right = value(claim.left, box, universes), value(claim.right, box, universes)
    if left is None or right is None:
        return False  # a mean of nobody compares with nothing
    verdict = _relation(left, claim.operator, right)
    return None if verdict and _may_lack_a_mean(claim, box, universes) else verdict


def _relation(left: Interval, operator: str, right: Interval) -> bool | None:
    (a, b), (c, d) = (right, left) if operator in (">", ">=") else (left, right)
    if operator in ("<", ">"):
        return True if b < c else False if a >= d else None
    if operator in ("<=", ">="):
        return True if b <= c else False if a > d else None
    equal = True if a == b == c == d else False if b < c or d < a else None
    return equal if operator == "==" or equal is None else not equal


def _may_lack_a_mean(claim: Comparison, box: Box, universes: Universes) -> bool:
    """Say whether a box holds, beside others, a data set in which nobody gave a score that is averaged."""
    means = {leaf.question for leaf in quantities(claim) if leaf.function == "mean"}
    return any(
        all(r.least == 0 for r, s in zip(box[name], universes[name].scores, strict=True) if s is not None)
        for name in means
    )


def value(node: Value, box: Box, universes: Universes) -> Interval | None:
    """
    Bound a quantity on a box.

    Parameters
    ----------
    node : Value
        A number, quantity or sum.
    box : dict
        Ranges of the counts by question.
    universes : mapping
        The questions.

    Returns
    -------
    tuple of Fraction or None
        Lower and upper bound, exact for shares, counts and ranks; None for the mean of nobody.

    Examples
    --------
    >>> box = (Range(10, 20), Range(10, 20))
    >>> universe = Universe("q", ("a", "b"), (None, None), "closed", 30, (30, 30), box)
    >>> value(Quantity("share", "q", (("a", "b"),)), {"q": universe.box}, {"q": universe})
    (Fraction(1, 1), Fraction(1, 1))
    """
    if isinstance(node, Number):
        return node.value, node.value
    if isinstance(node, Sum):
        left, right = value(node.left, box, universes), value(node.right, box, universes)
        if left is None or right is None:
            return None
        low, high = right if node.sign > 0 else (-right[1], -right[0])
        return left[0] + low, left[1] + high
    return _quantity(node, box[node.question], universes[node.question])


def _quantity(node: Quantity, ranges: tuple[Range, ...], universe: Universe) -> Interval | None:
    base = Fraction(universe.base)
    if node.function == "base":
        return base, base
    if node.function == "mean":
        return _mean(ranges, universe)
    if node.function == "rank":
        return _rank(ranges, universe.responses.index(node.selections[0][0]))
    if node.function == "unprinted":
        low, high = _counted(ranges, universe, range(len(ranges)))
        return base - high, base - low
    low, high = _counted(ranges, universe, selected(node, universe))
    return (low / base, high / base) if node.function == "share" else (low, high)


def selected(node: Quantity, universe: Universe) -> list[int]:
    """
    Give the places of the responses that a bound share or count selects.

    Parameters
    ----------
    node : Quantity
        With response names as selections.
    universe : Universe
        The question.

    Returns
    -------
    list of int
        Places in display order, each once.

    Examples
    --------
    >>> universe = Universe("q", ("a", "b", "c"), (None,) * 3, "open", 9, (0, 9), (Range(0, 9),) * 3)
    >>> selected(Quantity("share", "q", (("b", "c"), ("c", "c"))), universe)
    [1, 2]
    """
    names = universe.responses
    places: set[int] = set()
    for first, last in node.selections:
        places.update(range(names.index(first), names.index(last) + 1))
    return sorted(places)


def _counted(ranges: tuple[Range, ...], universe: Universe, places: "list[int] | range") -> Interval:
    low, high = sum(ranges[i].least for i in places), sum(ranges[i].most for i in places)
    if universe.bounds is not None:
        others = [r for i, r in enumerate(ranges) if i not in places]
        low = max(low, universe.bounds[0] - sum(r.most for r in others))
        high = min(high, universe.bounds[1] - sum(r.least for r in others))
    return Fraction(low), Fraction(high)


def _rank(ranges: tuple[Range, ...], place: int) -> Interval:
    own = ranges[place]
    others = [r for i, r in enumerate(ranges) if i != place]
    ahead = sum(r.least > own.most for r in others)
    perhaps = sum(r.most > own.least for r in others)
    return Fraction(1 + ahead), Fraction(1 + perhaps)


def _mean(ranges: tuple[Range, ...], universe: Universe) -> Interval | None:
    scored = [(r, s) for r, s in zip(ranges, universe.scores, strict=True) if s is not None and r.most > 0]
    if not scored:
        return None
    if all(r.least == r.most for r, _ in scored):
        exact = Fraction(sum(r.least * s for r, s in scored)) / sum(r.least for r, _ in scored)
        return exact, exact
    scores = [s for _, s in scored]
    return min(scores), max(scores)


def _leads(claim: Leader, ranges: tuple[Range, ...], universe: Universe) -> bool | None:
    place = universe.responses.index(claim.response)
    sign = 1 if claim.function == "largest" else -1
    ends = [(r.least, r.most) if sign > 0 else (-r.most, -r.least) for r in ranges]
    low, high = ends[place]
    others = [end for i, end in enumerate(ends) if i != place]
    if all(low > most for _, most in others):
        return True
    return False if any(high <= least for least, _ in others) else None
