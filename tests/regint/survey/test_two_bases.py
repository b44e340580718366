"""Shares move with the base, counts do not."""

from pathlib import Path

import pytest
from regint.survey.bases import clearest_move, moved_shares
from regint.survey.table import Survey, read_survey

FOLDERS = Path(__file__).parent / "folders"


@pytest.fixture(scope="module")
def astana() -> Survey:
    return read_survey("data/survey/astana_2025")


def test_no_count_changes_when_a_share_moves(astana: Survey) -> None:
    moved = moved_shares(astana)
    assert (moved["before"] * moved["printed_base"]).round(9).eq(moved["count"]).all()
    assert (moved["after"] * moved["answered"]).round(9).eq(moved["count"]).all()


def test_clearest_move_prefers_a_scale(astana: Survey) -> None:
    moved = moved_shares(astana)
    lists = moved[moved["question"] == "economic_directions"]
    assert set(clearest_move(lists, astana)["question"]) == {"economic_directions"}


def test_nothing_moves_where_one_base_is_known() -> None:
    poll = read_survey(FOLDERS / "us_goals_for_russia")
    assert moved_shares(poll).empty and clearest_move(moved_shares(poll), poll).empty
