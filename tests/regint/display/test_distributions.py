import numpy as np
import pandas as pd
import pytest
from regint.display import figures


def heights(ax: object) -> np.ndarray:
    return np.array([-bar.get_height() for bar in ax.patches])  # type: ignore[attr-defined]


def test_sticks_are_proportional_to_the_weights() -> None:
    frame = pd.DataFrame({"value": [1, 2, 3], "weight": [1, 4, 2]})
    drawn = heights(figures.draw_distribution(frame))
    assert drawn / drawn.max() == pytest.approx([0.25, 1.0, 0.5])


def test_many_values_go_into_bins_that_hold_all_of_them() -> None:
    frame = pd.DataFrame({"value": np.linspace(0, 1, 1000) ** 2})
    drawn = heights(figures.draw_distribution(frame))
    counts, _ = np.histogram(frame["value"], bins=40, range=(-0.03, 1.03))
    assert drawn / drawn.max() == pytest.approx(counts / counts.max())


def test_one_value_and_none() -> None:
    assert len(heights(figures.draw_distribution(pd.DataFrame({"value": [0.5]})))) == 1
    assert len(heights(figures.draw_distribution(pd.DataFrame({"value": pd.Series([], dtype=float)})))) == 0


def test_a_marked_value_is_drawn_where_it_is() -> None:
    frame = pd.DataFrame({"value": [0.1, 0.2, 0.9], "group": "g"})
    ax = figures.draw_distribution(frame, points={"g": 0.4})
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "v"] == [0.4]


def test_shares_below_the_axis_and_a_key_for_the_marked_values() -> None:
    frame = pd.DataFrame({"value": [0.1, 0.2, 0.3], "group": "g"})
    ax = figures.draw_distribution(frame, points={"g": 0.2}, scale="share", meaning="as published")
    assert ax.xaxis.get_major_formatter()(0.2, 0) == "20%"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["as published"]
