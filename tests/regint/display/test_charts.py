"""Charts of lines, grids and coverage."""

import pandas as pd
import pytest
from regint.display import style
from regint.display.charts import (
    _spread,
    draw_coverage,
    draw_heatmap,
    draw_lines,
    draw_slope,
)
from textfiles.problems import Problem


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


def test_a_cell_has_the_shade_and_the_number_of_its_value() -> None:
    frame = pd.DataFrame({"row": ["a", "a"], "column": ["x", "y"], "value": [0.0, 1.0]})
    ax = draw_heatmap(frame, scale="share")
    assert [text.get_text() for text in ax.texts] == ["x", "y", "a", "0%", "100%"]
    assert [patch.get_x() for patch in ax.patches] == pytest.approx([0.02, 1.02])
    hexes = [style.shade(0.0), style.shade(1.0)]
    assert [
        "#" + "".join(f"{round(255 * c):02x}" for c in p.get_facecolor()[:3]) for p in ax.patches
    ] == hexes


def test_a_cell_with_two_values_is_cut_in_two() -> None:
    frame = pd.DataFrame({"row": ["a"], "column": ["x"], "low": [1], "high": [3]})
    ax = draw_heatmap(frame, limits=(0, 4))
    assert [patch.get_width() for patch in ax.patches] == [0.48, 0.48]
    assert [text.get_text() for text in ax.texts][-2:] == ["1", "3"]


def test_an_unknown_cell_is_hatched() -> None:
    frame = pd.DataFrame({"row": ["a"], "column": ["x"], "value": [None]})
    assert draw_heatmap(frame).patches[0].get_hatch()


def test_long_column_names_are_turned() -> None:
    names = [
        "Neofunctionalism",
        "Intergovernmentalism",
        "Transactionalism",
        "Federalism",
        "Security",
        "Other",
    ]
    frame = pd.DataFrame({"row": "a", "column": names, "value": 0.5})
    turned = [text for text in draw_heatmap(frame).texts if text.get_rotation() == 90]
    assert len(turned) == len(names)


def test_an_empty_grid_can_be_drawn() -> None:
    draw_heatmap(pd.DataFrame({"row": [], "column": [], "value": []}))


def test_a_cell_can_carry_its_own_text() -> None:
    frame = pd.DataFrame({"row": "r", "column": ["a", "b"], "value": [0.5, 1.0], "text": ["½ $x$", None]})
    written = [text.get_text() for text in draw_heatmap(frame).texts]
    assert written[-2:] == ["½ $x$", "1"]


def test_a_grid_without_its_columns_is_refused() -> None:
    with pytest.raises(Problem, match="'low'"):
        draw_heatmap(pd.DataFrame({"row": ["a"], "column": ["x"]}))


def curves(*names: str) -> pd.DataFrame:
    return pd.concat(
        [pd.DataFrame({"x": [0.1, 0.5, 0.9], "y": [0.89, 0.96, 0.95], "series": name}) for name in names]
    )


def test_each_method_has_a_panel_on_the_same_scale() -> None:
    panels = draw_coverage(curves("Wilson", "Jeffreys"), promised=0.95).get_figure().axes
    assert [ax.get_title(loc="left") for ax in panels] == [
        "Wilson: from 89.0% to 96.0%",
        "Jeffreys: from 89.0% to 96.0%",
    ]
    assert {ax.get_ylim() for ax in panels} == {(0.85, 1.0)}
    assert panels[-1].get_xlabel() == "true share" and panels[0].get_xlabel() == ""
    assert all([0.95, 0.95] in [list(line.get_ydata()) for line in ax.lines] for ax in panels)


def test_each_panel_gets_its_height() -> None:
    one, four = (draw_coverage(curves(*names), promised=0.95).get_figure() for names in ("a", "abcd"))
    assert four.get_figheight() > 3 * one.get_figheight()


def test_the_promise_is_always_on_the_scale() -> None:
    for promised in (0.5, 0.999):
        low, high = draw_coverage(curves("Wilson"), promised=promised).get_ylim()
        assert low <= promised < high


def test_the_scale_has_ticks_at_whole_per_cents() -> None:
    for lowest in (0.99, 0.93, 0.89, 0.81, 0.62, 0.1):
        frame = pd.DataFrame({"x": [0.1, 0.5], "y": [lowest, 1.0], "series": "Wilson"})
        ticks = 100 * draw_coverage(frame, promised=0.95).get_yticks()
        assert 2 <= len(ticks) <= 6 and all(abs(tick - round(tick)) < 1e-9 for tick in ticks), lowest


def test_coverage_without_its_columns_is_refused() -> None:
    with pytest.raises(Problem, match="'series'"):
        draw_coverage(pd.DataFrame({"x": [1], "y": [1]}), promised=0.95)
