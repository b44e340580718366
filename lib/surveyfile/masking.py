"""Small cells: a count of one to four among named groups can point at a person.

Masking hides such counts, and further numbers as needed, so that no sum gives them back. Which further ones
go does not depend on their sizes: a reader who knows the rule could otherwise reason from what was spared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

SMALL = 5
"""Counts from one to `SMALL - 1` are small."""

LEAST = 3
"""Lowest threshold: below it, that a count is hidden tells the count."""


@dataclass(frozen=True)
class Mask:
    """What is hidden of a question.

    Parameters
    ----------
    responses : frozenset of int
        Positions of the counts to hide.
    answered, asked : bool
        Whether the number of those who answered, or were asked, is hidden.
    """

    responses: frozenset[int] = frozenset()
    answered: bool = False
    asked: bool = False


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
    return [position for position, count in enumerate(counts) if _is_small(count, below)]


def _is_small(count: int, below: int) -> bool:
    """Whether a count is above zero and below the threshold."""
    return 0 < count < below


def mask_question(
    counts: Sequence[int], answered: int, asked: int, rows: int, below: int, *, exclusive: bool
) -> Mask | None:
    """Choose what to hide of a question so that no small number can be read or worked out.

    Small are counts of responses, of those who were asked and gave no answer, and of those not asked; the
    number of all respondents is taken to be known.

    Parameters
    ----------
    counts : sequence of int
        Counts of its responses.
    answered, asked, rows : int
        Respondents who answered, who were asked, and in the whole file.
    below : int
        Threshold, at least `LEAST`; 0 masks nothing.
    exclusive : bool
        Whether each respondent has one response.

    Returns
    -------
    Mask or None
        None where the question cannot be shown at all without giving a small number away.

    Notes
    -----
    Numbers that sum to a known total are hidden at least in twos, and together hold at least `below`
    respondents and more than one each. If few were silent, the number of those who answered goes, and shares
    are of those asked; where some were not asked either, the number asked goes instead, and the two groups
    hide each other. Choose-several counts stand alone, but a count is hidden also where few did not choose
    it.

    Examples
    --------
    >>> sorted(mask_question([3, 20, 9, 30], 62, 80, 80, 5, exclusive=True).responses)
    [0, 3]
    >>> mask_question([20, 30], 50, 52, 52, 5, exclusive=True)
    Mask(responses=frozenset({1}), answered=True, asked=False)
    """
    if not below:
        return Mask()
    silent, others = asked - answered, rows - asked
    if not _is_small(silent, below) and not _is_small(others, below):
        shown, hides = _responses(counts, answered, below, exclusive), Mask()
    elif silent and others and silent + others >= max(below, LEAST):
        shown, hides = _responses(counts, answered, below, exclusive), Mask(asked=True)
    elif silent and not others:
        shown, hides = _with_silence(counts, answered, asked, below, exclusive), Mask(answered=True)
    else:
        return None
    return None if shown is None else replace(hides, responses=shown)


def cells_to_mask(counts: Sequence[int], answered: int, below: int, *, exclusive: bool) -> list[int]:
    """Positions to hide in a question that everyone answered.

    Parameters
    ----------
    counts : sequence of int
        Counts of one question.
    answered : int
        Respondents.
    below : int
        Threshold; 0 masks nothing.
    exclusive : bool
        Whether each respondent has one response.

    Returns
    -------
    list of int
        Positions, in order; all where hiding some would not be enough.

    Examples
    --------
    >>> cells_to_mask([3, 20, 9, 30], 62, 5, exclusive=True)
    [0, 3]
    >>> cells_to_mask([3, 20, 25, 40], 62, 5, exclusive=False)
    [0, 3]
    """
    mask = mask_question(counts, answered, answered, answered, below, exclusive=exclusive)
    return list(range(len(counts))) if mask is None else sorted(mask.responses)


def _responses(counts: Sequence[int], answered: int, below: int, exclusive: bool) -> frozenset[int] | None:
    """Positions to hide where the number of those who answered is shown."""
    if exclusive and sum(counts) <= answered:
        return _summed([*counts, answered - sum(counts)], set(), len(counts), below)
    if answered < below:
        return None
    hidden = set(small_cells(counts, below)) | set(small_cells([answered - count for count in counts], below))
    spare = [p for p in reversed(range(len(counts))) if p not in hidden and 0 < counts[p] < answered]
    # If everyone chose something, those who chose no visible response chose a hidden one: let there be two.
    return frozenset(hidden | set(spare[:1]) if hidden else hidden)


def _with_silence(
    counts: Sequence[int], answered: int, asked: int, below: int, exclusive: bool
) -> frozenset[int] | None:
    """Positions to hide where only the number of those asked is shown, so that silence is hidden too."""
    if exclusive and sum(counts) <= answered:
        cells = [*counts, answered - sum(counts), asked - answered]
        return _summed(cells, {len(cells) - 1}, len(counts), below)
    # Silence may be anything below the threshold, and so may be those who answered and did not choose.
    hidden = {p for p, count in enumerate(counts) if _is_small(count, below) or asked - count < 2 * below - 1}
    visible = sum(count for p, count in enumerate(counts) if p not in hidden)
    # If everyone who answered chose something, a small sum of visible counts would bound silence from below.
    return frozenset(hidden) if visible >= asked else None


def _summed(cells: Sequence[int], first: set[int], responses: int, below: int) -> frozenset[int] | None:
    """Positions of responses to hide among cells whose sum is known; None where they do not suffice."""
    hidden = first | set(small_cells(cells, below))
    if not hidden:
        return frozenset()
    spare = [p for p in range(len(cells)) if p not in hidden and cells[p]]
    while len(hidden) < 2 or sum(cells[p] for p in hidden) < max(below, len(hidden) + 1):
        if not spare:
            return None
        hidden.add(spare.pop())
    return frozenset(p for p in hidden if p < responses)
