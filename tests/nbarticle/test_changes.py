"""What another choice of parameters changes: each difference once, and nothing that only moved."""

from nbarticle.document import Display, Page
from nbarticle.site import Change, changes


def table(label: str, columns: list[str], *rows: list[str], caption: str = "C", text: str = "") -> Display:
    heads = [
        {"name": name, "header": name.capitalize(), "align": "left" if name in text.split() else "right"}
        for name in columns
    ]
    return Display(label, 1, 1, caption, {"columns": heads, "rows": list(rows)})


def page(
    *tables: Display, told: tuple[str, ...] = (), figures: tuple[Display, ...] = (), first: int = 1
) -> Page:
    computed = tuple((cell, text) for cell, text in enumerate(told, first))
    return Page("01_a", "A", tables=tables, computed=computed, figures=figures)


def test_the_same_page_has_no_changes_wherever_its_cells_and_rows_stand() -> None:
    rows = [["x", "1"], ["y", "2"]]
    one = page(table("tbl-a", ["name", "n"], *rows, text="name"), told=("Half.", "All."))
    other = page(table("tbl-a", ["name", "n"], *reversed(rows), text="name"), told=("Half.", "All."), first=2)
    assert changes(one, other) == []


def test_sentences_pair_up_in_order_and_new_ones_stand_alone() -> None:
    one = page(told=("Same.", "- It is 1. - So 0.5 stays.", "End."))
    other = page(told=("New.", "Same.", "- It is 2. - So 0.5 stays.", "End."))
    assert [(c.kind, c.published, c.here) for c in changes(one, other)] == [
        ("sentence", "", "New."),
        ("sentence", "It is 1.", "It is 2."),
    ]


def test_a_verdict_is_told_of_its_claim_though_the_verdict_stands_first() -> None:
    heads = ["verdict", "claim", "share"]
    one = table("tbl-v", heads, ["certain", "A", "10"], ["possible", "B", "20"], text="verdict claim")
    other = table("tbl-v", heads, ["possible", "B", "21"], ["impossible", "A", "10"], text="verdict claim")
    assert changes(page(one), page(other)) == [
        Change("word", "tbl-v", "A", "Verdict", "certain", "impossible"),
        Change("number", "tbl-v", "B", "Share", "20", "21"),
    ]


def test_rows_that_need_two_columns_for_a_name_and_rows_that_have_none() -> None:
    heads = ["question", "answer", "n"]
    rows = [["q1", "yes", "1"], ["q1", "no", "1"], ["q2", "yes", "1"]]
    one, other = table("tbl-q", heads, *rows), table("tbl-q", heads, *rows[:2], ["q2", "yes", "3"])
    assert changes(page(one), page(other)) == [Change("number", "tbl-q", "q2, yes", "N", "1", "3")]
    one, other = table("tbl-n", ["n"], ["1"], ["1"]), table("tbl-n", ["n"], ["1"], ["2"])
    assert changes(page(one), page(other)) == [Change("number", "tbl-n", "2", "N", "1", "2")]


def test_rows_that_have_come_and_gone_are_no_pair_for_what_they_have_in_common() -> None:
    heads = ["claim", "why", "n"]
    one = table("tbl-c", heads, ["A", "no majority", "1"], ["B", "other", "2"], text="claim why")
    other = table("tbl-c", heads, ["C", "no majority", "3"], ["D", "third", "4"], text="claim why")
    found = changes(page(one), page(other))
    assert {(c.kind, c.row, c.column) for c in found} == {("presence", name, "row") for name in "ABCD"}
    one, other = table("tbl-n", ["n", "m"], ["1", "2"]), table("tbl-n", ["n", "m"], ["3", "4"])
    assert [(c.published, c.here) for c in changes(page(one), page(other))] == [("1", "3"), ("2", "4")]


def test_a_column_that_is_called_otherwise_is_named_by_both() -> None:
    one, other = (table("tbl-a", ["name", "n"], ["x", n], text="name") for n in "12")
    other.content["columns"][1]["header"] = "N of 90"
    assert [c.column for c in changes(page(one), page(other))] == ["N, here: N of 90"]


def test_what_comes_and_goes_is_named() -> None:
    one = page(table("tbl-a", ["name", "n"], ["x", "1"], ["y", ""]), table("tbl-b", ["n"], caption="Old"))
    other = page(table("tbl-a", ["name", "m"], ["x", "1"], ["z", "3"], caption="D"), table("tbl-c", ["n"]))
    assert [(c.place, c.column, c.row, c.published, c.here) for c in changes(one, other)] == [
        ("tbl-a", "caption", "", "C", "D"),
        ("tbl-a", "column", "", "N", ""),
        ("tbl-a", "column", "", "", "M"),
        ("tbl-a", "row", "y", "y", ""),
        ("tbl-a", "row", "z", "", "z; 3"),
        ("tbl-b", "table", "", "Old", ""),
        ("tbl-c", "table", "", "", "C"),
    ]


def test_a_figure_drawn_from_other_data_is_named() -> None:
    drawn = [Display("fig-a", 1, 1, "C", {"data": {"rows": [[n]]}, "svg": f"<svg>{n}</svg>"}) for n in (1, 2)]
    found = changes(page(figures=(drawn[0],)), page(figures=(drawn[1],)))
    assert [(c.place, c.column) for c in found] == [("fig-a", "data of the figure")]
    assert changes(page(figures=(drawn[0],)), page(figures=(drawn[0],))) == []
