import pandas as pd
from regint.display import figures


def test_shares_by_group_are_all_listed_and_the_first_group_summed_up() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"] * 2, "share": [0.1, 0.2, 0.3, None], "of": ["50"] * 2 + ["30"] * 2}
    )
    text = figures.describe_shares(frame, what="Things", by="of")
    assert text["alt"] == "Chart. Things: 2 rows; 50: from b, 20%, to a, 10%."
    assert text["description"] == "a, 50: 10%. b, 50: 20%. a, 30: 30%. b, 30: unknown."


def test_nothing_to_describe() -> None:
    empty = pd.DataFrame({"label": [], "share": [], "lower": [], "upper": []})
    assert figures.describe_shares(empty, what="Things")["alt"] == "Chart. Things: 0 rows."
    assert figures.describe_ranges(empty, what="Things")["alt"] == "Range chart. Things: 0 rows."
    series = pd.DataFrame({"x": [], "y": [], "series": []})
    assert figures.describe_series(series, what="Things")["alt"] == "Line chart. Things: no values."


def test_findings_say_no_more_than_is_known() -> None:
    frame = pd.DataFrame({"label": ["a", "b", "c"], "share": [0.1, 0.2, None]})
    assert figures.state_shares(frame, what="Q", of="50 asked") == (
        "Q: of the shares known, 20% for “b” is the largest. Base: 50 asked."
    )
    assert "no share is known" in figures.state_shares(frame.tail(1), what="Q", of="50 asked")
    assert "“b” leads with 20%" in figures.state_shares(frame.head(2), what="Q", of="50 asked")


def test_hostile_names_lose_their_controls() -> None:
    frame = pd.DataFrame({"label": ["a\u202e\x00b"], "share": [0.1]})
    assert "ab" in figures.describe_shares(frame, what="x\ny")["alt"]
    assert "x y" in figures.describe_shares(frame, what="x\ny")["alt"]


def test_grid_names_its_highest_cell() -> None:
    frame = pd.DataFrame({"row": ["a", "b"], "column": "x", "value": [1.0, None]})
    text = figures.describe_grid(frame, what="Stage")
    assert text["alt"].endswith("highest is a, x.")
    assert text["description"] == "a, x: 1. b, x: not known."


def test_a_long_series_is_summed_up() -> None:
    frame = pd.DataFrame({"x": range(31), "y": [0.5 + (x == 7) for x in range(31)], "series": "S"})
    text = figures.describe_series(frame, what="Things")
    assert text["description"] == "S, 31 points from 0.5 to 0.5: lowest 0.5 at 0, highest 1.5 at 7."
    short = figures.describe_series(frame.head(3), what="Things")
    assert short["description"] == "S, 0: 0.5. S, 1: 0.5. S, 2: 0.5."


def test_a_single_share_is_named_once() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "share": [0.1, None]})
    assert (
        figures.describe_shares(frame, what="Things")["alt"]
        == "Chart. Things: 2 rows, only a, 10%; 1 unknown."
    )
