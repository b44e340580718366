"""What a printed percentage says about the number before rounding, in exact arithmetic."""

import re
from collections.abc import Iterable
from operator import index
from typing import Any, NamedTuple

from textfiles.problems import did_you_mean

ROUNDINGS = ("up_or_down", "up", "down", "even", "floor", "ceiling")
_FIGURE = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?")


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
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None:
        raise ValueError(f"The {what} must be a whole number, not {value!r}.")
    if number < least:
        raise ValueError(f"The {what} must be at least {least}, not {number}.")
    return number


class Figure(NamedTuple):
    """A printed percentage as an integer number of its own last place."""

    units: int
    scale: int


def parse_figure(figure: str) -> Figure:
    """Read a printed percentage without losing its trailing zeros."""
    if not isinstance(figure, str):
        raise ValueError(
            f"The figure {figure!r} is not text; write it in quotes as printed, since '60' and '60.0' differ."
        )
    match = _FIGURE.fullmatch(figure)
    if match is None:
        raise ValueError(
            f"The figure {figure!r} is not a printed percentage; write digits with an optional decimal "
            "point, such as '43.5'."
        )
    decimals = match[2] or ""
    scale = 10 ** len(decimals)
    units = int(match[1] + decimals)
    if units > 100 * scale:
        raise ValueError(f"The figure {figure!r} exceeds 100 per cent; check the source.")
    return Figure(units, scale)


def half_units(units: int, rounding: str) -> tuple[int, bool, int, bool]:
    """Give the unrounding interval in half units of the last place."""
    if rounding == "floor":
        return 2 * units, True, 2 * units + 2, False
    if rounding == "ceiling":
        return 2 * units - 2, False, 2 * units, True
    even = units % 2 == 0
    lower_inclusive = {"up_or_down": True, "up": True, "down": False, "even": even}[rounding]
    upper_inclusive = {"up_or_down": True, "up": False, "down": True, "even": even}[rounding]
    return 2 * units - 1, lower_inclusive, 2 * units + 1, upper_inclusive


def printed_units(count: int, base: int, scale: int, rounding: str) -> tuple[int, ...]:
    """Round a share forward: every figure that a count could print."""
    check_option(rounding, ROUNDINGS, "rounding")
    below, remainder = divmod(100 * scale * count, base)
    if remainder == 0 or rounding == "floor":
        return (below,)
    if rounding == "ceiling" or 2 * remainder > base:
        return (below + 1,)
    if 2 * remainder < base or rounding == "down":
        return (below,)
    if rounding == "up_or_down":
        return (below, below + 1)
    return (below + 1,) if rounding == "up" or below % 2 else (below,)


def written(units: int, scale: int) -> str:
    """Write a figure that is given in units of its last place."""
    places = len(str(scale)) - 1
    digits = str(units).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits
