"""Tables: headings, formats, and the two forms that a page and a notebook read."""

import json

import numpy as np
import pandas as pd
import pytest
from regint.display import tables
from regint.display.tables import HEADINGS, PRINTED, heading
from textfiles.problems import Problem

FRAME = pd.DataFrame(
    {
        "label": ["Energy", "<script>alert(1)</script>", "=1+1"],
        "count": pd.array([26, None, 0], dtype="Int64"),
        "share": [0.52, None, 0.0],
        "ends": [(0.385, 0.652), (None, None), (0.0, 0.07)],
    },
    index=[7, 8, 9],
)


def shown(frame: pd.DataFrame = FRAME, **options: object) -> tables.Table:
    given = {
        "caption": "Shares of 50",
        "label": "tbl-shares",
        "formats": {"share": "share", "ends": "interval"},
    }
    return tables.show(frame, **(given | options))  # type: ignore[arg-type]


def test_payload_holds_printed_and_raw_values() -> None:
    payload = shown().payload
    assert payload["rows"][0] == ["Energy", "26", "52%", "39–65%"]
    assert payload["values"][0] == ["Energy", 26, 0.52, [0.385, 0.652]]
    assert payload["rows"][1][1:] == ["–", "–", "–"] and payload["values"][1][1:] == [None, None, None]
    assert [c["align"] for c in payload["columns"]] == ["left", "right", "right", "right"]
    json.dumps(payload)


def test_jupyterlab_is_shown_whole_cells_without_the_index_and_without_markup() -> None:
    html = shown(FRAME.assign(label=["<script>alert(1)</script>" * 9, "", ""]), note="<b>").as_html()
    assert html.count("&lt;script&gt;") == 9 and "<script" not in html and "&lt;b&gt;" in html
    assert html.startswith("<p>Shares of 50</p><table") and ">7<" not in html


def test_headers_choose_order_and_text() -> None:
    payload = shown(headers={"share": "Share of 50", "label": "Option"}).payload
    assert [c["header"] for c in payload["columns"]] == ["Share of 50", "Option"]
    assert payload["rows"][0] == ["52%", "Energy"]


def test_no_rows_and_one_row() -> None:
    assert shown(FRAME.head(0)).payload["rows"] == []
    assert len(shown(FRAME.head(1)).payload["rows"]) == 1


def test_text_form_lines_up() -> None:
    lines = shown().as_text().splitlines()
    assert lines[0] == "Shares of 50"
    assert len({line.rstrip()[-1] for line in lines[2:]} & set("%–")) > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label": "shares"}, "looks like 'tbl-shares'"),
        ({"label": 'tbl-"><script>'}, "looks like"),
        ({"caption": " "}, "needs a caption"),
        ({"headers": {"nope": "x"}}, "no column 'nope'; it has: label, count"),
        ({"formats": {"share": "percent"}}, "no format 'percent'; choose from"),
    ],
)
def test_mistakes_are_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(Problem, match=message):
        shown(**options)


def test_a_column_may_name_groups_and_must_then_be_shown() -> None:
    assert shown(group=["label"]).payload["group"] == shown(group="label").payload["group"] == [0]
    assert shown().payload["group"] == []
    with pytest.raises(Problem, match="cannot be grouped by 'nope'"):
        shown(group=["label", "nope"])


def test_columns_without_headers_are_named_with_a_capital() -> None:
    frame = pd.DataFrame({"mean": [1.0], "of 50": [2]})
    columns = tables.show(frame, caption="Means", label="tbl-means").payload["columns"]
    assert [column["header"] for column in columns] == ["Mean", "Of 50"]


def test_a_long_table_may_be_folded_under_its_caption() -> None:
    assert shown(folded=True).payload["folded"] is True
    assert shown().payload["folded"] is False


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


@pytest.mark.parametrize(
    ("value", "kind", "printed"),
    [
        (26, "count", "26"),
        (0.52, "share", "52%"),
        (0.2642, "share1", "26.4%"),
        ((0.385, 0.652), "interval", "39–65%"),
        ((0.5, 0.5), "interval", "50%"),
        ((-0.23, 0.79), "interval_decimal2", "−0.23 to 0.79"),
        ((25, 27), "range", "25–27"),
        (0.00001, "probability", "< 0.001"),
        (2025, "year", "2025"),
        (821.61, "effective_base", "effective base 821.6"),
        (True, "yesno", "yes"),
        ("a\nb", "text", "a b"),
        (None, "share", "–"),
        ((0.1, float("nan")), "interval", "–"),
        ("", "text", "–"),
    ],
)
def test_render(value: object, kind: str, printed: str) -> None:
    assert tables.render(value, kind) == printed


def test_every_format_prints_a_missing_value_as_a_dash() -> None:
    assert {tables.render(pd.NA, kind) for kind in tables.FORMATS} == {"–"}


def test_infer_reads_nullable_types() -> None:
    assert tables._usual_format(pd.Series([1, None], dtype="Int64")) == "count"
    assert tables._usual_format(pd.Series([0.1, None], dtype="Float64")) == "decimal2"
    assert tables._usual_format(pd.Series([True, None], dtype="boolean")) == "yesno"


def test_raw_is_plain_json_and_unrounded() -> None:
    values = [
        np.int64(3),
        np.float64(0.123456789),
        np.bool_(True),
        (0.1, 0.2),
        pd.NA,
        pd.Timestamp("2025-07-01"),
    ]
    expected = [3, 0.123456789, True, [0.1, 0.2], None, "2025-07-01 00:00:00"]
    assert [tables.raw(value) for value in values] == expected


def test_mixed_numbers_show_decimals_only_where_there_are_any() -> None:
    assert [tables.render(value, "number") for value in (12.0, 11.187, None)] == ["12", "11.19", "–"]


def test_a_probability_is_never_printed_as_nought() -> None:
    assert [tables.render(value, "probability") for value in (0.0, 0.0015, 1.0)] == [
        "< 0.001",
        "0.002",
        "1.000",
    ]
