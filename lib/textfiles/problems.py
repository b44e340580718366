"""The error of survey folders: every problem at once, each a sentence that says the repair."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class Problem(ValueError):
    """What is wrong, in sentences that each say the repair: the one error that a user is meant to read.

    Parameters
    ----------
    *sentences : str
        One a problem: what, where, what is allowed, what to do.
    place : str
        Where all of it is, such as ``01_bars, cell 7``; goes before the text.

    Attributes
    ----------
    sentences : tuple of str
        The same sentences.
    place : str
        The same place.

    Examples
    --------
    >>> print(Problem("a.csv: the file is empty.", "b.csv: the file is missing."))
    2 problems:
    - a.csv: the file is empty.
    - b.csv: the file is missing.
    >>> print(Problem("Figure fig-x has no alternative text.", place="01_bars, cell 7"))
    01_bars, cell 7: Figure fig-x has no alternative text.
    """

    def __init__(self, *sentences: str, place: str = "") -> None:
        self.sentences, self.place = sentences, place
        super().__init__(*sentences)

    def __str__(self) -> str:
        """Join the sentences; a single one stands alone."""
        text = "\n- ".join([f"{len(self.sentences)} problems:", *self.sentences])
        text = self.sentences[0] if len(self.sentences) == 1 else text
        return f"{self.place}: {text}" if self.place else text

    def _render_traceback_(self) -> list[str]:
        """Show notebooks the sentence alone; IPython asks for it by this name."""
        return [str(self)]


def did_you_mean(value: str, names: Iterable[str]) -> str:
    """Name the legal name nearest to `value`, in brackets behind a blank; nothing when none is near.

    Examples
    --------
    >>> did_you_mean("ratng", ("rating", "single"))
    " (did you mean 'rating'?)"
    """
    known = {name.casefold(): name for name in names}
    near = get_close_matches(value.strip().casefold(), known, n=1)
    return f" (did you mean {known[near[0]]!r}?)" if near else ""


def quoted(value: str, length: int = 40) -> str:
    """Quote a value so that spaces, look-alike letters and invisible characters can be seen."""
    return ascii(value if len(value) <= length else value[: length - 3] + "...")


def nearest(value: str, names: Iterable[str], otherwise: str) -> str:
    """Suggest the nearest legal name."""
    near = get_close_matches(value.strip().lower(), list(names), n=1)
    return f"write {near[0]!r} if that is meant" if near else otherwise
