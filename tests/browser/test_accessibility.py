"""Every element of every page against every rule of axe, in both colours, at two widths, folds shut and open.

Nothing is sampled. A page is loaded once and its eight states are reached as a reader reaches them; in each
all rules run, for a rule may depend on any of the three. What axe leaves open is measured: accessibility.js.
The long battery does so for every page of the study. Each run of the tests does it for the example, and sees
the study in two states that differ in all three; there the contrast of each text is measured, not by axe too.
"""

from itertools import product
from pathlib import Path

import axe_playwright_python
import pytest

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
EXAMINE = Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag21aaa", "wcag22aa", "best-practice"]
STATES = list(product((False, True), (1280, 390), ("light", "dark")))
CORNERS = [(False, 1280, "light"), (True, 390, "dark")]
FOLD = "open => document.querySelectorAll('details').forEach(fold => { fold.open = open; })"
PARTS = 4  # of the pages, so that several processors share the long battery


def violations(pages, visit, states, without=()):
    findings = []
    for path in pages:
        page = visit(path, reduced_motion="reduce")
        page.evaluate(AXE)
        for folds, width, scheme in states:
            page.evaluate(FOLD, folds)
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            seen = page.evaluate(EXAMINE, {"tags": TAGS, "without": list(without)})
            state = f"{path.name}, {width} px, {scheme}, folds {'open' if folds else 'shut'}"
            findings += [f"{state}: {finding}" for finding in seen["findings"] if not _foreign(path, finding)]
            # The mark of the collection, three paths hidden from readers, is all that no rule looks at.
            assert seen["examined"] >= seen["shown"] - 3 > 40, state
            assert seen["measured"] >= seen["texts"] > 20, state
        page.context.close()
    return findings


@pytest.mark.parametrize("site", ["example"], indirect=True, scope="session")
def test_no_element_of_the_example_violates_an_accessibility_rule(html, visit):
    assert violations(html, visit, STATES) == []


@pytest.mark.parametrize("site", ["study"], indirect=True, scope="session")
def test_no_element_of_the_study_violates_an_accessibility_rule(html, visit):
    contrast = ("color-contrast", "color-contrast-enhanced")
    assert violations(html, visit, CORNERS, contrast) == []


@pytest.mark.slow
@pytest.mark.parametrize("site", ["study"], indirect=True, scope="session")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_element_of_the_study_violates_a_rule_in_any_state(html, visit, part):
    assert violations(html[part::PARTS], visit, STATES) == []


def _foreign(path, finding):
    """The colours that a notebook which is not ours gives its own words are its author's."""
    return path.name == "foreign.html" and finding.startswith("contrast") and 'class="s1"' in finding
