"""Small cells: a count of one to four among named groups can point at a person.

Masking hides such counts, and then as many further ones as are needed so that subtraction from the base does
not bring them back.
"""

from __future__ import annotations

from collections.abc import Sequence

SMALL = 5
"""Counts from one to `SMALL - 1` are small."""


def small_cells(counts: Sequence[int], below: int = SMALL) -> list[int]:
    """Positions of counts that are above zero and below the threshold.

    Parameters
    ----------
    counts : sequence of int
        Counts of one question.
    below : int
        Threshold.

    Returns
    -------
    list of int
        Their positions.

    Examples
    --------
    >>> small_cells([0, 3, 12, 4])
    [1, 3]
    """
    return [position for position, count in enumerate(counts) if 0 < count < below]


def cells_to_mask(counts: Sequence[int], answered: int, below: int, *, exclusive: bool) -> list[int]:
    """Positions to hide so that no small count can be read or worked out.

    Where each respondent chose one response, the hidden counts sum to a number anyone can compute; so at
    least two are hidden and together they hold at least `below` respondents. Where several could be chosen,
    each count stands alone, and is hidden also when nearly everyone chose it, because the rest would be
    small.

    Parameters
    ----------
    counts : sequence of int
        Counts of one question.
    answered : int
        Respondents who answered.
    below : int
        Threshold; 0 masks nothing.
    exclusive : bool
        Whether each respondent has one response.

    Returns
    -------
    list of int
        Positions, in order.

    Examples
    --------
    >>> cells_to_mask([3, 20, 9, 30], 62, 5, exclusive=True)
    [0, 2]
    >>> cells_to_mask([3, 20, 60], 62, 5, exclusive=False)
    [0, 2]
    """
    hidden = set(small_cells(counts, below))
    if not exclusive:
        return sorted(hidden | {p for p, count in enumerate(counts) if 0 < answered - count < below})
    if not hidden:
        return []
    # The smallest open count goes first; zeros last, since a hidden zero protects but tells nothing.
    spare = sorted(
        (p for p in range(len(counts)) if p not in hidden), key=lambda p: (counts[p] == 0, counts[p], p)
    )
    while spare and (len(hidden) < 2 or sum(counts[p] for p in hidden) < below):
        hidden.add(spare.pop(0))
    return sorted(hidden)
