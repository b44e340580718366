"""Hold the stated probabilities of bases against invented surveys whose bases are known.

`python benchmarks/calibration.py 40 80` takes the surveys 40 to 79 of each kind. Those from 0 to 39 were
looked at while the priors were chosen; those from 40 on were not. Of the statements on 40 to 59, by the
probability stated, were right: 0.67: 0.78 of 345; 0.89: 0.89 of 168; 0.975: 0.99 of 170; 0.998: 1.00 of 235.
The 95% sets held the truth in 0.992 of 1133.
"""

import sys
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from regint.percentages.posterior import ELSEWHERE, base_probabilities
from regint.percentages.rounding import printed_units

LIMIT = 106
KINDS = {
    "one base": "4 to 10 questions of 2 to 6 options, closed or choose-several, on one base of 20 to 100",
    "two bases": "the second half of the questions on another base",
    "a few silent": "0 to 3 people silent on each question, by the throw of a die",
    "above the limit": "one base of 300 to 1500",
    "gathered opinions": "opinions with Dirichlet parameter 0.3",
    "a misprint": "one figure changed by one, or by 2, 5 or 10",
    "cut off": "figures cut off and not rounded",
    "weighted": "shares behind which stand no whole counts",
}
BANDS = (0.0, 0.5, 0.8, 0.95, 0.99, 1.0)


def survey(kind: str, number: int) -> tuple[pd.DataFrame, list[Any]]:
    """Invent the figures of a survey, and give the true outcome of each question."""
    generator = np.random.default_rng([list(KINDS).index(kind), number])
    questions, base = int(generator.integers(4, 11)), int(generator.integers(20, 101))
    bases = [base] * questions
    if kind == "two bases":
        other = int(generator.integers(20, 101))
        bases = [base if place < questions // 2 else other for place in range(questions)]
    if kind == "a few silent":
        bases = [base - int(generator.integers(0, 4)) for _ in range(questions)]
    if kind == "above the limit":
        bases = [int(generator.integers(300, 1501))] * questions
    concentration = 0.3 if kind == "gathered opinions" else 1.0
    rule = "floor" if kind == "cut off" else "up"
    rows: list[tuple[str, str, int]] = []
    for place, size in enumerate(bases):
        options = int(generator.integers(2, 7))
        total = "closed" if generator.random() < 0.6 else "multiple"
        if total == "closed":
            shares = generator.dirichlet([concentration] * options)
            counts = generator.multinomial(size, shares)
        else:
            shares = generator.beta(concentration, concentration, options)
            counts = generator.binomial(size, shares)
        for share, count in zip(shares, counts, strict=True):
            units = printed_units(int(count), size, 1, rule)[0]
            if kind == "weighted":
                units = int(np.floor(100 * share + 0.5))
            rows.append((f"q{place}", total, units))
    if kind == "a misprint":
        place = int(generator.integers(len(rows)))
        near = generator.random() < 0.5
        step = int(generator.choice([-1, 1] if near else [-10, 10, -2, 2, -5, 5]))
        question, total, units = rows[place]
        rows[place] = (question, total, units + step if 0 <= units + step <= 100 else units - step)
    frame = pd.DataFrame(rows, columns=["question", "total", "printed"]).astype({"printed": str})
    return frame, [ELSEWHERE if kind == "weighted" or size > LIMIT else size for size in bases]


def statements(kind: str, number: int) -> list[dict[str, Any]]:
    """List what is stated of each question of a survey, and whether it is right."""
    figures, truth = survey(kind, number)
    found = base_probabilities(figures, range(1, LIMIT + 1)).questions
    rows = []
    for row, true in zip(found.itertuples(), truth, strict=True):
        stated = ELSEWHERE if pd.isna(row.base) else row.base
        rows.append(
            {
                "kind": kind,
                "survey": (kind, number),
                "figures": len(figures),
                "stated": row.probability,
                "right": stated == true,
                "covered": true in row.credible,
                "named": stated != ELSEWHERE,
            }
        )
    return rows


def summary(table: pd.DataFrame) -> dict[str, str]:
    """Put together one row: coverage, and per band of stated probability how often a statement is right."""
    cells = {"statements": str(len(table)), "95% sets": f"{table['covered'].mean():.3f}"}
    bands = pd.cut(table["stated"], BANDS, include_lowest=True)
    for band, own in table.groupby(bands, observed=False):
        if own.empty:
            cells[str(band)] = ""
            continue
        # Statements of one survey go together, so the error is taken over surveys.
        excess = (own["right"] - own["stated"]).groupby(own["survey"]).sum()
        error = max(float(np.sqrt((excess**2).sum())) / len(own), 0.5 / len(own))
        gap = own["right"].mean() - own["stated"].mean()
        mark = " *" if abs(gap) > 3 * error else ""
        cells[str(band)] = f"{own['stated'].mean():.3f} {own['right'].mean():.3f} of {len(own)}{mark}"
    return cells


def main() -> None:
    """Print the table of calibration."""
    first, last = map(int, sys.argv[1:3] or ("40", "80"))
    start = perf_counter()
    table = pd.DataFrame(
        [row for number in range(first, last) for kind in KINDS for row in statements(kind, number)]
    )
    rows = {"all": summary(table), **{kind: summary(own) for kind, own in table.groupby("kind", sort=False)}}
    print(f"calibration of bases: surveys {first} to {last - 1} of each kind, {perf_counter() - start:.0f} s")
    print("mean probability stated, share right, number; * more than three Monte-Carlo errors apart")
    print(pd.DataFrame(rows).T.to_string())
    assumed = table[(table["kind"] == "one base") & (table["figures"] >= 20)]
    named = (assumed["named"] & (assumed["stated"] >= 0.5)).groupby(assumed["survey"]).mean() > 0.5
    print(f"one base, 20 figures or more: a base is named in {named.mean():.0%} of {len(named)} surveys")


if __name__ == "__main__":
    main()
