"""The syntax tree of a claim: what a predicate says, before any name is looked up."""

from dataclasses import dataclass
from fractions import Fraction


class ClaimError(ValueError):
    """A predicate that the claims language cannot read; the message says where and how to repair it."""


@dataclass(frozen=True)
class Number:
    """A number, exact."""

    value: Fraction


@dataclass(frozen=True)
class Quantity:
    """A share, count, rank, base, unprinted rest or mean; ``selections`` are (first, last) pairs of names."""

    function: str
    question: str
    selections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Leader:
    """The one response with most (or fewest) answers, compared with a response."""

    function: str
    question: str
    response: str


@dataclass(frozen=True)
class Sum:
    """Two values added or subtracted."""

    left: "Value"
    sign: int
    right: "Value"


@dataclass(frozen=True)
class Comparison:
    """Two values compared."""

    left: "Value"
    operator: str
    right: "Value"


@dataclass(frozen=True)
class Not:
    """A claim denied."""

    claim: "Claim"


@dataclass(frozen=True)
class Junction:
    """Claims joined by ``and`` or ``or``."""

    word: str
    claims: tuple["Claim", ...]


Value = Number | Quantity | Sum
Claim = Comparison | Leader | Not | Junction
Node = Value | Claim


def quantities(node: Node) -> list[Quantity | Leader]:
    """
    List what a tree asks about, in order.

    Parameters
    ----------
    node : Claim or Value
        A syntax tree.

    Returns
    -------
    list of Quantity and Leader
        The leaves that name a question.

    Examples
    --------
    >>> tree = Comparison(Quantity("base", "a"), ">", Number(Fraction(50)))
    >>> [leaf.question for leaf in quantities(tree)]
    ['a']
    """
    if isinstance(node, Quantity | Leader):
        return [node]
    if isinstance(node, Sum | Comparison):
        return quantities(node.left) + quantities(node.right)
    if isinstance(node, Not):
        return quantities(node.claim)
    if isinstance(node, Junction):
        return [leaf for claim in node.claims for leaf in quantities(claim)]
    return []
