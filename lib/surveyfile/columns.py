"""The common form of respondent-level data, whatever file it came from.

Every cell is a text code or silence. Each column holds its distinct codes once and, for each respondent, the
position of the code; -1 means that nothing was recorded. Numbers in a statistical package's file become their
shortest text, so "1" is one code in every format, and `007` stays `007` where a file says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

SILENT = -1
"""Position that stands for silence: an empty cell or a package's system-missing value."""

MANY = 10_000
"""Distinct answers of one column beyond which nobody needs their exact number."""

# Characters that draw nothing or reorder what follows them; they hide differences between two labels.
_INVISIBLE = {"\u00ad", "\u180e", "\u200b", "\u200e", "\u200f", "\u2060", "\ufeff"} | {
    chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


@dataclass(frozen=True)
class Column:
    """Answers of all respondents to one column of a file.

    Parameters
    ----------
    name : str
        Column name in the file.
    codes : numpy.ndarray
        For each respondent the position in `texts`, or `SILENT`.
    texts : tuple of str
        Distinct codes as text.
    wording : str
        Question text, where the file carries one.
    labels : Mapping
        Label of each code, where the file carries labels.
    missing : frozenset
        Codes the file declares as missing ("refused", "don't know"): answer states, not silence.
    ordered : bool
        Whether the file says that the codes are ordered.
    remarks : tuple of str
        Sentences about repairs that a reader should know.
    times : numpy.ndarray or None
        Respondents behind each entry of `codes`, where those who answered alike share one; else one each.
    """

    name: str
    codes: npt.NDArray[np.int32]
    texts: tuple[str, ...]
    wording: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    ordered: bool = False
    remarks: tuple[str, ...] = ()
    times: npt.NDArray[np.int64] | None = None

    def counts(self) -> npt.NDArray[np.int64]:
        """Respondents per value, in the order of `texts`."""
        per_slot = np.bincount(self.codes + 1, weights=self.times, minlength=len(self.texts) + 1)
        return per_slot[1:].astype(np.int64)


@dataclass(frozen=True)
class DeclaredSet:
    """Multiple-response set as a file declares it.

    Parameters
    ----------
    name, label : str
        Name and text of the set.
    columns : tuple of str
        Member columns.
    counted : str
        Value that means "chosen"; empty when the members hold the chosen code itself.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    counted: str


@dataclass(frozen=True)
class Respondents:
    """A respondent-level file, read.

    Parameters
    ----------
    columns : dict
        `Column` by name, in the file's order.
    rows : int
        Number of respondents.
    reading : dict
        Decisions taken while reading (kind, encoding, delimiter, ...), for `import.json`.
    notices : tuple of str
        Sentences about the file as a whole; those about one column stand with the column.
    sets : tuple of DeclaredSet
        Multiple-response sets the file declares.
    skipped : dict
        Columns of the file that were not read.
    """

    columns: dict[str, Column]
    rows: int
    reading: dict[str, object]
    notices: tuple[str, ...] = ()
    sets: tuple[DeclaredSet, ...] = ()
    skipped: tuple[str, ...] = ()


def tidy_text(text: str) -> str:
    r"""Text as a reader sees it: composed letters, no invisible or control characters, no outer space.

    Parameters
    ----------
    text : str
        Cell or label.

    Returns
    -------
    str
        The text in Unicode form NFC. Letters of right-to-left scripts and emoji stay; override marks go.

    Examples
    --------
    >>> tidy_text(" Cafe\u0301\u200b ")
    'Café'
    """
    composed = unicodedata.normalize("NFC", text)
    drawn = "".join(
        " " if letter in "\t\r\n\u00a0" else letter
        for letter in composed
        if letter in "\t\r\n"
        or (letter not in _INVISIBLE and unicodedata.category(letter) not in ("Cc", "Cs"))
    )
    return " ".join(drawn.split())


def number_text(number: float) -> str:
    """Shortest text of a number: whole numbers without a decimal point.

    Examples
    --------
    >>> number_text(3.0), number_text(0.25), number_text(-8.0)
    ('3', '0.25', '-8')
    """
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def text_column(name: str, codes: npt.NDArray[np.int32], values: Sequence[str], **details: object) -> Column:
    """Column of text cells, with empty cells as silence and look-alike spellings united.

    Parameters
    ----------
    name : str
        Column name.
    codes : numpy.ndarray
        Position in `values` for each respondent, `SILENT` for none.
    values : sequence of str
        Distinct cells as they stand in the file; may hold entries nobody uses.
    **details
        Further fields of `Column`.

    Returns
    -------
    Column
        With a remark where spellings were united.

    Examples
    --------
    >>> codes = np.array([0, 1, 2, 3], dtype=np.int32)
    >>> column = text_column("q1", codes, ["Yes", " Yes", "", "No"])
    >>> column.texts, column.codes.tolist(), len(column.remarks)
    (('Yes', 'No'), [0, 0, -1, 1], 1)
    """
    used = np.bincount(codes + 1, minlength=len(values) + 1)[1:] > 0
    position: dict[str, int] = {}
    target = np.full(len(values) + 1, SILENT, dtype=np.int32)
    united: list[str] = []
    for index in np.flatnonzero(used).tolist():
        text = tidy_text(values[index])
        if not text:
            continue
        if text in position:
            united.append(text)
        target[index] = position.setdefault(text, len(position))
    remarks = _united(name, sorted(united, key=value_order))  # not in the order of appearance
    return Column(name, target[codes], tuple(position), remarks=remarks, **details)  # type: ignore[arg-type]


def _united(name: str, united: list[str]) -> tuple[str, ...]:
    """Remark on look-alike spellings of one answer."""
    if not united:
        return ()
    one = len(united) == 1
    what = "1 spelling" if one else f"{len(united)} spellings"
    return (
        f"{name}: {what} differed only by spaces or invisible characters and {'was' if one else 'were'} "
        f"united with {'its twin' if one else 'their twins'}, e.g. {united[0]!r}.",
    )


def series_column(name: str, series: pd.Series, **details: object) -> Column:
    """Column from a pandas Series of numbers or text; missing values become silence.

    Parameters
    ----------
    name : str
        Column name.
    series : pandas.Series
        Answers of all respondents.
    **details
        Further fields of `Column`.

    Returns
    -------
    Column
        Its texts in order.

    Examples
    --------
    >>> series_column("q1", pd.Series([2.0, None, 1.0])).texts
    ('1', '2')
    """
    codes, uniques = pd.factorize(series, sort=False)
    texts = [number_text(float(u)) if isinstance(u, (float, int, np.number)) else str(u) for u in uniques]
    return in_order(text_column(name, codes.astype(np.int32), texts, **details))


def in_order(column: Column) -> Column:
    """Sort the values of a column: numbers by size, then text.

    Examples
    --------
    >>> in_order(Column("q", np.array([0, 1], dtype=np.int32), ("10", "9"))).texts
    ('9', '10')
    """
    ranked = sorted(range(len(column.texts)), key=lambda i: value_order(column.texts[i]))
    target = np.full(len(ranked) + 1, SILENT, dtype=np.int32)
    target[ranked] = np.arange(len(ranked), dtype=np.int32)
    return replace(column, codes=target[column.codes], texts=tuple(column.texts[i] for i in ranked))


def value_order(text: str) -> tuple[int, float, str]:
    """Sorting key of a code: numbers first, by size; then text.

    Examples
    --------
    >>> sorted(["b", "10", "9", "a"], key=value_order)
    ['9', '10', 'a', 'b']
    """
    try:
        number = float(text)
    except ValueError:
        return (1, 0.0, text)
    return (0, number, text) if np.isfinite(number) else (1, 0.0, text)


_WHOLE = re.compile(r"-?\d+(\.0)?")


def whole_numbers(column: Column) -> Column:
    """Take the `.0` off whole numbers that a program wrote as decimals.

    Parameters
    ----------
    column : Column
        A column of text.

    Returns
    -------
    Column
        Changed, with a remark, only when every value is a whole number and some end in `.0`.

    Examples
    --------
    >>> whole_numbers(Column("q", np.array([0, 1], dtype=np.int32), ("1.0", "2.0"))).texts
    ('1', '2')
    """
    decimals = any(text.endswith(".0") for text in column.texts)
    if not decimals or not all(_WHOLE.fullmatch(text) for text in column.texts):
        return column
    changed = text_column(column.name, column.codes, [text.removesuffix(".0") for text in column.texts])
    remark = f"{column.name}: whole numbers written with .0 were read without it."
    return replace(changed, remarks=(*column.remarks, remark))
