"""What a reader meets: every page, in a real browser, from the disk, with the network cut."""

import base64
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from nbarticle import layout
from nbarticle.article import ArticleExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
COMMON = ("figures-and-tables", "glossary", "index", "search")  # pages that no notebook has made

# The W3C's validator, where Java and the jar of the npm package vnu-jar are at hand.
VALIDATOR = Path(os.environ.get("VNU_JAR", "build/tools/vnu.jar"))

OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"
# By then the page's own script has done what it does after a change.
SECOND_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Text that runs out of its box where nothing scrolls: cut off, or a page that moves sideways.
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(element => {
  const style = getComputedStyle(element);
  return style.overflowX === 'hidden' && !element.closest('.unseen, svg') && element.clientWidth > 1
    && element.scrollWidth > element.clientWidth + 1;
}).map(element => element.outerHTML.slice(0, 80))"""
WRAPPED = """() => [...document.querySelectorAll('pre.code')].filter(
  code => code.scrollWidth > code.clientWidth + 1).map(code => code.textContent.slice(0, 80))"""
UNPRINTED = """() => [...document.querySelectorAll('.cell-code pre')].filter(
  code => !code.checkVisibility()).length"""
PRINTED_CLOSED = """() => [...document.querySelectorAll('.cell-code, .solution')].filter(
  fold => !fold.open && fold.checkVisibility()).length"""
# A short word or number that takes two lines in its cell, where there is room for its column.
BROKEN = """() => [...document.querySelectorAll('.scrolls.table table')].filter(
  table => Math.max(...[...table.rows].map(row => row.cells.length)) < 8).flatMap(
  table => [...table.querySelectorAll('td, th')].filter(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const height = range.getBoundingClientRect().height;
    return /^[\\p{L}\\d.,%]{2,6}$/u.test(cell.textContent.trim())
      && height > 1.9 * parseFloat(getComputedStyle(cell).fontSize);
  })).map(cell => cell.textContent)"""
SET_IN_SERIF = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), signs = {};
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const box = text.parentElement, style = getComputedStyle(box);
    if (text.data.trim() && box.checkVisibility() && style.fontFamily.startsWith('"Source Serif 4 Text"')) {
      signs[style.fontStyle] = (signs[style.fontStyle] || '') + text.data;
    }
  }
  return signs; }"""
FACES = """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
  .filter(rule => rule.type === CSSRule.FONT_FACE_RULE && rule.style.fontFamily.includes('Source Serif'))
  .map(rule => [rule.style.fontStyle, rule.style.getPropertyValue('src').match(/base64,([^"]*)/)[1]])"""
SIDEWAYS = "() => document.documentElement.scrollWidth"
WIDTHS = (320, 390, 640, 1280)
PAPER = 620
PAGES = [
    *(("example", name) for name in ("01_first", "02_second", "foreign", *COMMON)),
    *(("study", name) for name in (*(path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))), *COMMON)),
]
# What the pages of the example show as well is left to the long battery on those of the study.
long_on_study = pytest.mark.parametrize(
    "site", ["example", pytest.param("study", marks=pytest.mark.slow)], indirect=True, scope="session"
)


@long_on_study
@pytest.mark.skipif(shutil.which("java") is None, reason="no Java for the HTML validator")
@pytest.mark.skipif(not VALIDATOR.is_file(), reason="no HTML validator: set VNU_JAR to that of vnu-jar")
def test_pages_keep_the_html_standard(html):
    command = ["java", "-jar", str(VALIDATOR), "--errors-only", "--format", "json", *map(str, html)]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True).stderr)
    # The validator does not know this property of MathML Core yet.
    unknown = "CSS: “math-depth”: Property “math-depth” doesn't exist."
    found = [(Path(m["url"]).name, m["message"]) for m in answer["messages"] if m["message"] != unknown]
    assert found == []


def first_stop(page):
    """The first stop of the keyboard leads to the text."""
    page.wait_for_function("document.documentElement.style.visibility === ''")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    return [] if first == "skip" else [first]


def landmarks(page):
    """Landmarks come in order."""
    tree = page.locator("body").aria_snapshot()
    tops = [line.split()[1].rstrip(":") for line in tree.splitlines() if line.startswith("- ")]
    # A page on its own, of no project, has nothing to say at its foot.
    last = "main" if page.url.partition("#")[0].endswith("/foreign.html") else "contentinfo"
    right = tops[:2] == ["link", "banner"] and tops[-1] == last and tops.count("main") == 1
    return [] if right else tops


def paper_with_folds_shut(page):
    """Paper shows no code and no solution that was not opened."""
    page.emulate_media(media="print")
    printed = page.evaluate(PRINTED_CLOSED)
    page.emulate_media(media="screen")
    return [printed] if printed else []


def formulas(page):
    """Formulas have their font."""
    loaded = "document.fonts.ready.then(() => document.fonts.check('16px \"STIX Two Math Text\"'))"
    return [] if not page.locator("math").count() or page.evaluate(loaded) else ["not loaded"]


def stops(page):
    """Only what acts or scrolls is a stop of the keyboard, and each has a name."""
    page.evaluate(OPEN_ALL)
    page.evaluate(SECOND_FRAME)
    return page.evaluate(
        """() => [...document.querySelectorAll('[tabindex]')].filter(box =>
        !(box.scrollWidth > box.clientWidth) || !box.getAttribute('aria-label')).map(box => box.outerHTML)"""
    )


def fonts(page):
    """Fonts hold every sign that is set in them."""
    page.evaluate(OPEN_ALL)
    lacking = []
    for style, used in page.evaluate(SET_IN_SERIF).items():
        face = next(face for face in page.evaluate(FACES) if face[0] == style)
        with TTFont(io.BytesIO(base64.b64decode(face[1]))) as font:
            missing = set(map(ord, used)) & layout.TEXT - set(font.getBestCmap())
        lacking += [(style, chr(sign)) for sign in missing]
    return lacking


def sideways(page):
    """At no width does a page scroll sideways or cut anything off."""
    page.evaluate(OPEN_ALL)
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [(width, "scrolls")] if page.evaluate(SIDEWAYS) > width else []
        wrong += [(width, cut) for cut in page.evaluate(CUT_OFF) + page.evaluate(WRAPPED)]
    return wrong


def paper(page):
    """Paper shows the code and the solutions that were opened, whole."""
    page.evaluate(OPEN_ALL)
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    wrong = ["not printed"] * page.evaluate(UNPRINTED) + page.evaluate(WRAPPED) + page.evaluate(BROKEN)
    wrong += ["scrolls"] if page.evaluate(SIDEWAYS) > PAPER else []
    wrong += [] if page.pdf(prefer_css_page_size=True).startswith(b"%PDF") else ["no PDF"]
    page.emulate_media(media="screen")
    return wrong


@pytest.mark.parametrize(("site", "name"), PAGES, indirect=["site"], scope="session")
def test_page(site, name, visit, violations):
    """One visit to each page, for all that can be asked of an open one, its folds opened half way."""
    page = visit(site / f"{name}.html", 390, reduced_motion="reduce")
    article = '<body class="article">' in (site / f"{name}.html").read_text(encoding="utf-8")
    wrong = {}
    for look in (first_stop, landmarks, paper_with_folds_shut, formulas, stops, fonts):
        wrong[look.__doc__] = look(page)
    wrong[sideways.__doc__] = sideways(page)
    if article:
        wrong[paper.__doc__] = paper(page)
    if site.parent.name == "study":
        contrast = ("color-contrast", "color-contrast-enhanced")
        wrong["axe"] = violations(page, name, [(True, 390, "dark")], without=contrast)
        wrong["axe"] += violations(page, name, [(False, 1280, "light")], tags=())
    wrong["A page asks nothing of others, and nothing complains, whatever was done above."] = (
        page.outside + page.complaints
    )
    assert {said: found for said, found in wrong.items() if found} == {}


def test_every_page_is_visited(html, request):
    which = request.node.callspec.params["site"]
    assert {path.stem for path in html} == {name for site, name in PAGES if site == which}


@long_on_study
def test_everything_is_readable_without_scripts(articles, visit):
    for path in articles:
        formulas = path.read_text(encoding="utf-8").count("<math")
        page = visit(path, java_script_enabled=False)
        main = page.locator("main").inner_text()
        assert page.locator("math").count() == formulas
        assert not re.search(r"\$\$|\\frac|\\hat", re.sub(r"(?s)BibTeX.*", "", main)), path.name
        assert page.locator("button:visible").count() == 0, "a button that does nothing"
        for summary in page.locator("details.cell-code:not([open]) > summary").all()[:1]:
            summary.click()
            assert page.locator("details.cell-code[open] pre").first.is_visible()


@pytest.mark.slow
def test_on_paper_no_number_of_a_wide_table_is_broken_or_cut_off(visit, tmp_path):
    """Tables of numbers with eleven signs each: up to 16 columns and their rows' names shrink, more turn."""
    bad = []
    for columns in (8, 12, 14, 16, 17, 19, 21, 24):
        row = "<tr><th>1" + "<td>-234.567890" * columns
        table = f"<table><thead><tr><th>{'<th>column' * columns}</thead><tbody>{row * 3}</table>"
        shown = new_output("display_data", {"text/html": table})
        notebook = new_notebook(cells=[new_code_cell("x", outputs=[shown])])
        path = tmp_path / f"{columns}.html"
        path.write_text(ArticleExporter().from_notebook_node(notebook)[0], encoding="utf-8")
        turned = columns > 16
        # The sheet's text: 162 mm, or 249 mm where it is turned.
        page = visit(path, 941 if turned else 612)
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.querySelector('.scrolls.table')).page") == (
            "wide" if turned else "auto"
        )
        broken = page.evaluate(
            """() => [...document.querySelectorAll('td')].filter(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return range.getClientRects().length > 1; }).length"""
        )
        if broken or page.evaluate(SIDEWAYS) > page.viewport_size["width"]:
            bad.append((columns, broken))
    assert bad == []


@long_on_study
def test_nothing_moves_and_text_is_there_at_once(html, visit):
    for path in html:
        # Below a thousandth nobody sees it; one of three, because other work shares the machine.
        tries = (_measured(visit(path)) for _ in range(3))
        assert any(shift < 0.001 and painted < 500 for shift, painted in tries), path.name


def _measured(page):
    """Sum of layout shifts, and milliseconds to the first text."""
    page.wait_for_timeout(150)
    shift = page.evaluate(
        """() => new Promise(done => {
        new PerformanceObserver(list => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
          .observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done(0), 100); })"""
    )
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.close()
    return shift, painted


def test_pages_are_small(html):
    # A figure's own bytes: both drawings, its description and data, the links to its files.
    figure = re.compile(r'(?s)<div class="figure-block">.*?<p class="downloads">.*?</p></div>')
    for path in html:
        assert len(figure.sub("", path.read_text(encoding="utf-8")).encode()) <= 150_000, path.name


@long_on_study
def test_theme_is_switched_kept_and_followed_by_pages_side_by_side(articles, visit):
    page = visit(articles[0], apart=True, color_scheme="light")
    beside = page.context.new_page()
    beside.goto(articles[0].as_uri())
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    switch = page.locator("[data-tool=theme]")
    switch.click()
    assert page.evaluate(colour) == light
    switch.click()
    dark = page.evaluate(colour)
    assert dark != light
    assert switch.inner_text() == "Theme: dark"
    beside.wait_for_function(f"{colour} === {dark!r}")
    assert beside.locator("[data-tool=theme]").inner_text() == "Theme: dark"
    page.goto(articles[-1].as_uri())
    page.wait_for_function(f"{colour} === {dark!r}")


@long_on_study
def test_one_switch_opens_all_code(articles, visit):
    page = visit(articles[0])
    closed = "document.querySelectorAll('details.cell-code:not([open])').length"
    assert page.evaluate(closed) > 0
    page.locator("[data-tool=code]").click()
    assert page.evaluate(closed) == 0
    assert page.locator("[data-tool=code]").get_attribute("aria-pressed") == "true"
    page.locator("[data-tool=code]").click()
    assert page.evaluate(closed) > 0


@long_on_study
def test_code_is_copied(articles, visit):
    page = visit(articles[0])
    page.locator("[data-tool=code]").click()
    page.locator(".copy").first.hover()
    page.locator(".copy").first.click()
    page.wait_for_function("['Copied', 'Selected'].includes(document.querySelector('.copy').textContent)")


@long_on_study
def test_contents_follow_the_reader(articles, visit):
    page = visit(articles[0])
    page.locator("article h2").last.scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, document.querySelectorAll('article h2')[1].offsetTop)")
    page.wait_for_function("document.querySelector('.contents [aria-current]')")


@long_on_study
def test_motion_is_reduced_on_request(articles, visit):
    style = "getComputedStyle(document.documentElement).scrollBehavior"
    assert visit(articles[0], reduced_motion="reduce").evaluate(style) == "auto"


@long_on_study
def test_search_works_from_the_disk(site, visit):
    page = visit(site / "search.html")
    page.locator("#words").fill("base")
    page.wait_for_selector(".found li a")
    assert "section" in page.locator(".said").inner_text()
    page.locator(".found li a").first.click()
    page.wait_for_load_state()
    assert not page.url.startswith((site / "search.html").as_uri())
    page.go_back()
    page.locator("#words").fill("<img src=x onerror=alert(1)>")
    assert page.complaints == []


@long_on_study
def test_search_without_scripts_lists_all_sections(site, visit):
    page = visit(site / "search.html", java_script_enabled=False)
    assert page.locator(".all-sections a").count() > 3
    assert not page.locator(".search-form").is_visible()
    assert "needs scripts" in page.locator(".search-place").inner_text()
