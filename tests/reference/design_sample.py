"""Draw the sample of design_sample.csv: python tests/reference/design_sample.py."""

from pathlib import Path

import numpy as np
import pandas as pd


def main() -> None:
    """Draw and write."""
    random = np.random.default_rng(1996)
    rows = 160
    strata = random.integers(0, 4, rows)
    clusters = strata * 10 + random.integers(0, 5, rows)
    answers = random.choice(["1", "2", "3", "9", ""], rows, p=[0.4, 0.25, 0.15, 0.08, 0.12])
    frame = pd.DataFrame(
        {
            "stratum": [f"s{n}" for n in strata],
            "cluster": [f"c{n}" for n in clusters],
            "w": np.round(random.uniform(0.3, 4.0, rows), 3),
            "answer": answers,
        }
    )
    frame.to_csv(Path(__file__).with_suffix(".csv"), index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
