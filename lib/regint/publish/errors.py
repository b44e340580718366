"""The one error of page building: what is wrong, and in which cell of which notebook."""

from __future__ import annotations


class BuildError(ValueError):
    """A page cannot be published as it stands.

    Parameters
    ----------
    problem
        One sentence that says what is wrong and how to repair it.
    notebook, cell
        Where: the notebook's name without suffix, and the cell's number, counted from 1 over all cells.

    Examples
    --------
    >>> print(BuildError("Figure fig-x has no alternative text.", notebook="01_bars", cell=7))
    01_bars, cell 7: Figure fig-x has no alternative text.
    """

    def __init__(self, problem: str, *, notebook: str = "", cell: int | None = None) -> None:
        self.problem, self.notebook, self.cell = problem, notebook, cell
        place = f"{notebook}, cell {cell}" if notebook and cell is not None else notebook
        if not notebook and cell is not None:
            place = f"cell {cell}"
        super().__init__(f"{place}: {problem}" if place else problem)
