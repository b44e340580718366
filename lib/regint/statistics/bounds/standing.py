"""Which ranks the options of a question could have if the silent spoke."""

from collections.abc import Mapping
from itertools import accumulate

import pandas as pd

from regint.statistics.checks import check_count


def rank_bounds(counts: Mapping[str, int], silent: int, *, exclusive: bool = False) -> pd.DataFrame:
    """
    Give the best and the worst rank each option could have, whatever the silent would have chosen.

    Parameters
    ----------
    counts : mapping of str to int
        How many chose each option.
    silent : int
        People who were asked and did not answer.
    exclusive : bool
        Whether each of them can choose one option only.

    Returns
    -------
    DataFrame
        One row per option, in the given order: ``label``, ``count``, ``rank`` (among the answers given),
        ``best`` and ``worst``. An option's rank is one more than the number of options with a greater count.

    Raises
    ------
    CountError
        If a number is negative or no whole number.

    Notes
    -----
    The best rank follows when all the silent choose the option and nothing else. For the worst one, where
    several options may be chosen, all the silent choose all the others; where only one may, they overtake
    it with the rivals that need fewest of them.

    Examples
    --------
    >>> rank_bounds({"roads": 26, "power": 24, "mines": 1}, 5)[["rank", "best", "worst"]].values.tolist()
    [[1, 1, 2], [2, 1, 2], [3, 3, 3]]
    """
    people = check_count(silent, "number of silent people")
    numbers = {name: check_count(count) for name, count in counts.items()}
    rows = []
    for name, count in numbers.items():
        others = [other for rival, other in numbers.items() if rival != name]
        needed = sorted(max(0, count + 1 - other) for other in others)
        needed = list(accumulate(needed)) if exclusive else needed
        rank, best = (1 + sum(other > level for other in others) for level in (count, count + people))
        rows.append((name, count, rank, best, 1 + sum(gap <= people for gap in needed)))
    return pd.DataFrame(rows, columns=["label", "count", "rank", "best", "worst"])
