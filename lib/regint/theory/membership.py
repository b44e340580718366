"""Who belongs where: memberships of states in bodies at a date, their overlap and their nesting."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from regint.theory.dates import date_bounds
from regint.theory.tables import read_table

# Full members and, for treaties without a body, states that have signed.
COUNTED = ("M", "S")


def read_memberships(path: str | Path | None = None) -> pd.DataFrame:
    """Read spells of membership, one row per state, body and spell.

    Parameters
    ----------
    path : str or Path, optional
        CSV with the columns of ``data/context/memberships.csv``, the shipped one by default; ``membership``
        is ``M`` member, ``A`` associate, ``O`` observer, ``S`` signatory of a treaty, ``applicant`` or
        ``none``.

    Returns
    -------
    pandas.DataFrame
        The rows of the file.

    Raises
    ------
    regint.theory.tables.TheoryError
        With every problem of the table, impossible dates included.

    Examples
    --------
    >>> read_memberships()["state"].nunique()
    5
    """
    frame = read_table("memberships", path)
    for text in pd.concat([frame["from"], frame["to"]]):
        if text:
            date_bounds(text)
    return frame


def membership_on(memberships: pd.DataFrame, date: str) -> pd.DataFrame:
    """Membership of every state in every body on a day.

    Parameters
    ----------
    memberships : pandas.DataFrame
        As `read_memberships` returns it.
    date : str
        Day, ``YYYY-MM-DD``. A spell known only by year or month counts from its first day to its last.

    Returns
    -------
    pandas.DataFrame
        States by bodies in the order of the file; cells as in the file, ``left`` where a spell has ended
        and no other runs, ``none`` where there is or was nothing yet.

    Examples
    --------
    >>> spells = pd.DataFrame({"state": ["UZB"] * 2, "body": ["csto"] * 2, "membership": ["M"] * 2,
    ...                        "from": ["1992-05-15", "2006"], "to": ["1999", "2012-12-19"]})
    >>> [membership_on(spells, day).iloc[0, 0] for day in ("1995-01-01", "2003-01-01", "2008-01-01")]
    ['M', 'left', 'M']
    """
    day = date_bounds(date)[0]
    states, bodies = (list(dict.fromkeys(memberships[name])) for name in ("state", "body"))
    table = pd.DataFrame("none", index=pd.Index(states, name="state"), columns=pd.Index(bodies, name="body"))
    for spell in memberships.to_dict("records"):
        begins = date_bounds(spell["from"])[0] if spell["from"] else None
        ends = date_bounds(spell["to"])[1] if spell["to"] else None
        if spell["membership"] == "none" or (begins is not None and begins > day):
            continue
        over = ends is not None and ends < day
        if not over or table.loc[spell["state"], spell["body"]] == "none":
            table.loc[spell["state"], spell["body"]] = "left" if over else spell["membership"]
    return table


def incidence(table: pd.DataFrame, counted: Iterable[str] = COUNTED) -> pd.DataFrame:
    """Zero-one matrix of a membership table.

    Parameters
    ----------
    table : pandas.DataFrame
        As `membership_on` returns it.
    counted : iterable of str
        Cells that count as belonging.

    Returns
    -------
    pandas.DataFrame
        Integers 0 and 1.
    """
    return table.isin(list(counted)).astype(int)


def jaccard(matrix: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    r"""Overlap of every pair of rows: bodies in common over bodies that either belongs to.

    .. math:: J(a, b) = \sum_k w_k \min(a_k, b_k) / \sum_k w_k \max(a_k, b_k)

    Parameters
    ----------
    matrix : pandas.DataFrame
        Zero-one matrix, as `incidence` returns it.
    weights : mapping, optional
        Weight of each column; 1 if not given.

    Returns
    -------
    pandas.DataFrame
        Square, rows by rows, 0-1; NaN where neither belongs to anything.

    References
    ----------
    Jaccard (1912), The distribution of the flora in the alpine zone, New Phytologist 11,
    doi:10.1111/j.1469-8137.1912.tb05611.x.

    Examples
    --------
    >>> jaccard(pd.DataFrame([[1, 1, 0], [0, 1, 1]], index=["a", "b"])).round(3).loc["a", "b"].item()
    0.333
    """
    given = weights or {}
    weight = np.array([float(given.get(str(name), 0.0 if given else 1.0)) for name in matrix.columns])
    cells = matrix.to_numpy(dtype=float)
    common = (np.minimum(cells[:, None, :], cells[None, :, :]) * weight).sum(axis=2)
    either = (np.maximum(cells[:, None, :], cells[None, :, :]) * weight).sum(axis=2)
    values = np.divide(common, either, out=np.full_like(common, np.nan), where=either > 0)
    return pd.DataFrame(values, index=matrix.index, columns=matrix.index)


def overlap_by_year(
    memberships: pd.DataFrame, years: Iterable[int], states: Iterable[str] | None = None
) -> pd.DataFrame:
    """Follow the mean overlap of all pairs of states, at the end of each year.

    Parameters
    ----------
    memberships : pandas.DataFrame
        As `read_memberships` returns it.
    years : iterable of int
        Years.
    states : iterable of str, optional
        States to compare; all by default.

    Returns
    -------
    pandas.DataFrame
        ``year`` and ``overlap`` (mean of `jaccard` over pairs, 0-1; NaN if it is undefined for all).

    Examples
    --------
    >>> overlap_by_year(read_memberships(), [1992], ["KAZ", "KGZ"])["overlap"].item()
    1.0
    """
    chosen = list(dict.fromkeys(memberships["state"])) if states is None else list(states)
    upper = np.triu_indices(len(chosen), 1)
    rows = []
    for year in years:
        table = jaccard(incidence(membership_on(memberships, f"{year}-12-31").loc[chosen])).to_numpy()[upper]
        known = table[~np.isnan(table)]
        rows.append((year, float(known.mean()) if known.size else float("nan")))
    return pd.DataFrame(rows, columns=["year", "overlap"])


@dataclass(frozen=True)
class Nestedness:
    """NODF of the rows, of the columns and of the whole matrix, each from 0 to 100."""

    rows: float
    columns: float
    total: float


def nestedness(matrix: pd.DataFrame | np.ndarray) -> Nestedness:
    """Nestedness by overlap and decreasing fill (NODF): are smaller rows contained in larger ones.

    A pair of rows scores 0 if both have equally many ones, else the percentage of the smaller row's ones
    that the larger shares; the same for columns. NODF is the mean over all pairs.

    Parameters
    ----------
    matrix : pandas.DataFrame or numpy.ndarray
        Zero-one matrix; the order of rows and columns does not matter. Empty rows and columns count as a
        pair scoring 0.

    Returns
    -------
    Nestedness
        100 for a perfectly nested matrix in which no two rows and no two columns tie.

    References
    ----------
    Almeida-Neto et al. (2008), A consistent metric for nestedness analysis in ecological systems, Oikos 117,
    doi:10.1111/j.0030-1299.2008.16644.x.

    Examples
    --------
    >>> worked = np.array([[1,0,1,1,1], [1,1,1,0,0], [0,1,1,1,0], [1,1,0,0,0], [1,1,0,0,0]])
    >>> round(nestedness(worked).total, 2)
    58.33
    """
    cells = np.asarray(matrix, dtype=int)
    rows, columns = _paired_overlap(cells), _paired_overlap(cells.T)
    every = rows + columns
    return Nestedness(
        *(100 * float(sum(part)) / len(part) if part else float("nan") for part in (rows, columns, every))
    )


def _paired_overlap(cells: np.ndarray) -> list[float]:
    totals = cells.sum(axis=1)
    found = []
    for i in range(len(cells)):
        for j in range(i + 1, len(cells)):
            smaller = min(totals[i], totals[j])
            shared = int((cells[i] & cells[j]).sum())
            found.append(shared / smaller if smaller and totals[i] != totals[j] else 0.0)
    return found


def nestedness_null(matrix: pd.DataFrame, *, draws: int = 999, seed: int = 2025) -> pd.DataFrame:
    """Compare NODF with matrices that keep every row's and every column's number of ones.

    Parameters
    ----------
    matrix : pandas.DataFrame
        Zero-one matrix.
    draws : int
        Number of random matrices.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        One row per part (``rows``, ``columns``, ``total``): ``observed``, ``expected``, ``low``, ``high``
        (middle 95 per cent of the draws), ``p_at_least`` (share of draws at least as nested, the observed
        matrix counted in).

    References
    ----------
    Strona et al. (2014), A fast and unbiased procedure to randomize ecological binary matrices with fixed
    row and column totals, Nature Communications 5, doi:10.1038/ncomms5114.
    """
    observed = nestedness(matrix)
    drawn = [nestedness(cells) for cells in _same_margins(matrix.to_numpy(dtype=int), draws, seed)]
    rows = []
    for part in ("rows", "columns", "total"):
        values = np.array([getattr(one, part) for one in drawn])
        value = getattr(observed, part)
        low, high = np.quantile(values, [0.025, 0.975])
        at_least = (1 + np.count_nonzero(values >= value - 1e-9)) / (1 + draws)
        rows.append((part, value, float(values.mean()), float(low), float(high), at_least))
    return pd.DataFrame(rows, columns=["part", "observed", "expected", "low", "high", "p_at_least"])


def _same_margins(cells: np.ndarray, draws: int, seed: int) -> Iterator[np.ndarray]:
    """Trade unshared ones between two rows at a time (the curveball algorithm)."""
    random = np.random.default_rng(seed)
    sets = [set(np.flatnonzero(row).tolist()) for row in cells]
    for _ in range(draws):
        for _ in range(5 * len(sets) if len(sets) > 1 else 0):
            i, j = random.choice(len(sets), size=2, replace=False)
            common, only = sets[i] & sets[j], sorted(sets[i] ^ sets[j])
            mixed = random.permutation(only).astype(int).tolist()
            keep = len(sets[i]) - len(common)
            sets[i], sets[j] = common | set(mixed[:keep]), common | set(mixed[keep:])
        drawn = np.zeros_like(cells)
        for i, chosen in enumerate(sets):
            drawn[i, sorted(chosen)] = 1
        yield drawn
