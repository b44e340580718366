"""HTML from anywhere, written anew: only listed elements, attributes and style properties can come out.

The tree is the one an HTML5 parser makes, so what is unclosed or nested wrongly is read as browsers read it.
"""

from __future__ import annotations

import re
import tomllib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from html import escape
from itertools import count, starmap
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

import tinycss2
from bleach.html5lib_shim import HTMLParser

from nbarticle.document import Document

# An output stands for itself; a text is a cell's Markdown, ours and the author's mixed; a page is all of it.
Origin = Literal["output", "text", "page"]

RULES = tomllib.loads(Path(__file__).with_name("allowed.toml").read_text("utf-8"))
# Words by table and row.
ALLOWED = {
    table: {name: frozenset(words.split()) for name, words in rows.items()}
    for table, rows in RULES["allowed"].items()
}
VOID = frozenset({"br", "col", "hr", "img", "wbr"})
# Their end follows from what comes next.
UNENDED = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot"})
STRUCTURE = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup"})
LARGEST = 4  # times the size of the page's letters
CLASSES = {
    whose: re.compile("|".join(words).replace("#", r"\d+").replace("*", "[a-z0-9-]+"))
    for whose, words in ALLOWED["classes"].items()
}
ADDRESS = re.compile(r"(?:https?|mailto|ftp):|[^:/?#]*(?:[/?#]|$)", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|bmp|svg\+xml);base64,[A-Za-z0-9+/=\s%]*$")
LOCAL = re.compile(r"""url\(\s*["']?#([\w.:-]+)["']?\s*\)""")
COLOUR = re.compile(r"(?:rgb|hsl)a?\([\d\s.,%]+\)")
SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?(?:[#.][\w-]+)*")
NUMBER = re.compile(r"[-−+]?[\d,.\s]*\d\s*%?|NaN|nan|<NA>")
NO_ALT = "Picture without a description"
# Texts that programs put where a description should be.
EMPTY_ALT = re.compile(
    r"^\s*$|^<?Figure size|^[\w./\\-]+\.(?:png|jpe?g|svg|gif|webp)$|^No description", re.IGNORECASE
)
# How the files of pictures begin.
SIGNATURES = {
    "png": rb"\x89PNG", "jpeg": rb"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF", "bmp": b"BM",
    "svg+xml": rb"\s*(?:<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE[^>[]*>|\s)*<svg\b",
}  # fmt: skip


def clean(markup: str, document: Document, origin: Origin) -> str:
    """Write anew what `markup` holds; in outputs and texts, tables and pictures are mended on the way."""
    root = HTMLParser(namespaceHTMLElements=False).parseFragment(markup)
    if origin != "page":
        _apply_rules(root)
        for element in root.iter() if origin == "output" else ():
            given = (element.get("class") or "").split()
            element.set("class", " ".join(word for word in given if CLASSES["output"].fullmatch(word)))
        within_links = {element for link in root.iter("a") for element in link.iter()}
        for parent in list(root.iter()):
            for child in list(parent):
                _mend(child, parent, document, child in within_links)
    if origin == "output":
        _rename(root, document)
    return "".join(_written(root, document, origin))


def _embedded(address: str, document: Document) -> str:
    """Carry a picture within the page: one of the cell's own, or a file below the notebook's folder."""
    if address.startswith("data:"):
        return address if PICTURE.match(address) else ""
    if address.startswith("attachment:"):
        attached = document.attachments.get(unquote(address[11:]), {})
        return next(starmap(carried, attached.items()), "")
    folder = Path(document.folder).resolve()
    try:
        path = (folder / unquote(address)).resolve()
        if not path.is_relative_to(folder):
            return ""
        document.read.add(path)
        content = path.read_bytes() if path.is_file() else b""
    except (OSError, ValueError):
        return ""
    kinds = (kind for kind, start in SIGNATURES.items() if re.match(start, content, re.DOTALL))
    return next((carried(f"image/{kind}", content) for kind in kinds), "")


def carried(kind: str, content: str | bytes) -> str:
    """Write a picture as an address that holds it; a drawing gets the namespace it needs there."""
    if kind == "image/svg+xml":
        content = content.encode() if isinstance(content, str) else content
        if not re.match(rb"\s*(?:<|\xef\xbb\xbf)", content):  # attached drawings are in base64 already
            content = b64decode(content)
        if not re.search(rb"<svg\b[^>]*\sxmlns=", content):
            content = re.sub(rb"<svg\b", b'<svg xmlns="http://www.w3.org/2000/svg"', content, count=1)
    code = b64encode(content).decode() if isinstance(content, bytes) else "".join(content.split())
    address = f"data:{kind};base64,{code}"
    return address if PICTURE.match(address) else ""


# Writing


def _written(root: Any, document: Document, origin: Origin) -> Iterator[str]:
    """Write the tree; text is escaped, and a name that is not listed has no way out."""
    given: set[str | None] = set()
    stack: list[Any] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
            continue
        space, name = _name(str(item.tag))
        listed = name in ALLOWED["elements"][space]
        if not isinstance(item.tag, str) or (name in ALLOWED["elements"]["dropped"] and not listed):
            continue
        opening, closing = _tags(item, document, origin, given) if listed else ("", "")
        yield opening
        stack.append(closing)
        for child in reversed(item):
            stack += [_text(child.tail, item.tag), child]
        # A first line break within <pre> is not part of its text.
        first = "\n" if item.tag == "pre" and (item.text or "").startswith("\n") else ""
        stack.append(first + _text(item.text, item.tag))


def _text(text: str | None, parent: str) -> str:
    blank = not text or (parent in STRUCTURE and not text.strip())
    return "" if blank else escape(str(text), quote=False)


def _name(tag: str) -> tuple[str, str]:
    """Namespace (html, svg, math) and name of an element."""
    space, _, name = tag.rpartition("}")
    return {"": "html", "{http://www.w3.org/2000/svg": "svg"}.get(space, "math"), name


def _tags(element: Any, document: Document, origin: Origin, given: set[str | None]) -> tuple[str, str]:
    """Write the opening and closing tag of a listed element."""
    space, name = _name(element.tag)
    styles: list[str] = []
    attributes: dict[str, str] = {}
    for key, value in element.attrib.items():
        key = key.rpartition("}")[2]
        if space == "html" and key in RULES["presented"]:
            styles.append(f"{RULES['presented'][key]}:{value}")
        elif key == "style":
            styles.append(value)
        elif _allowed(space, name, key, value):
            attributes.setdefault(key, value)
    classes = [word for word in attributes.pop("class", "").split() if CLASSES["text"].fullmatch(word)]
    style = declarations(";".join(styles))
    if re.search(r"(?:^|;)background", style) and not re.search(r"(?:^|;)color:", style):
        style += ";color:#000;color-scheme:light"  # what its author saw on that ground, on a dark page too
    if style:
        classes.append(document.style_class(style))
    if classes:
        attributes = {"class": " ".join(classes)} | attributes
    if origin == "page" and not document.strict and "id" in attributes:
        if attributes["id"] in given:
            del attributes["id"]
        given.add(attributes.get("id"))
    if name == "img" and "src" not in attributes:
        return "", ""
    before, size = "", "displaystyle" if name == "mfrac" else "scriptlevel"
    # These are no attributes of every element in every version of MathML.
    if space == "math" and size in attributes and name not in ("mstyle", "mtd", "mtr"):
        before = f'<mstyle {size}="{escape(attributes.pop(size))}">'
    said = "".join(
        f' {key}="{escape(value)}"' if value or key in ("alt", "id") else f" {key}"
        for key, value in attributes.items()
    )
    if space != "html" and not len(element) and not element.text:
        return f"<{name}{said}/>", ""
    closing = "" if space == "html" and name in VOID | UNENDED else f"</{name}>"
    return f"{before}<{name}{said}>", closing + ("</mstyle>" if before else "")


def _allowed(space: str, name: str, key: str, value: str) -> bool:
    """Whether an attribute is listed and its value leads nowhere it should not."""
    if key == "href":
        if space == "svg" and name == "image":
            return bool(PICTURE.match(value))
        if space == "math" or (space == "svg" and name != "a"):
            return space == "svg" and value.startswith("#")
        return bool(ADDRESS.match(re.sub(r"[\x00-\x20\x7f-\xa0]", "", value)))
    if space == "html" and name == "img" and key in ("src", "width", "height"):
        return bool(PICTURE.match(value) if key == "src" else re.fullmatch(r"\d{1,4}", value))
    if key in ALLOWED["attributes"]["everywhere"] or re.fullmatch(r"aria-[a-z]+", key):
        return True
    listed = ALLOWED["attributes-of-html"].get(name, ()) if space == "html" else ALLOWED["attributes"][space]
    calls = space == "svg" and "(" in value and not key.lower().endswith("transform")
    return key in listed and not (calls and not LOCAL.fullmatch(value) and not COLOUR.fullmatch(value))


def declarations(css: Any) -> str:
    """Return of a style what is listed, with plain values: no address, no negative length."""
    kept = []
    for item in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if item.type != "declaration" or item.lower_name not in ALLOWED["styles"]["properties"]:
            continue
        value = " ".join(tinycss2.serialize(item.value).split())
        plain = all(map(_plain, item.value)) and re.fullmatch(r"[\w\s#%.,()/'\"+-]+", value)
        if plain and (bound := _bounded(item.lower_name, value)):
            kept.append(f"{item.lower_name}:{bound}")
    return ";".join(kept)


def _bounded(name: str, value: str) -> str:
    """Return a value that keeps a thing in the flow of the text; nothing where it would not.

    Letters higher than their line are painted over its neighbours. So a line is as high as its letters at
    least, and sizes relative to those around, which grow when they are nested, become relative to the page's.
    """
    # Programs write these where they know of nothing.
    unknown = value in ("undefined", "null", "None", "nan")
    if unknown or not (form := re.fullmatch(RULES["forms"].get(name, ".*"), value)):
        return ""
    if name != "font-size":
        return value
    if not form[1]:
        return f"{value};line-height:1.2"
    rem = float(form[1]) / {"px": 16, "pt": 12, "em": 1, "rem": 1, "%": 100}[form[2]]
    return f"{min(rem, LARGEST):g}rem;line-height:1.2" if rem > 1 else value


def _plain(token: Any) -> bool:
    if token.type == "function":
        return token.lower_name in ("rgb", "rgba", "hsl", "hsla") and all(map(_plain, token.arguments))
    if token.type == "url":
        return bool(re.fullmatch(r"#[\w.:-]+", token.value))
    if token.type in ("number", "percentage", "dimension"):
        return bool(token.value >= 0)
    return token.type in ("whitespace", "ident", "hash", "string") or token == "," or token == "/"


# Mending


def _apply_rules(root: Any) -> None:
    """Give the elements what style sheets within the markup say of them, by id, class and name."""
    rules: dict[str, list[tuple[tuple[int, ...], list[set[str]], str]]] = {}
    places = count()
    for sheet in root.iter("style"):
        written = "".join(sheet.itertext())
        for rule in tinycss2.parse_stylesheet(written, skip_comments=True, skip_whitespace=True):
            css = declarations(rule.content) if rule.type == "qualified-rule" else ""
            for selector in tinycss2.serialize(rule.prelude).split(",") if css else ():
                if selector.strip() and all(map(SIMPLE.fullmatch, selector.split())):
                    found = [set(re.findall(r"[#.]?[\w-]+", part)) for part in selector.split()]
                    signs = [mark[0] for marks in found for mark in marks]
                    # Of two rules that say the same the later holds.
                    weight = (signs.count("#"), signs.count("."), len(signs), next(places))
                    rules.setdefault(min(found[-1]), []).append((weight, found, css))
    parents = {child: parent for parent in root.iter() for child in parent} if rules else {}
    marks_of: dict[Any, set[str]] = {}
    for element in root.iter() if rules else ():
        words = (element.get("class") or "").split()
        marks_of[element] = {element.tag, f"#{element.get('id') or ''}", *(f".{word}" for word in words)}
        said = sorted(
            (weight, css)
            for mark in marks_of[element]
            for weight, found, css in rules.get(mark, ())
            if _chosen(element, found, marks_of, parents)
        )
        if said:
            element.set("style", ";".join([*(css for _, css in said), element.get("style") or ""]))


def _chosen(
    element: Any, found: list[set[str]], marks_of: dict[Any, set[str]], parents: dict[Any, Any]
) -> bool:
    """Whether a selector, read from its end, names the element."""
    *above, last = found
    if not last <= marks_of[element]:
        return False
    while above and (element := parents.get(element)) is not None:
        if above[-1] <= marks_of[element]:
            above.pop()
    return not above


def _mend(element: Any, parent: Any, document: Document, linked: bool) -> None:
    """Mend one element, by its kind."""
    if element.tag == "a" and element.get("name") and not element.get("id"):
        element.set("id", element.get("name"))
    if element.tag in RULES["of-old"]:
        element.tag, style = RULES["of-old"][element.tag]
        element.set("style", f"{style};{element.get('style') or ''}")
    if element.tag == "h1":
        element.tag = "h2"
    elif element.tag == "img":
        _mend_picture(element, document, linked)
    elif element.tag == "table":
        _mend_table(element, parent)
    elif element.tag in RULES["shown-elsewhere"]:
        sources = [element, *element.iter("source")]
        address = next((one.get(key) for one in sources for key in ("src", "data") if one.get(key)), "")
        said = f"{RULES['shown-elsewhere'][element.tag]} is not shown"
        _leave_line(element, said, "" if linked else address)


def _leave_line(element: Any, said: str, address: str) -> None:
    """Turn what cannot be shown into a line that says so, with a link to it where it has an address."""
    tail = element.tail
    element.clear()
    element.tag, element.tail, element.text = "span", tail, said
    element.set("class", "missing")
    if re.match(r"(?:https?:)?//", address, re.IGNORECASE):
        element.text = f"{said}: "
        SubElement(element, "a", href=address).text = address


def _mend_picture(element: Any, document: Document, linked: bool) -> None:
    """Carry a picture within the page; one that is elsewhere becomes a link, for the page asks no one."""
    address, alt = element.get("src") or "", " ".join((element.get("alt") or "").split())
    remote = re.match(r"(?:https?:)?//", address, re.IGNORECASE)
    source = "" if remote else _embedded(address, document)
    if not source:
        if document.strict and not remote:
            raise document.error(f"The picture {address} is not there.")
        said = f"{alt}{'' if linked else ' (a picture that is not shown)'}"
        _leave_line(element, said if alt else "A picture is not shown", "" if linked else address)
        element.tail = re.sub(r"^(?=\w)", " ", element.tail or "")
        if remote and alt and not linked:
            element.text, element[0].text = "", alt
        return
    if EMPTY_ALT.search(alt):
        if document.strict:
            raise document.error("A picture has no alternative text; say in a sentence what it shows.")
        alt = NO_ALT
    element.set("src", source)
    element.set("alt", alt)
    for name in ("width", "height"):
        size = re.fullmatch(r"\s*(\d{1,4})(?:\.\d*)?\s*(px|%)?\s*", element.attrib.pop(name, None) or "")
        if size and size[2] == "%":
            element.set("style", f"{name}:{size[1]}%;{element.get('style') or ''}")
        elif size:
            element.set(name, size[1])


def _mend_table(table: Any, parent: Any) -> None:
    """Give a table scoped headers, no empty ones, and its own scroll box."""
    heads = {cell for head in table.iter("thead") for cell in head.iter("th")}
    for row in table.iter("tr"):
        row.attrib.pop("style", None)
        row.attrib.pop("align", None)
    for header in table.iter("th"):
        if _said(header):
            wide, high = (str(header.get(name) or "1") != "1" for name in ("colspan", "rowspan"))
            column = "colgroup" if wide else "col"
            header.set("scope", column if header in heads else "rowgroup" if high else "row")
        else:
            header.tag = "td"
            header.attrib.pop("scope", None)
    _join_header_rows(table)
    rows = [list(row) for row in table.iter("tr")]
    width, among_words = max(map(len, rows), default=0), set[Any]()
    # A column is named where its cells stand: numbers at the right; words, and numbers among them, at the
    # left.
    for stack in zip(*(row for row in rows if len(row) == width), strict=True):
        cells = [cell for cell in stack if cell not in heads and _said(cell)]
        numbers = [cell for cell in cells if cell.tag == "td" and NUMBER.fullmatch(_said(cell))]
        for header in heads.intersection(stack):
            if cells and len(numbers) == len(cells):
                header.set("class", f"{header.get('class') or ''} right".strip())
            else:
                header.set("style", re.sub(r"text-align:\s*right", "", header.get("style") or ""))
        among_words.update(numbers if len(numbers) < len(cells) else ())
    for cell in table.iter("td"):
        if NUMBER.fullmatch(_said(cell)) and cell not in among_words:
            cell.set("class", f"{cell.get('class') or ''} right".strip())
    if "scrolls" not in (parent.get("class") or ""):
        box = Element("div", {"class": "scrolls table", "data-name": "Table"})
        box.tail, table.tail = table.tail, None
        parent[list(parent).index(table)] = box
        box.append(table)


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _join_header_rows(table: Any) -> None:
    """Move the name of a pandas index from its own row into the corner of the row above."""
    head = table.find("thead")
    rows = list(head.iter("tr")) if head is not None else []
    if len(rows) < 2:
        return
    above, last = list(rows[-2]), list(rows[-1])
    named = [place for place, cell in enumerate(last) if _said(cell)]
    if not named or len(above) != len(last) or any(_said(above[place]) for place in named):
        return
    for place in named:
        rows[-2][place] = last[place]
    head.remove(rows[-1])


def _rename(root: Any, document: Document) -> None:
    """Give the identifiers of an output names of their own on the page; those of cells of tables go."""
    names: dict[str, str] = {}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old and isinstance(element.tag, str) and element.tag not in STRUCTURE | UNENDED:
            names.setdefault(old, document.anchor(old))
            element.set("id", names[old])
    for element in root.iter():
        for key, value in element.attrib.items():
            if value.startswith("#") and value[1:] in names:
                element.set(key, f"#{names[value[1:]]}")
            elif local := LOCAL.fullmatch(value):
                element.set(key, f"url(#{names.get(local[1], local[1])})")
