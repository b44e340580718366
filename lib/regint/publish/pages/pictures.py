"""Pictures that are not figures of ours: those Markdown cells point to and those other notebooks print."""

from __future__ import annotations

import base64
import mimetypes
import re
from html import escape
from pathlib import Path
from urllib.parse import unquote

from regint.publish.pages.document import Document

NO_ALT = "Picture without a description"
# Texts that programs put where a description should be.
EMPTY_ALT = re.compile(
    r"^\s*$|^<?Figure size|^[\w./\\-]+\.(?:png|jpe?g|svg|gif|webp)$|^No description", re.IGNORECASE
)


def embedded(address: str, alt: str, document: Document) -> str:
    """Embed the picture of a Markdown cell.

    A picture of another host becomes a link, because a page asks no one for anything.
    """
    if address.startswith("attachment:"):
        bundle = document.attachments.get(unquote(address.removeprefix("attachment:")), {})
        for kind, content in bundle.items():
            return picture(f"data:{kind};base64,{content.strip()}", alt, document)
    if re.match(r"https?:", address):
        return f'<a href="{escape(address)}">{escape(alt or address)}</a>'
    if address.startswith("data:image/"):
        return picture(address, alt, document)
    path = Path(document.folder, unquote(address))
    if not path.is_file():
        if document.strict:
            raise document.error(f"The picture {address} is not there.")
        return f'<span class="missing">{escape(alt or address)}</span>'
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    return picture(f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}", alt, document)


def picture(source: str, alt: str, document: Document) -> str:
    """Make an ``<img>``; a page of ours is not published with a picture nobody has described."""
    if EMPTY_ALT.search(alt):
        if document.strict:
            raise document.error("A picture has no alternative text; say in a sentence what it shows.")
        alt = NO_ALT
    return f'<img src="{escape(source)}" alt="{escape(alt)}">'
