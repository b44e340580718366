"""Finished figures: whole, repeatable, described in words, and never markup from a label."""

import base64
import io
import json
import re
import xml.etree.ElementTree as ElementTree
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import seaborn as sns
from fontTools.ttLib import TTFont
from matplotlib import get_data_path
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from regint.display import figures, style
from textfiles.problems import Problem

HOSTILE = [
    "<script>alert(1)</script>",
    "$\\frac{$ and $10k-$20k",
    "_leading underscore",
    "__",
    "مرحبا بالعالم العربي",
    "中文 很长的标签",
    "🙂 emoji",
    "a\u202eb\x00c",
    "x" * 200,
    "]]> --> </svg>",
    "",
    "many words " * 30,
]
SVG = "{http://www.w3.org/2000/svg}"
SHARES = pd.DataFrame({"label": ["a", "b"], "share": [0.2, 0.8], "lower": [0.1, 0.7], "upper": [0.3, 0.9]})


def shown(drawing: object = None, **options: object) -> figures.Picture:
    given = {"caption": "Shares of 50", "label": "fig-x", "alt": "A picture of two shares.", "data": SHARES}
    drawing = shares_drawn(["a", "b"]) if drawing is None else drawing
    return figures.show(drawing, **(given | options))  # type: ignore[arg-type]


def shares_drawn(labels: list[str]) -> Axes:
    ax = style.new_axes()
    frame = pd.DataFrame({"label": labels, "share": 0.4, "of": labels[0] if labels else ""})
    sns.scatterplot(frame, x="share", y="label", hue="of", ax=ax)
    return ax


def bars_drawn(labels: list[str]) -> Axes:
    ax = style.new_axes()
    ax.barh(labels, 0.4, left=0.2)
    return ax


DRAWINGS = (shares_drawn, bars_drawn)


def drawn(draw: Callable[[list[str]], Axes], labels: list[str]) -> list[ElementTree.Element]:
    """The drawing for the page and the one for a phone."""
    payload = shown(draw(labels), data=pd.DataFrame({"label": labels})).payload
    return [ElementTree.fromstring(payload[name]) for name in ("svg", "svg_narrow")]


TAGS = {SVG + t for t in ("svg", "g", "path", "use", "defs", "text", "clipPath", "rect", "pattern")}


def test_hostile_labels_break_no_drawing() -> None:
    """On a phone and on a page, in every drawing, labels stay text and act in no way."""
    wrong = []
    for draw in DRAWINGS:
        for root in drawn(draw, HOSTILE):
            for element in root.iter():
                acts = [n for n in element.attrib if n.startswith("on") or n == "style"]
                wrong += [(draw.__name__, element.tag, acts)] if acts or element.tag not in TAGS else []
    assert wrong == []


def test_nothing_and_one_thing_can_be_drawn() -> None:
    for draw in DRAWINGS:
        for labels in ([], ["only"]):
            assert [root.tag for root in drawn(draw, labels)] == [f"{SVG}svg"] * 2


def test_labels_are_text_that_can_be_searched() -> None:
    for draw in DRAWINGS:
        for root in drawn(draw, ["Transport", "Energy"]):
            text = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
            assert "Transport" in text and "Energy" in text, draw.__name__


def test_what_runs_from_right_to_left_is_held_together() -> None:
    ax = style.new_axes()
    ax.annotate("48% כן (12)?", (0.5, 0.5))
    ax.annotate("48% yes (12)?", (0.5, 0.6))
    svg = shown(ax).payload["svg"]
    assert "48% \u2068כן (12)?\u2069<" in svg and "48% yes (12)?<" in svg


def test_payload_can_be_written_as_json_and_holds_all_renderings() -> None:
    payload = shown(description="Two shares.").payload
    assert set(payload) == set("label caption alt description svg svg_narrow png pdf data".split())
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
    # Not fig-x-1: that can be the label of another figure of the page.
    assert all(name.startswith(("fig-x.", "fig-x-narrow.")) for group in ids for name in group)


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
    ax = style.new_axes()
    ax.set_title("$\\frac{$", parse_math=True)
    assert "$\\frac{$" in shown(ax).payload["svg"]


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
    with pytest.raises(Problem, match=message):
        shown(options.pop("drawing", None), **options)


def test_drawing_of_plain_seaborn_is_shown_too() -> None:
    ax = style.new_axes()
    sns.scatterplot(pd.DataFrame({"x": [1, 2], "y": [1, 4]}), x="x", y="y", ax=ax)
    assert "<svg" in shown(ax).payload["svg"]


def line_and_bar(label: str = "fig-a") -> ElementTree.Element:
    figure = Figure((2, 2))
    ax = figure.subplots()
    ax.plot([1, 2, 3], [1.23456789, 2, 3], "o-")
    ax.bar([1], [1], hatch="//")
    return ElementTree.fromstring(shown(figure, label=label).payload["svg"])


def test_every_reference_has_its_target_once() -> None:
    text = ElementTree.tostring(line_and_bar(), encoding="unicode")
    root = ElementTree.fromstring(text)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    used = {e.attrib["href"].removeprefix("#") for e in root.iter() if "href" in e.attrib}
    used |= {part.split(")")[0] for part in text.split("url(#")[1:]}
    assert len(ids) == len(set(ids)) and used == set(ids)


def test_two_figures_share_no_id() -> None:
    one, other = (
        {e.attrib.get("id") for e in line_and_bar(label).iter()} - {None} for label in ("fig-a", "fig-b")
    )
    assert one and not one & other


def test_coordinates_have_two_decimals_at_most() -> None:
    for element in line_and_bar().iter():
        for number in element.attrib.get("d", "").split():
            assert len(number.partition(".")[2]) <= 2


def test_no_group_is_empty_of_meaning() -> None:
    assert all(e.attrib for e in line_and_bar().iter() if e.tag.endswith("}g"))


def test_other_formats_repeat_byte_for_byte() -> None:
    once, again = (shown(bars_drawn(["a"])).payload for _ in range(2))
    assert all(once[kind] == again[kind] for kind in ("png", "pdf"))


def test_unknown_signs_pass_without_a_warning_and_a_figure_needs_no_axes() -> None:
    style.use()
    figure = Figure((2, 2))
    figure.text(0.5, 0.5, "中文 🙂")
    assert "中文 🙂" in shown(figure).payload["svg"]


def fonts_of(file: bytes) -> list[TTFont]:
    streams = re.findall(rb"FlateDecode.*?stream\r?\n(.*?)endstream", file, re.DOTALL)
    unpacked = [zlib.decompress(stream) for stream in streams]
    return [TTFont(io.BytesIO(content)) for content in unpacked if content.startswith(b"\0\1\0\0")]


def test_letters_of_a_pdf_are_of_a_kind_that_journals_take_and_look_as_in_dejavu() -> None:
    """Whether they come from its part or, as the last two signs and all in italics, from the whole."""
    figure = Figure((2, 2))
    figure.text(0.5, 0.5, "Shares of 50, région, доля, office ⇒ Ԛ")
    figure.text(0.5, 0.4, "Shares", weight="bold")
    figure.text(0.5, 0.3, "Shares", style="italic")
    file = base64.b64decode(shown(figure).payload["pdf"])
    assert b"/Type3" not in file
    assert b"/CIDFontType2" in file
    folder, seen = Path(get_data_path(), "fonts", "ttf"), {}
    for font in fonts_of(file):
        name = font["name"].getDebugName(6)
        whole = TTFont(folder / f"{name}.ttf")
        for glyph in set(font.getGlyphOrder()) - {".notdef", ".null", "nonmarkingreturn"}:
            assert font["hmtx"][glyph] == whole["hmtx"][glyph]
            one, other = font["glyf"], whole["glyf"]
            assert one[glyph].getCoordinates(one)[0] == other[glyph].getCoordinates(other)[0]
        seen.setdefault(name, set()).update(font.getGlyphOrder())
    assert seen.keys() == {"DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"}
    assert {"eacute", "uni0434", "uniFB03", "arrowdblright", "uni051A"} <= seen["DejaVuSans"]


def test_shares_by_group_are_all_listed_and_the_first_group_summed_up() -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"] * 2, "share": [0.1, 0.2, 0.3, None], "of": ["50"] * 2 + ["30"] * 2}
    )
    text = figures.describe(frame, "shares", what="Things", by="of")
    assert text["alt"] == "Chart. Things: 2 rows; 50: from b, 20%, to a, 10%."
    assert text["description"] == "a, 50: 10%. b, 50: 20%. a, 30: 30%. b, 30: unknown."


def test_words_in_the_place_of_a_share_are_told() -> None:
    frame = pd.DataFrame({"label": ["a", "b", "c"], "share": [0.1, None, None]})
    frame["statement"] = ["", "above 0, below 0.5", ""]
    text = figures.describe(frame, "shares", what="Things")["description"]
    assert text == "a: 10%. b: above 0, below 0.5. c: unknown."


def test_nothing_to_describe() -> None:
    empty = pd.DataFrame({"label": [], "share": [], "lower": [], "upper": []})
    assert figures.describe(empty, "shares", what="Things")["alt"] == "Chart. Things: 0 rows."
    assert figures.describe(empty, "ranges", what="Things")["alt"] == "Range chart. Things: 0 rows."
    series = pd.DataFrame({"x": [], "y": [], "series": []})
    assert figures.describe(series, "series", what="Things")["alt"] == "Line chart. Things: no values."


def test_hostile_names_lose_their_controls() -> None:
    frame = pd.DataFrame({"label": ["a\u202e\x00b"], "share": [0.1]})
    assert "ab" in figures.describe(frame, "shares", what="x\ny")["alt"]
    assert "x y" in figures.describe(frame, "shares", what="x\ny")["alt"]


def test_grid_names_its_highest_cell() -> None:
    frame = pd.DataFrame({"row": ["a", "b"], "column": "x", "value": [1.0, None]})
    text = figures.describe(frame, "grid", what="Stage")
    assert text["alt"].endswith("highest is a, x.")
    assert text["description"] == "a, x: 1. b, x: not known."


def test_a_long_series_is_summed_up() -> None:
    frame = pd.DataFrame({"x": range(31), "y": [0.5 + (x == 7) for x in range(31)], "series": "S"})
    text = figures.describe(frame, "series", what="Things")
    assert text["description"] == "S, 31 points from 0.5 to 0.5: lowest 0.5 at 0, highest 1.5 at 7."
    short = figures.describe(frame.head(3), "series", what="Things")
    assert short["description"] == "S, 0: 0.5. S, 1: 0.5. S, 2: 0.5."


def test_a_single_share_is_named_once() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "share": [0.1, None]})
    assert (
        figures.describe(frame, "shares", what="Things")["alt"]
        == "Chart. Things: 2 rows, only a, 10%; 1 unknown."
    )


def test_events_are_counted_and_listed() -> None:
    frame = pd.DataFrame({"label": ["a", "b"], "start": [2000, None], "end": [2001, None]})
    text = figures.describe(frame, "events", what="Bodies")
    assert text["alt"] == "Timeline. Bodies: 2 entries, from a (2000 to 2001) to b (date unknown)."
    assert text["description"] == "a (2000 to 2001). b (date unknown)."


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(ValueError, match="'pie'"):
        figures.describe(SHARES, "pie", what="Things")
