"""Check cells of exercises: they tell right from wrong, and why, without holding the solution."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import display

# In the student edition this cell stands in place of the one that showed it.
CELL = "application/vnd.nbarticle.cell+json"


def ask(exercise: str, what: str, *, right: Any, wrong: Mapping[str, Any], places: int = 0) -> None:
    """Show the common errors of an exercise, and write the cell with which a student checks an answer.

    That cell knows the answers as digests only.

    Parameters
    ----------
    exercise : str
        Notebook and number, such as ``"03.1"``.
    what : str
        What an answer is, for the student: ``"a share, with three decimals"``.
    right : number, str, or list of these
        The answer. The order of a list does not matter.
    wrong : mapping of str to number, str, or list of these
        The commonest wrong answers, each under the sentence that says where it comes from.
    places : int
        Decimals to which numbers are compared; with 0 they must be equal.
    """
    known = {_digest(exercise, value, places): why for why, value in wrong.items()}
    source = (
        f"answer = None  # {what}\nexercises.check(\n    {exercise!r},\n    answer,\n"
        f"    right={_digest(exercise, right, places)!r},\n    wrong={{\n"
        + "".join(f"        {digest!r}: {why!r},\n" for digest, why in known.items())
        + f"    }},\n    places={places},\n)"
    )
    errors = [f"<li>{escape(_text(value, places))}: {escape(why)}" for why, value in wrong.items()]
    shown = f"<p>Two common errors:</p><ul>{''.join(errors)}</ul>"
    answers = {"right": repr(_plain(right)), "wrong": [repr(_plain(value)) for value in wrong.values()]}
    display({CELL: {"source": source} | answers, "text/html": shown}, raw=True)  # type: ignore[no-untyped-call]


def check(exercise: str, answer: Any, *, right: str, wrong: Mapping[str, str], places: int = 0) -> None:
    """Say whether an answer is right; of the common wrong ones, where they come from.

    Parameters
    ----------
    exercise, places
        As in `ask`.
    answer : number, str, or list of these
        The student's answer; None as long as there is none.
    right : str
        Digest of the answer.
    wrong : mapping of str to str
        Digest of a wrong answer, and why it is wrong.
    """
    given = _plain(answer)
    if given is None or given in ("", []):
        print("Nothing is given yet: put your answer in place of None, and run the cell again.")
        return
    # On the border between two roundings both are right.
    near = [given, given - 1e-9, given + 1e-9] if places and isinstance(given, int | float) else [given]
    told = {_digest(exercise, value, places) for value in near}
    if right in told:
        print("Right.")
    elif reasons := [why for digest, why in wrong.items() if digest in told]:
        print(f"Not yet. {reasons[0]}")
    elif isinstance(given, int | float) and _digest(exercise, given / 100, places) == right:
        print("Not yet. The figure is right in per cent; give it as a share of one.")
    else:
        print("Not yet. The right answer is one for the parameters with which this notebook came.")


def _plain(value: Any) -> Any:
    """Return a value as Python's own numbers, text and lists."""
    if isinstance(value, set | tuple | list | np.ndarray | pd.Series | pd.Index):
        value = pd.Series(list(value)).tolist()
        return value[0] if len(value) == 1 else value
    return value.item() if hasattr(value, "item") else value


def _text(value: Any, places: int) -> str:
    """Write an answer so that equal ones are written alike."""
    value = _plain(value)
    if isinstance(value, list):
        return ", ".join(sorted((_text(part, places) for part in value), key=str.casefold)) or "none"
    if isinstance(value, int | float):
        return f"{value + 0.0:.{places}f}" if places else f"{value:.12g}"
    return " ".join(str(value).split())


def _digest(exercise: str, value: Any, places: int) -> str:
    text = f"{exercise} {_text(value, places).casefold()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
