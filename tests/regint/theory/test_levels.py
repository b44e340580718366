import pytest
from regint.theory.coding import read_option_coding, support_levels

ASTANA = "data/survey/astana_2025"
QUESTIONS = ["economic_directions", "agency_formats", "steps_to_action"]


def test_the_base_of_those_who_answered_lifts_every_theory() -> None:
    levels = support_levels(ASTANA, read_option_coding(), "collection", QUESTIONS, draws=100)
    wide = levels.pivot_table(index="theory", columns="base", values="share")
    assert (wide["answered"] > wide["asked"]).all()


def test_ranges_hold_their_medians() -> None:
    levels = support_levels(ASTANA, read_option_coding(), "collection", QUESTIONS, draws=100)
    assert levels["share"].between(levels["lower"], levels["upper"]).all()


def test_remarks_do_not_count_as_people() -> None:
    alone = support_levels(ASTANA, read_option_coding(), "collection", QUESTIONS[:2], draws=100)
    with_remarks = support_levels(ASTANA, read_option_coding(), "collection", QUESTIONS, draws=100)
    assert alone["share"].to_list() == pytest.approx(with_remarks["share"].to_list())
