"""Markdown cells to HTML: notes, cross-references, citations, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape, unescape
from typing import Any

import mistune
from mistune.plugins.formatting import strikethrough
from mistune.plugins.table import table
from mistune.plugins.task_lists import task_lists
from mistune.plugins.url import url

from nbarticle.document import Document, plain
from nbarticle.formulas import SPELLINGS
from nbarticle.layout import boxes
from nbarticle.markup import clean
from nbarticle.typography import LITERAL, curly, highlight, in_text

CALLOUTS, BLOCKS, INLINES = SPELLINGS["callouts"], SPELLINGS["blocks"], SPELLINGS["inlines"]
LABELS = re.compile(r"(?:fig|tbl|eq)-")
KEY = r"[A-Za-z0-9_][\w:.#$%&+?<>~/-]*[A-Za-z0-9_]|[A-Za-z0-9_]"
# A work within a citation: ``see @key, p. 3`` or, names left out, ``-@key``.
CITE = re.compile(rf"^(?P<prefix>[^@]*?)\s*(?P<bare>-?)@(?P<key>{KEY})\s*(?:,\s*(?P<locator>.+))?$")
RAW = re.compile(r"<[a-zA-Z!/]|!\[")
# A formula goes on over the end of a line, where Markdown would see the sign of a list.
PIECES = re.compile(
    r"^ {0,3}(?P<fence>```+|~~~+)[\s\S]*?^ {0,3}(?P=fence)|(?P<ticks>`+)(?!`)[^`]*(?<!`)(?P=ticks)(?!`)|\\\$|"
    rf"(?<!\$)(?P<inline>\$(?!\$)(?:(?!\n\s*\n){SPELLINGS['parts']['TEX']})\$(?!\$))",
    re.MULTILINE,
)
SET = re.compile(f"{INLINES['displayed']}|{INLINES['formula']}")


def _parse_cites(text: str) -> list[dict[str, str]]:
    """Read what stands between the brackets of a citation; nothing where it is none."""
    cites = []
    for part in map(str.strip, text.split(";")):
        cite = CITE.match(part)
        if not cite or (cite["prefix"] and not part[cite.start("bare") - 1 :].startswith(" ")):
            return []
        cites.append(cite.groupdict(default=""))
    return cites


def shown_markdown(source: str, document: Document) -> str:
    """Render a text that may hold HTML and pictures."""
    source = PIECES.sub(lambda piece: piece[0].replace("\n", " ") if piece["inline"] else piece[0], source)
    markup = to_html(source, document)
    return clean(markup, document, "text") if RAW.search(source) else markup


def with_formulas(markup: str, document: Document) -> str:
    """Set the formulas in the running text of a piece of HTML."""

    def formula(match: re.Match[str]) -> str:
        shown = match["displayed_raw"]
        return document.formula(unescape(shown or match["formula_raw"]), bool(shown))

    closed = LITERAL | {"textarea"}
    return in_text(markup, closed, lambda text: SET.sub(formula, text)) if "$" in markup else markup


def outline(sources: Iterable[str]) -> tuple[bool, int]:
    """Say of a notebook's Markdown whether its first ``#`` is the title, and how far all others sink.

    It is when nothing stands before it, or no other is there and no heading before it; else the outline is
    kept as it was written.
    """
    parser, _ = _parser()
    levels: list[int] = []
    for source in sources:
        state = parser.block.state_cls()
        state.process(source)
        parser.block.parse(state)
        tokens = (token for token in state.tokens if token["type"] != "blank_line")
        levels += [token["attrs"]["level"] if token["type"] == "heading" else 0 for token in tokens]
    headings = [level for level in levels if level]
    titled = levels[:1] == [1] or (headings[:1] == [1] and 1 not in headings[1:])
    return titled, int(headings.count(1) > titled)


def to_html(source: str, document: Document) -> str:
    """Render one cell's Markdown into `document`; labels, headings, notes and links are registered there."""
    parser, renderer = _parser()
    renderer.document = document
    return str(parser(source))


@cache
def _parser() -> tuple[mistune.Markdown, _ArticleRenderer]:
    renderer = _ArticleRenderer(escape=False)
    parser = mistune.Markdown(renderer=renderer, plugins=[strikethrough, table, task_lists, url, _grammar])
    return parser, renderer


def _grammar(md: mistune.Markdown) -> None:
    """Teach mistune our spellings (its plugin protocol)."""

    def parse_block(block: Any, match: re.Match[str], state: Any) -> int:
        if match.lastgroup == "callout":
            child = state.child_state(match["call_text"] + "\n")
            block.parse(child, [*block.rules])
            token = {"children": child.tokens, "attrs": {"attributes": match["call_attrs"]}}
        elif match.lastgroup == "note_text":
            token = {"text": " ".join(match["note_body"].split()), "attrs": {"key": match["note_key"]}}
        elif match.lastgroup == "equation":
            token = {"raw": match["eq_text"], "attrs": {"label": match["eq_label"] or ""}}
        else:
            token = {"raw": match["env_text"]}
        state.append_token({"type": match.lastgroup, **token})
        return match.end()

    def parse_inline(inline: Any, match: re.Match[str], state: Any) -> int:
        state.append_token({"type": match.lastgroup, "raw": match[f"{match.lastgroup}_raw"]})
        return match.end()

    for name, pattern in BLOCKS.items():
        md.block.register(name, pattern, parse_block, before="list")
        if name != "note_text":
            md.block.insert_rule(md.block.list_rules, name, before="list")
            md.block.insert_rule(md.block.block_quote_rules, name, before="list")
    for name, pattern in INLINES.items():
        # What begins with a backslash goes before the rule that takes a backslash away.
        md.inline.register(name, pattern, parse_inline, before="escape" if pattern[0] == "\\" else "link")


class _ArticleRenderer(mistune.HTMLRenderer):
    """The HTML of an article; what it meets is registered in ``document``."""

    document: Document

    def paragraph(self, text: str) -> str:
        """Link the first use of glossary terms; footnotes called here stand behind the paragraph."""
        notes = self.document.called_notes()
        return f"<p>{self._running(text)}</p>\n{notes}" if text.strip() else notes

    def block_text(self, text: str) -> str:
        """Text of a tight list item."""
        return self._running(text) + self.document.called_notes()

    def _running(self, text: str) -> str:
        return self.document.glossary.link(curly(text, self.document.settings.language))

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Cells carry their alignment as a class and headers their scope."""
        side = f' class="{align}"' if align in ("right", "center") else ""
        return f'<th scope="col"{side}>{text}</th>' if head and text.strip() else f"<td{side}>{text}</td>"

    def table(self, text: str) -> str:
        """Let a wide table scroll in its own box."""
        return f'<div class="scrolls table" data-name="Table"><table>{text}</table></div>\n'

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Give every heading an anchor; the first ``#`` is the page's title and no level is skipped."""
        document, written = self.document, plain(text).replace(" ", "-")
        text = curly(text, document.settings.language)
        if level == 1 and document.titled and not document.title:
            document.title = text
            return "" if document.strict else self._second_anchor(written, "")
        level += document.sink
        last = document.headings[-1][0] if document.headings else 1
        level = max(2, min(level, last + 1))
        slug = re.sub(r"[^\w]+", "-", plain(text).lower()).strip("-_")
        anchor = document.anchor(slug or "section")
        document.headings.append((level, anchor, text))
        after = ""
        if plain(text).lower() in ("references", "bibliography") and not document.reference_list:
            document.reference_list = True
            after = document.promise(lambda: reference_list(document))
        link = f'<a class="anchor" href="#{anchor}" aria-label="Link to this section">#</a>'
        own = "" if document.strict else self._second_anchor(written, anchor)
        return f'<h{level} id="{anchor}">{own}{text}{link}</h{level}>\n{after}'

    def _second_anchor(self, written: str, anchor: str) -> str:
        """Make the anchor that Jupyter gives the heading, to which an author's own links lead."""
        count = self.document.written_anchors[written]
        self.document.written_anchors[written] += 1
        name = f"{written}-{count}" if count else written
        return f'<span id="{escape(name)}"></span>' if name != anchor else ""

    def equation(self, text: str, label: str = "") -> str:
        """Set a display formula, numbered when it has a label."""
        if not label:
            box = '<div class="equation scrolls" data-name="Formula">{}</div>'
            return f"{self.document.formula(text, True, box)}\n"
        markup, number = self.document.formula(text, True), self.document.register(label)
        return str(boxes.equation(markup, label, number))

    environment = equation

    def formula(self, text: str) -> str:
        """Set a formula in a line."""
        return self.document.formula(text, False)

    def displayed(self, text: str) -> str:
        """Set a formula of its own that stands within a line."""
        return self.document.formula(text, True)

    bracketed = within = displayed
    in_parentheses = formula

    def equation_named(self, text: str) -> str:
        """Refer to an equation as LaTeX does."""
        return self.document.equation_reference(text, "{}")

    def equation_numbered(self, text: str) -> str:
        """Refer to an equation as LaTeX does, with brackets."""
        return self.document.equation_reference(text, "({})")

    def block_html(self, html: str) -> str:
        """Keep HTML as it is; its formulas are set, as Jupyter does."""
        return with_formulas(html, self.document)

    def task_list_item(self, text: str, checked: bool = False) -> str:
        """Show whether something is done."""
        box = '<span class="task" role="img" aria-label="{}">{}</span> '
        return f"<li>{box.format('done', '☑') if checked else box.format('to do', '☐')}{text}</li>\n"

    def callout(self, text: str, attributes: str = "") -> str:
        """Set a definition, warning, note or exercise apart."""
        kind = next((name for name in CALLOUTS if f".callout-{name}" in attributes.split()), "")
        if not kind:
            if self.document.strict:
                known = ", ".join(f".callout-{name}" for name in CALLOUTS)
                raise self.document.error(f'"::: {{{attributes}}}" is no callout; known are {known}.')
            return f"<div>{text}</div>\n"
        given = re.search(r'title="([^"]*)"', attributes)
        return str(boxes.callout(kind, CALLOUTS[kind], given and given[1], text))

    def note_text(self, text: str, key: str) -> str:
        """Keep a footnote's text until its call is known."""
        note = (self.document.cell, key)
        if note in self.document.notes and self.document.strict:
            raise self.document.error(f"The footnote [^{key}] is written twice.")
        self.document.notes.setdefault(note, curly(text, self.document.settings.language))
        return ""

    def note_call(self, text: str) -> str:
        """Call a footnote."""
        return self.document.note(text)

    def label(self, text: str) -> str:
        """Refer to a figure, table or equation."""
        return self.document.reference(text)

    def cite(self, text: str) -> str:
        """Set what stands in brackets: ``@a; @b, p. 3``; anything else is given back as it was."""
        document, cites = self.document, _parse_cites(text)
        known = [LABELS.match(cite["key"]) or document.bibliography.knows(cite["key"]) for cite in cites]
        if not cites or (not document.strict and not all(known)):
            return f"[{escape(text, quote=False)}]"
        if all(LABELS.match(cite["key"]) for cite in cites):
            return "; ".join(document.reference(cite["key"]) for cite in cites)
        return f'<span class="citation">({"; ".join(self._link(cite, " ") for cite in cites)})</span>'

    def named(self, text: str) -> str:
        """Set ``@key`` in the flow of a sentence: Balassa (1961)."""
        if not self.document.strict and not self.document.bibliography.knows(text):
            return f"@{escape(text)}"
        cite = {"key": text, "prefix": "", "bare": "", "locator": ""}
        return f'<span class="citation">{self._link(cite, " (", ")")}</span>'

    def _link(self, cite: dict[str, str], between: str, end: str = "") -> str:
        """Link a work to its entry in the list; names and year are settled when all citations are known."""
        document, key = self.document, cite["key"].lower()
        if not document.bibliography.knows(key):
            file = document.settings.bibliography or "references.bib"
            raise document.error(
                f"The citation @{cite['key']} is not in the bibliography; mend the key or add it to {file}."
            )
        count = document.bibliography.cite(key)

        def text() -> str:
            names, year, _ = document.bibliography.works()[key]
            return year if cite["bare"] else f"{names}{between}{year}{end}"

        before = f"{escape(cite['prefix'], quote=False)} " if cite["prefix"] else ""
        after = f", {escape(cite['locator'], quote=False)}" if cite["locator"] else ""
        return f'{before}<a id="cite-{key}-{count}" href="#ref-{key}">{document.promise(text)}</a>{after}'

    def block_code(self, code: str, info: str | None = None) -> str:
        """Colour a code block by its language."""
        return highlight(code, (info or "").split(" ")[0])

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """On a site, turn links to notebooks and data into links to their published forms."""
        address = self.sanitize_url(url)
        if self.document.site:
            address = re.sub(r"^(?:\./)?([\w.-]+)\.ipynb(?=$|#)", r"\1.html", address)
            address = re.sub(r"^\.\./data/", "data/", address)
        hint = f' title="{escape(title)}"' if title else ""
        return f'<a href="{escape(address)}"{hint}>{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Name a picture; it is brought into the page when the text is cleaned."""
        hint = f' title="{escape(title)}"' if title else ""
        return f'<img src="{escape(url)}" alt="{escape(plain(text))}"{hint}>'


def reference_list(document: Document) -> str:
    """List the works this page cites, each with links back to where it is cited."""
    items = []
    for key, (_, _, entry) in document.bibliography.works().items():
        count = document.bibliography.cited[key]
        back = "".join(
            f'<a href="#cite-{key}-{number}" aria-label="Back to citation {number} of {key}">'
            f"{'↩' if count == 1 else f'↩{number}'}</a>"
            for number in range(1, count + 1)
        )
        items.append(f'<li id="ref-{key}">{entry} {back}')
    return f'<ol class="references">{"".join(items)}</ol>' if items else ""
