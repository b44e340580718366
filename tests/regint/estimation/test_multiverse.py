"""Every universe, set-valued outcomes, and the axis that flips a conclusion."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation.multiverse import explore
from regint.estimation.overlap import mcnemar_bounds


def test_the_base_and_not_the_method_flips_the_survey_s_comparison():
    def leads(base, mid):
        verdict = mcnemar_bounds(26, 16, base, mid=mid).verdict
        return {"always": {True}, "never": {False}, "undecidable": {True, False}}[verdict]

    found = explore({"base": [30, 50], "mid": [False, True]}, leads)
    assert found.verdict == "SOME" and found.flipping_axes == ("base",)
    assert found.universes["outcome"].tolist() == ["holds", "holds", "undecided", "undecided"]
    assert found.flips.set_index("axis").loc["base", ["comparisons", "changed", "share"]].tolist() == [
        2,
        2,
        1,
    ]


@pytest.mark.parametrize(
    ("conclusion", "verdict"),
    [
        (lambda x: True, "ALL"),
        (lambda x: False, "NO"),
        (lambda x: x == 1, "SOME"),
        (lambda x: {True, False}, "SOME"),
        (lambda x: set(), "EMPTY"),
        (lambda x: {True} if x else set(), "ALL"),
    ],
)
def test_verdicts(conclusion, verdict):
    assert explore({"x": [0, 1]}, conclusion).verdict == verdict


def test_impossible_universes_are_shown_and_not_compared():
    found = explore({"x": [0, 1, 2]}, lambda x: set() if x == 1 else x > 1)
    assert found.universes["outcome"].tolist() == ["fails", "impossible", "holds"]
    assert found.flips.loc[0, ["comparisons", "changed"]].tolist() == [1, 1]


@given(st.lists(st.booleans(), min_size=12, max_size=12))
def test_flips_by_brute_force(truth):
    axes = {"a": [1, 2], "b": ["x", "y", "z"], "c": [True, False]}
    outcome = dict(zip(product(*axes.values()), truth, strict=True))
    found = explore(axes, lambda a, b, c: outcome[a, b, c])
    assert len(found.universes) == 12
    assert found.verdict == ("ALL" if all(truth) else "SOME" if any(truth) else "NO")
    for place, axis in enumerate(axes):
        changed = sum(
            outcome[one] != outcome[two]
            for one in outcome
            for two in outcome
            if [i for i in range(3) if one[i] != two[i]] == [place]
        )
        assert found.flips.set_index("axis").loc[axis, "changed"] == changed / 2


def test_a_single_value_gives_no_comparison():
    found = explore({"a": [1], "b": [1, 2]}, lambda a, b: b == 1)
    assert found.flips["axis"].tolist() == ["b", "a"] and found.flips["share"].isna().tolist() == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({}, "at least one axis"),
        ({"outcome": [1]}, "No axis may be called 'outcome'"),
        ({"a": []}, "needs at least one value"),
        ({"a": [1, 1]}, "none twice"),
    ],
)
def test_refusals(axes, message):
    with pytest.raises(ValueError, match=message):
        explore(axes, lambda **choices: True)
