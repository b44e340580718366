"""What the search page looks through: a script file of our own, so that it works from the disk as well."""

from __future__ import annotations

import json
from collections.abc import Sequence

from regint.publish.pages.page import Page


def search_index(pages: Sequence[Page]) -> str:
    r"""Write the index as a script that sets one variable.

    Each section of each page becomes ``[page number, anchor, heading, text]``.

    Examples
    --------
    >>> page = Page(name="01_bars", title="Bars", html="<p>", sections=(("main", "", "One bar."),))
    >>> search_index([page])
    'window.regintIndex={"pages":[["01_bars.html","Bars"]],"sections":[[0,"main","","One bar."]]};\n'
    """
    built = [page for page in pages if page.html]
    index = {
        "pages": [[f"{page.name}.html", page.title] for page in built],
        "sections": [
            [number, anchor, heading, text]
            for number, page in enumerate(built)
            for anchor, heading, text in page.sections
            if text or heading
        ],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    # Two line ends of Unicode that old script engines take for ends of a statement.
    return f"window.regintIndex={text.replace(chr(0x2028), ' ').replace(chr(0x2029), ' ')};\n"
