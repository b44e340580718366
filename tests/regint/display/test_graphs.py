import pandas as pd
import pytest
from regint.display import figures, row_layout

EDGES = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "a"], "weight": [0.1, 0.5, 1.0]})


def test_every_link_is_one_arc_between_its_nodes() -> None:
    ax = figures.draw_network(EDGES)
    at = {text.get_text(): text.xy[1] for text in ax.texts}
    ends = [(patch.get_path().vertices[0][1], patch.get_path().vertices[3][1]) for patch in ax.patches]
    wanted = [(at[s], at[t]) for s, t in zip(EDGES["source"], EDGES["target"], strict=True)]
    assert [pytest.approx(pair, abs=0.3) for pair in wanted] == ends


def test_wider_arcs_weigh_more() -> None:
    widths = [patch.get_linewidth() for patch in figures.draw_network(EDGES).patches]
    assert widths == sorted(widths)


def test_nodes_give_the_order_of_the_list() -> None:
    ax = figures.draw_network(EDGES, nodes=pd.DataFrame({"label": ["c", "b", "a", "alone"]}))
    assert [text.get_text() for text in ax.texts] == ["c", "b", "a", "alone"]


def test_an_unknown_node_is_named() -> None:
    with pytest.raises(row_layout.FrameError, match="'c'"):
        figures.draw_network(EDGES, nodes=pd.DataFrame({"label": ["a", "b"]}))


def test_no_links_and_a_link_to_itself() -> None:
    figures.draw_network(EDGES.head(0))
    figures.draw_network(pd.DataFrame({"source": ["a"], "target": ["a"]}))


def test_description() -> None:
    text = figures.describe_network(EDGES, what="Spillovers")
    assert text["description"] == "a to b. b to c. c to a."
    assert figures.describe_network(EDGES.head(0), what="x")["alt"] == "Network. x: 0 nodes, 0 links."


def test_kinds_of_link_differ_in_colour_and_dashes_and_stand_in_the_key() -> None:
    ax = figures.draw_network(EDGES.assign(kind=["helps", "hinders", "helps"]))
    looks = [(patch.get_edgecolor(), patch.get_linestyle()) for patch in ax.patches]
    assert looks[0] == looks[2] != looks[1]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["helps", "hinders"]


def test_without_kinds_there_is_one_look_and_no_key() -> None:
    ax = figures.draw_network(EDGES)
    assert len({patch.get_edgecolor() for patch in ax.patches}) == 1
    assert ax.get_legend() is None


def test_links_in_both_directions_are_two_arcs() -> None:
    ax = figures.draw_network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"]}))
    down, up = (patch.get_path().vertices[1][0] for patch in ax.patches)
    assert up < down
