import pytest
from regint.theory.balassa import compared, generous_credits, read_balassa_coding
from textfiles.problems import Problem

CODING = read_balassa_coding()


def test_without_names_no_grouping_meets_its_generous_reading() -> None:
    assert set(CODING["group"]) - set(compared(CODING)["group"]) == {"CA5_generous"}


def test_names_may_have_spaces_and_include_a_generous_reading() -> None:
    assert list(compared(CODING, " CA5_generous , EU ")["group"].unique()) == ["EU", "CA5_generous"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(Problem, match="'NAFTA'"):
        compared(CODING, "EU, NAFTA")


def test_credits_are_higher_codes_in_ladder_order() -> None:
    credits = generous_credits(CODING, "CA5")
    assert (credits["code"] > credits["code_base"]).all()
    assert credits["position"].is_monotonic_increasing
    assert set(credits["group"]) == {"CA5_generous"}


def test_a_grouping_without_a_generous_reading_has_none() -> None:
    assert generous_credits(CODING, "EU").empty
