import pandas as pd
import pytest
from regint.theory.tables import date_bounds
from textfiles.problems import Problem


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1999", "1999-01-01", "1999-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-06-16", "2025-06-16", "2025-06-16"),
    ],
)
def test_a_date_means_all_days_it_allows(text: str, first: str, last: str) -> None:
    assert date_bounds(text) == (pd.Timestamp(first), pd.Timestamp(last))


@pytest.mark.parametrize(
    "text", ["", "2025-13", "2025-02-30", "16.6.2025", "25", "2025-6", "20250616", " 2025"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Problem, match="for example 2025-06"):
        date_bounds(text)
