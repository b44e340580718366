"""What is legal for a parameter by itself: words, ranges, days, types."""

from __future__ import annotations

import datetime
import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Value = str | int | float | bool

KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


class ParameterError(ValueError):
    """A parameter is unknown, mistyped or out of range; the message is one sentence with the remedy."""


class Rule(Protocol):
    """What is legal for one parameter."""

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Say what is wrong with `value` (given all `values` of the notebook), or return None."""


@dataclass(frozen=True, init=False)
class OneOf:
    """One of a few words or numbers.

    Examples
    --------
    >>> OneOf("asked", "answered").problem("answred", {})
    "must be one of asked, answered (did you mean 'answered'?)"
    """

    allowed: tuple[Value, ...]

    def __init__(self, *allowed: Value) -> None:
        object.__setattr__(self, "allowed", allowed)

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that lists what is allowed, or None."""
        if value in self.allowed:
            return None
        words = [str(word) for word in self.allowed]
        return f"must be one of {', '.join(words)}{did_you_mean(str(value), words)}"


@dataclass(frozen=True)
class Between:
    """A number from `lower` to `upper`, both legal.

    Examples
    --------
    >>> Between(1, 100).problem(0, {})
    'must lie from 1 to 100'
    """

    lower: float
    upper: float

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that names the range, or None."""
        if self.lower <= value <= self.upper:
            return None
        return f"must lie from {self.lower:g} to {self.upper:g}"


@dataclass(frozen=True)
class Inside:
    """A number strictly between `lower` and `upper`, such as the coverage of an interval.

    Examples
    --------
    >>> Inside(0, 1).problem(95.0, {})
    'must lie above 0 and below 1'
    """

    lower: float
    upper: float

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that names the range, or None."""
        if self.lower < value < self.upper:
            return None
        return f"must lie above {self.lower:g} and below {self.upper:g}"


@dataclass(frozen=True)
class Day:
    """A day, year first, not before `first`.

    Examples
    --------
    >>> Day("1991-12-21").problem("1.1.1990", {})
    'must be a day such as 2025-06-16, not before 1991-12-21'
    """

    first: str

    def problem(self, value: Any, values: Mapping[str, Any]) -> str | None:
        """Return the sentence that says how to write a day, or None."""
        try:
            late = datetime.date.fromisoformat(value) >= datetime.date.fromisoformat(self.first)
        except ValueError:
            late = False
        return (
            None
            if late and len(value) == 10
            else f"must be a day such as 2025-06-16, not before {self.first}"
        )


def did_you_mean(value: str, allowed: Iterable[str]) -> str:
    """Name the legal value nearest to `value`, in brackets, or nothing when none is near.

    Examples
    --------
    >>> did_you_mean("confidance", ["base", "confidence"])
    " (did you mean 'confidence'?)"
    """
    near = difflib.get_close_matches(value, list(allowed), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def with_type(name: str, value: Any, kind: type[Value]) -> Value:
    """Return `value` if it has the declared type (a whole number may stand for a float), else raise."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not kind or (isinstance(value, float) and not math.isfinite(value)):
        raise ParameterError(f"Parameter {name}={value!r} must be {KINDS[kind]}.")
    return value
