"""Pages as Word and LaTeX files."""

import io
import sys
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbarticle.document import Page
from nbarticle.formats import DocxExporter, LatexExporter, converted, write_formats
from nbarticle.settings import Settings
from textfiles.problems import Problem

THEIRS = Settings(authors=("Doe, Jane",), language="en")


@pytest.fixture(scope="module")
def page(pages, project) -> Page:
    pytest.importorskip("pypandoc", reason="Pandoc comes with the optional packages 'publish'")
    return pages.export(pages.notebook(), pages.record("01_first"), project)[1]


def test_word(page: Page) -> None:
    """Text, a picture and a table with numbered captions, formulas as such, links that arrive."""
    content, beside = converted(page, "docx", THEIRS)
    archive = zipfile.ZipFile(io.BytesIO(content))
    text = archive.read("word/document.xml").decode().partition("?>")[2]
    soup = BeautifulSoup(text, "html.parser")
    said = " ".join(soup.get_text(" ").split())
    assert beside == {} and any(name.startswith("word/media/") for name in archive.namelist())
    for wanted in ("Which counts can it mean?", "Doe, Jane", "Figure 1", "Table 1", "Wilson", "References"):
        assert wanted in said, wanted
    assert soup("m:omath") and soup("m:f"), "a fraction is a fraction"
    bookmarks = {mark["w:name"] for mark in soup("w:bookmarkstart")}
    assert {link["w:anchor"] for link in soup("w:hyperlink") if link.get("w:anchor")} <= bookmarks
    for unwanted in ("The answer is six", "Download", "tables.show", "Description and data", "↩"):
        assert unwanted not in said, unwanted


def test_latex(page: Page) -> None:
    """Captions leave numbering to LaTeX; pictures lie beside the file."""
    content, beside = converted(page, "latex", THEIRS)
    text = content.decode()
    assert list(beside) == ["01_first_files/1.png"] and "01_first_files/1.png" in text
    assert r"\frac" in text and r"\author{Doe, Jane}" in text and r"\label{fig-bars}" in text
    assert r"\caption{" in text and not any(f"caption{{{kind} 1" in text for kind in ("Figure", "Table"))


def test_formulas_mean_the_same(page: Page) -> None:
    """What Pandoc would read as a fraction or without its line."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    notebook = new_notebook(cells=[new_markdown_cell(r"$\binom{n}{k} + \overline{xy} + \underline{z}$")])
    text, resources = LatexExporter().from_notebook_node(notebook, {"metadata": {"name": "theirs"}})
    assert rb"\binom{n}{k}" in text and rb"\overline{" in text and rb"\underline{" in text, text[-400:]
    assert resources["output_extension"] == ".tex"
    word, _ = DocxExporter().from_notebook_node(notebook, {"metadata": {"name": "theirs"}})
    assert zipfile.ZipFile(io.BytesIO(word)).testzip() is None


def test_all_pages_of_a_site(page: Page, tmp_path: Path) -> None:
    kept = tmp_path / ".nbarticle" / "pages" / "full" / "01_first.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(page.to_json(), encoding="utf-8")
    folder = write_formats(tmp_path / "site", ["docx", "latex"])
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        "01_first.docx",
        "01_first.tex",
        "01_first_files/1.png",
    }


def test_without_pandoc_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(Problem, match="Writing docx needs Pandoc: install the optional packages"):
        converted(Page("x", "X", html="<article></article>"), "docx", THEIRS)
