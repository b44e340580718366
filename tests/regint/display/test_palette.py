import pytest
from regint.display import style

LIGHT, DARK = "#fffefb", "#15171b"


@pytest.mark.parametrize("colour", style.ACCENTS)
@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_accents_stand_out_on_light_and_dark_pages(colour: str, page: str) -> None:
    assert style.contrast(colour, page) >= 3.0


@pytest.mark.parametrize("steps", range(2, 9))
@pytest.mark.parametrize("diverging", [False, True])
def test_numbers_on_a_scale_are_readable(steps: int, diverging: bool) -> None:
    for colour in style.scale(steps, diverging=diverging):
        assert style.contrast(style.text_on(colour), colour) >= 7.0


def test_sequence_darkens_step_by_step_for_photocopies() -> None:
    lights = [style.luminance(colour) for colour in style.scale(7)]
    assert lights == sorted(lights, reverse=True)


def test_series_differ_in_shape_as_well() -> None:
    assert len(set(style.MARKERS)) == len(style.MARKERS) == len(style.ACCENTS)
    assert style.marker(0) == style.marker(len(style.MARKERS))


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
