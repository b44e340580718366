"""What the questionnaire alone would give each theory: answers dealt to the options at random."""

import numpy as np
import pandas as pd

from regint.theory.support import Options
from regint.theory.tables import TheoryError


def permutation_null(options: Options, *, draws: int = 4000, seed: int = 1935) -> pd.DataFrame:
    r"""
    Ask whether a theory drew more answers than its options would get by chance.

    Parameters
    ----------
    options : Options
        From `coded_options`; the primary coding is used.
    draws, seed : int
        Number of permutations and seed.

    Returns
    -------
    DataFrame
        ``theory``, ``options`` (how many are coded to it), ``observed`` (share of all choices), ``expected``,
        ``span`` (95% of permutations), ``p_more`` and ``p_less`` (share of permutations at least as far, the
        data counted in; not adjusted for the number of theories).

    Notes
    -----
    Within each question the numbers of answers are dealt to the options at random. A theory with many options
    gets many choices under the null too, so the comparison takes the question list as given. Questions with
    one printed option cannot move.

    Examples
    --------
    >>> two = Options(("A", "B"), np.zeros(2, int), np.array([9.0, 1.0]), np.array([0.9, 0.1]),
    ...               np.array([0, 1]), np.array([0, 1]), np.ones(2), np.ones(2))
    >>> permutation_null(two, draws=99)["observed"].to_list()
    [0.9, 0.1]
    """
    if draws < 1:
        raise TheoryError(["The draws must be at least 1; raise them."])
    generator = np.random.default_rng(seed)
    dealt = np.tile(options.persons, (draws, 1))
    for number in np.unique(options.question):
        own = np.flatnonzero(options.question == number)
        dealt[:, own] = generator.permuted(dealt[:, own], axis=1)
    rows = []
    for position, theory in enumerate(options.theories):
        own = options.first == position
        observed = options.persons[own].sum() / options.persons.sum()
        chance = dealt[:, own].sum(axis=1) / options.persons.sum()
        rows.append({"theory": theory, "options": int(own.sum()), **_against(observed, chance)})
    return pd.DataFrame(rows)


def _against(observed: float, chance: np.ndarray) -> dict[str, object]:
    low, high = np.quantile(chance, [0.025, 0.975])
    return {
        "observed": float(observed),
        "expected": float(chance.mean()),
        "span": (float(low), float(high)),
        "p_more": float((1 + (chance >= observed - 1e-12).sum()) / (1 + len(chance))),
        "p_less": float((1 + (chance <= observed + 1e-12).sum()) / (1 + len(chance))),
    }
