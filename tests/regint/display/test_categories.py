"""A categorical axis drawn by seaborn gets its names above its marks, at any width, once and for all."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.text import Text
from regint.display import figures, style
from regint.display.categories import names_above, wrap_titles

FRAME = pd.DataFrame(
    {
        "what": ["Roads", "A name that is much too long for one line of a phone's narrow screen", "=1+1"],
        "share": [0.6, 0.25, 0.1],
        "least": [0.5, 0.2, 0.0],
    }
)


@pytest.fixture
def ax() -> Axes:
    style.use()
    _, axes = plt.subplots()
    sns.barplot(FRAME, x="share", y="what", errorbar=None, ax=axes)
    return axes


def drawn(ax: Axes) -> list[tuple[str, float]]:
    """Each name and where it stands, in pixels from the top."""
    figure = ax.get_figure()
    figure.draw_without_rendering()
    return [(text.get_text(), round(-text.get_window_extent().y0, 6)) for text in ax.texts]


def test_each_name_stands_above_its_mark_and_below_the_one_before(ax: Axes) -> None:
    names_above(ax, style.NARROW)
    names = drawn(ax)
    bars = [-bar.get_window_extent().y1 for bar in ax.patches]  # the tops
    assert " ".join(text for text, _ in names) == " ".join(FRAME["what"])
    last_lines = [[y for text, y in names if name.endswith(text)][-1] for name in FRAME["what"]]
    assert all(name <= bar for name, bar in zip(last_lines, bars, strict=True))
    assert [y for _, y in names] == sorted(y for _, y in names)
    assert last_lines[1] > bars[0] and last_lines[2] > bars[1]
    assert [text.get_text() for text in ax.get_yticklabels()] == []


def test_a_second_time_changes_nothing_and_another_width_wraps_anew(ax: Axes) -> None:
    names_above(ax, style.NARROW)
    once, height = drawn(ax), ax.get_figure().get_figheight()
    names_above(ax, style.NARROW)
    assert drawn(ax) == once and ax.get_figure().get_figheight() == height
    names_above(ax, style.WIDE)
    assert len(drawn(ax)) == len(FRAME) < len(once)
    names_above(ax, style.NARROW)
    assert [text for text, _ in drawn(ax)] == [text for text, _ in once]


def test_marks_keep_their_place_along_the_scale(ax: Axes) -> None:
    ends = [bar.get_width() for bar in ax.patches]
    names_above(ax, style.WIDE)
    assert [bar.get_width() for bar in ax.patches] == ends == FRAME["share"].to_list()


def test_key_of_two_series_moves_above_and_rows_make_room() -> None:
    style.use()
    _, one = plt.subplots()
    sns.barplot(FRAME, x="share", y="what", errorbar=None, ax=one)
    _, two = plt.subplots()
    long = FRAME.melt(id_vars="what", value_vars=["share", "least"])
    sns.barplot(long, x="value", y="what", hue="variable", errorbar=None, ax=two)
    for axes in (one, two):
        names_above(axes, style.WIDE)
    assert two.get_figure().get_figheight() > one.get_figure().get_figheight()
    two.get_figure().draw_without_rendering()
    assert [text.get_text() for text in two.get_legend().get_texts()] == ["share", "least"]
    assert two.get_legend().get_window_extent().y0 >= two.get_window_extent().y1 - 1


def test_long_titles_wrap_to_the_width_and_rows_make_room(ax: Axes) -> None:
    ax.set(title="Attractiveness of formats with an outside power at one table", xlabel="word " * 12)
    heights = {}
    for width in (style.NARROW, style.WIDE, style.NARROW):
        wrap_titles(ax, width)
        figure = ax.get_figure()
        figure.set_figwidth(width / 72)
        names_above(ax, width)
        figure.draw_without_rendering()
        for text in (*ax.texts, *ax.get_children()):
            if isinstance(text, Text) and text.get_text():
                box = text.get_window_extent()
                assert 0 <= box.x0 and box.x1 <= figure.bbox.x1, (width, text.get_text())
        height = figure.get_figheight()
        assert heights.setdefault(width, height) == height
    assert heights[style.NARROW] > heights[style.WIDE]


def test_other_axes_are_left_alone() -> None:
    style.use()
    _, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    before = ax.get_yticks().tolist(), ax.get_ylim()
    names_above(ax, style.NARROW)
    assert (ax.get_yticks().tolist(), ax.get_ylim()) == before and not ax.texts


def test_shown_figure_is_closed_so_that_no_kernel_shows_it_twice(ax: Axes) -> None:
    picture = figures.show(
        ax, caption="Roads lead", label="fig-roads", alt="Bars of three shares", data=FRAME
    )
    assert picture.payload["svg"].count("Roads") == 1
    assert ax.get_figure().number not in plt.get_fignums()
