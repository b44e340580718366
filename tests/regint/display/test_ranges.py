import pandas as pd
import pytest
from matplotlib.axes import Axes
from regint.display import figures, row_layout
from regint.display.style import MARKERS, PALE


def sets(ax: Axes) -> list[tuple[float, float]]:
    """Pale bars as (lower, upper), top to bottom."""
    drawn = sorted((p for p in ax.patches if p.get_alpha() == PALE), key=lambda p: p.get_y())
    return [(p.get_x(), round(p.get_x() + p.get_width(), 10)) for p in drawn]


def test_identified_sets_are_drawn_from_end_to_end(shares: pd.DataFrame) -> None:
    ax = figures.draw_identified_sets(shares)
    known = shares.dropna(subset=["lower"])
    assert sets(ax) == [(a, round(b, 10)) for a, b in zip(known["lower"], known["upper"], strict=True)]


def test_the_printed_share_is_a_point_on_the_set() -> None:
    frame = pd.DataFrame({"label": ["a"], "lower": [0.2], "upper": [0.6], "share": [0.3]})
    marks = [line for line in figures.draw_identified_sets(frame).lines if line.get_marker() in MARKERS]
    assert [line.get_xdata()[0] for line in marks] == [0.3]


def test_a_set_of_one_point_is_still_seen() -> None:
    frame = pd.DataFrame({"label": ["a"], "lower": [0.4], "upper": [0.4]})
    ax = figures.draw_identified_sets(frame)
    assert sets(ax) == [(0.4, 0.4)] and len(ax.lines) == 2
    assert ax.texts[0].get_text() == "40%"


def test_sets_by_base_lie_under_one_another() -> None:
    frame = pd.DataFrame({"label": "a", "lower": [0.2, 0.5], "upper": [0.3, 0.9], "of": ["50", "30"]})
    assert sets(figures.draw_identified_sets(frame, by="of")) == [(0.2, 0.3), (0.5, 0.9)]


def test_numbers_may_be_negative() -> None:
    frame = pd.DataFrame({"label": ["Agreement"], "lower": [-0.23], "upper": [0.79]})
    ax = figures.draw_identified_sets(frame, scale="number")
    assert ax.texts[0].get_text() == "−0.23 to 0.79"
    low, high = ax.get_xlim()
    assert low < -0.23 and high > 0.79


def test_intervals_are_thin_lines() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "lower": [0.1, 0.2], "upper": [0.3, 0.4], "share": [0.2, 0.3]})
    ax = figures.draw_intervals(frame)
    level = [line for line in ax.lines if len(line.get_xdata()) == 2 and len(set(line.get_ydata())) == 1]
    assert [tuple(line.get_xdata()) for line in level] == [(0.1, 0.3), (0.2, 0.4)]
    assert not ax.patches


def test_limits_are_kept() -> None:
    frame = pd.DataFrame({"label": ["a"], "lower": [0.1], "upper": [0.3]})
    assert figures.draw_intervals(frame, limits=(0, 1)).get_xlim() == (0, 1)
    assert figures.draw_intervals(frame, scale="number", limits=(-1, 1)).get_xlim() == (-1, 1)


@pytest.mark.parametrize("draw", [figures.draw_identified_sets, figures.draw_intervals])
def test_a_missing_column_is_named(draw: object) -> None:
    with pytest.raises(row_layout.FrameError, match="'upper'"):
        draw(pd.DataFrame({"label": ["a"], "lower": [0.1]}))  # type: ignore[operator]
