"""Intervals against R and at the edges of the scale."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from regint.estimation.intervals import design_interval, wilson_interval
from scipy import stats

REFERENCE = Path(__file__).parents[2] / "reference"


def read(name):
    with (REFERENCE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_reference_interval():
    """Hmisc too, but for 1 and n - 1, where a Poisson approximation replaces Wilson's outer end."""
    rows = [row for row in read("intervals.csv") if row["method"].startswith("wilson")]
    assert {row["method"] for row in rows} == {"wilson", "wilson_hmisc"}
    for row in rows:
        count, base = int(row["count"]), int(row["base"])
        if row["method"] == "wilson_hmisc" and count in (1, base - 1):
            continue
        ends = wilson_interval(count, count, base, float(row["confidence"]))
        assert ends == pytest.approx((float(row["lower"]), float(row["upper"])), abs=1e-9), row


def test_a_design_of_equal_weights_comes_close():
    """The survey package uses t quantiles, so its intervals are a little wider than the binomial ones."""
    lower, upper = wilson_interval(26, 26, 50)
    for row in read("survey_intervals.csv"):
        assert abs(float(row["lower"]) - lower) < 0.015 and abs(float(row["upper"]) - upper) < 0.015


@given(st.integers(1, 400), st.data(), st.floats(0.5, 0.999))
def test_the_share_lies_inside_and_the_mirror_image_mirrors(base, data, confidence):
    count = data.draw(st.integers(0, base))
    lower, upper = wilson_interval(count, count, base, confidence)
    assert 0 <= lower <= count / base + 1e-12 and count / base - 1e-12 <= upper <= 1
    assert (lower == 0) == (count == 0) and (upper == 1) == (count == base)
    mirrored = wilson_interval(base - count, base - count, base, confidence)
    assert (1 - upper, 1 - lower) == pytest.approx(mirrored, abs=1e-9)


def test_the_ends_of_nobody_and_of_everybody_are_exact():
    ends = {(wilson_interval(0, 0, base)[0], wilson_interval(base, base, base)[1]) for base in range(1, 100)}
    assert ends == {(0.0, 1.0)}


def test_it_spans_the_intervals_of_every_count_that_is_allowed():
    ends = [wilson_interval(count, count, 1000) for count in range(495, 506)]
    assert wilson_interval(495, 505, 1000) == (min(e[0] for e in ends), max(e[1] for e in ends))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 0, 0), "no part of a base of 0"),
        ((31, 31, 30), "from 31 to 31 are no part of a base of 30"),
        ((-1, 3, 30), "no part"),
        ((4, 3, 30), "no part"),
        ((1, 1, 30, 1.0), "strictly between 0 and 1"),
        ((1, 1, 30, 95), "strictly between 0 and 1"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        wilson_interval(*arguments)
    if len(arguments) == 4:
        with pytest.raises(ValueError, match=message):
            design_interval([0.5], [0.1], [9], [10], [10], arguments[3])


def test_the_design_interval_is_wilsons_on_the_effective_base_of_korn_and_graubard() -> None:
    for p, s, d, n in ((0.2, 0.09, 7, 40), (0.7, 0.05, 3, 60), (0.05, 0.04, 30, 41)):
        size = p * (1 - p) / s**2 * (stats.t.ppf(0.95, n - 1) / stats.t.ppf(0.95, d)) ** 2
        z = stats.norm.ppf(0.95)
        # Wilson's ends solve (x - p)^2 = z^2 x (1 - x) / size.
        roots = np.roots([1 + z**2 / size, -2 * p - z**2 / size, p**2])
        found = design_interval(p, s, d, n, 10, confidence=0.9)
        np.testing.assert_allclose([float(end) for end in found], sorted(roots), rtol=1e-9)


def test_the_base_of_a_rare_share_is_that_of_svyciprop_and_never_more_than_the_people() -> None:
    """R's method "beta" tells the base, by which one person of a small weight gives a sure 100%."""
    lines = (REFERENCE / "rare_shares.csv").read_text(encoding="utf-8").splitlines()[1:]
    limited = 0
    for row in csv.DictReader(lines):
        p, s, d, n = (float(row[name]) for name in ("share", "error", "degrees", "base"))
        ends = design_interval(p, s, d, n, n)
        size = stats.norm.ppf(0.975) ** 2 * ends[1] * (1 - ends[1]) / (p - ends[1]) ** 2
        found = stats.beta.ppf([0.025, 0.975], [size * p, size * p + 1], [size * (1 - p) + 1, size * (1 - p)])
        assert found == pytest.approx([float(row[f"limited_{end}"]) for end in ("lower", "upper")], abs=1e-8)
        limited += row["upper"] != row["limited_upper"]
    assert limited == 16
    assert design_interval(1 - 0.0004, 0.0004, 79, 80, 80)[0] < 0.96


def test_the_design_interval_of_nobody_and_everybody_rests_on_kishs_base() -> None:
    lower, upper = design_interval([0, 1, 0, 1, 0.5, 0.5], [0, 0, 0.1, 0.1, 0, 0.1], 20, 40, 16)
    z = stats.norm.ppf(0.975)
    rest = z**2 / (16 + z**2)
    np.testing.assert_allclose(lower[:2], [0, 1 - rest], rtol=1e-9)
    np.testing.assert_allclose(upper[:2], [rest, 1], rtol=1e-9)
    # Nobody with an error, everybody with an error, and half of all without one are contradictions.
    assert np.isnan(lower[2:5]).all() and np.isnan(upper[2:5]).all() and lower[5] < 0.5 < upper[5]
    assert np.isnan(design_interval(0.5, 0.1, 0, 40, 16)[0]) and np.isnan(design_interval(0, 0, 20, 40, 0)[1])
