"""What is left of a notebook once it is a page: the record from which the site is put together."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["built", "reused", "failed"]


@dataclass(frozen=True)
class Display:
    """A numbered figure or table of a page.

    Attributes
    ----------
    label
        Anchor, ``fig-...`` or ``tbl-...``.
    number, cell
        Number on the page and number of the cell that shows it, both counted from 1.
    caption
        Caption as plain text.
    content
        The display's own record, as the kernel wrote it (columns, rows, svg, pdf, png ...).
    """

    label: str
    number: int
    cell: int
    caption: str
    content: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One exported notebook.

    Attributes
    ----------
    name, title, summary
        File stem, first heading, first sentences: plain text.
    html
        The complete page; ``""`` when the notebook has never been built.
    edition
        ``"full"`` or ``"student"``.
    figures, tables
        What the page shows, in order.
    findings
        The bullets under the heading "What we found", plain text, for the index.
    sections
        Heading anchor, heading text and the text below it: what the search looks through.
    anchors, links
        Every ``id`` of the page; every ``(cell, address)`` that points to another file of the site.
    status, message
        ``"built"``, ``"reused"`` or ``"failed"`` (then ``message`` says why in one sentence and ``html`` is
        the last good page).
    """

    name: str
    title: str
    summary: str = ""
    html: str = ""
    edition: str = "full"
    figures: tuple[Display, ...] = ()
    tables: tuple[Display, ...] = ()
    findings: tuple[str, ...] = ()
    sections: tuple[tuple[str, str, str], ...] = ()
    anchors: tuple[str, ...] = ()
    links: tuple[tuple[int, str], ...] = ()
    status: Status = "built"
    message: str = ""

    def to_json(self) -> str:
        """Write the record as JSON text, keys sorted: the same page gives the same bytes."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Page:
        """Read a record written by :meth:`to_json`.

        Examples
        --------
        >>> page = Page(name="01_bars", title="What was asked?", links=((3, "02_bases.html#fig-x"),))
        >>> Page.from_json(page.to_json()) == page
        True
        """
        record = json.loads(text)
        for kind in ("figures", "tables"):
            record[kind] = tuple(Display(**item) for item in record[kind])
        for name in ("findings", "anchors"):
            record[name] = tuple(record[name])
        for name in ("sections", "links"):
            record[name] = tuple(tuple(item) for item in record[name])
        return cls(**record)
