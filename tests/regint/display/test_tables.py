import json

import pandas as pd
import pytest
from regint.display import tables

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
    with pytest.raises(tables.TableError, match=message):
        shown(**options)


def test_a_column_may_name_groups_and_must_then_be_shown() -> None:
    assert shown(group=["label"]).payload["group"] == shown(group="label").payload["group"] == [0]
    assert shown().payload["group"] == []
    with pytest.raises(tables.TableError, match="cannot be grouped by 'nope'"):
        shown(group=["label", "nope"])


def test_columns_without_headers_are_named_with_a_capital() -> None:
    frame = pd.DataFrame({"mean": [1.0], "of 50": [2]})
    columns = tables.show(frame, caption="Means", label="tbl-means").payload["columns"]
    assert [column["header"] for column in columns] == ["Mean", "Of 50"]


def test_a_long_table_may_be_folded_under_its_caption() -> None:
    assert shown(folded=True).payload["folded"] is True
    assert shown().payload["folded"] is False
