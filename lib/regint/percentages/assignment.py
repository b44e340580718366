"""Which base stands behind each question of a survey, where reports leave it out."""

from collections.abc import Iterable, Sequence
from math import comb, inf, log10

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regint.percentages.bases import IDENTIFIED, Question, log10_likelihoods, questions_of
from regint.percentages.counts import checked_bases, fitting, windows
from regint.percentages.rounding import ROUNDINGS, parse_figure

# So many steps at most bring down a bound of the search; shorter steps than this gain nothing.
_STEPS, _PATIENCE, _LEAST_PACE = 300, 10, 0.01
# Scores that differ by less count as equal.
_EQUAL = 1e-9
# Numbers that the proof may go through, again and again: half a minute.
_MOST_NUMBERS = 10_000_000
_COLUMNS = [
    "question", "total", "figures", "printed_sum", "alone", "smallest", "possible", "base", "status", "fits",
    "accounted_least", "accounted_most", "unreported_least", "unreported_most",
]  # fmt: skip


def assign_bases(
    printed: pd.DataFrame, bases: Iterable[int] = range(1, 301), rounding: str = "up_or_down"
) -> pd.DataFrame:
    r"""
    Give every question of a survey a base: the one that its source prints, or else one that explains it.

    Parameters
    ----------
    printed : DataFrame
        One row per printed figure: ``question``, ``total`` (`closed`, `open` or `multiple`), ``printed``
        (text) and, if any are known, ``base``: the base that the source prints, missing where it prints none.
    bases : iterable of int
        The bases that are thinkable for the other questions; the recorded ones are so in any case.
    rounding : str
        The rounding rule, as in `consistent_counts`.

    Returns
    -------
    DataFrame
        One row per question, in the order of `printed`: ``question``, ``total``, ``figures`` (how many),
        ``printed_sum`` (share, may exceed 1), ``alone`` (whether one base is as good as certain without
        the other questions), ``smallest`` (least thinkable base that fits), ``possible`` (how many fit),
        ``base``, ``status``, ``fits`` (whether the figures are possible at this base), and the counts that
        the printed options account for at the base and leave ``unreported`` (least and most; the latter
        missing for choose-several questions). The status is

        - ``"recorded"``: the base that the source prints, whether or not the figures fit it;
        - ``"shared"``: inferred; other questions have the same base;
        - ``"own"``: inferred; no other question has it;
        - ``"none"``: no thinkable base fits, and ``base`` is missing.

    Raises
    ------
    ValueError
        If a column or every row is missing, or a question has two totals or two bases.
        If a figure, a base or an option is illegal.

    Notes
    -----
    A set :math:`B` of bases scores

    .. math::
        S(B) = \sum_q \max\Big(\max_{b \in B} \log_{10} L_q(b),\ \max_b \log_{10} L_q(b) - \log_{10} QN\Big)
        - Q \log_{10} |B| - \log_{10} \binom{N}{|B| - R}

    for :math:`Q` questions, :math:`N` thinkable and :math:`R` recorded bases, with :math:`L_q` of
    `base_likelihood`. Each question is explained by the base of the set that suits it best, or by a base of
    its own at the price of naming it and the question; each further base must earn the choice it gives to
    every question. Recorded bases belong to the set at no price. The set with the greatest score is found by
    branch and bound, with bounds from the Lagrangian dual [1]_; it is the greatest of all sets of any size,
    unless ``attrs["proved"]`` of the table is False: hundreds of questions on many large bases would take too
    long to prove, and the best set found by adding, dropping and exchanging bases stands.

    References
    ----------
    .. [1] Cornuejols, G., Fisher, M. L. and Nemhauser, G. L. (1977). Location of bank accounts to optimize
       float: an analytic study of exact and approximate algorithms. Management Science 23(8), 789-810.
       https://doi.org/10.1287/mnsc.23.8.789

    Examples
    --------
    >>> printed = pd.DataFrame({
    ...     "question": ["role", "role", "steps", "steps"], "total": ["closed"] * 2 + ["open"] * 2,
    ...     "printed": ["86.7", "13.3", "26.4", "13.2"]})
    >>> assign_bases(printed, range(1, 61))[["question", "base", "status", "unreported_most"]].values.tolist()
    [['role', 15, 'own', 0], ['steps', 53, 'own', 32]]
    >>> assign_bases(printed.assign(base=[30, 30, None, None]), range(1, 61))["base"].tolist()
    [30, 53]
    """
    questions = questions_of(printed)
    sizes = _thinkable(bases, questions)
    table, assigned, _, proved = _choose(questions, sizes, rounding)
    rows = []
    for question, values, (base, status) in zip(questions, table, assigned, strict=True):
        share = float(sum(units / scale for units, scale in map(parse_figure, question.figures))) / 100
        possible = np.isfinite(values)
        smallest = sizes[int(possible.argmax())] if possible.any() else None
        known = (question.name, question.total, len(question.figures), share, _verdict(values))
        counts = _accounted(question, base, rounding)
        fits = base is not None and counts is not None
        rows.append((*known, smallest, int(possible.sum()), base, status, fits, *(counts or [None] * 4)))
    found = pd.DataFrame(rows, columns=_COLUMNS)
    found = found.astype(dict.fromkeys(("smallest", "base", *_COLUMNS[-4:]), "Int64"))
    found.attrs["proved"] = proved
    return found


def compare_roundings(printed: pd.DataFrame, bases: Iterable[int] = range(1, 301)) -> pd.DataFrame:
    """
    Say how well a survey is explained under each rounding rule.

    Parameters
    ----------
    printed, bases
        As for `assign_bases`.

    Returns
    -------
    DataFrame
        One row per rule, the best first (most questions, then the greatest score): ``rounding``,
        ``questions`` (how many fit the base that `assign_bases` gives them), ``bases`` (tuple of those that
        two or more of them share), ``score``: log10 of the probability of the figures that are explained,
        less the price of the bases. Scores are to be compared where the numbers of questions are equal.

    Examples
    --------
    Of seven people 4, 2 and 1 print as 57, 28 and 14 if digits are cut off.

    >>> printed = pd.DataFrame({"question": "role", "total": "closed", "printed": ["57", "28", "14"]})
    >>> compare_roundings(printed.assign(base=7))[["rounding", "questions"]].head(2).values.tolist()
    [['floor', 1], ['up_or_down', 0]]
    """
    questions = questions_of(printed)
    sizes = _thinkable(bases, questions)
    rows = []
    for rounding in ROUNDINGS:
        _, assigned, score, _ = _choose(questions, sizes, rounding)
        found = [
            base
            for question, (base, _) in zip(questions, assigned, strict=True)
            if base is not None and _accounted(question, base, rounding) is not None
        ]
        shared = tuple(sorted({base for base in found if found.count(base) > 1}))
        rows.append((rounding, len(found), shared, score))
    frame = pd.DataFrame(rows, columns=["rounding", "questions", "bases", "score"])
    return frame.sort_values(["questions", "score"], ascending=False, kind="stable", ignore_index=True)


def _thinkable(bases: Iterable[int], questions: Sequence[Question]) -> list[int]:
    """Add the recorded bases to those listed."""
    listed = set(checked_bases(bases))
    if not listed:
        raise ValueError("No base was listed; give a range such as range(1, 301).")
    return sorted(listed | {question.recorded for question in questions if question.recorded is not None})


def _choose(
    questions: Sequence[Question], sizes: Sequence[int], rounding: str
) -> tuple[NDArray[np.float64], list[tuple[int | None, str]], float, bool]:
    """Give the log-likelihood of each question at each base, the base and status of each, and their score."""
    halves = rounding == "up_or_down"
    table = np.array(
        [log10_likelihoods(windows(q.figures, q.total, rounding), sizes, q.total, halves) for q in questions]
    )
    recorded = [question.recorded for question in questions]
    given = [place for place, base in enumerate(sizes) if base in recorded]
    free = np.isfinite(table).any(axis=1) & np.array([base is None for base in recorded])
    number = int(free.sum())
    # Naming one of all bases for one of the questions.
    own = table.max(axis=1) - log10(len(sizes) * max(number, 1))
    gains = np.maximum(table[free] - own[free, None], 0)
    # More bases than questions explain nothing better than one each.
    prices = np.array(
        [
            number * log10(max(len(given) + more, 1)) + log10(comb(len(sizes) - len(given), more))
            for more in range(min(number, len(sizes) - len(given)) + 1)
        ]
    )
    chosen, score, proved = _best_set(gains, prices, given) if number else ([], 0.0, True)
    chosen = [*given, *chosen]
    assigned: list[tuple[int | None, str]] = []
    for base, values, least in zip(recorded, table, own, strict=True):
        shared = max(chosen, key=lambda place: values[place], default=None)
        if base is not None:
            assigned.append((base, "recorded"))
        elif not np.isfinite(values).any():
            assigned.append((None, "none"))
        elif shared is None or values[shared] < least:
            assigned.append((sizes[int(values.argmax())], "own"))
        else:
            assigned.append((sizes[shared], "shared"))
    taken = [base for base, _ in assigned]
    assigned = [(one, "own" if how == "shared" and taken.count(one) == 1 else how) for one, how in assigned]
    return table, assigned, score + float(own[free].sum()), proved


def _verdict(values: NDArray[np.float64]) -> str:
    """Say whether one base takes the whole probability, all beforehand alike."""
    best = values.max()
    if best == -inf:
        return "impossible"
    return "identified" if 1 / float((10 ** (values - best)).sum()) >= IDENTIFIED else "not identified"


def _accounted(question: Question, base: int | None, rounding: str) -> list[int | None] | None:
    """Give the counts that the options account for and leave over, least and most; None if none fit."""
    prepared = windows(question.figures, question.total, rounding)
    if base is None or not fitting(prepared, [base], question.total).all():
        return None
    if question.total == "multiple":
        return [None] * 4
    ranges = [one.counts(base) for one in prepared]
    least, most = sum(low for low, _ in ranges), min(base, sum(high for _, high in ranges))
    if question.total == "closed":
        least = most = base
    return [least, most, base - most, base - least]


def _best_set(
    gains: NDArray[np.float64], prices: NDArray[np.float64], given: Sequence[int] = ()
) -> tuple[list[int], float, bool]:
    """Choose the columns whose best gains per row, less the price of so many beside the given, are greatest.

    Returned are the columns chosen, their score, and whether it is proved that no other choice scores more.

    Let each row q ask at least w(q). No k columns can score more than the sum of all w, plus the k greatest
    of sum over q of max(0, gain(q, b) - w(q)), less the price of k. For each number of columns this bound is
    brought down over w by subgradients; a number, or a column, with which it stays below the best score found
    is left out, and what remains is tried in both ways.
    """
    start = gains[:, list(given)].max(axis=1, initial=0.0)
    residual = np.maximum(gains - start[:, None], 0)
    best, chosen = _greedy(residual, prices)
    looked_at = 0

    def search(
        taken: list[int], columns: NDArray[np.intp], asked: NDArray[np.float64], numbers: NDArray[np.intp]
    ) -> None:
        """Try every choice of some of the columns beside those taken, so many in all as given."""
        nonlocal best, chosen, looked_at
        floor = residual[:, taken].max(axis=1, initial=0.0)
        at = float(floor.sum() - prices[len(taken)])
        if len(taken) in numbers and at > best + _EQUAL:
            best, chosen = at, list(taken)
        numbers = numbers[(numbers > len(taken)) & (numbers <= len(taken) + len(columns))]
        while len(numbers) and looked_at < _MOST_NUMBERS:
            looked_at += gains.shape[0] * len(columns)
            costs = prices[numbers] - floor.sum()
            rest = np.maximum(residual[:, columns] - floor[:, None], 0)
            open_numbers, kept, asked = _narrow(rest, numbers - len(taken), costs, best, asked)
            numbers, columns = numbers[open_numbers], columns[kept]
            if len(numbers) > 1:
                # Each by itself, the most promising first: its bound comes down further.
                for number in numbers:
                    search(taken, columns, asked, np.array([number]))
                return
            elif len(numbers):
                branch, columns = int(columns[0]), columns[1:]
                search([*taken, branch], columns, asked, numbers)
                numbers = numbers[numbers <= len(taken) + len(columns)]

    numbers = np.arange(min(len(prices) - 1, gains.shape[1]) + 1)
    search([], np.arange(gains.shape[1]), residual.max(axis=1) / 2, numbers)
    return sorted(chosen), float(start.sum()) + best, looked_at < _MOST_NUMBERS


def _greedy(gains: NDArray[np.float64], prices: NDArray[np.float64]) -> tuple[float, list[int]]:
    """Add, drop and exchange columns one by one while that raises the score."""

    def reached(columns: list[int]) -> NDArray[np.float64]:
        best: NDArray[np.float64] = gains[:, columns].max(axis=1, initial=0.0)
        return best

    def best_beside(columns: list[int]) -> int:
        return int(np.maximum(gains - reached(columns)[:, None], 0).sum(axis=0).argmax())

    def score(columns: list[int]) -> float:
        return float(reached(columns).sum() - prices[len(columns)])

    chosen: list[int] = []
    while len(chosen) + 1 < len(prices):
        others = [chosen[:place] + chosen[place + 1 :] for place in range(len(chosen))]
        trials = [*others, [*chosen, best_beside(chosen)]]
        if score(trials[-1]) <= score(chosen) + _EQUAL:
            trials += [[*few, best_beside(few)] for few in others]
        if score(best := max(trials, key=score)) <= score(chosen) + _EQUAL:
            break
        chosen = best
    return score(chosen), chosen


def _narrow(
    gains: NDArray[np.float64],
    numbers: NDArray[np.intp],
    costs: NDArray[np.float64],
    goal: float,
    asked: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Bring down the bounds; list the numbers and the columns that may still beat the goal, best first."""
    greatest = gains.max(axis=1)
    asked = at_lowest = np.minimum(asked, greatest)
    open_numbers, columns = np.arange(len(numbers)), np.arange(gains.shape[1])
    lowest, pace, since = inf, 1.0, 0
    for _ in range(_STEPS):
        over = gains[:, columns] - asked[:, None]
        worth = np.maximum(over, 0).sum(axis=0)
        order = np.argsort(-worth, kind="stable")
        sums = np.concatenate([[0.0], np.cumsum(worth[order])])
        bounds = asked.sum() + sums[numbers[open_numbers]] - costs[open_numbers]
        open_numbers, bounds = open_numbers[bounds > goal + _EQUAL], bounds[bounds > goal + _EQUAL]
        if len(open_numbers) == 0:
            break
        # With one column forced in, and the best of the others beside it.
        beside = (asked.sum() + sums[numbers[open_numbers] - 1] - costs[open_numbers]).max()
        kept = beside + worth > goal + _EQUAL
        columns, rank = columns[kept], np.cumsum(kept) - 1
        fits = numbers[open_numbers] <= len(columns)
        open_numbers, bounds = open_numbers[fits], bounds[fits]
        if len(open_numbers) == 0:
            break
        order = rank[order[kept[order]]]
        best = int(bounds.argmax())
        since += 1
        if bounds[best] < lowest - _EQUAL:
            lowest, at_lowest, since = float(bounds[best]), asked, 0
        if since == _PATIENCE:
            pace, since, asked = pace / 2, 0, at_lowest
            if pace < _LEAST_PACE:
                break
            continue
        most = order[: numbers[open_numbers[best]]]
        slope = 1.0 - (over[:, kept][:, most] > 0).sum(axis=1)
        length = float((slope**2).sum())
        if length == 0:
            break
        asked = np.clip(asked - pace * (bounds[best] - goal) / length * slope, 0, greatest)
    if len(open_numbers) == 0:
        return open_numbers, columns, at_lowest
    return open_numbers[np.argsort(-bounds, kind="stable")], columns[order], at_lowest
