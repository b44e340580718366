"""Which numbers of respondents could have produced the printed figures, and how likely each is."""

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regint.percentages.counts import Window, checked_bases, fitting, windows
from regint.percentages.rounding import check_count

# Posterior probability from which a base counts as identified.
IDENTIFIED = 0.95
# The likelihoods of a question take at most so many products of two numbers: some ten seconds.
_MOST_PRODUCTS = 5 * 10**9
_NEEDED = ("question", "total", "printed")


def base_likelihood(
    figures: Iterable[str],
    bases: Iterable[int] = range(1, 301),
    total: str = "closed",
    rounding: str = "up_or_down",
) -> pd.DataFrame:
    r"""
    Give the likelihood of every base: how probable these very figures are if nothing else is known.

    Parameters
    ----------
    figures : iterable of str
        Printed percentages, of one question or, with ``total="multiple"``, of several.
    bases : iterable of int
        The bases to compare.
    total : {"closed", "open", "multiple"}
        How the counts of the options add up, as in `admissible_bases`.
    rounding : str
        The rounding rule, as in `consistent_counts`.

    Returns
    -------
    DataFrame
        ``base`` and ``log10_likelihood`` (minus infinity where the figures are impossible).

    Raises
    ------
    ValueError
        If a figure, base or option is illegal.

    Notes
    -----
    All vectors of counts that a base allows are taken as equally probable. With :math:`m` options there
    are :math:`\binom{n+m-1}{m-1}` closed and :math:`\binom{n+m}{m}` open vectors and :math:`(n+1)^m` of
    `multiple`; the likelihood is the share of them that print as the figures. At an exact tie
    ``up_or_down`` prints either figure with probability one half. A larger base can print more different
    figures, so it gives less probability to each: that is what lets the data speak for a small base. The
    figures are no independent draws from such a model; read the result as a screening.

    Examples
    --------
    >>> base_likelihood(["52", "48", "32"], [50, 100], total="multiple").round(3)
       base  log10_likelihood
    0    50            -5.123
    1   100            -6.013
    """
    sizes = checked_bases(bases)
    values = log10_likelihoods(windows(figures, total, rounding), sizes, total, rounding == "up_or_down")
    return pd.DataFrame({"base": sizes, "log10_likelihood": values})


def log10_likelihoods(
    prepared: Sequence[Window],
    bases: Sequence[int],
    total: str,
    halves: bool,
    *,
    concentration: float = 1.0,
    unprinted: int | None = None,
) -> NDArray[np.float64]:
    """Give log10 of the probability of the printed figures at each base.

    Opinions have a symmetric Dirichlet distribution: a `concentration` of 1 makes all vectors of counts
    equally probable, less gathers people on few options. With w(a, k) = gamma(k + a) / (gamma(a) k!) a
    vector k of n people on m options has the probability w(a, k1) w(a, k2) ... / w(m a, n). The sum over
    the vectors that print as the figures is the product of one polynomial per figure, whose powers are
    the counts that the figure allows. All terms are positive, so nothing cancels. With `halves` a count
    at an exact tie prints either figure with probability one half; `unprinted` options have no figure (by
    default one, if open).
    """
    if unprinted is None:
        unprinted = int(total == "open")
    fits = fitting(prepared, bases, "open" if unprinted else total) if prepared else np.ones(len(bases), bool)
    everywhere, values = np.array(bases), np.full(len(bases), -inf)
    places = np.flatnonzero(fits)
    places = places[np.argsort(everywhere[places], kind="stable")]
    if len(places) == 0:
        return values
    largest = int(everywhere[places[-1]])
    widest = [most - least + 1 for least, most in (one.counts(largest) for one in prepared)]
    relative = (everywhere[places] / largest).astype(float)
    if (work := sum(widest) * max(widest, default=1) * float((relative**2).sum())) > _MOST_PRODUCTS:
        raise ValueError(
            f"Weighing {len(places)} bases up to {largest}, where a figure stands for up to {max(widest)} "
            f"counts, would take {work:.0e} products; leave out bases above "
            f"{int(largest * (_MOST_PRODUCTS / work) ** (1 / 3))}, of which these figures say next to "
            "nothing."
        )
    options = 2 if total == "multiple" else len(prepared) + unprinted
    everyone = _log10_multiplicities(options * concentration, largest)
    rest = _multiplicities((1 if total == "multiple" else unprinted) * concentration, largest)
    ascending = everywhere[places].astype(np.int64)
    # Bases of one batch are of a size, so that their windows are as wide.
    starts = np.flatnonzero(np.diff((2 * np.log2(np.maximum(ascending, 100))).astype(int))) + 1
    rows = max(128, 60_000 // max(sum(widest), 1))
    for some in np.split(places, sorted({*starts.tolist(), *range(rows, len(places), rows)})):
        sizes = everywhere[some].astype(np.int64)
        table, spare = np.ones((len(sizes), 1)), sizes
        log10_scale = np.zeros(len(sizes)) if total == "multiple" else -everyone[sizes]
        for one in prepared:
            least, weights = _weights(one, sizes, halves, concentration)
            if total == "multiple":
                left = sizes[:, None] - least[:, None] - np.arange(weights.shape[1])
                share = (weights * rest[np.maximum(left, 0)]).sum(axis=1)
                log10_scale = log10_scale + np.log10(share) - everyone[sizes]
                continue
            table, spare = _products(table, weights), spare - least
            greatest = table.max(axis=1)
            table, log10_scale = table / greatest[:, None], log10_scale + np.log10(greatest)
        if total != "multiple":
            left = spare[:, None] - np.arange(table.shape[1])
            sums = (table * np.where(left >= 0, rest[np.maximum(left, 0)], 0.0)).sum(axis=1)
            log10_scale = log10_scale + np.log10(sums)
        values[some] = log10_scale
    return values


def _products(tables: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply two polynomials in each row."""
    longer, shorter = sorted((tables, weights), key=lambda rows: -rows.shape[1])
    product = np.zeros((len(tables), longer.shape[1] + shorter.shape[1] - 1))
    for power in range(shorter.shape[1]):
        product[:, power : power + longer.shape[1]] += longer * shorter[:, [power]]
    return product


def _weights(
    one: Window, bases: NDArray[np.int64], halves: bool, concentration: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Weigh the counts of a figure, at each base from the least: their multiplicity, half of it at a tie."""
    least, most = one.counts_at(bases)
    counts = least[:, None] + np.arange((most - least).max() + 1)
    weights = np.where(counts <= most[:, None], 1.0, 0.0)
    if halves:
        kind = np.int64 if one.step * int(bases.max()) < 2**62 else object  # exact in both
        steps, sizes = one.step * counts.astype(kind), bases.astype(kind)[:, None]
        weights[((steps == one.low * sizes) | (steps == one.high * sizes)).astype(bool)] /= 2
    if concentration != 1:
        weights *= _multiplicities(concentration, int(counts.max()))[counts]
    return least, weights


def _multiplicities(concentration: float, largest: int) -> NDArray[np.float64]:
    """Give how heavily a Dirichlet distribution weighs an option with 0, 1, ... people."""
    counts = np.arange(1, largest + 1)
    return np.cumprod(np.concatenate([[1.0], (counts - 1 + concentration) / counts]))


def _log10_multiplicities(concentration: float, largest: int) -> NDArray[np.float64]:
    """Give log10 of the same, which for many options is too large for a number."""
    counts = np.arange(1, largest + 1)
    return np.cumsum(np.concatenate([[0.0], np.log10((counts - 1 + concentration) / counts)]))


class Question(NamedTuple):
    """The figures of a question, how its counts add up, and the base that the source prints, if any."""

    name: str
    total: str
    figures: tuple[str, ...]
    recorded: int | None


def questions_of(printed: pd.DataFrame) -> list[Question]:
    """Gather the figures of each question, in order of appearance."""
    missing = [name for name in _NEEDED if name not in printed.columns]
    if missing or printed.empty:
        lack = f"the columns {', '.join(missing)}" if missing else "rows"
        raise ValueError(f"The table of printed figures lacks {lack}; it needs {', '.join(_NEEDED)}.")
    gathered = []
    for question, rows in printed.groupby("question", sort=False, observed=True):
        totals = rows["total"].unique()
        recorded = rows["base"].dropna().unique() if "base" in rows else []
        for what, stated in (("totals", totals), ("bases", recorded)):
            if len(stated) > 1:
                listed = " and ".join(map(str, stated))
                raise ValueError(f"The question {question!r} has two {what}, {listed}; give it one.")
        base = check_count(int(recorded[0]), "base", least=1) if len(recorded) else None
        gathered.append(Question(str(question), str(totals[0]), tuple(rows["printed"]), base))
    return gathered
