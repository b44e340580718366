"""Which numbers of respondents could have produced the printed figures, and how likely each is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, inf, log10, prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regint.percentages.checks import check_count, check_option
from regint.percentages.counts import Window, admissible_bases, checked_bases, count_ranges, ways, windows
from regint.percentages.rounding import parse_figure, printed_units, unround

PRIORS = ("uniform", "reciprocal")
# Posterior probability from which a base counts as identified.
IDENTIFIED = 0.95
# A survey is explained by at most so many different bases.
MOST_BASES = 4


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
    prepared = windows(figures, total, rounding)
    sizes = checked_bases(bases)
    halves = rounding == "up_or_down"
    values = [_log10_share(prepared, size, total, halves) for size in sizes]
    return pd.DataFrame({"base": sizes, "log10_likelihood": values}).astype({"log10_likelihood": float})


def _log10_share(prepared: Sequence[Window], base: int, total: str, halves: bool) -> float:
    """Give log10 of the share of all count vectors of a base that print as the figures."""
    weights = [_doubled_weights(one, base, halves) for one in prepared]
    if not all(weights):
        return -inf
    options = len(weights)
    if total == "multiple":
        printing, possible = prod(sum(row) for row in weights), (base + 1) ** options
    else:
        spare = base - sum(one.counts(base)[0] for one in prepared)
        table = _convolve(weights, spare)
        printing = table[spare] if total == "closed" and 0 <= spare < len(table) else 0
        if total == "open":
            printing = sum(table[: spare + 1]) if spare >= 0 else 0
        possible = comb(base + options - (total == "closed"), options - (total == "closed"))
    return log10(printing) - options * log10(2) - log10(possible) if printing else -inf


def _doubled_weights(one: Window, base: int, halves: bool) -> list[int]:
    """Give twice the probability that each count in a window prints as the figure: 2, or 1 at a tie."""
    least, most = one.counts(base)
    ties = (one.low * base, one.high * base) if halves else ()
    return [1 if one.step * count in ties else 2 for count in range(least, most + 1)]


def _convolve(weights: list[list[int]], spare: int) -> list[int]:
    """Multiply polynomials with exact integer coefficients, up to the power that is needed."""
    if spare < 0:
        return []
    if all(weight == 2 for row in weights for weight in row):
        scale = 2 ** len(weights)
        return [scale * number for number in ways([len(row) - 1 for row in weights], spare)[-1]]
    table = [1]
    for row in weights:
        longer = [0] * min(len(table) + len(row) - 1, spare + 1)
        for power, coefficient in enumerate(table):
            for extra, weight in enumerate(row[: len(longer) - power]):
                longer[power + extra] += coefficient * weight
        table = longer
    return table


def parity_likelihood(
    figures: Iterable[str], bases: Iterable[int] = range(1, 301), rounding: str = "up_or_down"
) -> pd.DataFrame:
    """
    Give the likelihood of every base from one feature alone: which last digits are even.

    Parameters
    ----------
    figures : iterable of str
        Printed percentages; each counts as a separate draw.
    bases : iterable of int
        The bases to compare.
    rounding : str
        The rounding rule.

    Returns
    -------
    DataFrame
        ``base``, ``even_share`` (probability that the last printed digit is even, for the first figure's
        number of decimals and a count anywhere between none and all) and ``log10_likelihood``.

    Raises
    ------
    ValueError
        If a figure, base or option is illegal.

    Notes
    -----
    Whole percentages of 50 are all even. The feature is easy to see and easy to explain, but it throws
    away that the figures are also reachable at a larger base; `base_likelihood` uses all of them, and its
    ratio against a base that happens to reach every even figure is smaller.

    Examples
    --------
    >>> parity_likelihood(["52", "48", "32"], [50, 80, 100]).round(3)
       base  even_share  log10_likelihood
    0    50       1.000             0.000
    1    80       0.506            -0.887
    2   100       0.505            -0.890
    """
    windows(figures := list(figures), "multiple", rounding)
    parsed = [parse_figure(figure) for figure in figures]
    rows = []
    for size in checked_bases(bases):
        even = {scale: _even_share(size, scale, rounding) for scale in {figure.scale for figure in parsed}}
        shares = [even[one.scale] if one.units % 2 == 0 else 1 - even[one.scale] for one in parsed]
        value = sum(map(log10, shares)) if all(shares) else -inf
        rows.append((size, even[parsed[0].scale], value))
    return pd.DataFrame(rows, columns=["base", "even_share", "log10_likelihood"])


def _even_share(base: int, scale: int, rounding: str) -> float:
    """Give the probability that a count between none and all prints an even last digit."""
    printed = (printed_units(count, base, scale, rounding) for count in range(base + 1))
    return sum(sum(units % 2 == 0 for units in either) / len(either) for either in printed) / (base + 1)


@dataclass(frozen=True)
class BasePosterior:
    """
    What printed figures say about their base.

    Attributes
    ----------
    table : DataFrame
        ``base``, ``log10_likelihood``, ``prior``, ``posterior``, in the order of the bases given.
    base : int or None
        The most probable base; None when no base fits.
    probability : float
        Its posterior probability; 0 when no base fits.
    credible : tuple of int
        The fewest bases that hold the threshold together, most probable first.
    verdict : str
        ``"identified"`` when one base reaches the threshold, ``"not identified"`` when none does,
        ``"impossible"`` when no base fits.
    """

    table: pd.DataFrame
    base: int | None
    probability: float
    credible: tuple[int, ...]
    verdict: str


def base_posterior(
    figures: Iterable[str],
    bases: Iterable[int] = range(1, 301),
    total: str = "closed",
    rounding: str = "up_or_down",
    *,
    prior: str = "uniform",
) -> BasePosterior:
    """
    Weigh the bases of printed figures by likelihood and a stated prior.

    Parameters
    ----------
    figures, bases, total, rounding
        As for `base_likelihood`.
    prior : {"uniform", "reciprocal"}
        Every listed base alike, or in proportion to ``1 / base``.

    Returns
    -------
    BasePosterior
        The table, the most probable base and a verdict. It holds only among the bases listed.

    Raises
    ------
    ValueError
        If a figure, base or option is illegal, or no base is listed.

    Examples
    --------
    >>> base_posterior(["40", "40", "20"]).verdict
    'not identified'
    >>> base_posterior(["43.5", "23.5", "23", "10"], range(1, 115)).verdict
    'impossible'
    """
    check_option(prior, PRIORS, "prior")
    table = base_likelihood(figures, bases, total, rounding)
    if table.empty:
        raise ValueError("No base was listed; give a range such as range(1, 301).")
    weights = np.ones(len(table)) if prior == "uniform" else 1 / table["base"].to_numpy(dtype=float)
    table["prior"] = weights / weights.sum()
    best = table["log10_likelihood"].max()
    if best == -inf:
        return BasePosterior(table.assign(posterior=0.0), None, 0.0, (), "impossible")
    joint = table["prior"] * 10 ** (table["log10_likelihood"] - best)
    table["posterior"] = joint / joint.sum()
    ordered = table.sort_values("posterior", ascending=False, kind="stable")
    needed = int((ordered["posterior"].cumsum() < IDENTIFIED).sum()) + 1
    credible = tuple(int(base) for base in ordered["base"].head(needed))
    probability = float(ordered["posterior"].iloc[0])
    verdict = "identified" if probability >= IDENTIFIED else "not identified"
    return BasePosterior(table, credible[0], probability, credible, verdict)


_NEEDED = ("question", "total", "printed")
_COLUMNS = [
    "question", "total", "figures", "printed_sum", "alone", "smallest", "possible", "base", "probability",
    "accounted_least", "accounted_most", "unreported_least", "unreported_most",
]  # fmt: skip


def base_ledger(
    printed: pd.DataFrame,
    bases: Iterable[int] = range(1, 201),
    rounding: str = "up_or_down",
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
    ValueError
        If a column or every row is missing, or a question has two totals.
        If a figure or an option is illegal.

    Notes
    -----
    A set :math:`B` of bases scores
    :math:`\sum_q \log_{10} \max_{b \in B} L_q(b) - Q \log_{10} |B| - \log_{10} \binom{N}{|B|}` for :math:`Q`
    questions and :math:`N` thinkable bases: all sets of one size are equally probable beforehand, and each
    question takes any base of its set. All sets of up to four are compared. A question that fits no
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
    table = np.array(
        [base_likelihood(f, sizes, total, rounding)["log10_likelihood"] for _, total, f in questions],
        dtype=float,
    )
    chosen = explaining_bases(table, sizes)
    rows = []
    for (question, total, figures), values in zip(questions, table, strict=True):
        fitting = [size for size, value in zip(sizes, values, strict=True) if np.isfinite(value)]
        alone = base_posterior(figures, sizes, total, rounding).verdict
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
        raise ValueError(f"The table of printed figures lacks {lack}; it needs {', '.join(_NEEDED)}.")
    gathered = []
    for question, rows in printed.groupby("question", sort=False, observed=True):
        totals = rows["total"].unique()
        if len(totals) > 1:
            raise ValueError(
                f"The question {question!r} has two totals, {' and '.join(totals)}; give it one."
            )
        gathered.append((str(question), str(totals[0]), list(rows["printed"])))
    return gathered


def explaining_bases(table: NDArray[np.float64], bases: Sequence[int]) -> tuple[int, ...]:
    """Choose the few bases that best explain all questions together."""
    usable = table[np.isfinite(table).any(axis=1)]
    if usable.size == 0:
        return ()
    places = _undominated(usable)
    values = usable[:, places]
    best: tuple[float, tuple[int, ...]] = (-np.inf, ())
    for size in range(1, min(MOST_BASES, len(places)) + 1):
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


_ENDS = {(True, True): "both", (True, False): "lower", (False, True): "upper", (False, False): "neither"}


def figure_intervals(figures: Iterable[str], rounding: str = "up_or_down") -> pd.DataFrame:
    """
    Tabulate what printed figures say.

    Parameters
    ----------
    figures : iterable of str
        Printed percentages.
    rounding : str
        The rounding rule, as in `regint.percentages.rounding.unround`.

    Returns
    -------
    DataFrame
        ``printed`` (text), ``lower`` and ``upper`` (per cent), ``ends``: which of the two ends can itself
        print as the figure, ``"both"``, ``"lower"``, ``"upper"`` or ``"neither"``.

    Raises
    ------
    ValueError
        If a figure or the rule is illegal.

    Examples
    --------
    >>> figure_intervals(["43.5", "10"], rounding="up").values.tolist()
    [['43.5', 43.45, 43.55, 'lower'], ['10', 9.5, 10.5, 'lower']]
    """
    rows = []
    for figure in figures:
        low, with_low, high, with_high = unround(figure, rounding)
        rows.append((figure, float(low), float(high), _ENDS[with_low, with_high]))
    return pd.DataFrame(rows, columns=["printed", "lower", "upper", "ends"])


def base_scan(
    printed: pd.DataFrame, bases: Iterable[int] = range(1, 201), rounding: str = "up_or_down"
) -> pd.DataFrame:
    """
    Say of every base whether it can have produced all figures of a question together.

    Parameters
    ----------
    printed, bases, rounding
        As for `base_ledger`.

    Returns
    -------
    DataFrame
        One row per question and base: ``question``, ``base``, ``admissible``.

    Raises
    ------
    ValueError
        If a column or every row is missing, or a question has two totals.
        If a figure or an option is illegal.

    Examples
    --------
    >>> printed = pd.DataFrame({"question": "role", "total": "closed", "printed": ["86.7", "13.3"]})
    >>> scan = base_scan(printed, range(1, 61))
    >>> scan.loc[scan["admissible"], "base"].to_list()
    [15, 30, 45, 60]
    """
    sizes = list(bases)
    parts = []
    for question, total, figures in questions_of(printed):
        fitting = set(admissible_bases(figures, sizes, total, rounding))
        parts += [(question, base, base in fitting) for base in sizes]
    return pd.DataFrame(parts, columns=["question", "base", "admissible"])


def admissible_runs(scan: pd.DataFrame) -> pd.DataFrame:
    """
    Sum up a scan: the admissible bases of each question, neighbours joined.

    Parameters
    ----------
    scan : DataFrame
        As `base_scan` gives it.

    Returns
    -------
    DataFrame
        One row per question, in order: ``question``, ``smallest`` (missing where no base fits), ``number`` of
        admissible bases, ``bases`` (text: ``"30, 59-61"``).

    Examples
    --------
    >>> printed = pd.DataFrame({"question": "drivers", "total": "multiple", "printed": ["4"]})
    >>> admissible_runs(base_scan(printed, range(1, 31))).values.tolist()
    [['drivers', 23, 6, '23-28']]
    """
    rows = []
    for question, own in scan.groupby("question", sort=False):
        found = own.loc[own["admissible"], "base"]
        runs = found.groupby(found.diff().ne(1).cumsum()).agg(["min", "max"])
        ends = [f"{low}-{high}" if low < high else str(low) for low, high in runs.itertuples(index=False)]
        rows.append((question, found.min(), len(found), ", ".join(ends)))
    table = pd.DataFrame(rows, columns=["question", "smallest", "number", "bases"])
    return table.astype({"smallest": "Int64"})


def weighed_bases(
    posterior: BasePosterior, figures: Iterable[str], rounding: str = "up_or_down"
) -> pd.DataFrame:
    """
    Compare the bases that fit, by all that the figures say and by their last digits alone.

    Parameters
    ----------
    posterior : BasePosterior
        As `regint.percentages.base_posterior` gives it for the figures.
    figures : iterable of str
        The same printed percentages.
    rounding : str
        The rounding rule.

    Returns
    -------
    DataFrame
        One row per admissible base: ``base``, ``behind`` and ``parity`` (powers of ten by which its
        likelihood falls behind the best, from all figures and from even or odd last digits alone),
        ``posterior``.

    Raises
    ------
    ValueError
        If a figure or the rule is illegal.

    Examples
    --------
    >>> from regint.percentages.bases import base_posterior
    >>> figures = ["52", "48", "32"]
    >>> table = weighed_bases(base_posterior(figures, [49, 50, 100], "multiple"), figures)
    >>> table[["base", "behind", "parity"]].round(2).values.tolist()
    [[50.0, 0.0, 0.0], [100.0, 0.89, 0.89]]
    """
    table = posterior.table
    table = table[table["posterior"] > 0].reset_index(drop=True)
    parity = parity_likelihood(figures, table["base"], rounding)["log10_likelihood"]
    behind = table["log10_likelihood"].max() - table["log10_likelihood"]
    return table[["base"]].assign(behind=behind, parity=parity.max() - parity, posterior=table["posterior"])
