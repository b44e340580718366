"""What a notebook's ``parameters`` cell declares, and the values given for it on the command line."""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regint.parameters import KINDS, ParameterError, Value, did_you_mean, with_type

TYPES: Mapping[str, type[Value]] = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True)
class Declared:
    """One line of a ``parameters`` cell: name, type, default and the comment that explains it."""

    name: str
    type: type[Value]
    default: Value
    meaning: str = ""


def parse(name: str, text: str, kind: type[Value]) -> Value:
    """Read a value from the command line by its declared type; codes such as ``007`` stay texts."""
    if kind is str:
        return text
    if kind is bool and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if kind is int and re.fullmatch(r"[+-]?[0-9]+", text):
        return int(text)
    number = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text)
    if kind is float and number and math.isfinite(float(text)):
        return float(text)
    hint = " (write a decimal point)" if kind is float and re.fullmatch(r"[0-9]+,[0-9]+", text) else ""
    raise ParameterError(f"Parameter {name}={text!r} must be {KINDS[kind]}{hint}.")


def declarations(source: str) -> tuple[Declared, ...]:
    """Read the lines ``name: type = literal  # meaning`` of a parameters cell, without running it."""
    lines = ast.parse(source).body
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = []
    for line in lines:
        match line:
            case ast.AnnAssign(
                target=ast.Name(id=name), annotation=ast.Name(id=kind), value=ast.expr() as value
            ):
                if kind in TYPES:
                    default = with_type(name, literal(value), TYPES[kind])
                    found.append(Declared(name, TYPES[kind], default, comments.get(line.end_lineno or 0, "")))
                    continue
        raise ParameterError(
            f"The parameters cell holds {ast.unparse(line)!r}, but only lines such as "
            "'name: float = 0.95  # meaning' are allowed, with the type str, int, float or bool."
        )
    return tuple(found)


def literal(value: ast.expr) -> Any:
    """Return the literal that stands in the code, or None when it is computed."""
    try:
        return ast.literal_eval(value)
    except ValueError:
        return None


def read_values(given: Sequence[tuple[str, str]], declared: Sequence[Declared]) -> dict[str, Value]:
    """Turn ``-p NAME VALUE`` pairs into typed values."""
    types = {item.name: item.type for item in declared}
    values: dict[str, Value] = {}
    for name, text in given:
        if name not in types:
            bare, mark, value = name.partition("=")
            if mark and bare in types:
                raise ParameterError(f"A name and its value stand apart: -p {bare} {value or text}.")
            known = f"it has {', '.join(types)}" if types else "it has none"
            raise ParameterError(f"There is no parameter {name!r}: {known}{did_you_mean(name, types)}.")
        if name in values:
            raise ParameterError(f"Parameter {name!r} is given twice.")
        values[name] = parse(name, text, types[name])
    return values
