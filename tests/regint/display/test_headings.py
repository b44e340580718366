"""Headings and formats of columns that a notebook leaves to the collection."""

import pandas as pd
from regint.display import tables
from regint.display.tables import HEADINGS, PRINTED, heading


def test_every_way_of_printing_exists() -> None:
    assert set(PRINTED.values()) <= set(tables.FORMATS)


def test_no_heading_repeats_the_rule() -> None:
    assert [
        name for name in HEADINGS if HEADINGS[name] == f"{name[:1].upper()}{name[1:].replace('_', ' ')}"
    ] == []


def test_headings_keep_capitals_and_accept_any_name() -> None:
    assert [heading(name) for name in ("HHI", "most_links_out", "ýear", "", 2025)] == [
        "HHI",
        "Most links out",
        "Ýear",
        "",
        "2025",
    ]


def test_a_table_takes_heading_and_format_from_the_name() -> None:
    frame = pd.DataFrame({"paraphrase": ["Most agree"], "share": [0.481], "year": [2025]})
    payload = tables.show(frame, caption="Shares of 52", label="tbl-shares").payload
    assert [column["header"] for column in payload["columns"]] == ["Claim", "Share", "Year"]
    assert payload["rows"] == [["Most agree", "48.1%", "2025"]]


def test_what_the_notebook_says_goes_first() -> None:
    frame = pd.DataFrame({"share": [0.481]})
    shown = tables.show(
        frame, caption="x", label="tbl-x", headers={"share": "Part"}, formats={"share": "share"}
    )
    assert shown.payload["columns"][0]["header"] == "Part" and shown.payload["rows"] == [["48%"]]


def test_a_name_promises_nothing_about_text() -> None:
    frame = pd.DataFrame({"year": ["2019 or 2020"], "share": ["most"]})
    assert tables.show(frame, caption="x", label="tbl-x").payload["rows"] == [["2019 or 2020", "most"]]
