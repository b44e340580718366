"""Text that comes in and goes out: cleaned, made an identifier, escaped for spreadsheets and TeX."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

# What draws nothing, reorders what follows, is illegal in XML, or means what a private agreement says:
# controls, soft hyphen, zero-width and direction marks, surrogates, private use, non-characters.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060\u2066-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]"
)


def clean(text: object) -> str:
    r"""Return `text` as a reader sees it: on one line, letters composed, nothing invisible in it.

    Removed are controls, zero-width and reading-direction marks, and private-use characters, whose meaning
    no two fonts share; joiners stay, which Persian and emoji need. White space becomes single blanks.

    Examples
    --------
    >>> clean("two\nlines\x00 and \u202eovert")
    'two lines and overt'
    """
    whole = str(text)
    if whole.isascii() and whole.isprintable() and " " not in whole:  # as most cells of a large file are
        return whole
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", whole)).split())


def skeleton(label: str) -> str:
    """Reduce a label to what a reader sees of it: case, width and invisible marks aside."""
    visible = "".join(letter for letter in label if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())


# A spreadsheet may run a cell that begins so; some skip blanks, some take full-width signs.
_FORMULA = re.compile(r"'*(?:[\s\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(r"\s*[+-]?\s*\d[\d.,'’\u00a0\u202f ]*(?:[eE][+-]?\d+)?\s*%?\s*")


def escape_formula(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before one that it might.

    A number is no formula, so that a scale from -2 to 2 keeps its signs: ``-5``, ``-5,5`` and ``+3 %`` stay.
    See OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.

    Examples
    --------
    >>> [escape_formula(text) for text in ("=1+1", " =1", "-5,5", "- none")]
    ["'=1+1", "' =1", '-5,5', "'- none"]
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescape_formula(text: str) -> str:
    """Take the guarding apostrophe off a cell."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV, its texts safe for spreadsheets."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in (columns, *rows):
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return stream.getvalue()


_TEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{",
    "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\u2013": "--", "\u2212": r"$-$",
    "\u202f": r"\,", "\u00a0": "~", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def escape_tex(text: object) -> str:
    """Return text that TeX sets as it stands."""
    return "".join(_TEX.get(sign, sign) for sign in str(text))


_SLUG = re.compile(r"[^a-z0-9]+")
_NEGATIVE = re.compile(r"\s*[-\u2010-\u2013\u2212\ufe63\uff0d]\d")
_LONGEST_LABEL = 90


def identifier(text: str, taken: Collection[str] = (), prefix: str = "q") -> str:
    """Make an identifier from a label: small Latin letters, digits, underscores; unique among those taken.

    Examples
    --------
    >>> [identifier(text, prefix="score") for text in ("-2", "2", "Very good")]
    ['score_minus_2', 'score_2', 'very_good']
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = _SLUG.sub("_", plain).strip("_")[:40].strip("_")
    if not slug or not slug[0].isalpha():
        # The sign is a letter's worth of meaning: without it -2 and 2 would be named alike.
        sign = "minus" if _NEGATIVE.match(text) else ""
        slug = "_".join(filter(None, (prefix, sign, slug)))
    unique, number = slug, 1
    while unique in taken:
        number += 1
        unique = f"{slug}_{number}"
    return unique


def short_label(text: str) -> str:
    """Label short enough for a table."""
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"
