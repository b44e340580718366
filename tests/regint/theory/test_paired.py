import pytest
from regint.estimation import mcnemar_bounds
from regint.theory.coding import against_option

COUNTS = {"rail": 26, "farms": 16, "tariffs": 10, "mines": 1}
BASES = {"asked": 50, "answered": 30}


def test_p_values_are_those_of_the_pairs() -> None:
    table = against_option(COUNTS, "tariffs", BASES).set_index("other")
    found = mcnemar_bounds(26, 10, 30)
    assert table.loc["rail", "p_answered"] == pytest.approx((found.p_lower, found.p_upper))
    assert table.loc["rail", "greatest"][1] == pytest.approx(found.p_upper)


def test_the_most_chosen_come_first_and_the_option_itself_not_at_all() -> None:
    table = against_option(COUNTS, "tariffs", BASES)
    assert table["other"].to_list() == ["rail", "farms", "mines"]
    assert table["more"].to_list() == [True, True, False]


def test_verdicts_that_differ_between_bases_are_said_to() -> None:
    verdicts = against_option({"a": 20, "b": 9}, "b", {"wide": 60, "narrow": 20})["verdict"]
    assert set(verdicts) <= {"always", "never", "undecidable", "depends on the base"}
    assert (
        against_option(COUNTS, "tariffs", BASES).set_index("other").loc["farms", "verdict"] == "undecidable"
    )


def test_a_single_option_has_no_rival() -> None:
    alone = against_option({"a": 3}, "a", BASES)
    assert alone.empty and alone[alone["more"]].columns.to_list() == alone.columns.to_list()
