"""Tables, figures and foreign outputs, one at a time."""

import pandas as pd
from bs4 import BeautifulSoup
from nbarticle.document import Document
from nbarticle.markup import clean
from nbarticle.outputs import figure as show_figure
from nbarticle.outputs import table as show_table
from regint.display import tables


def text(element):
    return " ".join(element.get_text().split())


def test_groups_of_rows_are_named_once_above_them():
    columns = [{"header": "Question", "align": "left"}, {"header": "Response", "align": "left"}]
    columns += [{"header": "Count", "align": "right"}]
    rows = [["Roads", "yes", "3"], ["Roads", "no", "1"], ["<b>Rail</b>", "yes", "2"]]
    content = {"label": "tbl-a", "caption": "Answers", "columns": columns, "rows": rows, "group": [0]}
    table = BeautifulSoup(show_table(content, Document()), "lxml").table
    assert [text(th) for th in table.select("thead th")] == ["Response", "Count"]
    assert [text(th) for th in table.select("th[scope=rowgroup]")] == ["Roads", "<b>Rail</b>"]
    assert {th["colspan"] for th in table.select("th[scope=rowgroup]")} == {"2"}
    assert table["class"] == ["r2"] and len(table("tbody")) == 2


def test_a_folded_table_shows_its_caption_and_length():
    content = tables.show(
        pd.DataFrame({"claim": ["a", "b"]}), caption="All <claims>", label="tbl-all", folded=True
    ).payload
    block = BeautifulSoup(show_table(content, Document()), "lxml").find(id="tbl-all")
    assert text(block.summary) == "Table 1 All <claims> (2 rows)"
    assert block.details.table.caption["class"] == ["unseen"]
    assert not block.summary.find("a")


def test_data_behind_a_figure_say_once_what_every_row_says():
    data = {
        "columns": ["label", "base", "note", "share"],
        "rows": [["a", 50, None, 0.123456], ["b", 50, None, 1.0]],
    }
    data["rows"].append(["c", 50, None, None])
    content = {"label": "fig-x", "caption": "Shares", "alt": "Three shares.", "svg": "<svg/>", "data": data}
    fold = BeautifulSoup(show_figure(content, Document()), "lxml").details
    assert text(fold.p) == "The same in every row: base 50, note without a value."
    assert [text(cell) for cell in fold.table.select("thead th")] == ["label", "share"]
    assert text(fold.select("tbody td")[0]) == "0.1235"


def test_a_page_is_made_of_pictures_below_its_folder_alone(tmp_path) -> None:
    document = Document(folder=str(tmp_path))
    clean(
        '<img alt="A" src="a.svg"><img alt="B" src="../b.svg"><img alt="C" src="/etc/c.svg">',
        document,
        "text",
    )
    assert document.read == {(tmp_path / "a.svg").resolve()}
