"""Which cells of a notebook a page shows, and how they belong together."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from nbformat import NotebookNode

SOLUTION = "solution"
# What papermill adds is told by the run record; the notebook's own cells keep their numbers.
DROPPED = ("remove-cell", "injected-parameters")


def prepare(nb: NotebookNode, edition: str = "full") -> NotebookNode:
    r"""Return a copy with the cells a page shows, each with its number and place in ``metadata["article"]``.

    Code that shows nothing joins the code after it, so that a page has one fold for each result.

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
    >>> joined = prepare(new_notebook(cells=[new_code_cell("x = 1"), new_code_cell("x")])).cells
    >>> [(cell.source, cell.metadata["article"]["number"]) for cell in joined]
    [('x = 1\n\nx', 2)]
    """
    kept: list[Any] = []
    number = 0
    for cell in nb.cells:
        found = set(cell.metadata.get("tags", []))
        number += "injected-parameters" not in found
        if found & set(DROPPED) or (SOLUTION in found and edition == "student"):
            continue
        copy = deepcopy(cell)
        copy.metadata["article"] = {"number": number, "input": "remove-input" not in found}
        if kept and _silent(kept[-1]) and _alike(kept[-1], copy):
            copy.source = f"{kept.pop().source}\n\n{copy.source}"
        kept.append(copy)
    _group(kept)
    shown = deepcopy(nb)
    shown.cells = kept
    return shown


def _silent(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and cell.source.strip() and not cell.outputs)


def _alike(cell: Any, other: Any) -> bool:
    """Whether two cells are code, shown or hidden together, inside or outside of a solution."""
    same_input = cell.metadata["article"]["input"] == other.metadata["article"]["input"]
    tags = [set(one.metadata.get("tags", [])) - {"remove-input"} for one in (cell, other)]
    return bool(other.cell_type == "code" and same_input and tags[0] == tags[1])


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
