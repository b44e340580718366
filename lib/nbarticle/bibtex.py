"""BibTeX as people write it: every entry is read, or a sentence says what to mend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from citeproc.source import LiteralDate, Name, Reference
from citeproc.source.bibtex import BibTeX
from citeproc.source.bibtex.bibparse import BibTeXEntry, BibTeXParser
from citeproc.source.bibtex.bibtex import split_names
from citeproc.source.bibtex.latex.macro import MACROS, Combining
from citeproc.types import ARTICLE, CHAPTER, REPORT, WEBPAGE
from textfiles.problems import quoted
from textfiles.text import clean

LONGEST_FIELD = 20_000
# The processor prints some texts as they are and escapes others: in it, these stand for `&`, `<` and `>`.
MARKS = {"&": "\ue011", "<": "\ue012", ">": "\ue013"}

_ENTRY = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)\s*[{(]", re.MULTILINE)
_FIELD = re.compile(r"\s*([A-Za-z][\w:+/-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_SWALLOWED = re.compile(r",\s*[A-Za-z]+\s*=\s*[{\"]")  # a field that an open brace took in
_VERBATIM = ("url", "doi", "isbn", "issn")

_ACCENTS = [name for name, macro in MACROS.items() if isinstance(macro, Combining) and len(name) == 1]
_ACCENT = re.compile(
    rf"\\(?:([`'^\"~=.])\s*|([{''.join(filter(str.isalpha, _ACCENTS))}])(?:\s+|(?=\{{)))"
    r"(?:\{\s*\\?([^\W\d_])\s*\}|\\?([^\W\d_]))"
)
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
        starts = list(_ENTRY.finditer(text))
        ends = [start.start() for start in starts[1:]] + [len(text)]
        for start, end in zip(starts, ends, strict=False):
            kind, body = start[1].lower(), text[start.end() : end]
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
        while match := _FIELD.match(body, position):
            name = match[1].lower()
            value, position = self.value(body, match.end(), name)
            if value is None:
                return values
            if len(value) > LONGEST_FIELD:
                self.refuse(f"its {name} has over {LONGEST_FIELD:,} characters and was left out; shorten it")
            else:
                values.setdefault(name, value)
            comma = re.compile(r"\s*,").match(body, position)
            if not comma:
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

    def value(self, body: str, position: int, name: str) -> tuple[str | None, int]:
        """Read one value, parts joined by ``#``; None where it does not end."""
        parts = []
        while True:
            if body[position : position + 1] in ("{", '"'):
                end = _end(body, position)
                if end is None:
                    what = "brace" if body[position] == "{" else "quotation mark"
                    self.refuse(f"the {what} of its {name} is not closed; close it")
                    return None, position
                parts.append(body[position + 1 : end])
                position = end + 1
            elif bare := _BARE.match(body, position):
                word = bare[0].lower()
                if not word.isdigit() and word not in self.macros:
                    abbreviation = f"its {name} is the unknown abbreviation {quoted(bare[0])}"
                    self.refuse(f"{abbreviation}; put it in braces or define it")
                parts.append(bare[0] if word.isdigit() else self.macros.get(word, bare[0]))
                position = bare.end()
            else:
                self.refuse(f"its {name} has no value; write one in braces")
                return None, position
            joined = re.compile(r"\s*#\s*").match(body, position)
            if not joined:
                return " ".join("".join(parts).split()), position
            position = joined.end()


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
        verbatim = {name: entry[name] for name in _VERBATIM if name in entry}
        texts = {name: _matched(plain_text(value)) for name, value in entry.items() if name in self.fields}
        known = self._bibtex_to_csl({name: value for name, value in texts.items() if name not in verbatim})
        for name, value in verbatim.items():
            known[self.fields[name]] = _marked(re.sub(r"\\url\s*|[{}]|\\(?=[_%&#~$])", "", value).strip())
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
        for author in split_names(authors):
            parts = author.count(",") + 1
            if not author.strip(" ,{}") or parts > 3:
                names += [Name(family=re.sub(r"[{}]", "", author).strip())] if author.strip(" ,{}") else []
            else:
                names += super()._parse_author(author)
        return names

    @staticmethod
    def _bibtex_to_csl_pages(value: str) -> str:
        return re.sub(r"-+|–", "-", value.replace(" ", "")).removesuffix("+")


def _end(body: str, position: int) -> int | None:
    """Where the brace or quotation mark at `position` is closed."""
    closing, depth = ("}" if body[position] == "{" else '"'), 0
    for place in re.compile(r'[{}"]').finditer(body, position + 1):
        sign = place[0]
        if sign == closing and depth == 0:
            return place.start()
        depth += (sign == "{") - (sign == "}")
    return None


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
        value = re.sub(
            r"\{(" + _ACCENT.pattern + r")\}", lambda group: _ACCENT.sub(_accented, group[1]), value
        )
        value = _ACCENT.sub(_accented, value)
    value = re.sub(r"\\([A-Za-z]+)\*?(\s*\{\s*\}|\s+(?!\{)|\s*)(\{)?", _command, value)
    value = re.sub(r"\\([^A-Za-z$])", lambda match: _SIGNS.get(match[1], match[1]), value)
    value = re.sub(r"(?<!\\)\$|\\(?!\$)", "", value)
    return _marked(value)


def _matched(text: str) -> str:
    """Leave out braces that do not match."""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            break
    return text if depth == 0 else " ".join(re.sub(r"[{}]", "", text).split())


def _marked(text: str) -> str:
    for sign, mark in MARKS.items():
        text = text.replace(sign, mark)
    return text


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


def unmarked(markup: str) -> str:
    """Put the entities in that the marks stand for."""
    entities: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    for sign, mark in MARKS.items():
        markup = markup.replace(mark, entities[sign])
    return markup
