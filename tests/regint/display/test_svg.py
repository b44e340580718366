import base64
import xml.etree.ElementTree as ElementTree

import pytest
from matplotlib.figure import Figure
from regint.display import figures


def drawn(label: str = "fig-a") -> ElementTree.Element:
    figure = Figure((2, 2))
    ax = figure.subplots()
    ax.plot([1, 2, 3], [1.23456789, 2, 3], "o-")
    ax.bar([1], [1], hatch="//")
    return ElementTree.fromstring(figures.render(figure, label, "A line and a bar"))


def test_every_reference_has_its_target_once() -> None:
    text = ElementTree.tostring(drawn(), encoding="unicode")
    root = ElementTree.fromstring(text)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    used = {e.attrib["href"].removeprefix("#") for e in root.iter() if "href" in e.attrib}
    used |= {part.split(")")[0] for part in text.split("url(#")[1:]}
    assert len(ids) == len(set(ids)) and used == set(ids)


def test_two_figures_share_no_id() -> None:
    one, other = ({e.attrib.get("id") for e in drawn(label).iter()} - {None} for label in ("fig-a", "fig-b"))
    assert one and not one & other


def test_coordinates_have_two_decimals_at_most() -> None:
    for element in drawn().iter():
        for number in element.attrib.get("d", "").split():
            assert len(number.partition(".")[2]) <= 2


def test_no_group_is_empty_of_meaning() -> None:
    assert all(e.attrib for e in drawn().iter() if e.tag.endswith("}g"))


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_other_formats_repeat_byte_for_byte(kind: str) -> None:
    assert figures.encode(Figure((1, 1)), kind) == figures.encode(Figure((1, 1)), kind)


def test_unknown_signs_pass_without_a_warning() -> None:
    figure = Figure((2, 2))
    figure.text(0.5, 0.5, "中文 🙂")
    assert "中文 🙂" in figures.render(figure, "fig-a", "Signs")
    figures.encode(figure, "png")
    figures.encode(figure, "pdf")


def test_letters_of_a_pdf_are_of_a_kind_that_journals_take() -> None:
    figure = Figure((2, 2))
    figure.text(0.5, 0.5, "Shares of 50, région")
    file = base64.b64decode(figures.encode(figure, "pdf"))
    assert b"/Type3" not in file
    assert b"/CIDFontType2" in file
