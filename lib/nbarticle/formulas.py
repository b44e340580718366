"""LaTeX to MathML when the page is built, so that formulas need neither a script nor the network."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from functools import cache, lru_cache

import math_core
from textfiles.problems import Problem

# Environments that stand alone in a Markdown cell. Numbers come from {#eq-...}, never from the environment.
NUMBERED = re.compile(r"\\(begin|end)\{(align|gather|multline|alignat|flalign)\}")
WRAPPER = re.compile(
    r"\\(?:begin|end)\{(?:equation|displaymath|math)\*?\}|\\label\{[^}]*\}|\\nonumber|\\notag"
)


@cache
def _converter() -> math_core.LatexToMathML:
    return math_core.LatexToMathML(fancy_error=False)


@lru_cache(maxsize=4096)
def mathml(latex: str, *, display: bool = False) -> str:
    """Convert one formula."""
    source = WRAPPER.sub("", NUMBERED.sub(r"\\\1{\2*}", latex)).strip()
    try:
        markup = _converter().convert_with_local_state(source, displaystyle=display)
    except math_core.LatexError as error:
        reason = str(error).partition(": ")[2].strip() or str(error)
        raise Problem(f"The formula {latex.strip()} cannot be set: {reason}") from error
    return _styled_fractions(str(markup))


def _styled_fractions(markup: str) -> str:
    """Move the size of a fraction to an ``mstyle`` around it, where every version of MathML allows it."""
    if "<mfrac displaystyle" not in markup:
        return markup
    # XML knows five names of signs, HTML two thousand.
    markup = re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\w+);)\w+;", lambda name: html.unescape(name[0]), markup)
    root = ElementTree.fromstring(markup)
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            if child.tag == "mfrac" and "displaystyle" in child.attrib:
                style = ElementTree.Element("mstyle", displaystyle=child.attrib.pop("displaystyle"))
                style.append(child)
                parent[place] = style
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


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
