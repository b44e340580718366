import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from regint.display import figures, row_layout
from regint.display.style import MARKERS


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
    ax = figures.draw_ordered_bars(shares)
    known = shares.dropna(subset=["share"])
    assert bars(ax) == known["share"].tolist()
    assert intervals(ax) == list(zip(known["lower"], known["upper"], strict=True))
    assert hatched(ax) == shares["share"].isna().sum()


def test_dots_are_the_shares_the_largest_on_top(shares: pd.DataFrame) -> None:
    ax = figures.draw_ranked_dots(shares)
    assert [x for x, _ in points(ax)] == sorted(shares["share"].dropna(), reverse=True)
    assert hatched(ax) == shares["share"].isna().sum()


def test_dots_keep_the_order_when_told_to() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "share": [0.1, 0.9]})
    assert [x for x, _ in points(figures.draw_ranked_dots(frame, ranked=False))] == [0.1, 0.9]


def test_groups_share_a_row_and_are_told_apart_by_shape() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"] * 2, "share": [0.2, 0.4, 0.3, 0.6], "of": ["50"] * 2 + ["30"] * 2}
    )
    ax = figures.draw_ranked_dots(frame, by="of")
    assert [x for x, _ in points(ax)] == [0.4, 0.6, 0.2, 0.3]
    assert {line.get_marker() for line in ax.lines if line.get_marker() in MARKERS} == {"o", "D"}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["50", "30"]


def test_a_label_without_a_group_leaves_its_place_hatched() -> None:
    frame = pd.DataFrame({"label": ["a", "a", "b"], "share": [0.2, 0.3, 0.4], "of": ["50", "30", "50"]})
    assert hatched(figures.draw_ranked_dots(frame, by="of")) == 1


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
    texts = [text.get_text() for text in figures.draw_ordered_bars(frame).texts]
    assert texts == ["52%", "a (26 of 50)", "–", "b (in words: nearly every)"]


def test_a_weighted_share_has_the_plain_one_behind_its_name() -> None:
    frame = pd.DataFrame(
        {"label": ["rail"], "share": [0.25], "plain_share": [0.2], "count": [10], "base": [50]}
    )
    assert [text.get_text() for text in figures.draw_ranked_dots(frame).texts] == ["25%", "rail (plain 20%)"]


def test_a_base_without_a_count_column_is_left_out() -> None:
    frame = pd.DataFrame({"label": ["a"], "share": [0.5], "base": [50]})
    assert [text.get_text() for text in figures.draw_ordered_bars(frame).texts] == ["50%", "a"]


def test_scale_ends_at_the_next_fifth_or_where_told() -> None:
    frame = pd.DataFrame({"label": ["a"], "share": [0.52]})
    assert figures.draw_ordered_bars(frame).get_xlim() == (0, 0.6)
    assert figures.draw_ordered_bars(frame, limit=1.0).get_xlim() == (0, 1)


def test_ties_keep_the_order_of_the_frame() -> None:
    frame = pd.DataFrame({"label": ["b", "a", "c"], "share": [0.5, 0.5, 0.5]})
    texts = [text.get_text() for text in figures.draw_ranked_dots(frame).texts]
    assert texts[1::2] == ["b", "a", "c"]


def test_stacks_are_the_shares_side_by_side() -> None:
    frame = pd.DataFrame({"group": "g", "label": list("abc"), "share": [0.2, 0.3, 0.5]})
    drawn = figures.draw_stacked_shares(frame).patches
    assert [patch.get_width() for patch in drawn] == [0.2, 0.3, 0.5]
    assert [patch.get_x() for patch in drawn] == pytest.approx([0.0, 0.2, 0.5])


def test_a_stack_shows_what_is_missing_from_the_whole() -> None:
    frame = pd.DataFrame({"group": "g", "label": ["a", "b"], "share": [0.2, 0.4]})
    *_, rest = figures.draw_stacked_shares(frame).patches
    assert rest.get_hatch() and rest.get_width() == pytest.approx(0.4)


def test_diverging_stacks_meet_in_the_middle_of_the_middle() -> None:
    frame = pd.DataFrame({"group": "g", "label": ["no", "so-so", "yes"], "share": [0.2, 0.4, 0.4]})
    ax = figures.draw_stacked_shares(frame, middle="so-so")
    assert ax.patches[1].get_x() == pytest.approx(-0.2)
    assert ax.get_xlim() == pytest.approx((-0.4, 0.6))


def test_a_share_is_labelled_where_the_label_has_room_on_a_phone() -> None:
    frame = pd.DataFrame({"group": "g", "label": list("abc"), "share": [0.06, 0.12, 0.82]})
    ax = figures.draw_stacked_shares(frame)
    assert [text.get_text() for text in ax.texts if "%" in text.get_text()] == ["12%", "82%"]


@pytest.mark.parametrize("draw", [figures.draw_ordered_bars, figures.draw_ranked_dots])
def test_a_missing_column_is_named(draw: object) -> None:
    with pytest.raises(row_layout.FrameError, match="needs a column 'share'; the frame has: label"):
        draw(pd.DataFrame({"label": ["a"]}))  # type: ignore[operator]


def test_the_frame_is_left_as_it_was(shares: pd.DataFrame) -> None:
    before = shares.copy()
    figures.draw_ranked_dots(shares)
    pd.testing.assert_frame_equal(shares, before)
