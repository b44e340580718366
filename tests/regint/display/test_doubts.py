"""Pictures and tables of what is not known: captions state the finding and its base."""

import pandas as pd
import pytest
from regint.display import figures, tables


def caption(shown) -> str:
    return shown.payload["caption"]


def shares(**columns: list[float]) -> pd.DataFrame:
    number = len(next(iter(columns.values())))
    return pd.DataFrame(
        {"label": [f"option {i}" for i in range(number)], "share": columns["lower"], **columns}
    )


@pytest.mark.parametrize(
    ("lower", "upper", "finding"),
    [
        ([0.6, 0.2], [1.0, 0.6], "1 of 2 options surely has a majority of all asked, 1 more may."),
        ([0.6, 0.7], [0.9, 0.9], "2 of 2 options surely have a majority of all asked, 0 more may."),
        ([0.1, 0.5], [0.5, 0.5], "0 of 2 options surely has a majority of all asked, 0 more may."),
    ],
)
def test_silence_says_who_surely_and_who_perhaps_has_a_majority(lower, upper, finding: str) -> None:
    shown = figures.silence(shares(lower=lower, upper=upper), what="Ways", asked=50, silent=20, label="fig-s")
    assert caption(shown) == f"Ways: with 20 of 50 asked silent, {finding}"


def test_methods_that_keep_their_promise_are_named() -> None:
    frame = pd.DataFrame({"x": [0.1, 0.5] * 2, "y": [0.9, 0.96, 0.95, 0.99], "series": ["A", "A", "B", "B"]})
    assert caption(figures.coverage(frame, promised=0.95, people=30, label="fig-c")).startswith(
        "Only “B” always"
    )


def test_intervals_on_one_base_name_it_and_weighted_ones_stand_beside() -> None:
    frame = shares(lower=[0.1], upper=[0.3]).assign(group="of 30")
    own = pd.DataFrame({"label": ["option 0"], "answered": 30, "share": 0.1, "weighted_share": 0.2})
    own = own.assign(lower=0.1, upper=0.4)
    plain = figures.intervals(frame, pd.DataFrame(), what="Ways", model="Wilson", label="fig-i")
    assert caption(plain) == "Ways: shares of 30 people (Wilson)."
    both = figures.intervals(frame, own, what="Ways", model="Wilson", label="fig-i")
    assert caption(both) == (
        "Ways: weights move “option 0” most, from 10.0% to 20.0% of 30 who answered "
        "(Wilson; weighted: by the sampling design)."
    )
    assert both.payload["data"]["rows"][1] == ["option 0", "weighted, of 30", 0.2, 0.1, 0.4]


def test_comparisons_on_two_bases() -> None:
    row = {"first": "Rail", "second": "Road", "y": 2, "p_lower": 0.001, "p_upper": 0.2}
    frame = pd.DataFrame(
        [{**row, "group": "of 50", "verdict": "undecidable"}, {**row, "group": "of 30", "verdict": "always"}]
    )
    shown = figures.comparisons(frame, what="Ways", alpha=0.05, label="fig-c")
    assert "ahead of 0 of 1 others (of 50 people) and of 1 of 1 others (of 30 people)" in caption(shown)


def test_weights_state_base_effective_base_design_and_method() -> None:
    frame = shares(lower=[0.1, None], upper=[0.3, None]).assign(
        question_label="Ways",
        answered=130,
        effective_base=112.2,
        weighted_share=[0.2, 1.0],
        share=[0.25, 1.0],
    )
    shown = tables.weights(frame, design="weight w", confidence=0.9, label="tbl-w")
    assert caption(shown) == (
        "Weighted shares and intervals, coverage 90%, of 130 who answered, worth 112.2 with equal weights "
        "(Kish's effective base): Ways (weight w)"
    )
    assert [row[-1] for row in shown.payload["rows"]] == ["10–30%", "–"]
    assert "Taylor" in shown.payload["note"]


def test_strata_alone_have_no_effective_base() -> None:
    frame = shares(lower=[0.1], upper=[0.3]).assign(
        question_label="Ways", answered=130, effective_base=None, weighted_share=0.2
    )
    shown = tables.weights(frame, design="strata s", confidence=0.95, label="tbl-w")
    assert "effective" not in caption(shown)


def test_intervals_together_flag_their_conditions() -> None:
    frame = shares(lower=[0.1], upper=[0.3]).assign(count=3, reason="smallest count 2, at least 5 expected")
    shown = tables.together(frame, {"a": 3}, what="Ways", label="tbl-g")
    assert "not met (smallest count 2" in shown.payload["note"]
    assert shown.payload["rows"][0][0] == "a (3)"
    met = tables.together(frame.assign(reason=""), {"a": 3}, what="Ways", label="tbl-g")
    assert met.payload["note"] == "The conditions of the method are met."


def test_undecided_pairs_name_the_decisive_overlap() -> None:
    row = {"first": "Rail", "second": "Road", "least_overlap": 0, "most_overlap": 16, "flip_overlap": 11}
    shown = tables.undecided(pd.DataFrame([row]), what="Ways", people="of 50", label="tbl-u")
    assert shown.payload["rows"] == [["Rail over Road", "0–16", "11"]]


def test_hostile_labels_stay_text() -> None:
    frame = shares(lower=[0.1], upper=[0.6]).assign(label="<script>x</script>")
    shown = figures.silence(frame, what="<b>Ways</b>", asked=5, silent=2, label="fig-s")
    assert "<script>" not in shown.payload["svg"] and "<b>" not in shown.as_html().split("<figcaption>")[1]


def test_counted_shares_are_not_called_printed() -> None:
    frame = shares(lower=[0.1], upper=[0.6])
    for counted, words in ((True, "of the answers given"), (False, "as printed")):
        shown = figures.silence(frame, what="Ways", asked=5, silent=2, label="fig-s", counted=counted)
        assert words in shown.payload["svg"]
