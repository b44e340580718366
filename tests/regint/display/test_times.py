import pandas as pd
import pytest
from regint.display import figures
from regint.display.style import MARKERS


def test_spells_are_bars_and_events_points() -> None:
    frame = pd.DataFrame({"label": ["Union", "Summit"], "start": [1994, "2018-07-02"], "end": [2006, None]})
    ax = figures.draw_timeline(frame)
    assert [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches] == [(1994, 2006)]
    (event,) = [line for line in ax.lines if line.get_marker() in MARKERS]
    assert event.get_xdata()[0] == pytest.approx(2018.5, abs=0.01)


def test_an_ongoing_spell_runs_to_the_end_of_the_scale() -> None:
    frame = pd.DataFrame({"label": ["Bank"], "start": [2006], "ongoing": [True]})
    (spell,) = figures.draw_timeline(frame, until=2026).patches
    assert spell.get_x() + spell.get_width() == 2026
    assert figures.draw_timeline(frame, until=2026).texts[0].get_text() == "2006–"


def test_an_unknown_date_is_a_dash() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "start": [None, 2000]})
    assert figures.draw_timeline(frame).texts[0].get_text() == "–"


def test_description_counts_and_lists() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "start": [2000, None], "end": [2001, None]})
    text = figures.describe_events(frame, what="Bodies")
    assert text["alt"] == "Timeline. Bodies: 2 entries, from a (2000 to 2001) to b (date unknown)."
    assert text["description"] == "a (2000 to 2001). b (date unknown)."


def test_key_shows_a_bar_for_spells_and_a_point_for_events() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"], "start": [2000, 2001], "end": [2002, None], "group": ["x", "y"]}
    )
    handles = figures.draw_timeline(frame).get_legend().legend_handles
    assert [type(handle).__name__ for handle in handles] == ["Rectangle", "Line2D"]
