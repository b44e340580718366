"""Notebooks that nobody here wrote: nothing is lost in silence, formulas are set, the page stays theirs."""

import base64
import json
import logging
import sys
import time
import types
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbarticle.article import ArticleExporter
from nbarticle.markup import declarations
from nbarticle.plan import read
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from textfiles.problems import Problem

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n a picture").decode()


def shown(**data: Any) -> NotebookNode:
    """A code cell with one output; its kinds are written with underscores."""
    bundle = {KINDS.get(kind, kind): content for kind, content in data.items() if kind != "metadata"}
    return new_code_cell(
        "x", outputs=[new_output("display_data", data=bundle, metadata=data.get("metadata", {}))]
    )


KINDS = {
    "html": "text/html",
    "markdown": "text/markdown",
    "latex": "text/latex",
    "plain": "text/plain",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "json": "application/json",
    "script": "application/javascript",
    "plotly": "application/vnd.plotly.v1+json",
    "widget": "application/vnd.jupyter.widget-view+json",
}


def page(*cells: NotebookNode | str, folder: Path | None = None, **metadata: Any) -> BeautifulSoup:
    """Export cells, Markdown where they are texts, as a page of nobody's project."""
    made = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    place = {"name": "theirs"} | ({"path": str(folder)} if folder else {})
    html, _ = ArticleExporter().from_notebook_node(
        new_notebook(cells=made, metadata=metadata), {"metadata": place}
    )
    return BeautifulSoup(html, "lxml")


def text(element: Any) -> str:
    return " ".join(element.get_text().split())


# Nothing lost


PLOT = '<div><div id="abc" style="height:525px"></div><script>Plotly.newPlot("abc", [1, 2])</script></div>'


def test_a_picture_stands_for_what_cannot_be_shown() -> None:
    for kind in ("png", "jpeg", "gif", "webp"):
        for html in (
            PLOT,
            '<iframe src="https://example.org/film"></iframe>',
            "<video>Not supported.</video>",
        ):
            soup = page(shown(html=html, plain="<Film>", **{kind: PNG}))
            assert soup.find("img")["src"] == f"data:image/{kind};base64,{PNG}", (kind, html)
            assert not soup.select(".missing"), (kind, html)


def test_what_leaves_nothing_leaves_a_line_with_the_cell(caplog: pytest.LogCaptureFixture) -> None:
    lost = [
        shown(html=PLOT),
        shown(html=PLOT, plain="Figure({...})"),
        shown(plotly={"data": []}),
        shown(script="alert(1)", plain="<IPython.core.display.Javascript object>"),
        shown(widget={"model_id": "1"}, plain="IntSlider(value=0)"),
        shown(html="<video src='film.mp4'>Your browser does not support films.</video>"),
        shown(html='<div><iframe srcdoc="&lt;p&gt;map"></iframe></div>', plain="<folium.Map>"),
    ]
    with caplog.at_level(logging.WARNING):
        soup = page(*lost)
    lines = soup.select(".missing")
    assert len(lines) == len(lost)
    assert text(lines[4]) == "An interactive output of cell 5 is not shown."
    assert "Plotly" not in text(soup) and "does not support" not in text(soup)
    assert caplog.messages == ["theirs: 7 outputs or pictures are not shown, in cells 1, 2, 3, 4, 5, 6, 7."]


SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v4.0.0.json",
    "data": {"values": [{"a": "x", "b": 28}, {"a": "y", "b": 55}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "a", "type": "nominal", "title": "Answer"},
        "y": {"field": "b", "type": "quantitative"},
    },
}
ALTAIR = f"""<div id="v"></div><script src="https://cdn.jsdelivr.net/npm/vega@5"></script><script>
(function(spec, opt) {{
vegaEmbed("#v", spec, opt); }})({json.dumps(SPEC)}, {{"mode": "vega-lite"}});
</script>"""


def test_a_chart_that_is_not_drawn_says_what_would_draw_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is not there, or is of a version that gives a chart's script the user's rights."""
    kind = "application/vnd.vegalite.v4+json"
    for package in (None, types.ModuleType("vl_convert")):
        monkeypatch.setitem(sys.modules, "vl_convert", package)
        soup = page(
            shown(html=ALTAIR, plain="alt.Chart(...)"), shown(plain="<VegaLite 4 object>", **{kind: SPEC})
        )
        lines = [text(line) for line in soup.select(".missing")]
        assert [line.partition(":")[0] for line in lines] == [
            f"An interactive output of cell {n} is not shown" for n in (1, 2)
        ]
        assert all("vl-convert-python" in line for line in lines)
    assert "plotly.io.renderers" in text(page(shown(html=PLOT)))


def test_a_chart_of_vega_is_drawn_and_asks_nobody() -> None:
    """From the bundle or from the script that would draw it; data that are elsewhere are not fetched."""
    pytest.importorskip("vl_convert", minversion="2.0.0rc7", reason="it is an optional package")
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *given: object) -> None:
            pass

    kind = "application/vnd.vegalite.v4+json"
    server = HTTPServer(("127.0.0.1", 0), Listener)
    Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    elsewhere = [
        SPEC | {"data": {"url": f"{here}/data.json"}},
        SPEC | {"data": {"url": "/etc/passwd"}},
        SPEC | {"data": {"url": "file:///etc/passwd", "format": {"type": "dsv", "delimiter": ":"}}},
        SPEC | {"mark": {"type": "image", "url": f"{here}/picture.png", "width": 9, "height": 9}},
        SPEC | {"usermeta": {"embedOptions": {"loader": {"baseURL": here}}}, "data": {"url": "data.json"}},
        SPEC | {"data": {"sequence": {"start": 0, "stop": 1e12}}},
        {
            "$schema": "https://vega.github.io/schema/vega/v5.json",
            "signals": [{"name": "s", "update": "fetch('x')"}],
        },
    ]
    start = time.monotonic()
    try:
        soup = page(
            shown(html=ALTAIR, plain="alt.Chart(...)"),
            shown(plain="<VegaLite 4 object>", **{kind: SPEC}),
            *[shown(**{kind: spec}) for spec in elsewhere],
        )
    finally:
        server.shutdown()
        server.server_close()
    first, second = (
        base64.b64decode(picture["src"].partition(",")[2]).decode() for picture in soup("img")[:2]
    )
    assert first == second and "Answer" in first
    assert not asked and "root:x:" not in str(soup) and time.monotonic() - start < 60
    # A picture that is elsewhere leaves the rest of its chart.
    assert len(soup.select(".missing")) == len(elsewhere) - 1


def test_what_sets_up_the_page_is_no_loss(caplog: pytest.LogCaptureFixture) -> None:
    """Styles and settings show nothing in Jupyter; a script that draws does."""
    silent = [
        "<style>h1 { color: red }</style>",
        "<link href='x.css' rel='stylesheet'><style></style><script>MathJax.Hub.Config({})</script>",
        "<script>requirejs.config({paths: {}});</script>",
    ]
    formatter = "setTimeout(function() { var cells = Jupyter.notebook.get_cells(); }, 500);"
    soup = page(
        *[shown(html=html, plain="<HTML>") for html in silent],
        shown(script=formatter, plain="<IPython.core.display.Javascript object>"),
        shown(html="<script src='a.js'></script>"),
    )
    assert [text(line) for line in soup.select(".missing")] == [
        "An interactive output of cell 5 is not shown."
    ]


def test_vectors_of_r_stand_in_a_line() -> None:
    style = "<style>.list-inline>li {display: inline-block}</style>"
    vector = "<ol class=list-inline><li>12</li><li>13</li></ol>"
    named = "<dl class=dl-inline><dt>a</dt><dd>1</dd></dl>"
    soup = page(shown(html=style + vector), shown(html=named))
    assert soup.select("ol.list-inline > li") and soup.select("dl.dl-inline > dt")


def test_a_line_links_to_what_it_stands_for() -> None:
    film = '<iframe src="https://example.org/film"></iframe>'
    soup = page(
        shown(html=film), f"Look:\n\n{film}\n\nafter", '<img src="https://example.org/x.png" alt="A map">'
    )
    links = [link["href"] for link in soup.select(".missing a")]
    assert links == ["https://example.org/film", "https://example.org/film", "https://example.org/x.png"]
    assert "A map" in text(soup) and "after" in text(soup)
    (badge,) = page("[![Open](https://example.org/b.svg)](https://example.org/)").select("article p a")
    assert (badge["href"], text(badge)) == ("https://example.org/", "Open")


def test_other_kinds_are_shown_as_text() -> None:
    soup = page(
        shown(json={"a": [1]}), shown(plain="plain words"), shown(plain="<repr alone>"), shown(markdown="")
    )
    assert [text(block) for block in soup.select("pre.text")] == [
        '{ "a": [ 1 ] }',
        "plain words",
        "<repr alone>",
    ]
    assert not soup.select(".missing")


def test_an_output_of_a_kind_to_come_is_no_crash() -> None:
    notebook = new_notebook(cells=[shown(plain="words")], nbformat_minor=99)
    notebook.cells[0].outputs.append(nbformat.from_dict({"output_type": "future", "content": 1}))
    html, _ = ArticleExporter().from_notebook_node(notebook)
    assert "words" in html


def test_pictures_in_html_and_attachments_are_embedded_at_their_size(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "a b.png").write_bytes(base64.b64decode(PNG))
    attached = new_markdown_cell(
        '<img src="attachment:i.png" width="300" alt="Lines"/> ![Lines](attachment:i.png)'
    )
    attached.attachments = {"i.png": {"image/png": PNG}}
    local = '<p align=center><img src="./img/a%20b.png" width="50%"></p>\n\n![A line](<img/a b.png> "t")'
    soup = page(attached, local, shown(html="<img src='img/a b.png' height=40px>"), folder=tmp_path)
    pictures = soup("img")
    assert {picture["src"] for picture in pictures} == {f"data:image/png;base64,{PNG}"}
    assert [picture.get("width") for picture in pictures] == ["300", None, None, None, None]
    assert pictures[4]["height"] == "40"
    styles = text(soup.style)
    assert f".{pictures[2]['class'][0]}{{width:50%}}" in styles
    assert f".{pictures[2].parent['class'][0]}{{text-align:center}}" in styles
    assert pictures[2]["alt"] == "Picture without a description"


def test_the_size_of_a_picture_is_kept() -> None:
    soup = page(shown(png=PNG, metadata={"image/png": {"width": 200, "height": 100}}), shown(png=PNG))
    assert [(picture.get("width"), picture.get("height")) for picture in soup("img")] == [
        ("200", "100"),
        (None, None),
    ]


def test_drawings_get_their_namespace_and_keep_their_links(tmp_path: Path) -> None:
    bare = '<svg width="9" height="9"><rect width="9" height="9"/></svg>'
    linked = bare.replace("<rect", '<a xlink:href="https://example.org/"><text>to</text></a><rect')
    (tmp_path / "d.svg").write_text(f"<?xml version='1.0'?>\n<!-- a --><!DOCTYPE svg>{bare}")
    soup = page(shown(svg=bare), shown(svg=linked), "![Drawn](d.svg)", folder=tmp_path)
    for picture in soup("img"):
        content = base64.b64decode(picture["src"].partition(",")[2]).decode()
        assert '<svg xmlns="http://www.w3.org/2000/svg" width="9"' in content
    assert len(soup("img")) == 2
    assert soup.select_one("svg a")["href"] == "https://example.org/"


def test_colours_of_a_pandas_style_go_through_the_pages_one_style() -> None:
    style = (
        "#T_1 th{color:blue}#T_1_row0_col0, .never{background-color:yellow}#T_1 .big{font-weight:bold;x:y}"
    )
    table = (
        f"<style>{style}</style><table id=T_1><thead><tr><th class=blank>&nbsp;<th id=a>A<tbody>"
        "<tr><th>0<td id=T_1_row0_col0 class='data big'>5<td class=data>6</table>"
    )
    soup = page(shown(html=table))
    first, second = soup.select("tbody td")
    (name,) = [word for word in first["class"] if word != "right"]
    assert f".{name}{{background-color:yellow;font-weight:bold;color:#000;color-scheme:light}}" in text(
        soup.style
    )
    assert second["class"] == ["right"]
    assert not soup.select("article [id], article style, [style]")


def test_of_two_rules_alike_the_later_holds() -> None:
    names = [f"n{n}" for n in range(9)]
    rules = "".join(f".{name}{{width:{place}px}}" for place, name in enumerate(names))
    soup = page(shown(html=f"<style>{rules}</style><p class='{' '.join(reversed(names))}'>x</p>"))
    (style,) = soup.select_one("article p")["class"]
    widths = ";".join(f"width:{place}px" for place in range(9))
    assert f".{style}{{{widths}}}" in text(soup.style)


def test_unclosed_html_is_read_as_browsers_read_it() -> None:
    soup = page(
        "<table><tr><td>Sweden<td>0.250<tr><td>Norway<td>1.5</table>\n", shown(html="<b>bold<p>par"), "end"
    )
    assert [[text(cell) for cell in row("td")] for row in soup("tr")] == [
        ["Sweden", "0.250"],
        ["Norway", "1.5"],
    ]
    assert all(row("td")[1]["class"] == ["right"] for row in soup("tr"))
    assert soup.find("p", string="end").find_parent("b") is None


def test_columns_are_named_where_their_cells_stand() -> None:
    """As pandas writes a table, whose own style has all names at the right."""
    html = """<style>.dataframe thead th { text-align: right; }</style>
    <table class=dataframe><thead><tr><th><th>A<th>n<tr><th>Date<th><th></thead>
    <tbody><tr><th>May<td>a1<td>12<tr><th>June<td>NaN<td>NaN</table>"""
    soup = page(shown(html=html))
    places = {text(cell): " ".join(cell.get("class", [])) for cell in soup.select("th, td")}
    assert "right" in places["n"].split() and places["A"] == places["Date"] == places["a1"] == ""
    assert [cell.get("class") for cell in soup.select("tbody tr:nth-child(2) td")] == [None, ["right"]]


def test_an_error_is_named_once() -> None:
    said = []
    for name, value in (
        ("MethodError", "MethodError: no method\n at 1"),
        ("ValueError", "two"),
        ("Stop", ""),
    ):
        error = new_output("error", ename=name, evalue=value, traceback=["line"])
        said.append(page(new_code_cell("x", outputs=[error])).select_one(".error code").get_text())
    assert said == ["MethodError: no method\n at 1", "ValueError: two", "Stop"]


def test_parameters_set_from_outside_are_told() -> None:
    cells = [
        new_code_cell("rate: float = 0.02  # growth\ncountry = 'UZ'", metadata={"tags": ["parameters"]}),
        new_code_cell('# Parameters\nrate = 0.3\ncountry = "KZ"', metadata={"tags": ["injected-parameters"]}),
        new_code_cell("print(country)", outputs=[new_output("stream", name="stdout", text="KZ\n")]),
    ]
    table = page(*cells).select_one('[data-name="Parameters"] table')
    rows = [[text(cell) for cell in row(["th", "td"])] for row in table("tr")]
    assert rows == [["Name", "Default", "Value"], ["rate", "0.02", "0.3"], ["country", "'UZ'", '"KZ"']]
    other = page(new_code_cell("rate <- 0.3", metadata={"tags": ["injected-parameters"]}))
    assert "rate <- 0.3" in text(other.article)


def test_another_language_is_refused_by_the_runner_and_shown_by_the_exporter(tmp_path: Path) -> None:
    metadata = {
        "kernelspec": {"name": "ir", "language": "R", "display_name": "R"},
        "language_info": {"name": "R"},
    }
    notebook = new_notebook(cells=[new_code_cell("x <- 2^3  # note")], metadata=metadata)
    nbformat.write(notebook, tmp_path / "r.ipynb")
    with pytest.raises(Problem, match="r: it is written in R, and only Python is run here"):
        read(tmp_path / "r.ipynb")
    soup = page(*notebook.cells, **metadata)
    assert text(soup.select_one("pre.code c-")) == "# note"


def test_usual_tags_are_followed() -> None:
    def cell(letter: str, tags: list[str], **metadata: Any) -> NotebookNode:
        output = new_output("stream", name="stdout", text=f"out {letter}\n")
        return new_code_cell(f"code_{letter}", outputs=[output], metadata={"tags": tags} | metadata)

    soup = page(
        cell("a", ["hide-input"]),
        cell("b", ["remove_input"]),
        cell("c", ["remove_cell"]),
        cell("d", ["remove-output"]),
        cell("e", ["hide_output"]),
        cell("f", [], jupyter={"source_hidden": True, "outputs_hidden": True}),
        cell("g", ["raises-exception"]),
        cell("h", ["hide-cell"]),
    )
    said = text(soup.article)
    assert [letter for letter in "abcdefgh" if f"code_{letter}" in said] == list("adefgh")
    assert [letter for letter in "abcdefgh" if f"out {letter}" in said] == list("abefgh")
    open_code = [text(fold.pre)[-1] for fold in soup.select("details.cell-code[open]")]
    assert open_code == ["d", "e", "g"]
    assert [text(fold.pre)[-1] for fold in soup.select("details.whole")] == ["e", "f", "h"]
    ours = page(
        cell("i", []),
        cell("j", ["show-input"]),
        cell("k", ["show-input", "hide-input"]),
        nbarticle={"strict": True},
    )
    assert [text(fold.pre)[-1] for fold in ours.select("details.cell-code[open]")] == ["j"]
    assert text(ours.find("button", attrs={"data-tool": "code"})) == "Show code"
    button = soup.find("button", attrs={"data-tool": "code"})
    assert (text(button), button["aria-pressed"]) == ("Hide code", "true")


def test_raw_cells_and_front_matter() -> None:
    soup = page(
        new_raw_cell("---\ntitle: 'Their study'\nauthor: Roe, Ann\nlang: de\n---"),
        "Text.",
        new_raw_cell("<b>raw</b>", metadata={"raw_mimetype": "text/html"}),
        new_raw_cell("\\LaTeX", metadata={"raw_mimetype": "text/latex"}),
        new_raw_cell("plain raw"),
    )
    assert text(soup.h1) == "Their study" and soup.html["lang"] == "de"
    assert soup.find("meta", attrs={"name": "citation_author"})["content"] == "Roe, Ann"
    assert soup.find("b", string="raw") and soup.find("p", string="plain raw")
    assert "LaTeX" not in text(soup) and "---" not in text(soup)


def test_colours_of_the_terminal() -> None:
    soup = page(
        new_code_cell(
            "x", outputs=[new_output("stream", name="stdout", text="\x1b[31;1mred\x1b[0m <b>\x1b[2K")]
        )
    )
    assert soup.select_one("pre.text .ansi-bold").get_text() == "red"
    assert text(soup.select_one("pre.text")) == "red <b>"


# Text


def test_anchors_as_jupyter_spells_them() -> None:
    soup = page(
        "# The Title\n\n[a](#My-Second-Heading) [b](#Context-1) [c](#part-(one)) [d](#named)\n\n"
        "[e](#The-Title) [f](#%D0%9E%D0%B1)\n\n<a name='named'></a>here",
        "## My Second Heading\n\n### Context\n\n## part (one)\n\n### Context\n\n## Об",
    )
    anchors = {element["id"] for element in soup.select("[id]")}
    for link in soup.select("article p a[href]"):
        assert link["href"][1:].replace("%D0%9E%D0%B1", "Об") in anchors, link["href"]
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))


def test_the_outline_is_kept() -> None:
    def outline(soup: BeautifulSoup) -> list[tuple[str, str]]:
        return [
            (heading.name, text(heading).rstrip("#"))
            for heading in soup.select("h1, article :is(h2, h3, h4)")
        ]

    parts = ["# One", "## Two", "# Three"]
    assert outline(page("Before.", "## Preface", *parts, title="Of the metadata")) == [
        ("h1", "Of the metadata"),
        ("h2", "Preface"),
        ("h2", "One"),
        ("h3", "Two"),
        ("h2", "Three"),
    ]
    assert outline(page("# Title", *parts)) == [
        ("h1", "Title"),
        ("h2", "One"),
        ("h3", "Two"),
        ("h2", "Three"),
    ]
    assert outline(page("Before.", "# Title", "## One")) == [("h1", "Title"), ("h2", "One")]
    assert outline(page("Before.", *parts, shown(html="<h1>Raw</h1>")))[0] == ("h1", "theirs")
    assert outline(page("## A story", "# First steps")) == [
        ("h1", "theirs"),
        ("h2", "A story"),
        ("h2", "First steps"),
    ]


SIZES = {
    "font-size:120%": "font-size:1.2rem;line-height:1.2",
    "font-size:0.8em": "font-size:0.8em",
    "font-size:9999px": "font-size:4rem;line-height:1.2",
    "font-size:x-large": "font-size:x-large;line-height:1.2",
    "font-size:larger": "",
    "font:bold": "font:bold",
    "font:12px/0 serif": "",
    "line-height:1.4": "line-height:1.4",
    "line-height:0": "",
    "line-height:20px": "",
    "display:flex;display:block": "display:block",
}


def test_letters_are_no_higher_than_their_line() -> None:
    assert {css: declarations(css) for css in SIZES} == SIZES


LOOPS = {
    "itself": "text[^a]\n\n[^a]: again[^a] end",
    "each other": "text[^a]\n\n[^a]: see[^b] end\n\n[^b]: see[^a] end",
    "a ring": "text[^0]\n\n" + "\n\n".join(f"[^{n}]: see[^{(n + 1) % 200}] end" for n in range(200)),
    "a chain": "text[^0]\n\n" + "\n\n".join(f"[^{n}]: see[^{n + 1}] end" for n in range(400)),
    "many calls": "text " + "[^a]" * 3_000 + "\n\n[^a]: end",
    "twice": "text[^a]\n\n[^a]: one end\n\n[^a]: two end",
    "in a heading": "# T[^a]\n\n## H[^a]\n\n[^a]: # Title [^a] end",
    "in a table": "| a[^a] |\n|---|\n| [^a] |\n\n[^a]: | b[^a] end |",
    "open": "text[^" + "[^" * 2_000 + " end",
    "no text": "text[^a] end\n\n[^a]:",
}


def test_notes_that_call_each_other_end() -> None:
    start = time.monotonic()
    wrong = []
    for name, text in LOOPS.items():
        page, _ = ArticleExporter().from_notebook_node(new_notebook(cells=[new_markdown_cell(text)]))
        wrong += [] if "end" in BeautifulSoup(page, "lxml").find("article").get_text() else [name]
    assert wrong == []
    assert time.monotonic() - start < 120  # a few seconds on a quiet machine


def test_every_cell_has_its_own_footnotes() -> None:
    soup = page(
        "First[^1] claim, again[^1].\n\n[^1]: Note one.",
        "Second[^1] claim[^x].\n\n[^1]: Note two.\n\n    More of it.",
        "[^x]: From elsewhere.\n\nNone[^none].",
    )
    notes = [text(note) for note in soup.select(".sidenote")]
    assert notes == ["1 Note one.", "2 Note two. More of it.", "3 From elsewhere."]
    assert [text(call) for call in soup.select("sup")] == ["1", "1", "2", "3"]
    assert "None[^none]." in text(soup)


def test_tasks_addresses_alerts_and_marks_by_language() -> None:
    soup = page(
        "- [x] done\n- [ ] to do\n\nSee https://example.org/a_b. Er sagte \"ja\" und 'nein', l'été.\n\n"
        '<div class="alert alert-info skip">Mind $x^2$ and `$y$`.</div>',
        lang="de",
    )
    assert [item.span["aria-label"] for item in soup.select("article li")] == ["done", "to do"]
    assert soup.select_one("article p a")["href"] == "https://example.org/a_b"
    assert "„ja“ und 'nein', l’été" in text(soup)
    alert = soup.select_one(".alert")
    assert alert["class"] == ["alert", "alert-info"] and alert.find("math")
    assert not soup.select("input")


def test_language_and_direction() -> None:
    soup = page("# مقدمة\n\nنص", lang="ar")
    assert (soup.html["lang"], soup.html["dir"]) == ("ar", "rtl")
    soup = page('# Обзор\n\n«кавычки» "прямые"', language="ru")
    assert soup.html["lang"] == "ru" and not soup.html.has_attr("dir")
    assert "«кавычки» «прямые»" in text(soup)
    assert page("x", lang='"><script>').html["lang"] == "en"


# Formulas


def formulas(*cells: NotebookNode | str) -> tuple[list[str], list[str]]:
    """The formulas of a page by their signs, and those that stay as they are written."""
    soup = page(*cells)
    assert "$" not in text(soup.article), text(soup.article)
    return [text(math) for math in soup("math")], [text(code) for code in soup.select("code.formula")]


def test_formulas_where_jupyter_sees_them() -> None:
    for source, signs in {
        "Let $ \\beta_0 $ be.": ["β0"],
        "$\\tfrac12\\log x$": ["12log⁡x"],
        "It is $s_i = s_{i}\n$ and $a\n+ c$ too.": ["si=si", "a+c"],
        "One $$x=1$$ line, $$a$$ $$b$$.": ["x=1", "a", "b"],
        "- item $$y=2$$\n\n> $$z=3$$": ["y=2", "z=3"],
        "before\n\\begin{align*}\na &= b\n\\end{align*}\nafter": ["a=b"],
        "\\\\(x\\\\) and \\\\[y\\\\]": ["x", "y"],
        "$a<b$ and $$k>0$$": ["a<b", "k>0"],
        "<table><tr><td>$x^2$</td></tr></table>": ["x2"],
        "3$\\times$4, $\\alpha$5, $x$-axis": ["×", "α", "x"],
        "$$\\text{if $x>0$ then}$$": ["if x>0 then"],
        "# $E$ of it\n\n## On $F$": ["F", "E", "F"],
    }.items():
        assert formulas(source) == (signs, []), source


def test_sizes_of_nested_formulas_stand_where_every_validator_knows_them() -> None:
    soup = page(r"$x^{a^{b^{c^d}}}$ and $$\frac{1}{1+\frac{1}{1+\frac{1}{x}}}$$")
    sized = soup.select("[scriptlevel]")
    assert {element.name for element in sized} == {"mstyle"} and len(sized) >= 3
    assert all(len(element.find_all(recursive=False)) == 1 for element in sized)


def test_an_environment_within_a_line_is_set() -> None:
    soup = page("See \\begin{align*} a &= b \\\\\n c &= d \\end{align*} and \\begin{document} of LaTeX.")
    assert len(soup.select("p math mtr")) == 2
    assert text(soup.article).startswith("See") and text(soup.article).endswith(
        "and \\begin{document} of LaTeX."
    )


def test_no_line_begins_with_the_mark_behind_a_formula() -> None:
    soup = page("Let $n$, (of $m$) be $x$ or $y$ and\n\n$$z$$.")
    assert [text(kept) for kept in soup.select("span.kept")] == ["n,", "m)"]
    long = page(f"Let ${'a + ' * 30} b$.")
    assert long.select_one("span.scrolls > math") and not long.select("span.kept"), "wider than a phone"


def test_what_the_standard_has_dropped_is_written_anew() -> None:
    soup = page(
        "<center>a <tt>b</tt> <font color='red'>c</font> <strike>d</strike></center>\n\n"
        "<p style='color:undefined'>e</p>"
    )
    assert not soup.select("center, tt, font, strike") and text(soup.select_one("article code")) == "b"
    assert "undefined" not in str(soup) and soup.select_one("article s")


def test_prices_are_no_formulas() -> None:
    for source in (
        "It costs $5 or $6.",
        "From $5 to $10, or 5$.",
        "\\$5 and $6",
        "`$x$` and ```$y$```",
        "$5 per day, $6",
    ):
        soup = page(source)
        assert not soup("math"), source
        assert "$" in text(soup.article), source


def test_formulas_of_outputs() -> None:
    for latex in (
        "$\\displaystyle x$",
        "$$x$$",
        "\\begin{equation*}x\\end{equation*}",
        "\\[ x \\]",
        "\\(x\\)",
        "\\left[x\\right]",
    ):
        signs, raw = formulas(shown(latex=latex, plain="PLAIN"))
        assert [sign.strip("[]") for sign in signs] == ["x"] and not raw, latex
    assert formulas(shown(html="<table><tr><th>$R^2$<td>0.5</table>")) == (["R2"], [])
    tabular = "\\begin{tabular}{l}a\\end{tabular}"
    assert text(page(shown(latex=tabular)).select_one("pre.text")) == tabular


def test_definitions_and_numbers_go_on_from_cell_to_cell() -> None:
    soup = page(
        "See \\eqref{eq:two}, (\\ref{eq:one}) and $\\eqref{eq:tag}$.",
        "$$\\newcommand{\\EE}{\\mathbb{E}}\\DeclareMathOperator{\\Cov}{Cov}\\newcommand{\\argmax}{A}$$",
        "\\begin{equation}\\label{eq:one}\\EE[x]\\end{equation}",
        "\\begin{align}\\Cov&=1\\label{eq:two}\\\\ \\argmax&=2\\end{align}",
        "$$x \\tag{T}\\label{eq:tag}$$",
        "$\\newcommand{\\EE}{\\mathbb{F}}\\EE$",
    )
    assert not soup.select("code.formula")
    assert text(soup.article.p) == "See (2), (1) and (T)."
    for link in soup.article.p("a"):
        assert soup.find(id=link["href"][1:]), link
    assert [text(math) for math in soup("math")] == [
        "E[x](1)".replace("E", "𝔼"),
        "Cov\u2061=1(2)A=2(3)",  # the sign that a function is applied, for those who hear it
        "x(T)",
        "𝔽",
    ]


def test_spellings_that_mathjax_knows() -> None:
    known = [
        "\\begin{eqnarray} a &=& b \\\\ c &\\leq& d \\end{eqnarray}", "\\begin{split}a&=b\\end{split}",
        "\\mbox{a}",
        "\\sum_{\\substack{i<n\\\\j<m}} x", "\\begin{alignat}{2}a&=b&c&=d\\end{alignat}", "\\hspace*{1em}x",
        "\\begin{smallmatrix}1&2\\end{smallmatrix}", "\\require{cancel}\\cancel{x}",
        "\\begin{matrix}a\\cr b\\end{matrix}",
        "{\\Large x}", "\\widetilde{xy}", "\\href{https://example.org}{x}", "\\unicode{x263a}",
    ]  # fmt: skip
    for latex in known:
        signs, raw = formulas(f"$${latex}$$")
        assert len(signs) == 1 and not raw, latex


def test_a_formula_that_cannot_be_set_stays_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        soup = page("$x$ and $\\nosuch{x}$", "Nothing.", "See $x + \\eqref{nowhere}$ and \\eqref{gone}.")
    assert [text(code) for code in soup.select("code.formula")] == ["\\nosuch{x}", "x + \\eqref{nowhere}"]
    assert "(gone)" in text(soup)
    assert caplog.messages == ["theirs: 2 formulas stay as they are written, in cells 1, 3."]


# Theirs


def test_nothing_of_ours_is_on_any_of_these_pages() -> None:
    authors = [{"name": "Roe, Ann", "orcid": "0000-0002-1825-0097"}, {"name": "Doe"}]
    cells = ["# Title", shown(html=PLOT), shown(png=PNG), "$x$", new_raw_cell("raw"), shown(plain="x")]
    for metadata in ({}, {"authors": authors, "license": "CC0", "doi": "10.1/x"}, {"title": "T"}):
        soup = page(*cells, **metadata)
        assert "regint" not in str(soup).lower()
        assert not soup.select("footer, .record, .home, [property='og:site_name']")
        names = [tag["content"] for tag in soup.find_all("meta", attrs={"name": "citation_author"})]
        assert names == [author["name"] for author in metadata.get("authors", [])]
        assert bool(soup.select(".cite")) == bool(names)
