"""The page around the content: what catalogues read of it, styles, fonts, a script, and its policy."""

from __future__ import annotations

import html
import io
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import ascii_letters, digits
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from textfiles.text import escape_tex

from nbarticle.citations import Glossary
from nbarticle.document import Display, Page, plain
from nbarticle.settings import Settings
from nbarticle.timings import timed
from nbarticle.typography import breakable

# Title of a collection that has none.
UNNAMED = "Notebooks"
TEMPLATES = Path(__file__).with_name("templates") / "site"
FONTS = Path(__file__).with_name("fonts")
ITALIC = re.compile(r"<(?:em|i)\b[^>]*>(.*?)</(?:em|i)>", re.DOTALL)
# Western letters, and the signs an article prints beside them; tools/cut_fonts.py makes the files.
TEXT = frozenset([*range(0x20, 0x7F), 0xA0, *range(0xC0, 0x100), *map(ord, "§±·ıŒœ–—‘’“”…−")])
# Of these, those that nearly every text uses: they come together, so that most pages share one cut.
COMMON = TEXT & {*map(ord, f"{ascii_letters}{digits}\xa0 !#%'()*,-./:;<=?[]_–—‘’“”…−×±")}
SERIF = "Source Serif 4 Text"
_FOLD = '<details class="cell-code"'
# What a page sets in other faces.
SANS = re.compile(r"<(head|code|pre|math|svg|table|figcaption|footer)\b.*?</\1>", re.DOTALL)

# Letters, and as which signs formulas show them when they stand alone.
LATIN, GREEK = (*range(0x41, 0x5B), *range(0x61, 0x7B)), (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA))
SLANTED = (*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D6FB), *range(0x1D6FC, 0x1D715))
ITALICS = dict(zip(map(chr, LATIN + GREEK), map(chr, SLANTED), strict=True)) | {"h": "\u210e"}

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
)
_environment.filters["breakable"] = breakable
_environment.tests["date"] = re.compile(r"\d{4}-\d\d(-\d\d)?").fullmatch
_environment.tests["long_word"] = re.compile(r"[^\s/_]+[/_]\S{16}|://").search
# The fonts cut so far, by face and signs, the one used last at the end; a build keeps them for the next.
faces: dict[tuple[str, str], str] = {}
# What stands in boxes within the text.
boxes: Any = _environment.get_template("displays.html.j2").module


@dataclass(frozen=True)
class Work:
    """What is known of a page as a publication; the collection's part of it are the settings."""

    title: str
    name: str
    abstract: str
    settings: Settings
    version: str = ""
    commit: str = ""
    date: str = ""

    @property
    def url(self) -> str:
        """Address of the page where the collection has one."""
        address = self.settings.address.rstrip("/")
        return f"{address}/{self.name}.html" if address else ""

    def _catalogued(self) -> list[tuple[str, str, str, str, str]]:
        """List what is known, each with its name in Highwire Press tags, Dublin Core, Open Graph and RIS."""
        own, slashed = self.settings, self.date.replace("-", "/")
        people = []
        for person in own.people:
            people.append((person["name"], "citation_author", "DC.creator", "article:author", "AU"))
            people.append((person.get("@id", ""), "citation_author_orcid", "", "", ""))
        rows = [
            ("article", "", "", "og:type", ""),
            ("Text", "", "DC.type", "", ""),
            ("text/html", "", "DC.format", "", ""),
            *people,
            (self.title, "citation_title", "DC.title", "og:title", "TI"),
            (own.title, "citation_inbook_title", "DC.isPartOf", "og:site_name", "T2"),
            (self.abstract[:200], "", "", "og:description", ""),
            (self.date[:4], "", "", "", "PY"),
            (slashed, "citation_publication_date", "", "", "DA"),
            (self.date, "", "DC.date", "article:published_time", ""),
            (self.version, "", "", "", "ET"),
            (own.licence, "", "DC.rights", "", ""),
            ("; ".join(own.keywords), "citation_keywords", "", "", ""),
            *((word, "", "", "", "KW") for word in own.keywords),
            (own.doi, "citation_doi", "" if self.url else "DC.identifier", "", "DO"),
            (self.url, "citation_public_url", "DC.identifier", "og:url", "UR"),
            (own.language, "citation_language", "DC.language", "", "LA"),
        ]
        return [row for row in rows if row[0]]

    def meta(self) -> list[tuple[str, str, str]]:
        """List attribute, name and content of the tags for catalogues."""
        tags = []
        for content, highwire, dublin_core, open_graph, _ in self._catalogued():
            named = [("name", highwire), ("name", dublin_core), ("property", open_graph)]
            tags += [(attribute, name, content) for attribute, name in named if name]
        return tags

    def json_ld(self, displays: Sequence[Display], inputs: Sequence[dict[str, str]]) -> str:
        """Describe the page as ``ScholarlyArticle``, its data as ``Dataset``: JSON-LD, safe within HTML."""
        own = self.settings
        article = {
            "@type": "ScholarlyArticle",
            "@id": "#article",
            "headline": self.title,
            "abstract": self.abstract[:200],
            "author": own.people,
            "datePublished": self.date,
            "inLanguage": own.language,
            "isPartOf": {"@type": "Collection", "name": own.title} if own.title else "",
            "license": own.licence,
            "version": self.version,
            "url": self.url,
            "identifier": own.doi,
            "keywords": list(own.keywords),
        }
        sets: list[dict[str, Any]] = []
        for display in displays:
            name = display.caption if len(display.caption) <= 90 else f"{display.caption[:88]} …"
            sets.append({"@type": "Dataset", "name": name, "url": display.file(self.name, "csv")})
        sets += [{"@type": "Dataset", "name": row["path"]} for row in inputs]
        known = {name: value for name, value in article.items() if value not in ("", [])}
        graph = {"@context": "https://schema.org", "@graph": [known, *sets]}
        return json.dumps(graph, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")

    def binder(self) -> str:
        """Address at which Binder opens the notebook of the page, for a project on GitHub."""
        found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", self.settings.repository)
        where = f"lab/tree/notebooks/{self.name}.ipynb"
        place = f"{found[1]}/{self.commit or 'HEAD'}" if found else ""
        return f"https://mybinder.org/v2/gh/{place}?urlpath={where}" if place else ""

    def citation(self) -> str:
        """Say in a sentence how to cite the page."""
        own = self.settings
        year = f" ({self.date[:4]})" if self.date else ""
        version = f", version {self.version}" if self.version else ""
        where = f" In {own.title}{version}." if own.title else ""
        address = f" {self.url or (f'https://doi.org/{own.doi}' if own.doi else '')}".rstrip()
        stop = "" if self.title.endswith(("?", "!", ".")) else "."
        return f"{'; '.join(own.authors)}{year}. {self.title}{stop}{where}{address}"

    def bibtex(self) -> str:
        """Write the page as an entry of BibTeX."""
        own = self.settings
        authors = (name if "," in name else f"{{{escape_tex(name)}}}" for name in own.authors)
        fields = {
            "author": " and ".join(authors),
            "title": escape_tex(self.title),
            "booktitle": escape_tex(own.title),
            "year": self.date[:4],
            "edition": f"version {self.version}" if self.version else "",
            "note": f"commit {self.commit[:12]}" if self.commit else "",
            "doi": own.doi,
            "url": self.url,
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        key = re.sub(r"[^A-Za-z0-9_]+", "_", f"{own.short_title}_{self.name}".strip("_"))
        return f"@incollection{{{key},\n{lines}\n}}"

    def ris(self) -> str:
        """Write the page as a record of RIS, which ``ER`` closes."""
        rows = [f"{tag}  - {content}" for content, *_, tag in self._catalogued() if tag]
        return "\n".join(["TY  - CHAP", *rows, "ER  -"])


@cache
def part(name: str) -> str:
    """Read one of the style sheets or scripts, without its remarks and indents."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        return re.sub(r"\s*([{};,>])\s*|(:) ", r"\1\2", " ".join(text.split())).replace(";}", "}")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def made(record: dict[str, Any]) -> dict[str, str]:
    """Version, commit and date of the making, as a page prints them."""
    epoch = record.get("epoch")
    date = datetime.fromtimestamp(int(epoch), UTC).date().isoformat() if epoch is not None else ""
    return {"version": record.get("version") or "", "commit": record.get("commit") or "", "date": date}


def fill(
    template: str,
    settings: Settings,
    record: dict[str, Any],
    *,
    running: str,
    css: str = "",
    signs: str = "",
    search_script: str = "",
    **values: Any,
) -> str:
    """Fill a template of ``templates/site``.

    `running` is the head of printed pages; `signs` are signs of the text fonts that the page needs beside
    those it prints, `css` what goes between the general style and that for print.
    """
    script = part("script.js")
    values = {
        "settings": settings, "collection": settings.title or UNNAMED,
        "record": record, "made": made(record), "edition": record.get("edition") or "full",
        "site": True, "folds": False, "glossary": False, "kind": "wide",
        "script": script, "search_script": search_script, **values,
    }  # fmt: skip
    found = _environment.get_template(template)
    # What the page says decides which signs its fonts carry, so it is filled twice.
    bare = found.render(css="", policy="", **values) + signs
    style = _faces(bare) + part("style.css") + css + _running_head(running) + part("print.css")
    # Content security policy: what stands in this very page may act, nothing is fetched.
    allowed = " ".join(map(_hash, [script, search_script] if search_script else [script]))
    allowed += " 'self' file:" if search_script else ""
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {allowed}; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return found.render(css=style, policy=policy, **values)


def framed(page: Page, settings: Settings, record: dict[str, Any]) -> Page:
    """Set what a page says in its frame, which names the collection, the run, and how to cite it."""
    work = Work(page.title, page.name, page.abstract, settings, **made(record))
    pages = record.get("collection") or [{"name": page.name}]
    place = [other["name"] for other in pages].index(page.name)
    folds, opened = page.body.count(_FOLD), page.body.count(f"{_FOLD} open")
    html = fill(
        "article.html.j2",
        settings,
        record,
        running=work.title,
        css=page.css,
        kind="article",
        site=bool(record),
        folds="open" if 2 * opened >= max(1, folds) else bool(folds),
        glossary=bool(record and Glossary.read(settings.folder / settings.glossary).terms),
        page_title=f"{work.title} – {settings.title or UNNAMED}" if record else work.title,
        short_title=work.title,
        description=page.abstract[:300],
        contents=page.contents,
        title=page.heading,
        name=page.name,
        body=page.body,
        place=f"Page {place + 1} of {len(pages)}" if len(pages) > 1 else "",
        before=pages[place - 1] if place else None,
        after=pages[place + 1] if place + 1 < len(pages) else None,
        work=work,
        displays=[*page.figures, *page.tables] if record else [],
    )
    return replace(page, html=html)


def _faces(markup: str) -> str:
    """Declare the fonts, cut down to the signs that a page sets in them."""
    serif = SANS.sub(" ", markup)
    italic = " ".join(ITALIC.findall(serif))
    faces = [
        (SERIF, "font-style:normal;font-weight:400 650", _cut_face("text", _signs(plain(serif)))),
        (SERIF, "font-style:italic;font-weight:400", _cut_face("text-italic", _signs(plain(italic)))),
        ("STIX Two Math Text", "font-style:normal;font-weight:400", _cut_face("math", _math_signs(markup))),
    ]
    return "".join(
        f'@font-face{{font-family:"{name}";{kind};font-display:block;src:url("{address}") format("woff2")}}'
        for name, kind, address in faces
        if address
    )


def _cut_face(name: str, signs: str) -> str:
    """Return a font cut down to what one page shows of it; a ``data:`` address."""
    if not signs:
        return ""
    faces[name, signs] = address = faces.pop((name, signs), "") or _cut(name, signs)
    return address


@timed("of pages and site: fonts")
def _cut(name: str, signs: str) -> str:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    # Forms for indices triple the letters; only a prime looks wrong without its own.
    options.layout_features = ["kern", "dtls", "flac", "mark", "ccmp", *(["ssty"] if "′" in signs else [])]
    options.drop_tables += ["STAT", "BASE", "GDEF", "gasp"] if name != "math" else []
    # To look through a font for the names in use takes a third of the time; they are those of its axes.
    options.drop_tables += ["name"]
    cutter = subset.Subsetter(options)
    cutter.populate(text=signs + ("0123456789()=" if name == "math" else ""))
    stream = io.BytesIO()
    with TTFont(FONTS / f"{name}.ttf", recalcTimestamp=False, lazy=True) as font:
        names, axes = font["name"], {axis.axisNameID for axis in font["fvar"].axes} if "fvar" in font else ()
        names.names = [record for record in names.names if record.nameID in axes]
        cutter.subset(font)
        font["name"] = names
        font.flavor = "woff2"
        font.save(stream)
    return f"data:font/woff2;base64,{b64encode(stream.getvalue()).decode()}"


def _signs(text: str) -> str:
    """Signs of a text that its face has; blanks are in every face, and what is common where most of it is."""
    found = TEXT & set(map(ord, text))
    most = len(found & COMMON) > 0.75 * len(COMMON)
    return "".join(map(chr, sorted(found | (COMMON if most else {0x20, 0xA0})))) if found else ""


def _math_signs(markup: str) -> str:
    """Signs a page sets in its maths font, sorted; identifiers of one letter count as italics."""
    found: set[str] = set()
    for formula in re.findall(r"<math\b.*?</math>", markup, re.DOTALL):
        if re.search(r"<m(?:sqrt|root)\b", formula):
            found.add("√")
        for letter in re.findall(r"<mi\b(?![^>]*mathvariant)[^>]*>(\w)</mi>", formula):
            found.add(ITALICS.get(letter, letter))
        found.update(html.unescape(re.sub(r"<[^>]*>", "", formula)))
    return "".join(sorted(sign for sign in found if not sign.isspace()))


def _running_head(title: str) -> str:
    head = title.replace("\\", "").replace('"', "\u201d").replace("<", "").replace("\n", " ")
    return (
        f'@page{{@top-left{{content:"{head}";font:8pt sans-serif;color:#444}}}}'
        "@page:first{@top-left{content:none}}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
