"""Without a mouse, without sight, with colours of one's own: order, focus, switches, forced colours."""

from pathlib import Path

import pytest

SHOWN = "document.documentElement.style.visibility === ''"
# Everything that can be reached, in the order of the document, which is the order of a screen reader.
STOPS = """() => { window.stops = [...document.querySelectorAll(
    'a[href], button:not([hidden]), summary, input, [tabindex="0"]')].filter(stop => stop.checkVisibility());
  return window.stops.length; }"""
FOCUS = """() => { const stop = document.activeElement, style = getComputedStyle(stop);
  const box = stop.getBoundingClientRect(), width = parseFloat(style.outlineWidth);
  return { place: window.stops.indexOf(stop), name: stop.outerHTML.slice(0, 90),
    seen: style.outlineStyle !== 'none' && width >= 2 && style.opacity === '1'
      && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth }; }"""
OUT_OF_ORDER = """() => { const blocks = [...document.querySelectorAll(
    'main :is(h1, h2, h3, p, li, figure, table, details, pre)')].filter(
    block => block.checkVisibility()
      && !block.closest('.sidenote, .unseen, .all-sections, .findings, .readers, dl'));
  const tops = blocks.map(block => block.getBoundingClientRect().top);
  return blocks.filter((block, place) => place && tops[place] < tops[place - 1] - 3).map(
    block => block.outerHTML.slice(0, 90)); }"""
MEASURE = Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8")

# On every page of the study, what needs many key presses, visits or states is left to the long battery.
long_on_study = pytest.mark.parametrize(
    "site", ["example", pytest.param("study", marks=pytest.mark.slow)], indirect=True, scope="session"
)


@long_on_study
def test_tab_follows_the_text_and_the_focus_is_seen(html, visit):
    for path in html:
        page = visit(path, reduced_motion="reduce")
        page.wait_for_function(SHOWN)
        for place in range(page.evaluate(STOPS)):
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUS)
            assert focus["place"] == place, (path.name, focus["name"])
            assert focus["seen"], (path.name, focus["name"])
        page.close()


@long_on_study
def test_what_stands_later_in_the_document_stands_lower_on_the_page(html, visit):
    for path in html:
        for width in (1600, 390):
            assert visit(path, width).evaluate(OUT_OF_ORDER) == [], (path.name, width)


@long_on_study
def test_switches_answer_to_the_keyboard(articles, visit):
    page = visit(articles[0], apart=True, color_scheme="light")
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.locator("[data-tool=theme]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate(colour) != light
    page.locator("[data-tool=code]").focus()
    page.keyboard.press("Space")
    assert page.locator("details.cell-code:not([open])").count() == 0
    fold = page.locator("details.cell-code > summary").first
    fold.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.cell-code:not([open])").count() == 1


@long_on_study
def test_forced_colours_leave_everything_legible(html, visit):
    for path in html:
        page = visit(path, forced_colors="active", reduced_motion="reduce")
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, forced_colors="active")
            assert page.evaluate(MEASURE, {"tags": []})["findings"] == [], (path.name, scheme)
        page.close()
