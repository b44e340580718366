"""Printed figures laid out for reading: what each one says, and which bases admit those of a question."""

from collections.abc import Iterable

import pandas as pd

from regint.statistics.consistency.ledger import questions_of
from regint.statistics.consistency.likelihood import BasePosterior, parity_likelihood
from regint.statistics.consistency.vectors import admissible_bases
from regint.statistics.rounding import unround

_ENDS = {(True, True): "both", (True, False): "lower", (False, True): "upper", (False, False): "neither"}


def figure_intervals(figures: Iterable[str], rounding: str = "up_or_down") -> pd.DataFrame:
    """
    Tabulate what printed figures say.

    Parameters
    ----------
    figures : iterable of str
        Printed percentages.
    rounding : str
        The rounding rule, as in `regint.statistics.rounding.unround`.

    Returns
    -------
    DataFrame
        ``printed`` (text), ``lower`` and ``upper`` (per cent), ``ends``: which of the two ends can itself
        print as the figure, ``"both"``, ``"lower"``, ``"upper"`` or ``"neither"``.

    Raises
    ------
    FigureError, OptionError
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
    CountError
        If a column or every row is missing, or a question has two totals.
    FigureError, OptionError
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
        As `regint.statistics.consistency.base_posterior` gives it for the figures.
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
    FigureError, OptionError
        If a figure or the rule is illegal.

    Examples
    --------
    >>> from regint.statistics.consistency import base_posterior
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
