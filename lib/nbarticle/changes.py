"""What another choice of parameters changes on a page, as printed: sentences, tables, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, zip_longest
from typing import Any

from nbarticle.document import Display, Page

# Cells write paragraphs and lists; they are compared by sentence.
SENTENCE_END = re.compile(r"(?<=[.!?]) (?:- )?(?=[A-Z“])")


@dataclass(frozen=True)
class Change:
    """One difference; what one side does not have is empty there."""

    # "sentence", "word" (of a table, such as a verdict), "number" (of a table), or "presence" (what comes,
    # goes, or is drawn or named otherwise).
    kind: str
    # Label of the table or figure.
    place: str
    row: str
    column: str
    published: str
    here: str


def changes(published: Page, page: Page) -> list[Change]:
    """List what differs between the published page of a notebook and another of its pages."""
    return [
        *_sentences(published, page),
        *_displays(published.tables, page.tables),
        *_displays(published.figures, page.figures),
    ]


def _sentences(published: Page, page: Page) -> Iterator[Change]:
    """Compare in order what code has written, the numbers of cells left aside: set parameters shift them."""
    olds, news = (
        [part for _, text in one.computed for part in SENTENCE_END.split(text.removeprefix("- "))]
        for one in (published, page)
    )
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            for old, new in zip_longest(olds[start:end], news[new_start:new_end], fillvalue=""):
                yield Change("sentence", "", "", "", old, new)


def _displays(published: Sequence[Display], here: Sequence[Display]) -> Iterator[Change]:
    """Compare the tables or the figures of two pages: which there are, their captions, what they show."""
    olds, news = ({display.label: display for display in some} for some in (published, here))
    for label in dict.fromkeys([*olds, *news]):
        old, new = olds.get(label), news.get(label)
        said = [one.caption if one else "" for one in (old, new)]
        if old is None or new is None:
            yield Change("presence", label, "", (news | olds)[label].kind, *said)
            continue
        if old.caption != new.caption:
            yield Change("presence", label, "", "caption", *said)
        if old.kind == "table":
            yield from _cells(label, old.content, new.content)
        elif old.caption == new.caption and old.content.get("data") != new.content.get("data"):
            yield Change("presence", label, "", "data of the figure", *said)


def _cells(label: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Compare two tables cell by cell, their rows brought together by what names them."""
    heads, others = ({column["name"]: column for column in one["columns"]} for one in (old, new))
    names = [name for name in heads if name in others]
    for name in dict.fromkeys([*heads, *others]):
        if name not in names:
            said = [one[name]["header"] if name in one else "" for one in (heads, others)]
            yield Change("presence", label, "", "column", *said)
    before, after = (
        [dict(zip([column["name"] for column in one["columns"]], row, strict=True)) for row in one["rows"]]
        for one in (old, new)
    )
    key = _key(names, before, after)
    rows, new_rows = (
        {tuple(row[name] for name in key) or (str(place),): row for place, row in enumerate(table, 1)}
        for table in (before, after)
    )
    for value in dict.fromkeys([*rows, *new_rows]):
        one, other = rows.get(value), new_rows.get(value)
        called = ", ".join(part for part in value if part)
        if one is None or other is None:
            said = ["; ".join(part for part in row.values() if part) if row else "" for row in (one, other)]
            yield Change("presence", label, called, "row", *said)
            continue
        for name in names:
            if one[name] != other[name]:
                kind = "word" if heads[name]["align"] == "left" else "number"
                yield Change(kind, label, called, heads[name]["header"], one[name], other[name])


def _key(
    names: Sequence[str], before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]
) -> tuple[str, ...]:
    """Choose the fewest columns that name the rows of both tables; none when only their place can.

    Of several, those by which most rows find their partner, then the leftmost.
    """
    best: tuple[int, tuple[str, ...]] = (0, ())
    for size in (1, 2, 3):
        for key in combinations(names, size):
            found, others = ({tuple(row[name] for name in key) for row in rows} for rows in (before, after))
            unique = len(found) == len(before) and len(others) == len(after)
            if unique and len(found & others) > best[0]:
                best = (len(found & others), key)
    return best[1]
