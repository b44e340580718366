"""Ask the package acro which cells of invented tables it hides: python tests/reference/disclosure.py.

acro is no dependency: install it in an environment of its own. Its thresholds are set to 5 people.
"""

import logging
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd


def main() -> None:
    """Draw the tables, ask and write."""
    from acro import ACRO

    logging.disable(logging.CRITICAL)
    session = ACRO(suppress=True)
    session.config |= {"safe_threshold": 5, "safe_dof_threshold": 5}
    random = np.random.default_rng(2021)
    rows = []
    for number in range(12):
        people = int(random.integers(60, 400))
        answers = random.choice(["yes", "no", "unsure"], people, p=random.dirichlet([3, 2, 1]))
        groups = random.choice(["north", "south", "east"], people, p=random.dirichlet([3, 2, 1]))
        frame = pd.DataFrame({"answer": answers, "region": groups})
        counts = pd.crosstab(frame["answer"], frame["region"])
        found = session.crosstab(frame["answer"], frame["region"])
        for answer in counts.index:
            for region in counts.columns:
                shown = bool(pd.notna(found.loc[answer, region]))
                rows.append((number, answer, region, counts.loc[answer, region], shown))
    target = Path(__file__).with_suffix(".csv")
    table = pd.DataFrame(rows, columns=["table", "answer", "region", "count", "shown"])
    target.write_text(f"# acro {version('acro')}\n{table.to_csv(index=False)}", encoding="utf-8")


if __name__ == "__main__":
    main()
