import pandas as pd
import pytest
from regint.theory.balassa import (
    SCHEMES,
    VARIED,
    additive_scores,
    rank_intervals,
    read_balassa_coding,
    score_draws,
)
from textfiles.problems import Problem

CODING = read_balassa_coding()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_concentrated_weights_return_the_additive_score(scheme: str) -> None:
    drawn = score_draws(CODING, scheme, vary="weights", concentration=1e7, draws=20)
    expected = additive_scores(CODING, scheme).set_index("group")["score"]
    assert drawn.mean().to_numpy() == pytest.approx(expected[drawn.columns].to_numpy(), abs=0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_drawn_codes_stay_between_the_strict_and_the_generous_score(scheme: str) -> None:
    drawn = score_draws(CODING, scheme, vary="codes", draws=500)
    bounds = additive_scores(CODING, scheme).set_index("group").loc[drawn.columns]
    assert (drawn.min() >= bounds["low"] - 1e-9).all() and (drawn.max() <= bounds["high"] + 1e-9).all()


def test_every_admissible_step_is_drawn() -> None:
    """Central Asia's first criterion runs from 0 to 1, its second from 0 to one half."""
    drawn = score_draws(CODING[CODING["group"].isin(["CA5", "EU"])], vary="codes", draws=400)
    assert drawn["CA5"].min() == 0 and drawn["CA5"].max() == pytest.approx(18.75)


@pytest.mark.parametrize("vary", VARIED)
def test_draws_repeat_with_the_seed(vary: str) -> None:
    one, two, other = (score_draws(CODING, vary=vary, draws=30, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert not one.equals(other)


def test_certain_codes_and_weights_fix_the_ranks() -> None:
    certain = CODING.assign(low=CODING["code"], high=CODING["code"])
    summary = rank_intervals(score_draws(certain, vary="codes", draws=10))
    assert all(low == high for low, high in summary["ranks"])
    assert summary["rank"].sum() == pytest.approx(10 * 11 / 2)


def test_the_european_union_leads_throughout() -> None:
    summary = rank_intervals(score_draws(CODING, draws=1000)).set_index("group")
    assert summary.loc["EU", "ranks"] == (1.0, 1.0)
    assert summary.loc["CA5", "ranks"][0] > 5


def test_ties_share_their_rank() -> None:
    summary = rank_intervals(pd.DataFrame({"a": [1.0, 1.0], "b": [1.0, 1.0]}))
    assert summary["rank"].to_list() == [1.5, 1.5]


@pytest.mark.parametrize("wrong", [{"concentration": 0}, {"draws": 0}, {"vary": "nothing"}, {"scheme": "P"}])
def test_senseless_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Problem):
        score_draws(CODING, **wrong)


@pytest.mark.parametrize("mass", [0, 1, 95])
def test_senseless_mass_is_refused(mass: float) -> None:
    with pytest.raises(Problem, match="mass"):
        rank_intervals(pd.DataFrame({"a": [1.0]}), mass)
