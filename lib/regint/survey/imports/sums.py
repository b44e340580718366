"""Sums of weights that are the same in every order: weights as whole numbers of a small unit.

Floating-point sums depend on the order of their terms, and engines that count in parallel add in any order.
Whole numbers have exact sums, so a file counted in memory and the same file streamed give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_DIGITS = 52
"""Binary digits of a floating-point number that every sum of a part may use."""

_DECIMALS = 6
_PRECISION = 62


@dataclass(frozen=True)
class Unit:
    """How weights become whole numbers.

    Parameters
    ----------
    scale, square : Fraction
        Units in one, for weights and for their squares.
    exponent : int or None
        Binary exponent of the largest weight, where the unit is a power of two; else it is a power of ten.
    """

    scale: Fraction
    square: Fraction
    exponent: int | None = None

    def whole(self, weights: Numbers) -> Whole:
        """Weights as whole numbers of the unit."""
        if self.exponent is None:
            return np.rint(weights * float(self.scale)).astype(np.int64)
        return np.rint(np.ldexp(weights, _PRECISION - self.exponent)).astype(np.int64)

    def squared(self, weights: Numbers) -> Whole:
        """Squares of weights as whole numbers of their unit."""
        if self.exponent is None:
            return self.whole(weights) ** 2
        shares = np.ldexp(weights, -self.exponent)  # of a power of two, so that no square vanishes
        squares: Whole = np.rint(np.ldexp(shares * shares, _PRECISION)).astype(np.int64)
        return squares


def unit_of(weights: Numbers) -> Unit:
    """Choose the unit of some weights; it depends on their values, not on their order or number.

    Parameters
    ----------
    weights : numpy.ndarray
        Finite weights, zero or more.

    Returns
    -------
    Unit
        Exact for weights of up to six decimals; else they are kept to 62 binary digits of the largest.

    Examples
    --------
    >>> unit = unit_of(np.array([0.25, 1.5]))
    >>> unit.whole(np.array([0.25, 1.5])).tolist(), unit.squared(np.array([0.25])).tolist(), int(unit.scale)
    ([25, 150], [625], 100)
    """
    largest = float(weights.max(initial=0.0))
    for decimals in range(_DECIMALS + 1):
        scale = 10.0**decimals
        exact = np.rint(weights * scale) / scale == weights
        if largest * scale < 2.0 ** (_DIGITS // 2) and bool(exact.all()):
            return Unit(Fraction(10) ** decimals, Fraction(100) ** decimals)
    exponent = int(np.frexp(largest)[1])
    return Unit(Fraction(2) ** (_PRECISION - exponent), Fraction(2) ** (_PRECISION - 2 * exponent), exponent)


@dataclass(frozen=True)
class Measure:
    """A whole number for each record, held in parts whose sums are exact.

    Parameters
    ----------
    limbs : tuple of numpy.ndarray
        Parts, lowest first; one part where the sum of the numbers is small enough.
    digits : int
        Binary digits of a part.
    """

    limbs: tuple[Numbers, ...]
    digits: int

    def by_slot(self, slots: npt.NDArray[np.intp], size: int) -> list[int]:
        """Sum over the records of each slot."""
        parts = [np.bincount(slots, weights=limb, minlength=size) for limb in self.limbs]
        return [sum(int(p[slot]) << (self.digits * i) for i, p in enumerate(parts)) for slot in range(size)]

    def within(self, mask: npt.NDArray[np.bool_]) -> int:
        """Sum over the records of a mask."""
        return sum(int(limb[mask].sum()) << (self.digits * i) for i, limb in enumerate(self.limbs))


def measure(numbers: npt.NDArray[Any] | Sequence[int]) -> Measure:
    """Measure from whole numbers of any size, zero or more.

    Parameters
    ----------
    numbers : numpy.ndarray or sequence of int
        One per record.

    Returns
    -------
    Measure
        With exact sums.

    Examples
    --------
    >>> measure([2**60, 1, 3]).by_slot(np.array([0, 0, 1]), 2) == [2**60 + 1, 3]
    True
    """
    rest = numbers if isinstance(numbers, np.ndarray) else np.array(numbers, dtype=object)
    digits = _DIGITS - len(rest).bit_length()
    if float(rest.astype(np.float64).sum()) < 2.0**_DIGITS:
        return Measure((rest.astype(np.float64),), digits)
    limbs = []
    while rest.any():
        limbs.append((rest & (2**digits - 1)).astype(np.float64))
        rest = rest >> digits
    return Measure(tuple(limbs), digits)


@dataclass(frozen=True)
class Records:
    """What the records of a table stand for: one respondent each, or a group of respondents alike.

    Parameters
    ----------
    times : Measure or None
        Respondents behind each record; one each when absent.
    weights, squares : Measure or None
        Sums of their weights and of the squares, in units.
    positive : Measure or None
        Respondents with a weight above zero; as `times` when absent.
    unit : Unit or None
        Unit of the weights.
    """

    times: Measure | None = None
    weights: Measure | None = None
    squares: Measure | None = None
    positive: Measure | None = None
    unit: Unit | None = None

    def respondents(self, slots: npt.NDArray[np.intp], size: int) -> list[int]:
        """Respondents by slot."""
        if self.times is not None:
            return self.times.by_slot(slots, size)
        return [int(count) for count in np.bincount(slots, minlength=size)]

    def count(self, mask: npt.NDArray[np.bool_]) -> int:
        """Respondents within a mask."""
        return int(np.count_nonzero(mask)) if self.times is None else self.times.within(mask)


def weighted_records(weights: Numbers | None) -> Records:
    """Make records of one respondent each.

    Parameters
    ----------
    weights : numpy.ndarray, optional
        One weight per respondent.

    Returns
    -------
    Records
        With sums of weights where weights are given.

    Examples
    --------
    >>> weighted_records(np.array([1.5, 0.0])).weights.within(np.array([True, True]))
    15
    """
    if weights is None:
        return Records()
    unit = unit_of(weights)
    positive = None if weights.all() else measure((weights > 0).astype(np.int64))
    return Records(None, measure(unit.whole(weights)), measure(unit.squared(weights)), positive, unit)
