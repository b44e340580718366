"""The language of claims: a sentence about shares, counts and means, parsed and bound to a survey."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd
from textfiles.problems import Problem, nearest


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
    """List what a tree asks about, in order."""
    if isinstance(node, Quantity | Leader):
        return [node]
    if isinstance(node, Sum | Comparison):
        return quantities(node.left) + quantities(node.right)
    if isinstance(node, Not):
        return quantities(node.claim)
    if isinstance(node, Junction):
        return [leaf for claim in node.claims for leaf in quantities(claim)]
    return []


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
    """Parse a predicate of the claims language."""
    if len(text) > LONGEST:
        raise Problem(f"The claim has {len(text)} characters; split it into claims of at most {LONGEST}.")
    parser = _Parser(text)
    tree = parser.disjunction()
    parser.finish()
    if isinstance(tree, Value):
        raise Problem("The claim is a number, not a statement; compare it with another one.")
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
                raise Problem(
                    f"Column {place + 1} of the claim: {ascii(self.text[place])} does not belong to the "
                    "claims language; use lower-case names, numbers, comparisons, + and -."
                )
            tokens.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            place = match.end()
        if len(tokens) > MOST_TOKENS:
            raise Problem(f"The claim has more than {MOST_TOKENS} words and marks; split it.")
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

    def wrong(self, expected: str) -> Problem:
        found = self.token.text if self.token.kind == "end" else ascii(self.token.text)
        return Problem(f"Column {self.token.place + 1} of the claim: expected {expected}, found {found}.")

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
            raise Problem(f"Column {place + 1} of the claim: a number stands where a comparison is needed.")
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
            raise Problem(f"Column {place + 1} of the claim: a comparison stands where a number is needed.")
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
                raise Problem(f"The claim nests more than {DEEPEST} parentheses; simplify it.")
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
            raise Problem(f"Column {self.token.place + 1} of the claim: {text} divides by zero.")
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
        first = self._response_or_score()
        return first, self._response_or_score() if self.take("..") else first

    def _response_or_score(self) -> str:
        sign = "-" if self.take("-") else ""
        if self.token.kind == "number":
            self.next += 1
            return sign + self.tokens[self.next - 1].text
        if sign:
            raise self.wrong("a score")
        return self._name("a response or a score")

    def _name(self, what: str) -> str:
        if self.token.kind != "word":
            raise self.wrong(what)
        self.next += 1
        return self.tokens[self.next - 1].text


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
    columns = (responses[name].tolist() for name in ("question", "response", "score"))
    for question, response, score in zip(*columns, strict=True):
        named.setdefault(str(question), []).append(response)
        own = scores.setdefault(str(question), {})
        if not pd.isna(score):
            own[Fraction(str(score))] = response
    return Names(totals=questions["total"].to_dict(), responses=named, scores=scores)


def bind(claim: Claim, names: Names) -> Claim:
    """Replace scores by responses and refuse names that do not exist."""
    if isinstance(claim, Not):
        return Not(bind(claim.claim, names))
    if isinstance(claim, Junction):
        return Junction(claim.word, tuple(bind(part, names) for part in claim.claims))
    if isinstance(claim, Leader):
        _question(claim.question, names)
        return replace(claim, response=_response(claim.question, claim.response, names))
    return Comparison(_value(claim.left, names), claim.operator, _value(claim.right, names))


def _value(node: Value, names: Names) -> Value:
    if isinstance(node, Sum):
        return Sum(_value(node.left, names), node.sign, _value(node.right, names))
    return _quantity(node, names) if isinstance(node, Quantity) else node


def _quantity(node: Quantity, names: Names) -> Quantity:
    question = _question(node.question, names)
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


def _question(name: str, names: Names) -> str:
    known = [question for question in names.responses if question in names.totals]
    if name not in known:
        raise Problem(f"There is no question {name!r}; {_suggest(name, known)}.")
    return name


def _response(question: str, name: str, names: Names) -> str:
    if name in names.responses[question]:
        return name
    scores = names.scores[question]
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", name) and Fraction(name) in scores:
        return scores[Fraction(name)]
    known = [*names.responses[question], *(f"{float(score):g}" for score in scores)]
    raise Problem(f"The question {question!r} has no response or score {name!r}; {_suggest(name, known)}.")


def _suggest(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    return nearest(name, listed, "choose one of " + ", ".join(listed[:20]))
