"""Make any text safe to print in HTML, SVG or Markdown.

Labels are data: they may hold markup, formulas, control characters or marks that turn the reading direction.
"""

from __future__ import annotations

import html
import re
from typing import Final

# Overrides and isolates of the reading direction, controls, and characters XML 1.0 does not allow.
_FORBIDDEN: Final = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]()#+!|<>&~$^@:\"'=-]")


def plain(text: object) -> str:
    r"""Return `text` on one line without control characters or reading-direction overrides.

    Examples
    --------
    >>> plain("two\nlines\x00 and \u202eovert")
    'two lines and overt'
    """
    return " ".join(_FORBIDDEN.sub("", str(text)).split())


def escape_html(text: object) -> str:
    """Return `text` for use in an HTML element or a quoted attribute.

    Examples
    --------
    >>> escape_html('<b onclick="x">')
    '&lt;b onclick=&quot;x&quot;&gt;'
    """
    return html.escape(plain(text), quote=True)


def escape_markdown(text: object) -> str:
    """Return `text` so that no Markdown reader finds markup, maths, citations or HTML in it.

    Every special character becomes a numeric character reference, which all Markdown dialects print as is.

    Examples
    --------
    >>> escape_markdown("a*b")
    'a&#42;b'
    """
    return _MARKDOWN.sub(lambda match: f"&#{ord(match.group())};", plain(text))


def slug(label: str) -> str:
    """Return a label as an identifier for files and anchors.

    Examples
    --------
    >>> slug("fig-Übersicht 1")
    'fig-bersicht-1'
    """
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
