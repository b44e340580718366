"""Time the exact statistics of printed figures beside the obvious brute force."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import ceil, floor
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd
from measured import keep
from regint.estimation.agreement import agreement, agreement_bounds
from regint.percentages.assignment import assign_bases
from regint.percentages.bases import base_likelihood
from regint.percentages.counts import admissible_bases, number_of_vectors
from regint.percentages.rounding import printed_units, written

FIGURES = "32 16 10 2 56 4 52 48 20 14 12 22 18 8 40 50 30 43.5 23.5 23 73.3 63.3 53.3 36.7 86.7".split()


def seconds(action: Callable[[], Any], repeats: int = 1) -> float:
    """Give the best of several timings."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return min(times)


def consistency() -> None:
    """Test every figure against every base from 1 to 1000."""
    for figure in FIGURES:
        admissible_bases([figure], range(1, 1001), "multiple")


def consistency_by_fractions() -> None:
    """Round the two nearest counts of every tenth base forward, in fractions."""
    for figure in FIGURES:
        printed, half = Fraction(figure), Fraction(1, 2 * 10 ** len(figure.partition(".")[2]))
        for base in range(1, 1001, 10):
            nearest = printed * base / 100
            any(abs(Fraction(100 * k, base) - printed) <= half for k in (floor(nearest), ceil(nearest)))


def ten_options() -> int:
    """Count the vectors of ten options printed 10 each."""
    return number_of_vectors(["10"] * 10, 10_000)


def five_by_listing() -> int:
    """Count by listing: half the options at a tenth of the base are slow already."""
    return sum(sum(counts) == 1000 for counts in product(range(195, 206), repeat=5))


def silence() -> None:
    """Bound agreement over all 10,626 completions."""
    agreement_bounds((0, 1, 5, 16, 8), 20)


def silence_by_listing() -> None:
    """Measure each completion."""
    known = np.array((0, 1, 5, 16, 8))
    for bars in combinations(range(24), 4):
        agreement(known + np.diff((-1, *bars, 24)) - 1)


def invented(bases: Sequence[int], options: int, decimals: int, seed: int) -> pd.DataFrame:
    """Print the answers to closed questions, each on a base, opinions any way alike."""
    generator, scale = np.random.default_rng(seed), 10**decimals
    rows = [
        (f"q{place}", "closed", written(printed_units(int(count), base, scale, "up")[0], scale))
        for place, base in enumerate(bases)
        for count in generator.multinomial(base, generator.dirichlet(np.ones(options)))
    ]
    return pd.DataFrame(rows, columns=["question", "total", "printed"])


def true_base_first() -> Iterator[str]:
    """Say in how many of 60 surveys of six whole-percent questions the true base is named for all."""
    found, attainable, missed = 0, 0.0, []
    drawn = np.arange(25, 96)
    for seed in range(60):
        base = int(np.random.default_rng(1000 + seed).choice(drawn))
        table = invented([base] * 6, 4, 0, seed)
        named = assign_bases(table, range(1, 301))["base"]
        found += bool((named == base).all())
        # Bases and opinions are drawn as the likelihood supposes, so this is the true probability of each.
        alone = [base_likelihood(own, drawn.tolist()) for _, own in table.groupby("question")["printed"]]
        logs = sum(one["log10_likelihood"].to_numpy() for one in alone)
        chances = 10 ** (logs - logs.max()) / (10 ** (logs - logs.max())).sum()
        attainable += chances.max()
        if (named != base).any():
            first, true = chances[named.mode()[0] - 25], chances[base - 25]
            missed.append(
                f"  base {base}: {named.mode()[0]} has the probability {first:.3f}, {base} {true:.3f}"
            )
    yield f"60 surveys of six whole-percent questions: the true base is named in {found} of 60"
    yield from missed
    yield f"  naming the most probable base is right in {attainable:.1f} on average, and no rule in more"


def main() -> None:
    """Print one line per task."""
    tasks: list[tuple[str, float, Callable[[], Any], Callable[[], Any], int, str]] = [
        (
            "25 figures x bases 1-1000: consistent?",
            0.02,
            consistency,
            consistency_by_fractions,
            10,
            "fractions (a tenth of the bases, times ten)",
        ),
        (
            "ten options at 10,000: how many vectors?",
            0.2,
            ten_options,
            five_by_listing,
            1,
            "listing 5 at 1,000",
        ),
        ("10,626 completions: agreement", 0.3, silence, silence_by_listing, 1, "a call per completion"),
    ]
    for task, target, ours_runs, brute_runs, part, against in tasks:
        ours, brute = seconds(ours_runs, 5), part * seconds(brute_runs)
        keep(task, ours * 1000, "ms", f"{target * 1000:.0f} ms", against, brute * 1000)
    twenty = np.random.default_rng(0).choice(np.arange(50, 1001), 20, replace=False).tolist()
    many = invented(twenty * 25, 5, 1, 0)
    start = process_time()
    right = int((assign_bases(many, range(1, 1001))["base"] == twenty * 25).sum())
    took = process_time() - start
    keep("500 questions on 20 bases up to 1,000, base by base", took, "s", "5 s")
    print(f"the true base is the one assigned in {right} of 500")
    print("\n".join(true_base_first()))


if __name__ == "__main__":
    main()
