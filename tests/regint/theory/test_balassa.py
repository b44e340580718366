"""Balassa's stages: codes, scores, the scalogram and the ranks."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from regint.theory.balassa import (
    BLOCKS,
    READINGS,
    SCHEMES,
    VARIED,
    additive_scores,
    chance_fit,
    code_matrix,
    compare_orders,
    compared,
    cumulative_stage,
    generous_credits,
    inversions,
    rank_intervals,
    read_balassa_coding,
    scale_fit,
    score_draws,
    sign_balance,
    stage_profile,
)
from textfiles.problems import Problem

CODING = read_balassa_coding()
GROUPS = ["EU", "EAEU", "CISFTA", "ASEAN", "EFTA", "GCC", "MERCOSUR", "ECOWAS", "CA5"]

# Worked out by hand from the proposed codes: 25 points per block, mean of the block's criteria.
TOTALS = {
    "without_pta": [93.75, 52.92, 5.00, 30.83, 52.08, 38.33, 29.17, 43.33, 2.50],
    "with_pta": [93.75, 54.17, 8.33, 33.33, 54.17, 39.58, 31.25, 45.83, 4.17],
}


def uniform(value: float) -> pd.DataFrame:
    return CODING.assign(code=value, low=value, high=value)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_worked_totals_are_reproduced(scheme: str) -> None:
    scores = additive_scores(CODING, scheme).set_index("group")["score"]
    assert scores[GROUPS].round(2).to_list() == TOTALS[scheme]


def test_generous_reading_of_central_asia() -> None:
    """Totals of 17.50 and 20.83 would need internal tariffs coded 1; the code is one half."""
    scores = {s: additive_scores(CODING, s).set_index("group")["score"]["CA5_generous"] for s in SCHEMES}
    assert scores == {"without_pta": pytest.approx(15.0), "with_pta": pytest.approx(18.75)}
    fuller = CODING.copy()
    fuller.loc[(fuller["group"] == "CA5_generous") & (fuller["criterion"] == "C02"), "code"] = 1.0
    scores = {s: additive_scores(fuller, s).set_index("group")["score"]["CA5_generous"] for s in SCHEMES}
    assert scores == {"without_pta": pytest.approx(17.5), "with_pta": pytest.approx(20.8333, abs=1e-4)}


def test_generous_rows_equal_the_high_codes() -> None:
    wide = CODING.set_index(["group", "criterion"])
    assert (wide.loc["CA5", "high"] == wide.loc["CA5_generous", "code"]).all()


def test_worked_inversions_are_reproduced() -> None:
    expected = {"EFTA": 18, "ECOWAS": 13, "ASEAN": 11, "EAEU": 9, "MERCOSUR": 3, "EU": 1, "GCC": 1}
    found = inversions(code_matrix(CODING))
    assert found[list(expected)].to_dict() == expected
    assert found[["CISFTA", "CA5"]].to_list() == [0, 0]


def test_efta_and_the_eurasian_union_tie_with_different_profiles() -> None:
    scores = additive_scores(CODING).set_index("group")["score"]
    assert scores["EFTA"] == pytest.approx(scores["EAEU"])
    profile = stage_profile(CODING).set_index(["group", "block"])["code"]
    assert profile["EFTA", "CM"] > profile["EAEU", "CM"]
    assert profile["EFTA", "FTA_CU"] < profile["EAEU", "FTA_CU"]


@pytest.mark.parametrize(("value", "score", "stage"), [(0.0, 0, ""), (0.5, 50, ""), (1.0, 100, "TEI")])
def test_uniform_codings(value: float, score: float, stage: str) -> None:
    for scheme in SCHEMES:
        assert additive_scores(uniform(value), scheme)["score"].to_list() == pytest.approx([score] * 10)
    assert set(cumulative_stage(uniform(value))["code"]) == {stage}
    assert sign_balance(uniform(value))["balance"].abs().max() == pytest.approx(0)


def test_low_never_exceeds_high() -> None:
    scores = additive_scores(CODING)
    assert (scores["low"] <= scores["score"]).all() and (scores["score"] <= scores["high"]).all()
    order = ["", "PTA", "FTA", "CU", "CM", "EUN", "TEI"]
    for row in cumulative_stage(CODING)[list(READINGS)].itertuples(index=False):
        assert order.index(row.low) <= order.index(row.code) <= order.index(row.high)


def test_a_missing_rung_stops_the_climb() -> None:
    gap = uniform(1.0)
    gap.loc[gap["criterion"] == "C04", ["code", "low", "high"]] = 0.5
    assert set(cumulative_stage(gap)["code"]) == {"FTA"}


@settings(max_examples=20)
@given(st.integers(0, 13), st.sampled_from(GROUPS))
def test_raising_a_code_never_lowers_a_score(position: int, group: str) -> None:
    raised = CODING.copy()
    cell = (raised["group"] == group) & (raised["position"] == position + 1)
    raised.loc[cell, ["code", "high"]] = 1.0
    for scheme in SCHEMES:
        before, after = (additive_scores(c, scheme).set_index("group")["score"] for c in (CODING, raised))
        assert after[group] >= before[group] - 1e-12
        assert (after.drop(group) == before.drop(group)).all()


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = CODING.sample(frac=1, random_state=3)
    scores = [additive_scores(c).set_index("group")["score"].sort_index() for c in (CODING, shuffled)]
    pd.testing.assert_series_equal(*scores)
    assert code_matrix(shuffled).columns.to_list() == [f"C{i:02d}" for i in range(1, 15)]
    profile = stage_profile(shuffled)
    assert profile.groupby("group", sort=False)["block"].apply(list).iloc[0] == list(BLOCKS)


def test_one_grouping_alone() -> None:
    alone = CODING[CODING["group"] == "EFTA"]
    assert additive_scores(alone)["score"].round(2).to_list() == [54.17]
    assert len(cumulative_stage(alone)) == len(sign_balance(alone)) == 1


@pytest.mark.parametrize("call", [lambda: stage_profile(CODING, "P"), lambda: code_matrix(CODING, "codes")])
def test_unknown_words_are_refused(call: object) -> None:
    with pytest.raises(Problem, match="choose one of"):
        call()


def broken(project: Path, tmp_path: Path, change: dict[str, str] | None, row: int) -> Path:
    path = project / "data" / "theory" / "balassa_coding.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = list(rows[0])
    if change is None:
        del rows[row]
    else:
        rows[row] |= change
    target = tmp_path / "coding.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)
    return target


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"low": "1", "code": "0.5", "high": "1"}, "lies outside low 1 to high 1"),
        ({"code": "0.7"}, "0, 0.5, 1"),
        ({"criterion": "C15"}, "a criterion of the table balassa_criteria"),
        ({"source": "Z99"}, "a key of sources.csv or references.bib"),
        ({"confidence": "total"}, "high, medium, low"),
        (None, "no row for C01"),
    ],
)
def test_broken_codings_are_refused(
    project: Path, tmp_path: Path, change: dict[str, str] | None, word: str
) -> None:
    with pytest.raises(Problem, match=word):
        read_balassa_coding(broken(project, tmp_path, change, 0))


def test_a_coding_of_other_groupings_is_read(project: Path, tmp_path: Path) -> None:
    """A reader may bring groupings of their own; their codes serve as names."""
    path = project / "data" / "theory" / "balassa_coding.csv"
    text = path.read_text(encoding="utf-8").splitlines()
    own = [text[0], *(line.replace("EU,", "COMESA,", 1) for line in text[1:15])]
    (tmp_path / "own.csv").write_text("\n".join(own) + "\n", encoding="utf-8")
    coding = read_balassa_coding(tmp_path / "own.csv")
    assert coding["name"].unique().tolist() == ["COMESA"]


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


# Made by tests/reference/scalogram.R in base R.
with (Path(__file__).parents[2] / "reference" / "scalogram.csv").open(encoding="utf-8", newline="") as file:
    REFERENCE = list(csv.DictReader(file))

binary = arrays.arrays(bool, st.tuples(st.integers(1, 8), st.integers(1, 6)))


def matrix_of(text: str) -> pd.DataFrame:
    return pd.DataFrame([[cell == "1" for cell in row] for row in text.split("|")])


@pytest.mark.parametrize("case", REFERENCE, ids=lambda c: c["case"])
def test_coefficients_equal_the_reference(case: dict[str, str]) -> None:
    fit = scale_fit(matrix_of(case["matrix"]))
    assert fit.errors == int(float(case["errors"]))
    assert fit.reproducibility == pytest.approx(float(case["cr"]), abs=1e-12)
    assert fit.marginal == pytest.approx(float(case["mmr"]), abs=1e-12)
    assert fit.scalability == pytest.approx(float(case["cs"]), abs=1e-12)


def test_a_staircase_fits_perfectly() -> None:
    stairs = pd.DataFrame(np.tri(7, 6, k=-1, dtype=bool))
    fit = scale_fit(stairs)
    assert (fit.errors, fit.reproducibility, fit.scalability) == (0, 1.0, 1.0)
    assert inversions(stairs.astype(float)).sum() == 0


@pytest.mark.parametrize("value", [True, False])
def test_unanimous_criteria_have_no_scalability(value: bool) -> None:
    fit = scale_fit(pd.DataFrame(np.full((4, 3), value)))
    assert fit.reproducibility == 1 and fit.marginal == 1 and np.isnan(fit.scalability)


def test_one_grouping_that_skips_the_first_rung() -> None:
    fit = scale_fit(pd.DataFrame([[False, True]]))
    assert (fit.groups, fit.criteria, fit.errors, fit.reproducibility) == (1, 2, 2, 0.0)


@given(binary)
def test_coefficients_stay_in_range(cells: np.ndarray) -> None:
    fit = scale_fit(pd.DataFrame(cells))
    assert 0 <= fit.reproducibility <= 1 and 0.5 <= fit.marginal <= 1
    assert fit.errors % 2 == 0
    assert np.isnan(fit.scalability) or fit.scalability <= 1


@given(binary, st.randoms(use_true_random=False))
def test_the_order_of_groupings_does_not_matter(cells: np.ndarray, random: object) -> None:
    order = list(range(len(cells)))
    random.shuffle(order)
    assert scale_fit(pd.DataFrame(cells)).errors == scale_fit(pd.DataFrame(cells[order])).errors


def test_inversions_count_pairs_and_ignore_ties() -> None:
    matrix = pd.DataFrame([[0, 0.5, 1], [1, 1, 1], [1, 0.5, 0]], index=["up", "level", "down"])
    assert inversions(matrix).to_dict() == {"up": 3, "level": 0, "down": 0}


def test_chance_keeps_the_marginals_and_repeats() -> None:
    ladder = pd.DataFrame(np.tri(8, 6, dtype=bool))
    one, two = (chance_fit(ladder, draws=300, seed=5) for _ in range(2))
    assert one == two
    assert one["p_value"] < 0.02 and one["expected"] < 1
    settled = chance_fit(pd.DataFrame(np.ones((3, 3), dtype=bool)), draws=50, seed=5)
    assert (settled["expected"], settled["p_value"]) == (1.0, 1.0)


def test_empty_and_senseless_inputs_are_refused() -> None:
    with pytest.raises(Problem, match="at least one grouping"):
        scale_fit(pd.DataFrame())
    with pytest.raises(Problem, match="draws"):
        chance_fit(pd.DataFrame([[True]]), draws=0, seed=5)


def test_orders_are_compared_with_the_same_criteria() -> None:
    met = pd.DataFrame([[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 1, 1]], columns=list("abcd"), dtype=bool)
    fits = compare_orders(met, draws=50).set_index("order")
    assert fits.loc["By popularity", "errors"] == 0
    assert fits.loc["Textbook order", "errors"] > 0
    assert fits["marginal"].to_list() == pytest.approx([5 / 6, 5 / 6])
    assert (fits[["groups", "criteria"]].to_numpy() == [3, 4]).all()


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
