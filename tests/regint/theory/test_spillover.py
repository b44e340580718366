import networkx as nx
import pandas as pd
import pytest
from regint.theory.spillover import (
    claimed_links,
    feedback,
    link_graph,
    read_claims,
    sector_positions,
    sector_scheme,
    without_each_claim,
)
from textfiles.problems import Problem


def claim(
    name: str, source: str, target: str, effect: str = "promotes", confidence: str = "high"
) -> dict[str, str]:
    return {
        "id": name,
        "from_sector": source,
        "to_sector": target,
        "effect": effect,
        "link_confidence": confidence,
    }


@pytest.fixture
def claims() -> pd.DataFrame:
    silent = {"id": "P9", "from_sector": "", "to_sector": "", "effect": "", "link_confidence": ""}
    return pd.DataFrame(
        [
            claim("P1", "roads;roads", "rules;trade"),
            claim("P2", "roads", "rules", confidence="low"),
            claim("P3", "peace", "trade", effect="hampers", confidence="medium"),
            claim("P4", "trade", "peace"),
            claim("P5", "roads", "any"),
            silent,
        ]
    )


class TestReadClaims:
    def test_the_paper_has_forty_nine_claims_on_four_pages(self) -> None:
        claims = read_claims()
        assert claims["id"].tolist() == [f"P{number:02d}" for number in range(1, 50)]
        assert set(claims["page"]) == {97, 98, 99, 100}

    def test_a_table_with_an_unknown_theory_and_a_wrong_effect_is_refused_with_both(self, tmp_path) -> None:
        broken = read_claims().astype(str)
        broken.loc[2, ["theory", "effect"]] = ["NFF", "helps"]
        broken.to_csv(tmp_path / "claims.csv", index=False)
        with pytest.raises(Problem) as error:
            read_claims(tmp_path / "claims.csv")
        assert "NFF" in str(error.value) and "helps" in str(error.value)


class TestClaimedLinks:
    def test_links_are_merged_and_keep_their_claims(self, claims: pd.DataFrame) -> None:
        links = claimed_links(claims).set_index(["from_sector", "to_sector"])
        assert links.loc[("roads", "rules"), "claims"] == "P1, P2"
        assert links.loc[("roads", "rules"), "count"] == 2
        assert ("roads", "any") not in links.index

    def test_confidence_effects_and_merging_narrow_the_graph(self, claims: pd.DataFrame) -> None:
        assert claimed_links(claims, minimum="high").loc[0, "claims"] == "P1"
        assert "peace" not in set(claimed_links(claims, effects=["promotes"])["from_sector"])
        merged = claimed_links(claims, merge={"peace": "trade"})
        assert not ((merged["from_sector"] == "trade") & (merged["to_sector"] == "trade")).any()

    def test_one_link_claimed_both_ways_of_effect_is_both(self) -> None:
        both = pd.DataFrame([claim("P1", "a", "b"), claim("P2", "a", "b", effect="hampers")])
        assert claimed_links(both)["effect"].tolist() == ["both"]

    def test_no_link_at_all_is_an_empty_table(self, claims: pd.DataFrame) -> None:
        none = claimed_links(claims[claims["id"].eq("P9")])
        assert none.empty and list(none) == ["from_sector", "to_sector", "claims", "count", "effect"]

    def test_unpaired_lists_and_unknown_levels_are_refused(self, claims: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="2 senders and 1 receivers"):
            claimed_links(pd.DataFrame([claim("P1", "a;b", "c")]))
        with pytest.raises(ValueError, match="choose one of low, medium, high"):
            claimed_links(claims, minimum="certain")

    def test_hostile_names_stay_text(self) -> None:
        odd = claimed_links(pd.DataFrame([claim("P1", "<script>", "=1+1")]))
        assert list(link_graph(odd).edges) == [("<script>", "=1+1")]


class TestSectorScheme:
    def test_every_sector_of_the_paper_has_a_name(self) -> None:
        claims = read_claims()
        named = {
            name
            for text in [*claims["from_sector"], *claims["to_sector"]]
            for name in text.split(";")
            if name
        }
        assert named <= set(sector_scheme()["sector"])

    def test_merging_gives_fewer_groups(self) -> None:
        assert sector_scheme("merged")["group"].nunique() < sector_scheme("fine")["group"].nunique()

    def test_an_unknown_grouping_is_refused(self) -> None:
        with pytest.raises(ValueError, match="choose one of fine, merged"):
            sector_scheme("coarse")


class TestSectorPositions:
    def test_hand_counted(self, claims: pd.DataFrame) -> None:
        table = sector_positions(link_graph(claimed_links(claims))).set_index("sector")
        assert table.loc["roads", ["sends", "receives", "reach"]].tolist() == [2, 0, 3]
        assert table["returns"].to_dict() == {"roads": False, "trade": True, "peace": True, "rules": False}
        # Of the 3 x 2 ordered pairs of others, only roads -> peace passes through trade.
        assert table.loc["trade", "betweenness"] == pytest.approx(1 / 6)

    def test_an_empty_graph_has_no_rows(self) -> None:
        assert sector_positions(nx.DiGraph()).empty


class TestFeedback:
    def test_loops_and_their_effect(self, claims: pd.DataFrame) -> None:
        loops = feedback(link_graph(claimed_links(claims)))
        assert loops.to_dict("list") == {
            "cycle": ["peace → trade → peace"],
            "length": [2],
            "effect": ["mixed"],
        }

    def test_a_star_has_none(self) -> None:
        assert feedback(nx.DiGraph([("a", "b"), ("a", "c")])).empty


class TestThePaper:
    """What the notebook says of the paper's graph."""

    def test_transport_sends_most_and_receives_nothing(self) -> None:
        first = sector_positions(link_graph(claimed_links(read_claims()))).iloc[0]
        assert (first["sector"], first["sends"], first["receives"], first["betweenness"]) == (
            "transport",
            7,
            0,
            0.0,
        )

    def test_its_loops_are_pairs_only(self) -> None:
        assert set(feedback(link_graph(claimed_links(read_claims())))["length"]) == {2}

    def test_without_barriers_transport_reaches_its_neighbours_only(self) -> None:
        graph = link_graph(claimed_links(read_claims(), effects=["promotes"]))
        assert set(nx.descendants(graph, "transport")) == set(graph.successors("transport"))


def test_dropping_a_claim_can_cut_the_reach(claims: pd.DataFrame) -> None:
    table = without_each_claim(claims, "roads").set_index("dropped")
    assert list(table.index) == ["P1", "P2", "P3", "P4", "P5"]
    assert table.loc["P4", "reach"] == 2 and table.loc["P2", "reach"] == 3
    assert table.loc["P1", ["sends", "busiest"]].tolist() == [1, "peace, roads, trade"]
