"""One page in the making: its displays, headings, references."""

from __future__ import annotations

import html
import json
import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from textwrap import shorten
from typing import Any

from textfiles.problems import Problem

from nbarticle.citations import Bibliography, Glossary
from nbarticle.formulas import REFERENCE, Formula, equation_numbers, set_formulas
from nbarticle.settings import Settings

FIGURE_FILES = {"svg": "SVG", "png": "PNG", "pdf": "PDF", "csv": "Data (CSV)"}
TABLE_FILES = {"csv": "CSV", "xlsx": "Excel", "tex": "LaTeX"}


@dataclass(frozen=True)
class Display:
    """A numbered figure or table of a page."""

    label: str
    number: int
    cell: int
    caption: str
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it is: "figure" or "table"."""
        return "figure" if self.label.startswith("fig-") else "table"

    @property
    def offered(self) -> dict[str, str]:
        """The kinds of files that a site writes for it, and their names."""
        if self.kind == "table":
            return TABLE_FILES
        return {
            kind: name
            for kind, name in FIGURE_FILES.items()
            if kind in ("svg", "csv") or self.content.get(kind)
        }

    def file(self, page: str, ending: str) -> str:
        """Path of one of its files on a site."""
        return f"{self.kind}s/{page}-{self.label}.{ending}"


@dataclass(frozen=True)
class Page:
    """One exported notebook."""

    name: str
    title: str
    abstract: str = ""
    html: str = ""
    # What it says, as HTML, before a frame goes around it: title, text, its headings (level, anchor, HTML)
    # and its own style.
    heading: str = ""
    body: str = ""
    contents: tuple[tuple[int, str, str], ...] = ()
    css: str = ""
    # Files of which it was made beside the executed notebook, whether they are there or not.
    read: tuple[str, ...] = ()
    # What the notebook says of itself.
    metadata: Mapping[str, Any] = field(default_factory=dict)
    figures: tuple[Display, ...] = ()
    tables: tuple[Display, ...] = ()
    computed: tuple[tuple[int, str], ...] = ()
    findings: tuple[str, ...] = ()
    sections: tuple[tuple[str, str, str], ...] = ()
    anchors: tuple[str, ...] = ()
    links: tuple[tuple[int, str], ...] = ()
    # Why the page could not be made anew; empty when it was.
    message: str = ""

    def files(self) -> list[str]:
        """List the files that a site may hold of this page."""
        displays = [
            display.file(self.name, kind)
            for display in (*self.figures, *self.tables)
            for kind in display.offered
        ]
        notebooks = [f"notebooks/{self.name}{ending}" for ending in ("-executed.ipynb", ".ipynb", ".py")]
        return [f"{self.name}.html", *displays, *notebooks]

    def to_json(self) -> str:
        """Write the record as JSON text, keys sorted: the same page gives the same bytes."""
        return json.dumps(vars(self), default=vars, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Page:
        """Read a record written by :meth:`to_json`, maybe by a version that knew less of a page."""

        def restored(value: Any) -> Any:
            if isinstance(value, dict):
                return Display(**value)
            return tuple(map(restored, value)) if isinstance(value, list) else value

        known = json.loads(text)
        own = known.pop("metadata", {})
        return cls(**{name: restored(value) for name, value in known.items()}, metadata=own)


NAMES = {"fig": "Figure", "tbl": "Table", "eq": "Equation"}
# Marks hold a number that no text can know, so none can come from outside.
NONCE = secrets.token_hex(8)
PROMISE = re.compile(f"\ue000{NONCE}-(\\d+)\ue001")
MARK = re.compile(f"[\ue000\ue002]{NONCE}-\\d+[\ue001\ue003]")
TAG = re.compile(r"<[^>]*>")


def plain(markup: str) -> str:
    """Text of a piece of HTML, blanks collapsed."""
    return " ".join(html.unescape(TAG.sub("", MARK.sub("", markup))).split())


@dataclass
class Document:
    """The state of one page between its first cell and its last."""

    notebook: str = "notebook"
    settings: Settings = field(default_factory=Settings)
    site: bool = False
    # The title that the notebook's metadata give.
    named: str = ""
    bibliography: Bibliography = field(default_factory=Bibliography)
    glossary: Glossary = field(default_factory=Glossary)
    folder: str = ""
    # Files beside the notebook of which the page is made, whether they are there or not.
    read: set[Path] = field(default_factory=set)
    cell: int = 0
    attachments: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    # Whether the first ``#`` is the page's title, and by how many levels the headings below sink.
    titled: bool = True
    sink: int = 0
    # Level 2 to 6, anchor, inner HTML.
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    written_anchors: Counter[str] = field(default_factory=Counter)
    figures: list[Display] = field(default_factory=list)
    tables: list[Display] = field(default_factory=list)
    # Cell and text of the sentences that code has written.
    computed: list[tuple[int, str]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    # Cell and key -> text: cells are documents of their own, which may each have a note 1.
    notes: dict[tuple[int, str], str] = field(default_factory=dict)
    reference_list: bool = False
    # Formulas in the order of the page, each with its cell; they are set together, when all are known.
    formulas: list[tuple[int, Formula]] = field(default_factory=list)
    styles: dict[str, str] = field(default_factory=dict)
    _promises: list[Callable[[], str]] = field(default_factory=list)
    _anchors: dict[str, int] = field(default_factory=dict)
    _calls: list[tuple[int, str]] = field(default_factory=list)
    # How many of the notes called have their text on the page by now.
    _written: int = 0

    @property
    def strict(self) -> bool:
        """Whether an incomplete page is refused."""
        return self.settings.strict

    def error(self, problem: str, cell: int | None = None) -> Problem:
        """Make the error that names this notebook and cell."""
        return Problem(problem, place=f"{self.notebook}, cell {self.cell if cell is None else cell}")

    def promise(self, text: Callable[[], str]) -> str:
        """Leave a place in the page whose text is only known at the end."""
        self._promises.append(text)
        return f"\ue000{NONCE}-{len(self._promises) - 1}\ue001"

    def keep(self, markup: str) -> str:
        """Replace every promise; what a promise brings may hold promises itself."""
        while PROMISE.search(markup):
            markup = PROMISE.sub(lambda match: self._promises[int(match[1])](), markup)
        return markup

    def anchor(self, wanted: str) -> str:
        """Give out an ``id`` once; a second request gets a number."""
        self._anchors[wanted] = count = self._anchors.get(wanted, 0) + 1
        return wanted if count == 1 else self.anchor(f"{wanted}-{count}")

    def register(self, label: str) -> int:
        """Give a figure, table or equation its number; a label is taken once."""
        kind = label.partition("-")[0]
        if label in self.labels:
            raise self.error(f'The label "{label}" is used twice on this page; give each its own.')
        number = 1 + sum(other.startswith(f"{kind}-") for other in self.labels)
        self.labels[label] = f"{NAMES[kind]}\u00a0{number}"
        self._anchors[label] = 1
        return number

    def reference(self, label: str) -> str:
        """Refer to a numbered thing of this page, wherever it stands."""
        cell = self.cell

        def text() -> str:
            if label in self.labels:
                return f'<a class="reference" href="#{label}">{self.labels[label]}</a>'
            if not self.strict:
                return f"@{label}"
            known = ", ".join(sorted(self.labels)) or "none"
            raise self.error(f"The reference @{label} leads nowhere; labels of this page: {known}.", cell)

        return self.promise(text)

    def formula(self, latex: str, display: bool, around: str = "{}") -> str:
        """Note a formula; `around` is what stands around it unless it only defines something."""
        if alone := REFERENCE.fullmatch(latex):
            return self.equation_reference(alone[1], "({})")
        self.formulas.append((self.cell, Formula(latex, display)))
        place = len(self.formulas) - 1

        def text() -> str:
            made = self._set[place]
            if made.problem and self.strict:
                said = f"The formula {shorten(latex, 200, placeholder=' ...')} cannot be set: {made.problem}"
                raise self.error(said, self.formulas[place][0])
            source = f'<code class="formula">{html.escape(latex.strip(), quote=False)}</code>'
            markup = source if made.problem else made.markup
            return around.format(markup) if markup else ""

        return self.promise(text)

    def equation_reference(self, label: str, form: str) -> str:
        """Refer to an equation by its LaTeX label."""

        def text() -> str:
            number = equation_numbers(self._set).get(label)
            name = html.escape(label)
            if number is None and self.strict:
                raise self.error(f"The reference to equation {label} leads nowhere.")
            shown = form.format(number or name)
            return f'<a class="reference" href="#{name}">{shown}</a>' if number else shown

        return self.promise(text)

    def unset(self) -> Counter[int]:
        """Count by cell the formulas that stay as they are written."""
        made = zip(self.formulas, self._set, strict=True)
        return Counter(cell for (cell, _), formula in made if formula.problem)

    @cached_property
    def _set(self) -> list[Formula]:
        """The formulas of the page, set together once all are known."""
        return set_formulas([formula for _, formula in self.formulas], self.strict)

    def note(self, key: str) -> str:
        """Call a footnote: its number here, its text behind the paragraph, on wide screens in the margin."""
        place = len(self._calls)
        self._calls.append((self.cell, key))
        return self.promise(lambda: self._called[place][0])

    def called_notes(self) -> str:
        """Texts of the notes first called since the last time this was asked."""
        waiting, self._written = range(self._written, len(self._calls)), len(self._calls)
        return "".join(
            self.promise(partial(lambda place: self._called[place][1], place)) for place in waiting
        )

    @cached_property
    def _called(self) -> list[tuple[str, str]]:
        """The sign of each call of a note, and the note's text where no call before meant it.

        A call means the note of its own cell, else one of another; known once all notes are.
        """
        anywhere = {key: (cell, key) for cell, key in reversed(self.notes)}
        numbers: dict[tuple[int, str], int] = {}
        called = []
        for cell, key in self._calls:
            note = (cell, key) if (cell, key) in self.notes else anywhere.get(key)
            if note is None and self.strict:
                raise self.error(f"The footnote [^{key}] is called but never written.", cell)
            if note is None:
                called.append((f"[^{html.escape(key)}]", ""))
                continue
            first = note not in numbers
            number = numbers.setdefault(note, len(numbers) + 1)
            mark = f' id="call-{number}"' if first else ""
            sign = f'<sup><a href="#note-{number}"{mark} aria-label="Note {number}">{number}</a></sup>'
            text = (
                f'<div class="sidenote" id="note-{number}" role="note"><a class="noteback" '
                f'href="#call-{number}" aria-label="Back to the call of note {number}">{number}</a> '
                f"{self.notes[note]}</div>"
            )
            called.append((sign, text if first else ""))
        return called

    def style_class(self, declarations: str) -> str:
        """Turn a clean style into a class, so that the security policy needs no exception."""
        return self.styles.setdefault(declarations, f"s{len(self.styles) + 1}")
