import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from regint.theory.balassa import (
    BLOCKS,
    READINGS,
    SCHEMES,
    additive_scores,
    code_matrix,
    cumulative_stage,
    inversions,
    read_balassa_coding,
    sign_balance,
    sign_sides,
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


def test_sides_repeat_the_balance_with_its_ranges() -> None:
    balance = sign_balance(CODING)
    sides = sign_sides(balance)
    assert len(sides) == 2 * len(balance)
    assert sides["share"].between(sides["lower"], sides["upper"]).all()
    assert sides.loc[sides["sign"] == "positive", "share"].to_list() == balance["positive"].to_list()
