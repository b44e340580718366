"""Coverage of intervals: one panel a method, on one scale, with the promise in each."""

import pandas as pd
import pytest
from regint.display import figures
from regint.display.row_layout import FrameError


def curves(*names: str) -> pd.DataFrame:
    return pd.concat(
        [pd.DataFrame({"x": [0.1, 0.5, 0.9], "y": [0.89, 0.96, 0.95], "series": name}) for name in names]
    )


def test_each_method_has_a_panel_on_the_same_scale() -> None:
    panels = figures.draw_coverage(curves("Wilson", "Jeffreys"), promised=0.95).get_figure().axes
    assert [ax.get_title(loc="left") for ax in panels] == [
        "Wilson: from 89.0% to 96.0%",
        "Jeffreys: from 89.0% to 96.0%",
    ]
    assert {ax.get_ylim() for ax in panels} == {(0.85, 1.0)}
    assert panels[-1].get_xlabel() == "true share" and panels[0].get_xlabel() == ""
    assert all([0.95, 0.95] in [list(line.get_ydata()) for line in ax.lines] for ax in panels)


@pytest.mark.parametrize("promised", [0.5, 0.999])
def test_the_promise_is_always_on_the_scale(promised: float) -> None:
    ax = figures.draw_coverage(curves("Wilson"), promised=promised)
    low, high = ax.get_ylim()
    assert low <= promised < high


@pytest.mark.parametrize("lowest", [0.99, 0.93, 0.89, 0.81, 0.62, 0.1])
def test_the_scale_has_ticks_at_whole_per_cents(lowest: float) -> None:
    frame = pd.DataFrame({"x": [0.1, 0.5], "y": [lowest, 1.0], "series": "Wilson"})
    ticks = 100 * figures.draw_coverage(frame, promised=0.95).get_yticks()
    assert 2 <= len(ticks) <= 6 and all(abs(tick - round(tick)) < 1e-9 for tick in ticks)


def test_hostile_names_stay_text() -> None:
    ax = figures.draw_coverage(curves("<b>$x$</b>"), promised=0.95)
    picture = figures.show(ax, caption="c", label="fig-c", alt="Coverage of one method.", data=curves("a"))
    assert "<b>" not in picture.payload["svg"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FrameError, match="'series'"):
        figures.draw_coverage(pd.DataFrame({"x": [1], "y": [1]}), promised=0.95)
