"""What the study's pages say, held against values found another way."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom


def table(study: Path, name: str) -> pd.DataFrame:
    """A table or the data of a figure, as a reader downloads it."""
    (path,) = (study / "site").rglob(f"{name}.csv")
    return pd.read_csv(path)


class TestTheoriesAndExperts:
    """Notebook 08. The counts of 30 follow from the printed shares; the coding is data."""

    def test_shares_and_their_ends(self, study: Path) -> None:
        """Summed by hand from the 52 options with a count: 121 of 563 answers, 5 under both readings, 233."""
        support = table(study, "08_theories_and_experts-fig-support").set_index("name")
        leader = support.loc["Liberal intergovernmentalism", ["primary", "least", "most"]]
        assert leader.to_list() == pytest.approx([121 / 563, 5 / 563, 233 / 563], abs=1e-6)
        assert (support["least"] <= support["primary"]).all() and (
            support["primary"] <= support["most"]
        ).all()
        assert support["primary"].sum() == pytest.approx(1)

    def test_null_of_the_offer(self, study: Path) -> None:
        """The mean of the deals is exact: each option expects the mean count of its question."""
        null = table(study, "08_theories_and_experts-tbl-null").set_index("name")
        expected = {"Functionalism": 49.0, "Liberal intergovernmentalism": 117.5, "Postfunctionalism": 20.0}
        for name, value in expected.items():
            assert null.loc[name, "expected"] == pytest.approx(value, abs=0.3), name
        assert null.loc["Functionalism", "p"] == pytest.approx(0.32, abs=0.02)

    def test_sectors_against_the_first_rung(self, study: Path) -> None:
        """McNemar's p from the binomial tail, at the least overlap of 30 people and at the greatest."""
        rungs = table(study, "08_theories_and_experts-tbl-rungs")
        for answers, least, greatest in rungs.iloc[:, 1:4].itertuples(index=False):
            for both, found in ((min(answers, 10), least), (max(0, answers + 10 - 30), greatest)):
                apart = answers + 10 - 2 * both
                tail = binom.cdf(min(answers, 10) - both, apart, 0.5)
                assert found == pytest.approx(min(1, 2 * tail), abs=1e-9), answers
        steps = np.maximum.accumulate(np.sort(rungs.iloc[:, 3]) * np.arange(len(rungs), 0, -1)).clip(max=1)
        assert np.sort(rungs.iloc[:, 4]) == pytest.approx(steps)
        assert (rungs.iloc[:, 4] <= 0.05).sum() == 1
