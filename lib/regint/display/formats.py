"""How one value is printed in a table, and what a spreadsheet gets instead."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from regint.display import prose
from regint.display.markup import plain

MISSING: Final = prose.MISSING
LEFT: Final = frozenset({"text", "yesno"})


def _pair(render: Callable[[float], str], joiner: str = "–") -> Callable[[Any], str]:
    """Print (lower, upper) with the unit once per end, or once when both ends are the same."""

    def render_pair(value: Any) -> str:
        lower, upper = (render(end) for end in value)
        return lower if lower == upper else f"{lower}{joiner}{upper}"

    return render_pair


def _percent_pair(places: int) -> Callable[[Any], str]:
    def render_pair(value: Any) -> str:
        lower, upper = (prose.share(end, places) for end in value)
        return str(lower) if lower == upper else f"{lower.rstrip('%')}–{upper}"

    return render_pair


def _plain_number(value: float) -> str:
    """Print a whole number without decimals and any other with two: for columns that mix them."""
    whole = float(value).is_integer()
    return str(prose.count(value) if whole else prose.decimal(value, 2))


def _probability(value: float) -> str:
    return "< 0.001" if value < 0.001 else str(prose.decimal(value, 3))


FORMATS: Final[dict[str, Callable[[Any], str]]] = {
    "text": lambda value: plain(value),
    "yesno": lambda value: "yes" if value else "no",
    "count": lambda value: prose.count(value),
    "year": lambda value: str(int(value)),
    "share": lambda value: prose.share(value),
    "share1": lambda value: prose.share(value, 1),
    "decimal1": lambda value: prose.decimal(value, 1),
    "decimal2": lambda value: prose.decimal(value, 2),
    "decimal3": lambda value: prose.decimal(value, 3),
    "number": _plain_number,
    "probability": _probability,
    "effective_base": lambda value: f"effective base {prose.decimal(value, 1)}",
    "interval": _percent_pair(0),
    "interval1": _percent_pair(1),
    "range": _pair(lambda end: prose.count(end)),
    "interval_probability": _pair(_probability, " to "),
    "interval_number": _pair(_plain_number, " to "),
    "interval_decimal0": _pair(lambda end: prose.decimal(end, 0), " to "),
    "interval_decimal1": _pair(lambda end: prose.decimal(end, 1), " to "),
    "interval_decimal2": _pair(lambda end: prose.decimal(end, 2), " to "),
    "interval_decimal3": _pair(lambda end: prose.decimal(end, 3), " to "),
}


def infer(series: pd.Series[Any]) -> str:
    """Choose a format by the type of a column.

    Examples
    --------
    >>> infer(pd.Series([1, 2])), infer(pd.Series([0.5])), infer(pd.Series(["a"])), infer(pd.Series([True]))
    ('count', 'decimal2', 'text', 'yesno')
    """
    if pd.api.types.is_bool_dtype(series):
        return "yesno"
    if pd.api.types.is_integer_dtype(series):
        return "count"
    if pd.api.types.is_float_dtype(series):
        return "decimal2"
    return "text"


def absent(value: Any) -> bool:
    """Whether there is no value: None, NaN, NA, empty text, or a pair with such an end.

    Examples
    --------
    >>> absent(None), absent(float("nan")), absent((0.1, None)), absent(0)
    (True, True, True, False)
    """
    if isinstance(value, tuple | list):
        return not value or any(absent(end) for end in value)
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return value == "" if isinstance(value, str) else isinstance(value, float) and math.isnan(value)


def render(value: Any, kind: str) -> str:
    """Print one value by its format.

    Examples
    --------
    >>> render(0.52, "share"), render((0.385, 0.652), "interval"), render(None, "count")
    ('52%', '39–65%', '–')
    """
    return MISSING if absent(value) else str(FORMATS[kind](value))


def raw(value: Any, kind: str = "text") -> Any:
    """Return a value as JSON holds it: text, number, pair or null, unrounded.

    Examples
    --------
    >>> raw((0.385, 0.652)), raw(pd.NA), raw("a")
    ([0.385, 0.652], None, 'a')
    """
    if absent(value):
        return None
    if isinstance(value, tuple | list):
        return [raw(end, kind) for end in value]
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, bool | int | float) else plain(value)
