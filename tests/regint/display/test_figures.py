import base64
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.axes import Axes
from regint.display import figures, style

SVG = "{http://www.w3.org/2000/svg}"
SHARES = pd.DataFrame({"label": ["a", "b"], "share": [0.2, 0.8], "lower": [0.1, 0.7], "upper": [0.3, 0.9]})


def shown(drawing: object = None, **options: object) -> figures.Picture:
    given = {"caption": "Shares of 50", "label": "fig-x", "alt": "A picture of two shares.", "data": SHARES}
    drawing = figures.draw_ordered_bars(SHARES) if drawing is None else drawing
    return figures.show(drawing, **(given | options))  # type: ignore[arg-type]


def drawings(labels: list[str]) -> dict[str, Callable[[], Axes]]:
    """Every drawing with these labels."""
    n = len(labels)
    base = pd.DataFrame({"label": labels, "share": 0.4, "lower": 0.2, "upper": 0.6})
    return {
        "ordered_bars": lambda: figures.draw_ordered_bars(base),
        "ranked_dots": lambda: figures.draw_ranked_dots(base.assign(of=labels[0] if n else ""), by="of"),
        "stacked": lambda: figures.draw_stacked_shares(base.assign(group=base["label"], share=1.0)),
        "identified_sets": lambda: figures.draw_identified_sets(base),
        "intervals": lambda: figures.draw_intervals(base),
        "ranks": lambda: figures.draw_rank_intervals(base.assign(best=1, worst=2)),
        "p_values": lambda: figures.draw_pvalue_bounds(base.assign(p_lower=0.01, p_upper=0.5)),
        "heatmap": lambda: figures.draw_heatmap(
            pd.DataFrame({"row": labels[:4], "column": labels[:4], "value": 0.5})
        ),
        "base_scan": lambda: figures.draw_base_scan(base.assign(base=30, admissible=True), mark=[30]),
        "lines": lambda: figures.draw_lines(pd.DataFrame({"x": 2000, "y": 1.0, "series": labels})),
        "slope": lambda: figures.draw_slope(pd.DataFrame({"label": labels, "before": 0.2, "after": 0.4})),
        "timeline": lambda: figures.draw_timeline(pd.DataFrame({"label": labels, "start": 2000})),
        "distribution": lambda: figures.draw_distribution(pd.DataFrame({"value": 0.5, "group": labels})),
        "network": lambda: figures.draw_network(pd.DataFrame({"source": labels, "target": labels[::-1]})),
    }


@pytest.mark.parametrize("name", sorted(drawings([])))
def test_hostile_labels_break_no_drawing(name: str, hostile: list[str]) -> None:
    figure = drawings(hostile)[name]().get_figure()
    for width in (style.WIDE, style.NARROW):
        figure.set_figwidth(width / 72)
        root = ElementTree.fromstring(figures.render(figure, "fig-x", "Hostile names"))
        assert {element.tag for element in root.iter()} <= {
            SVG + tag for tag in ("svg", "g", "path", "use", "defs", "text", "clipPath", "rect", "pattern")
        }
        assert not [
            n for element in root.iter() for n in element.attrib if n.startswith("on") or n == "style"
        ]


@pytest.mark.parametrize("name", sorted(drawings([])))
@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_thing_can_be_drawn(name: str, count: int) -> None:
    drawn = figures.render(drawings(["only"][:count])[name]().get_figure(), "fig-x", "Little")
    assert drawn.startswith("<svg")


@pytest.mark.parametrize("name", sorted(drawings([])))
def test_labels_are_text_that_can_be_searched(name: str) -> None:
    figure = drawings(["Transport", "Energy"])[name]().get_figure()
    root = ElementTree.fromstring(figures.render(figure, "fig-x", "Two names"))
    texts = " ".join(element.text or "" for element in root.iter(SVG + "text"))
    assert "Transport" in texts and "Energy" in texts


def test_payload_can_be_written_as_json_and_holds_all_renderings() -> None:
    payload = shown(description="Two shares.").payload
    assert set(payload) == {
        "label",
        "caption",
        "alt",
        "description",
        "svg",
        "svg_narrow",
        "png",
        "pdf",
        "data",
    }
    json.dumps(payload)
    assert base64.b64decode(payload["png"]).startswith(b"\x89PNG")
    assert base64.b64decode(payload["pdf"]).startswith(b"%PDF")
    assert payload["data"]["rows"][1] == ["b", 0.8, 0.7, 0.9]


def test_two_runs_give_the_same_bytes() -> None:
    first, second = shown().payload, shown().payload
    assert first == second
    assert "Date" not in first["svg"]


def test_a_page_and_a_phone_have_their_own_width_and_ids() -> None:
    payload = shown().payload
    assert 'width="640"' in payload["svg"] and 'width="344"' in payload["svg_narrow"]
    ids = [re.findall(r' id="([^"]+)"', payload[key]) for key in ("svg", "svg_narrow")]
    assert not set(ids[0]) & set(ids[1])
    assert all(name.startswith("fig-x-") for group in ids for name in group)


def test_drawing_follows_the_page_colour_and_needs_no_style_sheet() -> None:
    drawn = shown().payload["svg"]
    assert 'fill="currentColor"' in drawn
    for absent in ("<style", "style=", style.INK, "#000000", "<metadata", "<!DOCTYPE"):
        assert absent not in drawn


def test_drawing_has_a_name() -> None:
    root = ElementTree.fromstring(shown(alt='Two "shares" <b>').payload["svg"])
    assert root.attrib["role"] == "img" and root.attrib["aria-label"] == 'Two "shares" <b>'


def test_html_escapes_the_caption() -> None:
    bundle = shown(caption="<script>x</script>")._repr_mimebundle_()
    assert "<script>" not in bundle["text/html"]
    assert set(bundle) == {"text/plain", "text/html", figures.MIME}


def test_dollar_signs_are_no_maths() -> None:
    figure, ax = figures.canvas()
    ax.set_title("$\\frac{$", parse_math=True)
    assert "$\\frac{$" in shown(figure).payload["svg"]


def test_grid_of_axes_gets_the_height_it_needs() -> None:
    figure, (upper, lower) = figures.canvas(2, 1)
    figures.draw_ordered_bars(SHARES, ax=upper)
    figures.draw_ordered_bars(pd.concat([SHARES] * 5), ax=lower)
    alone = figures.draw_ordered_bars(SHARES).get_figure()
    assert figure.get_figheight() > 4 * alone.get_figheight()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label": "shares"}, "looks like 'fig-shares'"),
        ({"label": "fig-A b"}, "looks like"),
        ({"caption": ""}, "needs a caption"),
        ({"alt": "x"}, "alternative text"),
        ({"drawing": "no figure"}, "takes a matplotlib figure or axes, not str"),
    ],
)
def test_mistakes_are_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(figures.FigureError, match=message):
        shown(options.pop("drawing", None), **options)


def test_drawing_of_plain_seaborn_is_shown_too() -> None:
    sns = pytest.importorskip("seaborn")
    _, ax = figures.canvas(height=200)
    sns.scatterplot(pd.DataFrame({"x": [1, 2], "y": [1, 4]}), x="x", y="y", ax=ax)
    assert "<svg" in shown(ax).payload["svg"]
