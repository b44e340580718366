import pandas as pd
import pytest
from regint.display import answers, rows

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
    payload = answers.picture(SCALE, SCALE.tail(2), label="fig-q", interval="95% interval, Wilson").payload
    assert payload["caption"] == "Prospects: “high” leads with 67%. Base: 30 who answered."
    assert payload["alt"].startswith("Bar chart. Prospects: 2 rows")
    assert "95% interval, Wilson" in payload["svg"]
    assert len(payload["data"]["rows"]) == 4


def test_unordered_answers_are_dots() -> None:
    payload = answers.picture(SCALE.assign(scale="unordered"), SCALE, label="fig-q").payload
    assert payload["alt"].startswith("Dot chart.")


def test_table_has_count_base_share_and_interval() -> None:
    payload = answers.table(SCALE.head(1), caption="Prospects", label="tbl-q").payload
    assert payload["rows"] == [["Prospects", "low", "10", "50 asked", "20.0%", "10–80%"]]


def test_no_answers_make_an_empty_table_and_no_picture() -> None:
    assert answers.table(SCALE.head(0), caption="None", label="tbl-q").payload["rows"] == []
    with pytest.raises(rows.FrameError):
        answers.picture(SCALE.drop(columns="of"), SCALE, label="fig-q")
