"""What the room accepts: counts, bases, confidence levels and named options, each refused in one sentence."""

from collections.abc import Iterable
from difflib import get_close_matches
from operator import index
from typing import Any


class StatisticsError(ValueError):
    """A value the statistics cannot use; the message says which, what is allowed and how to repair it."""


class FigureError(StatisticsError):
    """A printed figure that is not a percentage between 0 and 100 written as text."""


class CountError(StatisticsError):
    """A count or base that is not a whole number in its range."""


class OptionError(StatisticsError):
    """A named option that does not exist."""


def check_option(value: str, allowed: Iterable[str], what: str) -> str:
    """
    Return a named option unchanged, or refuse it and suggest the nearest one.

    Parameters
    ----------
    value : str
        The option as given.
    allowed : iterable of str
        Every legal name.
    what : str
        What the option chooses, for the message.

    Returns
    -------
    str
        `value`.

    Raises
    ------
    OptionError
        If `value` is not one of `allowed`.

    Examples
    --------
    >>> check_option("up", ("up", "down"), "rounding")
    'up'
    """
    names = list(allowed)
    if value in names:
        return value
    near = get_close_matches(str(value), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise OptionError(f"The {what} {value!r} does not exist; choose one of {', '.join(names)}.{hint}")


def check_count(value: Any, what: str = "count", least: int = 0) -> int:
    """
    Return a whole number as a plain ``int``, or refuse it.

    Parameters
    ----------
    value : int
        A whole number; NumPy integers pass, booleans and floats do not.
    what : str
        The name of the quantity, for the message.
    least : int
        The smallest legal value.

    Returns
    -------
    int
        `value` as a Python integer, which cannot overflow.

    Raises
    ------
    CountError
        If `value` is no whole number or lies below `least`.

    Examples
    --------
    >>> check_count(26)
    26
    """
    try:
        number = index(value)
    except TypeError:
        raise CountError(f"The {what} must be a whole number, not {value!r}.") from None
    if isinstance(value, bool):
        raise CountError(f"The {what} must be a whole number, not {value!r}.")
    if number < least:
        raise CountError(f"The {what} must be at least {least}, not {number}.")
    return number


def check_share_of(count: Any, base: Any) -> tuple[int, int]:
    """
    Return a count and its base, or refuse a count above the base.

    Parameters
    ----------
    count : int
        How many chose the option.
    base : int
        How many could have chosen it; at least 1.

    Returns
    -------
    tuple of int
        ``(count, base)``.

    Raises
    ------
    CountError
        If either is no whole number, the base is 0, or the count exceeds the base.

    Examples
    --------
    >>> check_share_of(26, 50)
    (26, 50)
    """
    whole, part = check_count(base, "base", least=1), check_count(count, "count")
    if part > whole:
        raise CountError(f"The count {part} exceeds its base {whole}; check which base the figure refers to.")
    return part, whole


def check_counts(counts: Iterable[Any], least_categories: int = 1) -> tuple[int, ...]:
    """
    Return counts as a tuple of ``int``, or refuse them.

    Parameters
    ----------
    counts : iterable of int
        One count per category.
    least_categories : int
        How many categories the statistic needs.

    Returns
    -------
    tuple of int
        The counts, in the order given.

    Raises
    ------
    CountError
        If a count is no whole number or negative, or there are too few categories.

    Examples
    --------
    >>> check_counts([0, 1, 5])
    (0, 1, 5)
    """
    numbers = tuple(check_count(value) for value in counts)
    if len(numbers) < least_categories:
        raise CountError(f"At least {least_categories} categories are needed; {len(numbers)} were given.")
    return numbers


def check_confidence(confidence: float) -> float:
    """
    Return a confidence level as a float, or refuse one outside 0 to 1.

    Parameters
    ----------
    confidence : float
        Coverage, strictly between 0 and 1.

    Returns
    -------
    float
        `confidence`.

    Raises
    ------
    OptionError
        If it is not strictly between 0 and 1.

    Examples
    --------
    >>> check_confidence(0.95)
    0.95
    """
    if not 0 < confidence < 1:
        raise OptionError(
            f"The confidence must lie strictly between 0 and 1 (0.95 is usual), not {confidence}."
        )
    return float(confidence)
