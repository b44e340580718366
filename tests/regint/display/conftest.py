"""Frames that every drawing has to take."""

import pandas as pd
import pytest

HOSTILE = [
    "<script>alert(1)</script>",
    "$\\frac{$ and $10k-$20k",
    "_leading underscore",
    "__",
    "مرحبا بالعالم العربي",
    "中文 很长的标签",
    "🙂 emoji",
    "a\u202eb\x00c",
    "x" * 200,
    "]]> --> </svg>",
    "",
    "many words " * 30,
]


@pytest.fixture
def hostile() -> list[str]:
    """Labels that break careless drawings."""
    return HOSTILE


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
