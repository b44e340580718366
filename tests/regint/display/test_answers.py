import pandas as pd
import pytest
from regint.display import figures, row_layout

SCALE = pd.DataFrame(
    {
        "question_label": "Prospects",
        "scale": "ordered",
        "label": ["low", "high"] * 2,
        "share": [0.2, 0.4, 0.33, 0.67],
        "of": ["50 asked"] * 2 + ["30 who answered"] * 2,
        "count": [10, 20] * 2,
        "lower": 0.1,
        "upper": 0.8,
    }
)


def test_picture_speaks_of_the_main_base_and_shows_both() -> None:
    payload = figures.picture(SCALE, SCALE.tail(2), label="fig-q", interval="95% interval, Wilson").payload
    assert payload["caption"] == "Prospects: “high” leads with 67%. Base: 30 who answered."
    assert payload["alt"].startswith("Bar chart. Prospects: 2 rows")
    assert "95% interval, Wilson" in payload["svg"]
    assert len(payload["data"]["rows"]) == 4


def test_unordered_answers_are_dots() -> None:
    payload = figures.picture(SCALE.assign(scale="unordered"), SCALE, label="fig-q").payload
    assert payload["alt"].startswith("Dot chart.")


def test_table_has_count_base_share_and_interval() -> None:
    payload = figures.table(SCALE.head(1), caption="Prospects", label="tbl-q").payload
    assert payload["rows"] == [["Prospects", "low", "10", "50 asked", "20.0%", "10–80%"]]


def test_no_answers_make_an_empty_table_and_no_picture() -> None:
    assert figures.table(SCALE.head(0), caption="None", label="tbl-q").payload["rows"] == []
    with pytest.raises(row_layout.FrameError):
        figures.picture(SCALE.drop(columns="of"), SCALE, label="fig-q")


WEIGHTED = SCALE.tail(2).assign(of="30 who answered, weighted", plain_share=[0.3, 0.7], effective_base=21.04)


def headers(frame: pd.DataFrame) -> list[str]:
    return [c["header"] for c in figures.table(frame, caption="Shares", label="tbl-q").payload["columns"]]


def test_weighted_answers_show_the_plain_share_and_the_effective_base_too() -> None:
    payload = figures.table(WEIGHTED, caption="Shares", label="tbl-q").payload
    row = dict(zip(headers(WEIGHTED), payload["rows"][0], strict=True))
    assert (row["Weighted share"], row["Plain share"]) == ("33.0%", "30.0%")
    assert (row["Of"], row["Effective base"]) == ("30 who answered", "effective base 21.0")
    assert payload["values"][0][headers(WEIGHTED).index("Effective base")] == 21.04
    assert [headers(WEIGHTED)[place] for place in payload["group"]] == ["Question", "Of", "Effective base"]
    assert "Effective base" in payload["note"]


def test_a_share_is_called_weighted_only_where_all_are() -> None:
    assert headers(pd.concat([SCALE.head(2), WEIGHTED]))[4] == "Share"
    assert headers(SCALE.assign(plain_share=None))[4:] == ["Share", "Interval"]


def test_a_share_without_a_count_keeps_its_printed_decimals() -> None:
    odd = SCALE.head(1).assign(share=0.435, count=None, printed="43.5", scale="unordered")
    payload = figures.picture(odd, odd, label="fig-q").payload
    assert "43.5%" in payload["caption"] and "43.5%" in payload["svg"] and "43.5%" in payload["alt"]


def test_pictures_speak_of_the_chosen_base_or_of_the_first() -> None:
    rows_of = SCALE.assign(question="q", chosen=[False, False, True, True])
    (chosen,) = figures.pictures(rows_of)
    assert chosen.payload["caption"].endswith("Base: 30 who answered.")
    (first,) = figures.pictures(rows_of.assign(chosen=False))
    assert first.payload["caption"].endswith("Base: 50 asked.")
    assert list(figures.pictures(rows_of.head(0))) == []
