"""The look: colours that everybody tells apart, and letters as wide as they are."""

import pytest
import seaborn as sns
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from regint.display import style

LIGHT, DARK = "#fffefb", "#15171b"


def test_accents_stand_out_on_light_and_dark_pages() -> None:
    pairs = [(colour, page) for colour in style.ACCENTS for page in (LIGHT, DARK)]
    assert [pair for pair in pairs if style.contrast(*pair) < 3.0] == []


def test_numbers_on_a_scale_are_readable() -> None:
    scales = [style.scale(steps, diverging=both) for steps in range(2, 9) for both in (False, True)]
    faint = [c for scale in scales for c in scale if style.contrast(style.text_on(c), c) < 7.0]
    assert faint == []


def test_sequence_darkens_step_by_step_for_photocopies() -> None:
    lights = [style.luminance(colour) for colour in style.scale(7)]
    assert lights == sorted(lights, reverse=True)


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
    lines = style.wrapped(text, space)
    assert all(style.width(line) <= space or len(line) == 1 for line in lines if line != "(no label)")


def test_wrapping_keeps_every_sign() -> None:
    for text in ("one two three", "x" * 100, "中文 标签", "🙂", "a-b-c"):
        assert "".join(style.wrapped(text, 60)).replace(" ", "") == text.replace(" ", "")


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
