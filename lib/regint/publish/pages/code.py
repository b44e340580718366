"""Source code in colour: few kinds of words, two palettes, both with AAA contrast.

A coloured word is ``<k->word</k->``: a custom element costs a third of the bytes of a ``span`` with a class.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from pygments import lex
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String, _TokenType
from pygments.util import ClassNotFound

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
    """Colour source code.

    Examples
    --------
    >>> highlight("x = 1", "python")
    '<pre class="code"><code>x = <m->1</m-></code></pre>'
    """
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
