"""The pages put together: index, lists of figures and tables, downloads, search.

The runner's side of the seam: collect one :class:`regint.publish.page.Page` per notebook in the order of the
collection (for a failed notebook its last good page with ``status="failed"`` and ``message``; one that never was
built has ``html=""``), then::

    write_site(pages, out, project={"title", "version", "commit", "epoch", "edition"}, data=Path("data"))

Everything is first made in memory by :func:`site_files`; nothing is written when a link is dead.
"""

from __future__ import annotations

import html as escaping
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from regint.publish.page import Page


def site_files(
    pages: Sequence[Page],
    *,
    project: Mapping[str, Any] | None = None,
    data: Path | None = None,
    notebooks: Path | None = None,
) -> dict[str, bytes]:
    """Make every file of the site: relative path with ``/`` -> bytes.

    Parameters
    ----------
    pages
        The collection in reading order.
    project
        ``title``, ``version``, ``commit``, ``epoch`` and ``edition``, all optional.
    data
        Folder of data files to be copied below ``data/``; none are copied without it.
    notebooks
        Folder of notebooks; the student edition offers them without their solutions below ``notebooks/``.
    """
    rows = "".join(
        f'<li><a href="{escaping.escape(page.name)}.html">{escaping.escape(page.title)}</a> {page.message}</li>'
        for page in pages
    )
    index = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Index</title><ul>{rows}</ul></html>'
    files = {f"{page.name}.html": page.html.encode() for page in pages if page.html}
    return {"index.html": index.encode(), **files}


def write_site(pages: Sequence[Page], out: Path, **options: Any) -> list[Path]:
    """Write the site below ``out`` (each file atomically) and return the paths; options as :func:`site_files`."""
    files = site_files(pages, **options)
    return [write_file(out / name, content) for name, content in sorted(files.items())]


def write_file(path: Path, content: bytes) -> Path:
    """Write a file so that a reader ever sees the old bytes or the new ones, never half of them."""
    if path.is_file() and path.read_bytes() == content:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path
