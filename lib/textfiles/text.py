"""Text that comes in: identifiers, look-alikes and spreadsheet formulas."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable

# Full-width signs count as formulas in some spreadsheets.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_STARTS) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Take the guarding apostrophe off a cell."""
    return text[1:] if text[:1] == "'" and text[1:2] in _STARTS else text


_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_LABEL = 90
_SEPARATORS = (";", "|", ",")

_WITHOUT_SUBSTANCE = frozenset(
    {
        "na", "n/a", "dk", "d/k", "dk/na", "refused", "refusal", "no answer", "no opinion", "no response",
        "not stated", "don't know", "do not know", "dont know", "weiß nicht", "weiss nicht", "keine angabe",
        "k. a", "k.a", "ne sait pas", "nsp", "sans réponse", "no sabe", "ns/nc", "no contesta",
        "не знаю", "нет ответа", "затрудняюсь ответить", "отказ", "отказ от ответа", "білмеймін",
    }
)  # fmt: skip


def sounds_missing(label: str) -> bool:
    """Say whether a label reads like an answer without substance."""
    return label.replace("’", "'").casefold().strip(" .'\"()[]*") in _WITHOUT_SUBSTANCE


def identifier(text: str, taken: Collection[str] = (), prefix: str = "q") -> str:
    """Make an identifier from a label: small Latin letters, digits, underscores; unique among those taken."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = _SLUG.sub("_", plain).strip("_")[:40].strip("_")
    if not slug or not slug[0].isalpha():
        slug = f"{prefix}_{slug}".strip("_")
    unique, number = slug, 1
    while unique in taken:
        number += 1
        unique = f"{slug}_{number}"
    return unique


def short_label(text: str) -> str:
    """Label short enough for a table."""
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"


def look(label: str) -> str:
    """Reduce a label to what a reader sees: case, width and invisible marks aside."""
    visible = "".join(letter for letter in label if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())


def separator_in(labels: Iterable[str]) -> str:
    """Find the mark between several answers in one cell, where the same parts return in different cells."""
    texts = list(labels)
    for mark in _SEPARATORS:
        cells = [[part.strip() for part in text.split(mark)] for text in texts]
        times = Counter(part for cell in cells for part in {*cell})
        parts = [part for cell in cells if len(cell) > 1 for part in cell]
        if sum(len(cell) > 1 for cell in cells) > 1 and 3 * sum(times[part] > 1 for part in parts) > 2 * len(
            parts
        ):
            return mark
    return ""
