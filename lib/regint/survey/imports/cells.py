"""Text cells that a spreadsheet leaves alone.

A label such as `=HYPERLINK(...)` becomes a formula when a CSV is opened in a spreadsheet. Written tables
therefore put an apostrophe, the spreadsheets' own mark for text, before such a label, and readers take it off
again.
"""

from __future__ import annotations

import re

# Full-width signs count as formulas in some spreadsheets.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    Parameters
    ----------
    text : str
        Cell to be written; negative numbers stay as they are.

    Returns
    -------
    str
        The cell, with an apostrophe in front where needed.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5"), guarded("- none of these"), guarded("Yes")
    ("'=1+1", '-5', "'- none of these", 'Yes')
    """
    return "'" + text if text.startswith(_STARTS) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Take the guarding apostrophe off a cell.

    Parameters
    ----------
    text : str
        Cell as read.

    Returns
    -------
    str
        The cell without the guarding apostrophe; other apostrophes stay.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded(guarded("@home"))
    ('=1+1', "'tis", '@home')
    """
    return text[1:] if text[:1] == "'" and text[1:2] in _STARTS else text
