"""From an executed notebook to an article page: the nbconvert exporter ``article``.

The runner's side of the seam::

    html, resources = ArticleExporter().from_notebook_node(nb, resources={"regint": {...}})
    page = resources["regint_page"]          # regint.publish.page.Page; page.to_json() is what to keep

``resources["regint"]`` (all optional; without it any notebook becomes a decent page):

============== =====================================================================================
``notebook``   file stem, becomes ``page.name``
``parameters`` list of ``{"name", "value", "default", "meaning", "changed"}``
``inputs``     list of ``{"path", "sha256"}``, path relative to the project
``packages``   ``{name: version}``
``version``    version of the project
``commit``     commit of the project, or ``""``
``epoch``      seconds since 1970 that count as the page's date (SOURCE_DATE_EPOCH), never the clock
``collection`` ordered list of ``{"name", "title"}``: the pages of the site, this one among them
``edition``    ``"full"`` or ``"student"`` (cells tagged ``solution`` left out)
``command``    the one command that redoes the page
============== =====================================================================================

Whatever is wrong with the page raises :class:`regint.publish.errors.BuildError`, which names the cell.
"""

from __future__ import annotations

import html as escaping
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbformat import NotebookNode

from regint.publish.page import Page


class ArticleExporter(HTMLExporter):
    """nbconvert exporter ``article``: one self-contained page without outside requests."""

    export_from_notebook = "Article page"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert an executed notebook; the page's record is left in ``resources["regint_page"]``."""
        record = dict((resources or {}).get("regint", {}))
        html, resources = super().from_notebook_node(nb, resources, **kw)
        name = record.get("notebook") or resources.get("metadata", {}).get("name") or "notebook"
        title = next(
            (
                line[2:].strip()
                for cell in nb.cells
                if cell.cell_type == "markdown"
                for line in cell.source.splitlines()
                if line.startswith("# ")
            ),
            name,
        )
        resources["regint_page"] = Page(
            name=name, title=escaping.unescape(title), html=html, edition=record.get("edition", "full")
        )
        return html, resources
