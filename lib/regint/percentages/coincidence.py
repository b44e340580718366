"""How often a search would explain figures behind which stands nothing that it looks for."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regint.percentages.apportionment import FORCED, GRIDS, forced_sums_fit, on_grid
from regint.percentages.bases import Question, questions_of
from regint.percentages.counts import adding_up, checked_bases, windows
from regint.percentages.rounding import ROUNDINGS, check_option, half_units, parse_figure

# Invented sets of figures, and the seed they are drawn with: the standard error is half a point at most.
DRAWS, SEED = 10_000, 1
_Ints = NDArray[Any]


def mechanism_coincidences(
    figures: Iterable[str],
    bases: Iterable[int] = range(1, 121),
    mechanisms: Iterable[str] = (*ROUNDINGS, FORCED),
) -> pd.DataFrame:
    """
    Tell how often *some* way of rounding at *some* base reproduces figures that were drawn at random.

    Parameters
    ----------
    figures, bases, mechanisms
        As for `regint.percentages.apportionment.rounding_mechanisms`, whose search this puts in proportion.

    Returns
    -------
    DataFrame
        One row per base, in ascending order: ``base`` and ``rate``, the share of the random sets of figures
        that some mechanism reproduces, on some grid, at this base or a smaller one.

    Raises
    ------
    ValueError
        If a figure, base or option is illegal.

    Notes
    -----
    Drawn are 10,000 sets of as many figures with the same sum, all equally probable, on the coarsest grid
    that holds the figures; the seed is fixed. The coincidence rate of one mechanism at one base counts only
    what that one can print; whoever tries several and reports the first that fits has had as many chances
    as were tried. The rate at the base that was found is the p-value of the search for a small base.

    Examples
    --------
    >>> found = mechanism_coincidences(["43.5", "23.5", "23", "10"], range(1, 54)).set_index("base")["rate"]
    >>> [round(float(found[base]), 2) for base in (30, 50, 53)]
    [0.06, 0.28, 0.32]
    """
    windows(texts := list(figures), "closed", "up_or_down")
    wanted = {check_option(name, (*ROUNDINGS, FORCED), "mechanism") for name in mechanisms}
    if "up_or_down" in wanted:
        wanted -= {"up", "down", "even"}  # each of these prints what it can print
    own = next(grid for name in GRIDS if (grid := on_grid(texts, name)) is not None)
    drawn = _compositions(np.random.default_rng(SEED), len(texts), sum(own.units))

    lying = {scale: (drawn * scale % own.scale == 0).all(axis=1) for scale in GRIDS.values()}

    def fits(base: int, rows: _Ints) -> NDArray[np.bool_]:
        possible = np.zeros(len(rows), dtype=bool)
        for scale, rule in product(GRIDS.values(), sorted(wanted)):
            left = ~possible & lying[scale][rows]
            units = drawn[rows[left]] * scale // own.scale
            possible[left] = (
                forced_sums_fit(units, base, scale)
                if rule == FORCED
                else _fits(units, scale, base, "closed", rule)
            )
        return possible

    return _rates(bases, fits)


def base_coincidences(
    printed: pd.DataFrame, bases: Iterable[int] = range(1, 301), rounding: str = "up_or_down"
) -> pd.DataFrame:
    """
    Tell how often *some* base explains all questions together if their figures are drawn at random.

    Parameters
    ----------
    printed : DataFrame
        One row per figure: ``question``, ``total`` and ``printed``, of the questions that share a base.
    bases : iterable of int
        The bases that were tried.
    rounding : str
        The rounding rule.

    Returns
    -------
    DataFrame
        One row per base, in ascending order: ``base`` and ``rate``, the share of the random surveys that
        this base or a smaller one explains. What is far from 0 at the base that was found says little.

    Raises
    ------
    ValueError
        If a figure, a base or a column is illegal or missing.

    Notes
    -----
    Drawn are 10,000 surveys with as many figures of as many decimals; the seed is fixed. Figures of a closed
    or open question have the printed sum, but for rounding, each set alike; those of a `multiple` one are
    free of each other.

    Examples
    --------
    >>> printed = pd.DataFrame({"question": "role", "total": "closed", "printed": ["86.7", "13.3"]})
    >>> rates = base_coincidences(printed, range(1, 31))["rate"]
    >>> round(float(rates.iloc[14]), 2), round(float(rates.iloc[29]), 2)
    (0.07, 0.29)
    """
    generator = np.random.default_rng(SEED)
    drawn = [(one.total, *_invented(generator, one)) for one in questions_of(printed)]

    def fits(base: int, rows: _Ints) -> NDArray[np.bool_]:
        possible = np.ones(len(rows), dtype=bool)
        for total, scales, units in drawn:
            possible[possible] = _fits(units[rows[possible]], scales, base, total, rounding)
            if not possible.any():
                break
        return possible

    return _rates(bases, fits)


def _rates(bases: Iterable[int], fits: Callable[[int, _Ints], NDArray[np.bool_]]) -> pd.DataFrame:
    """Count, base by base, what has been explained so far."""
    unexplained, rows = np.arange(DRAWS), []
    for base in sorted(checked_bases(bases)):
        if len(unexplained):
            unexplained = unexplained[~fits(base, unexplained)]
        rows.append((base, 1 - len(unexplained) / DRAWS))
    return pd.DataFrame(rows, columns=["base", "rate"])


def _compositions(generator: np.random.Generator, parts: int, total: int) -> _Ints:
    """Draw whole numbers that sum to a total, every vector with the same probability."""
    return generator.multinomial(total, generator.dirichlet(np.ones(parts), DRAWS))


def _invented(generator: np.random.Generator, question: Question) -> tuple[_Ints, _Ints]:
    """Draw figures like those of a question, in units of the last place of each."""
    parsed = [parse_figure(figure) for figure in question.figures]
    scales = np.array([one.scale for one in parsed])
    if question.total == "multiple":
        return scales, generator.integers(0, 100 * scales + 1, (DRAWS, len(parsed)))
    finest = int(scales.max())
    total = sum(one.units * finest // one.scale for one in parsed)
    steps = finest // scales
    return scales, (_compositions(generator, len(parsed), total) + steps // 2) // steps


def _fits(units: Any, scales: _Ints | int, base: int, total: str, rounding: str) -> NDArray[np.bool_]:
    """Tell of each row of figures whether some counts of a base print so and add up."""
    low, low_inclusive, high, high_inclusive = half_units(units, rounding)
    steps = 200 * scales
    least = np.maximum(-((-low * base - np.logical_not(low_inclusive)) // steps), 0)
    most = np.minimum((high * base - np.logical_not(high_inclusive)) // steps, base)
    return adding_up(least.T, most.T, base, total)
