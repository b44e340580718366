"""Numbers and labels as words: escaped, rounded, put into sentences."""

from __future__ import annotations

import html
import math
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from textfiles.problems import Problem
from textfiles.text import clean

MISSING: Final = "–"
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]()#+!|<>&~$^@:\"'=-]")


def escape_markdown(text: object) -> str:
    """Return `text` so that no Markdown reader finds markup, maths, citations or HTML in it."""
    return _MARKDOWN.sub(lambda match: f"&#{ord(match.group())};", clean(text))


_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff].*")


def isolated(text: str) -> str:
    """Hold together what runs from right to left, so that the signs around it keep their places.

    Examples
    --------
    >>> isolated("48% (12)"), isolated("48% \u05db\u05df?")
    ('48% (12)', '48% \u2068\u05db\u05df?\u2069')
    """
    return _RIGHT_TO_LEFT.sub("\u2068\\g<0>\u2069", text)


def slug(label: str) -> str:
    """Return a label as an identifier for files and anchors."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


class Ready(str):
    """Text this module has formatted, printed without further escaping."""


def count(number: float | None) -> Ready:
    """Return a whole number, thousands separated by a thin space.

    Examples
    --------
    >>> count(26), count(None)
    ('26', '–')
    """
    value = _number(number)
    if value is None:
        return Ready(MISSING)
    if not value.is_integer():
        raise Problem(f"{number} is not a whole number; use prose.decimal for it.")
    return Ready(f"{int(value):,}".replace(",", "\u202f").replace("-", "−"))


def decimal(number: float | None, places: int = 2) -> Ready:
    """Return a number with a fixed count of decimal places and a true minus sign.

    Examples
    --------
    >>> decimal(-0.6113), decimal(-0.0001)
    ('−0.61', '0.00')
    """
    value = _number(number)
    return Ready(MISSING) if value is None else Ready(_rounded(Decimal(repr(value)), places))


def share(fraction: float | None, places: int = 0) -> Ready:
    """Return a share, 0-1, as a percentage.

    Examples
    --------
    >>> share(0.52), share(0.2641, 1), share(0.125)
    ('52%', '26.4%', '13%')
    """
    value = _number(fraction)
    return Ready(MISSING) if value is None else Ready(f"{_rounded(100 * Decimal(repr(value)), places)}%")


def level(fraction: float) -> Ready:
    """Return a chosen level, such as a coverage, as a percentage with the decimals it was given with.

    Examples
    --------
    >>> level(0.95), level(0.999)
    ('95%', '99.9%')
    """
    return Ready(f"{100 * float(fraction):.10g}%")


def span(lower: Any, upper: Any, write: Callable[[Any], str], joiner: str = "–") -> str:
    """Write a range, each end by `write`; the percent sign once, one value where both ends print the same.

    Examples
    --------
    >>> span(0.385, 0.652, share), span(2, 2, count), span(-0.2, 0.8, decimal)
    ('39–65%', '2', '−0.20 to 0.80')
    """
    if _number(lower) is None or _number(upper) is None:
        return MISSING
    first, last = str(write(lower)), str(write(upper))
    if first == last:
        return first
    if joiner == " to " or "−" in first + last:
        return f"{first} to {last}"
    return f"{first.removesuffix('%')}{joiner}{last}"


def probability(value: float | None) -> Ready:
    """Return a probability with three decimals, never as zero, nor as one if it is less.

    Examples
    --------
    >>> probability(0.0321), probability(0.00004), probability(0.99996)
    ('0.032', '< 0.001', '> 0.999')
    """
    number = _number(value)
    if number is not None and number < 0.001:
        return Ready("< 0.001")
    return Ready("> 0.999") if number is not None and 0.9995 <= number < 1 else decimal(value, 3)


def p_value(value: float | None) -> Ready:
    """Return a test's p-value with its letter.

    Examples
    --------
    >>> p_value(0.0321), p_value(0.00004), p_value(1.0)
    ('p = 0.032', 'p < 0.001', 'p = 1.000')
    """
    text = probability(value)
    return text if text == MISSING else Ready(f"p {text}" if text.startswith("<") else f"p = {text}")


def joined(words: Sequence[str]) -> str:
    """Join words as a caption holds them, which is no Markdown: one, two and three."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def listing(items: Iterable[object]) -> Ready:
    """Return items as a list in words, each escaped for Markdown.

    Examples
    --------
    >>> listing(["roads", "rail", "ports"]), listing([])
    ('roads, rail and ports', 'none')
    """
    return Ready(joined([_ready(item) for item in items]) or "none")


def plural(number: int, singular: str, several: str | None = None) -> Ready:
    """Return a count with its noun in the right number.

    Examples
    --------
    >>> plural(1, "expert"), plural(3, "survey"), plural(2, "county", "counties")
    ('1 expert', '3 surveys', '2 counties')
    """
    return Ready(f"{count(number)} {singular if number == 1 else several or singular + 's'}")


class Sentence:
    """A computed piece of prose, shown as Markdown."""

    def __init__(self, markdown: str, text: str) -> None:
        self.markdown = markdown
        self.text = text

    def __str__(self) -> str:
        """Return the sentence without markup."""
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": self.text}

    def __repr__(self) -> str:
        """Return the sentence without markup."""
        return self.text


def say(template: str, *, when: object = True, otherwise: str = "", **values: object) -> Sentence:
    """Complete a sentence with computed values, or say another one where there is nothing to tell.

    The template is the author's and may hold Markdown; the values are data and are escaped, unless they come
    from this module. A bare float is refused: how many digits to print is the author's decision.

    Parameters
    ----------
    template : str
        Markdown with ``{name}`` fields. A field can look into a row, ``{row[score]}``, and say how to print
        its value: ``{row[score]:decimal1}``, with the words `share`, `share1`, `level`, `count`, `decimal1`,
        `decimal2`, `decimal3`, `p_value` and `listing`.
    when : object
        Whether the sentence holds; an empty collection or frame, zero and None count as no.
    otherwise : str
        What to say if not: Markdown without fields.
    **values : object
        What the fields name: text, numbers, rows, or the result of a function of this module.

    Returns
    -------
    Sentence
        Shown as Markdown by a notebook; ``str()`` gives it without markup.

    Raises
    ------
    textfiles.problems.Problem
        When a field has no value, a value no field, a value is a bare float or a printing word unknown.

    Examples
    --------
    >>> print(say("{row[who]}: {row[part]:share}", row={"who": "Energy", "part": 0.48}))
    Energy: 48%
    >>> say("{who} agreed", who="<b>A_B</b>").markdown
    '&#60;b&#62;A&#95;B&#60;/b&#62; agreed'
    >>> print(say("Silent: {names:listing}.", when=[], otherwise="Nobody was silent.", names=[]))
    Nobody was silent.
    """
    if not (len(when) if isinstance(when, Sized) else when):
        template, values = otherwise, {}
    named = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    fields = {re.split(r"[.\[]", name)[0] for name in named}
    if fields != set(values):
        unmatched = ", ".join(sorted(fields ^ set(values)))
        raise Problem(f"Fields and values of a sentence must match; these have no partner: {unmatched}.")
    markdown = _Writer().vformat(template, (), values)
    if markdown.startswith("\u2068"):  # what begins from right to left goes on so
        markdown = markdown.replace("\u2068", "", 1).replace("\u2069", "", 1)
    # No value holds a mark of Markdown any more.
    return Sentence(markdown, html.unescape(re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", markdown)))


class _Writer(string.Formatter):
    """Complete a template: each value printed as its field asks."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec:
            return _ready(value)
        if format_spec not in _PRINTED:
            words = ", ".join(_PRINTED)
            raise Problem(f"No way of printing is called {format_spec!r}; choose from {words}.")
        return _ready(_PRINTED[format_spec](value))


def paragraphs(sentences: Iterable[Sentence], *, bullets: bool = False) -> Sentence:
    r"""Join computed sentences, as paragraphs or as a bulleted list.

    Examples
    --------
    >>> paragraphs([say("one"), say("two")], bullets=True).markdown
    '- one\n- two'
    """
    parts = list(sentences)
    separator, mark = ("\n", "- ") if bullets else ("\n\n", "")
    return Sentence(
        separator.join(mark + part.markdown for part in parts),
        separator.join(mark + part.text for part in parts),
    )


def _rounded(number: Decimal, places: int) -> str:
    """Round a tie away from zero, as readers expect of 12.5%."""
    if not number.is_finite():
        return "∞" if number > 0 else "−∞"
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:f}".replace("-", "−")


def _number(value: object) -> float | None:
    """Return a number as float, None where it is missing."""
    if value is None:
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except TypeError:  # pandas.NA refuses to become a float
        return None
    return None if math.isnan(number) else number


def _ready(value: object) -> str:
    """Return a value for the Markdown, escaped unless this module made it."""
    if isinstance(value, Ready):
        return str(value)
    if isinstance(value, Sentence):
        return value.markdown
    if isinstance(value, str):
        return isolated(escape_markdown(value))
    if isinstance(value, Iterable):
        raise Problem("A sentence takes single values; use prose.listing for several.")
    number = _number(value)
    if number is None:
        return MISSING
    if isinstance(value, float) or not number.is_integer():
        raise Problem(f"Say how to print {value}: prose.share, prose.decimal or prose.count.")
    return str(count(number))


NUMBERS: Final[Mapping[str, Callable[[Any], Ready]]] = {
    "share": share,
    "share1": lambda value: share(value, 1),
    "count": count,
    "decimal1": lambda value: decimal(value, 1),
    "decimal2": decimal,
    "decimal3": lambda value: decimal(value, 3),
}
"""How numbers are printed, by the words that sentences and tables use."""
_PRINTED: Final[Mapping[str, Callable[[Any], Ready]]] = {
    **NUMBERS,
    "level": level,
    "p_value": p_value,
    "listing": listing,
}
