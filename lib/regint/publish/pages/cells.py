"""Which cells of a notebook a page shows, and how they belong together."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from nbformat import NotebookNode

SOLUTION = "solution"
# What papermill adds is told by the run record; the notebook's own cells keep their numbers.
DROPPED = ("remove-cell", "injected-parameters")


def prepare(nb: NotebookNode, edition: str = "full") -> NotebookNode:
    """Return a copy with the cells a page shows, each with its number and place in ``metadata["article"]``.

    Parameters
    ----------
    nb
        Executed notebook.
    edition
        ``"student"`` leaves out the cells tagged ``solution``.

    Returns
    -------
    NotebookNode
        ``metadata["article"]`` holds ``number`` (counted from 1 in the notebook as it was written), ``input``
        (shown or not), ``opens`` and ``closes`` (first and last cell of a solution).

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> solution = new_code_cell("x", metadata={"tags": ["solution"]})
    >>> cells = prepare(new_notebook(cells=[new_code_cell("y"), solution]), "student").cells
    >>> [cell.source for cell in cells]
    ['y']
    """
    kept, number = [], 0
    for cell in nb.cells:
        found = set(cell.metadata.get("tags", []))
        number += "injected-parameters" not in found
        if found & set(DROPPED) or (SOLUTION in found and edition == "student"):
            continue
        copy = deepcopy(cell)
        copy.metadata["article"] = {"number": number, "input": "remove-input" not in found}
        kept.append(copy)
    _group(kept)
    shown = deepcopy(nb)
    shown.cells = kept
    return shown


def _group(cells: list[Any]) -> None:
    """Mark where a run of solution cells begins and ends."""
    belongs = [SOLUTION in cell.metadata.get("tags", []) for cell in cells]
    for place, cell in enumerate(cells):
        before, after = place and belongs[place - 1], place + 1 < len(cells) and belongs[place + 1]
        cell.metadata["article"]["opens"] = belongs[place] and not before
        cell.metadata["article"]["closes"] = belongs[place] and not after


def student_notebook(nb: NotebookNode) -> NotebookNode:
    """Return the notebook a student works in: without solutions, without outputs, otherwise as written.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cells = [new_code_cell("y", execution_count=3), new_code_cell("x", metadata={"tags": ["solution"]})]
    >>> [(cell.source, cell.execution_count) for cell in student_notebook(new_notebook(cells=cells)).cells]
    [('y', None)]
    """
    copy = deepcopy(nb)
    copy.cells = [cell for cell in copy.cells if SOLUTION not in cell.metadata.get("tags", [])]
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return copy
