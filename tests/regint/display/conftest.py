"""Frames that every drawing has to take."""

import pandas as pd
import pytest


@pytest.fixture(params=[0, 1, 2, 30], ids=lambda n: f"{n}-rows")
def shares(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Shares with intervals, none to thirty of them, one unknown."""
    n = request.param
    values = [round((7 * i % 10) / 10, 2) for i in range(n)]
    frame = pd.DataFrame(
        {"label": [f"Option {i}" for i in range(n)], "share": pd.Series(values, dtype=float)}
    )
    frame["lower"], frame["upper"] = (frame["share"] - 0.1).clip(0), (frame["share"] + 0.1).clip(upper=1)
    if n > 1:
        frame.loc[1, ["share", "lower", "upper"]] = None
    return frame
