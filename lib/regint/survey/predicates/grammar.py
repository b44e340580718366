r"""
The claims language: a claim about printed figures as one readable line.

Grammar (spaces are free; keywords and names are lower case)::

    claim      = conjunction { "or" conjunction }
    conjunction= negation { "and" negation }
    negation   = "not" negation | comparison
    comparison = sum { ("<" | "<=" | "==" | "!=" | ">=" | ">") sum }
               | ("largest" | "smallest") "(" question ")" ("==" | "!=") response
    sum        = atom { ("+" | "-") atom }
    atom       = number | quantity | "(" claim ")"
    quantity   = ("share" | "count") "(" question "," selection { "," selection } ")"
               | "rank" "(" question "," response ")"
               | ("base" | "unprinted" | "mean") "(" question ")"
    selection  = response [ ".." response ] | score [ ".." score ]
    number     = digits [ "." digits ] [ "%" ] | digits "/" digits

The text is cut into tokens and parsed by recursive descent; nothing is ever handed to Python to run.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from regint.survey.predicates.predicate import (
    Claim,
    ClaimError,
    Comparison,
    Junction,
    Leader,
    Node,
    Not,
    Number,
    Quantity,
    Sum,
    Value,
)

LONGEST = 2000
MOST_TOKENS = 400
DEEPEST = 30
COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")
LEADERS = ("largest", "smallest")
SELECTING = ("share", "count", "rank")
WHOLE = ("base", "unprinted", "mean")
_TOKEN = re.compile(
    r"\s*(?:(?P<word>[a-z0-9_]*[a-z_][a-z0-9_]*)"
    r"|(?P<number>[0-9]{1,15}(?:/[0-9]{1,15}|(?:\.[0-9]{1,15})?%?))"
    r"|(?P<mark>\.\.|<=|>=|==|!=|[<>(),+-]))"
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int


def parse(text: str) -> Claim:
    """
    Parse a predicate of the claims language.

    Parameters
    ----------
    text : str
        One line, at most 2000 characters.

    Returns
    -------
    Claim
        The syntax tree; names are not yet looked up.

    Raises
    ------
    ClaimError
        With the column of the first thing that does not fit.

    Examples
    --------
    >>> parse("share(prospects, 4..5) > 1/2").operator
    '>'
    >>> parse("share(prospects, 4..5)")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    regint.survey.predicates.predicate.ClaimError: The claim is a number, not a statement; compare it ...
    """
    if len(text) > LONGEST:
        raise ClaimError(f"The claim has {len(text)} characters; split it into claims of at most {LONGEST}.")
    parser = _Parser(text)
    tree = parser.disjunction()
    parser.finish()
    if isinstance(tree, Value):
        raise ClaimError("The claim is a number, not a statement; compare it with another one.")
    return tree


class _Parser:
    """Recursive descent over the tokens of one predicate."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.next = 0
        self.depth = 0

    def _tokens(self) -> list[_Token]:
        tokens, place = [], 0
        end = len(self.text.rstrip())
        while place < end:
            match = _TOKEN.match(self.text, place)
            if match is None or match.lastgroup is None:
                place += len(self.text[place:]) - len(self.text[place:].lstrip())
                raise ClaimError(
                    f"Column {place + 1} of the claim: {ascii(self.text[place])} does not belong to the "
                    "claims language; use lower-case names, numbers, comparisons, + and -."
                )
            tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            place = match.end()
        if len(tokens) > MOST_TOKENS:
            raise ClaimError(f"The claim has more than {MOST_TOKENS} words and marks; split it.")
        return [*tokens, _Token("end", "the end", end)]

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def take(self, *texts: str) -> bool:
        """Consume the next token if it is one of these marks or words."""
        if self.token.kind != "end" and self.token.text in texts:
            self.next += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong(f"{text!r}")

    def wrong(self, expected: str) -> ClaimError:
        found = self.token.text if self.token.kind == "end" else ascii(self.token.text)
        return ClaimError(f"Column {self.token.place + 1} of the claim: expected {expected}, found {found}.")

    def finish(self) -> None:
        if self.token.kind != "end":
            raise self.wrong("a comparison, 'and', 'or' or the end")

    def disjunction(self) -> Node:
        return self._joined("or", self._conjunction)

    def _conjunction(self) -> Node:
        return self._joined("and", self._negation)

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        place = self.token.place
        parts = [part()]
        while self.take(word):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        return Junction(word, tuple(self._claim(node, place) for node in parts))

    def _negation(self) -> Node:
        negations = 0
        while self.take("not"):
            negations += 1
        place = self.token.place
        node = self._comparison()
        if negations == 0:
            return node
        claim = self._claim(node, place)
        return Not(claim) if negations % 2 else claim

    def _claim(self, node: Node, place: int) -> Claim:
        if isinstance(node, Value):
            raise ClaimError(
                f"Column {place + 1} of the claim: a number stands where a comparison is needed."
            )
        return node

    def _comparison(self) -> Node:
        if self.token.text in LEADERS and self.tokens[self.next + 1].text == "(":
            return self._leader()
        place = self.token.place
        left = self._sum()
        parts: list[Claim] = []
        while self.token.text in COMPARISONS:
            operator = self.token.text
            self.next += 1
            right = self._sum()
            parts.append(Comparison(self._value(left, place), operator, self._value(right, place)))
            left = right
        if not parts:
            return left
        return parts[0] if len(parts) == 1 else Junction("and", tuple(parts))

    def _leader(self) -> Claim:
        function = self.token.text
        self.next += 1
        self.need("(")
        question = self._name("a question")
        self.need(")")
        equal = self.take("==")
        if not equal:
            self.need("!=")
        leader = Leader(function, question, self._name("a response"))
        return leader if equal else Not(leader)

    def _value(self, node: Node, place: int) -> Value:
        if not isinstance(node, Value):
            raise ClaimError(
                f"Column {place + 1} of the claim: a comparison stands where a number is needed."
            )
        return node

    def _sum(self) -> Node:
        place = self.token.place
        node = self._atom()
        while self.token.text in ("+", "-"):
            sign = 1 if self.token.text == "+" else -1
            self.next += 1
            node = Sum(self._value(node, place), sign, self._value(self._atom(), place))
        return node

    def _atom(self) -> Node:
        if self.take("("):
            self.depth += 1
            if self.depth > DEEPEST:
                raise ClaimError(f"The claim nests more than {DEEPEST} parentheses; simplify it.")
            node = self.disjunction()
            self.need(")")
            self.depth -= 1
            return node
        if self.token.kind == "number":
            return self._number()
        if self.token.text in (*SELECTING, *WHOLE):
            return self._quantity()
        raise self.wrong("a number or one of " + ", ".join((*SELECTING, *WHOLE, *LEADERS)))

    def _number(self) -> Number:
        text = self.token.text
        if "/" in text and int(text.partition("/")[2]) == 0:
            raise ClaimError(f"Column {self.token.place + 1} of the claim: {text} divides by zero.")
        self.next += 1
        return Number(Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1))

    def _quantity(self) -> Quantity:
        function = self.token.text
        self.next += 1
        self.need("(")
        question = self._name("a question")
        selections = []
        if function in SELECTING:
            self.need(",")
            selections.append(self._selection())
            while function != "rank" and self.take(","):
                selections.append(self._selection())
        self.need(")")
        return Quantity(function, question, tuple(selections))

    def _selection(self) -> tuple[str, str]:
        first = self._name("a response or a score", numbers=True)
        last = self._name("a response or a score", numbers=True) if self.take("..") else first
        return first, last

    def _name(self, what: str, numbers: bool = False) -> str:
        if self.token.kind not in (("word", "number") if numbers else ("word",)):
            raise self.wrong(what)
        self.next += 1
        return self.tokens[self.next - 1].text
