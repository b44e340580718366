"""One option of a question against all others, on every base the report leaves open."""

from collections.abc import Mapping

import pandas as pd

from regint.statistics.bounds import mcnemar_table


def against_option(
    counts: Mapping[str, int], option: str, bases: Mapping[str, int], alpha: float = 0.05
) -> pd.DataFrame:
    """
    Compare one option with every other by the p-values that the printed margins allow.

    Parameters
    ----------
    counts : mapping of str to int
        How many chose each option; several answers are possible.
    option : str
        Option that is compared.
    bases : mapping of str to int
        How many could choose, by the name of the base.
    alpha : float
        Level of the paired tests.

    Returns
    -------
    DataFrame
        One row per other option, the most chosen first: ``other``, ``answers``, ``more`` (chosen more often),
        for each base a pair ``p_<base>`` (least and greatest exact McNemar p-value over the possible
        overlaps), ``greatest`` (list of the greatest p-values by base) and ``verdict`` (``always``,
        ``never`` or ``undecidable``, or ``depends on the base``).

    Examples
    --------
    >>> table = against_option({"rail": 26, "tariffs": 10}, "tariffs", {"asked": 50, "answered": 30})
    >>> table[["other", "answers", "verdict"]].values.tolist()
    [['rail', 26, 'always']]
    """
    rows = []
    for other, number in counts.items():
        if other == option:
            continue
        pair = {option: counts[option], other: number}
        tests = {base: mcnemar_table(pair, size, alpha).iloc[0] for base, size in bases.items()}
        verdicts = {test["verdict"] for test in tests.values()}
        rows.append(
            {
                "other": other,
                "answers": number,
                "more": number > counts[option],
                **{f"p_{base}": (test["p_lower"], test["p_upper"]) for base, test in tests.items()},
                "greatest": [float(test["p_upper"]) for test in tests.values()],
                "verdict": verdicts.pop() if len(verdicts) == 1 else "depends on the base",
            }
        )
    names = ["other", "answers", "more", *(f"p_{base}" for base in bases), "greatest", "verdict"]
    table = pd.DataFrame(rows, columns=names).astype({"more": bool})
    return table.sort_values("answers", ascending=False, kind="stable", ignore_index=True)
