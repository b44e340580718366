"""Pages on hostile labels and of hostile notebooks, in headless Chromium: nothing runs, nothing leaves."""

import csv
import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbarticle.article import ArticleExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from regint.survey.folder import write_survey_folder
from surveyfile.importing import import_respondents

PROJECT = Path(__file__).resolve().parent.parent.parent
# A direction mark is refused by every reader of a table, see tests/hostile; here its label goes without.
PAYLOADS = [
    str(entry["text"]).replace("\u202e", "")
    for entry in tomllib.loads(
        (PROJECT / "tests" / "hostile" / "payloads.toml").read_text(encoding="utf-8")
    ).values()
]


def hostile_survey(folder: Path) -> Path:
    """A folder whose labels and texts are the payloads: one question of each kind."""
    count = len(PAYLOADS)
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "one", "scale", *(f"m{i}" for i in range(count))])
        for n in range(3 * count):
            several = [int((n + i) % 4 == 0) for i in range(count)]
            writer.writerow([n, f"p{n % count:02d}", n % count % 7, *several])
    with (folder / "codebook.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["column", "kind", "label", "wording", "question", "code", "response_label", "status"]
        )
        for i, text in enumerate(PAYLOADS):
            head = ["one", "single", PAYLOADS[0], PAYLOADS[3], "one"] if i == 0 else [""] * 5
            writer.writerow([*head, f"p{i:02d}", text, "answer"])
        for i in range(7):
            head = ["scale", "rating", PAYLOADS[22], PAYLOADS[23], "scale"] if i == 0 else [""] * 5
            writer.writerow([*head, i, PAYLOADS[20 + i], "answer"])
        for i, text in enumerate(PAYLOADS):
            writer.writerow([f"m{i}", "multiple", PAYLOADS[4], "", "several", 1, text, "answer"])
            writer.writerow(["", "", "", "", "", 0, "no", "not_chosen"])
    imported = import_respondents(folder / "answers.csv", None, folder / "codebook.csv")
    write_survey_folder(folder / "hostile", imported.files)
    return folder / "hostile"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    survey = hostile_survey(folder)
    out = folder / "out"
    command = [sys.executable, "-m", "regint.cli", "report", str(survey), "--out", str(out)]
    built = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return out / "site"


def visited(browser: Any, page_file: Path) -> tuple[Any, dict[str, list[str]]]:
    """Open a page as a curious reader would: every fold opened, every element hovered and focused."""
    seen: dict[str, list[str]] = {"dialogs": [], "requests": [], "errors": []}
    page = browser.new_page()
    page.on("dialog", lambda dialog: (seen["dialogs"].append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: seen["errors"].append(str(error)))
    page.on("request", lambda request: seen["requests"].append(request.url))
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    page.evaluate(
        "document.querySelectorAll('*').forEach(item => {"
        " item.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));"
        " if (item.focus) item.focus() })"
    )
    page.wait_for_timeout(300)
    return page, seen


PAGES = ["topline.html", "index.html"]


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_and_nothing_is_fetched(hostile_site: Path, browser: Any, name: str) -> None:
    page, seen = visited(browser, hostile_site / name)
    assert page.evaluate("typeof window.hacked") == "undefined"
    assert seen["dialogs"] == []
    assert seen["errors"] == []
    outside = [
        url for url in seen["requests"] if not url.startswith((hostile_site.as_uri(), "data:", "blob:"))
    ]
    assert outside == []
    assert page.url == (hostile_site / name).as_uri(), "the page was left"
    page.close()


LIVE = """
() => [...document.querySelectorAll('*')].flatMap(item => [
    ...(['IFRAME', 'OBJECT', 'EMBED', 'BASE'].includes(item.tagName.toUpperCase()) ? [item.tagName] : []),
    ...(item.tagName.toUpperCase() === 'SCRIPT' && !/json/.test(item.type) && /hacked/.test(item.textContent)
        ? ['script'] : []),
    ...[...item.attributes].filter(a => /^on/i.test(a.name)).map(a => item.tagName + ' ' + a.name),
    ...[...item.attributes].filter(a => /^(href|src|action|srcdoc|xlink:href)$/i.test(a.name)
        && /^\\s*(javascript|data:text)/i.test(a.value)).map(a => item.tagName + ' ' + a.value),
])
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_no_live_markup_came_from_a_label(hostile_site: Path, browser: Any, name: str) -> None:
    page, _ = visited(browser, hostile_site / name)
    assert page.evaluate(LIVE) == []
    policy = page.locator('meta[http-equiv="Content-Security-Policy"]').first.get_attribute("content")
    assert re.search(r"default-src '(none|self)'", policy)
    page.close()


@pytest.mark.slow
def test_labels_are_there_to_read(hostile_site: Path, browser: Any) -> None:
    """Escaped, not dropped: a reader sees each label as it was written."""
    page, _ = visited(browser, hostile_site / "topline.html")
    text = page.evaluate("document.body.textContent").replace("\u00ad", "")
    shown = [label for label in PAYLOADS if "very very" not in label and "̴" not in label]
    missing = [label for label in shown if label not in text]
    assert missing == []
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_word_of_three_hundred_letters_makes_no_page_scroll_sideways(
    hostile_site: Path, browser: Any, name: str
) -> None:
    page, _ = visited(browser, hostile_site / name)
    page.set_viewport_size({"width": 390, "height": 900})
    where = "main li, main h3, main p:not(.downloads)"
    lengthen = f"document.querySelectorAll('{where}').forEach(e => e.append('L'.repeat(300)))"
    page.evaluate(lengthen)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.mark.slow
def test_no_file_is_a_formula_or_lies_outside(hostile_site: Path) -> None:
    formula = re.compile(r"\s*[=+@\t\r]|-\D")
    made = [
        path for path in hostile_site.rglob("*.csv") if "data" not in path.relative_to(hostile_site).parts
    ]
    assert made
    for path in made:
        with path.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert not [cell for cell in cells if formula.match(cell)], path.name
    root = hostile_site.parent.parent
    assert not list(root.rglob("*pwned*"))
    assert {path.name for path in root.iterdir()} == {"answers.csv", "codebook.csv", "hostile", "out"}


# A stranger's notebook. URL stands for an address at which a server of ours notes who asks.

REFRESH = '<meta http-equiv="refresh" content="0;url=URL">'
MARKUP = {
    "refresh": REFRESH,
    "refresh in capitals": "<META HTTP-EQUIV=REFRESH CONTENT='0;URL=URL'>",
    "refresh by entities": '<meta http-equiv="&#114;efresh" content="0;url=URL">',
    "refresh in CDATA": f"<![CDATA[>{REFRESH}]]>",
    "refresh in a comment": f"<!-->{REFRESH}-->",
    "refresh after a comment": f"<!-- --!>{REFRESH}-->",
    "refresh in a declaration": f"<!x '>{REFRESH}'>",
    "refresh in an instruction": f"<?x >{REFRESH}?>",
    "refresh after xmp": f"<xmp><!--</xmp>{REFRESH}-->",
    "refresh after a textarea": f"<textarea><!--</textarea>{REFRESH}-->",
    "refresh after a title": f"<title><!--</title>{REFRESH}-->",
    "refresh after a style": f"<style><!--</style>{REFRESH}-->",
    "refresh in noscript": f'<noscript><p title="</noscript>{REFRESH}">',
    "refresh in a template": f"<template>{REFRESH}</template>",
    "refresh in a drawing": f"<svg><desc>{REFRESH}</desc><foreignObject>{REFRESH}</foreignObject></svg>",
    "refresh in a drawing's style": f"<svg><style><img title='</style>{REFRESH}'></style></svg>",
    "refresh in a formula": f"<math><mtext>{REFRESH}</mtext></math>",
    "refresh out of a formula": "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;/mglyph&gt;"
    '&lt;meta http-equiv=refresh content="0;url=URL"&gt;\'>',
    "refresh in an annotation": f'<math><annotation-xml encoding="text/html">{REFRESH}',
    "refresh in a table": f"<table>{REFRESH}<tr>{REFRESH}<td>{REFRESH}",
    "refresh in a select": f"<select><option>{REFRESH}</select>",
    "refresh in an attribute": "<p title='\"><meta http-equiv=refresh content=0;url=URL>'>x</p>",
    "refresh past the page": f"</article></main></body></html>{REFRESH}<!--",
    "base": '<base href="URL"><a href="x">x</a>',
    "form": '<form action="URL"><input name="a" autofocus onfocus="form.submit()"><button>x</button></form>',
    "form action": '<button form="f" formaction="URL">x</button><form id="f"></form>',
    "frame": '<iframe src="URL"></iframe><iframe srcdoc="<img src=URL>"></iframe><frameset><frame src="URL">',
    "object": '<object data="URL"></object><embed src="URL"><applet archive="URL"></applet>',
    "link": '<link rel="stylesheet" href="URL"><link rel="prefetch" href="URL">',
    "link ahead": '<link rel="preconnect" href="URL"><link rel="dns-prefetch" href="URL">',
    "script": '<script>location="URL"</script><script src="URL"></script>',
    "script in a drawing": '<svg><script href="URL"></script><script>location="URL"</script></svg>',
    "rules": '<script type="speculationrules">{"prefetch":[{"source":"list","urls":["URL"]}]}</script>',
    "handlers": "<img src=x onerror=\"location='URL'\"><details open ontoggle=\"location='URL'\">x</details>",
    "picture": '<img src="URL" srcset="URL 2x"><picture><source srcset="URL"><img src="URL"></picture>',
    "media": '<video poster="URL" src="URL" autoplay></video><audio src="URL" autoplay></audio>',
    "background": '<table background="URL"><tr><td background="URL">x</table><body background="URL">',
    "style": '<p style="background:url(URL);list-style:url(URL);border-image:url(URL)">x</p>',
    "style by escapes": "<p style=\"background:\\75rl(URL);b\\61ckground:image-set('URL' 1x)\">x</p>",
    "style sheet": "<style>@import 'URL'; p{background:url(URL)}@font-face{src:url(URL)}</style><p>x",
    "drawing": '<svg><image href="URL"/><use href="URL#x"/><rect fill="url(URL#x)"/></svg>',
    "animation": '<svg><a href="#x"><animate attributeName="href" values="URL"/><text>x</text></a></svg>',
    "formula": '<math href="URL"><maction actiontype="statusline"><mi>x</mi></maction></math>',
    "portal": '<portal src="URL"></portal><fencedframe src="URL"></fencedframe>',
    "ping": '<a href="#main" ping="URL" id="clickme">x</a>',
    # Spellings: browsers read an element, an attribute or an address where a search for words does not.
    "refresh with slashes": "<meta/http-equiv='refresh'/content='0;url=URL'/>",
    "refresh over lines": "<meta\n\thttp-equiv\f=\n'refresh'\ncontent\n=\n'0;\n url=URL'\n>",
    "refresh with blanks": '<meta http-equiv=" refresh " content=" 0 ; URL = \'URL\' ">',
    "refresh by a comma": '<meta http-equiv=refresh content="0,URL">',
    "refresh without url": '<meta http-equiv=refresh content="0; URL">',
    "refresh by more entities": '<meta http-equiv="&#x72;&#101fresh" content="0&semi;url&equals;URL">',
    "refresh twice": '<meta content="x" http-equiv=refresh http-equiv=x content="0;url=URL">' + REFRESH,
    "refresh in a broken tag": f"<me<meta x><{REFRESH}>{REFRESH}",
    "refresh after a broken tag": f'<p title="x" "><meta x="{REFRESH}',
    "refresh after a null": "<\0meta>" + REFRESH.replace("meta", "me\0ta") + REFRESH,
    "refresh by a prefix": REFRESH.replace("meta", "html:meta") + REFRESH.replace("meta", "svg:meta"),
    "refresh after plaintext": f"<listing><!--</listing>{REFRESH}--><plaintext>{REFRESH}",
    "refresh after noembed": f"<noembed><!--</noembed>{REFRESH}--><noframes><!--</noframes>{REFRESH}-->",
    "refresh after an iframe": f"<iframe><!--</iframe>{REFRESH}-->",
    "refresh in a marquee": f"<marquee>{REFRESH}</marquee><isindex prompt='{REFRESH}'>",
    "refresh in a shadow": f"<div><template shadowrootmode=open>{REFRESH}<slot></slot></template></div>",
    "refresh in a caption": f"<table><caption>{REFRESH}</caption><colgroup>{REFRESH}<col></colgroup></table>",
    "refresh in a head": f"<html><head>{REFRESH}</head><body>{REFRESH}</body></html>",
    "refresh in ruby": f"<ruby>x<rp>{REFRESH}</rp><rt>{REFRESH}</rt></ruby>",
    "refresh in XML": f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>{REFRESH}</html>",
    "refresh in a title of a drawing": f"<svg><title>{REFRESH}</title></svg>",
    "refresh in a metadata of a drawing": f"<svg><metadata>{REFRESH}</metadata></svg>",
    "refresh after a drawing's end": f"<svg></p><style><a id='</style>{REFRESH}'>",
    "refresh in a formula's style": f"<math><style><!--</style>{REFRESH}--></style></math>",
    "cookie": '<meta http-equiv="Set-Cookie" content="a=b"><meta http-equiv="default-style" content="x">',
    "policy": '<meta http-equiv="Content-Security-Policy" content="default-src *; report-uri URL">',
    "manifest": '<link rel="manifest" href="URL"><link rel="icon" href="URL">',
    "link by rules": '<link rel="expect" href="#x" blocking="render"><link rel="modulepreload" href="URL">',
    "target": '<a href="javascript:location=\'URL\'" target="_top">x</a>',
    "address by entities": "<a href=\"jav&#x09;ascript:location='URL'\">x</a><a href='&#1;javascript:1'>",
    "image button": '<input type="image" src="URL" autofocus><isindex action="URL">',
    "popover": "<div popover id=p>x</div><button popovertarget=p autofocus>x</button><dialog open>x</dialog>",
    "sources": '<video><source src="URL"><track src="URL" default></video><audio><source src="URL"></audio>',
    "old pictures": '<image src="URL"><img dynsrc="URL" lowsrc="URL"><bgsound src="URL"><layer src="URL">',
    "lazy picture": '<img loading=lazy src="//127.0.0.1/URL"><img src=x:x onerror="location=\'URL\'">',
    "picture of a formula": '<math><mglyph src="URL"/><annotation-xml encoding="x" src="URL"/></math>',
    "filter of a drawing": '<svg><filter id=f><feImage href="URL"/></filter><rect filter="url(URL)"/></svg>',
    "path of a drawing": '<svg><path id=p /><animateMotion><mpath href="URL"/></animateMotion></svg>',
    "set in a drawing": "<svg><a><set attributeName=href to='javascript:1' /><text>x</text></a></svg>",
    "begun in a drawing": "<svg><animate onbegin=\"location='URL'\" attributeName=x dur=1s /></svg>",
    "use in a drawing": '<svg><use href="data:image/svg+xml,<svg id=x onload=1></svg>#x"/></svg>',
    "style by a binding": '<p style="-moz-binding:url(URL);behavior:url(URL);width:expression(1)">x</p>',
    "style in capitals": "<p STYLE='BACKGROUND:URL(URL);background-image:image-set(\"URL\" 1x)'>x</p>",
    "style by long escapes": '<p style="background:\\000075 \\72\\6c(URL);\\62 ackground:u/**/rl(URL)">x</p>',
    "style by variables": '<p style="--u:url(URL);background:var(--u);cursor:url(URL)">x</p>',
    "style sheet by escapes": "<style>\\40 import 'URL';p{b\\61ckground:url(URL)}</style>",
    "style sheet of a drawing": "<svg><style>@import 'URL';*{fill:url(URL)}</style></svg>",
}


def displayed(**data: Any) -> NotebookNode:
    return new_code_cell("x", outputs=[new_output("display_data", data={k: v for k, v in data.items()})])


def drawn(svg: str) -> NotebookNode:
    content = {"label": "fig-x", "caption": "c", "alt": "A picture of things.", "svg": svg}
    return displayed(**{"application/vnd.nbarticle.figure+json": content})


PLACES = {
    "output": lambda markup: displayed(**{"text/html": markup}),
    "text": lambda markup: new_markdown_cell(f"Text {markup}\n\n{markup}"),
}
# Refreshed from everywhere a text can stand.
ONCE = {
    "Markdown output": displayed(**{"text/markdown": f"hello {REFRESH}"}),
    "LaTeX output": displayed(**{"text/latex": f"$x$ {REFRESH}"}),
    "SVG output": displayed(**{"image/svg+xml": f"<svg><a href='#x'><text>x</text></a></svg>{REFRESH}"}),
    "plain output": displayed(**{"text/plain": REFRESH}),
    "raw cell": new_raw_cell(REFRESH),
    "title": new_markdown_cell(f"# Title {REFRESH}"),
    "heading": new_markdown_cell(f"## Heading {REFRESH}"),
    "footnote": new_markdown_cell(f"text[^a]\n\n[^a]: note {REFRESH}"),
    "note called": new_markdown_cell(f"text[^{REFRESH.replace(' ', '/')}]"),
    "figure of ours": drawn(f"<svg></svg>{REFRESH}"),
    "cited": new_markdown_cell("[@k1]"),
    "callout": new_markdown_cell(f'::: {{.callout-note title="{REFRESH}"}}\n{REFRESH}\n:::'),
    "formula": new_markdown_cell(f"$\\text{{{REFRESH}}}$ $\\nosuch{REFRESH}$"),
    "link": new_markdown_cell(
        f'[x](javascript:location="URL") [y](x "{REFRESH}") <javascript:location="URL">'
    ),
    "error": new_code_cell(
        "x", outputs=[new_output("error", ename=REFRESH, evalue=REFRESH, traceback=[REFRESH])]
    ),
}


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that notes what it is asked for."""
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_HEAD = do_GET

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def page_of(cells: NotebookNode | list[NotebookNode], folder: Path, address: str) -> Path:
    """Export hostile cells as a page of their own, their addresses filled in."""
    cells = cells if isinstance(cells, list) else [cells]
    text = new_notebook(cells=[new_markdown_cell("Before."), *cells, new_markdown_cell("After.")])
    filled = json.loads(json.dumps(text).replace("URL", address))
    (folder / "references.bib").write_text(
        f"@book{{k1, author={{A, B}}, year={{2020}}, title={{T {REFRESH.replace('URL', address)}}}}}"
    )
    html, _ = ArticleExporter().from_notebook_node(
        nbformat.from_dict(filled), {"metadata": {"path": str(folder), "name": "page"}}
    )
    (folder / "page.html").write_text(html, encoding="utf-8")
    return folder / "page.html"


LISTED = """
() => [
    ...[...document.querySelectorAll(
        'script, base, form, iframe, object, embed, body link, template, body [style]')]
        .filter(item => !(item.tagName === 'SCRIPT' && document.head.contains(item)))
        .map(item => item.outerHTML),
    ...[...document.querySelectorAll('meta[http-equiv]')].slice(1).map(item => item.outerHTML),
    ...[...document.querySelectorAll('*')].flatMap(item => [...item.attributes])
        .filter(a => /^on/i.test(a.name) || /javascript:/i.test(a.value) && !/content|alt|title/.test(a.name))
        .map(a => a.name + '=' + a.value),
]
"""


HOSTILE = {
    f"{name}, {place}": make(markup) for name, markup in MARKUP.items() for place, make in PLACES.items()
} | ONCE


@pytest.mark.parametrize("pages", ["one for all", pytest.param("one each", marks=pytest.mark.slow)])
def test_no_page_of_a_stranger_acts_asks_or_leaves(
    browser: Any, listener: tuple[str, list[str]], tmp_path: Path, pages: str
) -> None:
    address, asked = listener
    page = browser.new_page()
    wrong = []
    together = {"all": [*HOSTILE.values()]}
    for name, cells in (together if pages == "one for all" else HOSTILE).items():
        asked.clear()
        path = page_of(cells, tmp_path, f"{address}/asked")
        page.goto(path.as_uri())
        page.wait_for_timeout(60)
        if page.url != path.as_uri() or asked:
            wrong.append((name, "left for or asked", page.url, list(asked)))
        else:
            wrong += [(name, item) for item in page.evaluate(LISTED)]
            text = page.inner_text("article")
            wrong += [(name, "text is gone")] if "Before." not in text or "After." not in text else []
    page.close()
    assert wrong == []


def test_the_listener_would_hear_a_page_that_leaves(
    browser: Any, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = listener
    asked.clear()
    (tmp_path / "bad.html").write_text(REFRESH.replace("URL", f"{address}/control"))
    page = browser.new_page()
    page.goto((tmp_path / "bad.html").as_uri())
    page.wait_for_timeout(400)
    page.close()
    assert "/control" in asked


COVER = "background:#fff;width:3000px;height:5000px"
BLACK = f"<mtext mathbackground='#fff' mathsize='30px'>{'█' * 40}</mtext>"
COVERS = (
    '<div style="position:fixed;inset:0;background:#fff;z-index:9">x</div>',
    '<div style="pos\\69tion:fixed;inset:0;background:#fff;z-index:9">x</div>',
    "<style>div{position:fixed;inset:0;background:#fff}</style><div>x</div>",
    f'<div class="skip" tabindex="0" style="{COVER}">x</div>',
    f'<div style="margin-top:-4000px;{COVER}">x</div>',
    f'<div style="margin-top:calc(-1 * 4000px);{COVER}">x</div>',
    '<div style="box-shadow:0 0 0 9999px #fff;outline:9999px solid #fff">x</div>',
    f'<div style="transform:translateY(-2000px);{COVER}">x</div>',
    f'<table><caption style="height:0"><div style="{COVER}">x</div></caption><tr><td>x</table>',
    f'<div style="display:flex;flex-direction:column-reverse;height:0"><div style="{COVER}">x</div></div>',
    f'<div class="contents" style="{COVER}">x</div>',
    "<svg style=\"position:fixed;inset:0;width:100vw;height:100vh\"><rect width='100%' height='100%'/></svg>",
    f'<div style="p\\6f sition:fi\\78 ed;inset:0;{COVER}">x</div>',
    f'<div style="pos/**/ition:fixed;position/**/:/**/fixed;inset:0;{COVER}">x</div>',
    f'<div style="POSITION:FIXED;position:sticky;top:0;{COVER}">x</div>',
    f'<div style="position\\3a fixed;}} * {{position:fixed;inset:0;{COVER}">x</div>',
    f'<div style="all:unset;float:left;shape-outside:none;margin:-3000px;{COVER}">x</div>',
    f'<div style="inset:-99em;translate:0 -999px;scale:99;zoom:99;{COVER}">x</div>',
    f'<div style="grid-area:1/1;order:-9;margin-block-start:-4000px;{COVER}">x</div>',
    f'<p style="line-height:9999px;font-size:9999px;text-indent:-999px;{COVER}">x</p>',
    f'<p style="outline-offset:-9999px;border:9999px solid #fff;filter:blur(9px);{COVER}">x</p>',
    f'<span style="display:block;clip-path:none;contain:none;overflow:visible;{COVER}">x</span>',
    f'<p style="line-height:0;font-size:300px">{"█" * 40}<br>{"█" * 40}</p>',
    f'<p style="font:300px/0 serif">{"█" * 40}<br>{"█" * 40}</p>',
    f'<p style="line-height:1px;font-size:64px">{"█" * 40}</p>',
    "<div style='font-size:5em;line-height:1'>" * 6 + "█" * 9 + "</div>" * 6,
    "<div style='font-size:larger'>" * 40 + "█" * 9 + "</div>" * 40,
    "<big>" * 40 + "█" * 9 + "</big>" * 40,
    '<marquee behavior="slide" width="9999" height="9999" bgcolor="white">x</marquee>',
    f'<details open><summary style="{COVER}">x</summary></details><dialog open style="{COVER}">x</dialog>',
    "<svg overflow='visible' width='9' height='9'><rect x='-900' y='-900' width='9999' height='9999'/></svg>",
    # The signs of a formula, raised again and again, or higher than the room that they are given.
    "<p><math>" + "<mpadded voffset='1em'>" * 9 + BLACK + "</mpadded>" * 9 + "</math></p>",
    "<p><math>"
    + "<mpadded voffset='-2em' height='0' depth='0'>" * 9
    + BLACK
    + "</mpadded>" * 9
    + "</math></p>",
    f"<p><math><mpadded voffset='90px' height='0' depth='0'>{BLACK}</mpadded></math></p>",
    "<p><math><mpadded height='0' depth='0'><mtable>"
    + f"<mtr><mtd>{BLACK}</mtd></mtr>" * 20
    + "</mtable></mpadded></math></p>",
    "<p><math><mpadded height='0' depth='0'>"
    + "<msup><mi>x</mi>" * 9
    + BLACK
    + "</msup>" * 9
    + "</mpadded></math></p>",
    f"<p><math><mpadded height='0' depth='0'><mspace height='60px' depth='60px' width='90px' "
    f"mathbackground='#fff'/>{BLACK}</mpadded></math></p>",
)
REACHED = """
() => [...document.querySelectorAll('.victim a')].map(link => {
    link.scrollIntoView({block: 'center', behavior: 'instant'});
    const box = link.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === link;
})
"""


@pytest.mark.parametrize("pages", ["one for all", pytest.param("one each", marks=pytest.mark.slow)])
def test_nothing_covers_the_page(browser: Any, tmp_path: Path, pages: str) -> None:
    page = browser.new_page()
    victim = '<p class="victim"><a href="#main">A link to reach</a></p>'
    page.set_content(f"{victim}{COVERS[0]}{victim}")
    assert page.evaluate(REACHED) == [False, False], "the test would not see a cover"
    link = new_markdown_cell('<div class="alert victim"><a href="#main">A link to reach</a></div>')
    cells = [
        cell for cover in COVERS for cell in (displayed(**{"text/html": cover}), new_markdown_cell(cover))
    ]
    wrong = []
    for part in [cells] if pages == "one for all" else [[cell] for cell in cells]:
        between = [one for cell in part for one in (cell, new_markdown_cell(link.source))]
        notebook = new_notebook(cells=[link, *between])
        html, _ = ArticleExporter().from_notebook_node(notebook, {"metadata": {"path": str(tmp_path)}})
        html = html.replace('<div class="alert">', '<div class="alert victim">')
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        page.goto((tmp_path / "page.html").as_uri())
        reached = page.evaluate(REACHED)
        if reached != [True] * (len(part) + 1):
            place = reached.index(False) if False in reached else 0
            wrong.append((len(reached), part[max(0, place - 1)]))
    page.close()
    assert wrong == []


def test_marks_of_the_page_cannot_come_from_outside(tmp_path: Path) -> None:
    marks = "\ue0000\ue001 \ue0009999\ue001 \ue0027\ue003 \ue010 end"
    cells = [
        new_markdown_cell(f"# Title {marks}\n\ntext[^a] [@k1]\n\n[^a]: note {marks}\n\n## Heading {marks}"),
        displayed(**{"text/html": f"<p>{marks}</p>"}),
        displayed(**{"text/plain": marks}),
        new_markdown_cell("again[^b]\n\n[^b]: \ue0001\ue001 \ue0002\ue001 loop end"),
    ]
    for cell in cells:
        text = BeautifulSoup(page_of(cell, tmp_path, "").read_text(encoding="utf-8"), "lxml").get_text()
        assert "end" in text and "Before." in text


def test_only_pictures_below_the_notebooks_folder_are_embedded(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    secret = b"\x89PNG the secret of another folder"
    for path in (tmp_path / "secret.png", folder / "own.png"):
        path.write_bytes(secret)
    (folder / "password.png").write_text("the secret in no picture")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    names = ["../secret.png", str(tmp_path / "secret.png"), "password.png", "link.png", ".", "no\0name.png"]
    names += [f"file://{tmp_path}/secret.png", "..%2Fsecret.png", "/etc/hostname", "/dev/zero"]
    for name in names:
        cell = new_markdown_cell(f'![a secret]({name}) <img src="{name}" alt="a secret">')
        html = page_of(cell, folder, "").read_text(encoding="utf-8")
        assert "data:image" not in html, name
        assert "a secret" in html, name
    cell = new_markdown_cell('![mine](own.png) <img src="own.png" alt="mine" width="40">')
    assert page_of(cell, folder, "").read_text(encoding="utf-8").count("data:image/png") == 2
