"""Numbers and labels as words: escaped, rounded, put into sentences."""

from __future__ import annotations

import html
import math
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sized
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

# Overrides and isolates of the reading direction, controls, and characters XML 1.0 does not allow.
_FORBIDDEN: Final = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]()#+!|<>&~$^@:\"'=-]")


def plain(text: object) -> str:
    r"""Return `text` on one line without control characters or reading-direction overrides.

    Examples
    --------
    >>> plain("two\nlines\x00 and \u202eovert")
    'two lines and overt'
    """
    return " ".join(_FORBIDDEN.sub("", str(text)).split())


def escape_html(text: object) -> str:
    """Return `text` for use in an HTML element or a quoted attribute."""
    return html.escape(plain(text), quote=True)


def escape_markdown(text: object) -> str:
    """Return `text` so that no Markdown reader finds markup, maths, citations or HTML in it."""
    return _MARKDOWN.sub(lambda match: f"&#{ord(match.group())};", plain(text))


def slug(label: str) -> str:
    """Return a label as an identifier for files and anchors."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


MISSING: Final = "–"


class ProseError(ValueError):
    """A sentence that cannot be completed with the values given."""


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
        raise ProseError(f"{number} is not a whole number; use prose.decimal for it.")
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


def interval(lower: float | None, upper: float | None, places: int = 0) -> Ready:
    """Return an interval of shares, 0-1, as percentages.

    Examples
    --------
    >>> interval(0.3851, 0.6520)
    '39% to 65%'
    """
    if _number(lower) is None or _number(upper) is None:
        return Ready(MISSING)
    return Ready(f"{share(lower, places)} to {share(upper, places)}")


def p_value(probability: float | None) -> Ready:
    """Return a probability of the size of a test's p-value, never as zero.

    Examples
    --------
    >>> p_value(0.0321), p_value(0.00004), p_value(1.0)
    ('p = 0.032', 'p < 0.001', 'p = 1.000')
    """
    value = _number(probability)
    if value is None:
        return Ready(MISSING)
    return Ready("p < 0.001") if value < 0.001 else Ready(f"p = {decimal(value, 3)}")


def listing(items: Iterable[object], conjunction: str = "and") -> Ready:
    """Return items as a list in words, each escaped.

    Examples
    --------
    >>> listing(["roads", "rail", "ports"]), listing([])
    ('roads, rail and ports', 'none')
    """
    words = [_ready(item) for item in items]
    if len(words) < 2:
        return Ready(words[0] if words else "none")
    return Ready(f"{', '.join(words[:-1])} {conjunction} {words[-1]}")


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
    ProseError
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
        raise ProseError(f"Fields and values of a sentence must match; these have no partner: {unmatched}.")
    markdown = _Writer(_ready).vformat(template, (), values)
    bare = re.sub(r"(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))", "", template)
    return Sentence(markdown, _Writer(_spoken).vformat(bare, (), values))


class _Writer(string.Formatter):
    """Complete a template: each value printed as its field asks, then written by one rule."""

    def __init__(self, write: Callable[[object], str]) -> None:
        self.write = write

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec:
            return self.write(value)
        if format_spec not in _PRINTED:
            words = ", ".join(_PRINTED)
            raise ProseError(f"No way of printing is called {format_spec!r}; choose from {words}.")
        return self.write(_PRINTED[format_spec](value))


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
    return escape_markdown(value) if isinstance(value, str) else _spoken(value)


def _spoken(value: object) -> str:
    """Return a value for the plain text."""
    if isinstance(value, Ready):
        return str(value)
    if isinstance(value, str | Sentence):
        return plain(value)
    if isinstance(value, Iterable):
        raise ProseError("A sentence takes single values; use prose.listing for several.")
    number = _number(value)
    if number is None:
        return MISSING
    if isinstance(value, float) or not number.is_integer():
        raise ProseError(f"Say how to print {value}: prose.share, prose.decimal or prose.count.")
    return str(count(number))


_PRINTED: Final[Mapping[str, Callable[[Any], Ready]]] = {
    "share": share,
    "share1": lambda value: share(value, 1),
    "level": level,
    "count": count,
    "decimal1": lambda value: decimal(value, 1),
    "decimal2": decimal,
    "decimal3": lambda value: decimal(value, 3),
    "p_value": p_value,
    "listing": listing,
}
