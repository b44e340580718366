"""The look: colours that everybody tells apart, letters as wide as they are, names above their marks."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import seaborn as sns
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from regint.display import figures, style

LIGHT, DARK = "#fffefb", "#15171b"


def luminance(colour: str) -> float:
    """Relative luminance, 0-1 (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1-21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_accents_stand_out_on_light_and_dark_pages() -> None:
    pairs = [(colour, page) for colour in style.ACCENTS for page in (LIGHT, DARK)]
    assert [pair for pair in pairs if contrast(*pair) < 3.0] == []


def test_numbers_on_a_scale_are_readable() -> None:
    faint = [c for steps in range(1, 20) for c in style.scale(steps) if contrast(style.ON_LIGHT, c) < 7.0]
    assert faint == []
    assert [len(set(style.scale(steps))) for steps in range(1, 12)] == list(range(1, 12))


def _under_deuteranopia(colour: str) -> tuple[float, ...]:
    """Simulate after Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1."""
    matrix = (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    )
    parts = [(int(colour[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5)]
    return tuple(sum(weight * part for weight, part in zip(row, parts, strict=True)) for row in matrix)


def test_the_two_main_colours_stay_apart_for_colour_blind_readers() -> None:
    one, other = _under_deuteranopia(style.BLUE), _under_deuteranopia(style.AMBER)
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.3


@given(st.text(min_size=1, max_size=200), st.floats(30, 300))
def test_lines_fit_and_lose_nothing(text: str, space: float) -> None:
    lines = style._wrapped(text, space)
    assert all(style.width(line) <= space or len(line) == 1 for line in lines if line != "(no label)")


def test_wrapping_keeps_every_sign() -> None:
    for text in ("one two three", "x" * 100, "中文 标签", "🙂", "a-b-c"):
        assert "".join(style._wrapped(text, 60)).replace(" ", "") == text.replace(" ", "")


def test_width_is_close_to_the_drawn_one() -> None:
    text = "Transport and logistics corridors"
    drawn, _, _ = TextToPath().get_text_width_height_descent(
        text, FontProperties(family="DejaVu Sans", size=style.BASE_SIZE), ismath=False
    )
    assert style.width(text) == pytest.approx(drawn, rel=0.02)


def test_the_house_style_starts_from_seaborns_white_one() -> None:
    """Written out, so that showing a table does not wait for seaborn."""
    told = {name: style.RULES[name] for name in ("xtick.bottom", "ytick.left", "patch.edgecolor")}
    told |= {name: style.RULES[name] for name in ("patch.force_edgecolor", "lines.solid_capstyle")}
    white = sns.axes_style("white")
    assert told == {name: white[name] for name in told}


# A categorical axis drawn by seaborn gets its names above its marks, at any width, once and for all.

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
    style.names_above(ax, style.NARROW)
    names = drawn(ax)
    bars = [-bar.get_window_extent().y1 for bar in ax.patches]  # the tops
    assert " ".join(text for text, _ in names) == " ".join(FRAME["what"])
    last_lines = [[y for text, y in names if name.endswith(text)][-1] for name in FRAME["what"]]
    assert all(name <= bar for name, bar in zip(last_lines, bars, strict=True))
    assert [y for _, y in names] == sorted(y for _, y in names)
    assert last_lines[1] > bars[0] and last_lines[2] > bars[1]
    assert [text.get_text() for text in ax.get_yticklabels()] == []


def test_a_second_time_changes_nothing_and_another_width_wraps_anew(ax: Axes) -> None:
    style.names_above(ax, style.NARROW)
    once, height = drawn(ax), ax.get_figure().get_figheight()
    style.names_above(ax, style.NARROW)
    assert drawn(ax) == once and ax.get_figure().get_figheight() == height
    style.names_above(ax, style.WIDE)
    assert len(drawn(ax)) == len(FRAME) < len(once)
    style.names_above(ax, style.NARROW)
    assert [text for text, _ in drawn(ax)] == [text for text, _ in once]


def test_only_the_first_and_the_last_number_stay_within_the_ends_at_every_width(ax: Axes) -> None:
    for ticks in ([0, 0.5, 1], [0, 0.25, 0.5, 0.75, 1]):
        ax.set_xticks(ticks)
        style.names_above(ax, style.NARROW)
        sides = [label.get_horizontalalignment() for label in ax.get_xticklabels()]
        assert sides == ["left", *["center"] * (len(ticks) - 2), "right"]


def test_marks_keep_their_place_along_the_scale(ax: Axes) -> None:
    ends = [bar.get_width() for bar in ax.patches]
    style.names_above(ax, style.WIDE)
    assert [bar.get_width() for bar in ax.patches] == ends == FRAME["share"].to_list()


def test_key_of_two_series_moves_above_and_rows_make_room() -> None:
    style.use()
    _, one = plt.subplots()
    sns.barplot(FRAME, x="share", y="what", errorbar=None, ax=one)
    _, two = plt.subplots()
    long = FRAME.melt(id_vars="what", value_vars=["share", "least"])
    sns.barplot(long, x="value", y="what", hue="variable", errorbar=None, ax=two)
    for axes in (one, two):
        style.names_above(axes, style.WIDE)
    assert two.get_figure().get_figheight() > one.get_figure().get_figheight()
    two.get_figure().draw_without_rendering()
    assert [text.get_text() for text in two.get_legend().get_texts()] == ["share", "least"]
    assert two.get_legend().get_window_extent().y0 >= two.get_window_extent().y1 - 1


def test_long_titles_wrap_to_the_width_and_rows_make_room(ax: Axes) -> None:
    ax.set(title="Attractiveness of formats with an outside power at one table", xlabel="word " * 12)
    heights = {}
    for width in (style.NARROW, style.WIDE, style.NARROW):
        style.wrap_titles(ax, width)
        figure = ax.get_figure()
        figure.set_figwidth(width / 72)
        style.names_above(ax, width)
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
    style.names_above(ax, style.NARROW)
    assert (ax.get_yticks().tolist(), ax.get_ylim()) == before and not ax.texts


def test_shown_figure_is_closed_so_that_no_kernel_shows_it_twice(ax: Axes) -> None:
    picture = figures.show(
        ax, caption="Roads lead", label="fig-roads", alt="Bars of three shares", data=FRAME
    )
    assert picture.payload["svg"].count("Roads") == 1
    assert ax.get_figure().number not in plt.get_fignums()
