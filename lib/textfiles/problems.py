"""The error of survey folders: every problem at once, each a sentence that says the repair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches


class SurveyError(ValueError):
    """
    A survey folder that cannot be used as it is.

    Parameters
    ----------
    problems : iterable of str
        One sentence per problem: file, row, column, value, what is allowed, the repair.

    Attributes
    ----------
    problems : list of str
        The same sentences.

    Examples
    --------
    >>> print(SurveyError(["a.csv: the file is empty.", "b.csv: the file is missing."]))
    2 problems in the survey folder:
    - a.csv: the file is empty.
    - b.csv: the file is missing.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the sentences and join them into one message."""
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Join the sentences; a single one stands alone."""
        if len(self.problems) == 1:
            return self.problems[0]
        return f"{len(self.problems)} problems in the survey folder:\n" + "\n".join(
            f"- {problem}" for problem in self.problems
        )


@dataclass(frozen=True)
class Report:
    """
    What a check of a survey folder found.

    Attributes
    ----------
    problems : list of str
        What must be repaired before the folder can be read.
    notices : list of str
        Reading decisions, and findings that the pages will show.
    """

    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def quoted(value: str, length: int = 40) -> str:
    r"""
    Quote a value so that spaces, look-alike letters and invisible characters can be seen.

    Parameters
    ----------
    value : str
        A cell of a file.
    length : int
        Longest text shown.

    Returns
    -------
    str
        The value in quotes; letters outside ASCII follow as code points.

    Examples
    --------
    >>> quoted("4O")
    "'4O'"
    >>> quoted("ene\u200brgy")
    "'ene\\u200brgy'"
    """
    return ascii(value if len(value) <= length else value[: length - 3] + "...")


def cell_problem(file: str, row: int, column: str, value: str, allowed: str, repair: str) -> str:
    """
    Write the sentence for one cell.

    Parameters
    ----------
    file : str
        File name within the folder.
    row : int
        Row as a spreadsheet counts it; the header is row 1.
    column, value : str
        Where the value stands, and the value itself.
    allowed, repair : str
        What may stand there, and what to do.

    Returns
    -------
    str
        The sentence.

    Examples
    --------
    >>> cell_problem("responses.csv", 7, "printed", "4O", "a figure from 0 to 100", "write the digit 0")
    "responses.csv, row 7, column printed: value '4O'; allowed: a figure from 0 to 100; write the digit 0."
    """
    return f"{file}, row {row}, column {column}: value {quoted(value)}; allowed: {allowed}; {repair}."


def nearest(value: str, names: Iterable[str], otherwise: str) -> str:
    """
    Suggest the nearest legal name.

    Parameters
    ----------
    value : str
        What was written.
    names : iterable of str
        What is legal.
    otherwise : str
        The repair when nothing is near.

    Returns
    -------
    str
        The repair.

    Examples
    --------
    >>> nearest("ratng", ("rating", "single"), "choose one of them")
    "write 'rating' if that is meant"
    """
    near = get_close_matches(value.strip().lower(), list(names), n=1)
    return f"write {near[0]!r} if that is meant" if near else otherwise


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
