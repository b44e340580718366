"""Which printed figures, counts and questions do not fit their recorded base, and what would."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regint.percentages.apportionment import FORCED, forced_sum_fits
from regint.percentages.counts import TOTALS, adding_up, window
from regint.percentages.rounding import (
    ROUNDINGS,
    check_count,
    check_option,
    parse_figure,
    printed_units,
    written,
)

WITHOUT_ZEROS = "whole_numbers"
_COLUMNS = (
    "question", "response", "finding", "base", "printed", "count", "would_print", "fitting_bases", "rule",
)  # fmt: skip


def misfits(table: pd.DataFrame, rounding: str = "up_or_down") -> pd.DataFrame:
    """
    Compare every count with its figure, and every question with the base that is recorded for it.

    Parameters
    ----------
    table : DataFrame
        One row per response: ``question``, ``response``, ``total`` (`closed`, `open` or `multiple`),
        ``printed`` (text, empty where no figure was printed), ``base`` (missing where none is recorded) and
        ``count`` (missing where none was printed). A question without a base is passed over, and so must be
        weighted figures, behind which stand no whole counts.
    rounding : str
        The rounding rule that is taken for granted, as in `consistent_counts`.

    Returns
    -------
    DataFrame
        One row per finding, in the order of the table; none where everything fits. ``question``; ``response``
        (empty where the finding concerns the question as a whole); ``finding``; ``base``; ``printed``;
        ``count``; ``would_print`` (text: what the count would have printed, or for a figure without a count
        what the counts below and above it would have printed, as ``"10 of 698: 1.4; 11 of 698: 1.6"``);
        ``fitting_bases`` (tuple: the bases nearest to the recorded one, below and above, at which all figures
        of the question and its counts fit together; up to twice the recorded base); ``rule`` (tuple: other
        rules of rounding under which the whole question fits its recorded base). The findings are

        - ``"count above base"``: more people than the base holds;
        - ``"count and figure"``: the count does not print as the figure beside it;
        - ``"figure"``: no count of the base prints as the figure;
        - ``"counts"``: the counts of the question do not add up to the base (closed), or exceed it (open);
        - ``"question"``: each figure fits by itself, but no counts print as all of them and add up.

        The rules are those of `regint.percentages.rounding.ROUNDINGS`, ``"largest_remainder"`` (the figures
        were forced to sum to 100) and ``"whole_numbers"`` (the figures were rounded to whole numbers and then
        printed with zeros).

    Raises
    ------
    ValueError
        If a figure, a base, a count or an option is illegal.

    Notes
    -----
    A figure that does not fit is no accusation. It may come from another base (some were silent on this
    question), from weights, from another way of rounding or from a slip of the pen.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "question": "job", "response": ["employed", "master"], "total": "open", "base": 698,
    ...     "printed": ["20", "1.5"], "count": pd.array([140, 8], dtype="Int64")})
    >>> misfits(table)[["response", "finding", "would_print"]].values.tolist()
    [['master', 'count and figure', '1.1']]
    >>> misfits(table.assign(count=pd.NA))["would_print"].tolist()
    ['10 of 698: 1.4; 11 of 698: 1.6']
    """
    check_option(rounding, ROUNDINGS, "rounding")
    rows: list[tuple[Any, ...]] = []
    for question, own in table.dropna(subset="base").groupby("question", sort=False, observed=True):
        base = check_count(int(own["base"].iloc[0]), "base", 1)
        rows += [(question, *row) for row in _of_question(own, base, rounding)]
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"base": "Int64", "count": "Int64"})


class _Row(NamedTuple):
    """What is printed of one response."""

    response: str
    figure: str
    people: int | None


def _of_question(own: pd.DataFrame, base: int, rounding: str) -> list[tuple[Any, ...]]:
    """List the findings of one question."""
    total = check_option(own["total"].iloc[0], TOTALS, "total")
    rows = [
        _Row(str(response), figure, None if pd.isna(count) else check_count(int(count)))
        for response, figure, count in zip(own["response"], own["printed"], own["count"], strict=True)
    ]
    found = [(row, *odd) for row in rows if (odd := _of_response(row, base, rounding)) is not None]
    whole = _Row("", "", None)
    counts = [row.people for row in rows if row.people is not None]
    if len(counts) == len(rows) and (
        (total == "closed" and sum(counts) != base) or (total == "open" and sum(counts) > base)
    ):
        found.append((whole._replace(people=sum(counts)), "counts", ""))
    if not found and not _possible(rows, [base], total, rounding).all():
        least, most = _ends(rows, np.array([base]), rounding)
        ends = sorted({int(least.sum()), int(most.sum())})
        found.append((whole, "question", f"together {' to '.join(map(str, ends))} of {base}"))
    if not found:
        return []
    tried = np.arange(1, 2 * base + 1)
    tried = tried[_possible(rows, tried, total, rounding)]
    near = tuple(int(one) for one in (*tried[tried < base][-1:], *tried[tried > base][:1]))
    rules = [rule for rule in ROUNDINGS if rule != rounding and _possible(rows, [base], total, rule).all()]
    figures = [row.figure for row in rows]
    if total == "closed" and forced_sum_fits(figures, base, [row.people for row in rows]):
        rules.append(FORCED)
    bare = [row._replace(figure=re.sub(r"\.0+$", "", row.figure)) for row in rows]  # 14.0 read as 14
    if bare != rows and _possible(bare, [base], total, rounding).all():
        rules.append(WITHOUT_ZEROS)
    return [
        (row.response, finding, base, row.figure, row.people, words, near, tuple(rules))
        for row, finding, words in found
    ]


def _of_response(row: _Row, base: int, rounding: str) -> tuple[str, str] | None:
    """Say what is odd about one response, and what its counts would have printed."""
    if row.people is not None and row.people > base:
        return "count above base", ""
    if not row.figure:
        return None
    units, scale = parse_figure(row.figure)
    least, most = window(parse_figure(row.figure), rounding).counts(base)
    if row.people is not None:
        fits = units in printed_units(row.people, base, scale, rounding)
        return None if fits else ("count and figure", _prints(row.people, base, scale, rounding))
    if least <= most:
        return None
    # The window lies between two counts.
    near = [count for count in (most, least) if 0 <= count <= base]
    words = "; ".join(f"{count} of {base}: {_prints(count, base, scale, rounding)}" for count in near)
    return "figure", words


def _prints(count: int, base: int, scale: int, rounding: str) -> str:
    return " or ".join(written(units, scale) for units in printed_units(count, base, scale, rounding))


def _possible(
    rows: Sequence[_Row], bases: Sequence[int] | NDArray[Any], total: str, rounding: str
) -> NDArray[np.bool_]:
    """Tell at which bases some counts, those printed among them, print as all figures and add up."""
    sizes = np.array(bases, dtype=object if max(bases) > 2**40 else np.int64)
    return adding_up(*_ends(rows, sizes, rounding), sizes, total)


def _ends(rows: Sequence[_Row], sizes: NDArray[Any], rounding: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give the least and the greatest count of each response at each base."""
    ends = []
    for row in rows:
        least, most = 0 * sizes, sizes
        if row.figure:
            least, most = window(parse_figure(row.figure), rounding).counts_at(sizes)
        if row.people is not None:
            least, most = np.maximum(least, row.people), np.minimum(most, row.people)
        ends.append((least, most))
    return np.array([least for least, _ in ends]), np.array([most for _, most in ends])
