"""Charts of lines."""

import pandas as pd
import pytest
from regint.display.charts import (
    _spread,
    draw_lines,
    draw_slope,
)


def test_lines_are_the_data_with_gaps_kept() -> None:
    frame = pd.DataFrame({"x": [2000, 2001, 2002], "y": [1.0, None, 3.0], "series": "Trade"})
    drawn = draw_lines(frame).lines[0]
    assert drawn.get_xdata().tolist() == [2000, 2001, 2002]
    pd.testing.assert_series_equal(pd.Series(drawn.get_ydata()), frame["y"], check_names=False)


def test_every_series_is_named_at_its_end_and_none_in_a_legend() -> None:
    frame = pd.DataFrame({"x": [1, 2] * 2, "y": [1.0, 2.0, 1.0, 2.0], "series": ["_a"] * 2 + ["$b$"] * 2})
    ax = draw_lines(frame)
    assert sorted(text.get_text() for text in ax.texts) == ["$b$", "_a"]
    assert ax.get_legend() is None


def test_a_series_without_values_has_no_name() -> None:
    frame = pd.DataFrame({"x": [1, 2], "y": [None, None], "series": "a"})
    assert not draw_lines(frame).texts


def test_names_keep_their_distance() -> None:
    at = _spread([1.0, 1.0, 1.1, 5.0], 1.0, 0.0, 5.0)
    assert all(b - a >= 1.0 - 1e-9 for a, b in zip(at, at[1:], strict=False))
    assert at[-1] <= 5.0


def test_names_at_the_top_move_down() -> None:
    assert _spread([4.8, 4.9, 5.0], 1.0, 0.0, 5.0) == pytest.approx([3.0, 4.0, 5.0])


def test_slope_goes_from_before_to_after() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "before": [0.4, 0.2], "after": [0.67, 0.33]})
    ax = draw_slope(frame)
    assert [line.get_ydata().tolist() for line in ax.lines[:2]] == [[0.4, 0.67], [0.2, 0.33]]


def test_bands_are_drawn() -> None:
    frame = pd.DataFrame(
        {"x": [1, 2], "y": [1.0, 2.0], "series": "a", "lower": [0.5, 1.5], "upper": [1.5, 2.5]}
    )
    assert len(draw_lines(frame).collections) == 1


def curves(*names: str) -> pd.DataFrame:
    return pd.concat(
        [pd.DataFrame({"x": [0.1, 0.5, 0.9], "y": [0.89, 0.96, 0.95], "series": name}) for name in names]
    )
