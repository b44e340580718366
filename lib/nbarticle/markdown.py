"""Markdown cells to HTML: notes, cross-references, pictures."""

from __future__ import annotations

import base64
import mimetypes
import re
from functools import cache
from html import escape
from pathlib import Path
from re import Match
from typing import Any
from urllib.parse import unquote

import mistune
from mistune.plugins.formatting import strikethrough
from mistune.plugins.table import table
from textfiles.problems import BuildError

from nbarticle.citations import Cite, parse_cites
from nbarticle.document import Document, Heading, plain
from nbarticle.formulas import mathml
from nbarticle.typography import curly, highlight

NO_ALT = "Picture without a description"
# Texts that programs put where a description should be.
EMPTY_ALT = re.compile(
    r"^\s*$|^<?Figure size|^[\w./\\-]+\.(?:png|jpe?g|svg|gif|webp)$|^No description", re.IGNORECASE
)


def embedded(address: str, alt: str, document: Document) -> str:
    """Embed the picture of a Markdown cell."""
    if address.startswith("attachment:"):
        bundle = document.attachments.get(unquote(address.removeprefix("attachment:")), {})
        for kind, content in bundle.items():
            return picture(f"data:{kind};base64,{content.strip()}", alt, document)
    if re.match(r"https?:", address):
        return f'<a href="{escape(address)}">{escape(alt or address)}</a>'
    if address.startswith("data:image/"):
        return picture(address, alt, document)
    path = Path(document.folder, unquote(address))
    if not path.is_file():
        if document.strict:
            raise document.error(f"The picture {address} is not there.")
        return f'<span class="missing">{escape(alt or address)}</span>'
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    return picture(f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}", alt, document)


def picture(source: str, alt: str, document: Document) -> str:
    """Make an ``<img>``; a page of ours is not published with a picture nobody has described."""
    if EMPTY_ALT.search(alt):
        if document.strict:
            raise document.error("A picture has no alternative text; say in a sentence what it shows.")
        alt = NO_ALT
    return f'<img src="{escape(source)}" alt="{escape(alt)}">'


LABELS = re.compile(r"(?:fig|tbl|eq)-")


def citation(text: str, document: Document) -> str:
    """Set what stands in brackets: ``@a; @b, p. 3``; anything else is given back as it was."""
    cites = parse_cites(text)
    if cites is None or (not document.strict and not all(_known(cite.key, document) for cite in cites)):
        return f"[{escape(text, quote=False)}]"
    if all(LABELS.match(cite.key) for cite in cites):
        return "; ".join(document.reference(cite.key) for cite in cites)
    links = [_link(cite, document, " ") for cite in cites]
    return f'<span class="citation">({"; ".join(links)})</span>'


def named_citation(key: str, document: Document) -> str:
    """Set ``@key`` in the flow of a sentence: Balassa (1961)."""
    if not document.strict and not document.bibliography.knows(key):
        return f"@{escape(key)}"
    return f'<span class="citation">{_link(Cite(key), document, " (", ")")}</span>'


def _known(key: str, document: Document) -> bool:
    return bool(LABELS.match(key)) or document.bibliography.knows(key)


def _link(cite: Cite, document: Document, between: str, end: str = "") -> str:
    """Link one work to its entry in the list; names and year are settled when all citations are known."""
    if not document.bibliography.knows(cite.key):
        raise document.error(
            f"The citation @{cite.key} is not in the bibliography; mend the key or add the work to "
            "data/references.bib."
        )
    key, count = cite.key.lower(), document.bibliography.cite(cite.key)

    def text() -> str:
        names, year = document.bibliography.names_and_year(key)
        return year if cite.bare else f"{names}{between}{year}{end}"

    before = f"{escape(cite.prefix, quote=False)} " if cite.prefix else ""
    after = f", {escape(cite.locator, quote=False)}" if cite.locator else ""
    return f'{before}<a id="cite-{key}-{count}" href="#ref-{key}">{document.promise(text)}</a>{after}'


CALLOUTS = {
    "note": "Note",
    "definition": "Definition",
    "warning": "Caution",
    "caution": "Caution",
    "important": "Important",
    "tip": "Hint",
    "exercise": "Exercise",
}
STYLED = re.compile(r' style="([^"]*)"')
LABEL = r"(?:fig|tbl|eq)-[A-Za-z0-9_-]*[A-Za-z0-9]"
BLOCKS = {
    "equation": rf"^ {{0,3}}\$\$(?P<eq_text>(?:[^$\\]|\\[\s\S])+?)\$\$[ \t]*"
    rf"(?:\{{#(?P<eq_label>{LABEL})\}})?[ \t]*(?:\n|$)",
    "environment": r"^ {0,3}(?P<env_text>\\begin\{(?P<env>equation|align|gather|multline|displaymath)"
    r"(?P<star>\*?)\}[\s\S]*?\\end\{(?P=env)(?P=star)\})[ \t]*(?:\n|$)",
    "callout": r"^ {0,3}(?P<fence>:{3,})[ \t]*\{(?P<call_attrs>[^}\n]*)\}[ \t]*\n(?P<call_text>[\s\S]*?)"
    r"\n? {0,3}(?P=fence)[ \t]*(?:\n|$)",
    "note_text": r"^ {0,3}\[\^(?P<note_key>[^\]\s]+)\]:[ \t]*(?P<note_body>.+(?:\n(?: {2,}|\t).+)*)",
}
INLINES = {
    "formula": r"\$(?!\s|\$)(?P<tex>(?:[^$\\]|\\[\s\S])+?)(?<![\s\\])\$(?!\d)",
    "cite": r"\[(?P<cites>[^\[\]\n]*?@[^\[\]\n]+)\](?![\(\[])",
    "label": rf"(?<![\w@/.])@(?P<target>{LABEL})",
    "named": r"(?<![\w@/.])@(?P<work>[A-Za-z][\w:-]*\w)",
    "note_call": r"\[\^(?P<call>[^\]\s]+)\]",
}


def to_html(source: str, document: Document) -> str:
    """Render one cell's Markdown into `document`; labels, headings, notes and links are registered there."""
    parser, renderer = _parser()
    renderer.document = document
    tokens: Any = parser(source)
    return str(tokens)


@cache
def _parser() -> tuple[mistune.Markdown, ArticleRenderer]:
    renderer = ArticleRenderer(escape=False)
    parser = mistune.Markdown(renderer=renderer, plugins=[strikethrough, table, _grammar])
    return parser, renderer


def _grammar(md: mistune.Markdown) -> None:
    """Teach mistune our spellings (its plugin protocol)."""
    for name, pattern in BLOCKS.items():
        md.block.register(name, pattern, globals()[f"_parse_{name}"], before="list")
        if name != "note_text":
            md.block.insert_rule(md.block.list_rules, name, before="list")
            md.block.insert_rule(md.block.block_quote_rules, name, before="list")
    for name, pattern in INLINES.items():
        md.inline.register(name, pattern, globals()[f"_parse_{name}"], before="link")


def _parse_equation(block: Any, match: Match[str], state: Any) -> int:
    state.append_token(
        {"type": "equation", "raw": match["eq_text"], "attrs": {"label": match["eq_label"] or ""}}
    )
    return match.end()


def _parse_environment(block: Any, match: Match[str], state: Any) -> int:
    state.append_token({"type": "equation", "raw": match["env_text"], "attrs": {"label": ""}})
    return match.end()


def _parse_callout(block: Any, match: Match[str], state: Any) -> int:
    child = state.child_state(match["call_text"] + "\n")
    block.parse(child, [*block.rules])
    state.append_token(
        {"type": "callout", "children": child.tokens, "attrs": {"attributes": match["call_attrs"]}}
    )
    return match.end()


def _parse_note_text(block: Any, match: Match[str], state: Any) -> int:
    text = " ".join(match["note_body"].split())
    state.append_token({"type": "note_text", "text": text, "attrs": {"key": match["note_key"]}})
    return match.end()


def _parse_formula(inline: Any, match: Match[str], state: Any) -> int:
    state.append_token({"type": "formula", "raw": match["tex"]})
    return match.end()


def _parse_cite(inline: Any, match: Match[str], state: Any) -> int:
    state.append_token({"type": "cite", "raw": match["cites"]})
    return match.end()


def _parse_label(inline: Any, match: Match[str], state: Any) -> int:
    state.append_token({"type": "label", "raw": match["target"]})
    return match.end()


def _parse_named(inline: Any, match: Match[str], state: Any) -> int:
    state.append_token({"type": "named", "raw": match["work"]})
    return match.end()


def _parse_note_call(inline: Any, match: Match[str], state: Any) -> int:
    state.append_token({"type": "note_call", "raw": match["call"]})
    return match.end()


class ArticleRenderer(mistune.HTMLRenderer):
    """The HTML of an article; what it meets is registered in ``document``."""

    document: Document

    def paragraph(self, text: str) -> str:
        """Link the first use of glossary terms; footnotes called here stand behind the paragraph."""
        notes = self.document.called_notes()
        return f"<p>{self.document.glossary.link(curly(text))}</p>\n{notes}" if text.strip() else notes

    def block_text(self, text: str) -> str:
        """Text of a tight list item."""
        return self.document.glossary.link(curly(text)) + self.document.called_notes()

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Cells carry their alignment as a class and headers their scope."""
        side = f' class="{align}"' if align in ("right", "center") else ""
        return f'<th scope="col"{side}>{text}</th>' if head and text.strip() else f"<td{side}>{text}</td>"

    def table(self, text: str) -> str:
        """Let a wide table scroll in its own box."""
        return f'<div class="scrolls table" data-name="Table"><table>{text}</table></div>\n'

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Give every heading an anchor; the first ``#`` is the page's title and no level is skipped."""
        document, text = self.document, curly(text)
        if level == 1 and not document.title:
            document.title = text
            return ""
        last = document.headings[-1].level if document.headings else 1
        level = max(2, min(level, last + 1))
        anchor = document.anchor(slug(plain(text)) or "section")
        document.headings.append(Heading(level, anchor, text, document.cell))
        after = ""
        if plain(text).lower() in ("references", "bibliography") and not document.reference_list:
            document.reference_list = True
            after = document.promise(lambda: reference_list(document))
        link = f'<a class="anchor" href="#{anchor}" aria-label="Link to this section">#</a>'
        return f'<h{level} id="{anchor}">{text}{link}</h{level}>\n{after}'

    def equation(self, text: str, label: str = "") -> str:
        """Set a display formula, numbered when it has a label."""
        markup = self._formula(text, display=True)
        if not label:
            return f'<div class="equation scrolls" data-name="Formula">{markup}</div>\n'
        number = self.document.register(label)
        return (
            f'<div class="equation numbered" id="{label}"><div class="scrolls" data-name="Equation {number}">'
            f'{markup}</div><a class="equation-number" href="#{label}" aria-label="Equation {number}">'
            f"({number})</a></div>\n"
        )

    def formula(self, text: str) -> str:
        """Set a formula within a line."""
        return self._formula(text, display=False)

    def _formula(self, text: str, *, display: bool) -> str:
        try:
            markup = mathml(text, display=display)
            return STYLED.sub(lambda match: f' class="{self.document.style_class(match[1])}"', markup)
        except BuildError as error:
            if self.document.strict:
                raise self.document.error(error.problem) from error
            return f'<code class="formula">{escape(text.strip())}</code>'

    def callout(self, text: str, attributes: str = "") -> str:
        """Set a definition, warning, note or exercise apart."""
        kind = next((name for name in CALLOUTS if f".callout-{name}" in attributes.split()), "")
        if not kind:
            known = ", ".join(f".callout-{name}" for name in CALLOUTS)
            if self.document.strict:
                raise self.document.error(f'"::: {{{attributes}}}" is no callout; known are {known}.')
            return f"<div>{text}</div>\n"
        given = re.search(r'title="([^"]*)"', attributes)
        title = f'<span class="callout-name">{escape(given[1])}</span>' if given else ""
        name = f'<p class="callout-title"><span class="callout-kind">{CALLOUTS[kind]}</span>{title}</p>'
        return f'<div class="callout callout-{kind}" role="note">{name}{text}</div>\n'

    def note_text(self, text: str, key: str) -> str:
        """Keep a footnote's text until its call is known."""
        if key in self.document.notes:
            raise self.document.error(f"The footnote [^{key}] is written twice.")
        self.document.notes[key] = curly(text)
        return ""

    def note_call(self, text: str) -> str:
        """Call a footnote."""
        return self.document.note(text)

    def cite(self, text: str) -> str:
        """Set a citation in brackets, or leave the brackets alone when they hold none."""
        return citation(text, self.document)

    def label(self, text: str) -> str:
        """Refer to a figure, table or equation."""
        return self.document.reference(text)

    def named(self, text: str) -> str:
        """Set a citation whose author belongs to the sentence."""
        return named_citation(text, self.document)

    def block_code(self, code: str, info: str | None = None) -> str:
        """Colour a code block by its language."""
        return highlight(code, (info or "").split(" ")[0])

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Turn links to notebooks and data into links to their published forms."""
        address = published(self.sanitize_url(url)) if self.document.site else self.sanitize_url(url)
        hint = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(address)}"{hint}>{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Embed a picture of the notebook's folder; one elsewhere stays a link, for the page asks no one."""
        return embedded(url, plain(text), self.document)


def published(address: str) -> str:
    """Address of a notebook or data file once the site is built."""
    address = re.sub(r"^(?:\./)?([\w.-]+)\.ipynb(?=$|#)", r"\1.html", address)
    return re.sub(r"^\.\./data/", "data/", address)


def slug(text: str) -> str:
    """Anchor of a heading."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-_")


def reference_list(document: Document) -> str:
    """List the works this page cites, each with links back to where it is cited."""
    entries = document.bibliography.entries() if document.bibliography.cited else []
    items = []
    for key, entry in entries:
        count = document.bibliography.cited[key]
        back = "".join(
            f'<a href="#cite-{key}-{number}" aria-label="Back to citation {number} of {key}">'
            f"{'↩' if count == 1 else f'↩{number}'}</a>"
            for number in range(1, count + 1)
        )
        items.append(f'<li id="ref-{key}">{entry} {back}')
    return f'<ol class="references">{"".join(items)}</ol>' if items else ""
