"""LaTeX to MathML when the page is built, so that formulas need neither a script nor the network.

Temml (MIT licence, one vendored file) sets them, in a JavaScript engine without files, network or clock.
"""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import quickjs

_WRITTEN = Path(__file__).with_name("spellings.toml").read_text(encoding="utf-8")
_PARTS = tomllib.loads(_WRITTEN)["parts"]
SPELLINGS: dict[str, Any] = tomllib.loads(re.sub("<([A-Z]+)>", lambda name: _PARTS[name[1]], _WRITTEN))
TEMML = Path(__file__).with_name("temml.min.js")
SET = """function set(latex, display) {
  try { return JSON.stringify([temml.renderToString(latex, {displayMode: display, throwOnError: true}), ""]) }
  catch (error) { return JSON.stringify(["", String(error.message || error)]) }
}"""
# A formula takes milliseconds and a few megabytes; one that asks for more is not set.
SECONDS, BYTES = 5, 256 << 20
# On a strict page numbers come from {#eq-...}, never from the environment.
NUMBERED = re.compile(r"\\(begin|end)\{(align|gather|multline|alignat|flalign|eqnarray)\}")
WRAPPER = re.compile(
    r"\\(?:begin|end)\{(?:equation|displaymath|math)\*?\}|\\label\{[^}]*\}|\\nonumber|\\notag"
)
DEFINITION = re.compile(
    r"\\(?P<how>(?:re|provide)?(?:new)?command|DeclareMathOperator|[gex]?def|let)(?P<star>\*?)"
    r"\s*\{?\s*\\(?P<name>[a-zA-Z]+)\s*\}?\s*(?:"
    rf"(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?(?P<given>(?:\#\d)*)\s*{SPELLINGS['parts']['BRACED']}"
    r"|=?\s*(?P<meaning>\\[a-zA-Z]+|[^\s{}\\]))"
)
NUMBERING = re.compile(r"\\begin\{(?:equation|align|alignat|gather|multline)\*?\}")
REFERENCE = re.compile(r"\s*\\(?:eq)?ref\{([^{}]+)\}\s*")
# These are displays wherever they stand.
DISPLAYED = re.compile(r"\\begin\{(?:equation|align|alignat|gather|multline|split|CD)\*?\}")
NUMBER = '<span class="tml-eqn"></span>'
ROW = re.compile(r"<mtr\b(?:(?!<mtr\b).)*", re.DOTALL)
LABEL = re.compile(r'<mtr\b[^>]* id="([0-9a-f]*)"')


@dataclass(frozen=True)
class Formula:
    """One formula of a page: its source, and in the end its MathML or the reason why it has none."""

    latex: str
    display: bool
    markup: str = ""
    problem: str = ""
    # Numbers of its rows by their labels.
    numbers: tuple[tuple[str, str], ...] = ()


def set_formulas(formulas: Sequence[Formula], strict: bool) -> list[Formula]:
    """Set all formulas of a page, in order: definitions and numbers go on from one to the next."""
    engine = quickjs.Context()
    engine.set_memory_limit(BYTES)
    engine.eval(TEMML.read_text(encoding="utf-8") + SET)
    engine.set_time_limit(SECONDS)
    typeset = engine.get("set")
    known: dict[str, str] = {}
    made: list[Formula] = []
    last = 0
    for one in formulas:
        latex, defined = _without_definitions(one.latex)
        known |= defined
        if not latex.strip() and defined:
            made.append(Formula(one.latex, one.display))
            continue
        source = _respelt(latex, one.display, strict)
        try:
            used = known.values() if any(name in source for name in known) else ()
            displayed = one.display or bool(DISPLAYED.search(source))
            markup, problem = json.loads(typeset("".join(used) + source, displayed))
        except (quickjs.JSException, quickjs.StackOverflow) as error:
            markup, problem = "", f"it takes too long or too much ({error})"
        if "tml-cancelto" in markup:  # its arrow is drawn outside MathML
            markup, problem = "", "\\cancelto cannot be set"
        if not one.display:
            markup = markup.replace(' display="block" class="tml-display"', "")
        markup, last, numbers = _with_numbers(markup, last)
        if "call stack" in problem:
            problem = "it is nested too deeply: give parts of it a formula of their own"
        problem = re.sub(r"\s+at (?:position|end of input)\b.*", "", problem, flags=re.DOTALL).strip()
        made.append(Formula(one.latex, one.display, _mended(markup), problem, numbers))
    numbers_of = equation_numbers(made)
    return [_referring(one, numbers_of) for one in made]


def equation_numbers(formulas: Sequence[Formula]) -> dict[str, str]:
    """Return the numbers of equations by their LaTeX labels."""
    return dict(pair for one in formulas for pair in one.numbers)


def _without_definitions(latex: str) -> tuple[str, dict[str, str]]:
    """Take the definitions out of a formula; each may repeat an earlier one, also of the converter's own."""
    defined: dict[str, str] = {}

    def taken(found: re.Match[str]) -> str:
        name, body = f"\\{found['name']}", found[found.re.groups - 1]
        if found["meaning"]:
            defined[name] = f"\\let{name}={found['meaning']} "
        elif found["how"] == "DeclareMathOperator":
            defined[name] = f"\\def{name}{{\\operatorname{found['star']}{{{body}}}}}"
        elif found["default"] is None:
            given = found["given"] or "".join(f"#{n + 1}" for n in range(int(found["count"] or 0)))
            defined[name] = f"\\def{name}{given}{{{body}}}"
        else:
            rest = "".join(f"#{n + 1}" for n in range(1, int(found["count"] or 1)))
            defined[name] = (
                f"\\def{name}{{\\@ifnextchar[{{{name}@}}{{{name}@[{found['default']}]}}}}"
                f"\\def{name}@[#1]{rest}{{{body}}}"
            )
        return ""

    return DEFINITION.sub(taken, latex), defined


def _respelt(latex: str, display: bool, strict: bool) -> str:
    if "eqnarray" in latex:  # its columns are left, sign and right, those of align left and right
        latex = re.sub(r"&([^&\\\n]*|[^&\n]*?\\[a-zA-Z]+\s*)&", r"&\1 ", latex)
    if strict:
        latex = WRAPPER.sub("", NUMBERED.sub(r"\\\1{\2*}", latex))
    latex = re.sub(
        r"\\unicode\s*\{x([0-9a-fA-F]{2,5})\}", lambda code: f"\\text{{{chr(int(code[1], 16))}}}", latex
    )
    for spelling, known in SPELLINGS["mathjax"]:
        latex = re.sub(spelling, known, latex)
    # A reference stays in words until all numbers of the page are known.
    latex = re.sub(
        r"\\(eq)?ref\s*\{([^{}]+)\}",
        lambda found: f"\\text{{eqref:{int(bool(found[1]))}{found[2].encode().hex()}:}}",
        latex,
    )
    # Temml would leave signs out of a label.
    latex = re.sub(r"\\label\s*\{([^{}]+)\}", lambda found: f"\\label{{{found[1].encode().hex()}}}", latex)
    if not strict and display and re.search(r"\\(?:tag|label)\b", latex) and not NUMBERING.search(latex):
        latex = f"\\begin{{equation}}{latex}\\end{{equation}}"
    return latex.strip()


def _referring(one: Formula, numbers: dict[str, str]) -> Formula:
    """Write the numbers that a formula refers to."""

    def number(found: re.Match[str]) -> str:
        said = html.escape(numbers[bytes.fromhex(found[2]).decode()], quote=False)
        return f"({said})" if found[1] == "1" else said

    try:
        return replace(one, markup=re.sub(r"eqref:([01])([0-9a-f]+):", number, one.markup))
    except KeyError:
        return replace(one, markup="", problem="this refers to no equation", numbers=())


def _with_numbers(markup: str, last: int) -> tuple[str, int, tuple[tuple[str, str], ...]]:
    """Write the numbers of equations, which Temml leaves to a style sheet; a long one has a single number."""
    if 'style="padding:0;width:7.5%' in markup:  # multline
        markup = markup.replace(NUMBER, "", markup.count(NUMBER) - 1)
    numbers: list[tuple[str, str]] = []

    def row(found: re.Match[str]) -> str:
        nonlocal last
        text, tag = found[0], re.search(r'<mtext class="tml-tag">(.*?)</mtext>', found[0])
        if NUMBER in text:
            last += 1
            text = text.replace(NUMBER, f"({last})")
        if labelled := LABEL.match(text):
            label = bytes.fromhex(labelled[1]).decode()
            said = re.sub(r"<[^>]*>|^\(|\)$", "", tag[1]) if tag else str(last)
            numbers.append((label, html.unescape(said)))
            text = text.replace(f'id="{labelled[1]}"', f'id="{html.escape(label)}"', 1)
        return text

    return ROW.sub(row, markup), last, tuple(numbers)


def _mended(markup: str) -> str:
    """Say in attributes what Temml says in styles that a page does not take: negative spaces."""
    markup = re.sub(
        r'<mrow style="margin-left:(-[\d.]+em);"></mrow>', r'<mspace width="\1"></mspace>', markup
    )
    return markup.replace(' style="display:block math;"', "")
