"""Intervals against R and at the edges of the scale."""

import csv
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation.intervals import METHODS, coverage, interval_envelope, proportion_interval
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
