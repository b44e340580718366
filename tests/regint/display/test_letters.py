import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.display import style


@given(st.text(min_size=1, max_size=200), st.floats(30, 300))
def test_lines_fit_and_lose_nothing(text: str, space: float) -> None:
    lines = style.wrapped(text, space)
    assert all(style.width(line) <= space or len(line) == 1 for line in lines if line != "(no label)")


@pytest.mark.parametrize("text", ["one two three", "x" * 100, "中文 标签", "🙂", "a-b-c"])
def test_wrapping_keeps_every_sign(text: str) -> None:
    assert "".join(style.wrapped(text, 60)).replace(" ", "") == text.replace(" ", "")


def test_width_is_close_to_the_drawn_one() -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    text = "Transport and logistics corridors"
    drawn, _, _ = TextToPath().get_text_width_height_descent(
        text, FontProperties(family="DejaVu Sans", size=9), ismath=False
    )
    assert style.width(text, size=9) == pytest.approx(drawn, rel=0.02)
