"""Hold the stated probabilities of bases against invented surveys whose bases are known.

`python benchmarks/calibration.py 100 200 lib/regint/percentages/calibration.csv` takes the surveys 100 to 199
of each kind and writes the table that the pages show. Those from 0 to 39 were looked at while the priors were
chosen; those from 100 on were not.
"""

import argparse
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from regint.percentages.posterior import ELSEWHERE, EVERY_KIND, base_probabilities
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


def error(right: pd.Series, stated: pd.Series, surveys: pd.Series) -> float:
    """Give the Monte-Carlo error of the share that is right, if what is stated is true."""
    # Statements of one survey go together, so the error is taken over surveys. Where all are right that finds
    # too little: it is never less than of as many statements that have nothing to do with each other.
    excess = (right - stated).groupby(surveys).sum()
    least = (stated * (1 - stated)).sum()
    return float(np.sqrt(max((excess**2).sum(), least))) / len(right)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Give, by kind and band of stated probability, how often statements and 95% sets are right."""
    rows = []
    for kind, own in [(EVERY_KIND, table), *table.groupby("kind", sort=False)]:
        cut = pd.cut(own["stated"], BANDS, include_lowest=True)
        bands = [(max(band.left, 0.0), band.right, part) for band, part in own.groupby(cut, observed=True)]
        for low, high, part in [(0.0, 1.0, own), *bands]:
            stated = part["stated"].mean()
            number = (len(part), part["survey"].nunique())
            off = error(part["right"], part["stated"], part["survey"])
            rows.append((kind, "base", low, high, *number, stated, part["right"].mean(), off))
        off = error(own["covered"], pd.Series(0.95, own.index), own["survey"])
        number = (len(own), own["survey"].nunique())
        rows.append((kind, "95% set", None, None, *number, 0.95, own["covered"].mean(), off))
    columns = ["kind", "statement", "low", "high", "statements", "surveys", "stated", "right", "error"]
    return pd.DataFrame(rows, columns=columns)


def main() -> None:
    """Print the table of calibration, and write it where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int, nargs="?", default=100, help="number of the first survey")
    parser.add_argument("last", type=int, nargs="?", default=105, help="number behind that of the last")
    parser.add_argument("file", type=Path, nargs="?", help="where the table is written")
    asked = parser.parse_args()
    first, last = asked.first, asked.last
    start = perf_counter()
    table = pd.DataFrame(
        [row for number in range(first, last) for kind in KINDS for row in statements(kind, number)]
    )
    found = summary(table).round(4)
    print(f"calibration of bases: surveys {first} to {last - 1} of each kind, {perf_counter() - start:.0f} s")
    apart = (found["right"] - found["stated"]).abs() > 3 * found["error"]
    apart &= (found["statement"] == "base") | (found["right"] < found["stated"])
    print(found.assign(apart=apart.map({True: "*", False: ""})).to_string(index=False, na_rep=""))
    assumed = table[(table["kind"] == "one base") & (table["figures"] >= 20)]
    named = (assumed["named"] & (assumed["stated"] >= 0.5)).groupby(assumed["survey"]).mean() > 0.5
    print(f"one base, 20 figures or more: a base is named in {named.mean():.0%} of {len(named)} surveys")
    if asked.file:
        asked.file.write_text(found.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


if __name__ == "__main__":
    main()
