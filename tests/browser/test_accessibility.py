"""Every element of every page against every rule of axe, in both colours, at two widths, folds shut and open.

Nothing is sampled. A page is loaded once and its eight states are reached as a reader reaches them; in each
all rules run, for a rule may depend on any of the three. What axe leaves open is measured: accessibility.js.
That is a long battery. Each run of the tests sees the example in two states that differ in all three, and
every page of the study in one, with its contrasts measured in two: test_pages.py.
"""

from itertools import product

import pytest

STATES = list(product((False, True), (1280, 390), ("light", "dark")))
CORNERS = [(False, 1280, "light"), (True, 390, "dark")]
PARTS = 4  # of the pages, so that several processors share the long battery


def of_all(pages, visit, violations, states):
    findings = []
    for path in pages:
        page = visit(path, reduced_motion="reduce")
        findings += violations(page, path.name, states)
        page.close()
    return findings


@pytest.mark.parametrize("site", ["example"], indirect=True, scope="session")
def test_no_element_of_the_example_violates_an_accessibility_rule(html, visit, violations):
    assert of_all(html, visit, violations, CORNERS) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_element_violates_a_rule_in_any_state(html, visit, violations, part):
    assert of_all(html[part::PARTS], visit, violations, STATES) == []
