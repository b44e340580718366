import numpy as np
import pandas as pd
import pytest
from regint.display import tables as fmt


@pytest.mark.parametrize(
    ("value", "kind", "printed"),
    [
        (26, "count", "26"),
        (0.52, "share", "52%"),
        (0.2642, "share1", "26.4%"),
        ((0.385, 0.652), "interval", "39–65%"),
        ((0.5, 0.5), "interval", "50%"),
        ((-0.23, 0.79), "interval_decimal2", "−0.23 to 0.79"),
        ((25, 27), "range", "25–27"),
        (0.00001, "probability", "< 0.001"),
        (2025, "year", "2025"),
        (821.61, "effective_base", "effective base 821.6"),
        (True, "yesno", "yes"),
        ("a\nb", "text", "a b"),
        (None, "share", "–"),
        ((0.1, float("nan")), "interval", "–"),
        ("", "text", "–"),
    ],
)
def test_render(value: object, kind: str, printed: str) -> None:
    assert fmt.render(value, kind) == printed


@pytest.mark.parametrize("kind", sorted(fmt.FORMATS))
def test_every_format_prints_a_missing_value_as_a_dash(kind: str) -> None:
    assert fmt.render(pd.NA, kind) == "–"


def test_infer_reads_nullable_types() -> None:
    assert fmt.infer(pd.Series([1, None], dtype="Int64")) == "count"
    assert fmt.infer(pd.Series([0.1, None], dtype="Float64")) == "decimal2"
    assert fmt.infer(pd.Series([True, None], dtype="boolean")) == "yesno"


def test_raw_is_plain_json_and_unrounded() -> None:
    values = [
        np.int64(3),
        np.float64(0.123456789),
        np.bool_(True),
        (0.1, 0.2),
        pd.NA,
        pd.Timestamp("2025-07-01"),
    ]
    expected = [3, 0.123456789, True, [0.1, 0.2], None, "2025-07-01 00:00:00"]
    assert [fmt.raw(value) for value in values] == expected


def test_mixed_numbers_show_decimals_only_where_there_are_any() -> None:
    assert [fmt.render(value, "number") for value in (12.0, 11.187, None)] == ["12", "11.19", "–"]
    assert fmt.render((0.0, 0.235), "interval_number") == "0 to 0.24"
    assert fmt.render((8.0, 13.0), "interval_number") == "8 to 13"


def test_a_range_of_probabilities_never_begins_at_nought() -> None:
    assert fmt.render((0.0, 0.0015), "interval_probability") == "< 0.001 to 0.002"
    assert fmt.render((1.0, 1.0), "interval_probability") == "1.000"
