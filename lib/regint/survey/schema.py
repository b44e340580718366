"""The tables of a survey folder as Frictionless table schemas: one description for readers and data.

They stand in `schema.toml`, a column a line. Beside its `fields` a schema lists `optionalFields`: columns
that a folder has only where it needs them.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Schema = dict[str, Any]

_STATED = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_CONSTRAINTS = ("required", "unique", "pattern", "enum", "minimum", "maximum")
ID_PATTERN, RESPONSE_PATTERN, FIGURE_PATTERN = _STATED["patterns"].values()
EXAMPLE_NOTE = "replace this example"


def _fields(stated: Sequence[Schema]) -> list[Schema]:
    """Give columns the form of a table schema."""
    fields = []
    for column in stated:
        rules = {name: column[name] for name in _CONSTRAINTS if name in column}
        if "pattern" in rules:
            rules["pattern"] = _STATED["patterns"][rules["pattern"]]
        rest = {name: value for name, value in column.items() if name not in rules}
        fields.append({"type": "string"} | rest | ({"constraints": rules} if rules else {}))
    return fields


def _table(name: str) -> Schema:
    """Give a table its schema; whatever is told of a question names one that there is."""
    own = _STATED[name]
    link = {"fields": ["question"], "reference": {"resource": "questions", "fields": ["question"]}}
    optional = [*own.get("grouped", ()), *own.get("optional", ()), *own.get("weighted", ())]
    schema: Schema = {"fields": _fields(own["fields"]), "optionalFields": _fields(optional)}
    schema |= {"primaryKey": own["key"], "missingValues": [""]}
    return schema | ({"foreignKeys": [link]} if name in ("responses", "tests", "joint") else {})


TABLES: dict[str, Schema] = {name: _table(name) for name in ("questions", "responses", "claims")}
BESIDE: dict[str, Schema] = {name: _table(name) for name in ("tests", "joint")}
"""Tables that a folder has only where respondents were counted and there is something to put into them."""
CODEBOOK = _table("codebook")

WEIGHTED = {name: _fields(_STATED[name]["weighted"]) for name in ("questions", "responses")}
"""Columns that only folders made from weighted respondent-level data have."""
GROUPED = _fields(_STATED["responses"]["grouped"])
"""Columns of folders in which something is told of groups of people, or printed beside answers."""

SURVEY = _STATED["survey"]
"""Keys of survey.json, and items and states of its disclosure list."""
LABELS: dict[str, str] = _STATED["labels"]
"""Labels of the columns of the tidy table."""

KINDS = tuple(TABLES["questions"]["fields"][1]["constraints"]["enum"])
ROWS = tuple(GROUPED[0]["constraints"]["enum"])
MOMENTS = ROWS[ROWS.index("mean") :]
