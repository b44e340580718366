"""The site as a whole: index, lists, search, downloads, and no dead link."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from nbarticle.article import notebook_files
from nbarticle.document import Page
from nbarticle.settings import Settings
from nbarticle.site import page_files, site_files
from nbformat.v4 import new_markdown_cell
from textfiles.problems import Problem

STUDY = {path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb")}
RECORD = {"version": "0.1.0", "commit": "0123456789abcdef", "epoch": 1767225600}


@pytest.fixture(scope="module")
def export(pages, project):
    """Export the page of one of the two names."""
    return lambda name, *extra, **said: pages.export(
        pages.notebook(*extra), pages.record(name, **said), project
    )[1]


@pytest.fixture(scope="module")
def collection(export, pages):
    return [export(entry["name"]) for entry in pages.COLLECTION]


@pytest.fixture(scope="module")
def settings(project):
    return Settings.read(project)


@pytest.fixture(scope="module")
def files(collection, project, settings):
    return site_files(collection, settings, record=RECORD, data=project / "data")


def soup_of(files, name):
    return BeautifulSoup(files[name].decode(), "lxml")


def test_site_holds_pages_lists_and_downloads(files):
    assert {
        "index.html",
        "search.html",
        "search-index.js",
        "figures-and-tables.html",
        "glossary.html",
    } <= set(files)
    assert {f"figures/01_first-fig-bars.{kind}" for kind in ("svg", "png", "pdf", "csv")} <= set(files)
    assert {f"tables/01_first-tbl-shares.{kind}" for kind in ("csv", "tex", "xlsx")} <= set(files)
    assert "data/survey/astana_2025/questions.csv" in files


def test_every_link_of_every_page_arrives(files):
    for name in files:
        if name.endswith(".html"):
            for link in soup_of(files, name)("a", href=True):
                address, _, fragment = link["href"].partition("#")
                if re.match(r"https?:", address):
                    continue
                if name == "index.html" and Path(address).stem in STUDY:
                    continue  # what the front page says of the study, without its pages here
                assert not address or address in files, (name, link)
                target = address or name
                if fragment and target.endswith(".html"):
                    assert soup_of(files, target).find(id=fragment) is not None, (name, link)


def test_same_pages_same_bytes(collection, files, project, settings):
    again = [Page.from_json(page.to_json()) for page in collection]
    assert site_files(again, settings, record=RECORD, data=project / "data") == files


def test_index_gives_findings_first(files):
    index = soup_of(files, "index.html")
    headings = [heading.get_text() for heading in index("h2")]
    assert headings[0] == "What we found"
    assert "Forty-four means 22 of 50." in index.find(class_="findings").get_text()
    assert "regint report" in index.get_text()


def test_index_shows_the_scan_of_bases_beside_the_findings(collection, files, settings):
    assert not soup_of(files, "index.html").select("figure")
    (drawn,) = collection[0].figures
    scanned = replace(collection[0], figures=(replace(drawn, label="fig-scan"),), links=())
    (shown,) = soup_of(site_files([scanned], settings), "index.html").select(".front > figure")
    assert shown.find("svg") and drawn.caption in shown.figcaption.get_text()
    assert shown.find("a")["href"] == f"{scanned.name}.html#fig-scan"


def test_list_names_notebook_and_cell_of_every_figure_and_table(files):
    rows = [
        [" ".join(cell.get_text().split()) for cell in row(["th", "td"])][:3]
        for row in soup_of(files, "figures-and-tables.html").select("tbody tr")
    ]
    assert rows[2][0].startswith("02_second: ")
    assert ["1 in 02", "Transport leads with 44% of 50", "6"] in rows
    assert ["1 in 02", "Shares of 50", "5"] in rows


def test_list_names_notebook_and_cell_of_every_computed_sentence_with_a_number(collection, settings):
    computed = ((4, "Of 50 experts, 22 named <b>transport</b>."), (5, "Nobody was silent."), (7, "=1+1"))
    pages = [replace(collection[0], computed=computed), replace(collection[1], computed=())]
    files = site_files(pages, settings)
    soup = soup_of(files, "figures-and-tables.html")
    (table,) = [t for t in soup("table") if "sentences" in t.caption.get_text()]
    assert [row.get_text(" ").split()[0] for row in table.select("tbody tr")][1:] == ["4", "7"]
    assert "<b>transport</b>" in table.get_text()
    lines = files["in-text-numbers.csv"].decode().splitlines()
    assert lines[0] == "notebook,cell,sentence,file" and len(lines) == 3
    assert lines[2].split(",")[1:3] == ["7", "'=1+1"]


def test_search_index_is_a_script_that_sets_one_variable(files):
    text = files["search-index.js"].decode()
    index = json.loads(text.removeprefix("window.searchIndex=").removesuffix(";\n"))
    assert index["pages"][0] == ["01_first.html", "Which counts can it mean?"]
    assert [1, "exercises", "Exercises"] in [section[:3] for section in index["sections"]]
    assert not re.search("[\u2028\u2029]", text)


def test_failed_notebook_keeps_its_last_good_page(collection, files, settings):
    failed = replace(collection[0], message="01_first, cell 3: no.", links=((1, "gone.html"),))
    site = site_files([failed, collection[1]], settings, record=RECORD)
    assert site["01_first.html"] == files["01_first.html"]
    failure = soup_of(site, "index.html").find(class_="failure").get_text()
    assert "01_first, cell 3: no." in failure
    assert "last good page" in failure


def test_notebook_never_built_leaves_no_dead_links(collection, settings):
    never = Page(name="01_first", title="What was printed?", message="It <b>fails</b>.")
    site = site_files([never, collection[1]], settings, record=RECORD)
    assert "It <b>fails</b>." in soup_of(site, "01_first.html").get_text()


def test_site_without_any_page_is_a_site_of_nobody():
    index = site_files([])["index.html"].decode()
    assert "<h1>Notebooks</h1>" in index and "regint" not in index


DEAD = {
    "[x](03_none.ipynb)": "03_none.html leads nowhere: the site has no such file",
    "[x](02_second.ipynb#nowhere)": "02_second.html#nowhere leads nowhere: that page has no such place",
    "[x](../data/none.csv)": "data/none.csv leads nowhere",
    "[x](glossary.html#term-none)": "glossary.html#term-none leads nowhere",
}


def test_dead_link_stops_the_build_and_names_the_cell(collection, export, project, settings):
    for text, sentence in DEAD.items():
        page = export("01_first", new_markdown_cell(text))
        with pytest.raises(Problem, match=re.escape(sentence)) as caught:
            site_files([page, collection[1]], settings, record=RECORD, data=project / "data")
        assert str(caught.value).startswith("01_first, cell 14: ")


def test_pages_offer_their_notebooks_and_code(export, pages, settings, tmp_path):
    """As it was run, to work in, and the code; in the student edition without solutions."""
    import nbformat

    cell = {"source": "answer = None\ncheck(answer)", "right": "6"}
    data = {"application/vnd.nbarticle.cell+json": cell, "text/html": "<p>Common errors</p>"}
    asked = nbformat.v4.new_code_cell("ask(right=6)", metadata={"tags": ["solution", "check"]})
    asked.outputs = [nbformat.v4.new_output("display_data", data=data)]
    for entry in pages.COLLECTION:
        nbformat.write(pages.notebook(asked), tmp_path / f"{entry['name']}.ipynb")
    for edition, endings in (
        ("full", [".ipynb", ".py", "-executed.ipynb"]),
        ("student", [".ipynb", ".py"]),
    ):
        exported = [export(entry["name"], asked, edition=edition, offers=True) for entry in pages.COLLECTION]
        made = {
            page.name: page_files(page) | notebook_files(page.name, tmp_path / f"{page.name}.ipynb", edition)
            for page in exported
        }
        site = site_files(exported, settings, record=RECORD | {"edition": edition}, made=made)
        names = {name for name in site if name.startswith("notebooks/01_first")}
        assert names == {f"notebooks/01_first{ending}" for ending in endings}, edition
        links = {link["href"] for link in soup_of(site, "01_first.html").select(".record a[download]")}
        assert links == names, edition
        notebook = nbformat.reads(site["notebooks/01_first.ipynb"].decode(), as_version=4)
        assert not any(cell.get("outputs") for cell in notebook.cells)
        full = edition == "full"
        assert ("The answer is six." in str(notebook)) is full
        checks = [cell.source for cell in notebook.cells if "(answer)" in cell.source]
        assert checks == ([] if full else ["answer = None\ncheck(answer)"]), edition
        shown = soup_of(site, "01_first.html")
        assert ("Common errors" in shown.get_text()) is full
        assert "ask(right=6)" not in shown.get_text()
        texts = [content.decode() for name, content in site.items() if name.endswith(("html", "py"))]
        assert any("The answer is six." in text for text in texts) is full


# Downloads


@pytest.fixture(scope="module")
def offered(files):
    return {name: content for name, content in files.items() if "/01_first-" in name}


def test_drawing_stands_alone(offered):
    root = ElementTree.fromstring(offered["figures/01_first-fig-bars.svg"])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["color"] == "#1b1d23"


def test_copies_are_files_of_their_kind(offered):
    assert offered["figures/01_first-fig-bars.png"].startswith(b"\x89PNG")
    assert offered["figures/01_first-fig-bars.pdf"].startswith(b"%PDF")


def test_csv_has_unrounded_values_and_no_formulas(offered):
    rows = list(csv.reader(io.StringIO(offered["tables/01_first-tbl-shares.csv"].decode())))
    assert rows[0] == ["label", "count", "share", "interval_lower", "interval_upper"]
    assert rows[1] == ["Transport", "22", "0.44", "0.31", "0.58"]
    assert rows[3] == ["'=1+1", "", "", "", ""]


def test_workbook_holds_numbers_as_numbers_and_runs_nothing(offered):
    book = openpyxl.load_workbook(io.BytesIO(offered["tables/01_first-tbl-shares.xlsx"]))
    sheet = book["Table"]
    assert [cell.value for cell in sheet[2]] == ["Transport", 22, 0.44, 0.31, 0.58]
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=1+1", "s")
    assert book["About"]["A1"].value == "Shares of 50"


def test_latex_table_is_escaped(offered):
    source = offered["tables/01_first-tbl-shares.tex"].decode()
    assert r"\begin{tabular}{lrrr}" in source
    assert r"\textless{}script\textgreater{}" in source
    assert r"\&" in source
    assert r"44\%" in source
