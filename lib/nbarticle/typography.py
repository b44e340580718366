"""Typography: quotation marks, breaks, and code in colour."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

PIECES = re.compile(r"(<[^>]*>)")
# In these the signs are meant as they stand.
LITERAL = re.compile(r"<(/?)(code|pre|math|svg|script|style|kbd|samp)\b")
_OPENS = re.compile(r"(^|[\s(\[{\u00a0\u2013\u2014/\u201c\u2018])([\"'])(?=\S|$)")


def curly(markup: str) -> str:
    """Set straight quotation marks of running text as curly ones; tags and code stay as they are."""
    pieces, depth, before = PIECES.split(markup), 0, ""
    for place, piece in enumerate(pieces):
        if place % 2:
            literal = LITERAL.match(piece)
            if literal and not piece.endswith("/>"):
                depth += -1 if literal[1] else 1
        elif not depth and piece:
            # The sign before a tag still decides whether a mark opens or closes.
            set_piece = _set(before + piece)[len(before) :]
            before, pieces[place] = piece[-1], set_piece
    return "".join(pieces)


def breakable(markup: str) -> str:
    """Let a path, a name or an address, already escaped, break after its signs."""
    return re.sub(r"(?<=[^/:]/|\w[_?=%])(?=\w)", "<wbr>", markup)


def _set(text: str) -> str:
    text = text.replace("&quot;", '"').replace("&#x27;", "'").replace("&#39;", "'").replace("&#34;", '"')
    text = _OPENS.sub(lambda match: match[1] + ("\u201c" if match[2] == '"' else "\u2018"), text)
    return text.replace('"', "\u201d").replace("'", "\u2019")


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
    try:
        return get_lexer_by_name({"ipython": "ipython3"}.get(language, language), stripnl=False)
    except ClassNotFound:
        return None


def highlight(code: str, language: str = "") -> str:
    """Colour source code."""
    code = code.rstrip("\n")
    lexer = _lexer(re.sub(r"[^\w+#-]", "", language)) if language else None
    if lexer is None:
        return f'<pre class="code"><code>{escape(code, quote=False)}</code></pre>'
    runs: list[tuple[str, str]] = []
    for token, text in lex(code, lexer):
        kind = _kind(token)
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1] + text)
        else:
            runs.append((kind, text))
    if runs and runs[-1][1].endswith("\n"):
        runs[-1] = (runs[-1][0], runs[-1][1].rstrip("\n"))
    return f'<pre class="code"><code>{"".join(_span(kind, text) for kind, text in runs)}</code></pre>'


@cache
def _kind(token: _TokenType) -> str:
    return next((name for family, name in CLASSES if token in family), "")


def _span(kind: str, text: str) -> str:
    text = escape(text, quote=False)
    return f"<{kind}->{text}</{kind}->" if kind and text.strip() else text
