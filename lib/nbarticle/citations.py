"""Citations and the glossary: what a page refers to."""

from __future__ import annotations

import csv
import html
import re
import warnings
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.bibtex import BibTeX
from citeproc.types import CHAPTER, REPORT, WEBPAGE

from nbarticle.typography import curly

STYLE = Path(__file__).with_name("styles") / "author-date.csl"
SPLIT = "\ue010"  # the style sets it between names and year
KEY = r"[A-Za-z0-9_][\w:.#$%&+?<>~/-]*[A-Za-z0-9_]|[A-Za-z0-9_]"
ITEM = re.compile(rf"^(?P<prefix>[^@]*?)\s*(?P<bare>-?)@(?P<key>{KEY})\s*(?:,\s*(?P<locator>.+))?$")


class _Source(BibTeX):  # type: ignore[misc]
    """BibTeX entries as CSL sees them: with addresses, institutions and chapters of books."""

    fields = {**BibTeX.fields, "url": "URL", "institution": "publisher", "school": "publisher"}
    types = {
        **BibTeX.types,
        "incollection": CHAPTER,
        "online": WEBPAGE,
        "techreport": REPORT,
        "dataset": REPORT,
    }


@dataclass(frozen=True)
class Cite:
    """One work within a citation: ``see @key, p. 3`` or, names left out, ``-@key``."""

    key: str
    prefix: str = ""
    locator: str = ""
    bare: bool = False


def parse_cites(text: str) -> list[Cite]:
    """Read what stands between the brackets of a citation; nothing where it is none."""
    cites = []
    for part in text.split(";"):
        match = ITEM.match(part.strip())
        if not match or (match["prefix"] and not part.strip()[match.start("bare") - 1 :].startswith(" ")):
            return []
        cites.append(Cite(match["key"], match["prefix"], match["locator"] or "", bool(match["bare"])))
    return cites


@lru_cache(maxsize=4)
def _read(path: Path, content: bytes) -> Any:
    """Read a BibTeX file; the content is part of the key, so that a changed file is read again."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Unsupported BibTeX field")
        source = _Source(str(path), encoding="utf-8")
    return source


@dataclass
class Bibliography:
    """The works that can be cited, and those this page has cited so far, in order."""

    source: Any = field(default_factory=dict)
    cited: Counter[str] = field(default_factory=Counter)
    _set: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Bibliography:
        """Read a BibTeX file; a file that is not there is an empty bibliography."""
        return cls(_read(path, path.read_bytes())) if path.is_file() else cls()

    def knows(self, key: str) -> bool:
        """Is there such a work? CSL keys are lower case."""
        return key.lower() in self.source

    def cite(self, key: str) -> int:
        """Note a citation and return how many times the work has been cited up to now."""
        self.cited[key.lower()] += 1
        return self.cited[key.lower()]

    def names_and_year(self, key: str) -> tuple[str, str]:
        """Names and year of a work as its citations print them; known once every citation has been noted."""
        names, year, _ = self._works()[key.lower()]
        return names, year

    def entries(self) -> list[tuple[str, str]]:
        """Key and HTML of every cited work, in the order of the list."""
        return [(key, entry) for key, (_, _, entry) in self._works().items()]

    def _works(self) -> dict[str, tuple[str, str, str]]:
        if set(self._set) != set(self.cited):
            self._set = self._typeset()
        return self._set

    def _typeset(self) -> dict[str, tuple[str, str, str]]:
        """Set every cited work: key -> names, year, list entry; in the order of the list."""
        works = CitationStylesBibliography(_style(), self.source, formatter.html)
        cites = {key: Citation([CitationItem(key)]) for key in sorted(self.cited)}
        for cite in cites.values():
            works.register(cite)
        works.sort()
        short = {key: str(works.cite(cite, _unknown)).split(SPLIT) for key, cite in cites.items()}
        listed = dict(zip(works.keys, (str(entry) for entry in works.bibliography()), strict=True))
        twins = Counter(tuple(parts) for parts in short.values())
        seen: Counter[tuple[str, ...]] = Counter()
        result = {}
        for key in works.keys:
            names, year = short[key][0], short[key][-1]
            letter = ascii_lowercase[seen[tuple(short[key])]] if twins[tuple(short[key])] > 1 else ""
            seen[tuple(short[key])] += 1
            entry = listed[key].replace(f"({year})", f"({year}{letter})", 1)
            result[key] = (names, year + letter, _with_address(_tidy(entry), self.source[key]))
        return result


@lru_cache(maxsize=1)
def _style() -> Any:
    return CitationStylesStyle(str(STYLE), validate=False)


def _unknown(item: Any) -> str:
    raise KeyError(item.key)


def _tidy(entry: str) -> str:
    """Mend what the processor leaves behind: doubled stops, straight apostrophes."""
    entry = re.sub(r"\.(</i>|”)?\.(?=\s|$)", r".\1", entry)
    entry = re.sub(r"([?!](?:</i>|”)?)\.(?=\s|$)", r"\1", entry)
    return entry.replace("'", "’").replace("&#x27;", "’").replace(" .", ".")


def _with_address(entry: str, reference: Any) -> str:
    """Add the DOI, else the address, as a link that can also be read on paper."""
    doi, url = (str(reference.get(name, "") or "").strip() for name in ("DOI", "URL"))
    address = f"https://doi.org/{doi.removeprefix('https://doi.org/')}" if doi else url
    if not address.startswith(("http://", "https://")):
        return entry
    target = escape(quote(address, safe=":/?#[]@!$&'()*+,;=%~"))
    return f'{entry} <a class="address" href="{target}">{escape(address)}</a>'


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
        """Link the first use of each term in a paragraph."""
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
