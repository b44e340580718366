"""The tables of a survey folder as Frictionless table schemas: one description for readers and data.

Beside its `fields` a schema lists `optionalFields`: columns that a folder has only where it needs them.
"""

from collections.abc import Sequence
from typing import Any

from regint.percentages.counts import LARGEST_BASE

Schema = dict[str, Any]

KINDS = ("rating", "single", "multiple", "numeric", "open_coded")
MOMENTS = ("mean", "sd", "median", "q1", "q3")
ROWS = ("answer", "net", "n", *MOMENTS)
TOTALS = ("closed", "open", "multiple")
ID_PATTERN = "[a-z][a-z0-9_]*"
RESPONSE_PATTERN = "[a-z0-9][a-z0-9_]*"
FIGURE_PATTERN = r"((0|[1-9][0-9]?)(\.[0-9]{1,6})?|100(\.0{1,6})?)"
DISCLOSED = ("reported", "partial", "missing")
"""What a publication does about an item of the disclosure list; empty where nobody has looked it up yet."""

EXAMPLE_NOTE = "replace this example"


def _field(
    name: str, description: str, kind: str = "string", unit: str = "", **constraints: Any
) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": kind, "description": description}
    if unit:
        field["unit"] = unit
    if constraints:
        field["constraints"] = constraints
    return field


def _base(name: str, description: str) -> dict[str, Any]:
    unit = "persons, or remarks for coded answers"
    return _field(name, description, "integer", unit, minimum=1, maximum=LARGEST_BASE)


def _table(*fields: Schema, key: list[str], optional: Sequence[Schema] = ()) -> Schema:
    """Describe a table; whatever is told of a question names one that there is."""
    link = {"fields": ["question"], "reference": {"resource": "questions", "fields": ["question"]}}
    links = {"foreignKeys": [link]} if key[0] == "question" and len(key) > 1 else {}
    own = {"fields": [*fields], "optionalFields": [*optional], "primaryKey": key, "missingValues": [""]}
    return own | links


_SOURCE = [
    _field("source", "Key of the source in survey.json", required=True, pattern=ID_PATTERN),
    _field("locator", "Section and paragraph in the source", required=True),
    _field("note", "Remark of the transcriber"),
]

# Columns that only folders made from weighted respondent-level data have.
WEIGHTED: dict[str, list[dict[str, Any]]] = {
    "questions": [
        _field("effective_base", "Kish's effective base of those who answered", "number", "persons")
    ],
    "responses": [
        _field("weighted_count", "Sum of the weights of those who chose it", "number"),
        _field("weighted_share", "That sum over the weights of all who answered", "number", "share, 0-1"),
        _field(
            "se", "Standard error of the weighted share, or of the mean, under the stated design", "number"
        ),
        _field("df", "Degrees of freedom of that error", "integer", minimum=0),
        _field("effective_base", "Kish's effective base of a group, in its row n", "number", "persons"),
    ],
}

# Columns that only folders have in which something is told of groups of people, or printed beside answers.
GROUPED: list[dict[str, Any]] = [
    _field(
        "row",
        "What is printed there; empty: an answer; net: several answers together",
        enum=list(ROWS),
    ),
    _field("by", "What the people of the row have in common, such as sex; empty: everybody"),
    _field("group", "Which of them, such as women"),
]

_QUESTIONS = _table(
    _field("question", "Identifier of the question", required=True, unique=True, pattern=ID_PATTERN),
    _field("kind", "What kind of question it is", required=True, enum=list(KINDS)),
    _field("label", "Short English label", required=True),
    _field("wording", "What was asked, in our paraphrase"),
    _field("wording_status", "Where the wording comes from", enum=["paraphrased", "reported", "missing"]),
    _field("scale", "Whether the responses have an order", required=True, enum=["ordered", "unordered"]),
    _field(
        "total",
        "closed: the options listed are all there is; open: options or silence went unprinted; "
        "multiple: several could be chosen",
        required=True,
        enum=list(TOTALS),
    ),
    _base("printed_base", "Denominator that the printed figures refer to"),
    _base("asked", "How many were asked"),
    _base("answered", "How many answered"),
    _field("base_status", "How the bases are known", enum=["reported", "inferred", "counted"]),
    _field("section", "Section of the source"),
    *_SOURCE,
    key=["question"],
    optional=[
        _field(
            "weighted",
            "true if the figures were printed from weighted data; empty as survey.json says",
            "boolean",
        ),
        *WEIGHTED["questions"],
    ],
)

_RESPONSES = _table(
    _field("question", "Identifier of the question", required=True, pattern=ID_PATTERN),
    _field("response", "Identifier of the response within it", required=True, pattern=RESPONSE_PATTERN),
    _field("label", "Short English label", required=True),
    _field("score", "Number on the rating scale", "number", "scale points"),
    _field(
        "printed",
        "The figure exactly as printed, or the sign in its place; text, since its decimals are data",
        unit="per cent of printed_base",
    ),
    _field("statement", "A quantity given in words only: none, all, half, nearly every ..."),
    _field("substantive", "false for don't know, refused and the like", "boolean", required=True),
    _field("count", "Counted answers", "integer", "persons", minimum=0, maximum=LARGEST_BASE),
    *_SOURCE,
    key=["question", "response"],
    optional=[
        *GROUPED,
        _field("members", "Identifiers of the responses that a net sums up, separated by spaces"),
        *WEIGHTED["responses"],
    ],
)

_CLAIMS = _table(
    _field("claim", "Identifier of the claim", required=True, unique=True, pattern=ID_PATTERN),
    _field("questions", "Identifiers of the questions it summarises, separated by spaces", required=True),
    _field("paraphrase", "The claim in our words", required=True),
    _field("term", "The quantifying term of the source"),
    _field("predicate", "The claim in the claims language; empty if nothing printed can decide it"),
    _field("base", "Base it is judged on", required=True, enum=["printed", "asked", "answered"]),
    *_SOURCE,
    key=["claim"],
)

TESTS = _table(
    _field("question", "Identifier of the question", required=True, pattern=ID_PATTERN),
    _field("response", "Response that is told from all others; empty: all of them", pattern=RESPONSE_PATTERN),
    _field("by", "What the people of a group have in common", required=True),
    _field("group", "One group of a difference; empty: a test whether the groups answer alike"),
    _field("other", "The group it is compared with"),
    _field("se", "Standard error of the difference under the stated design", "number"),
    _field("statistic", "Rao and Scott's F", "number"),
    _field("df", "Its first degrees of freedom", "number"),
    _field("df2", "Its second degrees of freedom", "number"),
    _field("p", "Probability of so large an F if the groups answered alike; not corrected", "number"),
    key=["question", "response", "by", "group", "other"],
)

TABLES: dict[str, Schema] = {"questions": _QUESTIONS, "responses": _RESPONSES, "claims": _CLAIMS}
JOINT = _table(
    _field("question", "Identifier of a choose-several question", required=True, pattern=ID_PATTERN),
    _field("response", "Identifier of one response", required=True, pattern=RESPONSE_PATTERN),
    _field("other", "Identifier of another one", required=True, pattern=RESPONSE_PATTERN),
    _field("count", "How many chose both", "integer", "persons", minimum=0, maximum=LARGEST_BASE),
    key=["question", "response", "other"],
)

BESIDE: dict[str, Schema] = {"tests": TESTS, "joint": JOINT}
"""Tables that a folder has only where respondents were counted and there is something to put into them."""

METADATA_KEYS = (
    "id",
    "title",
    "organiser",
    "fieldwork",
    "population",
    "size_statement",
    "sources",
    "licence",
)
