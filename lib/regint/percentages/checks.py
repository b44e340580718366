"""What the room accepts: counts, bases, confidence levels and named options, each refused in one sentence."""

from collections.abc import Iterable
from operator import index
from typing import Any

from textfiles.problems import did_you_mean


def check_option(value: str, allowed: Iterable[str], what: str) -> str:
    """Return a named option unchanged, or refuse it and suggest the nearest one."""
    names = list(allowed)
    if value in names:
        return value
    hint = did_you_mean(str(value), names)
    raise ValueError(f"The {what} {value!r} does not exist{hint}; choose one of {', '.join(names)}.")


def check_count(value: Any, what: str = "count", least: int = 0) -> int:
    """Return a whole number as a plain ``int``, or refuse it."""
    try:
        number = index(value)
    except TypeError:
        raise ValueError(f"The {what} must be a whole number, not {value!r}.") from None
    if isinstance(value, bool):
        raise ValueError(f"The {what} must be a whole number, not {value!r}.")
    if number < least:
        raise ValueError(f"The {what} must be at least {least}, not {number}.")
    return number


def check_share_of(count: Any, base: Any) -> tuple[int, int]:
    """Return a count and its base, or refuse a count above the base."""
    whole, part = check_count(base, "base", least=1), check_count(count, "count")
    if part > whole:
        raise ValueError(f"The count {part} exceeds its base {whole}; check which base the figure refers to.")
    return part, whole


def check_counts(counts: Iterable[Any], least_categories: int = 1) -> tuple[int, ...]:
    """Return counts as a tuple of ``int``, or refuse them."""
    numbers = tuple(check_count(value) for value in counts)
    if len(numbers) < least_categories:
        raise ValueError(f"At least {least_categories} categories are needed; {len(numbers)} were given.")
    return numbers


def check_confidence(confidence: float) -> float:
    """Return a confidence level as a float, or refuse one outside 0 to 1."""
    if not 0 < confidence < 1:
        raise ValueError(
            f"The confidence must lie strictly between 0 and 1 (0.95 is usual), not {confidence}."
        )
    return float(confidence)
