"""A headless Chromium, and two sites to look at: an example page with everything, and the real collection."""

import os
import shutil
from functools import cache
from pathlib import Path

import axe_playwright_python
import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
EXAMINE = Path(__file__).with_name("accessibility.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag21aaa", "wcag22aa", "best-practice"]
FOLD = "open => document.querySelectorAll('details').forEach(fold => { fold.open = open; })"


def pytest_collection_modifyitems(items):
    """Skip, with the reason, where there is no browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium (Debian: apt install chromium)"))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root, as in most containers, Chromium has no sandbox.
        options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield launched
        launched.close()


def example(folder, project, pages):
    """Write a site of two pages that hold every kind of content, without running anything."""
    from nbarticle.article import ArticleExporter
    from nbarticle.settings import Settings
    from nbarticle.site import site_files

    exported = []
    for entry in pages.COLLECTION:
        notebook = pages.notebook()
        notebook.cells[0].source = notebook.cells[0].source.replace("# Which", f"# {entry['name']}: which")
        exported.append(pages.export(notebook, pages.record(entry["name"]), project)[1])
    for name, content in site_files(exported, Settings.read(project), data=project / "data").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    foreign, _ = ArticleExporter().from_notebook_node(pages.foreign(), {})
    (folder / "foreign.html").write_text(foreign, encoding="utf-8")


@pytest.fixture(scope="session", params=["example", "study"])
def site(request, tmp_path_factory, project, pages):
    """The folder of a built site."""
    if request.param == "study":
        return request.getfixturevalue("study") / "site"
    folder = tmp_path_factory.mktemp("example")
    example(folder, project, pages)
    return folder


@pytest.fixture(scope="session")
def html(site):
    """Every page of the site."""
    return sorted(site.glob("*.html"))


@pytest.fixture(scope="session")
def articles(html):
    """The pages made from notebooks."""
    return [path for path in html if '<body class="article">' in path.read_text(encoding="utf-8")]


@pytest.fixture(scope="session")
def context(browser):
    """A function that gives the one context of all visits with some options.

    Chromium takes longer to open a window than to show a page in it; a blank page keeps each window open.
    """

    @cache
    def opened(**options):
        kept = browser.new_context(**options)
        kept.new_page()
        return kept

    return opened


@pytest.fixture
def visit(browser, context):
    """Open a page from the disk with the network cut; what it asks of others or complains about is noted.

    A page apart shares nothing with others, so that it may keep a theme.
    """
    opened = []

    def open_page(path, width=1280, apart=False, **options):
        if apart:
            opened.append(own := browser.new_context(**options))
            page = own.new_page()
        else:
            opened.append(page := context(**options).new_page())
        page.set_viewport_size({"width": width, "height": 900})
        page.outside, page.complaints = [], []

        def refuse(route):
            page.outside.append(route.request.url)
            route.abort()

        page.route(lambda url: not url.startswith(("file:", "data:")), refuse)
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        page.goto(path.as_uri())
        return page

    yield open_page
    for page_or_context in opened:
        page_or_context.close()


@pytest.fixture(scope="session")
def violations():
    """A function that lists what axe and our own measures find on an open page in some states."""

    def found(page, name, states, tags=TAGS, without=()):
        findings = []
        if tags:
            page.evaluate(AXE)
        for folds, width, scheme in states:
            page.evaluate(FOLD, folds)
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            seen = page.evaluate(EXAMINE, {"tags": tags, "without": list(without)})
            state = f"{name}, {width} px, {scheme}, folds {'open' if folds else 'shut'}"
            findings += [f"{state}: {finding}" for finding in seen["findings"] if not _foreign(name, finding)]
            # The mark of the collection, three paths hidden from readers, is all that no rule looks at.
            if tags:
                assert seen["examined"] >= seen["shown"] - 3 > 40, state
                assert seen["measured"] >= seen["texts"] > 20, state
        return findings

    return found


def _foreign(name, finding):
    """The colours that a notebook which is not ours gives its own words are its author's."""
    return name == "foreign.html" and finding.startswith("contrast") and 'class="s1"' in finding
