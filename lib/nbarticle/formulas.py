"""LaTeX to MathML when the page is built, so that formulas need neither a script nor the network."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import math_core

# On a strict page numbers come from {#eq-...}, never from the environment.
NUMBERED = re.compile(r"\\(begin|end)\{(align|gather|multline|alignat|flalign|eqnarray)\}")
WRAPPER = re.compile(
    r"\\(?:begin|end)\{(?:equation|displaymath|math)\*?\}|\\label\{[^}]*\}|\\nonumber|\\notag"
)
BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
DEFINED = r"\\providecommand{\\\1}{}\\renewcommand{\\\1}"
# What MathJax knows by other names than the converter does.
SPELLINGS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # A definition may repeat an earlier one, of the notebook's or of the converter's own.
    (r"\\(?:re)?newcommand\*?\s*\{?\\([a-zA-Z]+)\}?", DEFINED),
    (rf"\\DeclareMathOperator(\*?)\s*\{{?\\([a-zA-Z]+)\}}?\s*{BRACED}",
     r"\\providecommand{\\\2}{}\\renewcommand{\\\2}{\\operatorname\1{\3}}"),
    (r"\\(?:require|cssId|class|style)\s*\{[^{}]*\}", ""),
    (rf"\\href\s*\{{[^{{}}]*\}}\s*{BRACED}", r"{\1}"),
    (r"\\unicode\s*\{x([0-9a-fA-F]{2,5})\}", lambda code: f"\\text{{{chr(int(code[1], 16))}}}"),
    (r"\\(?:mbox|hbox)(?=\s*\{)", r"\\text"),
    (r"\\hspace\*", r"\\hspace"),
    (r"(?<!\\)\\\n", r"\\ "),
    (r"\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge|Huge)(?![a-zA-Z])", ""),
    (r"\\cr(?![a-zA-Z])", r"\\\\"),
    (rf"\\substack\s*{BRACED}", r"{\\begin{subarray}{c}\1\\end{subarray}}"),
    (r"\\(begin|end)\{split\}", r"\\\1{aligned}"),
    (r"\\begin\{smallmatrix\}", r"{\\scriptstyle\\begin{matrix}"),
    (r"\\end\{smallmatrix\}", r"\\end{matrix}}"),
    (r"\\begin\{((?:x?x?al|fl)ignat)(\*?)\}\s*\{\d+\}", r"\\begin{align\2}"),
    (r"\\begin\{alignedat\}\s*\{\d+\}", r"\\begin{aligned}"),
    (r"\\end\{alignedat\}", r"\\end{aligned}"),
    (r"\\(begin|end)\{(?:(?:x?x?al|fl)ignat|flalign|eqnarray)(\*?)\}", r"\\\1{align\2}"),
    (r"\\ref(?=\s*\{)", r"\\eqref"),
)  # fmt: skip
NUMBERING = re.compile(r"\\begin\{(?:equation|align|gather|multline)\*?\}")
REFERENCE = re.compile(r"\s*\\(?:eq)?ref\{([^{}]+)\}\s*")
FAILED = re.compile(r'<\w+ class="math-core-error" title="(?:\d+: )?([^"]*)"')
LABELLED = re.compile(r'id="([^"]*)"[^>]*><mtext>\(([^<]*)\)</mtext>')


@dataclass(frozen=True)
class Formula:
    """One formula of a page: its source, and in the end its MathML or the reason why it has none."""

    latex: str
    display: bool
    markup: str = ""
    problem: str = ""


def set_formulas(formulas: Sequence[Formula], strict: bool) -> list[Formula]:
    """Set all formulas of a page, in order: definitions and numbers go on from one to the next."""
    converter = math_core.LatexToMathML(
        fancy_error=False, continue_on_error=True, global_group=True, allow_unreliable_rendering=True
    )
    sources = [(_respelt(one.latex, one.display, strict), one.display) for one in formulas]
    made = []
    for one, markup in zip(formulas, converter.convert_all(sources), strict=True):
        failed = FAILED.match(markup)
        reason = html.unescape(failed[1]) if failed else "this refers to no equation" * ("(??)" in markup)
        markup = re.sub(r"</?a\b[^>]*>", "", markup)  # a formula is one thing to a reader of screens
        markup = re.sub(r'(<mtable\b[^>]*) scriptlevel="\d+"', r"\1", markup)  # no attribute of a table
        empty = re.fullmatch(r"<math[^>]*></math>", markup)
        made.append(Formula(one.latex, one.display, "" if reason or empty else markup, reason))
    return made


def equation_numbers(formulas: Sequence[Formula]) -> dict[str, str]:
    """Return the numbers of equations by their LaTeX labels."""
    return {
        html.unescape(label): number for one in formulas for label, number in LABELLED.findall(one.markup)
    }


def _respelt(latex: str, display: bool, strict: bool) -> str:
    if "eqnarray" in latex:  # its columns are left, sign and right, those of align left and right
        latex = re.sub(r"&([^&\\\n]*|[^&\n]*?\\[a-zA-Z]+\s*)&", r"&\1 ", latex)
    if strict:
        latex = WRAPPER.sub("", NUMBERED.sub(r"\\\1{\2*}", latex))
    for spelling, known in SPELLINGS:
        latex = re.sub(spelling, known, latex)
    # Formulas within words within a formula.
    latex = re.sub(rf"\\text\w*\s*{BRACED}", _without_dollars, latex)
    if not strict and display and re.search(r"\\(?:tag|label)\b", latex) and not NUMBERING.search(latex):
        latex = f"\\begin{{equation}}{latex}\\end{{equation}}"
    return latex.strip()


def _without_dollars(words: re.Match[str]) -> str:
    if "$" not in words[1].replace("\\$", ""):
        return words[0]
    command = words[0].partition("{")[0]
    pieces = re.split(r"(?<!\\)\$", words[1])
    return "".join(
        piece if n % 2 else f"{command}{{{piece}}}" * bool(piece) for n, piece in enumerate(pieces)
    )


def signs(markup: str) -> str:
    """Signs a page needs from its maths font, sorted; identifiers of one letter count as italics."""
    found: set[str] = set()
    for formula in re.findall(r"<math\b.*?</math>", markup, re.DOTALL):
        if re.search(r"<m(?:sqrt|root)\b", formula):
            found.add("√")
        for letter in re.findall(r"<mi>(\w)</mi>", formula):
            found.add(_italic(letter))
        found.update(html.unescape(re.sub(r"<mi>\w</mi>|<[^>]*>", "", formula)))
    return "".join(sorted(sign for sign in found if not sign.isspace()))


def _italic(letter: str) -> str:
    if letter == "h":
        return "\u210e"
    for first, start in (("A", 0x1D434), ("a", 0x1D44E), ("Α", 0x1D6E2), ("α", 0x1D6FC)):
        if 0 <= ord(letter) - ord(first) < (26 if first in "Aa" else 25):
            return chr(start + ord(letter) - ord(first))
    return letter
