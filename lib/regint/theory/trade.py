"""Trade indicators of a region, from a reader's own bilateral matrix, and the arithmetic of a growth claim.

Flows are exports, exporters in rows and importers in columns, in one currency and one year. Trade inside the
region counts once as an export and once as an import, as it does in all totals.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from regint.survey.codebook import locate
from regint.theory.tables import TheoryError


def read_flows(path: str | Path) -> pd.DataFrame:
    """Read a bilateral matrix of exports.

    Parameters
    ----------
    path : str or Path
        CSV whose first column names the exporters and whose other columns are the importers, with the same
        names. The world has to be complete: put all other countries together into one row and column.

    Returns
    -------
    pandas.DataFrame
        Square, floats, exporters by importers in the same order, zeros on the diagonal except for the rest
        of the world.

    Raises
    ------
    regint.theory.tables.TheoryError
        If names differ, a cell is empty, no number or negative; all problems at once.
    """
    file = locate(path)
    try:
        text = pd.read_csv(file, dtype=str, keep_default_na=False, index_col=0, encoding="utf-8-sig")
    except (
        OSError,
        UnicodeDecodeError,
        IndexError,
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
    ) as error:
        raise TheoryError([f"{path} cannot be read as a UTF-8 comma-separated matrix ({error})."]) from error
    text.index, text.columns = text.index.str.strip(), text.columns.str.strip()
    if not text.index.is_unique or not text.columns.is_unique or set(text.index) != set(text.columns):
        odd = sorted(set(text.index) ^ set(text.columns))
        raise TheoryError(
            [f"{file.name}: exporters and importers must be the same names; look at {odd or 'repeats'}."]
        )
    flows = text.apply(pd.to_numeric, errors="coerce").astype(float)
    bad = [
        f"{file.name}, exports of {a} to {b}: '{text.loc[a, b]}' is not a number from 0 up."
        for a, b in product(flows.index, flows.columns)
        if not (0 <= flows.loc[a, b] < np.inf)
    ]
    if bad:
        raise TheoryError(bad)
    return flows[list(flows.index)]


def regional_indicators(flows: pd.DataFrame, region: Sequence[str]) -> pd.Series:
    r"""Intra-regional share, intensity and introversion of a region.

    With :math:`T_{RR}` trade inside the region, :math:`T_R` all trade of its members, :math:`T_W` world
    trade, :math:`T_{RO}` trade of members with outsiders and :math:`T_O` all trade of outsiders (exports
    plus imports throughout):

    .. math::
        ITS = T_{RR} / T_R, \quad ITI = ITS / (T_R / T_W), \quad HI = ITS / (T_{RO} / T_O), \quad
        HE = (1 - ITS) / (1 - T_{RO} / T_O), \quad STI = (HI - HE) / (HI + HE)

    Parameters
    ----------
    flows : pandas.DataFrame
        Complete world, as `read_flows` returns it.
    region : sequence of str
        Members.

    Returns
    -------
    pandas.Series
        ``ITS`` (0-1), ``ITS_exports`` (the same from exports alone), ``ITS_once`` (numerator counted once,
        the slip that halves it), ``ITI`` (1 is neutral), ``HI``, ``HE``, ``STI`` (-1 to 1, 0 is neutral);
        NaN where undefined.

    Raises
    ------
    ValueError
        If a member is not in the matrix, none is given, or no outsider is left.

    References
    ----------
    Iapadre (2006), Regional integration agreements and the geography of world trade, in De Lombaerde (ed.),
    Assessment and Measurement of Regional Integration. Hamanaka (2015), ADB Economics Working Paper 455.

    Examples
    --------
    >>> flows = pd.DataFrame([[0, 30, 20, 50], [20, 0, 10, 70], [10, 10, 0, 30], [60, 40, 50, 600]],
    ...                      index=list("ABCR"), columns=list("ABCR"))
    >>> regional_indicators(flows, ["A", "B", "C"])[["ITS", "ITI", "HI", "HE"]].round(9).tolist()
    [0.4, 1.6, 2.0, 0.75]
    """
    inside = _inside(flows, region)
    cells = flows.to_numpy(dtype=float)
    within, world = cells[np.ix_(inside, inside)].sum(), 2 * cells.sum()
    exports, imports = cells[inside].sum(), cells[:, inside].sum()
    region_trade, outside = exports + imports, exports + imports - 2 * within
    outsiders = world - region_trade
    share = _ratio(2 * within, region_trade)
    abroad = _ratio(outside, outsiders)
    homogeneous, extra = _ratio(share, abroad), _ratio(1 - share, 1 - abroad)
    return pd.Series(
        {
            "ITS": share,
            "ITS_exports": _ratio(within, exports),
            "ITS_once": _ratio(within, region_trade),
            "ITI": _ratio(share, _ratio(region_trade, world)),
            "HI": homogeneous,
            "HE": extra,
            "STI": _ratio(homogeneous - extra, homogeneous + extra),
        }
    )


def _inside(flows: pd.DataFrame, region: Sequence[str]) -> np.ndarray:
    absent = [name for name in region if name not in flows.index]
    if absent or not region:
        raise ValueError(
            f"No row for {', '.join(absent) or 'the region'}; the matrix holds {', '.join(flows.index)}."
        )
    inside = flows.index.isin(list(region))
    if inside.all():
        raise ValueError("The matrix holds members only; add one row and column for the rest of the world.")
    return np.flatnonzero(inside)


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom else float("nan")


def bilateral_intensity(
    flows: pd.DataFrame, exporter: str, importer: str, *, without_own_imports: bool = False
) -> float:
    r"""Trade intensity of one pair: the importer's weight for the exporter over its weight for the world.

    .. math:: TII_{ij} = (x_{ij} / X_i) / (M_j / X_W)

    Parameters
    ----------
    flows : pandas.DataFrame
        Complete world, as `read_flows` returns it.
    exporter, importer : str
        The pair.
    without_own_imports : bool
        Whether to take the exporter's own imports out of world trade, since nobody exports to oneself.

    Returns
    -------
    float
        0 and up, 1 is neutral.

    Raises
    ------
    ValueError
        If one of the two is not in the matrix.
    """
    _inside(flows, [exporter, importer])
    world = flows.to_numpy().sum() - (flows[exporter].sum() if without_own_imports else 0.0)
    return _ratio(
        _ratio(flows.loc[exporter, importer], flows.loc[exporter].sum()), _ratio(flows[importer].sum(), world)
    )


def comparative_advantage(exports: Sequence[float], world: Sequence[float]) -> pd.DataFrame:
    r"""Revealed comparative advantage by product, plain and symmetric.

    .. math:: RCA_k = \frac{x_k / \sum x}{w_k / \sum w}, \quad RSCA_k = \frac{RCA_k - 1}{RCA_k + 1}

    Parameters
    ----------
    exports, world : sequence of float
        Exports of the country and of the world, product by product.

    Returns
    -------
    pandas.DataFrame
        ``RCA`` (0 and up, 1 is neutral) and ``RSCA`` (-1 to 1, 0 is neutral); NaN where the world exports
        none.

    References
    ----------
    Balassa (1965), Trade liberalisation and revealed comparative advantage, Manchester School 33,
    doi:10.1111/j.1467-9957.1965.tb00050.x.

    Examples
    --------
    >>> comparative_advantage([50, 30, 20], [200, 400, 400])["RCA"].round(9).tolist()
    [2.5, 0.75, 0.5]
    """
    own, all_exports = shares(exports), shares(world)
    advantage = np.divide(own, all_exports, out=np.full_like(own, np.nan), where=all_exports > 0)
    return pd.DataFrame({"RCA": advantage, "RSCA": (advantage - 1) / (advantage + 1)})


def complementarity(exports: Sequence[float], imports: Sequence[float]) -> float:
    r"""Fit between what one country sells and another buys: :math:`100 (1 - \sum_k |m_k - x_k| / 2)`.

    Parameters
    ----------
    exports, imports : sequence of float
        Values or shares, product by product; they are scaled to sum to 1.

    Returns
    -------
    float
        0 (nothing in common) to 100 (the same structure).

    References
    ----------
    Michaely (1996), Trade preferential agreements in Latin America: an ex-ante assessment, World Bank
    Policy Research Working Paper 1583.

    Examples
    --------
    >>> round(complementarity([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]), 9)
    70.0
    """
    own, other = shares(exports), shares(imports)
    if own.shape != other.shape:
        raise ValueError(
            f"Exports have {own.size} products and imports {other.size}; use the same list for both."
        )
    return float(100 * (1 - np.abs(own - other).sum() / 2))


def shares(values: Iterable[float]) -> np.ndarray:
    """Scale values from 0 up to sum to 1.

    Raises
    ------
    ValueError
        If there is none, one is negative or missing, or all are 0.
    """
    array = np.asarray(list(values), dtype=float)
    if not array.size or not np.all(array >= 0) or not 0 < array.sum() < np.inf:
        raise ValueError("Shares need at least one value, all of them 0 or more and not all 0.")
    total = float(array.sum())
    return np.asarray(array / total)


def concentration(values: Iterable[float], *, normalised: bool = False) -> float:
    r"""Herfindahl-Hirschman concentration :math:`H = \sum s_i^2`, or :math:`(H - 1/n) / (1 - 1/n)`.

    Examples
    --------
    >>> round(concentration([5, 3, 2]), 9), round(concentration([5, 3, 2], normalised=True), 9)
    (0.38, 0.07)
    """
    parts = shares(values)
    index = float((parts**2).sum())
    if not normalised:
        return index
    return _ratio(index - 1 / parts.size, 1 - 1 / parts.size)


def growth_readings(bases: pd.DataFrame, end: float, claimed: float) -> pd.DataFrame:
    """Read a claim such as "rose by over 250 per cent, to 11" against every stated base.

    "By" 250 per cent means the end is 3.5 times the base; loosely used, "by" can stand for "to", 2.5 times.

    Parameters
    ----------
    bases : pandas.DataFrame
        Candidate starting values with ``value_bn`` and any other columns.
    end : float
        End value, same unit.
    claimed : float
        Claimed growth as a share: 2.5 for 250 per cent.

    Returns
    -------
    pandas.DataFrame
        The columns of `bases` and ``multiple`` (end over base), ``increase`` (multiple less 1),
        ``holds_by`` (increase at least as claimed), ``holds_to`` (multiple at least as claimed) and
        ``reading`` (``by``: true as worded; ``to``: true only if "by" means "to"; ``neither``).

    Examples
    --------
    >>> growth_readings(pd.DataFrame({"value_bn": [2.4, 4.3, 6.0]}), 11, 2.5)["reading"].tolist()
    ['by', 'to', 'neither']
    """
    multiple = end / bases["value_bn"].astype(float)
    by, to = multiple - 1 >= claimed, multiple >= claimed
    reading = np.select([by, to], ["by", "to"], "neither")
    return bases.assign(multiple=multiple, increase=multiple - 1, holds_by=by, holds_to=to, reading=reading)
