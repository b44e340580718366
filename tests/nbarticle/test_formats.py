"""Pages as Word and LaTeX files."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbarticle.document import Page
from nbarticle.formats import DocxExporter, LatexExporter, converted, write_formats
from nbarticle.settings import Settings
from PIL import Image
from textfiles.problems import Problem

THEIRS = Settings(authors=("Doe, Jane",), language="en")


@pytest.fixture(scope="module")
def page(pages, project) -> Page:
    pytest.importorskip("pypandoc", reason="Pandoc comes with the optional packages 'publish'")
    pytest.importorskip("resvg_py", reason="it comes with the optional packages 'publish'")
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
    assert "Equation 1" in said and "Definition: Base" in said and not re.search(r"Table 1\S", said)
    assert 'descr="Bars: transport 44%' in text and 'descr="data:' not in text, "a picture is described"
    table = max(soup("w:tbl"), key=lambda found: len(found("w:gridcol")))
    assert len({column["w:w"] for column in table("w:gridcol")}) > 1, "columns are as wide as what they hold"
    assert table.find("w:jc", {"w:val": "right"}) and b'w:val="18"' in archive.read("word/styles.xml")
    for unwanted in ("The answer is six", "Download", "tables.show", "Description and data", "↩"):
        assert unwanted not in said, unwanted


def test_latex(page: Page) -> None:
    """Captions leave numbering to LaTeX, and so do the references to them; drawings lie beside the file."""
    content, beside = converted(page, "latex", THEIRS)
    text = content.decode()
    assert list(beside) == ["01_first_files/1.pdf"] and "01_first_files/1.pdf" in text
    assert r"\frac" in text and r"\author{Doe, Jane}" in text and r"\tag{1}\]" in text
    for label in ("fig-bars", "tbl-shares"):
        assert rf"\ref{{{label}}}" in text and text.count(rf"\label{{{label}}}") == 1, label
    assert r"\caption{" in text and not any(f"caption{{{kind} 1" in text for kind in ("Figure", "Table"))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pdflatex", "xelatex"])
def test_latex_runs(page: Page, tmp_path: Path, engine: str) -> None:
    """As it comes, in a folder with nothing else; nothing stands in the margin, and the numbers are ours."""
    if not shutil.which(engine):
        pytest.skip(f"{engine} is not installed")
    content, beside = converted(_wide(page), "latex", THEIRS)
    for name, part in {"text.tex": content, **beside}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(part)
    for _ in range(2):
        command = [engine, "-interaction=nonstopmode", "-halt-on-error", "text.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
    log = (tmp_path / "text.log").read_text(encoding="utf-8", errors="replace")
    said = [
        line for line in log.splitlines() if re.match(r"Missing character|LaTeX Warning: .*undefined", line)
    ]
    assert not said, said
    assert all(float(width) < 5 for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)), (
        "in the margin"
    )
    numbers = dict(
        re.findall(r"\\newlabel\{((?:fig|tbl)-[\w-]+)\}\{\{(\d+)\}", (tmp_path / "text.aux").read_text())
    )
    displays = [*page.figures, *page.tables]
    assert displays and {display.label: str(display.number) for display in displays} == numbers


@pytest.mark.slow
def test_word_opens(page: Page, tmp_path: Path) -> None:
    """In LibreOffice: text, captions, table and references are there, and no page is without words."""
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        pytest.skip("LibreOffice or pdftotext is not installed")
    (tmp_path / "text.docx").write_bytes(converted(_wide(page), "docx", THEIRS)[0])
    place = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [
        "soffice",
        place,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        tmp_path,
        tmp_path / "text.docx",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    done = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "text.pdf", "-"], check=True, capture_output=True
    )
    said = " ".join(done.stdout.decode().split())
    for wanted in (
        "Which counts can it mean?",
        "Table 1 Shares of 50",
        "Figure 1 Transport leads",
        "References",
    ):
        assert wanted in said, wanted
    assert "last of the wide words" in said, "a wide table is not cut off"


def _wide(page: Page) -> Page:
    """Add to a page what does not fit a line: long cells, long names, an address, a printed line, signs."""
    words, address = "many words in a cell that goes on " * 6, "https://example.org/" + "a_long_path/" * 12
    row = (
        f"<tr><td>{'a_name_of_parts_' * 3}<td>{words}last of the wide words<td>{address}<td>1<td>2<td>\u22123"
    )
    crowded = f"<table>{('<tr>' + '<td>a_crowded_table' * 14) * 2}</table>"
    table = f'<table class="r4 r5 r6">{row * 3}</table><pre class="text">{"x " * 90}</pre>\u2264 \u2192 ψ'
    return replace(page, html=page.html.replace("</article>", f"{crowded}{table}</article>"))


def test_a_drawing_that_neither_reads_is_drawn_as_png(page: Page) -> None:
    """Neither Word nor LaTeX shows SVG; its ink and its letters are there, and so are the words for it."""
    (figure,) = page.figures
    only = {kind: figure.content[kind] for kind in ("alt", "svg", "svg_narrow")}
    drawn = replace(page, figures=(replace(figure, content=only),))
    content, beside = converted(drawn, "latex", THEIRS)
    assert list(beside) == ["01_first_files/1.png"] and b"01_first_files/1.png" in content
    with Image.open(io.BytesIO(beside["01_first_files/1.png"])) as picture:
        assert picture.width > 1200
        colours = picture.convert("RGB").getcolors(1 << 20)
    dark = sum(number for number, colour in colours if max(colour) < 100)
    assert max(colours)[1] == (255, 255, 255) and dark > 500  # bars on white, and letters
    word = zipfile.ZipFile(io.BytesIO(converted(drawn, "docx", THEIRS)[0]))
    assert "Bars: transport 44%" in word.read("word/document.xml").decode()
    assert [name for name in word.namelist() if name.startswith("word/media/")]


def test_formulas_mean_the_same(page: Page) -> None:
    """What Pandoc would read as a fraction or without its line."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    notebook = new_notebook(cells=[new_markdown_cell(r"$\binom{n}{k} + \overline{xy} + \underline{z}$")])
    text, resources = LatexExporter().from_notebook_node(notebook, {"metadata": {"name": "theirs"}})
    assert rb"\binom{n}{k}" in text and rb"\overline{" in text and rb"\underline{" in text, text[-400:]
    assert resources["output_extension"] == ".tex"
    word, _ = DocxExporter().from_notebook_node(notebook, {"metadata": {"name": "theirs"}})
    assert zipfile.ZipFile(io.BytesIO(word)).testzip() is None


def test_in_word_a_bracket_without_its_partner_is_text_and_all_else_stays_a_sign(page: Page) -> None:
    """LibreOffice asks for the partner of a bracket and takes a line for "or": text is neither."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    signs = {
        r"(a, b] + 2": "(",
        r"[0, 1) \le x": ")",
        r"P(A|B)": "|",
        r"f(x + 1)": "",
        r"\left(a, b\right] + \left|z\right|": "",
        r"\text{if } y": "if\xa0",
    }
    formulas = [*(f"${formula}$" for formula in signs), r"$\overline{xy} + \binom{n}{k}$"]
    notebook = new_notebook(cells=[new_markdown_cell("\n\n".join(formulas))])
    word, _ = DocxExporter().from_notebook_node(notebook, {"metadata": {"name": "theirs"}})
    text = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode().partition("?>")[2]
    *found, last = BeautifulSoup(text, "html.parser")("m:omath")
    plain = ["".join(run.get_text() for run in formula("m:r") if run.find("m:nor")) for formula in found]
    assert dict(zip(signs, plain, strict=True)) == signs
    assert last.find("m:bar").get_text() == "xy" and last.find("m:type", {"m:val": "noBar"})


def test_lines_are_aligned_at_their_signs(page: Page) -> None:
    """In Word a column each for what stands before them, for them and for the rest; no cell is left empty."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    aligned = r"$$\begin{aligned} a &= b + c \\ &\le 3 - {} \end{aligned}$$"
    numbered = "\\begin{align} a &= b \\\\ c &= d \\end{align}"
    notebook = new_notebook(cells=[new_markdown_cell(aligned), new_markdown_cell(numbered)])
    text, _ = LatexExporter().from_notebook_node(notebook, {"metadata": {"name": "theirs"}})
    assert rb"\begin{aligned}" in text and rb"\begin{array}{rlc}" in text and rb"\text{(2)}" in text, text[
        -500:
    ]
    word, _ = DocxExporter().from_notebook_node(notebook, {"metadata": {"name": "theirs"}})
    text = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode().partition("?>")[2]
    first, second = BeautifulSoup(text, "html.parser")("m:m")
    assert [side["m:val"] for side in first("m:mcjc")] == ["right", "center", "left"]
    assert [cell.get_text() for cell in first("m:e")] == ["a", "=", "b+c", "\u2060", "≤", "3−"]
    assert [cell.get_text() for cell in second("m:e")] == ["a", "=", "b", "(1)", "c", "=", "d", "(2)"]


def test_all_pages_of_a_site(page: Page, tmp_path: Path) -> None:
    kept = tmp_path / ".nbarticle" / "pages" / "full" / "01_first.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(page.to_json(), encoding="utf-8")
    folder = write_formats(tmp_path / "site", ["docx", "latex"])
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        "01_first.docx",
        "01_first.tex",
        "01_first_files/1.pdf",
    }


def test_without_pandoc_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(Problem, match="Writing docx needs Pandoc: install the optional packages"):
        converted(Page("x", "X", html="<article></article>"), "docx", THEIRS)
