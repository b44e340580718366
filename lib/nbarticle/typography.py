"""Typography: quotation marks, breaks, and code in colour."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from html import escape
from itertools import groupby
from operator import itemgetter

from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String, Text, _TokenType
from pygments.util import ClassNotFound

PIECES = re.compile(r"(<[^>]*>)")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# In these the signs are meant as they stand.
LITERAL = {"code", "pre", "math", "svg", "script", "style", "kbd", "samp"}
_OPENS = re.compile(r"(^|[\s(\[{\u00a0\u2013\u2014/\u201c\u2018])([\"'])(?=\S|$)")


def in_text(markup: str, closed: Collection[str], change: Callable[[str], str]) -> str:
    """Change the running text of a piece of HTML: not its tags, nor what stands within `closed` elements."""
    pieces, depth = PIECES.split(markup), 0
    for place, piece in enumerate(pieces):
        tag = TAG.match(piece) if place % 2 else None
        if tag and tag[2].lower() in closed and not piece.endswith("/>"):
            depth = max(0, depth - 1) if tag[1] else depth + 1
        elif piece and not place % 2 and not depth:
            pieces[place] = change(piece)
    return "".join(pieces)


# Signs that open and close what is said, by language; where it is not known here, they stay as written.
QUOTES = {
    "en": "“”", "de": "„“", "fr": "«»", "ru": "«»", "uk": "«»", "be": "«»", "kk": "«»", "ky": "«»",
    "it": "«»", "es": "«»", "pt": "«»", "pl": "„”", "cs": "„“", "nl": "“”", "tr": "“”",
}  # fmt: skip


def curly(markup: str, language: str = "en") -> str:
    """Set straight quotation marks of running text as its language has them; tags and code stay."""
    language = language.partition("-")[0].lower()
    if language not in QUOTES:
        return markup
    opening, closing = tuple(QUOTES[language])
    before = ""

    def curl(text: str) -> str:
        # The sign before a tag still decides whether a mark opens or closes.
        nonlocal before
        whole, start, before = before + text, len(before), text[-1]
        for name, mark in (("&quot;", '"'), ("&#34;", '"'), ("&#x27;", "'"), ("&#39;", "'")):
            whole = whole.replace(name, mark)
        if language != "en":  # single marks are apostrophes there
            whole = re.sub(r"(?<=\w)'(?=\w)", "\u2019", whole)
            whole = _OPENS.sub(lambda match: match[1] + (opening if match[2] == '"' else "'"), whole)
            return whole.replace('"', closing)[start:]
        whole = _OPENS.sub(lambda match: match[1] + (opening if match[2] == '"' else "\u2018"), whole)
        return whole.replace('"', closing).replace("'", "\u2019")[start:]

    return in_text(markup, LITERAL, curl)


def breakable(markup: str) -> str:
    """Let a path, a name or an address, already escaped, break after its signs."""
    return re.sub(r"(?<=[^/:]/|\w[_?=%])(?=\w)", "<wbr>", markup)


# Few colours, chosen by what a reader looks for: words of the language, texts, numbers, names, remarks.
CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (String, "s"),
    (Number, "m"),
    (Literal, "m"),
    (Operator.Word, "k"),
    (Keyword, "k"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "f"),
)


@cache
def _lexer(language: str) -> Lexer | None:
    name = {"ipython": "ipython3", "ipython2": "python2"}.get(language, language)
    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False) if name else None
    except ClassNotFound:
        return None


def highlight(code: str, language: str = "") -> str:
    """Colour source code; neighbours of one colour share an element, whose name is as short as can be."""
    code = code.rstrip("\n")
    lexer = _lexer(re.sub(r"[^\w+#-]", "", language))
    tokens = lex(code, lexer) if lexer else [(Text, code)]
    runs = groupby(((_kind(token), escape(text, quote=False)) for token, text in tokens), itemgetter(0))
    pieces = [(kind, "".join(text for _, text in run)) for kind, run in runs]
    coloured = [f"<{kind}->{text}</{kind}->" if kind and text.strip() else text for kind, text in pieces]
    return f'<pre class="code"><code>{"".join(coloured)}</code></pre>'


@cache
def _kind(token: _TokenType) -> str:
    return next((name for family, name in CLASSES if token in family), "")
