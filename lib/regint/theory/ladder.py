"""Is the ladder a ladder? Guttman's scalogram: inversions, reproducibility, scalability, chance level."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regint.theory.tables import TheoryError


@dataclass(frozen=True)
class Scalability:
    """
    How well a matrix of yes and no fits a cumulative scale.

    Attributes
    ----------
    groups, criteria : int
        Size of the matrix.
    errors : int
        Cells that differ from the pattern that the row's total predicts (Goodenough-Edwards).
    reproducibility : float
        1 - errors / cells; 0.90 is the customary floor.
    marginal : float
        Reproducibility from the popularity of the criteria alone; the floor that the data set themselves.
    scalability : float
        (reproducibility - marginal) / (1 - marginal); 0.60 is customary; NaN if no criterion varies.
    """

    groups: int
    criteria: int
    errors: int
    reproducibility: float
    marginal: float
    scalability: float


def inversions(matrix: pd.DataFrame) -> pd.Series:
    """
    Count, for each grouping, the pairs of criteria where the later one is coded higher than the earlier.

    Parameters
    ----------
    matrix : DataFrame
        Groupings by criteria in ladder order, from `regint.theory.balassa.code_matrix`.

    Returns
    -------
    Series
        Number of inverted pairs; 0 for a grouping that climbed in order.

    Examples
    --------
    >>> matrix = pd.DataFrame([[1, 0.5, 1], [1, 0.5, 0]], index=["skips", "climbs"])
    >>> inversions(matrix).to_dict()
    {'skips': 1, 'climbs': 0}
    """
    codes = matrix.to_numpy(dtype=float)
    earlier, later = np.triu_indices(codes.shape[1], k=1)
    return pd.Series((codes[:, earlier] < codes[:, later]).sum(axis=1), index=matrix.index, name="inversions")


def achieved(matrix: pd.DataFrame, threshold: float = 1.0) -> pd.DataFrame:
    """
    Turn codes into yes and no.

    Parameters
    ----------
    matrix : DataFrame
        Codes 0, 0.5, 1.
    threshold : {1.0, 0.5}
        1 counts full achievement only, 0.5 counts partial achievement too.

    Returns
    -------
    DataFrame
        Booleans of the same shape.

    Examples
    --------
    >>> achieved(pd.DataFrame([[1, 0.5, 0]]), threshold=0.5).to_numpy().tolist()
    [[True, True, False]]
    """
    if threshold not in (0.5, 1.0):
        raise TheoryError([f"The threshold must be 0.5 or 1, not {threshold}; choose one of the two."])
    return matrix >= threshold


def by_popularity(binary: pd.DataFrame) -> pd.DataFrame:
    """
    Order the criteria by how many groupings meet them, most first: the best case for a cumulative scale.

    Parameters
    ----------
    binary : DataFrame
        Booleans, groupings by criteria.

    Returns
    -------
    DataFrame
        The same with columns reordered; ties keep the ladder order.

    Examples
    --------
    >>> list(by_popularity(pd.DataFrame({"a": [False, True], "b": [True, True]})))
    ['b', 'a']
    """
    return binary[binary.sum().sort_values(ascending=False, kind="stable").index]


def scale_fit(binary: pd.DataFrame) -> Scalability:
    r"""
    Measure how well the columns, in the order given, form a cumulative scale.

    Parameters
    ----------
    binary : DataFrame
        Booleans, groupings by criteria; the first column is the lowest rung.

    Returns
    -------
    Scalability
        Errors and coefficients.

    Raises
    ------
    TheoryError
        If the matrix is empty.

    Notes
    -----
    A grouping with total :math:`t` should meet the first :math:`t` criteria and no other. Every cell off this
    pattern is an error [1]_ [2]_:

    .. math:: CR = 1 - \frac{E}{nk}, \quad MMR = \frac{1}{k} \sum_c \max(p_c, 1 - p_c), \quad
              CS = \frac{CR - MMR}{1 - MMR}

    CS is Menzel's coefficient [3]_ with the criteria's marginals as the yardstick. When only the rungs'
    popularity differs, CR is high by itself: read CS and the null of `chance_fit`.

    References
    ----------
    .. [1] Goodenough, W. H. (1944). A technique for scale analysis. Educational and Psychological
       Measurement 4, 179-190.
    .. [2] Guttman, L. (1944). A basis for scaling qualitative data. American Sociological Review 9, 139-150.
       doi:10.2307/2086306
    .. [3] Menzel, H. (1953). A new coefficient for scalogram analysis. Public Opinion Quarterly 17, 268-280.
       doi:10.1086/266460

    Examples
    --------
    >>> fit = scale_fit(pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 0, 1]], dtype=bool))
    >>> fit.errors, round(fit.reproducibility, 4), round(fit.marginal, 4), round(fit.scalability, 4)
    (2, 0.7778, 0.6667, 0.3333)
    """
    cells = binary.to_numpy(dtype=bool)
    if cells.size == 0:
        raise TheoryError(["A scale needs at least one grouping and one criterion; check the selection."])
    errors = int(_errors(cells))
    shares = cells.mean(axis=0)
    marginal = float(np.maximum(shares, 1 - shares).mean())
    reproducibility = 1 - errors / cells.size
    scalability = (reproducibility - marginal) / (1 - marginal) if marginal < 1 else float("nan")
    groups, criteria = cells.shape
    return Scalability(groups, criteria, errors, reproducibility, marginal, scalability)


def _errors(cells: np.ndarray) -> np.ndarray:
    """Count Goodenough-Edwards errors of the last two axes, groupings by criteria."""
    totals = cells.sum(axis=-1, keepdims=True)
    predicted = np.arange(cells.shape[-1]) < totals
    return np.asarray((cells != predicted).sum(axis=(-2, -1)))


def compare_orders(binary: pd.DataFrame, *, draws: int = 2000, seed: int = 1944) -> pd.DataFrame:
    """
    Fit a cumulative scale in the order given and in the order of popularity, each beside chance.

    Parameters
    ----------
    binary : DataFrame
        Booleans, groupings by criteria in textbook order.
    draws, seed : int
        As in `chance_fit`.

    Returns
    -------
    DataFrame
        Two rows: ``order`` (``"Textbook order"``, ``"By popularity"``), the fields of `Scalability`, and
        ``expected``, ``span`` and ``p_value`` of `chance_fit`.

    Examples
    --------
    >>> met = pd.DataFrame([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]], dtype=bool)
    >>> compare_orders(met, draws=50)["errors"].to_list()
    [6, 4]
    """
    orders = {"Textbook order": binary, "By popularity": by_popularity(binary)}
    fits = [{"order": name, **vars(scale_fit(order))} for name, order in orders.items()]
    chance = [chance_fit(order, draws=draws, seed=seed) for order in orders.values()]
    beside = pd.concat(chance, ignore_index=True)[["expected", "span", "p_value"]]
    return pd.DataFrame(fits).join(beside)


def chance_fit(binary: pd.DataFrame, *, draws: int = 2000, seed: int = 1944) -> pd.DataFrame:
    """
    Compare the reproducibility with that of unrelated criteria of the same popularity.

    Parameters
    ----------
    binary : DataFrame
        Booleans, groupings by criteria.
    draws, seed : int
        Number of shuffles and seed.

    Returns
    -------
    DataFrame
        One row: ``reproducibility``, ``expected`` (mean under chance), ``span`` (pair holding 95% of chance
        values) and ``p_value`` (share of shuffles that fit at least as well, the data counted in).

    Notes
    -----
    Each column is shuffled by itself, which keeps the popularity of every criterion and breaks every link
    between criteria.

    Examples
    --------
    >>> ladder = pd.DataFrame(np.tri(6, 5, dtype=bool))
    >>> float(chance_fit(ladder, draws=200)["reproducibility"].iloc[0])
    1.0
    """
    if draws < 1:
        raise TheoryError(["The draws must be at least 1; raise them."])
    cells = binary.to_numpy(dtype=bool)
    generator = np.random.default_rng(seed)
    shuffled = generator.permuted(np.broadcast_to(cells, (draws, *cells.shape)), axis=1)
    chance = 1 - _errors(shuffled) / cells.size
    observed = scale_fit(binary).reproducibility
    low, high = np.quantile(chance, [0.025, 0.975])
    as_good = int((chance >= observed - 1e-12).sum())
    return pd.DataFrame(
        {
            "reproducibility": [observed],
            "expected": [float(chance.mean())],
            "span": [(float(low), float(high))],
            "p_value": [(1 + as_good) / (1 + draws)],
        }
    )
