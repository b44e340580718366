"""Which base each question of a survey was printed for: the fewest bases that explain all figures."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import comb, log10

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regint.statistics.checks import CountError, check_confidence, check_count
from regint.statistics.consistency.likelihood import base_likelihood, base_posterior
from regint.statistics.consistency.windows import count_ranges
from regint.statistics.rounding import parse_figure

_NEEDED = ("question", "total", "printed")
_COLUMNS = [
    "question", "total", "figures", "printed_sum", "alone", "smallest", "possible", "base", "probability",
    "accounted_least", "accounted_most", "unreported_least", "unreported_most",
]  # fmt: skip


def base_ledger(
    printed: pd.DataFrame,
    bases: Iterable[int] = range(1, 201),
    rounding: str = "up_or_down",
    *,
    most_bases: int = 4,
    threshold: float = 0.95,
) -> pd.DataFrame:
    r"""
    Assign a base to every question of a survey, and say how sure that is.

    Parameters
    ----------
    printed : DataFrame
        One row per printed figure: ``question``, ``total`` (`closed`, `open` or `multiple`) and ``printed``
        (text).
    bases : iterable of int
        The bases that are thinkable.
    rounding : str
        The rounding rule.
    most_bases : int
        The survey is explained by at most so many different bases.
    threshold : float
        Posterior probability from which a question identifies its base alone.

    Returns
    -------
    DataFrame
        One row per question, in the order of `printed`: ``question``, ``total``, ``figures`` (how many),
        ``printed_sum`` (share, may exceed 1), ``alone`` (verdict of `base_posterior` without the other
        questions), ``smallest`` (least base that fits), ``possible`` (how many fit), ``base`` (assigned,
        missing where none of the bases chosen fits), ``probability`` (of that base against the
        other bases chosen), and the counts that the printed options account for at the base and leave
        ``unreported`` (least and most; the latter missing for choose-several questions).

    Raises
    ------
    CountError
        If a column or every row is missing, or a question has two totals.
    FigureError, OptionError
        If a figure or an option is illegal.

    Notes
    -----
    A set :math:`B` of bases scores
    :math:`\sum_q \log_{10} \max_{b \in B} L_q(b) - Q \log_{10} |B| - \log_{10} \binom{N}{|B|}` for :math:`Q`
    questions and :math:`N` thinkable bases: all sets of one size are equally probable beforehand, and each
    question takes any base of its set. All sets up to `most_bases` are compared. A question that fits no
    thinkable base takes no part and is reported with a missing base: an impossible vector is a finding.

    Examples
    --------
    >>> printed = pd.DataFrame({
    ...     "question": ["role", "role", "steps", "steps"], "total": ["closed"] * 2 + ["open"] * 2,
    ...     "printed": ["86.7", "13.3", "26.4", "13.2"]})
    >>> base_ledger(printed, range(1, 61))[["question", "base", "unreported_most"]].values.tolist()
    [['role', 15, 0], ['steps', 53, 32]]
    """
    questions = questions_of(printed)
    sizes = sorted({check_count(base, "base", least=1) for base in bases})
    check_confidence(threshold)
    table = np.array(
        [base_likelihood(f, sizes, total, rounding)["log10_likelihood"] for _, total, f in questions],
        dtype=float,
    )
    chosen = explaining_bases(table, sizes, most_bases)
    rows = []
    for (question, total, figures), values in zip(questions, table, strict=True):
        fitting = [size for size, value in zip(sizes, values, strict=True) if np.isfinite(value)]
        alone = base_posterior(figures, sizes, total, rounding, threshold=threshold).verdict
        share = float(sum(units / scale for units, scale in map(parse_figure, figures))) / 100
        base, probability = _assigned(values, sizes, chosen)
        smallest = min(fitting, default=None)
        known = (question, total, len(figures), share, alone, smallest, len(fitting), base, probability)
        rows.append((*known, *_accounted(figures, base, total, rounding)))
    whole = {name: "Int64" for name in ("smallest", "base", *_COLUMNS[-4:])}
    return pd.DataFrame(rows, columns=_COLUMNS).astype(whole)


def questions_of(printed: pd.DataFrame) -> list[tuple[str, str, list[str]]]:
    """Gather the figures of each question, in order of appearance: its name, its total, its figures."""
    missing = [name for name in _NEEDED if name not in printed.columns]
    if missing or printed.empty:
        lack = f"the columns {', '.join(missing)}" if missing else "rows"
        raise CountError(f"The table of printed figures lacks {lack}; it needs {', '.join(_NEEDED)}.")
    gathered = []
    for question, rows in printed.groupby("question", sort=False, observed=True):
        totals = rows["total"].unique()
        if len(totals) > 1:
            raise CountError(
                f"The question {question!r} has two totals, {' and '.join(totals)}; give it one."
            )
        gathered.append((str(question), str(totals[0]), list(rows["printed"])))
    return gathered


def explaining_bases(
    table: NDArray[np.float64], bases: Sequence[int], most_bases: int = 4
) -> tuple[int, ...]:
    """
    Choose the few bases that best explain all questions together.

    Parameters
    ----------
    table : ndarray, shape (questions, bases)
        log10 likelihoods; rows without a finite entry are left out.
    bases : sequence of int
        The bases of the columns.
    most_bases : int
        The greatest number of different bases.

    Returns
    -------
    tuple of int
        The bases, ascending; empty when no question fits any, or no allowed set of bases fits all that do.

    Examples
    --------
    >>> explaining_bases(np.array([[-1.0, -9.0], [-9.0, -1.0]]), [30, 50])
    (30, 50)
    """
    usable = table[np.isfinite(table).any(axis=1)]
    if usable.size == 0:
        return ()
    places = _undominated(usable)
    values = usable[:, places]
    best: tuple[float, tuple[int, ...]] = (-np.inf, ())
    for size in range(1, min(most_bases, len(places)) + 1):
        penalty = len(usable) * log10(size) + log10(comb(len(bases), size))
        # All sets that begin alike are scored at once: the last base runs over the columns.
        for start in combinations(range(len(places)), size - 1):
            first = start[-1] + 1 if start else 0
            if first == len(places):
                continue
            among = values[:, start].max(axis=1, keepdims=True, initial=-np.inf)
            scores = np.maximum(among, values[:, first:]).sum(axis=0) - penalty
            last = int(scores.argmax())
            if scores[last] > best[0]:
                best = (float(scores[last]), (*start, first + last))
    return tuple(bases[places[place]] for place in best[1])


def _undominated(table: NDArray[np.float64]) -> list[int]:
    """List the columns that no other column equals or beats in every row; only they can be chosen."""
    kept = []
    for place in range(table.shape[1]):
        column = table[:, [place]]
        rivals = np.flatnonzero((table >= column).all(axis=0))
        beaten = ((table[:, rivals] > column).any(axis=0) | (rivals < place)).any()
        if np.isfinite(column).any() and not beaten:
            kept.append(place)
    return kept


def _assigned(
    values: NDArray[np.float64], sizes: Sequence[int], chosen: Sequence[int]
) -> tuple[int | None, float | None]:
    """Give the likeliest of the chosen bases for one question, and its share among them."""
    scores = {base: values[sizes.index(base)] for base in chosen}
    top = max(scores.values(), default=-np.inf)
    if not np.isfinite(top):
        return None, None
    base = max(scores, key=lambda one: scores[one])
    return base, float(1 / sum(10 ** (score - top) for score in scores.values()))


def _accounted(figures: list[str], base: int | None, total: str, rounding: str) -> list[int | None]:
    """Give the counts the printed options account for and leave over, least and most of each."""
    if base is None or total == "multiple":
        return [None] * 4
    ranges = count_ranges(figures, base, total, rounding)
    least, most = sum(low for low, _ in ranges), min(base, sum(high for _, high in ranges))
    if total == "closed":
        least = most = base
    return [least, most, base - most, base - least]
