"""The collection's terms: the first use of each on a page leads to its definition."""

from __future__ import annotations

import csv
import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regint.publish.pages.citations import Bibliography
from regint.publish.pages.typography import curly

PIECES = re.compile(r"(<[^>]*>)")
# Inside these a term is not linked: a link within a link, code, formulas, headings.
CLOSED = ("a", "code", "math", "pre", "sup", "small", "h1", "h2", "h3", "h4", "h5", "h6", "strong")


@dataclass(frozen=True)
class Term:
    """One row of the glossary."""

    term: str
    definition: str
    source: str = ""

    @property
    def anchor(self) -> str:
        """Anchor of the term on the glossary page."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")


@dataclass
class Glossary:
    """Terms in alphabetical order, and which of them the page at hand has used already."""

    terms: tuple[Term, ...] = ()
    used: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Glossary:
        """Read ``term, definition, source``; a file that is not there is an empty glossary."""
        if not path.is_file():
            return cls()
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                Term(row["term"], row["definition"], row.get("source") or "") for row in csv.DictReader(file)
            ]
        return cls(tuple(sorted(rows, key=lambda row: row.term.lower())))

    def link(self, markup: str) -> str:
        """Link the first use of each term in a paragraph.

        Examples
        --------
        >>> glossary = Glossary((Term("base", "The denominator."),))
        >>> glossary.link("<em>Base</em> and base.")
        '<em><a class="term" href="glossary.html#term-base">Base</a></em> and base.'
        >>> Glossary((Term("economic union", "A union."),)).link("the Eurasian Economic Union")
        'the Eurasian Economic Union'
        """
        if not self.terms:
            return markup
        closed: list[str] = []
        pieces = PIECES.split(markup)
        for position, piece in enumerate(pieces):
            if position % 2:
                _follow(piece, closed)
            elif piece and not closed:
                pieces[position] = self._pattern().sub(self._first, piece)
        return "".join(pieces)

    def _pattern(self) -> re.Pattern[str]:
        names = sorted((row.term for row in self.terms), key=len, reverse=True)
        words = "|".join(re.escape(html.escape(name, quote=False)) for name in names)
        return re.compile(rf"(?<![\w-])({words})(s?)(?![\w-])", re.IGNORECASE)

    def _first(self, match: re.Match[str]) -> str:
        term = next(
            row for row in self.terms if html.escape(row.term, quote=False).lower() == match[1].lower()
        )
        if term.term in self.used or _in_name(match):
            return match[0]
        self.used.add(term.term)
        return f'<a class="term" href="glossary.html#{term.anchor}">{match[0]}</a>'


def definitions(glossary: Glossary, bibliography: Bibliography) -> list[dict[str, Any]]:
    """Set the glossary for its page: sources that the bibliography knows become citations of it."""
    keys = [[key for key in re.split(r"[;,]\s*", row.source) if key] for row in glossary.terms]
    cites = [
        [(key, bibliography.cite(key)) if bibliography.knows(key) else (key, 0) for key in row]
        for row in keys
    ]
    return [
        {
            "anchor": row.anchor,
            "term": row.term,
            "definition": curly(html.escape(row.definition, quote=False)),
            "cites": [
                {
                    "key": key.lower(),
                    "number": n,
                    "text": " ".join(bibliography.names_and_year(key)) if n else key,
                }
                for key, n in cited
            ],
        }
        for row, cited in zip(glossary.terms, cites, strict=True)
    ]


def _in_name(match: re.Match[str]) -> bool:
    """Say whether the words belong to a longer proper name, such as the Eurasian *Economic Union*."""
    capitals = all(word[0].isupper() for word in match[1].split())
    return capitals and re.search(r"[A-Z]\w*\s$", match.string[: match.start()]) is not None


def _follow(tag: str, closed: list[str]) -> None:
    """Keep the stack of elements in which terms stay unlinked."""
    name = re.match(r"</?\s*([a-zA-Z0-9]+)", tag)
    if not name or name[1].lower() not in CLOSED:
        return
    if tag.startswith("</"):
        if name[1].lower() in closed:
            closed.remove(name[1].lower())
    else:
        closed.append(name[1].lower())
