"""One cell of a printed table: a figure, a count beside it, a sign in its place, a number of people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textfiles.problems import Problem

_PER_CENT = re.compile(
    r"\s*(%|٪|％|per ?cents?\b|pct\b|prozent\b|pour ?cent\b|por ciento\b|процент\w*)\.?", re.IGNORECASE
)
_RAISED_POINT = re.compile(r"(?<=\d)[·‧∙٫](?=\d)")
_NUMBER = r"(?:\d+(?:[.,]\d*)?|[.,]\d+)"
_FIGURE = re.compile(rf"({_NUMBER})\s?%?(\s?[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]{{1,3}})?")
_COUNTED = r"(?:n\s?=\s?)?(\d[\d ,.'’]*|[.,]\d+)"
_PAIR = re.compile(rf"{_COUNTED}(%?)\s?[(\[]\s?{_COUNTED}(%?)\s?[)\]]", re.IGNORECASE)
_LESS = rf"(?:<|less than|under|below)\s?({_NUMBER})\s?%?"
_BELOW = re.compile(_LESS, re.IGNORECASE)
_COUNT_BELOW = re.compile(rf"{_COUNTED}\s?[(\[]\s?{_LESS}\s?[)\]]", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\(?\s?(?:n\s?=\s?)?(\d{1,3}(?:[ .,'’]\d{3})+|\d+)(?:\s[^\W\d][^\d%]*)?\s?\)?", re.IGNORECASE
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True)
class Cell:
    """
    A cell of a printed table, read.

    Attributes
    ----------
    figure : str
        The number with a decimal point and as many decimals as printed, or the sign in its place.
    count : str
        A number of people printed beside it.
    pair : tuple of str
        Two numbers, ``18 (45)``, that nothing in the cell tells apart.
    fault : bool
        Whether the cell is none of these; ``unexplained`` if it may be a sign that no legend explains.
    """

    figure: str = ""
    count: str = ""
    pair: tuple[str, ...] = ()
    fault: bool = False
    unexplained: bool = False
    footnote: bool = False


def plain(text: str) -> str:
    """Write digits of every script and spaces of every width in the one way, and every per cent as %."""
    digits = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)
    spaced = " ".join(_RAISED_POINT.sub(".", digits).replace("\u2212", "-").split())
    return _PER_CENT.sub("%", spaced).strip()


def decimal_mark(file: str, cells: Iterable[str]) -> str:
    """Give the decimal mark of a whole file."""
    numbers = []
    for cell in map(plain, cells):
        pair = _PAIR.fullmatch(cell)
        percentage = (pair[1] if pair[2] else pair[3] if pair[4] else cell) if pair else cell
        numbers += re.findall(r"\d+[.,]\d+|[.,]\d+", percentage)
    commas, points = [n for n in numbers if "," in n], [n for n in numbers if "." in n]
    if commas and points:
        both = f"decimal commas ({commas[0]!r}) and points ({points[0]!r})"
        raise Problem(f"{file} has {both}: write one mark throughout.")
    if commas and all(_THOUSANDS.fullmatch(number) for number in commas):
        repair = "write a decimal point, or no mark in thousands"
        raise Problem(f"{file}: {commas[0]!r} may be a decimal or a thousand: {repair}.")
    return "comma" if commas else "point"


def read_cell(text: str, legend: Mapping[str, str]) -> Cell:
    """Read a cell of figures, in a table whose decimal mark is the same throughout."""
    cell = plain(text)
    if text in legend or not cell:
        return Cell(figure=text if text in legend else "")
    if match := _FIGURE.fullmatch(cell):
        return Cell(figure=_number(match[1]), footnote=bool(match[2]))
    if match := _BELOW.fullmatch(cell):
        return Cell(figure=f"<{_number(match[1])}")
    if match := _COUNT_BELOW.fullmatch(cell):
        return Cell(figure=f"<{_number(match[2])}", count=number_of_people(match[1]) or "0")
    if match := _PAIR.fullmatch(cell):
        first, second = match[1].strip(), match[3].strip()
        if match[2] or (not match[4] and re.search("[.,]", first)):
            first, second = second, first
        elif not match[4] and not re.search("[.,]", second):
            return Cell(pair=(first, second))
        count, figure = number_of_people(first), _FIGURE.fullmatch(second)
        return Cell(figure=_number(second) if figure else text, count=count or "0", fault=not figure)
    if re.fullmatch(r"-\d+(\.\d+)?", cell.replace(",", ".")):
        return Cell(figure=cell.replace(",", "."))
    sign = len(cell) <= 12 and not re.search(r"\d", cell) and (len(cell) <= 3 or " " not in cell)
    return Cell(figure=text, fault=True, unexplained=sign)


def _number(text: str) -> str:
    """Write a number with a point, without needless zeros before it: 05 is 5, .5 is 0.5, 45. is 45."""
    whole, _, decimals = text.replace(",", ".").partition(".")
    return f"{whole.lstrip('0') or '0'}{'.' if decimals else ''}{decimals}"


def number_of_people(text: str) -> str | None:
    """Read a base or count: 412, 1,013, 1 013, 1.013, n=412, (N = 412), 412 adults; None for all else."""
    match = _PEOPLE.fullmatch(plain(text))
    digits = re.sub(r"\D", "", match[1]).lstrip("0") if match else ""
    return digits if digits and len(digits) < 10 else None
