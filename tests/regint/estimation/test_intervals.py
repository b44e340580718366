"""Intervals against R and at the edges of the scale."""

import csv
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation.intervals import (
    METHODS,
    SIMULTANEOUS,
    coverage,
    interval_envelope,
    proportion_interval,
    simultaneous_intervals,
)
from scipy import stats

REFERENCE = Path(__file__).parents[2] / "reference"


def read(name):
    with (REFERENCE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_reference_interval():
    for row in read("intervals.csv"):
        method = row["method"].removesuffix("_hmisc")
        # At 1 and n - 1 Hmisc replaces Wilson's outer end by a Poisson approximation; prop.test does not.
        if row["method"] == "wilson_hmisc" and {row["count"], int(row["base"]) - int(row["count"])} & {
            "1",
            1,
        }:
            continue
        ends = proportion_interval(int(row["count"]), int(row["base"]), float(row["confidence"]), method)
        assert ends == pytest.approx((float(row["lower"]), float(row["upper"])), abs=1e-9), row


def test_a_design_of_equal_weights_comes_close():
    """The survey package uses t quantiles, so its intervals are a little wider than the binomial ones."""
    lower, upper = proportion_interval(26, 50)
    for row in read("survey_intervals.csv"):
        assert abs(float(row["lower"]) - lower) < 0.015 and abs(float(row["upper"]) - upper) < 0.015


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("base", [1, 30])
def test_none_and_all(method, base):
    assert proportion_interval(0, base, method=method)[0] == 0
    assert proportion_interval(base, base, method=method)[1] == 1


@given(st.integers(1, 400), st.data(), st.sampled_from(sorted(METHODS)), st.floats(0.5, 0.999))
def test_the_share_lies_inside_and_the_mirror_image_mirrors(base, data, method, confidence):
    count = data.draw(st.integers(0, base))
    lower, upper = proportion_interval(count, base, confidence, method)
    assert 0 <= lower <= count / base + 1e-12 and count / base - 1e-12 <= upper <= 1
    mirrored = proportion_interval(base - count, base, confidence, method)
    assert (1 - upper, 1 - lower) == pytest.approx(mirrored, abs=1e-9)


def test_envelope_spans_every_admissible_count():
    ends = [proportion_interval(count, 1000) for count in range(495, 506)]
    assert interval_envelope(range(495, 506), 1000) == (min(e[0] for e in ends), max(e[1] for e in ends))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1, 0), ValueError, "base must be at least 1"),
        ((31, 30), ValueError, "31 exceeds its base 30"),
        ((-1, 30), ValueError, "at least 0"),
        ((1.5, 30), ValueError, "whole number"),
        ((1, 30, 1.0), ValueError, "strictly between 0 and 1"),
        ((1, 30, 95), ValueError, "strictly between 0 and 1"),
        ((1, 30, 0.95, "wilsn"), ValueError, "did you mean 'wilson'"),
        ((1, 30, 0.95, "jeff"), ValueError, "choose one of wilson, clopper_pearson, jeffreys"),
    ],
)
def test_refusals(arguments, error, message):
    with pytest.raises(error, match=message):
        proportion_interval(*arguments)


def test_an_impossible_figure_has_no_envelope():
    with pytest.raises(ValueError, match="No admissible count"):
        interval_envelope([], 30)


def test_simultaneous_intervals_of_published_examples():
    """Goodman by SAS, as quoted in https://github.com/AndriSignorell/DescTools/issues/113. Sison-Glaz of
    seven groups by the R package MultinomialCI, as quoted in the tests of statsmodels
    (stats/tests/results/results_multinomial_proportions.py); of four groups, not checked against a page."""
    goodman = simultaneous_intervals([91, 49, 37, 43])
    expected = [(0.3342, 0.4978), (0.1609, 0.2999), (0.1146, 0.2401), (0.1375, 0.2702)]
    assert goodman[["lower", "upper"]].to_numpy() == pytest.approx(np.array(expected), abs=5e-5)
    glaz = simultaneous_intervals([91, 49, 37, 43], method="sison_glaz")
    expected = [(0.3455, 0.4833), (0.1545, 0.2924), (0.1000, 0.2378), (0.1273, 0.2651)]
    assert glaz[["lower", "upper"]].to_numpy() == pytest.approx(np.array(expected), abs=5e-5)
    glaz = simultaneous_intervals([56, 72, 73, 59, 62, 87, 58], method="sison_glaz")
    assert glaz[["lower", "upper"]].iloc[0].tolist() == pytest.approx([0.0792, 0.1644], abs=5e-5)
    assert glaz[["lower", "upper"]].iloc[-1].tolist() == pytest.approx([0.0835, 0.1686], abs=5e-5)
    assert glaz["valid"].all() and goodman["valid"].all()


def test_simultaneous_intervals_of_a_small_item_are_flagged():
    goodman = simultaneous_intervals([15, 10, 3, 2])
    expected = [(0.2925, 0.7075), (0.1643, 0.5597), (0.0266, 0.3111), (0.0137, 0.2688)]
    assert goodman[["lower", "upper"]].to_numpy() == pytest.approx(np.array(expected), abs=5e-5)
    assert goodman["reason"].unique().tolist() == ["smallest count 2, at least 5 expected"]
    glaz = simultaneous_intervals([15, 10, 3, 2], method="sison_glaz")
    expected = [(0.3333, 0.6864), (0.1667, 0.5198), (0, 0.2864), (0, 0.2531)]
    assert glaz[["lower", "upper"]].to_numpy() == pytest.approx(np.array(expected), abs=5e-5)
    assert not glaz["valid"].any() and "4 options" in glaz["reason"].iloc[0]


@pytest.mark.parametrize("method", SIMULTANEOUS)
@pytest.mark.parametrize("counts", [[30, 0], [0, 0, 1], [1, 1], [22, 7, 1], [0, 30, 0, 0]])
def test_simultaneous_intervals_stay_on_the_scale(method, counts):
    frame = simultaneous_intervals(counts, method=method)
    assert ((frame["lower"] >= 0) & (frame["upper"] <= 1) & (frame["lower"] <= frame["share"] + 1e-12)).all()
    assert not frame["valid"].any()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([30],), ValueError, "At least 2 categories"),
        (([0, 0],), ValueError, "Nobody answered"),
        (([3, 4], 0.95, "sison-glaz"), ValueError, "did you mean 'sison_glaz'"),
    ],
)
def test_simultaneous_refusals(arguments, error, message):
    with pytest.raises(error, match=message):
        simultaneous_intervals(*arguments)


def test_coverage_of_the_exact_interval_never_falls_short():
    shares = np.linspace(0, 1, 101)
    assert coverage(30, shares, 0.95, "clopper_pearson").min() >= 0.95
    assert coverage(30, shares, 0.95, "wilson")[1:-1].mean() == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_coverage_by_listing_two_people(method):
    ends = [proportion_interval(count, 2, 0.8, method) for count in range(3)]
    for share in (0.0, 0.3, 0.5, 1.0):
        chances = [(1 - share) ** 2, 2 * share * (1 - share), share**2]
        held = sum(c for c, (low, high) in zip(chances, ends, strict=True) if low <= share <= high)
        assert coverage(2, share, 0.8, method) == pytest.approx(held)


@pytest.mark.parametrize("method", METHODS)
def test_coverage_is_the_sum_over_all_counts(method: str) -> None:
    for base in (1, 2, 30):
        ends = np.array([proportion_interval(k, base, 0.95, method) for k in range(base + 1)])
        shares = np.concatenate([np.linspace(0, 1, 101), ends.ravel()])
        inside = (ends[:, 0] <= shares[:, None]) & (shares[:, None] <= ends[:, 1])
        chances = stats.binom.pmf(np.arange(base + 1), base, shares[:, None])
        assert coverage(base, shares, 0.95, method) == pytest.approx(
            (chances * inside).sum(axis=1), abs=1e-12
        )


def test_coverage_of_a_million_takes_no_time() -> None:
    start = perf_counter()
    assert coverage(10**6, [0.5], 0.95) == pytest.approx(0.95, abs=0.001)
    assert perf_counter() - start < 2


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_outside_nothing_and_everything_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="true shares must lie between 0 and 1"):
        coverage(10, [share])
