import pandas as pd
import pytest
from regint.display import figures, row_layout, style


def test_a_cell_has_the_shade_and_the_number_of_its_value() -> None:
    frame = pd.DataFrame({"row": ["a", "a"], "column": ["x", "y"], "value": [0.0, 1.0]})
    ax = figures.draw_heatmap(frame, scale="share")
    assert [text.get_text() for text in ax.texts] == ["x", "y", "a", "0%", "100%"]
    assert [patch.get_x() for patch in ax.patches] == pytest.approx([0.02, 1.02])
    hexes = [style.shade(0.0), style.shade(1.0)]
    assert [
        "#" + "".join(f"{round(255 * c):02x}" for c in p.get_facecolor()[:3]) for p in ax.patches
    ] == hexes


def test_a_cell_with_two_values_is_cut_in_two() -> None:
    frame = pd.DataFrame({"row": ["a"], "column": ["x"], "low": [1], "high": [3]})
    ax = figures.draw_heatmap(frame, limits=(0, 4))
    assert [patch.get_width() for patch in ax.patches] == [0.48, 0.48]
    assert [text.get_text() for text in ax.texts][-2:] == ["1", "3"]


def test_an_unknown_cell_is_hatched() -> None:
    frame = pd.DataFrame({"row": ["a"], "column": ["x"], "value": [None]})
    assert figures.draw_heatmap(frame).patches[0].get_hatch()


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
    turned = [text for text in figures.draw_heatmap(frame).texts if text.get_rotation() == 90]
    assert len(turned) == len(names)


def test_an_empty_grid_can_be_drawn() -> None:
    figures.draw_heatmap(pd.DataFrame({"row": [], "column": [], "value": []}))


def test_base_scan_shows_exactly_the_admissible_bases() -> None:
    bases = list(range(1, 101))
    possible = {25, 50, 51, 52, 100}
    frame = pd.DataFrame({"label": "q", "base": bases, "admissible": [b in possible for b in bases]})
    ax = figures.draw_base_scan(frame, mark=[50])
    drawn = {b for p in ax.patches for b in bases if p.get_x() < b < p.get_x() + p.get_width()}
    assert drawn == possible
    assert ax.texts[0].get_text() == "25"


def test_base_scan_names_its_dashed_lines_where_there_are_any() -> None:
    frame = pd.DataFrame({"label": "Drivers", "base": [29, 30], "admissible": [False, True]})
    for mark, entries in (([30], 2), ([], 1)):
        legend = figures.draw_base_scan(frame, mark=mark, meaning="base found").get_legend()
        assert len(legend.get_texts()) == entries


def test_base_scan_without_any_admissible_base() -> None:
    frame = pd.DataFrame({"label": "q", "base": [1, 2], "admissible": [False, False]})
    ax = figures.draw_base_scan(frame)
    assert not ax.patches and ax.texts[0].get_text() == "–"


def test_missing_columns_are_named() -> None:
    with pytest.raises(row_layout.FrameError, match="'admissible'"):
        figures.draw_base_scan(pd.DataFrame({"label": ["q"], "base": [1]}))
    with pytest.raises(row_layout.FrameError, match="'low'"):
        figures.draw_heatmap(pd.DataFrame({"row": ["a"], "column": ["x"]}))


def test_a_cell_can_carry_its_own_text() -> None:
    frame = pd.DataFrame({"row": "r", "column": ["a", "b"], "value": [0.5, 1.0], "text": ["½ $x$", None]})
    written = [text.get_text() for text in figures.draw_heatmap(frame).texts]
    assert written[-2:] == ["½ $x$", "1"]
