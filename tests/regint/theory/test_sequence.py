import pandas as pd
import pytest
from regint.theory.region import read_events
from regint.theory.spillover import claimed_links, claimed_order, read_claims


class TestClaimedOrder:
    links = pd.DataFrame({"from_sector": ["a", "a", "b"], "to_sector": ["b", "c", "a"]})
    events = pd.DataFrame(
        {
            "event": ["e1", "e2", "e3", "e4"],
            "date": ["2000", "2001-05-01", "2001", "2003-01"],
            "sectors": ["a", "b", "a; b", "b"],
        }
    )

    def test_share_of_ordered_pairs(self) -> None:
        table = claimed_order(self.links, self.events)
        # a: e1 (2000), e3 (2001); b: e2 (May 2001), e3 (2001), e4 (2003).
        # e1 precedes all three; e3 ties with e2 and precedes e4; e3 is not compared with itself.
        assert table.loc[0, "precedence"] == pytest.approx((3 + 0.5 + 1) / 5)
        assert table.loc[2, "precedence"] == pytest.approx(1 - 4.5 / 5)
        assert table.loc[0, ["from_events", "to_events", "from_first", "to_first"]].tolist() == [
            2,
            3,
            "2000",
            "2001",
        ]

    def test_no_event_on_one_side_gives_no_number(self) -> None:
        table = claimed_order(self.links, self.events)
        assert pd.isna(table.loc[1, "precedence"]) and table.loc[1, "to_first"] == ""

    def test_merged_names(self) -> None:
        table = claimed_order(self.links.iloc[:1], self.events.assign(sectors="x"), merge={"x": "a"})
        assert table.loc[0, "from_events"] == 4


class TestThePaper:
    def test_five_of_seven_receivers_have_no_agreement_among_the_five(self) -> None:
        events = read_events().query(
            "arena == 'regional' and direction == 1 and binding >= 2 and rival_of == ''"
        )
        table = claimed_order(claimed_links(read_claims()), events).query("from_sector == 'transport'")
        assert len(table) == 7 and table["to_events"].eq(0).sum() == 5
