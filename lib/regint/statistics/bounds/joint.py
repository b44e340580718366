"""Several overlaps at once: pairs that are possible one by one may be impossible together."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from regint.statistics.checks import CountError, check_count, check_share_of

Pair = tuple[str, str]
MOST_OPTIONS = 14


def joint_choices(
    counts: Mapping[str, int],
    base: int,
    overlaps: Mapping[Pair, int] | None = None,
    *,
    least_choices: int = 0,
    most_choices: int | None = None,
) -> pd.DataFrame | None:
    r"""
    Find respondents who produce all margins and overlaps at once, or show that there are none.

    Parameters
    ----------
    counts : mapping of str to int
        How many chose each option; at most 14 options.
    base : int
        How many could choose.
    overlaps : mapping of (str, str) to int, optional
        How many chose both options of a pair, for any pairs.
    least_choices, most_choices : int, optional
        How few and how many options one respondent could choose: 1 where everyone named something, 3 for
        "choose up to three". No upper limit by default.

    Returns
    -------
    DataFrame or None
        A witness: one row per set of options that anybody chose, a Boolean column per option and
        ``respondents``; None when no panel of that size exists.

    Raises
    ------
    CountError
        If a number is illegal, a pair names an unknown option or there are more than 14 options.

    Notes
    -----
    Each respondent chooses one of :math:`2^m` sets of options; the numbers per set are whole, non-negative
    and linear in the margins, so the question is an integer programme (solved by HiGHS [1]_). The witness
    is checked in integers before it is returned.

    References
    ----------
    .. [1] Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method.
       Mathematical Programming Computation 10, 119-142. https://doi.org/10.1007/s12532-017-0130-5

    Examples
    --------
    Of three respondents two chose each of three options. Each pair may share one, and all may:

    >>> two = {"a": 2, "b": 2, "c": 2}
    >>> joint_choices(two, 3, {("a", "b"): 1, ("a", "c"): 1, ("b", "c"): 1})["respondents"].sum()
    np.int64(3)

    A shared pair cannot be two times two and once one:

    >>> joint_choices(two, 3, {("a", "b"): 2, ("a", "c"): 2, ("b", "c"): 1}) is None
    True
    """
    names, sets = _choice_sets(counts, base, overlaps, least_choices, most_choices)
    found = _solve(names, sets, counts, base, overlaps or {}, np.zeros(len(sets)))
    if found is None:
        return None
    witness = pd.DataFrame(sets.astype(bool), columns=names).assign(respondents=found)
    return witness[witness["respondents"] > 0].reset_index(drop=True)


def joint_overlap_range(
    counts: Mapping[str, int],
    base: int,
    pair: Pair,
    overlaps: Mapping[Pair, int] | None = None,
    *,
    least_choices: int = 0,
    most_choices: int | None = None,
) -> tuple[int, int] | None:
    """
    Bound one overlap by all margins and all other overlaps together.

    Parameters
    ----------
    counts, base, overlaps, least_choices, most_choices
        As for `joint_choices`.
    pair : tuple of str
        The two options.

    Returns
    -------
    tuple of int or None
        Least and greatest number who chose both; None when no panel fits the rest.

    Raises
    ------
    CountError
        As for `joint_choices`.

    Examples
    --------
    >>> joint_overlap_range({"a": 2, "b": 2, "c": 2}, 3, ("b", "c"), {("a", "b"): 2, ("a", "c"): 2})
    (2, 2)
    >>> joint_overlap_range({"a": 20, "b": 20, "c": 20}, 30, ("a", "b"), most_choices=2)
    (10, 10)
    """
    names, sets = _choice_sets(counts, base, {pair: 0, **(overlaps or {})}, least_choices, most_choices)
    both = sets[:, names.index(pair[0])] * sets[:, names.index(pair[1])]
    ends = []
    for direction in (1, -1):
        found = _solve(names, sets, counts, base, overlaps or {}, direction * both)
        if found is None:
            return None
        ends.append(int(both @ found))
    return ends[0], ends[1]


def _choice_sets(
    counts: Mapping[str, int],
    base: int,
    overlaps: Mapping[Pair, int] | None,
    least_choices: int,
    most_choices: int | None,
) -> tuple[list[str], NDArray[np.int64]]:
    """Check the input and list every set of options one respondent could choose, as rows of 0 and 1."""
    names = list(counts)
    if not 0 < len(names) <= MOST_OPTIONS:
        raise CountError(f"Between 1 and {MOST_OPTIONS} options can be solved together, not {len(names)}.")
    for name in names:
        check_share_of(counts[name], base)
    for pair, overlap in (overlaps or {}).items():
        unknown = [name for name in pair if name not in counts]
        if unknown or pair[0] == pair[1]:
            raise CountError(f"The pair {pair!r} must name two different options of {', '.join(names)}.")
        check_count(overlap, "overlap")
    most = len(names) if most_choices is None else check_count(most_choices, "most choices")
    sets = np.array(list(product((0, 1), repeat=len(names))), dtype=np.int64)
    chosen = sets.sum(axis=1)
    return names, sets[(chosen >= check_count(least_choices, "least choices")) & (chosen <= most)]


def _solve(
    names: Sequence[str],
    sets: NDArray[np.int64],
    counts: Mapping[str, int],
    base: int,
    overlaps: Mapping[Pair, int],
    objective: NDArray[np.float64] | NDArray[np.int64],
) -> NDArray[np.int64] | None:
    """Minimise an objective over all panels with the given margins and overlaps; None when there is none."""
    rows = [np.ones(len(sets), dtype=np.int64), *sets.T]
    values = [base, *(counts[name] for name in names)]
    for (first, second), overlap in overlaps.items():
        rows.append(sets[:, names.index(first)] * sets[:, names.index(second)])
        values.append(overlap)
    if len(sets) == 0:
        return None
    matrix, target = np.array(rows), np.array(values)
    result = milp(
        objective,
        integrality=np.ones(len(sets)),
        bounds=Bounds(0, base),
        constraints=LinearConstraint(matrix, target, target),
    )
    if result.x is None:
        return None
    found = np.rint(result.x).astype(np.int64)
    return found if (matrix @ found == target).all() else None
