"""Write the SPSS file that test_real_surveys reads back: python tests/reference/panel.py.

Answers are drawn with a fixed seed; the file carries value labels, question texts, user-missing codes (a
discrete one and a range), an ordinal measure, system-missing cells and a weight.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat


def main() -> None:
    """Draw and write."""
    random = np.random.default_rng(42)
    rows = 300
    trust = random.choice([1, 2, 3, 4, 5, 8, 9], rows, p=[0.1, 0.2, 0.3, 0.2, 0.1, 0.06, 0.04]).astype(float)
    border = random.choice([1, 2, 98, 99], rows, p=[0.55, 0.35, 0.06, 0.04]).astype(float)
    trust[random.random(rows) < 0.05] = np.nan
    frame = pd.DataFrame(
        {
            "id": np.arange(1, rows + 1, dtype=float),
            "trust": trust,
            "border": border,
            "region": random.choice(["north", "south", "Ош"], rows),
            "weight": np.round(random.uniform(0.4, 2.5, rows), 2),
        }
    )
    pyreadstat.write_sav(
        frame,
        Path(__file__).with_suffix(".sav"),
        file_label="A panel on neighbours",
        column_labels={
            "trust": "How far do you trust the neighbouring states?",
            "border": "Should the border be open?",
        },
        variable_value_labels={
            "trust": {
                1: "Not at all",
                2: "Little",
                3: "Partly",
                4: "Largely",
                5: "Fully",
                8: "Don't know",
                9: "Refused",
            },
            "border": {1: "Yes", 2: "No", 98: "Don't know", 99: "Refused"},
        },
        missing_ranges={"trust": [8, 9], "border": [{"lo": 90, "hi": 99}]},
        variable_measure={"trust": "ordinal", "border": "nominal"},
    )


if __name__ == "__main__":
    main()
