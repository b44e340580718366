"""Citations and the glossary: what a page refers to."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from textfiles.files import regular

from nbarticle.bibtex import Source, unmarked
from nbarticle.typography import in_text

STYLE = Path(__file__).with_name("styles") / "author-date.csl"
SPLIT = "\ue010"  # the style sets it between names and year


@lru_cache(maxsize=4)
def _read(name: str, content: bytes) -> Source:
    """Read a BibTeX file; the content is part of the key, so that a changed file is read again."""
    return Source(content, name)


@dataclass
class Bibliography:
    """The works that can be cited, and those this page has cited so far, in order."""

    source: Any = field(default_factory=lambda: Source(b"", ""))
    cited: Counter[str] = field(default_factory=Counter)
    _works: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Bibliography:
        """Read a BibTeX file; a file that is not there is an empty bibliography."""
        there = path.exists() and not path.is_dir()
        return cls(_read(path.name, regular(path).read_bytes())) if there else cls()

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read as it was meant: sentences."""
        return tuple(self.source.problems)

    def knows(self, key: str) -> bool:
        """Is there such a work? CSL keys are lower case."""
        return key.lower() in self.source

    def cite(self, key: str) -> int:
        """Note a citation and return how many times the work has been cited up to now."""
        self.cited[key.lower()] += 1
        return self.cited[key.lower()]

    def works(self) -> dict[str, tuple[str, str, str]]:
        """Set every cited work: key -> names, year, entry of the list, in the order of the list.

        Known once every citation has been noted, for two works of one year get letters.
        """
        if set(self._works) == set(self.cited):
            return self._works
        works = CitationStylesBibliography(_style(), self.source, formatter.html)
        cites = {key: Citation([CitationItem(key)]) for key in sorted(self.cited)}
        for cite in cites.values():
            works.register(cite)
        works.sort()
        short = {
            key: tuple(unmarked(str(works.cite(cite, _unknown))).split(SPLIT)) for key, cite in cites.items()
        }
        twins, seen = Counter(short.values()), Counter[tuple[str, ...]]()
        self._works = {}
        for key, entry in zip(works.keys, map(unmarked, map(str, works.bibliography())), strict=True):
            names, year = short[key][0], short[key][-1]
            lettered = year + ascii_lowercase[seen[short[key]]] if twins[short[key]] > 1 else year
            seen[short[key]] += 1
            text = _tidy(entry.replace(f"({year})", f"({lettered})", 1))
            self._works[key] = (names, lettered, _with_address(text, self.source[key]))
        return self._works


@cache
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
    doi, url = html.unescape(unmarked(doi)), html.unescape(unmarked(url))
    address = f"https://doi.org/{doi.removeprefix('https://doi.org/')}" if doi else url
    if not address.startswith(("http://", "https://")):
        return entry
    target = escape(quote(address, safe=":/?#[]@!$&'()*+,;=%~"))
    return f'{entry} <a class="address" href="{target}">{escape(address)}</a>'


# Inside these a term is not linked: a link within a link, code, formulas, headings.
CLOSED = {"a", "code", "math", "pre", "sup", "small", "h1", "h2", "h3", "h4", "h5", "h6", "strong"}


@dataclass(frozen=True)
class _Term:
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

    terms: tuple[_Term, ...] = ()
    used: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Glossary:
        """Read ``term, definition, source``; a file that is not there is an empty glossary."""
        if not path.is_file():
            return cls()
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                _Term(row["term"], row["definition"], row.get("source") or "") for row in csv.DictReader(file)
            ]
        return cls(tuple(sorted(rows, key=lambda row: row.term.lower())))

    def link(self, markup: str) -> str:
        """Link the first use of each term."""
        if not self.terms:
            return markup
        names = {html.escape(row.term, quote=False).lower(): row for row in self.terms}
        words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        pattern = re.compile(rf"(?<![\w-])({words})(s?)(?![\w-])", re.IGNORECASE)

        def first(match: re.Match[str]) -> str:
            term = names[match[1].lower()]
            if term.term in self.used or _in_name(match):
                return match[0]
            self.used.add(term.term)
            return f'<a class="term" href="glossary.html#{term.anchor}">{match[0]}</a>'

        return in_text(markup, CLOSED, lambda text: pattern.sub(first, text))


def _in_name(match: re.Match[str]) -> bool:
    """Say whether the words belong to a longer proper name, such as the Eurasian *Economic Union*."""
    capitals = all(word[0].isupper() for word in match[1].split())
    return capitals and re.search(r"[A-Z]\w*\s$", match.string[: match.start()]) is not None
