"""The look: colours that everybody tells apart, and letters as wide as they are."""

import pytest
import seaborn as sns
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath
from regint.display import style

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
