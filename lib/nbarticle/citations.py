"""What a page refers to: works, read from BibTeX as people write it, and terms of the glossary."""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from itertools import accumulate
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source import LiteralDate, Name, Reference
from citeproc.source.bibtex import BibTeX
from citeproc.source.bibtex.bibparse import BibTeXEntry, BibTeXParser
from citeproc.source.bibtex.bibtex import split_names
from citeproc.source.bibtex.latex.macro import MACROS, Combining
from citeproc.types import ARTICLE, CHAPTER, REPORT, WEBPAGE
from textfiles.files import regular
from textfiles.problems import quoted
from textfiles.text import clean

from nbarticle.typography import in_text

# Works

LONGEST_FIELD = 20_000
# The processor prints some texts as they are and escapes others: in it, these stand for `&`, `<` and `>`.
MARKED = str.maketrans({"&": "\ue011", "<": "\ue012", ">": "\ue013"})
UNMARKED = str.maketrans({"\ue011": "&amp;", "\ue012": "&lt;", "\ue013": "&gt;"})

_ENTRY = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)\s*[{(]", re.MULTILINE)
_FIELD = re.compile(r"\s*([A-Za-z][\w:+/-]*)\s*=\s*")
_JOINED, _COMMA, _SCOPE = re.compile(r"\s*#\s*"), re.compile(r"\s*,"), re.compile(r'[{}"]')
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_SWALLOWED = re.compile(r",\s*[A-Za-z]+\s*=\s*[{\"]")  # a field that an open brace took in
_VERBATIM = ("url", "doi", "isbn", "issn")

_ACCENTS = [name for name, macro in MACROS.items() if isinstance(macro, Combining) and len(name) == 1]
_ACCENT = re.compile(
    rf"\\(?:([`'^\"~=.])\s*|([{''.join(filter(str.isalpha, _ACCENTS))}])(?:\s+|(?=\{{)))"
    r"(?:\{\s*\\?([^\W\d_])\s*\}|\\?([^\W\d_]))"
)
_IN_BRACES = re.compile(rf"\{{({_ACCENT.pattern})\}}")
_SIGNS = {"\\": " ", ",": " ", "-": "", "/": ""}  # others stand for themselves
_MATHEMATICS = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")


class _Reader:
    """Reads a file entry by entry, so that a missing brace ends at the next one, and tells what is wrong."""

    def __init__(self, name: str) -> None:
        self.name, self.key = name, ""
        self.problems: list[str] = []
        self.macros = dict(BibTeXParser.standard_variables)

    def refuse(self, what: str) -> None:
        """Add a problem of the entry at hand."""
        self.problems.append(f"{self.name}, entry {clean(self.key) or 'without a key'}: {what}.")

    def entries(self, content: bytes) -> dict[str, BibTeXEntry]:
        """Read every entry of a file; one that is not UTF-8 is read as Windows and Latin-1 write it."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text, line = content.decode("cp1252", errors="replace"), content.count(b"\n", 0, error.start) + 1
            self.problems.append(
                f"{self.name}, line {line}: the file is not UTF-8, and was read as Latin-1; save it as UTF-8."
            )
        entries: dict[str, BibTeXEntry] = {}
        _, *pieces = _ENTRY.split(text)
        for kind, body in zip(map(str.lower, pieces[::2]), pieces[1::2], strict=True):
            key, comma, rest = body.partition(",")
            self.key = key.strip()
            if kind == "string":
                self.key = "@string"
                self.macros.update(self.fields(body))
            elif kind in ("comment", "preamble"):
                continue
            elif not comma or not self.key or re.search(r"[\s{}\"=]", self.key):
                self.key = self.key[:40]
                self.refuse("it does not begin with a key and a comma; write them behind its brace")
            elif self.key.lower() in entries:
                self.refuse("the key is given twice, and the first was kept; rename or delete one")
            else:
                entries[self.key.lower()] = BibTeXEntry(kind, self.fields(rest))
        return entries

    def fields(self, body: str) -> dict[str, str]:
        """Read `name = value` pairs up to the end of the entry or to what cannot be read."""
        values: dict[str, str] = {}
        position = 0
        while joined := _FIELD.match(body, position):
            name, value = joined[1].lower(), ""
            while joined:
                part, position = self.part(body, joined.end(), name)
                if part is None:
                    return values
                value, joined = value + part, _JOINED.match(body, position)
            value = " ".join(value.split())
            if len(value) > LONGEST_FIELD:
                self.refuse(f"its {name} has over {LONGEST_FIELD:,} characters and was left out; shorten it")
            else:
                values.setdefault(name, value)
            if not (comma := _COMMA.match(body, position)):
                break
            position = comma.end()
        rest = body[position:].lstrip()
        last = next(reversed(values), "")
        swallowed = _SWALLOWED.search(values.get(last, "")) if not rest else None
        if swallowed:
            whole = values[last]
            self.refuse(f"the brace of its {last} is not closed; close it")
            values[last] = whole[: swallowed.start()]
            values = self.fields(whole[swallowed.start() + 1 :] + "}") | values
        elif not rest:
            self.refuse("it has no end; write the brace that closes it")
        elif rest[0] not in "})":
            mend = "mend the brace, quotation mark or comma before it"
            self.refuse(f"it cannot be read from {quoted(rest)} on; {mend}")
        return values

    def part(self, body: str, position: int, name: str) -> tuple[str | None, int]:
        """Read one of the parts that ``#`` joins to a value; None where it does not end."""
        if bare := _BARE.match(body, position):
            word = bare[0].lower()
            if not word.isdigit() and word not in self.macros:
                abbreviation = f"its {name} is the unknown abbreviation {quoted(bare[0])}"
                self.refuse(f"{abbreviation}; put it in braces or define it")
            return self.macros.get(word, bare[0]), bare.end()
        if body[position : position + 1] not in ("{", '"'):
            self.refuse(f"its {name} has no value; write one in braces")
            return None, position
        closing, what = ("}", "brace") if body[position] == "{" else ('"', "quotation mark")
        depth = 0
        for place in _SCOPE.finditer(body, position + 1):
            if place[0] == closing and depth == 0:
                return body[position + 1 : place.start()], place.end()
            depth += (place[0] == "{") - (place[0] == "}")
        self.refuse(f"the {what} of its {name} is not closed; close it")
        return None, position


class Source(BibTeX):  # type: ignore[misc]
    """BibTeX entries as CSL sees them: with addresses, institutions and chapters of books."""

    fields = {**BibTeX.fields, "url": "URL", "institution": "publisher", "school": "publisher"}
    types = {
        **BibTeX.types,
        "incollection": CHAPTER,
        "online": WEBPAGE,
        "techreport": REPORT,
        "dataset": REPORT,
    }

    def __init__(self, content: bytes, name: str) -> None:
        self.preamble_macros: dict[str, Any] = {}
        reader = _Reader(name)
        for key, entry in reader.entries(content).items():
            self.add(self.create_reference(key, entry))
        self.problems = tuple(reader.problems)

    def create_reference(self, key: str, entry: Any) -> Reference:
        """Make a reference of an entry; a type that BibTeX does not know is set like its ``misc``."""
        texts = {name: entry[name] for name in entry if name in self.fields and name not in _VERBATIM}
        known = self._bibtex_to_csl({name: _matched(plain_text(text)) for name, text in texts.items()})
        for name in filter(entry.__contains__, _VERBATIM):
            address = re.sub(r"\\url\s*|[{}]|\\(?=[_%&#~$])", "", entry[name]).strip()
            known[self.fields[name]] = address.translate(MARKED)
        # BibLaTeX writes a date, such as 2020-05-01, where BibTeX has a year.
        written = entry.get("year") or re.sub(r"^(\d{4})-\d\d(-\d\d)?$", r"\1", entry.get("date", ""))
        year = re.sub(r"[{}]", "", plain_text(written)).strip()
        if year:
            try:
                known["issued"] = self._bibtex_to_csl_date({"year": year})
            except ValueError:  # in press, 2020a, n.d.
                known["issued"] = LiteralDate(year)
        return Reference(key, self.types.get(entry.document_type, ARTICLE), **known)

    def _parse_author(self, authors: str) -> list[Name]:
        """Read names; what has too many commas to be one is set as it stands."""
        names = []
        for author in (name for name in split_names(authors) if name.strip(" ,{}")):
            if author.count(",") > 2:
                names.append(Name(family=re.sub(r"[{}]", "", author).strip()))
            else:
                names += super()._parse_author(author)
        return names

    @staticmethod
    def _bibtex_to_csl_pages(value: str) -> str:
        return re.sub(r"-+|–", "-", value.replace(" ", "")).removesuffix("+")


def plain_text(value: str) -> str:
    r"""Text of a value without the TeX in it; braces stay, for they keep capitals.

    Examples
    --------
    >>> plain_text(r"On \emph{small} $\frac{a}{b}$ and M{\"u}ller")
    'On {small} a/b and Müller'
    """
    value = " ".join(clean(part) for part in value.split(" "))
    value = re.sub(r"\\href\s*\{[^{}]*\}", "", value)
    value = _MATHEMATICS.sub(lambda formula: _formula(formula[1]), value)
    for _ in range(3):  # an accent on an accent on a letter
        value = _IN_BRACES.sub(lambda group: _ACCENT.sub(_accented, group[1]), value)
        value = _ACCENT.sub(_accented, value)
    value = re.sub(r"\\([A-Za-z]+)\*?(\s*\{\s*\}|\s+(?!\{)|\s*)(\{)?", _command, value)
    value = re.sub(r"\\([^A-Za-z$])", lambda match: _SIGNS.get(match[1], match[1]), value)
    value = re.sub(r"(?<!\\)\$|\\(?!\$)", "", value)
    return value.translate(MARKED)


def _matched(text: str) -> str:
    """Leave out braces that do not match."""
    depths = [0, *accumulate((sign == "{") - (sign == "}") for sign in text)]
    return " ".join(re.sub(r"[{}]", "", text).split()) if min(depths) < 0 or depths[-1] else text


def _accented(match: re.Match[str]) -> str:
    accent = MACROS[match[1] or match[2]]
    return str(accent.expand([match[3] or match[4]]))


def _command(match: re.Match[str]) -> str:
    """Give the sign that a command stands for; one with an argument gives way to the argument."""
    name, blank, brace = match[1], match[2], match[3] or ""
    macro = MACROS.get(name)
    if macro is not None and macro.num_args == 0:
        return str(macro.format_string) + brace
    if brace:
        return brace
    return (_greek(name) or name) + (" " if blank.isspace() else "")


def _greek(name: str) -> str:
    size = "CAPITAL" if name[:1].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
    except KeyError:
        return ""


def _formula(source: str) -> str:
    """Set a short formula on one line."""
    source = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", source)
    return re.sub(r"[{}]", "", re.sub(r"\\([A-Za-z]+)", lambda m: _greek(m[1]) or m[1], source))


# Citing them

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
            key: tuple(str(works.cite(cite, None)).translate(UNMARKED).split(SPLIT))
            for key, cite in cites.items()
        }
        twins, seen = Counter(short.values()), Counter[tuple[str, ...]]()
        self._works = {}
        for key, entry in zip(works.keys, map(str, works.bibliography()), strict=True):
            names, year = short[key][0], short[key][-1]
            lettered = year + ascii_lowercase[seen[short[key]]] if twins[short[key]] > 1 else year
            seen[short[key]] += 1
            text = _tidy(entry.translate(UNMARKED).replace(f"({year})", f"({lettered})", 1))
            self._works[key] = (names, lettered, _with_address(text, self.source[key]))
        return self._works


@cache
def _style() -> Any:
    return CitationStylesStyle(str(STYLE), validate=False)


def _tidy(entry: str) -> str:
    """Mend what the processor leaves behind: doubled stops, straight apostrophes."""
    entry = re.sub(r"\.(</i>|”)?\.(?=\s|$)", r".\1", entry)
    entry = re.sub(r"([?!](?:</i>|”)?)\.(?=\s|$)", r"\1", entry)
    return entry.replace("'", "’").replace("&#x27;", "’").replace(" .", ".")


def _with_address(entry: str, reference: Any) -> str:
    """Add the DOI, else the address, as a link that can also be read on paper."""
    doi, url = (
        html.unescape(str(reference.get(name, "") or "").translate(UNMARKED)).strip()
        for name in ("DOI", "URL")
    )
    address = f"https://doi.org/{doi.removeprefix('https://doi.org/')}" if doi else url
    if not address.startswith(("http://", "https://")):
        return entry
    target = escape(quote(address, safe=":/?#[]@!$&'()*+,;=%~"))
    return f'{entry} <a class="address" href="{target}">{escape(address)}</a>'


# The glossary

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
