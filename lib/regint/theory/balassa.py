"""Balassa's stages: criteria, coding, ladders and ranks of groupings."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from textfiles.problems import Problem

from regint.theory.tables import read_table

SCHEMES: Final = ("with_pta", "without_pta")
READINGS: Final = ("low", "code", "high")
BLOCKS: Final = ("FTA_CU", "CM", "EUN", "TEI")


def read_balassa_coding(path: str | Path = "data/theory/balassa_coding.csv") -> pd.DataFrame:
    """
    Read a coding of groupings by criteria.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns of the shipped coding.

    Returns
    -------
    DataFrame
        The coding with ``position``, ``stage``, ``sign``, ``label``, ``short`` and the two block columns of
        each criterion and the ``name`` of the grouping (its code where it is not in ``regional_groups``).

    Raises
    ------
    Problem
        With every problem: unknown criteria or sources, a code outside low to high, criteria left out.

    Examples
    --------
    >>> coding = read_balassa_coding()
    >>> len(coding), coding["group"].nunique(), coding["criterion"].nunique()
    (140, 10, 14)
    """
    coding = read_table("balassa_coding", path)
    criteria = read_table("balassa_criteria").drop(columns=["source", "locator", "status"])
    problems = [*_outside(coding), *_left_out(coding, criteria)]
    if problems:
        raise Problem(*problems)
    names = read_table("regional_groups").set_index("group")["name"]
    joined = coding.merge(criteria, on="criterion", how="left", validate="many_to_one")
    return joined.assign(name=joined["group"].map(names).fillna(joined["group"]))


def _outside(coding: pd.DataFrame) -> Iterator[str]:
    bad = ~((coding["low"] <= coding["code"]) & (coding["code"] <= coding["high"]))
    for row in coding[bad].itertuples():
        yield (
            f"Coding, {row.group} {row.criterion}: the code {row.code:g} lies outside low {row.low:g} to "
            f"high {row.high:g}; widen the range or correct the code."
        )


def _left_out(coding: pd.DataFrame, criteria: pd.DataFrame) -> Iterator[str]:
    for group, rows in coding.groupby("group", sort=False):
        missing = [c for c in criteria["criterion"] if c not in set(rows["criterion"])]
        if missing:
            yield f"Coding, {group}: no row for {', '.join(missing)}; add them, with code 0 if absent."


def code_matrix(coding: pd.DataFrame, reading: str = "code") -> pd.DataFrame:
    """
    Arrange a coding as groupings by criteria.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.
    reading : {"low", "code", "high"}
        What the strict coder entered, the code itself, or what the generous coder entered.

    Returns
    -------
    DataFrame
        One row per grouping in file order, one column per criterion in ladder order, values 0, 0.5, 1.

    Examples
    --------
    >>> code_matrix(read_balassa_coding()).loc["CISFTA"].head(3).to_list()
    [1.0, 0.5, 0.5]
    """
    check_choice(reading, READINGS, "reading")
    order = coding.sort_values("position", kind="stable")["criterion"].unique()
    table = coding.pivot_table(index="group", columns="criterion", values=reading, aggfunc="first")
    return table.loc[coding["group"].unique(), order]


def stage_profile(coding: pd.DataFrame, scheme: str = "with_pta") -> pd.DataFrame:
    """
    Average the codes of each block of stages.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.
    scheme : {"with_pta", "without_pta"}
        Whether tariff preferences, which Balassa's list does not contain, count in the first block.

    Returns
    -------
    DataFrame
        ``group``, ``name``, ``block`` (ordered), and ``low``, ``code``, ``high``: means of 0-1.

    Examples
    --------
    >>> profile = stage_profile(read_balassa_coding()).set_index(["group", "block"])
    >>> float(profile.loc[("EFTA", "CM"), "code"])
    1.0
    """
    check_choice(scheme, SCHEMES, "scheme")
    used = coding[coding[f"block_{scheme}"] != ""]
    block = pd.Categorical(used[f"block_{scheme}"], categories=BLOCKS, ordered=True)
    means = used.assign(block=block).groupby(["group", "name", "block"], sort=False, observed=True)
    profile = means[list(READINGS)].mean().reset_index()
    order = {group: i for i, group in enumerate(coding["group"].unique())}
    return profile.sort_values(["group", "block"], key=lambda c: c.map(order) if c.name == "group" else c)[
        ["group", "name", "block", *READINGS]
    ].reset_index(drop=True)


def additive_scores(coding: pd.DataFrame, scheme: str = "with_pta") -> pd.DataFrame:
    r"""
    Score each grouping from 0 to 100 in the additive style of Dorrucci and others.

    Parameters
    ----------
    coding, scheme
        As in `stage_profile`.

    Returns
    -------
    DataFrame
        ``group``, ``name``, ``low``, ``score``, ``high``.

    Notes
    -----
    .. math:: S_g = \sum_{b=1}^{4} \frac{25}{|b|} \sum_{c \in b} x_{gc}

    The four blocks of 25 points follow [1]_ as the literature describes it; its scoring page was not seen, so
    the result is in that style and no substitute for the published index. An additive score lets later stages
    make up for earlier ones.

    References
    ----------
    .. [1] Dorrucci, E., Firpo, S., Fratzscher, M. and Mongelli, F. P. (2002). European integration: what
       lessons for other regions? ECB Working Paper 185.

    Examples
    --------
    >>> scores = additive_scores(read_balassa_coding()).set_index("group")["score"]
    >>> [round(float(scores[g]), 2) for g in ("EU", "EAEU", "EFTA", "CA5", "CA5_generous")]
    [93.75, 54.17, 54.17, 4.17, 18.75]
    """
    blocks = stage_profile(coding, scheme).groupby(["group", "name"], sort=False)[list(READINGS)].sum()
    scores = (blocks * 25).reset_index().rename(columns={"code": "score"})
    return scores[["group", "name", "low", "score", "high"]]


def cumulative_stage(coding: pd.DataFrame) -> pd.DataFrame:
    """
    Climb the ladder strictly: a stage counts only if it and every stage below it are fully achieved.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.

    Returns
    -------
    DataFrame
        ``group``, ``name``, and the stage reached under ``low``, ``code`` and ``high`` codes, ``""`` if none.

    Examples
    --------
    >>> reached = cumulative_stage(read_balassa_coding()).set_index("group")["code"]
    >>> reached[["EU", "EFTA", "EAEU", "CA5"]].to_list()
    ['EUN', 'FTA', 'PTA', '']
    """
    rows = []
    for (group, name), own in coding.groupby(["group", "name"], sort=False):
        stages = own.sort_values("position", kind="stable").groupby("stage", sort=False)[list(READINGS)].min()
        climbed = stages.eq(1).cummin()
        reached = {r: climbed.index[climbed[r]][-1] if climbed[r].any() else "" for r in READINGS}
        rows.append({"group": group, "name": name, **reached})
    return pd.DataFrame(rows)


def sign_balance(coding: pd.DataFrame) -> pd.DataFrame:
    """
    Set negative beside positive integration: barriers removed, and common policies built.

    Parameters
    ----------
    coding : DataFrame
        From `read_balassa_coding`.

    Returns
    -------
    DataFrame
        ``group``, ``name``, ``negative`` and ``positive`` (mean codes, 0-1), ``negatives`` and ``positives``
        (pairs: means of the low and of the high codes) and ``balance`` = negative - positive.

    Notes
    -----
    The pair of terms is Tinbergen's [1]_, not Balassa's. A criterion with both signs counts half each way.

    References
    ----------
    .. [1] Tinbergen, J. (1954). International Economic Integration. Elsevier.

    Examples
    --------
    >>> balance = sign_balance(read_balassa_coding()).set_index("group")["balance"]
    >>> round(float(balance["EFTA"]), 3), balance.idxmax()
    (0.656, 'EFTA')
    """
    sides = {"negative": ("negative", "both"), "positive": ("positive", "both")}
    summary = coding[["group", "name"]].drop_duplicates(ignore_index=True)
    for side, signs in sides.items():
        own = coding[coding["sign"].isin(signs)]
        weight = own["sign"].map({side: 1.0, "both": 0.5})
        totals = own[list(READINGS)].mul(weight, axis=0).groupby(own["group"]).sum()
        means = totals.div(weight.groupby(own["group"]).sum(), axis=0).loc[summary["group"]]
        summary[side] = means["code"].to_numpy()
        summary[f"{side}s"] = list(zip(means["low"].to_list(), means["high"].to_list(), strict=True))
    return summary.assign(balance=summary["negative"] - summary["positive"])


def check_choice(value: str, allowed: tuple[str, ...], what: str) -> None:
    """Refuse a word that is none of those allowed."""
    if value not in allowed:
        raise Problem(f"The {what} {value!r} is unknown; choose one of {', '.join(allowed)}.")


def compared(coding: pd.DataFrame, names: str = "") -> pd.DataFrame:
    """
    Keep the groupings that are to be compared.

    Parameters
    ----------
    coding : DataFrame
        From `regint.theory.balassa.read_balassa_coding`.
    names : str
        Groupings, separated by commas; without any, all that are read as they stand, so that a grouping does
        not meet its own generous reading.

    Returns
    -------
    DataFrame
        Their rows of the coding.

    Raises
    ------
    Problem
        If a name is not in the coding.

    Examples
    --------
    >>> from regint.theory.balassa import read_balassa_coding
    >>> coding = read_balassa_coding()
    >>> compared(coding)["group"].nunique(), compared(coding, "EU, CA5")["group"].unique().tolist()
    (9, ['EU', 'CA5'])
    """
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in set(coding["group"])]
    if unknown:
        raise Problem(f"No grouping is called {unknown[0]!r}; correct the name or add it to the coding.")
    if wanted:
        return coding[coding["group"].isin(wanted)]
    return coding[~coding["group"].isin(_generous()["group"])]


def generous_credits(coding: pd.DataFrame, group: str) -> pd.DataFrame:
    """
    List the criteria on which a generous reading of a grouping goes beyond its code.

    Parameters
    ----------
    coding : DataFrame
        From `regint.theory.balassa.read_balassa_coding`, the generous reading included.
    group : str
        Grouping that is read generously.

    Returns
    -------
    DataFrame
        The rows of the generous reading with a higher code, in ladder order, and ``code_base``, the code of
        the grouping itself. Empty if the coding holds no generous reading of it.

    Examples
    --------
    >>> from regint.theory.balassa import read_balassa_coding
    >>> generous_credits(read_balassa_coding(), "CA5")[["criterion", "code_base", "code"]].values.tolist()
    [['C01', 0.5, 1.0], ['C09', 0.0, 0.5], ['C10', 0.0, 0.5], ['C11', 0.0, 0.5]]
    """
    readings = _generous()
    twins = readings.loc[readings["reading_of"] == group, "group"]
    base = coding.loc[coding["group"] == group, ["criterion", "code"]]
    both = coding[coding["group"].isin(twins)].merge(base, on="criterion", suffixes=("", "_base"))
    return both[both["code"] > both["code_base"]].sort_values("position", ignore_index=True, kind="stable")


def _generous() -> pd.DataFrame:
    return read_table("regional_groups").query("reading == 'generous'")


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
    Problem
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
        raise Problem("A scale needs at least one grouping and one criterion; check the selection.")
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
    # The best case for a cumulative scale.
    popular = binary.sum().sort_values(ascending=False, kind="stable").index
    orders = {"Textbook order": binary, "By popularity": binary[popular]}
    rows = [
        {"order": name, **vars(scale_fit(order)), **chance_fit(order, draws=draws, seed=seed)}
        for name, order in orders.items()
    ]
    return pd.DataFrame(rows)


def chance_fit(binary: pd.DataFrame, *, draws: int, seed: int) -> dict[str, object]:
    """Hold the reproducibility against that of unrelated criteria of the same popularity.

    `expected` is its mean over the draws, ``span`` their middle 95%, ``p_value`` the share of draws, the
    observed matrix counted in, that reproduce at least as well.
    """
    if draws < 1:
        raise Problem("The draws must be at least 1; raise them.")
    cells = binary.to_numpy(dtype=bool)
    generator = np.random.default_rng(seed)
    shuffled = generator.permuted(np.broadcast_to(cells, (draws, *cells.shape)), axis=1)
    chance = 1 - _errors(shuffled) / cells.size
    low, high = np.quantile(chance, [0.025, 0.975])
    as_good = int((chance >= scale_fit(binary).reproducibility - 1e-12).sum())
    return {
        "expected": float(chance.mean()),
        "span": (float(low), float(high)),
        "p_value": (1 + as_good) / (1 + draws),
    }


VARIED: Final = ("weights", "codes", "both")
_STEPS: Final = np.array([0.0, 0.5, 1.0])


def score_draws(
    coding: pd.DataFrame,
    scheme: str = "with_pta",
    *,
    vary: str = "both",
    concentration: float = 1.0,
    draws: int = 2000,
    seed: int = 1961,
) -> pd.DataFrame:
    r"""
    Score every grouping many times under random block weights, random admissible codes, or both.

    Parameters
    ----------
    coding, scheme
        As in `stage_profile`.
    vary : {"weights", "codes", "both"}
        What changes from draw to draw.
    concentration : float
        Parameter of the symmetric Dirichlet distribution of the four block weights: 1 treats every set of
        weights alike, large values keep close to a quarter each.
    draws, seed : int
        Number of draws and seed.

    Returns
    -------
    DataFrame
        One row per draw, one column per grouping, scores 0-100.

    Notes
    -----
    .. math:: S_g = 100 \sum_b w_b \bar x_{gb}, \qquad w \sim \mathrm{Dirichlet}(\alpha, \ldots, \alpha)

    A code is drawn with equal chance from the steps 0, 0.5, 1 between low and high.

    Examples
    --------
    >>> from regint.theory.balassa import read_balassa_coding
    >>> drawn = score_draws(read_balassa_coding(), vary="codes", draws=50)
    >>> drawn.shape, bool((drawn["EU"] > drawn["CA5"]).all())
    ((50, 10), True)
    """
    check_choice(scheme, SCHEMES, "scheme")
    check_choice(vary, VARIED, "vary")
    if concentration <= 0 or draws < 1:
        raise Problem("The concentration must be positive and the draws at least 1; raise them.")
    generator = np.random.default_rng(seed)
    codes = (
        _drawn_codes(coding, draws, generator) if vary != "weights" else code_matrix(coding).to_numpy()[None]
    )
    weights = (
        generator.dirichlet(np.full(len(BLOCKS), concentration), draws)
        if vary != "codes"
        else np.full((draws, len(BLOCKS)), 1 / len(BLOCKS))
    )
    blocks = (
        coding.sort_values("position", kind="stable")
        .drop_duplicates("criterion")[f"block_{scheme}"]
        .to_numpy()
    )
    means = np.stack([codes[:, :, blocks == b].mean(axis=2) for b in BLOCKS], axis=2)
    scores = 100 * (means * weights[:, None, :]).sum(axis=2)
    return pd.DataFrame(scores, columns=coding["group"].unique())


def _drawn_codes(coding: pd.DataFrame, draws: int, generator: np.random.Generator) -> np.ndarray:
    low, high = (code_matrix(coding, reading).to_numpy() for reading in ("low", "high"))
    steps = np.round((high - low) * 2).astype(int)
    return np.asarray(low + _STEPS[generator.integers(0, steps + 1, size=(draws, *low.shape))])


def rank_intervals(drawn: pd.DataFrame, mass: float = 0.95) -> pd.DataFrame:
    """
    Summarise drawn scores: where each grouping stands in the central part of the draws.

    Parameters
    ----------
    drawn : DataFrame
        From `score_draws`.
    mass : float
        Share of the draws between the ends (0-1).

    Returns
    -------
    DataFrame
        ``group``, ``score`` and ``rank`` (medians; rank 1 is highest, ties share their mean), pairs
        ``scores``, ``ranks`` that hold `mass` of the draws, ``best`` and ``worst``, the whole ranks at the
        ends of ``ranks`` (widened where a tie leaves half a rank).

    Examples
    --------
    >>> from regint.theory.balassa import read_balassa_coding
    >>> drawn = score_draws(read_balassa_coding(), draws=200)
    >>> rank_intervals(drawn).set_index("group").loc["EU", "ranks"]
    (1.0, 1.0)
    """
    if not 0 < mass < 1:
        raise Problem(f"The mass must lie between 0 and 1, not {mass:g}; give a share such as 0.95.")
    ends = [(1 - mass) / 2, (1 + mass) / 2]
    ranks = drawn.rank(axis=1, ascending=False)
    spans = {name: frame.quantile(ends) for name, frame in (("scores", drawn), ("ranks", ranks))}
    summary = pd.DataFrame({"group": drawn.columns, "score": drawn.median().to_numpy()})
    summary["rank"] = ranks.median().to_numpy()
    for name, span in spans.items():
        summary[name] = [(float(span[g].iloc[0]), float(span[g].iloc[1])) for g in drawn.columns]
    summary["best"] = [int(np.floor(best)) for best, _ in summary["ranks"]]
    summary["worst"] = [int(np.ceil(worst)) for _, worst in summary["ranks"]]
    return summary
