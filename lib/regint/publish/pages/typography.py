"""Quotation marks, apostrophes and breaks as a printer sets them; the source keeps the keyboard's."""

from __future__ import annotations

import re

PIECES = re.compile(r"(<[^>]*>)")
# In these the signs are meant as they stand.
LITERAL = re.compile(r"<(/?)(code|pre|math|svg|script|style|kbd|samp)\b")
_OPENS = re.compile(r"(^|[\s(\[{\u00a0\u2013\u2014/\u201c\u2018])([\"'])(?=\S|$)")


def curly(markup: str) -> str:
    r"""Set straight quotation marks of running text as curly ones; tags and code stay as they are.

    Examples
    --------
    >>> curly('The "<em>base</em>" isn\'t <code>"x"</code>.')
    'The “<em>base</em>” isn’t <code>"x"</code>.'
    """
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
    """Let a path, a name or an address, already escaped, break after its signs.

    Examples
    --------
    >>> breakable("data/survey/astana_2025")
    'data/<wbr>survey/<wbr>astana_<wbr>2025'
    """
    return re.sub(r"(?<=[^/:]/|\w[_?=%])(?=\w)", "<wbr>", markup)


def _set(text: str) -> str:
    text = text.replace("&quot;", '"').replace("&#x27;", "'").replace("&#39;", "'").replace("&#34;", '"')
    text = _OPENS.sub(lambda match: match[1] + ("\u201c" if match[2] == '"' else "\u2018"), text)
    return text.replace('"', "\u201d").replace("'", "\u2019")
