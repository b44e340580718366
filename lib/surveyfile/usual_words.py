"""What answers and names of columns usually mean, in English, German, French, Spanish, Russian and Arabic.

The words stand in `usual_words.toml`; here they are looked up. A word that it does not know decides nothing.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""All words and patterns, as the file groups them."""


def words(text: str) -> list[str]:
    """Words parted by bars or lines."""
    return re.split(r"[|\n]", text.strip())


def pattern(text: str) -> re.Pattern[str]:
    """Make one pattern of the lines of a longer one."""
    return re.compile(text.replace("\n", ""), re.IGNORECASE)


_DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d\d)"
_TIME = r"\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?"
_ZONE = r" ?(Z|[A-Z]{3,4})?([+-]\d\d?(:?\d\d)?)?"
_DATE_OR_TIME = re.compile(rf"({_DATE})([T ,]+{_TIME}({_ZONE})?)?|{_TIME}")


def is_date(text: str) -> bool:
    """Whether a text is a date, a time, or both, as computers write them."""
    return _DATE_OR_TIME.fullmatch(text) is not None


_SPELLINGS = str.maketrans(
    dict.fromkeys("أإآ", "ا") | {"ё": "е"} | dict.fromkeys(map(chr, (0x640, *range(0x64B, 0x653))))
)
"""Spellings of one letter, and the marks and the long stroke of Arabic, which may be left out."""


def _plain(text: str) -> str:
    """Words of a text: small letters, no marks, no endings in brackets such as ``(e)`` or ``(на)``."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLINGS)
    text = re.sub(r"(?<=\w)\(\w{1,3}\)", "", text)
    return " ".join(re.sub(r"[^\w%$€£₽<>≤≥+]+|_", " ", text).split())


_KNOWN = {name: frozenset(map(_plain, words(text))) for name, text in WORDS["answers"].items()}


_OR = re.compile(r"/|,|،|;|\bor\b|\boder\b|\bou\b|\bo\b|\bили\b|\bأو\b")


def lacks_substance(label: str) -> bool:
    """Whether a label says that somebody gave no answer in substance, such as ``DK/Refused (VOL.)``."""
    text = re.sub(r"\((vol|volunteered)\.?\)", "", label.replace("’", "'"), flags=re.IGNORECASE)
    parts = [_plain(part) for part in _OR.split(text.casefold())]
    said = {part for part in parts if part} - _KNOWN["nothing"]
    without = _KNOWN["without_substance"]
    return _plain(text) in without or (bool(said) and said <= without)


def sounds_missing(label: str) -> bool:
    """Whether a label may be no answer in substance; of some, such as NA, only the reader can tell."""
    return lacks_substance(label) or _plain(label) in _KNOWN["nothing"]


def exclude_each_other(labels: Collection[str]) -> bool:
    """Whether one answer alone can hold: of opposites, with one between them at most, or of a scale."""
    said = [label for label in labels if not sounds_missing(label)]
    plain = [_plain(label) for label in said]
    begin = {text.partition(" ")[0] for text in plain}
    if begin <= _KNOWN["yes"] | _KNOWN["no"] and begin & _KNOWN["yes"] and begin & _KNOWN["no"]:
        return True
    opposite = any(_are_opposites(one, other) for one, other in combinations(plain, 2))
    return (len(plain) <= 3 and opposite) or bool(in_order(said))


def _are_opposites(one: str, other: str) -> bool:
    """Whether two answers are alike but for opposites in them, or for words by which one denies the other."""
    words_of = [text.split() for text in (one, other)]
    apart = [[word for word in own if word not in rest] for own, rest in (words_of, words_of[::-1])]
    denied = {word for text in _KNOWN["denial"] for word in text.split()}
    if not all(apart):
        return any(apart) and denied.issuperset([*apart[0], *apart[1]])
    return frozenset(" ".join(own) for own in apart) in _OPPOSITES


_OPPOSITES = {
    frozenset(map(_plain, pair.replace("_", " ").split("/")))
    for pair in [*words(WORDS["answers"]["opposites"]), *" ".join(WORDS["scales"]["poles"].values()).split()]
}


def is_other(option: str) -> bool:
    """Whether an option stands for what others wrote in their own words."""
    # Of two columns with one name the second has a number.
    return _plain(re.sub(r"_\d+$", "", option)) in _KNOWN["other"]


def ticked(labels: Collection[str]) -> tuple[str, str]:
    """Of two labels, the one that says an option was chosen, and if both are sure: tick, yes, or none."""
    known = {label: _plain(label) for label in labels}
    for sort, no in (("tick", "no_tick"), ("yes", "no")):
        chosen = [label for label, text in known.items() if text in _KNOWN[sort]]
        rest = {text for label, text in known.items() if label not in chosen}
        if known and len(chosen) < 2 and rest <= _KNOWN[no]:
            return "".join(chosen), sort
    return "", ""


@cache
def _scales() -> list[dict[str, int]]:
    """All scales, as the step of each word."""
    scales = WORDS["scales"]
    lines = scales["whole"].strip().splitlines()
    for language, steps in scales["templates"].items():
        for pair in scales["poles"][language].split():
            low, high = pair.replace("_", " ").split("/")
            lines.append(re.sub(r"\bP\b", high, re.sub(r"\bN\b", low, " < ".join(steps))))
    return [
        {_plain(word): step for step, same in enumerate(line.split("<")) for word in same.split("|")}
        for line in lines
    ]


def in_order(labels: Sequence[str]) -> list[str]:
    """Labels from low to high, where numbers or usual words give each a place of its own; else none."""
    if placed := _by_bands(labels) or _by_first_number(labels):
        return placed
    plain = {
        label: _plain(re.sub(r"^\s*\d+\s*[-.:)=–]\s*|\s*\(\d+\)\s*$", "", label)).replace(" per ", " a ")
        for label in labels
    }
    orders = set()
    for scale in _scales():
        steps = {label: scale[text] for label, text in plain.items() if text in scale}
        if 2 < len(labels) == len(steps) == len({*steps.values()}):
            orders.add(tuple(sorted(labels, key=lambda label: steps[label])))
    return list(orders.pop()) if len(orders) == 1 else []


def almost_in_order(labels: Sequence[str]) -> bool:
    """Whether most labels, three at least, are words of one scale, but not all, or not each in its place."""
    plain = [_plain(label) for label in labels]
    known = [sum(text in scale for text in plain) for scale in _scales()]
    return not in_order(labels) and max(known) > 2 and 2 * max(known) > len(labels)


def _by_first_number(labels: Sequence[str]) -> list[str]:
    """Order labels such as ``1 - not at all``, ``2``, ``3``, ``4 - very much`` by their first numbers."""
    found = {label: re.fullmatch(r"(-?\d{1,2})(?:\s*[-.:)=–]\s*\D.*)?", label.strip()) for label in labels}
    if len(labels) < 3 or not all(found.values()) or all(label.strip("-").isdecimal() for label in labels):
        return []
    numbers = {label: int(match[1]) for label, match in found.items() if match}
    ordered = sorted(labels, key=lambda label: numbers[label])
    return ordered if all(numbers[b] - numbers[a] == 1 for a, b in pairwise(ordered)) else []


_BANDS = {name: frozenset(map(_plain, words(text))) for name, text in WORDS["bands"].items()}
_BELOW, _ABOVE = (
    re.compile(rf"(?<!\w)({'|'.join(map(re.escape, sorted(end)))})(?!\w)")
    for end in (_BANDS["below"], _BANDS["above"] | {"+"})
)
_BESIDE = {part for kind in _BANDS.values() for word in kind for part in word.split()} | {*"+<>$€£₽"}


def _by_bands(labels: Sequence[str]) -> list[str]:
    """Order bands of numbers, such as ages and incomes, that do not overlap and are of one unit."""
    bands: dict[str, tuple[float, float]] = {}
    units = set()
    for label in labels:
        text = re.sub(r"(?<=\d)[ ,.'’\u00a0\u202f](?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", label))
        text = re.sub(r"(\d)\s?([kK])\b", r"\g<1>000", text)
        numbers = [float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", text)]
        beside = _plain(re.sub(r"\d+(?:[.,]\d+)?", " ", text))
        below, above = bool(_BELOW.search(beside)), bool(_ABOVE.search(beside))
        if len(numbers) == 1 and (below != above or not beside):
            numbers = [-1 if below else numbers[0], float("inf") if above else numbers[0]]
        if len(numbers) != 2 or numbers[0] > numbers[1]:
            return []
        bands[label] = numbers[0], numbers[1]
        units.add(frozenset(beside.split()) - _BESIDE)
    ordered = sorted(labels, key=lambda label: bands[label])
    apart = all(bands[a][1] <= bands[b][0] and bands[a] != bands[b] for a, b in pairwise(ordered))
    several = sum(low != high for low, high in bands.values())
    one_unit = len(units - {frozenset()}) < 2  # named by all, or by those that name any
    return ordered if len(labels) > 2 and apart and several > 1 and one_unit else []


# What a column may be that is no question.

_WEIGHT = pattern(WORDS["columns"]["weight"])


def looks_like_weight(name: str, wording: str, texts: Iterable[str]) -> bool:
    """Whether a column is named like one of weights, and holds nothing but numbers that are not negative."""
    named = _WEIGHT.fullmatch(name) or re.search(r"\bweight(s|ing)?\b|\bgewichtung", wording, re.IGNORECASE)
    numbers = [re.fullmatch(r"\d+([.,]\d+)?([eE]-?\d+)?", text) for text in texts]
    return bool(named and numbers and all(numbers))


_PERSONAL, _SELDOM, _COORDINATE = (
    {what: pattern(text) for what, text in WORDS["personal"][when].items()}
    for when in ("always", "seldom", "named")
)
_COORDINATE_NAMES = pattern(WORDS["columns"]["coordinate"])
_PERSONAL_NAMES = pattern(WORDS["columns"]["personal"])


def personal(name: str, wording: str, times: Mapping[str, int]) -> str:
    """Name what a column seems to hold that may point at people, by its answers or by its name; or none.

    An answer that many gave points at nobody: of telephone numbers and coordinates, and of what only the
    name tells, a third of the answers must stand alone.
    """
    answers = sum(times.values())
    seldom = 3 * sum(number == 1 for number in times.values()) >= answers
    if answers and 2 * sum(number for text, number in times.items() if is_date(text)) >= answers:
        return "dates or times"
    named = f"{name} | {wording}".replace("_", " ")
    shapes: dict[str, re.Pattern[str]] = _PERSONAL | (_SELDOM if seldom else {})
    if seldom and _COORDINATE_NAMES.search(named):
        shapes |= _COORDINATE
    for what, shape in shapes.items():
        if answers and 2 * sum(n for text, n in times.items() if shape.fullmatch(text)) >= answers:
            return what
    return "personal data, by its name" if seldom and _PERSONAL_NAMES.search(named) else ""
