"""Whether a conclusion survives every defensible choice: all universes, none sampled."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import pandas as pd

Outcome = bool | frozenset[bool]
VERDICTS = ("ALL", "SOME", "NO", "EMPTY")
_STATES = {
    frozenset({True}): "holds",
    frozenset({False}): "fails",
    frozenset({True, False}): "undecided",
    frozenset[bool](): "impossible",
}


@dataclass(frozen=True)
class Multiverse:
    """One conclusion in every universe."""

    universes: pd.DataFrame
    verdict: str
    flips: pd.DataFrame

    @property
    def flipping_axes(self) -> tuple[str, ...]:
        """Name the axes of which a single change can alter the outcome, most decisive first."""
        return tuple(self.flips.loc[self.flips["changed"] > 0, "axis"])


def explore(
    axes: Mapping[str, Sequence[Hashable]], conclusion: Callable[..., bool | set[bool] | Outcome]
) -> Multiverse:
    """
    Evaluate a conclusion under every combination of choices.

    Parameters
    ----------
    axes : mapping of str to sequence
        The choices and their defensible values, such as ``{"base": [30, 50], "method": ["wilson"]}``.
    conclusion : callable
        Called with one keyword per axis. It returns whether the conclusion holds; or, where a universe
        still leaves several data sets, the set of truth values over them (empty if there are none).

    Returns
    -------
    Multiverse
        All universes, the verdict and the axes that flip it.

    Raises
    ------
    ValueError
        If there is no axis, an axis has no or repeated values, or is called ``outcome``.

    Notes
    -----
    A multiverse analysis [1]_ whose results are sets: a universe fixes how to read the data, not which
    data were behind the printed figures. Choices that are not equally defensible do not belong into one
    multiverse [2]_.

    References
    ----------
    .. [1] Steegen, S., Tuerlinckx, F., Gelman, A. and Vanpaemel, W. (2016). Increasing transparency through
       a multiverse analysis. Perspectives on Psychological Science 11(5), 702-712.
       https://doi.org/10.1177/1745691616658637
    .. [2] Del Giudice, M. and Gangestad, S. W. (2021). A traveler's guide to the multiverse. Advances in
       Methods and Practices in Psychological Science 4(1). https://doi.org/10.1177/2515245920954925

    Examples
    --------
    >>> found = explore({"base": [30, 50], "threshold": [0.5, 0.6]},
    ...                 lambda base, threshold: 28 / base >= threshold)
    >>> found.verdict, found.flipping_axes
    ('SOME', ('base', 'threshold'))
    """
    _check_axes(axes)
    names = list(axes)
    rows = []
    for choices in product(*axes.values()):
        outcome = conclusion(**dict(zip(names, choices, strict=True)))
        rows.append((*choices, _STATES[_truth_values(outcome)]))
    universes = pd.DataFrame(rows, columns=[*names, "outcome"])
    return Multiverse(universes, _verdict(universes["outcome"]), _flips(universes, axes))


def _check_axes(axes: Mapping[str, Sequence[Hashable]]) -> None:
    """Refuse axes that cannot span a multiverse."""
    if not axes:
        raise ValueError("A multiverse needs at least one axis of choices.")
    if "outcome" in axes:
        raise ValueError("No axis may be called 'outcome'; that column holds the result.")
    for name, values in axes.items():
        if len(values) == 0 or len(set(values)) != len(values):
            raise ValueError(f"The axis {name!r} needs at least one value and none twice.")


def _truth_values(outcome: Any) -> frozenset[bool]:
    """Read the outcome of one universe as a set of truth values."""
    values = outcome if isinstance(outcome, set | frozenset) else {outcome}
    return frozenset(bool(value) for value in values)


def _verdict(outcomes: pd.Series) -> str:
    """Sum up the outcomes of the possible universes."""
    states = set(outcomes) - {"impossible"}
    if not states:
        return "EMPTY"
    return {frozenset({"holds"}): "ALL", frozenset({"fails"}): "NO"}.get(frozenset(states), "SOME")


def _flips(universes: pd.DataFrame, axes: Mapping[str, Sequence[Hashable]]) -> pd.DataFrame:
    """Compare the universes that differ in one choice alone, axis by axis."""
    outcome = {tuple(row[:-1]): row[-1] for row in universes.itertuples(index=False, name=None)}
    rows = []
    for place, (name, values) in enumerate(axes.items()):
        comparisons = changed = 0
        others = [choices for other, choices in axes.items() if other != name]
        for rest, pair in product(product(*others), combinations(values, 2)):
            states = {outcome[(*rest[:place], value, *rest[place:])] for value in pair}
            if "impossible" not in states:
                comparisons, changed = comparisons + 1, changed + (len(states) > 1)
        rows.append((name, comparisons, changed, changed / comparisons if comparisons else float("nan")))
    flips = pd.DataFrame(rows, columns=["axis", "comparisons", "changed", "share"])
    return flips.sort_values("share", ascending=False, kind="stable", ignore_index=True)
