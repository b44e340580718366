"""Draw the sample of design_options.csv: python tests/reference/design_options.py."""

from pathlib import Path

import numpy as np
import pandas as pd


def main() -> None:
    """Draw and write."""
    random = np.random.default_rng(2003)
    rows, replicates = 150, 20
    strata = random.integers(0, 4, rows)
    strata[0] = 4  # a stratum with one respondent
    weights = np.round(random.uniform(0.3, 4.0, rows), 3)
    answers = random.choice(["yes", "no", "unsure", ""], rows, p=[0.4, 0.35, 0.15, 0.1])
    columns = {
        "stratum": [f"s{n}" for n in strata],
        "cluster": [f"c{n}" for n in strata * 10 + random.integers(0, 5, rows)],
        "people": np.array([130, 210, 95, 400, 7])[strata],
        "clusters": np.array([9, 14, 6, 30, 3])[strata],
        "w": weights,
        "answer": answers,
        "hours": random.integers(0, 60, rows),
        "sex": random.choice(["men", "women"], rows),
    }
    for number in range(1, replicates + 1):
        half = random.choice([0.5, 1.5], rows)
        columns[f"r{number:02d}"] = np.round(weights * half, 4)
    frame = pd.DataFrame(columns)
    frame.to_csv(Path(__file__).with_suffix(".csv"), index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
