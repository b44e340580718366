"""Small cells: a count of one to four among named groups can point at a person.

Masking hides such counts, and further numbers as needed, so that no sum gives them back. Which further ones
go does not depend on their sizes: a reader who knows the rule could otherwise reason from what was spared.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

SMALL = 5
"""Counts from one to `SMALL - 1` are small."""

LEAST = 3
"""Lowest threshold: below it, that a count is hidden tells the count."""


@dataclass(frozen=True)
class Mask:
    """What is hidden of a question."""

    responses: frozenset[int] = frozenset()
    answered: bool = False
    asked: bool = False


def small_cells(counts: Sequence[int], below: int = SMALL) -> list[int]:
    """Positions of counts that are above zero and below the threshold."""
    return [position for position, count in enumerate(counts) if 0 < count < below]


def mask_question(
    counts: Sequence[int], answered: int, asked: int, rows: int, below: int, *, exclusive: bool
) -> Mask | None:
    """Choose what to hide of a question so that no small number can be read or worked out."""
    if not below:
        return Mask()
    exclusive = exclusive and sum(counts) <= answered
    cells = [*counts, answered - sum(counts)]
    silent, others = asked - answered, rows - asked
    small = small_cells([silent, others], below)
    if not small or (silent and others and silent + others >= below):
        mask = Mask(asked=bool(small))
        hidden = _summed(cells, set(), below) if exclusive else _overlapping(counts, answered, below)
    elif silent and not others:  # only the number of those asked is shown, so that silence is hidden too
        mask = Mask(answered=True)
        last = {len(cells)}
        hidden = _summed([*cells, silent], last, below) if exclusive else _unsummed(counts, asked, below)
    else:
        return None
    if hidden is None:
        return None
    return replace(mask, responses=frozenset(p for p in hidden if p < len(counts)))


def coarsen(
    table: npt.NDArray[np.int64], below: int, rows: Collection[int] = (), columns: Collection[int] = ()
) -> tuple[set[int], set[int]] | None:
    """Choose which answers and which groups to leave out of a table of answers by groups of people.

    Whatever is left out can be worked out together, from what is published of everybody. So what a reader
    knows is a coarser table: the answers left out are one row of it, the groups left out one column. They
    are chosen so that the coarser table holds no small count, and that two at least go together.

    Parameters
    ----------
    table : array
        People by answer (rows) and group (columns). The last two rows are those who answered otherwise and
        those who did not answer; the last column are those whose group is not known.
    below : int
        Counts from one to `below - 1` are small.
    rows, columns : collection of int
        Answers and groups to leave out in any case, for they are hidden of everybody.

    Returns
    -------
    tuple of set, or None
        Rows and columns to leave out; None where no table would remain.

    Examples
    --------
    >>> table = np.array([[30, 40, 0], [20, 10, 0], [3, 9, 0], [0, 0, 0], [7, 8, 0]])
    >>> coarsen(table, 5)
    ({1, 2}, set())
    """
    found = [_left_out(table, below, set(rows), set(columns), whole) for whole in (False, True)]
    height, width = table.shape
    return max(
        (one for one in found if one),
        key=lambda one: (height - len(one[0])) * (width - len(one[1])),
        default=None,
    )


def _left_out(
    table: npt.NDArray[np.int64], below: int, rows: set[int], columns: set[int], whole: bool
) -> tuple[set[int], set[int]] | None:
    """Leave out answers (or `whole` groups) until nothing small is left and nothing is left out alone."""
    *answers, others, _ = range(table.shape[0])
    *groups, unknown = range(table.shape[1])
    while True:
        kept, shown = [p for p in answers if p not in rows], [p for p in groups if p not in columns]
        if not kept or not shown:
            return None
        pooled = np.vstack([table[kept], np.delete(table[:-1], kept, 0).sum(0), table[-1]])
        known = np.column_stack([pooled[:, shown], np.delete(pooled, shown, 1).sum(1)])
        small: npt.NDArray[np.bool_] = np.logical_and(known > 0, known < below)
        in_column, silence = np.any(small, axis=0), small[-1]
        if silence.any() or (whole and small.any()):  # silence is no answer that could be left out
            bad = silence if silence.any() else in_column
            spare = [place for place in shown if table[:, place].any()] or shown
            columns |= {shown[p] for p in np.flatnonzero(bad[:-1])} or {spare[-1]}
        elif small.any():
            rows |= {kept[p] for p in np.flatnonzero(small[:-2].any(axis=1))} or {kept[-1]}
        elif columns and np.count_nonzero(table[:, [*columns, unknown]].any(axis=0)) < 2:
            columns.add(shown[-1])
        elif rows and np.count_nonzero(table[[*rows, others]].any(axis=1)) < 2:
            rows.add(kept[-1])
        else:
            return rows, columns


def gives_back(fine: npt.NDArray[np.intp], coarse: npt.NDArray[np.intp], hides: bool, below: int) -> bool:
    """Whether the counts of a question tell something hidden of another one, whose answers it groups.

    `fine` and `coarse` are the positions of every respondent's answer, -1 where there is none; `hides` says
    whether something of the finer question is hidden. The two are one table: a group is the sum of its
    answers but for those who left one of the questions out, so these must not be few either.
    """
    # Most pairs of questions group nothing, as a few respondents show.
    if _groups(fine[:1000], coarse[:1000]) is None or (group_of := _groups(fine, coarse)) is None:
        return False
    if len(np.unique(coarse[coarse >= 0])) < 2:
        return False
    silent = [coarse[(fine < 0) & (coarse >= 0)], group_of[fine[(fine >= 0) & (coarse < 0)]]]
    return hides or any(small_cells(np.unique_counts(one).counts.tolist(), below) for one in silent)


def _groups(fine: npt.NDArray[np.intp], coarse: npt.NDArray[np.intp]) -> npt.NDArray[np.intp] | None:
    """Give the coarse answer that goes with each fine one, None where one goes with several."""
    both = (fine >= 0) & (coarse >= 0)
    group_of = np.full(fine.max(initial=-1) + 1, -1)
    group_of[fine[both]] = coarse[both]
    return group_of if (group_of[fine[both]] == coarse[both]).all() else None


def _overlapping(counts: Sequence[int], answered: int, below: int) -> set[int] | None:
    """Positions to hide where several answers were possible, and how many answered is shown."""
    if answered < below:
        return None
    hidden = {*small_cells(counts, below), *small_cells([answered - count for count in counts], below)}
    spare = [p for p in reversed(range(len(counts))) if p not in hidden and 0 < counts[p] < answered]
    # If everyone chose something, those who chose no visible response chose a hidden one: let there be two.
    return hidden | set(spare[:1]) if hidden else hidden


def _unsummed(counts: Sequence[int], asked: int, below: int) -> set[int] | None:
    """Positions to hide where several answers were possible, and only how many were asked is shown."""
    # Silence may be anything below the threshold, and so may be those who answered and did not choose.
    hidden = {p for p, count in enumerate(counts) if 0 < count < below or asked - count < 2 * below - 1}
    visible = sum(count for p, count in enumerate(counts) if p not in hidden)
    # If everyone who answered chose something, a small sum of visible counts would bound silence from below.
    return hidden if visible >= asked else None


def _summed(cells: Sequence[int], first: set[int], below: int) -> set[int] | None:
    """Positions to hide among cells whose sum is known; None where they do not suffice."""
    hidden = first | set(small_cells(cells, below))
    if not hidden:
        return hidden
    spare = [p for p in range(len(cells)) if p not in hidden and cells[p]]
    # Small cells that add up to as little, or as much, as so many can are told by their sum. In the second
    # case that is so unless one of them can have been hidden for the others' sake: that is the last cell.
    small = len(hidden)
    while (
        len(hidden) < 2
        or (total := sum(cells[p] for p in hidden)) < max(below, len(hidden) + 1)
        or (
            len(hidden) == small
            and total == small * (below - 1)
            and spare
            and spare[-1] > max(hidden - first)
        )
    ):
        if not spare:
            return None
        hidden.add(spare.pop())
    return hidden
