"""The export files of survey platforms: rows of headers, and columns that a platform adds by itself.

A platform is known by signs in the file, several at a time. Where one of them is missing nothing is decided:
the reader is asked, with the option that decides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from textfiles.problems import Problem
from textfiles.text import clean

from surveyfile.columns import Column
from surveyfile.usual_words import WORDS, is_date, words

_IMPORT_ID = re.compile(r"""\{\s*["']ImportId["']\s*:""")
"""Beginning of the cells in Qualtrics' third row."""

_LEGACY = re.compile(r"V\d+")
"""Names of the columns that an older Qualtrics adds; row 2 says what they are."""

_RESPONSE = frozenset(words(WORDS["platforms"]["below_a_question"]))
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Heading:
    """What stands above the answers: names and wordings of the columns, and the number of its rows."""

    names: tuple[str, ...]
    wordings: Mapping[str, str]
    rows: int
    notices: tuple[str, ...]


_OPTION_SIGNS = [re.compile(sign) for sign in WORDS["platforms"]["options"]]
_NUMBERED = re.compile(r"(?P<stem>.*[^\W_])[_.](?P<option>\d+)|(?P<lettered>\w*\d)_?(?P<letter>[a-z])")
"""Names such as Q2_1 or q3a: Qualtrics, SPSS and Stata number options so, but others number questions so."""


def stems_of(names: Collection[str]) -> dict[str, dict[str, str]]:
    """Columns that the names of a platform join to one question, and the option or row that each stands for.

    Examples
    --------
    >>> stems_of(["sex", "needs/water", "needs/food", "Which? [Tea]"])
    {'needs': {'needs/water': 'water', 'needs/food': 'food'}}
    """
    readings: defaultdict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for name in names:
        parts = name.split(" - ")  # SurveyMonkey, Qualtrics: question - option
        for end in range(1, len(parts)):
            readings[0, " - ".join(parts[:end])][name] = " - ".join(parts[end:])
        for order, sign in (*enumerate(_OPTION_SIGNS, start=1), (9, _NUMBERED)):
            if match := sign.fullmatch(name):
                *before, last = filter(None, match.groups())
                readings[order, ". ".join(before)][name] = last
        dotted, _, option = name.rpartition(".")  # R writes a dot for KoboToolbox's stroke
        if dotted in names:
            readings[8, dotted][name] = option
    found: dict[str, dict[str, str]] = {}
    used: set[str] = set()
    # Of "a - b - c" the longest stem that others share, and of all readings the first.
    for (_, stem), own in sorted(readings.items(), key=lambda reading: (reading[0][0], -len(reading[0][1]))):
        free = {name: option for name, option in own.items() if name not in used}
        if len(free) > 1 and stem not in found:
            found[stem] = free
            used |= free.keys()
    return found


def is_numbered(name: str) -> bool:
    """Whether a name only ends in a number or letter, which joins less than the signs of a platform do."""
    return _NUMBERED.fullmatch(name) is not None and "___" not in name


LIMESURVEY = re.compile(r"\w+\[\w+\](\.(_\.)? ?.+ ?\[[^\[\]]+\])?")
"""A column of LimeSurvey by its code, alone or before the text: there yes and no are ticks."""

COMPANION = re.compile(r".+(_TEXT|_other|_specify|comment\])")
"""A column with the words of those who chose "other", beside the column of that option."""


_PLATFORMS = {
    name: re.compile("|".join(columns.split()), re.IGNORECASE)
    for name, columns in WORDS["platforms"]["columns"].items()
}
_FEW = {"REDCap": 2}  # of whose columns tell it; of all others three do
_TIMESTAMP = frozenset(words(WORDS["platforms"]["timestamp"]))
_FINISHED = WORDS["platforms"]["finished"]


_CODE_AND_TEXT = re.compile(r"(\w+)(?:\[\w+\])*(?:\._)?\. ?(.+?) ?(?:\[\])?")
"""A column as LimeSurvey calls it where it writes the text of a question behind its code."""


def _own_name(name: str, wording: str) -> str:
    """Name by which a platform's own column is known: older ones of Qualtrics by what stands below it."""
    if _LEGACY.fullmatch(name):
        return wording
    found = _CODE_AND_TEXT.fullmatch(name)
    return found[1] if found and _PLATFORMS["LimeSurvey"].fullmatch(found[1]) else name


def platform_of(columns: Mapping[str, str]) -> str:
    """Tell the platform that wrote a file by its columns and their wordings; none where too few tell."""
    own = [_own_name(*column) for column in columns.items()]
    times = {name: sum(map(bool, map(shape.fullmatch, own))) for name, shape in _PLATFORMS.items()}
    found = max(times, key=lambda name: times[name])
    return found if times[found] >= _FEW.get(found, 3) else ""


def added_by_platform(column: Column, place: int, platform: str, texts: Collection[str | None]) -> str:
    """Why a column is left out that the platform adds, not its users; empty for any other.

    Of one that tells who finished, the reader is told the option that counts only these.
    """
    given = {text for text in texts if text}
    if place == 0 and column.name.casefold() in _TIMESTAMP and all(map(is_date, given)):
        return "the time of the answer, as Google Forms adds it"
    name = _own_name(column.name, column.wording)
    if not platform or not _PLATFORMS[platform].fullmatch(name):
        return ""
    sort = "complete?" if name.casefold().endswith("_complete") else name.casefold()
    good = [text for text in _FINISHED.get(sort, ()) if text in given or (text == "*" and None in texts)]
    if good and len({*texts}) > 1:
        who = "who did not only try the form" if sort == "status" else "who finished"
        return f"{platform} adds it, to tell {who}: --filter '{column.name}={good[0]}' counts only these"
    return f"{platform} adds it"


def heading(file: str, rows: Sequence[Sequence[str]], stated: int = 0) -> Heading:
    """Tell the rows of headers from the answers among the first rows of a file, all of one length.

    Their number is as the user states it, or told from the signs of the platforms where that is 0.
    """
    if stated > len(rows):
        raise Problem(f"{file} has fewer than {stated} rows: correct --header-rows.")
    cells = [[clean(cell) for cell in row] for row in rows]
    first, second, answers = cells[0], [*cells[1:2], []][0], cells[2:]
    # pandas names a column without a name by its place.
    bare = ["" if name == f"Unnamed: {place}" else name for place, name in enumerate(first)]
    if not bare[0] and grow([row[0] for row in cells[1:]]):
        first[0] = ""
    ids = [place for place, row in enumerate(cells[1:3], start=1) if any(map(_IMPORT_ID.match, row))]
    names, wordings, height, said = first, list[str](), 1, ""
    if ids and stated in (0, ids[0] + 1):
        texts = ", the texts of the questions in row 2 are their wordings" if ids[0] > 1 else ""
        said = f"Rows of headers by Qualtrics: names are in row 1{texts}, row {ids[0] + 1} holds its own ids."
        height, wordings = ids[0] + 1, second if ids[0] > 1 else []
        wordings = [text.removesuffix(" - Selected Choice") for text in wordings]
    elif stated in (0, 2) and "ResponseID" in second and sum(map(bool, map(_LEGACY.fullmatch, first))) > 2:
        said = "Two rows of headers by an older Qualtrics: row 2 holds the texts of the questions."
        height, wordings = 2, second
    elif stated > 1 and all(bare[1:]):
        said = f"{stated} rows of headers were stated: row 2 holds the wordings of the questions."
        height, wordings = stated, second
    elif stated > 1 or (not stated and answers and _continues(bare, second, answers)):
        said = "Two rows of headers, as SurveyMonkey writes them: each question and option became one name."
        height, names = max(stated, 2), _merged(bare, second)
    elif not stated and len(answers) > 1 and _is_unlike(bare, second, answers):
        said = SECOND_HEADER
    names, twice = _told_apart(file, names)
    if not wordings and platform_of(dict.fromkeys(names, "")) == "LimeSurvey":
        wordings = [found[2] if (found := _CODE_AND_TEXT.fullmatch(name)) else "" for name in names]
    notices = tuple(filter(None, (said, *twice)))
    return Heading(tuple(names), dict(zip(names, wordings, strict=False)), height, notices)


def _continues(names: Sequence[str], second: Sequence[str], answers: Sequence[Sequence[str]]) -> bool:
    """Whether row 2 goes on with the names of row 1, as SurveyMonkey writes them: by two signs or more."""
    nameless = [place for place, name in enumerate(names) if not name and place]
    if not nameless or not all(second[place] for place in nameless):
        return False
    return (
        any(cell.casefold() in _RESPONSE for cell in second)
        # the platform fills in something for everybody, and nothing below the name of it
        or any(name and not cell and all(row[place] for row in answers)
               for place, (name, cell) in enumerate(zip(names, second, strict=True)))
        # the options that can be ticked are the answers of their columns
        or any(second[place] in {row[place] for row in answers} for place in nameless)
    )  # fmt: skip


def _merged(names: Sequence[str], second: Sequence[str]) -> list[str]:
    """Give each column the name of its question, and of its option where a question has several columns."""
    merged, stem = [], ""
    for name, option in zip(names, second, strict=True):
        stem = name or stem
        bare = not option or (name and option.casefold() in _RESPONSE)
        merged.append(stem if name and bare else f"{stem} - {option}" if stem and option else option)
    return merged


SECOND_HEADER = (
    "Row 2 may be a second row of headers, for it is unlike the rows below it; it was read as a respondent: "
    "--header-rows 2 says that it is none (3: nor is row 3), --header-rows 1 that it is one."
)
"""Asked where there are signs of a second header, but too few."""


def _is_unlike(names: Sequence[str], second: Sequence[str], answers: Sequence[Sequence[str]]) -> bool:
    """Whether row 2 holds texts above nothing but numbers, or above nothing but dates."""
    unlike = 0
    for place, cell in enumerate(second):
        below = [row[place] for row in answers if row[place]]
        for shape in (is_date, _NUMBER.fullmatch):
            unlike += bool(cell and len(below) > 1 and not shape(cell) and all(map(shape, below)))
    return unlike > 1


def _told_apart(name: str, header: Sequence[str]) -> tuple[list[str], list[str]]:
    """Usable column names: told apart, not all numbers; and what is said of those that came twice."""
    names = list(header)
    if all(map(_NUMBER.fullmatch, filter(None, names))) and any(names):
        repair = "put the column names in the first row"
        raise Problem(f"{name}: row 1 holds numbers only, so it looks like answers: {repair}.")
    notices, taken = [], set(names)
    for text in [text for text, times in Counter(names).items() if times > 1 and text]:
        numbers = (number for number in count(2) if f"{text}_{number}" not in taken)
        places = [place for place, other in enumerate(names) if other == text][1:]
        for place, number in zip(places, numbers, strict=False):
            names[place] = f"{text}_{number}"
        later = " and ".join(repr(names[place]) for place in places)
        notices.append(
            f"The column name {text!r} occurs {len(places) + 1} times (names that differ only by spaces, "
            f"accents' spelling or invisible characters count as one): the later ones are read as {later}."
        )
    return names, notices


def grow(cells: Sequence[str], last: int = -1) -> bool:
    """Whether cells are whole numbers that grow from row to row, as R and pandas number rows."""
    numbers = [last, *(int(cell) if re.fullmatch("[0-9]{1,15}", cell) else -1 for cell in cells)]
    return all(one < other for one, other in pairwise(numbers))


ROW_NUMBERS = "The first column has no name and numbers the rows: left out."
"""What is said of such a column."""
