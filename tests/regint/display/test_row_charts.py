"""Charts of rows: every mark stands where its number is."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from regint.display.row_charts import (
    draw_base_scan,
    draw_identified_sets,
    draw_intervals,
    draw_ordered_bars,
    draw_ranked_dots,
)
from regint.display.style import MARKERS, PALE
from textfiles.problems import Problem


def bars(ax: Axes) -> list[float]:
    """Lengths of the solid bars, top to bottom."""
    solid = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_fill() and not p.get_hatch()]
    return [p.get_width() for p in sorted(solid, key=lambda p: p.get_y())]


def points(ax: Axes) -> list[tuple[float, float]]:
    """Points as (share, line), top to bottom."""
    drawn = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() in MARKERS]
    return sorted(drawn, key=lambda point: point[1])


def intervals(ax: Axes) -> list[tuple[float, float]]:
    level = [line for line in ax.lines if len(line.get_xdata()) == 2 and np.ptp(line.get_ydata()) == 0]
    return [tuple(line.get_xdata()) for line in sorted(level, key=lambda line: line.get_ydata()[0])]


def hatched(ax: Axes) -> int:
    return sum(bool(patch.get_hatch()) for patch in ax.patches)


def test_bars_are_the_shares_in_the_order_of_the_frame(shares: pd.DataFrame) -> None:
    ax = draw_ordered_bars(shares)
    known = shares.dropna(subset=["share"])
    assert bars(ax) == known["share"].tolist()
    assert intervals(ax) == list(zip(known["lower"], known["upper"], strict=True))
    assert hatched(ax) == shares["share"].isna().sum()


def test_dots_are_the_shares_the_largest_on_top(shares: pd.DataFrame) -> None:
    ax = draw_ranked_dots(shares)
    assert [x for x, _ in points(ax)] == sorted(shares["share"].dropna(), reverse=True)
    assert hatched(ax) == shares["share"].isna().sum()


def test_groups_share_a_row_and_are_told_apart_by_shape() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"] * 2, "share": [0.2, 0.4, 0.3, 0.6], "of": ["50"] * 2 + ["30"] * 2}
    )
    ax = draw_ranked_dots(frame, by="of")
    assert [x for x, _ in points(ax)] == [0.4, 0.6, 0.2, 0.3]
    assert {line.get_marker() for line in ax.lines if line.get_marker() in MARKERS} == {"o", "D"}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["50", "30"]


def test_a_label_without_a_group_leaves_its_place_hatched() -> None:
    frame = pd.DataFrame({"label": ["a", "a", "b"], "share": [0.2, 0.3, 0.4], "of": ["50", "30", "50"]})
    assert hatched(draw_ranked_dots(frame, by="of")) == 1


def test_count_base_and_words_stand_behind_the_name() -> None:
    frame = pd.DataFrame(
        {
            "label": ["a", "b"],
            "share": [0.52, None],
            "count": [26, None],
            "base": 50,
            "statement": ["", "nearly every"],
        }
    )
    texts = [text.get_text() for text in draw_ordered_bars(frame).texts]
    assert texts == ["52%", "a (26 of 50)", "–", "b (in words: nearly every)"]


def test_a_weighted_share_has_the_plain_one_behind_its_name() -> None:
    frame = pd.DataFrame(
        {"label": ["rail"], "share": [0.25], "plain_share": [0.2], "count": [10], "base": [50]}
    )
    assert [text.get_text() for text in draw_ranked_dots(frame).texts] == ["25%", "rail (plain 20%)"]


def test_a_base_without_a_count_column_is_left_out() -> None:
    frame = pd.DataFrame({"label": ["a"], "share": [0.5], "base": [50]})
    assert [text.get_text() for text in draw_ordered_bars(frame).texts] == ["50%", "a"]


def test_scale_ends_at_the_next_fifth_or_where_told() -> None:
    frame = pd.DataFrame({"label": ["a"], "share": [0.52]})
    assert draw_ordered_bars(frame).get_xlim() == (0, 0.6)
    assert draw_ordered_bars(frame, limit=1.0).get_xlim() == (0, 1)


def test_ties_keep_the_order_of_the_frame() -> None:
    frame = pd.DataFrame({"label": ["b", "a", "c"], "share": [0.5, 0.5, 0.5]})
    texts = [text.get_text() for text in draw_ranked_dots(frame).texts]
    assert texts[1::2] == ["b", "a", "c"]


def test_a_missing_column_is_named() -> None:
    for draw in (draw_ordered_bars, draw_ranked_dots):
        with pytest.raises(Problem, match="needs a column 'share'; the frame has: label"):
            draw(pd.DataFrame({"label": ["a"]}))
    for draw in (draw_identified_sets, draw_intervals):
        with pytest.raises(Problem, match="'upper'"):
            draw(pd.DataFrame({"label": ["a"], "lower": [0.1]}))


def test_the_frame_is_left_as_it_was(shares: pd.DataFrame) -> None:
    before = shares.copy()
    draw_ranked_dots(shares)
    pd.testing.assert_frame_equal(shares, before)


def sets(ax: Axes) -> list[tuple[float, float]]:
    """Pale bars as (lower, upper), top to bottom."""
    drawn = sorted((p for p in ax.patches if p.get_alpha() == PALE), key=lambda p: p.get_y())
    return [(p.get_x(), round(p.get_x() + p.get_width(), 10)) for p in drawn]


def test_identified_sets_are_drawn_from_end_to_end(shares: pd.DataFrame) -> None:
    ax = draw_identified_sets(shares)
    known = shares.dropna(subset=["lower"])
    assert sets(ax) == [(a, round(b, 10)) for a, b in zip(known["lower"], known["upper"], strict=True)]


def test_the_printed_share_is_a_point_on_the_set() -> None:
    frame = pd.DataFrame({"label": ["a"], "lower": [0.2], "upper": [0.6], "share": [0.3]})
    marks = [line for line in draw_identified_sets(frame).lines if line.get_marker() in MARKERS]
    assert [line.get_xdata()[0] for line in marks] == [0.3]


def test_a_set_of_one_point_is_still_seen() -> None:
    frame = pd.DataFrame({"label": ["a"], "lower": [0.4], "upper": [0.4]})
    ax = draw_identified_sets(frame)
    assert sets(ax) == [(0.4, 0.4)] and len(ax.lines) == 2
    assert ax.texts[0].get_text() == "40%"


def test_intervals_by_base_lie_under_one_another() -> None:
    frame = pd.DataFrame({"label": "a", "lower": [0.2, 0.5], "upper": [0.3, 0.9], "of": ["50", "30"]})
    assert intervals(draw_intervals(frame, by="of")) == [(0.2, 0.3), (0.5, 0.9)]


def test_numbers_may_be_negative() -> None:
    frame = pd.DataFrame({"label": ["Agreement"], "lower": [-0.23], "upper": [0.79]})
    ax = draw_intervals(frame, scale="number")
    assert ax.texts[0].get_text() == "−0.23 to 0.79"
    low, high = ax.get_xlim()
    assert low < -0.23 and high > 0.79


def test_intervals_are_thin_lines() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "lower": [0.1, 0.2], "upper": [0.3, 0.4], "share": [0.2, 0.3]})
    ax = draw_intervals(frame)
    level = [line for line in ax.lines if len(line.get_xdata()) == 2 and len(set(line.get_ydata())) == 1]
    assert [tuple(line.get_xdata()) for line in level] == [(0.1, 0.3), (0.2, 0.4)]
    assert not ax.patches


def test_limits_are_kept() -> None:
    frame = pd.DataFrame({"label": ["a"], "lower": [0.1], "upper": [0.3]})
    assert draw_intervals(frame, limits=(0, 1)).get_xlim() == (0, 1)
    assert draw_intervals(frame, scale="number", limits=(-1, 1)).get_xlim() == (-1, 1)


def test_base_scan_shows_exactly_the_admissible_bases() -> None:
    bases = list(range(1, 101))
    possible = {25, 50, 51, 52, 100}
    frame = pd.DataFrame({"label": "q", "base": bases, "admissible": [b in possible for b in bases]})
    ax = draw_base_scan(frame, mark=[50])
    drawn = {b for p in ax.patches for b in bases if p.get_x() < b < p.get_x() + p.get_width()}
    assert drawn == possible
    assert ax.texts[0].get_text() == "25"


def test_base_scan_names_its_dashed_lines_where_there_are_any() -> None:
    frame = pd.DataFrame({"label": "Drivers", "base": [29, 30], "admissible": [False, True]})
    for mark, entries in (([30], 2), ([], 1)):
        legend = draw_base_scan(frame, mark=mark, meaning="base found").get_legend()
        assert len(legend.get_texts()) == entries


def test_base_scan_without_any_admissible_base() -> None:
    frame = pd.DataFrame({"label": "q", "base": [1, 2], "admissible": [False, False]})
    ax = draw_base_scan(frame)
    assert not ax.patches and ax.texts[0].get_text() == "–"


def test_a_scan_without_its_columns_is_refused() -> None:
    with pytest.raises(Problem, match="'admissible'"):
        draw_base_scan(pd.DataFrame({"label": ["q"], "base": [1]}))


def ridge(ax: object) -> np.ndarray:
    return np.array([-bar.get_height() for bar in ax.patches])  # type: ignore[attr-defined]
