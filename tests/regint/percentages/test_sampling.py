"""Uniform draws of count vectors."""

from collections import Counter

import pytest
from regint.percentages.counts import count_vectors, sample_count_vectors
from scipy.stats import chisquare


@pytest.mark.parametrize("total", ["closed", "open", "multiple"])
def test_draws_are_uniform_over_all_vectors(total):
    figures, base = ["46", "42", "12"], 313
    vectors = list(count_vectors(figures, base, total))
    seen = Counter(sample_count_vectors(figures, base, 300 * len(vectors), seed=5, total=total))
    assert set(seen) == set(vectors)
    assert chisquare([seen[vector] for vector in vectors]).pvalue > 1e-4


def test_the_seed_decides():
    draws = [sample_count_vectors(["10"] * 10, 10_000, 3, seed=seed) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    assert all(sum(vector) == 10_000 for vector in draws[0])


def test_nothing_to_draw():
    assert sample_count_vectors(["50", "50"], 2, 0, seed=1) == []
    for total in ("closed", "open", "multiple"):
        with pytest.raises(ValueError, match="nothing to draw"):
            sample_count_vectors(["43.5"], 30, 1, seed=1, total=total)
