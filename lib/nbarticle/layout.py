"""The page around the content: styles, fonts, the small script, and the policy that allows nothing else."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from textfiles.project import locate

from nbarticle import fonts
from nbarticle.document import plain
from nbarticle.metadata import citation_file
from nbarticle.typography import breakable

TEMPLATES = Path(__file__).with_name("templates")
ITALIC = re.compile(r"<(?:em|i)\b[^>]*>(.*?)</(?:em|i)>", re.DOTALL)
SERIF = "Source Serif 4 Text"
# What a page sets in other faces.
SANS = re.compile(r"<(head|code|pre|math|svg|table|figcaption|footer)\b.*?</\1>", re.DOTALL)
# What a printed figure allows: a certain span, a possible one, and the points between them.
MARK = (
    '<svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true" fill="none" stroke="currentColor">'
    '<path d="M3 8h26" stroke-width="1.5" stroke-dasharray="1.5 2.5"/><path d="M10 8h12" stroke-width="5"/>'
    '<path d="M3 4v8M29 4v8" stroke-width="1.5"/></svg>'
)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "site"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["breakable"] = breakable
    return environment


@cache
def part(name: str) -> str:
    """Read one of the style sheets or scripts, without its remarks and indents."""
    text = (TEMPLATES / "site" / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        return re.sub(r"\s*([{};,>])\s*|(:) ", r"\1\2", " ".join(text.split())).replace(";}", "}")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def stylesheet(
    title: str, markup: str, math: str = "", inline: dict[str, str] | None = None, more: str = ""
) -> str:
    """Put the one style sheet of a page together."""
    serif = SANS.sub(" ", markup)
    faces = [
        _face(SERIF, fonts.cut_face("text", _signs(plain(serif))), "normal", "400 650"),
        _face(SERIF, fonts.cut_face("text-italic", _signs(plain(" ".join(ITALIC.findall(serif))))), "italic"),
        _face("STIX Two Math Text", fonts.cut_face("math", math), "normal"),
    ]
    classes = [f".{name}{{{declarations}}}" for declarations, name in (inline or {}).items()]
    head = title.replace("\\", "").replace('"', "\u201d").replace("<", "").replace("\n", " ")
    running = f'@page{{@top-left{{content:"{head}";font:8pt sans-serif;color:#444}}}}'
    running += "@page:first{@top-left{content:none}}"
    return "".join([*faces, part("style.css"), more, *classes, running, part("print.css")])


def _signs(text: str) -> str:
    """Signs of a text that its face has; blanks are in every face."""
    found = fonts.TEXT & set(map(ord, text))
    return "".join(map(chr, sorted(found | {0x20, 0xA0}))) if found else ""


def _face(family: str, address: str, style: str, weight: str = "400") -> str:
    if not address:
        return ""
    source = f'url("{address}") format("woff2")'
    kind = f"font-style:{style};font-weight:{weight};font-display:block"
    return f'@font-face{{font-family:"{family}";{kind};src:{source}}}'


def policy(css: str, scripts: Iterable[str] = (), files: bool = False) -> str:
    """Content security policy: what stands in this very page may act, nothing is fetched."""
    sources = [f"'{_hash(script)}'" for script in scripts] + (["'self'", "file:"] if files else [])
    script = f"; script-src {' '.join(sources)}" if sources else ""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'{script}; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def project(record: dict[str, Any]) -> dict[str, Any]:
    """Settle what a page prints of the project it belongs to; the title is that of ``CITATION.cff``."""
    epoch = record.get("epoch")
    title = str(record.get("title") or citation_file(locate("CITATION.cff")).get("title") or "Notebooks")
    return {
        "title": title,
        "short": title.partition(":")[0],
        "version": record.get("version") or "",
        "commit": record.get("commit") or "",
        "date": datetime.fromtimestamp(int(epoch), UTC).date().isoformat() if epoch is not None else "",
    }


def render(template: str, **values: Any) -> str:
    """Fill a template of ``templates/site``; ``css`` and ``script`` decide the page's policy."""
    defaults = {
        "language": "en", "site": True, "folds": False, "glossary": False, "mark": MARK,
        "script": part("script.js"), "kind": "wide", "description": "",
    }  # fmt: skip
    values = {**defaults, **values}
    scripts = [values[name] for name in ("script", "search_script") if values.get(name)]
    values["policy"] = policy(values["css"], scripts, files="search_script" in values)
    return _environment().get_template(template).render(values)
