"""Counts and order of the agreements from the tables alone, in plain Python with fractions.

Written from the definitions in notebook 07 without its code or any package. Run from the project folder:
    python tests/reference/agreements.py > tests/reference/agreements.csv
"""

import csv
from fractions import Fraction
from itertools import combinations
from pathlib import Path

KINDS = {"treaty", "agreement", "protocol", "decision", "accession"}


def days(date: str) -> tuple[str, str]:
    """First and last day that a date can mean, as texts that sort."""
    return date + "-01-01"[len(date) - 4 :], date + "-12-31"[len(date) - 4 :]


def rows(name: str) -> list[dict[str, str]]:
    with Path(f"data/theory/{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def main() -> None:
    print("scope,statistic,of,value")
    signed = [
        row for row in rows("agreements") if row["kind"] in KINDS and row["signed"] and ";" in row["parties"]
    ]
    links, promised = [], []
    for claim in rows("paper_claims"):
        for link in zip(claim["from_sector"].split(";"), claim["to_sector"].split(";"), strict=True):
            if all(link) and "any" not in link and link not in links:
                links.append(link)
                promised += [link] if claim["effect"] == "promotes" else []
    one_way = [(a, b) for a, b in promised if (b, a) not in links]
    for scope in ("own", "any"):
        chosen = [row for row in signed if scope == "any" or not row["others"]]
        print(f"{scope},agreements,all,{len(chosen)}")
        sectors = sorted({sector for row in chosen for sector in row["sectors"].split(";")})
        members = {sector: [r for r in chosen if sector in r["sectors"].split(";")] for sector in sectors}
        for sector in sectors:
            for pair in combinations(("KAZ", "KGZ", "TJK", "TKM", "UZB"), 2):
                number = sum(set(pair) <= set(row["parties"].split(";")) for row in members[sector])
                print(f"{scope},count,{pair[0]}–{pair[1]} {sector},{number}")
        means = []
        for sender, receiver in links:
            score, pairs = Fraction(0), 0
            for one in members.get(sender, []):
                for other in members.get(receiver, []):
                    if one is not other:
                        pairs += 1
                        if days(one["signed"])[1] < days(other["signed"])[0]:
                            score += 1
                        elif days(other["signed"])[1] >= days(one["signed"])[0]:
                            score += Fraction(1, 2)
            if pairs:
                print(f"{scope},precedence,{sender} {receiver},{float(score / pairs):.12f}")
                means += [score / pairs] if (sender, receiver) in one_way else []
        print(f"{scope},mean_precedence,one way,{float(sum(means) / len(means)):.12f}")


if __name__ == "__main__":
    main()
