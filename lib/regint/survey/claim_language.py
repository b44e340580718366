"""The language of claims: a sentence about shares, counts and means, parsed and bound to a survey."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

import pandas as pd
from textfiles.problems import Problem, nearest

COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")
_LEADERS = ("largest", "smallest")
_SELECTING = ("share", "count", "rank")
_WHOLE = ("base", "unprinted", "mean")
_LONGEST = 2000
_MOST_TOKENS = 400
_DEEPEST = 30


@dataclass(frozen=True)
class Quantity:
    """A share, count, rank, base, unprinted rest or mean; or the statement that a response leads.

    The ``selections`` are (first, last) pairs of names; of a leader, the response that is said to lead.
    """

    function: str
    question: str
    selections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Operation:
    """Values added, subtracted or compared, or statements joined or denied."""

    word: str
    parts: tuple["Expression", ...]


Expression = Fraction | Quantity | Operation


def parts_of(expression: Expression) -> Iterator[Expression]:
    """List an expression and everything in it, in the order in which it is written."""
    yield expression
    if isinstance(expression, Operation):
        for part in expression.parts:
            yield from parts_of(part)


def quantities(expression: Expression) -> list[Quantity]:
    """List what an expression asks about, in order."""
    return [part for part in parts_of(expression) if isinstance(part, Quantity)]


def _is_statement(expression: Expression) -> bool:
    """Say whether an expression is true or false, or else a number."""
    if isinstance(expression, Quantity):
        return expression.function in _LEADERS
    return isinstance(expression, Operation) and expression.word not in ("+", "-")


def parse(text: str) -> Expression:
    """Parse a predicate of the claims language."""
    if len(text) > _LONGEST:
        raise Problem(f"The claim has {len(text)} characters; split it into claims of at most {_LONGEST}.")
    parser = _Parser(text)
    claim = parser.disjunction()
    if parser.token.kind != "end":
        raise parser.wrong("a comparison, 'and', 'or' or the end")
    if not _is_statement(claim):
        raise Problem("The claim is a number, not a statement; compare it with another one.")
    return claim


_TOKEN = re.compile(
    r"\s*(?:(?P<word>[a-z0-9_]*[a-z_][a-z0-9_]*)"
    r"|(?P<number>[0-9]{1,15}(?:/[0-9]{1,15}|(?:\.[0-9]{1,15})?%?))"
    r"|(?P<mark>\.\.|<=|>=|==|!=|[<>(),+-]))"
)


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


def _tokens(text: str) -> list[_Token]:
    """Cut a predicate into words, numbers and marks, and an end."""
    tokens, place = [], 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            place += len(text[place:]) - len(text[place:].lstrip())
            raise Problem(
                f"Column {place + 1} of the claim: {ascii(text[place])} does not belong to the "
                "claims language; use lower-case names, numbers, comparisons, + and -."
            )
        tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        place = match.end()
    if len(tokens) > _MOST_TOKENS:
        raise Problem(f"The claim has more than {_MOST_TOKENS} words and marks; split it.")
    return [*tokens, _Token("end", "the end", end)]


class _Parser:
    """Recursive descent over the tokens of one predicate."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[0]

    def take(self, *texts: str) -> str:
        """Consume the next token, if it is one of these or none is named, and return its text."""
        return self.tokens.pop(0).text if not texts or self.token.text in texts else ""

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong(f"{text!r}")

    def wrong(self, expected: str) -> Problem:
        found = self.token.text if self.token.kind == "end" else ascii(self.token.text)
        return Problem(f"Column {self.token.place + 1} of the claim: expected {expected}, found {found}.")

    def disjunction(self) -> Expression:
        return self._joined("or", lambda: self._joined("and", self._negation))

    def _joined(self, word: str, part: Callable[[], Expression]) -> Expression:
        place = self.token.place
        parts = [part()]
        while self.take(word):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        return _operation(word, parts, place, statements=True)

    def _negation(self) -> Expression:
        if not self.take("not"):
            return self._comparison()
        place = self.token.place
        denied = self._negation()
        if isinstance(denied, Operation) and denied.word == "not":
            return denied.parts[0]
        return _operation("not", [denied], place, statements=True)

    def _comparison(self) -> Expression:
        if self.token.text in _LEADERS and self.tokens[1].text == "(":
            leader = self._quantity(self.take())
            denied = not self.take("==")
            if denied:
                self.need("!=")
            response = self._name("a response")
            leader = replace(leader, selections=((response, response),))
            return Operation("not", (leader,)) if denied else leader
        place = self.token.place
        left = self._sum()
        parts = []
        while operator := self.take(*COMPARISONS):
            right = self._sum()
            parts.append(_operation(operator, [left, right], place))
            left = right
        if len(parts) > 1:
            return Operation("and", tuple(parts))
        return parts[0] if parts else left

    def _sum(self) -> Expression:
        place = self.token.place
        value = self._atom()
        while sign := self.take("+", "-"):
            value = _operation(sign, [value, self._atom()], place)
        return value

    def _atom(self) -> Expression:
        if self.take("("):
            self.depth += 1
            if self.depth > _DEEPEST:
                raise Problem(f"The claim nests more than {_DEEPEST} parentheses; simplify it.")
            inner = self.disjunction()
            self.need(")")
            self.depth -= 1
            return inner
        if self.token.kind == "number":
            text = self.token.text
            if "/" in text and int(text.partition("/")[2]) == 0:
                raise Problem(f"Column {self.token.place + 1} of the claim: {text} divides by zero.")
            return Fraction(self.take().rstrip("%")) / (100 if text.endswith("%") else 1)
        if function := self.take(*_SELECTING, *_WHOLE):
            return self._quantity(function)
        raise self.wrong("a number or one of " + ", ".join((*_SELECTING, *_WHOLE, *_LEADERS)))

    def _quantity(self, function: str) -> Quantity:
        self.need("(")
        question = self._name("a question")
        selections = []
        if function in _SELECTING:
            self.need(",")
            selections.append(self._selection())
            while function != "rank" and self.take(","):
                selections.append(self._selection())
        self.need(")")
        return Quantity(function, question, tuple(selections))

    def _selection(self) -> tuple[str, str]:
        first = self._response_or_score()
        return first, self._response_or_score() if self.take("..") else first

    def _response_or_score(self) -> str:
        sign = self.take("-")
        if self.token.kind == "number":
            return sign + self.take()
        if sign:
            raise self.wrong("a score")
        return self._name("a response or a score")

    def _name(self, what: str) -> str:
        if self.token.kind != "word":
            raise self.wrong(what)
        return self.take()


def _operation(word: str, parts: list[Expression], place: int, statements: bool = False) -> Operation:
    """Join statements, or else numbers."""
    if any(_is_statement(part) != statements for part in parts):
        found, needed = ("a number", "a comparison") if statements else ("a comparison", "a number")
        raise Problem(f"Column {place + 1} of the claim: {found} stands where {needed} is needed.")
    return Operation(word, tuple(parts))


@dataclass(frozen=True)
class Names:
    """What a claim may name."""

    totals: dict[str, str]
    responses: dict[str, list[str]]
    scores: dict[str, dict[Fraction, str]]


def names_of(questions: pd.DataFrame, responses: pd.DataFrame) -> Names:
    """Collect the names of a survey."""
    named: dict[str, list[str]] = {}
    scores: dict[str, dict[Fraction, str]] = {}
    for question, response, score in responses[["question", "response", "score"]].itertuples(index=False):
        named.setdefault(str(question), []).append(response)
        own = scores.setdefault(str(question), {})
        if not pd.isna(score):
            own[Fraction(str(score))] = response
    return Names(questions["total"].to_dict(), named, scores)


def bind(claim: Expression, names: Names) -> Expression:
    """Replace scores by responses and refuse names that do not exist."""
    if isinstance(claim, Operation):
        return Operation(claim.word, tuple(bind(part, names) for part in claim.parts))
    return _bound(claim, names) if isinstance(claim, Quantity) else claim


def _bound(node: Quantity, names: Names) -> Quantity:
    question = node.question
    known = [name for name in names.responses if name in names.totals]
    if question not in known:
        raise Problem(f"There is no question {question!r}; {_suggest(question, known)}.")
    multiple = names.totals[question] == "multiple"
    if node.function == "mean" and not names.scores[question]:
        raise Problem(f"The question {question!r} has no scores; a mean needs a rating question.")
    if node.function == "unprinted" and multiple:
        raise Problem(
            f"Several answers were allowed in {question!r}, so nothing follows about the rest; "
            "leave out unprinted()."
        )
    spans = tuple((_response(question, a, names), _response(question, b, names)) for a, b in node.selections)
    order = names.responses[question]
    for first, last in spans:
        if order.index(first) > order.index(last):
            raise Problem(f"In {question!r}, {last!r} stands before {first!r}; write {last}..{first}.")
    covered = {name for a, b in spans for name in order[order.index(a) : order.index(b) + 1]}
    if multiple and node.function in ("share", "count") and len(covered) > 1:
        raise Problem(
            f"Several answers were allowed in {question!r}, so one person may be in more than one of them; "
            f"ask for one response in each {node.function}()."
        )
    return replace(node, selections=spans)


def _response(question: str, name: str, names: Names) -> str:
    if name in names.responses[question]:
        return name
    scores = names.scores[question]
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", name) and Fraction(name) in scores:
        return scores[Fraction(name)]
    known = [*names.responses[question], *(f"{float(score):g}" for score in scores)]
    raise Problem(f"The question {question!r} has no response or score {name!r}; {_suggest(name, known)}.")


def _suggest(name: str, known: list[str]) -> str:
    return nearest(name, known, "choose one of " + ", ".join(known[:20]))
