"""Ranks of groupings when neither the weights of the stages nor the codes are taken for granted."""

from typing import Final

import numpy as np
import pandas as pd

from regint.theory.balassa import BLOCKS, SCHEMES, check_choice, code_matrix
from regint.theory.tables import TheoryError

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
        raise TheoryError(["The concentration must be positive and the draws at least 1; raise them."])
    generator = np.random.default_rng(seed)
    codes = (
        _drawn_codes(coding, draws, generator) if vary != "weights" else code_matrix(coding).to_numpy()[None]
    )
    weights = (
        generator.dirichlet(np.full(len(BLOCKS), concentration), draws)
        if vary != "codes"
        else np.full((draws, len(BLOCKS)), 1 / len(BLOCKS))
    )
    blocks = coding.sort_values("position").drop_duplicates("criterion")[f"block_{scheme}"].to_numpy()
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
        raise TheoryError([f"The mass must lie between 0 and 1, not {mass:g}; give a share such as 0.95."])
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
