"""Pages on a survey full of hostile labels, opened in headless Chromium: nothing runs, nothing leaves."""

import csv
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
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
pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize("name", PAGES)
def test_no_live_markup_came_from_a_label(hostile_site: Path, browser: Any, name: str) -> None:
    page, _ = visited(browser, hostile_site / name)
    assert page.evaluate(LIVE) == []
    policy = page.locator('meta[http-equiv="Content-Security-Policy"]').first.get_attribute("content")
    assert re.search(r"default-src '(none|self)'", policy)
    page.close()


def test_labels_are_there_to_read(hostile_site: Path, browser: Any) -> None:
    """Escaped, not dropped: a reader sees each label as it was written."""
    page, _ = visited(browser, hostile_site / "topline.html")
    text = page.evaluate("document.body.textContent").replace("\u00ad", "")
    shown = [label for label in PAYLOADS if "very very" not in label and "̴" not in label]
    missing = [label for label in shown if label not in text]
    assert missing == []
    page.close()


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
