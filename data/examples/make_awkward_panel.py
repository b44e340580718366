"""Draw the made-up respondents of awkward_panel.csv: python data/examples/make_awkward_panel.py.

The file is awkward on purpose, in ways met in real downloads: a `sep=` line, an old encoding, decimal commas,
codes with leading zeros, a region called NA, refusals as numbers, several answers in one cell, a space nobody
sees, a free text with line breaks, and a label that a spreadsheet would run.
"""

from pathlib import Path

import numpy as np

random = np.random.default_rng(2025)
ROWS = 140
BARRIERS = ("Water", "Transit", "Customs", "Trust", "=none of these")


def barriers() -> str:
    """Answers of one respondent to the choose-several question, in one cell."""
    chosen = [
        name for name, p in zip(BARRIERS[:4], (0.5, 0.35, 0.3, 0.25), strict=True) if random.random() < p
    ]
    if not chosen and random.random() < 0.6:
        chosen = [BARRIERS[4]]
    return " / ".join(chosen)


def row(number: int) -> str:
    """One respondent."""
    region = random.choice(["AL", "NA", "SU"], p=[0.5, 0.2, 0.3])
    weight = f"{random.uniform(0.4, 2.4):.2f}".replace(".", ",")
    rated = ["1", "2", "3", "4", "5", "98", "99", ""]
    prospects = random.choice(rated, p=[0.01, 0.14, 0.3, 0.3, 0.12, 0.05, 0.02, 0.06])
    border = random.choice(["Oui", "Oui\u00a0", "Non", "Ne sait pas", ""], p=[0.42, 0.1, 0.35, 0.08, 0.05])
    comment = random.choice(["", '"Déjà vu;\nencore"', "Coût élevé"], p=[0.8, 0.1, 0.1])
    return ";".join([f"{number:03d}", weight, region, prospects, barriers(), border, comment])


def main() -> None:
    """Write the file."""
    header = "Nr.;Gewicht;Region;F1 Prospects (1-5);F2 Barriers;F3 Open border?;Commentaire"
    lines = ["sep=;", header, *(row(number) for number in range(1, ROWS + 1))]
    Path(__file__).with_name("awkward_panel.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))


if __name__ == "__main__":
    main()
