"""Pages from notebooks: everything a page promises, and everything that stops a build."""

import json
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from nbarticle.article import ArticleExporter
from nbarticle.document import Page
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes
from textfiles.problems import Problem


@pytest.fixture(scope="module")
def export(pages, project):
    """Export a notebook of ours, or with an empty record one of nobody's."""

    def exported(notebook, record=None):
        record = pages.record() if record is None else record
        html, page = pages.export(notebook, record, project if record else None)
        return BeautifulSoup(html, "lxml"), page

    return exported


@pytest.fixture(scope="module")
def exported(export, pages):
    return export(pages.notebook())


@pytest.fixture(scope="module")
def soup(exported):
    return exported[0]


def text(element):
    return " ".join(element.get_text().split())


# Structure


def test_one_title_landmarks_and_language(soup):
    assert [text(heading) for heading in soup("h1")] == ["Which counts can it mean?"]
    assert soup.html["lang"] == "en"
    assert len(soup("main")) == 1
    assert soup.find("a", class_="skip")["href"] == "#main"
    assert {nav.get("aria-label") or nav["aria-labelledby"] for nav in soup("nav")} == {
        "Breadcrumb",
        "contents-name",
        "Previous and next page",
    }


def test_contents_list_every_section(soup):
    listed = [link["href"][1:] for link in soup.select(".contents a")]
    assert listed == [heading["id"] for heading in soup.select("article :is(h2, h3)")]


def test_previous_page_of_the_collection(soup):
    assert soup.find("link", rel="prev")["href"] == "01_first.html"
    assert soup.find("link", rel="next") is None


def test_same_input_same_bytes(export, pages):
    assert export(pages.notebook())[1].to_json() == export(pages.notebook())[1].to_json()


def test_record_survives_storage(exported):
    assert Page.from_json(exported[1].to_json()) == exported[1]


# Cells


def test_code_is_folded_and_named_by_cell(soup):
    folds = soup.select("details.cell-code")
    assert not any(fold.has_attr("open") for fold in folds)
    assert [text(fold.summary) for fold in folds][:2] == ["Code of cell 2", "Code of cell 5"]
    assert "secret" not in soup.get_text()
    assert "import pandas" not in soup.get_text()


def test_injected_parameters_are_told_where_they_were_set_and_by_the_record(soup):
    assert "confidence = 0.9" not in soup.get_text()
    told = soup.select_one('article [data-name="Parameters"] tbody')
    assert [text(cell) for cell in told(["th", "td"])] == ["confidence", "0.95", "0.9"]
    changed = soup.select_one(".record tr.changed")
    assert [text(cell) for cell in changed(["th", "td"])] == ["confidence", "0.9 changed", "0.95", "coverage"]


def test_solutions_are_folded_together(soup):
    (solution,) = soup.select("details.solution")
    assert "The answer is six." in text(solution)
    assert len(solution.select("details.cell-code")) == 1


def test_student_edition_has_no_solutions(export, pages):
    student, page = export(pages.notebook(), pages.record(edition="student"))
    assert "The answer is six." not in student.get_text()


def test_terminal_colours_are_gone(soup):
    assert text(soup.find("pre", class_="text")) == "1 red"


# Formulas, references, citations, notes


def test_formulas_are_mathml(soup):
    assert len(soup("math")) == 2
    assert "$$" not in soup.find("main").get_text()
    assert "costs $5 or $6" in text(soup.find("main"))


def test_cross_references_lead_to_numbered_things(soup):
    links = {link["href"]: text(link) for link in soup.select("a.reference")}
    assert links == {"#eq-round": "Equation 1", "#fig-bars": "Figure 1", "#tbl-shares": "Table 1"}
    assert all(soup.find(id=target[1:]) for target in links)


def test_citations_and_back_links(soup):
    assert text(soup.select(".citation")[0]) == "(see Wilson 1927, p. 3; 1961)"
    assert text(soup.select(".citation")[1]) == "Wilson (1927)"
    entries = soup.select("ol.references > li")
    assert [entry["id"] for entry in entries] == ["ref-balassa1961", "ref-wilson1927"]
    for link in soup.select('ol.references a[href^="#cite-"]'):
        assert soup.find(id=link["href"][1:])


def test_reference_list_is_added_where_no_heading_asks_for_it(export, pages):
    notebook = pages.notebook()
    notebook.cells.pop()
    soup, _ = export(notebook)
    assert text(soup.select("article h2")[-1]).startswith("References")
    assert len(soup.select("ol.references > li")) == 2


def test_notes_stand_behind_their_paragraph(soup):
    note = soup.find(id="note-1")
    assert text(note) == "1 The base of a share."
    assert note.find_previous("p").find("a", href="#note-1")


def test_callouts_are_named(soup):
    assert [text(title) for title in soup.select(".callout-title")] == ["DefinitionBase", "Exercise1"]


def test_quotation_marks_are_set(soup):
    assert "“said”" in soup.get_text()
    assert 'answer = "coloured"' in soup.get_text()


def test_two_works_of_one_year_get_letters(export, pages):
    cell = new_markdown_cell(
        "[@balassa1961] and [@niemannschmitter2009; @hooghemarks2009; @libmanvinokurov2012]"
    )
    _, page = export(pages.notebook(cell))
    assert "2009a" not in page.html


# Figures and tables


def test_figure_has_number_caption_description_and_data(soup):
    figure = soup.find("figure", id="fig-bars")
    assert text(figure.figcaption) == "Figure 1 Transport leads with 44% of 50"
    assert {drawing["aria-label"] for drawing in figure("svg")} == {"Bars: transport 44%, the other 26%."}
    assert {drawing["role"] for drawing in figure("svg")} == {"img"}
    block = figure.parent
    assert "Two bars." in text(block.find("details"))
    files = [link["href"].rpartition(".")[2] for link in block.select(".downloads a")]
    assert files == ["svg", "png", "pdf", "csv"]


def test_tables_have_captions_and_scopes(soup):
    for table in soup("table"):
        if table.find_parent(class_="markdown-table") is None and table.caption is None:
            assert not table.select("tbody th")
        for header in table("th"):
            assert header["scope"] in {"col", "row"}
            assert text(header)
    shares = soup.find(id="tbl-shares")
    assert text(shares.caption) == "Table 1 Shares of 50"
    assert shares.table["class"] == ["r2", "r3", "r4"]
    assert "no value" in shares.get_text()


def test_hostile_labels_stay_text(soup):
    assert soup.get_text().count("<script>alert(1)</script>") >= 4
    assert not [script for script in soup("script") if "alert" in script.get_text()]


# Policy and metadata


def test_policy_allows_only_what_stands_in_the_page(soup):
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert len(soup("style")) == 1
    assert not soup.select("[style]")
    assert not re.search(r"\son\w+=", str(soup.find("body")))


def test_nothing_is_loaded_from_elsewhere(soup):
    for name, attribute in (("img", "src"), ("script", "src"), ("iframe", "src")):
        assert not [element for element in soup(name) if element.has_attr(attribute)]
    assert not re.search(r"url\((?!.?data:)", soup.style.get_text())
    assert not soup.select('link[rel="stylesheet"]')


def test_metadata_for_catalogues(soup):
    named = {meta["name"]: meta["content"] for meta in soup("meta") if meta.has_attr("name")}
    assert named["citation_title"] == named["DC.title"] == "Which counts can it mean?"
    assert named["citation_publication_date"] == "2026/01/01"
    assert named["citation_author"]
    properties = {meta["property"] for meta in soup("meta") if meta.has_attr("property")}
    assert {"og:title", "og:type", "article:published_time"} <= properties
    graph = json.loads(soup.find("script", type="application/ld+json").get_text())["@graph"]
    assert [item["@type"] for item in graph] == ["ScholarlyArticle", "Dataset", "Dataset", "Dataset"]
    assert graph[0]["datePublished"] == "2026-01-01"


def test_page_can_be_cited(soup):
    cite = text(soup.find("section", class_="cite"))
    assert "@incollection{regint_02_second," in cite
    assert "TY - CHAP" in cite


def test_record_page_holds_what_site_and_search_need(exported):
    _, page = exported
    assert page.findings == ("Forty-four means 22 of 50.", "It means nothing else.")
    assert page.abstract == "A printed figure hides a count."
    assert [display.label for display in (*page.figures, *page.tables)] == ["fig-bars", "tbl-shares"]
    assert [(display.number, display.cell) for display in page.figures] == [(1, 6)]
    assert (4, "02_second.html#from-figure-to-count") in page.links
    assert {"fig-bars", "tbl-shares", "eq-round"} <= set(page.anchors)
    assert ("exercises", "Exercises") in [section[:2] for section in page.sections]


# What stops a build

png = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "<Figure size>"})
bare_table = new_output("display_data", data={"text/html": "<table><tr><td>1</td></tr></table>"})


def test_incomplete_page_stops_the_build_and_names_the_cell(export, pages):
    def broken_figure(**changes):
        output = pages.figure("fig-second")
        output.data["application/vnd.nbarticle.figure+json"].update(changes)
        return new_code_cell("x", outputs=[output])

    refused = [
        (new_markdown_cell("See [@nobody2000]."), "The citation @nobody2000 is not in the bibliography"),
        (new_markdown_cell("As @nobody2000 says."), "The citation @nobody2000 is not in the bibliography"),
        (new_markdown_cell("See @fig-none."), "The reference @fig-none leads nowhere"),
        (new_markdown_cell("A note[^none]."), "The footnote [^none] is called but never written"),
        (new_markdown_cell("See [above](#nowhere)."), "The link to #nowhere leads nowhere"),
        (new_markdown_cell("$\\nosuch{x}$"), "cannot be set"),
        (new_markdown_cell("$$ x $$ {#eq-round}"), 'The label "eq-round" is used twice'),
        (new_markdown_cell("::: {.callout-joke}\nx\n:::"), "is no callout"),
        (new_markdown_cell('<p id="exercises">x</p>'), 'The id "exercises'),
        (new_markdown_cell("![](data:image/png;base64,AA==)"), "no alternative text"),
        (new_markdown_cell("![a picture](gone.png)"), "The picture gone.png is not there"),
        (new_code_cell("x", outputs=[png]), "past figures.show"),
        (new_code_cell("x", outputs=[bare_table]), "past tables.show"),
        (new_code_cell("x", outputs=[pages.figure()]), 'The label "fig-bars" is used twice'),
        (broken_figure(alt="<Figure size 640x480 with 1 Axes>"), "no alternative text"),
        (broken_figure(alt="plots/figure.png"), "no alternative text"),
        (broken_figure(caption=" "), "no caption"),
        (broken_figure(label="bars"), "must be fig-name or tbl-name"),
    ]
    for cell, sentence in refused:
        with pytest.raises(Problem, match=re.escape(sentence)) as caught:
            export(pages.notebook(cell))
        assert str(caught.value).startswith("02_second, cell 14: ")


# A notebook that knows nothing of us


@pytest.fixture(scope="module")
def strange(export, pages):
    return export(pages.foreign(), {})


def test_foreign_notebook_becomes_a_page(strange):
    soup, page = strange
    assert [text(heading) for heading in soup("h1")] == ["notebook"]
    assert [heading.name for heading in soup.select("article :is(h2, h3, h4)")] == ["h2", "h3", "h2"]
    assert "[@nobody2000], @someone and @fig-none" in text(soup)
    assert page.name == "notebook"
    assert not soup.select(".record, .cite, .downloads")


def test_foreign_outputs_are_safe(strange):
    soup, _ = strange
    assert "x()" not in soup.find("body").decode()
    assert not soup.select("[onclick], [style], img[src^=http]")
    assert soup.find("b")["class"] == ["s1"]
    assert ".s1{color:red}" in soup.style.get_text()


def test_pandas_table_is_repaired(strange):
    table = strange[0].find("table")
    assert not table.has_attr("border")
    assert [[text(cell) for cell in row(["th", "td"])] for row in table.thead("tr")] == [["key", "n"]]
    assert [header["scope"] for header in table("th")] == ["col", "col", "row", "row"]


def test_foreign_errors_and_messages_are_marked(strange):
    soup, _ = strange
    assert "ValueError: no <b>" in text(soup.find("div", class_="error"))
    assert "careful" in text(soup.find("div", class_="stderr"))


def test_foreign_picture_has_some_alternative_text(strange):
    assert strange[0].find("img")["alt"] == "Picture without a description"


def test_empty_notebook_is_a_page(export):
    soup, page = export(new_notebook(), {})
    assert text(soup.h1) == page.title == "notebook"


def test_alternative_text_of_the_output_is_kept(export):
    output = new_output("display_data", data=dict(png.data), metadata={"image/png": {"alt": "Two bars."}})
    soup, _ = export(new_notebook(cells=[new_code_cell("x", outputs=[output])]), {})
    assert soup.find("img")["alt"] == "Two bars."


def test_pictures_beside_the_notebook_are_embedded(tmp_path):
    (tmp_path / "dot.png").write_bytes(b"\x89PNG")
    notebook = new_notebook(cells=[new_markdown_cell("![A dot](dot.png)")])
    html, _ = ArticleExporter().from_notebook_node(notebook, {"metadata": {"path": str(tmp_path)}})
    assert '<img src="data:image/png;base64,iVBORw==" alt="A dot">' in html


ALONE = """import sys
sys.modules["regint"] = sys.modules["surveyfile"] = None
from nbconvert.nbconvertapp import main
main(["--to", "article", "any.ipynb"])
"""


def test_a_strangers_page_is_made_without_us_and_carries_nothing_of_ours(tmp_path, pages):
    (tmp_path / "any.ipynb").write_text(writes(pages.foreign()), encoding="utf-8")
    subprocess.run([sys.executable, "-c", ALONE], cwd=tmp_path, check=True, capture_output=True)
    html = (tmp_path / "any.html").read_text(encoding="utf-8")
    assert "<h1>any</h1>" in html
    assert "regint" not in html
    soup = BeautifulSoup(html, "lxml")
    assert not soup.select("footer, .record, .cite, .home, [name=citation_author], [name=citation_keywords]")
    assert not soup.select('[name="DC.rights"], [name="citation_inbook_title"], [property="og:site_name"]')


BUILD = """import sys
sys.modules["regint"] = sys.modules["surveyfile"] = None  # in the workers too, which import this file
from nbarticle.plan import Request
from nbarticle.run import build
if __name__ == "__main__":
    report = build(Request(given=[("factor", "3")], jobs=1))
    assert (report.built, report.failed) == (["any"], {}), report
"""


def test_a_strangers_collection_is_built_without_us(tmp_path, collections):
    collection = collections.Collection(tmp_path / "theirs")
    (collection.root / "pyproject.toml").write_text(
        '[project]\nname = "theirs"\nversion = "7.1"\ndependencies = ["numpy>=1"]\n'
        '[tool.nbarticle]\ntitle = "Theirs: a study"\n'
    )
    (collection.root / "build.py").write_text(BUILD)
    collection.write("any", "print(2 * factor)", parameters="factor: int = 1  # what two is multiplied by")
    run = subprocess.run([sys.executable, "build.py"], cwd=collection.root, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    built = collection.out / "variant" / "any-factor-3"
    assert '"6\\n"' in (built / "executed" / "any.ipynb").read_text()
    pages = [built / "site" / name for name in ("index.html", "any.html")]
    html = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert "version 7.1" in html and "numpy" in html
    assert "regint" not in html and not list(collection.root.rglob("*regint*"))


def test_a_project_elsewhere_signs_its_own_pages_and_runs_nothing(tmp_path, pages):
    table = ["[tool.nbarticle]", 'title = "Ours: a study"', 'authors = ["Doe, Jane"]', 'language = "fr"']
    table += ['check_parameters = "no_such_module:check"']
    (tmp_path / "pyproject.toml").write_text("\n".join(table), encoding="utf-8")
    notebook = pages.foreign()
    notebook.metadata["nbarticle"] = {"licence": "CC0"}
    html, _ = pages.export(notebook, {}, tmp_path)
    soup = BeautifulSoup(html, "lxml")
    assert soup.html["lang"] == "fr" and text(soup.footer) == "Ours: a study."
    assert soup.find("meta", attrs={"name": "DC.rights"})["content"] == "CC0"
    assert "Doe, Jane. notebook. In Ours: a study." in text(soup.find(class_="cite"))
    assert "@incollection{Ours_notebook," in text(soup.find(class_="cite"))


DAMAGED = {
    "a list": "[1]",
    "empty": "",
    "cut off": '{"cells": [{"cell_type": "cod',
    "no cells": "{}",
    "a version to come": '{"nbformat": 9, "cells": []}',
    "a strange cell": '{"cells": [{"cell_type": "x"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
}


@pytest.mark.filterwarnings("ignore::Warning")  # nbformat's own, about the damage
def test_damaged_notebook_is_one_sentence(tmp_path):
    for case, content in DAMAGED.items():
        (tmp_path / "any.ipynb").write_text(content)
        with pytest.raises(Problem) as caught:
            ArticleExporter().from_filename(str(tmp_path / "any.ipynb"))
        assert str(caught.value).startswith("any.ipynb is not a notebook, or is damaged: open and save"), case


def test_nbconvert_ends_with_that_sentence_and_no_traceback(tmp_path):
    (tmp_path / "any.ipynb").write_text(DAMAGED["cut off"])
    command = [sys.executable, "-m", "nbconvert", "--to", "article", "any.ipynb"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("nbconvert: any.ipynb is not a notebook")
    assert "Traceback" not in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["any.ipynb"]
