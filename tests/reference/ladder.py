"""Codes, scores and the fit of the ladder from the table alone, in plain Python with fractions.

Written from the rule and the formulas in notebook 06 without its code or any package. The order of the
criteria is not sampled: over all orders of k criteria the errors of a grouping of total t average 2t(k-t)/k,
since each of its t met criteria falls behind place t with probability (k-t)/k and leaves a gap before it.
Run from the project folder: python tests/reference/ladder.py > tests/reference/ladder.csv
"""

import csv
from fractions import Fraction
from pathlib import Path

NEGATIVE = {"C01", "C02", "C03", "C07", "C08", "C09"}
BLOCKS = [range(1, 7), range(7, 10), range(10, 13), range(13, 15)]


def code(row: dict[str, str], ending: str) -> Fraction:
    depth, coverage = Fraction(row["depth" + ending]), Fraction(row["coverage" + ending])
    if depth == 1 and coverage >= (Fraction(8, 10) if row["criterion"] in NEGATIVE else Fraction(9, 10)):
        return Fraction(1)
    return Fraction(1, 2) if depth * coverage >= Fraction(1, 4) else Fraction(0)


def fit(rows: list[list[bool]]) -> dict[str, Fraction]:
    k, n = len(rows[0]), len(rows)
    errors = sum(met != (place < sum(row)) for row in rows for place, met in enumerate(row))
    shares = [Fraction(sum(row[place] for row in rows), n) for place in range(k)]
    cr, mmr = 1 - Fraction(errors, n * k), sum(max(s, 1 - s) for s in shares) / k
    any_order = 1 - sum(Fraction(2 * sum(row) * (k - sum(row)), k) for row in rows) / (n * k)
    return {"cr": cr, "mmr": mmr, "cs": (cr - mmr) / (1 - mmr), "any_order": any_order}


def main() -> None:
    with Path("data/theory/balassa_coding.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    groups = list(dict.fromkeys(row["group"] for row in rows))
    print("scope,statistic,of,value")
    for scope, ending in (("own", ""), ("any", "_any")):
        codes = {(row["group"], row["criterion"]): code(row, ending) for row in rows}
        for group in groups:
            means = [sum(codes[group, f"C{c:02d}"] for c in block) / len(block) for block in BLOCKS]
            print(f"{scope},score,{group},{float(25 * sum(means)):.12f}")
            print(f"{scope},codes,{group},{' '.join(str(codes[group, f'C{c:02d}']) for c in range(1, 15))}")
        met = {group: [codes[group, f"C{c:02d}"] == 1 for c in range(1, 15)] for group in groups}
        for name, kept in (("all", groups), ("without EU", [group for group in groups if group != "EU"])):
            for statistic, value in fit([met[group] for group in kept]).items():
                print(f"{scope},{statistic},{name},{float(value):.12f}")


if __name__ == "__main__":
    main()
