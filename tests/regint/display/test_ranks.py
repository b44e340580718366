import pandas as pd
import pytest
from regint.display import figures
from regint.display.style import MARKERS, PALE


def test_rank_bars_cover_the_possible_ranks() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "best": [1, 2], "worst": [3, 2], "rank": [1, 2]})
    ax = figures.draw_rank_intervals(frame)
    pale = [p for p in ax.patches if p.get_alpha() == PALE]
    assert [(p.get_x() + 0.35, p.get_x() + p.get_width() - 0.35) for p in pale] == [
        pytest.approx((1, 3)),
        pytest.approx((2, 2)),
    ]
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() in MARKERS] == [1, 2]
    assert list(ax.get_xticks()) == [1, 2, 3]


def test_p_value_bounds_lie_on_a_logarithmic_scale() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "p_lower": [0.0, 0.2], "p_upper": [0.01, 1.0]})
    ax = figures.draw_pvalue_bounds(frame)
    pale = [p for p in ax.patches if p.get_alpha() == PALE]
    assert [(p.get_x(), p.get_x() + p.get_width()) for p in pale] == [
        pytest.approx((0.0001, 0.01)),
        pytest.approx((0.2, 1.0)),
    ]
    assert ax.get_xscale() == "log"
    assert ax.get_legend().get_texts()[1].get_text() == "level 0.05"


def test_a_verdict_stands_behind_the_name() -> None:
    frame = pd.DataFrame({"label": ["a"], "p_lower": [0.1], "p_upper": [0.2], "verdict": ["never"]})
    assert [text.get_text() for text in figures.draw_pvalue_bounds(frame).texts] == ["a – never"]


def test_a_bound_that_is_unknown_is_left_empty() -> None:
    frame = pd.DataFrame({"label": ["a"], "p_lower": [None], "p_upper": [0.2]})
    assert not [p for p in figures.draw_pvalue_bounds(frame).patches if p.get_alpha() == PALE]


def test_the_key_says_what_the_rank_bars_mean() -> None:
    frame = pd.DataFrame({"label": ["a"], "best": [1], "worst": [2]})
    keys = figures.draw_rank_intervals(frame, meaning="95% of the draws").get_legend().get_texts()
    assert [key.get_text() for key in keys] == ["95% of the draws"]
