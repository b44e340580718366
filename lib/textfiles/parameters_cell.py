"""What a notebook's ``parameters`` cell declares: ``name: type = literal  # meaning``, a line a parameter.

Without a type, a parameter has that of its literal.
"""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textfiles.problems import Problem, did_you_mean

Value = str | int | float | bool
_TYPES: Mapping[str, type[Value]] = {"str": str, "int": int, "float": float, "bool": bool}
_KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


@dataclass(frozen=True)
class Declared:
    """One line of a ``parameters`` cell: name, type, default and the comment that explains it."""

    name: str
    type: type[Value]
    default: Value
    meaning: str = ""


def declarations(source: str) -> tuple[Declared, ...]:
    """Read the lines of a parameters cell without running it."""
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
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                kind = type(_literal(value)).__name__
            case _:
                kind = ""
        if kind in _TYPES:
            default = with_type(name, _literal(value), _TYPES[kind])
            found.append(Declared(name, _TYPES[kind], default, comments.get(line.end_lineno or 0, "")))
            continue
        raise Problem(
            f"The parameters cell holds {ast.unparse(line)!r}, but only lines such as "
            "'name: float = 0.95  # meaning' are allowed, for a text, a number, True or False."
        )
    return tuple(found)


def _literal(value: ast.expr) -> Any:
    """Return the literal that stands in the code, or None when it is computed."""
    try:
        return ast.literal_eval(value)
    except ValueError:
        return None


def with_type(name: str, value: Any, kind: type[Value]) -> Value:
    """Return `value` if it has the declared type (a whole number may stand for a float), else raise."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise Problem(f"Parameter {name}={value!r} must be {_KINDS[kind]}.")
    return value


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
    raise Problem(f"Parameter {name}={text!r} must be {_KINDS[kind]}{hint}.")


def unknown(name: str, declared: Sequence[str]) -> Problem:
    """Say that a notebook has no parameter of a name, and which is nearest."""
    known = f"it has {', '.join(declared)}" if declared else "it has none"
    return Problem(f"There is no parameter {name!r}: {known}{did_you_mean(name, declared)}.")


def read_values(given: Sequence[tuple[str, str]], declared: Sequence[Declared]) -> dict[str, Value]:
    """Turn ``-p NAME VALUE`` pairs into typed values."""
    types = {item.name: item.type for item in declared}
    values: dict[str, Value] = {}
    for name, text in given:
        if name not in types:
            bare, mark, value = name.partition("=")
            if mark and bare in types:
                raise Problem(f"A name and its value stand apart: -p {bare} {value or text}.")
            raise unknown(name, list(types))
        if name in values:
            raise Problem(f"Parameter {name!r} is given twice.")
        values[name] = parse(name, text, types[name])
    return values


def executed_parameters(sources: Sequence[str]) -> tuple[tuple[Declared, ...], tuple[str, ...]]:
    """Find what the last cell of nothing but annotated literals declares, and what papermill set after it.

    Papermill's cell begins with ``# Parameters``; of it the names are given.
    """
    declared: tuple[Declared, ...] = ()
    injected: list[str] = []
    for source in sources:
        try:
            lines = ast.parse(source).body
        except SyntaxError:  # IPython's own commands
            continue
        if lines and all(isinstance(line, ast.AnnAssign) for line in lines):
            declared, injected = declarations(source), []
        elif source.lstrip().startswith("# Parameters"):
            targets = (line.targets[0] for line in lines if isinstance(line, ast.Assign))
            injected += [target.id for target in targets if isinstance(target, ast.Name)]
    return declared, tuple(injected)
